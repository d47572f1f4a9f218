"""What the editor's form says, and how an issue comes out of it."""

from __future__ import annotations

from datetime import date
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Issue, IssueItem, Sentence, SentenceSource
from alliance_nlp.web.issue_form import issue_from, read_posted, rearranged

STORED = Issue(
    volume=2,
    number=6,
    title="US-Japan Alliance Digest",
    published_on=date(2024, 4, 14),
    items=(),
    since_on=date(2024, 4, 1),
    until_on=date(2024, 4, 14),
    footer="Drafted every two weeks.",
)


def posted(*fields: tuple[str, str]):
    return read_posted(urlencode(fields).encode())


def items_named(*names: str) -> Issue:
    items = tuple(IssueItem(headline=name, sentences=()) for name in names)
    return Issue(volume=1, number=1, title="D", published_on=None, items=items)


def headlines(issue: Issue) -> list[str]:
    return [item.headline for item in issue.items]


def test_items_come_in_the_order_of_the_page():
    found = posted(
        ("base", "4"),
        ("item", "story-b"),
        ("headline", "Second"),
        ("sentence", "It came."),
        ("item", "story-a"),
        ("headline", "First"),
    )
    assert found.base == 4
    assert [(item.story_id, item.headline) for item in found.items] == [
        ("story-b", "Second"),
        ("story-a", "First"),
    ]


def test_source_belongs_to_the_sentence_before_it():
    [item] = posted(
        ("item", "s"),
        ("headline", "H"),
        ("sentence", "One."),
        ("source", "a1:0:5"),
        ("source", "a1:0:5"),
        ("sentence", "Two."),
        ("source", "a2:7:9"),
    ).items
    assert item.sentences == (
        Sentence(text="One.", sources=(SentenceSource(article_id="a1", start=0, end=5),)),
        Sentence(text="Two.", sources=(SentenceSource(article_id="a2", start=7, end=9),)),
    )


@pytest.mark.parametrize("value", ["a1:5:5", "a1:9:2", "a1:x:2", "../a:0:1", "a1:0", "a1:0:١"])
def test_source_is_left_out_when_it_is_no_place(value):
    [item] = posted(("item", "s"), ("sentence", "One."), ("source", value)).items
    assert item.sentences[0].sources == ()


def test_sentence_is_left_out_when_it_is_empty():
    [item] = posted(("item", "s"), ("sentence", " \r\n "), ("sentence", "Two.")).items
    assert [sentence.text for sentence in item.sentences] == ["Two."]


def test_text_stands_on_one_line_without_what_deceives():
    [item] = posted(("item", "s"), ("sentence", "A\r\n\r\nyard \u202ein\x00 Kure.")).items
    assert item.sentences[0].text == "A yard in Kure."


def test_frame_is_taken_from_the_form():
    form = posted(("volume", "3"), ("number", " 1 "), ("date", "2024-04-28"), ("since", ""))
    issue, faults = issue_from(form, STORED)
    assert (issue.id, issue.published_on, issue.since_on) == ("vol-3.1", date(2024, 4, 28), None)
    assert (issue.until_on, issue.footer) == (STORED.until_on, STORED.footer)
    assert faults == ()


@pytest.mark.parametrize(
    ("field", "says"),
    [
        (("date", "April 31"), "is no day"),
        (("number", "0"), "whole number"),
        (("volume", "２"), "whole number"),
        (("since", "2024-05-01"), "ends before it begins"),
    ],
)
def test_fault_is_told_when_the_frame_is_wrong(field, says):
    _, faults = issue_from(posted(field), STORED)
    assert any(says in fault for fault in faults)


def test_fault_is_told_when_an_item_has_no_headline():
    _, faults = issue_from(posted(("item", "s"), ("headline", " ")), STORED)
    assert faults == ("Item 1 has no headline; write one, or take the item out.",)


@pytest.mark.parametrize(
    ("do", "after"),
    [
        ("up:2", ["b", "a", "c"]),
        ("down:1", ["b", "a", "c"]),
        ("out:3", ["a", "b"]),
        ("up:1", ["a", "b", "c"]),
        ("down:3", ["a", "b", "c"]),
        ("out:4", ["a", "b", "c"]),
        ("out:x", ["a", "b", "c"]),
        ("", ["a", "b", "c"]),
    ],
)
def test_button_orders_the_items(do, after):
    assert headlines(rearranged(items_named("a", "b", "c"), do)) == after


@given(st.binary(max_size=400))
def test_any_body_is_read_as_some_form(body):
    issue, _ = issue_from(read_posted(body), STORED)
    assert len(issue.items) == len(read_posted(body).items)


@given(st.text(alphabet="updownti:0123456789x", max_size=12))
def test_no_button_makes_an_item_of_nothing(do):
    before = items_named("a", "b", "c")
    assert set(headlines(rearranged(before, do))) <= {"a", "b", "c"}
