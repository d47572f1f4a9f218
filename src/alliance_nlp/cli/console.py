"""Where output goes: results to standard output, progress and complaints to standard error."""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from rich.console import Console
from rich.table import Table

from alliance_nlp.core.clock import now
from alliance_nlp.core.types import Rejected
from alliance_nlp.pipeline import ProgressCallback, Watch


def out() -> Console:
    """Return a console on standard output."""
    return Console(highlight=False, soft_wrap=not sys.stdout.isatty())


def err() -> Console:
    """Return a console on standard error."""
    return Console(stderr=True, highlight=False, soft_wrap=not sys.stderr.isatty())


def wants_json(asked: bool) -> bool:
    """Tell whether to print JSON: when asked to, or when no one watches a terminal."""
    return asked or not sys.stdout.isatty()


def print_json(value: Any) -> None:
    """Print a value as indented JSON."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def print_line(value: Any) -> None:
    """Print a value as one line of JSON Lines."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False, default=str) + "\n")


def table(title: str, columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> Table:
    """Return a table; columns that start with ``#`` are numbers and stand right."""
    built = Table(title=title or None, title_justify="left", header_style="bold")
    for column in columns:
        is_number = column.startswith("#")
        built.add_column(
            column.lstrip("#").strip(), justify="right" if is_number else "left", overflow="fold"
        )
    for row in rows:
        built.add_row(*[cell if hasattr(cell, "__rich__") else plain(cell) for cell in row])
    return built


def print_markdown(out: Console, text: str) -> None:
    """Print Markdown with footnotes on a terminal; rich itself knows none."""
    from rich.markdown import Markdown  # with a parser and a highlighter: slow to load
    from rich.padding import Padding
    from rich.text import Text

    body, *notes = re.split(r"^\[\^(?=\d+\]:)", text, flags=re.MULTILINE)
    out.print(Markdown(re.sub(r"\[\^(\d+)\]", r" \[\1]", body)))
    for note in notes:
        number, _, source = note.partition("]: ")
        cell = re.sub(r"\\([\\`*_\[\]<>])", r"\1", source.strip())
        out.print(Padding(Text(f"[{number}] {cell}", style="dim"), (0, 0, 0, 2)))


def plain(value: Any) -> str:
    """Return text that rich does not read as markup."""
    return str(value).replace("[", r"\[")


@contextmanager
def progress() -> Iterator[ProgressCallback]:
    """Yield a progress callback: bars on a terminal, a line a stage elsewhere."""
    console = err()
    if not console.is_terminal:
        yield _lines(console)
        return
    from rich import progress as rich_progress

    with rich_progress.Progress(
        rich_progress.SpinnerColumn(),
        rich_progress.TextColumn("{task.description:<10}"),
        rich_progress.BarColumn(),
        rich_progress.MofNCompleteColumn(),
        rich_progress.TimeElapsedColumn(),
        console=console,
    ) as bars:
        tasks: dict[str, rich_progress.TaskID] = {}

        def show(stage: str, done: int, total: int | None) -> None:
            if stage not in tasks:
                tasks[stage] = bars.add_task(stage, total=total)
            bars.update(tasks[stage], completed=done, total=total)

        yield show


def _lines(console: Console) -> ProgressCallback:
    is_due = _rarely()

    def show(stage: str, done: int, total: int | None) -> None:
        if is_due(stage, done, total):
            console.print(f"{stage}: {done}{f' of {total}' if total else ''}")

    return show


def _rarely() -> Callable[[str, int, int | None], bool]:
    last: dict[str, int] = {}

    def is_due(stage: str, done: int, total: int | None) -> bool:
        # Often enough to see it move in a log, rarely enough to keep the log readable.
        due = done - last.get(stage, 0) >= 25 or done == total or stage not in last
        if due:
            last[stage] = done
        return due

    return is_due


class JsonLog:
    """A run's log as JSON Lines on standard error; it is itself the progress callback."""

    def __init__(self) -> None:
        self._run: int | None = None
        self._is_due = _rarely()

    def started(self, run_id: int) -> None:
        """Name the run in every line from here on."""
        self._run = run_id

    def __call__(self, stage: str, done: int, total: int | None) -> None:
        """Write how far a stage is, as often as the lines for people."""
        if self._is_due(stage, done, total):
            self._write({"stage": stage, "done": done, "total": total})

    def problem(self, rejected: Rejected) -> None:
        """Write what was rejected (level ``info``) or failed (``error``)."""
        self._write(
            {
                "level": "error" if rejected.failed else "info",
                "stage": rejected.stage.value,
                "reason": rejected.reason.value,
                "subject": rejected.subject_id,
                "detail": rejected.detail,
            }
        )

    def _write(self, line: dict[str, Any]) -> None:
        # ASCII only: what a page sent can hold what a terminal or UTF-8 does not take.
        text = json.dumps({"at": now().isoformat(), "run": self._run, **line})
        sys.stderr.write(text + "\n")
        sys.stderr.flush()


@contextmanager
def json_progress() -> Iterator[JsonLog]:
    """Yield a progress callback that writes JSON Lines, for logs that a machine reads."""
    yield JsonLog()


@contextmanager
def watch(*, log_json: bool = False) -> Iterator[Watch]:
    """Yield what follows a run: a log for machines, or progress for people."""
    if log_json:
        with json_progress() as log:
            yield Watch(progress=log, started=log.started, problem=log.problem)
        return
    with progress() as shown:
        yield Watch(progress=shown)
