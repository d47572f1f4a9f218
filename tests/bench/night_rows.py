"""A night's articles, put into the store as a night does: page by page, batch by batch."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from desk_store import NIGHT, article_id, story_id, time_of

from alliance_nlp.core.types import (
    ArchiveRef,
    Article,
    Dated,
    Label,
    Lead,
    Mention,
    Page,
    Relevance,
    Role,
    Story,
    Topic,
    TopicLabel,
)
from alliance_nlp.store import (
    Arrival,
    Database,
    Fetch,
    articles_to_do,
    fetches_to_extract,
    find_payload,
    known_leads,
    last_good_fetch,
    mark_step,
    read_articles,
    read_fetches,
    read_validators,
    save_articles,
    save_fetch,
    save_leads,
    save_mentions,
    save_stories,
    save_told,
    save_topics,
    save_validators,
    start_run,
)

_TEXT = (
    "Officials of Japan and the United States met in Tokyo to discuss tariffs on cars, and the "
    "prime minister said on Monday that talks on the relocation of the base would go on. "
)
_TAG_BATCH, _CLASSIFY_BATCH = 20, 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Night:
    """Numbers from ``first`` to before ``end``."""

    first: int
    end: int
    run_id: int

    @property
    def numbers(self) -> range:
        return range(self.first, self.end)


def keep_night(database: Database, n_before: int) -> int:
    """Put a night's 2,000 articles into a store that has so many already; return how many."""
    first = n_before + 1
    at = time_of(n_before + NIGHT)
    with database.write() as tx:
        run_id = start_run(tx, command="nightly", as_of=at, at=at)
    night = _Night(first=first, end=first + NIGHT, run_id=run_id)
    _collect(database, night)
    _extract(database)
    _tag(database)
    _classify(database)
    _fold(database, night)
    return NIGHT


def _url(number: int) -> str:
    return f"https://press.example/{number}"


def _collect(database: Database, night: _Night) -> None:
    for start in range(night.first, night.end, 25):
        leads = [
            (_url(n), Lead(source_id="source-3", url=_url(n), title=f"Report {n}"))
            for n in range(start, start + 25)
        ]
        with database.write() as tx:
            fresh = save_leads(tx, leads, at=time_of(start))
            known_leads(tx, [key for key, _ in leads if key not in fresh])
    for number in night.numbers:
        _fetch(database, number, run_id=night.run_id)


def _fetch(database: Database, number: int, *, run_id: int) -> None:
    page = Page(
        source_id="source-3",
        role=Role.ARTICLE,
        asked_url=_url(number),
        url=_url(number),
        status=200,
        headers=(),
        body=b"<p>words</p>",
        fetched_at=time_of(number),
    )
    ref = ArchiveRef(file=f"n{run_id}.warc.gz", offset=number * 500, length=500, sha256="ab" * 32)
    payload = f"{number:064x}"
    with database.read() as tx:
        read_validators(tx, [page.asked_url])
        assert find_payload(tx, url=page.asked_url, payload_sha256=payload) is None
        assert last_good_fetch(tx, page.asked_url) is None
    with database.write() as tx:
        save_fetch(tx, page, ref, run_id=run_id, payload_sha256=payload, lead_key=_url(number))
        save_validators(tx, page.asked_url, etag=f'"{number}"', last_modified="")


def _extract(database: Database) -> None:
    with database.read() as tx:
        due = fetches_to_extract(tx, version="1")
    assert len(due) == NIGHT
    for start in range(0, NIGHT, _TAG_BATCH):
        with database.write() as tx:
            fetches = read_fetches(tx, due[start : start + _TAG_BATCH])
            save_articles(tx, [_arrival(fetch) for fetch in fetches])
            mark_step(tx, "extract", [(f"fetch:{f.id}", None) for f in fetches], version="1")


def _arrival(fetch: Fetch) -> Arrival:
    number = int(fetch.asked_url.rpartition("/")[2])
    article = _article(number, fetch.archived)
    return Arrival(article=article, fetch_id=fetch.id, fetched_at=fetch.fetched_at)


def _article(number: int, archived: ArchiveRef) -> Article:
    at = time_of(number)
    return Article(
        id=article_id(number),
        source_id="source-3",
        url=_url(number),
        title=f"Talks on the base go on, report {number}",
        text=_TEXT * 2 + f"case{number}",
        published=Dated(at=at, precision="time", found=at.isoformat(), where="json-ld"),
        language="en",
        archived=archived,
    )


def _tag(database: Database) -> None:
    for ids in _due(database, "tag", _TAG_BATCH):
        mentions = [
            Mention(
                article_id=i,
                start=10 * k,
                end=10 * k + 5,
                label=Label.SHIP,
                entity_id=f"entity-{k}",
                how="table",
            )
            for i in ids
            for k in range(10)
        ]
        with database.write() as tx:
            save_mentions(tx, ids, mentions)
            mark_step(tx, "tag", [(i, None) for i in ids], version="1")


def _classify(database: Database) -> None:
    for ids in _due(database, "classify", _CLASSIFY_BATCH):
        topics = [
            Topic(article_id=i, label=label, score=0.5, holds=False, model_id="bench")
            for i in ids
            for label in TopicLabel
        ]
        bearing = [Relevance(article_id=i, score=0.5, relevant=True, model_id="bench") for i in ids]
        with database.write() as tx:
            save_topics(tx, ids, topics=topics, bearing=bearing)
            mark_step(tx, "classify", [(i, None) for i in ids], version="1")


def _due(database: Database, step: str, size: int) -> list[Sequence[str]]:
    with database.read() as tx:
        due = articles_to_do(tx, step, version="1")
        assert len(due) == NIGHT
        read_articles(tx, due)
    return [due[start : start + size] for start in range(0, NIGHT, size)]


def _fold(database: Database, night: _Night) -> None:
    held: dict[str, list[int]] = {}
    for number in night.numbers:
        held.setdefault(story_id(number), []).append(number)
    stories = [
        Story(
            id=name,
            article_ids=tuple(article_id(number) for number in numbers),
            representative_id=article_id(numbers[0]),
            first_at=time_of(numbers[0]),
            last_at=time_of(numbers[-1]),
        )
        for name, numbers in held.items()
    ]
    with database.write() as tx:
        save_stories(tx, stories)
        save_told(tx, [story.id for story in stories], [])
