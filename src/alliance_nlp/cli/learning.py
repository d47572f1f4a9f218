"""train; evaluate and models stand in modules of their own."""

from __future__ import annotations

from typing import Annotated

import typer

from alliance_nlp.cli import evaluating, models
from alliance_nlp.cli.options import JsonOption, WorkspaceOption
from alliance_nlp.core.errors import InputError


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="Learning")(train)
    evaluating.register(app)
    models.register(app)


def train(
    *,
    workspace: WorkspaceOption = None,
    promote_it: Annotated[
        bool,
        typer.Option("--promote", help="Let it challenge the champion, as models promote does."),
    ] = False,
    reason: models.ReasonOption = "",
    margin: models.MarginOption = models.DEFAULT_MARGIN,
    force: models.ForceOption = False,
    as_json: JsonOption = False,
) -> None:
    """Train a model on the packaged and the workspace's labelled items, and measure it.

    Figures come from five-fold cross-validation with whole stories held out. With --promote the
    model serves if it is not worse than the champion; exit code 3 when it is refused.

    Example: alliance-nlp train --promote
    """
    from alliance_nlp.cli import console
    from alliance_nlp.learn import champion_id
    from alliance_nlp.learn import train as train_model
    from alliance_nlp.workspace import find_workspace

    if not promote_it and (force or reason):
        raise InputError("--reason and --force go with --promote; add it")
    space = find_workspace(workspace)
    card = train_model(space.models, models.labelled_items(space))
    if not promote_it or champion_id(space.models) == card.id:
        models.show_card(card, as_json=as_json)
        return
    verdict = models.challenge_champion(space, card.id, reason=reason, margin=margin, force=force)
    if console.wants_json(as_json):
        console.print_json(models.card_json(card) | {"verdict": verdict.as_dict()})
    else:
        models.show_card(card, as_json=False)
        models.show_verdict(verdict, as_json=False)
    if not verdict.serves:
        raise typer.Exit(3)
