"""What a sentence says that its sources do not: flagged; said in other words: not."""

from __future__ import annotations

from datetime import date

import pytest

from alliance_nlp.core.issue_types import IssueItem, Sentence, SentenceSource
from alliance_nlp.digest.support import (
    Claim,
    Passage,
    check_headline,
    check_item,
    check_sentence,
)

THURSDAY = date(2023, 3, 30)


def passage(text: str, *, context: str = "", published_on: date | None = THURSDAY) -> Passage:
    return Passage(text=text, context=context, published_on=published_on)


def flagged(text: str, *sources: str | Passage, granted: tuple[str, ...] = ()) -> list[str]:
    passages = [each if isinstance(each, Passage) else passage(each) for each in sources]
    return [
        f"{flag.claim}: {flag.text}" for flag in check_sentence(text, passages, granted=granted)
    ]


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("Tokyo pays $1.2 billion.", "Tokyo pays 1.2 bn dollars."),
        ("Tokyo pays $1.2 billion.", "Tokyo pays 1,200 million dollars."),
        ("Tokyo pays US$1.2bn.", "東京は12億ドルを払う。"),
        ("Tokyo pays 1.05 trillion yen.", "Tokyo pays ¥1.05 trillion."),
        ("Tokyo pays 1.2 trillion yen.", "日本は1兆2000億円を払う。"),
        ("Japan sent two ships.", "Japan sent 2 ships."),
        ("Japan sent 12 ships.", "Japan sent a dozen ships."),
        ("Japan sent 25 ships.", "Japan sent twenty-five ships."),
        ("Japan sent 30,000 people.", "日本は3万人を送った。"),
        ("Japan sent about 1,200 people.", "日本は約1200人を送った。"),
        ("Japan sent about 1,000 people.", "Japan sent 1,046 people."),
        ("Japan sent 140 people.", "日本は百四十人を送った。"),
        ("The rate rose to 15-20%.", "The rate rose to between 15 and 20 percent."),
        ("The rate is 20%.", "割合は二割だ。"),
        ("The rate is 98 percent.", "割合は九八％だ。"),
        ("A third of the steel comes from Japan.", "About 33.3 percent of the steel is Japan's."),
        ("Japan buys 25 million tons.", "Japan buys 25 million metric tons."),
        ("The plant makes 1.5 gigawatts.", "The plant makes 1,500 megawatts."),
        ("The missile flew 500 km.", "The missile flew about 500 kilometers."),
        ("The fourth round ended.", "The 4th round ended."),
        ("Exports rose 12.5%.", "輸出は１２・５％増えた。"),
        ("Toyota makes 10,000 SUVs.", "トヨタはSUVを１万台作る。"),
        ("The Seventh Fleet sailed.", "第7艦隊が出港した。"),
        ("The ship left at 3:30 p.m.", "船は午後3時30分に出た。"),
        ("The meeting lasted 2 hours.", "The meeting lasted two hours."),
    ],
)
def test_number_passes_when_written_otherwise(sentence: str, source: str) -> None:
    assert flagged(sentence, source) == []


@pytest.mark.parametrize(
    ("sentence", "source", "flag"),
    [
        ("Tokyo pays $1.3 billion.", "Tokyo pays $1.2 billion.", "$1.3 billion"),
        ("Tokyo pays 1.2 billion yen.", "Tokyo pays 1.2 billion dollars.", "1.2 billion yen"),
        ("Tokyo pays $1.2 million.", "日本は12億ドルを払う。", "$1.2 million"),
        ("Japan sent three ships.", "Japan sent two ships.", "three"),
        ("Japan sent 13 ships.", "Japan sent a dozen ships.", "13"),
        ("The missile flew 500 miles.", "The missile flew 500 km.", "500 miles"),
        ("The rate is 5%.", "The rate is 15%.", "5%"),
        ("Japan sent about 1,500 people.", "Japan sent 1,046 people.", "1,500"),
        ("The fifth round ended.", "The fourth round ended.", "fifth"),
        ("The first round ended.", "The fourth round ended.", "first"),
        ("The ship left at 3 a.m.", "The ship left at 3 p.m.", "3 a.m."),
    ],
)
def test_number_is_flagged_when_no_source_has_it(sentence: str, source: str, flag: str) -> None:
    assert flagged(sentence, source) == [f"number: {flag}"]


def test_percentage_is_flagged_when_source_counts_things() -> None:
    assert flagged("Japan bought 400% more.", "Japan bought 400 missiles.") == ["number: 400%"]


def test_two_ministers_pass_when_source_names_both_and_gainsays_nothing() -> None:
    assert flagged("The two ministers met.", "Ministers Ito and Lee met.") == []
    assert flagged("The two ministers met.", "The three ministers met.") == ["number: two"]


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("They met on March 28.", "They met on Tuesday."),
        ("They met on March 28.", "They met on Mar. 28, 2023."),
        ("They met on March 28.", "They met on 28 March."),
        ("They met on March 28.", "They met on 2023-03-28."),
        ("They met on March 28.", "両者は3月28日に会った。"),
        ("They met on March 28.", "両者は二十八日に会った。"),
        ("They met on March 29.", "両者は昨日会った。"),
        ("They met on Tuesday.", "They met on March 28."),
        ("They met on March 28, 2023.", "They met on March 28."),
        ("They met in March.", "They met on Tuesday."),
        ("They meet on April 4.", "They will meet on Tuesday."),
        ("They met in February.", "They met last month."),
        ("They met in 2022.", "両者は昨年会った。"),
        ("They meet on April 10.", "両者は来月10日に会う。"),
        ("They met in 2024.", "両者は令和6年に会った。"),
        ("It starts in FY24.", "It starts in fiscal year 2024."),
        ("It ends in March 2025.", "2024年度末に終わる。"),
        ("It was said on February 18 and 20.", "It was said on Feb. 18 and Feb. 20."),
        ("It comes in the early 2030s.", "2030年代初めに来る。"),
        ("It was signed in August 2022.", "It was signed last August."),
    ],
)
def test_date_passes_when_written_otherwise(sentence: str, source: str) -> None:
    assert flagged(sentence, source) == []


@pytest.mark.parametrize(
    ("sentence", "source", "flag"),
    [
        ("They met on March 21.", "They met on Tuesday.", "March 21"),
        ("They met on March 28.", "They met in March.", "March 28"),
        ("They met on Wednesday.", "They met on March 28.", "Wednesday"),
        ("They met in May.", "They met in March.", "May"),
        ("They met in 2021.", "They met in 2022.", "2021"),
        ("They met on March 27.", "両者は3月28日に会った。", "March 27"),
        (
            "They met on February 18 and 21.",
            "They met on February 18 and 20.",
            "February 18 and 21",
        ),
        ("They met on March 28, 2022.", "They met on March 28.", "March 28, 2022"),
    ],
)
def test_date_is_flagged_when_no_source_has_it(sentence: str, source: str, flag: str) -> None:
    assert flagged(sentence, source) == [f"date: {flag}"]


@pytest.mark.parametrize(
    ("sentence", "source"),
    [
        ("The US agreed.", "The United States agreed."),
        ("The United States agreed.", "American officials agreed."),
        ("The U.S. agreed.", "米政府は合意した。"),
        ("Japan agreed.", "The Japanese agreed."),
        ("Tokyo and Washington agreed.", "Japan and the US agreed."),
        ("Adm. Ruiz spoke.", "Admiral Pedro Ruiz spoke."),
        ("Gov. Tamaki spoke.", "Okinawa Governor Denny Tamaki spoke."),
        ("The Pentagon agreed.", "The Department of Defense agreed."),
        ("The Defense Department agreed.", "米国防総省は合意した。"),
        ("Osaka’s port opened.", "The port of Ōsaka opened."),
        ("Ono's ship sailed.", "The ship of Ohno sailed."),
        ("The Milius sailed.", "USS Milius (DDG 69) sailed."),
        ("USS Milius (DDG-69) sailed.", "The destroyer Milius, DDG 69, sailed."),
        ("JS Akebono sailed.", "護衛艦「あけぼの」が出港した。"),
        ("Shinzo Abe spoke.", "Abe Shinzo spoke."),
        ("The Quillback Sound Authority agreed.", "The QSA agreed."),
        ("The QSA agreed.", "The Quillback Sound Authority agreed."),
        ("Separately, officials agreed.", "The officials agreed."),
        ("Anti-Coercion talks began.", "Talks on anti-coercion began."),
        ("Marines flew F-35 jets.", "Marines flew the F-35B."),
    ],
)
def test_name_passes_when_written_otherwise(sentence: str, source: str) -> None:
    assert flagged(sentence, source) == []


@pytest.mark.parametrize(
    ("sentence", "source", "flag"),
    [
        ("Minister Kihara spoke.", "Minister Hamada spoke.", "name: Kihara"),
        ("Kihara spoke.", "Hamada spoke.", "name: Kihara"),
        ("Gen. Ruiz spoke.", "Admiral Ruiz spoke.", "name: Gen"),
        ("They met in Osaka.", "They met in Kobe.", "place: Osaka"),
        ("They met in Tokyo.", "They met in Japan.", "place: Tokyo"),
        ("China agreed.", "日米両政府は合意した。", "place: China"),
        ("USS Milius sailed.", "USS Benfold sailed.", "name: Milius"),
        ("Marines flew F-35B jets.", "Marines flew the F-16.", "name: F-35B"),
        ("Katherine Mori spoke.", "Katherine Tai spoke.", "name: Mori"),
    ],
)
def test_name_is_flagged_when_no_source_has_it(sentence: str, source: str, flag: str) -> None:
    assert flagged(sentence, source) == [flag]


def test_role_is_flagged_when_sources_give_it_to_another() -> None:
    source = "US President Joe Biden met Prime Minister Fumio Kishida."
    assert flagged("President Kishida spoke.", source) == ["name: President Kishida"]
    assert flagged("Prime Minister Kishida spoke.", source) == []


def test_name_passes_when_article_introduces_it_earlier() -> None:
    source = passage("The minister agreed.", context="Defense Minister Aiko Moriyama came.")
    assert flagged("Defense Minister Moriyama agreed.", source) == []


def test_number_is_flagged_when_it_stands_elsewhere_in_the_article() -> None:
    source = passage("The minister agreed.", context="Some 400 missiles are planned.")
    assert flagged("The minister agreed to 400.", source) == ["number: 400"]


def test_name_passes_when_granted() -> None:
    granted = ("Foreign Minister Yoko Kamikawa",)
    source = "上川陽子外相が述べた。"
    assert flagged("Kamikawa spoke.", source) == ["name: Kamikawa"]
    assert flagged("Foreign Minister Yoko Kamikawa spoke.", source, granted=granted) == []


def test_quotation_passes_when_only_marks_and_case_differ() -> None:
    source = 'Lee said: "We\'ll defend the U.S. line, always."'
    assert flagged("“We’ll defend the US line,” Lee said.", source) == []
    assert flagged("“We’ll … always,” Lee said.", source) == []


def test_quotation_is_flagged_when_a_word_differs() -> None:
    source = 'Lee said: "We will defend the line."'
    assert flagged("“We will hold the line,” Lee said.", source) == [
        "quote: “We will hold the line,”"
    ]


@pytest.mark.parametrize(
    ("sentence", "source", "flag"),
    [
        ("Japan will not sign the pact.", "Japan will sign the pact.", "will not sign"),
        ("Japan will sign the pact.", "Japan will not sign the pact.", "sign"),
        ("Japan refused to sign the pact.", "Japan signed the pact.", "refused to sign"),
        ("Japan didn’t sign the pact.", "Japan signed the pact.", "didn’t sign"),
    ],
)
def test_negation_is_flagged_when_source_says_the_opposite(
    sentence: str, source: str, flag: str
) -> None:
    assert flagged(sentence, source) == [f"negation: {flag}"]


def test_negation_passes_when_source_denies_in_other_words() -> None:
    assert flagged("Japan did not sign the pact.", "Japan refused to sign the pact.") == []
    assert flagged("Japan will not only sign the pact.", "Japan will sign the pact.") == []


def test_every_claim_is_flagged_when_there_is_no_source() -> None:
    found = check_sentence("Kihara told Japan on May 3 of 400 missiles.", [])
    assert [flag.claim for flag in found] == [Claim.NAME, Claim.PLACE, Claim.DATE, Claim.NUMBER]


def test_offsets_point_at_the_surface() -> None:
    text = "In Kobe, Ōno bought 13 ships on May 3."
    for flag in check_sentence(text, []):
        assert text[flag.start : flag.end] == flag.text


def test_japanese_sentence_passes_when_reworded() -> None:
    source = "日本政府は28日、米国製トマホーク400発を12億ドルで取得すると岸田首相が述べた。"
    assert flagged("岸田首相は二十八日、トマホーク四百発を12億ドルで買うとした。", source) == []


def test_japanese_sentence_is_flagged_when_figures_and_names_change() -> None:
    source = "日本政府は28日、米国製トマホーク400発を取得すると岸田首相が述べた。"
    assert flagged("石破首相は韓国でハープーン300発とした。", source) == [
        "name: 石破",
        "place: 韓国",
        "name: ハープーン",
        "number: 300",
    ]


def item_with(headline: str, *sentences: tuple[str, SentenceSource]) -> IssueItem:
    return IssueItem(
        headline=headline,
        sentences=tuple(Sentence(text=text, sources=(source,)) for text, source in sentences),
    )


FIRST = SentenceSource(article_id="a", start=0, end=10)
SECOND = SentenceSource(article_id="b", start=0, end=10)
PASSAGES = {
    FIRST: passage("Japan bought 400 missiles.", context="Aiko Mori announced it in Kobe."),
    SECOND: passage("Korea bought 30 tanks."),
}


def test_item_checks_each_sentence_against_its_own_sources() -> None:
    item = item_with("Deal", ("Japan bought 400 missiles.", FIRST), ("It cost 400.", SECOND))
    flags = check_item(item, PASSAGES)
    assert [[flag.text for flag in each] for each in flags] == [[], ["400"]]


def test_item_flags_all_when_a_source_is_gone() -> None:
    item = item_with("Deal", ("Japan bought 400 missiles.", FIRST))
    assert [flag.text for flag in check_item(item, {})[0]] == ["Japan", "400"]


def test_headline_is_checked_against_all_articles_of_the_item() -> None:
    sentences = (("Japan bought 400 missiles.", FIRST), ("It has 30.", SECOND))
    good = item_with("Japan Buys 400 Missiles, Korea 30 Tanks, Mori Says", *sentences)
    assert check_headline(good, PASSAGES) == ()
    wrong = item_with("Japan Buys 500 Missiles, Kihara Says", *sentences)
    assert [flag.text for flag in check_headline(wrong, PASSAGES)] == ["500", "Kihara"]


def test_item_flags_what_is_still_in_japanese() -> None:
    source = SentenceSource(article_id="j", start=0, end=9)
    passages = {source: passage("日本は船を2隻送った。", context="派遣")}
    item = item_with("日本、船を派遣", ("日本は船を2隻送った。", source))
    assert [[flag.claim for flag in each] for each in check_item(item, passages)] == [
        [Claim.LANGUAGE]
    ]
    assert Claim.LANGUAGE in [flag.claim for flag in check_headline(item, passages)]


def test_item_passes_when_japanese_was_translated() -> None:
    source = SentenceSource(article_id="j", start=0, end=9)
    passages = {source: passage("日本は船を2隻送った。", context="派遣")}
    item = item_with("Japan Sends Ships", ("Japan sent two ships (艦船).", source))
    assert check_item(item, passages) == ((),)
    assert check_headline(item, passages) == ()
