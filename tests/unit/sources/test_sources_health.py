from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.core.types import Outcome, Source, SourceKind, Visit
from alliance_nlp.sources import State, judge_health

DAY = timedelta(days=1)
MONDAY = datetime(2026, 1, 5, 21, 0, tzinfo=UTC)
ANY = (0, 10_000)


def source(expected: tuple[int, int] = ANY) -> Source:
    return Source(
        id="gazette",
        name="Gazette",
        kind=SourceKind.FEED,
        url="https://gazette.example/feed",
        expected=expected,
    )


def visit(day: float, n_new: int = 0, **more: object) -> Visit:
    values = {
        "source_id": "gazette",
        "run_id": int(day),
        "at": MONDAY + day * DAY,
        "outcome": Outcome.NEW if n_new else Outcome.UNCHANGED,
        "n_new": n_new,
        "n_listed": n_new + 20,
    }
    return Visit(**{**values, **more})  # type: ignore[arg-type]


def nights(counts: Sequence[int], *, start: int = 0) -> list[Visit]:
    return [visit(start + day, n_new) for day, n_new in enumerate(counts)]


def state(visits: Sequence[Visit], expected: tuple[int, int] = ANY) -> State:
    at = visits[-1].at if visits else MONDAY
    return judge_health(source(expected), visits, at=at).state


def test_source_is_unknown_when_never_visited() -> None:
    health = judge_health(source(), [], at=MONDAY)
    assert (health.state, health.since, health.next_visit_at) == (State.UNKNOWN, None, MONDAY)


def test_source_rests_when_all_known_runs_skipped_it() -> None:
    assert state([visit(0, outcome=Outcome.RESTING)]) is State.RESTING


@pytest.mark.parametrize("expected", [ANY, (0, 3), (5, 60)])
def test_source_is_ok_after_its_first_visit(expected: tuple[int, int]) -> None:
    assert state([visit(0, 40)], expected) is State.OK


def test_source_is_blocked_when_the_last_visit_was_denied() -> None:
    visits = [*nights([5] * 20), visit(20, outcome=Outcome.BLOCKED, detail="robots.txt denies /")]
    health = judge_health(source(), visits, at=visits[-1].at)
    assert (health.state, health.since) == (State.BLOCKED, visits[-1].at)
    assert "robots.txt denies /" in health.why


def test_source_is_failing_since_its_first_failure_when_it_rested_between() -> None:
    outcomes = [Outcome.FAILED, Outcome.RESTING, Outcome.FAILED, Outcome.PUT_OFF]
    more = [visit(20 + n, outcome=outcome) for n, outcome in enumerate(outcomes)]
    health = judge_health(source(), [*nights([5] * 20), *more], at=more[-1].at)
    assert (health.state, health.since) == (State.FAILING, more[0].at)


def test_source_is_ok_again_when_it_answers_after_failures() -> None:
    failed = [visit(20 + n, outcome=Outcome.FAILED) for n in range(3)]
    assert state([*nights([5] * 20), *failed, visit(23, 15)]) is State.OK


def test_source_is_moved_when_its_listing_redirects_for_good() -> None:
    new_url = 'https://gazette.example/new "feed"'
    visits = [*nights([5] * 20), visit(20, 5, moved_to=new_url), visit(21, 5, moved_to=new_url)]
    health = judge_health(source(), visits, at=visits[-1].at)
    assert (health.state, health.since) == (State.MOVED, visits[20].at)
    assert r'url = "https://gazette.example/new \"feed\""' in health.do


def test_source_is_stale_when_its_newest_article_is_far_beyond_its_rhythm() -> None:
    days = [visit(day, 1, newest_at=MONDAY + day * DAY) for day in range(20)]
    quiet = [visit(20 + n, newest_at=days[-1].newest_at) for n in range(16)]
    health = judge_health(source(), [*days, *quiet], at=quiet[-1].at)
    assert (health.state, health.since) == (State.STALE, days[-1].newest_at)


def test_source_is_not_stale_when_it_is_known_to_be_slow() -> None:
    """One article in ten days may take fifty; silence is another matter."""
    steps = [
        visit(day, int(day % 10 == 0), newest_at=MONDAY + day // 10 * 10 * DAY) for day in range(60)
    ]
    quiet = [visit(60 + n, newest_at=steps[-1].newest_at) for n in range(8)]
    assert state([*steps, *quiet]) is State.OK


def test_source_is_stale_at_once_when_its_first_listing_is_years_old() -> None:
    assert state([visit(0, 30, newest_at=MONDAY - 700 * DAY)]) is State.STALE


def test_source_is_not_stale_when_articles_come_under_wrong_dates() -> None:
    old = MONDAY - 700 * DAY
    assert state([visit(day, 4, newest_at=old) for day in range(30)]) is State.OK


def test_source_is_not_stale_when_nobody_looked_for_a_month() -> None:
    visits = [visit(day, 4, newest_at=MONDAY + day * DAY) for day in range(30)]
    health = judge_health(source(), visits, at=MONDAY + 60 * DAY)
    assert health.state is State.OK


def test_reruns_of_one_night_are_no_silence() -> None:
    reruns = [visit(29 + minutes / 1440) for minutes in range(5, 400, 10)]
    assert state([*nights([6] * 30), *reruns]) is State.OK


def test_weekend_is_no_silence_when_the_source_keeps_office_hours() -> None:
    counts = [0 if day % 7 > 4 else 5 for day in range(56)]
    assert state(nights(counts)) is State.OK


def test_new_source_is_not_silent_on_its_first_weekend() -> None:
    assert state(nights([30, 4, 5, 3, 6, 0, 0]), (1, 20)) is State.OK


def test_source_is_silent_by_its_expected_least_when_it_never_brought_anything() -> None:
    assert state(nights([0] * 5), (5, 60)) is State.SILENT


def test_source_that_died_long_ago_stays_silent_when_its_history_is_forgotten() -> None:
    assert state(nights([0] * 90), (0, 15)) is State.SILENT


def test_source_that_may_bring_nothing_is_not_silent_after_a_week() -> None:
    assert state(nights([0] * 7), (0, 3)) is State.OK


def test_silence_is_told_with_its_beginning_and_length() -> None:
    visits = nights([6] * 30 + [0] * 4)
    health = judge_health(source(), visits, at=visits[-1].at)
    assert (health.state, health.since) == (State.SILENT, visits[29].at)
    assert "No new article for 4 days" in health.why
    assert health.do


def test_source_fails_when_its_listing_answers_but_no_article_can_be_had() -> None:
    denied = [visit(30 + n, n_failed=6) for n in range(4)]
    health = judge_health(source(), [*nights([6] * 30), *denied], at=denied[-1].at)
    assert health.state is State.FAILING
    assert "24 tries" in health.why


def test_backlog_after_an_outage_is_not_swollen() -> None:
    failed = [visit(40 + n, outcome=Outcome.FAILED) for n in range(9)]
    assert state([*nights([6] * 40), *failed, visit(49, 60)]) is State.OK


def test_backlog_that_the_listing_cut_off_is_not_shrunken() -> None:
    failed = [visit(60 + n, outcome=Outcome.FAILED) for n in range(20)]
    cut = visit(80, 10, n_listed=10)
    assert state([*nights([20] * 60), *failed, cut]) is State.OK


def test_source_is_swollen_when_a_week_brings_ten_times_the_usual() -> None:
    assert state(nights([5] * 50 + [50] * 4)) is State.SWOLLEN


@pytest.mark.parametrize(
    ("counts", "found"), [([12] * 3, State.SHRUNKEN), ([200] * 3, State.SWOLLEN)]
)
def test_yield_outside_expected_counts_after_three_runs(counts: list[int], found: State) -> None:
    expected = (20, 100)
    assert state(nights([30, 30, *counts[:2]]), expected) is State.OK
    assert state(nights([30, 30, *counts]), expected) is found


def test_lasting_change_becomes_usual() -> None:
    assert state(nights([30] * 30 + [12] * 60)) is State.OK


VISITS = st.lists(
    st.builds(
        Visit,
        source_id=st.just("gazette"),
        run_id=st.integers(0, 100),
        at=st.datetimes(datetime(1990, 1, 1), datetime(2090, 1, 1))  # noqa: DTZ001
        | st.integers(0, 200_000).map(lambda minutes: MONDAY + timedelta(minutes=minutes)),
        outcome=st.sampled_from(Outcome),
        n_listed=st.integers(0, 2000),
        n_new=st.integers(0, 2000),
        n_failed=st.integers(0, 50),
        newest_at=st.none() | st.datetimes(timezones=st.just(UTC)),
        moved_to=st.sampled_from(["", "", "https://x.example/"]),
        detail=st.sampled_from(["", "429, wait until 2026-01-09 10:00:00 UTC", "until 2026-99-99"]),
    ),
    max_size=25,
)
RANGES = st.tuples(st.integers(0, 100), st.integers(0, 10_000)).map(lambda ends: (*sorted(ends),))


@settings(max_examples=40, deadline=None)
@given(visits=VISITS, expected=RANGES)
def test_any_visits_are_judged_without_error(
    visits: list[Visit], expected: tuple[int, int]
) -> None:
    health = judge_health(source(expected), visits, at=MONDAY)
    assert health.why
    assert health.next_visit_at is not None
    assert health.next_visit_at >= MONDAY


# --- a year of nights of synthetic sources ---

Rhythm = Callable[[random.Random, int], int]


def poisson(rng: random.Random, mean: float) -> int:
    """Knuth's method: how many unit arrivals fit into ``mean``."""
    n, product = 0, rng.random()
    while product > math.exp(-mean):
        n, product = n + 1, product * rng.random()
    return n


RHYTHMS: dict[str, Rhythm] = {
    "daily": lambda rng, day: poisson(rng, 2 if day % 7 > 4 else 8),
    "office": lambda rng, day: 0 if day % 7 > 4 else poisson(rng, 5),
    "one-a-day": lambda rng, day: 1,
    "some": lambda rng, day: poisson(rng, 0.5),
    "weekly": lambda rng, day: int(day % 7 == 2 + day // 7 % 2),
    "bursts": lambda rng, day: poisson(rng, 6) if rng.random() < 0.15 else 0,
}


def year(name: str, *, seed: int, n_days: int = 365) -> list[Visit]:
    rng = random.Random(f"{name}{seed}")
    return nights([RHYTHMS[name](rng, day) for day in range(n_days)])


def nights_until(found: set[State], base: list[Visit], then: Sequence[int]) -> int:
    visits = base + nights(then, start=len(base))
    for n in range(1, len(then) + 1):
        if state(visits[len(base) + n - 90 : len(base) + n]) in found:
            return n
    return len(then) + 1


@pytest.mark.parametrize("name", RHYTHMS)
def test_false_alarms_stay_under_two_percent_of_nights_in_a_year(name: str) -> None:
    visits = year(name, seed=1)
    states = Counter(state(visits[max(0, n - 90) : n]) for n in range(1, 366, 6))
    assert 1 - states[State.OK] / states.total() < 0.02, states


@pytest.mark.parametrize(
    ("name", "most"), [("daily", 3), ("one-a-day", 3), ("office", 5), ("weekly", 28)]
)
def test_silence_is_noticed_in_time_after_months_of_rhythm(name: str, most: int) -> None:
    """An office's five nights hold the weekend and three nights without expected news."""
    for end in range(120, 127):
        visits = [*year(name, seed=end, n_days=end), *nights([0] * most, start=end)]
        assert state(visits[-90:]) is State.SILENT


@pytest.mark.parametrize("name", ["daily", "office"])
def test_shrinkage_to_a_fifth_is_noticed_within_ten_days(name: str) -> None:
    rng = random.Random(3)
    for end in (121, 125):
        base = year(name, seed=end, n_days=end)
        counts = [RHYTHMS[name](rng, day) for day in range(end, end + 11)]
        then = [sum(rng.random() < 0.2 for _ in range(n)) for n in counts]
        assert nights_until({State.SHRUNKEN, State.SILENT}, base, then) <= 10
