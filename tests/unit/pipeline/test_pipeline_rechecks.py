"""When an article that we have is asked for again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Lead
from alliance_nlp.pipeline.rechecks import is_due, says_changed
from alliance_nlp.store import KnownLead

SEEN_AT = datetime(2026, 3, 1, 6, tzinfo=UTC)
LEAD = Lead(source_id="harbor", url="https://harbor.example/1")


def known(*, asked_h: float | None = 0.0, n_tries: int = 1, updated: str = "") -> KnownLead:
    """An article first seen at six, last asked for so many hours later."""
    return KnownLead(
        lead=replace(LEAD, updated=updated),
        key=LEAD.url,
        seen_at=SEEN_AT,
        asked_at=None if asked_h is None else SEEN_AT + timedelta(hours=asked_h),
        n_tries=n_tries,
    )


def hours(n: float) -> datetime:
    return SEEN_AT + timedelta(hours=n)


@pytest.mark.parametrize(
    ("one", "at_h", "due"),
    [
        (known(), 11.9, False),
        (known(), 12.0, True),
        (known(asked_h=12, n_tries=2), 35.9, False),
        (known(asked_h=12, n_tries=2), 36.0, True),
        (known(asked_h=36, n_tries=3), 71.9, False),
        (known(n_tries=0), 12.0, True),
    ],
)
def test_each_further_look_waits_twice_as_long(one: KnownLead, at_h: float, due: bool) -> None:
    assert is_due(one, at=hours(at_h), days=30) is due


@pytest.mark.parametrize(("at_h", "due"), [(72.0, True), (72.1, False)])
def test_an_article_older_than_the_setting_is_left_alone(at_h: float, due: bool) -> None:
    assert is_due(known(), at=hours(at_h), days=3) is due


def test_no_days_mean_never() -> None:
    assert not is_due(known(), at=hours(48), days=0)


def test_an_article_that_was_never_asked_for_is_no_recheck() -> None:
    assert not is_due(known(asked_h=None), at=hours(48), days=3)


def test_a_listing_that_says_changed_is_believed_at_once() -> None:
    said = replace(LEAD, updated="2026-03-01T07:00Z")
    assert says_changed(known(updated="2026-03-01T06:00Z"), said, at=hours(1))


def test_a_listing_that_says_changed_of_an_old_article_is_not_believed() -> None:
    said = replace(LEAD, updated="later")
    assert not says_changed(known(updated="earlier", n_tries=9), said, at=hours(31 * 24))


def test_a_listing_that_says_changed_is_not_believed_twice_in_one_run() -> None:
    said = replace(LEAD, updated="later")
    assert not says_changed(known(updated="earlier", asked_h=1), said, at=hours(1))


@pytest.mark.parametrize(("before", "now"), [("", "later"), ("earlier", ""), ("same", "same")])
def test_a_stamp_that_appears_goes_or_stays_says_nothing(before: str, now: str) -> None:
    said = replace(LEAD, updated=now)
    assert not says_changed(known(updated=before), said, at=hours(1))


@given(
    n_tries=st.integers(0, 40),
    asked_h=st.floats(0, 2000),
    after_h=st.floats(0, 2000),
    days=st.floats(0, 90),
)
def test_without_a_stamp_nothing_is_due_within_twelve_hours_or_after_its_days(
    n_tries: int, asked_h: float, after_h: float, days: float
) -> None:
    at_h = asked_h + after_h
    if is_due(known(asked_h=asked_h, n_tries=n_tries), at=hours(at_h), days=days):
        assert after_h > 11.99
        assert at_h <= 24 * days + 0.01
