"""The exact headline, chosen among what a page offers by agreement.

Pages state a headline up to five times: ``h1``, JSON-LD, Open Graph, Twitter, ``<title>``. Each
has its own additions (outlet, section, kicker, brackets) and the social ones are often shortened.
Additions are taken off first; then the form on which most statements agree is the headline.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from alliance_nlp.core.text import one_line
from alliance_nlp.extract.jsonld import text_of
from alliance_nlp.extract.markup import Markup

_SEPARATOR = re.compile(
    r"\s+[|\-–—:·•»«>/~]+\s+|\s*[|｜¦]\s*|\s+::\s+|\s*[：]\s*(?=[^：]{2,16}$)|\s*\s-$"
)
_IN_BRACKETS = re.compile(r"\s*[（(]([^（()）]{2,30})[）)]\s*$")
_KICKER = re.compile(r"^(?:【[^】]{1,12}】|＜[^＞]{1,12}＞|\[[^\]]{1,12}\]|〈[^〉]{1,12}〉)\s*")
_CAPS_KICKER = re.compile(
    r"^(?:watch|exclusive|breaking|updated?|opinion|analysis|commentary|editorial|video|photos?"
    r"|速報|独自|社説|解説|動画|写真)(?:\s*[:：|｜]\s*|\s+)",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:home|news|articles?|blog|search|menu|latest|top stories|press releases?|newsroom|opinion"
    r"|ニュース|トップ|記事|検索|メニュー|報道発表|プレスリリース|お知らせ|ホーム)",
    re.IGNORECASE,
)
_WORD = re.compile(r"\w+")
_NO_LETTERS = re.compile(r"[\W_]+")
_SHORTEST = 3
_LONGEST = 300


def headline(markup: Markup, *, listed: str = "", sites: Sequence[str] = ()) -> str:
    """Return the page's headline; ``""`` when it states none.

    Parameters
    ----------
    listed
        The title that the feed gave.
    sites
        Names of the outlet, which are no part of a headline.
    """
    families = _offered(markup, listed, sites)
    forms = [form for offered, _ in families for form in offered]
    if not forms:
        return ""
    best = max(forms, key=lambda form: (_votes(form, families), -forms.index(form)))
    return _without_kicker(best, forms)


def site_names(markup: Markup, host: str) -> tuple[str, ...]:
    """Return the names under which the outlet of a page may stand in its titles."""
    names = [
        *markup.metas.get("og:site_name", ()),
        *markup.metas.get("application-name", ()),
        *markup.metas.get("apple-mobile-web-app-title", ()),
        *(name.lstrip("@") for name in markup.metas.get("twitter:site", ())),
        text_of(markup.article.get("publisher")),
        *(text_of(n.get("name")) for n in markup.nodes if n.get("@type") == "WebSite"),
    ]
    labels = [label for label in host.split(".")[:-1] if len(label) > 3]
    return tuple(dict.fromkeys(one_line(name) for name in (*names, host, *labels) if name))


def without_outlet(title: str, sites: Sequence[str]) -> str:
    """Return a title without outlet names in front, behind or in brackets at its end."""
    known = [_letters(site) for site in sites if _letters(site)]
    title = _without_host(title.strip(), sites)
    in_brackets = _IN_BRACKETS.search(title)
    if in_brackets and _is_site(in_brackets.group(1), known):
        title = title[: in_brackets.start()]
    for _ in range(4):
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            break
        tail, head = title[cuts[-1].end() :], title[: cuts[0].start()]
        if _is_site(tail, known):
            title = title[: cuts[-1].start()].rstrip()
        elif _is_site(head, known):
            title = title[cuts[0].end() :].lstrip()
        else:
            break
    return title.strip()


def _without_host(title: str, sites: Sequence[str]) -> str:
    """Take off a host name, which some pages set before the headline without a separator."""
    for site in sites:
        if "." in site and title.casefold().startswith(f"{site.casefold()} "):
            return title[len(site) :].lstrip(" :|-–—")
    return title


def same_headline(one: str, other: str) -> bool:
    """Tell whether two titles differ in spacing, quotes, width or case only."""
    return bool(_letters(one)) and _letters(one) == _letters(other)


_Families = list[tuple[list[str], float]]


def _offered(markup: Markup, listed: str, sites: Sequence[str]) -> _Families:
    """Return what is offered by family, with its weight, in the order in which it is believed.

    Social titles and ``<title>`` come from one field of the editing system, often one written for
    search engines, so that they agree among themselves proves nothing.
    """
    article = markup.article
    h1s = [h1 for h1 in markup.h1s[:6] if not _is_masthead(h1, markup.title, sites)]
    social = [
        *markup.metas.get("og:title", ())[:1],
        *markup.metas.get("twitter:title", ())[:1],
        *markup.metas.get("headline", ())[:1],
        markup.title,
    ]
    linked = [
        text_of(article.get("headline")) or text_of(article.get("name")),
        text_of(article.get("alternativeHeadline")),
    ]
    raw = ((h1s, 1.5), (linked, 1.4), (social, 1.0), ([listed], 0.7))
    known = {_letters(form) for form in (*h1s, *linked, listed) if form}
    families: _Families = []
    for forms, weight in raw:
        texts = (one_line(_without_tags(html.unescape(form[:500]))) for form in forms if form)
        shorts = (_short(text, sites, known) for text in texts)
        families.append(([t for t in shorts if _is_possible(t)], weight))
    others = [form for offered, _ in families[1:] for form in offered]
    families[0] = (_headings(families[0][0], others, linked=families[1][0]), families[0][1])
    return families


def _headings(h1s: list[str], others: Sequence[str], *, linked: Sequence[str]) -> list[str]:
    """Return the ``h1`` that others confirm, without a kicker or date in front of the headline."""
    confirmed = [h1 for h1 in h1s if any(_alike(h1, other) > 0.1 for other in others)]
    if len(h1s) > 1 and others:
        h1s = confirmed
    bare = []
    for h1 in h1s:
        # The same letters elsewhere are better spaced: an h1 is often pieced together.
        tails = (o for o in others if 0 <= len(h1.split()) - len(o.split()) <= 3)
        tail = next((o for o in tails if _letters(h1).endswith(_letters(o))), h1)
        twin = next((o for o in others if same_headline(o, h1)), tail)
        is_spaced_alike = same_headline(twin, h1) and len(twin.split()) == len(h1.split())
        if is_spaced_alike and twin not in linked:
            twin = h1  # social titles lose the dashes and quotes of the page
        bare.append(twin if len(_letters(twin)) > 0.5 * len(_letters(h1)) else h1)
    return bare


def _is_masthead(h1: str, title: str, sites: Sequence[str]) -> bool:
    """Tell whether an ``h1`` is the name of the site rather than of the article."""
    if any(same_headline(h1, site) for site in sites):
        return True
    pieces = [piece.strip() for piece in re.split(r"\s+[|\-–—•»]\s+|:\s+|[|｜]", title)]
    rest = [piece for piece in pieces if not same_headline(piece, h1)]
    return (
        len(h1.split()) <= 3
        and len(rest) < len(pieces)
        and max(map(len, rest), default=0) > len(h1)
    )


def _short(form: str, sites: Sequence[str], known: set[str]) -> str:
    """Take the outlet off a form, and what follows a headline that another statement has bare."""
    form = without_outlet(form, sites)
    if _letters(form) in known:
        return form
    for cut in _SEPARATOR.finditer(form):
        if _letters(form[: cut.start()]) in known:
            return form[: cut.start()].rstrip()
    # Nothing else tells where the headline ends; a bar before a word or three is never part of it.
    head, bar, tail = form.rpartition("|")
    if bar and len(tail.split()) <= 3 and len(tail) < 0.4 * len(head):
        return head.rstrip(" |")
    return form


def _without_tags(text: str) -> str:
    return re.sub(r"</?(?:i|b|em|strong|span|br|q|sup|sub)\b[^>]*>", " ", text)


def _is_possible(form: str) -> bool:
    return _SHORTEST <= len(form) <= _LONGEST and not _GENERIC.fullmatch(form)


def _is_site(segment: str, known: Sequence[str]) -> bool:
    letters = _letters(segment)
    return bool(letters) and any(
        letters == name
        or (
            (len(letters) > 3 and len(name) > 3 and (letters in name or name in letters))
            and len(segment) <= 40
        )
        for name in known
    )


def _votes(form: str, families: _Families) -> float:
    """Return how far the families agree with a form; each family has one vote."""
    return sum(
        weight * max((_alike(form, other) for other in offered), default=0.0)
        for offered, weight in families
    )


def _alike(form: str, other: str) -> float:
    one, two = _letters(form), _letters(other)
    if one == two:
        return 1.0
    if min(len(one), len(two)) < 15:
        return 0.0
    if two.startswith(one):
        return 0.6  # the other one goes on: a section name, a place
    if one.startswith(two):
        return 0.5  # the other one was cut
    mine, others = set(_WORD.findall(form.lower())), set(_WORD.findall(other.lower()))
    return 0.4 * len(mine & others) / max(1, len(mine | others))


def _without_kicker(best: str, forms: Sequence[str]) -> str:
    for pattern in (_KICKER, _CAPS_KICKER):
        bare = pattern.sub("", best)
        if bare != best and bare and any(same_headline(bare, form) for form in forms):
            return bare
    return best


@lru_cache(maxsize=512)
def _letters(text: str) -> str:
    return _NO_LETTERS.sub("", unicodedata.normalize("NFKC", text).casefold())
