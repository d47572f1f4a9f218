"""This project's own chain as a night runs it: an archive of pages, brought as far as topics."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from typing import Any

from tests.bench.cpu import tree_cpu_s

from alliance_nlp.config import ProcessSettings, Settings
from alliance_nlp.core.types import Page
from alliance_nlp.learn import ensure_default_model
from alliance_nlp.pipeline.keeping import keep
from alliance_nlp.pipeline.night import night
from alliance_nlp.pipeline.runs import run
from alliance_nlp.workspace import Workspace, make_workspace, packaged_labeled, user_cache

LoadModel = Callable[[], tuple[Any, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Took:
    """What a run took: processor time of all its processes, and time by the clock, in seconds."""

    cpu_s: float
    wall_s: float


def model_loader() -> LoadModel:
    """Return what gives the packaged classifier, which is loaded here, once."""
    model, card = ensure_default_model(user_cache() / "models", [packaged_labeled()])
    return lambda: (model, card.id)


def archived(root: Path, pages: Sequence[Page], load_model: LoadModel) -> Workspace:
    """Return a workspace whose archive holds the pages, as a collecting run leaves it."""
    workspace = make_workspace(root, config="")
    settings = Settings()
    with night(workspace, settings, command="collect", load_model=load_model) as current:
        for page in pages:
            keep(current, page, lead_key=None)
    return workspace


def processed(workspace: Workspace, load_model: LoadModel, *, jobs: int = 1) -> Took:
    """Run ``process`` on a copy of the workspace, with its store on SQLite.

    One job is one process at work, beside the one that hands out pages and writes the store; the
    time of both counts.

    Raises
    ------
    RuntimeError
        If a page was lost on the way.
    """
    copy = Path(f"{workspace.root}-copy")
    shutil.copytree(workspace.root, copy)
    settings = Settings(process=ProcessSettings(jobs=jobs, time_limit_s=300))
    try:
        cpu_s, wall_s = tree_cpu_s(), perf_counter()
        report = run("process", Workspace(copy), settings, load_model=load_model)
        took = Took(cpu_s=tree_cpu_s() - cpu_s, wall_s=perf_counter() - wall_s)
    finally:
        shutil.rmtree(copy)
    failed = [count for count in report.counts if count.n_failed]
    if failed:
        raise RuntimeError(f"the chain failed on pages, so its time says nothing: {failed}")
    return took
