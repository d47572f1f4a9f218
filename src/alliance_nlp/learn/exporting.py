"""Articles to label elsewhere and finished labels, in the formats of the tools that read them."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from alliance_nlp.classify import RELEVANT, TOPICS
from alliance_nlp.learn.corpus import LabeledItem
from alliance_nlp.learn.queueing import Asked
from alliance_nlp.learn.tables import guarded

_CHOICES = (*TOPICS, RELEVANT)


class ExportFormat(StrEnum):
    """Formats that items are written in."""

    JSONL = "jsonl"
    CSV = "csv"
    LABEL_STUDIO = "label-studio"
    PRODIGY = "prodigy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """A text to label, or one with its labels.

    Attributes
    ----------
    fields
        What identifies and describes it, by name: ``title`` and ``text`` among them.
    topics, relevant
        Its labels, ``None`` while it has none.
    hints
        Why it is asked for, and the model's probabilities; for people to see, never labels.
    """

    fields: Mapping[str, str]
    topics: tuple[str, ...] | None = None
    relevant: bool | None = None
    hints: Mapping[str, Any] | None = None


def tasks_of_queue(asked: Iterable[Asked]) -> list[Task]:
    """Return the queue's articles as tasks."""
    tasks = []
    for one in asked:
        article = one.unlabelled.article
        on = article.published.on if article.published else one.unlabelled.dated_at.date()
        fields = {
            "id": article.id,
            "title": article.title,
            "text": article.text,
            "date": on.isoformat(),
            "language": article.language,
            "story": one.unlabelled.story_id,
            "link": article.link or article.url,
        }
        hints: dict[str, Any] = {"strategy": one.strategy.value, "reason": one.reason}
        hints |= {name: round(p, 4) for name, p in one.unlabelled.proba.items()}
        tasks.append(Task(fields=fields, hints=hints))
    return tasks


def tasks_of_items(items: Iterable[LabeledItem]) -> list[Task]:
    """Return labelled items as tasks that are done."""
    return [
        Task(
            fields={
                "id": item.id,
                "title": item.title,
                "text": item.text,
                "date": item.published_on.isoformat(),
                "language": item.language,
                "genre": item.genre,
                "story": item.story,
                "annotator": item.annotator,
                "note": item.note,
            },
            topics=item.topics,
            relevant=item.relevant,
        )
        for item in items
    ]


def export_tasks(tasks: Sequence[Task], form: ExportFormat) -> str:
    """Return the tasks as the text of a file.

    ``label-studio`` is a JSON list of tasks for a project with a control ``topics`` (several
    choices) and one ``relevance`` (``relevant`` or ``not relevant``); ``prodigy`` is JSON Lines for
    the ``choice`` view. ``csv`` guards cells that a spreadsheet would run as a formula.
    """
    return _WRITERS[form](tasks)


def _jsonl(tasks: Sequence[Task]) -> str:
    return "".join(_line({**task.fields, **_labels(task), **_hints(task)}) for task in tasks)


def _labels(task: Task) -> dict[str, Any]:
    topics = None if task.topics is None else list(task.topics)
    return {"topics": topics, "relevant": task.relevant}


def _hints(task: Task) -> dict[str, Any]:
    return {"hints": dict(task.hints)} if task.hints else {}


def _line(value: Mapping[str, Any]) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _csv(tasks: Sequence[Task]) -> str:
    names = list(dict.fromkeys(name for task in tasks for name in task.fields))
    hints = list(dict.fromkeys(name for task in tasks for name in task.hints or {}))
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow([*names, "topics", "relevant", *(f"hint_{name}" for name in hints)])
    for task in tasks:
        topics = "" if task.topics is None else "; ".join(task.topics) or "none"
        relevant = "" if task.relevant is None else "yes" if task.relevant else "no"
        told = [(task.hints or {}).get(name, "") for name in hints]
        cells = [*(task.fields.get(name, "") for name in names), topics, relevant, *told]
        writer.writerow([guarded(cell) if isinstance(cell, str) else cell for cell in cells])
    return stream.getvalue()


def _label_studio(tasks: Sequence[Task]) -> str:
    built = [
        {
            "data": dict(task.fields) | {f"hint_{k}": v for k, v in (task.hints or {}).items()},
            "annotations": _annotations(task),
        }
        for task in tasks
    ]
    return json.dumps(built, ensure_ascii=False, indent=1) + "\n"


def _annotations(task: Task) -> list[dict[str, Any]]:
    if task.relevant is None:
        return []
    said = {
        "topics": list(task.topics or ["none"]),
        "relevance": ["relevant" if task.relevant else "not relevant"],
    }
    return [
        {
            "completed_by": {"email": task.fields.get("annotator", "")},
            "result": [
                {
                    "from_name": name,
                    "to_name": "text",
                    "type": "choices",
                    "value": {"choices": choices},
                }
                for name, choices in said.items()
            ],
        }
    ]


def _prodigy(tasks: Sequence[Task]) -> str:
    return "".join(_line(_prodigy_task(task)) for task in tasks)


def _prodigy_task(task: Task) -> dict[str, Any]:
    meta = {name: value for name, value in task.fields.items() if name not in ("text", "annotator")}
    built: dict[str, Any] = {
        "text": task.fields["text"],
        "meta": {**meta, **(task.hints or {})},
        "options": [{"id": name, "text": name} for name in _CHOICES],
    }
    if task.relevant is None:
        return built
    accept = [*(task.topics or ()), *([RELEVANT] if task.relevant else [])]
    annotator = task.fields.get("annotator", "")
    return {**built, "accept": accept, "answer": "accept", "_annotator_id": annotator}


_WRITERS: Mapping[ExportFormat, Callable[[Sequence[Task]], str]] = {
    ExportFormat.JSONL: _jsonl,
    ExportFormat.CSV: _csv,
    ExportFormat.LABEL_STUDIO: _label_studio,
    ExportFormat.PRODIGY: _prodigy,
}
