"""Archive to articles, mentions, topics and relevance; no network."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from functools import partial
from typing import TypeVar

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
from alliance_nlp.pipeline.extracting import BATCH, extract
from alliance_nlp.pipeline.night import Night
from alliance_nlp.pipeline.tasks import (
    WORKED_WITH,
    TagJob,
    prepare_to_process,
    tag_texts,
)
from alliance_nlp.pipeline.workers import Broken, Workers
from alliance_nlp.store import (
    Connection,
    articles_to_do,
    mark_step,
    read_articles,
    save_mentions,
    save_problems,
    save_topics,
)
from alliance_nlp.tag import TagInput, tagger_version

# The classifier is faster the more it gets at once.
CLASSIFY_BATCH = 200
_T = TypeVar("_T")


def process(night: Night, *, may_fetch: bool = False) -> None:
    """Bring every archived page as far as its topics; what is settled stays as it is.

    ``may_fetch`` lets it ask for the further pages of articles that go on over several.
    """
    with _workers(night) as workers:
        extract(night, workers, may_fetch=may_fetch)
        tag(night, workers)
    classify_articles(night)


def _workers(night: Night) -> Workers:
    settings = night.settings.process
    return Workers(
        jobs=settings.jobs,
        time_limit_s=settings.time_limit_s,
        memory_limit_bytes=settings.memory_limit_mb * 1_000_000,
        prepare=partial(prepare_to_process, night.workspace.knowledge_base),
        modules=WORKED_WITH,
        meanwhile=partial(_load_ahead, night),
    )


def _load_ahead(night: Night) -> None:
    """Load what this process needs of its own while the others start; faults come up in time."""
    with suppress(AllianceError):
        tagger_version(night.workspace.knowledge_base)
        night.load_model()


def tag(night: Night, workers: Workers) -> None:
    """Tag the articles that this tagger's version has not settled."""
    with night.ledger.timed(Stage.TAG):
        version = tagger_version(night.workspace.knowledge_base)

        def work(
            batches: Iterator[list[Article]],
        ) -> Iterator[tuple[list[Article], Sequence[tuple[Mention, ...] | Broken]]]:
            under_way: deque[list[Article]] = deque()

            def jobs() -> Iterator[list[TagJob]]:
                for articles in batches:
                    under_way.append(articles)
                    yield [_tag_job(night, article) for article in articles]

            for _, results in workers.map(tag_texts, jobs()):
                yield under_way.popleft(), results

        def cut(due: Sequence[str]) -> Iterator[Sequence[str]]:
            return workers.batches(due, size=BATCH)

        def save(tx: Connection, ids: Sequence[str], results: Sequence[Sequence[Mention]]) -> None:
            save_mentions(tx, ids, [mention for found in results for mention in found])

        _settle_all(night, Stage.TAG, version=version, cut=cut, work=work, save=save)


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
    """Classify the articles that this model has not settled; without any, no model is loaded."""
    with night.ledger.timed(Stage.CLASSIFY):
        if _is_classified(night):
            return
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

        def cut(due: Sequence[str]) -> Iterator[Sequence[str]]:
            return (due[n : n + CLASSIFY_BATCH] for n in range(0, len(due), CLASSIFY_BATCH))

        _settle_all(night, Stage.CLASSIFY, version=model_id, cut=cut, work=work, save=save)


def _is_classified(night: Night) -> bool:
    serving = night.find_model_id()
    if serving is None:
        return False
    with night.database.read() as tx:
        return not articles_to_do(tx, Stage.CLASSIFY.value, version=serving)


def _settle_all(
    night: Night,
    stage: Stage,
    *,
    version: str,
    cut: Callable[[Sequence[str]], Iterator[Sequence[str]]],
    work: Callable[
        [Iterator[list[Article]]], Iterator[tuple[list[Article], Sequence[_T | Broken]]]
    ],
    save: Callable[[Connection, Sequence[str], Sequence[_T]], None],
) -> None:
    """Bring every article through a stage, batch by batch, each batch in one transaction."""
    with night.database.read() as tx:
        due = articles_to_do(tx, stage.value, version=version)
    n_done = 0
    for articles, results in work(_article_batches(night, stage, cut(due))):
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
    night: Night, stage: Stage, parts: Iterator[Sequence[str]]
) -> Iterator[list[Article]]:
    for part in parts:
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


def _failed(stage: Stage, subject_id: str, broken: Broken) -> Rejected:
    return Rejected(
        stage=stage, subject_id=subject_id, reason=broken.reason, detail=broken.detail, failed=True
    )
