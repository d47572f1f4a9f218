"""The sources commands: chosen, added, checked, discovered, carried to other readers."""

from __future__ import annotations

import json
import os
import pty
import re
import shutil
import subprocess
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path

import pytest

from alliance_nlp.config import load_settings
from alliance_nlp.core.types import Sector
from alliance_nlp.sources import catalogue_entries, read_sources
from tests.e2e.conftest import COMMAND, Demo, environment
from tests.e2e.in_process import invoke
from tests.servers import Server, redirect, reply, serve

NOTE = "# Kept by the night desk.\n[collect]\ndelay_s = 0.0   # loopback\nretries = 0\n"
CATALOGUE = read_sources(catalogue_entries())


def rss() -> str:
    at = format_datetime(datetime.now(UTC) - timedelta(hours=5))
    return (
        '<rss version="2.0"><channel><title>Harbor</title><item><title>One</title>'
        f"<link>/news/1</link><pubDate>{at}</pubDate></item></channel></rss>"
    )


@pytest.fixture(scope="module")
def web() -> Iterator[Server]:
    feed = reply(rss(), content_type="application/rss+xml")
    answers = {
        "/": reply(
            "<link rel=alternate type=application/rss+xml href=/rss.xml>", content_type="text/html"
        ),
        "/rss.xml": feed,
        "/old.xml": redirect("/rss.xml", 301),
    }
    with serve(answers) as server:
        yield server


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "desk"
    (folder / "data").mkdir(parents=True)
    (folder / "alliance.toml").write_text(NOTE, encoding="utf-8")
    return folder


def config(root: Path) -> str:
    return (root / "alliance.toml").read_text(encoding="utf-8")


def ids(root: Path) -> list[str]:
    return [source.id for source in load_settings(root / "alliance.toml").read_sources()]


# --- list and show


def test_list_gives_the_catalogue_as_json_lines() -> None:
    lines = invoke("sources", "list", "--catalogue").lines
    assert [line["id"] for line in lines] == [source.id for source in CATALOGUE]
    assert all("state" not in line for line in lines)


def test_list_filters_by_country_sector_and_topic() -> None:
    options = ("--country", "jp", "--sector", "government", "--topic", "energy")
    lines = invoke("sources", "list", "--catalogue", *options).lines
    wanted = [
        s.id
        for s in CATALOGUE
        if s.country == "JP" and s.sector is Sector.GOVERNMENT and "energy" in s.topics
    ]
    assert [line["id"] for line in lines] == wanted
    assert wanted


@pytest.mark.parametrize("option", ["--sector", "--topic"])
def test_list_refuses_a_filter_that_nothing_can_match(option: str) -> None:
    done = invoke("sources", "list", "--catalogue", option, "milltary")
    assert done.code == 1
    assert f"{option} 'milltary' is none of" in done.err


def test_list_and_show_tell_how_each_source_is_doing(demo: Demo) -> None:
    states = {s["id"]: s["state"] for s in invoke("sources", "list", "-w", demo.root).lines}
    assert states["harbor-bulletin"] == "failing"
    assert states["strait-observer"] == "blocked"
    assert states["pacific-courier"] == "ok"
    shown = invoke("sources", "show", "strait-observer", "-w", demo.root).json
    assert shown["state"] == "blocked"
    assert "robots.txt" in shown["visits"][-1]["detail"]
    assert shown["do"]


def test_show_of_a_catalogue_id_needs_no_workspace(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    shown = invoke("sources", "show", "usfj-news").json
    assert shown["url"] == "https://www.usfj.mil/Media/News/"
    assert shown["visits"] == []


def test_show_of_an_unknown_id_names_those_that_are_close(root: Path) -> None:
    done = invoke("sources", "show", "usfj-newz", "-w", root)
    assert done.code == 1
    assert "did you mean usfj-news" in done.err


def test_tables_of_a_terminal_keep_ids_whole(demo: Demo) -> None:
    shown = on_terminal("sources", "list", "--workspace", str(demo.root))
    assert "pacific-courier-sitemap" in shown
    assert max(len(line) for line in shown.splitlines()) <= 100
    one = on_terminal("sources", "show", "usfj-news", "--workspace", str(demo.root))
    assert "public domain" in one
    assert not re.search(r"<\w+\.\w+:|None|\{'", one)


def on_terminal(*args: str) -> str:
    """Return what a command shows on a terminal of a hundred columns, without its colours."""
    mine, its = pty.openpty()
    env = environment(COLUMNS="100", TERM="xterm", NO_COLOR="1")
    process = subprocess.Popen([COMMAND, *args], stdout=its, stderr=its, stdin=its, env=env)
    os.close(its)
    shown = b""
    while piece := _read(mine):
        shown += piece
    os.close(mine)
    assert process.wait(timeout=30) == 0, shown.decode()
    return re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", shown.decode()).replace("\r\n", "\n")


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65_536)
    except OSError:  # the other side is closed
        return b""


# --- add


def test_add_takes_ids_of_the_catalogue_and_keeps_comments(root: Path) -> None:
    done = invoke("sources", "add", "usfj-news", "jftc-en", "usfj-news", "-w", root)
    assert done.code == 0, done.err
    assert "added 2 sources" in done.out
    assert config(root).startswith(NOTE)
    assert ids(root) == ["usfj-news", "jftc-en"]


def test_add_says_what_is_there_already_and_changes_nothing(root: Path) -> None:
    invoke("sources", "add", "usfj-news", "-w", root)
    before = config(root)
    done = invoke("sources", "add", "usfj-news", "-w", root)
    assert done.code == 0
    assert "added no sources" in done.out
    assert "1 there already" in done.out
    assert config(root) == before


def test_add_takes_all_that_the_filters_leave(root: Path) -> None:
    invoke("sources", "add", "--all", "--country", "JP", "--sector", "military", "-w", root)
    wanted = [s.id for s in CATALOGUE if (s.country, s.sector) == ("JP", Sector.MILITARY)]
    assert ids(root) == wanted
    assert len(wanted) >= 3


def test_add_takes_a_source_of_ones_own(root: Path) -> None:
    own = ("--url", "https://bay.example/news/", "--id", "bay", "--name", "Bay")
    index = ("--kind", "index", "--link-pattern", r"/news/\d{4}/")
    assert invoke("sources", "add", *own, *index, "-w", root).code == 0
    [source] = load_settings(root / "alliance.toml").read_sources()
    assert (source.kind.value, source.link_pattern) == ("index", r"/news/\d{4}/")


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ([], ["--all", "--url"]),
        (["usfj-newz"], ["no source 'usfj-newz'", "usfj-news"]),
        (["usfj-news", "--all"], ["--all"]),
        (["--url", "https://a.example/rss"], ["--id", "--name"]),
        (["--url", "a.example/rss", "--id", "a", "--name", "A"], ["web address"]),
        (["--url", "https://a.example/", "--id", "a", "--name", "A", "--kind", "fed"], ["'fed'"]),
        (
            ["--url", "https://a.example/", "--id", "a", "--name", "A", "--kind", "index"],
            ["link_pattern"],
        ),
        (["--url", "https://a.example/", "--id", "taken", "--name", "A"], ["'taken'", "--id"]),
        (["--all", "--topic", "weather"], ["weather", "base-politics"]),
    ],
)
def test_add_refuses_what_will_not_do_and_leaves_the_file(
    root: Path, args: list[str], words: list[str]
) -> None:
    with (root / "alliance.toml").open("a", encoding="utf-8") as file:
        file.write('[[sources]]\nid = "taken"\nname = "T"\nkind = "feed"\nurl = "http://t.example"')
    before = config(root)
    done = invoke("sources", "add", *args, "-w", root)
    assert done.code == 1
    assert len(done.err.strip().splitlines()) == 1
    assert all(word in done.err for word in words), done.err
    assert config(root) == before


def test_add_leaves_a_broken_file_as_it_was(root: Path) -> None:
    (root / "alliance.toml").write_text("[collect]\ndelay = 1\n", encoding="utf-8")
    done = invoke("sources", "add", "usfj-news", "-w", root)
    assert done.code == 1
    assert "delay_s" in done.err
    assert config(root) == "[collect]\ndelay = 1\n"


# --- check and discover


def test_check_prints_json_lines_and_exits_with_3(root: Path, web: Server) -> None:
    address = f"http://{web.address}"
    for name, url in (("fine", f"{address}/rss.xml"), ("moved", f"{address}/old.xml")):
        invoke("sources", "add", "--url", url, "--id", name, "--name", name, "-w", root)
    done = invoke("sources", "check", "-w", root)
    assert done.code == 3
    assert {line["id"]: line["state"] for line in done.lines} == {"fine": "ok", "moved": "moved"}
    one = invoke("sources", "check", "fine", "-w", root)
    assert one.code == 0
    assert [line["entries"] for line in one.lines] == [1]
    assert list((root / "data").rglob("*.warc.gz")) == []


def test_check_of_an_unknown_id_is_refused(root: Path) -> None:
    done = invoke("sources", "check", "harbour", "-w", root)
    assert done.code == 1
    assert "harbour" in done.err


def test_check_leaves_standard_output_to_its_lines_while_errors_go_to_a_terminal(
    root: Path,
) -> None:
    inbox = ("--url", str(root), "--id", "inbox", "--name", "Inbox", "--kind", "folder")
    invoke("sources", "add", *inbox, "-w", root)
    mine, its = pty.openpty()
    done = subprocess.run(
        [COMMAND, "sources", "check", "--workspace", root],
        stdout=subprocess.PIPE,
        stderr=its,
        env=environment(TERM="xterm"),
        check=True,
    )
    os.close(its)
    os.close(mine)
    assert [json.loads(line)["state"] for line in done.stdout.splitlines()] == ["local"]


def test_discover_prints_what_a_site_declares(root: Path, web: Server) -> None:
    [line] = invoke("sources", "discover", f"http://{web.address}/", "-w", root).lines
    assert (line["url"], line["kind"]) == (f"http://{web.address}/rss.xml", "feed")
    assert (line["form"], line["entries"]) == ("rss", 1)


def test_discover_gives_a_pattern_that_add_takes(root: Path) -> None:
    links = "".join(
        f"<a href='/news/2026/03/{n:02}/talks-on-base-{n}'>Talks on the base, day {n}</a>"
        for n in range(1, 9)
    )
    with serve({"/": reply(links, content_type="text/html")}) as server:
        [line] = invoke("sources", "discover", f"http://{server.address}/", "-w", root).lines
    assert (line["kind"], line["form"]) == ("index", "index")
    own = ("--url", line["url"], "--id", "talks", "--name", "Talks", "--kind", "index")
    added = invoke("sources", "add", *own, "--link-pattern", line["link_pattern"], "-w", root)
    assert added.code == 0, added.err


# --- OPML


def test_opml_carries_sources_to_another_workspace(root: Path, tmp_path: Path) -> None:
    invoke("sources", "add", "--all", "--country", "JP", "--topic", "energy", "-w", root)
    file = tmp_path / "sources.opml"
    assert invoke("sources", "export-opml", file, "-w", root).code == 0
    other = tmp_path / "other"
    other.mkdir()
    shutil.copy(tmp_path / "desk" / "alliance.toml", other)
    (other / "alliance.toml").write_text(NOTE, encoding="utf-8")
    assert invoke("sources", "import-opml", file, "-w", other).code == 0
    ours = load_settings(root / "alliance.toml").read_sources()
    theirs = load_settings(other / "alliance.toml").read_sources()
    carried = [(s.id, s.name, s.kind, s.url, s.link_pattern, s.zone, s.topics) for s in ours]
    assert [
        (s.id, s.name, s.kind, s.url, s.link_pattern, s.zone, s.topics) for s in theirs
    ] == carried
    again = invoke("sources", "import-opml", file, "-w", other)
    assert f"{len(ours)} there already" in again.out


def test_opml_gives_a_taken_id_a_number(root: Path, tmp_path: Path) -> None:
    own = ("--url", "https://one.example/rss", "--id", "harbor", "--name", "Harbor")
    invoke("sources", "add", *own, "-w", root)
    file = tmp_path / "feeds.opml"
    file.write_text(
        '<opml version="2.0"><body><outline text="Harbor" xmlUrl="https://two.example/rss"/>'
        '<outline text="Harbor" xmlUrl="https://one.example/rss"/></body></opml>',
        encoding="utf-8",
    )
    done = invoke("sources", "import-opml", file, "-w", root)
    assert done.code == 0, done.err
    assert ids(root) == ["harbor", "harbor-2"]


def test_opml_that_cannot_be_read_or_written_is_named(root: Path, tmp_path: Path) -> None:
    absent = tmp_path / "absent" / "x.opml"
    for command in ("import-opml", "export-opml"):
        done = invoke("sources", command, absent, "-w", root)
        assert done.code == 1
        assert str(absent) in done.err


# --- the night


def test_an_entry_with_an_id_of_the_catalogue_alone_works_in_a_night(
    root: Path, demo: Demo
) -> None:
    """The one plain http address of the catalogue is asked for by way of a proxy on loopback."""
    (root / "models").symlink_to(demo.root / "models")
    plain = next(s for s in CATALOGUE if s.url.startswith("http://"))
    invoke("sources", "add", plain.id, "-w", root)
    page = reply("<p>Nothing today.</p>", content_type="text/html")
    place = plain.url.removeprefix("http://")
    with serve({place: page, f"{place.partition('/')[0]}/robots.txt": reply("")}) as proxy:
        env = {"ALLIANCE_COLLECT__PROXY": f"http://{proxy.address}"}
        done = invoke("collect", "-w", root, "--json", **env)
        assert place in [seen.host + seen.path for seen in proxy.seen]
    assert done.code in (0, 3), done.err
    assert [source["id"] for source in done.json["sources"]] == [plain.id]


@pytest.mark.parametrize(
    "command", ["list", "show", "add", "check", "discover", "import-opml", "export-opml"]
)
def test_help_has_an_example(command: str) -> None:
    assert f"Example: alliance-nlp sources {command}" in " ".join(
        invoke("sources", command, "--help").out.split()
    )
