from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.unit.digest.issue_samples import ARTICLES, any_words, issue, one, sentence

from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.text import one_line
from alliance_nlp.digest import parse_issue, render_markdown

HEADLINES = [
    "Ports agree on shared dry docks",
    "Envoys meet on rare-earth stockpiles",
    "Drill “Calm Harbor” opens off Kyushu",
]


def _bullet(topic: str) -> str:
    return (
        f"Officials of both countries spoke on {topic} in Tokyo on March 28, 2023. The talks, the "
        f"third of their kind since 2021, dealt with costs, crews and timetables of {topic}. "
        "Mr. Sato of the U.S. office said that the work would begin in spring. Several lawmakers "
        "asked for more detail before the budget is passed, and a second round was set for June."
    )


BULLETS = [_bullet("dry docks"), _bullet("rare earths"), _bullet("the drill")]
FOOTER = "The US-Japan Alliance Digest is a free review of the news, sent every second week."


def _list(mark: str, items: list[str]) -> str:
    return "\n".join(f"{mark.format(n)} {text}" for n, text in enumerate(items, start=1))


def _wrap(text: str, width: int = 70) -> str:
    import textwrap

    return "\n".join(textwrap.wrap(text, width, subsequent_indent="    "))


PLAIN = f"""US-Japan Alliance Digest Vol 3.2

April 14, 2024

Headlines:

{_list("  •", HEADLINES)}

Details:

{_list("  •", BULLETS)}

{FOOTER}
"""
MARKED_HEADLINES = [
    f"**{HEADLINES[0]}**",
    f"[{HEADLINES[1]}](https://gazette.example/1)",
    HEADLINES[2],
]
MARKED_BULLETS = [
    text.replace("Officials", "**Officials**").replace("costs", "_costs_") for text in BULLETS
]
MARKDOWN = f"""# US-Japan Alliance Digest

**Vol. 3, No. 2** · 14 April 2024

## Headlines

{_list("-", MARKED_HEADLINES)}

## Details

{_list("*", MARKED_BULLETS)}

*{FOOTER}*
"""
WEB_PAGE = f"""Skip to content
  • Home
  • Publications
  • Events

US-Japan Alliance Digest Vol 3.2

Download this publication (PDF)

Publications US-Japan Alliance Digest Vol 3.2

Published 2024-04-14

Headlines:

{_list("  •", HEADLINES)}

Details:

{_list("  •", BULLETS)}

{FOOTER}

  • Contact
  • Imprint
"""
WEB_PAGE_WITHOUT_HEADINGS = WEB_PAGE.replace("Headlines:\n", "").replace("Details:\n", "")
ONLY_HEADLINES_NAMED = PLAIN.replace("Details:\n", "")
WRAPPED = f"""US-Japan Alliance Digest
Volume 3, Number 2
April 14, 2024

Headlines

{_list("•", HEADLINES)}

Details

{chr(10).join(_wrap("• " + text) for text in BULLETS)}

{_wrap(FOOTER, 200)}
"""
NUMBERED = f"""US-Japan Alliance Digest
Vol: 3.2
14 April 2024
HEADLINES
{_list("{}.", HEADLINES)}
DETAILS
{_list("{})", BULLETS)}
{FOOTER}
"""
BARE = f"""US-Japan Alliance Digest Vol 3.2
2024-04-14

{_list("–", HEADLINES)}

{_list("–", BULLETS)}

{FOOTER}
"""
FORMS = {
    "plain": PLAIN,
    "markdown": MARKDOWN,
    "web page": WEB_PAGE,
    "web page without headings": WEB_PAGE_WITHOUT_HEADINGS,
    "only headlines named": ONLY_HEADLINES_NAMED,
    "wrapped": WRAPPED,
    "numbered": NUMBERED,
    "bare": BARE,
    "windows line ends": PLAIN.replace("\n", "\r\n"),
    "byte order mark": "\ufeff" + PLAIN,
}


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_form_is_read(text: str) -> None:
    issue = parse_issue(text)
    assert (issue.volume, issue.number) == (3, 2)
    assert issue.title == "US-Japan Alliance Digest"
    assert [item.headline for item in issue.items] == HEADLINES
    assert [item.bullet for item in issue.items] == BULLETS
    assert issue.footer == FOOTER
    assert issue.published_on == date(2024, 4, 14)


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS.keys())
def test_bullets_are_split_into_their_sentences(text: str) -> None:
    for item in parse_issue(text).items:
        assert len(item.sentences) == 4
        assert all(sentence.sources == () for sentence in item.sentences)


def test_date_in_a_bullet_is_not_the_issues() -> None:
    assert parse_issue(PLAIN.replace("April 14, 2024\n", "")).published_on is None


def test_absent_footer_is_empty() -> None:
    assert parse_issue(PLAIN.replace(FOOTER, "")).footer == ""


@pytest.mark.parametrize(
    "name", ["Vol 3.2", "Vol. 3.2", "VOL 3.2", "Vol: 3.2", "Volume 3, Issue 2", "Vol. 3 No. 2"]
)
def test_volume_is_read(name: str) -> None:
    issue = parse_issue(BARE.replace("Vol 3.2", name))
    assert issue.id == "vol-3.2"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (PLAIN.replace("Vol 3.2", ""), "no volume and number found.*like 'Vol 2.6'"),
        ("Vol 3.2\n", "found 0 headlines and 0 bullets.*both as list items"),
        (
            PLAIN.replace(f"  • {HEADLINES[1]}\n", ""),
            "found 2 headlines but 3 bullets.*one bullet for each headline",
        ),
        (
            PLAIN.replace(f"  • {BULLETS[2]}", ""),
            "found 3 headlines but 2 bullets.*one bullet for each headline",
        ),
        (f"Digest Vol 3.2\n\n{_list('-', HEADLINES)}\n", "found 3 headlines and 0 bullets"),
        ("", "no volume and number"),
    ],
)
def test_error_says_what_is_missing(text: str, message: str) -> None:
    with pytest.raises(DigestError, match=message):
        parse_issue(text)


def test_impossible_date_is_an_error_that_names_it() -> None:
    with pytest.raises(DigestError, match="February 31, 2024"):
        parse_issue(PLAIN.replace("April 14", "February 31"))


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_published_form_read_written_and_read_again_stays_the_same_text(text: str) -> None:
    first = render_markdown(parse_issue(text), {})
    assert render_markdown(parse_issue(first), {}) == first


@pytest.mark.parametrize("text", FORMS.values(), ids=FORMS)
def test_published_words_come_through_unchanged(text: str) -> None:
    again = parse_issue(render_markdown(parse_issue(text), {}))
    assert [item.bullet for item in again.items] == BULLETS
    assert [item.headline for item in again.items] == HEADLINES


def test_our_markdown_brings_its_sources_back() -> None:
    found = parse_issue(render_markdown(issue(), ARTICLES))
    assert [item.sentences for item in found.items] == [item.sentences for item in issue().items]


def test_sentence_without_source_claims_none_of_its_neighbours() -> None:
    bullet = (sentence("Work begins in March."), sentence("Each side pays half.", "a"))
    found = parse_issue(render_markdown(issue(("Piers", bullet)), ARTICLES))
    assert found.items[0].sentences == bullet


def test_our_markdown_keeps_title_footer_and_short_bullets() -> None:
    made = one("Piers", "Short.", title="Weekly Brief", footer="- Compiled by nobody.")
    found = parse_issue(render_markdown(made, ARTICLES))
    assert (found.title, found.footer) == ("Weekly Brief", "- Compiled by nobody.")
    assert found.items[0].bullet == "Short."


def test_japanese_sentences_get_no_space_between_them() -> None:
    bullet = "桟橋の修理費を折半する。工事は三月に始まる。"
    found = parse_issue(render_markdown(one("桟橋", bullet), {}))
    assert found.items[0].bullet == bullet


@pytest.mark.parametrize("text", ["\\", "Half\\", "\\\\", "\\[^1]", "a\\*", "[^1]"])
def test_source_is_found_when_a_sentence_ends_in_a_sign_that_is_escaped(text: str) -> None:
    made = issue(("Piers", (sentence(text, "a"),)))
    found = parse_issue(render_markdown(made, ARTICLES))
    assert found.items[0].sentences == made.items[0].sentences


def test_note_of_another_hand_is_no_source() -> None:
    text = render_markdown(issue(), {}) + "\n[^1]: See the annex, characters of note.\n"
    found = parse_issue(text.replace("half of 1.2", "half[^1] of 1.2"))
    assert not any(s.sources for item in found.items for s in item.sentences)


def test_our_markdown_with_a_bullet_too_few_is_refused() -> None:
    text = render_markdown(issue(), {})
    last = text.rindex("\n- ")
    with pytest.raises(DigestError, match="headlines"):
        parse_issue(text[:last] + "\n")


lines = st.text(max_size=80).map(one_line)


@given(any_words, any_words, lines, lines)
def test_any_issue_written_read_and_written_again_is_the_same_text(
    headline: str, text: str, title: str, footer: str
) -> None:
    first = render_markdown(one(headline, text, title=title, footer=footer), ARTICLES)
    assert render_markdown(parse_issue(first), ARTICLES) == first
