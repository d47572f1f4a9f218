"""The house style: what is found, what is put right, and what a workspace changes."""

from __future__ import annotations

import pytest

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.digest.style import check_style, fix, fix_all, house_rules, word_count
from alliance_nlp.digest.style_types import Kind


def ids(text: str, kind: Kind = "sentence") -> list[str]:
    return [finding.rule_id for finding in check_style(text, kind=kind)]


@pytest.mark.parametrize(
    ("text", "fixed"),
    [
        ("The U.S. and Japan met.", "The US and Japan met."),
        ("It was built in the U.S.", "It was built in the US."),
        ("The United States and Japan met.", "The US and Japan met."),
        ("The U.K. and the E.U. met.", "The UK and the EU met."),
        ("It met Mr. Ito and Ms. Mori.", "It met Ito and Mori."),
        ("Amb. Emanuel spoke.", "Amb Emanuel spoke."),
        ("Colonel Ruiz spoke.", "Col. Ruiz spoke."),
        ("Gov. Tamaki spoke.", "Governor Tamaki spoke."),
        ("Vice Adm. Saito spoke.", "Vice Admiral Saito spoke."),
        ("It has 85 percent of it.", "It has 85% of it."),
        ("It costs US$5bn.", "It costs $5 billion."),
        ("They met on March 28th.", "They met on March 28."),
        ("They met on Mar. 28.", "They met on March 28."),
        ("They met on the 3rd of May.", "They met on May 3."),
        ("It has 3 ships.", "It has three ships."),
        ("It has twelve ships.", "It has 12 ships."),
        ("It is a five year plan.", "It is a five-year plan."),
        ("One  space , please.", "One space, please."),
        ("Steel -- and coal.", "Steel — and coal."),
        ('It\'s "big" news.', "It’s “big” news."),
        ("The defence programme grew.", "The defense program grew."),
    ],
)
def test_fix_all_puts_it_right(text: str, fixed: str) -> None:
    assert fix_all(text) == fixed


@pytest.mark.parametrize(
    "text",
    [
        "US Steel agreed on May 3.",
        "It is up 3%",
        "It bought 3 million tons of it.",
        "Twelve ships sailed.",
        "Article 5 applies, and Phase 2 tests go on.",
        "It is for Gen Z alone.",
        "He told us of it.",
        "“The U.S. is here for 3 years,” Ito said.",
        "It may march on.",
    ],
)
def test_nothing_is_found_when_text_follows_the_style(text: str) -> None:
    assert check_style(text, kind="sentence") == ()


@pytest.mark.parametrize("text", ["They met on Tuesday.", "They met yesterday."])
def test_undated_day_is_found_and_left_to_the_editor(text: str) -> None:
    (finding,) = check_style(text, kind="sentence")
    assert finding.suggestion is None
    assert fix(text, finding) == text


def test_weekday_passes_when_the_date_follows() -> None:
    assert ids("They met on Tuesday, March 28.") == []


def test_every_finding_has_place_and_reason() -> None:
    text = "The U.S. has 3 ships, Mr. Ito said yesterday."
    for finding in check_style(text, kind="sentence"):
        assert text[finding.start : finding.end] == finding.found
        assert finding.reason


def test_fix_changes_nothing_when_the_text_has_moved_on() -> None:
    (finding,) = check_style("The U.S. met.", kind="sentence")
    assert fix("Now the U.S. met.", finding) == "Now the U.S. met."


def test_headline_is_found_when_long_short_stopped_or_shouting() -> None:
    assert ids("US and Japan sign deal on minerals", "headline") == []
    assert ids("US and Japan sign deal on minerals.", "headline") == ["headline-stop"]
    assert ids("Japan agrees", "headline") == ["headline-words"]
    assert ids("US AND JAPAN SIGN DEAL ON MINERALS", "headline") == ["headline-capitals"]
    assert fix_all("US and Japan sign deal on minerals.", kind="headline").endswith("minerals")


def test_bullet_is_found_when_short() -> None:
    assert "bullet-words" in ids("They met.", "bullet")
    assert "bullet-words" not in ids(" ".join(["word"] * 67), "bullet")
    assert "bullet-words" in ids(" ".join(["word"] * 143), "bullet")


def test_abbreviation_is_found_when_nothing_explains_it() -> None:
    words = " ".join(["word"] * 80)
    assert ids(f"The GPI flies. {words}", "bullet") == ["abbreviation"]
    assert ids(f"The Glide Phase Interceptor (GPI) flies; the GPI {words}", "bullet") == []
    assert ids(f"The ship took LNG (liquefied gas). {words}", "bullet") == []


def test_full_name_becomes_the_abbreviation_when_it_was_given() -> None:
    text = "The Missile Defense Agency (MDA) met, and the Missile Defense Agency agreed."
    fixed = fix_all(text, kind="bullet")
    assert fixed == "The Missile Defense Agency (MDA) met, and the MDA agreed."


def test_year_is_left_out_when_it_is_the_issues_own() -> None:
    rules = house_rules(year=2023)
    assert fix_all("On March 28, 2023, Japan agreed.", rules) == "On March 28, Japan agreed."
    assert fix_all("On March 28, 2022, Japan agreed.", rules).count("2022") == 1


def test_rule_is_silent_when_switched_off() -> None:
    assert fix_all("The U.S. has 3 ships.", house_rules(off=("us",))) == "The U.S. has three ships."


def test_banned_phrase_is_found_without_a_fix() -> None:
    rules = house_rules(banned=("game changer",))
    (finding,) = check_style("It is a Game Changer.", kind="sentence", rules=rules)
    assert (finding.found, finding.suggestion) == ("Game Changer", None)


def test_own_rule_is_applied_with_its_groups() -> None:
    own = {"id": "pm", "find": r"\bPM (\w+)", "replace": r"Premier \1", "reason": "In full."}
    assert fix_all("PM Kishida spoke.", house_rules(rules=(own,))) == "Premier Kishida spoke."


@pytest.mark.parametrize(
    ("rule", "says"),
    [
        ({"id": "x", "find": "(", "reason": "r"}, "no regular expression"),
        ({"id": "x", "find": "a", "replace": r"\2", "reason": "r"}, "no regular expression"),
        ({"id": "x", "find": "a"}, "has no 'reason'"),
        ({"id": "us", "find": "a", "reason": "r"}, "built-in"),
        ({"id": "x", "find": "a", "reason": "r", "why": "r"}, "unknown key 'why'"),
        ({"id": "x", "find": "a", "replace": "aa", "reason": "r"}, "never ends"),
        ({"id": "x", "find": "a*", "reason": "r"}, "never ends"),
    ],
)
def test_own_rule_is_refused_when_it_cannot_work(rule: dict[str, str], says: str) -> None:
    with pytest.raises(ConfigError, match=says):
        house_rules(rules=(rule,))


def test_switching_off_is_refused_when_no_rule_has_the_name() -> None:
    with pytest.raises(ConfigError, match="no rule is called 'comma'"):
        house_rules(off=("comma",))


def test_word_range_is_refused_when_upside_down() -> None:
    with pytest.raises(ConfigError, match="no range"):
        house_rules(bullet_words=(142, 67))


@pytest.mark.parametrize(
    ("text", "n"),
    [
        ("US and Japan sign deal", 5),
        ("Steel — and coal", 3),
        ("Japan’s US-made ships cost $5", 5),
        ("日米首脳会談", 3),
        ("日米がLNGを買う", 4),
        ("", 0),
    ],
)
def test_word_count_counts_as_an_editor_would(text: str, n: int) -> None:
    assert word_count(text) == n


@pytest.mark.parametrize(
    "text",
    ["It bought a tenth of Arctic LNG 2 project shares.", "MDA 3 trials went well this spring."],
)
def test_number_of_a_name_stays_a_figure(text: str) -> None:
    assert fix_all(text) == text


def test_number_after_a_first_word_is_spelled_out() -> None:
    assert fix_all("Some 5 ships sailed. About 3 others followed.") == (
        "Some five ships sailed. About three others followed."
    )
