"""Issues and analysts' words for a filled store, as the desk would have made them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from desk_store import START

from alliance_nlp.core.types import (
    Article,
    Decision,
    Issue,
    IssueItem,
    Sentence,
    SentenceSource,
    Verdict,
)
from alliance_nlp.store import Database, append_decision, read_articles, read_stories, save_issue

N_ISSUES, N_SLOTS, N_SENTENCES, WIDTH = 20, 5, 4, 120
N_DECIDED, N_ANALYSTS = 300, 3


def keep_issues(database: Database, ids: Sequence[str]) -> None:
    """Save twenty issues on the ranking's stories, the last of them a draft."""
    wanted = ids[: N_ISSUES * N_SLOTS]
    with database.write() as tx:
        stories = read_stories(tx, wanted)
        leads = {i: stories[i].representative_id for i in wanted}
        articles = read_articles(tx, list(leads.values()))
        for number in range(N_ISSUES):
            held = wanted[number * N_SLOTS : (number + 1) * N_SLOTS]
            issue = Issue(
                volume=9,
                number=number + 1,
                title="U.S.-Japan Alliance Monitor",
                published_on=(START + timedelta(days=7 * number)).date(),
                items=tuple(_item(i, articles[leads[i]]) for i in held),
            )
            is_last = number == N_ISSUES - 1
            save_issue(tx, issue, state="draft" if is_last else "published", at=START)


def _item(story_id: str, article: Article) -> IssueItem:
    spans = [(WIDTH * k, WIDTH * (k + 1)) for k in range(N_SENTENCES)]
    return IssueItem(
        headline=article.title,
        story_id=story_id,
        headline_article_id=article.id,
        sentences=tuple(
            Sentence(
                text=article.text[start:end].strip() + ".",
                sources=(SentenceSource(article_id=article.id, start=start, end=end),),
            )
            for start, end in spans
        ),
    )


def keep_words(database: Database, ids: Sequence[str]) -> Mapping[str, int]:
    """Let three analysts judge 300 stories, of every fifth not all alike; return what was said."""
    said: dict[str, int] = {}
    with database.write() as tx:
        for place, story_id in enumerate(ids[:N_DECIDED]):
            for analyst in range(N_ANALYSTS):
                differs = place % 5 == 0 and analyst == 1
                verdict = Verdict.REJECT if differs else Verdict.ACCEPT
                decision = Decision(
                    subject=story_id,
                    verdict=verdict,
                    reviewer=f"analyst-{analyst}",
                    decided_at=START + timedelta(days=100, minutes=place),
                )
                append_decision(tx, decision)
                said[verdict.value] = said.get(verdict.value, 0) + 1
    return said
