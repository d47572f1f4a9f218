"""Words by which a text shows that it tells a further step of a known affair, or sums one up.

The lists were written from general knowledge of news, not drawn from labelled cases.
"""

from __future__ import annotations

import re

# Beginnings of words; one with a blank is a whole word. What happens to an affair after it began.
_ENGLISH = (
    "approv ratif enact pass effect force begin began start open launch |end| |ends| |ended| clos "
    "finish conclud complet resum reopen clear halt stop suspend cancel call abandon quit withdr "
    "remov leave left arriv return bring brought deliver sign adopt agre indict charg sentenc "
    "convict guilty acquit arrest releas freed |fire| reliev disciplin find found inquir "
    "investigat cause blam fault sue suit appeal rul uphold upheld void struck reject confirm "
    "choos chose pick select nam grant award delay postpon extend expand rais cut lift ban answer "
    "respond explain admit deny claim recover relat search hold held meet met talk report second "
    "first wound mark"
).split()
# The same in Japanese, where words are not spaced.
_JAPANESE = (
    "承認 可決 成立 批准 発効 施行 開始 始ま 開設 終了 終わ 閉幕 完了 再開 停止 中止 撤回 撤去 "
    "撤収 到着 帰還 署名 採択 合意 起訴 判決 有罪 無罪 逮捕 釈放 更迭 処分 判明 調査 原因 提訴 "
    "控訴 上告 棄却 違法 選定 決定 延期 延長 拡大 引き上げ 引き下げ 解除 禁止 回答 否定 回収 "
    "発見 会談 協議"
).split()
_WORD = re.compile(r"[a-z]+")
_FIRST_LETTERS = 3
_BACK = re.compile(
    r"\b(?:after|since|again|earlier|already|still|so far|no longer|now|resum\w+|follow\w+"
    r"|last (?:week|month|year|spring|summer|autumn|fall|winter)"
    r"|(?:week|month|year)s? (?:ago|later)"
    r"|(?:last|this|in) (?:january|february|march|april|may|june|july|august|september|october"
    r"|november|december))\b",
    re.IGNORECASE,
)
_BACK_JAPANESE = re.compile("昨年|先月|先週|以来|再び|引き続き|受けて|めぐ|巡")
_SUMMARY = re.compile(
    r"\b(?:explain\w*|column|editorial|analysis|review|recap|guide|facts|things to know"
    r"|what we know|q ?& ?a|questions|letters?|readers?|essay|why|what|who|how|timeline|chronology"
    r"|week in|feature|opinion|appraisal|mean(?:s|ing))\b",
    re.IGNORECASE,
)
_SUMMARY_JAPANESE = re.compile("解説|まとめ|経緯|振り返|とは|社説|整理|ポイント")


def steps(text: str) -> frozenset[str]:
    """Return the words of steps in a text, each as it stands in the list."""
    words = set(_WORD.findall(text.lower()))
    heads = {word[:_FIRST_LETTERS] for word in words}
    found = {
        step
        for step in _ENGLISH
        if (step.strip("|") in words if step[0] == "|" else _begins(step, words, heads))
    }
    return frozenset(found.union(step for step in _JAPANESE if step in text))


def _begins(step: str, words: set[str], heads: set[str]) -> bool:
    return step[:_FIRST_LETTERS] in heads and any(word.startswith(step) for word in words)


def n_back(text: str) -> int:
    """Return how often a text looks back at what happened before."""
    return len(_BACK.findall(text)) + len(_BACK_JAPANESE.findall(text))


def is_summary(title: str) -> bool:
    """Tell whether a title promises an explanation or a recap and not an event."""
    return bool(_SUMMARY.search(title) or _SUMMARY_JAPANESE.search(title))
