"""Quality marks of an accepted article: the closed list, and those that speak of the text."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

from alliance_nlp.extract.notices import is_corrected, is_machine_translated, is_withdrawn
from alliance_nlp.extract.prose import n_words
from alliance_nlp.extract.published import Publication

FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "analysis": "its outlet labels it an analysis or an explainer",
        "boilerplate-heavy": "most of the page's lines or words were something other than text",
        "corrected": "it says that an earlier form of it was wrong",
        "date-in-doubt": "statements of its date conflict or cannot be true",
        "gallery": "its text is the captions of pictures",
        "live-blog": "a live blog: entries under their times",
        "machine-translated": "it says that a machine translated it",
        "mixed-language": "a second language has a fifth or more of its letters",
        "mojibake": "characters were lost or decoded wrongly",
        "multi-page": "it goes on over several pages, or was joined from them",
        "no-date": "the page states no date of publication",
        "opinion": "its outlet labels it opinion, or its byline is that of an editorial",
        "paywalled": "it is not free for all readers, though its text was there",
        "press-release": "it was sent out by the one it speaks of",
        "sponsored": "somebody paid for it to be shown",
        "stub": "it is very short",
        "transcript": "a transcript or readout: what was said, with speaker turns where it has any",
        "wall": "a consent, login or bot wall stands over part of the page",
        "withdrawn": "its publisher took it back",
    }
)
"""Each flag that an article may carry, and what it means."""

# Below this many words a text is a stub; a news flash has about as many.
_STUB = 60
# A longer text is one, whatever surrounds it.
_SHORT = 200  # words
_MANY_LINKS = 100


def date_flags(found: Publication) -> Iterator[str]:
    """Yield what is wrong with a publication date."""
    if found.is_doubtful:
        yield "date-in-doubt"
    if found.dated is None:
        yield "no-date"


def text_flags(title: str, lines: Sequence[str], raw: Sequence[str]) -> Iterator[str]:
    """Yield what a text says of itself, and what its size says of it.

    Parameters
    ----------
    lines
        The text as it is kept.
    raw
        The lines that extraction found; boilerplate is still among them.
    """
    if is_withdrawn(title, "\n".join(lines)):
        yield "withdrawn"
    if is_corrected(title, "\n".join(lines)):
        yield "corrected"
    if is_machine_translated(raw):
        yield "machine-translated"
    if is_heavy(lines, raw):
        yield "boilerplate-heavy"
    if sum(map(n_words, lines)) < _STUB:
        yield "stub"


def is_heavy(lines: Sequence[str], raw: Sequence[str]) -> bool:
    """Tell whether more lines of an extraction were dropped than kept."""
    n_dropped = len(raw) - len(lines)
    return n_dropped > len(lines) and n_dropped >= 5


def is_link_farm(n_text: int, n_links: int) -> bool:
    """Tell whether a short text has more links around it than words.

    Parameters
    ----------
    n_text, n_links
        Words of the main text, and links of the page.
    """
    return n_text < _SHORT and n_links >= _MANY_LINKS and n_links > n_text
