"""The tagger: texts in, mentions out, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from spacy.language import Language
from spacy.tokens import Doc

from alliance_nlp.core.types import Mention
from alliance_nlp.tag.components import NAMES, mentions_of
from alliance_nlp.tag.inputs import TagInput, version_of
from alliance_nlp.tag.kb import KnowledgeBase, load_knowledge_base
from alliance_nlp.tag.reading import LANGUAGE, PUBLISHED_ON, TEXT


def build_pipeline(extra: Path | None = None, *, show: bool = True) -> Language:
    """Return a blank English pipeline with all components of this package.

    Parameters
    ----------
    extra
        Folder of further knowledge-base tables.
    show
        Whether each component sets ``doc.ents``; the tagger, which reads exact offsets, does not
        need it.
    """
    nlp = spacy.blank("en")
    for name in NAMES:
        nlp.add_pipe(name, config={"extra": str(extra) if extra else None, "show": show})
    return nlp


class Tagger:
    """Finds entities in texts and links them to the knowledge base.

    Attributes
    ----------
    version
        Changes with the rules and with the content of the knowledge base.
    """

    def __init__(self, nlp: Language, kb: KnowledgeBase) -> None:
        self._nlp = nlp
        self._kb = kb
        self.version = version_of(kb)

    @classmethod
    def load(cls, extra: Path | None = None) -> Tagger:
        """Load the knowledge base, with a folder of further tables on top, and the components.

        Raises
        ------
        KnowledgeBaseError
            If a table breaks its schema or the folder is missing.
        """
        return cls(build_pipeline(extra, show=False), load_knowledge_base(extra))

    def tag(self, inputs: Iterable[TagInput]) -> Iterator[tuple[Mention, ...]]:
        """Yield each text's mentions, sorted by start and not overlapping, in order."""
        for item in inputs:
            doc = self._nlp.make_doc(item.text)
            doc.user_data[TEXT] = item.text
            doc.user_data[PUBLISHED_ON] = item.published_on
            doc.user_data[LANGUAGE] = item.language
            for _, component in self._nlp.pipeline:
                doc = component(doc)
            yield _mentions(item, doc)

    def name(self, entity_id: str) -> str:
        """Return the display name of an entity, ``""`` if it is unknown."""
        return self._kb.name(entity_id)


def _mentions(item: TagInput, doc: Doc) -> tuple[Mention, ...]:
    return tuple(
        Mention(
            article_id=item.article_id,
            start=found.start,
            end=found.end,
            label=found.label,
            entity_id=found.ids[0] if found.ids else "",
            how=found.how,
        )
        for found in mentions_of(doc)
    )
