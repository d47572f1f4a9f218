"""Pages that are no article although they came with 200: errors, walls, stubs, indexes.

Every verdict needs two things, a wording or a statement in the markup and little text, because
articles are written about robots, cookies and pages not found, too.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from alliance_nlp.core.types import Reason
from alliance_nlp.extract.boilerplate import GATE
from alliance_nlp.extract.markup import Markup
from alliance_nlp.extract.prose import is_prose, n_words

_ERROR_TITLE = re.compile(
    r"^\W*(?:error\W*)?(?:404|403|410|500|502|503)\b|\b(?:page|file|article|story|content|url)\b.{0,25}\b(?:not (?:be )?found"
    r"|no longer (?:available|exists)|does ?n[o']t exist|unavailable|missing|has been (?:removed|deleted))"
    r"|\b(?:not found|internal server error|bad gateway|service unavailable|something went wrong|temporarily unavailable)\b"
    r"|^\W*(?:error|oops|sorry)\W*$|ページが(?:見つかりません|見つからない|存在しません)|お探しの(?:ページ|記事)|指定された(?:ページ|記事|URL)"
    r"|(?:記事|ページ)は(?:削除|掲載(?:が|期間が)?終了|公開(?:を|が)?終了|存在し)|エラーが発生|アクセスできません|掲載期間が終了",
    re.IGNORECASE,
)
_WALL = re.compile(
    r"just a moment\W|attention required|checking (?:your browser|if the site connection)|verify(?:ing)? (?:that )?you(?:'re| are) (?:a )?human"
    r"|are you (?:a )?(?:robot|human)|(?:i['’]?m|you are) not a robot|unusual (?:traffic|activity)|pardon our interruption|access (?:to this page has been )?denied"
    r"|enable (?:javascript|js|cookies)(?: and (?:cookies|javascript|js|disable))?|complete the (?:captcha|security check)|\bcaptcha\b|ddos protection|request unsuccessful"
    r"|before you continue|we (?:value|care about|respect) your privacy|(?:accept|manage|reject) (?:all )?(?:cookies|consent|preferences)|your (?:privacy|cookie) (?:choices|settings|preferences)"
    r"|we(?:,| and) .{0,40}partners (?:store|process|use)|(?:log|sign) ?in (?:to|or register to|to your account to) (?:continue|read|view|access)|please (?:log|sign) ?in"
    r"|create (?:a |an )?(?:free )?account to (?:continue|read)|you have been blocked|not available in your (?:region|country)|unavailable (?:in|to) (?:your|visitors)"
    r"|ロボットではありません|自動アクセス|不正なアクセス|アクセスが(?:拒否|集中|制限)|(?:JavaScript|Cookie|クッキー)を有効|同意(?:する|して|いただ)|ログイン(?:して|が必要|してください)|会員登録が必要",
    re.IGNORECASE,
)
_SELLING = re.compile(
    r"\bsubscri(?:be|bers?|ption)\b|\b(?:paid|premium) (?:content|members?)\b|有料会員|会員限定|購読(?:する|者|の方)|有料記事|続きを読むには|残り\s*\d+\s*文字",
    re.IGNORECASE,
)
_REMAINDER = re.compile(r"残り\s*[:：]?\s*(\d[\d,]*)\s*文字")
_LITTLE, _STUB, _LEAST = 120, 90, 20  # words
_MOST_ON_WALL = 400


def error_or_wall(markup: Markup, main: Sequence[str], visible: Sequence[str]) -> Reason | None:
    """Return why a page is an error page or a wall; ``None`` when it is neither.

    Parameters
    ----------
    main
        Lines of the main text.
    visible
        All visible lines of the page.
    """
    if sum(map(n_words, main)) > _LITTLE or _is_plainly_article(markup, main):
        return None
    n_visible = sum(map(n_words, visible))
    heads = (markup.title, *markup.h1s)
    if any(_ERROR_TITLE.search(head) and n_words(head) <= 15 for head in heads):
        return Reason.ERROR_PAGE
    short = [line for line in (*main, *(visible if n_visible <= _MOST_ON_WALL else ()))]
    if any(_ERROR_TITLE.search(line) for line in short if n_words(line) <= 25):
        return Reason.ERROR_PAGE
    if any(_WALL.search(line) for line in (*heads, *short)):
        return Reason.WALL
    return None


def is_stub(markup: Markup, text: str, *, has_gate: bool, visible: Sequence[str]) -> bool:
    """Tell whether only the beginning of an article is there and the rest is for payers."""
    size = n_words(text)
    remainder = next((m for line in visible if (m := _REMAINDER.search(line))), None)
    if remainder and int(remainder.group(1).replace(",", "")) > len(text):
        return True
    if size > _STUB:
        return False
    sells = any(_SELLING.search(line) and n_words(line) < 40 for line in visible)
    return has_gate or is_paid(markup) or (sells and text.rstrip().endswith(("…", "...")))


def is_paid(markup: Markup) -> bool:
    """Tell whether the markup says that the article is not free."""
    free = [node.get("isAccessibleForFree") for node in (markup.article, *markup.nodes)]
    if any(value in (False, "False", "false", "http://schema.org/False") for value in free):
        return True
    tier = markup.meta("article:content_tier").lower()
    return tier in ("locked", "metered-locked", "paid") or markup.meta("cxenseparse:paywall") == "true"


def has_gate(visible: Sequence[str]) -> bool:
    """Tell whether a short visible line asks to pay or log in for the rest."""
    return any(GATE.search(line) for line in visible if n_words(line) < 40)


def no_article(markup: Markup, lines: Sequence[str], *, n_links: int) -> Reason | None:
    """Return why a text is no article: nothing there, a list of other articles, too short."""
    text = "\n".join(lines)
    size = n_words(text)
    if not size:
        return Reason.NO_MAIN_TEXT
    prose = [line for line in lines if is_prose(line)]
    if _is_index(markup, lines, prose, n_links):
        return Reason.NO_MAIN_TEXT
    return Reason.TOO_SHORT if size < _LEAST else None


def _is_plainly_article(markup: Markup, main: Sequence[str]) -> bool:
    return bool(markup.article) and sum(1 for line in main if is_prose(line)) >= 3


def _is_index(
    markup: Markup, lines: Sequence[str], prose: Sequence[str], n_links: int
) -> bool:
    if markup.article:
        return False
    if not prose:
        return n_links >= 10 or sum(map(n_words, lines)) < _LEAST
    # Headings and teasers: most lines are no sentences, and no paragraph runs on from another.
    n_long = sum(1 for line in prose if n_words(line) >= 40)
    is_listed = markup.meta("og:type").lower() in ("website", "") and n_links >= 30
    return is_listed and n_long == 0 and len(prose) < 0.5 * len(lines)


def links_in(tree: Any) -> int:
    """Return the number of links of a page."""
    return sum(1 for link in tree.iter("a") if link.get("href"))
