"""The tagger: texts in, mentions out, in order."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

from alliance_nlp.core.types import Mention
from alliance_nlp.tag.finders import FINDERS
from alliance_nlp.tag.gazetteer import Gazetteer, load_gazetteer
from alliance_nlp.tag.inputs import TagInput, version_of
from alliance_nlp.tag.reading import Reading, read
from alliance_nlp.tag.spans import settle


class Tagger:
    """Finds entities in texts and links them to the knowledge base.

    It runs the finders of the spaCy components on the text itself: the tokens of a pipeline, which
    they do not read, would cost half as much again, and loading one as long as everything else.

    Attributes
    ----------
    version
        Changes with the rules and with the content of the knowledge base.
    """

    def __init__(self, gazetteer: Gazetteer) -> None:
        self._gazetteer = gazetteer
        self.version = version_of(gazetteer.kb)

    @classmethod
    def load(cls, extra: Path | None = None) -> Tagger:
        """Load the knowledge base, with a folder of further tables on top.

        Raises
        ------
        KnowledgeBaseError
            If a table breaks its schema or the folder is missing.
        """
        return cls(load_gazetteer(extra))

    def tag(self, inputs: Iterable[TagInput]) -> Iterator[tuple[Mention, ...]]:
        """Yield each text's mentions, sorted by start and not overlapping, in order."""
        for item in inputs:
            reading = read(
                item.text,
                self._gazetteer,
                published_on=item.published_on,
                language=item.language,
            )
            for find in FINDERS.values():
                find(reading)
            yield _mentions(item, reading)

    def name(self, entity_id: str) -> str:
        """Return the display name of an entity, ``""`` if it is unknown."""
        return self._gazetteer.kb.name(entity_id)


def _mentions(item: TagInput, reading: Reading) -> tuple[Mention, ...]:
    return tuple(
        Mention(
            article_id=item.article_id,
            start=found.start,
            end=found.end,
            label=found.label,
            entity_id=found.ids[0] if found.ids else "",
            how=found.how,
        )
        for found in settle(reading.found)
    )
