"""The database: opening, migrating, short transactions. SQLite (WAL) or PostgreSQL by URL."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import (
    Connection,
    CursorResult,
    Engine,
    Integer,
    Table,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, NoSuchModuleError, SQLAlchemyError

from alliance_nlp.core.errors import StoreError
from alliance_nlp.store.schema import metadata

__all__ = [
    "Connection",
    "Database",
    "count_on",
    "insert_unknown",
    "migration_config",
    "new_id",
    "upsert",
]

# Long enough for a night's largest transaction to pass on a slow disk.
BUSY_TIMEOUT_S = 60
_MIGRATION_LOCK = 7_302_024  # any number, as long as nothing else in the database locks it
_PASSWORD = re.compile(r"(:)[^:/@]+(@)")


class Database:
    """An open database at the newest schema.

    Use :meth:`read` for looking and :meth:`write` for changing; both are short transactions.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    @classmethod
    def open(cls, url: str) -> Self:
        """Open the database at an SQLAlchemy URL, building or migrating its tables.

        Raises
        ------
        StoreError
            If the URL is malformed, its driver absent or the database out of reach, or a newer
            release built its tables.
        """
        try:
            engine = _engine(url)
        except (ArgumentError, NoSuchModuleError, ModuleNotFoundError, ValueError) as error:
            raise StoreError(
                f"store.url {_shown(url)!r} cannot be used: {error}; write sqlite:///PATH or "
                "postgresql+psycopg://USER@HOST/NAME (and install alliance-nlp[postgres])"
            ) from error
        except OSError as error:
            raise StoreError(
                f"the folder of the database {_shown(url)} cannot be made: {error.strerror}; "
                "check store.url and the folder's rights"
            ) from error
        try:
            _migrate(engine)
        except (SQLAlchemyError, CommandError) as error:
            engine.dispose()
            raise StoreError(_not_opened(url, error)) from error
        return cls(engine)

    @property
    def kind(self) -> str:
        """``"sqlite"`` or ``"postgresql"``."""
        return self._engine.dialect.name

    @contextmanager
    def read(self) -> Iterator[Connection]:
        """Yield a connection that only looks; it holds no write lock."""
        with self._translated(), self._engine.connect() as connection:
            yield connection.execution_options(looks_only=True)

    @contextmanager
    def snapshot(self) -> Iterator[Connection]:
        """Yield a connection that sees one moment, however long it looks."""
        with self._translated(), self._engine.connect() as connection:
            if self.kind == "postgresql":
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
            yield connection.execution_options(looks_only=True)

    def fold_log(self) -> None:
        """Bring an SQLite database into its one file, without a log beside it."""
        with self._translated(), self._engine.connect() as connection:
            raw = connection.connection.driver_connection
            assert raw is not None
            raw.execute("PRAGMA journal_mode=DELETE")

    @contextmanager
    def write(self) -> Iterator[Connection]:
        """Yield a connection inside one transaction, committed at the end or undone whole."""
        with self._translated(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except SQLAlchemyError as error:
            raise StoreError(
                f"the database {_shown(str(self._engine.url))} refused: {_cause(error)}; "
                "nothing of this transaction was kept, so running again is safe"
            ) from error

    def close(self) -> None:
        """Close every connection."""
        self._engine.dispose()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


def _engine(url: str) -> Engine:
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database:
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
    engine = create_engine(parsed)
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgres)
    return engine


def _prepare_postgres(connection: Any, _record: Any) -> None:
    # Left to itself, PostgreSQL plans for turning disks: it would read a table of a million rows
    # whole rather than look a night's thousands up, and compile what takes a few milliseconds.
    connection.execute("SET random_page_cost = 1.1")
    connection.execute("SET jit = off")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: Any) -> None:
    connection.isolation_level = None  # we say BEGIN ourselves
    for pragma in (
        f"busy_timeout={BUSY_TIMEOUT_S * 1000}",
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
    ):
        connection.execute(f"PRAGMA {pragma}")


def _begin_sqlite(connection: Connection) -> None:
    # A deferred transaction that starts writing late fails at once when another one wrote
    # meanwhile; IMMEDIATE waits for its turn instead.
    looks_only = connection.get_execution_options().get("looks_only", False)
    connection.exec_driver_sql("BEGIN" if looks_only else "BEGIN IMMEDIATE")


def migration_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration for our scripts."""
    config = Config()
    scripts = resources.files("alliance_nlp.store") / "migrations"
    config.set_main_option("script_location", str(scripts))
    config.attributes["connection"] = connection
    return config


def _migrate(engine: Engine) -> None:
    with engine.connect().execution_options(looks_only=True) as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == ScriptDirectory.from_config(migration_config()).get_current_head():
        return
    # One transaction that shuts others out: of two that open an empty database at once, the second
    # waits and then finds nothing to do, and a migration that fails leaves nothing behind.
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_MIGRATION_LOCK})"))
        command.upgrade(migration_config(connection), "head")


def _not_opened(url: str, error: SQLAlchemyError | CommandError) -> str:
    if isinstance(error, CommandError):
        return (
            f"the database {_shown(url)} was built by another release: {error}; "
            "upgrade alliance-nlp, or name another database in store.url"
        )
    return (
        f"the database {_shown(url)} cannot be opened: {_cause(error)}; "
        "check store.url, that the server runs and that the disk has room"
    )


def upsert(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those whose primary key exists already are overwritten."""
    if not rows:
        return
    keys = [column.name for column in table.primary_key]
    statement = _dialect(connection).insert(table)
    updates = {name: statement.excluded[name] for name in rows[0] if name not in keys}
    connection.execute(
        statement.on_conflict_do_update(index_elements=keys, set_=updates), list(rows)
    )


def insert_unknown(connection: Connection, table: Table, rows: Sequence[Mapping[str, Any]]) -> None:
    """Insert rows; those whose primary key exists already stay as they are."""
    if rows:
        statement = _dialect(connection).insert(table).on_conflict_do_nothing()
        connection.execute(statement, list(rows))


def new_id(result: CursorResult[Any]) -> int:
    """Return the id that an insert gave its row."""
    key = result.inserted_primary_key
    assert key is not None
    return int(key[0])


def count_on(tx: Connection) -> None:
    """Let PostgreSQL give further ids after those that came with the rows."""
    if tx.dialect.name != "postgresql":
        return
    for table in metadata.sorted_tables:
        column = table.autoincrement_column
        if column is not None and isinstance(column.type, Integer):
            last = f"(SELECT max({column.name}) FROM {table.name})"  # noqa: S608 - our own names
            tx.execute(
                text(
                    f"SELECT setval(pg_get_serial_sequence('{table.name}', '{column.name}'), "
                    f"{last}) WHERE {last} IS NOT NULL"
                )
            )


def _dialect(connection: Connection) -> Any:
    return postgresql if connection.dialect.name == "postgresql" else sqlite


def _shown(url: str) -> str:
    try:
        return make_url(url).render_as_string(hide_password=True)
    except (ArgumentError, ValueError):
        return _PASSWORD.sub(r"\1***\2", url)


def _cause(error: SQLAlchemyError) -> str:
    original = getattr(error, "orig", None) or error
    return " ".join(str(original).split())[:300]
