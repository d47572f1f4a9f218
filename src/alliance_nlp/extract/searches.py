"""The library's searches over a tree, without a regular expression at every element.

Most of what trafilatura's extraction costs are XPath expressions that test classes and ids by
calls back from C, one for each test of each element. Here such an expression is read, and what its
tests say is kept by attribute value: the classes of a page, and of a site, are few. An expression
of a form that is not read stays as it is, so that another release is slower at worst.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from lxml.etree import XPath

Found = Callable[[Any], Any]

_OF = r"@(?P<one>[\w-]+)(?:\s*\|\s*@(?P<other>[\w-]+))?"
_VALUE = r"'(?P<value>[^']*)'"
_ATOMS = {
    "matches": re.compile(rf"re:test\({_OF},\s*{_VALUE}(?P<fold>,\s*'i')?\)"),
    "holds": re.compile(rf"contains\({_OF},\s*{_VALUE}\)"),
    "begins": re.compile(rf"starts-with\({_OF},\s*{_VALUE}\)"),
    "holds_as": re.compile(
        rf"contains\(translate\({_OF},\s*'(?P<old>\w+)',\s*'(?P<new>\w+)'\),\s*{_VALUE}\)"
    ),
    "is": re.compile(rf"{_OF}\s*=\s*{_VALUE}"),
    "stands": re.compile(_OF),
}
_COSTLY = re.compile(r"re:test\(|self::")
_COUNTING = re.compile(r"^\d+$|position\(|last\(")
_NAMESPACES = {"re": "http://exslt.org/regular-expressions"}
_STEP = re.compile(r"\.//(?P<tag>\*|\w+)")
_SELVES = re.compile(r"self::\w+(?:\s+or\s+self::\w+)*")
_BARE = re.compile(r"\.//\w+")
_EITHER = re.compile(r"@[\w-]+\s*\|\s*@")
_FEWEST = 2  # to be put in order
# Values of an attribute that are kept, and their longest: a page may write what it likes.
_MOST_KEPT, _LONGEST_KEPT = 8_192, 500


class _Verdicts(dict[str, bool]):
    """Whether a pattern is in a value, looked for once in each."""

    def __init__(self, pattern: re.Pattern[str]) -> None:
        super().__init__()
        self._search = pattern.search

    def __missing__(self, value: str) -> bool:
        verdict = self._search(value) is not None
        if len(value) <= _LONGEST_KEPT:
            if len(self) >= _MOST_KEPT:
                self.clear()
            self[value] = verdict
        return verdict


@dataclass(frozen=True, slots=True)
class _Part:
    """One alternative of an expression.

    Attributes
    ----------
    tags
        Tags of the elements that it looks at.
    asked
        Attributes of which one has to hold what is looked for.
    further
        What else is asked of an element, of the few that come so far.
    """

    tags: tuple[str, ...]
    asked: tuple[tuple[str, _Verdicts], ...]
    further: tuple[XPath, ...]

    def find(self, tree: Any) -> Iterator[Any]:
        asked, further = self.asked, self.further
        for element in tree.iterdescendants(*self.tags):
            get = element.get
            for name, verdicts in asked:
                value = get(name)
                if value is not None and verdicts[value]:
                    if all(holds(element) for holds in further):
                        yield element
                    break


def quicker(expression: XPath, *, is_first_enough: bool = False) -> Found:
    """Return what finds the same as an expression, in the same order; it may be the expression.

    Parameters
    ----------
    is_first_enough
        Whether its caller looks at the first of what is found alone.
    """
    alternatives = [text.strip() for text in _split(expression.path, "|")]
    tags = [text[3:] for text in alternatives if _BARE.fullmatch(text)]
    # A call back for each test, and a search of its own for each tag, are what costs.
    tested = [text for text in alternatives if _COSTLY.search(text)]
    others = [text for text in alternatives if text not in tested and text[3:] not in tags]
    parts = [_part(text, is_first_enough=is_first_enough) for text in tested]
    as_it_is: Found = expression
    if not tested or None in parts:
        return as_it_is
    finders: list[Found] = [part.find for part in parts if part is not None]
    if len(alternatives) == 1:
        # Else a list: whoever asks takes out what was found.
        return finders[0] if is_first_enough else partial(_listed, finders[0])
    if tags:
        finders.append(partial(_tagged, tags))
    for text in others:
        part = _part(text, is_first_enough=is_first_enough)
        finders.append(part.find if part else XPath(text, namespaces=_NAMESPACES))
    return partial(_in_order, finders)


def _listed(find: Found, tree: Any) -> list[Any]:
    return list(find(tree))


def _tagged(tags: Sequence[str], tree: Any) -> Iterator[Any]:
    found: Iterator[Any] = tree.iterdescendants(*tags)
    return found


def _in_order(finders: Sequence[Found], tree: Any) -> list[Any]:
    found = {element for find in finders for element in find(tree)}
    if len(found) < _FEWEST:
        return list(found)
    tags = {element.tag for element in found}
    return [element for element in tree.iterdescendants(*tags) if element in found]


def _part(text: str, *, is_first_enough: bool) -> _Part | None:
    """Read an alternative; ``None`` where it has another form."""
    text = text.strip()
    is_bracketed = text.startswith("(") and text.endswith(")[1]")
    text = text[1:-4].strip() if is_bracketed else text
    step = _STEP.match(text)
    conditions = _conditions(text[step.end() :]) if step else None
    if step is None or not conditions:
        return None
    if conditions[-1] == "1" and not is_bracketed:
        is_bracketed, conditions = True, conditions[:-1]
    tags = [step["tag"]]
    if tags == ["*"] and _SELVES.fullmatch(conditions[0]):
        tags, conditions = re.findall(r"self::(\w+)", conditions[0]), conditions[1:]
    tests = _tests(conditions[0]) if conditions else None
    if not tests or (is_bracketed and not is_first_enough):
        return None
    if any(_COUNTING.search(condition) for condition in conditions):
        return None
    # Of two attributes a test means the one that the source has first.
    is_settled = not any(_EITHER.search(atom) for atom in _split(_unbroken(conditions[0]), " or "))
    return _Part(
        tags=tuple(tags),
        asked=tuple((name, _Verdicts(wanted)) for name, wanted in tests.items()),
        further=tuple(
            XPath(f"boolean({condition})", namespaces=_NAMESPACES)
            for condition in conditions[is_settled:]
        ),
    )


def _conditions(text: str) -> list[str] | None:
    """Return what stands in the brackets that a text consists of; ``None`` for another text."""
    found = []
    text = text.strip()
    while text.startswith("["):
        inner, closing, text = _until_closed(text[1:])
        if not closing:
            return None
        found.append(inner.strip())
        text = text.strip()
    return None if text else found


def _until_closed(text: str) -> tuple[str, str, str]:
    depth, is_quoted = 0, False
    for place, char in enumerate(text):
        if char == "'":
            is_quoted = not is_quoted
        elif not is_quoted and char == "]" and depth == 0:
            return text[:place], char, text[place + 1 :]
        elif not is_quoted:
            depth += (char == "[") - (char == "]")
    return text, "", ""


def _split(text: str, mark: str) -> list[str]:
    """Split an expression at a mark outside of quotes and brackets."""
    pieces, start, depth, is_quoted = [], 0, 0, False
    for place, char in enumerate(text):
        if char == "'":
            is_quoted = not is_quoted
        elif is_quoted:
            continue
        elif depth == 0 and text.startswith(mark, place) and place >= start:
            pieces.append(text[start:place])
            start = place + len(mark)
        else:
            depth += (char in "([") - (char in ")]")
    return [*pieces, text[start:]]


def _tests(condition: str) -> dict[str, re.Pattern[str]] | None:
    """Return what is asked of each attribute; ``None`` where a test has another form.

    What is asked of one of two attributes is asked of both.
    """
    found: dict[str, list[str]] = {}
    for atom in _split(_unbroken(condition), " or "):
        for kind, form in _ATOMS.items():
            match = form.fullmatch(atom.strip())
            if match:
                wording = _wording(kind, match)
                # An element without the attribute counts as one that has it empty.
                if wording and re.search(wording, ""):
                    return None
                for name in filter(None, (match["one"], match["other"])):
                    found.setdefault(name, []).append(wording)
                break
        else:
            return None
    return {name: re.compile("|".join(wordings)) for name, wordings in found.items()}


def _unbroken(condition: str) -> str:
    return " ".join(line.strip() for line in condition.splitlines() if line.strip())


def _wording(kind: str, atom: re.Match[str]) -> str:
    """Return a test as a regular expression; ``""`` is in any value."""
    if kind == "stands":
        return ""
    if kind == "matches":
        return f"(?{'i' if atom['fold'] else ''}:{atom['value']})"
    value = re.escape(atom["value"])
    if kind == "holds_as" and set(atom["old"]) & set(atom["value"]):
        return "(?!)"  # no value holds it after the exchange
    if kind == "holds_as":
        for old, new in zip(atom["old"], atom["new"], strict=True):
            value = value.replace(new, f"[{old}{new}]")
    return {"begins": rf"\A{value}", "is": rf"\A{value}\Z"}.get(kind, value)
