"""The report's page: complete, self-contained, and deaf to what others wrote into it."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from lxml import html
from report_values import (
    AT,
    make_health,
    make_problem,
    make_report,
    make_run,
    make_visit,
    make_yield,
)

from alliance_nlp.core.types import Outcome, Reason, Stage, StageCount
from alliance_nlp.pipeline.report import Report
from alliance_nlp.pipeline.report_html import MOST_PROBLEMS, render_report
from alliance_nlp.sources import State

PAYLOADS = [
    "<script>alert(1)</script>",
    '"><img src=x onerror=alert(1)>',
    "' onmouseover='alert(1)",
    "</style><svg onload=alert(1)>",
    "{{ 7 * 7 }}{% raw %}",
    "<!-- --><iframe src=https://evil.example>",
]


def page(report: Report) -> Any:
    return html.document_fromstring(render_report(report))


def text(report: Report) -> str:
    return " ".join(page(report).text_content().split())


def hostile(payload: str) -> Report:
    report = make_report()
    return replace(
        report,
        problems=(make_problem(payload, detail=payload), make_problem("x", detail=payload)),
        yields=(replace(make_yield("a", 0), name=payload), make_yield("b", 1)),
        visits=(
            make_visit("a", Outcome.FAILED, detail=payload, moved_to=payload, seconds=1.0),
            make_visit("b", Outcome.FAILED, detail=payload),
        ),
        health=(make_health("a", State.SILENT, why=payload, do=payload),),
        notes=(payload,),
    )


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_comes_out_as_text(payload: str) -> None:
    found = page(hostile(payload))
    for name in ("script", "img", "svg", "iframe", "object", "form"):
        assert not found.findall(f".//{name}")
    assert not [a for e in found.iter() for a in e.attrib if a.startswith("on")]
    assert len(found.findall(".//style")) == 1
    assert payload in found.text_content()


@pytest.mark.parametrize(
    "subject", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "//x.example"]
)
def test_only_web_addresses_become_links(subject: str) -> None:
    report = make_report(problems=(make_problem(subject), make_problem("https://ok.example/1")))
    assert [a.get("href") for a in page(report).findall(".//a")] == ["https://ok.example/1"]


def test_controls_and_direction_marks_are_left_out() -> None:
    report = make_report(notes=("left\u202eright\x07 \ud800end",))
    assert "leftright end" in render_report(report)


def test_nothing_is_fetched_from_elsewhere() -> None:
    source = render_report(make_report())
    assert not re.search(r"<(?:link|script|img|iframe)|@import|url\(|\ssrc=", source)


def test_every_table_has_a_caption_and_headers_with_scope() -> None:
    tables = page(make_report()).findall(".//table")
    assert len(tables) >= 4
    for table in tables:
        assert table.findtext("caption")
        assert table.findall(".//th")
        assert all(th.get("scope") in ("col", "row") for th in table.findall(".//th"))


def test_every_row_is_as_wide_as_its_header() -> None:
    for table in page(make_report()).findall(".//table"):
        wide = [[cell.get("class") or "" for cell in row] for row in table.findall(".//tr")]
        assert len({len(row) for row in wide}) == 1
        assert len({tuple("wide" in name.split() for name in row) for row in wide}) == 1


def test_ledger_says_that_it_holds() -> None:
    assert "in = out + rejected + failed holds in every stage." in text(make_report())


def test_ledger_says_that_it_does_not_hold() -> None:
    count = StageCount(stage=Stage.TAG, n_in=2, n_out=1, n_rejected=0, n_failed=0)
    assert "in = out + rejected + failed DOES NOT HOLD" in text(make_report(counts=(count,)))


def test_ledger_shows_time_and_bytes_by_stage() -> None:
    found = page(make_report())
    [row] = [r for r in found.findall(".//tr") if r[0].text == "collect" and len(r) == 8]
    assert [cell.text for cell in row][1:] == [
        "8",
        "6",
        "1",
        "1",
        "12.5 s",
        "81.0 kB",
        "robots-denied 1, timeout 1",
    ]


def test_headline_and_figures_are_told_in_words() -> None:
    found = text(make_report())
    assert "Run 7: Done, with 1 failure" in found
    assert "4 new articles from 3 sources tried" in found
    assert "took 4 min 12 s" in found
    assert "5 sources = 3 tried + 0 put off + 1 resting + 1 not visited" in found


def test_a_source_that_wants_a_hand_says_what_to_do() -> None:
    rows = [
        " ".join(row.text_content().split())
        for table in page(make_report()).findall(".//table")
        if "hand" in (table.findtext("caption") or "")
        for row in table.findall("tbody/tr")
    ]
    assert len(rows) == 2
    assert rows[0].startswith("The c c failing failed 4 times")
    assert "check the address of c" in rows[0]


def test_the_next_visit_is_told_where_it_lies_ahead() -> None:
    found = text(make_report(health=(make_health("d", State.RESTING, next_visit_at=AT),)))
    assert "next visit" not in found
    later = make_health("d", State.RESTING, next_visit_at=AT + timedelta(days=3))
    assert "next visit 2026-03-08 01:30 UTC" in text(make_report(health=(later,)))


def test_problems_of_a_kind_are_cut_and_the_rest_counted() -> None:
    problems = tuple(make_problem(f"https://c.example/{n}") for n in range(MOST_PROBLEMS + 3))
    found = page(make_report(problems=problems))
    assert len(found.findall(".//a")) == MOST_PROBLEMS
    assert "and 3 more, in run-7.json" in found.text_content()


def test_failures_of_a_kind_come_before_rejections() -> None:
    problems = (
        make_problem("https://c.example/rejected", failed=False),
        make_problem("https://c.example/failed"),
    )
    links = [a.text for a in page(make_report(problems=problems)).findall(".//a")]
    assert links == ["https://c.example/failed", "https://c.example/rejected"]


def test_failures_are_open_and_rejections_folded_away() -> None:
    problems = (
        make_problem("https://c.example/1"),
        make_problem("https://c.example/2", reason=Reason.WALL, failed=False),
    )
    states = {
        (details.findtext("summary") or "").split(",")[0]: details.get("open")
        for details in page(make_report(problems=problems)).findall(".//details")
        if ":" in (details.findtext("summary") or "")
    }
    assert states == {"collect: timeout": "", "collect: wall": None}


def test_a_broken_off_run_says_to_run_it_again() -> None:
    report = make_report(run=make_run(state="interrupted"))
    assert "Run it again: what was done is kept" in text(report)


def test_an_empty_run_has_a_page_as_well() -> None:
    run = make_run(state="running", finished_at=None)
    report = Report(run=run, counts=(), problems=(), yields=())
    assert "The run wrote no counts." in text(report)


def test_a_night_without_visits_or_health_still_lists_its_sources() -> None:
    report = make_report(visits=(), health=())
    found = text(report)
    assert "5 sources" in found
    assert "no yield" in found
