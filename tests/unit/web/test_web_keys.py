"""The table of keys, the sheet made of it and the script that reads it must agree."""

from __future__ import annotations

import re
from importlib import resources

import pytest

from alliance_nlp.web.keys import SHEET

KEYS = [key for group in SHEET for key in group.keys]
SCRIPT = resources.files("alliance_nlp.web") / "static" / "desk.js"


def test_no_key_has_two_meanings():
    presses = [key.press for key in KEYS]
    assert len(presses) == len(set(presses))


def test_no_key_begins_a_pair_and_acts_alone():
    firsts = {key.press.split(" ")[0] for key in KEYS if " " in key.press}
    assert firsts.isdisjoint(key.press for key in KEYS)


@pytest.mark.parametrize("key", KEYS, ids=lambda key: key.action)
def test_script_knows_what_each_key_does(key):
    table = SCRIPT.read_text(encoding="utf-8").split("const ACTIONS = {")[1].split("\n};")[0]
    actions = re.findall(r"^  (\w+)[:,]", table, re.M)
    assert key.action.split(":")[0] in actions


def test_sheet_shows_every_key(browser):
    text = browser.get("/").text
    shown = re.findall(r'<tr data-press="([^"]+)" data-action="([^"]+)">', text)
    assert shown == [(key.press, key.action) for key in KEYS]
