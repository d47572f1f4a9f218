from __future__ import annotations

from datetime import timedelta

import pytest
from web_seeding import AT

from alliance_nlp.core.types import (
    EditKind,
    Outcome,
    Source,
    SourceKind,
    Stage,
    StageCount,
    StoryEdit,
    Visit,
)
from alliance_nlp.pipeline.night_view import Nights, read_night
from alliance_nlp.pipeline.recapture import recapture
from alliance_nlp.sources import interval, missed_by
from alliance_nlp.store import (
    Database,
    append_story_edit,
    finish_run,
    save_ledger,
    save_visits,
    start_run,
)
from alliance_nlp.web.night import _draw


def source(source_id: str = "bay", expected: tuple[int, int] = (4, 12)) -> Source:
    return Source(
        id=source_id,
        name=source_id.title(),
        kind=SourceKind.FEED,
        url=f"https://{source_id}.example/feed",
        language="en",
        country="US",
        expected=expected,
    )


def visit(run_id: int, outcome: Outcome = Outcome.NEW, n_new: int = 7) -> Visit:
    return Visit(
        run_id=run_id,
        source_id="bay",
        at=AT + timedelta(days=run_id),
        outcome=outcome,
        n_listed=20,
        n_new=n_new,
        n_failed=0,
        n_bytes=1000,
        seconds=1.0,
    )


def missed_after(*, nights: int, outcome: Outcome = Outcome.FAILED):
    visits = [visit(n) for n in range(1, nights)]
    visits.append(visit(nights, outcome, 0))
    return missed_by(source(), visits, run_id=nights, at=AT + timedelta(days=nights))


def test_nothing_is_missed_when_a_source_answers_as_usual():
    visits = [visit(n) for n in range(1, 20)]
    assert missed_by(source(), visits, run_id=19, at=AT + timedelta(days=19)) is None


@pytest.mark.parametrize("outcome", [Outcome.FAILED, Outcome.BLOCKED, Outcome.PUT_OFF])
def test_a_usual_day_is_missed_when_a_source_does_not_answer(outcome):
    missed = missed_after(nights=29, outcome=outcome)
    assert missed
    assert missed.why == outcome.value
    assert missed.mean == pytest.approx(7, rel=0.35)  # weekdays differ


def test_nothing_is_missed_when_a_source_rests():
    assert missed_after(nights=20, outcome=Outcome.RESTING) is None


def test_more_is_missed_the_longer_a_source_is_away():
    visits = [visit(n) for n in range(1, 22)]
    one = missed_by(source(), [*visits, visit(22, Outcome.FAILED, 0)], run_id=22, at=visit(22).at)
    away = [visit(n, Outcome.FAILED, 0) for n in range(22, 29)]
    week = missed_by(source(), [*visits, *away], run_id=28, at=visit(28).at)
    assert one
    assert week
    assert week.mean > 4 * one.mean


def test_rate_is_unknown_without_history_or_expectation():
    missed = missed_by(source(expected=(0, 10_000)), [visit(1, Outcome.FAILED, 0)], run_id=1, at=AT)
    assert missed
    assert not missed.is_known
    assert missed.mean == 0


def test_interval_is_the_poisson_s_when_the_variance_is_the_mean():
    assert interval(10, 10) == (5, 15)


def test_interval_is_wider_when_the_rate_is_uncertain():
    low, high = interval(10, 10)
    wide_low, wide_high = interval(10, 40)
    assert wide_low < low
    assert wide_high > high


def test_recapture_is_chapmans():
    told = [(f"s{n}", "us") for n in range(40)] + [(f"s{n}", "jp") for n in range(20, 60)]
    found = recapture(told, {"us": "US", "jp": "JP"})
    assert found
    assert (found.n_first, found.n_second, found.n_both) == (40, 40, 20)
    assert found.missed == pytest.approx(41 * 41 / 21 - 1 - 60)
    assert found.low is not None
    assert found.high is not None
    assert 0 < found.low < found.missed < found.high


def test_recapture_tells_nothing_when_few_stories_overlap():
    told = [(f"s{n}", "us") for n in range(40)] + [(f"s{n}", "jp") for n in range(37, 60)]
    found = recapture(told, {"us": "US", "jp": "JP"})
    assert found
    assert found.missed is None


def test_recapture_needs_two_countries():
    assert recapture([("s", "us")], {"us": "US"}) is None


def nights(database: Database, pages: list[int]) -> list[int]:
    ids = []
    for n, n_out in enumerate(pages):
        at = AT + timedelta(days=n)
        with database.write() as tx:
            run_id = start_run(tx, command="nightly", as_of=at, at=at)
            finish_run(tx, run_id, state="done", at=at)
            counts = StageCount(
                stage=Stage.COLLECT, n_in=n_out, n_out=n_out, n_rejected=0, n_failed=0
            )
            save_ledger(tx, run_id, [counts])
        ids.append(run_id)
    return ids


def test_night_stands_beside_fourteen_before_it(workspace):
    with Database.open(workspace.database_url) as database:
        nights(database, [100 + n for n in range(20)])
        night = read_night(database, [])
    assert night
    pages = night.series[0]
    assert pages.value == 119
    assert pages.before == tuple(range(105, 119))
    assert pages.is_unusual


def test_night_is_not_unusual_within_what_nights_before_brought(workspace):
    with Database.open(workspace.database_url) as database:
        nights(database, [100, 90, 110, 95, 105, 107])
        night = read_night(database, [])
    assert night
    assert not night.series[0].is_unusual
    assert night.series[0].usual == 100


def test_older_night_is_read_as_it_was(workspace):
    with Database.open(workspace.database_url) as database:
        ids = nights(database, [3, 5, 8])
        night = read_night(database, [], run_id=ids[1])
    assert night
    assert night.series[0].value == 5
    assert (night.earlier, night.later) == (ids[0], ids[2])


def test_bars_are_as_high_as_their_numbers(workspace):
    with Database.open(workspace.database_url) as database:
        nights(database, [10, 0, 20])
        night = read_night(database, [])
    assert night
    bars = _draw(night.series[0]).bars
    assert [bar.height for bar in bars] == [15, 0, 30]
    assert [bar.is_tonight for bar in bars] == [False, False, True]


def test_night_page_tells_what_was_missed(own_desk):
    with own_desk.seed.database.write() as tx:
        save_visits(tx, [visit(own_desk.seed.run_id, Outcome.NEW)])
    text = own_desk.browser().get("/night").text
    assert "What it may have missed" in text
    assert "negative binomial" in text


@pytest.mark.parametrize("path", ["/night/99", "/night/99999999999999999999"])
def test_night_page_is_not_found_when_there_was_no_such_run(browser, path):
    assert browser.get(path).status == 404


def test_night_page_shows_the_reason_with_an_example(browser):
    text = browser.get("/night").text
    assert "crashed" in text
    assert "the page broke the parser" in text


def test_a_night_is_kept_until_a_run_begins_or_ends_or_a_story_is_edited(workspace):
    kept = Nights()
    with Database.open(workspace.database_url) as database:
        nights(database, [10, 12])
        first = kept.read(database, [source()])
        assert first
        assert kept.read(database, [source()]) is first
        other = kept.read(database, [source("cove")])
        assert other is not first
        with database.write() as tx:
            append_story_edit(
                tx,
                StoryEdit(
                    kind=EditKind.MERGE,
                    moved=(("a", "s"),),
                    before=(("a", "t"),),
                    reviewer="mio",
                    edited_at=AT,
                ),
            )
        assert kept.read(database, [source("cove")]) is not other
        with database.write() as tx:
            run_id = start_run(tx, command="nightly", as_of=AT, at=AT)
        under_way = kept.read(database, [source()])
        assert under_way
        assert under_way.report.run.id == run_id
        assert kept.read(database, [source()]) is not under_way  # it goes on
        with database.write() as tx:
            finish_run(tx, run_id, state="done", at=AT)
        last = kept.read(database, [source()])
        assert last
        assert last.report.run.state == "done"
