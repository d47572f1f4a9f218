"""The desk's pages: each reads once, makes plain values and renders one template."""

from __future__ import annotations

import re
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from jinja2 import Environment
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from alliance_nlp.config import Settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import AllianceError
from alliance_nlp.core.types import Decision, Source, Verdict
from alliance_nlp.store import (
    Connection,
    Database,
    append_decision,
    last_run,
    read_issue,
    read_issues,
)
from alliance_nlp.web.bars import scale
from alliance_nlp.web.issues import issue_view
from alliance_nlp.web.reading import (
    StoryRecord,
    read_cited,
    read_neighbours,
    read_one,
    read_ranked,
)
from alliance_nlp.web.security import read_form
from alliance_nlp.web.views import article_views, card, story_entities, told_view

PAGE = 50
MOST_NOTE = 2_000
MOST_PROBLEMS = 200
_SEEN = re.compile(r"[0-9a-f]{16}-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What the pages share."""

    database: Database
    settings: Settings
    templates: Environment
    reviewer: str
    csrf: str

    def candidates(self, request: Request) -> Response:
        """Show the newest ranking."""
        after = _number(request.query_params.get("after", "0"))
        with self.database.read() as tx:
            records, following = read_ranked(tx, after=after, n=PAGE)
            run = last_run(tx)
            decided = self._just_decided(tx, request)
        sources = self._sources()
        within = scale([r.candidate for r in records if r.candidate])
        return self._page(
            "candidates.html.j2",
            cards=[card(record, sources, within) for record in records],
            after=after,
            following=following,
            run=run,
            decided=decided,
        )

    def story(self, request: Request) -> Response:
        """Show one story with its articles."""
        story_id = request.path_params["story_id"]
        with self.database.read() as tx:
            record = read_one(tx, story_id)
            above, below = read_neighbours(tx, story_id)
        if record is None:
            raise HTTPException(404, f"There is no story {story_id}.")
        sources = self._sources()
        within = scale([record.candidate] if record.candidate else [])
        return self._page(
            "story.html.j2",
            card=card(record, sources, within),
            articles=article_views(record, sources),
            entities=story_entities(record),
            told=told_view(record, sources),
            decisions=record.decisions[::-1],
            above=above,
            below=below,
            most_note=MOST_NOTE,
            decided=record if request.query_params.get("decided") == story_id else None,
        )

    async def decide(self, request: Request) -> Response:
        """Append a decision, then show the next candidate, or the story it was made on."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._decide, request.path_params["story_id"], form)

    def _decide(self, story_id: str, form: dict[str, str]) -> Response:
        decision = self._decision(story_id, form)
        with self.database.write() as tx:
            record = read_one(tx, story_id)
            if record is None or record.candidate is None:
                raise HTTPException(404, f"{story_id} is not among the newest candidates.")
            append_decision(tx, decision)
            _, below = read_neighbours(tx, story_id)
        if form.get("back") == "story":
            return RedirectResponse(f"/story/{story_id}?decided={story_id}", status_code=303)
        after = _number(form.get("after", "0"))
        place = f"/?after={after}&decided={story_id}#{below or story_id}"
        return RedirectResponse(place, status_code=303)

    def _decision(self, story_id: str, form: dict[str, str]) -> Decision:
        verdict, seen, note = (form.get(name, "") for name in ("verdict", "seen", "note"))
        if verdict not in list(Verdict):
            known = ", ".join(Verdict)
            raise HTTPException(400, f"{verdict!r} is no verdict; choose one of {known}.")
        if not _SEEN.fullmatch(seen):
            raise HTTPException(400, "The form does not say what was seen; reload the page.")
        if len(note) > MOST_NOTE:
            raise HTTPException(400, f"The note is longer than {MOST_NOTE} characters; shorten it.")
        return Decision(
            subject=story_id,
            verdict=Verdict(verdict),
            reviewer=self.reviewer,
            decided_at=now(),
            note=note.strip(),
            seen_hash=seen,
        )

    def night(self, request: Request) -> Response:
        """Show the newest run's ledger."""
        # The pipeline brings spaCy and scikit-learn along; only this page waits for them.
        from alliance_nlp.pipeline.report import read_report

        report = read_report(self.database, self.settings.read_sources())
        problems = sorted(report.problems, key=lambda p: not p.failed) if report else []
        return self._page(
            "night.html.j2",
            report=report,
            problems=problems[:MOST_PROBLEMS],
            n_more_problems=max(0, len(problems) - MOST_PROBLEMS),
        )

    def issues(self, request: Request) -> Response:
        """List the issues, newest first."""
        with self.database.read() as tx:
            found = read_issues(tx)
        return self._page("issues.html.j2", issues=found[::-1])

    def issue(self, request: Request) -> Response:
        """Show one issue, every sentence with the passage it comes from."""
        issue_id = request.path_params["issue_id"]
        with self.database.read() as tx:
            found = read_issue(tx, issue_id)
            cited = read_cited(tx, found[0]) if found else {}
        if found is None:
            raise HTTPException(404, f"There is no issue {issue_id}.")
        issue, state = found
        view = issue_view(issue, cited, self._sources())
        return self._page("issue.html.j2", issue=issue, state=state, view=view)

    def refused(self, request: Request, error: Exception) -> Response:
        """Show what an endpoint refused, and the way back."""
        assert isinstance(error, HTTPException)
        title = HTTPStatus(error.status_code).phrase
        text = error.detail if error.detail != title else "There is no such page."
        return self._page("message.html.j2", status=error.status_code, title=title, text=text)

    def broken(self, request: Request, error: Exception) -> Response:
        """Show an error of ours as the sentence it carries."""
        assert isinstance(error, AllianceError)
        return self._page("message.html.j2", status=500, title="That did not work", text=str(error))

    def _just_decided(self, tx: Connection, request: Request) -> StoryRecord | None:
        story_id = request.query_params.get("decided")
        record = read_one(tx, story_id) if story_id else None
        return record if record and record.decision else None

    def _sources(self) -> dict[str, Source]:
        return {source.id: source for source in self.settings.read_sources()}

    def _page(self, template: str, *, status: int = 200, **values: Any) -> Response:
        page = self.templates.get_template(template)
        return HTMLResponse(page.render(csrf=self.csrf, **values), status_code=status)


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0
