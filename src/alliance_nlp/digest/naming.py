"""Who is who: people introduced once with name and office, abbreviations once spelled out."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from alliance_nlp.core.types import Article, Label, Mention, SentenceSource
from alliance_nlp.digest.cutting import is_quoted

_NAME = r"[A-ZÀ-ÞŌŪ][\w’'-]*[a-zà-ÿōū][\w’'-]*"
_INITIAL = r"(?:\s+[A-Z]\.)?"
TITLE = (
    r"(?:Prime Minister|Foreign Minister|Defen[cs]e Minister|Finance Minister|Trade Minister|"
    r"Minister|Vice Minister|President|Vice President|Chancellor|Premier|Secretary(?: of \w+)?|"
    r"Secretary-General|Under ?[Ss]ecretary|Ambassador|Amb\.?|Governor|Gov\.?|Mayor|Senator|Sen\.?|"
    r"Representative|Rep\.?|Commissioner|Commander|Cmdr\.?|Captain|Capt\.?|Colonel|Col\.?|"
    r"Lt\.? Col\.?|Lt\.? Gen\.?|Maj\.? Gen\.?|Brig\.? Gen\.?|General|Gen\.?|Admiral|Adm\.?|"
    r"Vice Adm(?:iral|\.)|Rear Adm(?:iral|\.)|Lieutenant|Lt\.?|Major|Maj\.?|Sgt\.?|Director|"
    r"Director-General|Chief|Chairman|Chairwoman|Chair|Professor|Prof\.?|Dr\.?|Judge|King|Queen|"
    r"Emperor|Pope|Spokesman|Spokeswoman|Negotiator|Treasurer|CEO|Speaker|Leader)"
)
_TITLED = re.compile(rf"\b(?P<title>{TITLE})\s+(?P<name>{_NAME}{_INITIAL}\s+{_NAME})\b")
_SPEECH = r"(?:said|says|told|added|noted|stressed|argued|warned|announced|explained|wrote|urged)"
_SPEAKER = re.compile(rf"\b(?P<name>{_NAME}{_INITIAL}\s+{_NAME})\s+{_SPEECH}\b")
_APPOSED = re.compile(rf"\b(?P<name>{_NAME}{_INITIAL}\s+{_NAME}),\s+(?:an?|the)\s")
_SPEAKER_LAST = re.compile(rf"\bsaid\s+(?P<name>{_NAME}{_INITIAL}\s+{_NAME})\b")
_POST = re.compile(
    r",\s+(?P<post>(?:(?:an?|the)\s+)?[\w’'-]*[^,.;:()]{0,80}?\b(?:secretary|minister|director|"
    r"chief|president|analyst|professor|researcher|fellow|chairman|chairwoman|commander|officer|"
    r"spokesman|spokeswoman|spokesperson|governor|mayor|head|executive|economist|negotiator|"
    r"envoy|ambassador|adviser|advisor|expert|lawmaker)\b[^,.;:()]{0,80}),\s"
)
_HAS_TITLE = re.compile(
    rf"(?:\b{TITLE}s?|\b(?:minister|secretary|president|ambassador|governor|mayor|"
    r"spokesman|spokeswoman|spokesperson|chief|general|admiral|leader|envoy|commissioner|chancellor|senator|"
    r"representative|director|negotiator|adviser|executive|chairman|commander)s?)\s+$"
)
# "ministers Shin Won-sik and": the second has the office of the first.
_HAS_TITLES = re.compile(
    r"\b(?:ministers|presidents|leaders|secretaries|chiefs|governors|mayors|senators|ambassadors|"
    r"Ministers|Presidents|Leaders|Secretaries|Chiefs|Governors|Mayors|Senators|Ambassadors|Sens\.|"
    r"Reps\.)\s+(?:[A-Z][\w’'-]+,?\s+){1,6}(?:of\s+\w+,?\s+)?(?:and\s+)?$"
)
# "the Biden team", "a candidate named Joe Biden": no place for an office.
_NO_PLACE = re.compile(r"\b(?:[Tt]he|an?|named|called|former|late|then)\s+$")
_ATTRIBUTE = re.compile(
    r"^\s+(?:administration|team|government|cabinet|campaign|era|family|camp|faction|White|plan)\b"
)
_HAS_POST = re.compile(
    r"^,\s+(?:(?:an?|the|his|her|its|their|who|which)\s|[\w’'. -]{0,60}\b(?:secretary|minister|"
    r"director|chief|president|commander|head|ambassador|governor|mayor|officer|chairman|adviser)\b)"
)
_WELL_KNOWN = frozenset(
    "US UK EU UN NATO G7 G20 AI CEO TV GDP ASEAN NASA LNG EV EVs WTO GPS CIA FBI DC USA APEC OECD "
    "IMF COVID LED PC IT".split()
)
_DEFINED = re.compile(r"\((?P<short>[A-Z][A-Za-z&-]{0,8}[A-Z]s?)\)")
_LONG_WORD = re.compile(r"[\w’'&-]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Someone whom a story names.

    Attributes
    ----------
    full
        The whole name.
    short
        What later mentions say, the surname where it is known.
    intro
        How the digest introduces the person: office and whole name, or the name alone.
    source
        Where an article introduces the person so, ``None`` where the desk does.
    """

    full: str
    short: str
    intro: str
    source: SentenceSource | None = None


@dataclass(slots=True)
class Cast:
    """The people and abbreviations of a story, and which of them a bullet has introduced."""

    people: tuple[Person, ...]
    abbreviations: Mapping[str, str]
    met: set[str] = field(default_factory=set)
    backing: list[SentenceSource] = field(default_factory=list)

    def introduced(self, text: str) -> str:
        """Return the bullet's next sentence with names and abbreviations as a reader needs them."""
        for person in self.people:
            text = self._introduce(text, person)
        for short, full in self.abbreviations.items():
            text = self._spell_out(text, short, full=full)
        return text

    def taken_backing(self) -> tuple[SentenceSource, ...]:
        """Return, once, where the introductions of the sentence just told come from."""
        taken, self.backing = tuple(self.backing), []
        return taken

    def any_in(self, text: str) -> bool:
        """Tell whether a text names any of the people."""
        return bool(self._in(text))

    def only_one_in(self, text: str) -> Person | None:
        """Return the one person whom a text names, ``None`` if there are none or several."""
        people = self._in(text)
        return people[0] if len(people) == 1 else None

    def _in(self, text: str) -> list[Person]:
        return [
            person
            for person in self.people
            if re.search(_any_of((person.full, person.short)), text)
        ]

    def _introduce(self, text: str, person: Person) -> str:
        pieces: list[str] = []
        last = 0
        for match in re.finditer(_any_of((person.full, person.short)), text):
            # "Emanuel Macron" is not Emanuel, nor is "Tamaki City" Tamaki.
            is_part = match.group() == person.short and _is_within_name(text, *match.span())
            if is_quoted(text, *match.span()) or is_part:
                continue
            new = self._said(text, match, person=person)
            if person.source and new not in (match.group(), person.short):
                self.backing.append(person.source)
            self.met.add(person.full)
            pieces += [text[last : match.start()], new]
            last = match.end()
        return "".join((*pieces, text[last:]))

    def _said(self, text: str, match: re.Match[str], *, person: Person) -> str:
        before, after = text[: match.start()], text[match.end() :]
        role = person.intro.removesuffix(person.full).split()
        last = before.split()[-1:]
        has_role = (bool(role and last) and role[-1].lower() == last[0].lower()) or bool(
            _HAS_TITLE.search(before) or _HAS_POST.match(after) or _HAS_TITLES.search(before)
        )
        if person.full in self.met:
            return person.short
        if has_role or _NO_PLACE.search(before) or _ATTRIBUTE.match(after):
            return match.group()
        if person.intro.endswith(",") and after[:1] in ("'", "’"):
            return person.full  # "Harris, an economist,’s years"
        # "Japan's ambassador, Koji Tomita, said" has told the office already.
        clause = re.split(r"[.;:]\s", before)[-1][-90:].lower()
        if before.endswith(", ") and any(len(w) > 4 and w.lower() in clause for w in role):
            return person.full
        # "Japan's Minoru Kihara" has the country already, "was sworn in as president" the office.
        is_told = bool(role) and re.search(rf"\b{re.escape(role[-1])}\b", after[:80], re.IGNORECASE)
        if before.rstrip().endswith(("'s", "’s")) or is_told:
            return person.full
        return person.intro

    def _spell_out(self, text: str, short: str, *, full: str) -> str:
        if short in self.met:
            return text
        match = re.search(rf"(?<![\w(-]){re.escape(short)}(?![\w)-])", text)
        at_full = text.find(f"({short})")
        if at_full >= 0:
            self.met.add(short)
            return text
        if match is None or is_quoted(text, *match.span()):
            return text
        self.met.add(short)
        return f"{text[: match.start()]}{full} ({short}){text[match.end() :]}"


def cast_of(
    articles: Sequence[Article],
    mentions: Mapping[str, Sequence[Mention]],
    names: Mapping[str, str],
) -> Cast:
    """Return the people and abbreviations that a story's English articles introduce.

    Parameters
    ----------
    names
        By entity id, how the digest introduces a person: ``"US Trade Representative Katherine
        Tai"``.
    """
    known = _linked(articles, mentions, names)
    taken = {person.full for person in known} | {person.short for person in known}
    english = [article for article in articles if article.language != "ja"]
    texts = [article.text for article in english]
    found = [p for p in _found(english) if p.full not in taken and p.short not in taken]
    shorts = Counter(person.short for person in (*known, *found))
    # Two of one surname: neither can go by it alone.
    people = [p for p in (*known, *found) if shorts[p.short] == 1]
    return Cast(people=tuple(people), abbreviations=_abbreviations(texts))


def _linked(
    articles: Sequence[Article],
    mentions: Mapping[str, Sequence[Mention]],
    names: Mapping[str, str],
) -> list[Person]:
    surfaces: dict[str, Counter[str]] = {}
    for article in articles:
        for mention in mentions.get(article.id, ()):
            if mention.label is Label.OFFICIAL and mention.entity_id in names:
                surface = article.text[mention.start : mention.end]
                surfaces.setdefault(mention.entity_id, Counter())[surface] += 1
    people = []
    for entity_id, seen in sorted(surfaces.items()):
        person = _person(names[entity_id], seen)
        if person is not None:
            people.append(person)
    return people


def _person(intro: str, surfaces: Iterable[str]) -> Person | None:
    for surface in sorted(surfaces):
        # The articles may write Lee Jae-myung where the desk has Lee Jae Myung.
        tail = " ".join(intro.split()[-len(re.split(r"[\s-]", surface)) :])
        if " " in surface and _letters(tail) == _letters(surface):
            intro = intro.removesuffix(tail) + surface
    within = [s for s in surfaces if re.search(rf"\b{re.escape(s)}\b", intro)]
    if not within:
        return None
    full = max(within, key=lambda surface: (len(surface.split()), len(surface), surface))
    alone = [s for s in within if len(s.split()) == 1]
    short = min(alone, key=lambda s: (intro.rfind(s) * -1, s)) if alone else _surname(full)
    return Person(full=full, short=short, intro=intro)


def _found(articles: Sequence[Article]) -> list[Person]:
    """Return the people whom the articles introduce themselves, with the post they give them."""
    people: dict[str, Person] = {}
    for article in articles:
        text = article.text
        matches = [
            m for p in (_TITLED, _SPEAKER, _SPEAKER_LAST, _APPOSED) for m in p.finditer(text)
        ]
        for match in sorted(matches, key=lambda m: (m.start("name"), m.start())):
            full = " ".join(match["name"].split())
            short = _surname(full)
            if full in people or full.split()[0] in _NOT_FIRST:
                continue
            post = _POST.match(text, match.end("name"))
            title = match.groupdict().get("title")
            # "Valiant Shield, a drill" is nobody.
            if match.re is _APPOSED and post is None:
                continue
            intro = full
            if title:
                intro = f"{title} {full}"
            elif post and len(post["post"].split()) <= 12:
                intro = f"{full}, {post['post']},"
            end = post.end("post") if post and intro.endswith(",") else match.end("name")
            source = SentenceSource(
                article_id=article.id, start=match.start("title" if title else "name"), end=end
            )
            people[full] = Person(full=full, short=short, intro=intro, source=source)
    return list(people.values())


def _surname(full: str) -> str:
    """Return the surname: the first word of Chinese, Korean and Vietnamese names, else the last."""
    words = full.split()
    return words[0] if words[0] in _FIRST_SURNAMES else words[-1]


def _letters(text: str) -> str:
    return re.sub(r"[\W_]", "", text).lower()


_FIRST_SURNAMES = frozenset(
    "Xi Kim Lee Park Pak Yoon Choi Moon Cho Jung Jeong Chung Kang Lai Tsai Wang Li Zhang Liu Chen "
    "Han Shin Hwang Ri Yang Zhao Wu Hu Lin Xu Dong He Qin Mao Pham Nguyen Tran Yun Seo Song Ahn An "
    "Bae Cha Chang Gao Guo Huang Hong Ko Koo Kwon Lim Ma Nam Oh Paik Peng Qi Rhee Ryu Sun Tang "
    "Wei Woo Xie Yan Ye Yi Yu Zheng Zhou Zhu Joo Ju".split()
)
_NOT_FIRST = frozenset(
    "The A An Prime Foreign Defense Defence Finance Chief Vice Deputy White Supreme United North "
    "South East West New Japan China Korea US House State Air Navy Army Marine Pacific Nippon "
    "National Self Ministry Department Liberal Democratic Former Mr Ms Mrs On In At Monday Tuesday "
    "Wednesday Thursday Friday Saturday Sunday January February March April May June July August "
    "September October November December Economic Energy Trade Security American Japanese Chinese "
    "Korean Russian British French German Australian Philippine Cabinet General Major First Second "
    "Hudson Toyota Honda Hitachi Mitsubishi Commerce Treasury Parliament Congress But And".split()
)


def _abbreviations(texts: Sequence[str]) -> dict[str, str]:
    found: dict[str, str] = {}
    for text in texts:
        for match in _DEFINED.finditer(text):
            short = match["short"]
            full = _expansion(text[: match.start()].rstrip(), short)
            if full and short not in _WELL_KNOWN:
                found.setdefault(short, full)
    return found


def _expansion(before: str, short: str) -> str:
    """Return the last words of a text whose initials an abbreviation is, or ``""``."""
    letters = [c.lower() for c in short if c.isupper()]
    words = list(_LONG_WORD.finditer(before[-120:]))[-2 * len(letters) - 3 :]
    for first in range(len(words) - 1, -1, -1):
        parts = [p for w in words[first:] for p in re.split(r"-", w.group()) if p]
        initials = [p[0].lower() for p in parts]
        if not initials or initials[0] != letters[0] or len(parts) < len(letters):
            continue
        if _is_subsequence(letters, initials) and len(parts) <= len(letters) + 3:
            return before[-120:][words[first].start() :]
    return ""


def _is_subsequence(wanted: Sequence[str], within: Sequence[str]) -> bool:
    left = iter(within)
    return all(letter in left for letter in wanted)


def _any_of(words: Iterable[str]) -> str:
    ordered = sorted(set(words), key=lambda word: (-len(word), word))
    # "Orrin G. Hatch" is Orrin Hatch.
    shapes = (re.escape(word).replace("\\ ", r"(?:\s[A-Z]\.)?\s", 1) for word in ordered)
    return rf"(?<![\w-])(?:{'|'.join(shapes)})(?![\w-])"


def _is_within_name(text: str, start: int, end: int) -> bool:
    before = re.search(r"([A-ZÀ-ÞŌŪ][\w’'.-]*)\s+$", text[:start])
    after = re.match(r"\s+([A-ZÀ-ÞŌŪ][\w’-]*)", text[end:])
    if after:
        return True
    if before is None:
        return False
    is_title = _HAS_TITLE.search(text[:start]) is not None
    return not is_title and before.start() > 0
