"""The markup around a generated article: menus, scripts, cards, comments, as sites wrap theirs.

Four manners of site are drawn from. Sizes follow log-normal laws, since a few real pages are many
times as heavy as most; ``docs/benchmark.md`` says how near the whole comes to real pages.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from random import Random

_CLASSES = (
    "container row col grid wrap inner block card item list media body head foot top main side "
    "lead meta label link text title image figure slot box panel group unit stack shell frame"
).split()
_PROSE = "text block unit paragraph copy line".split()
_RULES = "margin padding border color background font-size line-height width flex display".split()
_SECTIONS = (
    "World Politics Business Opinion Sport Culture Science Travel Health Weather Video Podcasts "
    "Local Obituaries Property Motoring Puzzles Archive Newsletters Subscribe"
).split()
_MIDDLE_CLASSES = 100
# Shares of real pages: in one line, with a date in their head, with an author there.
_MINIFIED, _WITH_DATE, _WITH_AUTHOR = 0.45, 0.55, 0.5
_ICON = "M12 2C6.5 2 2 6.5 2 12s4.5 10 10 10 10-4.5 10-10S17.5 2 12 2zm{a} {b}l-{c}-{a}z"


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """What a page tells: its article, and heads and first words of others to link to.

    Dates are in ISO form. ``heads`` are (title, first words) of other articles.
    """

    url: str
    language: str
    title: str
    author: str
    published: str
    paragraphs: tuple[str, ...]
    heads: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Sizes:
    """How much of each is on a page: numbers of elements, and characters of code."""

    menu: int
    cards: int
    comments: int
    script: int
    style: int
    linked: int
    metas: int
    depth: int


class Pen(Random):
    """What a page is drawn with: chance, the classes of its style, and that of its paragraphs.

    On real pages two in five of the elements with classes have them to themselves.
    """

    def __init__(self, draw: Random) -> None:
        super().__init__(draw.getrandbits(64))
        self.classes = tuple(
            " ".join(
                f"{self.choice(_CLASSES)}-{self.choice(_CLASSES)}"
                for _ in range(self.randint(1, 3))
            )
            for _ in range(int(_MIDDLE_CLASSES * self.lognormvariate(0, 0.4)))
        )
        # A site's paragraphs look alike, and are not called what its furniture is.
        self.prose = f'class="{self.choice(_PROSE)}-{self.choice(_PROSE)}"'


def draw_sizes(draw: Random) -> Sizes:
    """Return the sizes of a page."""

    def around(middle: float, spread: float) -> int:
        return int(middle * draw.lognormvariate(0, spread))

    # A site that is heavy is so in all of its parts.
    plenty = draw.lognormvariate(0, 0.5)
    return Sizes(
        menu=around(72 * plenty, 0.4),
        cards=around(17 * plenty, 0.4),
        comments=around(7 * plenty, 0.9) if draw.random() < 0.3 else 0,
        script=around(42_000, 0.9),
        style=around(24_000, 1.1) if draw.random() < 0.8 else 0,
        linked=around(2_200, 0.9),
        metas=around(24, 0.45),
        depth=draw.randint(4, 11),
    )


def wrap(story: Story, draw: Random) -> str:
    """Return the whole page of a story, in a manner that is drawn."""
    sizes, pen = draw_sizes(draw), Pen(draw)
    manner = pen.choice((_newspaper, _broadcaster, _weblog, _plain))
    body = manner(story, sizes, pen)
    for _ in range(sizes.depth):
        body = f"<div {_attributes(pen)}>{body}</div>"
    return _laid_out(
        f'<!DOCTYPE html><html lang="{story.language}" class="no-js">{_head(story, sizes, pen)}'
        f'<body class="page page--{pen.randint(1, 9)}" data-page="{pen.getrandbits(64):x}">'
        f"{_header(story, sizes, pen)}{body}{_footer(story, sizes, pen)}"
        f"<script>{_script(sizes.script // 2, pen)}</script></body></html>",
        pen,
    )


def _laid_out(page: str, draw: Pen) -> str:
    """Return a page with lines, indents and comments between its elements, as most have them."""
    if draw.random() < _MINIFIED:
        return page
    pieces = page.split("><")
    between = [f">\n{' ' * 2 * draw.randint(1, 9)}<" for _ in pieces[1:]]
    for place in draw.sample(range(len(between)), min(len(between), draw.randint(0, 40))):
        between[place] = f">\n<!-- {draw.choice(_CLASSES)} {draw.getrandbits(32):x} --><"
    return pieces[0] + "".join(map("".join, zip(between, pieces[1:], strict=True)))


def _attributes(draw: Pen, name: str = "") -> str:
    more = "".join(
        f' data-{draw.choice(_CLASSES)}-{n}="{draw.getrandbits(48):x}"'
        for n in range(draw.randint(0, 3))
    )
    return f'class="{" ".join((name, draw.choice(draw.classes))).strip()}"{more}'


def _head(story: Story, sizes: Sizes, draw: Pen) -> str:
    title, words = escape(story.title), escape(" ".join(story.paragraphs)[:150])
    named = {
        "og:type": "article",
        "og:title": title,
        "og:url": story.url,
        "og:description": words,
        "twitter:title": title,
        "twitter:card": "summary_large_image",
    }
    if draw.random() < _WITH_DATE:
        named["article:published_time"] = story.published
    if draw.random() < _WITH_AUTHOR:
        named["author"] = escape(story.author)
    metas = [f'<meta property="{name}" content="{value}">' for name, value in named.items()]
    metas += [
        f'<meta name="{draw.choice(_CLASSES)}:{draw.choice(_CLASSES)}-{n}" '
        f'content="{draw.getrandbits(96):x}">'
        for n in range(sizes.metas)
    ]
    links = [
        f'<link rel="preload" as="script" href="https://static.example/{draw.getrandbits(64):x}.js">'
        for _ in range(draw.randint(4, 20))
    ]
    return (
        f'<head><meta charset="utf-8"><title>{title} | {_site(story)}</title>'
        f'<meta name="viewport" content="width=device-width"><meta name="description" '
        f'content="{words}"><link rel="canonical" href="{story.url}">{"".join(metas + links)}'
        f'<script type="application/ld+json">{_linked(story, sizes, draw)}</script>'
        f"<style>{_style(sizes.style, draw)}</style>"
        f"<script>{_script(sizes.script // 2, draw)}</script></head>"
    )


def _site(story: Story) -> str:
    return story.url.split("/")[2].split(".")[0].replace("-", " ").title()


def _linked(story: Story, sizes: Sizes, draw: Pen) -> str:
    image = {"@type": "ImageObject", "url": _image(draw), "width": 1200, "height": 675}
    article = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": story.title,
        "url": story.url,
        "mainEntityOfPage": story.url,
        "datePublished": story.published,
        "dateModified": story.published,
        "image": image,
        "author": [{"@type": "Person", "name": story.author}],
        "publisher": {"@type": "Organization", "name": _site(story), "logo": image},
    }
    crumbs: list[object] = []
    while len(json.dumps(crumbs)) < sizes.linked - 900:
        name = draw.choice(_SECTIONS)
        item = {"@id": f"{story.url}#{name.lower()}-{len(crumbs)}", "name": name}
        crumbs.append({"@type": "ListItem", "position": len(crumbs) + 1, "item": item})
    listed = {
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": crumbs,
    }
    return _json([article, listed])


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("</", "<\\/")


def _style(n: int, draw: Pen) -> str:
    return _filled(
        n,
        lambda: (
            f".{draw.choice(_CLASSES)}-{draw.getrandbits(20):x} .{draw.choice(_CLASSES)}>a:hover"
            f"{{{draw.choice(_RULES)}:{draw.randint(0, 99)}px;{draw.choice(_RULES)}:"
            f"#{draw.getrandbits(24):06x}}}"
        ),
    )


def _script(n: int, draw: Pen) -> str:
    return _filled(
        n,
        lambda: draw.choice(
            (
                f'window.slots["{draw.getrandbits(64):x}"]={{size:[300,{draw.randint(50, 600)}]}};',
                f"!function(e,t){{if(e<t)for(var n=0;n<{draw.randint(2, 99)};n++)t[n]=e(n)}}(w,d);",
                f'dataLayer.push({{"event":"{draw.choice(_CLASSES)}","id":{draw.getrandbits(40)}}});',
            )
        ),
    )


def _filled(n: int, piece: Callable[[], str]) -> str:
    pieces, left = [], n
    while left > 0:
        pieces.append(piece())
        left -= len(pieces[-1])
    return "".join(pieces)


def _image(draw: Pen) -> str:
    return f"https://images.example/{draw.getrandbits(64):x}/{draw.randint(1, 9999)}.jpg"


def _icon(draw: Pen) -> str:
    path = _ICON.format(a=draw.randint(1, 9), b=draw.randint(1, 9), c=draw.randint(1, 9))
    return f'<svg viewBox="0 0 24 24" aria-hidden="true"><path d="{path}"></path></svg>'


def _picture(draw: Pen, alt: str = "") -> str:
    source = _image(draw)
    sizes = ", ".join(f"{source}?w={width} {width}w" for width in (320, 640, 960))
    return f'<img src="{source}" srcset="{sizes}" sizes="100vw" alt="{escape(alt)}" loading="lazy">'


def _menu(heads: Sequence[tuple[str, str]], n: int, draw: Pen) -> str:
    def entry(number: int) -> str:
        if number % 3 == 2:
            return escape(draw.choice(heads)[0][:24])
        return f"{draw.choice(_SECTIONS)} {number}"

    return "".join(
        f"<li {_attributes(draw, 'menu-item')}><div {_attributes(draw)}><a {_attributes(draw)} "
        f'href="/{draw.getrandbits(32):x}/"><span>{entry(number)}</span></a></div></li>'
        for number in range(n)
    )


def _header(story: Story, sizes: Sizes, draw: Pen) -> str:
    buttons = "".join(
        f'<button type="button" {_attributes(draw)} aria-label="{name}">{_icon(draw)}</button>'
        for name in ("Menu", "Search", "Account", "Share")
    )
    return (
        f'<a class="skip-link" href="#main">Skip to content</a><header {_attributes(draw)}>'
        f'<div {_attributes(draw)}><a href="/">{_site(story)}</a>{buttons}</div><nav '
        f"{_attributes(draw, 'menu')}><ul>{_menu(story.heads, sizes.menu // 2, draw)}</ul></nav>"
        '</header><div class="consent-banner"><p>We and our partners store and read what your '
        "browser keeps, to measure how our pages are used.</p><button>Accept all</button></div>"
    )


def _footer(story: Story, sizes: Sizes, draw: Pen) -> str:
    icons = "".join(f'<a href="https://social.example/{n}">{_icon(draw)}</a>' for n in range(5))
    return (
        f"<footer {_attributes(draw, 'site-footer')}><div>{icons}</div><ul>"
        f"{_menu(story.heads, sizes.menu // 2, draw)}</ul><p>© {_site(story)}. All rights reserved."
        " Terms of use, privacy and cookies.</p></footer>"
    )


def _cards(story: Story, n: int, draw: Pen) -> str:
    return "".join(
        f"<div {_attributes(draw, 'teaser')}><div {_attributes(draw)}><a href='/{number}/"
        f"{draw.getrandbits(32):x}'>{_picture(draw, title)}</a></div><div {_attributes(draw)}>"
        f"<h3 {_attributes(draw)}><a href='/{number}'>{escape(title)}</a></h3>"
        f"<p>{escape(words)}</p><div {_attributes(draw)}><span {_attributes(draw)}>"
        f"{draw.randint(1, 23)} hours ago</span>"
        f"<span>{draw.choice(_SECTIONS)}</span></div>{_icon(draw)}</div></div>"
        for number, (title, words) in enumerate(draw.choices(story.heads, k=n))
    )


def _comments(story: Story, n: int, draw: Pen) -> str:
    notes = "".join(
        f"<li {_attributes(draw, 'comment')}><b>reader {number}</b><time>{draw.randint(1, 59)} min"
        f"</time><div><p>{escape(words)}</p></div><a href='#reply'>Reply</a></li>"
        for number, (_, words) in enumerate(draw.choices(story.heads, k=n))
    )
    return f'<section class="comments" id="comments"><h2>Comments</h2><ol>{notes}</ol></section>'


def _figure(story: Story, draw: Pen) -> str:
    caption = escape(draw.choice(story.heads)[0])
    return f"<figure>{_picture(draw)}<figcaption>{caption}. File photo</figcaption></figure>"


def _advert(draw: Pen) -> str:
    return f'<div {_attributes(draw, "advert")}><div id="ad-{draw.getrandbits(32):x}"></div></div>'


def _with_links(line: str, draw: Pen) -> str:
    """Return a paragraph's inside; of some, a few words are a link or stressed."""
    words = escape(line).split(" ")
    if len(words) > 12 and draw.random() < 0.35:
        at = draw.randrange(len(words) - 4)
        inner = " ".join(words[at : at + 3])
        marked = draw.choice((f'<a href="/topic/{at}">{inner}</a>', f"<strong>{inner}</strong>"))
        words[at : at + 3] = [marked]
    return " ".join(words)


def _newspaper(story: Story, sizes: Sizes, draw: Pen) -> str:
    parts: list[str] = []
    for number, line in enumerate(story.paragraphs):
        parts.append(f"<p {draw.prose}>{_with_links(line, draw)}</p>")
        if number % 4 == 2:
            parts.append(_advert(draw))
        if number == 3:
            parts.append(
                f"<aside class='related'><h4>Read more</h4>{_cards(story, 2, draw)}</aside>"
            )
    return (
        f'<main id="main"><article {_attributes(draw)}><header><h1>{escape(story.title)}</h1>'
        f'<p class="byline">By <a rel="author" href="/by/1">{story.author}</a></p><time '
        f'datetime="{story.published}">{story.published[:10]}</time></header>'
        f'{_figure(story, draw)}<div class="article-body">{"".join(parts)}</div></article><aside '
        f"{_attributes(draw, 'sidebar')}>{_cards(story, sizes.cards, draw)}</aside>"
        f"{_comments(story, sizes.comments, draw) if sizes.comments else ''}</main>"
    )


def _broadcaster(story: Story, sizes: Sizes, draw: Pen) -> str:
    blocks = [
        f'<div data-component="text-block" {draw.prose}><p {draw.prose}><span>'
        f"{_with_links(line, draw)}</span></p></div>"
        for line in story.paragraphs
    ]
    blocks.insert(min(2, len(blocks)), _figure(story, draw))
    state = _json({"title": story.title, "blocks": story.paragraphs})
    return (
        f'<main><article {_attributes(draw)}><div data-component="headline-block"><h1>'
        f'{escape(story.title)}</h1></div><div data-component="byline-block"><span>{story.author}'
        f'</span><time datetime="{story.published}">{story.published[:10]}</time></div>'
        f'{"".join(blocks)}<div data-component="links-block"><h2>Related topics</h2><ul>'
        f'{_menu(story.heads, 6, draw)}</ul></div></article><section data-component="more">'
        f"{_cards(story, sizes.cards, draw)}</section></main><script type='application/json' "
        f"id='state'>{state}</script>"
    )


def _weblog(story: Story, sizes: Sizes, draw: Pen) -> str:
    lines = [f"<p>{_with_links(line, draw)}</p>" for line in story.paragraphs]
    if len(lines) > 4:
        lines.insert(3, f"<h2>{escape(draw.choice(_SECTIONS))}</h2>")
        lines[4] = f"<blockquote>{lines[4]}</blockquote>"
    shares = "".join(f'<a href="#share-{n}">{_icon(draw)}Share</a>' for n in range(4))
    return (
        f'<div id="content" class="site-content"><div class="entry hentry post"><h1 '
        f'class="entry-title">{escape(story.title)}</h1><div class="entry-meta">Posted on '
        f'{story.published[:10]} by {story.author}</div><div class="entry-content">{shares}'
        f"{''.join(lines)}</div></div>{_comments(story, sizes.comments + 3, draw)}"
        f'<div id="secondary" class="widget-area"><div class="widget">'
        f"{_cards(story, sizes.cards, draw)}</div><ul>{_menu(story.heads, 9, draw)}</ul></div>"
        "</div>"
    )


def _plain(story: Story, sizes: Sizes, draw: Pen) -> str:
    text = "".join(f"<p>{escape(line)}</p>" for line in story.paragraphs)
    return (
        f'<div {_attributes(draw)}><div class="breadcrumb"><a href="/">Home</a> / News</div>'
        f'<h1>{escape(story.title)}</h1><div class="date">{story.published[:10]}</div>'
        f'<div class="text">{text}</div><div class="contact"><p>{story.author}, press office</p>'
        f'</div></div><div class="more"><ul>{_menu(story.heads, 12, draw)}</ul>'
        f"{_cards(story, sizes.cards // 2, draw)}</div>"
    )
