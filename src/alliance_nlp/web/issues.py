"""The issues: their list, drafting the next one, and the editor."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import DigestError, StoreError
from alliance_nlp.core.types import Issue, IssueState, IssueVersion, Right
from alliance_nlp.review import may
from alliance_nlp.store import newest_version, read_issues
from alliance_nlp.web.desk import Desk, wants_json
from alliance_nlp.web.issue_form import Posted, issue_from, read_posted, rearranged
from alliance_nlp.web.issue_moving import MovingPages
from alliance_nlp.web.issue_output import OutputPages
from alliance_nlp.web.issue_views import issue_view
from alliance_nlp.web.reading import read_cited
from alliance_nlp.web.who import current

if TYPE_CHECKING:
    from alliance_nlp.store import Connection
    from alliance_nlp.web.editing import EditedIssue

MOST_ARTICLES = 60  # to pick passages from


def issue_routes(desk: Desk) -> list[BaseRoute]:
    """Return where everything on issues is."""
    return [
        *IssuePages(desk=desk).routes(),
        *MovingPages(desk=desk).routes(),
        *OutputPages(desk=desk).routes(),
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class IssuePages:
    """The list of issues and the page of each, to edit while it is open."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/issues", self.every),
            Route("/issues/draft", self.draft, methods=["POST"]),
            Route("/issue/{issue_id}", self.show),
            Route("/issue/{issue_id}", self.save, methods=["POST"]),
            Route("/issue/{issue_id}/check", self.check, methods=["POST"]),
            Route("/issue/{issue_id}/text", self.text, methods=["POST"]),
            Route("/issue/{issue_id}/passages", self.passages),
        ]

    def every(self, request: Request) -> Response:
        """List the issues, newest first."""
        return self._list(request)

    def _list(self, request: Request, *, refused: str = "", status: int = 200) -> Response:
        with self.desk.database.read() as tx:
            found = read_issues(tx)[::-1]
        in_hand = next((issue for issue, state in found if state == IssueState.DRAFT), None)
        return self.desk.page(
            request,
            "issues.html.j2",
            status=status,
            issues=found,
            in_hand=in_hand,
            refused=refused,
        )

    def draft(self, request: Request) -> Response:
        """Draw up the next issue from the accepted and ranked candidates."""
        from alliance_nlp.pipeline.drafting import draft
        from alliance_nlp.pipeline.redrafting import endpoint_of
        from alliance_nlp.web.issue_shell import sentence

        desk, configured = self.desk, self.desk.settings.digest.drafter
        try:
            drafted = draft(
                desk.workspace,
                desk.database,
                desk.settings,
                on=now().date(),
                drafter=endpoint_of(configured) if configured else None,
                editor=current(request).name,
            )
        except (DigestError, StoreError) as error:
            return self._list(request, refused=sentence(error), status=409)
        return RedirectResponse(f"{_path(drafted.issue)}?done=drafted", status_code=303)

    def show(self, request: Request) -> Response:
        """Show an issue: the editor while it is open, else every sentence with its passages."""
        from alliance_nlp.web.issue_shell import OPEN, newest, shell

        with self.desk.database.read() as tx:
            last = newest(tx, request.path_params["issue_id"])
            cited = read_cited(tx, last.issue)
        if last.state in OPEN and may(current(request), Right.ANALYST):
            return self._editor(request, last, last.issue)
        view = issue_view(last.issue, cited, self.desk.sources())
        frame = shell(self.desk, request, last)
        return self.desk.page(request, "issue.html.j2", view=view, **frame)

    def _editor(
        self,
        request: Request,
        last: IssueVersion,
        issue: Issue,
        *,
        status: int = 200,
        **said: Any,
    ) -> Response:
        """Show the editor with a text, which may be another than the last version's."""
        from alliance_nlp.pipeline.slots import read_next_up
        from alliance_nlp.web.issue_shell import shell

        with self.desk.database.read() as tx:
            view = self._look(tx, issue, last)
            next_up = read_next_up(tx, issue)
        saved = view.flagged if issue == last.issue else None
        frame = shell(self.desk, request, last, flagged=saved)
        style = self.desk.settings.digest.style
        return self.desk.page(
            request,
            "issue_edit.html.j2",
            status=status,
            view=view,
            next_up=next_up,
            text=issue,
            is_unsaved=issue != last.issue,
            headline_words=style.headline_words,
            bullet_words=style.bullet_words,
            n_slots=self.desk.settings.digest.items,
            **{"faults": (), "conflict": None, "why": "", "picking": None, **said},
            **frame,
        )

    def _look(self, tx: Connection, issue: Issue, last: IssueVersion) -> EditedIssue:
        from alliance_nlp.web.editing import edited, rules_for
        from alliance_nlp.web.issue_shell import tables

        return edited(
            tx,
            issue,
            rules=rules_for(self.desk.settings.digest.style, issue),
            overrides=last.overrides,
            sources=self.desk.sources(),
            kb=tables(self.desk),
        )

    def _read(self, request: Request, posted: Posted) -> tuple[IssueVersion, Issue, list[str]]:
        """Return the last version, what was sent, and what is wrong with it."""
        from alliance_nlp.web.editing import known_sources
        from alliance_nlp.web.issue_shell import newest

        with self.desk.database.read() as tx:
            last = newest(tx, request.path_params["issue_id"])
            issue, faults = issue_from(posted, last.issue)
            issue = known_sources(tx, issue, last)
            taken = newest_version(tx, issue.id) if issue.id != last.issue.id else None
        found = list(faults)
        if taken:
            found.append(f"There is a Vol {issue.volume}.{issue.number} already; number it anew.")
        return last, issue, found

    async def check(self, request: Request) -> Response:
        """Look at a text without keeping it, for the editor's script."""
        posted = read_posted(await request.body())
        return await run_in_threadpool(self._check, request, posted)

    def _check(self, request: Request, posted: Posted) -> Response:
        from alliance_nlp.web.editing import as_json

        last, issue, faults = self._read(request, posted)
        with self.desk.database.read() as tx:
            found = as_json(self._look(tx, issue, last))
        newer = {"number": last.number, "by": last.editor} if last.number != posted.base else None
        return JSONResponse({**found, "faults": faults, "newer": newer})

    async def text(self, request: Request) -> Response:
        """Show the editor with a text that a browser had kept; nothing is saved."""
        posted = read_posted(await request.body())
        return await run_in_threadpool(self._text, request, posted)

    def _text(self, request: Request, posted: Posted) -> Response:
        last, issue, faults = self._read(request, posted)
        conflict = self._conflict(last, posted)
        return self._editor(request, last, issue, faults=faults, conflict=conflict, why=posted.why)

    async def save(self, request: Request) -> Response:
        """Save a text as the next version."""
        posted = read_posted(await request.body())
        return await run_in_threadpool(self._save, request, posted)

    def _save(self, request: Request, posted: Posted) -> Response:
        from alliance_nlp.web.issue_shell import OPEN, sentence

        last, issue, faults = self._read(request, posted)
        if last.state not in OPEN:
            raise HTTPException(409, f"{last.issue.id} is {last.state.value}; its text is closed.")
        if faults:
            return self._refuse(request, last, issue, posted=posted, faults=faults)
        if posted.base != last.number:
            return self._refuse(request, last, issue, posted=posted)
        if posted.do.startswith("pick:"):
            picking = self._picking(issue, posted.do)
            return self._editor(request, last, issue, picking=picking, why=posted.why)
        try:
            saved = self._keep(request, self._asked(issue, posted.do), posted)
        except DigestError as error:
            return self._refuse(request, last, issue, posted=posted, faults=[sentence(error)])
        except StoreError as error:
            with self.desk.database.read() as tx:
                now_last = newest_version(tx, last.issue.id)
            if now_last is None or now_last.number == last.number:
                raise HTTPException(409, sentence(error)) from error
            return self._refuse(request, now_last, issue, posted=posted)
        if wants_json(request):
            return JSONResponse({"version": saved.number, "url": _path(saved.issue)})
        return RedirectResponse(f"{_path(saved.issue)}?done=saved", status_code=303)

    def _picking(self, issue: Issue, do: str) -> dict[str, Any] | None:
        """Return what a form without script picks from: ``pick:2.3``, item 2's third sentence."""
        from alliance_nlp.web.editing import to_pick_from

        number, _, place = do.removeprefix("pick:").partition(".")
        if not (number.isdecimal() and place.isdecimal() and len(do) < 20):
            return None
        item = next(iter(issue.items[int(number) - 1 : int(number)]), None)
        sentence = next(iter(item.sentences[int(place) - 1 : int(place)]), None) if item else None
        if item is None or sentence is None:
            return None
        cited = {source.article_id for one in item.sentences for source in one.sources}
        with self.desk.database.read() as tx:
            articles = to_pick_from(
                tx,
                story_id=item.story_id,
                article_ids=sorted(cited)[:MOST_ARTICLES],
                sources=self.desk.sources(),
            )
        kept = {f"{s.article_id}:{s.start}:{s.end}" for s in sentence.sources}
        offered = {one["value"] for article in articles for one in article["sentences"]}
        return {
            "at": (int(number), int(place)),
            "articles": articles,
            "kept": kept,
            "besides": kept - offered,
        }

    def _asked(self, issue: Issue, do: str) -> Issue:
        """Return an issue after what was pressed: ordered anew, or with a story put in."""
        from dataclasses import replace

        from alliance_nlp.pipeline.slots import draft_slot
        from alliance_nlp.web.issue_shell import tables

        what, _, story_id = do.partition(":")
        if what != "in":
            return rearranged(issue, do)
        if story_id in {item.story_id for item in issue.items}:
            return issue
        item = draft_slot(
            self.desk.database,
            self.desk.settings,
            story_id,
            kb=tables(self.desk),
            year=issue.published_on.year if issue.published_on else None,
        )
        return replace(issue, items=(*issue.items, item))

    def _keep(self, request: Request, issue: Issue, posted: Posted) -> IssueVersion:
        from alliance_nlp.pipeline.issuing import save_version

        is_renumbered = issue.id != request.path_params["issue_id"]
        return save_version(
            self.desk.database,
            issue,
            editor=current(request).name,
            why=posted.why,
            after=0 if is_renumbered else posted.base,
        )

    def _refuse(
        self,
        request: Request,
        last: IssueVersion,
        issue: Issue,
        *,
        posted: Posted,
        faults: list[str] | None = None,
    ) -> Response:
        """Show the editor's own text again, with what is in its way; nothing is lost."""
        conflict = self._conflict(last, posted)
        status = 400 if faults else 409
        if wants_json(request):
            return JSONResponse({"faults": faults or [], "conflict": bool(conflict)}, status)
        return self._editor(
            request,
            last,
            issue,
            status=status,
            faults=faults or (),
            conflict=conflict,
            why=posted.why,
        )

    def _conflict(self, last: IssueVersion, posted: Posted) -> dict[str, Any] | None:
        """Return who saved since, and what they changed; ``None`` when nobody did."""
        from alliance_nlp.pipeline.issuing import versions_diff
        from alliance_nlp.store import read_issue_versions

        if posted.base == last.number:
            return None
        with self.desk.database.read() as tx:
            versions = {one.number: one for one in read_issue_versions(tx, last.issue.id)}
        before = versions.get(posted.base)
        return {
            "last": last,
            "base": posted.base,
            "diff": versions_diff(before, last) if before else None,
        }

    def passages(self, request: Request) -> Response:
        """Tell the sentences that a passage can be picked from, for the editor's script."""
        from alliance_nlp.web.editing import to_pick_from

        asked = request.query_params
        with self.desk.database.read() as tx:
            found = to_pick_from(
                tx,
                story_id=asked.get("story", ""),
                article_ids=asked.getlist("article")[:MOST_ARTICLES],
                sources=self.desk.sources(),
            )
        return JSONResponse({"articles": found})


def _path(issue: Issue) -> str:
    return f"/issue/{quote(issue.id)}"
