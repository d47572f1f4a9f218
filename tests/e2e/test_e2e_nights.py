"""The nightly as operations meets it: killed, doubled, misconfigured, on either database."""

from __future__ import annotations

import json
import random
import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from alliance_nlp.archive import read_page
from alliance_nlp.core.types import ArchiveRef
from alliance_nlp.sample import SampleSite
from tests.e2e.conftest import AS_OF, COMMAND, Demo, Run, environment

TABLES = ("articles", "mentions", "topics", "relevance", "stories", "story_articles", "leads")


def nightly(root: Path, site: SampleSite) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [str(COMMAND), "nightly", "--workspace", str(root), "--as-of", AS_OF, "--json"],
        env=environment(ALLIANCE_COLLECT__PROXY=site.proxy),
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    )


def finish(root: Path, site: SampleSite) -> dict[str, Any]:
    process = nightly(root, site)
    out, err = process.communicate(timeout=240)
    assert process.returncode == 3, err.decode()  # two of the sample's sources are broken
    return json.loads(out)


def contents(root: Path) -> dict[str, list[Any]]:
    """What the night came to; only numbers that count rows may differ from run to run."""
    with sqlite3.connect(root / "data" / "alliance.db") as db:
        queries = {
            "articles": "SELECT id, url, title, text, is_current FROM articles",
            "mentions": 'SELECT article_id, start, "end", label, entity_id FROM mentions',
            "topics": "SELECT article_id, label, score, holds FROM topics",
            "stories": "SELECT id, representative_id FROM stories",
            "members": "SELECT story_id, article_id FROM story_articles",
            "leads": "SELECT key, state FROM leads",
        }
        return {name: sorted(db.execute(query).fetchall()) for name, query in queries.items()}


@pytest.mark.parametrize("n_kills", [1, pytest.param(6, marks=pytest.mark.long)])
def test_killed_at_any_point_and_run_again_nothing_is_lost_or_doubled(
    n_kills: int, demo: Demo, workspace: Path, site: SampleSite
) -> None:
    wanted = contents(demo.root)
    chance = random.Random(2024)
    pauses = [*(chance.uniform(0.8, 7.0) for _ in range(5)), 0.6]
    for pause in pauses[:n_kills]:
        process = nightly(workspace, site)
        time.sleep(pause)
        process.send_signal(signal.SIGKILL)
        process.communicate()
    report = finish(workspace, site)
    assert report["adds_up"] is True
    assert contents(workspace) == wanted
    with sqlite3.connect(workspace / "data" / "alliance.db") as db:
        rows = db.execute('SELECT url, file, "offset", length, sha256 FROM fetches').fetchall()
        states = [state for (state,) in db.execute("SELECT state FROM runs ORDER BY id")]
    assert "running" not in states
    for url, file, offset, length, sha256 in rows:
        ref = ArchiveRef(file=file, offset=offset, length=length, sha256=sha256)
        assert read_page(workspace / "data" / "raw", ref).url == url


def test_a_second_run_leaves_at_once_and_says_who_holds_the_workspace(
    workspace: Path, site: SampleSite
) -> None:
    first = nightly(workspace, site)
    try:
        deadline = time.monotonic() + 20
        lock = workspace / ".lock"
        while time.monotonic() < deadline and not (lock.exists() and lock.stat().st_size):
            time.sleep(0.05)
        first.send_signal(signal.SIGSTOP)  # it holds on for as long as this test needs
        second = nightly(workspace, site)
        _, err = second.communicate(timeout=20)
        assert second.returncode == 1
        assert f"process {first.pid}" in err.decode()
        assert "nightly" in err.decode()
    finally:
        first.kill()
        first.communicate()


def test_stages_run_alone_come_to_the_same_as_the_night(
    demo: Demo, workspace: Path, site: SampleSite, run: Run
) -> None:
    for command in ("collect", "process", "rank"):
        proxy = {"ALLIANCE_COLLECT__PROXY": site.proxy} if command == "collect" else {}
        result = run(command, "--workspace", workspace, "--as-of", AS_OF, "--json", **proxy)
        assert result.code == (3 if command == "collect" else 0), result.err
    assert contents(workspace) == contents(demo.root)


def test_postgresql_holds_the_same_night_as_sqlite(
    demo: Demo, workspace: Path, site: SampleSite, run: Run, make_postgres_url: Callable[..., str]
) -> None:
    postgres_url = make_postgres_url()
    result = run(
        "nightly",
        "--workspace",
        workspace,
        "--as-of",
        AS_OF,
        ALLIANCE_COLLECT__PROXY=site.proxy,
        ALLIANCE_STORE__URL=postgres_url,
    )
    assert result.code == 3, result.err
    listed = run("candidates", "-w", workspace, "-n", "100", ALLIANCE_STORE__URL=postgres_url)
    wanted = run("candidates", "-w", demo.root, "-n", "100")
    assert listed.lines == wanted.lines
    assert not (workspace / "data" / "alliance.db").exists()


def write(root: Path, sources: str, settings: str = "") -> None:
    (root / "alliance.toml").write_text(
        f"[collect]\ndelay_s = 0.0\nretries = 0\ntimeout_s = 3.0\n{settings}\n{sources}"
    )


def source(name: str, kind: str, url: str, extra: str = "") -> str:
    return f'[[sources]]\nid = "{name}"\nname = "{name}"\nkind = "{kind}"\nurl = "{url}"\n{extra}\n'


def test_an_unreachable_source_is_named_and_the_others_go_on(
    workspace: Path, run: Run, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "saved.txt").write_text(
        "Ministers meet in Tokyo\n\nJapan and the United States agreed on Monday to share the cost "
        "of repairing American warships in Japanese yards. The ministers said a first contract "
        "would be signed before the summer, and that more yards would be asked to bid.\n"
    )
    write(
        workspace,
        source("gone", "feed", "http://127.0.0.1:9/feed.xml")
        + source("inbox", "folder", str(inbox)),
    )
    result = run("nightly", "--workspace", workspace, "--json")
    assert result.code == 3
    report = result.json
    [problem] = [p for p in report["problems"] if p["failed"]]
    assert problem["subject"] == "http://127.0.0.1:9/feed.xml"
    assert problem["reason"] == "unreachable"
    assert {s["stage"]: s["out"] for s in report["stages"]}["extract"] == 1


def test_a_folder_is_read_once_and_again_only_when_it_changed(
    workspace: Path, run: Run, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    text = "Title of the piece\n\n" + "The two governments said the talks would go on in May. " * 8
    (inbox / "a.txt").write_text(text)
    (inbox / "b.jsonl").write_text(
        json.dumps({"id": "x", "title": "Another", "text": text, "published": "2024-04-02"}) + "\n"
        "{broken\n"
    )
    write(workspace, source("inbox", "folder", str(inbox)))
    first = run("nightly", "-w", workspace, "--json")
    assert first.code == 3  # the broken line
    assert [p["subject"] for p in first.json["problems"] if p["failed"]] == [
        f"{inbox / 'b.jsonl'}:2"
    ]
    assert sum(s["new_pages"] for s in first.json["sources"]) == 2
    second = run("nightly", "-w", workspace, "--json")
    assert sum(s["new_pages"] for s in second.json["sources"]) == 0
    (inbox / "a.txt").write_text(text + "A correction was added.")
    third = run("nightly", "-w", workspace, "--json")
    assert sum(s["new_pages"] for s in third.json["sources"]) == 1
    with sqlite3.connect(workspace / "data" / "alliance.db") as db:
        versions = db.execute(
            "SELECT count(*), sum(is_current) FROM articles WHERE url LIKE '%a.txt'"
        ).fetchone()
    assert versions == (2, 1)
    (inbox / "a.txt").write_text(text)  # the correction is taken back
    fourth = run("nightly", "-w", workspace, "--json")
    assert sum(s["new_pages"] for s in fourth.json["sources"]) == 1
    with sqlite3.connect(workspace / "data" / "alliance.db") as db:
        [current] = db.execute(
            "SELECT text FROM articles WHERE url LIKE '%a.txt' AND is_current"
        ).fetchall()
    assert "correction" not in current[0]


def test_an_archive_as_a_source_gives_the_same_articles(
    demo: Demo, workspace: Path, run: Run
) -> None:
    raw = demo.root / "data" / "raw"
    write(workspace, source("old", "warc", str(raw)))
    result = run("nightly", "-w", workspace, "--as-of", AS_OF, "--json")
    assert result.code == 0, result.err
    ours = {row[:4] for row in contents(workspace)["articles"]}
    theirs = {row[:4] for row in contents(demo.root)["articles"]}
    assert ours == theirs


def test_a_torn_end_of_the_archive_is_cut_off_and_reported(
    demo: Demo, workspace: Path, run: Run
) -> None:
    shutil.copytree(demo.once / "data", workspace / "data")
    [file] = (workspace / "data" / "raw").rglob("*.warc.gz")
    whole = file.read_bytes()
    file.write_bytes(whole + whole[:700])
    write(workspace, "")
    report = run("nightly", "-w", workspace, "--as-of", AS_OF, "--json").json
    assert any("700 bytes" in note for note in report["notes"])
    assert file.read_bytes() == whole


@pytest.mark.parametrize(
    ("config", "words"),
    [
        ("[collect]\ndelay = 3\n", ["collect.delay", "delay_s"]),
        ("[collect]\ndelay_s = -1\n", ["collect.delay_s", "-1"]),
        ("[collect\n", ["not TOML"]),
        (source("a", "feed", "htp://x"), ["'a'", "htp://x"]),
        (source("a", "fed", "http://x.example"), ["'a'", "'fed'", "feed"]),
        ("[rank.weights]\noutlet = 1.0\n", ["outlet", "outlets"]),
    ],
)
def test_a_broken_config_is_one_clear_line(
    workspace: Path, run: Run, config: str, words: list[str]
) -> None:
    (workspace / "alliance.toml").write_text(config)
    result = run("nightly", "-w", workspace)
    assert result.code == 1
    assert len(result.err.strip().splitlines()) == 1, result.err
    assert all(word in result.err for word in words), result.err


def test_interrupting_ends_in_time_with_nothing_torn(workspace: Path, site: SampleSite) -> None:
    process = nightly(workspace, site)
    time.sleep(3.0)
    process.send_signal(signal.SIGINT)
    started = time.monotonic()
    process.communicate(timeout=15)
    assert time.monotonic() - started < 10
    assert process.returncode in (130, 3)
    if (workspace / "data" / "alliance.db").exists():
        with sqlite3.connect(workspace / "data" / "alliance.db") as db:
            rows = db.execute("SELECT state FROM runs").fetchall()
        assert all(state != "running" for (state,) in rows)


def test_an_archive_that_cannot_be_written_is_named(
    workspace: Path, run: Run, tmp_path: Path
) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (inbox / "a.txt").write_text("A title\n\n" + "Some words of an article stand here. " * 20)
    write(workspace, source("inbox", "folder", str(inbox)))
    raw = workspace / "data" / "raw"
    raw.parent.mkdir(parents=True, exist_ok=True)
    raw.write_text("a file where the folder should be")
    result = run("nightly", "-w", workspace)
    assert result.code == 1
    assert str(raw) in result.err
    raw.unlink()
    assert run("nightly", "-w", workspace, "--json").code == 0
