"""evaluate, of the classifier; evaluate entities, of the tagger; evaluate novelty."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.groups import Group
from alliance_nlp.cli.options import JsonOption, WorkspaceOption
from alliance_nlp.core.errors import InputError

if TYPE_CHECKING:
    from alliance_nlp.learn import GoldText, Judgement
    from alliance_nlp.tag import GeneralTagger, KnowledgeBase, Tagger
    from alliance_nlp.workspace import Workspace

evaluate_app = typer.Typer(cls=Group, invoke_without_command=True)

ErrorsOption = Annotated[int, typer.Option("--errors", min=0, help="How many errors to list.")]
GoldOption = Annotated[
    list[Path] | None,
    typer.Option(
        "--gold",
        help="A file of gold texts or a folder of them, also several times; without it, those "
        "that come with the package and those of the workspace.",
        show_default=False,
    ),
]
SplitOption = Annotated[
    str, typer.Option(help="dev, test, or all, shown apart; a split is a folder's name.")
]
ModelOption = Annotated[
    str | None,
    typer.Option(
        help="A general spaCy model to set beside ours: an installed package or a folder.",
        show_default=False,
    ),
]


CasesOption = Annotated[
    Path | None,
    typer.Option(
        "--cases",
        help="A file of labelled cases; without it, the packaged ones.",
        show_default=False,
    ),
]
PairsOption = Annotated[
    Path | None,
    typer.Option(
        "--pairs",
        help="A back-test's folder, with articles.jsonl and issues/.",
        show_default=False,
    ),
]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.add_typer(evaluate_app, name="evaluate", rich_help_panel="Learning")


@evaluate_app.callback()
def evaluate(
    context: typer.Context,
    *,
    workspace: WorkspaceOption = None,
    n_errors: Annotated[int, typer.Option("--errors", help="How many errors to list.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Measure the classifier on held-out stories and list its worst errors.

    Without a workspace, on the packaged labelled items.

    Example: alliance-nlp evaluate --errors 50
    """
    if context.invoked_subcommand is not None:
        return
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
    console.out().print(metrics_table(title, figures))
    rows = [[str(value) for value in error.values()] for error in errors]
    columns = ["id", "target", "truth", "#probability", "title"]
    console.out().print(console.table("Worst errors", columns, rows))


def metrics_table(title: str, figures: Any) -> Any:
    """Return the classifier's figures with their intervals as a table."""
    from alliance_nlp.cli import console

    rows = [
        (name, f"{f['value']:.3f}", f"{f['low']:.3f} to {f['high']:.3f}")
        for name, f in figures.items()
    ]
    return console.table(title, ["figure", "#value", "95 % interval"], rows)


@evaluate_app.command("entities")
def evaluate_entities(
    *,
    gold: GoldOption = None,
    split: SplitOption = "all",
    model: ModelOption = None,
    n_errors: ErrorsOption = 20,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Measure the tagger on gold texts: spans, links, known and unknown names, and its errors.

    A workspace's additions to the knowledge base count. A general model's PERSON, FAC, EVENT and
    PRODUCT are read as OFFICIAL, BASE, EXERCISE and SHIP, on the texts of its language.

    Example: alliance-nlp evaluate entities --split dev --errors 50
    """
    from alliance_nlp.cli import console, evaluation_tables
    from alliance_nlp.learn import judge_tagger
    from alliance_nlp.tag import Tagger, general_tagger, load_knowledge_base
    from alliance_nlp.workspace import find_workspace

    space = find_workspace(workspace) if workspace is not None else None
    extra = space.knowledge_base if space else None
    kb = load_knowledge_base(extra)
    splits = _splits(_gold(gold, space, kb), split)
    tagger = Tagger.load(extra)
    general = general_tagger(model) if model is not None else None
    judged = {name: judge_tagger(texts, tagger) for name, texts in splits.items()}
    beside = {name: _beside(texts, tagger, general) for name, texts in splits.items()}
    if console.wants_json(as_json):
        told = {name: _split_json(judged[name], beside[name], n_errors) for name in splits}
        versions = {"tagger": tagger.version, "knowledge_base": kb.version}
        console.print_json({**versions, "model": general and general.name, "splits": told})
        return
    for name, judgement in judged.items():
        for table in evaluation_tables.tables(name, judgement, n_errors=n_errors):
            console.out().print(table)
        if general is not None and (pair := beside[name]) is not None:
            console.out().print(evaluation_tables.beside_table(general.name, *pair))


@evaluate_app.command("novelty")
def evaluate_novelty(
    *,
    cases: CasesOption = None,
    split: Annotated[str, typer.Option(help="dev, test, or all, shown apart.")] = "all",
    pairs: PairsOption = None,
    all_issues: Annotated[
        bool, typer.Option("--all-issues", help="With --pairs, against all issues before.")
    ] = False,
    n_errors: ErrorsOption = 20,
    as_json: JsonOption = False,
) -> None:
    """Measure how often stories are rightly called new, follow-up or repeat.

    On the packaged cases, and with --pairs on a back-test's stories after its issues.

    Example: alliance-nlp evaluate novelty --split test --pairs data/backtest
    """
    from alliance_nlp.cli import console, evaluation_tables
    from alliance_nlp.learn import judge_set, read_cases, read_pairs
    from alliance_nlp.pipeline.novelty import READING
    from alliance_nlp.workspace import packaged_labeled

    found = cases or packaged_labeled() / "novelty" / "cases.jsonl"
    sets = {one.name: one for one in read_cases(found)}
    if split != "all" and split not in sets:
        raise InputError(f"no case is of the split {split!r}; there are: {', '.join(sets)}")
    chosen = list(sets.values()) if split == "all" else [sets[split]]
    if pairs is not None:
        chosen += read_pairs(pairs, all_issues=all_issues)
    judged = [judge_set(one, READING) for one in chosen]
    if console.wants_json(as_json):
        told = {one.name: one.as_dict() for one in judged}
        for figures in told.values():
            errors = figures["errors"]
            figures["n_errors"], figures["errors"] = len(errors), errors[:n_errors]
        console.print_json({"sets": told})
        return
    console.out().print(evaluation_tables.novelty_table(judged))
    for one in judged:
        console.out().print(evaluation_tables.novelty_errors_table(one, n_errors=n_errors))


def _gold(
    paths: list[Path] | None, space: Workspace | None, kb: KnowledgeBase
) -> tuple[GoldText, ...]:
    from alliance_nlp.learn import read_gold
    from alliance_nlp.workspace import packaged_labeled

    if not paths:
        packaged = packaged_labeled() / "entities"
        if not packaged.is_dir():
            raise InputError(
                f"this installation has no gold texts ({packaged} is missing); name some with "
                "--gold, or run from a source checkout"
            )
        own = space.labeled / "entities" if space else None
        paths = [packaged, own] if own is not None and own.is_dir() else [packaged]
    return read_gold(paths, kb)


def _splits(texts: tuple[GoldText, ...], wanted: str) -> dict[str, list[GoldText]]:
    splits: dict[str, list[GoldText]] = {}
    for text in sorted(texts, key=lambda text: text.split):
        splits.setdefault(text.split, []).append(text)
    if wanted == "all":
        return splits
    if wanted not in splits:
        raise InputError(
            f"no gold text is of the split {wanted!r}; there are: {', '.join(splits) or 'none'}"
        )
    return {wanted: splits[wanted]}


def _beside(
    texts: list[GoldText], tagger: Tagger, general: GeneralTagger | None
) -> tuple[Judgement, Judgement] | None:
    """Return (ours, the general model's) on the texts that it can read, if there are any."""
    from alliance_nlp.learn import judge_tagger

    read = [text for text in texts if general is not None and text.language == general.language]
    if general is None or not read:
        return None
    return judge_tagger(read, tagger), judge_tagger(read, general)


def _split_json(
    judgement: Judgement, beside: tuple[Judgement, Judgement] | None, n_errors: int
) -> dict[str, Any]:
    told = judgement.as_dict()
    told["n_errors"], told["errors"] = len(told["errors"]), told["errors"][:n_errors]
    if beside is None:
        return told
    ours, general = (one.as_dict()["labels"] for one in beside)
    return {**told, "beside": {"n_texts": beside[0].n_texts, "ours": ours, "model": general}}
