from __future__ import annotations

from datetime import date

import pytest

from alliance_nlp.core.types import Article, Label, Mention
from alliance_nlp.pipeline.standing import OFFICE_RANKS, officials_rank, weighed_mentions
from alliance_nlp.tag import Official, find_records, load_knowledge_base
from alliance_nlp.tag.schema import KINDS

TEXT = "The USS Heron left Yokosuka.\nThe Heron and Yokosuka again. Camp Ibis too."


def _article(title: str) -> Article:
    return Article(id="a", source_id="s", url="https://x.example/a", title=title, text=TEXT)


def _mention(surface: str, label: Label, *, nth: int = 0, entity_id: str = "") -> Mention:
    start = -1
    for _ in range(nth + 1):
        start = TEXT.index(surface, start + 1)
    return Mention(
        article_id="a",
        start=start,
        end=start + len(surface),
        label=label,
        entity_id=entity_id,
        how="test",
    )


def test_mention_in_the_lead_counts_twice() -> None:
    found = [_mention("Yokosuka", Label.BASE), _mention("Yokosuka", Label.BASE, nth=1)]
    assert weighed_mentions(_article("Other"), found) == {Label.BASE: 3.0}


def test_what_the_title_names_counts_three_times_once() -> None:
    found = [_mention("Yokosuka", Label.BASE, nth=n, entity_id="y") for n in (0, 1)]
    assert weighed_mentions(_article("Yokosuka waits"), found) == {Label.BASE: 4.0}


def test_labels_are_summed_apart() -> None:
    found = [_mention("Camp Ibis", Label.BASE), _mention("USS Heron", Label.SHIP)]
    assert weighed_mentions(_article(""), found) == {Label.BASE: 1.0, Label.SHIP: 2.0}
    assert weighed_mentions(_article(""), []) == {}


@pytest.mark.parametrize(
    ("name", "on", "expected"),
    [
        ("Joe Biden", date(2024, 4, 10), 1.0),
        ("Joe Biden", date(2025, 6, 1), 0.2),
        ("Fumio Kishida", date(2016, 4, 10), 0.8),
        ("Rahm Emanuel", date(2023, 4, 10), 0.6),
        ("Rahm Emanuel", None, 0.2),
        ("Denny Tamaki", date(2023, 4, 10), 0.4),
    ],
)
def test_official_counts_by_the_office_held_that_day(
    name: str, on: date | None, expected: float
) -> None:
    kb = load_knowledge_base()
    person = next(r for r in find_records(kb, name) if isinstance(r, Official))
    mention = _mention("Heron", Label.OFFICIAL, entity_id=person.id)
    assert officials_rank(kb, [mention], on) == expected


def test_highest_official_counts_and_only_officials_do() -> None:
    kb = load_knowledge_base()
    unknown = _mention("Heron", Label.OFFICIAL)
    biden = next(r for r in find_records(kb, "Joe Biden") if isinstance(r, Official))
    high = _mention("Heron", Label.OFFICIAL, entity_id=biden.id)
    assert officials_rank(kb, [unknown, high], date(2024, 4, 10)) == 1.0
    assert officials_rank(kb, [unknown], date(2024, 4, 10)) == 0.2
    assert officials_rank(kb, [_mention("Yokosuka", Label.BASE)], date(2024, 4, 10)) == 0.0


def test_every_ranked_office_is_a_kind_of_the_knowledge_base() -> None:
    assert set(OFFICE_RANKS) <= KINDS
    assert KINDS - set(OFFICE_RANKS) == {
        "agency-head", "assistant-secretary", "director-general", "international-official",
        "mayor", "officer", "spokesperson",
    }  # fmt: skip
