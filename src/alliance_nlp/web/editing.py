"""What the issue's editor shows of a text: its words, flags, breaches of style, and sources.

The pipeline brings scikit-learn along, so this module is loaded with the first issue opened.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

from alliance_nlp.config import StyleSettings
from alliance_nlp.core.types import (
    Article,
    Issue,
    IssueItem,
    IssueVersion,
    Override,
    Sentence,
    SentenceSource,
    Source,
)
from alliance_nlp.digest import (
    Finding,
    StyleRule,
    check_style,
    fix,
    fix_all,
    house_rules,
    sentence_spans,
    word_count,
)
from alliance_nlp.digest.style_types import Kind
from alliance_nlp.pipeline.issue_checking import Flagged, check_issue
from alliance_nlp.store import Connection, read_articles, read_stories
from alliance_nlp.tag import KnowledgeBase
from alliance_nlp.web.views import outlet_of, web_link

MOST_SENTENCES = 400  # of an article, to pick from


@dataclass(frozen=True, slots=True, kw_only=True)
class Breach:
    """A breach of the house style; ``fixed`` is the whole text mended, ``None`` without a fix."""

    rule: str
    found: str
    suggestion: str | None
    reason: str
    fixed: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Checked:
    """A headline or a sentence, looked at.

    Attributes
    ----------
    segments
        The text in pieces, each with the kind of its flag, or ``""``.
    flags
        (kind, text) of what no source carries.
    passed
        Who let it go out all the same, and why; ``""`` where nobody did.
    fixed
        The text with every fix of style made, ``None`` where there is none to make.
    """

    text: str
    n_words: int
    segments: tuple[tuple[str, str], ...]
    flags: tuple[tuple[str, str], ...]
    passed: str
    breaches: tuple[Breach, ...]
    fixed: str | None

    @property
    def stands(self) -> bool:
        """Whether a flag stands in the way of publishing."""
        return bool(self.flags) and not self.passed


@dataclass(frozen=True, slots=True, kw_only=True)
class Cited:
    """A place that a sentence comes from; ``text`` is ``""`` where its article is gone."""

    value: str
    outlet: str
    title: str
    on: str
    link: str
    language: str
    text: str
    where: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedSentence:
    """A sentence and its sources."""

    checked: Checked
    sources: tuple[Cited, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedItem:
    """An item in the editor; ``articles`` are those that its sentences cite."""

    story_id: str
    headline_article_id: str
    headline: Checked
    sentences: tuple[EditedSentence, ...]
    n_words: int
    breaches: tuple[Breach, ...]
    articles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class EditedIssue:
    """An issue in the editor, with all that its sources do not support."""

    items: tuple[EditedItem, ...]
    flagged: tuple[Flagged, ...]

    @property
    def n_flags(self) -> int:
        """How many headlines and sentences stand in the way of publishing."""
        return sum(one.stands for one in self._texts())

    @property
    def n_breaches(self) -> int:
        """How many breaches of style there are."""
        own = sum(len(one.breaches) for one in self._texts())
        return own + sum(len(item.breaches) for item in self.items)

    def _texts(self) -> list[Checked]:
        return [
            one
            for item in self.items
            for one in (item.headline, *(sentence.checked for sentence in item.sentences))
        ]


def rules_for(style: StyleSettings, issue: Issue) -> tuple[StyleRule, ...]:
    """Return the house rules of a workspace for an issue, whose own year is left out.

    Raises
    ------
    ConfigError
        If ``[digest.style]`` is wrong.
    """
    day = issue.published_on or issue.until_on
    return house_rules(
        bullet_words=style.bullet_words,
        headline_words=style.headline_words,
        off=style.off,
        banned=style.banned,
        rules=style.rules,
        year=day.year if day else None,
    )


def edited(
    tx: Connection,
    issue: Issue,
    *,
    rules: Sequence[StyleRule],
    overrides: Sequence[Override],
    sources: Mapping[str, Source],
    kb: KnowledgeBase,
) -> EditedIssue:
    """Look at every text of an issue and its sources."""
    found = check_issue(tx, issue, overrides=overrides, kb=kb)
    flagged = {(one.number, one.sentence): one for one in found}
    cited = _cited(tx, issue, sources)
    return EditedIssue(
        items=tuple(
            _item(number, item, flagged=flagged, cited=cited, rules=rules)
            for number, item in enumerate(issue.items, start=1)
        ),
        flagged=found,
    )


def _item(
    number: int,
    item: IssueItem,
    *,
    flagged: Mapping[tuple[int, int], Flagged],
    cited: Mapping[SentenceSource, Cited],
    rules: Sequence[StyleRule],
) -> EditedItem:
    # What holds for sentences was found in them already.
    of_bullets = [r for r in rules if "bullet" in r.kinds and "sentence" not in r.kinds]
    return EditedItem(
        story_id=item.story_id,
        headline_article_id=item.headline_article_id,
        headline=_checked(item.headline, "headline", flagged.get((number, 0)), rules=rules),
        sentences=tuple(
            EditedSentence(
                checked=_checked(
                    sentence.text, "sentence", flagged.get((number, place)), rules=rules
                ),
                sources=tuple(cited[source] for source in sentence.sources),
            )
            for place, sentence in enumerate(item.sentences, start=1)
        ),
        n_words=word_count(item.bullet),
        breaches=_breaches(item.bullet, "bullet", rules=of_bullets),
        articles=tuple(dict.fromkeys(s.article_id for one in item.sentences for s in one.sources)),
    )


def _checked(
    text: str, kind: Kind, flagged: Flagged | None, *, rules: Sequence[StyleRule]
) -> Checked:
    flags = flagged.flags if flagged else ()
    override = flagged.override if flagged else None
    fixed = fix_all(text, rules, kind=kind)
    return Checked(
        text=text,
        n_words=word_count(text),
        segments=_segments(text, [(flag.start, flag.end, flag.claim.value) for flag in flags]),
        flags=tuple((flag.claim.value, flag.text) for flag in flags),
        passed=f"{override.editor}: {override.reason}" if override else "",
        breaches=_breaches(text, kind, rules=rules),
        fixed=fixed if fixed != text else None,
    )


def _segments(text: str, marks: Sequence[tuple[int, int, str]]) -> tuple[tuple[str, str], ...]:
    """Return the text in pieces; of marks that overlap the first one counts."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for start, end, kind in sorted(marks):
        if start < at:
            continue
        pieces += [(text[at:start], ""), (text[start:end], kind)]
        at = end
    pieces.append((text[at:], ""))
    return tuple((piece, kind) for piece, kind in pieces if piece)


def _breaches(text: str, kind: Kind, *, rules: Sequence[StyleRule]) -> tuple[Breach, ...]:
    return tuple(_breach(text, one) for one in check_style(text, kind=kind, rules=rules))


def _breach(text: str, finding: Finding) -> Breach:
    is_whole = (finding.start, finding.end) == (0, len(text))
    return Breach(
        rule=finding.rule_id,
        found="" if is_whole else finding.found,
        suggestion=finding.suggestion,
        reason=finding.reason,
        fixed=None if finding.suggestion is None else fix(text, finding),
    )


def _cited(
    tx: Connection, issue: Issue, sources: Mapping[str, Source]
) -> dict[SentenceSource, Cited]:
    places = {s for item in issue.items for one in item.sentences for s in one.sources}
    articles = read_articles(tx, sorted({place.article_id for place in places}))
    return {place: _place(place, articles.get(place.article_id), sources) for place in places}


def _place(place: SentenceSource, article: Article | None, sources: Mapping[str, Source]) -> Cited:
    return Cited(
        value=f"{place.article_id}:{place.start}:{place.end}",
        outlet=outlet_of(article, sources) if article else "not in the store",
        title=article.title if article else place.article_id,
        on=_day_of(article),
        link=web_link(article) if article else "",
        language=article.language if article else "",
        text=article.text[place.start : place.end] if article else "",
        where=f"characters {place.start} to {place.end} of article {place.article_id}",
    )


def _day_of(article: Article | None) -> str:
    day = article.published.on if article and article.published else None
    return f"{day:%B} {day.day}, {day.year}" if day else "no date"


def known_sources(tx: Connection, issue: Issue, last: IssueVersion | None) -> Issue:
    """Return an issue without sources that nobody could have picked.

    Kept are those that the version before names, and places within an article of the store.
    """
    before = last.issue.items if last else ()
    named = {s for item in before for one in item.sentences for s in one.sources}
    places = {s for item in issue.items for one in item.sentences for s in one.sources}
    articles = read_articles(tx, sorted({place.article_id for place in places - named}))

    def is_known(place: SentenceSource) -> bool:
        article = articles.get(place.article_id)
        return place in named or (article is not None and place.end <= len(article.text))

    def mended(sentence: Sentence) -> Sentence:
        return replace(sentence, sources=tuple(s for s in sentence.sources if is_known(s)))

    items = tuple(
        replace(item, sentences=tuple(mended(sentence) for sentence in item.sentences))
        for item in issue.items
    )
    return replace(issue, items=items)


def to_pick_from(
    tx: Connection, *, story_id: str, article_ids: Sequence[str], sources: Mapping[str, Source]
) -> list[dict[str, Any]]:
    """Return the sentences of a story's articles and of others, for a passage to be picked."""
    story = read_stories(tx, [story_id]).get(story_id)
    ids = dict.fromkeys((*(story.article_ids if story else ()), *article_ids))
    articles = read_articles(tx, list(ids))
    return [
        {
            "outlet": outlet_of(article, sources),
            "title": article.title,
            "on": _day_of(article),
            "language": article.language,
            "link": web_link(article),
            "sentences": [
                {
                    "value": f"{article.id}:{start}:{end}",
                    "text": article.text[start:end],
                    "where": f"characters {start} to {end} of article {article.id}",
                }
                for start, end in sentence_spans(article.text)[:MOST_SENTENCES]
            ],
        }
        for article_id in ids
        if (article := articles.get(article_id)) is not None
    ]


def as_json(view: EditedIssue) -> dict[str, Any]:
    """Return what the editor's script shows anew after a check; sources it has itself."""
    return {
        "flags": view.n_flags,
        "breaches": view.n_breaches,
        "items": [
            {
                "n_words": item.n_words,
                "breaches": [asdict(breach) for breach in item.breaches],
                "lines": [
                    {**asdict(one), "stands": one.stands}
                    for one in (item.headline, *(s.checked for s in item.sentences))
                ],
            }
            for item in view.items
        ],
    }
