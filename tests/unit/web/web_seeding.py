"""What a night leaves behind, written straight through the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from alliance_nlp.core import ids
from alliance_nlp.core.types import (
    ArchiveRef,
    Article,
    Candidate,
    Contribution,
    Dated,
    Issue,
    IssueItem,
    Label,
    Mention,
    Novelty,
    Page,
    Reason,
    Rejected,
    Relevance,
    Role,
    Sentence,
    SentenceSource,
    Stage,
    StageCount,
    Story,
    Topic,
    TopicLabel,
)
from alliance_nlp.store import (
    Database,
    finish_run,
    save_article,
    save_candidates,
    save_fetch,
    save_issue,
    save_ledger,
    save_mentions,
    save_problems,
    save_stories,
    save_topics,
    start_run,
)

AT = datetime(2024, 4, 14, 6, 0, tzinfo=UTC)
HOSTILE = '<script>alert(1)</script>"><img src=x onerror=alert(2)>{{ 7*7 }}'


@dataclass
class Seed:
    """Writes articles and stories as a night would."""

    database: Database
    run_id: int
    n: int = 0

    def article(
        self,
        title: str,
        text: str,
        *,
        outlet: str = "Harbor Post",
        mentions: tuple[tuple[str, Label, str], ...] = (),
        topics: tuple[TopicLabel, ...] = (TopicLabel.DEFENSE,),
        link: str | None = None,
        flags: tuple[str, ...] = (),
        language: str = "en",
    ) -> Article:
        """Save an article; each mention is given by its surface and marks its first place."""
        self.n += 1
        at = AT - timedelta(hours=self.n)
        url = f"https://harbor.example/{self.n}"
        ref = ArchiveRef(file="night-1.warc.gz", offset=self.n * 1000, length=900, sha256="a" * 64)
        article = Article(
            id=ids.article_id(url, text),
            source_id="harbor",
            url=url,
            title=title,
            text=text,
            authors=("Mio Hara",),
            published=Dated(at=at, precision="time", found=at.isoformat(), where="json-ld"),
            language=language,
            outlet=outlet,
            link=url if link is None else link,
            flags=flags,
            archived=ref,
        )
        page = Page(
            source_id="harbor",
            role=Role.ARTICLE,
            asked_url=url,
            url=url,
            status=200,
            headers=(),
            body=b"",
            fetched_at=AT,
        )
        found = [
            Mention(
                article_id=article.id,
                start=text.index(surface),
                end=text.index(surface) + len(surface),
                label=label,
                entity_id=entity_id,
                how="table",
            )
            for surface, label, entity_id in mentions
        ]
        held = [
            Topic(article_id=article.id, label=label, score=0.9, holds=True, model_id="m1")
            for label in topics
        ]
        bearing = Relevance(article_id=article.id, score=0.9, relevant=True, model_id="m1")
        with self.database.write() as tx:
            fetch_id = save_fetch(
                tx,
                page,
                ref,
                run_id=self.run_id,
                payload_sha256=f"{self.n:064d}",
                lead_key=None,
            )
            save_article(tx, article, fetch_id=fetch_id, fetched_at=AT)
            save_mentions(tx, [article.id], found)
            save_topics(tx, [article.id], topics=held, bearing=[bearing])
        return article

    def story(self, story_id: str, *articles: Article, novelty: Novelty = Novelty.NEW) -> Story:
        """Save a story; the first article stands for it."""
        times = sorted(article.published.at for article in articles if article.published)
        story = Story(
            id=story_id,
            article_ids=tuple(article.id for article in articles),
            representative_id=articles[0].id,
            first_at=times[0],
            last_at=times[-1],
            novelty=novelty,
        )
        with self.database.write() as tx:
            save_stories(tx, [story])
        return story

    def rank(self, *stories: Story) -> list[Candidate]:
        """Save the stories as candidates in this order."""
        candidates = [candidate(story.id, rank) for rank, story in enumerate(stories, start=1)]
        with self.database.write() as tx:
            save_candidates(tx, self.run_id, candidates)
        return candidates


def candidate(story_id: str, rank: int) -> Candidate:
    """Return a candidate whose logit is the sum of its reasons."""
    reasons = (
        Contribution(feature="bias", value=1.0, contribution=-5.0),
        Contribution(feature="relevance", value=0.98 - rank / 100, contribution=2.94 - rank / 10),
        Contribution(feature="outlets", value=1.0, contribution=1.2),
        Contribution(feature="topic", value=0.95, contribution=0.95),
        Contribution(feature="age", value=1.5, contribution=-0.12),
        Contribution(feature="thin", value=0.0, contribution=0.0),
    )
    logit = sum(reason.contribution for reason in reasons)
    return Candidate(story_id=story_id, rank=rank, score=0.5, logit=logit, reasons=reasons)


def finished_run(database: Database) -> Seed:
    """Record a finished run to hang data on."""
    with database.write() as tx:
        run_id = start_run(tx, command="nightly", as_of=AT, at=AT)
        finish_run(tx, run_id, state="done-with-failures", at=AT)
        counts = StageCount(
            stage=Stage.EXTRACT,
            n_in=5,
            n_out=3,
            n_rejected=1,
            n_failed=1,
            seconds=0.5,
            reasons=(("crashed", 1), ("wall", 1)),
        )
        save_ledger(tx, run_id, [counts])
        problem = Rejected(
            stage=Stage.EXTRACT,
            subject_id=f"https://harbor.example/{HOSTILE}",
            reason=Reason.CRASHED,
            detail="the page broke the parser",
            failed=True,
        )
        save_problems(tx, run_id, [problem])
    return Seed(database, run_id)


def fill(seed: Seed) -> None:
    """Save two ranked stories, the second with a hostile title, and a draft issue on the first."""
    text = "Kishida met Biden & <b>aides</b>.\nMr. Fumio Kishida praised 日米 ties at MCAS Futenma."
    visit = seed.article(
        "Leaders meet",
        text,
        mentions=(
            ("Kishida", Label.OFFICIAL, "kishida-fumio"),
            ("Fumio Kishida", Label.OFFICIAL, "kishida-fumio"),
            ("MCAS Futenma", Label.BASE, "mcas-futenma"),
            ("Futenma", Label.BASE, "mcas-futenma"),
        ),
    )
    again = seed.article("Summit held", "The two met in Washington.", outlet="Bay Wire")
    hostile = seed.article(
        HOSTILE, f"{HOSTILE} and more", outlet=HOSTILE, link="javascript:alert(3)"
    )
    seed.rank(seed.story("story-visit", visit, again), seed.story("story-hostile", hostile))
    source = SentenceSource(article_id=visit.id, start=0, end=text.index("\n"))
    issue = Issue(
        volume=2,
        number=6,
        title="US-Japan Alliance Digest",
        published_on=date(2024, 4, 14),
        items=(
            IssueItem(
                headline="Leaders Meet in Washington",
                sentences=(Sentence(text="The leaders met.", sources=(source,)),),
                story_id="story-visit",
            ),
        ),
    )
    with seed.database.write() as tx:
        save_issue(tx, issue, state="draft")


def rank_three(seed: Seed) -> None:
    """Rank three stories of different kinds: two on a pier, and between them one on tariffs."""
    pier = seed.article("Pier repaired", "A pier in Sasebo was repaired.", outlet="Bay Wire")
    tariff = seed.article("Tariff talks", "Talks on tariffs went on.", topics=(TopicLabel.TRADE,))
    pier_again = seed.article("Pier work ends", "Work on the pier in Sasebo ended.")
    seed.rank(
        seed.story("story-pier", pier),
        seed.story("story-tariff", tariff, novelty=Novelty.REPEAT),
        seed.story("story-pier-2", pier_again),
    )
