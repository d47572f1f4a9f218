"""Offices that lost the word that limits them: "President" for "former President"."""

from __future__ import annotations

import re
from collections.abc import Sequence

Span = tuple[int, int]

_LIMITS = (
    r"(?:former|ex|deputy|acting|interim|assistant|under|outgoing|retired|caretaker|designate)"
)
_OFFICE = (
    r"(?:president|prime minister|secretary(?: of \w+)?|minister|chairman|chairwoman|chair|"
    r"governor|mayor|director|ambassador|commander|chief|premier|chancellor|commissioner|prosecutor|head|"
    r"general|admiral|envoy|leader|officer)"
)
_LIMITED = re.compile(
    rf"\b(?P<limit>{_LIMITS})[\s-]+(?:[\w.’']+\s+){{0,2}}?(?P<office>(?:vice )?{_OFFICE})\b",
    re.IGNORECASE,
)
_VICE = re.compile(rf"\bvice[\s-]+(?P<office>{_OFFICE})\b", re.IGNORECASE)


def unlimited_offices(text: str, texts: Sequence[str], *, granted: str = "") -> list[Span]:
    """Return the offices that every source limits ("deputy", "acting", "vice") and a sentence not.

    Parameters
    ----------
    texts
        The source sentences; what an article says elsewhere does not count.
    granted
        Text whose offices stand as they are.
    """
    whole = "\n".join(texts)
    found: list[Span] = []
    for pattern in (_LIMITED, _VICE):
        offices = {match["office"].lower() for match in pattern.finditer(whole)}
        bare_sources = f"{pattern.sub(' ', whole)}\n{granted}".lower()
        ours = [match.span() for match in pattern.finditer(text)]
        for office in sorted(offices):
            bare = re.compile(rf"\b{re.escape(office)}\b", re.IGNORECASE)
            if bare.search(bare_sources):
                continue
            found += [
                match.span()
                for match in bare.finditer(text)
                if not any(a <= match.start() and match.end() <= b for a, b in ours)
            ]
    return sorted(set(found))
