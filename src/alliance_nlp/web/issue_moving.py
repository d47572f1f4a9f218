"""An issue on its way: from draft to published, and flags that an editor lets pass."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.text import clean, one_line
from alliance_nlp.core.types import Account, IssueState, IssueVersion
from alliance_nlp.review import may
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.security import read_form
from alliance_nlp.web.who import current

MOST_REASON = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class MovingPages:
    """Where moves and overrides arrive; each names the version that was seen."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/issue/{issue_id}/move", self.move, methods=["POST"]),
            Route("/issue/{issue_id}/override", self.override, methods=["POST"]),
        ]

    async def move(self, request: Request) -> Response:
        """Move an issue to another state."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._move, request, form)

    def _move(self, request: Request, form: Mapping[str, str]) -> Response:
        from alliance_nlp.pipeline.issuing import publish_issue, save_version
        from alliance_nlp.web.issue_shell import tables, told_as_conflict

        desk, who = self.desk, current(request)
        last = self._seen(request, form)
        to = _state(form.get("to", ""))
        _check_right(who, last, to)
        with told_as_conflict():
            if to is IssueState.PUBLISHED:
                publish_issue(
                    desk.database,
                    desk.settings,
                    last.issue.id,
                    editor=who.name,
                    only_signed_off=True,
                    kb=tables(desk),
                )
            else:
                save_version(
                    desk.database,
                    last.issue,
                    editor=who.name,
                    why=one_line(form.get("why", ""))[:MOST_REASON],
                    state=to,
                    after=last.number,
                )
        return _back(last, "moved")

    async def override(self, request: Request) -> Response:
        """Let a flagged text go out as it stands, with a reason."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._override, request, form)

    def _override(self, request: Request, form: Mapping[str, str]) -> Response:
        from alliance_nlp.pipeline.issuing import override_flags
        from alliance_nlp.web.issue_shell import tables, told_as_conflict

        last = self._seen(request, form)
        if last.state is IssueState.PUBLISHED:
            raise HTTPException(409, f"{last.issue.id} is published and frozen.")
        with told_as_conflict():
            override_flags(
                self.desk.database,
                last.issue.id,
                text=form.get("text", ""),
                reason=clean(form.get("reason", "")).strip()[:MOST_REASON],
                editor=current(request).name,
                kb=tables(self.desk),
            )
        return _back(last, "overridden")

    def _seen(self, request: Request, form: Mapping[str, str]) -> IssueVersion:
        """Return the last version, if it is the one that the form was made for.

        Raises
        ------
        HTTPException
            409 if somebody saved since.
        """
        from alliance_nlp.web.issue_shell import newest

        with self.desk.database.read() as tx:
            last = newest(tx, request.path_params["issue_id"])
        if form.get("base") != str(last.number):
            raise HTTPException(
                409,
                f"Version {last.number} of {last.issue.id} was saved by "
                f"{last.editor or 'somebody'} in between. Look at it, then try again.",
            )
        return last


def _state(name: str) -> IssueState:
    try:
        return IssueState(name)
    except ValueError as error:
        raise HTTPException(400, f"A state is one of {', '.join(IssueState)}.") from error


def _check_right(who: Account, last: IssueVersion, to: IssueState) -> None:
    from alliance_nlp.web.issue_shell import right_for

    if not may(who, right_for(last.state, to)):
        raise HTTPException(403, f"Only editors do this; {who.name} is {who.right.value}.")


def _back(last: IssueVersion, done: str) -> Response:
    return RedirectResponse(f"/issue/{quote(last.issue.id)}?done={done}", status_code=303)
