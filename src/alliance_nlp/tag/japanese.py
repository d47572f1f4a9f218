"""Japanese text, matched by characters: no tokenizer, so no borders that could be wrong."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass, field
from functools import lru_cache

from alliance_nlp.core.types import Label
from alliance_nlp.tag.gazetteer import Gazetteer
from alliance_nlp.tag.kb import KnowledgeBase
from alliance_nlp.tag.linking import best_match
from alliance_nlp.tag.reading import PUBLISHED_ON, Reading
from alliance_nlp.tag.records import Exercise, Mineral, Official, Ship
from alliance_nlp.tag.spans import Candidate

__all__ = ["PUBLISHED_ON", "find_japanese"]

_KANJI = "\u4e00-\u9fff々〆ヶ"
_KATA = "\u30a1-\u30faー"
_WIDE = str.maketrans("０１２３４５６７８９", "0123456789")
# Titles after a name, with what they mean for linking.
_TITLES = {
    "首相": "prime minister", "総理大臣": "prime minister", "総理": "prime minister",
    "大統領": "president", "副大統領": "vice president", "国家主席": "president",
    "国務委員": "minister", "総統": "president", "主席": "president",
    "総書記": "president", "国務委員長": "leader", "外相": "foreign minister",
    "外務大臣": "foreign minister", "外務相": "foreign minister", "外務次官": "vice minister",
    "外交部長": "foreign minister", "外務省報道官": "spokesperson", "外務報道官": "spokesperson",
    "防衛相": "defense minister", "防衛大臣": "defense minister", "国防相": "defense minister",
    "国防長官": "defense secretary", "国務長官": "secretary of state",
    "戦争長官": "war secretary", "国防部長": "defense minister", "国防次官": "under secretary",
    "国防副長官": "deputy secretary", "国務副長官": "deputy secretary",
    "国務次官補": "assistant secretary", "国防次官補": "assistant secretary",
    "国務次官": "under secretary", "商務長官": "commerce secretary",
    "財務長官": "treasury secretary", "エネルギー長官": "energy secretary",
    "通商代表": "trade representative", "通商代表部代表": "trade representative",
    "官房長官": "chief cabinet secretary", "官房副長官": "deputy secretary",
    "経産相": "industry minister", "経済産業相": "industry minister",
    "経済産業大臣": "industry minister", "財務相": "finance minister",
    "財務大臣": "finance minister", "経済再生相": "minister", "経済再生担当相": "minister",
    "経済安保相": "economic security", "経済安全保障相": "economic security",
    "経済安全保障担当相": "economic security", "環境相": "minister", "国交相": "minister",
    "農相": "minister", "農水相": "minister", "法相": "minister", "総務相": "minister",
    "文科相": "minister", "厚労相": "minister", "デジタル相": "minister",
    "沖縄北方相": "minister", "沖縄担当相": "minister", "担当相": "minister",
    "副大臣": "vice minister", "政務官": "vice minister", "大臣": "minister",
    "事務次官": "vice minister", "次官": "vice minister", "局長": "director-general",
    "審議官": "director-general", "報道官": "spokesperson", "知事": "governor",
    "副知事": "governor", "市長": "mayor", "町長": "mayor", "村長": "mayor", "区長": "mayor",
    "大使": "ambassador", "駐日大使": "ambassador", "駐米大使": "ambassador",
    "駐日米大使": "ambassador", "駐日米国大使": "ambassador", "駐日米国特命全権大使": "ambassador",
    "臨時代理大使": "ambassador", "総領事": "ambassador", "公使": "ambassador",
    "司令官": "commander", "総司令官": "commander", "副司令官": "commander",
    "在日米軍司令官": "commander", "海軍大将": "admiral", "陸軍大将": "general",
    "空軍大将": "general", "大将": "general", "中将": "general", "少将": "general",
    "准将": "general", "大佐": "colonel", "中佐": "colonel", "少佐": "maj", "大尉": "capt",
    "幕僚長": "chief of staff", "統幕長": "joint staff chief", "陸幕長": "army chief",
    "海幕長": "navy chief", "空幕長": "air force chief", "統合幕僚長": "joint staff chief",
    "陸上幕僚長": "army chief", "海上幕僚長": "navy chief", "航空幕僚長": "air force chief",
    "統合作戦司令官": "commander", "自衛艦隊司令官": "commander", "方面総監": "commander",
    "総監": "commander", "艦長": "captain", "陸将": "general", "海将": "admiral",
    "空将": "general", "陸将補": "general", "海将補": "admiral", "空将補": "general",
    "上院議員": "senator", "下院議員": "representative", "下院議長": "speaker",
    "衆院議員": "diet member", "参院議員": "diet member", "衆議院議員": "diet member",
    "参議院議員": "diet member", "国会議員": "diet member", "議員": "lawmaker",
    "院内総務": "majority leader", "委員長": "chair", "事務総長": "secretary general",
    "幹事長": "secretary general", "政調会長": "", "国家安全保障局長": "national security adviser",
    "大統領補佐官": "national security adviser", "首相補佐官": "adviser", "補佐官": "adviser",
    "長官": "secretary", "政権": "administration", "内閣": "cabinet", "報道部長": "spokesperson",
    "特使": "special envoy", "代表": "", "欧州委員長": "president",
}  # fmt: skip
_DOUBTFUL_TITLES = frozenset({"代表", "委員長", "局長", "審議官", "長官", "議員", "総監", "政調会長",
                              "内閣", "大臣", "次官", "総理", "公使", "艦長", "補佐官", "担当相"})
_TITLE = "|".join(sorted(_TITLES, key=len, reverse=True))
# What stands before a title without being a name.
_NO_NAME = re.compile(
    "^(?:米|英|仏|独|豪|比|韓|中|露|印|台|伊|加|日|日米|日米韓|日本|米国|中国|韓国|英国|豪州|台湾|北朝鮮|"
    "政府|両国|各国|同国|同|前|元|新|現|副|次期|歴代|当時|関係|外務|防衛|国防|国務|財務|商務|経済|"
    "法務|総務|県|市|町|村|府|都|州|区|党|沖縄|沖縄県|東京都|名護市|地元|駐日|駐米|在日|在韓|"
    "統合|陸上|海上|航空|自衛隊|海軍|陸軍|空軍|海兵隊|連邦|大統領|首相|特命全権|臨時代理|全権|"
    "外務省|防衛省|国防総省|国務省|財務省|内閣|官房|担当|安全保障|国家安全保障|経済安全保障|"
    "第.*|.*(?:省|庁|県|市|軍|隊|艦隊|方面|局|課|室|国|党|会)|民主|共和|自民|与党|野党|"
    "太平洋|インド太平洋|東アジア|トランプ政権|.*(?:担当|関係|問題|政策|総局))$"
)
_FORMER = ("元", "前", "・元", "・前", "(元", "(前")
_NAME_BEFORE = re.compile(
    f"(?P<name>[{_KANJI}]{{1,3}}[\u3041-\u3096]{{1,3}}|[{_KATA}]{{2,}}(?:[・＝=][{_KATA}]{{2,}}){{0,3}}"
    f"|[{_KANJI}]{{1,5}}(?:[{_KATA}]{{2,4}})?)(?P<joint>・?)$"
)
_TITLE_AT = re.compile(
    f"(?P<joint>・?)(?P<pre>(?:[{_KANJI}]|[{_KATA}]){{0,14}}?)(?P<title>{_TITLE})"
)
_SHIP_TYPE = (
    "護衛艦|イージス艦|駆逐艦|巡洋艦|空母|潜水艦|フリゲート艦?|巡視船|巡視艇|補給艦|掃海艇|掃海艦|輸送艦|"
    "強襲揚陸艦|揚陸艦|練習艦|砕氷艦|哨戒艦|哨戒艇|貨物船|タンカー|コンテナ船|調査船|探査船|ミサイル艇|"
    "情報収集艦|沿海域戦闘艦|測量艦|救難艦|旗艦|カッター|ばら積み船|運搬船|客船|フェリー|漁船|艦艇|艦"
)
_QUOTED_SHIP = re.compile(f"(?:{_SHIP_TYPE})[「『]([^」』\n]{{1,20}})[」』]")
_BARE_SHIP = re.compile(f"(?:{_SHIP_TYPE})([{_KATA}]{{2,}}(?:・[{_KATA}]+)*)")
_DRILL = "演習|訓練"
_QUOTED_DRILL = re.compile(f"(?:{_DRILL})[「『]([^」』\n]{{2,30}})[」』]")
_DRILL_AFTER = re.compile(
    f"[「『]([^」』\n]{{2,30}})[」』](?:[^。\n「」]{{0,8}}?)(?:{_DRILL})"
)
_EDITION_JA = re.compile("(?:[0-9０-９]{4}|[0-9０-９]{2}|[’']?[0-9０-９]{2})(?![0-9０-９]|[年月日カか人隻機])")
_BASE_AT = re.compile(
    f"(?:(?:キャンプ・?)[{_KATA}]{{2,}}|[{_KANJI}{_KATA}・]{{2,12}}"
    "(?:空軍基地|海軍基地|航空基地|空軍施設|海軍施設|海軍航空基地|基地|駐屯地|分屯地|飛行場|演習場|訓練場|弾薬庫|補給廠|通信所))"
)
_BASE_LEAD = re.compile(
    "^(?:在日|在沖|在韓|米軍|米海軍|米空軍|米陸軍|米海兵隊|海兵隊|米国|米|日米|陸上自衛隊|海上自衛隊|航空自衛隊|"
    "陸自|海自|空自|自衛隊|沖縄県|[" + _KANJI + "]{2,3}[都道府県]|[" + _KANJI + "]{1,4}[市町村]|同|新|軍|"
    "各|全|両|豪|韓国|中国|英|海軍|空軍|陸軍|の)+"
)
_BASE_GENERIC = re.compile("^(?:移設|代替|軍事|ミサイル|共用|専用|使用|返還|補給|航空|前方|作戦|民間|新|空軍|海軍|陸軍|普通|在外|"
                           "対象|周辺|主要|海外|戦略|巨大|出撃|訓練|射撃|実弾|陸上|国内|地下|辺野古新)*"
                           "(?:空軍基地|海軍基地|航空基地|基地|駐屯地|飛行場|演習場|訓練場|弾薬庫|補給廠|通信所|施設)$")


@dataclass(slots=True)
class _Lexicon:
    """Japanese strings by their first two characters, longest first."""

    by_head: dict[str, list[tuple[str, str, Label]]] = field(
        default_factory=lambda: defaultdict(list)
    )
    surnames: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))


@lru_cache(maxsize=4)
def _lexicon(version: str, holder: _Holder) -> _Lexicon:
    lexicon = _Lexicon()
    for record in holder.kb.records.values():
        label = holder.kb.label(record.id)
        for name in record.ja:
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
    return len(name) < 7 and re.fullmatch(f"[\u3041-\u3096{_KATA}{_KANJI}]+", name) is not None


def _surnames(name: str) -> list[str]:
    """Return the forms under which a title may follow the surname alone."""
    if "・" in name:
        return [name.rsplit("・", 1)[-1].split("＝")[0]]
    if re.match(f"[{_KANJI}]", name):
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
        self.lexicon = _lexicon(kb.version, _Holder(kb))
        self.known: dict[str, str] = {}

    def add(self, span: tuple[int, int], label: Label, how: str, entity_id: str = "") -> None:
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
            found = next((e for e in entries if text.startswith(e[0], index)), None) if entries else None
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
            self.add((start, end), label, "kb-ja", entity_id)

    def _runs_on(self, name: str, start: int, end: int) -> bool:
        """Tell whether katakana goes on beyond the match, so that it is another word."""
        kata = re.compile(f"[{_KATA}]")
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
        if after.startswith(("磁石", "電池", "イオン", "合金", "メダル", "バレー", "行", "山", "座", "河", "ウエ", "ウェ")):
            return
        if len(name) <= 2 or record.guarded:
            kanji = re.compile(f"[{_KANJI}{_KATA}]")
            edges = self.text[start - 1 : start], self.text[end : end + 1]
            context = self._sentence(start)
            if any(edge and kanji.match(edge) for edge in edges) and len(name) <= 2:
                return
            if not re.search("鉱|資源|精錬|製錬|輸出|輸入|供給|調達|生産|備蓄|原料|レアメタル|レアアース|埋蔵|産出", context):
                return
        self.add(span, Label.MINERAL, "kb-ja", entity_id)

    def _exercise(self, entity_id: str, span: tuple[int, int]) -> None:
        start, end = span
        record = self.gazetteer.kb.records[entity_id]
        edition = _EDITION_JA.match(self.text, end)
        if isinstance(record, Exercise) and record.ambiguous and not edition:
            if not re.search("演習|訓練", self._sentence(start)):
                return
        self.add((start, edition.end() if edition else end), Label.EXERCISE, "kb-ja", entity_id)

    def _sentence(self, at: int) -> str:
        first = max(self.text.rfind("。", 0, at), self.text.rfind("\n", 0, at)) + 1
        ends = [e for e in (self.text.find("。", at), self.text.find("\n", at)) if e >= 0]
        return self.text[first : min(ends, default=len(self.text))]

    def ships(self) -> None:
        """Find ships beside a type of ship."""
        names = {n: r.id for r in self.gazetteer.kb.of(Ship) for n in r.ja}
        for pattern in (_QUOTED_SHIP, _BARE_SHIP):
            for match in pattern.finditer(self.text):
                name = match.group(1)
                if name in ("ミサイル", "レーダー"):
                    continue
                self.add(match.span(1), Label.SHIP, "type-ja", names.get(name, ""))
                self._bare_again(name, names.get(name, ""))

    def _bare_again(self, name: str, entity_id: str) -> None:
        for match in re.finditer(f"[「『]({re.escape(name)})[」』]", self.text):
            self.add(match.span(1), Label.SHIP, "document-ja", entity_id)

    def exercises(self) -> None:
        """Find quoted names beside 演習 or 訓練."""
        names = {n: r.id for r in self.gazetteer.kb.of(Exercise) for n in r.ja}
        for pattern in (_QUOTED_DRILL, _DRILL_AFTER):
            for match in pattern.finditer(self.text):
                name = match.group(1)
                if not re.search(f"[{_KATA}A-Za-z0-9０-９]", name) or "。" in name:
                    continue
                plain = re.sub("[0-9 ]+$", "", name.translate(_WIDE))
                self.add(match.span(1), Label.EXERCISE, "pattern-ja", names.get(plain, ""))

    def bases(self) -> None:
        """Find bases by their designators, without the service in front."""
        for match in _BASE_AT.finditer(self.text):
            lead = _BASE_LEAD.match(match.group())
            start = match.start() + (lead.end() if lead else 0)
            surface = self.text[start : match.end()]
            if len(surface) < 4 or _BASE_GENERIC.match(surface):
                continue
            self.add((start, match.end()), Label.BASE, "designator-ja")

    def officials(self) -> None:
        """Find names before titles: 岸田首相, 小泉進次郎防衛相, 中谷元・防衛相."""
        for match in re.finditer(_TITLE, self.text):
            self._before_title(match.start(), match.group())
        for surname, entity_id in self.known.items():
            for match in re.finditer(re.escape(surname), self.text):
                after = self.text[match.end() : match.end() + 1]
                before = self.text[match.start() - 1 : match.start()]
                if after in ("氏", "は", "が", "も", "と", "、", "に", "の") and not re.match(
                    f"[{_KANJI}{_KATA}]", before
                ):
                    self.add(match.span(), Label.OFFICIAL, "document-ja", entity_id)

    def _before_title(self, at: int, title: str) -> None:
        start = max(0, at - 24)
        joint = self.text[at - 1 : at] == "・"
        head = self.text[start : at - joint]
        place = re.search(
            "(?:駐日米国|駐日米|駐日|駐米|駐韓|在日米軍|米太平洋艦隊|米インド太平洋軍|米軍|米|統合|"
            "陸上|海上|航空|太平洋艦隊|第7艦隊|第７艦隊|在沖縄米軍|経済|国家|外務省|防衛省)$", head)
        if place and not joint:
            head = head[: place.start()]
        found = _NAME_BEFORE.search(head)
        if found is None:
            return
        base = start + found.start("name")
        name = found.group("name")
        self._titled_name(name, base, title)

    def _titled_name(self, name: str, base: int, title: str) -> None:
        meaning = _TITLES[title]
        for offset in range(len(name)):
            part = name[offset:]
            ids = self.lexicon.surnames.get(part, [])
            full = [e for e in self.lexicon.by_head.get(part[:2], [])
                    if e[0] == part and e[2] == Label.OFFICIAL]
            if full:
                return
            entity_id = best_match(
                self.gazetteer.kb, ids, phrase=meaning, country="", on=self.on,
                least=6 if self.on else 3,
            ) if meaning else ""
            if entity_id:
                self._official((base + offset, base + len(name)), part, entity_id)
                return
        if title in _DOUBTFUL_TITLES or _NO_NAME.match(name) or name.startswith(("元", "前")):
            return
        while name and _LEAD_PLACE.match(name):
            cut = _LEAD_PLACE.match(name)
            assert cut is not None
            base, name = base + cut.end(), name[cut.end():]
        if _NO_NAME.match(name) or len(name) < 2 or title in ("政権",):
            return
        if re.fullmatch(f"[{_KANJI}]{{1,3}}[\u3041-\u3096]+", name):
            return
        self._official((base, base + len(name)), name, "")

    def _official(self, span: tuple[int, int], surname: str, entity_id: str) -> None:
        self.add(span, Label.OFFICIAL, "title-ja" if surname else "kb-ja", entity_id)
        if surname and len(surname) > 1:
            self.known[surname] = entity_id
        elif entity_id:
            record = self.gazetteer.kb.records[entity_id]
            for short in _surnames(self.text[slice(*span)]):
                if len(short) == 2 or "・" in self.text[slice(*span)]:
                    self.known.setdefault(short, record.id)

    def _is_former(self, start: int, end: int) -> bool:
        after = self.text[end : end + 2]
        before = self.text[start - 4 : start]
        return after.startswith(_FORMER) or before.endswith(("元首相", "前首相", "元大統領", "前大統領"))


_LEAD_PLACE = re.compile(
    f"(?:[{_KANJI}]{{2,3}}(?:県|府|都|市|町|村)|米国|日本|韓国|中国|台湾|豪州|英国|政府|同県|同市)(?=[{_KANJI}]{{2}})"
)
