from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.store import excerpt

_FILLER = "Other words stand here for a while. " * 8
_TEXT = f"{_FILLER}The U.S. Navy sent two destroyers\nto Café Ōtsu in April. {_FILLER}"
_JAPANESE = (
    "政府は予算案を閣議で決めた。" * 6 + "第7艦隊の護衛艦が横須賀に入港した。" + "会見は夕方。" * 9
)


def _hits(text: str, query: str, *, width: int = 80) -> list[str]:
    return [piece for piece, is_hit in excerpt(text, query, width=width) if is_hit]


@pytest.mark.parametrize(
    ("query", "hits"),
    [
        ("destroyer", ["destroyers"]),
        ("us navy", ["U.S.", "Navy"]),
        ('"us navy"', ["U.S. Navy"]),
        ('"navy us"', []),
        ("cafe otsu", ["Café", "Ōtsu"]),
        ("sending", []),
        ("destroy*", ["destroyers"]),
        ("destroyers -navy", ["destroyers"]),
        ("april", ["April"]),
    ],
)
def test_words_that_answer_are_marked(query: str, hits: list[str]) -> None:
    assert _hits(_TEXT, query) == hits


@pytest.mark.parametrize(
    ("query", "hits"),
    [("護衛艦", ["護衛艦"]), ("第7艦隊", ["第7艦隊"]), ("艦", ["艦", "艦"]), ("艦横", [])],
)
def test_parts_of_japanese_runs_are_marked(query: str, hits: list[str]) -> None:
    assert _hits(_JAPANESE, query, width=24) == hits


def test_stretch_with_most_hits_is_shown_with_ellipses() -> None:
    text = f"A navy. {_FILLER}The navy of the destroyers. {_FILLER}"
    shown = "".join(piece for piece, _ in excerpt(text, "navy destroyers", width=60))
    assert "navy of the destroyers" in shown
    assert shown.startswith("…") and shown.endswith("…")


def test_text_without_a_hit_gives_its_beginning() -> None:
    assert excerpt("One two. " * 30, "three", width=12) == (("One two. One…", False),)


def test_short_text_is_whole() -> None:
    assert excerpt("A navy.\nEnd.", "navy", width=80) == (
        ("A ", False),
        ("navy", True),
        (". End.", False),
    )


@given(
    text=st.text(alphabet="ab U.S.日米艦\n'é", max_size=120),
    query=st.text(alphabet='ab"-* U.S日艦', max_size=12),
    width=st.integers(min_value=1, max_value=60),
)
def test_pieces_are_one_stretch_of_the_text(text: str, query: str, width: int) -> None:
    pieces = excerpt(text, query, width=width)
    shown = "".join(piece for piece, _ in pieces).removeprefix("…").removesuffix("…")
    assert shown in text.replace("\n", " ")
    assert len(shown) <= width
