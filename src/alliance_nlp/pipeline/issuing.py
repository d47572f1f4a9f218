"""Issues on their way: versions, states, and publishing with a record of what they rested on.

::

    draft → in-review → signed-off → published
      ↑_________|____________|

Every change is a new version, and every move, override and publishing is told to the audit.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from alliance_nlp.config import Settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import DigestError, InputError, StoreError
from alliance_nlp.core.types import AuditEntry, Issue, IssueState, IssueVersion, Override
from alliance_nlp.pipeline.freezing import frozen_record
from alliance_nlp.pipeline.issue_checking import Flagged, check_issue, texts_of
from alliance_nlp.pipeline.issue_warnings import IssueWarning, warnings_of
from alliance_nlp.pipeline.version_diffs import (
    FieldDiff,
    ItemDiff,
    Segment,
    VersionsDiff,
    versions_diff,
    words_diff,
)
from alliance_nlp.store import (
    Connection,
    Database,
    append_audit,
    append_issue_version,
    freeze_issue,
    hold_issues,
    newest_version,
)
from alliance_nlp.tag import KnowledgeBase

__all__ = [
    "MOVES",
    "FieldDiff",
    "Flagged",
    "IssueWarning",
    "ItemDiff",
    "Segment",
    "VersionsDiff",
    "check_issue",
    "move_issue",
    "override_flags",
    "publish_issue",
    "save_version",
    "versions_diff",
    "warnings_of",
    "words_diff",
]

MOVES: dict[IssueState, tuple[IssueState, ...]] = {
    IssueState.DRAFT: (IssueState.IN_REVIEW,),
    IssueState.IN_REVIEW: (IssueState.SIGNED_OFF, IssueState.DRAFT),
    IssueState.SIGNED_OFF: (IssueState.PUBLISHED, IssueState.DRAFT),
    IssueState.PUBLISHED: (),
}
_FORWARD = (IssueState.DRAFT, IssueState.IN_REVIEW, IssueState.SIGNED_OFF)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Hand:
    """Who does something to an issue, and when."""

    editor: str
    at: datetime


def save_version(
    database: Database,
    issue: Issue,
    *,
    editor: str,
    why: str = "",
    state: IssueState | None = None,
    overrides: Sequence[Override] | None = None,
    after: int | None = None,
    at: datetime | None = None,
) -> IssueVersion:
    """Save an issue as its next version and return it; saving what stands already changes nothing.

    Parameters
    ----------
    state
        The present one unless stated, for a new issue ``draft``; else one that it may move to.
    overrides
        All that are to stand; those of the version before unless stated. One whose text is no
        longer in the issue is left out.
    after
        The version that the editor started from; without it, the newest.

    Raises
    ------
    StoreError
        If somebody saved in between, or the issue is published.
    DigestError
        If the issue cannot go to that state, or is signed off and its words would change.
    InputError
        If nobody edits, or an override gives no reason.
    """
    hand = _hand(editor, at)
    with database.write() as tx:
        hold_issues(tx)
        last = newest_version(tx, issue.id)
        if after is not None and after != (last.number if last else 0):
            raise StoreError(_saved_between(issue.id, last, after=after))
        given = last.overrides if overrides is None and last else tuple(overrides or ())
        version = IssueVersion(
            issue=issue,
            number=last.number + 1 if last else 1,
            state=state or (last.state if last else IssueState.DRAFT),
            editor=hand.editor,
            saved_at=hand.at,
            why=why.strip(),
            overrides=_checked(given, issue),
        )
        return _keep(tx, last, version)


def _keep(tx: Connection, last: IssueVersion | None, version: IssueVersion) -> IssueVersion:
    """Append a version unless nothing changed; return what stands."""
    _check_state(last, version.issue, version.state)
    if last is not None and _same(last, version):
        return last
    append_issue_version(tx, version)
    _tell_changes(tx, last, version)
    return version


def _saved_between(issue_id: str, last: IssueVersion | None, *, after: int) -> str:
    if last is None:
        return f"there is no version {after} of {issue_id}; open it again"
    return (
        f"{issue_id} was saved in between: version {last.number} is by "
        f"{last.editor or 'somebody'}, {last.saved_at:%Y-%m-%d %H:%M} UTC, and you started from "
        f"version {after}; open it again and carry your changes over"
    )


def _check_state(last: IssueVersion | None, issue: Issue, wanted: IssueState) -> None:
    if last is None:
        if wanted is not IssueState.DRAFT:
            raise DigestError(f"{issue.id} is new, so it begins as a draft, not as {wanted.value}")
        return
    if last.state is IssueState.PUBLISHED:
        raise StoreError(
            f"{issue.id} is published and frozen; put a correction into the next issue"
        )
    if wanted is IssueState.PUBLISHED:
        raise DigestError(f"{issue.id} is published by publishing it, not by saving it so")
    if wanted is not last.state and wanted not in MOVES[last.state]:
        raise DigestError(_no_move(last, wanted))
    if wanted is IssueState.SIGNED_OFF and issue != last.issue:
        raise DigestError(
            f"{issue.id} is signed off as it stands; send it back to draft to change its words"
        )


def _no_move(last: IssueVersion, wanted: IssueState) -> str:
    open_to = " or ".join(state.value for state in MOVES[last.state]) or "nothing any more"
    return (
        f"{last.issue.id} is {last.state.value} and cannot go to {wanted.value}, but to {open_to}"
    )


def _checked(overrides: Sequence[Override], issue: Issue) -> tuple[Override, ...]:
    """Return the overrides whose text stands in the issue, the last one of each text."""
    texts = texts_of(issue)
    by_text = {override.text: override for override in overrides if override.text in texts}
    for override in by_text.values():
        if not override.reason.strip():
            raise InputError(
                f"the override of {override.text!r} gives no reason; write why it may go out"
            )
    return tuple(by_text.values())


def _same(last: IssueVersion, version: IssueVersion) -> bool:
    return (last.issue, last.state, last.overrides) == (
        version.issue,
        version.state,
        version.overrides,
    )


def _tell_changes(tx: Connection, last: IssueVersion | None, version: IssueVersion) -> None:
    """Tell the audit of a move and of overrides that are new."""
    hand = _Hand(editor=version.editor, at=version.saved_at)
    if last is not None and last.state is not version.state:
        detail = f"{last.state.value} to {version.state.value}"
        _tell(tx, hand, "issue-moved", subject=version.issue.id, detail=detail)
    known = last.overrides if last else ()
    for override in version.overrides:
        if override not in known:
            flags = f" ({'; '.join(override.flags)})" if override.flags else ""
            told = f"{override.text!r}{flags}: {override.reason}"
            by = replace(hand, editor=override.editor)
            _tell(tx, by, "issue-override", subject=version.issue.id, detail=told)


def override_flags(
    database: Database,
    issue_id: str,
    *,
    text: str,
    reason: str,
    editor: str,
    at: datetime | None = None,
    kb: KnowledgeBase | None = None,
) -> IssueVersion:
    """Let a flagged headline or sentence go out, as a new version with the override in it.

    Raises
    ------
    DigestError
        If there is no such issue, or nothing is flagged in that text.
    InputError
        If there is no reason.
    """
    hand = _hand(editor, at)
    with database.read() as tx:
        last = _newest(tx, issue_id)
        found = [one for one in check_issue(tx, last.issue, kb=kb) if one.text == text]
    if not found:
        raise DigestError(f"{issue_id} has no flag on {text!r}; nothing is to be overridden")
    override = Override(
        text=text, flags=found[0].told, reason=reason.strip(), editor=hand.editor, at=hand.at
    )
    return save_version(
        database,
        last.issue,
        editor=editor,
        overrides=(*last.overrides, override),
        after=last.number,
        at=hand.at,
    )


def move_issue(
    database: Database,
    settings: Settings,
    issue_id: str,
    *,
    to: IssueState,
    editor: str,
    why: str = "",
    at: datetime | None = None,
    kb: KnowledgeBase | None = None,
) -> IssueVersion:
    """Move an issue to another state and return its new version.

    Raises
    ------
    DigestError
        If there is no such issue, it cannot go there, or it cannot be published.
    """
    if to is IssueState.PUBLISHED:
        return publish_issue(
            database, settings, issue_id, editor=editor, at=at, only_signed_off=True, kb=kb
        )
    hand = _hand(editor, at)
    with database.write() as tx:
        hold_issues(tx)
        last = _newest(tx, issue_id)
        if to is last.state:
            return last
        if to not in MOVES[last.state]:
            raise DigestError(_no_move(last, to))
        return _move(tx, last, to, hand=hand, why=why)


def publish_issue(
    database: Database,
    settings: Settings,
    issue_id: str,
    *,
    editor: str,
    at: datetime | None = None,
    on: date | None = None,
    only_signed_off: bool = False,
    kb: KnowledgeBase | None = None,
) -> IssueVersion:
    """Publish an issue and freeze what it rested on; return its last version.

    Parameters
    ----------
    on
        Its date, if another than it states; the day of publishing where it states none.
    only_signed_off
        Refuse an issue that is not signed off. Otherwise, as at a desk of one, the editor takes
        it through review and sign-off, and these versions and moves are kept as well.
    kb
        Tells who the people in the sources are; the package's own tables unless stated.

    Raises
    ------
    DigestError
        If there is no such issue, it is published, empty or not signed off, or a flag stands.
    """
    hand = _hand(editor, at)
    with database.write() as tx:
        hold_issues(tx)
        last = _newest(tx, issue_id)
        _check_publishable(last, only_signed_off=only_signed_off)
        _refuse_flags(issue_id, check_issue(tx, last.issue, overrides=last.overrides, kb=kb))
        for state in _FORWARD[_FORWARD.index(last.state) + 1 :]:
            last = _move(tx, last, state, hand=hand)
        dated = replace(last.issue, published_on=on or last.issue.published_on or hand.at.date())
        last = _move(tx, replace(last, issue=dated), IssueState.PUBLISHED, hand=hand)
        freeze_issue(tx, issue_id, frozen_record(tx, settings, last))
    return last


def _check_publishable(last: IssueVersion, *, only_signed_off: bool) -> None:
    issue_id = last.issue.id
    if last.state is IssueState.PUBLISHED:
        raise DigestError(f"{issue_id} is published already; put a correction into the next issue")
    if only_signed_off and last.state is not IssueState.SIGNED_OFF:
        raise DigestError(f"{issue_id} is {last.state.value}; it is published once signed off")
    if not last.issue.items:
        raise DigestError(f"{issue_id} holds no item; put stories into it first")


def _refuse_flags(issue_id: str, found: Sequence[Flagged]) -> None:
    stand = [one for one in found if one.override is None]
    if not stand:
        return
    shown = "; ".join(f"{one.where} ({', '.join(one.told)})" for one in stand[:3])
    more = f" and {len(stand) - 3} more" if len(stand) > 3 else ""
    raise DigestError(
        f"{issue_id} says what its sources do not: {shown}{more}; mend these sentences, or "
        "override the flags with a reason"
    )


def _move(
    tx: Connection, last: IssueVersion, to: IssueState, *, hand: _Hand, why: str = ""
) -> IssueVersion:
    version = replace(
        last,
        number=last.number + 1,
        state=to,
        editor=hand.editor,
        saved_at=hand.at,
        why=why.strip(),
    )
    append_issue_version(tx, version)
    action = "issue-published" if to is IssueState.PUBLISHED else "issue-moved"
    detail = f"{last.state.value} to {to.value}"
    _tell(tx, hand, action, subject=version.issue.id, detail=detail)
    return version


def _newest(tx: Connection, issue_id: str) -> IssueVersion:
    last = newest_version(tx, issue_id)
    if last is None:
        raise DigestError(f"there is no issue {issue_id}; see: alliance-nlp digest list")
    return last


def _hand(editor: str, at: datetime | None) -> _Hand:
    if not editor.strip():
        raise InputError("nobody edits; name the editor")
    return _Hand(editor=editor.strip(), at=at or now())


def _tell(tx: Connection, hand: _Hand, action: str, *, subject: str, detail: str) -> None:
    entry = AuditEntry(at=hand.at, who=hand.editor, action=action, subject=subject, detail=detail)
    append_audit(tx, entry)
