"""Does a sentence of the digest say only what its sources say? What they do not carry is flagged.

Flagged is a surface: the number, date, name, place, quotation or negation that no source has, in
any of its usual writings. Numbers, dates, quotations and negations must stand in the source
sentences themselves; names and places may be introduced earlier in the article (the context).
A sentence or headline of an item that is still in Japanese is flagged as a whole: nothing here
translates, and a draft says so rather than pass it on.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum

from alliance_nlp.core.issue_types import IssueItem, SentenceSource
from alliance_nlp.digest.support_bounds import moved_counts, turned_bounds
from alliance_nlp.digest.support_certainty import surer_verbs
from alliance_nlp.digest.support_figures import lacking_dates, lacking_numbers
from alliance_nlp.digest.support_japanese_names import lacking_japanese
from alliance_nlp.digest.support_known import is_japanese
from alliance_nlp.digest.support_names import carried_names, find_codes, unsupported_names
from alliance_nlp.digest.support_opposites import turned_words
from alliance_nlp.digest.support_quotes import changed_negations, lacking_quotes
from alliance_nlp.digest.support_roles import changed_speakers, swapped_names
from alliance_nlp.digest.support_titles import unlimited_offices

# Beyond, a page is hostile or torn; what is not read counts as not carried.
_LONGEST_TEXT = 20_000
_LONGEST_CONTEXT = 200_000
# Nobody tells a sentence longer than this.
_LONGEST_SENTENCE = 1_500
_LONGEST_READ = 6_000  # of a source, for what is read word by word


class Claim(StrEnum):
    """What kind of thing a flagged surface is."""

    NUMBER = "number"
    DATE = "date"
    NAME = "name"
    PLACE = "place"
    QUOTE = "quote"
    NEGATION = "negation"
    OPPOSITE = "opposite"
    CERTAINTY = "certainty"
    ROLE = "role"
    SOURCE = "source"  # the whole sentence: it rests on none
    LANGUAGE = "language"  # the whole sentence: it is still in Japanese and waits for a translator


@dataclass(frozen=True, slots=True, kw_only=True)
class Flag:
    """A claim that no source carries; ``text`` is ``sentence[start:end]``."""

    claim: Claim
    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Passage:
    """A source sentence and what is known about it.

    Attributes
    ----------
    published_on
        The article's date, from which "Tuesday" and "last month" are told; ``None`` when unknown.
    context
        The article around the sentence (with its title), where names and roles are introduced.
    """

    text: str
    published_on: date | None = None
    language: str = "en"
    context: str = ""


def check_sentence(
    text: str, passages: Sequence[Passage], *, granted: Sequence[str] = ()
) -> tuple[Flag, ...]:
    """Return what a sentence says that its passages do not, in the order of the text.

    Parameters
    ----------
    passages
        The sentence's sources; with none, every claim is flagged.
    granted
        Phrases that count as supported, such as roles from the knowledge base: "US Trade
        Representative Katherine Tai", or the English names of those a Japanese source names.
    """
    passages = [
        replace(
            passage,
            text=passage.text[:_LONGEST_TEXT],
            context=passage.context[:_LONGEST_CONTEXT],
        )
        for passage in passages
    ]
    figures = [(passage.text, passage.context, passage.published_on) for passage in passages]
    dates, dated = lacking_dates(text, figures)
    codes = find_codes(text)
    granted_text = "\n".join(granted)
    numbers, counted = lacking_numbers(
        text, figures, blank=_mask(text, dated + codes), granted=granted_text
    )
    around = [*(passage.context for passage in passages), granted_text]
    sources = [
        carried_names(each) for each in (*(passage.text for passage in passages), *around) if each
    ]
    names = unsupported_names(text, sources, blank=_mask(text, dated + counted + codes))
    texts = [passage.text for passage in passages]
    japanese = lacking_japanese(text, [*texts, *around]) if is_japanese(text) else []
    quotes = lacking_quotes(text, texts=texts, contexts=around)
    found = [
        *((Claim.QUOTE, *span) for span in quotes),
        *((Claim.DATE, *span) for span in dates),
        *((Claim.NUMBER, *span) for span in numbers),
        *((Claim.PLACE if each.is_place else Claim.NAME, each.start, each.end) for each in names),
        *((Claim.PLACE if is_place else Claim.NAME, a, b) for a, b, is_place in japanese),
        *((Claim.NEGATION, *span) for span in changed_negations(text, texts)),
        *_turned(text, texts, granted=granted_text),
    ]
    return _flags(text, found)


def _turned(text: str, texts: Sequence[str], *, granted: str) -> Iterator[tuple[Claim, int, int]]:
    """Yield what is said of the right names and figures, but the wrong way round."""
    if len(text) > _LONGEST_SENTENCE:
        return
    texts = [each[:_LONGEST_READ] for each in texts]
    for claim, spans in (
        (Claim.OPPOSITE, turned_words(text, texts)),
        (Claim.ROLE, swapped_names(text, texts)),
        (Claim.ROLE, changed_speakers(text, texts)),
        (Claim.ROLE, unlimited_offices(text, texts, granted=granted)),
        (Claim.NUMBER, turned_bounds(text, texts)),
        (Claim.NUMBER, moved_counts(text, texts)),
        (Claim.CERTAINTY, surer_verbs(text, texts)),
    ):
        yield from ((claim, *span) for span in spans)


def check_item(
    item: IssueItem, passages: Mapping[SentenceSource, Passage], *, granted: Sequence[str] = ()
) -> tuple[tuple[Flag, ...], ...]:
    """Return the flags of each sentence of an item's bullet, one tuple a sentence, in order.

    What is still in Japanese is flagged as a whole, before anything else in it. A source without a
    passage (its article is gone) counts as no source.
    """
    return tuple(
        _in_english(
            sentence.text,
            check_sentence(
                sentence.text,
                [passages[source] for source in sentence.sources if source in passages],
                granted=granted,
            ),
        )
        for sentence in item.sentences
    )


def check_headline(
    item: IssueItem, passages: Mapping[SentenceSource, Passage], *, granted: Sequence[str] = ()
) -> tuple[Flag, ...]:
    """Return what an item's headline says that neither its passages nor their articles do.

    A passage of the article that the headline was taken from counts too.
    """
    used = {source for sentence in item.sentences for source in sentence.sources}
    used |= {source for source in passages if source.article_id == item.headline_article_id}
    whole = [
        replace(passages[source], text=f"{passages[source].text}\n{passages[source].context}")
        for source in sorted(used, key=lambda each: (each.article_id, each.start, each.end))
        if source in passages
    ]
    return _in_english(item.headline, check_sentence(item.headline, whole, granted=granted))


def _in_english(text: str, flags: tuple[Flag, ...]) -> tuple[Flag, ...]:
    """Put before the flags that a text is in Japanese: the digest is read in English."""
    if not is_japanese(text):
        return flags
    return (Flag(claim=Claim.LANGUAGE, text=text, start=0, end=len(text)), *flags)


def _mask(text: str, spans: Sequence[tuple[int, int]]) -> list[bool]:
    mask = [False] * len(text)
    for start, end in spans:
        mask[start:end] = [True] * (end - start)
    return mask


def _flags(text: str, found: Sequence[tuple[Claim, int, int]]) -> tuple[Flag, ...]:
    # What a flagged quotation holds is flagged with it.
    quotes = [(start, end) for claim, start, end in found if claim is Claim.QUOTE]
    flags = {
        Flag(claim=claim, text=text[start:end], start=start, end=end)
        for claim, start, end in found
        if claim is Claim.QUOTE or not any(a <= start and end <= b for a, b in quotes)
    }
    return tuple(sorted(flags, key=lambda flag: (flag.start, flag.end, flag.claim)))
