"""Frames over real workspaces, on SQLite and on PostgreSQL: types, values, empties."""

from __future__ import annotations

import inspect
import re
from collections.abc import Callable
from contextlib import chdir
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from store_values import (
    AT,
    fetch_page,
    hours,
    keep_articles,
    make_article,
    make_run,
    make_story,
    rejected,
)

from alliance_nlp import frames
from alliance_nlp.core.errors import ConfigError, WorkspaceError
from alliance_nlp.core.types import (
    Candidate,
    Contribution,
    Decision,
    Label,
    Mention,
    Novelty,
    Outcome,
    Proposal,
    Reason,
    Relevance,
    Stage,
    StageCount,
    Topic,
    TopicLabel,
    Verdict,
    Visit,
)
from alliance_nlp.store import (
    Connection,
    Database,
    append_decision,
    mark_withdrawn,
    save_article,
    save_candidates,
    save_ledger,
    save_mentions,
    save_problems,
    save_stories,
    save_topics,
    save_visits,
)
from alliance_nlp.workspace import Workspace, make_workspace

MakeUrl = Callable[..., str]
NAMES = sorted(frames.__all__)
# As the docstrings state them, one a line below "pandas.DataFrame".
_STATED = re.compile(r"^ {4}(\w+) : ([\w, \[\]]*?\]|\w+)", re.M)


@pytest.fixture
def workspace(tmp_path: Path, database_url: str) -> Workspace:
    """A workspace whose results are in a fresh database."""
    return _workspace(tmp_path, database_url)


def _workspace(folder: Path, url: str) -> Workspace:
    return make_workspace(folder / "desk", config=f'[store]\nurl = "{url}"\n')


@pytest.fixture(scope="module")
def bare(tmp_path_factory: pytest.TempPathFactory, make_database_url: MakeUrl) -> Workspace:
    """A workspace without any result."""
    return _workspace(tmp_path_factory.mktemp("bare"), make_database_url(migrated=True))


@pytest.fixture(scope="module")
def filled(tmp_path_factory: pytest.TempPathFactory, make_database_url: MakeUrl) -> Workspace:
    """A workspace with something in every table that a frame reads."""
    url = make_database_url(migrated=True)
    with Database.open(url) as database, database.write() as tx:
        _fill(tx)
    return _workspace(tmp_path_factory.mktemp("filled"), url)


def _read(name: str, workspace: Workspace) -> pd.DataFrame:
    table: pd.DataFrame = getattr(frames, name)(workspace)
    return table


def _fill(tx: Connection) -> None:
    """Save something in every table that a frame reads."""
    run_id = make_run(tx)
    fetch_page(tx, run_id)
    keep_articles(tx, "a", "b")
    save_mentions(
        tx,
        ["a"],
        [Mention(article_id="a", start=6, end=14, label=Label.SHIP, entity_id="x", how="name")],
    )
    topic = Topic(article_id="a", label=TopicLabel.TRADE, score=0.75, holds=True, model_id="m")
    bearing = Relevance(article_id="a", score=0.5, relevant=False, model_id="m")
    save_topics(tx, ["a"], topics=[topic], bearing=[bearing])
    save_stories(tx, [make_story("s", "b", "a", novelty=Novelty.FOLLOW_UP)])
    save_candidates(tx, run_id, [_candidate("s")])
    append_decision(
        tx,
        Decision(subject="s", verdict=Verdict.LATER, reviewer="ann", decided_at=AT, note="wait"),
    )
    save_visits(tx, [Visit(source_id="gazette", run_id=run_id, at=AT, outcome=Outcome.NEW)])
    save_problems(tx, run_id, [rejected(Reason.WALL)])
    save_ledger(tx, run_id, [_count(Stage.TAG), _count(Stage.COLLECT)])


def _candidate(story_id: str, *, rank: int = 1) -> Candidate:
    reasons = (
        Contribution(feature="bias", value=1.0, contribution=-5.0),
        Contribution(feature="outlets", value=2.0, contribution=4.75),
    )
    return Candidate(story_id=story_id, rank=rank, score=0.44, logit=-0.25, reasons=reasons)


def _count(stage: Stage) -> StageCount:
    return StageCount(stage=stage, n_in=3, n_out=1, n_rejected=1, n_failed=1, seconds=0.5)


def _stated(name: str) -> dict[str, str]:
    """Return the columns' types as the docstring states them."""
    return dict(_STATED.findall(inspect.cleandoc(getattr(frames, name).__doc__)))


@pytest.mark.parametrize("name", NAMES)
def test_columns_have_their_stated_types_when_there_are_rows(name: str, filled: Workspace) -> None:
    table = _read(name, filled)
    assert len(table) > 0
    assert {column: str(kind) for column, kind in table.dtypes.items()} == _stated(name)


@pytest.mark.parametrize("name", NAMES)
def test_columns_have_their_stated_types_when_there_is_no_row(name: str, bare: Workspace) -> None:
    table = _read(name, bare)
    assert len(table) == 0
    assert {column: str(kind) for column, kind in table.dtypes.items()} == _stated(name)


@pytest.mark.parametrize(
    ("name", "column", "values"),
    [
        ("mentions", "label", Label),
        ("topics", "label", TopicLabel),
        ("stories", "novelty", Novelty),
        ("decisions", "verdict", Verdict),
        ("ledger", "stage", Stage),
        ("visits", "outcome", Outcome),
    ],
)
def test_closed_lists_are_whole_and_in_order_in_an_empty_frame(
    name: str, column: str, values: Any, bare: Workspace
) -> None:
    assert list(_read(name, bare)[column].cat.categories) == [v.value for v in values]


def test_decision_says_what_had_been_proposed(workspace: Workspace, database: Database) -> None:
    proposal = Proposal(
        rank=3, score=0.5, novelty=Novelty.REPEAT, topics=(TopicLabel.TRADE,), models=("m",)
    )
    retopic = Decision(
        subject="s", verdict=Verdict.RETOPIC, reviewer="ann", decided_at=AT,
        topics=(TopicLabel.ENERGY,), proposal=proposal,
    )  # fmt: skip
    undo = Decision(subject="s", verdict=Verdict.UNDO, reviewer="ann", decided_at=AT, undoes=1)
    with database.write() as tx:
        append_decision(tx, retopic)
        append_decision(tx, undo)
    first, second = frames.decisions(workspace).to_dict("records")
    assert (first["topics"], first["proposed_topics"]) == (("energy",), ("trade",))
    assert (first["proposed_rank"], first["proposed_novelty"]) == (3, "repeat")
    assert first["proposed_models"] == ("m",)
    assert pd.isna(first["undoes"])
    assert (second["undoes"], second["topics"]) == (1, ())
    assert pd.isna(second["proposed_rank"])


def test_article_says_what_was_saved(workspace: Workspace, database: Database) -> None:
    article = make_article("a")
    with database.write() as tx:
        fetch_id = fetch_page(tx, make_run(tx))
        save_article(tx, article, fetch_id=fetch_id, fetched_at=hours(2))
        mark_withdrawn(tx, article.url, at=hours(9), why="gone")
    [row] = frames.articles(workspace).to_dict("records")
    assert row["authors"] == ("A. Writer", "B. Writer")
    assert row["flags"] == ("paywalled",)
    assert row["text"] == article.text
    assert row["published_at"] == AT
    assert row["published_on"].date() == date(2024, 4, 14)
    assert row["fetched_at"] == hours(2)
    assert row["is_current"] is True
    assert (row["withdrawn_at"], row["withdrawn_why"]) == (hours(9), "gone")
    assert pd.isna(row["superseded_by"])


def test_undated_article_is_dated_by_its_fetch(workspace: Workspace, database: Database) -> None:
    with database.write() as tx:
        fetch_id = fetch_page(tx, make_run(tx))
        undated = make_article("a", published=None)
        save_article(tx, undated, fetch_id=fetch_id, fetched_at=hours(3))
    [row] = frames.articles(workspace).to_dict("records")
    assert row["published_at"] is pd.NaT
    assert row["dated_at"] == hours(3)


def test_articles_of_a_window_are_those_dated_in_it(
    workspace: Workspace, database: Database
) -> None:
    with database.write() as tx:
        fetch_id = fetch_page(tx, make_run(tx))
        for n in range(4):
            article = make_article(f"a{n}", published=None)
            save_article(tx, article, fetch_id=fetch_id, fetched_at=hours(n))
    table = frames.articles(workspace, since=hours(1), until=hours(2).replace(tzinfo=None))
    assert list(table["id"]) == ["a1", "a2"]


def test_articles_leave_their_texts_out_when_asked(
    workspace: Workspace, database: Database
) -> None:
    with database.write() as tx:
        keep_articles(tx, "a")
    whole, slim = frames.articles(workspace), frames.articles(workspace, with_text=False)
    assert list(slim.columns) == [name for name in whole.columns if name != "text"]


def test_surface_counts_code_points_when_the_text_is_not_ascii(
    workspace: Workspace, database: Database
) -> None:
    text = "𠮷野家🚢「いずも」が横須賀を出港した。"
    start = text.index("いずも")
    with database.write() as tx:
        fetch_id = fetch_page(tx, make_run(tx))
        save_article(tx, make_article("a", text=text), fetch_id=fetch_id, fetched_at=AT)
        ship = Mention(
            article_id="a", start=start, end=start + 3, label=Label.SHIP, entity_id="", how="name"
        )
        save_mentions(tx, ["a"], [ship])
    [row] = frames.mentions(workspace).to_dict("records")
    assert (row["surface"], row["start"], row["end"]) == ("いずも", start, start + 3)


def test_stories_carry_their_members_in_order(workspace: Workspace, database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b", "c")
        save_stories(tx, [make_story("s", "c", "a"), make_story("t", "b", last_at=hours(-1))])
    table = frames.stories(workspace)
    assert list(table["id"]) == ["t", "s"]
    assert list(table["article_ids"]) == [("b",), ("c", "a")]
    assert list(table["n_articles"]) == [1, 2]
    held = frames.members(workspace)
    assert list(held["article_id"]) == ["c", "a", "b"]
    assert list(held["position"]) == [0, 1, 0]


def test_story_that_lost_all_articles_is_left_out(workspace: Workspace, database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        save_stories(tx, [make_story("one", "a"), make_story("two", "b")])
        save_stories(tx, [make_story("two", "a", "b")])
    assert list(frames.stories(workspace)["id"]) == ["two"]


def test_reasons_sum_to_the_logit_of_their_candidate(filled: Workspace) -> None:
    [candidate] = frames.candidates(filled).to_dict("records")
    reasons = frames.reasons(filled)
    assert list(reasons["feature"]) == ["bias", "outlets"]
    assert reasons["contribution"].sum() == candidate["logit"]
    assert candidate["reasons"] == (("bias", 1.0, -5.0), ("outlets", 2.0, 4.75))


def test_candidates_are_of_the_newest_ranking_unless_all_are_asked_for(
    workspace: Workspace, database: Database
) -> None:
    with database.write() as tx:
        keep_articles(tx, "a", "b")
        save_stories(tx, [make_story("s", "a"), make_story("t", "b")])
        first, second = make_run(tx), make_run(tx)
        save_candidates(tx, first, [_candidate("s")])
        save_candidates(tx, second, [_candidate("s", rank=2), _candidate("t")])
    assert list(frames.candidates(workspace)["story_id"]) == ["t", "s"]
    both = frames.candidates(workspace, all_runs=True)
    assert list(both["run_id"]) == [first, second, second]
    assert len(frames.reasons(workspace, all_runs=True)) == 6


def test_ledger_is_in_the_order_of_the_stages(workspace: Workspace, database: Database) -> None:
    with database.write() as tx:
        save_ledger(
            tx, make_run(tx), [_count(Stage.TAG), _count(Stage.RANK), _count(Stage.COLLECT)]
        )
    assert list(frames.ledger(workspace)["stage"]) == ["collect", "tag", "rank"]


def test_every_visit_is_there_when_runs_are_many(workspace: Workspace, database: Database) -> None:
    with database.write() as tx:
        made = [make_run(tx) for _ in range(100)]
        save_visits(tx, [Visit(source_id="s", run_id=i, at=AT, outcome=Outcome.NEW) for i in made])
    assert list(frames.visits(workspace)["run_id"]) == made


def test_runs_that_are_not_over_have_no_end(workspace: Workspace, database: Database) -> None:
    with database.write() as tx:
        make_run(tx, at=datetime(2024, 4, 15, tzinfo=UTC))
    [run] = frames.runs(workspace).to_dict("records")
    assert (run["state"], run["finished_at"]) == ("running", pd.NaT)


def test_workspace_is_named_by_path_text_value_or_folder(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "desk", config="")
    with Database.open(workspace.database_url) as database, database.write() as tx:
        keep_articles(tx, "a")
    inside = workspace.root / "data"
    for place in (workspace, workspace.root, str(workspace.root)):
        assert list(frames.articles(place)["id"]) == ["a"]
    with chdir(inside):
        assert list(frames.articles()["id"]) == ["a"]


def test_folder_that_is_no_workspace_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WorkspaceError, match="is no workspace"):
        frames.topics(tmp_path)


def test_wrong_settings_are_refused(tmp_path: Path) -> None:
    workspace = make_workspace(tmp_path / "desk", config="[stroe]\n")
    with pytest.raises(ConfigError, match="stroe"):
        frames.topics(workspace)
