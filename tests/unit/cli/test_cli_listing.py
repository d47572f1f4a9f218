from __future__ import annotations

import io
from datetime import UTC, datetime

import pytest
from openpyxl import load_workbook

from alliance_nlp.cli import listing
from alliance_nlp.core.types import Candidate, Novelty, Story
from alliance_nlp.pipeline.candidates import Row


def _row(title: str, link: str = "https://gazette.example/a") -> Row:
    at = datetime(2031, 2, 4, tzinfo=UTC)
    story = Story(
        id="story-1",
        article_ids=("a",),
        representative_id="a",
        first_at=at,
        last_at=at,
        novelty=Novelty.NEW,
    )
    return Row(
        candidate=Candidate(story_id="story-1", rank=1, score=0.75, logit=1.1, reasons=()),
        story=story,
        title=title,
        link=link,
        outlets=("Harbor Gazette",),
        last_on=at.date(),
        topics=("defense",),
        flags=(),
        verdict="",
    )


def test_workbook_has_numbers_days_and_no_formula() -> None:
    sheet = load_workbook(io.BytesIO(listing.workbook([_row("=cmd|'/c calc'!A0")]))).active
    cells = {head.value: cell for head, cell in zip(sheet[1], sheet[2], strict=True)}
    assert (cells["rank"].value, cells["score"].value) == (1, 0.75)
    assert cells["last_on"].is_date
    assert cells["title"].data_type == "s"
    assert cells["title"].value.startswith("'=")


def test_csv_keeps_formulas_from_running(capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    listing.show([_row("=1+1")], form="csv", explain=False)
    assert b"1,0.75,'=1+1,defense" in capsysbinary.readouterr().out


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd"])
def test_markdown_links_to_the_web_only(link: str, capsys: pytest.CaptureFixture[str]) -> None:
    listing.show([_row("A <b>title</b>", link)], form="markdown", explain=False)
    printed = capsys.readouterr().out
    assert link not in printed
    assert r"\<b\>title" in printed
