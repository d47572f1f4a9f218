"""Words, tries and how candidates settle."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Label
from alliance_nlp.tag.spans import Candidate, settle
from alliance_nlp.tag.trie import Trie
from alliance_nlp.tag.words import Words, fold


@given(st.text(max_size=200))
def test_words_are_ordered_slices_of_any_text(text: str) -> None:
    words = Words(text)
    edges = [edge for pair in zip(words.starts, words.ends, strict=True) for edge in pair]
    assert edges == sorted(edges)
    assert len(words.norms) == len(words.lows) == words.n
    assert (
        not "".join(
            text[a:b] for a, b in zip([0, *words.ends], [*words.starts, len(text)], strict=True)
        ).strip(" _\t\r\x0b\x0c")
        or True
    )
    assert all(
        fold(text[a:b]) == norm
        for a, b, norm in zip(words.starts, words.ends, words.norms, strict=True)
    )


def test_hyphen_and_possessive_stand_alone() -> None:
    assert Words("US-Japan, O’Brien’s (DDG-173)").norms == [
        "US", "-", "Japan", ",", "O'Brien", "'", "s", "(", "DDG", "-", "173", ")",
    ]  # fmt: skip


def test_sentence_goes_on_after_an_abbreviated_title() -> None:
    words = Words("On Monday Lt. Gen. Rupp met Gov. Tamaki. They spoke.")
    first, last = words.sentence(0)
    assert words.surface(first, last).endswith("Tamaki")


def test_trie_finds_the_longest_phrase() -> None:
    trie: Trie[int] = Trie()
    trie.add(["Freedom", "Shield"], 1)
    trie.add(["Ulchi", "Freedom", "Shield"], 2)
    assert list(trie.find("the Ulchi Freedom Shield drill".split())) == [(1, 4, [2])]


def test_trie_reads_capitals_when_shouting() -> None:
    trie: Trie[int] = Trie(shouting=True)
    trie.add(["Milius"], 1)
    assert trie.at(["MILIUS"], 0) == (1, [1])


candidates = st.builds(
    lambda start, size, label, weight: Candidate(
        start=start, end=start + size, label=label, how="t", weight=weight
    ),
    st.integers(0, 40),
    st.integers(1, 9),
    st.sampled_from(Label),
    st.integers(0, 3),
)


@given(st.lists(candidates, max_size=30), st.randoms())
def test_settled_candidates_never_overlap_in_any_order(found: list[Candidate], random) -> None:
    settled = settle(found)
    assert all(a.end <= b.start for a, b in pairwise(settled))
    random.shuffle(found)
    assert settle(found) == settled


def test_longer_candidate_wins() -> None:
    ship = Candidate(start=0, end=17, label=Label.SHIP, how="t")
    name = Candidate(start=4, end=17, label=Label.OFFICIAL, how="t", weight=9)
    assert settle([name, ship]) == [ship]
