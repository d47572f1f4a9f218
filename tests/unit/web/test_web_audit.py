from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from web_offices import Office, office_at

from alliance_nlp.core.types import AuditEntry, Verdict
from alliance_nlp.pipeline.deciding import record_decision
from alliance_nlp.store import append_audit, read_decisions, read_doers, read_doings


@pytest.fixture
def office(tmp_path: Path) -> Iterator[Office]:
    """A desk with accounts."""
    with office_at(tmp_path / "w") as found:
        yield found


def decide(office: Office, who: str, verdict: Verdict, story: str = "story-visit") -> None:
    record_decision(office.database, story_id=story, verdict=verdict, reviewer=who)


def test_audit_shows_a_decision_with_what_was_proposed(office):
    decide(office, "ana", Verdict.ACCEPT)
    text = office.signed_in("edo").get("/audit").text
    assert "Leaders meet" in text
    assert re.search(r"proposed: rank 1, score 0\.50, new, defense, by m1", text)


def test_audit_shows_who_signed_in_and_who_could_not(office):
    office.stranger().sign_in("mallory", "wrong wrong wrong")
    text = office.signed_in("edo").get("/audit?kind=sign-ins").text
    assert "could not sign in" in text
    assert "mallory" in text
    assert "signed in" in text


def test_audit_shows_versions_of_issues(office):
    assert "version 1, draft" in office.signed_in("edo").get("/audit?kind=issues").text


@pytest.mark.parametrize(
    ("kind", "n"), [("decisions", 2), ("issues", 1), ("stories", 0), ("exports", 0)]
)
def test_kind_narrows_what_is_read(office, kind, n):
    decide(office, "ana", Verdict.ACCEPT)
    decide(office, "edo", Verdict.REJECT)
    with office.database.read() as tx:
        assert len(read_doings(tx, n=50, kind=kind)) == n


def test_person_narrows_what_is_read(office):
    decide(office, "ana", Verdict.ACCEPT)
    decide(office, "edo", Verdict.REJECT)
    with office.database.read() as tx:
        assert [doing.who for doing in read_doings(tx, n=50, who="ana")] == ["ana"]
        assert {"ana", "edo"} <= set(read_doers(tx))


def test_pages_hold_everything_once_when_much_was_done_in_one_second(office):
    for n in range(7):
        decide(office, f"person-{n}", Verdict.ACCEPT)
        with office.database.write() as tx:
            entry = AuditEntry(
                at=read_decisions(tx)[-1].decided_at, who="x", action="sign-out", subject=str(n)
            )
            append_audit(tx, entry)
    with office.database.read() as tx:
        everything = [doing.cursor for doing in read_doings(tx, n=100)]
        found: list[str] = []
        before = ""
        while page := read_doings(tx, n=3, before=before):
            found += [doing.cursor for doing in page]
            before = page[-1].cursor
    assert len(everything) == len(set(everything)) == 15
    assert found == everything


@pytest.mark.parametrize(
    "before", ["x", "2024-01-01~decision", "~~", "2024~audit~' OR 1=1", "a~b~c"]
)
def test_audit_begins_with_the_newest_when_the_cursor_is_none(office, before):
    decide(office, "ana", Verdict.ACCEPT)
    with office.database.read() as tx:
        assert read_doings(tx, n=5, before=before) == read_doings(tx, n=5)


def test_hostile_note_is_shown_not_run(office):
    record_decision(
        office.database,
        story_id="story-hostile",
        verdict=Verdict.NOTE,
        reviewer="ana",
        note="<script>alert(9)</script>",
    )
    text = office.signed_in("edo").get("/audit").text
    assert "&lt;script&gt;alert(9)&lt;/script&gt;" in text
    assert "<script>alert" not in text


def test_agreement_shows_kappa_and_both_words(office):
    decide(office, "ana", Verdict.ACCEPT)
    decide(office, "rei", Verdict.REJECT)
    text = office.signed_in("edo").get("/agreement").text
    assert "ana and rei" in text
    assert "1 to settle" in text
    assert text.count('class="badge accept"') == text.count('class="badge reject"') == 1


def test_dispute_is_settled_by_an_editor(office):
    decide(office, "ana", Verdict.ACCEPT)
    decide(office, "rei", Verdict.REJECT)
    editor = office.signed_in("edo")
    reply = editor.post("/agreement/story-visit", {"verdict": "accept", "note": "it leads"})
    assert reply.status == 303
    text = editor.get(reply.headers["location"]).text
    assert "0 to settle" in text
    assert "Settled: “<span" in text
    with office.database.read() as tx:
        last = read_decisions(tx)[-1]
    assert (last.reviewer, last.verdict, last.note) == ("edo", Verdict.ACCEPT, "it leads")


@pytest.mark.parametrize("verdict", ["", "later", "undo", "king"])
def test_dispute_is_not_settled_by_what_is_no_judgement(office, verdict):
    reply = office.signed_in("edo").post("/agreement/story-visit", {"verdict": verdict})
    assert reply.status == 400


def test_settling_is_not_found_when_there_is_no_such_story(office):
    reply = office.signed_in("edo").post("/agreement/story-none", {"verdict": "accept"})
    assert reply.status == 404


def test_audit_tells_of_an_export(office):
    editor = office.signed_in("edo")
    reply = editor.get("/issue/vol-2.6/export/json")
    text = editor.get("/audit?kind=exports").text
    assert ("exported" in text) == (reply.status == 200)
    assert 'href="/issue/vol-2.6"' in text or reply.status != 200
