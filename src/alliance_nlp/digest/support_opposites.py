"""Words that turn a statement round: "rose" for "fell", "south" for "north", "some" for "all".

A word is flagged where the sources have its opposite and not the word itself. Where two words only
look at one thing from two ends ("before", "with"), what follows must be the same as well.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache

from alliance_nlp.digest.support_known import is_japanese
from alliance_nlp.digest.support_quotes import alike_parts

Span = tuple[int, int]

# Two poles of one line, in English and Japanese; what means the same stands side by side.
_POLES = (
    ("rise rises rose risen rising increase increases increased increasing grow grows grew grown "
     "growing climb climbs climbed climbing gain gains gained surge surged surges jumped "
     "増 上昇 拡大 上が 伸び",
     "fall falls fell fallen falling decrease decreases decreased decreasing declines "
    "declined "
     "declining shrink shrank shrunk slip slipped slips "
     "plunge plunged slump slumped 減 低下 縮小 下が 下落 落ち"),
    ("raise raises raised raising lift lifts lifted hike hiked 引き上げ",
     "lower lowers lowered lowering cut cuts cutting reduce reduces reduced reducing 引き下げ"),
    ("strengthen strengthens strengthened strengthening appreciate appreciated 円高 強化",
     "weaken weakens weakened weakening depreciate depreciated 円安"),
    ("widen widens widened widening expand expands expanded", "narrow narrows narrowed narrowing"),
    ("surplus surpluses 黒字", "deficit deficits 赤字"),
    ("approve approves approved approval adopt adopted endorse endorsed 承認 可決 認可",
     "reject rejects rejected rejection veto vetoed vetoes 否決 却下 拒否"),
    ("grant grants granted accept accepts accepted", "deny denies denied dismiss dismissed reject "
     "rejected"),
    ("support supports supported supporting back backs backed backing favor favors favored favour "
     "favours favoured 支持 賛成", "oppose opposes opposed opposing opposition against 反対"),
    ("north 北", "south 南"), ("northern northward 北部", "southern southward 南部"),
    ("east 東", "west 西"), ("eastern eastward 東部", "western westward 西部"),
    ("northeast northeastern 北東", "southwest southwestern 南西"),
    ("northwest northwestern 北西", "southeast southeastern 南東"),
    ("morning 午前 朝", "evening night afternoon 午後 夜 夕方"),
    ("largest biggest greatest 最大", "smallest least lowest 最小"),
    ("highest 最高 最多", "lowest 最低 最少"), ("maximum ceiling cap 上限", "minimum floor 下限"),
    ("longest", "shortest"), ("best", "worst"), ("oldest", "newest youngest"),
    ("majority most 過半", "minority few 少数"),
    ("likely", "unlikely"), ("possible able 可能", "impossible unable 不可能"),
    ("legal lawful", "illegal unlawful 違法"), ("safe 安全", "unsafe dangerous 危険"),
    ("success succeeded successful 成功", "failure failed unsuccessful 失敗"),
    ("allow allows allowed permit permits permitted 許可", "ban bans banned forbid forbids forbade "
     "prohibit prohibits prohibited bar bars barred 禁止"),
    ("enter enters entered join joins joined 加わ 参加",
     "leave leaves left quit quits exit exits "
     "離脱"),
    ("deploy deploys deployed 配備 展開", "withdraw withdraws withdrew withdrawn 撤退 撤収"),
    ("ally allies partner partners friend friends 同盟", "enemy enemies rival rivals adversary 敵"),
    ("guilty 有罪", "innocent acquitted 無罪"),
    ("accelerate accelerated accelerates faster hasten", "slow slowed slows slower delay delayed"),
    ("profit profits 黒字", "loss losses 赤字"), ("public 公開", "secret classified 非公開 秘密"),
    ("resume resumes resumed restart restarted 再開", "suspend suspends suspended halt halted stop "
     "stopped 停止 中止 中断"),
    ("agree agrees agreed 合意", "disagree disagrees disagreed"),
    ("voluntary", "mandatory compulsory"),
    ("extend extends extended 延長", "shorten shortens shortened 短縮"),
    ("neither", "both"), ("none", "some all several"), ("despite", "because"),
    ("accuse accuses accused blame blames blamed criticize criticized 非難 批判",
     "praise praises praised thank thanks thanked 称賛 評価"),
)  # fmt: skip
# What stands before one thing: the opposite counts only before that same thing.
_BEFORE_A_THING = (
    ("before", "after"), ("with", "without"), ("all every", "some several few"),
    ("all every some several", "most"), ("first", "last final"), ("high", "low"),
    ("more", "fewer less"), ("inside within", "outside beyond"), ("above over", "below under"),
    ("only", "also"), ("import imports imported", "export exports exported"),
    ("for", "against"), ("old former", "new"), ("domestic", "foreign"), ("civilian", "military"),
    ("public", "private"), ("upper", "lower"), ("offensive", "defensive"), ("early", "late"),
    ("eastern", "western"), ("many", "few"), ("part", "all"), ("partial partly", "full fully"),
    ("temporary temporarily", "permanent permanently"),
    ("open opens opened", "close closes closed"),
    ("bilateral", "trilateral multilateral"), ("surface", "underwater"),
    ("no not", "every all"), ("half", "whole"), ("short", "long"), ("large", "small"),
)  # fmt: skip
# A word for what was done, where the source has but the thought of it.
_BOLDER = (
    ("propose proposes proposed proposal suggest suggested recommend recommended 提案",
     "set sets adopt adopts adopted impose imposes imposed introduce introduced approve approved "
     "order ordered enact enacted"),
    ("consider considers considered considering weigh weighs weighing discuss 検討",
     "decide decides decided decision order ordered approve approved choose chose"),
    ("seek seeks sought request requests requested ask asks asked 求め",
     "receive receives received obtain obtained secure secured"),
    ("suspect suspected suspects suspicion allege alleged 疑い 容疑",
     "convict convicted prove proved proven guilty confirm confirmed"),
    ("candidate candidates nominee nominated 候補", "appointed elected winner"),
)  # fmt: skip
_WORD = re.compile(r"[A-Za-z][A-Za-z’'-]*")
_SKIPPED = frozenset("the a an its their his her of to this that these those u s us".split())
_MULTIPLES = (
    (re.compile(r"\bdoubl(?:ed|es|ing)\b|\bto double\b|\btwice\b", re.IGNORECASE),
     re.compile(r"\bdoubl|\btwice\b|\btwo-?fold\b|\btwo times\b|2倍|二倍|倍増|\b100 ?(?:percent|%)|"
                r"\b2x\b", re.IGNORECASE)),
    (re.compile(r"\btripl(?:ed|es|ing)\b|\bto triple\b", re.IGNORECASE),
     re.compile(r"\btripl|\bthree-?fold\b|\bthree times\b|3倍|三倍|\b200 ?(?:percent|%)",
                re.IGNORECASE)),
    (re.compile(r"\bquadrupl(?:ed|es|ing)\b|\bto quadruple\b", re.IGNORECASE),
     re.compile(r"\bquadrupl|\bfour-?fold\b|\bfour times\b|4倍|四倍|\b100 (?:percent|%)",
                re.IGNORECASE)),
    (re.compile(r"\bhalv(?:ed|es|ing)\b|\bto halve\b", re.IGNORECASE),
     re.compile(r"\bhalv|\bhalf\b|半減|半分|半数|\b50 ?(?:percent|%)", re.IGNORECASE)),
)  # fmt: skip
_RANKED = re.compile(
    r"\b(?:second|third|fourth|fifth|sixth|2nd|3rd|4th|5th)[- ](?:most |least )?(?P<most>\w+est|"
    r"populous|powerful|important|valuable|common)\b",
    re.IGNORECASE,
)


_REFUSED = re.compile(r"\bdeclin(?:ed|es|ing)\b(?= to\b)")
_UNDONE = re.compile(
    r"\b(?:lift|end|eas|remov|scrap|revers|overturn|repeal|drop|cancel|not|never|no|without|fail|refus|"
    r"halt|stop|avoid|prevent|less|hardly|cannot|neither|nor|slow|limit)(?:\w*|n['’]t)\W+(?:\w+\W+){0,3}$"
    r"|n['’]t\W+(?:\w+\W+){0,2}$",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class _Uses:
    """The words of a text, those that nothing undoes, and each with what comes after it."""

    words: frozenset[str]
    free: frozenset[str]
    places: tuple[tuple[str, int, int], ...]
    before: frozenset[tuple[str, str]]


def turned_words(text: str, texts: Sequence[str]) -> list[Span]:
    """Return words of a sentence whose opposites the sources have, and not they themselves.

    Only source sentences that say nearly the same count as having the opposite, and such as are
    in Japanese.
    """
    ours = _uses(text)
    whole = "\n".join(texts)
    alike = [_uses(part) for part in alike_parts(text, texts)]
    japanese = "\n".join(part for part in texts if is_japanese(part))
    if not alike and not japanese:
        return []
    held = _uses(whole).words
    sources = _Sources(
        words=held,
        free=frozenset().union(*(each.free for each in alike)),
        before=frozenset().union(*(each.before for each in alike)),
        japanese=japanese,
    )
    found = [
        (start, end)
        for place, (word, start, end) in enumerate(ours.places)
        if (word in ours.free and _is_turned(word, ours, sources))
        or _is_bolder(word, ours, sources)
        or _is_turned_before(word, _next(ours.places, place), ours=ours, sources=sources)
    ]
    return found + _multiples(text, whole) + _ranks(text, whole)


@dataclass(frozen=True, slots=True)
class _Sources:
    """What the sources say; ``free`` and ``before`` are of the sentences that say the same."""

    words: frozenset[str]
    free: frozenset[str]
    before: frozenset[tuple[str, str]]
    japanese: str

    def have(self, words: frozenset[str]) -> bool:
        """Tell whether any of the words stands anywhere."""
        return bool(words & self.words) or self.have_in_japanese(words)

    def have_in_japanese(self, words: frozenset[str]) -> bool:
        """Tell whether any of the Japanese words stands in a Japanese source."""
        return any(not word.isascii() and word in self.japanese for word in words)


def _is_turned(word: str, ours: _Uses, sources: _Sources) -> bool:
    for same, opposite in _sides(_POLES).get(word, ()):
        if sources.have(same) or ours.words & opposite:
            continue
        if opposite & sources.free or sources.have_in_japanese(opposite):
            return True
    return False


def _is_bolder(word: str, ours: _Uses, sources: _Sources) -> bool:
    for strong, weak in _bolder().get(word, ()):
        if sources.have(strong) or ours.words & weak:
            continue
        if weak & sources.free or sources.have_in_japanese(weak):
            return True
    return False


def _is_turned_before(word: str, thing: str, *, ours: _Uses, sources: _Sources) -> bool:
    for same, opposite in _sides(_BEFORE_A_THING).get(word, ()) if thing else ():
        is_said = any((each, thing) in sources.before for each in same)
        is_ours = any((each, thing) in ours.before for each in opposite)
        if (
            not is_said
            and not is_ours
            and any((each, thing) in sources.before for each in opposite)
        ):
            return True
    return False


def _multiples(text: str, whole: str) -> list[Span]:
    return [
        match.span()
        for says, backs in _MULTIPLES
        for match in says.finditer(text)
        if not backs.search(whole)
    ]


def _ranks(text: str, whole: str) -> list[Span]:
    """Return "largest" where the sources have but the "second-largest"."""
    lacking: list[Span] = []
    rest = _RANKED.sub(" ", whole)
    ranked = [match.span() for match in _RANKED.finditer(text)]
    for most in {match["most"].lower() for match in _RANKED.finditer(whole)}:
        bare = re.compile(rf"\b{re.escape(most)}\b", re.IGNORECASE)
        if bare.search(rest):
            continue
        lacking += [
            match.span()
            for match in bare.finditer(text)
            if not any(a <= match.start() and match.end() <= b for a, b in ranked)
        ]
    return lacking


def _next(places: Sequence[tuple[str, int, int]], place: int) -> str:
    after = (word for word, _, _ in places[place + 1 : place + 4] if word not in _SKIPPED)
    return next(after, "")


@lru_cache(maxsize=512)
def _uses(text: str) -> _Uses:
    # "declined to say" is no decline.
    plain = _REFUSED.sub(lambda match: "refused".ljust(len(match.group())), text)
    places = tuple((m.group().lower(), m.start(), m.end()) for m in _WORD.finditer(plain))
    return _Uses(
        words=frozenset(word for word, _, _ in places),
        free=frozenset(
            word
            for word, start, _ in places
            if not _UNDONE.search(text[max(0, start - 40) : start])
        ),
        places=places,
        before=frozenset((word, _next(places, place)) for place, (word, _, _) in enumerate(places)),
    )


_Sides = dict[str, tuple[tuple[frozenset[str], frozenset[str]], ...]]


@cache
def _sides(pairs: tuple[tuple[str, str], ...]) -> _Sides:
    """Return, by word, each pole that it belongs to with the opposite one."""
    found: _Sides = {}
    for one, other in pairs:
        poles = (frozenset(one.split()), frozenset(other.split()))
        for same, opposite in (poles, poles[::-1]):
            for word in same - opposite:
                found[word] = (*found.get(word, ()), (same, opposite))
    return found


@cache
def _bolder() -> _Sides:
    found: _Sides = {}
    for weak, strong in _BOLDER:
        for word in strong.split():
            pair = (frozenset(strong.split()), frozenset(weak.split()))
            found[word] = (*found.get(word, ()), pair)
    return found
