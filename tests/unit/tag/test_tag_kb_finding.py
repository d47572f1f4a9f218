"""Records are found by any of their names; a day decides between people."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.tag import (
    KnowledgeBase,
    Official,
    find_records,
    load_knowledge_base,
    near_names,
    offices_on,
)


@pytest.fixture(scope="module")
def kb() -> KnowledgeBase:
    return load_knowledge_base()


def ids(kb: KnowledgeBase, name: str, on: date | None = None) -> list[str]:
    return [record.id for record in find_records(kb, name, on)]


@pytest.mark.parametrize(
    ("name", "entity_id"),
    [
        ("Shinzo Abe", "abe-shinzo"),
        ("Abe Shinzo", "abe-shinzo"),
        ("shinzō ABE", "abe-shinzo"),
        ("安倍晋三", "abe-shinzo"),
        ("abe-shinzo", "abe-shinzo"),
        ("Kishi", "kishi-nobuo"),
        ("岸", "kishi-nobuo"),
        ("kim jong un", "kim-jong-un"),
        ("Kim Jongun", "kim-jong-un"),
        ("DDG-69", "usn-ddg-69-milius"),
        ("ddg69", "usn-ddg-69-milius"),
        ("USS Milius (DDG 69)", "usn-ddg-69-milius"),
        ("Milius", "usn-ddg-69-milius"),
        ("Kadena", "kadena-air-base"),
        ("嘉手納", "kadena-air-base"),
        ("keen sword", "keen-sword"),
        ("rare earth", "rare-earths"),
    ],
)
def test_record_is_found_first_by_each_of_its_names(
    kb: KnowledgeBase, name: str, entity_id: str
) -> None:
    assert ids(kb, name)[0] == entity_id


def test_voiced_kana_are_letters_of_their_own(kb: KnowledgeBase) -> None:
    assert "gallium" in ids(kb, "ガリウム")
    assert "gallium" not in ids(kb, "カリウム")


def test_whole_names_come_before_surnames_words_and_beginnings(kb: KnowledgeBase) -> None:
    found = ids(kb, "Kishi")
    assert found.index("kishi-nobuo") < found.index("kishida-fumio")
    found = ids(kb, "rare earths")
    assert found[0] == "rare-earths"
    assert "heavy-rare-earths" in found[1:]


def test_day_puts_those_in_office_first(kb: KnowledgeBase) -> None:
    on = date(2021, 6, 1)
    found = [r for r in find_records(kb, "Suzuki", on) if isinstance(r, Official)]
    served = [bool(offices_on(person, on)) for person in found]
    assert {True, False} == set(served)
    assert served == sorted(served, reverse=True)
    assert [p.id for p in found] != [i for i in ids(kb, "Suzuki") if i in {p.id for p in found}]


def test_office_on_a_day_is_known(kb: KnowledgeBase) -> None:
    [kishi, *_] = find_records(kb, "Kishi", date(2021, 6, 1))
    assert "defense-minister" in {o.kind for o in offices_on(kishi, date(2021, 6, 1))}
    assert "defense-minister" not in {o.kind for o in offices_on(kishi, date(2019, 6, 1))}


def test_whole_name_stays_first_when_out_of_office(kb: KnowledgeBase) -> None:
    assert ids(kb, "Shinzo Abe", date(2025, 1, 1))[0] == "abe-shinzo"


@pytest.mark.parametrize("name", ["", "  ", "-", "qqqqqq"])
def test_nothing_is_found_for_what_names_nothing(kb: KnowledgeBase, name: str) -> None:
    assert find_records(kb, name) == ()


@pytest.mark.parametrize(
    ("name", "near"),
    [("Emanual", "Emanuel"), ("Miliuss", "Milius"), ("Shinso Abe", "Shinzo Abe")],
)
def test_near_spelling_is_suggested(kb: KnowledgeBase, name: str, near: str) -> None:
    assert near_names(kb, name)[0] == near


def test_nothing_is_suggested_for_what_is_near_nothing(kb: KnowledgeBase) -> None:
    assert near_names(kb, "qqqqqqqq") == ()


@settings(max_examples=15, deadline=None)  # the first example builds the index
@given(st.data())
def test_every_record_is_found_by_its_name_in_any_case(data: st.DataObject) -> None:
    kb = load_knowledge_base()
    record = data.draw(st.sampled_from(list(kb.records.values())))
    name = data.draw(st.sampled_from((record.name, *record.aliases, *record.ja)))
    for written in (name, name.upper(), name.lower()):
        assert record in find_records(kb, written)
