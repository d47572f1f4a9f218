"""Archive to articles, mentions, topics and relevance; no network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar

from alliance_nlp.archive import decoded, read_page
from alliance_nlp.classify import classify
from alliance_nlp.core.errors import AllianceError
from alliance_nlp.core.types import (
    Article,
    Mention,
    Reason,
    Rejected,
    Relevance,
    Stage,
    Topic,
)
from alliance_nlp.core.urls import is_web_url, url_key
from alliance_nlp.extract import VERSION as EXTRACT_VERSION
from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.pipeline.night import Night
from alliance_nlp.store import (
    Connection,
    Fetch,
    articles_to_do,
    fetches_to_extract,
    mark_step,
    save_article,
    save_leads,
    save_mentions,
    save_problems,
    save_topics,
)
from alliance_nlp.tag import TagInput

BATCH = 100
_T = TypeVar("_T")


def process(night: Night) -> None:
    """Bring every archived page as far as its topics; what is settled stays as it is."""
    extract(night)
    tag(night)
    classify_articles(night)


def extract(night: Night) -> None:
    """Extract the pages that this extractor's version has not settled."""
    done = 0
    with night.ledger.timed(Stage.EXTRACT):
        while True:
            with night.database.read() as tx:
                fetches = fetches_to_extract(tx, version=EXTRACT_VERSION, limit=BATCH)
            if not fetches:
                return
            _extract_batch(night, fetches)
            done += len(fetches)
            night.report_progress("extract", done)


def _extract_batch(night: Night, fetches: Sequence[Fetch]) -> None:
    results = []
    for fetch in fetches:
        night.ledger.enter(Stage.EXTRACT, fetch.url)
        results.append((fetch, _extract_one(night, fetch)))
    with night.database.write() as tx:
        outcomes = []
        for fetch, result in results:
            rejected = result if isinstance(result, Rejected) else None
            if isinstance(result, Extraction):
                is_new = save_article(
                    tx, result.article, fetch_id=fetch.id, fetched_at=fetch.fetched_at
                )
                if not is_new:
                    detail = f"same address and text as article {result.article.id}"
                    rejected = _rejected(fetch, Reason.DUPLICATE, detail)
                found = [(url_key(x.url), x) for x in result.leads if is_web_url(x.url)]
                save_leads(tx, found, at=night.at(), state="noted")
            night.ledger.leave(Stage.EXTRACT, fetch.url, rejected)
            outcomes.append((f"fetch:{fetch.id}", _outcome(rejected)))
        mark_step(tx, "extract", outcomes, version=EXTRACT_VERSION)
        save_problems(tx, night.run_id, night.ledger.take_problems())


def _outcome(rejected: Rejected | None) -> str:
    if rejected is None:
        return "out"
    return "failed" if rejected.failed else "rejected"


def _rejected(fetch: Fetch, reason: Reason, detail: str, *, failed: bool = False) -> Rejected:
    return Rejected(
        stage=Stage.EXTRACT, subject_id=fetch.url, reason=reason, detail=detail, failed=failed
    )


def _extract_one(night: Night, fetch: Fetch) -> Extraction | Rejected:
    source = night.source(fetch.source_id)
    try:
        page = read_page(night.workspace.raw, fetch.archived)
        page = decoded(page, max_bytes=night.settings.collect.max_bytes)
        result = extract_page(page, lead=fetch.lead, zone=source.zone if source else "UTC")
    except AllianceError as error:
        return _rejected(fetch, Reason.CRASHED, str(error), failed=True)
    except Exception as error:  # noqa: BLE001 - one page must not end the night
        detail = f"{type(error).__name__}: {error}; please report this page"
        return _rejected(fetch, Reason.CRASHED, detail, failed=True)
    if isinstance(result, Rejected):
        return replace(result, subject_id=fetch.url)
    article = replace(result.article, archived=fetch.archived)
    return Extraction(article=article, leads=result.leads)


def tag(night: Night) -> None:
    """Tag the articles that this tagger's version has not settled."""
    with night.ledger.timed(Stage.TAG):
        tagger = night.load_tagger()

        def work(articles: Sequence[Article]) -> Sequence[tuple[Mention, ...]]:
            return list(tagger.tag(_tag_input(article) for article in articles))

        def save(tx: Connection, ids: Sequence[str], results: Sequence[Sequence[Mention]]) -> None:
            save_mentions(tx, ids, [mention for found in results for mention in found])

        _settle_all(night, Stage.TAG, version=tagger.version, work=work, save=save)


def _tag_input(article: Article) -> TagInput:
    return TagInput(
        article_id=article.id,
        text=article.text,
        language=article.language,
        published_on=article.published.on if article.published else None,
    )


def classify_articles(night: Night) -> None:
    """Classify the articles that this model has not settled."""
    with night.ledger.timed(Stage.CLASSIFY):
        model, model_id = night.load_model()

        def work(articles: Sequence[Article]) -> Sequence[tuple[tuple[Topic, ...], Relevance]]:
            triples = [(article.id, article.title, article.text) for article in articles]
            return classify(model, triples, model_id=model_id)

        def save(
            tx: Connection,
            ids: Sequence[str],
            results: Sequence[tuple[tuple[Topic, ...], Relevance]],
        ) -> None:
            topics = [topic for found, _ in results for topic in found]
            save_topics(tx, ids, topics=topics, bearing=[relevance for _, relevance in results])

        _settle_all(night, Stage.CLASSIFY, version=model_id, work=work, save=save)


def _settle_all(
    night: Night,
    stage: Stage,
    *,
    version: str,
    work: Callable[[Sequence[Article]], Sequence[_T]],
    save: Callable[[Connection, Sequence[str], Sequence[_T]], None],
) -> None:
    """Bring every article through a stage, batch by batch, each batch in one transaction."""
    n_done = 0
    while True:
        with night.database.read() as tx:
            articles = articles_to_do(tx, stage.value, version=version, limit=BATCH)
        if not articles:
            return
        for article in articles:
            night.ledger.enter(stage, article.id)
        results = _guarded(stage, articles, work)
        good: list[tuple[str, _T]] = [
            (article.id, result)
            for article, result in zip(articles, results, strict=True)
            if not isinstance(result, Rejected)
        ]
        with night.database.write() as tx:
            save(tx, [i for i, _ in good], [result for _, result in good])
            outcomes = []
            for article, result in zip(articles, results, strict=True):
                rejected = result if isinstance(result, Rejected) else None
                night.ledger.leave(stage, article.id, rejected)
                outcomes.append((article.id, _outcome(rejected)))
            mark_step(tx, stage.value, outcomes, version=version)
            save_problems(tx, night.run_id, night.ledger.take_problems())
        n_done += len(articles)
        night.report_progress(stage.value, n_done)


def _guarded(
    stage: Stage, articles: Sequence[Article], work: Callable[[Sequence[Article]], Sequence[_T]]
) -> Sequence[_T | Rejected]:
    """Work on a batch; if that breaks, on each article alone, so that one cannot take the rest."""
    try:
        return work(articles)
    except Exception as error:  # noqa: BLE001 - one article must not end the night
        if len(articles) > 1:
            return [result for article in articles for result in _guarded(stage, [article], work)]
        detail = f"{type(error).__name__}: {error}; please report this article"
        return [
            Rejected(
                stage=stage,
                subject_id=articles[0].id,
                reason=Reason.CRASHED,
                detail=detail,
                failed=True,
            )
        ]
