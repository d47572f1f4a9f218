"""A story's page: its articles side by side, and all that is known of it besides."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.types import TopicLabel
from alliance_nlp.store import (
    Connection,
    neighbours,
    read_articles,
    read_stories,
)
from alliance_nlp.web.bars import scale
from alliance_nlp.web.deciding import MOST_NOTE
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.filters import Wanted
from alliance_nlp.web.reading import StoryRecord, read_one
from alliance_nlp.web.segments import Entity
from alliance_nlp.web.views import article_views, card, story_entities, told_view
from alliance_nlp.web.who import current

if TYPE_CHECKING:
    from alliance_nlp.pipeline.story_pages import Beside, Shelf


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A story to merge with; ``why`` tells how the page came to it."""

    id: str
    title: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoryPages:
    """One route: a story.

    ``shelves`` holds the one that stays while the desk is open, once a page asked for it.
    """

    desk: Desk
    shelves: list[Shelf] = field(default_factory=list)

    def routes(self) -> list[BaseRoute]:
        """Return where it is."""
        return [Route("/story/{story_id}", self.story)]

    def story(self, request: Request) -> Response:
        """Show one story with its articles."""
        story_id = request.path_params["story_id"]
        wanted = Wanted.read(request.query_params)
        sources = self.desk.sources()
        shelf = self._shelf()
        with self.desk.database.read() as tx:
            record = read_one(tx, story_id)
            if record is None:
                raise HTTPException(404, f"There is no story {story_id}.")
            decided = self.desk.log.decided(tx)
            above, below = neighbours(
                tx,
                story_id,
                wanted.narrowed(sources),
                standing=decided.verdicts,
                retopiced=decided.topics,
            )
            beside = shelf.beside(
                tx,
                record.story,
                articles=record.articles,
                mentions=record.mentions,
                candidate=record.candidate,
            )
            mergeable = _mergeable(tx, record, beside, beside_it=(above, below))
        within = scale([record.candidate] if record.candidate else [])
        entities = story_entities(record)
        return self.desk.page(
            request,
            "story.html.j2",
            card=card(record, sources, within, reviewer=current(request).name),
            articles=article_views(record, sources, roles=beside.roles),
            entities=entities,
            people=_people(record, entities, beside),
            told=told_view(record, sources),
            beside=beside,
            mergeable=mergeable,
            decisions=record.decisions[::-1],
            above=above,
            below=below,
            wanted=wanted,
            topic_labels=list(TopicLabel),
            most_note=MOST_NOTE,
            decided=record if request.query_params.get("decided") == story_id else None,
        )

    def _shelf(self) -> Shelf:
        if not self.shelves:
            # It brings scikit-learn along; the list of candidates does not wait for it.
            from alliance_nlp.pipeline.story_pages import Shelf

            settings, workspace = self.desk.settings, self.desk.workspace
            self.shelves.append(Shelf(rank=settings.rank, knowledge_base=workspace.knowledge_base))
        return self.shelves[0]


def _people(
    record: StoryRecord, entities: tuple[Entity, ...], beside: Beside
) -> list[tuple[str, str]]:
    """Return (kind, role) of those who are known, as the first article that names them has it."""
    found: dict[str, tuple[str, str]] = {}
    kinds = {entity.entity_id: entity.kind for entity in entities}
    for article in record.articles:
        for mention in record.mentions.get(article.id, ()):
            role = beside.roles.get((article.id, mention.entity_id))
            if role:
                found.setdefault(mention.entity_id, (kinds.get(mention.entity_id, ""), role))
    order = {entity.entity_id: place for place, entity in enumerate(entities)}
    return [found[i] for i in sorted(found, key=lambda i: order.get(i, len(order)))]


def _mergeable(
    tx: Connection, record: StoryRecord, beside: Beside, *, beside_it: tuple[str | None, str | None]
) -> list[Neighbour]:
    """Return stories that this one may be one with, those that share an article first."""
    whys = {i: "shares an article" for told in beside.elsewhere.values() for i, _ in told}
    for story_id, why in zip(beside_it, ("above it", "below it"), strict=True):
        if story_id:
            whys.setdefault(story_id, why)
    stories = read_stories(tx, [i for i in whys if i != record.story.id])
    leads = read_articles(tx, [story.representative_id for story in stories.values()])
    return [
        Neighbour(id=i, title=leads[stories[i].representative_id].title, why=why)
        for i, why in whys.items()
        if i in stories and stories[i].representative_id in leads
    ]
