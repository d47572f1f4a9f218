from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from labeled_items import item

from alliance_nlp.core.errors import InputError
from alliance_nlp.learn import Splits, make_splits, read_splits, split_of, write_splits

STORIES = st.lists(st.sampled_from([f"s{n}" for n in range(40)]), min_size=1, max_size=60)


def test_story_that_is_not_named_belongs_to_train(tmp_path: Path) -> None:
    (tmp_path / "splits.json").write_text('{"test": ["docks"], "frozen_on": "2026-11-22"}')
    splits = read_splits(tmp_path)
    assert splits.frozen_on == date(2026, 11, 22)
    assert split_of(item("a", story="docks"), splits) == "test"
    assert split_of(item("b", story="piers"), splits) == "train"


def test_folder_without_the_file_has_no_test(tmp_path: Path) -> None:
    assert read_splits(tmp_path) == Splits()


def test_files_of_several_folders_are_taken_together(tmp_path: Path) -> None:
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        write_splits(tmp_path / name, Splits(test=frozenset({name})))
    assert read_splits(tmp_path / "one", tmp_path / "two").test == {"one", "two"}


def test_splits_are_read_as_they_were_written(tmp_path: Path) -> None:
    splits = Splits(
        test=frozenset({"b", "a"}),
        train=frozenset({"c"}),
        frozen_on=date(2026, 1, 2),
        apart=frozenset({frozenset({"a", "c"})}),
    )
    path = write_splits(tmp_path, splits)
    assert read_splits(tmp_path) == splits
    assert json.loads(path.read_text())["test"] == ["a", "b"]
    assert [one.name for one in tmp_path.iterdir()] == ["splits.json"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read as JSON"),
        ("[]", "must hold an object"),
        ('{"test": "docks"}', "'test' must be a list"),
        ('{"test": [1]}', "'test' must be a list"),
        ('{"frozen_on": "soon"}', "frozen_on must look like 2024-04-14"),
        ('{"test": ["a"], "train": ["a"]}', "'a' on both sides"),
        ('{"apart": [["a"]]}', "'apart' must be a list of pairs"),
    ],
)
def test_broken_file_is_an_error_that_says_how(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "splits.json").write_text(text)
    with pytest.raises(InputError, match=message):
        read_splits(tmp_path)


@given(STORIES, st.randoms(use_true_random=False), st.floats(0.05, 0.9))
def test_choice_does_not_hang_on_the_order_of_items(stories, random, share) -> None:
    items = [item(str(n), story=story) for n, story in enumerate(stories)]
    turned = random.sample(items, len(items))
    chosen = make_splits(items, share=share)
    assert chosen == make_splits(turned, share=share)
    n_test = sum(chosen.is_test(one.story) for one in items)
    largest = max(stories.count(story) for story in stories)
    assert share * len(items) <= n_test < share * len(items) + largest


@given(STORIES, STORIES)
def test_named_story_keeps_its_side_when_items_are_added(before, after) -> None:
    old = [item(f"o{n}", story=story) for n, story in enumerate(before)]
    new = [item(f"n{n}", story=story) for n, story in enumerate(after)]
    frozen = make_splits(old)
    fixed = Splits(test=frozen.test, train=frozenset(before) - frozen.test)
    again = make_splits([*old, *new], share=0.4, known=fixed)
    assert again.test >= frozen.test
    assert not again.test & fixed.train


def test_later_stories_are_taken_first() -> None:
    late = [item(f"l{n}", published_on=date(2026, 1, n + 1)) for n in range(5)]
    early = [item(f"e{n}") for n in range(45)]
    both = [item("x", story="both"), item("y", story="both", published_on=date(2026, 1, 1))]
    splits = make_splits([*early, *late, *both], share=0.1, since=date(2026, 1, 1))
    assert splits.test > {one.story for one in late}
    assert "both" not in splits.test or len(splits.test) > 6
