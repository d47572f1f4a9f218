"""Signing in, one's account, the accounts, the audit and the agreement in a real browser."""

from __future__ import annotations

import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
import uvicorn
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from alliance_nlp.config import load_settings
from alliance_nlp.core.types import Right, Verdict
from alliance_nlp.pipeline.accounts import add_account
from alliance_nlp.pipeline.deciding import record_decision
from alliance_nlp.store import Database, read_candidates
from alliance_nlp.web import create_app
from alliance_nlp.web.app import server_config
from alliance_nlp.workspace import find_workspace
from tests.browser.conftest import NARROW, WIDE, CopyDemo

ON_BOTH = (
    "test_signing_in_by_keyboard_leads_to_the_story_that_was_asked_for",
    "test_dispute_is_settled_by_button",
)

PASSWORD = "tidal walnut ferry lamp"
RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]}
PAGES = ["/login", "/account", "/accounts", "/audit", "/agreement", "/night"]


@dataclass(frozen=True)
class Office:
    """A desk with accounts, served."""

    origin: str
    story: str


@pytest.fixture(scope="module")
def office(copy_demo: CopyDemo, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """The sample night, to which an admin, an editor and an analyst have accounts."""
    workspace = find_workspace(copy_demo(tmp_path_factory.mktemp("office") / "w"))
    settings = load_settings(workspace.config_file)
    with Database.open(settings.store.url or workspace.database_url) as database:
        people = (("ada", Right.ADMIN), ("edo", Right.EDITOR), ("ana", Right.ANALYST))
        for name, right in people:
            add_account(database, name, right=right, password=PASSWORD, by="setup")
        with database.read() as tx:
            story = read_candidates(tx, limit=1)[0].story_id
        for who, verdict in (("ana", Verdict.ACCEPT), ("kano", Verdict.REJECT)):
            record_decision(database, story_id=story, verdict=verdict, reviewer=who)
    listener = socket.create_server(("127.0.0.1", 0))
    host = f"127.0.0.1:{listener.getsockname()[1]}"
    app = create_app(workspace, settings, hosts=(host,))
    server = uvicorn.Server(server_config(app))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
    thread.start()
    yield Office(origin=f"http://{host}", story=story)
    server.should_exit = True
    thread.join(timeout=20)
    listener.close()


def sign_in(page: Any, name: str) -> None:
    page.get_by_label("Name").fill(name)
    page.get_by_label("Password").fill(PASSWORD)
    page.keyboard.press("Enter")


def test_signing_in_by_keyboard_leads_to_the_story_that_was_asked_for(office, open_page):
    page = open_page(f"{office.origin}/story/{office.story}")
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()
    expect(page.get_by_label("Name")).to_be_focused()
    sign_in(page, "ana")
    page.wait_for_url(f"**/story/{office.story}")
    expect(page.locator(".who")).to_contain_text("ana")


def test_decision_is_kept_under_the_name_that_signed_in(office, open_page):
    page = open_page(office.origin)
    sign_in(page, "edo")
    page.wait_for_url(f"{office.origin}/")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("l")
    expect(page.locator("[data-item]").nth(1).locator("[data-state]")).to_have_text("later")
    page.goto(f"{office.origin}/audit?who=edo&kind=decisions")
    expect(page.locator(".doings li").first).to_contain_text("later")


def test_analyst_sees_no_way_to_the_audit(office, open_page):
    page = open_page(office.origin)
    sign_in(page, "ana")
    page.wait_for_url(f"{office.origin}/")
    expect(page.get_by_role("link", name="Audit")).to_have_count(0)
    page.goto(f"{office.origin}/audit")
    expect(page.get_by_text("This is for editors")).to_be_visible()


def test_dispute_is_settled_by_button(office, open_page):
    page = open_page(f"{office.origin}/agreement")
    sign_in(page, "edo")
    page.get_by_label("Why").fill("it leads the night")
    page.get_by_role("group", name="The last word").get_by_role("button", name="Accept").click()
    expect(page.get_by_role("status").filter(has_text="Settled")).to_be_visible()


def test_signing_out_closes_the_desk(office, open_page):
    page = open_page(office.origin)
    sign_in(page, "ana")
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/login")
    page.goto(office.origin)
    expect(page.get_by_role("heading", name="Sign in")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.long)])
@pytest.mark.parametrize(
    "size",
    [pytest.param(WIDE, id="wide"), pytest.param(NARROW, id="narrow", marks=pytest.mark.long)],
)
def test_pages_pass_axe_and_fit(office, open_page, size, scheme):
    page = open_page(office.origin, size=size, color_scheme=scheme, bypass_csp=True)
    found = {}
    for path in PAGES:
        page.goto(office.origin + path)
        if path == "/account":
            sign_in(page, "ada")
            page.wait_for_url(f"{office.origin}/account")
        violations = Axe().run(page, options=RULES).response["violations"]
        width = page.evaluate("document.documentElement.scrollWidth")
        if violations or width > size[0]:
            found[path] = ([violation["id"] for violation in violations], width)
    assert found == {}
