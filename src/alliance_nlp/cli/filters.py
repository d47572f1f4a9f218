"""extract, tag, classify, fold: JSON Lines in, JSON Lines out."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING, Annotated, Any, TypeAlias

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption, model_loader
from alliance_nlp.core.errors import InputError

if TYPE_CHECKING:
    from alliance_nlp.pipeline.filters import Bad, Record, Work
    from alliance_nlp.workspace import Workspace

Show: TypeAlias = "Callable[[Record | Bad], None]"
FileOption = Annotated[
    Path | None,
    typer.Option("--file", help="Read lines from here, not standard input.", show_default=False),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (extract, tag, classify, fold):
        app.command(rich_help_panel="Filters (JSON Lines in, JSON Lines out)")(command)


@contextmanager
def _input(file: Path | None) -> Iterator[IO[bytes]]:
    if file is None:
        if sys.stdin.isatty():
            sys.stderr.write("reading JSON Lines from the keyboard; end with Ctrl-D\n")
        yield sys.stdin.buffer
        return
    try:
        with file.open("rb") as stream:
            yield stream
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}") from error


def _print_line(result: Record | Bad) -> None:
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.filters import Bad

    console.print_line(result.line() if isinstance(result, Bad) else result)


def _print(results: Iterable[Record | Bad], show: Show = _print_line) -> None:
    """Print results as they come; exit with 3 when a line was bad."""
    from alliance_nlp.pipeline.filters import Bad

    n_bad = 0
    for result in results:
        n_bad += isinstance(result, Bad)
        show(result)
    sys.stdout.flush()
    if n_bad:
        raise typer.Exit(3)


def _stream(file: Path | None, work: Work, show: Show = _print_line) -> None:
    from alliance_nlp.pipeline.filters import run_filter

    with _input(file) as lines:
        _print(run_filter(lines, work), show)


def _workspace(path: Path | None) -> Workspace | None:
    """Return the workspace that was named; filters never look for one by themselves."""
    from alliance_nlp.workspace import find_workspace

    return find_workspace(path) if path else None


def extract(*, file: FileOption = None) -> None:
    """Extract main text, title, authors, date and language of pages.

    Reads {"id","url","html"} or {"id","url","file"} lines (the file may be gzip).

    Example: alliance-nlp extract < pages.jsonl > articles.jsonl
    """
    from alliance_nlp.pipeline.filters import extract_records

    _stream(file, extract_records)


def tag(*, file: FileOption = None, workspace: WorkspaceOption = None) -> None:
    """Find officials, exercises, ships, minerals and bases in texts.

    Reads {"id","text"} lines, optionally with "language" and "published_on".

    Example: alliance-nlp tag < articles.jsonl
    """
    from alliance_nlp.pipeline.filters import tag_records
    from alliance_nlp.tag import Tagger

    space = _workspace(workspace)
    _stream(file, tag_records(Tagger.load(space.knowledge_base if space else None)))


def classify(
    *,
    file: FileOption = None,
    workspace: WorkspaceOption = None,
    explain: Annotated[
        bool, typer.Option("--explain", help="Say which terms make up each decision.")
    ] = False,
    n_terms: Annotated[
        int, typer.Option("--terms", min=0, help="How many terms --explain names a decision.")
    ] = 10,
    as_json: JsonOption = False,
) -> None:
    """Classify texts by topic and by relevance to the alliance.

    Reads {"id","title","text"} lines. Without a workspace, the model of the packaged labelled
    items serves; it is trained once, in seconds, into your cache folder. With --explain each line
    also has "explain": terms whose contributions, with intercept and rest, sum to the logit; on a
    terminal it prints tables instead of lines.

    Example: alliance-nlp classify < articles.jsonl
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.filters import classify_records

    model, model_id = model_loader(_workspace(workspace))()
    work = classify_records(model, model_id, n_terms=n_terms if explain else None)
    if explain and not console.wants_json(as_json):
        _stream(file, work, show=_show_explanation)
    else:
        _stream(file, work)


def _show_explanation(result: Record | Bad) -> None:
    """Print tables of what made up the decisions on one text."""
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.filters import Bad

    if isinstance(result, Bad):
        console.out().print(f"{result.id}: {result.error}", markup=False)
        return
    for target, told in result["explain"].items():
        verdict = "holds" if told["holds"] else "does not hold"
        title = (
            f"{result['id']}: {target} {verdict}, probability {told['probability']:.3f} "
            f"(from {told['threshold']:.3f})"
        )
        rows = [
            (term["term"], f"{term['weight']:+.3f}", f"{term['value']:.3f}", _logit(term))
            for term in told["contributions"]
        ]
        rows += [
            ("intercept", "", "", f"{told['intercept']:+.3f}"),
            (f"{told['n_rest']} other terms", "", "", f"{told['rest']:+.3f}"),
            ("logit", "", "", f"{told['total']:+.3f}"),
        ]
        columns = ["term", "#weight", "#value", "#contribution"]
        console.out().print(console.table(console.plain(title), columns, rows))


def _logit(term: dict[str, Any]) -> str:
    return f"{term['contribution']:+.3f}"


def fold(*, file: FileOption = None) -> None:
    """Fold texts that report the same event into one story.

    Reads {"id","title","text","published_on"} lines; all are folded together.

    Example: alliance-nlp fold < articles.jsonl
    """
    from alliance_nlp.config import load_settings
    from alliance_nlp.pipeline.filters import fold_records, read_all

    settings = load_settings(None).fold
    with _input(file) as lines:
        _print(fold_records(read_all(lines), settings))


def rank_lines(file: Path | None, as_of: str | None) -> None:
    """Rank articles given as JSON Lines; the filter behind ``alliance-nlp rank``."""
    from alliance_nlp.config import load_settings
    from alliance_nlp.core.clock import parse_as_of
    from alliance_nlp.pipeline.filters import rank_records, read_all
    from alliance_nlp.tag import Tagger

    settings = load_settings(None)
    with _input(file) as lines:
        records = read_all(lines)
    model, model_id = model_loader(None)()
    _print(
        rank_records(
            records,
            tagger=Tagger.load(),
            model=model,
            model_id=model_id,
            settings=settings,
            as_of=parse_as_of(as_of) if as_of else None,
        )
    )
