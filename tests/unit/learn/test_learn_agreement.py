from __future__ import annotations

from pathlib import Path

import pytest

from alliance_nlp.core.errors import InputError
from alliance_nlp.learn import agreement, read_twice
from alliance_nlp.learn.agreement import FILE, Labels, Twice
from alliance_nlp.workspace import packaged_labeled


def twice(first: tuple[list[str], bool], second: tuple[list[str], bool]) -> Twice:
    one, other = (Labels(topics=tuple(t), relevant=r) for t, r in (first, second))
    return Twice(id="a", first=one, second=other, settled="")


def test_kappa_is_as_counted_by_hand() -> None:
    items = [
        twice((["trade"], True), (["trade"], True)),
        twice((["trade"], True), (["energy"], False)),
        twice((["energy"], False), (["energy"], False)),
        twice(([], False), ([], False)),
    ]
    told = agreement(items)
    # Observed 3/4; by chance 2/4 * 1/4 + 2/4 * 3/4 = 1/2.
    assert told.loc["relevant", "kappa"] == pytest.approx(0.5)
    assert told.loc["trade", "agreed"] == pytest.approx(0.75)
    assert told.loc["defense", "kappa"] == 1.0
    assert list(told["n"].unique()) == [4]


def test_packaged_items_were_labelled_twice_and_agree() -> None:
    items = read_twice(packaged_labeled())
    told = agreement(items)
    assert len(items) >= 300
    assert told["kappa"].min() > 0.8
    assert {item.settled for item in items} == {"", "first", "second"}


def test_a_line_without_its_second_labels_is_named(tmp_path: Path) -> None:
    file = tmp_path / FILE
    file.parent.mkdir()
    file.write_text('{"id": "a", "first": {"topics": [], "relevant": true}}\n')
    with pytest.raises(InputError, match=r"second-labels.jsonl.*1.*second"):
        read_twice(tmp_path)
