"""Backfill: years of anyone's archives sieved for what bears on the alliance.

::

    expand_archives → plan_tasks → run_backfill → load_results
    ArchiveFile       BackfillTask  TaskDone       store

A task is a stretch of an archive, done in a process of its own that may hang, swell or crash. Its
records pass a cascade: head and address (:mod:`~alliance_nlp.pipeline.backfilling.rules`), names
in raw bytes (:mod:`~alliance_nlp.pipeline.backfilling.names`), a hashed linear model on the
beginning of the text, the serving model on the same, and the full chain. Each step counts
in = out + rejected + failed.
"""

from __future__ import annotations

from alliance_nlp.pipeline.backfilling.counting import Counts, Miss, Step, StepCount
from alliance_nlp.pipeline.backfilling.estimating import Estimate, estimate
from alliance_nlp.pipeline.backfilling.loading import Loaded, load_results
from alliance_nlp.pipeline.backfilling.results import TaskDone, done_tasks, read_articles
from alliance_nlp.pipeline.backfilling.rules import Window, parse_window
from alliance_nlp.pipeline.backfilling.running import BackfillReport, keep_models, run_backfill
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask, Plan, plan_tasks

__all__ = [
    "BackfillReport",
    "BackfillTask",
    "Counts",
    "Estimate",
    "Loaded",
    "Miss",
    "Plan",
    "Step",
    "StepCount",
    "TaskDone",
    "Window",
    "done_tasks",
    "estimate",
    "keep_models",
    "load_results",
    "parse_window",
    "plan_tasks",
    "read_articles",
    "run_backfill",
]
