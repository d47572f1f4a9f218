from __future__ import annotations

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from store_values import AT, fetch_page, keep_articles, make_run

from alliance_nlp.core.errors import StoreError
from alliance_nlp.store import (
    Connection,
    Database,
    articles_to_do,
    count_rows,
    fetches_to_extract,
    last_run,
    mark_step,
    schema,
)
from alliance_nlp.store.search_tables import is_of_index


def _compare(url: str) -> list[object]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        options = {
            "compare_type": True,
            "compare_server_default": True,
            "include_name": lambda name, kind, _: kind != "table" or not is_of_index(name),
        }
        context = MigrationContext.configure(connection, opts=options)
        return list(compare_metadata(context, schema.metadata))


def _tables(url: str) -> set[str]:
    engine = sa.create_engine(url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        return set(sa.inspect(connection).get_table_names())


def test_tables_match_the_schema_when_migrated_from_empty(empty_url: str) -> None:
    Database.open(empty_url).close()
    assert _compare(empty_url) == []


def test_comparison_would_notice_a_missing_column(empty_url: str) -> None:
    Database.open(empty_url).close()
    engine = sa.create_engine(empty_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("ALTER TABLE issues DROP COLUMN footer"))
    assert len(_compare(empty_url)) == 1


def test_constraints_and_foreign_keys_match_the_schema(database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.connect() as connection:
        inspector = sa.inspect(connection)
        for table in schema.metadata.tables.values():
            built = inspector.get_pk_constraint(table.name)["constrained_columns"]
            assert built == [column.name for column in table.primary_key]
            foreign = {
                (key["constrained_columns"][0], key["referred_table"])
                for key in inspector.get_foreign_keys(table.name)
            }
            assert foreign == {
                (key.parent.name, key.column.table.name) for key in table.foreign_keys
            }


def test_reopening_changes_nothing(database_url: str) -> None:
    with Database.open(database_url) as database, database.write() as tx:
        run_id = make_run(tx)
        before = count_rows(tx)
    with Database.open(database_url) as database, database.read() as tx:
        assert count_rows(tx) == before
        run = last_run(tx)
    assert run is not None
    assert (run.id, run.state, run.started_at) == (run_id, "running", AT)


def test_every_table_is_counted(database: Database) -> None:
    with database.read() as tx:
        counts = count_rows(tx)
    assert set(counts) == set(schema.metadata.tables)
    assert set(counts.values()) == {0}


def test_kind_names_the_database(database: Database, database_url: str) -> None:
    assert database.kind == sa.make_url(database_url).get_backend_name()


def test_what_waits_in_a_store_of_an_earlier_release_is_still_due(database_url: str) -> None:
    from alembic import command

    from alliance_nlp.store.database import migration_config

    with Database.open(database_url) as database, database.write() as tx:
        keep_articles(tx, "a", "b")
        first, second, *_ = (fetch_page(tx, make_run(tx)) for _ in range(3))
        mark_step(tx, "tag", [("a", None)], version="1")
        mark_step(tx, "extract", [(f"fetch:{first}", None)], version="1")
        before = _due(tx)
    assert second in before[2]
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        command.downgrade(migration_config(connection), "0007")
        waiting = connection.execute(sa.text("SELECT count(*) FROM steps WHERE version = ''"))
        assert waiting.scalar() == 0
    with Database.open(database_url) as database, database.read() as tx:
        assert _due(tx) == before


def _due(tx: Connection) -> tuple[list[str], list[str], list[int]]:
    return (
        articles_to_do(tx, "tag", version="1"),
        articles_to_do(tx, "classify", version="1"),
        fetches_to_extract(tx, version="1"),
    )


def test_downgrade_leaves_no_table(database_url: str) -> None:
    from alembic import command

    from alliance_nlp.store.database import migration_config

    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        command.downgrade(migration_config(connection), "base")
    assert _tables(database_url) == {"alembic_version"}


def test_failed_migration_leaves_no_half_built_database(empty_url: str) -> None:
    engine = sa.create_engine(empty_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("CREATE TABLE stories (id TEXT PRIMARY KEY)"))  # in the way
    with pytest.raises(StoreError, match="stories"):
        Database.open(empty_url)
    assert _tables(empty_url) <= {"stories", "alembic_version"}


def test_database_of_a_newer_release_is_refused_with_a_remedy(database_url: str) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = 'ffff'"))
    with pytest.raises(StoreError, match=r"ffff.*upgrade alliance-nlp"):
        Database.open(database_url)
