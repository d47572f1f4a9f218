"""Servers that are slow or hostile: each costs one row, none costs the night."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.e2e.night_runs import finish, query, twin
from tests.sites import HOSTILE, Manner, news_web, serve

TIMEOUT_S = 2.0


@pytest.mark.long
def test_three_slow_sources_among_ten_add_less_than_two_deadlines(workspace: Path) -> None:
    outlets = news_web(outlets=10, pages=4)
    with serve(outlets) as web:
        web.write_config(workspace, delay_s=0.2, timeout_s=TIMEOUT_S)
        slowed = twin(workspace, "slowed")
        alone = finish(workspace, command="collect")
        for one, manner in zip(
            outlets, (Manner.SLOW, Manner.SLOW_LISTING, Manner.LATE), strict=False
        ):
            one.manner = manner
        together = finish(slowed, command="collect", code=3)
    added_s = together["stages"][0]["seconds"] - alone["stages"][0]["seconds"]
    assert added_s < 2 * TIMEOUT_S
    reasons = Counter(p["reason"] for p in together["problems"])
    assert reasons == {"timeout": 3}


@pytest.mark.long
def test_each_hostile_source_gives_one_typed_row_and_the_others_are_whole(workspace: Path) -> None:
    outlets = news_web(outlets=2 + len(HOSTILE), pages=3, hostile=len(HOSTILE))
    with serve(outlets) as web:
        web.write_config(workspace, delay_s=0.0, timeout_s=TIMEOUT_S)
        report = finish(workspace, code=3)
        bad = [one.root + one.listing_path for one in outlets if one.manner is not Manner.NORMAL]
    failed = [p for p in report["problems"] if p["failed"]]
    assert sorted(p["subject"] for p in failed) == sorted(bad)
    assert {p["reason"] for p in failed} <= {
        "too-large",
        "redirects",
        "timeout",
        "unreachable",
        "cut-off",
    }
    assert query(workspace, "SELECT count(*) FROM articles") == [(6,)]
