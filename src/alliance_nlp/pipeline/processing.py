"""Archive to articles, mentions, topics and relevance; no network."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import TypeVar

from alliance_nlp.classify import classify
from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.types import (
    Article,
    Lead,
    Mention,
    Reason,
    Rejected,
    Relevance,
    Stage,
    Topic,
)
from alliance_nlp.core.urls import is_web_url, url_key
from alliance_nlp.extract import VERSION as EXTRACT_VERSION
from alliance_nlp.extract import Extraction
from alliance_nlp.pipeline.night import Night
from alliance_nlp.pipeline.tasks import ExtractJob, TagJob, extract_pages, tag_texts
from alliance_nlp.pipeline.workers import Broken, Workers
from alliance_nlp.store import (
    Connection,
    Fetch,
    articles_to_do,
    fetches_to_extract,
    mark_step,
    mark_withdrawn,
    read_articles,
    read_fetches,
    save_article,
    save_leads,
    save_mentions,
    save_problems,
    save_topics,
)
from alliance_nlp.tag import TagInput, tagger_version

# Large enough that handing over costs little, small enough that two workers share a short night.
BATCH = 20
# The classifier is faster the more it gets at once.
CLASSIFY_BATCH = 200
_T = TypeVar("_T")


def process(night: Night) -> None:
    """Bring every archived page as far as its topics; what is settled stays as it is."""
    settings = night.settings.process
    with Workers(
        jobs=settings.jobs,
        time_limit_s=settings.time_limit_s,
        memory_limit_bytes=settings.memory_limit_mb * 1_000_000,
    ) as workers:
        extract(night, workers)
        tag(night, workers)
    classify_articles(night)


def extract(night: Night, workers: Workers) -> None:
    """Extract the pages that this extractor's version has not settled."""
    with night.ledger.timed(Stage.EXTRACT):
        with night.database.read() as tx:
            due = fetches_to_extract(tx, version=EXTRACT_VERSION)
        n_done = 0
        for jobs, results in workers.map(_extract_jobs, _fetch_batches(night, due)):
            _save_extractions(night, [fetch for fetch, _ in jobs], results)
            n_done += len(jobs)
            night.report_progress("extract", n_done, len(due))


def _extract_jobs(pairs: Sequence[tuple[Fetch, ExtractJob]]) -> list[Extraction | Rejected]:
    return extract_pages([job for _, job in pairs])


def _fetch_batches(night: Night, due: Sequence[int]) -> Iterator[list[tuple[Fetch, ExtractJob]]]:
    for start in range(0, len(due), BATCH):
        with night.database.read() as tx:
            fetches = read_fetches(tx, due[start : start + BATCH])
        for fetch in fetches:
            night.ledger.enter(Stage.EXTRACT, fetch.url, n_bytes=fetch.n_bytes)
        yield [(fetch, _extract_job(night, fetch)) for fetch in fetches]


def _extract_job(night: Night, fetch: Fetch) -> ExtractJob:
    source = night.source(fetch.source_id)
    return ExtractJob(
        raw=night.workspace.raw,
        archived=fetch.archived,
        lead=fetch.lead,
        zone=source.zone if source else "UTC",
        max_bytes=night.settings.collect.max_bytes,
    )


def _save_extractions(
    night: Night, fetches: Sequence[Fetch], results: Sequence[Extraction | Rejected | Broken]
) -> None:
    with night.database.write() as tx:
        settled = []
        for fetch, result in zip(fetches, results, strict=True):
            rejected = _save_extraction(night, tx, fetch, result)
            night.ledger.leave(Stage.EXTRACT, fetch.url, rejected)
            settled.append((f"fetch:{fetch.id}", rejected))
        mark_step(tx, "extract", settled, version=EXTRACT_VERSION)
        save_problems(tx, night.run_id, night.ledger.take_problems())


def _save_extraction(
    night: Night, tx: Connection, fetch: Fetch, result: Extraction | Rejected | Broken
) -> Rejected | None:
    if isinstance(result, Broken):
        return _failed(Stage.EXTRACT, fetch.url, result)
    if isinstance(result, Rejected):
        return replace(result, subject_id=fetch.url)
    article = result.article
    is_new = save_article(tx, article, fetch_id=fetch.id, fetched_at=fetch.fetched_at)
    save_leads(tx, [(_lead_key(lead), lead) for lead in result.leads], at=night.at(), state="noted")
    if "withdrawn" in article.flags:
        mark_withdrawn(tx, article.url, at=fetch.fetched_at, why="its page says that it is")
    if is_new:
        return None
    return Rejected(
        stage=Stage.EXTRACT,
        subject_id=fetch.url,
        reason=Reason.DUPLICATE,
        detail=f"same address and text as article {article.id}",
    )


def _lead_key(lead: Lead) -> str:
    if is_web_url(lead.url):
        return url_key(lead.url)
    return "named:" + short_hash(lead.source_id, lead.title, lead.outlet)


def _failed(stage: Stage, subject_id: str, broken: Broken) -> Rejected:
    return Rejected(
        stage=stage, subject_id=subject_id, reason=broken.reason, detail=broken.detail, failed=True
    )


def tag(night: Night, workers: Workers) -> None:
    """Tag the articles that this tagger's version has not settled."""
    with night.ledger.timed(Stage.TAG):
        version = tagger_version(night.workspace.knowledge_base)

        def work(
            batches: Iterator[list[Article]],
        ) -> Iterator[tuple[list[Article], Sequence[tuple[Mention, ...] | Broken]]]:
            jobs = ([(article, _tag_job(night, article)) for article in b] for b in batches)
            for pairs, results in workers.map(_tag_jobs, jobs):
                yield [article for article, _ in pairs], results

        def save(tx: Connection, ids: Sequence[str], results: Sequence[Sequence[Mention]]) -> None:
            save_mentions(tx, ids, [mention for found in results for mention in found])

        _settle_all(night, Stage.TAG, version=version, size=BATCH, work=work, save=save)


def _tag_jobs(pairs: Sequence[tuple[Article, TagJob]]) -> list[tuple[Mention, ...]]:
    return tag_texts([job for _, job in pairs])


def _tag_job(night: Night, article: Article) -> TagJob:
    return TagJob(
        knowledge_base=night.workspace.knowledge_base,
        text=TagInput(
            article_id=article.id,
            text=article.text,
            language=article.language,
            published_on=article.published.on if article.published else None,
        ),
    )


_Judged = tuple[tuple[Topic, ...], Relevance]


def classify_articles(night: Night) -> None:
    """Classify the articles that this model has not settled."""
    with night.ledger.timed(Stage.CLASSIFY):
        model, model_id = night.load_model()

        def judge(articles: Sequence[Article]) -> Sequence[_Judged]:
            triples = [(article.id, article.title, article.text) for article in articles]
            return classify(model, triples, model_id=model_id)

        def work(
            batches: Iterator[list[Article]],
        ) -> Iterator[tuple[list[Article], Sequence[_Judged | Broken]]]:
            for articles in batches:
                yield articles, _guarded(articles, judge)

        def save(tx: Connection, ids: Sequence[str], results: Sequence[_Judged]) -> None:
            topics = [topic for found, _ in results for topic in found]
            save_topics(tx, ids, topics=topics, bearing=[relevance for _, relevance in results])

        _settle_all(
            night, Stage.CLASSIFY, version=model_id, size=CLASSIFY_BATCH, work=work, save=save
        )


def _settle_all(
    night: Night,
    stage: Stage,
    *,
    version: str,
    size: int,
    work: Callable[
        [Iterator[list[Article]]], Iterator[tuple[list[Article], Sequence[_T | Broken]]]
    ],
    save: Callable[[Connection, Sequence[str], Sequence[_T]], None],
) -> None:
    """Bring every article through a stage, batch by batch, each batch in one transaction."""
    with night.database.read() as tx:
        due = articles_to_do(tx, stage.value, version=version)
    n_done = 0
    for articles, results in work(_article_batches(night, stage, due, size=size)):
        ids, good, settled = [], [], []
        for article, result in zip(articles, results, strict=True):
            rejected = _failed(stage, article.id, result) if isinstance(result, Broken) else None
            if not isinstance(result, Broken):
                ids.append(article.id)
                good.append(result)
            night.ledger.leave(stage, article.id, rejected)
            settled.append((article.id, rejected))
        with night.database.write() as tx:
            save(tx, ids, good)
            mark_step(tx, stage.value, settled, version=version)
            save_problems(tx, night.run_id, night.ledger.take_problems())
        n_done += len(articles)
        night.report_progress(stage.value, n_done, len(due))


def _article_batches(
    night: Night, stage: Stage, due: Sequence[str], *, size: int
) -> Iterator[list[Article]]:
    for start in range(0, len(due), size):
        part = due[start : start + size]
        with night.database.read() as tx:
            articles = read_articles(tx, part)
        for article_id in part:
            n_bytes = len(articles[article_id].text.encode())
            night.ledger.enter(stage, article_id, n_bytes=n_bytes)
        yield [articles[article_id] for article_id in part]


def _guarded(
    articles: Sequence[Article], work: Callable[[Sequence[Article]], Sequence[_T]]
) -> Sequence[_T | Broken]:
    """Work on a batch; if that breaks, on each article alone, so that one cannot take the rest."""
    try:
        return work(articles)
    except Exception as error:  # noqa: BLE001 - one article must not end the night
        if len(articles) > 1:
            return [result for article in articles for result in _guarded([article], work)]
        detail = f"{type(error).__name__}: {error}; please report this article"
        return [Broken(Reason.CRASHED, detail)]
