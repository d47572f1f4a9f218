from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from alliance_nlp.core.text import normal_text
from alliance_nlp.core.types import Article
from alliance_nlp.digest.casing import cased
from alliance_nlp.digest.headlines import HEADLINE_CHARS, bare_title, headline_of
from alliance_nlp.digest.tenses import present_tense

LEAD = "The United States and Japan signed a pact on ship repairs in Tokyo on March 25."


def _article(title: str, *, text: str = LEAD, language: str = "en", name: str = "a") -> Article:
    return Article(
        id=name,
        source_id="harbor-post",
        url=f"https://a.example/{name}",
        title=title,
        text=normal_text(text),
        language=language,
        outlet="Harbor Post",
    )


def _headline(*titles: str, lead: str = LEAD) -> tuple[str, str]:
    articles = [_article(title, text=lead, name=f"a{n}") for n, title in enumerate(titles)]
    found = headline_of(articles, lead=lead, lead_article_id="a0")
    return found.text, found.article_id


@pytest.mark.parametrize(
    ("title", "bare"),
    [
        ("Ports reopen | Harbor Post", "Ports reopen"),
        ("Ports reopen - Harbor Post", "Ports reopen"),
        ("Ports reopen - Kyodo News", "Ports reopen"),
        ("Breaking: Ports reopen", "Ports reopen"),
        ("Opinion | Ports must reopen", "Ports must reopen"),
        ("(LEAD) Ports reopen", "Ports reopen"),
        ("【独自】港が再開", "港が再開"),
        ("港が再開（東京新聞）", "港が再開"),
        ("Japan - US ports reopen", "Japan - US ports reopen"),
        ("Ports reopen (for now)", "Ports reopen (for now)"),
    ],
)
def test_title_loses_outlet_and_kicker(title: str, bare: str) -> None:
    assert bare_title(title, outlets=("Harbor Post",)) == bare


@pytest.mark.parametrize(
    ("title", "told"),
    [
        ("Japan and US signed a pact", "Japan and US sign a pact"),
        ("Japan signed a pact with US", "Japan signs a pact with US"),
        ("US forces held joint drills off Guam", "US forces hold joint drills off Guam"),
        ("Ministry approved new plan", "Ministry approves new plan"),
        ("Pact signed by leaders in Tokyo", "Pact signed by leaders in Tokyo"),
        ("Talks held in Tokyo", "Talks held in Tokyo"),
        ("Court says firm paid mayor", "Court says firm paid mayor"),
        ("Japan cut rates", "Japan cut rates"),
    ],
)
def test_main_verb_is_put_in_the_present_where_it_is_sure(title: str, told: str) -> None:
    assert present_tense(title) == told


@pytest.mark.parametrize(
    ("clause", "told"),
    [
        ("Japan has approved a plan", "Japan approves a plan"),
        ("Officials have reached a deal", "Officials reach a deal"),
        ("Japan will divert gas to Europe", "Japan to divert gas to Europe"),
    ],
)
def test_compound_tenses_of_a_sentence_become_a_headlines(clause: str, told: str) -> None:
    assert present_tense(clause, wide=True) == told


def test_title_case_becomes_sentence_case_with_the_texts_names() -> None:
    text = "The navy held a drill with U.S. Steel near Naujan. The Navy League agreed to drills."
    title = "Navy Holds Drill With U.S. Steel Off Naujan Amid Storm"
    assert cased(title, [text]) == "Navy holds drill with U.S. Steel off Naujan amid storm"


def test_title_in_capitals_becomes_sentence_case() -> None:
    text = "The port of Kure will reopen, and Japan said that workers agreed to the plan."
    assert cased("PORT OF KURE TO REOPEN AS WORKERS AGREE", [text]) == (
        "Port of Kure to reopen as workers agree"
    )


def test_title_in_sentence_case_stays() -> None:
    title = "Workers of the port agree to Kure plan"
    assert cased(title, ["the Port of kure"]) == title


def test_good_title_of_the_representative_is_taken() -> None:
    good = "US and Japan sign pact on ship repairs"
    assert _headline(good, "Tokyo and Washington agree on ship repairs") == (good, "a0")


def test_title_of_another_report_goes_before_a_bad_one() -> None:
    good = "US and Japan sign pact on ship repairs"
    assert _headline("Who will mend the fleet?", good) == (good, "a1")


@pytest.mark.parametrize(
    "bad",
    [
        "Who will mend the ships of the fleet in Japan?",
        "Ship news",
        "Here's what you need to know about the pact",
        "Build ships, and build them soon",
    ],
)
def test_lead_is_cut_to_a_headline_where_titles_are_bad(bad: str) -> None:
    assert _headline(bad)[0] == "US and Japan sign pact on ship repairs in Tokyo"


def test_long_title_loses_its_circumstance() -> None:
    title = "US and Japan sign pact on ship repairs in Tokyo as ministers from both sides look on"
    assert _headline(title)[0] == "US and Japan sign pact on ship repairs in Tokyo"


def test_list_in_a_long_title_is_not_cut() -> None:
    title = (
        "Defense chiefs announce a joint patrol of the navies of Australia, Japan, Kiribati and US"
    )
    assert not _headline(title)[0].endswith("of Australia")


def test_headline_says_us_and_has_no_stop() -> None:
    assert _headline("U.S. and Japan sign a pact on ship repairs.")[0] == (
        "US and Japan sign a pact on ship repairs"
    )


def test_japanese_title_is_kept() -> None:
    article = _article("日米、造船協定に署名｜港湾新聞", text="日米は署名した。", language="ja")
    found = headline_of([article], lead="日米は署名した。", lead_article_id="a")
    assert found.text == "日米、造船協定に署名"


@settings(deadline=None)
@given(st.lists(st.text(max_size=80), min_size=1, max_size=3), st.text(max_size=80))
def test_any_title_gives_a_headline_on_one_line(titles: list[str], lead: str) -> None:
    articles = [_article(title, text=lead, name=f"a{n}") for n, title in enumerate(titles)]
    found = headline_of(articles, lead=lead, lead_article_id="a0")
    assert "\n" not in found.text and len(found.text) <= HEADLINE_CHARS
    assert found.article_id in {article.id for article in articles}
