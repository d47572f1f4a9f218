"""Japanese text, matched by characters: no tokenizer, so no borders that could be wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from alliance_nlp.core.types import Label
from alliance_nlp.tag.japanese_bases import find_japanese_bases
from alliance_nlp.tag.japanese_drills import Drills, key
from alliance_nlp.tag.japanese_minerals import mineral_span
from alliance_nlp.tag.japanese_names import KANJI, KATA
from alliance_nlp.tag.japanese_people import Known, People
from alliance_nlp.tag.japanese_ships import Ships
from alliance_nlp.tag.kb import KnowledgeBase
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.records import Exercise, Official, Ship
from alliance_nlp.tag.spans import Candidate

_KATA = re.compile(f"[{KATA}]")
_EDITION = re.compile(
    "(?:[ ・]?[0-9０-９]{4}|[ ・]?[0-9０-９]{2}|[’'][0-9０-９]{2}|"
    "[0-9](?![0-9]))(?:[.-][0-9]{1,2})?"
    "(?![0-9０-９]|[年月日カか人隻機])"
)
_SERVICE = re.compile(
    "(?:在日米軍|米軍|米空軍|米海軍|米海兵隊|米陸軍|陸上自衛隊|海上自衛隊|航空自衛隊|自衛隊|"
    "陸自|海自|空自|豪空軍|豪海軍)(?=.)"
)


@dataclass(slots=True)
class _Lexicon:
    """Japanese strings by their first two characters, longest first."""

    by_head: dict[str, list[tuple[str, str, Label]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    surnames: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ships: dict[str, list[Ship]] = field(default_factory=lambda: defaultdict(list))
    exercises: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=4)
def _lexicon(kb: KnowledgeBase) -> _Lexicon:
    lexicon = _Lexicon()
    for record in kb.records.values():
        label = kb.label(record.id)
        if isinstance(record, Exercise):
            for name in (record.name, *record.aliases):
                lexicon.exercises.setdefault(key(name), record.id)
        for name in record.ja:
            if isinstance(record, Ship):
                lexicon.ships[name].append(record)
                continue  # counts only beside a type of ship or in quotation marks
            if isinstance(record, Exercise):
                lexicon.exercises.setdefault(name, record.id)
            lexicon.by_head[name[:2]].append((name, record.id, label))
            if isinstance(record, Official):
                for surname in _surnames(name):
                    lexicon.surnames[surname].append(record.id)
    for entries in lexicon.by_head.values():
        entries.sort(key=lambda e: (-len(e[0]), e[0], e[1]))
    return lexicon


def _surnames(name: str) -> list[str]:
    """Return the forms under which a title may follow the surname alone."""
    if "・" in name:
        return [name.rsplit("・", 1)[-1].split("＝")[0]]
    if re.match(f"[{KANJI}]", name):
        return [name[:size] for size in (1, 2, 3) if len(name) > size]
    return [name]


def find_japanese(reading: Reading) -> None:
    """Add the entities of a Japanese document to its reading; other documents are left alone."""
    if reading.japanese:
        _Scan(reading).run()


class _Scan:
    """One pass over a Japanese text."""

    def __init__(self, reading: Reading) -> None:
        self._reading = reading
        self._text = reading.source
        self._kb = reading.gazetteer.kb
        self._lexicon = _lexicon(self._kb)
        self._people: list[Known] = []

    def run(self) -> None:
        """Find the entities of all labels."""
        self._lexicon_hits()
        for found, label in (
            (Ships(self._text, self._lexicon.ships, self._reading.published_on).find(), Label.SHIP),
            (Drills(self._text, self._lexicon.exercises).find(), Label.EXERCISE),
        ):
            for start, end, entity_id, how in found:
                self._add((start, end), label, how, entity_id=entity_id)
        for span in find_japanese_bases(self._text):
            self._add(span, Label.BASE, "designator-ja")
        people = People(
            text=self._text,
            kb=self._kb,
            on=self._reading.published_on,
            surnames=self._lexicon.surnames,
            hits=self._people,
        )
        for start, end, entity_id, how in people.find():
            self._add((start, end), Label.OFFICIAL, how, entity_id=entity_id)

    def _add(self, span: tuple[int, int], label: Label, how: str, *, entity_id: str = "") -> None:
        """Add a candidate by code points."""
        ids = (entity_id,) if entity_id else ()
        weight = 3 if entity_id else 2
        self._reading.found.append(
            Candidate(start=span[0], end=span[1], label=label, how=how, ids=ids, weight=weight)
        )

    def _lexicon_hits(self) -> None:
        """Find every Japanese string of the knowledge base."""
        text, heads = self._text, self._lexicon.by_head
        index = 0
        while index < len(text):
            entries = heads.get(text[index : index + 2]) or heads.get(text[index])
            found = (
                next((e for e in entries if text.startswith(e[0], index)), None)
                if entries
                else None
            )
            if found is None:
                index += 1
                continue
            end = index + len(found[0])
            self._judge_hit(found, index, end)
            index = end

    def _judge_hit(self, entry: tuple[str, str, Label], start: int, end: int) -> None:
        name, entity_id, label = entry
        if label == Label.OFFICIAL:
            if not self._runs_on(name, start, end):
                self._people.append(Known(start, end, entity_id))
        elif label == Label.MINERAL:
            span = mineral_span(self._text, (start, end), self._sentence(start))
            if span is not None:
                self._add(span, label, "kb-ja", entity_id=entity_id)
        elif label == Label.EXERCISE:
            self._exercise(entity_id, (start, end))
        elif not self._runs_on(name, start, end):
            lead = _SERVICE.match(name)
            self._add(
                (start + (lead.end() if lead else 0), end), label, "kb-ja", entity_id=entity_id
            )

    def _runs_on(self, name: str, start: int, end: int) -> bool:
        """Tell whether katakana goes on beyond the match, so that it is another word."""
        before, after = self._text[start - 1 : start], self._text[end : end + 1]
        return bool(
            (_KATA.match(name[0]) and before and _KATA.match(before))
            or (_KATA.match(name[-1]) and after and _KATA.match(after))
        )

    def _exercise(self, entity_id: str, span: tuple[int, int]) -> None:
        start, end = span
        record = self._kb.records[entity_id]
        if self._runs_on(self._text[start:end], start, end):
            return
        edition = _EDITION.match(self._text, end)
        doubtful = isinstance(record, Exercise) and record.ambiguous and not edition
        # A name such as 機雷戦訓練 is its own word for exercise, so it must stand in quotes.
        named = re.search("演習|訓練", self._text[start:end]) is not None
        if doubtful and (
            self._text[start - 1 : start] not in ("「", "『")
            if named
            else not re.search("演習|訓練", self._sentence(start))
        ):
            return
        self._add(
            (start, edition.end() if edition else end), Label.EXERCISE, "kb-ja", entity_id=entity_id
        )

    def _sentence(self, at: int) -> str:
        first = max(self._text.rfind("。", 0, at), self._text.rfind("\n", 0, at)) + 1
        ends = [e for e in (self._text.find("。", at), self._text.find("\n", at)) if e >= 0]
        return self._text[first : min(ends, default=len(self._text))]
