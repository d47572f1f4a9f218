"""What stages failed on, and letting it out for another try."""

from __future__ import annotations

from dataclasses import dataclass

from alliance_nlp.config import Settings
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.types import Stage
from alliance_nlp.pipeline.night import open_database
from alliance_nlp.store import (
    Connection,
    read_articles,
    read_fetches,
    read_quarantine,
    release_quarantine,
)
from alliance_nlp.workspace import Workspace

_STAGES = (Stage.EXTRACT, Stage.TAG, Stage.CLASSIFY)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """One item in quarantine; ``subject`` is its address."""

    stage: str
    subject: str
    reason: str
    detail: str


def held_items(tx: Connection, *, stage: str | None = None) -> list[Held]:
    """Return what is in quarantine, by stage.

    Raises
    ------
    ConfigError
        If there is no such stage.
    """
    held = []
    for item in read_quarantine(tx, step=_checked(stage)):
        subject = item.subject_id
        if subject.startswith("fetch:"):
            fetches = read_fetches(tx, [int(subject.removeprefix("fetch:"))])
            subject = fetches[0].url if fetches else subject
        else:
            articles = read_articles(tx, [subject])
            subject = articles[subject].url if articles else subject
        held.append(Held(stage=item.step, subject=subject, reason=item.reason, detail=item.detail))
    return held


def release(workspace: Workspace, settings: Settings, *, stage: str | None = None) -> int:
    """Let items out of quarantine, for the next run to try; return how many."""
    step = _checked(stage)
    with (
        workspace.lock("retry-quarantine"),
        open_database(workspace, settings) as database,
        database.write() as tx,
    ):
        return release_quarantine(tx, step=step)


def _checked(stage: str | None) -> str | None:
    if stage is not None and stage not in [known.value for known in _STAGES]:
        names = ", ".join(known.value for known in _STAGES)
        raise ConfigError(f"--stage {stage!r} is none of {names}")
    return stage
