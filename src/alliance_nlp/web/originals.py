"""The archived originals, shown as their source: what a page says must never run as ours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.errors import ArchiveError
from alliance_nlp.core.text import one_line
from alliance_nlp.pipeline.originals import OriginalText, read_original
from alliance_nlp.web.desk import Desk

# Nothing at all, and in an origin of its own, even should a browser take the text for a page.
POLICY = "sandbox; default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_RULE = "-" * 72


@dataclass(frozen=True, slots=True, kw_only=True)
class OriginalPages:
    """One route: an article's page as archived."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """Return where it is."""
        return [Route("/article/{article_id}/original", self.show)]

    def show(self, request: Request) -> Response:
        """Show the archived source of an article as plain text."""
        article_id = request.path_params["article_id"]
        try:
            found = read_original(self.desk.workspace, self.desk.database, article_id)
        except ArchiveError as error:
            # The error names a path of the server's, which is nobody's business here.
            raise HTTPException(
                404,
                "The archive does not hold this page as it was recorded; whoever runs the desk "
                "can look with: alliance-nlp archive verify",
            ) from error
        if found is None:
            raise HTTPException(404, "There is no such article.")
        return PlainTextResponse(
            "\n".join([*_head(found), _RULE, found.text]),
            headers={
                "content-security-policy": POLICY,
                # The id comes from the store, so it is letters, digits and hyphens.
                "content-disposition": f'inline; filename="{found.article.id}.txt"',
            },
        )


def _head(found: OriginalText) -> Iterator[str]:
    page, ref = found.page, found.article.archived
    yield f"Title:    {one_line(found.article.title)}"
    yield f"Address:  {one_line(page.url)}"
    yield f"Fetched:  {page.fetched_at:%Y-%m-%d %H:%M:%S} UTC, status {page.status}"
    if ref is not None:
        yield f"Archived: {ref.file}, byte {ref.offset}, sha256 {ref.sha256}"
    yield "Below is the source as it was received, in text; it is not run."
