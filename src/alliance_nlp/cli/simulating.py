"""simulate: a review replayed on labelled data."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption
from alliance_nlp.core.errors import ConfigError

if TYPE_CHECKING:
    from alliance_nlp.learn import Screening, Simulation

ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column",
        help="Name of a CSV column that is not the usual one, as text=body; also several times.",
        show_default=False,
    ),
]
FileArgument = Annotated[
    Path | None,
    typer.Argument(
        help="CSV with title, abstract and label columns, or JSON Lines of labelled items.",
        show_default=False,
    ),
]
CorpusOption = Annotated[
    bool, typer.Option("--corpus", help="Replay the packaged (and the workspace's) items.")
]
TargetOption = Annotated[
    str, typer.Option(help="What is looked for in labelled items: relevant or a topic.")
]
RecallOption = Annotated[float, typer.Option(help="What the stopping rule guarantees.")]
ConfidenceOption = Annotated[float, typer.Option(help="With this probability over samples.")]
SampleOption = Annotated[
    int | None,
    typer.Option(
        help="Relevant documents in the rule's sample; the least possible without it. More "
        "cost more to draw and let the review end sooner.",
        show_default=False,
    ),
]
BatchOption = Annotated[int, typer.Option(min=1, help="Documents read between trainings.")]
ExploreOption = Annotated[
    float, typer.Option(min=0, max=1, help="Share of each batch drawn at random.")
]
QueryOption = Annotated[str, typer.Option(help="Words to start from; else a random start.")]
SeedOption = Annotated[int, typer.Option(min=0, help="Seed of all that is drawn.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="Learning")(simulate)


def parse_columns(pairs: list[str] | None) -> dict[str, str]:
    """Return columns by role of options such as ``text=body``."""
    columns = {}
    for pair in pairs or []:
        role, between, name = pair.partition("=")
        if not (role.strip() and between and name.strip()):
            raise ConfigError(f"--column {pair!r} is not understood; write it like text=body")
        columns[role.strip()] = name.strip()
    return columns


def simulate(
    file: FileArgument = None,
    *,
    corpus: CorpusOption = False,
    target: TargetOption = "relevant",
    target_recall: RecallOption = 0.95,
    confidence: ConfidenceOption = 0.95,
    sample: SampleOption = None,
    batch: BatchOption = 25,
    explore: ExploreOption = 0.1,
    query: QueryOption = "",
    seed: SeedOption = 0,
    columns: ColumnOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replay labelled data as a reviewer would read it, a model ranking the rest after each batch.

    Tells the work saved over sampling (WSS), recall after so many documents, and where the rule of
    Lewis, Yang and Frieder (2021) would have ended the review: it guarantees the target recall
    with the stated probability over the drawing of a random sample, whose reading is its cost.

    Example: alliance-nlp simulate screened.csv --column label=included --target-recall 0.9
    """
    from alliance_nlp import learn
    from alliance_nlp.cli import console

    screening = _screening(file, columns, target=target, corpus=corpus, workspace=workspace)
    replayed = learn.simulate(
        screening,
        target_recall=target_recall,
        confidence=confidence,
        batch=batch,
        seed=seed,
        query=query,
        explore=explore,
        n_relevant=sample,
    )
    if console.wants_json(as_json):
        console.print_json(_as_json(replayed, screening))
    else:
        _show(replayed)
        for row in screening.refused:
            console.err().print(
                console.plain(f"line {row.line} left out: {row.reason.value} {row.detail}")
            )
    if screening.refused:
        raise typer.Exit(3)


def _screening(
    file: Path | None,
    columns: list[str] | None,
    *,
    target: str,
    corpus: bool,
    workspace: Path | None,
) -> Screening:
    from alliance_nlp.learn import read_item_file, read_items, read_screening, screening_of
    from alliance_nlp.workspace import find_workspace, packaged_labeled

    if (file is None) != corpus:
        raise typer.BadParameter("name a file or --corpus, one of them")
    if file is None:
        folders = [packaged_labeled()]
        if workspace is not None:
            folders.append(find_workspace(workspace).labeled)
        return screening_of(read_items(folders), target)
    if file.suffix.casefold() in (".jsonl", ".ndjson"):
        return screening_of(read_item_file(file), target)
    return read_screening(file, columns=parse_columns(columns))


def _as_json(replayed: Simulation, screening: Screening) -> dict[str, Any]:
    from dataclasses import asdict

    rule = replayed.stopping
    return {
        "n_documents": replayed.n_documents,
        "n_relevant": replayed.n_relevant,
        "n_left_out": len(screening.refused),
        "left_out": [asdict(row) for row in screening.refused],
        "wss": {f"{recall:g}": round(value, 4) for recall, value in replayed.wss.items()},
        "read_to_recall": {f"{r:g}": n for r, n in replayed.read_to_recall.items()},
        "recall_at": {str(n): round(value, 4) for n, value in replayed.recall_at.items()},
        "stopping": {"guarantee": rule.guarantee, **asdict(rule)},
    }


def _show(replayed: Simulation) -> None:
    from alliance_nlp.cli import console

    out, n = console.out(), replayed.n_documents
    rows = [
        (f"{recall:.0%}", replayed.read_to_recall[recall], f"{value:.3f}")
        for recall, value in replayed.wss.items()
    ]
    out.print(f"{n} documents, {replayed.n_relevant} of them relevant")
    out.print(console.table("", ["#recall", "#documents read", "#work saved over sampling"], rows))
    depths = [(depth, f"{recall:.3f}") for depth, recall in replayed.recall_at.items()]
    out.print(console.table("", ["#documents read", "#recall"], depths))
    rule, first = replayed.stopping, replayed.stopping.first
    figures = [
        ("read for the sample", first.n_sampled, f"{rule.mean_sampled:.0f}"),
        ("relevant ones to meet", f"{first.n_needed} of {rule.n_relevant}", ""),
        ("read in all", first.n_read, f"{rule.mean_read:.0f}"),
        ("recall", f"{first.recall:.3f}", f"{rule.mean_recall:.3f}"),
        ("target reached", "yes" if first.recall >= rule.target else "no", f"{rule.share_met:.1%}"),
    ]
    columns = ["", "#this seed", f"#over {rule.n_draws} samples"]
    out.print(console.table("Stopping rule", columns, figures))
    out.print(f"Guarantee: {rule.guarantee}.", markup=False)
