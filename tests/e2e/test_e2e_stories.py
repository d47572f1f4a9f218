"""Stories edited by hand: they stand over the next nights and a rebuild, and undo restores."""

from __future__ import annotations

import fcntl
import json
import os
import re
import struct
import subprocess
import termios
from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from alliance_nlp.store import Database, rewrite_stories
from tests.e2e.conftest import COMMAND, Demo, environment
from tests.e2e.in_process import invoke
from tests.e2e.night_runs import contents, finish, query
from tests.sites import AS_OF

EVENTS = {
    "docks": (
        "Japanese yards to repair American destroyers",
        "Defense ministers of Japan and the United States agreed in Tokyo that private shipyards "
        "in Yokohama will repair American destroyers of the Seventh Fleet, so that warships need "
        "not sail home for maintenance.",
    ),
    "fuel": (
        "Osaka utility signs contract for Texas gas",
        "A utility in Osaka signed a contract for twenty years of liquefied natural gas with an "
        "export terminal in Texas, the largest energy deal between Japan and the United States "
        "since the tariff talks of last year.",
    ),
    "base": (
        "Okinawa governor sues over Henoko landfill",
        "The governor of Okinawa asked a court in Naha to stop landfill work at Henoko, where the "
        "central government moves the runway of the Marine Corps Air Station Futenma, a base of "
        "the United States forces in Japan.",
    ),
}
ENDINGS = (
    "Officials gave no date.",
    "A spokesman said that details would follow in the spring.",
    "Residents and firms had asked for a decision for months.",
    "Another round of talks is planned in Washington, two diplomats said.",
)


class Desk:
    """A workspace that reads one folder, and the reports in it."""

    def __init__(self, root: Path, inbox: Path) -> None:
        self.root, self.inbox = root, inbox
        self.reports: dict[str, dict[str, str]] = {}

    def report(self, event: str, number: int, *, day: float = 0.0, more: str = "") -> None:
        title, text = EVENTS[event]
        name = f"{event}-{number}"
        at = AS_OF - timedelta(days=2) + timedelta(days=day, hours=number)
        self.reports[name] = {
            "id": name,
            "title": f"{title}, part {number}",
            "text": f"{text} {ENDINGS[number - 1]}{more} " + f"This is report {name}. " * 8,
            "published": at.isoformat(),
        }
        lines = [json.dumps(report) + "\n" for report in self.reports.values()]
        (self.inbox / "reports.jsonl").write_text("".join(lines), encoding="utf-8")

    def night(self, day: int) -> None:
        finish(self.root, as_of=AS_OF + timedelta(days=day))

    def stories(self, *args: str | int) -> Any:
        done = invoke("stories", *map(str, args), "-w", self.root, "--reviewer", "kano", "--json")
        assert done.code == 0, done.err
        return done.json

    def ids(self) -> dict[str, str]:
        """Return the id of each report's newest version."""
        rows = query(self.root, "SELECT id, text FROM articles WHERE is_current")
        return {name: i for name in self.reports for i, text in rows if f"report {name}." in text}

    def members(self) -> dict[str, set[str]]:
        """Return the names of the reports in each story."""
        names = {i: name for name, i in self.ids().items()}
        found: dict[str, set[str]] = {}
        for story, article in query(self.root, "SELECT story_id, article_id FROM story_articles"):
            found.setdefault(story, set()).add(names[article])
        return found

    def story_of(self, name: str) -> str:
        [story] = [story for story, names in self.members().items() if name in names]
        return story

    def candidates(self) -> dict[str, set[str]]:
        names = {i: name for name, i in self.ids().items()}
        rows = invoke("candidates", "-w", self.root, "-n", "50", "--json").lines
        return {row["story"]: {names[i] for i in row["article_ids"]} for row in rows}


@pytest.fixture
def desk(demo: Demo, tmp_path: Path) -> Iterator[Desk]:
    root, inbox = tmp_path / "desk", tmp_path / "inbox"
    (root / "data").mkdir(parents=True)
    inbox.mkdir()
    (root / "models").symlink_to(demo.root / "models")
    entry = {"id": "inbox", "name": "Inbox", "kind": "folder", "url": str(inbox)}
    lines = [f"{name} = {json.dumps(value)}" for name, value in entry.items()]
    settings = "[fold]\nmin_relevance = 0.0\n"
    (root / "alliance.toml").write_text(settings + "\n".join(["[[sources]]", *lines, ""]))
    desk = Desk(root, inbox)
    for event in EVENTS:
        for number in (1, 2):
            desk.report(event, number)
    desk.night(0)
    assert sorted(map(sorted, desk.members().values())) == [
        [f"{event}-1", f"{event}-2"] for event in sorted(EVENTS)
    ]
    yield desk


def test_merge_and_split_stand_over_nights_and_a_rebuild_and_undo_restores(desk: Desk) -> None:
    docks, fuel, base = (desk.story_of(f"{event}-1") for event in ("docks", "fuel", "base"))
    desk.stories("merge", docks, fuel)
    made = desk.stories("split", base, desk.ids()["base-2"])
    [parted] = set(made["edit"]["moved"].values())
    by_hand = {
        docks: {"docks-1", "docks-2", "fuel-1", "fuel-2"},
        base: {"base-1"},
        parted: {"base-2"},
    }
    assert desk.members() == by_hand

    desk.report("docks", 3, day=1)
    desk.report("fuel", 3, day=1)
    desk.report("fuel", 1, more=" A correction was added.")
    desk.night(1)
    by_hand[docks] |= {"docks-3", "fuel-3"}
    assert desk.members() == by_hand
    assert desk.candidates() == by_hand

    undone = desk.stories("undo", 1)
    assert undone["edit"]["undoes"] == 1
    apart = {**by_hand, docks: by_hand[docks] - {"fuel-1", "fuel-2"}, fuel: {"fuel-1", "fuel-2"}}
    assert desk.members() == apart

    desk.report("fuel", 4, day=2)
    desk.night(2)
    apart[fuel].add("fuel-4")
    assert desk.members() == apart

    desk.stories("undo")  # the split
    assert desk.members()[base] == {"base-1", "base-2"}
    wanted = contents(desk.root)
    assert invoke("rebuild", "-w", desk.root).code == 0
    assert contents(desk.root) == wanted
    kinds = [edit["kind"] for edit in _edits(desk)]
    assert kinds == ["merge", "split", "undo", "undo"]


@pytest.mark.long
def test_article_of_two_stories_stays_in_both_when_it_is_edited_and_after_a_rebuild(
    desk: Desk,
) -> None:
    docks, base = desk.story_of("docks-1"), desk.story_of("base-1")
    desk.stories("add", base, desk.ids()["docks-1"])
    desk.report("docks", 1, more=" A correction was added.")
    desk.report("base", 3, day=1)
    desk.night(1)
    both = {docks: {"docks-1", "docks-2"}, base: {"base-1", "base-2", "base-3", "docks-1"}}
    held = desk.members()
    assert {story: held[story] for story in both} == both
    ranked = desk.candidates()
    assert {story: ranked[story] for story in both} == both
    assert invoke("digest", "draft", "-w", desk.root, "--as-of", "2025-03-11").code == 0
    wanted = contents(desk.root)
    assert invoke("rebuild", "-w", desk.root).code == 0
    assert contents(desk.root) == wanted
    shown = desk_json(desk, "show", base)
    [shared] = [a for a in shown["articles"] if a["also_in"]]
    assert shared["also_in"] == [docks]


def test_rank_alone_ranks_what_was_split_off(desk: Desk) -> None:
    docks = desk.story_of("docks-1")
    made = desk.stories("split", docks, desk.ids()["docks-2"])
    [parted] = set(made["edit"]["moved"].values())
    assert parted not in desk.candidates()
    finish(desk.root, command="rank", as_of=AS_OF)
    assert desk.candidates()[parted] == {"docks-2"}


def test_article_that_fell_out_of_all_stories_returns_to_where_it_was_put_by_hand(
    desk: Desk,
) -> None:
    base, article = desk.story_of("base-1"), desk.ids()["base-2"]
    made = desk.stories("split", base, article)
    [parted] = set(made["edit"]["moved"].values())
    with Database.open(f"sqlite:///{desk.root / 'data' / 'alliance.db'}") as db, db.write() as tx:
        rewrite_stories(tx, [], emptied=[parted])  # as when it is judged irrelevant for a night
    finish(desk.root, command="rank", as_of=AS_OF)
    assert desk.members()[parted] == {"base-2"}
    assert desk.members()[base] == {"base-1"}


def desk_json(desk: Desk, *args: str) -> Any:
    done = invoke("stories", *args, "-w", desk.root, "--json")
    assert done.code == 0, done.err
    return done.json


def _edits(desk: Desk) -> list[dict[str, Any]]:
    done = invoke("stories", "edits", "-w", desk.root, "--json")
    assert done.code == 0, done.err
    return done.lines


def test_lists_name_stories_and_who_edited_them(desk: Desk) -> None:
    docks, fuel = desk.story_of("docks-1"), desk.story_of("fuel-1")
    desk.stories("merge", docks, fuel, "--note", "one deal")
    listed = invoke("stories", "list", "-w", desk.root, "--json").lines
    assert {line["story"]: len(line["article_ids"]) for line in listed}[docks] == 4
    assert fuel not in {line["story"] for line in listed}
    [edit] = _edits(desk)
    assert (edit["reviewer"], edit["note"], edit["undone_by"]) == ("kano", "one deal", None)
    desk.stories("undo")
    assert [edit["undone_by"] for edit in _edits(desk)] == [2, None]


def test_refused_edit_is_one_line_that_says_what_to_do(desk: Desk) -> None:
    done = invoke("stories", "merge", desk.story_of("docks-1"), "story-0", "-w", desk.root)
    assert done.code == 1
    assert done.err.strip() == "error: there is no story 'story-0'; see: alliance-nlp stories list"


def on_terminal(desk: Desk, *args: str) -> str:
    """Return what a command prints for people."""
    ours, theirs = os.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, 200, 0, 0))
    command = [COMMAND, "stories", *args, "--workspace", desk.root]
    said = b""
    env = environment(COLUMNS="200")
    with subprocess.Popen(command, env=env, stdout=theirs, stderr=theirs) as process:
        os.close(theirs)
        with suppress(OSError):  # which is how a terminal tells that no one writes any more
            while piece := os.read(ours, 4096):
                said += piece
        os.close(ours)
    assert process.returncode == 0, said
    return re.sub(r"\x1b\[[0-9;]*m", "", said.decode())


@pytest.mark.long
def test_a_person_at_a_terminal_reads_tables_and_sentences(desk: Desk) -> None:
    docks, fuel = desk.story_of("docks-1"), desk.story_of("fuel-1")
    article = desk.ids()["docks-1"]
    merged = on_terminal(desk, "merge", docks, fuel, "--reviewer", "kano", "--note", "one deal")
    assert f"edit 1: merge: 2 articles from {fuel} to {docks}" in merged
    assert f"{docks}: 4 articles" in merged
    assert f"{fuel}: empty now" in merged
    shown = on_terminal(desk, "show", docks)
    assert article in shown
    assert "(stands for the story)" in shown
    assert "edit 1: merge" in shown
    assert docks in on_terminal(desk, "list")
    on_terminal(desk, "undo")
    said = on_terminal(desk, "edits")
    assert "(undone by 2)" in said
    assert "undo 1: 2 articles" in said
    assert "one deal" in said
