from __future__ import annotations

from dataclasses import replace
from datetime import date
from io import StringIO

from rich.console import Console

from alliance_nlp.cli import evaluation_tables
from alliance_nlp.core.types import Label, Mention
from alliance_nlp.learn import GoldMention, GoldText, judge

TEXT = GoldText(
    id="a",
    text="Quill saw the [Pelican].",
    language="en",
    published_on=date(2024, 4, 14),
    genre="wire",
    story="a",
    split="dev",
    mentions=(
        GoldMention(start=0, end=5, label=Label.OFFICIAL, entity_id=None),
        GoldMention(start=15, end=22, label=Label.SHIP, entity_id="pelican"),
    ),
)
QUILL = Mention(article_id="a", start=0, end=5, label=Label.OFFICIAL, entity_id="", how="title")
PELICAN = replace(QUILL, start=15, end=22, label=Label.SHIP, entity_id="other")


def _shown(*tables: object) -> str:
    stream = StringIO()
    console = Console(file=stream, width=160, highlight=False)
    for table in tables:
        console.print(table)
    return stream.getvalue()


def _lines(shown: str, start: str) -> list[list[str]]:
    rows = [[cell.strip() for cell in line.strip("│").split("│")] for line in shown.splitlines()]
    return [row for row in rows if row[0] == start]


def test_tables_show_figures_with_intervals_and_a_dash_for_none() -> None:
    judged = judge([TEXT], [(QUILL, PELICAN)])
    shown = _shown(*evaluation_tables.tables("dev", judged, n_errors=5))
    spans, known, linking = _lines(shown, "SHIP")[:3]
    assert spans == ["SHIP", "1", "1", "1.000", "1.000", "1.000", "1.000 to 1.000", "1.000"]
    assert known == ["SHIP", "1", "1.000", "1.000 to 1.000", "0", "-", "-"]
    assert linking == ["SHIP", "1", "0.000", "0.000 to 0.000", "0.000", "0.000"]
    assert "dev: 1 texts of 1 stories" in shown


def test_errors_are_shown_with_brackets_of_the_text() -> None:
    judged = judge([TEXT], [(QUILL, PELICAN)])
    shown = _shown(*evaluation_tables.tables("dev", judged, n_errors=5))
    [error] = [row for row in _lines(shown, "a") if row[1] == "link"]
    assert error[2:4] == ["SHIP Pelican (pelican)", "SHIP Pelican (other)"]
    assert "[⟦Pelican⟧]" in error[4]


def test_no_errors_are_listed_when_none_are_asked_for() -> None:
    judged = judge([TEXT], [()])
    assert "errors" not in _shown(*evaluation_tables.tables("dev", judged, n_errors=0))
    assert "1 of 2 errors" in _shown(*evaluation_tables.tables("dev", judged, n_errors=1))


def test_a_model_stands_beside_ours_by_label() -> None:
    ours, general = judge([TEXT], [(QUILL,)]), judge([TEXT], [(replace(PELICAN, start=14),)])
    shown = _shown(evaluation_tables.beside_table("en_tiny 1.0", ours, general))
    assert _lines(shown, "OFFICIAL") == [["OFFICIAL", "1", "1.000", "0.000", "1.000", "0.000"]]
    assert _lines(shown, "SHIP") == [["SHIP", "1", "0.000", "0.000", "0.000", "1.000"]]
