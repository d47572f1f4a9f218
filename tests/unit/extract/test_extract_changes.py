"""What changed between two versions, and whether it matters."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from extract_pages import JAPANESE, PARAGRAPHS, TITLE, html, page
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.core.types import Article
from alliance_nlp.extract import Extraction, diff, extract_page, is_material


def article(*lines: str, title: str = TITLE) -> Article:
    found = extract_page(page(html()))
    assert isinstance(found, Extraction)
    return replace(found.article, text="\n".join(lines or PARAGRAPHS), title=title)


def test_nothing_is_found_between_equal_versions() -> None:
    changes = diff(article(), article())
    assert changes.changes == ()
    assert changes.title == ()
    assert not is_material(changes)


def test_new_paragraph_is_an_insertion_at_its_place() -> None:
    (change,) = diff(article(*PARAGRAPHS[:4]), article(*PARAGRAPHS)).changes
    assert (change.kind, change.before, change.after) == ("insert", "", PARAGRAPHS[4])
    assert change.paragraph == 4


def test_lost_paragraph_is_a_deletion() -> None:
    (change,) = diff(article(*PARAGRAPHS), article(*PARAGRAPHS[:4])).changes
    assert (change.kind, change.before, change.after) == ("delete", PARAGRAPHS[4], "")


def test_changed_sentence_is_told_without_its_neighbours() -> None:
    old = "The ships left at dawn. They will be back in May. Nobody was hurt."
    new = "The ships left at dawn. They will be back in June. Nobody was hurt."
    (change,) = diff(article(old), article(new)).changes
    assert change.kind == "replace"
    assert change.before == "They will be back in May."
    assert change.after == "They will be back in June."


def test_changed_japanese_sentence_is_told_without_its_neighbours() -> None:
    old, new = "船は出た。五月に戻る。被害はない。", "船は出た。六月に戻る。被害はない。"
    (change,) = diff(article(old), article(new)).changes
    assert (change.before, change.after) == ("五月に戻る。", "六月に戻る。")


def test_title_is_compared() -> None:
    changes = diff(article(), article(title="Plan dropped"))
    assert changes.title == (TITLE, "Plan dropped")
    assert is_material(changes)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Updated 3:15 p.m. EDT", "Updated 4:40 p.m. EDT"),
        ("Last updated: 20 November 2026 09:15", "Last updated: 21 November 2026 10:20"),
        ("更新：2026年11月20日 9時15分", "更新：2026年11月21日 10時20分"),
        ("1,204 views", "1,377 views"),
        ("12 comments", "40 comments"),
        ("閲覧数 120", "閲覧数 340"),
        ("2 hours ago", "5 hours ago"),
        ("They said “no” – twice.", 'They said "no" - twice.'),
        ("One two  three.", "One two three."),
    ],
)
def test_change_is_not_material_when_only_the_dress_changed(old: str, new: str) -> None:
    assert not is_material(diff(article(*PARAGRAPHS, old), article(*PARAGRAPHS, new)))


def test_paragraph_breaks_are_not_material() -> None:
    assert not is_material(diff(article(*PARAGRAPHS), article(" ".join(PARAGRAPHS))))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("Nine people were hurt.", "Ten people were hurt."),
        ("The plan costs 1.5 million.", "The plan costs 15 million."),
        (
            "The ships sail at 9:15 on Friday with all hands.",
            "The ships sail at 9:45 on Friday with all hands.",
        ),
        (JAPANESE[0], JAPANESE[1]),
        ("Updated 3:15 p.m.", "The plan was dropped."),
    ],
)
def test_change_is_material_when_a_fact_changed(old: str, new: str) -> None:
    assert is_material(diff(article(*PARAGRAPHS, old), article(*PARAGRAPHS, new)))


def test_changes_are_json() -> None:
    changes = diff(article(*PARAGRAPHS), article(*PARAGRAPHS[1:], title="Other"))
    data = json.loads(json.dumps(changes.to_json()))
    assert data["title"] == [TITLE, "Other"]
    assert data["changes"][0]["kind"] == "delete"
    assert data["n_deleted"] == len(PARAGRAPHS[0])


LINES = st.lists(st.sampled_from((*PARAGRAPHS, *JAPANESE, "Short one.", "Two.")), max_size=8)


@given(old=LINES, new=LINES)
def test_what_is_inserted_and_deleted_accounts_for_the_letters(
    old: list[str], new: list[str]
) -> None:
    changes = diff(article(*old or ["x."]), article(*new or ["x."]))
    before, after = ("".join("".join(lines or ["x."]).split()) for lines in (old, new))
    gone = sum(len("".join(c.before.split())) for c in changes.changes)
    come = sum(len("".join(c.after.split())) for c in changes.changes)
    assert len(after) - len(before) == come - gone
