"""An issue from the command line: checked, overridden, moved, published, compared, warned of."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from alliance_nlp.core.types import Issue, IssueItem, Sentence, SentenceSource
from alliance_nlp.pipeline.issuing import save_version
from alliance_nlp.store import Database, mark_withdrawn, read_frozen
from alliance_nlp.workspace import Workspace
from tests.contract.store_values import keep_article, make_article
from tests.e2e.in_process import invoke

TEXT = "The yard at Sasebo will repair 12 ships a year.\nThe mayor asked for a road."
ARTICLE = make_article("docks", text=TEXT)
SOURCE = SentenceSource(article_id="docks", start=0, end=TEXT.index("\n"))
WRONG = "The yard at Sasebo will repair 400 ships a year."


def _issue(text: str) -> Issue:
    sentences = (Sentence(text=text, sources=(SOURCE,)),)
    item = IssueItem(
        headline="Yard at Sasebo will repair ships", headline_article_id="docks",
        sentences=sentences,
    )  # fmt: skip
    on = date(2024, 4, 14)
    return Issue(volume=3, number=7, title="Digest", published_on=on, items=(item,))


@pytest.fixture
def desk(tmp_path: Path) -> Path:
    root = tmp_path / "desk"
    assert invoke("init", root).code == 0
    with Database.open(Workspace(root).database_url) as database:
        with database.write() as tx:
            keep_article(tx, ARTICLE)
        save_version(database, _issue(WRONG), editor="kano", why="first words")
    return root


def test_flag_stands_until_it_is_overridden_with_a_reason(desk: Path) -> None:
    flagged = invoke("digest", "check", "3.7", "--json", "-w", desk)
    assert flagged.code == 1
    assert [(one["item"], one["sentence"], one["flags"]) for one in flagged.json] == [
        (1, 1, ["number: 400"])
    ]
    refused = invoke("digest", "publish", "3.7", "-w", desk)
    assert refused.code == 1
    assert "number: 400" in refused.err
    told = ("--reason", "told by phone", "--editor", "ibe", "-w", desk)
    assert invoke("digest", "override", "3.7", "1", "1", *told).code == 0
    passed = invoke("digest", "check", "3.7", "--json", "-w", desk)
    assert passed.code == 0
    assert passed.json[0]["overridden_by"] == "ibe"
    assert invoke("digest", "publish", "3.7", "-w", desk).code == 0
    with Database.open(Workspace(desk).database_url) as database, database.read() as tx:
        assert read_frozen(tx, "vol-3.7") is not None


@pytest.mark.parametrize("place", [("2", "1"), ("1", "2"), ("1", "9")])
def test_override_of_a_sentence_that_is_not_there_is_refused(
    desk: Path, place: tuple[str, str]
) -> None:
    refused = invoke("digest", "override", "3.7", *place, "--reason", "x", "-w", desk)
    assert refused.code == 1
    assert "digest check" in refused.err


def test_issue_moves_through_its_states(desk: Path) -> None:
    skipped = invoke("digest", "move", "3.7", "signed-off", "-w", desk)
    assert skipped.code == 1
    assert "in-review" in skipped.err
    moved = invoke("digest", "move", "3.7", "in-review", "--why", "ready", "--json", "-w", desk)
    assert (moved.json["version"], moved.json["state"], moved.json["why"]) == (
        2, "in-review", "ready",
    )  # fmt: skip
    versions = invoke("digest", "versions", "3.7", "--json", "-w", desk).json
    assert [v["state"] for v in versions] == ["draft", "in-review"]


def test_versions_are_compared_word_by_word(desk: Path) -> None:
    with Database.open(Workspace(desk).database_url) as database:
        save_version(database, _issue(WRONG.replace("400", "12")), editor="ibe")
    [item] = invoke("digest", "diff", "3.7", "--json", "-w", desk).json["items"]
    changed = [(part["kind"], part["text"]) for part in item["bullet"] if part["kind"] != "same"]
    assert (item["kind"], changed) == ("changed", [("removed", "400"), ("added", "12")])
    missing = invoke("digest", "diff", "3.7", "1", "9", "-w", desk)
    assert "no version 9" in missing.err


def test_withdrawn_article_is_warned_of(desk: Path) -> None:
    assert invoke("digest", "warnings", "3.7", "--json", "-w", desk).json == []
    with Database.open(Workspace(desk).database_url) as database, database.write() as tx:
        mark_withdrawn(tx, ARTICLE.url, at=ARTICLE.published.at, why="gone")  # type: ignore[union-attr]
    [warning] = invoke("digest", "warnings", "3.7", "--json", "-w", desk).json
    assert (warning["kind"], warning["items"], warning["why"]) == ("withdrawn", [1], "gone")


@pytest.mark.parametrize("command", ["check", "move", "versions", "diff", "warnings", "override"])
def test_issue_that_is_not_there_is_refused(desk: Path, command: str) -> None:
    more = {"move": ["in-review"], "override": ["1", "1", "--reason", "x"]}.get(command, [])
    refused = invoke("digest", command, "9.9", *more, "-w", desk)
    assert refused.code == 1
    assert "no issue" in refused.err
