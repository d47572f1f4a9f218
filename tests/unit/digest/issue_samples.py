"""An issue with its cited articles, in our own words, for the tests of its formats."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

from hypothesis import strategies as st

from alliance_nlp.core.text import one_line
from alliance_nlp.core.types import Article, Dated, Issue, IssueItem, Sentence, SentenceSource

AT = datetime(2031, 2, 9, 6, 0, tzinfo=UTC)
SCRIPT = "<script>alert('x')</script> & \"quoted\" <img src=x onerror=alert(1)> {{ 7 * 7 }}"
BIDI = "Pier\u202egnp.exe\u2066 \x00repairs\ud800\ufeff begin"
LONG_WORD = "w" * 1_000_000


def article(name: str, **changes: object) -> Article:
    found = Article(
        id=name,
        source_id="gazette",
        url=f"https://gazette.example/{name}",
        link=f"https://www.gazette.example/{name}?page=1&lang=en",
        title=f"Crews return to pier {name}",
        text="Work on two piers at Sasebo begins in March. Each side pays half.",
        published=Dated(
            at=datetime(2031, 2, 4, tzinfo=UTC), precision="day", found="2031-02-04", where="meta"
        ),
        language="en",
        outlet="Harbor Gazette",
    )
    return replace(found, **changes)


ARTICLES = {
    "a": article("a"),
    "b": article("b", outlet="Ōsaka Maritime Review", title="Kōchi’s pilots ask for a calendar"),
    "c": article("c", outlet="港湾新聞", title="桟橋の修理費、折半で合意", language="ja"),
}


def sentence(text: str, *names: str) -> Sentence:
    places = tuple(SentenceSource(article_id=name, start=0, end=44) for name in names)
    return Sentence(text=text, sources=places)


def issue(*items: tuple[str, tuple[Sentence, ...]], **changes: object) -> Issue:
    """Return an issue with the items (headline, sentences), or with three of its own."""
    given = items or (
        (
            "Ministers settle who pays for pier repairs",
            (
                sentence("Work on two piers at Sasebo begins in March.", "a"),
                sentence("Each side pays half of 1.2 billion yen.", "a"),
                sentence("Pilots of Kōchi ask for a calendar of drills.", "b", "a"),
            ),
        ),
        ("Ōita asks for notice of drills", (sentence("Ōita asks for thirty days.", "b"),)),
        ("桟橋の修理費を折半", (sentence("日米は桟橋の修理費を折半する。", "c"),)),
    )
    found = Issue(
        volume=4,
        number=3,
        title="US-Japan Alliance Digest",
        published_on=date(2031, 2, 9),
        since_on=date(2031, 1, 27),
        until_on=date(2031, 2, 9),
        items=tuple(IssueItem(headline=head, sentences=bullet) for head, bullet in given),
        footer="The US-Japan Alliance Digest is drafted every two weeks.",
    )
    return replace(found, **changes)


def one(headline: str, text: str, **changes: object) -> Issue:
    """Return an issue of one item with one sentence that cites ``a``."""
    return issue((headline, (sentence(text, "a"),)), **changes)


# Words that every format must give back; spaces and line ends differ from format to format.
_LATIN = st.sampled_from(
    [
        *(chr(n) for n in range(0x21, 0x7F)),
        *(chr(n) for n in range(0xC0, 0x100)),
        *"āīūēōĀĪŪĒŌ“”’–—…€",
    ]
)
latin_words = st.lists(st.text(_LATIN, min_size=1, max_size=12), min_size=1, max_size=30).map(
    " ".join
)
any_words = st.text(max_size=120).map(one_line).filter(bool)


def squeezed(text: str) -> str:
    """Return a text without its spaces, which wrapping may move."""
    return "".join(text.split())
