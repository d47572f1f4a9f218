"""Dates as they are written, and which of a page's dates is believed."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from extract_pages import FETCHED_AT, URL, html, json_ld, page, paragraphs

from alliance_nlp.core.types import Lead
from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.extract.dates import parse_date

TABLE = [
    ("2026-11-21T08:00:00+09:00", "2026-11-20 23:00", "time"),
    ("2026-11-21T08:00:00.000Z", "2026-11-21 08:00", "time"),
    ("2026-11-21T08:00:00", "2026-11-20 23:00", "time"),
    ("2026-11-21T08:00-0500", "2026-11-21 13:00", "time"),
    ("2026-11-21", "2026-11-21 00:00", "day"),
    ("20261121", "2026-11-21 00:00", "day"),
    ("20261121T080000Z", "2026-11-21 08:00", "time"),
    ("Sat, 21 Nov 2026 08:00:00 GMT", "2026-11-21 08:00", "time"),
    ("Sat, 21 Nov 2026 08:00:00 JST", "2026-11-20 23:00", "time"),
    ("Sat, 21 Nov 2026 08:00:00 KST", "2026-11-20 23:00", "time"),
    ("Sat, 21 Nov 2026 08:00:00 +0900", "2026-11-20 23:00", "time"),
    ("Nov. 21, 2026, at 8:05 p.m. EST", "2026-11-22 01:05", "time"),
    ("July 4, 2026 8:05 PM EDT", "2026-07-05 00:05", "time"),
    ("July 4, 2026 8:05 PM ET", "2026-07-05 00:05", "time"),
    ("January 4, 2026 8:05 PM ET", "2026-01-05 01:05", "time"),
    ("21 November 2026 08.30 BST", "2026-11-21 07:30", "time"),
    ("8:00 AM PST, November 21, 2026", "2026-11-21 16:00", "time"),
    ("1st May 2026", "2026-05-01 00:00", "day"),
    ("2026年11月21日", "2026-11-21 00:00", "day"),
    ("2026年11月21日(土) 8時05分", "2026-11-20 23:05", "time"),
    ("2026年11月21日 午後3時", "2026-11-21 06:00", "time"),
    ("２０２６年１１月２１日　１８：３０", "2026-11-21 09:30", "time"),
    ("令和8年11月21日", "2026-11-21 00:00", "day"),
    ("令和元年5月1日", "2019-05-01 00:00", "day"),
    ("平成31年4月30日", "2019-04-30 00:00", "day"),
    ("R8.11.21", "2026-11-21 00:00", "day"),
    ("11月21日 7時30分", "2026-11-20 22:30", "time"),
    ("12月28日", "2025-12-28 00:00", "day"),
    ("2026년 11월 21일", "2026-11-21 00:00", "day"),
    ("2026/11/21 23:10", "2026-11-21 14:10", "time"),
    ("1795214400", "2026-11-20 22:40", "time"),
    ("1795214400000", "2026-11-20 22:40", "time"),
    ("11/21/2026", "2026-11-21 00:00", "day"),
    ("21/11/2026", "2026-11-21 00:00", "day"),
    ("21.11.2026", "2026-11-21 00:00", "day"),
    ("20261121080000", "2026-11-20 23:00", "time"),
    ("2026-11-21T24:00:00", "2026-11-21 15:00", "time"),
    ("2026-11-21 08:00:00.0", "2026-11-20 23:00", "time"),
    ("2026-11-21 08:00 UTC+9", "2026-11-20 23:00", "time"),
    ("8:05 PM GMT+9, Nov 21, 2026", "2026-11-21 11:05", "time"),
    ("Published 21:08 JST, Nov 21, 2026", "2026-11-21 12:08", "time"),
    ("Sat Nov 21 08:00:00 2026", "2026-11-20 23:00", "time"),
    ("Sat Nov 21 2026 08:00:00 GMT+0900 (Japan Standard Time)", "2026-11-20 23:00", "time"),
    ("Sat, 21 Nov 26 08:00:00 GMT", "2026-11-21 08:00", "time"),
    ("Sat, 21 Nov 2026 08:00:00 IST", "2026-11-21 02:30", "time"),
    ("21 November 2026 at 8:00 eat", "2026-11-20 23:00", "time"),
    ("Nov. 21", "2026-11-21 00:00", "day"),
    ("Dec. 28", "2025-12-28 00:00", "day"),
    ("21 Nov 2026", "2026-11-21 00:00", "day"),
    ("21/Nov/2026", "2026-11-21 00:00", "day"),
    ("Saturday, Nov. 21, 8:05 p.m.", "2026-11-21 11:05", "time"),
    ("2026年11月21日(土)午後3時", "2026-11-21 06:00", "time"),
    ("2026年11月21日 午後3時半", "2026-11-21 06:30", "time"),
    ("2026年11月21日 24時00分", "2026-11-21 15:00", "time"),
    ("2026年11月21日 日本時間 8時05分", "2026-11-20 23:05", "time"),
    ("11/21(土) 7:30", "2026-11-20 22:30", "time"),
    ("2026.11.21", "2026-11-21 00:00", "day"),
    ("２０２６／１１／２１", "2026-11-21 00:00", "day"),
    ("令和８年（２０２６年）１１月２１日", "2026-11-21 00:00", "day"),
    ("令和八年十一月二十一日", "2026-11-21 00:00", "day"),
    ("昭和64年1月7日", "1989-01-07 00:00", "day"),
    ("1795214400.25", "2026-11-20 22:40", "time"),
    ("12/11/2026", "2026-11-12 00:00", "day"),
]


@pytest.mark.parametrize(("text", "at", "precision"), TABLE)
def test_date_is_read(text: str, at: str, precision: str) -> None:
    moment = parse_date(text, home="Asia/Tokyo", near=FETCHED_AT)
    assert moment is not None
    assert (f"{moment.at:%Y-%m-%d %H:%M}", moment.precision) == (at, precision)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "soon",
        "2026-13-45",
        "30 February 2026",
        "999",
        "令和8年11月",
        "May 5 was the day on which the first of the cutters left the northern port",
    ],
)
def test_no_date_is_read_when_there_is_none(text: str) -> None:
    assert parse_date(text, near=FETCHED_AT) is None


@pytest.mark.parametrize(
    "text", ["7 days ago", "2 hours ago", "yesterday", "3日前", "5分前", "昨日", "just now"]
)
def test_relative_date_is_refused(text: str) -> None:
    assert parse_date(text, near=FETCHED_AT) is None


def test_month_goes_first_when_the_page_is_american() -> None:
    moment = parse_date("03/04/2026", month_first=True, home="Europe/London")
    assert moment is not None
    assert moment.day == date(2026, 3, 4)


@pytest.mark.parametrize(
    ("text", "home", "day"),
    [
        ("03/04/2026", "America/New_York", date(2026, 3, 4)),
        ("03/04/2026", "Europe/London", date(2026, 4, 3)),
        ("03/04/2026", "Australia/Sydney", date(2026, 4, 3)),
    ],
)
def test_ambiguous_date_follows_the_source_s_home(text: str, home: str, day: date) -> None:
    moment = parse_date(text, home=home)
    assert moment is not None
    assert moment.day == day


@pytest.mark.parametrize(
    ("home", "hour"), [("Asia/Shanghai", 0), ("America/Chicago", 14), ("UTC", 14)]
)
def test_ambiguous_zone_follows_the_source_s_home(home: str, hour: int) -> None:
    moment = parse_date("2026-11-21 08:00 CST", home=home)
    assert moment is not None
    assert moment.at.hour == hour


def published(head: str = "", *, zone: str = "UTC", lead: Lead | None = None, **parts: str):
    found = extract_page(page(html(head=head, **parts)), lead=lead, zone=zone)
    assert isinstance(found, Extraction)
    return found.article


def test_json_ld_goes_before_meta() -> None:
    head = json_ld(
        '{"@type":"NewsArticle","headline":"x","datePublished":"2026-11-20T10:00:00Z"}'
    ) + ('<meta property="article:published_time" content="2026-11-21T10:00:00Z">')
    article = published(head)
    assert article.published.at == datetime(2026, 11, 20, 10, tzinfo=UTC)
    assert article.published.where == "json-ld:datePublished"
    assert article.published.found == "2026-11-20T10:00:00Z"


def test_doubt_is_flagged_when_statements_are_weeks_apart() -> None:
    head = json_ld('{"@type":"NewsArticle","headline":"x","datePublished":"2026-10-01"}') + (
        '<meta property="article:published_time" content="2026-11-21">'
    )
    assert "date-in-doubt" in published(head).flags


def test_future_date_is_not_believed() -> None:
    head = '<meta property="article:published_time" content="2027-02-01T00:00:00Z">'
    article = published(head)
    assert article.published is None
    assert {"date-in-doubt", "no-date"} <= set(article.flags)


def test_listing_s_date_serves_when_the_page_s_is_in_the_future() -> None:
    head = '<meta property="article:published_time" content="2027-02-01T00:00:00Z">'
    lead = Lead(source_id="x", url=URL, published="Fri, 20 Nov 2026 09:00:00 JST")
    article = published(head, lead=lead)
    assert article.published.at == datetime(2026, 11, 20, 0, tzinfo=UTC)
    assert article.published.where == "listing"
    assert "date-in-doubt" in article.flags


def test_source_zone_counts_when_the_page_states_none() -> None:
    head = '<meta name="pubdate" content="2026-11-21 08:00:00">'
    assert published(head, zone="Asia/Tokyo").published.at.hour == 23


def test_visible_dateline_counts_when_metadata_is_silent() -> None:
    body = '<p class="article-date">2026年11月21日 7時05分</p>' + paragraphs()
    article = published(body=body, zone="Asia/Tokyo")
    assert article.published.at == datetime(2026, 11, 20, 22, 5, tzinfo=UTC)
    assert article.published.on == date(2026, 11, 21)
    assert "2026年11月21日 7時05分" in article.published.found


def test_day_in_the_address_counts_when_nothing_else_tells_it() -> None:
    url = "https://harbour-post.example/2026/11/19/ferry-talks"
    found = extract_page(page(html(), url=url))
    assert isinstance(found, Extraction)
    assert found.article.published.on == date(2026, 11, 19)


def test_missing_date_is_flagged() -> None:
    assert "no-date" in published().flags


def on_page(head: str = "", *, body: str = "", zone: str = "UTC", url: str = URL):
    found = extract_page(page(html(head=head, body=body + paragraphs()), url=url), zone=zone)
    assert isinstance(found, Extraction)
    return found.article


META = '<meta property="article:published_time" content="{}">'


@pytest.mark.parametrize(
    ("url", "lang", "day"),
    [
        ("https://harbour.example.co.uk/a", "en-US", date(2026, 4, 3)),
        ("https://harbour.example/a", "en-GB", date(2026, 4, 3)),
        ("https://harbour.example/a", "en-US", date(2026, 3, 4)),
    ],
)
def test_day_or_month_goes_first_by_host_then_locale(url: str, lang: str, day: date) -> None:
    body = html(head=META.format("03/04/2026")).replace('lang="en"', f'lang="{lang}"')
    found = extract_page(page(body, url=url))
    assert isinstance(found, Extraction)
    assert found.article.published.on == day


@pytest.mark.parametrize(
    ("body", "url"),
    [
        ("<p class=date>November 16, 2026</p>", URL),
        ('<time datetime="2026-11-16T08:00:00Z">Nov. 16</time>', URL),
        ("", "https://harbour-post.example/2026/11/16/ferry-talks"),
    ],
)
def test_doubt_is_flagged_when_page_or_address_tell_another_day(body: str, url: str) -> None:
    article = on_page(META.format("2026-11-20T10:00:00Z"), body=body, url=url)
    assert article.published.on == date(2026, 11, 20)
    assert "date-in-doubt" in article.flags


@pytest.mark.parametrize(
    "body",
    [
        "<p>November 20, 2026</p>",
        "<p>November 19, 2026 8:00 PM EST</p>",
        "<p>Nov. 20</p>",
        "<p>Updated: November 22, 2026</p>",
        "<p>Last updated</p><p>November 22, 2026</p>",
        "<p>A pier in winter, Nov. 2, 2026. (Photo by Ben Mast)</p>",
    ],
)
def test_no_doubt_is_flagged_when_the_page_tells_the_same_or_an_update(body: str) -> None:
    article = on_page(META.format("2026-11-20T01:00:00Z"), body=body)
    assert "date-in-doubt" not in article.flags


def test_modified_date_is_not_taken_when_the_page_shows_that_of_publication() -> None:
    head = '<meta property="article:modified_time" content="2026-11-21T10:00:00Z">'
    body = "<p>Updated 21 November 2026. First published 3 November 2026.</p>"
    assert on_page(head, body=body).published.on == date(2026, 11, 3)


def test_modified_date_serves_in_doubt_when_there_is_no_other() -> None:
    head = '<meta property="og:updated_time" content="2026-11-21T10:00:00Z">'
    article = on_page(head)
    assert article.published.on == date(2026, 11, 21)
    assert "date-in-doubt" in article.flags


def test_shown_date_is_taken_when_metadata_took_that_of_the_last_edit() -> None:
    head = json_ld(
        '{"@type":"BlogPosting","headline":"x","datePublished":"2026-11-20T10:00:00Z",'
        '"dateModified":"2026-11-20T10:00:00Z"}'
    )
    article = on_page(head, body="<p class=date>May 14, 2026</p>")
    assert article.published.on == date(2026, 5, 14)
    assert "date-in-doubt" in article.flags


def test_day_is_that_of_the_source_s_home_when_the_page_states_utc() -> None:
    article = on_page(META.format("2026-11-19T23:30:00Z"), zone="Asia/Tokyo")
    assert article.published.at == datetime(2026, 11, 19, 23, 30, tzinfo=UTC)
    assert article.published.on == date(2026, 11, 20)


def test_day_is_local_when_another_statement_gives_the_instant_its_offset() -> None:
    body = '<time datetime="2026-11-18T19:05:00-08:00">November 18, 2026</time>'
    article = on_page(META.format("2026-11-19T03:05:00+00:00"), body=body)
    assert article.published.on == date(2026, 11, 18)


def test_date_is_never_later_than_the_fetch() -> None:
    article = on_page(META.format("2026-11-22T11:00:00"))
    assert article.published.at == FETCHED_AT
    assert "date-in-doubt" in article.flags


def test_absurd_date_is_flagged_and_not_believed() -> None:
    article = on_page(META.format("1970-01-01T00:00:00Z"))
    assert article.published is None
    assert "date-in-doubt" in article.flags


def test_date_of_the_page_object_counts_when_no_article_is_described() -> None:
    head = json_ld('{"@graph":[{"@type":"WebPage","datePublished":"2026-11-20T10:00:00Z"}]}')
    assert on_page(head).published.on == date(2026, 11, 20)
