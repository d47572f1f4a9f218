"""models: fitted models, their cards, and which of them serves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli import evaluating
from alliance_nlp.cli.backtesting import BackTestTrial
from alliance_nlp.cli.groups import Group
from alliance_nlp.cli.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from alliance_nlp.artifacts import ModelCard
    from alliance_nlp.learn import Change, LabeledItem, Verdict
    from alliance_nlp.workspace import Workspace

models_app = typer.Typer(
    cls=Group, no_args_is_help=True, help="Fitted models, their cards, who serves."
)

ModelArgument = Annotated[str, typer.Argument(help="As models list prints it.")]
ReasonOption = Annotated[str, typer.Option(help="Why; it is kept.", show_default=False)]
ForceOption = Annotated[
    bool, typer.Option("--force", help="Let it serve whatever the trial says; needs --reason.")
]
MarginOption = Annotated[
    float,
    typer.Option(min=0, help="How far below the champion a figure may surely lie, 0 to 1."),
]
DEFAULT_MARGIN = 0.01  # learn.gate.MARGIN, which is slow to import; a test compares them


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(models_app, name="models", rich_help_panel="Learning")


@models_app.command("list")
def list_models(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List the workspace's models, and when which of them came to serve.

    Example: alliance-nlp models list
    """
    from alliance_nlp.artifacts import list_cards
    from alliance_nlp.cli import console
    from alliance_nlp.learn import champion_id, read_history
    from alliance_nlp.workspace import find_workspace

    folder = find_workspace(workspace).models
    serving, history = champion_id(folder), read_history(folder)
    cards = list_cards(folder)
    if console.wants_json(as_json):
        console.print_json([_line(card, serving, history) for card in cards])
        return
    rows = [
        ("serves" if c.id == serving else "", c.id, c.trained_at, c.n_items, _headline(c))
        for c in cards
    ]
    columns = ["", "model", "trained", "#items", "#macro-F1"]
    console.out().print(console.table("Models", columns, rows))
    if history:
        console.out().print(_history_table("History, newest last", history))


def _line(card: ModelCard, serving: str | None, history: tuple[Change, ...]) -> dict[str, Any]:
    return {
        "id": card.id,
        "serves": card.id == serving,
        "trained_at": card.trained_at,
        "n_items": card.n_items,
        "history": [_change(change) for change in history if change.model == card.id],
    }


def _change(change: Change) -> dict[str, str]:
    return {"event": change.event.value, "at": change.at, "reason": change.reason}


def _history_table(title: str, history: tuple[Change, ...]) -> Any:
    from alliance_nlp.cli import console

    rows = [(change.at, change.event.value, change.model, change.reason) for change in history]
    return console.table(title, ["at", "what", "model", "why"], rows)


def _headline(card: ModelCard) -> str:
    figure = card.metrics.get("topics_macro_f1")
    return f"{figure['value']:.3f}" if figure else "not measured"


@models_app.command("show")
def show_model(
    model_id: ModelArgument,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show a model's card: data, versions, figures, calibration, its trial and history.

    Example: alliance-nlp models show articles-0123456789abcdef
    """
    from alliance_nlp.artifacts import read_card
    from alliance_nlp.learn import read_history
    from alliance_nlp.workspace import find_workspace

    folder = find_workspace(workspace).models
    card = read_card(folder, model_id)
    history = tuple(change for change in read_history(folder) if change.model == model_id)
    show_card(card, history, as_json=as_json)


def show_card(card: ModelCard, history: tuple[Change, ...] = (), *, as_json: bool) -> None:
    """Print a card; the hashes of its items stay in the file."""
    from alliance_nlp.cli import console

    if console.wants_json(as_json):
        console.print_json(card_json(card) | {"history": [_change(change) for change in history]})
        return
    out = console.out()
    out.print(f"model {card.id}, trained {card.trained_at} on {card.n_items} items")
    out.print(f"data {card.data_sha256[:16]}  file {card.sha256[:16]}  seed {card.seed}")
    out.print(", ".join(f"{name} {version}" for name, version in sorted(card.versions.items())))
    if card.metrics:
        title = f"Figures on {card.split}" if card.split else "Held-out stories"
        out.print(evaluating.metrics_table(title, card.metrics))
    if card.calibration:
        rows = [
            (name, f"{errors['ece']:.3f}", f"{errors['brier']:.3f}")
            for name, errors in card.calibration.items()
        ]
        columns = ["target", "#expected calibration error", "#Brier score"]
        out.print(console.table("Calibration, 0 at best", columns, rows))
    if "unknown_terms" in card.reference:
        share = card.reference["unknown_terms"]
        out.print(f"of the words of a held-out article {share:.0%} are not in the vocabulary")
    if history:
        out.print(_history_table("History, newest last", history))


def card_json(card: ModelCard) -> dict[str, Any]:
    """Return a card as JSON values, without the hashes of its items."""
    from dataclasses import asdict

    told = asdict(card)
    del told["items"]
    return told


@models_app.command("promote")
def promote_model(
    model_id: ModelArgument,
    *,
    reason: ReasonOption = "",
    margin: MarginOption = DEFAULT_MARGIN,
    force: ForceOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a model serve from the next run on, if it is not worse than the champion.

    Both are fitted again without the stories of the frozen test and compared on them. A figure is
    not worse if it is at least as high, or if the whole 95 % interval of the difference lies above
    minus the margin. The verdict is kept; exit code 3 when the model is refused.

    Example: alliance-nlp models promote articles-0123456789abcdef --reason "better on energy"
    """
    from alliance_nlp.workspace import find_workspace

    verdict = challenge_champion(
        find_workspace(workspace), model_id, reason=reason, margin=margin, force=force
    )
    show_verdict(verdict, as_json=as_json)
    if not verdict.serves:
        raise typer.Exit(3)


def challenge_champion(
    space: Workspace, model_id: str, *, reason: str, margin: float, force: bool
) -> Verdict:
    """Hold the trials of a workspace's challenger and promote it if it may serve."""
    from alliance_nlp.config import load_settings
    from alliance_nlp.learn import FrozenTest, challenge
    from alliance_nlp.learn.splits import read_splits
    from alliance_nlp.workspace import packaged_labeled

    items = labelled_items(space)
    tests = (read_splits(folder).test for folder in (packaged_labeled(), space.labeled))
    frozen = FrozenTest(items=items, stories=frozenset().union(*tests))
    return challenge(
        space.models,
        model_id,
        items=items,
        trials=[frozen, BackTestTrial(settings=load_settings(space.config_file))],
        margin=margin,
        reason=reason,
        force=force,
    )


def labelled_items(space: Workspace) -> tuple[LabeledItem, ...]:
    """Return the packaged labelled items and the workspace's own."""
    from alliance_nlp.learn import read_items
    from alliance_nlp.workspace import packaged_labeled

    return read_items([packaged_labeled(), space.labeled])


def show_verdict(verdict: Verdict, *, as_json: bool) -> None:
    """Print what became of a challenger, and the figures of its trials."""
    from alliance_nlp.cli import console

    if console.wants_json(as_json):
        console.print_json({**verdict.as_dict(), "serves": verdict.serves})
        return
    out = console.out()
    for result in verdict.results:
        rows = [
            (
                one.figure,
                f"{one.champion:.3f}",
                f"{one.challenger:.3f}",
                f"{one.difference:+.3f}",
                f"{one.low:+.3f} to {one.high:+.3f}",
                "" if one.is_not_worse(verdict.margin) else "worse",
            )
            for one in result.differences
        ]
        title = f"{result.trial}: {result.n_items} items of {result.n_stories} stories"
        columns = ["figure", "#champion", "#challenger", "#difference", "95 % interval", ""]
        out.print(console.table(title, columns, rows))
        if pair := result.mcnemar:
            out.print(
                f"primary topic right only by the champion {pair.only_champion}, only by the "
                f"challenger {pair.only_challenger}; McNemar's exact p {pair.p:.3f}"
            )
        for note in result.notes:
            out.print(f"note: {note}", markup=False)
    end = "serves from the next run on" if verdict.serves else "was refused"
    forced = ", by force" if verdict.forced else ""
    out.print(f"{verdict.challenger} {end}{forced}: {verdict.why}", markup=False)


@models_app.command("rollback")
def roll_back_model(
    *,
    reason: ReasonOption = "rolled back by hand",
    workspace: WorkspaceOption = None,
) -> None:
    """Return to the champion before the present one.

    Example: alliance-nlp models rollback --reason "misses bases"
    """
    from alliance_nlp.cli import console
    from alliance_nlp.learn import roll_back
    from alliance_nlp.workspace import find_workspace

    model_id = roll_back(find_workspace(workspace).models, reason=reason)
    console.err().print(f"{model_id} serves from the next run on")
