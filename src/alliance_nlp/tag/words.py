"""A text as words with code-point offsets, the common ground of all rules.

spaCy's tokens serve display and alignment; the rules need one segmentation in which a hyphen, a
quote and a line end always stand alone, so that names, hull numbers and editions have edges.
"""

from __future__ import annotations

import re
import unicodedata

_WORD = re.compile(
    r"(?:[A-Z]\.){2,}|\d+(?:[.,]\d+)+|[^\W_]+(?:['’](?![sS](?![^\W_]))[^\W\d_]+)*|\n|[^\w\s]|_"
)
_ABBREVIATIONS = frozenset(
    "adm gen lt col maj capt cmdr cdr sgt brig vice rep reps sen sens gov amb dr mr mrs ms prof "
    "st jr sr no vs inc corp co ltd dept col cpl pvt ens rev hon mt ft".split()
)
SENTENCE_ENDS = frozenset(".!?…。！？")


def fold(word: str) -> str:
    """Return a word without diacritics and with straight apostrophes: ``Shinzō`` is ``Shinzo``."""
    if word.isascii():
        return word
    plain = unicodedata.normalize("NFKD", word.replace("’", "'").replace("‘", "'"))
    return unicodedata.normalize("NFC", "".join(c for c in plain if not unicodedata.combining(c)))


class Words:
    """The words of a text.

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
    """

    __slots__ = ("ends", "lows", "n", "norms", "starts", "text")

    def __init__(self, text: str) -> None:
        self.text = text
        raw: list[str] = []
        self.starts: list[int] = []
        self.ends: list[int] = []
        for match in _WORD.finditer(text):
            raw.append(match.group())
            start, end = match.span()
            self.starts.append(start)
            self.ends.append(end)
        self.norms = raw if text.isascii() else [fold(word) for word in raw]
        self.lows = [word.lower() for word in self.norms]
        self.n = len(raw)

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


def split(phrase: str) -> tuple[str, ...]:
    """Return the folded words of a phrase, as the rules see them."""
    return tuple(Words(phrase).norms)
