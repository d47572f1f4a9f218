"""Which of the drafter's sentences are taken, and what stands where one is not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol

from alliance_nlp.core.text import shorten
from alliance_nlp.core.types import Article, IssueItem, Sentence, SentenceSource
from alliance_nlp.digest import Flag, Passage
from alliance_nlp.drafter import (
    DraftedSentence,
    DraftReply,
    headline_problem,
    resting_on,
    sentence_problem,
    tells_the_same,
    wording_problem,
)

_SHOWN_CHARS = 80


class Check(Protocol):
    """The support check: what a text says that its passages do not."""

    def __call__(
        self, text: str, passages: Sequence[Passage], *, granted: Sequence[str] = ()
    ) -> Sequence[Flag]:
        """Return the flags in the order of the text; none if all is supported."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Demands:
    """What a redrafted item has to keep to.

    Attributes
    ----------
    bullet_words, headline_words
        Fewest and most words.
    style
        Rules in words for the drafter, one sentence each.
    granted
        Phrases that count as supported, such as roles from the knowledge base.
    """

    bullet_words: tuple[int, int] = (67, 142)
    headline_words: tuple[int, int] = (6, 12)
    style: tuple[str, ...] = ()
    granted: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Material:
    """An item, its passages by id, and the ids that each of its sentences was taken from."""

    item: IssueItem
    sources: Mapping[str, SentenceSource]
    passages: Mapping[str, Passage]
    outlets: Mapping[str, str]
    ids: tuple[tuple[str, ...], ...]

    def place(self, passage_ids: Sequence[str]) -> int:
        """Return the first sentence of the draft that rests on one of the passages."""
        return min(i for i, own in enumerate(self.ids) if set(own) & set(passage_ids))

    def extracted(self, text: str) -> Placed | None:
        """Return the draft's sentence of this very text, or ``None``."""
        for place, sentence in enumerate(self.item.sentences):
            if sentence.text == text:
                return Placed(
                    sentence=sentence, place=place, passage_ids=self.ids[place], is_drafted=False
                )
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class Placed:
    """A sentence, where it stands, the passages that it tells and whether it is the drafter's."""

    sentence: Sentence
    place: int
    passage_ids: tuple[str, ...]
    is_drafted: bool


def material_of(item: IssueItem, articles: Mapping[str, Article]) -> Material:
    """Return an item's passages, ``p1`` and on in the order of its sentences.

    A source whose article is not at hand, or that lies outside its text, is no passage.
    """
    by_source: dict[SentenceSource, str] = {}
    for sentence in item.sentences:
        for source in sentence.sources:
            article = articles.get(source.article_id)
            if article is not None and article.text[source.start : source.end].strip():
                by_source.setdefault(source, f"p{len(by_source) + 1}")
    return Material(
        item=item,
        sources={passage_id: source for source, passage_id in by_source.items()},
        passages={
            passage_id: _passage(source, articles[source.article_id], item)
            for source, passage_id in by_source.items()
        },
        outlets={
            passage_id: articles[source.article_id].outlet or articles[source.article_id].source_id
            for source, passage_id in by_source.items()
        },
        ids=tuple(
            tuple(by_source[source] for source in sentence.sources if source in by_source)
            for sentence in item.sentences
        ),
    )


def _passage(source: SentenceSource, article: Article, item: IssueItem) -> Passage:
    """Return a source for the check, whose context is no more than what the draft says of it.

    In the whole article stand other names, and what hostile hands put there. A drafter that is led
    by them would find them supported.
    """
    told = [sentence.text for sentence in item.sentences if source in sentence.sources]
    return Passage(
        text=article.text[source.start : source.end],
        published_on=article.published.on if article.published else None,
        language=article.language or "en",
        context="\n".join(told),
    )


def chosen(
    reply: DraftReply, material: Material, *, check: Check, demands: Demands
) -> tuple[tuple[Placed, ...], tuple[str, ...]]:
    """Return the bullet's sentences in order, and why others of the drafter's are not in it."""
    found = judged(reply, material, check=check, demands=demands)
    placed = filled(found, material, demands=demands)
    if problem := length_refusal(placed, material, demands=demands):
        return extracted(material), (*found.why, problem)
    return placed, found.why


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What was made of a reply's sentences.

    Attributes
    ----------
    accepted
        Those that pass, in the order of the reply.
    failed
        The passages of those that do not; one that repeats another stood for nothing.
    is_any_lost
        Whether one of those rests on no passage that was sent, so that nothing tells what it stood
        for.
    why
        One line for each that does not pass.
    """

    accepted: tuple[Placed, ...]
    failed: frozenset[str]
    is_any_lost: bool
    why: tuple[str, ...]


def judged(reply: DraftReply, material: Material, *, check: Check, demands: Demands) -> Judged:
    """Return which of the drafter's sentences pass, and why the others do not."""
    accepted: list[Placed] = []
    failed: list[DraftedSentence] = []
    why = []
    for drafted in reply.sentences:
        placed = material.extracted(drafted.text)
        problem = "" if placed else _problem(drafted, material, check=check, demands=demands)
        if problem:
            failed.append(drafted)
        elif any(tells_the_same(drafted.text, other.sentence.text) for other in accepted):
            problem = "told before"
        if problem:
            why.append(f"{problem}: {shorten(drafted.text, _SHOWN_CHARS)}")
        else:
            placed = placed or _placed(drafted, material, check=check, demands=demands)
            accepted.append(placed)
    return Judged(
        accepted=tuple(accepted),
        failed=frozenset(i for drafted in failed for i in drafted.passage_ids),
        is_any_lost=any(not drafted.passage_ids for drafted in failed),
        why=tuple(why),
    )


def _placed(
    drafted: DraftedSentence, material: Material, *, check: Check, demands: Demands
) -> Placed:
    """Return a sentence with the sources that it needs of those that it names.

    One that names them all would else stand for all that they tell.
    """
    named = drafted.passage_ids
    texts = [material.passages[i].text for i in named]
    needed = tuple(named[i] for i in resting_on(drafted.text, texts))
    passages = [material.passages[i] for i in needed]
    ids = named if _unsupported(drafted.text, passages, check=check, demands=demands) else needed
    return Placed(
        sentence=Sentence(text=drafted.text, sources=tuple(material.sources[i] for i in ids)),
        place=material.place(ids),
        passage_ids=ids,
        is_drafted=True,
    )


def _problem(
    drafted: DraftedSentence, material: Material, *, check: Check, demands: Demands
) -> str:
    if problem := drafted.problem or sentence_problem(drafted.text):
        return problem
    passages = [material.passages[i] for i in drafted.passage_ids]
    return _unsupported(drafted.text, passages, check=check, demands=demands)


def _unsupported(text: str, passages: Sequence[Passage], *, check: Check, demands: Demands) -> str:
    flags = check(text, passages, granted=demands.granted)
    if flags:
        found = ", ".join(f"{flag.claim.value} {flag.text!r}" for flag in flags)
        return f"not in its sources: {found}"
    return wording_problem(text, [passage.text for passage in passages])


def filled(found: Judged, material: Material, *, demands: Demands) -> tuple[Placed, ...]:
    """Return the accepted sentences and those of the draft that are needed beside them, in order.

    Needed are those for which a sentence failed, and where the rest would be too short those that
    the drafter left out. One whose passage an accepted sentence tells already is not.
    """
    told = {i for placed in found.accepted for i in placed.passage_ids}
    told_places = {placed.place for placed in found.accepted if not placed.passage_ids}
    left = [
        placed
        for placed in extracted(material)
        if not told & set(placed.passage_ids) and placed.place not in told_places
    ]
    needed = [
        placed
        for placed in left
        if found.is_any_lost or not placed.passage_ids or found.failed & set(placed.passage_ids)
    ]
    spare = [placed for placed in left if placed not in needed]
    chosen = [*found.accepted, *needed]
    while spare and _n_words(chosen) < _least_words(material, demands):
        chosen.append(spare.pop(0))
    return tuple(sorted(chosen, key=lambda placed: placed.place))


def extracted(material: Material) -> tuple[Placed, ...]:
    """Return the sentences of the extractive draft."""
    return tuple(
        Placed(sentence=sentence, place=place, passage_ids=ids, is_drafted=False)
        for place, (sentence, ids) in enumerate(
            zip(material.item.sentences, material.ids, strict=True)
        )
    )


def length_refusal(placed: Sequence[Placed], material: Material, *, demands: Demands) -> str:
    """Return why a bullet will not do as a whole, or ``""``.

    One that is no further outside the limits than the extractive draft will do.
    """
    n_words, before = _n_words(placed), _n_words(extracted(material))
    if n_words > max(demands.bullet_words[1], before):
        return f"the bullet would have {n_words} words; the extractive one stays"
    if n_words < _least_words(material, demands):
        return f"the bullet would have only {n_words} words; the extractive one stays"
    return ""


def _least_words(material: Material, demands: Demands) -> int:
    return min(max(1, demands.bullet_words[0]), _n_words(extracted(material)))


def _n_words(placed: Sequence[Placed]) -> int:
    return sum(len(one.sentence.text.split()) for one in placed)


def headline_refusal(
    reply: DraftReply, material: Material, *, check: Check, demands: Demands
) -> str:
    """Return why the drafter's headline is not taken, or ``""``."""
    text = reply.headline
    if text in ("", material.item.headline):
        return ""
    passages = list(material.passages.values())
    problem = headline_problem(text, limits=demands.headline_words) or _unsupported(
        text, passages, check=check, demands=demands
    )
    return f"headline, {problem}: {shorten(text, _SHOWN_CHARS)}" if problem else ""
