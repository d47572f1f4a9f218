"""What stands of decisions: verdicts, topics and notes, once some were taken back."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Candidate, Decision, Story, TopicLabel, Verdict
from alliance_nlp.review import is_open, latest, notes, seen_hash, standing, standing_topics

AT = datetime(2024, 4, 14, tzinfo=UTC)


def _decision(number: int, verdict: Verdict, **changes: object) -> Decision:
    values = {"subject": "s", "reviewer": "R", "decided_at": AT, "id": number, **changes}
    return Decision(verdict=verdict, **values)  # type: ignore[arg-type]


def test_notes_and_topics_are_no_verdicts() -> None:
    accepted = _decision(1, Verdict.ACCEPT)
    words = [
        accepted,
        _decision(2, Verdict.NOTE, note="ask the bureau"),
        _decision(3, Verdict.RETOPIC, topics=(TopicLabel.TRADE,)),
    ]
    assert latest(words) == {"s": accepted}


def test_verdict_before_stands_again_when_one_was_undone() -> None:
    accepted, rejected = _decision(1, Verdict.ACCEPT), _decision(2, Verdict.REJECT)
    undo = _decision(3, Verdict.UNDO, undoes=2)
    assert latest([accepted, rejected, undo]) == {"s": accepted}
    assert standing([accepted, rejected, undo]) == (accepted,)


def test_nothing_stands_when_the_only_verdict_was_undone() -> None:
    assert latest([_decision(1, Verdict.ACCEPT), _decision(2, Verdict.UNDO, undoes=1)]) == {}


def test_decision_that_was_not_saved_yet_is_undone_by_nothing() -> None:
    fresh = _decision(0, Verdict.ACCEPT)
    assert latest([_decision(0, Verdict.UNDO, undoes=0), fresh]) == {"s": fresh}


def test_last_change_of_topics_stands_in_the_order_of_topics() -> None:
    words = [
        _decision(1, Verdict.RETOPIC, topics=(TopicLabel.TRADE,)),
        _decision(2, Verdict.RETOPIC, topics=(TopicLabel.ENERGY, TopicLabel.TRADE)),
        _decision(3, Verdict.RETOPIC, subject="t", topics=()),
        _decision(4, Verdict.ACCEPT, subject="u"),
    ]
    assert standing_topics(words) == {"s": (TopicLabel.TRADE, TopicLabel.ENERGY), "t": ()}


def test_topics_before_stand_again_when_a_change_was_undone() -> None:
    words = [
        _decision(1, Verdict.RETOPIC, topics=(TopicLabel.TRADE,)),
        _decision(2, Verdict.RETOPIC, topics=()),
        _decision(3, Verdict.UNDO, undoes=2),
    ]
    assert standing_topics(words) == {"s": (TopicLabel.TRADE,)}
    assert standing_topics([*words, _decision(4, Verdict.UNDO, undoes=1)]) == {}


def test_notes_are_all_standing_words_oldest_first() -> None:
    first = _decision(1, Verdict.NOTE, note="one source")
    second = _decision(2, Verdict.REJECT, note="told already")
    taken_back = _decision(3, Verdict.NOTE, note="no, new")
    silent = _decision(5, Verdict.ACCEPT, subject="t")
    words = [first, second, taken_back, _decision(4, Verdict.UNDO, undoes=3), silent]
    assert notes(words) == {"s": (first, second)}


def test_story_in_no_ranking_is_asked_again_only_if_its_articles_changed_too() -> None:
    story = Story(id="s", article_ids=("a",), representative_id="a", first_at=AT, last_at=AT)
    assert seen_hash(story, None).endswith("-")
    assert seen_hash(story, None) != seen_hash(
        Story(id="s", article_ids=("b",), representative_id="b", first_at=AT, last_at=AT), None
    )
    candidate = Candidate(story_id="s", rank=1, score=0.5, logit=0.0, reasons=())
    decision = _decision(1, Verdict.ACCEPT, seen_hash=seen_hash(story, None))
    assert not is_open(story, candidate, decision)


@given(
    st.lists(
        st.sampled_from([Verdict.ACCEPT, Verdict.REJECT, Verdict.NOTE, Verdict.UNDO]), max_size=12
    )
)
def test_undoing_the_last_standing_decision_each_time_is_a_stack(verdicts: list[Verdict]) -> None:
    made: list[Decision] = []
    stack: list[Decision] = []
    for number, verdict in enumerate(verdicts, start=1):
        if verdict is Verdict.UNDO:
            if not stack:
                continue
            made.append(_decision(number, verdict, undoes=stack.pop().id))
        else:
            made.append(_decision(number, verdict))
            stack.append(made[-1])
    assert standing(made) == tuple(stack)
