"""Bytes in, characters out."""

from __future__ import annotations

import pytest
from extract_pages import JAPANESE, html, page, paragraphs

from alliance_nlp.extract import Extraction, extract_page
from alliance_nlp.extract.decode import decode_body
from alliance_nlp.extract.mojibake import is_mojibake

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


CHINESE = (
    "两国部长星期四同意共同巡逻海峡，结束了今年大部分时间里使双方船员分离的争端，"
    "双方的巡逻艇每月将一起航行。"
)
TRADITIONAL = (
    "兩國部長星期四同意共同巡邏海峽，結束了今年大部分時間裡使雙方船員分離的爭端，"
    "雙方的巡邏艇每月將一起航行。"
)
KOREAN = (
    "양국 장관은 목요일 해협을 공동으로 순찰하기로 합의하여 올해 대부분 동안 이어진 분쟁을 끝냈다."
)
EUROPEAN = "The minister’s “plan” isn’t ready – it cost €5 million, à peu près…"
BODIES = [
    ("".join(JAPANESE), "cp932", "Shift_JIS"),
    ("①㈱～" + "".join(JAPANESE), "cp932", "Shift_JIS"),
    ("①㈱" + "".join(JAPANESE), "euc_jis_2004", "EUC-JP"),
    ("".join(JAPANESE), "euc_jp", "EUC-JP"),
    ("".join(JAPANESE), "iso2022_jp", "ISO-2022-JP"),
    ("".join(JAPANESE), "utf-8", "UTF-8"),
    ("".join(JAPANESE), "utf-16-le", "UTF-16"),
    (CHINESE, "gb18030", "GB2312"),
    (TRADITIONAL, "big5", "Big5"),
    (KOREAN, "euc_kr", "EUC-KR"),
    (EUROPEAN, "cp1252", "ISO-8859-1"),
    (EUROPEAN, "utf-8", "UTF-8"),
]
LABELS = ["", "utf-8", "shift_jis", "euc-jp", "iso-8859-1", "gb2312", "big5", "euc-kr"]


@pytest.mark.parametrize(("text", "codec", "label"), BODIES)
@pytest.mark.parametrize("header", [*LABELS, "right"])
@pytest.mark.parametrize("meta", ["", "utf-8", "shift_jis", "iso-8859-1", "big5", "right"])
def test_charset_is_that_in_which_the_text_reads_best(
    text: str, codec: str, label: str, header: str, meta: str
) -> None:
    stated = label if meta == "right" else meta
    head = f'<meta charset="{stated}">' if stated else ""
    body = html(head=head, h1="x", body=paragraphs((text, text))).encode(codec)
    stated = label if header == "right" else header
    assert text in decode_body(body, f"text/html; charset={stated}" if stated else "").text


def test_few_damaged_bytes_do_not_change_the_charset() -> None:
    body = "".join(JAPANESE * 5).encode("cp932") + b"\x81\xff" + "終わり。".encode("cp932")
    found = decode_body(body, "text/html; charset=utf-8")
    assert found.charset == "cp932"
    assert JAPANESE[0] in found.text


@pytest.mark.parametrize(
    "text",
    [
        "".join(JAPANESE).encode("euc_jp").decode("cp932", "ignore"),
        "".join(JAPANESE).encode("cp932").decode("cp1252", "ignore"),
        "".join(JAPANESE).encode("euc_jp").decode("latin-1"),
        "".join(JAPANESE).encode().decode("gb18030", "ignore"),
        "鐃緒申鐃緒申鐃緒申" + JAPANESE[0],
        "&#x6d77;&#x5ce1;&#x306e; &#x5171;&#x540c;",
        "The minister said ????????? and then ?????????? and left.",
        "It isnâ€™t ready, they said, and it wonâ€™t be before the spring.",
    ],
)
def test_mojibake_is_seen_in_its_many_forms(text: str) -> None:
    assert is_mojibake(text)


@pytest.mark.parametrize(
    "text", ["繊細な蛹の観察記録。" * 20, "Is it true?? Really??? Yes.", "£5 – €6…"]
)
def test_mojibake_is_not_seen_in_rare_but_sound_signs(text: str) -> None:
    assert not is_mojibake(text)


def test_article_is_flagged_when_its_bytes_are_damaged() -> None:
    body = html().encode().replace(b"strait", b"str\xff\xfe\xfdait").replace(b"e, ", b"e\x81, ")
    found = extract_page(page(body, content_type="text/html; charset=utf-8"))
    assert isinstance(found, Extraction)
