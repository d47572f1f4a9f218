"""A text as words with code-point offsets, the common ground of all rules.

spaCy's tokens serve display and alignment; the rules need one segmentation in which a hyphen, a
quote and a line end always stand alone, so that names, hull numbers and editions have edges.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Container
from functools import lru_cache
from itertools import accumulate

_WORD = re.compile(r"((?:[A-Z]\.){2,}|\d+(?:[.,]\d+)+|\w+(?:['’](?![sS]\b)[^\W\d_]+)*|\n|[^\w\s])")
_ASCII_WORD = re.compile(_WORD.pattern, re.ASCII)  # the same on ASCII, in two thirds of the time
_ABBREVIATIONS = frozenset(
    "adm gen lt col maj capt cmdr cdr sgt brig rep reps vadm radm ltgen majgen adms gens cols "
    "sen sens gov amb dr mr mrs ms prof "
    "st jr sr no vs inc corp co ltd dept col cpl pvt ens rev hon mt ft".split()
)
SENTENCE_ENDS = frozenset(".!?…。！？")


def fold(word: str) -> str:
    """Return a word without diacritics and with straight apostrophes: ``Shinzō`` is ``Shinzo``."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.replace("’", "'").replace("‘", "'"))
    bare = "".join(c for c in plain if not unicodedata.combining(c))
    return unicodedata.normalize("NFC", bare) if bare and " " not in bare else word


class Words:
    """The words of a text.

    Parameters
    ----------
    marks
        Lower-cased words at which some rule begins.

    Attributes
    ----------
    text
        The text itself.
    norms
        Folded words (see :func:`fold`), case kept.
    lows
        The same in lower case.
    starts, ends
        Code-point offsets: ``text[starts[i]:ends[i]]`` is word ``i`` as it stands.
    marked
        Indices of the words whose lower-cased form is among the marks, the only ones at which
        rules begin: one pass over the text serves all of them.
    capitals
        Indices of the words that hold a capital letter.
    """

    __slots__ = ("capitals", "ends", "lows", "marked", "n", "norms", "starts", "text")

    def __init__(self, text: str, marks: Container[str] = ()) -> None:
        self.text = text
        # Gaps and words by turns; splitting costs half of what match objects would.
        ascii_only = text.isascii()
        parts: list[str] = (_ASCII_WORD if ascii_only else _WORD).split(text)
        edges = list(accumulate(map(len, parts)))
        self.starts, self.ends = edges[:-1:2], edges[1::2]
        self.norms = parts[1::2]
        if not ascii_only:
            # Each word once: of the words of a text, few are not ASCII, and those come again.
            folded = {word: fold(word) for word in set(self.norms) if not word.isascii()}
            self.norms = [folded.get(word, word) for word in self.norms]
        # One call for the whole text is several times cheaper than one a word.
        self.lows = " ".join(self.norms).lower().split(" ") if self.norms else []
        pairs = enumerate(zip(self.norms, self.lows, strict=True))
        self.capitals = [i for i, (word, low) in pairs if word != low]
        self.marked = [i for i, low in enumerate(self.lows) if low in marks] if marks else []
        self.n = len(self.norms)

    def low(self, index: int) -> str:
        """Return the lower-cased word at an index, ``""`` outside the text."""
        return self.lows[index] if 0 <= index < self.n else ""

    def norm(self, index: int) -> str:
        """Return the folded word at an index, ``""`` outside the text."""
        return self.norms[index] if 0 <= index < self.n else ""

    def touches(self, index: int) -> bool:
        """Tell whether word ``index`` follows the one before it without a space."""
        return 0 < index < self.n and self.starts[index] == self.ends[index - 1]

    def is_capital(self, index: int) -> bool:
        """Tell whether the word begins with a capital letter."""
        return 0 <= index < self.n and self.norms[index][0].isupper()

    def where(self, wanted: Container[str]) -> list[int]:
        """Return the marked words whose lower-cased form is wanted."""
        return [i for i in self.marked if self.lows[i] in wanted]

    def surface(self, first: int, last: int) -> str:
        """Return the text from word ``first`` to before word ``last``."""
        return self.text[self.starts[first] : self.ends[last - 1]]

    def ends_sentence(self, index: int) -> bool:
        """Tell whether a sentence ends at this word."""
        word = self.norms[index]
        if word == "\n":
            return True
        if word not in SENTENCE_ENDS:
            return False
        if index + 1 < self.n and not (
            self.norms[index + 1][0].isupper() or not self.norms[index + 1][0].isalnum()
        ):
            return False
        before = self.low(index - 1)
        return word != "." or not (before in _ABBREVIATIONS or len(before) == 1)

    def sentence(self, index: int) -> tuple[int, int]:
        """Return the first word of the sentence around a word, and the one after its last."""
        first = index
        while first > 0 and not self.ends_sentence(first - 1):
            first -= 1
        last = index
        while last < self.n and not self.ends_sentence(last):
            last += 1
        return first, last

    def clause(self, index: int, *, before: int, after: int) -> list[str]:
        """Return the lower-cased words around one, within its sentence."""
        first, last = self.sentence(index)
        return self.lows[max(first, index - before) : min(last, index + after)]


def is_abbreviation(low: str) -> bool:
    """Tell whether a lower-cased word is a title's abbreviation or an initial."""
    return len(low) == 1 or low in _ABBREVIATIONS


@lru_cache(maxsize=65536)  # the knowledge base's names, again and again
def split(phrase: str) -> tuple[str, ...]:
    """Return the folded words of a phrase, as the rules see them."""
    return tuple(Words(phrase).norms)
