"""One document as the components read it: its words, and what they have found so far."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from alliance_nlp.core.types import Label
from alliance_nlp.tag.gazetteer import Entry, Gazetteer
from alliance_nlp.tag.spans import Candidate
from alliance_nlp.tag.words import Words

if TYPE_CHECKING:
    from spacy.tokens import Doc

READING, PUBLISHED_ON, LANGUAGE = (
    "alliance_reading",
    "alliance_published_on",
    "alliance_language",
)
_KANA = re.compile("[\u3040-\u30ff]")
Hit = tuple[int, int, list[Entry]]


@dataclass(slots=True)
class Reading:
    """The state that the components of one pipeline share on one document.

    Attributes
    ----------
    hits
        Phrases of the knowledge base as (first word, end word, entries).
    people
        Names that an earlier component of the pipeline called persons, first word to end word.
    found
        Candidates of all components run so far.
    """

    gazetteer: Gazetteer
    words: Words
    published_on: date | None = None
    japanese: bool = False
    source: str = ""
    hits: list[Hit] = field(default_factory=list)
    people: dict[int, int] = field(default_factory=dict)
    found: list[Candidate] = field(default_factory=list)

    def add(
        self,
        span: tuple[int, int],
        label: Label,
        how: str,
        *,
        ids: tuple[str, ...] = (),
        weight: int = 0,
    ) -> None:
        """Add a candidate by its words, first and one after the last."""
        first, last = span
        self.found.append(
            Candidate(
                start=self.words.starts[first],
                end=self.words.ends[last - 1],
                label=label,
                how=how,
                ids=ids,
                weight=weight,
            )
        )


def read(
    text: str, gazetteer: Gazetteer, *, published_on: date | None = None, language: str = ""
) -> Reading:
    """Return a text as the rules read it; its language is told by its script where not given."""
    japanese = language.startswith("ja") if language else is_japanese(text)
    # English rules have nothing to read in a Japanese text, nor its script in an English one.
    words = Words("" if japanese else text, gazetteer.marks)
    reading = Reading(gazetteer, words, published_on, japanese, text)
    reading.hits = list(gazetteer.names.find(words.norms, words.capitals))
    return reading


def reading_of(doc: Doc, gazetteer: Gazetteer) -> Reading:
    """Return the document's reading, made at the first call.

    ``doc.user_data`` may hold the day (``PUBLISHED_ON``) and the language (``LANGUAGE``), and
    ``doc.ents`` the persons that a general model found.
    """
    reading: Reading | None = doc.user_data.get(READING)
    if reading is None:
        day, language = doc.user_data.get(PUBLISHED_ON), doc.user_data.get(LANGUAGE, "")
        reading = read(doc.text, gazetteer, published_on=day, language=language)
        reading.people = _people_of(doc, reading.words)
        doc.user_data[READING] = reading
    return reading


def _people_of(doc: Doc, words: Words) -> dict[int, int]:
    """Return the persons that the document holds already, such as those of a general model."""
    spans = [(e.start_char, e.end_char) for e in doc.ents if e.label_ == "PERSON"]
    if not spans:
        return {}
    starts = {start: i for i, start in enumerate(words.starts)}
    ends = {end: i + 1 for i, end in enumerate(words.ends)}
    return {starts[a]: ends[b] for a, b in spans if a in starts and b in ends}


def is_japanese(text: str) -> bool:
    """Tell by its script whether a text is Japanese: kana, and not as a stray quotation."""
    if text.isascii():
        return False
    sample = text[:4000]
    return len(_KANA.findall(sample)) * 10 > len(sample)
