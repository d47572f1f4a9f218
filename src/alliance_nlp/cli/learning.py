"""train, evaluate, models: the researcher's commands."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from alliance_nlp.artifacts import ModelCard
    from alliance_nlp.learn import LabeledItem

models_app = typer.Typer(no_args_is_help=True, help="Fitted models and their cards.")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="Learning")(train)
    app.command(rich_help_panel="Learning")(evaluate)
    app.add_typer(models_app, name="models", rich_help_panel="Learning")


def _items_and_folder(path: Path | None) -> tuple[tuple[LabeledItem, ...], Path]:
    from alliance_nlp.learn import read_items
    from alliance_nlp.workspace import find_workspace, packaged_labeled

    workspace = find_workspace(path)
    return read_items([packaged_labeled(), workspace.labeled]), workspace.models


def train(
    *,
    workspace: WorkspaceOption = None,
    promote_it: Annotated[
        bool, typer.Option("--promote", help="Let the new model serve at once.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Train a model on the packaged and the workspace's labelled items, and measure it.

    Figures come from five-fold cross-validation with whole stories held out.

    Example: alliance-nlp train --promote
    """
    from alliance_nlp.learn import promote
    from alliance_nlp.learn import train as train_model

    items, folder = _items_and_folder(workspace)
    card = train_model(folder, items)
    if promote_it:
        promote(folder, card.id, reason="promoted by hand after training")
    _show_card(card, as_json=as_json)


def evaluate(
    *,
    workspace: WorkspaceOption = None,
    n_errors: Annotated[int, typer.Option("--errors", help="How many errors to list.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Measure the classifier on held-out stories and list its worst errors.

    Without a workspace, on the packaged labelled items.

    Example: alliance-nlp evaluate --errors 50
    """
    from alliance_nlp.cli import console
    from alliance_nlp.learn import errors_frame, held_out, make_model, metrics, read_items
    from alliance_nlp.workspace import find_workspace, packaged_labeled

    folders = [packaged_labeled()]
    if workspace is not None:
        folders.append(find_workspace(workspace).labeled)
    items = read_items(folders)
    proba, decided = held_out(make_model, items)
    figures = metrics(items, proba, decided)
    errors = errors_frame(items, proba, decided).head(n_errors).to_dict("records")
    if console.wants_json(as_json):
        console.print_json({"n_items": len(items), "metrics": figures, "errors": errors})
        return
    title = f"{len(items)} items, five folds, whole stories held out"
    console.out().print(_metrics_table(title, figures))
    rows = [[str(value) for value in error.values()] for error in errors]
    columns = ["id", "target", "truth", "#probability", "title"]
    console.out().print(console.table("Worst errors", columns, rows))


def _metrics_table(title: str, figures: Any) -> Any:
    from alliance_nlp.cli import console

    rows = [
        (name, f"{f['value']:.3f}", f"{f['low']:.3f} to {f['high']:.3f}")
        for name, f in figures.items()
    ]
    return console.table(title, ["figure", "#value", "95 % interval"], rows)


def _show_card(card: ModelCard, *, as_json: bool) -> None:
    from dataclasses import asdict

    from alliance_nlp.cli import console

    if console.wants_json(as_json):
        console.print_json(asdict(card))
        return
    out = console.out()
    out.print(f"model {card.id}, trained {card.trained_at} on {card.n_items} items")
    out.print(f"data {card.data_sha256[:16]}  file {card.sha256[:16]}  seed {card.seed}")
    out.print(", ".join(f"{name} {version}" for name, version in sorted(card.versions.items())))
    if card.metrics:
        out.print(_metrics_table("Held-out stories", card.metrics))


@models_app.command("list")
def list_models(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the workspace's models; the one that serves is marked.

    Example: alliance-nlp models list
    """
    from alliance_nlp.artifacts import list_cards
    from alliance_nlp.cli import console
    from alliance_nlp.learn import champion_id
    from alliance_nlp.workspace import find_workspace

    folder = find_workspace(workspace).models
    serving = champion_id(folder)
    cards = list_cards(folder)
    if console.wants_json(as_json):
        console.print_json([{"id": c.id, "serves": c.id == serving} for c in cards])
        return
    rows = [
        ("serves" if c.id == serving else "", c.id, c.trained_at, c.n_items, _headline(c))
        for c in cards
    ]
    columns = ["", "model", "trained", "#items", "#macro-F1"]
    console.out().print(console.table("Models", columns, rows))


def _headline(card: ModelCard) -> str:
    figure = card.metrics.get("topics_macro_f1")
    return f"{figure['value']:.3f}" if figure else "not measured"


@models_app.command("show")
def show_model(
    model_id: Annotated[str, typer.Argument(help="As models list prints it.")],
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a model's card.

    Example: alliance-nlp models show articles-0123456789abcdef
    """
    from alliance_nlp.artifacts import read_card
    from alliance_nlp.workspace import find_workspace

    _show_card(read_card(find_workspace(workspace).models, model_id), as_json=as_json)


@models_app.command("promote")
def promote_model(
    model_id: Annotated[str, typer.Argument(help="As models list prints it.")],
    *,
    reason: Annotated[str, typer.Option(help="Why; it is kept.")],
    workspace: WorkspaceOption = None,
) -> None:
    """Let a model serve from the next run on; the reason is kept.

    Example: alliance-nlp models promote articles-0123456789abcdef --reason "better on energy"
    """
    from alliance_nlp.cli import console
    from alliance_nlp.learn import promote
    from alliance_nlp.workspace import find_workspace

    promote(find_workspace(workspace).models, model_id, reason=reason)
    console.err().print(f"{model_id} serves from the next run on")
