"""What changed between two versions of an issue, word by word."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from alliance_nlp.core.types import Issue, IssueItem, IssueVersion

# Words, or single characters where a script has no spaces between them.
_PIECES = re.compile(r"\s+|[^\W\u3040-\u30ff\u3400-\u9fff]+|.", re.DOTALL)
# Two items of different stories are one that was rewritten when they share this much.
_ALIKE = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A run of text; ``kind`` is ``"same"``, ``"removed"`` or ``"added"``."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDiff:
    """What became of an item.

    Attributes
    ----------
    before, after
        Its place in either version, from 1; ``None`` where it is not there.
    headline, bullet
        The text of both in one, in reading order.
    """

    before: int | None
    after: int | None
    headline: tuple[Segment, ...]
    bullet: tuple[Segment, ...]

    @property
    def kind(self) -> str:
        """``"added"``, ``"removed"``, ``"changed"``, ``"moved"`` or ``"same"``."""
        if self.before is None:
            return "added"
        if self.after is None:
            return "removed"
        if any(segment.kind != "same" for segment in (*self.headline, *self.bullet)):
            return "changed"
        return "same" if self.before == self.after else "moved"


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldDiff:
    """A line of the issue's frame that changed; values as text, ``""`` where there is none."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True, kw_only=True)
class VersionsDiff:
    """What changed: the frame's lines, and the items in the later version's order.

    Items that went stand where they stood.
    """

    fields: tuple[FieldDiff, ...]
    items: tuple[ItemDiff, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changed."""
        return not self.fields and all(item.kind == "same" for item in self.items)


def versions_diff(a: IssueVersion, b: IssueVersion) -> VersionsDiff:
    """Compare two versions of an issue, ``a`` the earlier one."""
    pairs = _paired(a.issue.items, b.issue.items)
    came_from = {after: before for before, after in pairs}
    gone = [n for n in range(len(a.issue.items)) if n not in {before for before, _ in pairs}]
    items: list[tuple[float, ItemDiff]] = []
    for after, item in enumerate(b.issue.items):
        before = came_from.get(after)
        earlier = a.issue.items[before] if before is not None else None
        items.append((after, _item_diff(before, after, earlier=earlier, later=item)))
    for before in gone:
        item = a.issue.items[before]
        items.append((before - 0.5, _item_diff(before, None, earlier=item, later=None)))
    items.sort(key=lambda placed: placed[0])
    return VersionsDiff(fields=_fields(a, b), items=tuple(diff for _, diff in items))


def words_diff(before: str, after: str) -> tuple[Segment, ...]:
    """Return both texts in one, as runs of what stayed, went and came."""
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    found: list[Segment] = []
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for _, i, j, k, m in matcher.get_opcodes():
        if old[i:j] == new[k:m]:
            found.append(Segment(kind="same", text="".join(old[i:j])))
            continue
        for kind, pieces in (("removed", old[i:j]), ("added", new[k:m])):
            if pieces:
                found.append(Segment(kind=kind, text="".join(pieces)))
    return tuple(found)


def _item_diff(
    before: int | None,
    after: int | None,
    *,
    earlier: IssueItem | None,
    later: IssueItem | None,
) -> ItemDiff:
    headlines = (earlier.headline if earlier else "", later.headline if later else "")
    bullets = (earlier.bullet if earlier else "", later.bullet if later else "")
    return ItemDiff(
        before=None if before is None else before + 1,
        after=None if after is None else after + 1,
        headline=words_diff(*headlines),
        bullet=words_diff(*bullets),
    )


def _paired(old: Sequence[IssueItem], new: Sequence[IssueItem]) -> list[tuple[int, int]]:
    """Return (place before, place after) of the items that are the same one.

    Those of one story are; then, of what is left, those whose words are most alike.
    """
    pairs: list[tuple[int, int]] = []
    left_old, left_new = list(range(len(old))), list(range(len(new)))

    def pair(i: int, k: int) -> None:
        pairs.append((i, k))
        left_old.remove(i)
        left_new.remove(k)

    for i in tuple(left_old):
        same = [k for k in left_new if old[i].story_id and new[k].story_id == old[i].story_id]
        if same:
            pair(i, same[0])
    alike = sorted((-_likeness(old[i], new[k]), i, k) for i in left_old for k in left_new)
    for likeness, i, k in alike:
        if -likeness >= _ALIKE and i in left_old and k in left_new:
            pair(i, k)
    return pairs


def _likeness(one: IssueItem, other: IssueItem) -> float:
    words = [f"{item.headline} {item.bullet}".casefold().split() for item in (one, other)]
    return SequenceMatcher(None, words[0], words[1], autojunk=False).ratio()


def _fields(a: IssueVersion, b: IssueVersion) -> tuple[FieldDiff, ...]:
    before, after = _frame(a.issue) | {"state": a.state}, _frame(b.issue) | {"state": b.state}
    return tuple(
        FieldDiff(name=name, before=before[name], after=after[name])
        for name in before
        if before[name] != after[name]
    )


def _frame(issue: Issue) -> dict[str, str]:
    return {
        "title": issue.title,
        "date": str(issue.published_on or ""),
        "first day": str(issue.since_on or ""),
        "last day": str(issue.until_on or ""),
        "footer": issue.footer,
    }
