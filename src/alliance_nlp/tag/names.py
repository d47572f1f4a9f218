"""The shape of a person's name in running text."""

from __future__ import annotations

from alliance_nlp.tag.titles import BUSINESS
from alliance_nlp.tag.vocabulary import not_in_names, verbs
from alliance_nlp.tag.words import Words

PARTICLES = frozenset(
    "de del dela della der den di da do dos du van von la le el al bin bint ibn ben af av ter ten "
    "zu y e".split()
)
SUFFIXES = frozenset({"Jr", "Sr", "II", "III", "IV", "JR", "SR"})
OPEN_QUOTES, CLOSE_QUOTES = frozenset("“‘\"'"), frozenset("”’\"'")
_AFTER_HYPHEN = frozenset(
    "led era backed style like based class hosted linked appointed designate elect sponsored born "
    "owned controlled initiated mediated brokered".split()
)
# Syllables of names that in capitals are the US, the UN and the like.
_CAPITALISED_TOO = frozenset({"Un", "Us", "Eu", "Who", "Uk"})
# A surname followed by one of these is part of an institution, a place or a law.
INSTITUTION = frozenset(
    "airport act foundation center centre library award awards prize institute fellowship school "
    "university college building bridge highway hall house street avenue road boulevard base camp "
    "medal stadium memorial trophy amendment park shipyard class museum hospital dam expressway "
    "auditorium barracks tower plaza fund scholarship chair professor professorship lecture field "
    "airfield square station terminal tunnel law laws bill cup square strait island islands bay "
    "company corp inc holdings motors group club carrier strike society fellows".split()
)


def is_name_word(words: Words, index: int, *, shouting: bool = False) -> bool:
    """Tell whether a word may be part of a name: a capital, letters only, no word of office."""
    if index >= words.n:
        return False
    word = words.norms[index]
    if not word[0].isupper():
        return False
    if not (word.isalpha() or _has_inner_apostrophe(word) or _are_initials(words, index)):
        return False
    if words.lows[index] in not_in_names() and word not in _CAPITALISED_TOO:
        return False
    if word == "U" and words.norm(index + 1) == "S":
        return False
    if word in ("Rear", "Vice") and words.low(index + 1) in ("adm", "admiral"):
        return False
    if word == "Gen" and words.norm(index + 1) == ".":
        return False  # the rank, not the given name
    if len(word) == 1:
        return words.norm(index + 1) == "." or words.is_capital(index + 1)
    return shouting or len(word) < 3 or not word.isupper() or word[1] == "."


def _are_initials(words: Words, index: int) -> bool:
    """Tell whether a word such as ``J.T.`` stands before a capitalised one."""
    word = words.norms[index]
    return len(word) > 3 and word[1] == "." and words.is_capital(index + 1)


def _has_inner_apostrophe(word: str) -> bool:
    return "'" in word[1:-1] and word.replace("'", "").isalpha()


def name_end(words: Words, start: int, *, shouting: bool = False, limit: int = 5) -> int:
    """Return the end of the name that begins at ``start``, or ``start`` when none does."""
    index, count = start, 0
    while count < limit:
        if _is_particle(words, index) and _next_name(words, index):
            index += 1 + (words.norm(index + 1) == "-")
            continue
        if count and words.norm(index) in SUFFIXES:
            return _with_dot(words, index)
        nickname = _nickname(words, index) if count else 0
        if nickname:
            index = nickname
            continue
        if not (is_name_word(words, index, shouting=shouting) or _is_rare(words, index, count)):
            break
        if count and _is_headline_verb(words, index):
            break
        index = _word_end(words, index, count)
        count += 1
    index = _with_suffix(words, index) if count else start
    if count and len(words.norms[index - 1]) == 1 and words.norms[index - 1] not in ".":
        return index if count > 1 else start
    return index


def _is_rare(words: Words, index: int, count: int) -> bool:
    """Tell whether a word that is a name only here stands: ``In-sun``, ``d'Andigné``, ``Chiba``."""
    word, low = words.norm(index), words.low(index)
    if count and word[:2] == "d'" and word[2:3].isupper():
        return True
    if count and low in _SURNAMES_TOO and word[0].isupper() and not words.is_capital(index + 1):
        return True
    if not (word and word[0].isupper() and word.isalpha()):
        return False
    # Given names of Korea and Taiwan, whose parts may be words: "Kang In-sun", "You Si-kun".
    start = index if count else index + 1
    part = words.norm(start + 2)
    return (
        words.is_capital(start)
        and words.norm(start + 1) == "-"
        and words.touches(start + 1)
        and words.touches(start + 2)
        and part.isalpha()
        and part.islower()
        and part not in not_in_names()
        and part not in _AFTER_HYPHEN
        and 1 < len(words.norms[start]) < 7
        and len(part) < 7
    )


# Places whose names are surnames of Japan too.
_SURNAMES_TOO = frozenset(
    "ishigaki chiba nagasaki miyazaki fukushima kagawa yamaguchi akita matsuyama ishikawa toyama "
    "fukui shiga okayama tokushima kumamoto komatsu misawa yokota nago kadena miyagi yamagata "
    "sakai tachikawa kagoshima hamamatsu toyota matsue matsumoto takasaki kawasaki odawara "
    "hachiya asaka zama kure ominato tsushima hachinohe miyako iwaki otsu narita".split()
)


def _is_particle(words: Words, index: int) -> bool:
    return words.norm(index) in PARTICLES


def _next_name(words: Words, index: int) -> bool:
    after = index + 1
    while words.norm(after) in PARTICLES or words.norm(after) == "-":
        after += 1
    return is_name_word(words, after)


def _word_end(words: Words, index: int, count: int) -> int:
    """Return the end of one name word: its dot, and parts joined by hyphens."""
    end = index + 1
    if len(words.norms[index]) <= 2 and words.norm(end) == "." and words.touches(end):
        end += 1
    while words.norm(end) == "-" and words.touches(end) and words.touches(end + 1):
        part = words.norm(end + 1)
        if not part.isalpha() or words.low(end + 1) in _AFTER_HYPHEN:
            break
        # "Biden-Kishida summit" joins two people, "Rapp-Hooper" is one name.
        if part[0].isupper() and words.low(end + 1) in not_in_names():
            break
        if part[0].isupper() and count == 0 and not is_name_word(words, end + 2):
            break
        end += 2
    return end


def _with_dot(words: Words, index: int) -> int:
    return index + 2 if words.norm(index + 1) == "." and words.touches(index + 1) else index + 1


def _with_suffix(words: Words, end: int) -> int:
    """Return the end with ``, Jr.`` taken in."""
    comma = words.norm(end) == ","
    if words.norm(end + comma) in ("Jr", "Sr") and words.norm(end + comma + 1) == ".":
        return end + comma + 2
    return end


def _nickname(words: Words, index: int) -> int:
    """Return the end of a quoted nickname inside a name, or 0."""
    if words.norm(index) not in OPEN_QUOTES and words.norm(index) != "(":
        return 0
    closing = CLOSE_QUOTES if words.norm(index) != "(" else {")"}
    for end in (index + 2, index + 3):
        if words.norm(end) in closing and is_name_word(words, end + 1):
            inner = range(index + 1, end)
            if all(words.norms[i][0].isupper() and words.norms[i].isalpha() for i in inner):
                return end + 1
    return 0


def _is_headline_verb(words: Words, index: int) -> bool:
    return words.lows[index] in verbs()


_PARTNERS = frozenset({"sons", "co", "company", "brothers", "associates", "partners", "young"})


def belongs_to_institution(words: Words, end: int) -> bool:
    """Tell whether the word after a name makes it part of an institution's name."""
    if words.norm(end) == "-" and words.touches(end):
        return words.low(end + 1) in ("class", "era")
    if words.norm(end) == "&" and words.low(end + 1) in _PARTNERS:
        return True
    for index in (end, end + 1, end + 2):
        word = words.norm(index)
        if not word or not word[0].isupper():
            return False
        if words.lows[index] in INSTITUTION or words.lows[index] in BUSINESS:
            return True
    return False
