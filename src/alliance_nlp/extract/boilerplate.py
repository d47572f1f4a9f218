"""Lines that extraction lets through and no reader would call part of the article."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from alliance_nlp.extract.prose import is_prose, n_words

_LABEL = re.compile(
    r"(?:advertisement(?: \d+)?(?:story continues below)?|advertisement\W+continue reading.*"
    r"|article content|(?:story|article) continues (?:below|after).*|this advertisement has not loaded yet.*"
    r"|skip (?:to|advert).*|scroll (?:down )?to continue.*|recommended videos?|comments?|no comments yet\W*|leave a comment"
    r"|share(?: this(?: article| story)?)?|tweet|copy link|print|email|save|listen(?: to this article)?"
    r"|subscribe(?: now)?!?|sign up|log ?in|sign in|read (?:more|full story|the full story|next)"
    r"|follow us(?: on .*)?|tags?|topics?|published|updated|loading|continue reading|table of contents"
    r"|play video|watch now|photo gallery|download the app|get started now.*|view comments|back to top"
    r"|最初から読む|続きを読む|もっと見る|もっと読む|記事を読む|シェア(?:する)?|ツイート|ブックマーク(?:する)?|印刷|保存|クリップ"
    r"|コメント(?:する|を読む)?|コピー ?リンク|リンクをコピー(?:する)?|カテゴリーをフォローする|(?:広告|PR)|スクラップ|メールで送る|目次"
    r"|[\[【]?広告[\]】]?|有料会員限定(?:記事)?|会員限定(?:記事)?|無料会員登録|ログイン|トップへ戻る|ページの先頭へ.*)",
    re.IGNORECASE,
)
_POINTER = re.compile(
    r"(?:(?:read|see|also|watch|listen|more|related|further)(?: (?:more|also|next|on|reading|stories?|coverage))?"
    r"|[A-Z][A-Z ]{6,40}\|)\s*[:：>»|]\s*\S.*|(?:【|＜|\[)?(?:関連記事|関連ニュース|合わせて読みたい|あわせて読みたい|こちらも)(?:】|＞|\]|[:：]).*"
    r"|[→▶►☞⇒>]+\s*\S.{0,80}",
    re.IGNORECASE,
)
# A plea: what it asks for, and an address to the reader in the same short line.
_PLEA = re.compile(
    r"(?:sign(?:ing)? up|subscribe|register)\b.{0,80}\b(?:newsletters?|emails?|alerts?|inbox|account|news|free|today)\b"
    r"|\bnewsletters?\b.{0,60}\b(?:sign up|subscribe|delivered|inbox|here)\b|\b(?:in|to) your inbox\b"
    r"|^(?:follow|like|find|join) (?:us|our|@?\w+(?: \w+)?) on (?:facebook|twitter|x|instagram|google news|whatsapp|linkedin|telegram)\b"
    r"|\badd us as a preferred source\b|\bget in touch (?:with|by)\b.{0,80}@|^(?:e-?mail|contact)[:：]\s*\S+@\S+$"
    r"|\bdo you have a (?:story|tip)\b|\bfor more stories like this\b|\bcheck (?:out )?(?:our|more of)\b.{0,60}\b(?:page|stories|news)\b"
    r"|\bplease (?:log ?(?:in|out)|sign in|read our comment policy|bookmark|enable|disable)\b|\bwould you like to comment\b"
    r"|\byou must (?:be logged in|confirm your)\b|\bjoin (?:our|the) (?:commenting|conversation|thought-provoking)\b"
    r"|\b(?:may|might) (?:earn|receive) (?:an? )?(?:affiliate )?commission|\bdownload (?:the|our) .{0,30}\bapp\b|\bour community members are treated\b"
    r"|\bcopyright\b.{0,60}\ball rights reserved\b|^(?:©|\(c\)|copyright ©?)\s*\d{4}|\bmay not be (?:published, )?(?:re)?(?:broadcast|printed|produced|written)\b"
    r"|(?:無断|許可なく).{0,12}(?:転載|複製)|著作権は.{0,30}(?:帰属|属し)|(?:会員|読者)登録(?:する|で|は|いただ|を|（)"
    r"|(?:メールマガジン|ニュースレター|LINE|公式アカウント|アプリ).{0,25}(?:登録|フォロー|友だち追加|ダウンロード|配信中|受け取)",
    re.IGNORECASE,
)
# Each plea holds one of these; looking for them first makes a page's worth of lines cheap.
_PLEA_WORDS = (
    "sign", "subscri", "regist", "letter", "inbox", " on ", "preferred", "touch", "mail", "contact",
    "story", "stories", "tip", "check", "please", "would you", "you must", "join", "commission",
    "download", "community", "copyright", "©", "(c)", "may not", "転載", "複製", "著作権", "登録",
    "フォロー", "友だち", "ダウンロード", "配信", "受け取",
)  # fmt: skip
_PICTURE = re.compile(
    r"[（(\[]?\s*(?:image|photo(?:graph)?|picture|pic|file photo|video|credit|写真|画像|撮影|提供写真|図解|イラスト|動画)"
    r"(?: credits?| source| by)?\s*[:：=＝／/|]\s*.{1,120}|.{1,60}(?:via )?(?:getty images|shutterstock|ap photo|afp photo)[)）\]]?"
    r"|[（(].{0,40}(?:[=＝]共同|/REUTERS|/AP|/AFP|撮影|写真)[)）]",
    re.IGNORECASE,
)
_BYLINE = re.compile(r"(?:by|words by|written by|文[・=:])\s+.{2,60}", re.IGNORECASE)
_DATELINE = re.compile(
    r"\W*(?:(?:published|updated|posted|last updated|first published|date|更新|公開|掲載|配信|投稿)\w*\W*(?:on|at|日時?)?\W*)?"
    r"(?:(?:mon|tue|wed|thu|fri|sat|sun)\w*\W+)?(?:\d{4}[-/.年]\s*\d{1,2}[-/.月]\s*\d{1,2}日?"
    r"|\d{1,2}\W(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\W+\d{4}"
    r"|(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)\w*\W+\d{1,2}\w*\W+\d{4}|\d{1,2}月\d{1,2}日).{0,45}",
    re.IGNORECASE,
)
# Where the free part of an article ends; what follows sells the rest of it.
GATE = re.compile(
    r"(?:この記事は|こちらは|本記事は).{0,12}(?:会員|有料|購読者).{0,6}(?:限定|のみ|専用)|残り\s*[:：]?\s*\d[\d,]*\s*文字|(?:この)?(?:記事の)?続きを(?:読む|ご覧|お読み)(?:には|いただくには)"
    r"|(?:有料|無料)?会員(?:に|の方は).{0,20}(?:全文|続きを)|全文を(?:読む|お読み).{0,12}(?:には|会員)"
    r"|(?:to|please subscribe to|subscribe to|log in (?:or create an account )?to) (?:continue reading|keep reading|read (?:the (?:full|rest)|this))"
    r"|this (?:article|story|content) is (?:for|only available to|exclusive to|reserved for) (?:our )?(?:paid |paying |premium )?(?:subscribers|members)"
    r"|(?:already a|become a|for) (?:subscriber|member)s?\?? (?:log|sign) ?in|subscribers? only|unlock (?:this|the full) (?:article|story)"
    r"|you(?:'ve| have) (?:reached|read) your (?:limit|last|monthly)|keep reading for|start your free trial",
    re.IGNORECASE,
)
_NO_LETTERS = re.compile(r"[\W_]+")
_HEAD_LINES = 12
_LONGEST_LINE = 350  # characters; a longer one is a paragraph, whatever it says
_LONGEST_PLEA = 60  # words


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What the page's metadata already says and the text need not repeat."""

    titles: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Trimmed:
    """Lines that stay, how many went, and whether a gate to the rest of the article was met."""

    lines: tuple[str, ...]
    n_dropped: int
    has_gate: bool


def trim(lines: Sequence[str], known: Known) -> Trimmed:
    """Drop what is no part of the article: its own title, labels, pleas, pointers, repetitions."""
    kept = _without_head(lines, known)
    kept, has_gate = _before_gate(kept)
    kept = [line for line in kept if not is_boilerplate(line)]
    kept = _once(kept)
    return Trimmed(lines=tuple(kept), n_dropped=len(lines) - len(kept), has_gate=has_gate)


def is_boilerplate(line: str) -> bool:
    """Tell whether a line is a label, a pointer to other stories, a plea or a picture credit."""
    bare = line.strip(" \t-–—•·*|:：・")
    if not bare:
        return True
    if len(bare) > _LONGEST_LINE:
        return False
    size = n_words(bare)
    if size <= 12 and (_LABEL.fullmatch(bare) or (not is_prose(bare) and _BYLINE.fullmatch(bare))):
        return True
    if size <= 30 and (_POINTER.fullmatch(bare) or _PICTURE.fullmatch(bare)):
        return True
    if size > _LONGEST_PLEA:
        return False
    folded = bare.casefold()
    return any(word in folded for word in _PLEA_WORDS) and bool(_PLEA.search(bare))


def _without_head(lines: Sequence[str], known: Known) -> list[str]:
    """Drop the title and what surrounds it above the first paragraph."""
    titles = {_letters(title) for title in known.titles}
    others = {_letters(name) for name in (*known.names, *known.sections)}
    kept: list[str] = []
    in_head = True
    for i, line in enumerate(lines):
        if i >= _HEAD_LINES or not in_head:
            kept.append(line)
            continue
        letters = _letters(line)
        if letters in titles:
            continue
        in_head = not is_prose(line, least=15)
        is_dated = n_words(line) <= 14 and not is_prose(line) and _DATELINE.fullmatch(line.strip())
        if not (in_head and (is_dated or letters in others)):
            kept.append(line)
    return kept


def _before_gate(lines: list[str]) -> tuple[list[str], bool]:
    for i, line in enumerate(lines):
        if len(line) <= _LONGEST_LINE and n_words(line) <= _LONGEST_PLEA and GATE.search(line):
            rest = [text for text in lines[i + 1 :] if not is_boilerplate(text)]
            before = sum(map(len, lines[:i]))
            # A gate in the middle of a whole article is only a banner.
            if sum(map(len, rest)) <= max(before, 300):
                return lines[:i], True
            return [*lines[:i], *lines[i + 1 :]], True
    return lines, False


def _once(lines: list[str]) -> list[str]:
    """Drop paragraphs that were there before: pages hold a copy for print or for small screens."""
    seen: set[str] = set()
    kept = []
    repeated = 0
    for line in lines:
        key = _letters(line)
        is_long = n_words(line) >= 8
        if is_long and key in seen:
            repeated += 1
            continue
        # Within a second copy the short lines, its headings, are repetitions too.
        if repeated >= 3 and not is_long and key in seen:
            continue
        seen.add(key)
        kept.append(line)
    return kept


def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())
