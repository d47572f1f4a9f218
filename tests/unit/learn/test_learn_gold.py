from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from gold_texts import gold

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Label
from alliance_nlp.learn import leaks, read_gold
from alliance_nlp.tag import KnowledgeBase, load_knowledge_base

TEXT = "The Kongo left Kure with Dana Quill."
SHIP = {"start": 4, "end": 9, "label": "SHIP", "entity_id": "jmsdf-ddg-173-kongo"}
BASE = {"start": 15, "end": 19, "label": "BASE", "entity_id": None}
LINE: dict[str, Any] = {
    "id": "x-1",
    "text": TEXT,
    "language": "en",
    "published_on": "2024-04-14",
    "genre": "wire",
    "story": "kure",
    "mentions": [SHIP, BASE],
}


def _write(path: Path, *rows: Any) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def kb(tmp_path_factory: pytest.TempPathFactory) -> KnowledgeBase:
    folder = tmp_path_factory.mktemp("kb")
    common = {"aliases": ["Old Ferry"], "ja": ["古船丸"], "prefix": "JS", "hull": None}
    ship = {"id": "furubune", "name": "Furubune", "type": "", "country": "JP", "service": "jmsdf"}
    _write(folder / "ships.jsonl", {**common, **ship})
    return load_knowledge_base(folder)


def test_a_text_is_read_with_its_mentions_in_order(tmp_path: Path) -> None:
    file = _write(tmp_path / "dev" / "a.jsonl", {**LINE, "mentions": [BASE, SHIP]})
    [text] = read_gold([file])
    assert (text.id, text.story, str(text.published_on)) == ("x-1", "kure", "2024-04-14")
    assert [text.text[m.start : m.end] for m in text.mentions] == ["Kongo", "Kure"]
    assert [m.label for m in text.mentions] == [Label.SHIP, Label.BASE]
    assert [m.entity_id for m in text.mentions] == ["jmsdf-ddg-173-kongo", None]


def test_folders_are_read_at_any_depth_and_name_the_split(tmp_path: Path) -> None:
    _write(tmp_path / "dev" / "b.jsonl", {**LINE, "id": "x-2"})
    _write(tmp_path / "deep" / "test" / "a.jsonl", {**LINE, "id": "x-1"})
    (tmp_path / "README.md").write_text("not gold")
    texts = read_gold([tmp_path])
    assert [(text.id, text.split) for text in texts] == [("x-1", "test"), ("x-2", "dev")]


def test_a_file_named_twice_is_read_once(tmp_path: Path) -> None:
    file = _write(tmp_path / "a.jsonl", LINE)
    assert len(read_gold([file, tmp_path, file])) == 1


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"mentions": [{**SHIP, "label": "PLACE"}]}, "mentions[0].label"),
        ({"mentions": [{**SHIP, "label": ["SHIP"]}]}, "mentions[0].label"),
        ({"mentions": [BASE, {**SHIP, "end": 99}]}, "mentions[1].end"),
        ({"mentions": [{**SHIP, "start": -2}]}, "mentions[0].start"),
        ({"mentions": [{**SHIP, "start": True}]}, "mentions[0].start"),
        ({"mentions": [{**SHIP, "start": "4"}]}, "mentions[0].start"),
        ({"mentions": [{**SHIP, "start": 9}]}, "is empty or has outer blanks"),
        ({"mentions": [{**SHIP, "end": 3}]}, "is empty or has outer blanks"),
        ({"mentions": [{**SHIP, "end": 10}]}, "'Kongo '"),
        ({"mentions": [SHIP, {**BASE, "start": 0, "end": 6}]}, "mentions[0].start: 'Kongo'"),
        ({"mentions": [SHIP, SHIP]}, "mentions[1].start: 'Kongo' overlaps 'Kongo'"),
        ({"mentions": [{**SHIP, "entity_id": ""}]}, "mentions[0].entity_id"),
        ({"mentions": [{**SHIP, "entity_id": 7}]}, "mentions[0].entity_id"),
        ({"mentions": [{"start": 4, "end": 9, "label": "SHIP"}]}, "missing fields ['entity_id']"),
        ({"mentions": ["Kongo"]}, "mentions[0]: must be an object"),
        ({"mentions": None}, "mentions: must be a list"),
        ({"published_on": "14 April 2024"}, "published_on"),
        ({"published_on": None}, "published_on"),
        ({"story": " "}, "story"),
        ({"text": "Two  blanks.", "mentions": []}, "normal text"),
        ({"note": "more"}, "unknown fields ['note']"),
    ],
)
def test_an_error_names_file_line_and_field(
    tmp_path: Path, changes: dict[str, Any], said: str
) -> None:
    good = {**LINE, "id": "x-0"}
    file = _write(tmp_path / "a.jsonl", good, {**LINE, **changes})
    with pytest.raises(InputError) as caught:
        read_gold([file])
    assert f"{file}, line 2" in str(caught.value)
    assert said in str(caught.value)


@pytest.mark.parametrize("line", ["{", "[1]", "7"])
def test_a_line_that_is_no_object_is_named(tmp_path: Path, line: str) -> None:
    file = _write(tmp_path / "a.jsonl", LINE, "", line)
    with pytest.raises(InputError, match=r"a\.jsonl, line 3"):
        read_gold([file])


def test_an_id_given_twice_is_refused_across_files(tmp_path: Path) -> None:
    _write(tmp_path / "dev" / "a.jsonl", LINE)
    _write(tmp_path / "test" / "a.jsonl", LINE)
    with pytest.raises(InputError, match=r"test/a\.jsonl, line 1: id: 'x-1' is taken"):
        read_gold([tmp_path])


def test_a_missing_path_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="does not exist"):
        read_gold([tmp_path / "none"])


def test_a_folder_without_gold_is_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no \*\.jsonl"):
        read_gold([tmp_path])


def test_links_are_checked_when_a_knowledge_base_is_given(
    tmp_path: Path, kb: KnowledgeBase
) -> None:
    linked = {**SHIP, "entity_id": "furubune"}
    good = _write(tmp_path / "good.jsonl", {**LINE, "mentions": [linked]})
    assert read_gold([good], kb)
    unknown = {**SHIP, "entity_id": "no-such-ship"}
    bad = _write(tmp_path / "bad.jsonl", {**LINE, "mentions": [unknown]})
    with pytest.raises(InputError, match=r"line 1: entity_id of 'Kongo': .*'no-such-ship'"):
        read_gold([bad], kb)


def test_a_link_to_a_record_of_another_label_is_refused(tmp_path: Path, kb: KnowledgeBase) -> None:
    file = _write(tmp_path / "a.jsonl", {**LINE, "mentions": [{**BASE, "entity_id": "furubune"}]})
    with pytest.raises(InputError, match="is of label SHIP, not BASE"):
        read_gold([file], kb)


def test_a_story_in_both_splits_leaks(kb: KnowledgeBase) -> None:
    dev = gold("[O Quill] left.", story="talks")
    test = gold("[O Pell] left.", id="b", story="talks", split="test")
    assert leaks([dev, test], kb).stories == ("talks",)
    assert leaks([dev, replace(test, story="other")], kb).stories == ()


def test_unseen_names_are_in_neither_dev_nor_the_knowledge_base(kb: KnowledgeBase) -> None:
    dev = gold("[O Quill] left.")
    test = gold(
        "[O QUILL] and [O Pell] saw [S JS Furubune], [S the Furubune|furubune], [S Old Ferry], "
        "[S 古船丸], [S Pell] and [O Pell].",
        id="b",
        split="test",
    )
    told = leaks([dev, test], kb)
    # Pell the person and Pell the ship.
    assert (told.n_names, told.n_unseen) == (7, 2)
    assert told.unseen_share == pytest.approx(2 / 7)


def test_leaks_without_test_texts_are_none(kb: KnowledgeBase) -> None:
    told = leaks([gold("[O Quill] left.")], kb)
    assert (told.stories, told.n_names, told.unseen_share) == ((), 0, 0.0)
