from __future__ import annotations

from dataclasses import FrozenInstanceError, fields
from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from alliance_nlp.core import errors, types
from alliance_nlp.core.clock import now, parse_as_of, utc
from alliance_nlp.core.errors import AllianceError, ConfigError
from alliance_nlp.core.ids import article_id, is_slug, sha256_hex, short_hash, slug
from alliance_nlp.core.types import Dated, Issue, IssueItem, Page, Role, Sentence

AT = datetime(2024, 4, 14, tzinfo=UTC)


def test_now_is_aware_utc_in_whole_seconds() -> None:
    at = now()
    assert at.tzinfo is UTC
    assert at.microsecond == 0


def test_utc_takes_naive_time_for_utc_and_converts_others() -> None:
    assert utc(datetime(2024, 4, 14)) == AT  # noqa: DTZ001 - the point of the test
    tokyo = timezone(timedelta(hours=9))
    assert utc(datetime(2024, 4, 14, 9, tzinfo=tokyo)) == AT


def test_parse_as_of_takes_a_date_for_the_days_last_second() -> None:
    assert parse_as_of("2024-04-14") == datetime(2024, 4, 14, 23, 59, 59, tzinfo=UTC)


def test_parse_as_of_converts_a_time_with_a_zone() -> None:
    assert parse_as_of("2024-04-14T09:00:00+09:00") == AT


@pytest.mark.parametrize(
    "text", ["", "yesterday", "2024-13-01", "14/04/2024", "0001-01-01T00:00:00+09:00"]
)
def test_parse_as_of_shows_how_to_write_it_when_it_is_no_date(text: str) -> None:
    with pytest.raises(ConfigError, match="write 2024-04-14"):
        parse_as_of(text)


def test_sha256_hex_is_the_standard_digest() -> None:
    assert sha256_hex(b"").startswith("e3b0c44298fc1c149afbf4c8996fb924")


def test_short_hash_sees_the_borders_between_parts() -> None:
    assert short_hash("ab", "c") != short_hash("a", "bc") != short_hash("abc")


def test_short_hash_takes_lone_surrogates() -> None:
    assert len(short_hash("\ud800")) == 16


def test_article_id_changes_with_the_text() -> None:
    assert article_id("https://a.example/x", "one") != article_id("https://a.example/x", "two")


@pytest.mark.parametrize(
    ("text", "expected"),
    [("U.S.-Japan: Talks!", "u-s-japan-talks"), ("Café", "cafe"), ("日本", "item"), ("", "item")],
)
def test_slug_gives_words_with_hyphens(text: str, expected: str) -> None:
    assert slug(text) == expected
    assert is_slug(expected)


@pytest.mark.parametrize("text", ["", "Navy", "a--b", "-a", "a/b", "a.b", "a b", "navy\n", "日本"])
def test_is_slug_says_no_to_what_no_file_name_should_hold(text: str) -> None:
    assert not is_slug(text)


def test_page_header_finds_the_first_whatever_its_case() -> None:
    page = Page(
        source_id="s",
        role=Role.ARTICLE,
        asked_url="https://a.example/",
        url="https://a.example/",
        status=200,
        headers=(("ETag", '"1"'), ("etag", '"2"')),
        body=b"",
        fetched_at=AT,
    )
    assert page.header("eTag") == '"1"'
    assert page.header("Link") == ""


def test_dated_on_is_the_day_as_the_publisher_counts_it() -> None:
    late = datetime(2024, 4, 13, 23, tzinfo=UTC)
    stated = Dated(
        at=late,
        precision="time",
        found="Sun, 14 Apr 2024 08:00 +0900",
        where="meta",
        local_on=date(2024, 4, 14),
    )
    assert stated.on == date(2024, 4, 14)


def test_dated_on_is_the_utc_day_where_no_other_is_known() -> None:
    late = datetime(2024, 4, 13, 23, tzinfo=UTC)
    assert Dated(at=late, precision="time", found="", where="feed").on == date(2024, 4, 13)


def test_issue_is_named_by_volume_and_number_and_joins_its_sentences() -> None:
    item = IssueItem(headline="H", sentences=(Sentence(text="One."), Sentence(text="Two.")))
    issue = Issue(volume=2, number=6, title="T", published_on=None, items=(item,))
    assert issue.id == "vol-2.6"
    assert issue.items[0].bullet == "One. Two."


def test_values_cannot_be_changed() -> None:
    lead = types.Lead(source_id="s", url="https://a.example/")
    with pytest.raises(FrozenInstanceError):
        lead.url = "https://b.example/"  # type: ignore[misc]


def test_every_value_is_frozen_slotted_and_keyword_only() -> None:
    values = [
        value
        for value in vars(types).values()
        if isinstance(value, type) and hasattr(value, "__dataclass_fields__")
    ]
    assert len(values) > 15
    for value in values:
        assert value.__dataclass_params__.frozen, value
        assert "__slots__" in vars(value), value
        assert all(field.kw_only for field in fields(value)), value


def test_every_error_hangs_on_the_one_tree_and_is_drawn_in_it() -> None:
    found = [value for value in vars(errors).values() if isinstance(value, type)]
    for error in found:
        assert issubclass(error, AllianceError)
        assert error.__name__ in (errors.__doc__ or "")
