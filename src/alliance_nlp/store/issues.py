"""Issues of the digest, every version of them, and what a published one rested on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, func, insert, select, text

from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import Issue, IssueState, IssueVersion
from alliance_nlp.store import schema
from alliance_nlp.store.database import upsert
from alliance_nlp.store.issue_rows import issue_of, issue_row, version_of, version_row

_V = schema.issue_versions.c


def save_issue(
    tx: Connection,
    issue: Issue,
    *,
    state: str,
    editor: str = "",
    why: str = "",
    at: datetime | None = None,
) -> None:
    """Save an issue as its next version: a draft drawn up anew, or a published one that was read.

    The same issue in the same state once more is no new version. A published issue may be read
    again with other words, unless it was published here.

    Raises
    ------
    StoreError
        If somebody works on the issue (it is not a draft), or it is published and frozen.
    """
    hold_issues(tx)
    wanted = IssueState(state)
    last = newest_version(tx, issue.id)
    if last is not None:
        if (last.issue, last.state) == (issue, wanted):
            return
        if wanted is IssueState.DRAFT and last.state is not IssueState.DRAFT:
            raise StoreError(_not_a_draft(last))
    version = IssueVersion(
        issue=issue,
        number=last.number + 1 if last else 1,
        state=wanted,
        editor=editor,
        saved_at=at or now(),
        why=why,
    )
    append_issue_version(tx, version)


def _not_a_draft(last: IssueVersion) -> str:
    if last.state is IssueState.PUBLISHED:
        return (
            f"{last.issue.id} is published and frozen; give the draft another number with --number"
        )
    return (
        f"{last.issue.id} is {last.state.value} and not drawn up anew; send it back to draft "
        "first, or give the draft another number with --number"
    )


def append_issue_version(tx: Connection, version: IssueVersion) -> None:
    """Append a version, which becomes the issue's present form; earlier ones stay.

    Raises
    ------
    StoreError
        If the version does not follow the last one, because somebody saved in between, or the
        issue is published and frozen.
    """
    hold_issues(tx)
    issue_id = version.issue.id
    last = newest_version(tx, issue_id)
    n_last = last.number if last else 0
    if last is not None and version.number <= n_last:
        raise StoreError(
            f"{issue_id} was saved in between: version {n_last} is by "
            f"{last.editor or 'somebody'}, {last.saved_at:%Y-%m-%d %H:%M} UTC; open it again and "
            "carry your changes over"
        )
    if version.number != n_last + 1:
        raise StoreError(
            f"{issue_id} has {n_last} versions, so version {version.number} cannot follow; open "
            "it again"
        )
    if last is not None and last.state is IssueState.PUBLISHED:
        _refuse_if_frozen(tx, version)
    tx.execute(insert(schema.issue_versions).values(version_row(version)))
    upsert(tx, schema.issues, [{"id": issue_id, **issue_row(version.issue, version.state)}])


def _refuse_if_frozen(tx: Connection, version: IssueVersion) -> None:
    issue_id = version.issue.id
    if version.state is not IssueState.PUBLISHED or read_frozen(tx, issue_id) is not None:
        raise StoreError(
            f"{issue_id} is published and frozen; put a correction into the next issue"
        )


def read_issue_versions(tx: Connection, issue_id: str) -> list[IssueVersion]:
    """Return all versions of an issue, oldest first."""
    query = select(schema.issue_versions).where(_V.issue_id == issue_id).order_by(_V.version)
    return [version_of(row) for row in tx.execute(query)]


def newest_version(tx: Connection, issue_id: str) -> IssueVersion | None:
    """Return an issue's last version, or ``None`` when there is no such issue."""
    last = select(func.max(_V.version)).where(_V.issue_id == issue_id).scalar_subquery()
    query = select(schema.issue_versions).where(_V.issue_id == issue_id, _V.version == last)
    row = tx.execute(query).first()
    return version_of(row) if row else None


def read_issues(tx: Connection) -> list[tuple[Issue, str]]:
    """Return (issue, state) of all issues, oldest first."""
    query = select(schema.issues).order_by(schema.issues.c.volume, schema.issues.c.number)
    return [(issue_of(row), row.state) for row in tx.execute(query)]


def read_issue(tx: Connection, issue_id: str) -> tuple[Issue, str] | None:
    """Return (issue, state), or ``None`` when there is no such issue."""
    row = tx.execute(select(schema.issues).where(schema.issues.c.id == issue_id)).first()
    return (issue_of(row), row.state) if row else None


def freeze_issue(tx: Connection, issue_id: str, record: Mapping[str, Any]) -> None:
    """Keep for ever what a published issue rested on; the record is plain JSON values.

    Raises
    ------
    StoreError
        If that was done before.
    """
    if read_frozen(tx, issue_id) is not None:
        raise StoreError(f"{issue_id} is frozen already; put a correction into the next issue")
    row = {"issue_id": issue_id, "record": dict(record)}
    tx.execute(insert(schema.frozen_issues).values(row))


def read_frozen(tx: Connection, issue_id: str) -> dict[str, Any] | None:
    """Return what was kept of a published issue, or ``None``; imported ones have nothing."""
    F = schema.frozen_issues.c
    record = tx.execute(select(F.record).where(F.issue_id == issue_id)).scalar()
    return None if record is None else dict(record)


def hold_issues(tx: Connection) -> None:
    """Let no one else save a version until this transaction ends.

    SQLite has one writer at a time anyway.
    """
    if tx.dialect.name == "postgresql":
        tx.execute(text("LOCK TABLE issue_versions IN EXCLUSIVE MODE"))
