"""label and simulate, as their users run them."""

from __future__ import annotations

import csv
import io
import json
import shutil
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from alliance_nlp.core.types import Decision, Verdict
from alliance_nlp.learn import LabeledItem, read_items
from alliance_nlp.store import Database, append_decision, mark_withdrawn
from alliance_nlp.workspace import Workspace
from tests.e2e.conftest import Result
from tests.e2e.in_process import invoke
from tests.e2e.small_night import N_EACH, N_STORIES, START, make_night

DIGEST = """US-Japan Alliance Digest Vol 4.2

Headlines:

- Ministers settle who pays
- Radar link goes live

Details:

- Ministers of both countries settled how the cost of two piers is shared. Work begins soon.
- A link between radars of three countries went live. It passes warnings within seconds.
"""


@pytest.fixture
def space(tmp_path: Path) -> Path:
    root = tmp_path / "space"
    done = invoke("init", root)
    assert done.code == 0, done.err
    return root


@pytest.fixture(scope="module")
def after_a_night(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_night(tmp_path_factory.mktemp("night") / "space")


@pytest.fixture
def night(after_a_night: Path, tmp_path: Path) -> Path:
    """A workspace of its own after a night."""
    return Path(shutil.copytree(after_a_night, tmp_path / "night"))


def _label(root: Path, *args: str | Path, **env: str) -> Result:
    return invoke("label", *args, "--workspace", root, **env)


def _own(root: Path) -> tuple[LabeledItem, ...]:
    return read_items([root / "data" / "labeled"])


def test_bullets_of_an_issue_become_items_once(space: Path, tmp_path: Path) -> None:
    issue = tmp_path / "vol-4.2.txt"
    issue.write_text(DIGEST)
    how = ("--format", "digest", "--topics", "defense", "--date", "2031-01-28")
    first = _label(space, "import", issue, *how, USER="rin")
    assert first.code == 0, first.err
    assert (first.json["n_new"], first.json["n_known"]) == (2, 0)
    again = _label(space, "import", issue, *how)
    assert (again.json["n_new"], again.json["n_known"]) == (0, 2)
    items = _own(space)
    assert [item.topics for item in items] == [("defense",)] * 2
    assert {item.annotator for item in items} == {"rin"}
    assert all(item.relevant for item in items)


def test_rows_that_give_no_item_are_listed_and_exit_with_3(space: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("text,date,topics\nA pier is built.,2024-01-02,trade\nA ball game.,,sport\n")
    done = _label(space, "import", table, "--format", "csv", "--not-relevant")
    assert done.code == 3
    assert done.json["n_new"] == 1
    [refused] = done.json["refused"]
    assert (refused["line"], refused["reason"]) == (3, "unknown-topic")
    assert [item.relevant for item in _own(space)] == [False]


def test_named_columns_are_read(space: Path, tmp_path: Path) -> None:
    table = tmp_path / "t.csv"
    table.write_text("head,words,day\nPier,A pier is built.,02.01.2024\n")
    columns = ("--column", "title=head", "--column", "text=words", "--column", "date=day")
    more = ("--relevant", "--topics", "none", "--date-format", "%d.%m.%Y", "--format", "csv")
    done = _label(space, "import", table, *columns, *more)
    assert done.code == 0, done.err
    [item] = _own(space)
    assert (item.title, item.topics, item.published_on) == ("Pier", (), date(2024, 1, 2))


@pytest.mark.parametrize(
    ("option", "message"),
    [
        (("--format", "word"), "--format 'word' is none of digest, csv"),
        (("--format", "csv", "--topics", "sport"), "--topics 'sport' is no topic"),
        (("--format", "csv", "--date", "soon"), "--date 'soon' is no date"),
        (("--format", "csv", "--column", "text"), "--column 'text' is not understood"),
    ],
)
def test_option_that_means_nothing_is_an_error(
    space: Path, tmp_path: Path, option: tuple[str, ...], message: str
) -> None:
    (tmp_path / "t.csv").write_text("text\nA pier.\n")
    done = _label(space, "import", tmp_path / "t.csv", *option)
    assert (done.code, message in done.err) == (1, True)


def test_queue_asks_for_unlabelled_articles_in_the_stated_mix(night: Path) -> None:
    done = _label(night, "queue", "-n", "10", "--mix", "uncertain=.5,relevant=.3,random=.2")
    assert done.code == 0, done.err
    strategies = [row["strategy"] for row in done.json]
    assert [strategies.count(one) for one in ("uncertain", "relevant", "random")] == [5, 3, 2]
    stories = [row["story"] for row in done.json]
    assert len(set(stories)) == 10
    assert (
        done.json
        == _label(night, "queue", "-n", "10", "--mix", "uncertain=5,relevant=3,random=2").json
    )


def test_queue_leaves_out_older_articles(night: Path) -> None:
    every, late = _label(night, "queue"), _label(night, "queue", "--since", "2024-04-11")
    assert 0 < len(late.json) < len(every.json)
    assert all(row["date"] >= "2024-04-11" for row in late.json)


def test_queue_leaves_out_withdrawn_articles(night: Path) -> None:
    with Database.open(Workspace(night).database_url) as database, database.write() as tx:
        for number in range(N_STORIES - 1):
            for report in range(N_EACH):
                url = f"https://gazette.example/article-{number:02}-{report}"
                assert mark_withdrawn(tx, url, at=START, why="gone") == 1
    [row] = _label(night, "queue").json
    assert row["story"] == f"story-{N_STORIES - 1}"


@pytest.mark.parametrize("form", ["csv", "label-studio", "prodigy"])
def test_what_is_labelled_elsewhere_leaves_the_queue(
    night: Path, tmp_path: Path, form: str
) -> None:
    file = tmp_path / "tasks"
    done = _label(night, "export", "--format", form, "-n", "3", "--output", file)
    assert done.code == 0, done.err
    before = [row["article"] for row in _label(night, "queue", "-n", "3").json]
    file.write_text(_labelled(file.read_text(encoding="utf-8"), form), encoding="utf-8")
    imported = _label(night, "import", file, "--format", form)
    assert (imported.code, imported.json["n_new"]) == (0, 3), imported.out + imported.err
    assert [item.topics for item in _own(night)] == [("trade",)] * 3
    assert all(item.story.startswith("story-") for item in _own(night))
    after = [row["article"] for row in _label(night, "queue", "-n", "50").json]
    assert not set(before) & set(after)


def _labelled(text: str, form: str) -> str:
    """Do what the annotator does: trade, and relevant."""
    if form == "csv":
        rows = list(csv.DictReader(io.StringIO(text)))
        stream = io.StringIO()
        writer = csv.DictWriter(stream, rows[0])
        writer.writeheader()
        writer.writerows({**row, "topics": "trade", "relevant": "yes"} for row in rows)
        return stream.getvalue()
    if form == "prodigy":
        tasks = [json.loads(line) for line in text.splitlines()]
        said: dict[str, Any] = {"accept": ["trade", "relevant"], "answer": "accept"}
        return "".join(json.dumps({**task, **said}) + "\n" for task in tasks)
    choices = [("topics", "trade"), ("relevance", "relevant")]
    result = [
        {"from_name": name, "type": "choices", "value": {"choices": [choice]}}
        for name, choice in choices
    ]
    return json.dumps([{**task, "annotations": [{"result": result}]} for task in json.loads(text)])


def test_finished_labels_are_exported_to_standard_output(space: Path, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("text,date\nA pier is built.,2024-01-02\n")
    _label(
        space, "import", tmp_path / "t.csv", "--format", "csv", "--topics", "trade", "--relevant"
    )
    done = _label(space, "export", "--what", "labels")
    [line] = done.lines
    assert (line["text"], line["topics"], line["relevant"]) == ("A pier is built.", ["trade"], True)


def test_decisions_become_labels_with_their_provenance(night: Path) -> None:
    first, second, third, fourth = (
        row["story"] for row in invoke("candidates", "-n", "4", "--workspace", night).lines
    )
    for story, verdict, note in (
        (first, "reject", ""),
        (first, "accept", "lead item; topics: trade, base politics."),
        (second, "reject", ""),
        (third, "later", ""),
        (fourth, "accept", "topics: sport"),
    ):
        how = ("--note", note, "--reviewer", "Rin", "--workspace", night)
        assert invoke("decide", story, verdict, *how).code == 0
    done = _label(night, "from-decisions")
    assert done.code == 0, done.err
    assert done.json["n_items"] == 2
    assert {one["subject"] for one in done.json["without"]} == {third, fourth}
    by_story = {item.story: item for item in _own(night)}
    assert by_story[first].topics == ("trade", "base-politics")
    assert (by_story[first].relevant, by_story[second].relevant) == (True, False)
    assert by_story[first].annotator == "Rin"
    assert by_story[first].note.startswith("decision ")
    assert by_story[first].note.endswith("accept; topics as the note states")
    assert by_story[second].note.endswith("reject; topics as the model held")


def test_decision_on_a_story_that_is_no_more_is_told(night: Path) -> None:
    ghost = Decision(subject="ghost", verdict=Verdict.ACCEPT, reviewer="Rin", decided_at=START)
    with Database.open(Workspace(night).database_url) as database, database.write() as tx:
        append_decision(tx, ghost)
    [without] = _label(night, "from-decisions").json["without"]
    assert without["subject"] == "ghost"
    assert without["why"].startswith("its story is no more")


def test_labels_follow_a_change_of_mind(night: Path) -> None:
    [row] = invoke("candidates", "-n", "1", "--workspace", night).lines
    told = []
    for verdict in ("accept", "reject", "unsure"):
        invoke("decide", row["story"], verdict, "--workspace", night)
        assert _label(night, "from-decisions").code == 0
        told.append([item.relevant for item in _own(night)])
    assert told == [[True], [False], []]


def _item(name: str, **changes: Any) -> str:
    item = LabeledItem(
        id=name,
        title=f"Report {name}",
        text=f"What {name} tells is told by nobody else, and {name} tells it at length.",
        published_on=date(2024, 4, 14),
        language="en",
        genre="wire",
        topics=("defense",),
        relevant=True,
        story=f"story-{name}",
        annotator="writer",
    )
    return json.dumps({**asdict(item), **changes}, default=str) + "\n"


def test_check_of_data_in_order_exits_with_0(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(
        _item("alder") + _item("b", text="Rice rose in the north.", relevant=False)
    )
    done = invoke("label", "check", tmp_path, "--json")
    assert done.code == 0, done.out
    assert (done.json["n_items"], done.json["problems"]) == (2, [])
    assert done.json["balance"]["relevant"]["no"] == {"items": 1, "relevant": 0}


def test_check_tells_problems_and_exits_with_3(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(_item("alder") + _item("alder") + "{\n")
    (tmp_path / "splits.json").write_text('{"test": ["gone"]}')
    done = invoke("label", "check", tmp_path)
    assert done.code == 3
    kinds = {problem["kind"] for problem in done.json["problems"]}
    assert kinds == {"schema", "taken-id", "split"}


def test_check_of_a_missing_folder_is_an_error(tmp_path: Path) -> None:
    done = invoke("label", "check", tmp_path / "nowhere")
    assert (done.code, "is no folder" in done.err) == (1, True)


def _screened(path: Path, *, label: str = "label", extra: str = "") -> Path:
    words = ("crane pier dock", *["rice field barn"] * 4)
    rows = [f"Paper {n},{words[n % 5]} study {n % 7},{int(n % 5 == 0)}" for n in range(200)]
    path.write_text(f"title,abstract,{label}\n" + "\n".join(rows) + f"\n{extra}")
    return path


def test_screening_data_are_replayed(tmp_path: Path) -> None:
    done = invoke(
        "simulate", _screened(tmp_path / "a.csv"), "--target-recall", ".8", "--batch", "10"
    )
    assert done.code == 0, done.err
    told = done.json
    assert (told["n_documents"], told["n_relevant"]) == (200, 40)
    assert told["wss"]["0.95"] > 0.5
    assert list(told["recall_at"]) == ["10", "20", "50", "100", "200"]
    stopping = told["stopping"]
    assert (stopping["n_relevant"], stopping["n_needed"]) == (14, 14)
    assert "80% recall in at least 95% of draws" in stopping["guarantee"]
    assert stopping["share_met"] > 0.9


def test_rows_that_cannot_be_replayed_are_told_and_exit_with_3(tmp_path: Path) -> None:
    file = _screened(tmp_path / "a.csv", label="in?", extra="Paper,odd,perhaps\n")
    done = invoke("simulate", file, "--column", "label=in?", "--target-recall", ".8")
    assert done.code == 3
    assert [(row["line"], row["reason"]) for row in done.json["left_out"]] == [
        (202, "no-relevance")
    ]


def test_labelled_items_are_replayed_for_a_topic(tmp_path: Path) -> None:
    lines = [_item(f"n{n}", topics=["trade"] if n % 3 else ["energy"]) for n in range(60)]
    (tmp_path / "a.jsonl").write_text("".join(lines))
    done = invoke("simulate", tmp_path / "a.jsonl", "--target", "energy", "--query", "n3 n6")
    assert done.json["n_relevant"] == 20
    assert done.json["stopping"]["guarantee"].startswith("none")


def test_simulate_asks_for_one_source_of_data(tmp_path: Path) -> None:
    assert invoke("simulate").code == 2
    assert invoke("simulate", _screened(tmp_path / "a.csv"), "--corpus").code == 2
