"""label import and label from-decisions: labelled items out of what there is."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption, open_workspace
from alliance_nlp.cli.simulating import ColumnOption, parse_columns
from alliance_nlp.core.errors import ConfigError

if TYPE_CHECKING:
    from alliance_nlp.learn import Imported

Kind = TypeVar("Kind", bound=StrEnum)

FormOption = Annotated[
    str, typer.Option("--format", "-f", help="digest, csv, jsonl, label-studio or prodigy.")
]
TopicsOption = Annotated[
    str | None,
    typer.Option(
        help="Topics of rows that name none, primary first: trade,defense; none for no topic.",
        show_default=False,
    ),
]
RelevantOption = Annotated[
    bool | None,
    typer.Option(
        "--relevant/--not-relevant",
        help="For rows that do not say it; digest bullets are relevant without it.",
        show_default=False,
    ),
]
LabelsOption = Annotated[
    Path | None,
    typer.Option(
        help="For digest: a CSV with a row for each bullet in order, and a column topics.",
        show_default=False,
    ),
]
DateOption = Annotated[
    str | None,
    typer.Option("--date", help="Date of rows without one: 2024-04-14.", show_default=False),
]
DateFormatOption = Annotated[
    str, typer.Option(help="How dates are written, such as %d/%m/%Y; ISO 8601 without it.")
]
LanguageOption = Annotated[str, typer.Option(help="en or ja; told from the letters without it.")]
GenreOption = Annotated[str, typer.Option(help="Genre of rows that name none.")]
AnnotatorOption = Annotated[
    str, typer.Option(envvar="USER", help="Who labelled, where rows do not say.")
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command("import")(import_labels)
    app.command("from-decisions")(from_decisions)


def member(kind: type[Kind], text: str, *, option: str) -> Kind:
    """Return the member of a closed list that an option names.

    Raises
    ------
    ConfigError
        If it names none.
    """
    try:
        return kind(text)
    except ValueError as error:
        raise ConfigError(f"{option} {text!r} is none of {', '.join(kind)}") from error


def day_of(text: str | None, *, option: str) -> date | None:
    """Return the day that an option names, if it is given.

    Raises
    ------
    ConfigError
        If it is no date.
    """
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as error:
        raise ConfigError(f"{option} {text!r} is no date like 2024-04-14") from error


def import_labels(
    file: Annotated[Path, typer.Argument(help="The file to read.")],
    *,
    form: FormOption,
    topics: TopicsOption = None,
    relevant: RelevantOption = None,
    labels: LabelsOption = None,
    columns: ColumnOption = None,
    on: DateOption = None,
    date_format: DateFormatOption = "",
    language: LanguageOption = "",
    genre: GenreOption = "imported",
    annotator: AnnotatorOption = "imported",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Add labelled items to the workspace out of what there is: issues, tables, annotations.

    Ids come from the words, so importing twice adds nothing. Rows that give no item are listed,
    and the exit code is 3.

    Example: alliance-nlp label import vol-2.6.txt --format digest --topics trade,defense
    """
    from alliance_nlp import learn
    from alliance_nlp.workspace import find_workspace, packaged_labeled

    kind = member(learn.ImportFormat, form, option="--format")
    is_digest = kind is learn.ImportFormat.DIGEST
    defaults = learn.Defaults(
        topics=_topics(topics),
        relevant=True if relevant is None and is_digest else relevant,
        published_on=day_of(on, option="--date"),
        language=language,
        genre=genre,
        annotator=annotator,
        date_format=date_format,
    )
    folder = find_workspace(workspace).labeled
    found = learn.read_foreign(
        file, kind, defaults=defaults, columns=parse_columns(columns), labels=labels
    )
    done = learn.sort_out(found, learn.items_but_decided([packaged_labeled(), folder]))
    path = learn.keep_items(folder, file.stem, done.items)
    _show_imported(done, path, as_json=as_json)
    if done.refused:
        raise typer.Exit(3)


def _topics(text: str | None) -> tuple[str, ...] | None:
    from alliance_nlp.learn.wording import split_topics, topics_of

    if text is None:
        return None
    topics, unknown = topics_of(split_topics(text))
    if unknown:
        raise ConfigError(f"--topics {unknown!r} is no topic; write them like trade,defense")
    return topics


def _show_imported(done: Imported, path: Path, *, as_json: bool) -> None:
    from dataclasses import asdict

    from alliance_nlp.cli import console

    refused = [asdict(row) for row in done.refused]
    counts = {"n_new": len(done.items), "n_known": len(done.known), "n_refused": len(refused)}
    if console.wants_json(as_json):
        console.print_json({**counts, "file": str(path), "refused": refused})
        return
    console.out().print(
        console.plain(
            f"{counts['n_new']} new items in {path}, {counts['n_known']} known already, "
            f"{counts['n_refused']} rows refused"
        )
    )
    if refused:
        rows = [list(row.values()) for row in refused]
        console.out().print(console.table("Refused", ["#line", "reason", "detail"], rows))


def from_decisions(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Make labelled items of what analysts decided in the review, with their provenance.

    The last word on a story counts: accept is relevant, reject is not. A note such as "topics:
    trade, energy" gives the topics, else they are the model's own. The file is made anew each time.

    Example: alliance-nlp label from-decisions
    """
    from dataclasses import asdict

    from alliance_nlp.cli import console
    from alliance_nlp.learn import items_but_decided, items_of_decisions
    from alliance_nlp.learn.deciding import DECISIONS_FILE, without_known
    from alliance_nlp.learn.writing import write_items
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.workspace import packaged_labeled

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database, database.read() as tx:
        made, without = items_of_decisions(tx)
    items = without_known(made, items_but_decided([packaged_labeled(), space.labeled]))
    path = space.labeled / DECISIONS_FILE
    write_items(path, items)
    told = {"n_items": len(items), "n_known": len(made) - len(items), "file": str(path)}
    if console.wants_json(as_json):
        console.print_json({**told, "without": [asdict(one) for one in without]})
        return
    console.out().print(
        console.plain(
            f"{told['n_items']} items in {path}, {told['n_known']} stories labelled elsewhere, "
            f"{len(without)} decisions without a label"
        )
    )
