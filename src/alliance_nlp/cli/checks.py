"""What ``doctor`` looks at."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from importlib import metadata
from pathlib import Path

from alliance_nlp.core.errors import AllianceError

# A night of thousands of pages needs about this much in the worst case.
_FREE_BYTES = 2 * 1024**3


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing looked at: ``state`` is ``ok``, ``look`` or ``wrong``."""

    check: str
    state: str
    found: str
    do: str = ""


def examine(workspace: Path | None) -> list[Finding]:
    """Return every finding; nothing is changed but a database brought to the newest schema."""
    findings = [_python(), *_packages(), *_data()]
    try:
        findings += _workspace(workspace)
    except AllianceError as error:
        findings.append(Finding("workspace", "look", str(error), "alliance-nlp init DIR"))
    return findings


def _python() -> Finding:
    return Finding("python", "ok", platform.python_version())


def _packages() -> Iterator[Finding]:
    for name in ("spacy", "scikit-learn", "trafilatura", "scrapy", "warcio", "sqlalchemy"):
        try:
            yield Finding(name, "ok", metadata.version(name))
        except metadata.PackageNotFoundError:
            yield Finding(name, "wrong", "not installed", "make install")
    try:
        yield Finding("psycopg (for PostgreSQL)", "ok", metadata.version("psycopg"))
    except metadata.PackageNotFoundError:
        yield Finding("psycopg (for PostgreSQL)", "ok", "not installed; needed for PostgreSQL only")


def _try(check: str, look: Callable[[], str], do: str) -> Finding:
    try:
        return Finding(check, "ok", look())
    except AllianceError as error:
        return Finding(check, "wrong", str(error), do)


def _data() -> Iterator[Finding]:
    def labeled() -> str:
        from alliance_nlp.learn import read_items
        from alliance_nlp.workspace import packaged_labeled

        return f"{len(read_items([packaged_labeled()]))} items"

    def knowledge() -> str:
        from alliance_nlp.tag import Tagger

        return f"loaded, version {Tagger.load().version}"

    yield _try("labelled items", labeled, "reinstall the package")
    yield _try("knowledge base", knowledge, "reinstall the package")


def _workspace(path: Path | None) -> Iterator[Finding]:
    from alliance_nlp.cli.options import open_workspace

    space, settings = open_workspace(path)
    yield Finding("workspace", "ok", str(space.root))
    n_sources = len(settings.read_sources())
    yield Finding(
        "sources",
        "ok" if n_sources else "look",
        f"{n_sources} in {space.config_file.name}",
        "" if n_sources else f"add [[sources]] to {space.config_file}",
    )
    if not settings.collect.contact:
        do = "set collect.contact, so that sites know whom to ask"
        yield Finding("contact", "look", "none", do)

    def database() -> str:
        from alliance_nlp.pipeline.night import open_database
        from alliance_nlp.store import count_rows

        with open_database(space, settings) as opened, opened.read() as tx:
            counts = count_rows(tx)
            return f"{opened.kind}, newest schema, {counts['articles']} articles"

    yield _try("database", database, "mend store.url or start the server")

    def model() -> str:
        from alliance_nlp.artifacts import load_model
        from alliance_nlp.learn import champion_id

        serving = champion_id(space.models)
        if serving is None:
            return "none yet; the first run trains one"
        return f"{load_model(space.models, serving)[1].id} serves"

    yield _try("model", model, "alliance-nlp train --promote")
    free = shutil.disk_usage(space.root).free
    yield Finding(
        "disk",
        "ok" if free > _FREE_BYTES else "look",
        f"{free / 1024**3:.1f} GiB free",
        "" if free > _FREE_BYTES else "make room: a night archives what it fetches",
    )
