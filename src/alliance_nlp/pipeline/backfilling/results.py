"""Results on disk: Parquet by month, and one ledger a task that says the task is done.

::

    OUTPUT/articles/month=2024-04/TASK.parquet
    OUTPUT/tasks/TASK.json
    OUTPUT/models/

A task's files are written under other names and moved, its ledger last: what has a ledger is
whole, and what has none is written again.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from alliance_nlp.core.errors import InputError, WorkspaceError
from alliance_nlp.pipeline.backfilling.cascade import Quarantined
from alliance_nlp.pipeline.backfilling.counting import Counts, counts_of
from alliance_nlp.pipeline.backfilling.full_chain import Relevant
from alliance_nlp.pipeline.backfilling.tasks import BackfillTask

if TYPE_CHECKING:
    import pyarrow as pa

# Articles of a task held at once, whatever its size.
_MOST_WAITING = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskDone:
    """A finished task: what it counted, the files it wrote, what it could not read.

    ``cpu_s`` is what it cost its process and the one it works with; it is told, not kept in the
    ledger's identity.
    """

    task_id: str
    path: str
    start: int
    end: int | None
    window: str
    counts: Counts
    files: tuple[str, ...]
    n_articles: int
    quarantined: tuple[Quarantined, ...]
    cpu_s: float = 0.0

    def to_json(self) -> dict[str, Any]:
        """Return plain dictionaries, lists, strings and numbers."""
        return {
            "task": self.task_id,
            "path": self.path,
            "start": self.start,
            "end": self.end,
            "window": self.window,
            "counts": self.counts.to_json(),
            "files": list(self.files),
            "n_articles": self.n_articles,
            "quarantined": [asdict(found) for found in self.quarantined],
            "cpu_s": round(self.cpu_s, 3),
        }


def parquet() -> Any:
    """Return ``pyarrow.parquet``.

    Raises
    ------
    InputError
        If it is not installed; the message names the extra.
    """
    try:
        import pyarrow.parquet
    except ImportError as error:
        raise InputError(
            "a backfill writes Parquet; install the extra: pip install 'alliance-nlp[backfill]'"
        ) from error
    return pyarrow.parquet


def read_done(output: Path, task_id: str) -> TaskDone | None:
    """Return what a task came to, or ``None`` when it is not done.

    Raises
    ------
    InputError
        If its ledger is damaged.
    """
    path = output / "tasks" / f"{task_id}.json"
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        return TaskDone(
            task_id=data["task"],
            path=data["path"],
            start=data["start"],
            end=data["end"],
            window=data["window"],
            counts=counts_of(data["counts"]),
            files=tuple(data["files"]),
            n_articles=data["n_articles"],
            quarantined=tuple(Quarantined(**found) for found in data["quarantined"]),
            cpu_s=data["cpu_s"],
        )
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"the ledger {path} is damaged ({error}); remove it, and the task is done again"
        ) from error


def done_tasks(output: Path, tasks: Iterable[BackfillTask]) -> Iterator[TaskDone]:
    """Yield the ledgers of the tasks that are done, one at a time, in the order of the tasks.

    Raises
    ------
    InputError
        If one is damaged.
    """
    for task in tasks:
        done = read_done(output, task.id)
        if done is not None:
            yield done


def write_articles(
    output: Path, task: BackfillTask, found: Iterable[Relevant]
) -> tuple[tuple[str, ...], int]:
    """Write a task's articles, each month's in a file; return the files and how many articles.

    Rows stand in the order of the archive. An address and text that the task had before is
    written once. Of the articles no more than a few hundred are held at once.
    """
    seen: set[str] = set()
    with _Months(output, task.id) as months:
        for one in found:
            if one.article.id not in seen:
                seen.add(one.article.id)
                months.add(_row(one))
    return months.names, len(seen)


class _Months:
    """A task's files, one a month, written bit by bit and there whole or not at all."""

    def __init__(self, output: Path, task_id: str) -> None:
        self._output, self._task_id = output, task_id
        self._waiting: dict[str, list[dict[str, Any]]] = {}
        self._files: dict[str, tuple[_whole, Any]] = {}
        self._n_waiting = 0
        self.names: tuple[str, ...] = ()

    def __enter__(self) -> Self:
        return self

    def add(self, row: dict[str, Any]) -> None:
        self._waiting.setdefault(row.pop("month"), []).append(row)
        self._n_waiting += 1
        if self._n_waiting >= _MOST_WAITING:
            self._write(max(self._waiting, key=lambda month: (len(self._waiting[month]), month)))

    def _write(self, month: str) -> None:
        import pyarrow as pa

        rows = self._waiting.pop(month)
        self._n_waiting -= len(rows)
        if month not in self._files:
            whole = _whole(self._output / self._name(month))
            draft = whole.__enter__()
            writer = parquet().ParquetWriter(draft, _schema(), compression="zstd")
            self._files[month] = (whole, writer)
        self._files[month][1].write_table(pa.Table.from_pylist(rows, schema=_schema()))

    def _name(self, month: str) -> str:
        return f"articles/month={month}/{self._task_id}.parquet"

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: object
    ) -> None:
        if error is None:
            for month in sorted(self._waiting):
                self._write(month)
        for whole, writer in self._files.values():
            writer.close()
            whole.__exit__(kind, error, trace)
        self.names = tuple(self._name(month) for month in sorted(self._files))


def _row(one: Relevant) -> dict[str, Any]:
    article, published = one.article, one.article.published
    on = published.on if published else one.fetched_on
    assert article.archived is not None
    return {
        "month": f"{on:%Y-%m}",
        "id": article.id,
        "url": article.url,
        "link": article.link,
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published": json.dumps(asdict(published), default=str) if published else "",
        "published_on": on,
        "language": article.language,
        "outlet": article.outlet,
        "source_id": article.source_id,
        "flags": list(article.flags),
        "fetched_at": one.fetched_at,
        "relevance": one.relevance.score,
        "topics": [
            {"label": topic.label.value, "score": topic.score, "holds": topic.holds}
            for topic in one.topics
        ],
        "mentions": [
            {
                "start": mention.start,
                "end": mention.end,
                "label": mention.label.value,
                "entity_id": mention.entity_id,
                "how": mention.how,
            }
            for mention in one.mentions
        ],
        "model_id": one.relevance.model_id,
        "warc": article.archived.file,
        "offset": article.archived.offset,
    }


def _schema() -> pa.Schema:
    import pyarrow as pa

    topic = pa.struct([("label", pa.string()), ("score", pa.float64()), ("holds", pa.bool_())])
    mention = pa.struct(
        [
            ("start", pa.int32()),
            ("end", pa.int32()),
            ("label", pa.string()),
            ("entity_id", pa.string()),
            ("how", pa.string()),
        ]
    )
    texts = ("id", "url", "link", "title", "text")
    more = ("language", "outlet", "source_id")
    return pa.schema(
        [
            *((name, pa.string()) for name in texts),
            ("authors", pa.list_(pa.string())),
            ("published", pa.string()),
            ("published_on", pa.date32()),
            *((name, pa.string()) for name in more),
            ("flags", pa.list_(pa.string())),
            ("fetched_at", pa.string()),
            ("relevance", pa.float64()),
            ("topics", pa.list_(topic)),
            ("mentions", pa.list_(mention)),
            ("model_id", pa.string()),
            ("warc", pa.string()),
            ("offset", pa.int64()),
        ]
    )


def write_done(output: Path, done: TaskDone) -> None:
    """Write a task's ledger: from here on the task is done."""
    text = json.dumps(done.to_json(), indent=1, ensure_ascii=True) + "\n"
    with _whole(output / "tasks" / f"{done.task_id}.json") as draft:
        draft.write_text(text, encoding="utf-8")


class _whole:  # noqa: N801 - read as a word in a with statement
    """A file that is there whole or not at all, also after a crash of the machine."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.{os.getpid()}")

    def __enter__(self) -> Path:
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise self._cannot(error) from error
        return self._draft

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if error is None:
            try:
                with self._draft.open("rb") as stream:
                    os.fsync(stream.fileno())
                self._draft.replace(self._path)
            except OSError as fault:
                raise self._cannot(fault) from fault
            return
        with suppress(OSError):
            self._draft.unlink(missing_ok=True)
        if isinstance(error, OSError):
            raise self._cannot(error) from error

    def _cannot(self, error: OSError) -> WorkspaceError:
        return WorkspaceError(
            f"cannot write {self._path}: {error.strerror or error}; make room and run again, "
            "what was done is kept"
        )


def read_articles(output: Path, done: Iterable[TaskDone]) -> Iterator[dict[str, Any]]:
    """Yield the rows of these tasks' articles, by task and month."""
    reader = parquet()
    for one in done:
        for name in one.files:
            # One file at a time, without its folder's name for a column.
            for batch in reader.ParquetFile(output / name).iter_batches(batch_size=200):
                yield from batch.to_pylist()


def forget_superseded(output: Path, tasks: Sequence[BackfillTask]) -> int:
    """Remove what older versions found in these very stretches and windows; return how many."""
    wanted = {(task.path, task.start, task.end, str(task.plan.window)) for task in tasks}
    ids, n_gone = {task.id for task in tasks}, 0
    for path in sorted((output / "tasks").glob("*.json")):
        done = None if path.stem in ids else read_done(output, path.stem)
        if done is None or (done.path, done.start, done.end, done.window) not in wanted:
            continue
        path.unlink(missing_ok=True)  # the ledger first: without it the rest counts for nothing
        for name in done.files:
            (output / name).unlink(missing_ok=True)
        n_gone += 1
    return n_gone
