"""What annotation tools export: Label Studio's JSON, full or short, and Prodigy's JSON Lines."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import InputError
from alliance_nlp.learn.refusals import RefusedRow, RowReason
from alliance_nlp.learn.rows import Row
from alliance_nlp.learn.wording import topic_of, yes_or_no

RELEVANT = "relevant"
_DATA = ("title", "text", "date", "language", "genre", "story", "note")
_TOPIC_CONTROLS = ("topics", "topic", "primary", "labels", "choice")
_OTHER_NAMES = {"date": ("date", "published_on"), "text": ("text", "body", "abstract")}


def read_label_studio(path: Path) -> Iterator[Row | RefusedRow]:
    """Yield a row for each task of an export: JSON, JSON-MIN, or either as JSON Lines.

    Choices are read by what they say, whichever control gave them: a topic, ``none``, ``relevant``
    or ``not relevant``; yes and no count where the control's name begins with ``relevan``, and the
    choice of a control called ``primary`` comes first among the topics. Of several annotations of
    a task the one marked as ground truth counts; without it they must agree. In a file where any
    task has a topic, one without was asked for it and has none.
    """
    tasks = list(read_records(path))
    asks_topics = any(_names_topics(task) for _, task in tasks)
    for number, task in tasks:
        row = _of_any_task(number, task)
        if isinstance(row, Row) and row.topics is None and asks_topics:
            yield replace(row, topics=())
        else:
            yield row


def _of_any_task(number: int, task: Any) -> Row | RefusedRow:
    if not isinstance(task, dict):
        return RefusedRow(line=number, reason=RowReason.UNREADABLE, detail="no JSON object")
    if isinstance(task.get("data"), dict):
        return _of_task(number, task)
    return _of_short_task(number, task)


def read_records(path: Path) -> Iterator[tuple[int, Any]]:
    """Yield (line or place, value) of a JSON list or of JSON Lines."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{path} cannot be read as UTF-8: {error}; mend the file") from error
    try:
        whole = json.loads(text)
    except ValueError:
        yield from _lines(text)
        return
    yield from enumerate(whole if isinstance(whole, list) else [whole], start=1)


def _lines(text: str) -> Iterator[tuple[int, Any]]:
    # Not splitlines(): JSON may hold U+2028 and its like as they are.
    for number, line in enumerate(text.split("\n"), start=1):
        if line.strip():
            try:
                yield number, json.loads(line)
            except ValueError:
                yield number, None


@dataclass(slots=True)
class _Labels:
    """What one annotator said of one text."""

    topics: list[str] = field(default_factory=list)
    relevant: bool | None = None
    unknown: str = ""
    asks_topics: bool = False
    annotator: str = ""

    def add(self, control: str, choice: str) -> None:
        word = " ".join(choice.split())
        topic, relevant = topic_of(word), yes_or_no(word)
        is_of_relevance = control.casefold().startswith("relevan")
        if relevant is not None and (is_of_relevance or RELEVANT in word.casefold()):
            self.relevant = relevant
        elif topic is None:
            self.unknown = self.unknown or word
        else:
            self.asks_topics = True
            place = 0 if control.casefold() == "primary" else len(self.topics)
            if topic and (place == 0 or topic not in self.topics):
                self.topics.insert(place, topic)

    def said(self) -> tuple[object, ...]:
        return tuple(dict.fromkeys(self.topics)), self.relevant


def _names_topics(task: Any) -> bool:
    if not isinstance(task, dict):
        return False
    if isinstance(task.get("data"), dict):
        return any(_of_annotation(one).asks_topics for one in _annotations(task))
    return _short_labels(task).asks_topics


def _annotations(task: Mapping[str, Any]) -> list[dict[str, Any]]:
    found = task.get("annotations", task.get("completions"))
    every = found if isinstance(found, list) else []
    return [one for one in every if isinstance(one, dict) and not one.get("was_cancelled")]


def _of_task(number: int, task: Mapping[str, Any]) -> Row | RefusedRow:
    found = [(bool(one.get("ground_truth")), _of_annotation(one)) for one in _annotations(task)]
    settled = [labels for is_truth, labels in found if is_truth][-1:]
    labels = settled or [labels for _, labels in found]
    if not labels:
        return RefusedRow(line=number, reason=RowReason.NOT_ANSWERED)
    if len({one.said() for one in labels}) > 1:
        names = ", ".join(one.annotator or "someone" for one in labels)
        detail = f"{names} differ; settle it by marking one annotation as ground truth"
        return RefusedRow(line=number, reason=RowReason.DISAGREEMENT, detail=detail)
    return _row(number, task["data"], labels[-1])


def _of_annotation(annotation: Mapping[str, Any]) -> _Labels:
    labels = _Labels(annotator=_name(annotation.get("completed_by")))
    results = annotation.get("result")
    for result in results if isinstance(results, list) else []:
        if isinstance(result, dict) and result.get("type") in ("choices", "taxonomy"):
            for choice in _choices(result.get("value")):
                labels.add(str(result.get("from_name", "")), choice)
    return labels


def _choices(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        value = value.get("choices", value.get("taxonomy", []))
    if isinstance(value, str):
        value = [value]
    for choice in value if isinstance(value, list) else []:
        while isinstance(choice, list) and choice:  # a path through a taxonomy
            choice = choice[-1]
        if isinstance(choice, str):
            yield choice


def _name(person: Any) -> str:
    if isinstance(person, dict):
        person = person.get("email") or person.get("username") or person.get("id")
    return "" if person is None else str(person)


def _of_short_task(number: int, task: Mapping[str, Any]) -> Row | RefusedRow:
    """Read JSON-MIN: the task's data with the choices beside them, by the control's name."""
    labels = _short_labels(task)
    if not (labels.asks_topics or labels.unknown or labels.relevant is not None):
        return RefusedRow(line=number, reason=RowReason.NOT_ANSWERED)
    return _row(number, task, labels)


def _short_labels(task: Mapping[str, Any]) -> _Labels:
    labels = _Labels(annotator=_name(task.get("annotator")))
    for control, value in task.items():
        is_of_topics = control.casefold() in _TOPIC_CONTROLS
        if is_of_topics or control.casefold().startswith("relevan"):
            for choice in [str(value)] if isinstance(value, bool) else _choices(value):
                labels.add(control, choice)
            labels.asks_topics = labels.asks_topics or is_of_topics
    return labels


def _row(number: int, data: Mapping[str, Any], labels: _Labels) -> Row | RefusedRow:
    if labels.unknown:
        detail = f"{labels.unknown!r} is neither a topic of ours nor a word on relevance"
        return RefusedRow(line=number, reason=RowReason.UNKNOWN_TOPIC, detail=detail)
    given = {name: text_of(data, _OTHER_NAMES.get(name, (name,))) for name in _DATA}
    return Row(
        line=number,
        topics=tuple(dict.fromkeys(labels.topics)) if labels.asks_topics else None,
        relevant=labels.relevant,
        annotator=labels.annotator,
        **given,
    )


def text_of(data: Mapping[str, Any], names: Iterable[str]) -> str:
    """Return the first of these fields that holds text, or ``""``."""
    return next((str(data[name]) for name in names if isinstance(data.get(name), str)), "")


@dataclass(slots=True)
class _Answers:
    """What a Prodigy file says of one text, over all its lines."""

    number: int
    data: Mapping[str, Any]
    labels: _Labels
    answered: bool = False


def read_prodigy(path: Path) -> Iterator[Row | RefusedRow]:
    """Yield a row for each text of a Prodigy data set: ``textcat`` and ``choice`` tasks.

    Lines on one text are taken together: a ``choice`` line gives all its labels, a binary line
    says yes (``accept``) or no (``reject``) to its one. Ignored lines count as unanswered. The
    title and the day may stand in the task itself or in its ``meta``.
    """
    texts: dict[tuple[str, str], _Answers] = {}
    for number, task in read_records(path):
        if not isinstance(task, dict) or not isinstance(task.get("text"), str):
            detail = "no JSON object with a text"
            yield RefusedRow(line=number, reason=RowReason.UNREADABLE, detail=detail)
            continue
        meta = task.get("meta")
        data = {**(meta if isinstance(meta, dict) else {}), **task}
        new = _Answers(number, data, _Labels(annotator=_name(task.get("_annotator_id"))))
        _add_answer(texts.setdefault((text_of(data, ["title"]), task["text"]), new), task)
    for answers in texts.values():
        if answers.answered:
            yield _row(answers.number, answers.data, answers.labels)
        else:
            yield RefusedRow(line=answers.number, reason=RowReason.NOT_ANSWERED)


def _add_answer(answers: _Answers, task: Mapping[str, Any]) -> None:
    answer, labels = task.get("answer"), answers.labels
    accepted = task.get("accept")
    if isinstance(accepted, list) and answer == "accept":
        answers.answered = labels.asks_topics = True
        for choice in accepted:
            labels.add("", str(choice))
        offered = [str(one.get("id")) for one in task.get("options", []) if isinstance(one, dict)]
        if RELEVANT in offered and RELEVANT not in accepted:
            labels.relevant = False
    elif isinstance(label := task.get("label"), str) and answer in ("accept", "reject"):
        answers.answered = True
        if label.casefold() == RELEVANT:
            labels.relevant = answer == "accept"
        elif answer == "accept":
            labels.add("", label)
        elif topic_of(label) is None:
            labels.unknown = labels.unknown or label
        labels.asks_topics = labels.asks_topics or label.casefold() != RELEVANT
