"""Decisions as the desk's forms and its script send them.

A connection may drop after a decision was kept and before the answer came, so the script sends it
again and says so. Two things tell that it is the same: the key that the script made for it,
remembered while the server runs, and the number of the analyst's last decision on the story when
it was made, which holds across restarts. When the analyst's first decision after that number says
the same, it is this one.

What was decided without a connection comes late, and says when it was made; that is kept beside
the time at which it came.
"""

from __future__ import annotations

import json
import re
import threading
from collections import OrderedDict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, quote

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import QueryParams
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.clock import utc
from alliance_nlp.core.errors import InputError
from alliance_nlp.core.text import clean
from alliance_nlp.core.types import Account, Decision, Right, TopicLabel, Verdict
from alliance_nlp.pipeline.deciding import record_decisions, undo_decision
from alliance_nlp.review import latest, may, notes, standing, standing_topics
from alliance_nlp.store import Connection, neighbours, read_candidate, read_decisions, read_stories
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.filters import Wanted
from alliance_nlp.web.presence import rank_of
from alliance_nlp.web.security import read_form
from alliance_nlp.web.views import last_of
from alliance_nlp.web.who import current

MOST_NOTE = 2_000
MOST_ITEMS = 200
MOST_KEYS = 10_000
_SEEN = re.compile(r"[0-9a-f]{16}-[0-9a-f]{16}")
_KEY = re.compile(r"[0-9A-Za-z-]{8,64}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """A story to decide on, what was seen of it, and the last decision that was known (or not)."""

    story_id: str
    seen: str
    last: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One verdict for one or several stories.

    Attributes
    ----------
    again
        Whether it was sent before, unanswered.
    made_at
        When it was made by the browser's clock, where it comes late.
    """

    verdict: Verdict
    items: tuple[Item, ...]
    note: str
    topics: tuple[TopicLabel, ...]
    key: str
    again: bool
    made_at: datetime | None = None

    def is_kept_as(self, decision: Decision) -> bool:
        """Tell whether a decision says what is asked."""
        same = decision.verdict is self.verdict and decision.note == self.note
        return same and set(decision.topics) == set(self.topics)


def read_ask(form: Mapping[str, str], items: Sequence[Item]) -> Ask:
    """Return what a form asks.

    Raises
    ------
    HTTPException
        400 if it is no decision.
    """
    verdict, note = form.get("verdict", ""), form.get("note", "")
    if verdict not in list(Verdict):
        raise HTTPException(400, f"{verdict!r} is no verdict; choose one of {', '.join(Verdict)}.")
    if len(note) > MOST_NOTE:
        raise HTTPException(400, f"The note is longer than {MOST_NOTE} characters; shorten it.")
    if not items or len(items) > MOST_ITEMS:
        raise HTTPException(400, f"Decide on 1 to {MOST_ITEMS} stories at a time.")
    if verdict != Verdict.UNDO and not all(_SEEN.fullmatch(item.seen) for item in items):
        raise HTTPException(400, "The form does not say what was seen; reload the page.")
    topics = form.get("topics", "").split()
    if not set(topics) <= set(TopicLabel):
        raise HTTPException(400, f"A topic is one of {', '.join(TopicLabel)}.")
    if verdict != Verdict.RETOPIC:
        topics = []
    return Ask(
        verdict=Verdict(verdict),
        items=tuple(items),
        note=clean(note).strip() if verdict != Verdict.UNDO else "",
        topics=tuple(label for label in TopicLabel if label.value in topics),
        key=key if _KEY.fullmatch(key := form.get("key", "")) else "",
        again=form.get("again") == "yes",
        made_at=read_made(form),
    )


def read_made(form: Mapping[str, str]) -> datetime | None:
    """Return when what comes late was made, as the browser says; ``None`` where it does not."""
    try:
        return utc(datetime.fromisoformat(form.get("made", "")))
    except (ValueError, OverflowError):
        return None


def read_items(text: str) -> tuple[Item, ...]:
    """Return the stories of a request of the script: a JSON list of [story, seen, last].

    Raises
    ------
    HTTPException
        400 if it is no such list.
    """
    try:
        return tuple(_item(*row) for row in json.loads(text))
    except (ValueError, TypeError, RecursionError) as error:
        raise HTTPException(400, "The request names no stories; reload the page.") from error


def read_named(body: bytes, name: str) -> list[str]:
    """Return the words of a form's fields of one name, several in a field or one in each.

    Raises
    ------
    HTTPException
        400 if the form is malformed.
    """
    try:
        fields = parse_qs(body.decode("utf-8", "replace"), max_num_fields=MOST_ITEMS)
    except ValueError as error:
        raise HTTPException(400, "The form is malformed; reload the page.") from error
    return [one for text in fields.get(name, []) for one in text.split()][:MOST_ITEMS]


def _item(story_id: object, seen: object, last: object) -> Item:
    number = last if isinstance(last, int) and not isinstance(last, bool) else None
    return Item(story_id=str(story_id), seen=str(seen), last=number)


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A story on which nothing was kept, and why."""

    story_id: str
    why: str


@dataclass(slots=True)
class Keys:
    """The requests that were kept lately, by who sent them and their key."""

    _kept: OrderedDict[tuple[str, str], None] = field(default_factory=OrderedDict)

    def knows(self, who: str, key: str) -> bool:
        """Tell whether a request was kept."""
        return bool(key) and (who, key) in self._kept

    def remember(self, who: str, key: str) -> None:
        """Keep a request's key; the oldest are forgotten."""
        if key:
            self._kept[(who, key)] = None
            while len(self._kept) > MOST_KEYS:
                self._kept.popitem(last=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class DecidingPages:
    """Where decisions arrive."""

    desk: Desk
    keys: Keys = field(default_factory=Keys)
    # Between looking whether a decision was kept and keeping it, nothing of the same may come.
    lock: threading.Lock = field(default_factory=threading.Lock)

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/decide", self.decide_many, methods=["POST"]),
            Route("/decide/several", self.decide_several, methods=["POST"]),
            Route("/story/{story_id}/decide", self.decide, methods=["POST"]),
        ]

    async def decide(self, request: Request) -> Response:
        """Keep a form's decision, then show the next candidate, or the story it was made on."""
        body = await request.body()
        form = read_form(body)
        if "topic" in form:  # the boxes of a form without script
            form["topics"] = " ".join(read_named(body, "topic"))
        return await run_in_threadpool(self._decide, request, form)

    async def decide_many(self, request: Request) -> Response:
        """Keep what the script sends, and tell how its stories stand now."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._decide_many, request, form)

    async def decide_several(self, request: Request) -> Response:
        """Keep one verdict for all that a form without script ticks, and show the list again."""
        body = await request.body()
        seen = read_named(body, "seen")
        known = dict(zip(seen[::2], seen[1::2], strict=False))
        items = [
            Item(story_id=story_id, seen=known.get(story_id, ""))
            for story_id in dict.fromkeys(read_named(body, "story"))
        ]
        return await run_in_threadpool(self._decide_several, request, read_form(body), items)

    def _decide_several(
        self, request: Request, form: dict[str, str], items: list[Item]
    ) -> Response:
        refused = self._keep(analyst(request), read_ask(form, items))
        if refused:
            whys = " ".join(dict.fromkeys(one.why for one in refused))
            n_kept = len(items) - len(refused)
            raise HTTPException(400, f"{n_kept} of {len(items)} were kept. {whys}")
        place = Wanted.read(QueryParams(form.get("list", ""))).at(rank_of(form.get("after", "0")))
        first = quote(items[0].story_id)
        return RedirectResponse(
            f"{place}{'&' if '?' in place else '?'}decided={first}#{first}", status_code=303
        )

    def _decide(self, request: Request, form: dict[str, str]) -> Response:
        story_id = request.path_params["story_id"]
        last = rank_of(form.get("last", "")) if form.get("last") else None
        item = Item(story_id=story_id, seen=form.get("seen", ""), last=last)
        refused = self._keep(analyst(request), read_ask(form, [item]))
        for refusal in refused:
            raise HTTPException(400, refusal.why)
        asked = QueryParams(form.get("list", ""))
        wanted = Wanted.read(asked)
        query = f"?decided={quote(story_id)}"
        if form.get("back") == "story":
            return RedirectResponse(
                f"/story/{quote(story_id)}{query}&{wanted.query}".rstrip("&"), status_code=303
            )
        with self.desk.database.read() as tx:
            _, below = neighbours(tx, story_id, wanted.narrowed(self.desk.sources()))
        place = wanted.at(rank_of(form.get("after", "0")))
        query = f"{'&' if '?' in place else '?'}decided={quote(story_id)}"
        return RedirectResponse(f"{place}{query}#{quote(below or story_id)}", status_code=303)

    def _decide_many(self, request: Request, form: dict[str, str]) -> Response:
        account = analyst(request)
        ask = read_ask(form, read_items(form.get("items", "")))
        refused = self._keep(account, ask)
        with self.desk.database.read() as tx:
            stories = read_states(tx, [item.story_id for item in ask.items], account.name)
        answer = {
            "stories": stories,
            "refused": [{"story": one.story_id, "why": one.why} for one in refused],
        }
        return JSONResponse(answer, status_code=400 if len(refused) == len(ask.items) else 200)

    def _keep(self, account: Account, ask: Ask) -> list[Refusal]:
        """Keep what was not kept before; return what could not be."""
        with self.lock:
            if self.keys.knows(account.name, ask.key):
                return []
            with self.desk.database.read() as tx:
                new = [
                    item for item in ask.items if not _is_kept(tx, ask, item, reviewer=account.name)
                ]
                there = read_stories(tx, [item.story_id for item in new])
                gone = [
                    item
                    for item in new
                    if item.story_id not in there or read_candidate(tx, item.story_id) is None
                ]
            if gone and len(ask.items) == 1:
                raise HTTPException(404, _gone(gone[0]))
            refused = [Refusal(story_id=item.story_id, why=_gone(item)) for item in gone]
            refused += self._record(account.name, ask, [item for item in new if item not in gone])
            self.keys.remember(account.name, ask.key)
            return refused

    def _record(self, reviewer: str, ask: Ask, items: Sequence[Item]) -> list[Refusal]:
        database = self.desk.database
        if ask.verdict is Verdict.UNDO:
            refused = []
            for item in items:
                try:
                    undo_decision(
                        database, story_id=item.story_id, reviewer=reviewer, made_at=ask.made_at
                    )
                except InputError as error:
                    refused.append(Refusal(story_id=item.story_id, why=f"{error}."))
            return refused
        if items:
            try:
                record_decisions(
                    database,
                    story_ids=[item.story_id for item in items],
                    verdict=ask.verdict,
                    reviewer=reviewer,
                    note=ask.note,
                    topics=ask.topics,
                    seen={item.story_id: item.seen for item in items},
                    made_at=ask.made_at,
                )
            except InputError as error:
                return [Refusal(story_id=item.story_id, why=f"{error}.") for item in items]
        return []


def analyst(request: Request) -> Account:
    """Return who asks.

    Raises
    ------
    HTTPException
        403 if they may only read.
    """
    account = current(request)
    if not may(account, Right.ANALYST):
        raise HTTPException(
            403, f"{account.name} may read here, not decide; an admin can change that."
        )
    return account


def read_states(tx: Connection, story_ids: Sequence[str], reviewer: str) -> list[dict[str, Any]]:
    """Return how stories stand, as the script shows them; ``last`` is the reviewer's own."""
    made = read_decisions(tx, list(story_ids))
    verdicts, topics, said = latest(made), standing_topics(made), notes(made)
    own = [decision for decision in standing(made) if decision.reviewer == reviewer]
    return [
        {
            "story": story_id,
            "verdict": verdicts[story_id].verdict.value if story_id in verdicts else "",
            "by": verdicts[story_id].reviewer if story_id in verdicts else "",
            "topics": list(topics[story_id]) if story_id in topics else None,
            "notes": len(said.get(story_id, ())),
            "last": last_of(made, story_id, reviewer),
            "may_undo": any(d.subject == story_id for d in own),
        }
        for story_id in story_ids
    ]


def _is_kept(tx: Connection, ask: Ask, item: Item, *, reviewer: str) -> bool:
    if item.last is None or not ask.again:
        return False
    made = read_decisions(tx, [item.story_id])
    since = [d for d in made if d.reviewer == reviewer and d.id > item.last]
    return bool(since) and ask.is_kept_as(since[0])


def _gone(item: Item) -> str:
    return f"{item.story_id} is not among the newest candidates."
