"""What changed between two versions of an issue."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Issue, IssueItem, IssueState, IssueVersion, Sentence
from alliance_nlp.pipeline.issuing import versions_diff, words_diff


def _item(headline: str, text: str, story_id: str = "") -> IssueItem:
    return IssueItem(headline=headline, sentences=(Sentence(text=text),), story_id=story_id)


def _version(*items: IssueItem, state: IssueState = IssueState.DRAFT) -> IssueVersion:
    issue = Issue(volume=3, number=7, title="Digest", published_on=None, items=items)
    at = datetime(2024, 4, 14, tzinfo=UTC)
    return IssueVersion(issue=issue, number=1, state=state, editor="kano", saved_at=at)


DOCKS = _item("Yard opens", "A yard opened in Kure on Monday.", "s-1")
FUEL = _item("Terminal delayed", "A terminal for gas is late by a year, its owner says.", "s-2")


def test_versions_that_are_alike_differ_in_nothing() -> None:
    assert versions_diff(_version(DOCKS, FUEL), _version(DOCKS, FUEL)).is_empty


def test_words_that_went_and_came_are_shown_in_reading_order() -> None:
    changed = replace(DOCKS, sentences=(Sentence(text="A dock opened in Kure."),))
    [item] = versions_diff(_version(DOCKS), _version(changed)).items
    assert item.kind == "changed"
    assert [(s.kind, s.text) for s in item.bullet] == [
        ("same", "A "), ("removed", "yard"), ("added", "dock"), ("same", " opened in Kure"),
        ("removed", " on Monday"), ("same", "."),
    ]  # fmt: skip
    assert [s.kind for s in item.headline] == ["same"]


def test_japanese_is_compared_by_character() -> None:
    assert [(s.kind, s.text) for s in words_diff("呉の造船所", "呉の新造船所")] == [
        ("same", "呉の"), ("added", "新"), ("same", "造船所"),
    ]  # fmt: skip


def test_item_of_one_story_is_followed_to_its_new_place() -> None:
    found = versions_diff(_version(DOCKS, FUEL), _version(FUEL, DOCKS))
    assert [(i.before, i.after, i.kind) for i in found.items] == [
        (2, 1, "moved"), (1, 2, "moved"),
    ]  # fmt: skip


def test_items_that_came_and_went_are_told_so() -> None:
    other = _item("Mayor resigns", "The mayor of a port left office.", "s-3")
    found = versions_diff(_version(DOCKS, FUEL), _version(FUEL, other))
    assert [(i.before, i.after, i.kind) for i in found.items] == [
        (1, None, "removed"), (2, 1, "moved"), (None, 2, "added"),
    ]  # fmt: skip
    assert [s.kind for s in found.items[0].bullet] == ["removed"]


@pytest.mark.parametrize(("text", "kind"), [("A yard opened in Kure on Friday.", "changed")])
def test_item_without_a_story_is_known_by_its_words(text: str, kind: str) -> None:
    bare = replace(DOCKS, story_id="")
    rewritten = _item("Yard opens", text)
    [item] = versions_diff(_version(bare), _version(rewritten)).items
    assert item.kind == kind


def test_lines_around_the_items_are_compared() -> None:
    before = _version(DOCKS)
    after = replace(
        before,
        state=IssueState.IN_REVIEW,
        issue=replace(before.issue, published_on=date(2024, 4, 14), footer="Free."),
    )
    found = versions_diff(before, after)
    assert [(f.name, f.before, f.after) for f in found.fields] == [
        ("date", "", "2024-04-14"), ("footer", "", "Free."), ("state", "draft", "in-review"),
    ]  # fmt: skip
    assert not found.is_empty


@given(st.text(max_size=60), st.text(max_size=60))
def test_both_texts_can_be_read_from_their_difference(before: str, after: str) -> None:
    found = words_diff(before, after)
    assert "".join(s.text for s in found if s.kind != "added") == before
    assert "".join(s.text for s in found if s.kind != "removed") == after
