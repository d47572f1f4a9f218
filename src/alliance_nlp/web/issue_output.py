"""What an issue was and what it goes out as: versions, differences, preview, exports, the feed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.types import IssueVersion
from alliance_nlp.store import read_issue_versions
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.issue_keys import ISSUE_SHEET
from alliance_nlp.web.issue_views import issue_view
from alliance_nlp.web.reading import read_cited

if TYPE_CHECKING:
    from alliance_nlp.pipeline.exporting import Format

# What goes out may stand alone in a browser, where it must run and fetch nothing.
SANDBOX = (
    "sandbox allow-popups allow-popups-to-escape-sandbox; default-src 'none'; "
    "style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)
_MEDIA = {
    "markdown": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
    "text": "text/plain; charset=utf-8",
    "json": "application/json",
    "eml": "message/rfc822",
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class OutputPages:
    """Pages and files that change nothing."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/issues/feed", self.feed),
            Route("/issue/{issue_id}/versions", self.versions),
            Route("/issue/{issue_id}/versions/{number:int}", self.version),
            Route("/issue/{issue_id}/diff", self.diff),
            Route("/issue/{issue_id}/preview", self.preview),
            Route("/issue/{issue_id}/export/{form}", self.export),
        ]

    def versions(self, request: Request) -> Response:
        """List an issue's versions, newest first: who, when, why, and how much changed."""
        from alliance_nlp.pipeline.issuing import versions_diff

        found = self._versions(request)
        rows = []
        for before, after in zip([None, *found], found, strict=False):
            changes = versions_diff(before, after) if before else None
            n_items = sum(item.kind != "same" for item in changes.items) if changes else 0
            fields = tuple(field.name for field in changes.fields) if changes else ()
            rows.append({"version": after, "n_items": n_items, "fields": fields})
        return self._page(request, "issue_versions.html.j2", last=found[-1], rows=rows[::-1])

    def version(self, request: Request) -> Response:
        """Show an earlier version as it was."""
        number = request.path_params["number"]
        found = {version.number: version for version in self._versions(request)}
        if number not in found:
            raise HTTPException(404, f"There is no version {number}.")
        version = found[number]
        with self.desk.database.read() as tx:
            cited = read_cited(tx, version.issue)
        view = issue_view(version.issue, cited, self.desk.sources())
        last = found[max(found)]
        return self._page(request, "issue_version.html.j2", last=last, shown=version, view=view)

    def diff(self, request: Request) -> Response:
        """Show what changed between two versions; the last two unless the address names others."""
        from alliance_nlp.pipeline.issuing import versions_diff

        found = {version.number: version for version in self._versions(request)}
        newest = max(found)
        after = _asked(request, "to", newest)
        before = _asked(request, "from", max(1, after - 1))
        if before not in found or after not in found:
            raise HTTPException(404, f"There are versions 1 to {newest}; name two of them.")
        earlier, later = sorted((before, after))
        return self._page(
            request,
            "issue_diff.html.j2",
            last=found[newest],
            numbers=sorted(found, reverse=True),
            before=found[earlier],
            after=found[later],
            diff=versions_diff(found[earlier], found[later]),
        )

    def _versions(self, request: Request) -> list[IssueVersion]:
        issue_id = request.path_params["issue_id"]
        with self.desk.database.read() as tx:
            found = read_issue_versions(tx, issue_id)
        if not found:
            raise HTTPException(404, f"There is no issue {issue_id}.")
        return found

    def _page(
        self, request: Request, template: str, *, last: IssueVersion, **values: Any
    ) -> Response:
        return self.desk.page(
            request,
            template,
            issue=last.issue,
            version=last,
            state=last.state.value,
            issue_sheet=ISSUE_SHEET,
            **values,
        )

    def preview(self, request: Request) -> Response:
        """Show the HTML page as it goes out, flags or not; it runs and fetches nothing."""
        from alliance_nlp.pipeline.exporting import Format

        page = self._rendered(request.path_params["issue_id"], Format.HTML)
        return Response(
            page, media_type=_MEDIA["html"], headers={"content-security-policy": SANDBOX}
        )

    def export(self, request: Request) -> Response:
        """Give an issue out in one of its formats, unless a flag stands."""
        from alliance_nlp.pipeline.exporting import Format, refuse_if_flagged
        from alliance_nlp.web.issue_shell import newest, tables, told_as_conflict

        name = request.path_params["form"]
        if name not in list(Format):
            raise HTTPException(404, f"There is no format {name}; there are {', '.join(Format)}.")
        with self.desk.database.read() as tx:
            issue = newest(tx, request.path_params["issue_id"]).issue
        with told_as_conflict():
            refuse_if_flagged(self.desk.database, issue.id, kb=tables(self.desk))
        form = Format(name)
        data = self._rendered(issue.id, form)
        self.desk.tell(request, "export", subject=issue.id, detail=form.value)
        return _attached(data, f"{issue.id}{form.suffix}", media=_MEDIA[form.value])

    def _rendered(self, issue_id: str, form: Format) -> bytes:
        from alliance_nlp.pipeline.exporting import read_cited as read_whole
        from alliance_nlp.pipeline.exporting import render
        from alliance_nlp.web.issue_shell import newest, told_as_conflict

        with self.desk.database.read() as tx:
            newest(tx, issue_id)
        with told_as_conflict():
            whole = read_whole(self.desk.database, self.desk.settings, issue_id)
            return render(whole, form, settings=self.desk.settings)

    def feed(self, request: Request) -> Response:
        """Give out the Atom feed of the published issues."""
        from alliance_nlp.pipeline.exporting import render_feed
        from alliance_nlp.web.issue_shell import told_as_conflict

        with told_as_conflict():
            data, _undated = render_feed(self.desk.database, self.desk.settings)
        return _attached(data, "issues.atom", media="application/atom+xml")


def _attached(data: bytes, name: str, *, media: str) -> Response:
    """Return a file to be kept; its name is made of an issue's numbers, so it is a plain one."""
    safe = re.sub(r"[^0-9A-Za-z._-]", "-", name)
    headers = {
        "content-disposition": f'attachment; filename="{safe}"',
        "content-security-policy": SANDBOX,
    }
    return Response(data, media_type=media, headers=headers)


def _asked(request: Request, name: str, otherwise: int) -> int:
    text = request.query_params.get(name, "")
    return int(text) if re.fullmatch(r"\d{1,9}", text, re.ASCII) else otherwise
