from __future__ import annotations

import re

import pytest

PAGES = [
    "/",
    "/story/story-visit",
    "/night",
    "/night/1",
    "/issues",
    "/issue/vol-2.6",
    "/audit",
    "/agreement",
    "/accounts",
]
PATHS = [*PAGES, "/static/desk.css", "/article/x/original", "/x"]


@pytest.mark.parametrize("path", PATHS)
def test_locked_page_when_no_token(stranger, path):
    answer = stranger.get(path)
    assert answer.status == 403
    assert "Leaders" not in answer.text
    assert "alliance-nlp review" in answer.text


def test_locked_page_when_token_is_wrong(stranger):
    assert stranger.get("/?token=guess").status == 403
    assert stranger.get("/", Cookie="desk=guess").status == 403
    assert stranger.get("/?token=%F0%9F%98%80").status == 403


def test_token_becomes_strict_cookie_and_leaves_address(stranger):
    answer = stranger.log_in()
    assert answer.status == 303
    assert answer.headers["location"] == "/"
    cookie = answer.headers["set-cookie"].lower()
    assert "httponly" in cookie
    assert "samesite=strict" in cookie
    assert stranger.get("/").status == 200


def test_token_never_redirects_elsewhere_when_path_names_a_host(stranger):
    answer = stranger.log_in("//evil.example/")
    assert answer.headers["location"] == "/"


@pytest.mark.parametrize(
    "host",
    [
        "evil.example",
        "127.0.0.1",
        "127.0.0.1:1",
        "localhost",
        "0.0.0.0",
        "[::1]",
        "127.0.0.1.evil.example",
        "evil.example@127.0.0.1",
        "169.254.169.254",
        "",
        "127.0.0.1:PORT.evil.example",
        "127.0.0.1:PORT@evil.example",
        "evil.example:PORT",
        "127.1:PORT",
        "2130706433:PORT",
        "0x7f000001:PORT",
        "[::1]:PORT",
        "[::ffff:127.0.0.1]:PORT",
        "localhost.:PORT",
        "127.0.0.1:PORT, evil.example",
        "127.0.0.1:PORT/",
        "http://127.0.0.1:PORT",
    ],
)
def test_refused_when_host_is_not_ours(browser, host):
    answer = browser.get("/", Host=host.replace("PORT", str(browser.port)))
    assert answer.status == 400
    assert "Candidates" not in answer.text


def test_served_when_host_is_localhost_with_port(browser):
    assert browser.get("/", Host=f"LocalHost:{browser.port}").status == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec_Fetch_Site": "cross-site"},
        {"Sec_Fetch_Site": "same-site"},
        {"Sec_Fetch_Site": "none"},
        {"Origin": "http://evil.example"},
        {"Origin": "null"},
        {"Origin": "http://127.0.0.1:1"},
        {"Origin": "", "Sec_Fetch_Site": ""},
    ],
)
def test_post_refused_when_not_from_our_pages(desk, headers):
    assert desk.decide(**headers).status == 403
    assert desk.decisions() == []


@pytest.mark.parametrize("headers", [{"Origin": ""}, {"Sec_Fetch_Site": ""}])
def test_post_taken_when_browser_sends_one_of_both(own_filled_desk, headers):
    assert own_filled_desk.decide(**headers).status == 303
    assert len(own_filled_desk.decisions()) == 1


@pytest.mark.parametrize("csrf", ["", "0" * 64, "ü"])
def test_post_refused_when_csrf_token_is_wrong(desk, csrf):
    assert desk.decide({"csrf": csrf}).status == 403
    assert desk.decisions() == []


def test_post_refused_when_csrf_token_is_missing(browser, desk):
    fields = browser.form()
    del fields["csrf"]
    answer = browser.post("/story/story-visit/decide", {**fields, "verdict": "accept"})
    assert answer.status == 403
    assert desk.decisions() == []


def test_post_refused_when_no_token(stranger, desk):
    assert stranger.post("/story/story-visit/decide", {"verdict": "accept"}).status == 403
    assert desk.decisions() == []


def test_post_refused_when_form_is_too_large(desk):
    assert desk.decide({"note": "x" * 70_000}).status == 413
    assert desk.decisions() == []


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE"])
def test_nothing_decided_when_method_is_not_post(browser, desk, method):
    answer = browser.ask(method, "/story/story-visit/decide?verdict=accept")
    assert answer.status in (403, 405)
    assert desk.decisions() == []


@pytest.mark.parametrize("path", PATHS)
def test_headers_stand_on_every_answer(browser, path):
    headers = browser.get(path).headers
    policy = dict(
        rule.strip().split(" ", 1) for rule in headers["content-security-policy"].split(";")
    )
    assert policy["default-src"] == "'none'"
    assert policy["script-src"] == policy["style-src"] == "'self'"
    assert "unsafe" not in headers["content-security-policy"]
    assert policy["frame-ancestors"] == policy["base-uri"] == "'none'"
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["referrer-policy"] == "same-origin"
    assert headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", PAGES)
def test_pages_hold_no_inline_script_or_style(browser, path):
    text = browser.get(path).text
    own = re.findall(r'<script src="/static/[a-z_]+\.js" type="module"></script>', text)
    assert text.count("<script") == len(own) >= 1
    assert "<style" not in text
    assert " style=" not in text


@pytest.mark.parametrize("path", ["/", "/story/story-hostile", "/night"])
def test_markup_in_articles_is_shown_not_run(browser, path):
    text = browser.get(path).text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert "<script>alert" not in text
    assert "<img" not in text
    assert "{{ 7*7 }}" in text


def test_link_is_left_out_when_it_is_no_web_address(browser):
    text = browser.get("/story/story-hostile").text
    assert "javascript:" not in text
    assert 'href="https://harbor.example/3"' in text


@pytest.mark.parametrize(
    "path", ["/static/../app.py", "/static/%2e%2e/app.py", "/static/..%2fapp.py", "/static/"]
)
def test_static_serves_nothing_else_when_path_climbs(browser, path):
    answer = browser.get(path)
    assert answer.status == 404
    assert "create_app" not in answer.text
