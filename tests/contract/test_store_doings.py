from __future__ import annotations

from datetime import UTC, datetime, timedelta

from alliance_nlp.core.types import (
    Account,
    AuditEntry,
    Decision,
    EditKind,
    Issue,
    Right,
    StoryEdit,
    Verdict,
)
from alliance_nlp.store import (
    append_audit,
    append_decision,
    append_story_edit,
    open_session,
    outlets_of_ranking,
    read_doers,
    read_doings,
    read_run,
    read_session,
    recent_runs,
    renew_session,
    save_account,
    save_issue,
    start_run,
)

AT = datetime(2024, 4, 14, 6, 0, tzinfo=UTC)


def fill(database) -> None:
    """Do one thing of every kind in the same second, and two decisions."""
    edit = StoryEdit(
        kind=EditKind.MERGE,
        moved=(("a1", "story-1"),),
        before=(("a1", "story-2"),),
        reviewer="mio",
        edited_at=AT,
    )
    issue = Issue(volume=2, number=6, title="Digest", published_on=None, items=())
    with database.write() as tx:
        for verdict in (Verdict.ACCEPT, Verdict.REJECT):
            append_decision(
                tx, Decision(subject="story-1", verdict=verdict, reviewer="mio", decided_at=AT)
            )
        append_story_edit(tx, edit)
        save_issue(tx, issue, state="draft", editor="kano", at=AT)
        append_audit(tx, AuditEntry(at=AT, who="", action="sign-in-refused", subject="eve"))


def test_doings_come_from_every_table_newest_first(database):
    fill(database)
    with database.read() as tx:
        found = [(doing.table, doing.action) for doing in read_doings(tx, n=9)]
        assert found == [
            ("version", "saved"),
            ("edit", "merge"),
            ("decision", "reject"),
            ("decision", "accept"),
            ("audit", "sign-in-refused"),
        ]
        assert read_doers(tx) == ["kano", "mio"]


def test_doings_are_paged_without_gap_or_repetition(database):
    fill(database)
    with database.read() as tx:
        whole = read_doings(tx, n=9)
        paged, before = [], ""
        while page := read_doings(tx, n=2, before=before):
            paged += page
            before = page[-1].cursor
    assert paged == whole


def test_doings_are_narrowed_by_kind_and_person(database):
    fill(database)
    with database.read() as tx:
        assert [d.subject for d in read_doings(tx, n=9, kind="sign-ins")] == ["eve"]
        assert [d.table for d in read_doings(tx, n=9, who="kano")] == ["version"]


def test_session_lasts_as_long_as_it_was_renewed(database):
    account = Account(name="mio", right=Right.READER, password_hash="x", created_at=AT)
    until = AT + timedelta(hours=1)
    with database.write() as tx:
        save_account(tx, account)
        open_session(tx, token_hash="h", account="mio", at=AT, until=until)
        renew_session(tx, "h", until=until + timedelta(hours=1))
        session = read_session(tx, "h", at=until)
        assert session
        assert (session.account, session.opened_at) == (account, AT)
        assert read_session(tx, "h", at=until + timedelta(hours=1)) is None


def test_recent_runs_end_with_the_one_that_is_named(database):
    with database.write() as tx:
        ids = [start_run(tx, command="nightly", as_of=AT, at=AT) for _ in range(4)]
        assert [run.id for run in recent_runs(tx, until=ids[2], most=2)] == ids[1:3]
        run = read_run(tx, ids[1])
        assert run
        assert run.id == ids[1]
        assert read_run(tx, ids[3] + 1) is None
        assert outlets_of_ranking(tx, ids[0]) == []
