"""Backfills of small archives by small models."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alliance_nlp.artifacts import ModelCard, read_card
from alliance_nlp.pipeline.backfilling import BackfillReport, Plan, Window, run_backfill
from tests.archives import tasks_of

N_RELEVANT, N_OTHER = 9, 6
Models = tuple[Path, str, str]


def make_plan(output: Path, models: Models, window: Window | None = None) -> Plan:
    folder, model_id, prefilter_id = models
    output.mkdir(exist_ok=True)
    if not (output / "models").exists():
        (output / "models").symlink_to(folder)
    return Plan(
        output=output,
        window=window or Window(),
        model_id=model_id,
        prefilter_id=prefilter_id,
        time_limit_s=60.0,
    )


def run(plan: Plan, *paths: Path, task_bytes: int = 1 << 30, **how: Any) -> BackfillReport:
    tasks = tasks_of(plan, *paths, task_bytes=task_bytes)
    return run_backfill(tasks, prefilter=card(plan), **how)


def card(plan: Plan) -> ModelCard:
    return read_card(plan.models, plan.prefilter_id)


def results(output: Path) -> dict[str, bytes]:
    folder = output / "articles"
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*.parquet")}
