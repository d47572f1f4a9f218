"""Hostile characters: every text goes in, and what comes back is the cleaned text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

import pytest
from store_values import (
    AT,
    keep_article,
    keep_articles,
    make_article,
    make_lead,
    make_page,
    make_ref,
    make_run,
)

from alliance_nlp.core.text import clean
from alliance_nlp.core.types import (
    Dated,
    Decision,
    Issue,
    IssueItem,
    Reason,
    Rejected,
    Sentence,
    Stage,
    Verdict,
)
from alliance_nlp.store import (
    Database,
    append_decision,
    pending_leads,
    read_articles,
    read_decisions,
    read_fetch,
    read_issues,
    read_problems,
    save_fetch,
    save_issue,
    save_leads,
    save_problems,
)

NAUGHTY = {
    "nul": "before\x00after",
    "only nul": "\x00",
    "lone surrogates": "a\ud800b\udfffc",
    "pair by halves": "\ud83d\ude00",
    "controls": "".join(map(chr, range(32))) + "\x7f\x80\x9f",
    "line ends": "one\r\ntwo\rthree\x85four\u2028five\u2029six",
    "bidi": "user\u202etxt.exe\u2066x\u2069",
    "zero width": "zero\u200bwidth\ufeff\u2060",
    "emoji": "\U0001f468\u200d\U0001f469\u200d\U0001f467 \U0001f1ef\U0001f1f5 1\ufe0f\u20e3",
    "astral": "\U00020bb7野家 \U0001d518\U0010fffd",
    "right to left": "السلام عليكم שלום",
    "combining": "Z" + "\u0301" * 60,
    "joiners": "क\u094d\u200dष",
    "noncharacters": "a\ufffe\uffffb",
    "sql": "'; DROP TABLE articles; --",
    "percent": "100% %s %(x)s :name ?1 $1 {x}",
    "backslash": r"C:\x00\u0000 \' \"",
    "json": '{"a": ["\\u0000"]}',
    "spaces": "  \u3000\u00a0 ",
    "long": "あ" * 70_000,
    "empty": "",
}


@pytest.fixture(params=NAUGHTY.values(), ids=NAUGHTY.keys())
def naughty(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture(scope="module")
def shared(make_database_url: Callable[..., str]) -> Iterator[Database]:
    with Database.open(make_database_url(migrated=True)) as database:
        yield database


def test_article_survives(shared: Database, naughty: str) -> None:
    article = make_article(
        f"id-{hash(naughty)}",
        url=f"https://gazette.example/{hash(naughty)}{naughty}",
        link=naughty,
        title=naughty,
        text=naughty,
        authors=(naughty, "A. Writer"),
        outlet=naughty,
        published=Dated(at=AT, precision="day", found=naughty, where=naughty),
    )
    with shared.write() as tx:
        keep_article(tx, article)
    with shared.read() as tx:
        found = read_articles(tx, [article.id])[article.id]
    plain = clean(naughty)
    assert found.published is not None
    assert (found.link, found.title, found.text, found.outlet) == (plain,) * 4
    assert found.authors == (plain, "A. Writer")
    assert (found.published.found, found.published.where) == (plain, plain)
    assert found.url == clean(article.url)


def test_lead_and_fetch_survive(shared: Database, naughty: str) -> None:
    key = f"key-{hash(naughty)}"
    with shared.write() as tx:
        lead = make_lead("x", url=naughty, title=naughty, published=naughty)
        save_leads(tx, [(key, lead)], at=AT)
        page = make_page(url=naughty, asked_url=naughty)
        ref = make_ref()
        fetch_id = save_fetch(tx, page, ref, run_id=make_run(tx), payload_sha256="p", lead_key=None)
    with shared.read() as tx:
        found = pending_leads(tx, most_tries=1)[key]
        fetch = read_fetch(tx, fetch_id)
    plain = clean(naughty)
    assert (found.url, found.title, found.published) == (plain,) * 3
    assert fetch is not None
    assert fetch.url == plain


def test_problem_survives(shared: Database, naughty: str) -> None:
    problem = Rejected(
        stage=Stage.EXTRACT, subject_id=naughty, reason=Reason.CRASHED, detail=naughty
    )
    with shared.write() as tx:
        run_id = make_run(tx)
        save_problems(tx, run_id, [problem])
        plain = clean(naughty)
        assert read_problems(tx, run_id) == (replace(problem, subject_id=plain, detail=plain),)


def test_decision_survives(shared: Database, naughty: str) -> None:
    decision = Decision(
        subject=naughty,
        verdict=Verdict.LATER,
        reviewer=naughty,
        decided_at=AT,
        note=naughty,
        seen_hash=naughty,
    )
    plain = clean(naughty)
    with shared.write() as tx:
        append_decision(tx, decision)
        found = read_decisions(tx)[-1]
    assert (found.subject, found.reviewer, found.note, found.seen_hash) == (plain,) * 4


def test_issue_survives(shared: Database, naughty: str) -> None:
    issue = Issue(
        volume=1,
        number=1,
        title=naughty,
        published_on=date(2024, 4, 14),
        items=(IssueItem(headline=naughty, sentences=(Sentence(text=naughty),)),),
        footer=naughty,
    )
    with shared.write() as tx:
        save_issue(tx, issue, state="draft")
        ((found, _),) = read_issues(tx)
    plain = clean(naughty)
    item = IssueItem(headline=plain, sentences=(Sentence(text=plain),))
    assert found == replace(issue, title=plain, footer=plain, items=(item,))


def test_tables_are_still_there_after_naughty_text(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "a")
        keep_article(tx, make_article("b", title=NAUGHTY["sql"]))
        assert sorted(read_articles(tx, ["a", "b"])) == ["a", "b"]
