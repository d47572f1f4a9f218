from __future__ import annotations

import unicodedata

from hypothesis import HealthCheck, assume, example, given, settings
from hypothesis import strategies as st

from alliance_nlp.core.ids import is_slug, slug
from alliance_nlp.core.text import clean, normal_text, one_line, shorten
from alliance_nlp.core.urls import absolute, canonical, host, is_web_url

# Text that is dense in what matters, and any text at all.
URL_PIECES = st.sampled_from(
    [
        *"http:// https:// HTTPS:// www. amp. a example . / // ? # & = ; : @ [ ] ::1".split(),
        *"% %2F %25 %ff %3f .amp .html /amp /amp/ /index.html /index.html/ :80 :8080".split(),
        *"utm_source=x ref=1 output=amp amp + - _ ~ ～ 記 ä \u212a \u0130 \udcff \ud800".split(),
        *(" ", "\t", "\n", "\x00", "\\"),
    ]
)
URLISH = st.one_of(
    st.lists(URL_PIECES, max_size=12).map("".join),
    st.builds(
        "{}{}{}".format,
        st.sampled_from(["http://", "https://", "https://www.", "https://amp."]),
        st.lists(URL_PIECES, max_size=10).map("".join),
        st.text(max_size=10),
    ),
)
HOSTS = st.from_regex(r"\A[a-z][a-z0-9]{0,8}(\.[a-z]{2,6}){1,2}\Z").filter(
    lambda name: not name.startswith(("www.", "amp."))
)
SEGMENTS = st.lists(
    st.from_regex(r"\A[a-z0-9][a-z0-9-]{0,8}\Z").filter(lambda word: word != "amp"),
    min_size=1,
    max_size=4,
)
TRACKERS = st.lists(
    st.sampled_from(["utm_source=feed", "utm_x=1", "fbclid=a", "gclid=b", "ref=c", "output=amp"]),
    max_size=3,
)
CHARACTERS = st.one_of(
    st.characters(),
    st.sampled_from(
        " \t\n\r\x00\x1f\x7f\x85\xa0\xad\u0301\u0338\u2000\u200b\u2028\u202e\u3000\ufeff\uffff"
        "\ud800\udfff\u212be\u1100\u1161"
    ),
)
TEXTS = st.text(CHARACTERS, max_size=40)


@given(URLISH)
@example("https://amp.www.a/")
@example("https://a/story/amp/index.html/")
@example("http://[::1]/")
@example("https://www./")
@example("https://./")
def test_canonical_never_raises_on_web_urls_and_is_idempotent(url: str) -> None:
    assume(is_web_url(url))
    once = canonical(url)
    assert is_web_url(once)
    assert canonical(once) == once


@settings(suppress_health_check=[HealthCheck.filter_too_much])
@given(URLISH)
def test_canonical_is_plain_when_the_host_is(url: str) -> None:
    assume(is_web_url(url) and host(url).isascii())
    assert canonical(url).isascii()
    assert "#" not in canonical(url)


@given(
    HOSTS,
    SEGMENTS,
    TRACKERS,
    st.sampled_from(["http://", "https://", "HTTPS://"]),
    st.sampled_from(["", "www.", "amp.", "WWW."]),
    st.sampled_from(["", "/", "/amp", "/amp/", "/index.html"]),
    st.sampled_from(["", "#top", "#"]),
)
def test_variants_fold_to_one_key(
    name: str,
    segments: list[str],
    trackers: list[str],
    scheme: str,
    prefix: str,
    tail: str,
    fragment: str,
) -> None:
    path = "/".join(segments)
    query = "?" + "&".join(["id=7", *trackers])
    variant = f"{scheme}{prefix}{name.upper()}/{path}{tail}{query}{fragment}"
    assert canonical(variant) == canonical(f"https://{name}/{path}?id=7")


@given(URLISH, URLISH)
def test_absolute_gives_a_web_url_without_fragment_or_nothing(base: str, link: str) -> None:
    url = absolute(base, link)
    assert url == "" or (is_web_url(url) and "#" not in url)


@given(TEXTS)
def test_normal_text_is_idempotent(text: str) -> None:
    once = normal_text(text)
    assert normal_text(once) == once


@given(TEXTS)
def test_normal_text_holds_nothing_a_store_refuses(text: str) -> None:
    normal = normal_text(text)
    normal.encode("utf-8")
    assert not {unicodedata.category(char) for char in normal.replace("\n", "")} & {"Cc", "Cs"}
    assert not set(normal) & set("\xad\u200b\u200e\u200f\u202a\u202e\u2066\u2069\ufeff\ufffe\uffff")


@given(TEXTS)
def test_normal_text_has_single_spaces_and_trimmed_paragraphs(text: str) -> None:
    normal = normal_text(text)
    assert all(part and part == part.strip() for part in normal.split("\n")) or normal == ""
    assert "  " not in normal
    assert unicodedata.is_normalized("NFC", normal)


@given(TEXTS, st.data())
def test_offsets_survive_a_trip_through_utf8(text: str, data: st.DataObject) -> None:
    normal = normal_text(text)
    start = data.draw(st.integers(0, len(normal)))
    end = data.draw(st.integers(start, len(normal)))
    assert normal_text(normal.encode().decode())[start:end] == normal[start:end]


@given(TEXTS)
def test_clean_is_idempotent_and_one_line_is_one_line(text: str) -> None:
    assert clean(clean(text)) == clean(text)
    assert len(one_line(text).splitlines()) <= 1


@given(TEXTS, st.integers(1, 40))
def test_shorten_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(shorten(text, limit)) <= limit


@given(st.text())
def test_slug_is_always_a_slug(text: str) -> None:
    assert is_slug(slug(text))
