from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.text import normal_text
from alliance_nlp.core.types import Article, IssueItem, Label, Mention
from alliance_nlp.digest import DraftStory, draft_issue, draft_item
from alliance_nlp.digest.drafting import BULLET_WORDS, HEADLINE_CHARS, MOST_SENTENCES

LEAD = "Japan and the United States signed an accord on shipyard repairs in Tokyo on Monday."
MORE = "Officials expect the first destroyer to enter a private yard in Yokohama next spring."
PLAIN = "Ministers of both countries will review the repair schedule every six months in Hawaii."


def _article(name: str, text: str, *, title: str = "", language: str = "en") -> Article:
    return Article(
        id=name,
        source_id="gazette",
        url=f"https://gazette.example/{name}",
        title=title or f"Title of {name}",
        text=normal_text(text),
        language=language,
    )


def _story(*articles: Article, name: str = "s") -> DraftStory:
    return DraftStory(story_id=name, articles=articles, mentions={})


def _texts(item: IssueItem | None) -> list[str]:
    return [] if item is None else [sentence.text for sentence in item.sentences]


def _draft(*texts: str, language: str = "en") -> list[str]:
    articles = [_article(f"a{n}", text, language=language) for n, text in enumerate(texts)]
    return _texts(draft_item(_story(*articles)))


def _assert_traceable(story: DraftStory, item: IssueItem) -> None:
    texts = {article.id: article.text for article in story.articles}
    for sentence in item.sentences:
        (source,) = sentence.sources
        surface = texts[source.article_id][source.start : source.end]
        assert sentence.text == " ".join(surface.split())


def test_item_names_story_headline_and_sources() -> None:
    story = _story(_article("a", f"{LEAD} {MORE}", title="Yards open"), _article("b", PLAIN))
    item = draft_item(story)
    assert item is not None
    assert (item.story_id, item.headline, item.headline_article_id) == ("s", "Yards open", "a")
    assert [sentence.sources[0].article_id for sentence in item.sentences] == ["a", "a", "b"]
    _assert_traceable(story, item)


@pytest.mark.parametrize(
    "dateline",
    [
        "TOKYO — ",
        "TOKYO (Wire Service) — ",
        "OMINATO, Japan -- ",
        "YOKOSUKA, Japan (June 3, 2024) – ",
        "Washington - ",
        "CAMP H. M. SMITH, Hawaii — ",
        "(Wire) -- ",
    ],
)
def test_dateline_is_left_out(dateline: str) -> None:
    assert _draft(f"{dateline}{LEAD}") == [LEAD]


@pytest.mark.parametrize(
    "lead",
    [
        "Ambassador Rahm Emanuel — a former mayor of a large city — opened the yard on Monday.",
        "Okinawa Governor Denny Tamaki – who opposes the plan – spoke with marines on Monday.",
    ],
)
def test_aside_after_a_name_is_no_dateline(lead: str) -> None:
    assert _draft(lead) == [lead]


@pytest.mark.parametrize(
    "sentence",
    [
        "He said the yard in Yokohama would take the first destroyer in spring next year.",
        "It will take the first destroyer of the fleet in spring of the coming year.",
        "They expect the first destroyer to enter a private yard in Yokohama next spring.",
        "However, the first destroyer will not enter a private yard in Yokohama this year.",
        "This means that the first destroyer will enter a private yard in Yokohama soon.",
        "But the first destroyer will not enter a private yard in Yokohama this year at all.",
        "“The first destroyer will enter a private yard in Yokohama next spring,” Sato said.",
        "Subscribe to our newsletter to read more about the first destroyer in Yokohama today.",
        "Too short to tell.",
        "A heading about the first destroyer in a private yard in Yokohama without its stop",
        "Sato said “the first destroyer will enter a private yard in Yokohama next spring.",
        "Word " * 61 + "end.",
    ],
)
def test_sentence_that_cannot_stand_alone_is_left_out(sentence: str) -> None:
    assert _draft(sentence) == []
    assert _draft(f"{LEAD}\n{sentence}") == [LEAD]


def test_same_sentence_of_two_reports_is_told_once() -> None:
    assert _draft(f"{LEAD} {MORE}", f"{MORE} {LEAD}") == [LEAD, MORE]


def test_reworded_sentence_is_told_once() -> None:
    reworded = "The United States and Japan signed an accord in Tokyo on shipyard repairs, Monday."
    assert len(_draft(LEAD, reworded)) == 1


def test_sentence_of_small_words_is_told_once() -> None:
    small = "The US and the UK do not say so yet."
    assert _draft(small, small) == [small]


def test_sentences_of_one_report_keep_their_order() -> None:
    found = _draft(f"{LEAD} {PLAIN} {MORE}")
    assert found == [LEAD, PLAIN, MORE]


def test_mentions_favour_a_sentence() -> None:
    # Room is left for one of the two; the names in it decide.
    filler = " ".join(f"{LEAD[:-1]}, word{n} and other{n} of the {n}th yard." for n in range(3))
    first = "Planners compared budgets, timetables, contracts and tools during quiet meetings." * 1
    second = "Colonel Tanaka inspected cranes, gantries, pumps, hulls and boilers near Kobe port."
    article = _article("a", f"{filler} {first} {second}")
    start = article.text.index("Colonel")
    mention = Mention(
        article_id="a",
        start=start,
        end=start + 7,
        label=Label.OFFICIAL,
        entity_id="",
        how="rule",
    )
    plain = _texts(draft_item(_story(article)))
    named = _texts(
        draft_item(DraftStory(story_id="s", articles=(article,), mentions={"a": (mention,) * 4}))
    )
    assert second in named
    assert plain.index(first) < plain.index(second) if second in plain else first in plain


def test_bullet_stays_in_its_budget() -> None:
    sentences = [" ".join(f"Word{n}{chr(97 + k)}" for k in range(24)) + "." for n in range(12)]
    found = _draft(" ".join(sentences))
    assert 1 <= len(found) <= MOST_SENTENCES
    n_words = sum(len(text.split()) for text in found)
    assert BULLET_WORDS[0] <= n_words <= BULLET_WORDS[1]


def test_long_headline_is_cut_at_a_word() -> None:
    item = draft_item(_story(_article("a", LEAD, title="word " * 60)))
    assert item is not None
    assert len(item.headline) <= HEADLINE_CHARS
    assert item.headline.endswith("word…")


def test_japanese_story_is_drafted() -> None:
    text = "日米両政府は造船所の修理に関する協定に署名した。来年春に最初の護衛艦が入渠する予定だ。"
    found = _draft(text, language="ja")
    assert found == [
        "日米両政府は造船所の修理に関する協定に署名した。",
        "来年春に最初の護衛艦が入渠する予定だ。",
    ]


def _issue_of(*stories: DraftStory) -> list[str]:
    issue = draft_issue(
        stories,
        volume=2,
        number=7,
        title="Digest",
        published_on=date(2024, 4, 14),
        since_on=date(2024, 4, 1),
        footer="Footer",
    )
    assert (issue.id, issue.since_on, issue.until_on) == (
        "vol-2.7",
        date(2024, 4, 1),
        date(2024, 4, 14),
    )
    return [item.story_id for item in issue.items]


def test_stories_without_usable_sentence_are_left_out() -> None:
    good, bad = _article("a", LEAD), _article("b", "He said so.")
    stories = [_story(bad, name="1"), _story(good, name="2"), _story(good, name="3")]
    assert _issue_of(*stories) == ["2", "3"]


def test_issue_of_no_usable_story_is_an_error_with_a_remedy() -> None:
    with pytest.raises(DigestError, match="accept others"):
        _issue_of(_story(_article("b", "He said so.")))


WORDS = (
    'Japan U.S. ships He It agreed, 12 billion “quoted” "said" the TOKYO — -- . . ! \n base Navy '
    "forces (Wire) sailed said. yard. Monday. port。 日本は 署名した。 However, Mr. Sato"
)
words = st.sampled_from(WORDS.split(" "))
articles = st.lists(st.lists(words, min_size=5, max_size=120).map(" ".join), min_size=1, max_size=4)


@given(articles, st.sampled_from(["en", "ja"]))
def test_every_sentence_is_its_sources_text(texts: list[str], language: str) -> None:
    story = _story(*(_article(f"a{n}", t, language=language) for n, t in enumerate(texts)))
    item = draft_item(story)
    if item is None:
        return
    _assert_traceable(story, item)
    found = _texts(item)
    assert len(set(found)) == len(found) <= MOST_SENTENCES
    assert sum(len(text.split()) for text in found) <= BULLET_WORDS[1]
    assert draft_item(story) == item
