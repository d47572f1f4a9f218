"""What a check of the knowledge base finds, one row or pair of rows each, and what it lets be."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.tag import KnowledgeBase, Office, check_knowledge_base, load_knowledge_base
from alliance_nlp.tag.kb import make_record, package_tables, table_of
from alliance_nlp.tag.periods import surely_overlap
from alliance_nlp.tag.records import Official

Row = Mapping[str, Any]


def role(kind: str, since: str | None, until: str | None, **more: str) -> Row:
    said = {"title": kind.capitalize(), "kind": kind, "org": "Cabinet"}
    return {**said, **more, "from": since, "until": until}


MAYOR = role("mayor", "2020", "2021")
BLANKS: dict[str, Row] = {
    "officials": {"id": "ann-lee", "name": "Ann Lee", "country": "US", "roles": [MAYOR]},
    "exercises": {"id": "dark-heron", "name": "Dark Heron", "ambiguous": False},
    "ships": {
        "id": "heron",
        "name": "Heron",
        "prefix": "USS",
        "hull": "DDG-900",
        "type": "destroyer",
        "country": "US",
        "service": "USN",
        "from": "2001",
        "until": "2020",
    },
    "minerals": {
        "id": "heronium",
        "name": "heronium",
        "guard": None,
        "guard_context": [],
        "trap_context": [],
    },
    "bases": {
        "id": "camp-heron",
        "name": "Camp Heron",
        "short": None,
        "short_is_city": False,
        "country": "JP",
    },
}


def found(table: str, *rows: Row) -> list[tuple[str, str]]:
    records = [
        make_record(f"row {n}", table, {"aliases": [], "ja": [], **BLANKS[table], **row})
        for n, row in enumerate(rows)
    ]
    kb = KnowledgeBase(records={record.id: record for record in records}, version="")
    assert len(kb.records) == len(rows)
    return [(p.entity_id, p.problem) for p in check_knowledge_base(kb)]


def test_package_tables_are_clean() -> None:
    assert check_knowledge_base(load_knowledge_base()) == ()


def test_every_table_of_the_package_has_a_source_note() -> None:
    tables = {table_of(path) for path in package_tables().glob("*.jsonl")}
    notes = {path.name for path in package_tables().glob("*.source.md")}
    assert notes == {f"{table}.source.md" for table in tables}
    for note in notes:
        text = (package_tables() / note).read_text(encoding="utf-8")
        assert "as of" in text.lower()
        assert "lists" in text


@pytest.mark.parametrize("table", BLANKS)
def test_row_in_order_gives_no_problem(table: str) -> None:
    assert found(table, {}) == []


ONE_ROW = [
    ("officials", {"aliases": ["Ann Lee"]}, "is the name itself"),
    ("officials", {"aliases": ["A. Lee", "A. Lee"]}, "stands twice"),
    ("officials", {"aliases": ["Lee"]}, "one word"),
    ("officials", {"ja": ["アン・リー", "アン・リー"]}, "stands twice"),
    ("officials", {"ja": ["Ann Lee"]}, "no Japanese letter"),
    ("officials", {"country": "Japan"}, "is no code"),
    ("officials", {"roles": []}, "no role"),
    ("officials", {"namesakes": ["nobody"]}, "is no official"),
    (
        "officials",
        {
            "roles": [
                role("head-of-government", "2012", "2015"),
                role("head-of-government", "2014-01-01", "2016", title="Premier"),
            ]
        },
        "cannot be held at once",
    ),
    (
        "officials",
        {"roles": [role("ambassador", "2012", "2015"), role("ambassador", "2013", None)]},
        "cannot be held at once",
    ),
    (
        "officials",
        {"roles": [role("senator", "2012", None), role("representative", "2010", None)]},
        "cannot be held at once",
    ),
    (
        "officials",
        {
            "roles": [
                role("diet-member", "2012", None, org="House of Councillors"),
                role("diet-member", "2010", None, org="House of Representatives"),
            ]
        },
        "cannot be held at once",
    ),
    ("ships", {"hull": "DDG"}, "no digit"),
    ("ships", {"from": "1918"}, "before 1945"),
    ("bases", {"name": "camp heron"}, "no capital"),
    ("minerals", {"guard": "also a bird"}, "no guard_context"),
    ("minerals", {"guard_context": ["mine"]}, "no effect"),
]


@pytest.mark.parametrize(("table", "row", "words"), ONE_ROW)
def test_mistake_in_a_row_is_found(table: str, row: Row, words: str) -> None:
    [(entity_id, problem)] = found(table, row)
    assert entity_id == BLANKS[table]["id"]
    assert words in problem


TWO_ROWS = [
    ("officials", {"country": "US"}, {"country": "JP"}, "also that of ann-lee"),
    ("officials", {"name": "Ann Li", "aliases": ["Ann  Lee"]}, {}, "also that of ann-lee"),
    ("officials", {"ja": ["李杏"]}, {"name": "Anne Li", "ja": ["李杏"]}, "also that of ann-lee"),
    (
        "officials",
        {"roles": [role("foreign-minister", "2020", None)]},
        {"name": "Bo Li", "roles": [role("foreign-minister", "2019-05", "2022")]},
        "has one foreign-minister",
    ),
    ("ships", {"hull": None}, {"hull": "DDG-901", "from": "2010"}, "same name"),
    ("ships", {}, {"name": "Egret", "hull": "DDG 900", "from": "2010", "until": None}, "same hull"),
    ("ships", {"from": None, "until": None, "hull": None}, {"until": None}, "same name"),
    ("exercises", {"aliases": ["Heron"]}, {"name": "Heron"}, "also stands for dark-heron"),
    ("bases", {"aliases": ["Héron Barracks"]}, {"name": "Heron Barracks"}, "also stands for"),
    ("minerals", {"ja": ["青鷺石"]}, {"name": "egretite", "ja": ["青鷺石"]}, "also stands for"),
]


@pytest.mark.parametrize(("table", "one", "other", "words"), TWO_ROWS)
def test_clash_of_two_rows_is_found(table: str, one: Row, other: Row, words: str) -> None:
    [(entity_id, problem)] = found(table, one, {**other, "id": "second"})
    assert entity_id == "second"
    assert words in problem


FINE = [
    # a real namesake, declared, in another country or at another time
    ("officials", {"namesakes": ["second"]}, {"country": "JP"}),
    ("officials", {}, {"namesakes": ["ann-lee"], "roles": [role("mayor", "2021", None)]}),
    # the successor begins in the month, or on the day, in which the other ends
    (
        "officials",
        {"roles": [role("defense-minister", "2019", "2021-10")]},
        {"name": "Bo Li", "roles": [role("defense-minister", "2021-10-04", None)]},
    ),
    # an acting president beside a suspended one
    (
        "officials",
        {"roles": [role("head-of-state", "2019", "2025")]},
        {"name": "Bo Li", "roles": [role("head-of-state", "2022", None, title="Acting President")]},
    ),
    # prime ministers of two members of the union
    (
        "officials",
        {"country": "EU", "roles": [role("head-of-government", "2019", None)]},
        {"country": "EU", "name": "Bo Li", "roles": [role("head-of-government", "2018", None)]},
    ),
    # a ship named after the one that it follows
    ("ships", {}, {"hull": "DDG-950", "from": "2020", "until": None}),
    ("ships", {}, {"prefix": "JS", "country": "JP"}),
    ("exercises", {"name": "Malabar"}, {"name": "MALABAR"}),
]


@pytest.mark.parametrize(("table", "one", "other"), FINE)
def test_likeness_that_means_nothing_is_let_be(table: str, one: Row, other: Row) -> None:
    assert found(table, one, {**other, "id": "second"}) == []


def test_declared_namesakes_are_told_when_no_date_tells_them_apart() -> None:
    [(entity_id, problem)] = found("officials", {"namesakes": ["second"]}, {"id": "second"})
    assert entity_id == "second"
    assert "at the same time" in problem


def test_speaker_is_a_member_too() -> None:
    roles = [
        role("representative", "2011", None, title="Representative from Ohio"),
        role("representative", "2013", "2015", title="Speaker of the House"),
    ]
    assert found("officials", {"roles": roles}) == []


def test_old_training_ship_is_let_be() -> None:
    assert found("ships", {"from": "1931", "type": "sail training ship"}) == []


dates = st.dates().map(str).filter(lambda text: text >= "1901")
cut = st.tuples(dates, st.sampled_from([4, 7, 10])).map(lambda pair: pair[0][: pair[1]])


def _office(since: str | None, until: str | None) -> Office:
    return Office(title="T", kind="mayor", org="", since=since, until=until)


@given(cut | st.none(), cut | st.none(), cut | st.none(), cut | st.none())
def test_overlap_does_not_depend_on_the_order(
    a: str | None, b: str | None, c: str | None, d: str | None
) -> None:
    one, other = _office(a, b), _office(c, d)
    assert surely_overlap(one, other) == surely_overlap(other, one)


@given(cut, cut, cut)
def test_predecessor_and_successor_never_overlap(a: str, b: str, c: str) -> None:
    first, change, last = sorted((a, b, c))
    assert not surely_overlap(_office(first, change), _office(change, last))


def test_problems_stand_in_the_order_of_the_tables(tmp_path: Path) -> None:
    kb = load_knowledge_base()
    people = [r for r in kb.records.values() if isinstance(r, Official)][:40]
    twins = {f"twin-{n}": person for n, person in enumerate(people)}
    records = {i: make_record("", "officials", _row(i, p)) for i, p in twins.items()}
    broken = KnowledgeBase(records={**{p.id: p for p in people}, **records}, version="")
    ids = [problem.entity_id for problem in check_knowledge_base(broken)]
    assert list(dict.fromkeys(ids)) == list(twins)


def _row(entity_id: str, person: Official) -> Row:
    return {
        "id": entity_id,
        "name": person.name,
        "aliases": [],
        "ja": [],
        "country": person.country,
        "roles": [role("spokesperson", "1950", "1951")],
    }
