"""What every page of an issue shows around its text: its state, its moves, flags and warnings.

The pipeline brings scikit-learn along, so this module is loaded with the first issue opened.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request

from alliance_nlp.core.errors import DigestError, InputError, StoreError
from alliance_nlp.core.types import Account, IssueState, IssueVersion, Right
from alliance_nlp.pipeline.exporting import Format
from alliance_nlp.pipeline.issue_checking import Flagged, check_issue
from alliance_nlp.pipeline.issuing import MOVES, warnings_of
from alliance_nlp.review import may
from alliance_nlp.store import Connection, newest_version
from alliance_nlp.tag import KnowledgeBase, load_knowledge_base
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.issue_keys import ISSUE_SHEET
from alliance_nlp.web.who import current

OPEN = (IssueState.DRAFT, IssueState.IN_REVIEW)
_LABELS = {
    IssueState.IN_REVIEW: "Send to review",
    IssueState.SIGNED_OFF: "Sign off",
    IssueState.PUBLISHED: "Publish",
    IssueState.DRAFT: "Send back to draft",
}
FORMATS = {
    Format.MARKDOWN: "Markdown",
    Format.HTML: "HTML page",
    Format.DOCX: "Word",
    Format.PDF: "PDF",
    Format.EML: "E-mail",
    Format.TEXT: "Plain text",
    Format.JSON: "JSON",
}
_DONE = {
    "saved": "Saved as version {number}.",
    "drafted": "Drawn up as version {number}.",
    "moved": "Now {state}, version {number}.",
    "overridden": "The flag is overridden; the reason is kept with version {number}.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A state that an issue may go to; ``is_open`` tells whether the one who asks may do it."""

    to: IssueState
    label: str
    is_open: bool


def right_for(before: IssueState, to: IssueState) -> Right:
    """Return the least right for a move: sign-off and what follows it are an editor's."""
    finished = (IssueState.SIGNED_OFF, IssueState.PUBLISHED)
    return Right.EDITOR if before in finished or to in finished else Right.ANALYST


def moves_of(state: IssueState, account: Account) -> tuple[Move, ...]:
    """Return where an issue may go from a state, the way on first."""
    return tuple(
        Move(to=to, label=_LABELS[to], is_open=may(account, right_for(state, to)))
        for to in MOVES[state]
    )


def newest(tx: Connection, issue_id: str) -> IssueVersion:
    """Return an issue's last version.

    Raises
    ------
    HTTPException
        404 if there is no such issue.
    """
    last = newest_version(tx, issue_id)
    if last is None:
        raise HTTPException(404, f"There is no issue {issue_id}.")
    return last


def tables(desk: Desk) -> KnowledgeBase:
    """Return the knowledge base of the workspace; it is read once."""
    return load_knowledge_base(desk.workspace.knowledge_base)


def standing_flags(desk: Desk, last: IssueVersion) -> tuple[Flagged, ...]:
    """Return what is flagged in a saved version; published ones were checked before."""
    if last.state is IssueState.PUBLISHED:
        return ()
    with desk.database.read() as tx:
        return check_issue(tx, last.issue, overrides=last.overrides, kb=tables(desk))


def shell(
    desk: Desk,
    request: Request,
    last: IssueVersion,
    *,
    flagged: tuple[Flagged, ...] | None = None,
) -> dict[str, Any]:
    """Return what the frame of an issue's page shows; ``flagged`` where it was found already."""
    done = _DONE.get(request.query_params.get("done", ""), "")
    if flagged is None:
        flagged = standing_flags(desk, last)
    return {
        "issue": last.issue,
        "version": last,
        "state": last.state.value,
        "is_open": last.state in OPEN,
        "moves": moves_of(last.state, current(request)),
        "flagged": flagged,
        "n_standing": sum(one.override is None for one in flagged),
        "warnings": warnings_of(desk.database, last.issue.id),
        "formats": [(form.value, name, form.suffix) for form, name in FORMATS.items()],
        "said": done.format(number=last.number, state=last.state.value.replace("-", " ")),
        "issue_sheet": ISSUE_SHEET,
    }


@contextmanager
def told_as_conflict() -> Iterator[None]:
    """Answer what the pipeline refuses with 409 and its sentence."""
    try:
        yield
    except (DigestError, InputError, StoreError) as error:
        raise HTTPException(409, sentence(error)) from error


def sentence(error: Exception) -> str:
    """Return an error of ours as a sentence of the page."""
    text = str(error)
    return f"{text[:1].upper()}{text[1:]}."
