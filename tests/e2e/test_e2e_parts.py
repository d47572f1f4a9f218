"""An article that goes on over several pages comes out whole, in one night."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Demo, Run
from tests.servers import Server, reply, serve

_TEXT = {
    1: (
        "Work on the second runway moved into its next phase this spring, the bureau said, and "
        "the contractor expects the sea wall to be closed before the typhoon season begins.",
        "Engineers drove the last of four hundred sand piles into the soft clay of the bay, a "
        "step that had been put off twice because surveys found the ground weaker than planned.",
    ),
    2: (
        "The prefecture disputes the permits and has asked the high court to weigh whether the "
        "ministry could overrule the governor without a further hearing of the towns concerned.",
        "Fishing cooperatives on the eastern shore said that they had not been told when the "
        "dredging would start, and want their catch measured before and after each stage.",
    ),
    3: (
        "A decision is expected in autumn, and both sides said that they would appeal if it went "
        "against them, which would leave the matter open well into the year that follows.",
    ),
}


def _part(number: int) -> bytes:
    following = f'<link rel="next" href="/news/runway?page={number + 1}">' if number < 3 else ""
    text = "".join(f"<p>{paragraph}</p>" for paragraph in _TEXT[number])
    return (
        "<html lang='en'><head><title>Sea wall of second runway nears the end</title>"
        '<meta property="og:type" content="article">'
        '<meta property="article:published_time" content="2024-04-12T09:00:00+09:00">'
        f"{following}</head><body><article><h1>Sea wall of second runway nears the end</h1>"
        f"{text}</article></body></html>"
    ).encode()


@pytest.fixture
def server() -> Iterator[Server]:
    feed = (
        "<rss version='2.0'><channel><title>Bay</title><item><title>Sea wall</title>"
        "<link>/news/runway</link></item></channel></rss>"
    )
    answers = {
        "/feed.xml": reply(feed, content_type="application/rss+xml"),
        "/news/runway": reply(_part(1), content_type="text/html"),
        "/news/runway?page=2": reply(_part(2), content_type="text/html"),
        "/news/runway?page=3": reply(_part(3), content_type="text/html"),
    }
    with serve(answers) as running:
        yield running


def _workspace(demo: Demo, root: Path, server: Server) -> Path:
    root.mkdir()
    shutil.copytree(demo.root / "models", root / "models")
    (root / "alliance.toml").write_text(
        "[collect]\ndelay_s = 0.0\n\n[[sources]]\n"
        'id = "bay"\nname = "Bay Courier"\nkind = "feed"\n'
        f'url = "http://{server.address}/feed.xml"\n'
    )
    return root


def _articles(root: Path) -> list[tuple[str, str]]:
    with sqlite3.connect(root / "data" / "alliance.db") as db:
        return db.execute("SELECT url, text FROM articles").fetchall()


def test_pages_of_one_article_are_joined_in_order(
    run: Run, demo: Demo, server: Server, tmp_path: Path
) -> None:
    root = _workspace(demo, tmp_path / "night", server)
    done = run("nightly", "--workspace", root, "--json")
    assert done.code == 0, done.err
    ((url, text),) = _articles(root)
    assert url.endswith("/news/runway")
    assert text.split("\n") == [line for number in _TEXT for line in _TEXT[number]]
    extract = next(s for s in json.loads(done.out)["stages"] if s["stage"] == "extract")
    assert (extract["in"], extract["out"]) == (1, 1)


@pytest.mark.long
def test_rebuilt_article_is_as_whole_as_the_first(
    run: Run, demo: Demo, server: Server, tmp_path: Path
) -> None:
    root = _workspace(demo, tmp_path / "night", server)
    assert run("nightly", "--workspace", root).code == 0
    before, n_requests = _articles(root), len(server.seen)
    (root / "data" / "alliance.db").unlink()
    rebuilt = run("rebuild", "--workspace", root)
    assert rebuilt.code == 0, rebuilt.err
    assert _articles(root) == before
    assert len(server.seen) == n_requests


@pytest.mark.long
def test_first_page_stands_alone_when_the_next_cannot_be_had(
    run: Run, demo: Demo, server: Server, tmp_path: Path
) -> None:
    del server.answers["/news/runway?page=2"]
    root = _workspace(demo, tmp_path / "night", server)
    done = run("nightly", "--workspace", root, "--json")
    assert done.code == 3  # the second page is missed, and the ledger says so
    ((_, text),) = _articles(root)
    assert text.split("\n") == list(_TEXT[1])
