"""An issue as the editor's form sends it.

The fields come in the order of the page: ``item`` begins an item and names its story, ``headline``
and ``headline-article`` belong to it, ``sentence`` begins a sentence, and each ``source`` after it
is a place that it comes from, written ``ARTICLE:START:END``. So the page may be reordered at will.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from types import MappingProxyType
from urllib.parse import parse_qsl

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Issue, IssueItem, Sentence, SentenceSource
from alliance_nlp.web.security import MOST_FIELDS

MOST_TEXT = 4_000
MOST_NUMBER = 9_999
_SOURCE = re.compile(r"([0-9A-Za-z_.-]{1,80}):(\d{1,9}):(\d{1,9})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """What an editor sent.

    Attributes
    ----------
    base
        The version that the editor started from, 0 if the form does not say.
    frame
        The fields that belong to no item, by name.
    items
        Sentences and headlines are normal text on one line each; empty sentences are left out.
    do
        What was pressed to send it, such as ``"up:2"``; ``""`` for saving alone.
    """

    base: int
    frame: Mapping[str, str]
    items: tuple[IssueItem, ...]
    do: str = ""

    @property
    def why(self) -> str:
        """What the editor says of the change."""
        return one_line(self.frame.get("why", ""))[:MOST_TEXT]


def read_posted(body: bytes) -> Posted:
    """Return what a form sent; a malformed one is an empty one."""
    try:
        fields = parse_qsl(
            body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=MOST_FIELDS
        )
    except ValueError:
        fields = []
    items: list[IssueItem] = []
    frame: dict[str, str] = {}
    for name, value in fields:
        if name == "item":
            items.append(IssueItem(headline="", sentences=(), story_id=value[:200]))
        elif name in _PARTS and items:
            items[-1] = _PARTS[name](items[-1], value)
        else:
            frame[name] = value
    base = frame.get("base", "")
    return Posted(
        base=int(base) if re.fullmatch(r"\d{1,9}", base, re.ASCII) else 0,
        frame=frame,
        items=tuple(_without_empty(item) for item in items),
        do=frame.get("do", ""),
    )


def _headline(item: IssueItem, value: str) -> IssueItem:
    return replace(item, headline=one_line(value)[:MOST_TEXT])


def _headline_article(item: IssueItem, value: str) -> IssueItem:
    return replace(item, headline_article_id=value[:200])


def _sentence(item: IssueItem, value: str) -> IssueItem:
    sentence = Sentence(text=one_line(value)[:MOST_TEXT])
    return replace(item, sentences=(*item.sentences, sentence))


def _source(item: IssueItem, value: str) -> IssueItem:
    found = _SOURCE.fullmatch(value)
    if found is None or not item.sentences or int(found[2]) >= int(found[3]):
        return item
    source = SentenceSource(article_id=found[1], start=int(found[2]), end=int(found[3]))
    *before, last = item.sentences
    if source in last.sources:
        return item
    return replace(item, sentences=(*before, replace(last, sources=(*last.sources, source))))


_PARTS: Mapping[str, Callable[[IssueItem, str], IssueItem]] = MappingProxyType(
    {
        "headline": _headline,
        "headline-article": _headline_article,
        "sentence": _sentence,
        "source": _source,
    }
)


def _without_empty(item: IssueItem) -> IssueItem:
    return replace(item, sentences=tuple(s for s in item.sentences if s.text))


def issue_from(posted: Posted, stored: Issue) -> tuple[Issue, tuple[str, ...]]:
    """Return the issue that was sent, and what is wrong with it, in words.

    What the form does not carry, and what is wrong, stays as it is stored.
    """
    faults: list[str] = []
    days = {
        name: _day(posted.frame, name, getattr(stored, field), faults=faults)
        for name, field in _DAYS.items()
    }
    since, until = days["since"], days["until"]
    if since and until and since > until:
        faults.append("The window ends before it begins; mend one of its days.")
    issue = replace(
        stored,
        volume=_number(posted.frame, "volume", stored.volume, faults=faults),
        number=_number(posted.frame, "number", stored.number, faults=faults),
        published_on=days["date"],
        since_on=since,
        until_on=until,
        items=posted.items,
    )
    for place, item in enumerate(issue.items, start=1):
        if not item.headline:
            faults.append(f"Item {place} has no headline; write one, or take the item out.")
    return issue, tuple(faults)


_DAYS = {"date": "published_on", "since": "since_on", "until": "until_on"}
_NAMES = {"date": "date", "since": "first day", "until": "last day"}


def _day(
    frame: Mapping[str, str], name: str, stored: date | None, *, faults: list[str]
) -> date | None:
    text = frame.get(name)
    if text is None:
        return stored
    try:
        return date.fromisoformat(text.strip()) if text.strip() else None
    except ValueError:
        faults.append(f"The {_NAMES[name]} {text[:40]!r} is no day; write it as 2024-04-14.")
        return stored


def _number(frame: Mapping[str, str], name: str, stored: int, *, faults: list[str]) -> int:
    text = frame.get(name)
    if text is None:
        return stored
    if re.fullmatch(r"\d{1,4}", text.strip(), re.ASCII) and 1 <= int(text) <= MOST_NUMBER:
        return int(text)
    faults.append(f"The {name} is a whole number from 1 to {MOST_NUMBER}, not {text[:40]!r}.")
    return stored


def rearranged(issue: Issue, do: str) -> Issue:
    """Return an issue after one of the editor's buttons: ``up:2``, ``down:2``, ``out:2``.

    What asks for nothing that can be done changes nothing.
    """
    what, _, place = do.partition(":")
    items = list(issue.items)
    at = int(place) - 1 if re.fullmatch(r"\d{1,3}", place, re.ASCII) else -1
    if not 0 <= at < len(items):
        return issue
    if what == "out":
        items.pop(at)
    to = at + {"up": -1, "down": 1}.get(what, 0)
    if what in ("up", "down") and 0 <= to < len(items):
        items.insert(to, items.pop(at))
    return replace(issue, items=tuple(items))
