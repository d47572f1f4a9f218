"""What changed between two versions of an article, and whether it matters."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from difflib import SequenceMatcher
from typing import Any

from alliance_nlp.core.types import Article

# Lines and pieces that change by themselves: clocks, counters, labels.
_CLOCK = r"\d{1,2}(?:[:.]\d{2}|時\d{0,2}分?)(?::\d{2})?\s*(?:[ap]\.?m\.?)?"
_DAY = (
    r"(?:\d{4}[-/.年]\s?\d{1,2}[-/.月]\s?\d{1,2}日?|(?:\d{1,2} )?(?:jan|feb|mar|apr|may|jun|jul|"
    r"aug|"
    r"sep|oct|nov|dec)\w*\.?"
    r"(?: \d{1,2})?,?(?: \d{4})?|\d{1,2}月\d{1,2}日|\d{1,2}/\d{1,2}/\d{2,4}|(?:mon|tue|wed|thu|"
    r"fri|"
    r"sat|sun)\w*)"
)
_VOLATILE = re.compile(
    r"\W*(?:(?:last |first )?(?:updated|modified|published|posted|edited|revised)|最終更新|更新|"
    r"公開|配信|"
    r"投稿)(?:日時?|時刻)?"
    rf"\W*(?:on |at )?(?:(?:{_DAY}|{_CLOCK}|\w{{1,4}}|[\s,()（）・|-]|\d+ \w+ ago|\d+\s*(?:分|"
    rf"時間|日)前)"
    rf")*\W*"
    rf"|\W*(?:(?:{_DAY})[\s,、T]*(?:at )?)?(?:{_CLOCK})?[\s,(]*(?:[A-Z]{{2,4}}|"
    rf"[+-]\d{{2}}:?\d{{2}})?\)?\W*"
    r"|\W*(?:\d+ (?:\w+ )?ago|\d+\s*(?:秒|分|時間|日)前)\W*"
    r"|\W*[\d,.]+\s*[km]?\s*(?:views?|reads?|comments?|shares?|likes?|min(?:ute)?s? read|"
    r"件(?:の(?:コメント|返信))?|回(?:視聴|閲覧)|人が閲覧|いいね)\W*"
    r"|\W*(?:views?|reads?|comments?|shares?|likes?|閲覧数?|コメント|アクセス数?|いいね)"
    r"\W*[\d,.]+\s*[km]?\W*(?:件|回|人)?\W*",
    re.IGNORECASE,
)
_SENTENCE = re.compile(
    r"(?<=[.!?][\"”’)])\s+|(?<=[.!?])\s+|(?<=[。！？])(?![」』）])|(?<=[。！？][」』）])"
)
_SIGNS = re.compile(r"(?<!\d)[^\w\s]+|[^\w\s]+(?!\d)|[\s_]+")
# Beyond this many pieces a comparison piece by piece costs too much.
_MOST = 4_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One difference: ``kind`` is ``"insert"``, ``"delete"`` or ``"replace"``.

    ``before`` and ``after`` are sentences or whole paragraphs, ``""`` where there is nothing;
    ``paragraph`` counts from 0 in the later text, for a deletion where it would stand.
    """

    kind: str
    before: str
    after: str
    paragraph: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """What changed between two versions of one article.

    Attributes
    ----------
    title
        The titles before and after; empty when they are equal.
    n_inserted, n_deleted
        Characters that came and went.
    share
        The share, 0 to 1, of both texts that differs.
    """

    before_id: str
    after_id: str
    title: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    n_inserted: int = 0
    n_deleted: int = 0
    share: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers."""
        return {
            **asdict(self),
            "title": list(self.title),
            "changes": [asdict(change) for change in self.changes],
        }


def diff(before: Article, after: Article) -> Changes:
    """Compare two versions of an article, paragraph by paragraph and within them by sentence."""
    changes = tuple(_changes(before.text.split("\n"), after.text.split("\n")))
    n_inserted = sum(len(change.after) for change in changes)
    n_deleted = sum(len(change.before) for change in changes)
    whole = len(before.text) + len(after.text)
    return Changes(
        before_id=before.id,
        after_id=after.id,
        title=() if before.title == after.title else (before.title, after.title),
        changes=changes,
        n_inserted=n_inserted,
        n_deleted=n_deleted,
        share=round((n_inserted + n_deleted) / whole, 4) if whole else 0.0,
    )


def is_material(changes: Changes) -> bool:
    """Tell whether a reader would learn something else from the later version.

    Spaces, punctuation, width and case, paragraph breaks, times of publication, and counts of
    views or comments do not count.
    """
    if changes.title and _essence(changes.title[0]) != _essence(changes.title[1]):
        return True
    before = "".join(_essence(change.before) for change in changes.changes)
    after = "".join(_essence(change.after) for change in changes.changes)
    return before != after


def _changes(before: Sequence[str], after: Sequence[str]) -> Iterator[Change]:
    for tag, i, j, k, m in _opcodes(before, after):
        if tag == "replace" and j - i == m - k:
            for n in range(j - i):
                yield from _within(before[i + n], after[k + n], paragraph=k + n)
        elif tag == "replace":
            yield from _within("\n".join(before[i:j]), "\n".join(after[k:m]), paragraph=k)
        elif tag == "delete":
            yield from (Change(kind=tag, before=p, after="", paragraph=k) for p in before[i:j])
        else:
            new = enumerate(after[k:m], k)
            yield from (Change(kind=tag, before="", after=p, paragraph=n) for n, p in new)


def _within(before: str, after: str, *, paragraph: int) -> Iterator[Change]:
    """Compare two paragraphs, or groups of them, by sentence."""
    old, new = _sentences(before), _sentences(after)
    for tag, i, j, k, m in _opcodes(old, new):
        yield Change(
            kind=tag, before=" ".join(old[i:j]), after=" ".join(new[k:m]), paragraph=paragraph
        )


def _opcodes(
    before: Sequence[str], after: Sequence[str]
) -> Iterator[tuple[str, int, int, int, int]]:
    is_small = len(before) + len(after) <= _MOST
    matcher = SequenceMatcher(None, before, after, autojunk=not is_small)
    yield from (code for code in matcher.get_opcodes() if code[0] != "equal")


def _sentences(text: str) -> list[str]:
    pieces = (piece.strip() for line in text.split("\n") for piece in _SENTENCE.split(line))
    return [piece for piece in pieces if piece]


def _essence(text: str) -> str:
    """Return what a text says, without what changes by itself and without its dress."""
    lines = (line for line in text.split("\n") if not _VOLATILE.fullmatch(line))
    return _SIGNS.sub("", unicodedata.normalize("NFKC", "".join(lines)).casefold())
