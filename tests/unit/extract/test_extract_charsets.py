"""Bytes in, characters out."""

from __future__ import annotations

import pytest
from extract_pages import JAPANESE, html, page, paragraphs

from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.extract.decode import decode_body, is_mojibake

TITLE = "海峡の共同巡視で合意、来春から実施へ"
BODY = html(h1=TITLE, body=paragraphs(JAPANESE))
CHARSETS = [
    ("shift_jis", "Shift_JIS"),
    ("cp932", "Windows-31J"),
    ("euc_jp", "EUC-JP"),
    ("iso2022_jp", "ISO-2022-JP"),
    ("utf-8", "UTF-8"),
]


@pytest.mark.parametrize(("codec", "label"), CHARSETS)
def test_japanese_is_right_when_the_header_declares_it(codec: str, label: str) -> None:
    found = extract_page(page(BODY.encode(codec), content_type=f"text/html; charset={label}"))
    assert isinstance(found, Extraction)
    assert found.article.title == TITLE
    assert found.article.text == "\n".join(JAPANESE)
    assert found.article.language == "ja"


@pytest.mark.parametrize(("codec", "label"), CHARSETS)
def test_japanese_is_right_when_only_meta_declares_it(codec: str, label: str) -> None:
    body = BODY.replace("<head>", f'<head><meta charset="{label}">')
    found = extract_page(page(body.encode(codec), content_type="text/html"))
    assert isinstance(found, Extraction)
    assert found.article.title == TITLE


@pytest.mark.parametrize(("codec", "label"), CHARSETS)
def test_japanese_is_right_when_nothing_declares_it(codec: str, label: str) -> None:
    found = extract_page(page(BODY.encode(codec), content_type=""))
    assert isinstance(found, Extraction)
    assert found.article.title == TITLE


@pytest.mark.parametrize("codec", ["shift_jis", "euc_jp"])
@pytest.mark.parametrize("wrong", ["utf-8", "iso-8859-1", "shift_jis", "euc-jp"])
def test_japanese_is_right_when_the_header_is_wrong(codec: str, wrong: str) -> None:
    assert TITLE in decode_body(BODY.encode(codec), f"text/html; charset={wrong}").text


def test_characters_beyond_the_standard_are_right_when_it_is_really_cp932() -> None:
    text = "①髙橋氏と﨑山氏は、共同巡視の計画について意見を交わした。"
    assert text in decode_body(text.encode("cp932"), "text/html; charset=Shift_JIS").text


def test_byte_order_mark_goes_before_the_header() -> None:
    body = b"\xef\xbb\xbf" + TITLE.encode()
    assert decode_body(body, "text/html; charset=iso-8859-1").text == TITLE


def test_utf_16_is_read_by_its_byte_order_mark() -> None:
    assert decode_body(TITLE.encode("utf-16"), "").text == TITLE


def test_latin_1_means_windows_1252() -> None:
    text = "The minister’s café – “open”"
    assert decode_body(text.encode("cp1252"), "text/html; charset=ISO-8859-1").text == text


def test_unknown_label_is_passed_over() -> None:
    assert decode_body("naïve".encode(), "text/html; charset=nonsense-9").text == "naïve"


@pytest.mark.parametrize(
    "text",
    [
        "".join(JAPANESE).encode().decode("cp1252", "ignore"),
        "The minister’s “plan” isn’t ready – they’re late".encode().decode("cp1252", "ignore") * 3,
        "".join(JAPANESE).encode().decode("cp932", "ignore"),
        "a\ufffdb" * 20,
    ],
)
def test_mojibake_is_seen_when_text_was_decoded_wrongly(text: str) -> None:
    assert is_mojibake(text)


@pytest.mark.parametrize(
    "text", ["".join(JAPANESE), "Café crème à São Paulo, Ångström", "Größe, Übung, Île, œuvre"]
)
def test_mojibake_is_not_seen_in_sound_text(text: str) -> None:
    assert not is_mojibake(text * 20)


def test_article_is_flagged_when_its_bytes_are_damaged() -> None:
    body = html().encode().replace(b"strait", b"str\xff\xfe\xfdait").replace(b"e, ", b"e\x81, ")
    found = extract_page(page(body, content_type="text/html; charset=utf-8"))
    assert isinstance(found, Extraction)
