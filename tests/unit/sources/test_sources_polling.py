from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.core.types import Outcome, Source, SourceKind, Visit
from alliance_nlp.sources import next_visit_at, plan
from alliance_nlp.sources.polling import backoff

DAY = timedelta(days=1)
HOUR = timedelta(hours=1)
START = datetime(2026, 1, 5, 21, 0, tzinfo=UTC)
LATER = START + 1000 * DAY


def source(
    id: str = "gazette", *, weight: float = 0.5, expected: tuple[int, int] = (1, 4)
) -> Source:
    return Source(
        id=id,
        name=id,
        kind=SourceKind.FEED,
        url=f"https://{id}.example/feed",
        weight=weight,
        expected=expected,
    )


def visit(day: float, outcome: Outcome, n_new: int = 0, *, detail: str = "") -> Visit:
    return Visit(
        source_id="gazette",
        run_id=int(day),
        at=START + day * DAY,
        outcome=outcome,
        n_new=n_new,
        n_listed=20,
        detail=detail,
    )


def failures(n: int, outcome: Outcome = Outcome.FAILED) -> list[Visit]:
    return [visit(day, outcome) for day in range(n)]


def ids(sources: Sequence[Source]) -> list[str]:
    return [source.id for source in sources]


def test_new_source_is_due_at_once() -> None:
    assert next_visit_at(source(), [], at=START) == START


def test_healthy_source_is_due_in_a_rerun_of_the_same_night() -> None:
    visits = [visit(day, Outcome.NEW, 5) for day in range(20)]
    assert next_visit_at(source(), visits, at=visits[-1].at + HOUR) == visits[-1].at + HOUR


def test_slow_source_waits_for_the_next_night() -> None:
    visits = [visit(day, Outcome.UNCHANGED) for day in range(60)]
    at = visits[-1].at
    slow = source(expected=(0, 1))
    assert next_visit_at(slow, visits, at=at + HOUR) > at + HOUR
    assert next_visit_at(slow, visits, at=at + 23 * HOUR) == at + 23 * HOUR


def test_slow_folder_is_read_in_every_run() -> None:
    folder = replace(source(expected=(0, 1)), kind=SourceKind.FOLDER)
    visits = [visit(day, Outcome.UNCHANGED) for day in range(60)]
    assert next_visit_at(folder, visits, at=visits[-1].at) == visits[-1].at


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED])
@pytest.mark.parametrize(
    ("n", "days"), [(1, 0), (2, 1), (3, 2), (4, 4), (5, 8), (6, 16), (7, 30), (80, 30)]
)
def test_troubled_source_waits_longer_after_each_failed_night(
    n: int, days: int, outcome: Outcome
) -> None:
    visits = failures(n, outcome)
    last = visits[-1].at
    due = next_visit_at(source(), visits, at=last)
    assert timedelta(0) <= last + days * DAY - due <= 6 * HOUR


def test_success_resets_the_wait() -> None:
    visits = [*failures(9), visit(40, Outcome.UNCHANGED), visit(41, Outcome.FAILED)]
    assert next_visit_at(source(), visits, at=visits[-1].at) == visits[-1].at


def test_skipped_nights_are_no_tries() -> None:
    visits = failures(4)
    skipped = [visit(4 + n, Outcome.RESTING) for n in range(3)]
    assert next_visit_at(source(), [*visits, *skipped], at=START) == next_visit_at(
        source(), visits, at=START
    )


def test_reruns_within_one_night_are_one_try() -> None:
    reruns = [visit(n / 100, Outcome.FAILED) for n in range(10)]
    assert next_visit_at(source(), reruns, at=reruns[-1].at) == reruns[-1].at


@pytest.mark.parametrize("said", ["until 2026-01-08 09:30:00 UTC", "until 2026-01-08T09:30:00Z"])
def test_host_that_asks_to_wait_is_left_alone_until_then(said: str) -> None:
    visits = [visit(0, Outcome.BLOCKED, detail=f"its host asks us to wait {said}, longer than")]
    assert next_visit_at(source(), visits, at=START) == datetime(2026, 1, 8, 9, 30, tzinfo=UTC)


def test_host_that_asks_to_wait_for_years_is_not_forgotten() -> None:
    visits = [visit(0, Outcome.BLOCKED, detail="wait until 2126-01-08 09:30:00 UTC")]
    assert next_visit_at(source(), visits, at=START) == START + 30 * DAY


@given(st.integers(0, 5000))
def test_backoff_grows_and_never_exceeds_thirty_days(n: int) -> None:
    assert timedelta(0) <= backoff(n) <= backoff(n + 1) <= 30 * DAY


def test_plan_visits_most_expected_news_by_weight_first() -> None:
    sources = [
        source("few", expected=(1, 1)),
        source("many", expected=(40, 60)),
        source("weighty", expected=(40, 60), weight=0.9),
    ]
    assert ids(plan(sources, {}, at=START, budget=None).due) == ["weighty", "many", "few"]


def test_plan_lets_a_failing_source_rest_with_its_time() -> None:
    visits = failures(6)
    at = visits[-1].at + DAY
    found = plan([source()], {"gazette": visits}, at=at, budget=None)
    assert (found.due, found.put_off) == ((), ())
    assert found.resting == ((source(), next_visit_at(source(), visits, at=at)),)


def test_plan_visits_an_overdue_source_first() -> None:
    visits = {
        "late": [visit(0, Outcome.NEW, 1)],
        "rich": [visit(4, Outcome.NEW, 50)],
    }
    sources = [source("rich", expected=(50, 90)), source("late")]
    assert ids(plan(sources, visits, at=START + 5 * DAY, budget=None).due) == ["late", "rich"]


def test_plan_puts_off_what_the_budget_does_not_hold_and_fits_cheaper_ones() -> None:
    sources = [
        source("wire", expected=(30, 30)),
        source("daily", expected=(20, 20)),
        source("small", expected=(2, 2)),
    ]
    found = plan(sources, {}, at=START, budget=40)
    assert (ids(found.due), ids(found.put_off)) == (["wire", "small"], ["daily"])


def test_source_put_off_tonight_comes_first_tomorrow() -> None:
    sources = [source("big", expected=(30, 30)), source("small", expected=(1, 1))]
    visits = {"big": [visit(0, Outcome.NEW, 30)], "small": [visit(0, Outcome.PUT_OFF)]}
    assert ids(plan(sources, visits, at=START + DAY, budget=None).due) == ["small", "big"]


def test_no_source_starves_when_the_budget_is_short() -> None:
    sources = [source(f"s{n}", expected=(2 * n, 4 * n)) for n in range(1, 12)]
    visits: dict[str, list[Visit]] = {one.id: [] for one in sources}
    for night in range(30):
        found = plan(sources, visits, at=START + night * DAY, budget=25)
        for one in found.due:
            visits[one.id].append(visit(night, Outcome.NEW, 3 * int(one.id[1:])))
        for one in found.put_off:
            visits[one.id].append(visit(night, Outcome.PUT_OFF))
    n_visits = {
        id: sum(one.outcome is Outcome.NEW for one in known) for id, known in visits.items()
    }
    assert min(n_visits.values()) >= 2, n_visits


OUTCOMES = st.lists(st.tuples(st.sampled_from(Outcome), st.integers(0, 500)), max_size=12)


@settings(max_examples=40, deadline=None)
@given(
    histories=st.lists(OUTCOMES, max_size=6),
    budget=st.none() | st.integers(0, 300),
    day=st.integers(0, 60),
)
def test_plan_never_loses_or_doubles_a_source(
    histories: list[list[tuple[Outcome, int]]], budget: int | None, day: int
) -> None:
    sources = [source(f"s{n}") for n in range(len(histories))]
    visits = {
        f"s{n}": [visit(night, outcome, n_new) for night, (outcome, n_new) in enumerate(history)]
        for n, history in enumerate(histories)
    }
    found = plan(sources, visits, at=START + day * DAY, budget=budget)
    placed = [*found.due, *(one for one, _ in found.resting), *found.put_off]
    assert sorted(ids(placed)) == sorted(ids(sources))


@settings(max_examples=40, deadline=None)
@given(history=OUTCOMES)
def test_no_source_rests_longer_than_thirty_days(history: list[tuple[Outcome, int]]) -> None:
    visits = [visit(night, outcome, n_new) for night, (outcome, n_new) in enumerate(history)]
    at = START + len(visits) * DAY
    assert next_visit_at(source(), visits, at=at) <= at + 30 * DAY
