"""The spaCy components, each usable alone in any pipeline by its registered name.

``alliance_officials``, ``alliance_ships``, ``alliance_exercises``, ``alliance_bases`` and
``alliance_minerals`` read English, ``alliance_japanese`` Japanese. They add to ``doc.ents``; exact
code-point spans, which need not end at spaCy's tokens, come from :func:`mentions_of`.
"""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc, Span
from spacy.util import filter_spans

from alliance_nlp.tag.finders import FINDERS, Finder
from alliance_nlp.tag.gazetteer import Gazetteer, load_gazetteer
from alliance_nlp.tag.reading import READING, Reading, reading_of
from alliance_nlp.tag.spans import Candidate, settle


class Component:
    """A finder as a pipeline component: it adds entities to the document."""

    def __init__(self, finder: Finder, gazetteer: Gazetteer, *, show: bool) -> None:
        self._finder = finder
        self._gazetteer = gazetteer
        self._show = show

    def __call__(self, doc: Doc) -> Doc:
        """Find, and show the result in ``doc.ents``."""
        self._finder(reading_of(doc, self._gazetteer))
        if self._show:
            _show(doc)
        return doc


def _show(doc: Doc) -> None:
    """Set ``doc.ents``: our spans, widened to tokens, before others' that they overlap."""
    if doc.user_data[READING].japanese:
        _cut(doc)
    ours = [span for candidate in mentions_of(doc) if (span := _span(doc, candidate)) is not None]
    known = {(span.start, span.end) for span in ours}
    others = [span for span in doc.ents if (span.start, span.end) not in known]
    taken = {i for span in ours for i in range(span.start, span.end)}
    others = [span for span in others if taken.isdisjoint(range(span.start, span.end))]
    doc.ents = filter_spans([*ours, *others])


def _cut(doc: Doc) -> None:
    """Split tokens at the edges of mentions: a pipeline for Japanese may have whole sentences."""
    edges = {edge for found in mentions_of(doc) for edge in (found.start, found.end)}
    with doc.retokenize() as retokenizer:
        for token in doc:
            last = token.idx + len(token)
            cuts = sorted(edge for edge in edges if token.idx < edge < last)
            if cuts:
                pairs = pairwise([token.idx, *cuts, last])
                parts = [doc.text[start:end] for start, end in pairs]
                retokenizer.split(token, parts, heads=[(token, i) for i in range(len(parts))])


def _span(doc: Doc, candidate: Candidate) -> Span | None:
    entity_id = candidate.ids[0] if candidate.ids else ""
    return doc.char_span(
        candidate.start,
        candidate.end,
        label=candidate.label.value,
        kb_id=entity_id,
        alignment_mode="expand",
    )


def mentions_of(doc: Doc) -> list[Candidate]:
    """Return what the components found in a document, settled, with exact offsets."""
    reading: Reading | None = doc.user_data.get(READING)
    return settle(reading.found) if reading else []


# spaCy calls a factory with the pipeline and the name of the component, needed or not.
def _make(name: str, extra: str | None, *, show: bool) -> Component:
    return Component(FINDERS[name], load_gazetteer(Path(extra) if extra else None), show=show)


@Language.factory("alliance_officials", default_config={"extra": None, "show": True})
def make_officials(nlp: Language, name: str, *, extra: str | None, show: bool) -> Component:  # noqa: ARG001
    """Make the component that finds officials."""
    return _make("alliance_officials", extra, show=show)


@Language.factory("alliance_ships", default_config={"extra": None, "show": True})
def make_ships(nlp: Language, name: str, *, extra: str | None, show: bool) -> Component:  # noqa: ARG001
    """Make the component that finds ships."""
    return _make("alliance_ships", extra, show=show)


@Language.factory("alliance_exercises", default_config={"extra": None, "show": True})
def make_exercises(nlp: Language, name: str, *, extra: str | None, show: bool) -> Component:  # noqa: ARG001
    """Make the component that finds exercises."""
    return _make("alliance_exercises", extra, show=show)


@Language.factory("alliance_bases", default_config={"extra": None, "show": True})
def make_bases(nlp: Language, name: str, *, extra: str | None, show: bool) -> Component:  # noqa: ARG001
    """Make the component that finds bases."""
    return _make("alliance_bases", extra, show=show)


@Language.factory("alliance_minerals", default_config={"extra": None, "show": True})
def make_minerals(nlp: Language, name: str, *, extra: str | None, show: bool) -> Component:  # noqa: ARG001
    """Make the component that finds minerals."""
    return _make("alliance_minerals", extra, show=show)


@Language.factory("alliance_japanese", default_config={"extra": None, "show": True})
def make_japanese(nlp: Language, name: str, *, extra: str | None, show: bool) -> Component:  # noqa: ARG001
    """Make the component that finds entities of all labels in Japanese text."""
    return _make("alliance_japanese", extra, show=show)


def build_pipeline(extra: Path | None = None, *, show: bool = True) -> Language:
    """Return a blank English pipeline with all components of this package.

    Parameters
    ----------
    extra
        Folder of further knowledge-base tables.
    show
        Whether each component sets ``doc.ents``.
    """
    nlp = spacy.blank("en")
    for name in FINDERS:
        nlp.add_pipe(name, config={"extra": str(extra) if extra else None, "show": show})
    return nlp
