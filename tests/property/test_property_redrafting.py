"""Whatever a drafter writes, an item never gets worse by it."""

from __future__ import annotations

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Article, IssueItem, Sentence, SentenceSource
from alliance_nlp.digest import Claim, Flag, Passage
from alliance_nlp.drafter import DraftedSentence, DraftReply
from alliance_nlp.pipeline.redrafted import (
    Demands,
    extracted,
    filled,
    judged,
    length_refusal,
    material_of,
)

TEXTS = (
    "The harbor master of Otaru closed the northern basin to fishing boats on June 3.",
    "Engineers found cracks in four piles beneath the ferry terminal during an inspection.",
    "A contractor from Sapporo starts repairs worth 90 million yen within two weeks.",
    "Ferry passengers walk through a temporary shed beside the old customs house meanwhile.",
)
ARTICLE = Article(
    id="a", source_id="s", url="https://a.example/1", title="T", text="\n".join(TEXTS)
)
SOURCES = tuple(
    SentenceSource(
        article_id="a", start=ARTICLE.text.index(text), end=ARTICLE.text.index(text) + len(text)
    )
    for text in TEXTS
)
ITEM = IssueItem(
    headline="H",
    sentences=tuple(
        Sentence(text=text, sources=(source,)) for text, source in zip(TEXTS, SOURCES, strict=True)
    ),
)
MATERIAL = material_of(ITEM, {"a": ARTICLE})
REFUSED = "Zeppelins"

wordings = st.one_of(
    st.sampled_from(TEXTS),
    st.sampled_from(TEXTS).map(lambda text: text.replace("The ", "A ").replace(" a ", " one ")),
    st.sampled_from(TEXTS).map(lambda text: f"{text[:-1]} and {REFUSED} landed."),
    st.lists(st.sampled_from(" ".join(TEXTS).split()), max_size=40).map(" ".join),
    st.text(max_size=60),
)
sentences = st.builds(
    DraftedSentence,
    text=wordings,
    passage_ids=st.lists(st.sampled_from(["p1", "p2", "p3", "p4"]), unique=True).map(tuple),
    problem=st.sampled_from(["", "", "", "rests on no passage"]),
)
replies = st.builds(
    DraftReply, headline=st.text(max_size=40), sentences=st.lists(sentences, max_size=8).map(tuple)
)
limits = st.builds(Demands, bullet_words=st.tuples(st.integers(0, 60), st.integers(40, 140)))


def no_zeppelins(
    text: str, passages: Sequence[Passage], *, granted: Sequence[str] = ()
) -> tuple[Flag, ...]:
    at = text.find(REFUSED)
    flag = Flag(claim=Claim.NAME, text=REFUSED, start=at, end=at + len(REFUSED))
    return (flag,) if at >= 0 else ()


@given(replies, limits)
def test_sentences_are_the_drafts_own_or_passed_every_check(
    reply: DraftReply, demands: Demands
) -> None:
    found = judged(reply, MATERIAL, check=no_zeppelins, demands=demands)
    offered = {sentence.text for sentence in reply.sentences if not sentence.problem}
    for placed in filled(found, MATERIAL, demands=demands):
        assert placed.sentence in ITEM.sentences or placed.is_drafted
        if placed.is_drafted:
            assert placed.sentence.text in offered
            assert REFUSED not in placed.sentence.text
            assert placed.sentence.sources
            assert set(placed.sentence.sources) <= set(SOURCES)


@given(replies, limits)
def test_sentences_stand_in_order_and_once(reply: DraftReply, demands: Demands) -> None:
    placed = filled(
        judged(reply, MATERIAL, check=no_zeppelins, demands=demands), MATERIAL, demands=demands
    )
    assert [one.place for one in placed] == sorted(one.place for one in placed)
    assert len({one.sentence.text for one in placed}) == len(placed)


@given(replies, limits)
def test_what_a_failed_sentence_told_is_told(reply: DraftReply, demands: Demands) -> None:
    found = judged(reply, MATERIAL, check=no_zeppelins, demands=demands)
    told = {i for one in filled(found, MATERIAL, demands=demands) for i in one.passage_ids}
    assert found.failed <= told


@given(replies, limits)
def test_bullet_is_no_further_outside_its_limits_than_the_draft(
    reply: DraftReply, demands: Demands
) -> None:
    found = judged(reply, MATERIAL, check=no_zeppelins, demands=demands)
    placed = filled(found, MATERIAL, demands=demands)
    if length_refusal(placed, MATERIAL, demands=demands):
        placed = extracted(MATERIAL)
    n_words = sum(len(one.sentence.text.split()) for one in placed)
    before = sum(len(text.split()) for text in TEXTS)
    least, most = demands.bullet_words
    assert min(max(1, least), before) <= n_words <= max(most, before)
