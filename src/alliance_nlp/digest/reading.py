"""What a story's articles offer a bullet: their sentences as they could be told."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from alliance_nlp.core.types import Article, Mention
from alliance_nlp.digest.choosing import Option
from alliance_nlp.digest.compressing import compressed
from alliance_nlp.digest.cutting import is_quoted
from alliance_nlp.digest.dating import dated
from alliance_nlp.digest.japanese_dating import dated_japanese
from alliance_nlp.digest.naming import Cast
from alliance_nlp.digest.sentences import sentence_spans
from alliance_nlp.digest.standing import (
    after_dateline,
    follows_another,
    looks_back,
    stands_alone,
    stands_alone_in_japanese,
    without_joining,
)

_READ_SENTENCES = 16  # a story's news stands near its top

_HE_STARTS = re.compile(r"^(?:He|She)(?=\s+[a-z])")
_HE_ENDS = re.compile(
    r"(?<=,)(?P<space>\s+)(?:he|she)(?=\s+(?:said|says|added|noted|told|warned)\b)"
)
_WE_END = re.compile(r",\s+(?:we|I)\s+(?:said|says|added|noted|told)\b[^,]{0,40}\.$")


def options_of(
    articles: Sequence[Article], mentions: Mapping[str, Sequence[Mention]], cast: Cast
) -> list[Option]:
    """Return every sentence that could be told, compressed and dated, in order.

    Where a story has English sentences, the Japanese ones are left out: nothing translates.
    """
    outlets = [article.outlet for article in articles if article.outlet]
    options: list[Option] = []
    for place, article in enumerate(articles):
        options += _of_article(
            article, mentions.get(article.id, ()), cast, place=place, outlets=outlets
        )
    english = [option for option in options if option.article.language != "ja"]
    return english or options


def _of_article(
    article: Article,
    mentions: Sequence[Mention],
    cast: Cast,
    *,
    place: int,
    outlets: Sequence[str],
) -> Iterator[Option]:
    starts = {mention.start for mention in mentions}
    last = ""
    for position, (start, end) in enumerate(sentence_spans(article.text)[:_READ_SENTENCES]):
        if start == 0 or article.text[start - 1] == "\n":
            start = after_dateline(article.text, start, end)
        surface = article.text[start:end]
        if article.language == "ja":
            text = _japanese(article, start, end)
        else:
            text = _english(surface, article, cast, last=last, outlets=outlets)
        if text is not None:
            yield Option(
                article=article,
                start=start,
                end=end,
                text=text,
                place=place,
                position=position,
                n_mentions=sum(start <= offset < end for offset in starts),
                follows=article.language != "ja" and follows_another(text),
                looks_back=article.language != "ja" and looks_back(text),
            )
        last = surface


def _japanese(article: Article, start: int, end: int) -> str | None:
    surface = " ".join(article.text[start:end].split())
    on = article.published.on if article.published else None
    text = dated_japanese(without_joining(surface), on, before=article.text[:start])
    return text if text and stands_alone_in_japanese(text) else None


def _english(
    surface: str, article: Article, cast: Cast, *, last: str, outlets: Sequence[str]
) -> str | None:
    """Return an English sentence as it could be told, ``None`` when it cannot."""
    on = article.published.on if article.published else None
    text = _with_names(" ".join(surface.split()), cast, last)
    if text is None:
        return None
    told = dated(compressed(text, outlets=outlets), on)
    return told if told and stands_alone(told) else None


def _with_names(text: str, cast: Cast, last: str) -> str | None:
    """Put the name for "He" and for "he said", where the sentence before tells who that is.

    ``None`` where a speaker stays unknown.
    """
    starts, ends = _HE_STARTS.search(text), _HE_ENDS.search(text)
    if ends and is_quoted(text, *ends.span()):
        ends = None
    if _WE_END.search(text) and not is_quoted(text, len(text) - 1, len(text)):
        return None
    if not starts and not ends:
        return text
    who = cast.only_one_in(last)
    within = cast.only_one_in(text)
    if ends:
        # "Sato will resign, he said" names him itself.
        if within is None and cast.any_in(text):
            return None
        speaker = within or who
        if speaker is None:
            return None
        if within is None:
            text = _HE_ENDS.sub(rf"\g<space>{speaker.short}", text, count=1)
    if starts:
        if who is None or cast.any_in(text[:60]):
            return None
        text = _HE_STARTS.sub(who.short, text, count=1)
    return text
