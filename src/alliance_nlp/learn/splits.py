"""Which stories are kept for the test: read from a file, and chosen whole, by hash and by date."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.ids import short_hash
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.writing import write_whole

FILE = "splits.json"
TRAIN, TEST = "train", "test"


@dataclass(frozen=True, slots=True, kw_only=True)
class Splits:
    """The stories of the frozen test; every story that is not named here belongs to training.

    Attributes
    ----------
    test
        Slugs of the stories that no model may learn from.
    train
        Slugs that must never move to the test; most files name none.
    frozen_on
        The day on which the test was frozen, where the file tells.
    apart
        Pairs of stories that are much alike and still two events, as a person judged.
    """

    test: frozenset[str] = frozenset()
    train: frozenset[str] = frozenset()
    frozen_on: date | None = None
    apart: frozenset[frozenset[str]] = frozenset()

    def is_test(self, story: str) -> bool:
        """Tell whether a story is kept for the test."""
        return story in self.test

    def side_of(self, story: str) -> str:
        """Return ``"test"`` or ``"train"``."""
        return TEST if self.is_test(story) else TRAIN


def split_of(item: LabeledItem, splits: Splits) -> str:
    """Return the side on which an item stands, ``"train"`` or ``"test"``."""
    return splits.side_of(item.story)


def read_splits(*folders: Path) -> Splits:
    """Return what the ``splits.json`` of folders of labelled items say; without any, no test.

    Raises
    ------
    InputError
        If a file cannot be read, is no such file, or a story is named on both sides.
    """
    found = [_read(folder / FILE) for folder in folders if (folder / FILE).exists()]
    test = frozenset[str]().union(*(one.test for one in found))
    train = frozenset[str]().union(*(one.train for one in found))
    if both := sorted(test & train):
        raise InputError(
            f"{FILE} in {' or '.join(map(str, folders))} names {both[0]!r} on both sides; "
            "take it off one of them"
        )
    return Splits(
        test=test,
        train=train,
        frozen_on=max((one.frozen_on for one in found if one.frozen_on), default=None),
        apart=frozenset[frozenset[str]]().union(*(one.apart for one in found)),
    )


def _read(path: Path) -> Splits:
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError(f"{path} cannot be read as JSON: {error}; mend or remove it") from error
    if not isinstance(data, dict):
        raise InputError(f'{path} must hold an object like {{"test": ["some-story"]}}; mend it')
    return Splits(
        test=_stories(data, TEST, path),
        train=_stories(data, TRAIN, path),
        frozen_on=_day(data.get("frozen_on"), path),
        apart=_pairs(data, path),
    )


def _stories(data: dict[str, Any], side: str, path: Path) -> frozenset[str]:
    names = data.get(side, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise InputError(f"{path}: {side!r} must be a list of stories; mend it")
    return frozenset(names)


def _pairs(data: dict[str, Any], path: Path) -> frozenset[frozenset[str]]:
    pairs = data.get("apart", [])
    is_right = isinstance(pairs, list) and all(
        isinstance(pair, list) and len(pair) == 2 and all(isinstance(name, str) for name in pair)
        for pair in pairs
    )
    if not is_right:
        raise InputError(f"{path}: 'apart' must be a list of pairs of stories; mend it")
    return frozenset(frozenset(pair) for pair in pairs)


def _day(value: Any, path: Path) -> date | None:
    if value is None:
        return None
    try:
        return date.fromisoformat(value)
    except (TypeError, ValueError) as error:
        raise InputError(f"{path}: frozen_on must look like 2024-04-14, not {value!r}") from error


def write_splits(folder: Path, splits: Splits) -> Path:
    """Write ``splits.json``, whole or not at all; return its path.

    Raises
    ------
    InputError
        If the folder cannot be written.
    """
    data: dict[str, Any] = {TEST: sorted(splits.test)}
    if splits.train:
        data[TRAIN] = sorted(splits.train)
    if splits.frozen_on:
        data["frozen_on"] = splits.frozen_on.isoformat()
    if splits.apart:
        data["apart"] = sorted(sorted(pair) for pair in splits.apart)
    path = folder / FILE
    write_whole(path, json.dumps(data, indent=1, ensure_ascii=False) + "\n")
    return path


def make_splits(
    items: Sequence[LabeledItem],
    *,
    share: float = 0.2,
    since: date | None = None,
    known: Splits | None = None,
) -> Splits:
    """Choose whole stories for the test, until they hold a share of the items.

    The choice hangs on the stories' names alone, so the same items give the same test in whatever
    order they come, and a story that ``known`` names keeps its side for ever.

    Parameters
    ----------
    items
        The labelled items.
    share
        Share of the items that the test should hold, 0 to 1; it is overshot by less than a story.
    since
        Stories told only from this day on are taken first: a test on later news is the honest one.
    known
        What is frozen already; all of its test stays, also when it holds more than the share.
    """
    frozen = known or Splits()
    members: dict[str, list[LabeledItem]] = {}
    for item in items:
        members.setdefault(item.story, []).append(item)
    test = set(frozen.test)
    n_test = sum(len(members.get(story, ())) for story in test)
    free = [story for story in members if story not in frozen.test | frozen.train]
    for story in _in_order(free, members, since=since):
        if n_test >= share * len(items):
            break
        test.add(story)
        n_test += len(members[story])
    return replace(frozen, test=frozenset(test))


def _in_order(
    stories: Iterable[str], members: dict[str, list[LabeledItem]], *, since: date | None
) -> list[str]:
    def place(story: str) -> tuple[bool, str]:
        is_late = since is not None and all(i.published_on >= since for i in members[story])
        return not is_late, short_hash("split", story)

    return sorted(stories, key=place)
