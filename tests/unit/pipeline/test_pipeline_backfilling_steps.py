from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.pipeline.backfilling import Counts, Estimate, Miss, Step, Window, parse_window
from alliance_nlp.pipeline.backfilling.counting import counts_of
from alliance_nlp.pipeline.backfilling.estimating import CORE_HOUR_USD, Sample
from alliance_nlp.pipeline.backfilling.names import field_names, names_of
from alliance_nlp.pipeline.backfilling.portions import Way
from alliance_nlp.pipeline.backfilling.quick_text import quick_bytes, quick_text
from alliance_nlp.pipeline.backfilling.rules import miss_of_address
from alliance_nlp.pipeline.backfilling.watching import NOTE_BYTES, Watch


@pytest.mark.parametrize(
    "url",
    [
        "https://outlet.example/",
        "https://outlet.example/tag/",
        "https://outlet.example/news/search",
        "https://outlet.example/category/sport/page/3/",
        "https://outlet.example/img/a.JPG",
        "https://outlet.example/feed/",
    ],
)
def test_address_is_turned_away_when_no_article_stands_there(url: str) -> None:
    assert miss_of_address(url) is Miss.NO_ARTICLE_ADDRESS


@pytest.mark.parametrize(
    "url",
    [
        "https://outlet.example/2024/04/10/fleet-sails",
        "https://outlet.example/?p=123",
        "https://outlet.example/tag/okinawa/base-vote-result",
        "https://outlet.example/politics/story.html",
    ],
)
def test_address_goes_on_when_an_article_may_stand_there(url: str) -> None:
    assert miss_of_address(url) is None


def test_address_is_turned_away_when_it_is_none_of_the_web() -> None:
    assert miss_of_address("dns:outlet.example") is Miss.NO_WEB_ADDRESS


def test_window_may_hold_when_fetched_a_week_after_its_end() -> None:
    window = Window(since=date(2024, 4, 1), until=date(2024, 4, 30))
    assert window.may_hold(datetime(2024, 5, 7, tzinfo=UTC))


@pytest.mark.parametrize(
    "day", [datetime(2024, 3, 30, tzinfo=UTC), datetime(2024, 7, 1, tzinfo=UTC)]
)
def test_window_cannot_hold_when_fetched_before_it_or_long_after(day: datetime) -> None:
    assert not Window(since=date(2024, 4, 1), until=date(2024, 4, 30)).may_hold(day)


def test_window_is_refused_when_it_ends_before_it_begins() -> None:
    with pytest.raises(ConfigError, match="is before --since"):
        parse_window("2024-05-01", "2024-04-01")


def test_window_is_refused_when_a_day_is_none() -> None:
    with pytest.raises(ConfigError, match="--until 'spring' is no day"):
        parse_window(None, "spring")


@pytest.mark.parametrize("charset", ["utf-8", "cp932", "euc_jp", "iso2022_jp", "utf-16"])
def test_names_are_found_in_japanese_when_in_any_charset(charset: str) -> None:
    page = "<html><head><title>発表</title></head><body><p>外務省は嘉手納基地の運用を説明した。</p>"
    media = f"text/html; charset={charset}"
    assert field_names().stand_in(quick_bytes(page.encode(charset), media), media)


def test_names_are_found_when_written_as_references() -> None:
    page = "".join(f"&#{ord(char)};" for char in "嘉手納基地で訓練があり住民が見守った")
    assert field_names().stand_in(quick_bytes(f"<p>{page}</p>".encode()))


def test_names_are_found_when_only_a_base_is_named() -> None:
    page = b"<p>Jets took off from Kadena before dawn, and residents complained once more.</p>"
    assert field_names().stand_in(quick_bytes(page))


@pytest.mark.parametrize(
    "text",
    [
        "The canonical form was published by a consultant in the raising of the bill of the state.",
        "Le conseil municipal a voté le budget de l'école après une longue séance, dit le maire.",
        "パンのふくらませかたと、おいしいたべかたについて",
    ],
)
def test_names_are_not_found_when_the_page_is_of_something_else(text: str) -> None:
    assert not field_names().stand_in(quick_bytes(f"<p>{text}</p>".encode()))


def test_names_count_only_as_whole_words() -> None:
    names = names_of(["ishin"], [])
    assert not names.stand_in(b"Publishing houses merge")


def test_quick_bytes_keeps_paragraphs_and_leaves_out_scripts_and_menus() -> None:
    page = (
        b"<title>Fleet sails</title><script>var okinawa = 1;</script><ul><li>Okinawa</li></ul>"
        + b"<p>The fleet sailed at dawn from the <b>northern</b> harbour, with two tugs.</p>" * 8
    )
    raw = quick_bytes(page)
    assert raw.startswith(b"Fleet sails\nThe fleet sailed")
    assert b"kinawa" not in raw


def test_quick_bytes_takes_all_text_when_there_are_no_paragraphs() -> None:
    page = b"<style>p{}</style><div>The fleet sailed at dawn from the harbour of Sasebo.</div>"
    assert quick_bytes(page) == b"The fleet sailed at dawn from the harbour of Sasebo."


def test_quick_bytes_is_soon_done_when_a_page_is_made_of_open_tags() -> None:
    hostile = b"<p><script><style><svg><meta <title" * 60_000
    assert len(quick_bytes(hostile)) < 20_000


def test_quick_text_is_utf_8_when_cut_within_a_character() -> None:
    assert quick_text("嘉手納".encode()[:-1]) == "嘉手"


def test_counts_add_up_when_written_and_read_back() -> None:
    counts = Counts()
    counts.enter(Step.BYTES, 3)
    counts.leave(Step.BYTES)
    counts.reject(Step.BYTES, Miss.NO_NAME)
    counts.fail(Step.BYTES, "time-limit")
    again = counts_of(counts.to_json())
    assert again == counts
    assert again.adds_up


def test_counts_do_not_add_up_when_something_is_lost() -> None:
    counts = Counts()
    counts.enter(Step.TEXT)
    assert not counts.adds_up


def test_quick_bytes_are_the_title_once_when_it_is_stated_twice() -> None:
    page = b"<title>Fleet sails</title><meta property='og:title' content='Fleet sails'>"
    assert quick_bytes(page + b"<p>The fleet sailed at dawn from the northern harbour.</p>").split(
        b"\n"
    )[:2] == [b"Fleet sails", b"The fleet sailed at dawn from the northern harbour."]


@pytest.mark.parametrize("tag", [b"<P CLASS=x>", b"<p>", b"<p class='y'>", b"<p\n>"])
def test_quick_bytes_find_paragraphs_however_their_tags_are_written(tag: bytes) -> None:
    page = (tag + b"The fleet sailed at dawn from the harbour of Sasebo in the rain.") * 9
    assert quick_bytes(page).count(b"Sasebo") == 9


def test_names_are_not_looked_for_in_japanese_when_quotes_are_references() -> None:
    raw = "The club’s keeper &#8217;said &#x2019;so".encode()
    assert not field_names().stand_in(raw)


def test_a_note_is_read_back_by_who_shares_the_memory() -> None:
    memory = bytearray(NOTE_BYTES)
    Watch(memory=memory, is_alone=True).at(Step.LOOK, 71)
    note = Watch(memory=memory).note()
    assert (note.step, note.offset, note.furthest, note.is_alone) == (Step.LOOK, 71, 71, True)


def test_there_is_no_step_when_a_process_rests() -> None:
    watch = Watch()
    watch.at(Step.TEXT, 5)
    watch.rest()
    assert watch.note().step is None


def watched(offset: int, *, is_alone: bool) -> Watch:
    watch = Watch(is_alone=is_alone)
    watch.at(Step.TEXT, offset)
    return watch


def test_records_are_done_one_by_one_when_many_were_under_way() -> None:
    way = Way(at=0)
    way.blame(watched(90, is_alone=False).note(), "crashed", "it ended")
    assert (way.alone_until, way.faults) == (90, {})


def test_a_record_is_at_fault_when_it_was_alone() -> None:
    way = Way(at=0)
    way.blame(watched(90, is_alone=True).note(), "crashed", "it ended")
    assert way.faults[90].step is Step.TEXT


def test_a_record_is_left_unread_when_it_is_at_fault_twice() -> None:
    way = Way(at=0)
    for _ in range(2):
        way.blame(watched(90, is_alone=True).note(), "time-limit", "it hung")
    assert list(way.unread) == [90]


def sample(n_bytes: int, cpu_s: float) -> Sample:
    return Sample(
        n_bytes=n_bytes, n_records=n_bytes // 10, n_relevant=1, result_bytes=50, cpu_s=cpu_s
    )


def test_estimate_is_the_samples_grown_to_all_bytes() -> None:
    found = Estimate(samples=(sample(100, 1), sample(100, 1)), n_files=1, n_bytes=10**6, jobs=4)
    told = found.of(720_000)
    assert (told["records"], told["core_hours"], told["hours"]) == (72_000, 2.0, 0.5)
    assert told["usd"] == round(2 * CORE_HOUR_USD, 2)


def test_estimate_is_sure_when_all_stretches_cost_the_same() -> None:
    found = Estimate(samples=(sample(100, 1), sample(200, 2)), n_files=1, n_bytes=10**6, jobs=1)
    told = found.of(720_000)
    assert told["core_hours_from"] == told["core_hours"] == told["core_hours_to"]


def test_estimate_is_less_sure_when_stretches_differ() -> None:
    found = Estimate(samples=(sample(100, 1), sample(100, 3)), n_files=1, n_bytes=10**6, jobs=1)
    told = found.of(720_000)
    assert told["core_hours_from"] < told["core_hours"] < told["core_hours_to"]
