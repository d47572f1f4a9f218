"""The knowledge base: schema, additions of a workspace, version."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from alliance_nlp.core.errors import KnowledgeBaseError
from alliance_nlp.tag.kb import load_knowledge_base
from alliance_nlp.tag.records import Base, Exercise, Mineral, Official, Ship

BASE = {
    "id": "camp-testing",
    "name": "Camp Testing",
    "aliases": [],
    "ja": [],
    "short": None,
    "short_is_city": False,
    "country": "JP",
}


def write(folder: Path, name: str, *rows: object) -> Path:
    folder.mkdir(exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / name).write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


@pytest.mark.parametrize("kind", [Official, Exercise, Ship, Mineral, Base])
def test_package_tables_load_each_kind(kind: type) -> None:
    assert len(load_knowledge_base().of(kind)) > 50


def test_extra_row_is_added_when_its_id_is_new(tmp_path: Path) -> None:
    kb = load_knowledge_base(write(tmp_path / "a", "bases-own.jsonl", BASE))
    assert kb.name("camp-testing") == "Camp Testing"


def test_extra_row_corrects_when_its_id_is_known(tmp_path: Path) -> None:
    row = {**BASE, "id": "camp-schwab", "name": "Camp Schwab (renamed)"}
    assert load_knowledge_base(write(tmp_path / "a", "bases.jsonl", row)).name("camp-schwab") == (
        "Camp Schwab (renamed)"
    )


def test_version_changes_when_a_row_is_added(tmp_path: Path) -> None:
    extra = write(tmp_path / "a", "bases.jsonl", BASE)
    assert load_knowledge_base(extra).version != load_knowledge_base().version


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("{", "not a line of JSON"),
        ("[]", "must be a JSON object"),
        ({"id": "x"}, "lacks"),
        ({**BASE, "colour": "red"}, "unknown keys"),
        ({**BASE, "id": "Camp Testing"}, "no slug"),
        ({**BASE, "name": " "}, "name must"),
        ({**BASE, "aliases": [""]}, "aliases must"),
        ({**BASE, "from": "2021-13"}, "no date"),
        ({**BASE, "from": "2021-05", "until": "2020"}, "later than"),
    ],
)
def test_bad_row_is_refused_with_file_and_line(tmp_path: Path, line: object, words: str) -> None:
    extra = write(tmp_path / "a", "bases.jsonl", {**BASE, "id": "first-row"}, line)
    with pytest.raises(KnowledgeBaseError, match=words) as caught:
        load_knowledge_base(extra)
    assert "bases.jsonl:2" in str(caught.value)


def test_doubled_id_is_refused_within_a_folder(tmp_path: Path) -> None:
    extra = write(tmp_path / "a", "bases.jsonl", BASE, BASE)
    with pytest.raises(KnowledgeBaseError, match="stands already"):
        load_knowledge_base(extra)


def test_unknown_kind_of_role_is_refused(tmp_path: Path) -> None:
    role = {"title": "T", "kind": "wizard", "org": "", "from": None, "until": None}
    row = {"id": "a-b", "name": "A B", "aliases": [], "ja": [], "country": "US", "roles": [role]}
    with pytest.raises(KnowledgeBaseError, match="wizard"):
        load_knowledge_base(write(tmp_path / "a", "officials.jsonl", row))


def test_unknown_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="no such table"):
        load_knowledge_base(write(tmp_path / "a", "planets.jsonl", BASE))


def test_missing_folder_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KnowledgeBaseError, match="does not exist"):
        load_knowledge_base(tmp_path / "nowhere")
