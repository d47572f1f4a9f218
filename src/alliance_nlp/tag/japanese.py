"""Japanese text, matched by characters: no tokenizer, so no borders that could be wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from alliance_nlp.core.types import Label
from alliance_nlp.tag.gazetteer import Gazetteer
from alliance_nlp.tag.japanese_terms import (
    BARE_SHIP,
    BASE_AT,
    BASE_GENERIC,
    BASE_LEAD,
    DOUBTFUL_TITLES,
    DRILL_AFTER,
    EDITION_JA,
    FORMER,
    FORMER_BEFORE,
    KANJI,
    KATA,
    LEAD_PLACE,
    NAME_BEFORE,
    NO_NAME,
    ORG_BEFORE,
    QUOTED_DRILL,
    QUOTED_SHIP,
    TITLE,
    TITLES,
    TOWNS,
    US_LEAD,
    WIDE,
)
from alliance_nlp.tag.kb import KnowledgeBase
from alliance_nlp.tag.linking import best_match
from alliance_nlp.tag.reading import Reading
from alliance_nlp.tag.records import Exercise, Mineral, Official, Ship
from alliance_nlp.tag.spans import Candidate


@dataclass(slots=True)
class _Lexicon:
    """Japanese strings by their first two characters, longest first."""

    by_head: dict[str, list[tuple[str, str, Label]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    surnames: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    ships: dict[str, str] = field(default_factory=dict)
    exercises: dict[str, str] = field(default_factory=dict)


@lru_cache(maxsize=4)
def _lexicon(holder: _Holder) -> _Lexicon:
    lexicon = _Lexicon()
    for record in holder.kb.records.values():
        label = holder.kb.label(record.id)
        for name in record.ja:
            if isinstance(record, Ship):
                lexicon.ships.setdefault(name, record.id)
            elif isinstance(record, Exercise):
                lexicon.exercises.setdefault(name, record.id)
            if isinstance(record, Ship) and _is_short_kana(name):
                continue  # counts only beside a type of ship: いずも, きりしま
            lexicon.by_head[name[:2]].append((name, record.id, label))
            if isinstance(record, Official):
                for surname in _surnames(name):
                    lexicon.surnames[surname].append(record.id)
    for entries in lexicon.by_head.values():
        entries.sort(key=lambda e: (-len(e[0]), e[0], e[1]))
    return lexicon


class _Holder:
    """A knowledge base as a cache key: equal when the content is."""

    def __init__(self, kb: KnowledgeBase) -> None:
        self.kb = kb

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Holder) and other.kb.version == self.kb.version

    def __hash__(self) -> int:
        return hash(self.kb.version)


def _is_short_kana(name: str) -> bool:
    return len(name) < 7 and re.fullmatch(f"[\u3041-\u3096{KATA}{KANJI}]+", name) is not None


def _surnames(name: str) -> list[str]:
    """Return the forms under which a title may follow the surname alone."""
    if "・" in name:
        return [name.rsplit("・", 1)[-1].split("＝")[0]]
    if re.match(f"[{KANJI}]", name):
        return [name[:size] for size in (1, 2, 3) if len(name) > size]
    return []


def find_japanese(reading: Reading) -> None:
    """Add the entities of a Japanese document to its reading; other documents are left alone."""
    if not reading.japanese:
        return
    scan = _Scan(reading)
    scan.lexicon_hits()
    scan.ships()
    scan.exercises()
    scan.bases()
    scan.officials()


class _Scan:
    """One pass over a Japanese text."""

    def __init__(self, reading: Reading) -> None:
        self.reading = reading
        self.gazetteer: Gazetteer = reading.gazetteer
        self.text = reading.source
        self.on = reading.published_on
        kb = reading.gazetteer.kb
        self.lexicon = _lexicon(_Holder(kb))
        self.known: dict[str, str] = {}

    def add(self, span: tuple[int, int], label: Label, how: str, *, entity_id: str = "") -> None:
        """Add a candidate by code points."""
        ids = (entity_id,) if entity_id else ()
        weight = 3 if entity_id else 2
        self.reading.found.append(
            Candidate(start=span[0], end=span[1], label=label, how=how, ids=ids, weight=weight)
        )

    def lexicon_hits(self) -> None:
        """Find every Japanese string of the knowledge base."""
        text, heads = self.text, self.lexicon.by_head
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
            if not self._is_former(start, end):
                self._official((start, end), "", entity_id)
        elif label == Label.MINERAL:
            self._mineral(name, entity_id, (start, end))
        elif label == Label.EXERCISE:
            self._exercise(entity_id, (start, end))
        elif not self._runs_on(name, start, end):
            lead = US_LEAD.match(name) if label == Label.BASE else None
            self.add(
                (start + (lead.end() if lead else 0), end), label, "kb-ja", entity_id=entity_id
            )

    def _runs_on(self, name: str, start: int, end: int) -> bool:
        """Tell whether katakana goes on beyond the match, so that it is another word."""
        kata = re.compile(f"[{KATA}]")
        before, after = self.text[start - 1 : start], self.text[end : end + 1]
        return bool(
            (kata.match(name[0]) and before and kata.match(before))
            or (kata.match(name[-1]) and after and kata.match(after))
        )

    def _mineral(self, name: str, entity_id: str, span: tuple[int, int]) -> None:
        start, end = span
        record = self.gazetteer.kb.records[entity_id]
        if not isinstance(record, Mineral) or self._runs_on(name, start, end):
            return
        after = self.text[end : end + 3]
        if after.startswith(
            (
                "磁石",
                "電池",
                "イオン",
                "合金",
                "メダル",
                "バレー",
                "行",
                "山",
                "座",
                "河",
                "ウエ",
                "ウェ",
            )
        ):
            return
        if len(name) <= 2 or record.guarded:
            kanji = re.compile(f"[{KANJI}{KATA}]")
            edges = self.text[start - 1 : start], self.text[end : end + 1]
            context = self._sentence(start)
            if any(edge and kanji.match(edge) for edge in edges) and len(name) <= 2:
                return
            if not re.search(
                "鉱|資源|精錬|製錬|輸出|輸入|供給|調達|生産|備蓄|原料|レアメタル|レアアース|埋蔵|産出",
                context,
            ):
                return
        self.add(span, Label.MINERAL, "kb-ja", entity_id=entity_id)

    def _exercise(self, entity_id: str, span: tuple[int, int]) -> None:
        start, end = span
        record = self.gazetteer.kb.records[entity_id]
        edition = EDITION_JA.match(self.text, end)
        doubtful = isinstance(record, Exercise) and record.ambiguous and not edition
        if doubtful and not re.search("演習|訓練", self._sentence(start)):
            return
        self.add(
            (start, edition.end() if edition else end), Label.EXERCISE, "kb-ja", entity_id=entity_id
        )

    def _sentence(self, at: int) -> str:
        first = max(self.text.rfind("。", 0, at), self.text.rfind("\n", 0, at)) + 1
        ends = [e for e in (self.text.find("。", at), self.text.find("\n", at)) if e >= 0]
        return self.text[first : min(ends, default=len(self.text))]

    def ships(self) -> None:
        """Find ships beside a type of ship."""
        names = self.lexicon.ships
        for pattern in (QUOTED_SHIP, BARE_SHIP):
            for match in pattern.finditer(self.text):
                name = match.group(1)
                if name in ("ミサイル", "レーダー"):
                    continue
                self.add(match.span(1), Label.SHIP, "type-ja", entity_id=names.get(name, ""))
                self._bare_again(name, names.get(name, ""))

    def _bare_again(self, name: str, entity_id: str) -> None:
        for match in re.finditer(f"[「『]({re.escape(name)})[」』]", self.text):
            self.add(match.span(1), Label.SHIP, "document-ja", entity_id=entity_id)

    def exercises(self) -> None:
        """Find quoted names beside 演習 or 訓練."""
        names = self.lexicon.exercises
        for pattern in (QUOTED_DRILL, DRILL_AFTER):
            for match in pattern.finditer(self.text):
                name = match.group(1)
                if not re.search(f"[{KATA}A-Za-z0-9０-９]", name) or "。" in name:
                    continue
                plain = re.sub("[0-9 ]+$", "", name.translate(WIDE))
                self.add(
                    match.span(1), Label.EXERCISE, "pattern-ja", entity_id=names.get(plain, "")
                )

    def bases(self) -> None:
        """Find bases by their designators, without the service in front."""
        for match in BASE_AT.finditer(self.text):
            lead = BASE_LEAD.match(match.group())
            start = match.start() + (lead.end() if lead else 0)
            surface = self.text[start : match.end()]
            if len(surface) < 4 or BASE_GENERIC.match(surface):
                continue
            self.add((start, match.end()), Label.BASE, "designator-ja")

    def officials(self) -> None:
        """Find names before titles: 岸田首相, 小泉進次郎防衛相, 中谷元・防衛相."""
        for match in re.finditer(TITLE, self.text):
            self._before_title(match.start(), match.group())
        for surname, entity_id in self.known.items():
            for match in re.finditer(re.escape(surname), self.text):
                after = self.text[match.end() : match.end() + 1]
                before = self.text[match.start() - 1 : match.start()]
                if after in ("氏", "は", "が", "も", "と", "、", "に", "の") and not re.match(
                    f"[{KANJI}{KATA}]", before
                ):
                    self.add(match.span(), Label.OFFICIAL, "document-ja", entity_id=entity_id)

    def _before_title(self, at: int, title: str) -> None:
        start = max(0, at - 24)
        joint = self.text[at - 1 : at] == "・"
        head = self.text[start : at - joint]
        place = re.search(
            "(?:駐日米国|駐日米|駐日|駐米|駐韓|在日米軍|米太平洋艦隊|米インド太平洋軍|米軍|米|統合|"
            "陸上|海上|航空|太平洋艦隊|"
            + TOWNS
            + "|第7艦隊|第７艦隊|在沖縄米軍|経済|国家|外務省|防衛省)$",
            head,
        )
        if place and not joint:
            head = head[: place.start()]
        found = NAME_BEFORE.search(head)
        if found is None:
            return
        base = start + found.start("name")
        name = found.group("name")
        self._titled_name(name, base, title)

    def _titled_name(self, name: str, base: int, title: str) -> None:
        meaning = TITLES[title]
        for offset in range(len(name)):
            part = name[offset:]
            if offset and len(part) < 2:
                break  # one character of a longer name is no surname
            ids = self.lexicon.surnames.get(part, [])
            full = [
                e
                for e in self.lexicon.by_head.get(part[:2], [])
                if e[0] == part and e[2] == Label.OFFICIAL
            ]
            if full:
                return
            entity_id = (
                best_match(
                    self.gazetteer.kb,
                    ids,
                    phrase=meaning,
                    country="",
                    on=self.on,
                    least=6 if self.on else 3,
                )
                if meaning
                else ""
            )
            if entity_id:
                self._official((base + offset, base + len(name)), part, entity_id)
                return
        doubtful = title in DOUBTFUL_TITLES and not ORG_BEFORE.search(
            self.text[max(0, base - 12) : base]
        )
        if doubtful or NO_NAME.match(name) or name.endswith(("元", "前", "故", "次期")):
            return
        while name and LEAD_PLACE.match(name):
            cut = LEAD_PLACE.match(name)
            assert cut is not None
            base, name = base + cut.end(), name[cut.end() :]
        if NO_NAME.match(name) or len(name) < 2 or title in ("政権",):
            return
        if re.fullmatch(f"[{KANJI}]{{1,3}}[\u3041-\u3096]+", name):
            return
        self._official((base, base + len(name)), name, "")

    def _official(self, span: tuple[int, int], surname: str, entity_id: str) -> None:
        self.add(span, Label.OFFICIAL, "title-ja" if surname else "kb-ja", entity_id=entity_id)
        if surname and len(surname) > 1:
            self.known[surname] = entity_id
        elif entity_id:
            record = self.gazetteer.kb.records[entity_id]
            for short in _surnames(self.text[slice(*span)]):
                if len(short) == 2 or "・" in self.text[slice(*span)]:
                    self.known.setdefault(short, record.id)

    def _is_former(self, start: int, end: int) -> bool:
        after = self.text[end : end + 2]
        return (
            after.startswith(FORMER)
            or FORMER_BEFORE.search(self.text[start - 12 : start]) is not None
        )
