"""The Unix faces of the analytic rooms: JSON Lines in, JSON Lines out, order kept.

A line that cannot be read becomes ``{"id": …, "error": …}`` in its place, and the rest goes on.
The shapes are a contract with other programs; ``docs/filters.md`` states them. Each filter imports
its rooms when called: one that only classifies need not wait for spaCy.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alliance_nlp.core.clock import utc
from alliance_nlp.core.errors import AllianceError
from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.text import normal_text, one_line
from alliance_nlp.core.types import Article, Candidate, Dated, Page, Rejected, Role, Story

if TYPE_CHECKING:
    from alliance_nlp.config import FoldSettings, Settings
    from alliance_nlp.tag import Tagger, TagInput

BATCH = 64
_NO_URL = "https://article.invalid/"


class LineError(ValueError):
    """A line that breaks the contract; the text is for whoever wrote it."""


@dataclass(frozen=True, slots=True)
class Bad:
    """A line that could not be worked on."""

    id: Any
    error: str

    def line(self) -> dict[str, Any]:
        """Return what stands in the line's place."""
        return {"id": self.id, "error": self.error}


Record = dict[str, Any]
Work = Callable[[Sequence[Record]], Sequence[Record | Bad]]


def run_filter(lines: Iterable[bytes], work: Work, *, batch: int = BATCH) -> Iterator[Record | Bad]:
    """Yield one result a non-blank line, in order; ``work`` sees only readable records."""
    source = (line for line in lines if line.strip())
    while taken := list(islice(source, batch)):
        records = [_record(line) for line in taken]
        good = [record for record in records if not isinstance(record, Bad)]
        results = iter(work(good) if good else ())
        for record in records:
            yield record if isinstance(record, Bad) else next(results)


def read_all(lines: Iterable[bytes]) -> list[Record | Bad]:
    """Return all records at once, for work that needs to see them together."""
    return [_record(line) for line in lines if line.strip()]


def _record(line: bytes) -> Record | Bad:
    try:
        record = json.loads(line)
    except (ValueError, RecursionError) as error:
        return Bad(None, f"the line is not JSON: {error}")
    if not isinstance(record, dict):
        return Bad(None, "the line is no JSON object")
    if "id" not in record:
        return Bad(None, "the line has no id")
    return record


def _text(record: Record, name: str, *, needed: bool = False) -> str:
    value = record.get(name)
    if value is None:
        if needed:
            # A line that failed further up a pipe keeps the first word on it.
            raise LineError(str(record.get("error") or f"the line has no {name}"))
        return ""
    if not isinstance(value, str):
        raise LineError(f"{name} must be text")
    return value


def _each(records: Sequence[Record], work: Callable[[Record], Record]) -> list[Record | Bad]:
    results: list[Record | Bad] = []
    for record in records:
        try:
            results.append(work(record))
        except (LineError, AllianceError) as error:
            results.append(Bad(record["id"], str(error)))
    return results


def extract_records(records: Sequence[Record]) -> list[Record | Bad]:
    """Return the extracted article, or the reason of its rejection, of each record."""
    return _each(records, _extract)


def _extract(record: Record) -> Record:
    from alliance_nlp.extract import extract_page

    body, content_type = _body(record)
    page = Page(
        source_id="",
        role=Role.ARTICLE,
        asked_url=_text(record, "url") or _NO_URL,
        url=_text(record, "url") or _NO_URL,
        status=200,
        headers=(("Content-Type", content_type),),
        body=body,
        fetched_at=datetime.now(UTC),
    )
    result = extract_page(page)
    rejected = result if isinstance(result, Rejected) else None
    article = None if isinstance(result, Rejected) else result.article
    published = article.published if article else None
    return {
        "id": record["id"],
        "title": article.title if article else "",
        "text": article.text if article else "",
        "published_on": published.on.isoformat() if published else None,
        "authors": list(article.authors) if article else [],
        "language": article.language if article else "",
        "rejected": rejected.reason.value if rejected else None,
    }


def _body(record: Record) -> tuple[bytes, str]:
    if record.get("html") is not None:
        return _text(record, "html").encode("utf-8", "replace"), "text/html; charset=utf-8"
    if record.get("file") is None:
        raise LineError(str(record.get("error") or "the line has neither html nor file"))
    path = Path(_text(record, "file"))
    try:
        body = path.read_bytes()
    except OSError as error:
        raise LineError(f"{path} cannot be read: {error.strerror or error}") from error
    if body[:2] == b"\x1f\x8b":
        try:
            body = gzip.decompress(body)
        except (EOFError, zlib.error, gzip.BadGzipFile) as error:
            raise LineError(f"{path} is a gzip file that is cut off or damaged") from error
    is_text = path.name.removesuffix(".gz").endswith((".txt", ".md"))
    return body, "text/plain" if is_text else "text/html"


def tag_records(tagger: Tagger) -> Work:
    """Return the filter that finds mentions; offsets count code points of the text as given."""

    def work(records: Sequence[Record]) -> list[Record | Bad]:
        inputs = [_tag_input(record) for record in records]
        found = iter(tagger.tag([item for item in inputs if not isinstance(item, Bad)]))
        return [
            item if isinstance(item, Bad) else _tagged(record, item.text, next(found))
            for record, item in zip(records, inputs, strict=True)
        ]

    return work


def _tag_input(record: Record) -> TagInput | Bad:
    from alliance_nlp.tag import TagInput

    try:
        return TagInput(
            article_id=str(record["id"]),
            text=_text(record, "text", needed=True),
            language=_text(record, "language"),
            published_on=_day(record),
        )
    except LineError as error:
        return Bad(record["id"], str(error))


def _tagged(record: Record, text: str, mentions: Iterable[Any]) -> Record:
    return {
        "id": record["id"],
        "mentions": [
            {
                "start": m.start,
                "end": m.end,
                "label": m.label.value,
                "text": text[m.start : m.end],
                "entity_id": m.entity_id or None,
            }
            for m in mentions
        ],
    }


def _day(record: Record) -> date | None:
    at = _time(record)
    return at.date() if at else None


def _time(record: Record) -> datetime | None:
    value = _text(record, "published_on")
    if not value:
        return None
    try:
        return utc(datetime.fromisoformat(value))
    except ValueError as error:
        raise LineError(f"published_on {value!r} is no date like 2024-04-14") from error


def classify_records(model: Any, model_id: str, *, n_terms: int | None = None) -> Work:
    """Return the filter that gives topics and relevance, and explains them by so many terms."""
    from alliance_nlp.classify import classify
    from alliance_nlp.pipeline.explaining import explained

    def work(records: Sequence[Record]) -> list[Record | Bad]:
        triples = [_triple(record) for record in records]
        good = [triple for triple in triples if not isinstance(triple, Bad)]
        results = iter(classify(model, good, model_id=model_id))
        reasons = iter(explained(model, good, n_terms) if n_terms is not None else [{}] * len(good))
        return [
            triple
            if isinstance(triple, Bad)
            else _classified(record, *next(results)) | next(reasons)
            for record, triple in zip(records, triples, strict=True)
        ]

    return work


def _triple(record: Record) -> tuple[str, str, str] | Bad:
    try:
        title = one_line(_text(record, "title"))
        return str(record["id"]), title, normal_text(_text(record, "text", needed=True))
    except LineError as error:
        return Bad(record["id"], str(error))


def _classified(record: Record, topics: Sequence[Any], relevance: Any) -> Record:
    return {
        "id": record["id"],
        "topics": {topic.label.value: topic.score for topic in topics},
        "labels": [topic.label.value for topic in topics if topic.holds],
        "relevance": relevance.score,
        "relevant": relevance.relevant,
    }


def fold_records(records: Sequence[Record | Bad], settings: FoldSettings) -> list[Record | Bad]:
    """Return the story of each record, and others that it tells; all are folded together."""
    from alliance_nlp.pipeline.folding import fold_together

    articles = _articles(records)
    good = [(article, article.published_at) for article in articles if isinstance(article, Article)]
    folded = fold_together(good, settings)
    by_article = {i: story.id for story in folded.stories for i in story.article_ids}
    further: dict[str, list[str]] = {}
    for article_id, story_id in folded.further:
        further.setdefault(article_id, []).append(story_id)
    results: list[Record | Bad] = []
    for record, article in zip(records, articles, strict=True):
        if isinstance(article, Bad) or isinstance(record, Bad):
            results.append(article if isinstance(article, Bad) else Bad(None, "unreadable"))
        else:
            also = {"also": further[article.id]} if article.id in further else {}
            results.append({"id": record["id"], "story": by_article[article.id], **also})
    return results


def _articles(records: Sequence[Record | Bad]) -> list[Article | Bad]:
    times: Counter[str] = Counter()
    articles: list[Article | Bad] = []
    for record in records:
        # The caller's ids may be of any type and repeat; ours must not, nor hang on the order.
        key = "" if isinstance(record, Bad) else json.dumps(record, sort_keys=True)
        times[key] += 1
        article_id = short_hash(key, str(times[key]))
        articles.append(record if isinstance(record, Bad) else _article(record, article_id))
    return articles


def _article(record: Record, article_id: str) -> Article | Bad:
    try:
        text = normal_text(_text(record, "text", needed=True))
        at = _time(record)
        url = _text(record, "url")
    except LineError as error:
        return Bad(record["id"], str(error))
    found = _text(record, "published_on")
    return Article(
        id=article_id,
        source_id=_text(record, "source"),
        url=url or f"{_NO_URL}{record['id']}",
        title=one_line(_text(record, "title")),
        text=text,
        published=_dated(at, found) if at else None,
        language=_text(record, "language"),
        outlet=_text(record, "outlet") or _text(record, "source"),
    )


def _dated(at: datetime, found: str) -> Dated:
    own = datetime.fromisoformat(found).date()
    return Dated(at=at, precision="day", found=found, where="input", local_on=own)


def rank_records(
    records: Sequence[Record | Bad],
    *,
    tagger: Tagger,
    model: Any,
    model_id: str,
    settings: Settings,
    as_of: datetime | None,
) -> list[Record | Bad]:
    """Return one line a story, best first, after the lines that could not be read."""
    from alliance_nlp.classify import classify
    from alliance_nlp.pipeline.ranking import copy_groups, rank_article
    from alliance_nlp.rank import rank_stories
    from alliance_nlp.tag import TagInput

    pairs = list(zip(records, _articles(records), strict=True))
    bad: list[Record | Bad] = [article for _, article in pairs if isinstance(article, Bad)]
    named = {a.id: (r, a) for r, a in pairs if isinstance(a, Article) and isinstance(r, dict)}
    articles = [article for _, article in named.values()]
    stories = _stories(articles, settings.fold)
    triples = [(article.id, article.title, article.text) for article in articles]
    judged = classify(model, triples, model_id=model_id)
    tagged = tagger.tag(
        TagInput(article_id=a.id, text=a.text, published_on=a.published.on if a.published else None)
        for a in articles
    )
    groups = copy_groups(stories, {article.id: article for article in articles})
    members = {
        article.id: rank_article(
            article,
            None,
            relevance=relevance,
            topics=topics,
            mentions=mentions,
            copy=groups.get(article.id),
        )
        for article, (topics, relevance), mentions in zip(articles, judged, tagged, strict=True)
    }
    latest = max((a.published_at for a in articles if a.published_at), default=None)
    candidates = rank_stories(
        stories, members, as_of=as_of or latest or datetime.now(UTC), weights=settings.rank.weights
    )
    by_id = {story.id: story for story in stories}
    ranked = [
        _ranked(c, [named[i][0]["id"] for i in by_id[c.story_id].article_ids]) for c in candidates
    ]
    return [*bad, *ranked]


def _stories(articles: Sequence[Article], settings: FoldSettings) -> tuple[Story, ...]:
    """Return the articles' stories, with those in them that tell of them besides their own."""
    from alliance_nlp.pipeline.assigning import Hand, with_further
    from alliance_nlp.pipeline.folding import fold_together

    timed = [(article, article.published_at) for article in articles]
    folded = fold_together(timed, settings)
    return with_further(folded.stories, timed, folded.further, hand=Hand())


def _ranked(candidate: Candidate, article_ids: list[Any]) -> Record:
    return {
        "rank": candidate.rank,
        "story": candidate.story_id,
        "article_ids": article_ids,
        "score": candidate.score,
        "logit": candidate.logit,
        "reasons": [
            {"feature": r.feature, "value": r.value, "contribution": r.contribution}
            for r in candidate.reasons
        ],
    }
