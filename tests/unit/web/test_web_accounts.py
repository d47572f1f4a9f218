from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send
from web_offices import PASSWORD, Client, Office, office_at

from alliance_nlp.config import load_settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.types import Right
from alliance_nlp.pipeline.accounts import add_account
from alliance_nlp.pipeline.sessions import LONGEST, whose_session
from alliance_nlp.review import token_hash
from alliance_nlp.store import Database, open_session, read_account, read_session
from alliance_nlp.web import Listening, create_app, serve
from alliance_nlp.web.doors import TokenDoor
from alliance_nlp.web.gate import Gate
from alliance_nlp.web.rights import LEAST, route_names
from alliance_nlp.web.serving import served_hosts
from alliance_nlp.web.signing import own_path
from alliance_nlp.web.throttle import MOST_BY_ADDRESS, MOST_BY_NAME, WINDOW_S, Throttle
from alliance_nlp.web.who import single_user
from alliance_nlp.workspace import Workspace

NEW = "river copper mango drum"
PATHS = ["/", "/story/story-visit", "/night", "/issues", "/issue/vol-2.6", "/audit", "/accounts"]


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Office]:
    """A desk with accounts that all tests share; none changes what it holds."""
    with office_at(tmp_path_factory.mktemp("office") / "w") as found:
        yield found


@pytest.fixture
def own_office(tmp_path: Path) -> Iterator[Office]:
    """A desk with accounts of one's own, to change."""
    with office_at(tmp_path / "w") as found:
        yield found


@pytest.mark.parametrize("path", PATHS)
def test_page_leads_to_signing_in_when_nobody_is(office, path):
    reply = office.stranger().get(path)
    assert reply.status == 303
    assert reply.headers["location"].startswith("/login")
    assert reply.text == ""


def test_post_is_refused_with_401_when_nobody_is_signed_in(office):
    reply = office.stranger().post("/story/story-visit/decide", {"verdict": "accept"})
    assert reply.status == 401


def test_start_up_token_opens_nothing_when_there_are_accounts(office):
    assert office.stranger().get("/?token=").status == 303


def test_signing_in_leads_back_to_the_page_that_was_asked_for(office):
    client = office.stranger()
    asked = client.get("/story/story-visit?topic=defense&q=a%20b")
    form = client.get(asked.headers["location"]).text
    after = re.search(r'name="next" value="([^"]+)"', form)
    assert after
    reply = client.sign_in("rei", next=after[1].replace("&amp;", "&"))
    assert reply.headers["location"] == "/story/story-visit?topic=defense&q=a%20b"


@pytest.mark.parametrize(
    "path",
    [
        "//evil.example/",
        "/\\evil.example",
        "https://evil.example/",
        "evil",
        "/a\r\nb",
        "/login",
        "",
    ],
)
def test_signing_in_never_leads_elsewhere(path):
    assert own_path(path) == "/"


@pytest.mark.parametrize(
    ("name", "password"), [("rei", "a wrong password"), ("nobody", PASSWORD), ("", ""), ("rei", "")]
)
def test_same_words_when_name_or_password_is_wrong(own_office, name, password):
    reply = own_office.stranger().sign_in(name, password)
    assert reply.status == 401
    assert "Name and password do not fit." in reply.text
    assert "set-cookie" not in reply.headers


def test_cookie_is_strict_and_out_of_reach_of_scripts(office):
    reply = office.stranger().sign_in("rei")
    cookie = reply.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert "secure" not in cookie


def test_token_itself_is_not_kept_in_the_store(office):
    client = office.signed_in("rei")
    [token] = client.cookies.values()
    with office.database.read() as tx:
        assert read_session(tx, token, at=now()) is None
        assert read_session(tx, token_hash(token), at=now())


def test_token_is_another_when_one_was_slipped_in_before(office):
    client = office.signed_in("rei")
    [(name, planted)] = client.cookies.items()
    victim = Client(office.port, cookies={name: planted})
    victim.cookies[name] = "planted-by-somebody"
    victim.sign_in("ana")
    assert victim.cookies[name] not in ("planted-by-somebody", planted)


def test_session_that_a_browser_had_ends_when_it_signs_in_as_another(own_office):
    client = own_office.signed_in("rei")
    before = dict(client.cookies)
    client.ask(
        "POST",
        "/login",
        f"csrf={client.csrf()}&name=ana&password={PASSWORD.replace(' ', '+')}",
        Origin=f"http://{client.host}",
    )
    assert Client(own_office.port, cookies=before).get("/").status == 303


def test_csrf_token_of_another_session_is_refused(office):
    one, other = office.signed_in("ana"), office.signed_in("ana")
    reply = one.post("/logout", {"csrf": other.csrf()})
    assert reply.status == 403
    assert one.get("/").status == 200


def test_sign_in_is_refused_when_it_comes_from_another_site(office):
    reply = office.stranger().post(
        "/login", {"name": "rei", "password": PASSWORD}, Origin="http://evil.example"
    )
    assert reply.status == 403
    assert "set-cookie" not in reply.headers


def test_nobody_is_let_in_by_a_form_that_is_too_large(office):
    assert office.stranger().sign_in("rei", "x" * 70_000).status == 413


def test_session_ends_when_signed_out(own_office):
    client = own_office.signed_in("rei")
    before = dict(client.cookies)
    assert client.post("/logout").headers["location"] == "/login"
    assert Client(own_office.port, cookies=before).get("/").status == 303


def test_all_sessions_end_when_signed_out_everywhere(own_office):
    one, other = own_office.signed_in("rei"), own_office.signed_in("rei")
    one.post("/logout/everywhere")
    assert other.get("/").status == 303


def test_session_lasts_while_it_is_used_and_ends_after_a_week(own_office):
    start = now()
    with own_office.database.write() as tx:
        open_session(
            tx,
            token_hash=token_hash("t"),
            account="rei",
            at=start,
            until=start + timedelta(hours=12),
        )
    at = start
    while at < start + LONGEST - timedelta(hours=11):
        assert whose_session(own_office.database, "t", at=at)
        at += timedelta(hours=11)
    assert whose_session(own_office.database, "t", at=start + LONGEST) is None


def test_session_ends_when_it_was_not_used_for_twelve_hours(own_office):
    start = now()
    with own_office.database.write() as tx:
        until = start + timedelta(hours=12)
        open_session(tx, token_hash=token_hash("t"), account="rei", at=start, until=until)
    assert whose_session(own_office.database, "t", at=start + timedelta(hours=12)) is None


def test_own_password_is_changed_and_other_sessions_end(own_office):
    client, other = own_office.signed_in("rei"), own_office.signed_in("rei")
    reply = client.post("/account/password", {"old": PASSWORD, "new": NEW, "again": NEW})
    assert reply.status == 303
    assert client.get("/").status == 200
    assert other.get("/").status == 303
    assert own_office.stranger().sign_in("rei", NEW).status == 303


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"old": "not it at all", "new": NEW, "again": NEW}, "The old password is not right"),
        ({"old": PASSWORD, "new": NEW, "again": "another one"}, "The two new passwords differ"),
        ({"old": PASSWORD, "new": "short", "again": "short"}, "it needs 12 or more"),
    ],
)
def test_own_password_stays_when_something_is_wrong(own_office, fields, said):
    client = own_office.signed_in("rei")
    reply = client.post("/account/password", fields)
    assert reply.status in (400, 429)
    assert said in reply.text
    assert own_office.stranger().sign_in("rei").status == 303


def test_name_is_throttled_after_five_failures(own_office):
    client = own_office.stranger()
    for _ in range(MOST_BY_NAME):
        assert client.sign_in("rei", "wrong wrong wrong").status == 401
    reply = client.sign_in("rei")
    assert reply.status == 429
    assert 0 < int(reply.headers["retry-after"]) <= WINDOW_S
    assert client.sign_in("ana").status == 303


def test_throttle_counts_each_name_alone_until_the_address_has_twenty():
    throttle = Throttle(lambda: 0.0)
    waits = [throttle.begin(f"name-{n}", "10.0.0.1") for n in range(MOST_BY_ADDRESS)]
    assert waits == [0] * MOST_BY_ADDRESS
    assert throttle.begin("fresh", "10.0.0.1") == WINDOW_S
    assert throttle.begin("fresh", "10.0.0.2") == 0


def test_throttle_lets_go_after_a_quarter_of_an_hour():
    at = [0.0]
    throttle = Throttle(lambda: at[0])
    for _ in range(MOST_BY_NAME):
        throttle.begin("rei", "10.0.0.1")
    at[0] = WINDOW_S - 1.5
    assert throttle.begin("rei", "10.0.0.1") == 2
    at[0] = WINDOW_S
    assert throttle.begin("rei", "10.0.0.1") == 0


@pytest.mark.parametrize("name", ["REI", " rei ", "ｒｅｉ"])
def test_throttle_takes_other_writings_for_the_same_name(name):
    throttle = Throttle(lambda: 0.0)
    for _ in range(MOST_BY_NAME):
        throttle.begin("rei", "10.0.0.1")
    assert throttle.begin(name, "10.0.0.1") > 0


def test_throttle_forgives_a_name_but_not_the_address():
    throttle = Throttle(lambda: 0.0)
    for n in range(MOST_BY_ADDRESS - 1):
        throttle.begin(f"name-{n}", "10.0.0.1")
    throttle.begin("rei", "10.0.0.1")
    throttle.forgive("rei", "10.0.0.1")
    assert throttle.begin("rei", "10.0.0.1") == 0
    assert throttle.begin("rei", "10.0.0.1") > 0


def routes_of(workspace: Workspace) -> list[str]:
    app = create_app(workspace, load_settings(workspace.config_file), hosts=("desk:1",))
    return [name for route in app.routes if isinstance(route, Route) for name in route_names(route)]


def test_every_route_has_its_right_in_the_table(workspace):
    names = routes_of(workspace)
    assert sorted(names) == sorted(set(names))
    assert set(names) == set(LEAST)


@pytest.mark.parametrize("name", sorted(name for name, right in LEAST.items() if right))
def test_route_is_refused_when_the_right_is_too_low(office, name):
    method, path = name.split(" ")
    least = LEAST[name]
    order = list(Right)
    below = {"analyst": "rei", "editor": "ana", "admin": "edo"}.get(str(least))
    if least is None or order.index(least) == 0 or below is None:
        reply = office.stranger().ask(method, re.sub(r"\{[^}]+\}", "1", path))
        assert reply.status in (303, 401)
        return
    client = office.signed_in_once(below)
    path = re.sub(r"\{[^}]+\}", "1", path)
    reply = client.get(path) if method == "GET" else client.post(path)
    assert reply.status == 403


@pytest.mark.parametrize("name", sorted(name for name in LEAST if name.startswith("POST")))
def test_nothing_changes_without_a_csrf_token(office, name):
    path = re.sub(r"\{[^}]+\}", "1", name.removeprefix("POST "))
    reply = office.signed_in_once("ada").post(path, {"csrf": ""})
    assert reply.status == 403
    assert "CSRF" in reply.text


@pytest.mark.parametrize("name", sorted(name for name in LEAST if name.startswith("POST")))
@pytest.mark.parametrize("site", ["cross-site", "same-site", "none"])
def test_nothing_changes_when_another_site_asks(office, name, site):
    path = re.sub(r"\{[^}]+\}", "1", name.removeprefix("POST "))
    assert office.signed_in_once("ada").post(path, Sec_Fetch_Site=site).status == 403


def test_admin_adds_an_account_that_can_sign_in(own_office):
    admin = own_office.signed_in("ada")
    fields = {"name": "kano", "right": "analyst", "password": NEW, "again": NEW}
    assert admin.post("/accounts", fields).status == 303
    assert "kano: Added." in admin.get("/accounts?done=added&name=kano").text
    assert own_office.stranger().sign_in("kano", NEW).status == 303


def test_disabled_account_is_out_at_once(own_office):
    admin, reader = own_office.signed_in("ada"), own_office.signed_in("rei")
    admin.post("/accounts/rei/disable")
    assert reader.get("/").status == 303
    assert own_office.stranger().sign_in("rei").status == 401
    admin.post("/accounts/rei/enable")
    assert own_office.stranger().sign_in("rei").status == 303


def test_changed_right_holds_at_once(own_office):
    admin, reader = own_office.signed_in("ada"), own_office.signed_in("rei")
    assert reader.get("/audit").status == 403
    admin.post("/accounts/rei/right", {"right": "editor"})
    assert reader.get("/audit").status == 200


def test_reset_password_ends_sessions(own_office):
    admin, reader = own_office.signed_in("ada"), own_office.signed_in("rei")
    admin.post("/accounts/rei/password", {"password": NEW, "again": NEW})
    assert reader.get("/").status == 303
    assert own_office.stranger().sign_in("rei", NEW).status == 303


@pytest.mark.parametrize("what", ["disable", "right", "password"])
def test_admin_cannot_lock_oneself_out(own_office, what):
    admin = own_office.signed_in("ada")
    fields = {"right": "reader", "password": NEW, "again": NEW}
    assert admin.post(f"/accounts/ada/{what}", fields).status == 400
    with own_office.database.read() as tx:
        account = read_account(tx, "ada")
    assert account
    assert (account.right, account.disabled_at) == (Right.ADMIN, None)


@pytest.mark.parametrize(
    "fields",
    [
        {"name": "rei", "right": "analyst", "password": NEW, "again": NEW},
        {"name": "<b>", "right": "analyst", "password": NEW, "again": NEW},
        {"name": "kano", "right": "king", "password": NEW, "again": NEW},
        {"name": "kano", "right": "analyst", "password": NEW, "again": "other"},
    ],
)
def test_account_is_not_added_when_something_is_wrong(office, fields):
    reply = office.signed_in_once("ada").post("/accounts", fields)
    assert reply.status == 400
    assert 'role="alert"' in reply.text
    with office.database.read() as tx:
        assert read_account(tx, "kano") is None


def test_proxy_that_says_https_gets_a_secure_cookie(tmp_path):
    with office_at(tmp_path / "w", behind_proxy=True) as found:
        client = Client(found.port, scheme="https")
        reply = client.post(
            "/login", {"name": "rei", "password": PASSWORD}, X_Forwarded_Proto="https"
        )
        cookie = reply.headers["set-cookie"]
        assert cookie.startswith("__Host-")
        assert "secure" in cookie.lower()
        assert client.get("/", X_Forwarded_Proto="https").status == 200


@pytest.mark.parametrize(("behind_proxy", "seen"), [(False, "10.1.1.1"), (True, "10.2.2.2")])
def test_forwarded_address_is_believed_behind_a_proxy_alone(behind_proxy, seen):
    found: list[str] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        found.append(scope["address"])
        await PlainTextResponse("")(scope, receive, send)

    door = TokenDoor("t", single_user("mio"))
    gate = Gate(app, door=door, hosts=("desk:1",), behind_proxy=behind_proxy)
    headers = {
        "host": "desk:1",
        "cookie": f"desk-{short_hash('desk:1')}=t",
        "x-forwarded-for": "10.3.3.3, 10.2.2.2",
    }
    scope = {
        "type": "http",
        "method": "GET",
        "path": "/",
        "query_string": b"",
        "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        "client": ("10.1.1.1", 4000),
    }

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(_message: Message) -> None:
        return None

    asyncio.run(gate(scope, receive, send))
    assert found == [seen]


@pytest.mark.parametrize("host", ["0.0.0.0", "::", "192.0.2.1", "desk.example.org", ""])
def test_serve_refuses_to_listen_beyond_loopback_without_accounts(workspace, host):
    settings = load_settings(workspace.config_file)
    with pytest.raises(ConfigError, match="--accounts"):
        serve(workspace, settings, port=0, open_browser=False, at=Listening(host=host))


def test_serve_refuses_every_address_when_no_name_is_known(workspace):
    settings = load_settings(workspace.config_file)
    at = Listening(host="0.0.0.0", with_accounts=True)
    with pytest.raises(ConfigError, match="--public-host"):
        serve(workspace, settings, port=0, open_browser=False, at=at)


def test_serve_names_the_remedy_when_no_admin_has_an_account(workspace):
    with Database.open(workspace.database_url) as database:
        add_account(database, "ana", right=Right.ANALYST, password=PASSWORD, by="setup")
    settings = load_settings(workspace.config_file)
    with pytest.raises(ConfigError, match="accounts add NAME --right admin"):
        serve(workspace, settings, port=0, open_browser=False, at=Listening(with_accounts=True))


def test_hosts_are_the_address_and_the_public_names():
    at = Listening(host="192.0.2.7", with_accounts=True, public_hosts=("Desk.example.org",))
    assert served_hosts(at, 8765) == (
        "192.0.2.7:8765",
        "desk.example.org",
        "desk.example.org:8765",
    )
