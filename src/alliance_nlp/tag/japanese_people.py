"""Officials in Japanese text: before a title, after a title with 氏, and again by surname."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from alliance_nlp.tag.japanese_names import (
    KANJI,
    KATA,
    ends_of_names,
    is_name,
    parse_run,
    run_before,
    starts_of_names,
    worth,
)
from alliance_nlp.tag.japanese_surnames import MAINLAND_SURNAMES, SURNAMES
from alliance_nlp.tag.japanese_titles import (
    DOUBTFUL,
    MEANINGS,
    MINISTERS,
    NOT_OFFICES,
    STRONG,
)
from alliance_nlp.tag.kb import KnowledgeBase
from alliance_nlp.tag.linking import best_match, serves
from alliance_nlp.tag.records import Official


def _alternatives(words: Iterable[str]) -> str:
    """Return a pattern of words by their first letter, longest first, so that it is quick."""
    heads: dict[str, list[str]] = defaultdict(list)
    for word in sorted(set(words), key=lambda word: (-len(word), word)):
        heads[word[0]].append(word[1:])
    return "|".join(f"{head}(?:{'|'.join(tails)})" for head, tails in sorted(heads.items()))


_RANK = "[1-3１-３一二三](?:等)?[陸海空]?[佐尉曹]|准[陸海空]尉"
_TITLES = f"{_alternatives([*STRONG, *DOUBTFUL, *MINISTERS])}|{_RANK}"
# Most characters begin no title: to ask for the first one spares trying the others.
_HEADS = (
    "["
    + "".join(sorted({word[0] for word in [*STRONG, *DOUBTFUL, *MINISTERS]}))
    + "0-9１-３一二三准]"
)
_PLAIN_HEADS = _HEADS[:-1] + "".join(sorted({word[0] for word in NOT_OFFICES})) + "氏両]"
_EVENT = re.compile(
    f"(?={_PLAIN_HEADS})(?:(?P<title>{_TITLES})(?!選|候補|府|令|官邸|公邸|公室|室|級|職|杯|経験|館|国|権|制|団|部|官|"
    "者|取締|的|塔|会議員|会の|会は|会が|記念)"
    f"|(?P<plain>{_alternatives(NOT_OFFICES)})|(?P<mister>両?氏))"
)
_OFFICE_END = re.compile(f"(?={_HEADS})(?:{_TITLES})(?:兼[{KANJI}]+)?\\Z")
_HOLDS = re.compile("(?:を務める|に就いた|に就任した|に就く|となった|である)\\Z")
_PAST_LEAD = re.compile(
    "^(?:[元前故旧](?!橋|原|沢|山|町)|次期|初代)|[元前](?:副?[" + KANJI + "]{1,9})$"
)
_STATE = re.compile(
    "省|庁|府|局|軍|隊|幕|県|都|道|市|町|村|区|政府|議会|国会|院|党|防衛|大使館|領事館|海保|自|"
    "警|日銀|日本銀行|国連|"
    "委員会|交渉|代表部"
)
_PARTY = re.compile("党|民主|維新|公明|通商|れいわ|国会|院|公安")
_MEDIA = re.compile("放送|新聞|通信社|郵便|編集|支局|総局|テレビ")
_PARTY_TITLES = frozenset("代表 副代表 委員長 副委員長 部会長 調査会長 税調会長 小委員長".split())
_READING = re.compile(f"[((][{KATA}・ ]{{2,20}}[))]\\Z")
_CABINETS = frozenset({"政権", "内閣"})
_AFTER_PAST = ("元", "前", "・元", "・前", "(元", "(前", "(元", "(前")


@dataclass(frozen=True, slots=True)
class Known:
    """A full name of the knowledge base in the text."""

    start: int
    end: int
    entity_id: str


@dataclass(frozen=True, slots=True)
class _Person:
    name: str
    official: bool
    entity_id: str
    end: int


@dataclass(slots=True)
class People:
    """The people of one text, in the order in which they come.

    Attributes
    ----------
    surnames
        Japanese surnames to the ids of known officials.
    hits
        Full names of the knowledge base by their end.
    found
        Officials as (start, end, id, rule).
    """

    text: str
    kb: KnowledgeBase
    on: date | None
    surnames: dict[str, list[str]]
    hits: list[Known]
    found: list[tuple[int, int, str, str]] = field(default_factory=list)
    _persons: list[_Person] = field(default_factory=list)
    _next: int = 0

    def find(self) -> list[tuple[int, int, str, str]]:
        """Return all officials of the text."""
        for match in _EVENT.finditer(self.text):
            at = self._past_reading(match.start())
            run = run_before(self.text, at)
            self._pass_hits(at - len(run))
            if match.lastgroup == "mister":
                self._mister(at, run, both=match.group() == "両氏")
            elif run:
                self._titled(at, run, match.group(), office=match.lastgroup == "title")
        self._pass_hits(len(self.text))
        return self.found

    def _past_reading(self, at: int) -> int:
        """Return where a name ends whose reading stands between it and the title."""
        if self.text[at - 1 : at] not in (")", ")"):
            return at
        reading = _READING.search(self.text[max(0, at - 24) : at])
        return at - len(reading.group()) if reading else at

    def _pass_hits(self, before: int) -> None:
        """Judge the known names that end before a place and that no title claimed."""
        while self._next < len(self.hits) and self.hits[self._next].end <= before:
            hit = self.hits[self._next]
            self._next += 1
            if self._is_whole(hit):
                self._note(
                    (hit.start, hit.end), hit.entity_id, "kb-ja", official=self._is_current(hit)
                )

    def _claim(self, start: int) -> Known | None:
        """Return the last known name that begins in a run, and pass it."""
        claimed = None
        while self._next < len(self.hits) and self.hits[self._next].start < start:
            claimed = self.hits[self._next]
            self._next += 1
        return claimed

    def _is_whole(self, hit: Known) -> bool:
        before = self.text[max(0, hit.start - 1) : hit.start]
        if not re.match(f"[{KANJI}]", before):
            return True
        return before + self.text[hit.start] not in SURNAMES and hit.end - hit.start > 2

    def _is_current(self, hit: Known) -> bool:
        if self.text.startswith(_AFTER_PAST, hit.end):
            return False
        lead = self._lead(hit.start)
        if lead:
            return lead == "current"
        record = self.kb.records[hit.entity_id]
        return isinstance(record, Official) and serves(record, self.on)

    def _note(self, span: tuple[int, int], entity_id: str, how: str, *, official: bool) -> None:
        name = self.text[span[0] : span[1]]
        self._persons.append(_Person(name, official, entity_id, span[1]))
        if official:
            self.found.append((*span, entity_id, how))

    def _titled(self, at: int, run: str, title: str, *, office: bool) -> None:
        start = at - len(run)
        hit = self._claim(at)
        if hit is not None and hit.end <= at and self._is_whole(hit):
            past = ends_of_names(self.text[hit.end : at]).get(0)
            if past is not None:
                self._note(
                    (hit.start, hit.end), hit.entity_id, "kb-ja", official=office and not past
                )
                return
            if parse_run(run, title) is None:
                self._note(
                    (hit.start, hit.end), hit.entity_id, "kb-ja", official=self._is_current(hit)
                )
                return
        if office and self._by_known_surname(start, run, title):
            return
        parsed = parse_run(run, title)
        if parsed is None or (title in _CABINETS and parsed.end - parsed.start > 8):
            return
        official = (
            office
            and not parsed.past
            and self._is_office((start, at), run[parsed.end :] + title, title)
        )
        name = run[parsed.start : parsed.end]
        if title in _CABINETS and not (name in SURNAMES or re.match(f"[{KATA}]", name)):
            return
        known = self._same(name)
        entity_id = known.entity_id if known else ""
        self._note(
            (start + parsed.start, start + parsed.end), entity_id, "title-ja", official=official
        )

    def _by_known_surname(self, start: int, run: str, title: str) -> bool:
        """Find a surname of the knowledge base whose bearer holds the office."""
        ends = ends_of_names(run)
        for first in starts_of_names(run):
            for last, past in sorted(ends.items()):
                name = run[first:last]
                if past or name not in self.surnames or not _may_stand_alone(name):
                    continue
                entity_id = self._link(name, run[last:] + title)
                if entity_id:
                    self._note((start + first, start + last), entity_id, "title-ja", official=True)
                    return True
        return False

    def _link(self, name: str, title: str) -> str:
        meaning = next(
            (MEANINGS[title[i:]] for i in range(len(title)) if title[i:] in MEANINGS), ""
        )
        if not meaning:
            return ""
        least = 6 if self.on else 3
        ids = self.surnames[name]
        return best_match(self.kb, ids, phrase=meaning, country="", on=self.on, least=least)

    def _is_office(self, span: tuple[int, int], full_title: str, title: str) -> bool:
        """Tell whether a title that companies use too is one of a state here."""
        context = self.text[max(0, span[0] - 14) : span[0]] + full_title[: -len(title)]
        context += self.text[span[0] : span[1]]
        context = context.rsplit("。", 1)[-1]
        if title in ("局長", "局次長"):
            return not _MEDIA.search(context)
        if title not in DOUBTFUL or title in _CABINETS:
            return True
        if title in _PARTY_TITLES:
            return bool(_PARTY.search(context))
        if title in ("会長", "顧問", "参与"):
            return title != "会長" and bool(re.search("内閣|政府|省|首相", context))
        if title == "本部長" and re.search("海上保安本部|管区", self.text):
            return True
        return bool(_STATE.search(context))

    def _lead(self, start: int) -> str:
        """Return whether an office in front of a name is held now: 県知事の, 首相を務める."""
        before = self.text[max(0, start - 26) : start]
        holds = _HOLDS.search(before)
        if holds is not None:
            before = before[: holds.start()]
        elif before.endswith(("の", "・")):
            before = before[:-1]
        office = _OFFICE_END.search(before)
        if office is None or (holds is None and len(before) == start - max(0, start - 26)):
            return ""
        phrase = re.split("[、。「」()()\n はがをにとで]", before)[-1].split("の")[-1]
        if _PAST_LEAD.search(phrase):
            return "past"
        head = run_before(before, office.start())
        full = head + office.group()
        doubtful = self._is_office((start - len(full), start), full, office.group())
        return "current" if doubtful else ""

    def _mister(self, at: int, run: str, *, both: bool) -> None:
        """Judge a name before 氏."""
        start = at - len(run)
        hit = self._claim(at)
        if hit is not None and hit.end == at and self._is_whole(hit):
            current = self._is_current(hit) or self._is_listed(hit.start)
            self._note((hit.start, hit.end), hit.entity_id, "kb-ja", official=current)
            return
        if not run:
            return
        lead = self._lead(start)
        if lead and is_name(run):
            entity_id = self._by_lead(run, start)
            self._note((start, at), entity_id, "title-ja", official=lead == "current")
        elif self._again(start, run) or self._in_front(start, run):
            if both:
                self._pair(start)
        elif is_name(run):
            self._note((start, at), "", "title-ja", official=self._is_listed(start))

    def _by_lead(self, name: str, start: int) -> str:
        if name not in self.surnames:
            return ""
        before = self.text[max(0, start - 20) : start].rstrip("の")
        return self._link(name, before)

    def _is_listed(self, start: int) -> bool:
        """Tell whether a name comes right after an official's 氏: …の甲氏と乙氏."""
        if not self._persons or not self._persons[-1].official:
            return False
        between = self.text[self._persons[-1].end : start]
        return between in ("氏と", "氏、", "氏や", "氏、同", "、", "・")

    def _in_front(self, start: int, run: str) -> bool:
        """Find a title right before a name, with no の."""
        for first in starts_of_names(run):
            lead, name = run[:first], run[first:]
            if first and _OFFICE_END.search(lead) and worth(name) > 2:
                self._note(
                    (start + first, start + len(run)),
                    "",
                    "title-ja",
                    official=not _PAST_LEAD.search(lead),
                )
                return True
        return False

    def _again(self, start: int, run: str) -> bool:
        """Find someone who came before, by surname."""
        for first in starts_of_names(run):
            person = self._same(run[first:])
            if person is not None:
                if person.official:
                    self.found.append(
                        (start + first, start + len(run), person.entity_id, "document-ja")
                    )
                return True
        entity_id = self._well_known(run)
        if entity_id:
            self._note((start, start + len(run)), entity_id, "kb-ja", official=True)
        return bool(entity_id)

    def _same(self, name: str) -> _Person | None:
        """Return whoever came last with a full name that a shorter one stands for."""
        for person in reversed(self._persons):
            parts = re.split("[・＝=]", person.name)
            if name == person.name or (len(parts) > 1 and name in parts):
                return person
            if len(parts) == 1 and person.name.startswith(name) and _may_be_surname(name):
                return person
        return None

    def _well_known(self, name: str) -> str:
        """Return the one serving official of the knowledge base whom a foreign surname means."""
        ids = set(self.surnames.get(name, []))
        if not re.match(f"[{KATA}]{{3}}", name) or self.on is None:
            return ""
        for phrase in ("president", "prime minister"):
            entity_id = best_match(self.kb, ids, phrase=phrase, country="", on=self.on, least=7)
            if entity_id:
                return entity_id
        record = self.kb.records[ids.pop()] if len(ids) == 1 else None
        return record.id if isinstance(record, Official) and serves(record, self.on) else ""

    def _pair(self, start: int) -> None:
        """Find the first of two: 甲、乙両氏."""
        if self.text[start - 1 : start] in ("、", "と", "・"):
            run = run_before(self.text, start - 1)
            self._again(start - 1 - len(run), run)


def _may_be_surname(name: str) -> bool:
    if len(name) == 1:
        return name in SURNAMES or name in MAINLAND_SURNAMES
    return len(name) < 4


def _may_stand_alone(name: str) -> bool:
    if not re.match(f"[{KANJI}]", name):
        return True
    return len(name) == 2 or name in SURNAMES or (len(name) == 1 and name in MAINLAND_SURNAMES)
