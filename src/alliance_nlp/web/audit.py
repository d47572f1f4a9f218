"""What was done at the desk, and how far its analysts agree: for editors."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Decision, Right, Verdict
from alliance_nlp.pipeline.deciding import record_decision
from alliance_nlp.review import agreement, may, to_adjudicate
from alliance_nlp.store import (
    DOING_KINDS,
    Connection,
    Doing,
    read_accounts,
    read_articles,
    read_candidates_of,
    read_decisions,
    read_doers,
    read_doings,
    read_stories,
)
from alliance_nlp.web.deciding import MOST_NOTE
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.security import read_form
from alliance_nlp.web.who import current

PAGE = 100
MOST_DISPUTES = 100
_JUDGEMENTS = (Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE)
_SAID = {
    "sign-in": "signed in",
    "sign-in-refused": "could not sign in",
    "sign-out": "signed out",
    "sign-out-everywhere": "signed out everywhere",
    "account-added": "added the account",
    "account-right": "changed the right of",
    "account-password": "set a password for",
    "account-disabled": "disabled",
    "account-enabled": "enabled",
    "export": "exported",
    "kept-late": "had no connection when deciding on",
    "issue-moved": "moved",
    "issue-override": "overrode a flag in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One thing done, in words; ``url`` is ``""`` where there is no page to see it on."""

    doing: Doing
    said: str
    url: str
    subject: str
    details: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Dispute:
    """A story on which analysts differ, and their last words on it."""

    story_id: str
    title: str
    language: str
    words: tuple[Decision, ...]
    is_candidate: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditPages:
    """Pages for editors."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/audit", self.audit),
            Route("/agreement", self.agree),
            Route("/agreement/{story_id}", self.settle, methods=["POST"]),
        ]

    def audit(self, request: Request) -> Response:
        """Show what was done, newest first."""
        asked = request.query_params
        who, kind = asked.get("who", ""), asked.get("kind", "")
        with self.desk.database.read() as tx:
            found = read_doings(tx, n=PAGE + 1, before=asked.get("before", ""), who=who, kind=kind)
            people = read_doers(tx)
            titles = _titles(tx, [d.subject for d in found if _is_on_story(d)])
        kept = {name: value for name, value in (("who", who), ("kind", kind)) if value}
        older = ""
        if len(found) > PAGE:
            older = f"?{urlencode({**kept, 'before': found[PAGE - 1].cursor})}"
        return self.desk.page(
            request,
            "audit.html.j2",
            lines=[_line(doing, titles) for doing in found[:PAGE]],
            older=older,
            newest=f"?{urlencode(kept)}" if asked.get("before") else "",
            people=people,
            kinds=DOING_KINDS,
            who=who,
            kind=kind,
        )

    def agree(self, request: Request) -> Response:
        """Show how far the analysts agree, and what is to be settled."""
        with self.desk.database.read() as tx:
            decisions = read_decisions(tx)
            disputes = to_adjudicate(decisions, editors=_editors(tx))
            shown = _disputes(tx, disputes[:MOST_DISPUTES])
            titles = _titles(tx, [request.query_params.get("settled", "")])
        return self.desk.page(
            request,
            "agreement.html.j2",
            agreement=agreement(decisions),
            disputes=shown,
            n_disputes=len(disputes),
            judgements=_JUDGEMENTS,
            most_note=MOST_NOTE,
            settled=next(iter(titles.values()), None),
        )

    async def settle(self, request: Request) -> Response:
        """Keep an editor's word on a story in dispute."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._settle, request, form)

    def _settle(self, request: Request, form: Mapping[str, str]) -> Response:
        story_id, verdict = request.path_params["story_id"], form.get("verdict", "")
        if verdict not in _JUDGEMENTS:
            raise HTTPException(400, f"Choose one of {', '.join(_JUDGEMENTS)}.")
        note = form.get("note", "")
        if len(note) > MOST_NOTE:
            raise HTTPException(400, f"The note is longer than {MOST_NOTE} characters; shorten it.")
        try:
            record_decision(
                self.desk.database,
                story_id=story_id,
                verdict=Verdict(verdict),
                reviewer=current(request).name,
                note=note,
            )
        except InputError as error:
            raise HTTPException(404, f"{error}.") from error
        return RedirectResponse(f"/agreement?{urlencode({'settled': story_id})}", status_code=303)


def _editors(tx: Connection) -> list[str]:
    """Return whose word settles a dispute; without accounts nobody's does of itself."""
    return [account.name for account in read_accounts(tx) if may(account, Right.EDITOR)]


def _titles(tx: Connection, story_ids: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Return (title, language) of the stories that are there still, by id."""
    stories = read_stories(tx, [story_id for story_id in dict.fromkeys(story_ids) if story_id])
    leads = read_articles(tx, [story.representative_id for story in stories.values()])
    return {
        story.id: (leads[story.representative_id].title, leads[story.representative_id].language)
        for story in stories.values()
        if story.representative_id in leads
    }


def _disputes(tx: Connection, found: Sequence[tuple[Decision, ...]]) -> list[Dispute]:
    titles = _titles(tx, [words[0].subject for words in found])
    candidates = read_candidates_of(tx, list(titles))
    return [
        Dispute(
            story_id=words[0].subject,
            title=titles[words[0].subject][0],
            language=titles[words[0].subject][1],
            words=words,
            is_candidate=words[0].subject in candidates,
        )
        for words in found
        if words[0].subject in titles
    ]


def _is_on_story(doing: Doing) -> bool:
    return doing.table in ("decision", "edit") or doing.action == "kept-late"


def _line(doing: Doing, titles: Mapping[str, tuple[str, str]]) -> Line:
    subject, url = doing.subject, ""
    if _is_on_story(doing):
        subject = titles.get(doing.subject, (doing.subject, ""))[0] or doing.subject
        url = f"/story/{quote(doing.subject, safe='')}" if doing.subject in titles else ""
    elif doing.table == "version" or doing.action.startswith(("issue-", "export")):
        subject = doing.subject
        url = f"/issue/{quote(doing.subject, safe='')}"
    return Line(
        doing=doing,
        said=_SAID.get(doing.action, doing.action.replace("-", " ")),
        url=url,
        subject=subject,
        details=tuple(_details(doing)),
    )


def _details(doing: Doing) -> list[str]:
    facts: Mapping[str, Any] = doing.facts
    said = []
    if doing.table == "decision":
        said = _of_decision(facts)
    elif doing.table == "edit":
        n_moved = len(facts["moved"])
        said = [f"{n_moved} article{'s' if n_moved != 1 else ''} moved"]
    elif doing.table == "version":
        said = [f"version {facts['version']}, {facts['state']}"]
    if facts.get("undoes"):
        said.append(f"takes back number {facts['undoes']}")
    return [*said, *(facts[name] for name in ("note", "why", "detail") if facts.get(name))]


def _of_decision(facts: Mapping[str, Any]) -> list[str]:
    said = [f"topics: {', '.join(facts['topics'])}"] if facts["topics"] else []
    proposal = facts["proposal"]
    if proposal:
        topics = ", ".join(proposal["topics"]) or "no topic"
        models = f", by {', '.join(proposal['models'])}" if proposal["models"] else ""
        said.append(
            f"proposed: rank {proposal['rank']}, score {proposal['score']:.2f}, "
            f"{proposal['novelty']}, {topics}{models}"
        )
    return said
