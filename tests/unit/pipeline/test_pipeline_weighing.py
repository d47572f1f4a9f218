from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from alliance_nlp.config import RankSettings
from alliance_nlp.core.types import (
    ArchiveRef,
    Article,
    Candidate,
    Contribution,
    Decision,
    Issue,
    IssueItem,
    Page,
    Role,
    Sentence,
    Story,
    Verdict,
)
from alliance_nlp.pipeline.weighing import (
    StandingWeights,
    past_items,
    standing_weights,
    tell_weights,
    weights_at,
    weights_of,
)
from alliance_nlp.rank import DEFAULT_WEIGHTS, FEATURES
from alliance_nlp.store import (
    Connection,
    Database,
    append_decision,
    mark_ranked,
    save_article,
    save_candidates,
    save_fetch,
    save_issue,
    save_stories,
    start_run,
)

RANKED_AT = datetime(2024, 4, 14, tzinfo=UTC)
SETTINGS = RankSettings()


@pytest.fixture
def tx(tmp_path: Path) -> Iterator[Connection]:
    with Database.open(f"sqlite:///{tmp_path / 'a.db'}") as database, database.write() as tx:
        yield tx


def _article(tx: Connection, name: str, run_id: int) -> None:
    url = f"https://gazette.example/{name}"
    page = Page(
        source_id="gazette", role=Role.ARTICLE, asked_url=url, url=url, status=200, headers=(),
        body=b"x", fetched_at=RANKED_AT,
    )  # fmt: skip
    ref = ArchiveRef(file="a.warc.gz", offset=int(name[1:]), length=1, sha256="")
    fetch_id = save_fetch(tx, page, ref, run_id=run_id, payload_sha256=name, lead_key=None)
    article = Article(id=name, source_id="gazette", url=url, title=name, text="text")
    save_article(tx, article, fetch_id=fetch_id, fetched_at=RANKED_AT)


def _ranked(tx: Connection, names: dict[str, float], *, at: datetime = RANKED_AT) -> None:
    """Save a ranking of stories with so many outlets each."""
    run_id = start_run(tx, command="nightly", as_of=at, at=at)
    candidates = []
    for rank, (name, outlets) in enumerate(names.items(), start=1):
        values = {**dict.fromkeys(FEATURES, 0.0), "outlets": outlets}
        reasons = tuple(
            Contribution(feature=feature, value=value, contribution=value)
            for feature, value in values.items()
        )
        candidates.append(
            Candidate(story_id=name, rank=rank, score=0.5, logit=0.0, reasons=reasons)
        )
    save_candidates(tx, run_id, candidates)
    mark_ranked(tx, run_id, until=at)


def _stories(tx: Connection, n: int) -> list[str]:
    run_id = start_run(tx, command="nightly", as_of=RANKED_AT, at=RANKED_AT)
    names = [f"s{number}" for number in range(n)]
    for number, name in enumerate(names):
        _article(tx, f"a{number}", run_id)
        story = Story(
            id=name, article_ids=(f"a{number}",), representative_id=f"a{number}",
            first_at=RANKED_AT, last_at=RANKED_AT,
        )  # fmt: skip
        save_stories(tx, [story])
    return names


def _decide(tx: Connection, name: str, verdict: Verdict, *, hours: float = 1.0) -> None:
    at = RANKED_AT + timedelta(hours=hours)
    append_decision(tx, Decision(subject=name, verdict=verdict, reviewer="r", decided_at=at))


def _decided(tx: Connection) -> None:
    """Rank 24 stories; accept those of many outlets, reject the others."""
    names = _stories(tx, 24)
    _ranked(tx, {name: float(number % 2) for number, name in enumerate(names)})
    for number, name in enumerate(names):
        _decide(tx, name, Verdict.ACCEPT if number % 2 else Verdict.REJECT)


def test_without_decisions_weights_are_those_of_the_configuration(tx: Connection) -> None:
    learned = weights_at(tx, RankSettings(weights={"outlets": 2.0}), RANKED_AT)
    assert not learned.is_learned
    assert learned.weights == {**DEFAULT_WEIGHTS, "outlets": 2.0}


def test_decisions_move_weights_from_the_configured_ones(tx: Connection) -> None:
    _decided(tx)
    learned = weights_at(tx, SETTINGS, RANKED_AT + timedelta(days=1))
    assert (learned.n_accepted, learned.n_rejected) == (12, 12)
    assert learned.weights["outlets"] > DEFAULT_WEIGHTS["outlets"]
    configured = weights_at(
        tx, RankSettings(weights={"outlets": 3.0}), RANKED_AT + timedelta(days=1)
    )
    assert configured.weights["outlets"] > 3.0
    assert "outlets +1.50 to +" in tell_weights(learned, DEFAULT_WEIGHTS)


def test_nothing_is_learned_where_the_setting_forbids_it(tx: Connection) -> None:
    _decided(tx)
    learned = weights_at(tx, RankSettings(learn=False), RANKED_AT + timedelta(days=1))
    assert learned.weights == DEFAULT_WEIGHTS


def test_later_decisions_do_not_count(tx: Connection) -> None:
    _decided(tx)
    assert weights_at(tx, SETTINGS, RANKED_AT).n_examples == 0


def test_last_decision_counts_and_one_put_off_is_none(tx: Connection) -> None:
    _decided(tx)
    _decide(tx, "s0", Verdict.ACCEPT, hours=2)
    _decide(tx, "s1", Verdict.LATER, hours=2)
    learned = weights_at(tx, SETTINGS, RANKED_AT + timedelta(days=1))
    assert (learned.n_accepted, learned.n_rejected) == (12, 11)


def test_stories_of_published_issues_are_wanted_unless_rejected(tx: Connection) -> None:
    names = _stories(tx, 3)
    _ranked(tx, dict.fromkeys(names, 1.0))
    items = tuple(
        IssueItem(headline=name, sentences=(Sentence(text="It."),), story_id=name)
        for name in (*names, "")
    )
    issue = Issue(volume=1, number=1, title="T", published_on=date(2024, 4, 15), items=items)
    save_issue(tx, issue, state="published")
    _decide(tx, "s0", Verdict.REJECT)
    day = timedelta(days=1)
    learned = weights_at(tx, SETTINGS, RANKED_AT + 2 * day)
    assert (learned.n_accepted, learned.n_rejected) == (2, 1)
    assert past_items(tx, RANKED_AT + 2 * day)[0] == ("s0", "It.")
    assert past_items(tx, RANKED_AT) == []
    assert weights_at(tx, SETTINGS, RANKED_AT + day / 2).n_accepted == 0


def test_example_has_the_values_it_was_decided_on(tx: Connection) -> None:
    _decided(tx)
    before = weights_at(tx, SETTINGS, RANKED_AT + timedelta(days=1))
    # The next night every story has one outlet, and nothing could be learned from that.
    _ranked(tx, {f"s{n}": 1.0 for n in range(24)}, at=RANKED_AT + timedelta(hours=12))
    assert weights_at(tx, SETTINGS, RANKED_AT + timedelta(days=1)) == before


def test_weights_are_read_from_a_rankings_own_contributions() -> None:
    reasons = (
        Contribution(feature="outlets", value=2.0, contribution=3.0),
        Contribution(feature="age", value=0.0, contribution=0.0),
    )
    candidate = Candidate(story_id="s", rank=1, score=0.5, logit=3.0, reasons=reasons)
    assert weights_of([candidate], {"outlets": 9.0, "age": -1.0}) == {"outlets": 1.5, "age": -1.0}


def test_too_few_decisions_are_told(tx: Connection) -> None:
    told = tell_weights(weights_at(tx, SETTINGS, RANKED_AT), DEFAULT_WEIGHTS)
    assert told == (
        "ranked by the configured weights; 0 accepted and 0 rejected stories are too few to "
        "learn from"
    )


def test_standing_weights_are_those_that_ranked_and_follow_the_next_ranking(tx: Connection) -> None:
    standing = StandingWeights()
    assert not standing.read(tx, SETTINGS).is_learned  # nothing was ranked yet
    _decided(tx)
    first = standing.read(tx, SETTINGS)
    assert not first.is_learned  # the decisions came after the ranking
    assert standing.read(tx, SETTINGS) is first
    _ranked(tx, {"s0": 1.0}, at=RANKED_AT + timedelta(hours=2))
    assert standing.read(tx, SETTINGS).is_learned
    assert standing_weights(tx, SETTINGS).weights == standing.read(tx, SETTINGS).weights
