"""The house style: what in a headline or a bullet breaks it, why, and the fix.

The rules are data (:mod:`alliance_nlp.digest.style_rules`) and read off the published issues; a
workspace switches rules off and adds its own in ``[digest.style]``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from alliance_nlp.digest.style_rules import DEFAULT_RULES, RULE_IDS, house_rules
from alliance_nlp.digest.style_types import Finding, Kind, StyleRule, word_count

__all__ = [
    "DEFAULT_RULES",
    "RULE_IDS",
    "Finding",
    "Kind",
    "StyleRule",
    "check_style",
    "fix",
    "fix_all",
    "house_rules",
    "word_count",
]

# Fixes may call for further ones ("the  U.S." loses a stop, then a space); rules that never come
# to rest are ended here.
_MOST_ROUNDS = 12
_QUOTED = re.compile(r"“[^”]*”?|\"[^\"]*\"?|「[^」]*」?")


def check_style(
    text: str, *, kind: Kind, rules: Sequence[StyleRule] = DEFAULT_RULES
) -> tuple[Finding, ...]:
    """Return what in a text breaks the rules, in the order of the text."""
    quoted = bytearray(len(text))
    for match in _QUOTED.finditer(text):
        quoted[match.start() : match.end()] = b"\x01" * (match.end() - match.start())
    findings = []
    for rule in rules:
        if kind not in rule.kinds:
            continue
        for start, end, suggestion in rule.places(text):
            is_quoted = 1 in quoted[start:end]
            is_whole = (start, end) == (0, len(text))
            if is_quoted and not (rule.holds_in_quotes or is_whole):
                continue
            findings.append(
                Finding(
                    rule_id=rule.id,
                    start=start,
                    end=end,
                    found=text[start:end],
                    suggestion=suggestion,
                    reason=rule.reason,
                )
            )
    return tuple(sorted(findings, key=lambda each: (each.start, each.end)))


def fix(text: str, finding: Finding) -> str:
    """Return the text with a finding's suggestion in its place; without one, the text as it is.

    A finding of another text, whose words no longer stand there, changes nothing.
    """
    is_there = text[finding.start : finding.end] == finding.found
    if finding.suggestion is None or not is_there:
        return text
    return text[: finding.start] + finding.suggestion + text[finding.end :]


def fix_all(
    text: str, rules: Sequence[StyleRule] = DEFAULT_RULES, *, kind: Kind = "sentence"
) -> str:
    """Return the text with every fix made; made once more, it changes nothing."""
    for _ in range(_MOST_ROUNDS):
        last = len(text) + 1
        fixed = text
        for finding in sorted(
            check_style(text, kind=kind, rules=rules), key=lambda f: (f.end, f.start), reverse=True
        ):
            if finding.suggestion is not None and finding.end <= last:
                fixed = fix(fixed, finding)
                last = finding.start
        if fixed == text:
            break
        text = fixed
    return text
