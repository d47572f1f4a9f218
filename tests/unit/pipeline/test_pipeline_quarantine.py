"""What waits in quarantine, by its address, and how it is let out."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

import pytest

from alliance_nlp.config import Settings
from alliance_nlp.core.errors import ConfigError, WorkspaceError
from alliance_nlp.core.types import ArchiveRef, Article, Page, Reason, Rejected, Role, Stage
from alliance_nlp.pipeline.night import open_database
from alliance_nlp.pipeline.quarantine import Held, held_items, release
from alliance_nlp.store import mark_step, save_article, save_fetch, start_run
from alliance_nlp.workspace import Workspace

AT = datetime(2026, 3, 1, 6, tzinfo=UTC)
SETTINGS = Settings()
PAGE = Page(
    source_id="harbor",
    role=Role.ARTICLE,
    asked_url="https://harbor.example/huge",
    url="https://harbor.example/huge",
    status=200,
    headers=(),
    body=b"<p>",
    fetched_at=AT,
)
ARTICLE = Article(
    id="a" * 32,
    source_id="harbor",
    url="https://harbor.example/odd",
    title="Odd",
    text="Words that no tagger has ever seen.",
)


def fault(stage: Stage, subject: str, *, failed: bool = True) -> Rejected:
    reason, detail = Reason.TIME_LIMIT, "it took more than 20 s"
    return Rejected(stage=stage, subject_id=subject, reason=reason, detail=detail, failed=failed)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """One page that extraction failed on, one article that tagging failed on, one refused."""
    (tmp_path / "data").mkdir()
    workspace = Workspace(tmp_path)
    ref = ArchiveRef(file="a.warc.gz", offset=0, length=10, sha256="ab" * 32)
    with open_database(workspace, SETTINGS) as database, database.write() as tx:
        run_id = start_run(tx, command="nightly", as_of=AT, at=AT)
        fetch_id = save_fetch(tx, PAGE, ref, run_id=run_id, payload_sha256="p", lead_key=None)
        save_article(tx, ARTICLE, fetch_id=fetch_id, fetched_at=AT)
        page = f"fetch:{fetch_id}"
        mark_step(tx, "extract", [(page, fault(Stage.EXTRACT, page))], version="1")
        mark_step(tx, "tag", [(ARTICLE.id, fault(Stage.TAG, ARTICLE.id))], version="1")
        judged = fault(Stage.CLASSIFY, ARTICLE.id, failed=False)
        mark_step(tx, "classify", [(ARTICLE.id, judged)], version="1")
    return workspace


def held(workspace: Workspace, *, stage: str | None = None) -> list[Held]:
    with open_database(workspace, SETTINGS) as database, database.read() as tx:
        return held_items(tx, stage=stage)


def subjects(items: Iterable[Held]) -> list[tuple[str, str]]:
    return [(item.stage, item.subject) for item in items]


def test_failures_are_listed_by_address_and_judgements_are_not(workspace: Workspace) -> None:
    assert subjects(held(workspace)) == [("extract", PAGE.url), ("tag", ARTICLE.url)]


def test_an_item_says_why_it_is_held(workspace: Workspace) -> None:
    first = held(workspace)[0]
    assert (first.reason, first.detail) == ("time-limit", "it took more than 20 s")


def test_a_stage_alone_can_be_listed(workspace: Workspace) -> None:
    assert subjects(held(workspace, stage="tag")) == [("tag", ARTICLE.url)]


def test_release_lets_all_out_and_counts_them(workspace: Workspace) -> None:
    assert release(workspace, SETTINGS) == 2
    assert held(workspace) == []
    assert release(workspace, SETTINGS) == 0


def test_release_of_a_stage_leaves_the_others(workspace: Workspace) -> None:
    assert release(workspace, SETTINGS, stage="extract") == 1
    assert subjects(held(workspace)) == [("tag", ARTICLE.url)]


@pytest.mark.parametrize("stage", ["fold", "", "EXTRACT"])
def test_a_stage_that_holds_nothing_back_is_refused(workspace: Workspace, stage: str) -> None:
    with pytest.raises(ConfigError, match="none of extract, tag, classify"):
        held(workspace, stage=stage)
    with pytest.raises(ConfigError, match="none of extract, tag, classify"):
        release(workspace, SETTINGS, stage=stage)


def test_release_waits_for_no_run_that_is_under_way(workspace: Workspace) -> None:
    with workspace.lock("nightly"), pytest.raises(WorkspaceError, match="another run holds"):
        release(workspace, SETTINGS)
