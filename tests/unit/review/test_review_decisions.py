from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from alliance_nlp.core.types import Candidate, Contribution, Decision, Story, Verdict
from alliance_nlp.review import is_open, latest, order, seen_hash

AT = datetime(2024, 4, 14, tzinfo=UTC)
STORY = Story(id="s", article_ids=("a", "b"), representative_id="a", first_at=AT, last_at=AT)
GROWN = replace(STORY, article_ids=("a", "b", "c"))


def _candidate(
    *, name: str = "s", rank: int = 1, age: float = 1.0, outlets: float = 1.0, prior: float = 0.25
) -> Candidate:
    parts = {"bias": 1.0, "outlets": outlets, "age": age, "topic-prior": prior}
    reasons = tuple(Contribution(feature=k, value=v, contribution=v) for k, v in parts.items())
    return Candidate(story_id=name, rank=rank, score=0.5, logit=0.0, reasons=reasons)


def _decision(verdict: Verdict, *, subject: str = "s", seen: str = "") -> Decision:
    return Decision(subject=subject, verdict=verdict, reviewer="R", decided_at=AT, seen_hash=seen)


def test_last_word_on_a_subject_counts() -> None:
    words = [
        _decision(Verdict.ACCEPT),
        _decision(Verdict.REJECT, subject="t"),
        _decision(Verdict.LATER),
    ]
    assert latest(words) == {"s": words[2], "t": words[1]}


def test_hash_does_not_hang_on_the_order_of_articles_or_reasons() -> None:
    turned = replace(STORY, article_ids=("b", "a"))
    candidate = _candidate()
    backwards = replace(candidate, reasons=candidate.reasons[::-1])
    assert seen_hash(STORY, candidate) == seen_hash(turned, backwards)


def test_undecided_candidate_is_open() -> None:
    assert is_open(STORY, _candidate(), None)


@pytest.mark.parametrize("verdict", [Verdict.LATER, Verdict.UNSURE])
def test_put_off_candidate_stays_open(verdict: Verdict) -> None:
    seen = seen_hash(STORY, _candidate())
    assert is_open(STORY, _candidate(), _decision(verdict, seen=seen))


@pytest.mark.parametrize("verdict", [Verdict.ACCEPT, Verdict.REJECT])
@pytest.mark.parametrize(
    ("story", "candidate", "expected"),
    [
        (STORY, _candidate(), False),
        (GROWN, _candidate(), False),
        (STORY, _candidate(outlets=2.0), False),
        (GROWN, _candidate(outlets=2.0), True),
        (GROWN, _candidate(age=2.0), False),  # a day that passes is no news
        (GROWN, _candidate(prior=0.5), False),  # nor is an issue that was published
    ],
)
def test_decided_candidate_is_asked_again_only_when_articles_and_proposal_changed(
    verdict: Verdict, story: Story, candidate: Candidate, expected: bool
) -> None:
    decision = _decision(verdict, seen=seen_hash(STORY, _candidate()))
    assert is_open(story, candidate, decision) is expected


def test_order_puts_accepted_first_and_leaves_rejected_out() -> None:
    candidates = [_candidate(name=name, rank=rank) for rank, name in enumerate("abcde", start=1)]
    verdicts = {"b": Verdict.REJECT, "c": Verdict.LATER, "d": Verdict.ACCEPT, "e": Verdict.ACCEPT}
    decisions = {k: _decision(verdict, subject=k) for k, verdict in verdicts.items()}
    assert [candidate.story_id for candidate in order(candidates, decisions)] == list("deac")
