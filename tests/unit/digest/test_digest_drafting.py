from __future__ import annotations

from datetime import date

import pytest
from draft_samples import make_article
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.types import Article, IssueItem, Label, Mention, SentenceSource
from alliance_nlp.digest import DraftStory, draft_issue, draft_item
from alliance_nlp.digest.choosing import BULLET_WORDS, MOST_SENTENCES
from alliance_nlp.digest.headlines import HEADLINE_CHARS

LEAD = "Japan and the United States signed an accord on shipyard repairs in Tokyo on March 25."
MORE = "Officials expect the first destroyer to enter a private yard in Yokohama in March 2025."
PLAIN = "Ministers of both countries will review the repair schedule every six months in Hawaii."


def _story(*articles: Article, name: str = "s") -> DraftStory:
    return DraftStory(story_id=name, articles=articles, mentions={})


def _texts(item: IssueItem | None) -> list[str]:
    return [] if item is None else [sentence.text for sentence in item.sentences]


def _draft(*texts: str, language: str = "en") -> list[str]:
    articles = [make_article(f"a{n}", text, language=language) for n, text in enumerate(texts)]
    return _texts(draft_item(_story(*articles)))


def _assert_traceable(story: DraftStory, item: IssueItem) -> None:
    """Every source is a whole sentence of an article; the first holds the sentence's words."""
    texts = {article.id: article.text for article in story.articles}
    for sentence in item.sentences:
        surfaces = [texts[s.article_id][s.start : s.end] for s in sentence.sources]
        assert surfaces and all(surface == surface.strip() != "" for surface in surfaces)


def test_item_names_story_headline_and_sources() -> None:
    title = "Japan and US agree on private yards for destroyers"
    story = _story(make_article("a", f"{LEAD} {MORE}", title=title), make_article("b", PLAIN))
    item = draft_item(story)
    assert item is not None
    assert (item.story_id, item.headline, item.headline_article_id) == ("s", title, "a")
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
        "Ambassador Rahm Emanuel — a former mayor of a large city — opened the yard on March 25.",
        "Okinawa Governor Denny Tamaki – who opposes the plan – spoke with marines on March 25.",
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
        "As a result the first destroyer will not enter a private yard in Yokohama soon.",
        "Among them is the first destroyer to enter a private yard in Yokohama next spring.",
        "The move comes as the first destroyer prepares to enter a private yard in Yokohama.",
        "Will the first destroyer of the fleet enter a private yard in Yokohama next spring?",
        "I believe the first destroyer should enter a private yard in Yokohama next spring.",
        "* The first destroyer of the fleet to enter a private yard in Yokohama next spring.",
        "This means that the first destroyer will enter a private yard in Yokohama soon.",
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
    reworded = (
        "The United States and Japan on March 25 signed in Tokyo an accord on shipyard repairs."
    )
    assert len(_draft(LEAD, reworded)) == 1


def test_reworded_sentence_of_another_report_becomes_a_source() -> None:
    reworded = (
        "The United States and Japan on March 25 signed in Tokyo an accord on shipyard repairs."
    )
    item = draft_item(_story(make_article("a", LEAD), make_article("b", f"{PLAIN} {reworded}")))
    assert item is not None
    start = len(PLAIN) + 1
    second = SentenceSource(article_id="b", start=start, end=start + len(reworded))
    assert item.sentences[0].sources == (
        SentenceSource(article_id="a", start=0, end=len(LEAD)),
        second,
    )


def test_sentence_with_another_figure_is_no_source() -> None:
    six = "The accord on shipyard repairs in Tokyo covers 6 destroyers of the Seventh Fleet."
    item = draft_item(_story(make_article("a", six), make_article("b", six.replace("6", "7"))))
    assert item is not None
    assert [len(sentence.sources) for sentence in item.sentences] == [1]


def test_compressed_sentence_points_to_the_whole_text_it_was_made_from() -> None:
    said = "Hayashi told a news conference on Monday that the U.S. side had agreed, Kyodo said."
    text = f"TOKYO - {said} {PLAIN}"
    item = draft_item(_story(make_article("a", text)))
    assert item is not None
    told, (source,) = item.sentences[0].text, item.sentences[0].sources
    assert told == "Hayashi said on March 25 that the US side had agreed."
    assert text[source.start : source.end] == said


def test_pronoun_is_named_where_the_sentence_before_tells_who() -> None:
    first = "Admiral Jane Carver opened the new dry dock for destroyers in Yokohama on March 25."
    second = "She said that private yards would take twelve warships a year from 2026 onward."
    found = _draft(f"{first} {second}")
    assert found == [first, second.replace("She", "Carver")]


def test_name_that_another_report_introduces_is_a_source_too() -> None:
    first = "Mayor Kenji Ota opened the new dry dock of the fleet in Yokohama on March 25."
    other = "Berths for twelve large warships will be free each year from 2026 onward, Ota said."
    articles = (make_article("a", other), make_article("b", first))
    item = draft_item(_story(*articles))
    assert item is not None
    told = next(s for s in item.sentences if "Berths" in s.text)
    assert told.text == other.replace("Ota", "Mayor Kenji Ota")
    assert told.sources[-1] == SentenceSource(article_id="b", start=0, end=len("Mayor Kenji Ota"))


def test_pronoun_without_a_single_person_before_is_left_out() -> None:
    first = (
        "Admiral Jane Carver and Mayor Kenji Ota opened the new dry dock in Yokohama on March 25."
    )
    second = "He said that private yards would take twelve warships a year from 2026 onward."
    assert _draft(f"{first} {second}") == [first]


def test_weekday_is_dated_from_the_day_of_the_paper() -> None:
    assert _draft(LEAD.replace("March 25", "Monday")) == [LEAD]


def test_second_story_is_told_separately() -> None:
    other = "The navies of France and Japan ended a drill off Okinawa on March 26 with live fire."
    also = _story(make_article("b", other), name="t")
    story = DraftStory(story_id="s", articles=(make_article("a", LEAD),), mentions={}, also=also)
    found = draft_item(story)
    assert _texts(found) == [LEAD, "Separately, the navies" + other[len("The navies") :]]
    assert found is not None and found.sentences[1].sources[0].article_id == "b"


def test_second_story_that_says_the_same_is_left_out() -> None:
    story = DraftStory(
        story_id="s",
        articles=(make_article("a", LEAD),),
        mentions={},
        also=_story(make_article("b", LEAD), name="t"),
    )
    assert _texts(draft_item(story)) == [LEAD]


def test_english_reports_are_told_where_a_story_has_japanese_ones_too() -> None:
    japanese = make_article("b", "日米両政府は造船所の修理に関する協定に署名した。", language="ja")
    assert _texts(draft_item(_story(japanese, make_article("a", LEAD)))) == [LEAD]


def test_person_is_introduced_once_with_the_office_that_the_desk_knows() -> None:
    first = "Jane Carver opened the new dry dock for destroyers in Yokohama on March 25."
    second = "Private yards would take twelve warships a year from 2026 onward, Jane Carver said."
    article = make_article("a", f"{first} {second}")
    mentions = tuple(
        Mention(
            article_id="a", start=at, end=at + 11, label=Label.OFFICIAL, entity_id="carver", how="t"
        )
        for at in (0, article.text.rindex("Jane Carver"))
    )
    story = DraftStory(
        story_id="s",
        articles=(article,),
        mentions={"a": mentions},
        names={"carver": "US Navy Secretary Jane Carver"},
    )
    assert _texts(draft_item(story)) == [
        f"US Navy Secretary {first}",
        second.replace("Jane Carver", "Carver"),
    ]


def test_story_of_sentences_with_long_asides_is_told_within_its_budget() -> None:
    aside = ", who spoke at length of the many friends that the port has won abroad over the years,"
    sentences = [
        f"Mayor Number{n}{aside} promised berth{n} and crane{n} and dock{n} to the fleet{n}."
        for n in range(9)
    ]
    assert len(" ".join(_draft(" ".join(sentences))).split()) <= BULLET_WORDS[1]


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
    article = make_article("a", f"{filler} {first} {second}")
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
    assert second not in plain or plain.index(first) < plain.index(second)


def test_bullet_stays_in_its_budget() -> None:
    sentences = [" ".join(f"Word{n}{chr(97 + k)}x" for k in range(24)) + "." for n in range(12)]
    found = _draft(" ".join(sentences))
    assert 1 <= len(found) <= MOST_SENTENCES
    n_words = sum(len(text.split()) for text in found)
    assert BULLET_WORDS[0] <= n_words <= BULLET_WORDS[1]


def test_long_headline_is_cut_at_a_word() -> None:
    # The lead has no clause that is short enough either.
    lead = "Officials " + "and others " * 20 + "met for talks in Tokyo on March 25."
    item = draft_item(_story(make_article("a", lead, title="word " * 60)))
    assert item is not None
    assert len(item.headline) <= HEADLINE_CHARS
    assert item.headline.endswith("word…")


def test_japanese_story_is_drafted() -> None:
    text = "日米両政府は造船所の修理に関する協定に署名した。来年春に最初の護衛艦が入渠する予定だ。"
    found = _draft(text, language="ja")
    assert found == [
        "日米両政府は造船所の修理に関する協定に署名した。",
        "2025年春に最初の護衛艦が入渠する予定だ。",
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
    good, bad = make_article("a", LEAD), make_article("b", "He said so.")
    stories = [_story(bad, name="1"), _story(good, name="2"), _story(good, name="3")]
    assert _issue_of(*stories) == ["2", "3"]


def test_issue_of_no_usable_story_is_an_error_with_a_remedy() -> None:
    with pytest.raises(DigestError, match="accept others"):
        _issue_of(_story(make_article("b", "He said so.")))


WORDS = (
    'Japan U.S. ships He It agreed, 12 billion “quoted” "said" the TOKYO — -- . . ! \n base Navy '
    "forces (Wire) sailed said. yard. Monday. port。 日本は 署名した。 However, Mr. Sato"
)
words = st.sampled_from(WORDS.split(" "))
articles = st.lists(st.lists(words, min_size=5, max_size=120).map(" ".join), min_size=1, max_size=4)


@settings(deadline=None)
@given(articles, st.sampled_from(["en", "ja"]))
def test_every_sentence_is_traceable_and_told_once(texts: list[str], language: str) -> None:
    story = _story(*(make_article(f"a{n}", t, language=language) for n, t in enumerate(texts)))
    item = draft_item(story)
    if item is None:
        return
    _assert_traceable(story, item)
    found = _texts(item)
    assert len(set(found)) == len(found) <= MOST_SENTENCES
    assert len(found) == 1 or sum(len(text.split()) for text in found) <= BULLET_WORDS[1]
    assert draft_item(story) == item
