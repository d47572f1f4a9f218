"""The ranked list as a table, CSV, XLSX, JSON Lines or Markdown."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from alliance_nlp.cli import console
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.pipeline.candidates import Row, Standing
from alliance_nlp.rank import FEATURES, Moves
from alliance_nlp.review import place_of

_FORMATS = ("table", "csv", "xlsx", "jsonl", "markdown")


def show(rows: Sequence[Row], *, form: str | None, explain: bool) -> None:
    """Print the rows; the default is a table on a terminal and JSON Lines elsewhere.

    Raises
    ------
    ConfigError
        If there is no such format.
    """
    form = form or ("table" if sys.stdout.isatty() else "jsonl")
    _check(form)
    if form == "table":
        _table(rows, explain=explain)
    elif form == "csv":
        _csv(rows)
    elif form == "xlsx":
        _xlsx(rows)
    elif form == "jsonl":
        for row in rows:
            console.print_line(_json(row))
    else:
        _markdown(rows, explain=explain)


def _check(form: str) -> None:
    if form not in _FORMATS:
        raise ConfigError(f"--format {form!r} is none of {', '.join(_FORMATS)}")


def show_one(standing: Standing, *, form: str | None, explain: bool) -> None:
    """Print one candidate; explained, with every reason and what would move it up.

    Raises
    ------
    ConfigError
        If there is no such format.
    """
    form = form or ("table" if sys.stdout.isatty() else "jsonl")
    if not explain or form in ("csv", "xlsx"):
        show([standing.row], form=form, explain=explain)
        return
    _check(form)
    if form == "jsonl":
        console.print_line({**_json(standing.row), "moves": asdict(standing.moves)})
        return
    row = standing.row
    columns = ["feature", "#value", "#weight", "#contribution", "unit"]
    cells = [
        (
            reason.feature,
            f"{reason.value:.3f}",
            f"{standing.weights.get(reason.feature, 0.0):+.3f}",
            f"{reason.contribution:+.3f}",
            FEATURES.get(reason.feature, "where every story starts"),
        )
        for reason in row.candidate.reasons
    ]
    cells.append(("sum", "", "", f"{row.candidate.logit:+.3f}", ""))
    out = console.out()
    out.print(console.plain(f"{row.candidate.rank}. {row.title} ({row.story.id})"))
    if form == "markdown":
        for cell in cells:
            out.print(f"- {cell[0]} {cell[3]} ({cell[4]}: {cell[1]})", markup=False)
    else:
        out.print(console.table("", columns, cells))
    for line in _moves(standing.moves):
        out.print(line, markup=False)


def _moves(moves: Moves) -> list[str]:
    if not moves.over:
        return [f"It is among the first {moves.n}."]
    lines = [f"It is {moves.gap:.2f} behind {moves.over}, the last of the first {moves.n}."]
    enough = [move for move in moves.moves if move.is_enough]
    if enough:
        lines.append("Each of these alone would lift it among them:")
        return [*lines, *(f"- {move.text}: {move.gain:+.2f}" for move in enough)]
    lines.append("Nothing alone would lift it among them; what would bring the most:")
    return [*lines, *(f"- {move.text}: {move.gain:+.2f}" for move in moves.moves[:3])]


def _json(row: Row) -> dict[str, Any]:
    return {
        "rank": row.candidate.rank,
        "story": row.story.id,
        "title": row.title,
        "link": row.link,
        "outlets": list(row.outlets),
        "last_on": row.last_on.isoformat() if row.last_on else None,
        "topics": list(row.topics),
        "novelty": row.story.novelty.value,
        "told_before": _told_json(row),
        "kind": row.kind,
        "flags": list(row.flags),
        "verdict": row.verdict or None,
        "article_ids": list(row.story.article_ids),
        "score": row.candidate.score,
        "logit": row.candidate.logit,
        "reasons": [
            {"feature": r.feature, "value": r.value, "contribution": r.contribution}
            for r in row.candidate.reasons
        ],
    }


def _told_json(row: Row) -> dict[str, Any] | None:
    """Return what a follow-up or repeat hangs on, and its new sentences; ``None`` when new."""
    told = row.told
    if told is None:
        return None
    return {
        "issue": told.issue_id or None,
        "item": told.number or None,
        "story": told.earlier_story_id or None,
        "on": told.on.isoformat() if told.on else None,
        "new_sentences": list(row.new_sentences),
    }


def _novelty(row: Row) -> str:
    """Return ``follow-up of Vol. 3.7, item 2``, or ``new``."""
    novelty, told = row.story.novelty.value, row.told
    return f"{novelty} of {place_of(told)}" if told else novelty


def _why(row: Row, *, explain: bool) -> str:
    parts = [r for r in row.candidate.reasons if explain or r.feature != "bias"]
    shown = parts if explain else [r for r in parts if abs(r.contribution) >= 0.05][:4]
    return ", ".join(f"{r.feature} {r.contribution:+.2f}" for r in shown)


def _table(rows: Sequence[Row], *, explain: bool) -> None:
    if not rows:
        console.out().print("no candidates yet; run: alliance-nlp nightly")
        return
    columns = [
        "#rank",
        "#score",
        "headline",
        "topics",
        "outlets",
        "last",
        "novelty",
        "why",
        "story",
    ]
    cells = [
        (
            row.candidate.rank,
            f"{row.candidate.score:.2f}",
            row.title + (f" [{', '.join(row.flags)}]" if row.flags else ""),
            ", ".join(row.topics),
            f"{len(row.outlets)}: {', '.join(row.outlets)}",
            row.last_on or "",
            _novelty(row) + (f", {row.verdict}" if row.verdict else ""),
            _why(row, explain=explain),
            row.story.id,
        )
        for row in rows
    ]
    console.out().print(console.table("", columns, cells))
    if explain:
        for name, meaning in FEATURES.items():
            console.out().print(f"{name}: {meaning}", markup=False)


_COLUMNS = (
    ("rank", 6),
    ("score", 8),
    ("title", 70),
    ("topics", 18),
    ("outlets", 34),
    ("last_on", 12),
    ("novelty", 11),
    ("verdict", 9),
    ("story", 24),
    ("link", 60),
)


def _cells(row: Row) -> tuple[Any, ...]:
    return (
        row.candidate.rank,
        round(row.candidate.score, 4),
        row.title,
        "; ".join(row.topics),
        "; ".join(row.outlets),
        row.last_on,
        row.story.novelty.value,
        row.verdict,
        row.story.id,
        row.link,
    )


def _csv(rows: Sequence[Row]) -> None:
    from alliance_nlp.digest import Column, render_csv

    columns = [Column(name=name, width=width) for name, width in _COLUMNS]
    sys.stdout.flush()
    sys.stdout.buffer.write(render_csv(columns, [_cells(row) for row in rows]).encode())
    sys.stdout.buffer.flush()


def workbook(rows: Sequence[Row]) -> bytes:
    """Return the rows as an Excel workbook."""
    from alliance_nlp.digest import Column, render_xlsx

    columns = [Column(name=name, width=width) for name, width in _COLUMNS]
    return render_xlsx(columns, [_cells(row) for row in rows])


def _xlsx(rows: Sequence[Row]) -> None:
    if sys.stdout.isatty():
        raise ConfigError("xlsx is nothing for a terminal; send it on with > or |")
    sys.stdout.flush()
    sys.stdout.buffer.write(workbook(rows))
    sys.stdout.buffer.flush()


def _markdown(rows: Sequence[Row], *, explain: bool) -> None:
    from alliance_nlp.digest import escape_markdown, web_link

    for row in rows:
        title, link = escape_markdown(row.title), web_link(row.link)
        named = f"[{title}](<{link}>)" if link else title
        topics = ", ".join(row.topics) or "no topic"
        sys.stdout.write(
            f"{row.candidate.rank}. {named} — {topics}; "
            f"{len(row.outlets)} outlets; {_novelty(row)}; "
            f"score {row.candidate.score:.2f} ({_why(row, explain=explain)})\n"
        )
