from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from alliance_nlp.core.errors import InputError
from alliance_nlp.learn import data_sha256, frame, read_items
from alliance_nlp.learn.corpus import stories, targets, texts

LINE: dict[str, Any] = {
    "id": "x-1",
    "title": "A title",
    "text": "A text of some words.",
    "published_on": "2024-04-14",
    "language": "en",
    "genre": "wire",
    "topics": ["defense", "trade"],
    "relevant": True,
    "story": "docks",
    "annotator": "writer",
    "note": "",
}


def _line(**changes: Any) -> str:
    return json.dumps({**LINE, **changes}, ensure_ascii=False)


def _write(path: Path, *lines: str) -> Path:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_items_of_all_files_are_read_sorted_by_id(tmp_path: Path) -> None:
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()
    _write(tmp_path / "one" / "b.jsonl", _line(id="c"), "", _line(id="a"))
    _write(tmp_path / "two" / "a.jsonl", _line(id="b", title="日本"))
    _write(tmp_path / "two" / "notes.txt", "not read")
    items = read_items([tmp_path / "one", tmp_path / "two"])
    assert [item.id for item in items] == ["a", "b", "c"]
    assert items[1].title == "日本"
    assert items[0].topics == ("defense", "trade")
    assert items[0].published_on == date(2024, 4, 14)


def test_note_may_be_left_out(tmp_path: Path) -> None:
    plain = {key: value for key, value in LINE.items() if key != "note"}
    _write(tmp_path / "a.jsonl", json.dumps(plain))
    assert read_items([tmp_path])[0].note == ""


@pytest.mark.parametrize(
    ("line", "message"),
    [
        ("{not json", "is not JSON: .*mend or remove it"),
        ("[1, 2]", "is no JSON object"),
        ('"text"', "is no JSON object"),
        (_line(colour="red"), r"unknown fields \['colour'\]"),
        (json.dumps({"id": "x"}), r"missing fields \['title', 'text'"),
        (_line(title=3), "title must be text, not 3"),
        (_line(id=None), "id must be text, not None"),
        (_line(topics="defense"), "topics 'defense' must be a list out of trade"),
        (_line(topics=["sport"]), r"topics \['sport'\] must be"),
        (_line(topics=[["trade"]]), "must be a list out of"),
        (_line(relevant="yes"), "relevant must be true or false, not 'yes'"),
        (_line(relevant=1), "relevant must be true or false, not 1"),
        (_line(text=" \n"), "the text is empty"),
        (_line(published_on="14 April"), "published_on must look like 2024-04-14"),
        (_line(published_on=20240414), "published_on must look like 2024-04-14"),
        (_line(id="good"), "the id 'good' is taken; give it another"),
    ],
)
def test_error_names_file_and_line(tmp_path: Path, line: str, message: str) -> None:
    path = _write(tmp_path / "items.jsonl", _line(id="good"), "", line)
    with pytest.raises(InputError, match=f"items.jsonl, line 3.*{message}") as caught:
        read_items([tmp_path])
    assert str(path) in str(caught.value)


def test_bytes_that_are_no_utf8_are_an_error_that_names_the_file(tmp_path: Path) -> None:
    line = _line(title="日本").encode("shift_jis")
    (tmp_path / "items.jsonl").write_bytes(_line(id="good").encode() + b"\n" + line)
    with pytest.raises(InputError, match=r"items\.jsonl.*UTF-8"):
        read_items([tmp_path])


def test_id_taken_in_another_file_is_an_error(tmp_path: Path) -> None:
    _write(tmp_path / "a.jsonl", _line())
    _write(tmp_path / "b.jsonl", _line())
    with pytest.raises(InputError, match=r"b\.jsonl, line 1: the id 'x-1' is taken"):
        read_items([tmp_path])


def test_hash_tells_content_and_not_files(tmp_path: Path) -> None:
    _write(tmp_path / "a.jsonl", _line(id="a"), _line(id="b"))
    items = read_items([tmp_path])
    assert data_sha256(items) == data_sha256(items[::-1])
    _write(tmp_path / "a.jsonl", _line(id="b"))
    _write(tmp_path / "z.jsonl", _line(id="a"))
    assert data_sha256(read_items([tmp_path])) == data_sha256(items)
    _write(tmp_path / "z.jsonl", _line(id="a", relevant=False))
    assert data_sha256(read_items([tmp_path])) != data_sha256(items)


def test_columns_tell_topics_relevance_and_story(tmp_path: Path) -> None:
    _write(tmp_path / "a.jsonl", _line(id="a"), _line(id="b", topics=[], relevant=False))
    items = read_items([tmp_path])
    assert targets(items).tolist() == [[1, 1, 0, 0, 1], [0, 0, 0, 0, 0]]
    assert stories(items).tolist() == ["docks", "docks"]
    assert texts(items)[0].count("A title") == 2
    table = frame(items)
    assert table["is_base_politics"].tolist() == [False, False]
    assert table["is_relevant"].tolist() == [True, False]
    assert table["published_on"].dt.year.tolist() == [2024, 2024]


def test_no_items_make_empty_tables(tmp_path: Path) -> None:
    assert read_items([tmp_path, tmp_path / "nowhere"]) == ()
    assert targets(()).shape == (0, 5)
    assert len(frame(())) == 0
