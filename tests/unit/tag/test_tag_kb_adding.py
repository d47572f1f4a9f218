"""Rows are added to a folder's own tables, whole or not at all; texts are tagged with them."""

from __future__ import annotations

import json
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from alliance_nlp.core.errors import KnowledgeBaseError
from alliance_nlp.core.ids import sha256_hex
from alliance_nlp.tag import (
    Official,
    Ship,
    Tagger,
    TagInput,
    add_row,
    add_rows,
    load_knowledge_base,
    parse_role,
    parse_value,
)
from alliance_nlp.tag.kb import package_tables

CAMP = {"name": "Camp Heron", "country": "JP"}
HERON = {"name": "Heron", "prefix": "USS", "hull": "DDG-900", "country": "US", "service": "USN"}
AMBASSADOR = "Ambassador to Japan | ambassador | Department of State | 2021 |"


def rows(folder: Path, table: str) -> list[Any]:
    lines = (folder / f"{table}.jsonl").read_text(encoding="utf-8").splitlines()
    return [json.loads(line) for line in lines]


def tagged(folder: Path, text: str) -> list[tuple[str, str]]:
    given = TagInput(article_id="1", text=text, published_on=date(2026, 3, 1))
    [mentions] = Tagger.load(folder).tag([given])
    return [(text[m.start : m.end], m.entity_id) for m in mentions]


def test_defaults_are_filled_in(tmp_path: Path) -> None:
    add_row(tmp_path / "kb", "bases", CAMP)
    assert rows(tmp_path / "kb", "bases") == [
        {
            "id": "camp-heron",
            "name": "Camp Heron",
            "aliases": [],
            "ja": [],
            "short": None,
            "short_is_city": False,
            "country": "JP",
        }
    ]


def test_id_of_a_ship_holds_service_and_hull(tmp_path: Path) -> None:
    assert add_row(tmp_path, "ships", HERON).id == "usn-ddg-900-heron"


def test_rows_are_appended(tmp_path: Path) -> None:
    add_row(tmp_path, "bases", CAMP)
    add_row(tmp_path, "bases", {**CAMP, "name": "Camp Egret"})
    assert [row["id"] for row in rows(tmp_path, "bases")] == ["camp-heron", "camp-egret"]


def test_file_without_a_last_line_end_is_continued(tmp_path: Path) -> None:
    add_row(tmp_path, "bases", CAMP)
    file = tmp_path / "bases.jsonl"
    file.write_text(file.read_text(encoding="utf-8").rstrip("\n"), encoding="utf-8")
    add_row(tmp_path, "bases", {**CAMP, "name": "Camp Egret"})
    assert len(rows(tmp_path, "bases")) == 2


def test_texts_are_kept_as_articles_have_them(tmp_path: Path) -> None:
    decomposed = {**CAMP, "name": " Camp  He\u0301ron ", "ja": ["キャンフ\u309a"]}
    record = add_row(tmp_path, "bases", decomposed)
    assert (record.name, record.ja) == ("Camp Héron", ("キャンプ",))


def test_added_ship_is_tagged_with_its_id(tmp_path: Path) -> None:
    text = "Sailors welcomed the destroyer Heron to Guam on Monday, and USS Heron left on Friday."
    assert ("USS Heron", "") in tagged(tmp_path, text)
    add_row(tmp_path, "ships", HERON)
    assert tagged(tmp_path, text)[-1] == ("USS Heron", "usn-ddg-900-heron")


def test_added_person_is_tagged_with_the_id(tmp_path: Path) -> None:
    text = "Ambassador Petra Quillfeather met officials in Tokyo. Quillfeather praised the talks."
    assert not any(entity_id for _, entity_id in tagged(tmp_path, text))
    person = {"name": "Petra Quillfeather", "country": "US", "roles": [parse_role(AMBASSADOR)]}
    add_row(tmp_path, "officials", person)
    found = tagged(tmp_path, text)
    assert ("Petra Quillfeather", "petra-quillfeather") in found
    assert ("Quillfeather", "petra-quillfeather") in found


def test_known_id_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="choose another id"):
        add_row(tmp_path, "bases", {**CAMP, "id": "camp-schwab"})
    add_row(tmp_path, "bases", CAMP)
    with pytest.raises(KnowledgeBaseError, match="that of Camp Heron"):
        add_row(tmp_path, "bases", CAMP)


def test_id_of_another_table_is_refused_even_as_a_correction(tmp_path: Path) -> None:
    for replace in (False, True):
        with pytest.raises(KnowledgeBaseError, match="in exercises"):
            add_row(tmp_path, "bases", {**CAMP, "id": "keen-sword"}, replace=replace)


def test_correction_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="no row 'camp-heron'"):
        add_row(tmp_path, "bases", CAMP, replace=True)


def test_correction_keeps_what_it_does_not_say(tmp_path: Path) -> None:
    before = load_knowledge_base().records["usn-ddg-69-milius"]
    row = {"id": "usn-ddg-69-milius", "homeport": "Everett"}
    after = add_row(tmp_path, "ships", row, replace=True)
    assert isinstance(before, Ship)
    assert isinstance(after, Ship)
    assert (after.homeport, after.name, after.hull) == ("Everett", "Milius", "DDG-69")
    assert load_knowledge_base(tmp_path).records["usn-ddg-69-milius"] == after
    assert load_knowledge_base().records["usn-ddg-69-milius"] == before


def test_second_correction_takes_the_place_of_the_first(tmp_path: Path) -> None:
    for port in ("Everett", "Pearl Harbor"):
        row = {"id": "usn-ddg-69-milius", "homeport": port}
        add_row(tmp_path, "ships", row, replace=True)
    assert [row["homeport"] for row in rows(tmp_path, "ships")] == ["Pearl Harbor"]


def test_row_in_another_file_of_the_folder_is_corrected_there(tmp_path: Path) -> None:
    add_row(tmp_path, "bases", CAMP)
    (tmp_path / "bases.jsonl").rename(tmp_path / "bases-north.jsonl")
    add_row(tmp_path, "bases", {**CAMP, "country": "US"}, replace=True)
    assert [row["country"] for row in rows(tmp_path, "bases-north")] == ["US"]
    assert not (tmp_path / "bases.jsonl").exists()


@pytest.mark.parametrize(
    ("table", "row", "words"),
    [
        ("bases", {"name": "Camp Heron"}, r"lacks \['country'\]"),
        ("bases", {**CAMP, "colour": "red"}, "unknown keys"),
        ("bases", {**CAMP, "name": ""}, "name must"),
        ("bases", {**CAMP, "name": "基地"}, "gives no id"),
        ("bases", {**CAMP, "short_is_city": "yes"}, "true or false"),
        ("bases", {**CAMP, "from": "2023-02-30"}, "no date"),
        ("bases", ["Camp Heron"], "JSON object"),
        ("officials", {**CAMP, "roles": [{"title": "T"}]}, "a role needs"),
        ("officials", {**CAMP, "roles": [parse_role("T | wizard | | |")]}, "wizard"),
        ("officials", {**CAMP, "roles": [parse_role("| mayor | | |")]}, "title"),
        ("planets", CAMP, "no table"),
    ],
)
def test_wrong_row_is_refused_and_nothing_is_written(
    tmp_path: Path, table: str, row: Any, words: str
) -> None:
    with pytest.raises(KnowledgeBaseError, match=words):
        add_rows(tmp_path, table, [row])
    assert list(tmp_path.iterdir()) == []


def test_one_wrong_row_keeps_the_others_out(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match=r"^rows\.jsonl:2: "):
        add_rows(tmp_path, "bases", [CAMP, {}], places=["rows.jsonl:1", "rows.jsonl:2"])
    assert list(tmp_path.iterdir()) == []


def test_same_id_twice_in_one_addition_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="row 2"):
        add_rows(tmp_path, "bases", [CAMP, CAMP])


def test_broken_table_is_named_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "ships.jsonl").write_text("{}\n", encoding="utf-8")
    with pytest.raises(KnowledgeBaseError, match=r"ships\.jsonl:1: "):
        add_row(tmp_path, "bases", CAMP)
    assert [path.name for path in tmp_path.iterdir()] == ["ships.jsonl"]


def test_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(KnowledgeBaseError, match="cannot be made"):
        add_row(tmp_path / "file" / "kb", "bases", CAMP)


def test_additions_at_the_same_time_are_all_kept(tmp_path: Path) -> None:
    names = [f"Camp Heron {n}" for n in range(5)]
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda name: add_row(tmp_path, "bases", {**CAMP, "name": name}), names))
    assert sorted(row["name"] for row in rows(tmp_path, "bases")) == names


def test_package_tables_are_never_touched(tmp_path: Path) -> None:
    before = _state()
    add_row(tmp_path, "ships", {"id": "usn-ddg-69-milius", "homeport": "Guam"}, replace=True)
    add_row(tmp_path, "bases", CAMP)
    assert _state() == before


def _state() -> dict[str, tuple[str, int]]:
    return {
        path.name: (sha256_hex(path.read_bytes()), path.stat().st_mtime_ns)
        for path in package_tables().iterdir()
        if path.is_file()
    }


def test_knowledge_base_in_memory_follows_the_files(tmp_path: Path) -> None:
    add_row(tmp_path, "bases", CAMP)
    first = load_knowledge_base(tmp_path)
    assert load_knowledge_base(tmp_path) is first
    add_row(tmp_path, "bases", {**CAMP, "country": "US"}, replace=True)
    assert load_knowledge_base(tmp_path).version != first.version


def test_role_is_read_with_what_is_not_known_left_empty() -> None:
    assert parse_role(AMBASSADOR) == {
        "title": "Ambassador to Japan",
        "kind": "ambassador",
        "org": "Department of State",
        "from": "2021",
        "until": None,
    }
    with pytest.raises(KnowledgeBaseError, match="3 parts"):
        parse_role("Ambassador | ambassador | 2021")


@pytest.mark.parametrize(
    ("table", "key", "text", "value"),
    [
        ("ships", "hull", "DDG-900", "DDG-900"),
        ("ships", "hull", "null", None),
        ("ships", "from", "", None),
        ("exercises", "hosts", "US, JP", ["US", "JP"]),
        ("exercises", "hosts", '["US"]', ["US"]),
        ("exercises", "hosts", "", []),
        ("exercises", "ambiguous", "true", True),
    ],
)
def test_value_is_read_by_its_column(table: str, key: str, text: str, value: object) -> None:
    assert parse_value(table, key, text) == value


@pytest.mark.parametrize(
    ("table", "key", "text"),
    [("ships", "colour", "red"), ("exercises", "ambiguous", "maybe"), ("officials", "roles", "x")],
)
def test_value_that_the_column_cannot_hold_is_refused(table: str, key: str, text: str) -> None:
    with pytest.raises(KnowledgeBaseError, match=key):
        parse_value(table, key, text)


def test_official_with_two_roles_is_added_whole(tmp_path: Path) -> None:
    roles = [parse_role(AMBASSADOR), parse_role("Senator | senator | Senate | 2010 | 2020")]
    row = {"name": "Ann Heron", "country": "US", "roles": roles}
    person = add_row(tmp_path, "officials", row)
    assert isinstance(person, Official)
    assert [office.kind for office in person.offices] == ["ambassador", "senator"]
