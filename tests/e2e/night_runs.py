"""Nights: started as processes, broken off, finished, and what they leave behind."""

from __future__ import annotations

import json
import shutil
import sqlite3
import subprocess
import time
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from tests.e2e.conftest import COMMAND, environment
from tests.e2e.in_process import invoke
from tests.sites import AS_OF

# All that the numbering of rows has no part in: it may differ from one way to the same end.
_RESULTS = {
    "articles": "SELECT id, url, link, title, text, is_current, withdrawn_why FROM articles",
    "mentions": 'SELECT article_id, start, "end", label, entity_id FROM mentions',
    "topics": "SELECT article_id, label, score, holds FROM topics",
    "relevance": "SELECT article_id, score, relevant FROM relevance",
    "stories": "SELECT id, representative_id, novelty FROM stories",
    "members": "SELECT story_id, article_id, position FROM story_articles",
    "leads": "SELECT key, state FROM leads",
}


def start(
    workspace: Path, *, command: str = "nightly", as_of: datetime = AS_OF, **env: str
) -> subprocess.Popen[str]:
    """Start a run; its report and its progress go to files beside the workspace."""
    with _said(workspace, "out").open("w") as out, _said(workspace, "err").open("w") as err:
        return subprocess.Popen(
            [COMMAND, command, "--workspace", workspace, "--as-of", as_of.isoformat(), "--json"],
            env=environment(**env),
            stdout=out,
            stderr=err,
            text=True,
        )


def _said(workspace: Path, stream: str) -> Path:
    return workspace.with_name(f"{workspace.name}.{stream}")


def complaint(workspace: Path) -> str:
    """Return what the newest run wrote to standard error."""
    return _said(workspace, "err").read_text(encoding="utf-8")


def finish(
    workspace: Path,
    *,
    code: int = 0,
    command: str = "nightly",
    as_of: datetime = AS_OF,
    **env: str,
) -> dict[str, Any]:
    """Run a night here to its end, which must have this exit code; return the report."""
    done = invoke(command, "--workspace", workspace, "--as-of", as_of.isoformat(), "--json", **env)
    _said(workspace, "err").write_text(done.err, encoding="utf-8")
    assert done.code == code, done.err
    report: dict[str, Any] = json.loads(done.out)
    assert report["adds_up"] is True
    return report


def wait_for(process: subprocess.Popen[str], workspace: Path, stage: str) -> None:
    """Wait until a run reports progress in a stage."""
    while f"{stage}:" not in complaint(workspace):
        assert process.poll() is None, f"it never came to {stage}: {complaint(workspace)}"
        time.sleep(0.02)


def twin(workspace: Path, name: str) -> Path:
    """Return a fresh workspace with the same settings and model, that has collected nothing."""
    root = workspace.with_name(name)
    root.mkdir()
    (root / "models").symlink_to(workspace / "models")
    shutil.copy(workspace / "alliance.toml", root)
    return root


def query(workspace: Path, sql: str) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(workspace / "data" / "alliance.db")) as db:
        return db.execute(sql).fetchall()


def contents(workspace: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return what the nights came to."""
    return {name: sorted(query(workspace, sql), key=repr) for name, sql in _RESULTS.items()}


def same_article_twice(workspace: Path) -> list[tuple[Any, ...]]:
    return query(
        workspace, "SELECT url, count(*) FROM articles GROUP BY url, is_current HAVING count(*) > 1"
    )


def digests(workspace: Path) -> dict[str, str]:
    """Return the sha256 of every archive file, by path."""
    files = sorted((workspace / "data" / "raw").rglob("*.warc.gz"))
    return {str(file): sha256(file.read_bytes()).hexdigest() for file in files}


def is_archive_whole(workspace: Path) -> bool:
    """Tell whether ``archive verify`` finds every record readable and in its place."""
    command = [COMMAND, "archive", "verify", "--workspace", workspace]
    done = subprocess.run(command, env=environment(), capture_output=True, check=False)
    return done.returncode == 0


def failures(report: Mapping[str, Any]) -> Counter[str]:
    """Return how many failures there were, by reason."""
    return Counter(p["reason"] for p in report["problems"] if p["failed"])
