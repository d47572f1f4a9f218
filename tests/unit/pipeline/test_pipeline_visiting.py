"""What a visit to a source comes to."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Outcome, Reason, Source, SourceKind
from alliance_nlp.pipeline.visiting import Hops, Tally, is_blocked, refused

AT = datetime(2026, 3, 1, 6, tzinfo=UTC)
URL = "https://harbor.example/feed.xml"


def tally() -> Tally:
    return Tally(Source(id="harbor", name="Harbor", kind=SourceKind.FEED, url=URL))


def refuse(one: Tally, *reasons: Reason, detail: str = "no") -> Tally:
    one.refused += [refused(URL, reason, detail, failed=True) for reason in reasons]
    return one


def outcome(one: Tally) -> Outcome:
    return one.visit(run_id=1, at=AT).outcome


def test_outcome_is_new_when_a_page_came_even_if_others_failed() -> None:
    one = refuse(tally(), Reason.TIMEOUT)
    one.n_new = 1
    assert outcome(one) is Outcome.NEW


def test_outcome_is_unchanged_when_a_listing_answered_with_nothing_new() -> None:
    one = refuse(tally(), Reason.TIMEOUT)
    one.listed(0, None)
    assert outcome(one) is Outcome.UNCHANGED


def test_outcome_is_unchanged_when_nothing_was_there_to_ask() -> None:
    assert outcome(tally()) is Outcome.UNCHANGED


@pytest.mark.parametrize(
    ("reasons", "wanted"),
    [
        ([Reason.TIMEOUT], Outcome.FAILED),
        ([Reason.ROBOTS_DENIED], Outcome.BLOCKED),
        ([Reason.TIMEOUT, Reason.ADDRESS_DENIED], Outcome.BLOCKED),
        ([Reason.PUT_OFF], Outcome.PUT_OFF),
        ([Reason.PUT_OFF, Reason.TLS], Outcome.FAILED),
    ],
)
def test_outcome_follows_from_why_nothing_came(reasons: list[Reason], wanted: Outcome) -> None:
    assert outcome(refuse(tally(), *reasons)) is wanted


@pytest.mark.parametrize("code", [401, 403, 407, 429, 451])
def test_a_status_that_turns_us_away_is_blocked(code: int) -> None:
    assert is_blocked(refused(URL, Reason.HTTP_STATUS, f"answered with status {code}"))


@pytest.mark.parametrize("code", [400, 404, 410, 500, 503])
def test_a_status_that_says_broken_or_gone_is_not_blocked(code: int) -> None:
    assert not is_blocked(refused(URL, Reason.HTTP_STATUS, f"answered with status {code}"))


def test_a_number_in_another_refusal_does_not_make_it_blocked() -> None:
    assert not is_blocked(refused(URL, Reason.BAD_LISTING, "it quotes status 403"))


def test_visit_keeps_the_newest_date_whatever_the_order() -> None:
    one = tally()
    for days in (3, 0, 5):
        one.listed(1, AT - timedelta(days=days))
    one.listed(1, None)
    visit = one.visit(run_id=4, at=AT)
    assert (visit.newest_at, visit.n_listed, visit.run_id) == (AT, 4, 4)


def test_visit_adds_up_bytes_and_times_its_requests() -> None:
    one = tally()
    one.asked()
    one.received(100)
    one.received(23)
    visit = one.visit(run_id=1, at=AT)
    assert visit.n_bytes == 123
    assert 0 <= visit.seconds < 5


def test_visit_says_each_reason_once_and_not_without_end() -> None:
    one = refuse(tally(), *[Reason.TIMEOUT] * 3, detail="no answer")
    one.warnings.append("x" * 900)
    detail = one.visit(run_id=1, at=AT).detail
    assert detail.count("no answer") == 1
    assert len(detail) == 500


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ([200], False),
        ([301, 200], True),
        ([308, 200], True),
        ([301, 308, 200], True),
        ([302, 200], False),
        ([301, 302, 200], False),
        ([307, 301, 200], False),
        ([304], False),
        ([301, 304], True),
    ],
)
def test_moved_is_only_what_every_redirect_says_is_for_good(
    statuses: list[int], moved: bool
) -> None:
    hops = Hops()
    for status in statuses:
        hops.add(status)
    assert hops.moved_to("https://new.example/") == ("https://new.example/" if moved else "")


@given(st.lists(st.sampled_from([301, 302, 303, 307, 308]), min_size=1))
def test_the_order_of_redirects_does_not_matter(statuses: list[int]) -> None:
    forwards, backwards = Hops(), Hops()
    for status in statuses:
        forwards.add(status)
    for status in reversed(statuses):
        backwards.add(status)
    assert forwards.moved_to("x") == backwards.moved_to("x")
