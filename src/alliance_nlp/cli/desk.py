"""candidates, decide: the analyst's commands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption, open_workspace
from alliance_nlp.core.enums import TopicLabel, Verdict
from alliance_nlp.core.errors import InputError

if TYPE_CHECKING:
    from alliance_nlp.core.types import Decision


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (candidates, decide):
        app.command(rich_help_panel="The desk")(command)


def candidates(
    which: Annotated[
        str | None,
        typer.Argument(help="One alone, by its rank or story id.", show_default=False),
    ] = None,
    *,
    workspace: WorkspaceOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", help="How many, best first.")] = 20,
    form: Annotated[
        str | None,
        typer.Option(
            "--format", "-f", help="table, csv, xlsx, jsonl or markdown.", show_default=False
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Show every contribution to the score and, for one, what would move it up.",
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Print the ranked candidates of the newest run, or one with all that is behind its rank.

    Example: alliance-nlp candidates --explain 12
    """
    from alliance_nlp.cli import listing
    from alliance_nlp.pipeline.candidates import read_rows, read_standing
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        if which is not None:
            standing = read_standing(database, settings, which)
            listing.show_one(standing, form="jsonl" if as_json else form, explain=explain)
            return
        rows = read_rows(database, settings.read_sources(), limit=limit)
    listing.show(rows, form="jsonl" if as_json else form, explain=explain)


def decide(
    story: Annotated[str, typer.Argument(help="Story id, as candidates prints it.")],
    verdict: Annotated[Verdict, typer.Argument(help="What you decide; undo takes back your last.")],
    *,
    note: Annotated[str, typer.Option(help="Why; it is kept.")] = "",
    topics: Annotated[
        list[TopicLabel] | None,
        typer.Option(
            "--topic",
            help="With retopic: a topic that the story has; repeat it, or leave it out for none.",
            show_default=False,
        ),
    ] = None,
    reviewer: Annotated[str, typer.Option(envvar="USER", help="Who decides.")] = "analyst",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Record a decision on a story; earlier ones stay in the record.

    Example: alliance-nlp decide story-0123456789abcdef accept --note "lead item"
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.deciding import record_decision, title_of, undo_decision
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        if verdict is Verdict.UNDO:
            if note or topics:
                raise InputError("undo takes neither a note nor topics; leave them out")
            decision = undo_decision(database, story_id=story, reviewer=reviewer)
        else:
            decision = record_decision(
                database,
                story_id=story,
                verdict=verdict,
                reviewer=reviewer,
                note=note,
                topics=topics or (),
            )
        title = title_of(database, story)
    if as_json:
        console.print_json(_decision_json(decision))
    said = verdict.value
    if verdict is Verdict.RETOPIC:
        said = f"retopic ({', '.join(decision.topics) or 'none of our topics'})"
    console.err().print(console.plain(f"{said}: {title}"))


def _decision_json(decision: Decision) -> dict[str, Any]:
    from dataclasses import asdict

    return {**asdict(decision), "decided_at": decision.decided_at.isoformat()}
