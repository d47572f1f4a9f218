"""People that a document names beside a role: before the name, after it, or in brackets."""

from __future__ import annotations

from dataclasses import dataclass

from alliance_nlp.core.types import Label
from alliance_nlp.tag.geography import STATE_CODES
from alliance_nlp.tag.names import PARTICLES, belongs_to_institution, is_name_word, name_end
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.roles import Role, classify, complement_end, head_at, left_phrase
from alliance_nlp.tag.titles import BUSINESS, GOVERNMENT, NOT_NOW, Head, first_words
from alliance_nlp.tag.words import Words

_CAPITAL_ONLY = frozenset("sen rep gov amb sens reps speaker whip lt gov state".split()) | {
    "lt gov",
    "speaker",
}
_CLAUSE_STOPS = frozenset({",", ";", ".", "\n", ")", "—", "–", ":", "(", "”", "?", "!"})
_ARTICLES = frozenset("the a an also now currently who is serves as whose his her their".split())
_LEADS = frozenset("commands heads leads oversees chairs represents directs runs governs".split())
_SPEAKS = frozenset(
    "said says told tells and who has had will was is wrote added noted visited met".split()
)


@dataclass(frozen=True, slots=True)
class Person:
    """A name in the document, first word to one after the last, and the role read beside it."""

    first: int
    last: int
    role: Role
    how: str

    @property
    def holds_office(self) -> bool:
        """Whether the role is a present office."""
        return self.role.verdict == "official"


def find_people(reading: Reading) -> list[Person]:
    """Return the people that titles and appositions tell of, officials and others."""
    words = reading.words
    known = {
        first: last for first, last, entries in reading.hits if entries[0].label == Label.OFFICIAL
    }
    # Our own reading of a name's edges is better; a general model may see names that we do not.
    seen = {
        first: last for first, last in reading.people.items() if name_end(words, first) == first
    }
    starts = {**seen, **known}
    people: list[Person] = []
    firsts = first_words()
    free = 0
    for index in words.where(firsts):
        if index < free:
            continue
        if index in starts:
            free = starts[index]
            continue
        found = head_at(words, index)
        if found is None or not _may_be_title(words, index, found[1]):
            continue
        end, head = found
        new = _named_after(words, head, (index, end), starts=starts)
        people += new
        free = max(end, new[-1].last if new else 0)
    return people + _appositions(reading, starts)


def _may_be_title(words: Words, start: int, head: Head) -> bool:
    return head.phrase not in _CAPITAL_ONLY or words.is_capital(start)


def _named_after(
    words: Words, head: Head, span: tuple[int, int], *, starts: dict[int, int]
) -> list[Person]:
    """Return the people named after a title head."""
    start, end = span
    direct = end
    if words.norm(end) == "-" and words.low(end + 1) in ("elect", "designate"):
        direct = end + 2
    elif words.low(end) in ("elect", "designate", "nominee", "candidate", "hopeful"):
        direct = end + 1
    direct = _past_honorific(words, direct)
    last = _name_at(words, direct, starts)
    if last > direct:
        role = classify(words, head, span, complement=direct)
        return _with_others(words, head, Person(direct, last, role, "title"), starts=starts)
    complement = complement_end(words, end) if _opens_complement(words, end) else end
    place = complement
    last = _name_at(words, place, starts) if place > end else place
    if last > place and (last - place > 1 or place in starts or not words.is_capital(last)):
        role = classify(words, head, span, complement=complement)
        return _with_others(words, head, Person(place, last, role, "title-of"), starts=starts)
    if words.norm(place) == "(":
        return _bracketed(words, head, (start, end, place), starts=starts)
    if words.norm(place) == ",":
        return _after_comma(words, head, (start, end, place), starts=starts)
    return []


def _opens_complement(words: Words, index: int) -> bool:
    return words.low(index) in ("of", "for", "to", "in", "at", "on", "-") or words.is_capital(index)


def _name_at(words: Words, start: int, starts: dict[int, int]) -> int:
    """Return the end of the name at ``start``; a name of the knowledge base knows its own end."""
    known = starts.get(start)
    shouting = start > 0 and len(words.norm(start - 1)) > 4 and words.norm(start - 1).isupper()
    last = name_end(words, start, shouting=shouting)
    if known is not None and not (words.norm(known) == "-" and words.touches(known)):
        last = max(known, last) if words.norm(known) in ("Jr", "Sr", "III", ",") else known
    if last > start and belongs_to_institution(words, last):
        return start
    return last


def _with_others(
    words: Words, head: Head, person: Person, *, starts: dict[int, int]
) -> list[Person]:
    """Return the person and, after a plural title, those in the list that follows."""
    people = [person]
    while head.many or head.force == "none":
        index = _past_bracket(words, people[-1].last)
        if words.norm(index) == ",":
            index += 1
        if words.low(index) == "and" or words.norm(index) == "&":
            index += 1
        last = _name_at(words, index, starts) if index > people[-1].last else index
        if last <= index:
            return people
        people.append(Person(index, last, person.role, person.how))
    return people


def _past_bracket(words: Words, index: int) -> int:
    """Return the word after a short bracket such as ``(R-TX)`` or ``, R-Tenn.,``."""
    if words.norm(index) == "(":
        for end in range(index + 1, min(index + 8, words.n)):
            if words.norm(end) == ")":
                return end + 1
    if _is_party(words, index + 1) and words.norm(index) == ",":
        end = index + 4
        return end + 1 if words.norm(end) == "." else end
    return index


def _past_honorific(words: Words, index: int) -> int:
    while words.norm(index) in ("HE", "Dr", "Mr", "Ms", "Mrs", "Hon", "Sir"):
        index += 1 + (words.norm(index + 1) == ".")
    return index


def _bracketed(
    words: Words, head: Head, places: tuple[int, int, int], *, starts: dict[int, int]
) -> list[Person]:
    """Read ``Deputy Minister for Policy (Kim)``."""
    start, end, bracket = places
    last = _name_at(words, bracket + 1, starts)
    if last == bracket + 1 or words.norm(last) != ")":
        return []
    role = classify(words, head, (start, end), complement=bracket)
    return [Person(bracket + 1, last, role, "title-bracket")]


def _after_comma(
    words: Words, head: Head, places: tuple[int, int, int], *, starts: dict[int, int]
) -> list[Person]:
    """Read ``US Ambassador to Japan, Rahm Emanuel, said``."""
    start, end, comma = places
    first = _past_honorific(words, comma + 1)
    last = _name_at(words, first, starts)
    known = first in starts
    after = words.norm(last)
    if last - first < 2 or not (known or after in (",", ".", ")") or after in _SPEAKS):
        return []
    if head.force == "rank" or (not known and head_at(words, last + 1) and after == ","):
        return []
    role = classify(words, head, (start, end), complement=comma)
    return [Person(first, last, role, "title-comma")] if role.verdict != "unknown" else []


def _appositions(reading: Reading, starts: dict[int, int]) -> list[Person]:
    """Read roles after names: ``Jon Hill, head of the Missile Defense Agency``."""
    words, surnames = reading.words, reading.gazetteer.surnames
    people = []
    for index in words.where((",", "(")):
        if index < 2 or not _may_end_name(words, index - 1):
            continue
        first = _name_before(words, index, starts)
        if first == index and words.norms[index - 1] in surnames:
            first = index - 1  # a surname alone counts where it leads to a known person
        if first == index:
            continue
        role = _party_role(words, index + 1) or _role_after(words, index + 1)
        if role is not None:
            people.append(Person(first, index, role, "apposition"))
    return people


def _may_end_name(words: Words, index: int) -> bool:
    word = words.norms[index]
    return word[0].isupper() or word == "." or words.norms[index - 1] == "-"


def _name_before(words: Words, end: int, starts: dict[int, int]) -> int:
    """Return where the full name that ends at ``end`` begins, or ``end`` when none does."""
    first = end
    for start in range(end - 1, max(-1, end - 8), -1):
        word = words.norms[start]
        if not (word[0].isalpha() or word in ".-“”\"'"):
            break
        if starts.get(start) == end:
            return start
        if word[0].isupper() and name_end(words, start, limit=6) == end and end - start > 1:
            first = start
        elif first < end and not (
            is_name_word(words, start) or word in ".-" or words.lows[start] in PARTICLES
        ):
            break
    return first if _counts_two(words, first, end) else end


def _counts_two(words: Words, first: int, end: int) -> bool:
    return sum(words.norms[i][0].isupper() for i in range(first, end)) >= 2


def _is_party(words: Words, index: int) -> bool:
    return (
        words.norm(index) in ("R", "D", "I")
        and words.norm(index + 1) in ("-", "–")
        and (words.norm(index + 2) in STATE_CODES or words.is_capital(index + 2))
    )


def _party_role(words: Words, index: int) -> Role | None:
    """Read ``(R-TX)`` and ``, D-Hawaii``."""
    if _is_party(words, index) or (
        words.norm(index) in ("R", "D") and words.norm(index + 1) == ")"
    ):
        return Role("official", "US", "lawmaker")
    return None


def _role_after(words: Words, start: int) -> Role | None:
    """Read the apposition that begins at ``start``."""
    index = start
    while words.low(index) in _ARTICLES:
        index += 1
    end = index
    while end < words.n and words.norms[end] not in _CLAUSE_STOPS and end - start < 30:
        end += 1
    if words.low(index) in _LEADS:
        return Role("official", "", "commander") if _speaks_of_force(words, index, end) else None
    for place in range(index, min(index + 12, end)):
        found = head_at(words, place) if words.lows[place] in first_words() else None
        if found is None:
            continue
        if left_phrase(words, place) > index:
            return None
        return _judge_apposition(words, found, (index, place, end))
    return None


def _speaks_of_force(words: Words, start: int, end: int) -> bool:
    lows = words.lows[start:end]
    return any(w in GOVERNMENT for w in lows) and not any(w in BUSINESS for w in lows)


def _judge_apposition(
    words: Words, found: tuple[int, Head], places: tuple[int, int, int]
) -> Role | None:
    index, place, end = places
    head_end, head = found
    if name_end(words, head_end) > head_end:
        return None  # the title belongs to the name that follows it
    lows = words.lows[index:end]
    role = classify(words, head, (place, head_end), complement=end)
    if any(low in NOT_NOW for low in lows) or "former" in lows[: place - index + 1]:
        return Role("former", role.country, role.phrase)
    if role.verdict == "unknown":
        return None
    return role
