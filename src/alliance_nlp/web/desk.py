"""What the desk's pages share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from jinja2 import Environment
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, Response

from alliance_nlp.config import Settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import AllianceError
from alliance_nlp.core.types import AuditEntry, Right, Source
from alliance_nlp.review import may
from alliance_nlp.store import Database, append_audit
from alliance_nlp.web.decided import DecisionLog
from alliance_nlp.web.keys import KEY_OF, SHEET
from alliance_nlp.web.who import current
from alliance_nlp.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """The workspace, its database and configuration, and the templates.

    ``has_accounts`` tells whether people sign in, or one person came in by the start-up token.
    """

    workspace: Workspace
    database: Database
    settings: Settings
    templates: Environment
    has_accounts: bool = False
    log: DecisionLog = field(default_factory=DecisionLog)
    _sources: dict[str, Source] = field(default_factory=dict, init=False, repr=False)

    def page(
        self, request: Request, template: str, *, status: int = 200, **values: Any
    ) -> Response:
        """Render a template for whoever asks."""
        account = current(request)
        page = self.templates.get_template(template).render(
            csrf=request.scope["csrf"],
            account=account,
            has_accounts=self.has_accounts,
            may_decide=may(account, Right.ANALYST),
            may_edit=may(account, Right.EDITOR),
            may_administer=may(account, Right.ADMIN),
            sheet=SHEET,
            key_of=KEY_OF,
            **values,
        )
        return HTMLResponse(page, status_code=status)

    def plain(self, template: str, *, status: int = 200, **values: Any) -> Response:
        """Render a template for somebody who is not signed in."""
        page = self.templates.get_template(template).render(**values)
        return HTMLResponse(page, status_code=status)

    def sources(self) -> Mapping[str, Source]:
        """Return the configured sources by id; settings stay, so they are checked once."""
        if not self._sources:
            self._sources.update({s.id: s for s in self.settings.read_sources()})
        return self._sources

    def tell(self, request: Request, action: str, *, subject: str, detail: str = "") -> None:
        """Tell the audit what whoever asks has done."""
        entry = AuditEntry(
            at=now(), who=current(request).name, action=action, subject=subject, detail=detail
        )
        with self.database.write() as tx:
            append_audit(tx, entry)

    def refused(self, request: Request, error: Exception) -> Response:
        """Show what an endpoint refused, and the way back."""
        assert isinstance(error, HTTPException)
        title = HTTPStatus(error.status_code).phrase
        text = error.detail if error.detail != title else "There is no such page."
        return self._say(request, text, title=title, status=error.status_code)

    def broken(self, request: Request, error: Exception) -> Response:
        """Show an error of ours as the sentence it carries."""
        assert isinstance(error, AllianceError)
        return self._say(request, str(error), title="That did not work", status=500)

    def _say(self, request: Request, text: str, *, title: str, status: int) -> Response:
        if wants_json(request):
            return JSONResponse({"error": text}, status_code=status)
        if "account" not in request.scope:
            return self.plain("stranger.html.j2", status=status, title=title, text=text)
        return self.page(request, "message.html.j2", status=status, title=title, text=text)


def wants_json(request: Request) -> bool:
    """Tell whether our script asks, rather than a form."""
    return "application/json" in request.headers.get("accept", "")
