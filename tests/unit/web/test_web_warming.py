"""What is loaded while nobody waits."""

from __future__ import annotations

import subprocess
import sys
from datetime import date

import pytest
from web_seeding import fill, finished_run

from alliance_nlp.config import load_settings
from alliance_nlp.core.types import Issue, IssueItem, IssueState, Sentence
from alliance_nlp.store import Database, save_issue
from alliance_nlp.web import create_app
from alliance_nlp.web.warming import warm
from alliance_nlp.workspace import Workspace

PROGRAM = """
import asyncio, sys
from pathlib import Path
from alliance_nlp.config import load_settings
from alliance_nlp.web import create_app
from alliance_nlp.web.warming import warm
from alliance_nlp.workspace import find_workspace

async def status(path, query=b""):
    sent = []
    async def receive():
        return {"type": "http.request", "body": b"", "more_body": False}
    async def send(message):
        sent.append(message)
    headers = [(b"host", b"desk:1"), (b"cookie", cookie)]
    await app({"type": "http", "method": "GET", "path": path, "raw_path": path.encode(),
        "query_string": query, "headers": headers, "scheme": "http", "root_path": "",
        "http_version": "1.1", "server": ("desk", 1), "client": ("127.0.0.1", 2)}, receive, send)
    given = dict(sent[0]["headers"])
    return sent[0]["status"], given.get(b"set-cookie", b"").split(b";")[0]

workspace = find_workspace(Path(sys.argv[1]))
app = create_app(workspace, load_settings(workspace.config_file), token="t", hosts=("desk:1",))
warm(app)
before = set(sys.modules)
cookie = b""
_, cookie = asyncio.run(status("/", b"token=t"))
for path in sys.argv[2:]:
    assert asyncio.run(status(path))[0] == 200, path
late = {name for name in set(sys.modules) - before if name.startswith(("alliance_nlp", "sklearn"))}
print(sorted(late))
"""


@pytest.fixture
def filled(workspace: Workspace) -> Workspace:
    """A workspace with a ranked story and a draft."""
    with Database.open(workspace.database_url) as database:
        fill(finished_run(database))
        item = IssueItem(headline="A Visit", sentences=(Sentence(text="They met."),))
        with database.write() as tx:
            issue = Issue(
                volume=1, number=1, title="Digest", published_on=date(2024, 4, 14), items=(item,)
            )
            save_issue(tx, issue, state=IssueState.DRAFT)
    return workspace


def test_no_page_loads_anything_when_all_is_warm(filled):
    paths = ["/story/story-visit", "/issue/vol-1.1", "/issue/vol-1.1/versions", "/night"]
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM, str(filled.root), *paths],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.stderr == ""
    assert done.stdout.strip() == "[]"


def test_nothing_is_broken_when_nothing_was_ranked_yet(workspace):
    app = create_app(workspace, load_settings(workspace.config_file), token="t", hosts=("desk:1",))
    warm(app)
    app.state.desk.database.close()


def test_broken_table_is_left_to_the_page_that_needs_it(filled):
    filled.own_tables.mkdir(parents=True)
    (filled.own_tables / "officials.csv").write_text("no,such,columns\n")
    settings = load_settings(filled.config_file)
    app = create_app(filled, settings, token="t", hosts=("desk:1",))
    warm(app)
    app.state.desk.database.close()
