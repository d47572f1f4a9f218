from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.fold import copies

WIRE = (
    "The two governments said on Friday that they would store shells and spare parts for each "
    "other's ships at four ports, and that yards in both countries would bid for repairs. "
    "Officials hope that the first destroyer will be overhauled next spring. Unions asked who "
    "would train the welders, and a committee is to answer by the end of the year."
)
CUT = "YOKOHAMA - " + WIRE[: int(len(WIRE) * 0.7)]
REPORT = (
    "Welders wanted: that is what the yards of Yokohama took from Friday's announcement. Shells "
    "and spare parts of both fleets will lie side by side in four ports, the governments agreed, "
    "and the first American destroyer may come to be overhauled in spring."
)
KYODO = "両政府は金曜日、四つの港に互いの艦船の砲弾と部品を備え、修理を造船所に競わせると発表した。"


def _groups(texts: list[str]) -> list[int]:
    return [int(group) for group in copies(texts)]


def test_a_cut_and_retitled_reprint_is_a_copy_and_another_report_is_none() -> None:
    assert _groups([WIRE, REPORT, CUT]) == [0, 1, 0]


def test_japanese_copies_are_found_without_spaces() -> None:
    assert _groups([KYODO + "来春にも始まる。", KYODO, REPORT]) == [0, 0, 1]


def test_texts_too_short_to_tell_are_copies_of_none() -> None:
    assert _groups(["", "a b c", "a b c", WIRE]) == [0, 1, 2, 3]


@settings(max_examples=20, deadline=None)
@given(st.permutations([WIRE, CUT, REPORT, KYODO, WIRE.upper()]))
def test_groups_do_not_hang_on_the_order(texts: list[str]) -> None:
    groups: dict[int, set[str]] = {}
    for text, group in zip(texts, copies(texts).tolist(), strict=True):
        groups.setdefault(group, set()).add(text)
    assert sorted(map(len, groups.values())) == [1, 1, 3]
    assert {WIRE, CUT, WIRE.upper()} in groups.values()


def test_the_share_that_makes_a_copy_can_be_set() -> None:
    assert _groups([WIRE, CUT]) == [0, 0]
    assert [int(group) for group in copies([WIRE, CUT], least=1.0)] == [
        0,
        1,
    ]  # a dateline is its own
