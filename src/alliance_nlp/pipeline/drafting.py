"""Candidates and decisions to a draft issue, saved and written as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from alliance_nlp.classify import input_text
from alliance_nlp.config import DigestSettings, Settings
from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.types import Article, Candidate, Issue, Mention, Story, TopicLabel
from alliance_nlp.digest import DraftStory, draft_issue, render_html, render_markdown
from alliance_nlp.drafter import Endpoint
from alliance_nlp.pipeline.candidates import held, with_outlets
from alliance_nlp.pipeline.draft_stories import draft_story, second_stories
from alliance_nlp.pipeline.redrafting import Redrafted, demands_of, redraft_issue
from alliance_nlp.pipeline.styling import in_house_style
from alliance_nlp.rank import CHOICE_POOL, Choice, RunnerUp, choose
from alliance_nlp.review import latest, order, standing_topics
from alliance_nlp.store import (
    Connection,
    Database,
    read_articles,
    read_candidates,
    read_decisions,
    read_issues,
    read_mentions,
    read_stories,
    read_topics,
    save_issue,
)
from alliance_nlp.tag import KnowledgeBase, load_knowledge_base
from alliance_nlp.vectors import event_vectors
from alliance_nlp.workspace import Workspace


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A drafted issue, the articles it cites and the files it was written to.

    ``runners_up`` are the stories that come next, with their headlines; ``redrafted`` is what
    became of each item if a drafter was asked.
    """

    issue: Issue
    articles: Mapping[str, Article]
    files: tuple[Path, ...]
    runners_up: tuple[tuple[str, RunnerUp], ...] = ()
    redrafted: tuple[Redrafted, ...] = ()


def draft(
    workspace: Workspace,
    database: Database,
    settings: Settings,
    *,
    on: date,
    volume: int | None = None,
    number: int | None = None,
    drafter: Endpoint | None = None,
    editor: str = "",
) -> Draft:
    """Draft the next issue from the newest ranking; accepted stories first, rejected ones never.

    Raises
    ------
    DigestError
        If nothing was ranked.
    """
    wanted = settings.digest
    with database.read() as tx:
        volume, number = _next_number(tx, wanted, volume=volume, number=number)
        picked, choice = _pick(tx, wanted.items)
        runners_up = _titled(tx, choice.runners_up)
        seconds = second_stories(tx, picked, choice.runners_up)
        stories = read_stories(tx, [*(one.story_id for one in picked), *seconds.values()])
        ids = [i for story in stories.values() for i in story.article_ids]
        articles = with_outlets(read_articles(tx, ids), settings.read_sources())
        mentions = read_mentions(tx, ids)
    issue = draft_issue(
        _draft_stories(
            [stories[candidate.story_id] for candidate in picked],
            {first: stories[second] for first, second in seconds.items()},
            kb=load_knowledge_base(workspace.knowledge_base),
            articles=articles,
            mentions=mentions,
        ),
        volume=volume,
        number=number,
        title=wanted.title,
        published_on=on,
        since_on=on - timedelta(days=wanted.window_days - 1),
        footer=wanted.footer,
    )
    issue, told = redraft_issue(issue, articles, endpoint=drafter, demands=demands_of(wanted.style))
    issue = in_house_style(issue, wanted.style)
    with database.write() as tx:
        save_issue(tx, issue, state="draft", editor=editor, why="drawn up from the newest ranking")
    files = write_issue(workspace, issue, articles)
    return Draft(issue=issue, articles=articles, files=files, runners_up=runners_up, redrafted=told)


def _draft_stories(
    stories: Sequence[Story],
    seconds: Mapping[str, Story],
    *,
    kb: KnowledgeBase,
    articles: Mapping[str, Article],
    mentions: Mapping[str, tuple[Mention, ...]],
) -> list[DraftStory]:
    """Return the stories to draft, each with the second one that is told beside it."""
    beside = {
        first: draft_story(second, articles, mentions, kb=kb) for first, second in seconds.items()
    }
    return [
        draft_story(story, articles, mentions, kb=kb, also=beside.get(story.id))
        for story in stories
    ]


def _next_number(
    tx: Connection, settings: DigestSettings, *, volume: int | None, number: int | None
) -> tuple[int, int]:
    issues = read_issues(tx)
    if volume is not None and number is not None:
        return volume, number
    drafts = [issue for issue, state in issues if state == "draft"]
    if drafts:
        return drafts[-1].volume, drafts[-1].number  # the draft in hand is drawn up anew
    if issues:
        last = issues[-1][0]
        return volume or last.volume, number or last.number + 1
    return volume or settings.volume, number or settings.number


def _pick(tx: Connection, n: int) -> tuple[Sequence[Candidate], Choice]:
    """Return what the draft holds, accepted stories first, and the choice that filled it up."""
    candidates = read_candidates(tx)
    if not candidates:
        raise DigestError(
            "there is nothing to draft from: no candidate was ranked; run: alliance-nlp nightly"
        )
    told = read_decisions(tx, [candidate.story_id for candidate in candidates])
    decisions, retopiced = latest(told), standing_topics(told)
    open_to_choose = order(candidates, decisions)
    if not open_to_choose:
        raise DigestError("every candidate was rejected; accept some with: alliance-nlp decide")
    stories = read_stories(tx, [candidate.story_id for candidate in open_to_choose])
    leading = read_topics(tx, [story.representative_id for story in stories.values()])
    topics = {
        story.id: _first(retopiced.get(story.id, held(leading[story.representative_id])))
        for story in stories.values()
    }
    accepted = [
        candidate
        for candidate in open_to_choose
        if (decision := decisions.get(candidate.story_id)) and decision.verdict == "accept"
    ][:n]
    rest = [candidate for candidate in open_to_choose if candidate not in accepted]
    compared = [stories[c.story_id] for c in (*accepted, *rest[:CHOICE_POOL])]
    choice = choose(
        rest,
        topics,
        n=n - len(accepted),
        taken=accepted,
        likeness=_likeness(tx, compared),
    )
    return (*accepted, *choice.chosen), choice


def _likeness(tx: Connection, stories: Sequence[Story]) -> list[list[float]]:
    """Return how alike the stories' representatives are, cosines in rows and columns."""
    if not stories:
        return []
    articles = read_articles(tx, [story.representative_id for story in stories])
    leading = [articles[story.representative_id] for story in stories]
    X = event_vectors([input_text(article.title, article.text) for article in leading])
    likeness: list[list[float]] = (X @ X.T).toarray().round(9).tolist()
    return likeness


def _titled(tx: Connection, runners_up: Sequence[RunnerUp]) -> tuple[tuple[str, RunnerUp], ...]:
    stories = read_stories(tx, [one.candidate.story_id for one in runners_up])
    articles = read_articles(tx, [story.representative_id for story in stories.values()])
    return tuple(
        (articles[stories[one.candidate.story_id].representative_id].title, one)
        for one in runners_up
    )


def _first(topics: Sequence[TopicLabel]) -> TopicLabel | None:
    return topics[0] if topics else None


def write_issue(
    workspace: Workspace, issue: Issue, articles: Mapping[str, Article]
) -> tuple[Path, ...]:
    """Write an issue as Markdown and HTML; return the files.

    Raises
    ------
    DigestError
        If the folder cannot be written.
    """
    written = []
    for suffix, text in (
        (".md", render_markdown(issue, articles)),
        (".html", render_html(issue, articles)),
    ):
        path = workspace.issues / f"{issue.id}{suffix}"
        draft_path = path.with_name(f".{path.name}")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            draft_path.write_text(text, encoding="utf-8")
            draft_path.replace(path)
        except OSError as error:
            raise DigestError(f"cannot write {path}: {error.strerror or error}") from error
        written.append(path)
    return tuple(written)
