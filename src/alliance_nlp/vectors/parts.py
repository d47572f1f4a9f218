"""A text cut into parts that are long enough to tell what they are about."""

from __future__ import annotations

from alliance_nlp.vectors.lexicon import is_japanese

_LEAST_WORDS = 18
_CHARACTERS_A_WORD = 2.5  # Japanese has no spaces; about so many characters make an English word


def text_parts(text: str) -> tuple[tuple[str, int], ...]:
    """Return paragraphs with their sizes in words, short ones joined to the next.

    Parameters
    ----------
    text
        Normal text; a line is a paragraph.
    """
    found: list[tuple[str, int]] = []
    held, size = "", 0
    for line in text.split("\n"):
        if not line:
            continue
        held, size = f"{held}\n{line}" if held else line, size + n_words(line)
        if size >= _LEAST_WORDS:
            found.append((held, size))
            held, size = "", 0
    if held and found:
        last, before = found.pop()
        found.append((f"{last}\n{held}", before + size))
    elif held:
        found.append((held, size))
    return tuple(found)


def n_words(text: str) -> int:
    """Return how many words a text has; in Japanese, how many an English one of it would have."""
    return round(len(text) / _CHARACTERS_A_WORD) if is_japanese(text) else len(text.split())
