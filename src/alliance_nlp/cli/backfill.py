"""backfill: years of anyone's archives, sieved for what bears on the alliance."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption
from alliance_nlp.core.errors import InputError

if TYPE_CHECKING:
    from alliance_nlp.artifacts import ModelCard
    from alliance_nlp.pipeline.backfilling.estimating import Estimate
    from alliance_nlp.pipeline.backfilling.loading import Loaded
    from alliance_nlp.pipeline.backfilling.running import BackfillReport
    from alliance_nlp.pipeline.backfilling.tasks import BackfillTask, Plan
    from alliance_nlp.workspace import Workspace


class Engine(StrEnum):
    """Who does the work."""

    LOCAL = "local"
    DASK = "dask"


ArchivesArgument = Annotated[
    list[str],
    typer.Argument(
        metavar="WARC...", help="Archives: paths, folders, globs, http:// or s3:// addresses."
    ),
]
SinceOption = Annotated[
    str | None, typer.Option(help="First day, such as 2024-01-01.", show_default=False)
]
UntilOption = Annotated[str | None, typer.Option(help="Last day, included.", show_default=False)]
EngineOption = Annotated[Engine, typer.Option(help="This machine, or a Dask cluster.")]
SchedulerOption = Annotated[
    str | None, typer.Option(help="Dask scheduler, such as tcp://host:8786.", show_default=False)
]
JobsOption = Annotated[int, typer.Option("--jobs", "-j", min=1, help="Processes here.")]
DryRunOption = Annotated[
    bool, typer.Option("--dry-run", help="Measure a sample and tell what all would cost.")
]
OutputOption = Annotated[
    Path | None,
    typer.Option(
        help="Folder of results; backfill in the workspace without it.", show_default=False
    ),
]
LoadOption = Annotated[bool, typer.Option("--load", help="Put what is found into the workspace.")]


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="The night")(backfill)


def backfill(
    archives: ArchivesArgument,
    *,
    since: SinceOption = None,
    until: UntilOption = None,
    engine: EngineOption = Engine.LOCAL,
    scheduler: SchedulerOption = None,
    jobs: JobsOption = 1,
    dry_run: DryRunOption = False,
    output: OutputOption = None,
    load: LoadOption = False,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Sieve archives of anyone's (CC-NEWS, our own) and keep what bears on the alliance.

    Results are Parquet by month; a task that is done is skipped when run again. Exit code 3 when
    records were quarantined.

    Example: alliance-nlp backfill 'cc-news/*.warc.gz' --since 2024-01-01 --output found --jobs 4
    """
    from alliance_nlp.archive import expand_archives
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.backfilling.running import run_backfill
    from alliance_nlp.pipeline.backfilling.tasks import plan_tasks

    _check(engine, scheduler)
    space = _workspace(workspace, needed=load or (output is None and not dry_run))
    files = expand_archives(archives)
    if dry_run:
        with TemporaryDirectory(prefix="alliance-") as folder:
            plan, _ = _plan(space, Path(folder), since=since, until=until)
            _show_estimate(files, plan, jobs, as_json=as_json)
        return
    plan, prefilter = _plan(space, output, since=since, until=until)
    tasks = plan_tasks(files, plan)
    with console.progress() as progress:
        report = run_backfill(
            tasks,
            prefilter=prefilter,
            jobs=jobs,
            scheduler=scheduler if engine is Engine.DASK else None,
            progress=progress,
        )
    loaded = _load(space, tasks, plan) if load and space else None
    _show(report, loaded, as_json=as_json)
    if report.counts.n_failed:
        raise typer.Exit(3)


def _check(engine: Engine, scheduler: str | None) -> None:
    if engine is Engine.DASK and not scheduler:
        raise InputError("--engine dask needs --scheduler ADDRESS; start one with: dask scheduler")
    if engine is Engine.LOCAL and scheduler:
        raise InputError("--scheduler goes with --engine dask; add it")


def _workspace(path: Path | None, *, needed: bool) -> Workspace | None:
    from alliance_nlp.workspace import find_workspace

    return find_workspace(path) if needed or path is not None else None


def _plan(
    space: Workspace | None, output: Path | None, *, since: str | None, until: str | None
) -> tuple[Plan, ModelCard]:
    """Return the plan, its models put where the workers find them, and the prefilter's card."""
    from alliance_nlp.config import load_settings
    from alliance_nlp.learn import ensure_default_model, ensure_model, ensure_prefilter
    from alliance_nlp.pipeline.backfilling.rules import parse_window
    from alliance_nlp.pipeline.backfilling.running import keep_models
    from alliance_nlp.pipeline.backfilling.tasks import Plan
    from alliance_nlp.workspace import packaged_labeled, user_cache

    window = parse_window(since, until)
    settings = load_settings(space.config_file if space else None)
    labeled = [packaged_labeled(), *([space.labeled] if space else [])]
    cache = user_cache() / "models"
    model, card = (
        ensure_model(space.models, labeled) if space else ensure_default_model(cache, labeled)
    )
    sieve, sieve_card = ensure_prefilter(cache, labeled, model, model_id=card.id)
    root = output or (space.root / "backfill" if space else Path("backfill"))
    plan = Plan(
        output=root.resolve(),
        window=window,
        model_id=card.id,
        prefilter_id=sieve_card.id,
        knowledge_base=space.knowledge_base if space else None,
        time_limit_s=settings.process.time_limit_s,
        memory_limit_bytes=settings.process.memory_limit_mb * 1_000_000,
        max_bytes=settings.collect.max_bytes,
    )
    keep_models(plan.output, [(model, card), (sieve, sieve_card)])
    return plan, sieve_card


def _load(space: Workspace, tasks: Sequence[BackfillTask], plan: Plan) -> Loaded:
    from alliance_nlp.cli.options import model_loader
    from alliance_nlp.config import load_settings
    from alliance_nlp.pipeline.backfilling.loading import load_results
    from alliance_nlp.pipeline.night import night

    settings = load_settings(space.config_file)
    with night(space, settings, command="backfill", load_model=model_loader(space)) as run:
        return load_results(run, tasks, output=plan.output)


def _show_estimate(files: Any, plan: Plan, jobs: int, *, as_json: bool) -> None:
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.backfilling.estimating import estimate

    found: Estimate = estimate(files, plan, jobs=jobs)
    told = found.to_json()
    if console.wants_json(as_json):
        console.print_json(told)
        return
    rows = [
        (name, *(f"{told[key][column]:,}" for column in told["these_files"]))
        for name, key in (("these files", "these_files"), ("CC-NEWS, a year", "year_of_cc_news"))
    ]
    columns = ["what", *(f"#{name}" for name in told["these_files"])]
    out = console.out()
    out.print(console.table("Estimate from a sample", columns, rows))
    sample = told["sample"]
    out.print(
        f"Measured: {sample['stretches']} stretches, {sample['bytes']:,} bytes with "
        f"{sample['records']:,} records, {sample['cpu_s']:.1f} s of one core."
    )
    out.print(f"A year of CC-NEWS is taken to be {told['year_of_cc_news']['assumed']}.")


def _show(report: BackfillReport, loaded: Loaded | None, *, as_json: bool) -> None:
    from alliance_nlp.cli import console

    told = report.to_json()
    if loaded is not None:
        told["loaded"] = {"new": loaded.n_new, "known": loaded.n_known}
    if console.wants_json(as_json):
        console.print_json(told)
        return
    rows = [
        (name, count["in"], count["out"], _reasons(count["rejected"]), _reasons(count["failed"]))
        for name, count in told["steps"].items()
    ]
    out = console.out()
    title = f"{report.n_tasks} tasks, {report.n_skipped} done before; {report.n_articles} articles"
    out.print(console.table(title, ["step", "#in", "#out", "rejected", "failed"], rows))
    recall = told["prefilter"]["recall"]
    out.print(
        f"prefilter: threshold {told['prefilter']['threshold']:.3f}; on held-out stories it keeps "
        f"{recall['value']:.4f} (95 % interval {recall['low']:.4f} to {recall['high']:.4f}) of "
        f"what the full chain calls relevant\nresults: {report.output / 'articles'}"
    )


def _reasons(counts: dict[str, int]) -> str:
    return ", ".join(f"{reason} {n}" for reason, n in counts.items())
