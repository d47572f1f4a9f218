from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from alliance_nlp.pipeline.backfilling import Plan
from tests.archives import ELSEWHERE, make_models, news, record, response, write_archive
from tests.e2e.backfill.backfills import N_OTHER, N_RELEVANT, Models, make_plan
from tests.e2e.backfill.clusters import Cluster


@pytest.fixture(scope="session")
def models(make_once: Callable[[str, Callable[[Path], None]], Path]) -> Models:
    """Return a folder with models, and the ids of the chain's and of its prefilter."""

    def fill(folder: Path) -> None:
        (folder / "ids").write_text(" ".join(make_models(folder)), encoding="ascii")

    folder = make_once("backfill-models", fill)
    model_id, prefilter_id = (folder / "ids").read_text(encoding="ascii").split()
    return folder, model_id, prefilter_id


@pytest.fixture
def plan(tmp_path: Path, models: Models) -> Plan:
    return make_plan(tmp_path / "found", models)


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    records = [news(str(n)) for n in range(N_RELEVANT)]
    records += [news(f"x{n}", ELSEWHERE) for n in range(N_OTHER)]
    records += [record("https://outlet.example/robots", b"GET / HTTP/1.1\r\n\r\n", kind="request")]
    records += [record("https://outlet.example/gone", response(b"x" * 400, status="404 No"))]
    return write_archive(tmp_path / "news.warc.gz", records)


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    found = Cluster(tmp_path)
    try:
        yield found
    finally:
        found.stop()
