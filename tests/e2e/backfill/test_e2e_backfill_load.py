from __future__ import annotations

from pathlib import Path

import pytest

from alliance_nlp.artifacts import load_model
from alliance_nlp.config import load_settings
from alliance_nlp.pipeline.backfilling import (
    Plan,
    done_tasks,
    load_results,
    read_articles,
    run_backfill,
)
from alliance_nlp.pipeline.night import night, open_database
from alliance_nlp.pipeline.rebuilding import rebuild
from alliance_nlp.store import read_articles as stored_articles
from alliance_nlp.workspace import Workspace, make_workspace
from tests.archives import tasks_of
from tests.e2e.backfill.backfills import N_RELEVANT, card


@pytest.fixture
def space(tmp_path: Path, database_url: str) -> Workspace:
    return make_workspace(tmp_path / "space", config=f'[store]\nurl = "{database_url}"\n')


def load(space: Workspace, plan: Plan, archive: Path) -> tuple[int, int]:
    tasks = tasks_of(plan, archive)
    run_backfill(tasks, prefilter=card(plan))
    with night(
        space,
        load_settings(space.config_file),
        command="backfill",
        load_model=lambda: (None, plan.model_id),
    ) as under_way:
        loaded = load_results(under_way, tasks, output=plan.output)
    return loaded.n_new, loaded.n_known


def found(plan: Plan, archive: Path) -> dict[str, str]:
    rows = read_articles(plan.output, done_tasks(plan.output, tasks_of(plan, archive)))
    return {row["id"]: row["text"] for row in rows}


def stored(space: Workspace, ids: list[str]) -> dict[str, str]:
    settings = load_settings(space.config_file)
    with open_database(space, settings) as database, database.read() as tx:
        return {i: article.text for i, article in stored_articles(tx, sorted(ids)).items()}


def test_load_puts_each_article_into_the_store_once(
    space: Workspace, plan: Plan, archive: Path
) -> None:
    assert load(space, plan, archive) == (N_RELEVANT, 0)
    size = sum(path.stat().st_size for path in space.raw.rglob("*.warc.gz"))
    assert load(space, plan, archive) == (0, N_RELEVANT)
    assert sum(path.stat().st_size for path in space.raw.rglob("*.warc.gz")) == size
    wanted = found(plan, archive)
    assert stored(space, list(wanted)) == wanted


@pytest.mark.long
def test_rebuild_keeps_what_was_loaded(space: Workspace, plan: Plan, archive: Path) -> None:
    load(space, plan, archive)
    rebuild(
        space,
        load_settings(space.config_file),
        load_model=lambda: (load_model(plan.models, plan.model_id)[0], plan.model_id),
    )
    wanted = found(plan, archive)
    assert stored(space, list(wanted)) == wanted
