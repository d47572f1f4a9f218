"""The audit, on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from store_values import AT, hours

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import AuditEntry
from alliance_nlp.store import (
    Database,
    append_audit,
    backup,
    forget_derived,
    read_audit,
    restore,
)


def _entry(n: int) -> AuditEntry:
    return AuditEntry(
        at=hours(n), who="kano", action="issue-moved", subject="vol-3.7", detail=f"move {n}"
    )


@pytest.fixture
def audited(database: Database) -> Database:
    with database.write() as tx:
        for n in range(5):
            append_audit(tx, _entry(n))
    return database


def test_audit_is_read_newest_first_by_pages(audited: Database) -> None:
    with audited.read() as tx:
        page = read_audit(tx, before=None, n=2)
        assert [entry for _, entry in page] == [_entry(4), _entry(3)]
        following = read_audit(tx, before=page[-1][0], n=2)
        assert [entry for _, entry in following] == [_entry(2), _entry(1)]
        last = read_audit(tx, before=following[-1][0], n=2)
        assert [entry for _, entry in last] == [_entry(0)]


@pytest.mark.parametrize(
    "statement", ["UPDATE audit SET who = 'somebody else'", "DELETE FROM audit"]
)
def test_database_refuses_to_change_the_audit(audited: Database, statement: str) -> None:
    with pytest.raises(StoreError, match="append-only"), audited.write() as tx:
        tx.exec_driver_sql(statement)
    with audited.read() as tx:
        assert len(read_audit(tx, before=None, n=10)) == 5


def test_entry_is_stored_without_what_no_database_takes(database: Database) -> None:
    entry = AuditEntry(at=AT, who="k\0ano", action="sign-in-refused", subject="a\ud800b\u202ec")
    with database.write() as tx:
        append_audit(tx, entry)
        [(_, found)] = read_audit(tx, before=None, n=1)
    assert (found.who, found.subject) == ("kano", "abc")


def test_audit_survives_a_rebuild_and_a_backup(
    audited: Database, empty_url: str, tmp_path: Path
) -> None:
    with audited.write() as tx:
        forget_derived(tx)
        kept = read_audit(tx, before=None, n=9)
    backup(audited, tmp_path / "kept")
    with Database.open(empty_url) as fresh:
        restore(tmp_path / "kept", fresh)
        with fresh.write() as tx:
            assert read_audit(tx, before=None, n=9) == kept
            append_audit(tx, _entry(9))  # its number does not clash with those restored
            assert read_audit(tx, before=None, n=1)[0][1] == _entry(9)
