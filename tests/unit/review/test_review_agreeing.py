"""Agreement of reviewers, and what somebody has to settle."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from alliance_nlp.core.types import Decision, Verdict
from alliance_nlp.review import agreement, to_adjudicate

AT = datetime(2024, 4, 14, tzinfo=UTC)
A, R, U, L = Verdict.ACCEPT, Verdict.REJECT, Verdict.UNSURE, Verdict.LATER


def _said(*words: tuple[str, str, Verdict]) -> list[Decision]:
    """Return decisions from (reviewer, subject, verdict), a minute apart."""
    return [
        Decision(
            id=n,
            reviewer=reviewer,
            subject=subject,
            verdict=verdict,
            decided_at=AT + timedelta(minutes=n),
        )
        for n, (reviewer, subject, verdict) in enumerate(words, start=1)
    ]


def _pairs(first: str, second: str) -> list[Decision]:
    """Return what two reviewers said of stories, a letter a story: a, r or u."""
    verdicts = {"a": A, "r": R, "u": U}
    return _said(
        *[("ibe", f"s{n}", verdicts[letter]) for n, letter in enumerate(first)],
        *[("kano", f"s{n}", verdicts[letter]) for n, letter in enumerate(second)],
    )


def test_kappa_is_cohens_when_two_reviewers_judged_the_same_stories() -> None:
    # The example of Cohen's measure that is done by hand everywhere: 20 + 15 of 50 alike.
    first = "a" * 20 + "a" * 5 + "r" * 10 + "r" * 15
    second = "a" * 20 + "r" * 5 + "a" * 10 + "r" * 15
    found = agreement(_pairs(first, second))
    [pair] = found.pairs
    assert (pair.first, pair.second, pair.n, pair.n_same) == ("ibe", "kano", 50, 35)
    assert pair.kappa == pytest.approx(0.4)
    assert found.kappa == pytest.approx(0.4)
    assert (found.n, found.note) == (50, "")


def test_kappa_is_one_when_all_is_alike_and_negative_when_all_differs() -> None:
    assert agreement(_pairs("aaru", "aaru")).kappa == 1.0
    assert agreement(_pairs("ar", "ra")).kappa == pytest.approx(-1.0)


def test_kappa_is_undefined_with_a_note_when_nobody_ever_differs_in_kind() -> None:
    found = agreement(_pairs("aaa", "aaa"))
    assert found.pairs[0].kappa is None
    assert "nothing but accept" in found.pairs[0].note
    assert found.kappa is None
    assert found.note


def test_nothing_is_compared_when_no_story_was_judged_twice() -> None:
    found = agreement(_said(("ibe", "s", A), ("kano", "t", A), ("ibe", "s", R)))
    assert (found.pairs, found.n, found.kappa) == ((), 0, None)
    assert "no story" in found.note


def test_last_words_are_compared_and_later_is_none() -> None:
    words = _said(("ibe", "s", R), ("kano", "s", A), ("ibe", "s", A), ("ibe", "s", L))
    [pair] = agreement(words).pairs
    assert (pair.n, pair.n_same) == (1, 1)


def test_undone_word_is_not_compared() -> None:
    words = _said(("ibe", "s", R), ("kano", "s", A))
    undo = Decision(
        id=3, subject="s", reviewer="ibe", verdict=Verdict.UNDO, decided_at=AT, undoes=1
    )
    assert agreement([*words, undo]).n == 0
    assert to_adjudicate([*words, undo]) == ()


def test_all_pairs_count_by_their_stories() -> None:
    words = _said(
        *[("ibe", f"s{n}", A if n < 2 else R) for n in range(4)],
        *[("kano", f"s{n}", A if n < 2 else R) for n in range(4)],
        ("mori", "s0", R),
        ("mori", "s3", A),
    )
    found = agreement(words)
    assert [(p.first, p.second, p.n, p.kappa) for p in found.pairs] == [
        ("ibe", "kano", 4, 1.0),
        ("ibe", "mori", 2, -1.0),
        ("kano", "mori", 2, -1.0),
    ]
    assert found.kappa == pytest.approx((4 - 2 - 2) / 8)


def test_stories_in_dispute_are_listed_newest_first() -> None:
    words = _said(
        ("ibe", "s", A), ("kano", "s", R), ("ibe", "t", U), ("kano", "t", A), ("kano", "u", A),
        ("ibe", "u", A),
    )  # fmt: skip
    found = to_adjudicate(words)
    assert [[(d.reviewer, d.subject, d.verdict) for d in told] for told in found] == [
        [("ibe", "t", U), ("kano", "t", A)],
        [("ibe", "s", A), ("kano", "s", R)],
    ]


def test_dispute_is_settled_when_an_editor_spoke_last() -> None:
    words = _said(("ibe", "s", A), ("kano", "s", R), ("mori", "s", R))
    assert to_adjudicate(words, editors=["mori"]) == ()
    assert len(to_adjudicate(words, editors=["ibe"])) == 1


def test_dispute_is_open_again_when_somebody_differs_from_the_editor_later() -> None:
    words = _said(("ibe", "s", A), ("mori", "s", R), ("kano", "s", A))
    assert len(to_adjudicate(words, editors=["mori"])) == 1


def test_editor_settles_a_dispute_by_saying_the_same_again() -> None:
    words = _said(("mori", "s", R), ("kano", "s", A), ("mori", "s", R))
    assert to_adjudicate(words, editors=["mori"]) == ()
