"""A general spaCy model beside our own tagger: its labels read as ours, without any link.

What a general model calls a person is an official to us, right or wrong: it does not know offices.
Nothing in its scheme is a mineral.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from pathlib import Path

import spacy
from spacy.about import __version__
from spacy.language import Language
from spacy.tokens import Span
from spacy.util import get_installed_models

from alliance_nlp.core.errors import ModelError
from alliance_nlp.core.types import Label, Mention
from alliance_nlp.tag.inputs import TagInput

# OntoNotes 5: PERSON are people, FAC buildings and airports, EVENT named events, wars among them,
# PRODUCT vehicles, ships among them, and other objects.
MAPPING = {
    "PERSON": Label.OFFICIAL,
    "FAC": Label.BASE,
    "EVENT": Label.EXERCISE,
    "PRODUCT": Label.SHIP,
}
_HOW_TO_INSTALL = (
    "download its wheel from the official releases, github.com/explosion/spacy-models, compare "
    "its sha256 and install that file with pip install --require-hashes; never pip install the "
    "bare name, which other packages bear too"
)


class GeneralTagger:
    """A general model's entities as mentions.

    Attributes
    ----------
    name
        Name and version as the model tells them, such as ``en_core_web_sm 3.8.0``.
    language
        ISO 639-1 code of the one language it reads.
    """

    def __init__(self, nlp: Language) -> None:
        self._nlp = nlp
        meta = nlp.meta
        self.name = f"{meta['lang']}_{meta['name']} {meta['version']}"
        self.language = nlp.lang

    def tag(self, inputs: Iterable[TagInput]) -> Iterator[tuple[Mention, ...]]:
        """Yield each text's mentions, sorted by start and not overlapping, in order."""
        pairs = ((item.text, item) for item in inputs)
        for doc, item in self._nlp.pipe(pairs, as_tuples=True):
            yield tuple(_mention(item, span) for span in doc.ents if span.label_ in MAPPING)


def _mention(item: TagInput, span: Span) -> Mention:
    return Mention(
        article_id=item.article_id,
        start=span.start_char,
        end=span.end_char,
        label=MAPPING[span.label_],
        entity_id="",
        how=f"general:{span.label_}",
    )


def general_tagger(name_or_path: str) -> GeneralTagger:
    """Load a spaCy pipeline that is installed under this name or lies in this folder.

    Raises
    ------
    ModelError
        If there is none, or spaCy cannot load it.
    """
    folder = Path(name_or_path)
    is_folder = (folder / "config.cfg").is_file()
    if not is_folder and name_or_path not in get_installed_models():
        raise ModelError(
            f"no spaCy model {name_or_path!r} is installed, and no folder of that name holds a "
            f"config.cfg; to install one, {_HOW_TO_INSTALL}"
        )
    try:
        return GeneralTagger(spacy.load(folder if is_folder else name_or_path))
    except (OSError, ValueError, ImportError) as error:
        raise ModelError(
            f"spaCy cannot load the model {name_or_path!r}: {error}; install one made for "
            f"spaCy {__version__}: {_HOW_TO_INSTALL}"
        ) from error
