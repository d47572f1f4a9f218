"""Officials of a document: known names, titled names, and what later mentions mean."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field

from alliance_nlp.core.types import Label
from alliance_nlp.tag.alongside import find_alongside
from alliance_nlp.tag.gazetteer import FAMILY_FIRST, surname_of, surname_of_official
from alliance_nlp.tag.geography import place_words
from alliance_nlp.tag.linking import best_match, kinds_of, names_command, serves, serves_as
from alliance_nlp.tag.names import OPEN_QUOTES, belongs_to_institution, is_name_word
from alliance_nlp.tag.people import Person, find_people
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.records import Official
from alliance_nlp.tag.roles import Role
from alliance_nlp.tag.titles import first_words
from alliance_nlp.tag.vocabulary import verbs
from alliance_nlp.tag.words import Words, is_abbreviation, split

_EAST_ASIAN = frozenset(
    "kim lee park choi jung jeong cho yoon yun han shin suh seo kang lim moon chung hwang ahn song "
    "yang jang oh bae nam noh roh hong ko wang li zhang xi chen tsai lai wu liu dong qin hu zhao "
    "sun zhou xu ma zhu he guo lin luo liang joseph koo hsiao su chiu pan cheng fu xie ri pak choe "
    "kwon ryu woo min ha".split()
)
# Where people go by the first of their names: Anwar Ibrahim is Anwar.
_BY_FIRST_NAME = frozenset({"MY", "ID", "TH", "MM", "MN"})
_PROMINENT = (
    "foreign-minister", "defense-minister", "trade-minister", "finance-minister",
    "deputy-head", "chief-cabinet-secretary", "national-security-adviser", "ambassador",
)  # fmt: skip
_HEADS = frozenset({"head-of-state", "head-of-government"})
_WORDS_TOO = frozenset(
    "glass hill brown young price rice wood woods stone field fields banks bush may long king "
    "grant english "
    "green white black cotton law marks case rich day west moon frost gates rush cook baker power "
    "wicker park ball bell berry bishop bond book booker boot cannon cash castle chase church cole "
    "cross dean drew early east fish fisher fox good hand hard head hope house hunt hunter just "
    "knight lake lamb lane lord love low mace marsh mast means mills miller moody noble page pope "
    "post read reed rock rose sharp ship short small snow south speed spring star steel storm "
    "strong summers swift sun tan trade turner walker ward waters wells wise wolf worth".split()
)
_AFTER_NAME = frozenset(
    "is was has had will would also and who then now later himself herself did does can could "
    "may might never once told went came".split()
)


@dataclass(slots=True)
class _Known:
    """A person of the document: where first named, under which words, and whether in office."""

    at: int
    names: frozenset[str]
    entity_id: str
    holds_office: bool


@dataclass(slots=True)
class _Cast:
    """The people of a document by surname, and the words they already cover."""

    by_surname: dict[str, list[_Known]] = field(default_factory=lambda: defaultdict(list))
    covered: set[int] = field(default_factory=set)


def find_officials(reading: Reading) -> None:
    """Add the officials of a document to its reading."""
    cast = _Cast()
    titled = find_people(reading)
    people = _merge(titled)
    for person in people:
        _enter(reading, cast, person)
    _enter_known_names(reading, cast, {p.first: p for p in people})
    for first, last in find_alongside(reading, cast.covered):
        _enter(reading, cast, Person(first, last, Role("official", "", ""), "alongside"))
    _later_mentions(reading, cast)
    _heads_by_surname(reading, cast)


def _merge(people: list[Person]) -> list[Person]:
    """Return one person a name: a word of "former" or a better reading beside it decides."""
    best: dict[int, Person] = {}
    for person in people:
        other = best.get(person.first)
        if other is None or _authority(person) > _authority(other):
            best[person.first] = person
    ends: list[Person] = []
    for person in sorted(best.values(), key=lambda p: (p.first, -p.last)):
        if not ends or person.first >= ends[-1].last:
            ends.append(person)
        elif _authority(person) > _authority(ends[-1]):
            ends[-1] = Person(ends[-1].first, ends[-1].last, person.role, person.how)
    return ends


def _authority(person: Person) -> int:
    ranks = {"unknown": 0, "none": 1, "official": 2, "former": 3}
    # A rank says less than an apposition: a retired general keeps his rank.
    return ranks[person.role.verdict] * 2 - (1 if person.role.rank else 0)


def _enter(reading: Reading, cast: _Cast, person: Person) -> None:
    if person.role.verdict == "unknown":
        return
    # After "Director of Marine Corps ..." one unknown capitalised word is rather an office.
    alone = person.how == "title-of" and person.last - person.first == 1
    if alone and reading.words.norms[person.first] not in reading.gazetteer.surnames:
        return
    words = reading.words
    span = (person.first, person.last)
    surname = _surname(words, span, person.role)
    entity_id = _link(reading, span, person.role, surname=surname) if person.holds_office else ""
    if not _is_whole(words, span) and cast.by_surname.get(surname) and person.holds_office:
        entity_id = entity_id or _same_in_document(cast, surname, person.first)
    if person.how == "apposition" and person.last - person.first == 1 and not entity_id:
        return
    if person.holds_office:
        ids = (entity_id,) if entity_id else ()
        reading.add(span, Label.OFFICIAL, person.how, ids=ids, weight=2)
    cast.covered.update(range(*span))
    names = frozenset(words.norms[person.first : person.last])
    if entity_id:
        names |= _all_names(reading, entity_id)
    known = _Known(person.first, names, entity_id, person.holds_office)
    cast.by_surname[surname].append(known)
    other = words.norms[person.first]
    untold = other.lower() in _EAST_ASIAN and not entity_id
    if other != surname and (untold or person.role.country in _BY_FIRST_NAME):
        cast.by_surname[other].append(known)


def _same_in_document(cast: _Cast, surname: str, at: int) -> str:
    known = [k for k in cast.by_surname[surname] if k.entity_id and k.holds_office and k.at < at]
    return known[-1].entity_id if len({k.entity_id for k in known}) == 1 else ""


def _is_whole(words: Words, span: tuple[int, int]) -> bool:
    return sum(words.norms[i][0].isupper() for i in range(*span)) > 1


def _all_names(reading: Reading, entity_id: str) -> frozenset[str]:
    record = reading.gazetteer.kb.records[entity_id]
    return frozenset(w for name in (record.name, *record.aliases) for w in split(name))


def _surname(words: Words, span: tuple[int, int], role: Role) -> str:
    """Return a name's surname, family name first where the name is Korean or Chinese."""
    first, last = span
    country = role.country if role.country in FAMILY_FIRST else ""
    hyphened = any(
        words.norms[i] == "-" and words.norms[i + 1].islower() for i in range(first + 1, last - 1)
    )
    three = last - first == 3 and all(words.norms[i].isalpha() for i in range(first, last))
    if words.lows[first] in _EAST_ASIAN and (country or hyphened or three) and last - first > 1:
        return words.norms[first]
    return " ".join(surname_of(" ".join(words.norms[first:last]), "US")) or words.norms[last - 1]


def _link(reading: Reading, span: tuple[int, int], role: Role, *, surname: str) -> str:
    """Return the entity of a titled name: by full name, else by surname, title and date."""
    kb, on = reading.gazetteer.kb, reading.published_on
    entries = reading.gazetteer.names.get(reading.words.norms[span[0] : span[1]])
    ids = [e.id for e in entries if e.label == Label.OFFICIAL]
    told = {"phrase": role.phrase, "country": role.country}
    if ids:
        return best_match(kb, ids, **told, on=on, least=-4)
    if _is_whole(reading.words, span) or not kinds_of(role.phrase):
        return ""
    candidates = reading.gazetteer.surnames.get(surname, [])
    found = best_match(kb, candidates, **told, on=on, least=3 if on is None else 6)
    # Many officers share a rank, so a shared surname needs a word of the command as well.
    if found and role.rank and len(candidates) > 1 and not names_command(kb, found, role.phrase):
        return ""
    return found


def _enter_known_names(reading: Reading, cast: _Cast, titled: dict[int, Person]) -> None:
    """Take full names of the knowledge base that stand without a title."""
    words = reading.words
    for first, last, entries in reading.hits:
        if entries[0].label != Label.OFFICIAL or first in titled or first in cast.covered:
            continue
        if is_name_word(words, last) and words.lows[last] not in verbs():
            continue
        if words.norm(last) == "-" and words.touches(last) and words.norm(last + 1).islower():
            continue
        if belongs_to_institution(words, last):
            continue
        ids = [e.id for e in entries if e.label == Label.OFFICIAL]
        entity_id = best_match(
            reading.gazetteer.kb, ids, phrase="", country="", on=reading.published_on, least=0
        )
        record = reading.gazetteer.kb.records[ids[0]]
        assert isinstance(record, Official)
        surname = surname_of_official(record)
        known = _Known(first, _all_names(reading, ids[0]), entity_id, bool(entity_id))
        earlier = [
            k
            for k in cast.by_surname[surname]
            if (k.names & set(words.norms[first:last])) >= set(words.norms[first:last])
        ]
        if earlier and not any(k.holds_office for k in earlier):
            known.holds_office = False
        if known.holds_office:
            reading.add((first, last), Label.OFFICIAL, "kb", ids=(entity_id,), weight=1)
        cast.covered.update(range(first, last))
        cast.by_surname[surname].append(known)


def _later_mentions(reading: Reading, cast: _Cast) -> None:
    """Find the surnames of the document's people where they stand alone or with a given name."""
    words = reading.words
    tails = {surname.split()[-1]: surname for surname in cast.by_surname if surname}
    for index in words.capitals:
        word = words.norms[index]
        if word not in tails or index in cast.covered:
            continue
        surname = tails[word]
        size = len(surname.split())
        start = index - size + 1
        if size > 1 and " ".join(words.norms[max(0, start) : index + 1]) != surname:
            continue
        _take_mention(reading, cast, (start, index + 1), surname=surname)


def _take_mention(reading: Reading, cast: _Cast, span: tuple[int, int], *, surname: str) -> None:
    words = reading.words
    first, last = span
    while first > 0 and _continues_name(words, first - 1):
        first -= 1
    end = last
    while end < words.n and (
        (is_name_word(words, end) and words.lows[end] not in verbs() and not _risky(words, end))
        or (
            words.norms[end] == "-"
            and words.touches(end)
            and words.norm(end + 1).islower()
            and end > last
        )
    ):
        end += 1
    run = [w for w in words.norms[first:end] if w not in ".-"]
    known = _whose(cast.by_surname[surname], run, first)
    if known is None or belongs_to_institution(words, end) or _is_place(words, end):
        return
    if not known.holds_office or _called_former(words, first) or _is_noun(words, first, end):
        return
    ids = (known.entity_id,) if known.entity_id else ()
    reading.add((first, end), Label.OFFICIAL, "document", ids=ids, weight=1)
    cast.covered.update(range(first, end))


def _risky(words: Words, index: int) -> bool:
    return words.norms[index] == "\n"


def _continues_name(words: Words, index: int) -> bool:
    word = words.norms[index]
    if word == ".":
        return len(words.norm(index - 1)) == 1 and words.is_capital(index - 1)
    if len(word) == 1 and words.norm(index + 1) == "." and word.isupper():
        return True
    return is_name_word(words, index) and words.lows[index] not in first_words()


def _whose(known: list[_Known], run: list[str], at: int) -> _Known | None:
    """Return the nearest person named before (else after) whose names hold the whole run."""
    fitting = [
        k
        for k in known
        if all(w in k.names or (len(w) == 1 and any(n.startswith(w) for n in k.names)) for w in run)
    ]
    before = [k for k in fitting if k.at <= at]
    return before[-1] if before else (fitting[0] if fitting else None)


def _is_noun(words: Words, first: int, end: int) -> bool:
    """Tell whether a surname that is also a word stands as that word: ``Glass bottles``."""
    if words.lows[first] not in _WORDS_TOO or end - first > 1:
        return False
    opens = not first or words.ends_sentence(first - 1) or words.norms[first - 1] in OPEN_QUOTES
    if not opens:
        return False
    after = words.low(end)
    return after.isalpha() and not (
        after in verbs() or after.endswith("ed") or after in _AFTER_NAME
    )


def _is_place(words: Words, end: int) -> bool:
    """Tell whether the word is a town here: ``Austin, Texas`` or ``in Jackson``."""
    return words.norm(end) == "," and words.low(end + 1) in ("texas", "mississippi", "california")


def _called_former(words: Words, first: int) -> bool:
    return words.low(first - 1) in ("former", "late") or (
        words.low(first - 1) == "-" and words.low(first - 2) in ("ex", "then")
    )


def _heads_by_surname(reading: Reading, cast: _Cast) -> None:
    """Find heads of state and government by bare surname: ``the Biden administration``."""
    words = reading.words
    surnames = reading.gazetteer.surnames
    for index in words.capitals:
        word = words.norms[index]
        if word not in surnames or index in cast.covered or word in cast.by_surname:
            continue
        if (
            words.norm(index + 1) == "."
            and words.touches(index + 1)
            and is_abbreviation(word.lower())
        ):
            continue  # "Sen." and "Gen." are titles
        if word.lower() in _WORDS_TOO and not _acts(words, index):
            continue  # "in May 2013", "the English translation"
        official = _head_named(reading, word) or _minister_named(reading, word)
        if official is not None and _has_namesake(words, word, official):
            continue
        if official is None or belongs_to_institution(words, index + 1):
            continue
        if is_name_word(words, index + 1) and words.lows[index + 1] not in verbs():
            continue
        if (index and _continues_name(words, index - 1)) or _called_former(words, index):
            continue
        if words.norm(index + 1) == "era" or words.low(index + 1) == "era":
            continue
        reading.add((index, index + 1), Label.OFFICIAL, "head", ids=(official.id,), weight=1)


def _acts(words: Words, index: int) -> bool:
    """Tell whether what stands after a surname that is also a word makes it a person's."""
    after = words.low(index + 1)
    owns = words.norm(index + 1) in ("'", "\u2019") and words.low(index + 2) == "s"
    rules = after in ("administration", "government", "cabinet")
    dated = words.norm(index - 1)[:1].isdigit() or words.norm(index + 1)[:1].isdigit()
    return not dated and (owns or rules or after in verbs())


def _head_named(reading: Reading, surname: str) -> Official | None:
    """Return the one head of state or government with this surname on the day, if there is one."""
    on = reading.published_on
    found = []
    for entity_id in reading.gazetteer.surnames[surname]:
        official = reading.gazetteer.kb.records[entity_id]
        if isinstance(official, Official) and any(serves_as(official, kind, on) for kind in _HEADS):
            found.append(official)
    return found[0] if len(found) == 1 else None


def _minister_named(reading: Reading, surname: str) -> Official | None:
    """Return the minister in office whose surname nobody else in the knowledge base bears."""
    on, ids = reading.published_on, reading.gazetteer.surnames[surname]
    low = surname.lower()
    if on is None or len(low) < 5 or low in _WORDS_TOO or low in place_words():
        return None
    records = [reading.gazetteer.kb.records[entity_id] for entity_id in ids]
    serving = [r for r in records if isinstance(r, Official) and serves(r, on)]
    if len(serving) != 1 or (len(ids) > 1 and surname.lower() in _EAST_ASIAN):
        return None
    return serving[0] if any(serves_as(serving[0], kind, on) for kind in _PROMINENT) else None


def _has_namesake(words: Words, surname: str, official: Official) -> bool:
    """Tell whether the document gives the surname to somebody else: ``Junichi Nishimura``."""
    own = {word for name in (official.name, *official.aliases) for word in split(name)}
    return any(
        words.norms[i] == surname
        and i > 0
        and is_name_word(words, i - 1)
        and words.lows[i - 1] not in first_words()
        and words.norms[i - 1] not in own
        for i in words.capitals
    )
