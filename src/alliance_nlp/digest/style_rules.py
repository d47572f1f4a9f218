"""The rules of the house style, as the published issues show them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.digest.style_checks import (
    all_capitals,
    hyphenated_number,
    length,
    long_number_words,
    repeated_full_names,
    short_digits,
    straight_quotes,
    unbalanced_quotes,
    undefined_abbreviations,
)
from alliance_nlp.digest.style_types import KINDS, Kind, StyleRule

_MONTH = "January|February|March|April|May|June|July|August|September|October|November|December"
_SHORT = {
    "Jan": "January", "Feb": "February", "Mar": "March", "Apr": "April", "Jun": "June",
    "Jul": "July", "Aug": "August", "Sept": "September", "Sep": "September", "Oct": "October",
    "Nov": "November", "Dec": "December",
}  # fmt: skip
_HEADLINE: frozenset[Kind] = frozenset({"headline"})
_BULLET: frozenset[Kind] = frozenset({"bullet"})
_NAME = r"(?= [A-ZĀ-Ž](?:[^\W\d_]|\.))"


def _rule(
    name: str, find: str, *, replace: str | None, reason: str, holds_in_quotes: bool = False
) -> StyleRule:
    return StyleRule(
        id=name,
        find=re.compile(find),
        replace=replace,
        reason=reason,
        holds_in_quotes=holds_in_quotes,
    )


_WORDING = (
    _rule(
        "spaces",
        r"[ \t\u00a0]{2,}",
        replace=" ",
        reason="One space between words.",
        holds_in_quotes=True,
    ),
    _rule(
        "edges",
        r"^\s+|(?<!\s)\s+$",
        replace="",
        reason="No space at either end.",
        holds_in_quotes=True,
    ),
    _rule(
        "space-before",
        r"(?<![ \t])[ \t]+([,;:.!?])(?!\w)",
        replace=r"\1",
        reason="No space before a stop or comma.",
    ),
    _rule("us-end", r"\bU\.\s?S\.$", replace="US.", reason="The digest writes US, not U.S."),
    _rule(
        "us",
        r"\bU\.\s?S\.(?:A\.)?(?!\w)(?!$)",
        replace="US",
        reason="The digest writes US, not U.S.",
    ),
    _rule(
        "united-states",
        r"\b(?<!of )United States(?! (?:Steel|Code|v\.|Forces|of America|Navy Ship))",
        replace="US",
        reason="The digest writes US.",
    ),
    _rule(
        "uk-un-eu",
        r"\b([UE])\.\s?([KNU])\.(?!$)(?!\w)",
        replace=r"\1\2",
        reason="No stops in UK, UN, EU.",
    ),
    _rule(
        "percent",
        r"(?<=\d)[ -]?(?:percent|per cent|pct)\b",
        replace="%",
        reason="The digest writes 85%.",
    ),
    _rule(
        "percent-space", r"(?<=\d) %", replace="%", reason="The sign stands close to the figure."
    ),
    _rule(
        "dollars",
        r"\b(?:US|USD ?|U\.S\.)\$(?=\d)|\bUSD ?(?=\d)",
        replace="$",
        reason="A $ is a US dollar.",
    ),
    _rule(
        "billion",
        r"(\d)\s?bn\b",
        replace=r"\1 billion",
        reason="Million and billion are written out.",
    ),
    _rule(
        "million",
        r"(\$\d[\d.,]*)\s?(?:mn|mln|m)\b",
        replace=r"\1 million",
        reason="Million is written out.",
    ),
    _rule(
        "mr-ms",
        r"\b(?:Mr|Mrs|Ms|Miss)\.?\s+(?=[A-ZĀ-Ž])",
        replace="",
        reason="No Mr. or Ms.: the name alone.",
    ),
    _rule("ambassador", rf"\bAmb\.{_NAME}", replace="Amb", reason="Amb has no stop in the digest."),
    _rule("colonel", rf"\bColonel{_NAME}", replace="Col.", reason="Before a name, Colonel is Col."),
    _rule("admiral", rf"\bAdm\.?{_NAME}", replace="Admiral", reason="Admirals are written out."),
    _rule("general", rf"\bGen{_NAME}", replace="Gen.", reason="Gen. has a stop."),
    _rule("governor", rf"\bGov\.?{_NAME}", replace="Governor", reason="Governors are written out."),
    _rule(
        "secretary", rf"\bSec\.{_NAME}", replace="Secretary", reason="Secretaries are written out."
    ),
    _rule(
        "ordinal-day",
        rf"\b((?:{_MONTH}) \d{{1,2}})(?:st|nd|rd|th)\b",
        replace=r"\1",
        reason="March 28, not 28th.",
    ),
    _rule(
        "day-month",
        rf"\b(?:the )?(\d{{1,2}})(?:st|nd|rd|th)?(?: of)? ({_MONTH})\b(?! \d{{1,2}}\b)",
        replace=r"\2 \1",
        reason="The month stands before the day.",
    ),
    *(
        _rule(
            f"month-{short.lower()}",
            rf"\b{short}\.?(?= \d{{1,2}}(?:st|nd|rd|th)?\b)",
            replace=long,
            reason="Months are written out.",
        )
        for short, long in _SHORT.items()
    ),
    _rule(
        "dash",
        r"(?<![ \t])(?:[ \t]+(?:--|–|-)[ \t]+|[ \t]*—[ \t]*)",
        replace=" — ",
        reason="A dash is long and spaced.",
    ),
    _rule("defense", r"\bdefence\b", replace="defense", reason="American spelling."),
    _rule("program", r"\bprogramme(s?)\b", replace=r"program\1", reason="American spelling."),
    _rule(
        "organization",
        r"\b(organi|moderni|stabili|reali)s(e|ed|es|ing|ation)\b",
        replace=r"\1z\2",
        reason="American spelling.",
    ),
    _rule(
        "undated",
        r"\b(?:[Tt]oday|[Yy]esterday|[Tt]omorrow|[Tt]onight)\b",
        replace=None,
        reason="A reader of the issue cannot tell the day; name the date.",
    ),
    _rule(
        "weekday",
        rf"\bon (?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b(?!,? (?:{_MONTH}))",
        replace=None,
        reason="A reader of the issue cannot tell which week; name the date.",
    ),
)

_CHECKED = (
    StyleRule(
        id="straight-quotes",
        check=straight_quotes,
        reason="Quotation marks and apostrophes are curly.",
        holds_in_quotes=True,
    ),
    StyleRule(
        id="open-quote",
        check=unbalanced_quotes,
        reason="A quotation mark has no partner.",
        holds_in_quotes=True,
    ),
    StyleRule(id="digits", check=short_digits, reason="Two to nine are written as words."),
    StyleRule(id="words", check=long_number_words, reason="Ten and more are written in figures."),
    StyleRule(id="number-hyphen", check=hyphenated_number, reason="A five-year plan has a hyphen."),
    StyleRule(
        id="abbreviation",
        check=undefined_abbreviations,
        reason="Write it out once, with the abbreviation behind it in parentheses.",
        kinds=_BULLET,
    ),
    StyleRule(
        id="written-out-again",
        check=repeated_full_names,
        reason="Once an abbreviation is given, it is used.",
        kinds=_BULLET,
    ),
    StyleRule(
        id="headline-stop",
        find=re.compile(r"(?<![.A-Z])\.$"),
        replace="",
        reason="A headline has no stop at its end.",
        kinds=_HEADLINE,
        holds_in_quotes=True,
    ),
    StyleRule(
        id="headline-capitals",
        check=all_capitals,
        reason="A headline is not written in capitals.",
        kinds=_HEADLINE,
    ),
)
_LENGTHS = ("headline-words", "bullet-words", "year")
RULE_IDS = frozenset(chain((rule.id for rule in (*_WORDING, *_CHECKED)), _LENGTHS))


def house_rules(
    *,
    bullet_words: tuple[int, int] = (67, 142),
    headline_words: tuple[int, int] = (6, 12),
    off: Sequence[str] = (),
    banned: Sequence[str] = (),
    rules: Sequence[Mapping[str, str | None]] = (),
    year: int | None = None,
) -> tuple[StyleRule, ...]:
    """Return the rules of a workspace: the built-in ones but those off, then its own.

    Parameters
    ----------
    bullet_words, headline_words
        Fewest and most words.
    banned
        Words and phrases that shall not stand, in any case of letters.
    rules
        Own rules with ``id``, ``find`` (a regular expression), ``reason`` and perhaps ``replace``.
    year
        The issue's year, which dates leave out; ``None`` to keep years.

    Raises
    ------
    ConfigError
        If a rule to switch off is unknown, or an own rule cannot work.
    """
    for name, (least, most) in (("bullet", bullet_words), ("headline", headline_words)):
        if not 0 < least <= most:
            raise ConfigError(
                f"digest.style.{name}_words: {least} to {most} is no range; give fewest and most"
            )
    unknown = sorted(set(off) - RULE_IDS - {rule.get("id") or "" for rule in rules})
    if unknown:
        known = ", ".join(sorted(RULE_IDS))
        raise ConfigError(f"digest.style.off: no rule is called {unknown[0]!r}; known: {known}")
    own = [own_rule(rule) for rule in rules]
    every = chain(_WORDING, _CHECKED, _lengths(bullet_words, headline_words), _year(year))
    return tuple(rule for rule in chain(every, _banned(banned), own) if rule.id not in off)


def own_rule(rule: Mapping[str, str | None]) -> StyleRule:
    """Return a workspace's own rule.

    Raises
    ------
    ConfigError
        If a key is missing or unknown, the expression is none, or the rule finds what it wrote.
    """
    name = rule.get("id") or ""
    for key in ("id", "find", "reason"):
        if not rule.get(key):
            raise ConfigError(f"digest.style.rules: rule {name!r} has no {key!r}; add one")
    extra = sorted(set(rule) - {"id", "find", "replace", "reason"})
    if extra or name in RULE_IDS:
        what = f"an unknown key {extra[0]!r}" if extra else "the name of a built-in rule"
        raise ConfigError(f"digest.style.rules: rule {name!r} has {what}; change it")
    replace = rule.get("replace")
    try:
        find = re.compile(rule["find"] or "")
        if replace is not None:
            find.sub(replace, "")
    except (re.error, IndexError) as error:
        raise ConfigError(
            f"digest.style.rules: find or replace of {name!r} is no regular expression: {error}"
        ) from error
    if find.match("") or (replace and "\\" not in replace and find.search(replace)):
        what = "nothing at all" if find.match("") else "what it puts in"
        raise ConfigError(
            f"digest.style.rules: rule {name!r} finds {what}, so it never ends; make it narrower"
        )
    return StyleRule(id=name, find=find, replace=replace, reason=rule["reason"] or "")


def _lengths(bullet_words: tuple[int, int], headline_words: tuple[int, int]) -> Iterable[StyleRule]:
    kinds: tuple[tuple[Kind, tuple[int, int]], ...] = (
        ("headline", headline_words),
        ("bullet", bullet_words),
    )
    for kind, (least, most) in kinds:
        yield StyleRule(
            id=f"{kind}-words",
            check=length(least, most),
            reason=f"A {kind} has {least} to {most} words.",
            kinds=frozenset({kind}),
        )


def _year(year: int | None) -> Iterable[StyleRule]:
    if year is not None:
        find = rf"\b((?:{_MONTH}) \d{{1,2}}),? {year}\b"
        yield _rule("year", find, replace=r"\1", reason="The issue's own year is left out.")


def _banned(banned: Sequence[str]) -> Iterable[StyleRule]:
    for phrase in banned:
        yield StyleRule(
            id=f"banned-{'-'.join(phrase.lower().split())}",
            find=re.compile(rf"(?<!\w){re.escape(phrase)}(?!\w)", re.IGNORECASE),
            reason=f"This workspace does not write {phrase!r}.",
            kinds=KINDS,
        )


DEFAULT_RULES = house_rules()
