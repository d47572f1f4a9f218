"""The ledger proves in = out + rejected + failed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Reason, Rejected, Stage
from alliance_nlp.pipeline.ledger import Ledger


def _rejected(subject: str, *, failed: bool) -> Rejected:
    reason = Reason.TIMEOUT if failed else Reason.WALL
    return Rejected(stage=Stage.EXTRACT, subject_id=subject, reason=reason, failed=failed)


def test_what_never_left_is_counted_as_failed_when_closed() -> None:
    ledger = Ledger()
    for subject in ("a", "b"):
        ledger.enter(Stage.TAG, subject)
    ledger.leave(Stage.TAG, "a")
    ledger.close()
    [count] = ledger.counts()
    assert (count.n_in, count.n_out, count.n_rejected, count.n_failed) == (2, 1, 0, 1)
    [problem] = ledger.take_problems()
    assert (problem.subject_id, problem.reason) == ("b", Reason.CRASHED)


@pytest.mark.parametrize("subject", ["a", "never there"])
def test_leaving_twice_or_without_entering_is_refused(subject: str) -> None:
    ledger = Ledger()
    ledger.enter(Stage.TAG, "a")
    ledger.leave(Stage.TAG, "a")
    with pytest.raises(ValueError, match="not in stage"):
        ledger.leave(Stage.TAG, subject)


def test_problems_are_handed_over_once() -> None:
    ledger = Ledger()
    ledger.enter(Stage.EXTRACT, "a")
    ledger.leave(Stage.EXTRACT, "a", _rejected("a", failed=False))
    assert len(ledger.take_problems()) == 1
    assert ledger.take_problems() == []


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from(["out", "no", "fault", "stays"])))
)
def test_the_counts_always_add_up(visits: list[tuple[str, str]]) -> None:
    ledger = Ledger()
    for subject, fate in visits:
        ledger.enter(Stage.EXTRACT, subject)
        if fate == "out":
            ledger.leave(Stage.EXTRACT, subject)
        elif fate != "stays":
            ledger.leave(Stage.EXTRACT, subject, _rejected(subject, failed=fate == "fault"))
    ledger.close()
    for count in ledger.counts():
        assert count.n_in == len(visits)
        assert count.n_in == count.n_out + count.n_rejected + count.n_failed
        assert sum(n for _, n in count.reasons) == count.n_rejected + count.n_failed
