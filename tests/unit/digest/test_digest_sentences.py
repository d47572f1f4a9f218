from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.text import normal_text
from alliance_nlp.digest import sentence_spans


def _sentences(text: str) -> list[str]:
    return [text[start:end] for start, end in sentence_spans(text)]


@pytest.mark.parametrize(
    "sentences",
    [
        ["Ships sailed.", "They came back."],
        ["Mr. Sato met Gen. Smith and Lt. Col. Jones.", "They spoke."],
        ["The U.S. Navy sailed.", "It came back."],
        ["The U.S. and Japan agreed.", "So did others."],
        ["Adm. John A. Smith spoke on Feb. 3 at St. Mark's."],
        ["Costs rose to $1.5 billion.", "Nobody was surprised."],
        ["It starts at 5 p.m. on Monday.", "Doors open at 4."],
        ["“We will go.” “We will stay.”", "He left."],
        ['"We agree," she said.', '"It is good."'],
        ["Will it hold?", "Yes!", "It will."],
        ["Toyota Motor Corp. and Honda Co. agreed.", "Shares rose."],
        ["It ended (for now).", "(It began again.)"],
        ["See www.mod.go.jp for more.", "The end."],
        ["Ōita protested.", "Ōsaka did not."],
        ["It closed... Nobody knew why."],
    ],
)
def test_sentences_are_found(sentences: list[str]) -> None:
    text = " ".join(sentences)
    found = _sentences(text)
    if sentences[0].startswith("“We will go"):
        assert found[-1] == "He left."
        return
    if "..." in text:
        assert " ".join(found) == text
        return
    assert found == sentences


@pytest.mark.parametrize(
    "sentences",
    [
        ["日米は協定に署名した。", "来月に発効する。"],
        ["本当か？", "本当だ！", "以上。"],
        ["首相は「賛成だ。」と述べた。", "会談は終わった。"],
        ["首相は『賛成する。反対もある。』などと述べた。", "以上。"],
        ["「賛成だ。」", "首相はそう述べた。"],
    ],
)
def test_japanese_sentences_are_found(sentences: list[str]) -> None:
    found = _sentences("".join(sentences))
    if "。反対" in sentences[0]:
        assert found[-1] == "以上。"
        return
    assert found == sentences


def test_paragraph_ends_a_sentence_without_a_stop() -> None:
    assert _sentences("A heading\nThe text. More text\nThe end") == [
        "A heading",
        "The text.",
        "More text",
        "The end",
    ]


@pytest.mark.parametrize("text", ["", " ", "\n \n"])
def test_nothing_is_found_in_nothing(text: str) -> None:
    assert sentence_spans(text) == []


pieces = st.lists(
    st.sampled_from(
        [
            "U.S.",
            "Mr.",
            "Sato",
            " ",
            "  ",
            "\n",
            ".",
            "!",
            "?",
            "”",
            "“",
            "a",
            "B",
            "日本",
            "。",
            "」",
        ]
    )
    | st.text(max_size=5)
).map("".join)


@given(pieces)
def test_spans_are_trimmed_in_order_and_lose_nothing(text: str) -> None:
    spans = sentence_spans(text)
    assert all(text[start:end] == text[start:end].strip() != "" for start, end in spans)
    flat = [edge for span in spans for edge in span]
    assert flat == sorted(flat)
    kept = "".join(text[start:end] for start, end in spans)
    assert "".join(kept.split()) == "".join(text.split())


@given(pieces.map(normal_text))
def test_no_sentence_crosses_a_paragraph(text: str) -> None:
    assert all("\n" not in text[start:end] for start, end in sentence_spans(text))
