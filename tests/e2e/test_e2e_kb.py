"""The kb commands: the knowledge base checked, searched, and added to."""

from __future__ import annotations

import io
import json
import os
import pty
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console

from alliance_nlp.cli import knowledge_cards
from alliance_nlp.tag import find_records, load_knowledge_base
from tests.e2e.conftest import COMMAND, Result, Run, environment
from tests.e2e.in_process import invoke

HERON = ("--name", "Heron", "--country", "US", "--set", "prefix=USS", "--set", "hull=DDG-900")
ENVOY = "Ambassador to Japan | ambassador | Department of State | 2025 |"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "alliance.toml").write_text("[collect]\ndelay_s = 1.0\n", encoding="utf-8")
    return tmp_path


def kb(root: Path, *args: str | Path) -> Result:
    return invoke("kb", *args, "--workspace", root)


def table(root: Path, name: str) -> list[dict[str, Any]]:
    text = (root / "data" / "kb" / f"{name}.jsonl").read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()]


def on_a_terminal(*args: str | Path) -> tuple[int, str]:
    mine, its = pty.openpty()
    env = environment(COLUMNS="120", TERM="dumb", NO_COLOR="1")
    process = subprocess.Popen([COMMAND, *args], stdout=its, stderr=its, stdin=its, env=env)
    os.close(its)
    shown = b""
    while piece := _read(mine):
        shown += piece
    os.close(mine)
    return process.wait(timeout=60), shown.decode().replace("\r\n", "\n")


def _read(handle: int) -> bytes:
    try:
        return os.read(handle, 65_536)
    except OSError:  # the other side is closed
        return b""


# --- check


def test_check_of_the_package_finds_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    done = invoke("kb", "check")
    assert done.code == 0, done.err
    assert done.json["problems"] == []
    assert set(done.json["rows"]) == {"officials", "exercises", "ships", "minerals", "bases"}
    assert min(done.json["rows"].values()) > 50


def test_check_exits_with_3_when_an_addition_is_a_problem(root: Path) -> None:
    added = kb(root, "add", "ships", "--name", "Milius", "--country", "US", "--set", "prefix=USS",
               "--set", "hull=DDG-69")  # fmt: skip
    assert added.code == 0
    assert "look at ddg-69-milius" in added.err
    done = kb(root, "check")
    assert done.code == 3
    assert {problem["id"] for problem in done.json["problems"]} == {"ddg-69-milius"}


def test_check_exits_with_1_and_names_the_line_that_breaks_the_schema(root: Path) -> None:
    assert kb(root, "add", "ships", *HERON).code == 0
    with (root / "data" / "kb" / "ships.jsonl").open("a", encoding="utf-8") as file:
        file.write('{"id": "egret"}\n')
    done = kb(root, "check")
    assert done.code == 1
    assert "ships.jsonl:2: the row lacks" in done.err


def test_check_counts_what_a_workspace_adds_and_corrects(root: Path) -> None:
    assert kb(root, "add", "ships", *HERON).code == 0
    port = ("--id", "usn-ddg-69-milius", "--replace", "--set", "homeport=Everett")
    assert kb(root, "add", "ships", *port).code == 0
    code, shown = on_a_terminal("kb", "check", "--workspace", root)
    assert code == 0
    assert re.search(r"ships\s*│\s*\d+\s*│\s*1\s*│\s*1\s*│", shown)
    assert "no problems" in shown


# --- find


def test_find_decides_by_the_day(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    first = invoke("kb", "find", "Kishi", "--on", "2021-06-01").lines[0]
    assert first["id"] == "kishi-nobuo"
    assert {o["kind"] for o in first["offices"] if o["held"]} == {"diet-member", "defense-minister"}


def test_find_shows_a_card_with_the_role_held_on_the_day(root: Path) -> None:
    code, shown = on_a_terminal("kb", "find", "Kishi", "--on", "2021-06-01", "-w", root)
    assert code == 0
    assert "岸信夫" in shown
    assert re.search(r"held on 2021-06-01 │ 2020-09-16 to 2022-08-10  Minister of Defense", shown)
    assert re.search(r"role +│ 2022-08-10 to 2023-02  Special Adviser", shown)


def test_card_shows_hull_class_and_home_port_of_a_ship() -> None:
    shown = card("Milius")
    for name, value in (("hull", "DDG-69"), ("class", "Arleigh Burke"), ("home port", "Yokosuka")):
        assert re.search(rf"{name} +│ {value}", shown)


@pytest.mark.parametrize(
    ("name", "words"),
    [("gallium", "ガリウム"), ("Keen Sword", "biennial"), ("Camp Schwab", "キャンプ・シュワブ")],
)
def test_card_shows_records_of_each_table(name: str, words: str) -> None:
    shown = card(name)
    assert shown.lstrip().startswith(name)
    assert words in shown
    assert "None" not in shown


def card(name: str) -> str:
    kb = load_knowledge_base()
    out = Console(file=io.StringIO(), width=120)
    out.print(knowledge_cards.card(kb, find_records(kb, name)[0], None))
    assert isinstance(out.file, io.StringIO)
    return out.file.getvalue()


def test_find_names_those_that_it_does_not_show(root: Path) -> None:
    code, shown = on_a_terminal("kb", "find", "Kim", "-w", root)
    assert code == 0
    assert re.search(r"and \d+ more: ", shown)


def test_find_suggests_near_spellings(root: Path) -> None:
    done = kb(root, "find", "Miliuss")
    assert (done.code, done.out) == (1, "")
    assert "did you mean Milius" in done.err


def test_find_refuses_a_day_that_is_none(root: Path) -> None:
    done = kb(root, "find", "Kishi", "--on", "2021-02-30")
    assert done.code == 1
    assert "--on '2021-02-30' is no day" in done.err


def test_find_refuses_a_workspace_that_is_none(tmp_path: Path) -> None:
    done = kb(tmp_path, "find", "Kishi")
    assert done.code == 1
    assert "is no workspace" in done.err


# --- add


def test_added_ship_is_found_and_tagged(root: Path, run: Run) -> None:
    done = kb(root, "add", "ships", *HERON)
    assert done.code == 0, done.err
    assert "wrote USS Heron (ddg-900-heron)" in done.out
    assert done.err == ""
    assert kb(root, "find", "ddg 900").lines[0]["id"] == "ddg-900-heron"
    text = json.dumps({"id": "1", "text": "USS Heron moored at Guam on Monday."})
    [line] = run("tag", "--workspace", root, stdin=text + "\n").lines
    assert [m["entity_id"] for m in line["mentions"] if m["text"] == "USS Heron"] == [
        "ddg-900-heron"
    ]


def test_add_takes_writings_and_roles(root: Path) -> None:
    done = kb(root, "add", "officials", "--name", "Ann Heron", "--country", "US",
              "--alias", "Ann B. Heron", "--ja", "アン・ヘロン", "--role", ENVOY)  # fmt: skip
    assert done.code == 0, done.err
    [row] = table(root, "officials")
    assert (row["id"], row["aliases"], row["ja"]) == (
        "ann-heron",
        ["Ann B. Heron"],
        ["アン・ヘロン"],
    )
    assert kb(root, "find", "Heron", "--on", "2026-01-01").lines[0]["offices"][0]["held"]


def test_replace_adds_to_what_the_package_says(root: Path) -> None:
    done = kb(root, "add", "officials", "--id", "kishi-nobuo", "--alias", "N. Kishi", "--replace")
    assert done.code == 0, done.err
    [row] = table(root, "officials")
    assert row["aliases"] == ["Kishi Nobuo", "N. Kishi"]
    assert row["ja"] == ["岸信夫"]


def test_replace_ends_a_role_that_begins_as_the_one_given(root: Path) -> None:
    add = ("add", "officials", "--name", "Ann Heron", "--country", "US")
    assert kb(root, *add, "--role", ENVOY).code == 0
    assert kb(root, *add, "--role", ENVOY + " 2027-01", "--replace").code == 0
    [row] = table(root, "officials")
    [role] = row["roles"]
    assert (role["from"], role["until"]) == ("2025", "2027-01")


def test_known_id_is_refused_without_replace(root: Path) -> None:
    done = kb(root, "add", "bases", "--name", "Camp Schwab", "--country", "JP")
    assert done.code == 1
    assert "--replace" in done.err
    assert not list((root / "data" / "kb").iterdir())


def test_rows_come_from_a_file_or_from_standard_input(root: Path, run: Run) -> None:
    rows = '{"name": "Camp Heron", "country": "JP"}\n\n{"name": "Camp Egret", "country": "JP"}\n'
    (root / "rows.jsonl").write_text(rows, encoding="utf-8")
    assert kb(root, "add", "bases", "--file", root / "rows.jsonl").code == 0
    assert [row["id"] for row in table(root, "bases")] == ["camp-heron", "camp-egret"]
    more = '{"name": "Camp Grebe", "country": "JP"}\n'
    done = run("kb", "add", "bases", "--file", "-", "--workspace", root, stdin=more)
    assert done.code == 0, done.err
    assert len(table(root, "bases")) == 3


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('{"name": "Camp Egret"}', "lacks"),
        ("{", "not a line of JSON"),
        ("7", "must be a JSON object"),
    ],
)
def test_broken_row_of_a_file_is_named_by_its_line(root: Path, line: str, words: str) -> None:
    rows = root / "rows.jsonl"
    rows.write_text(f'{{"name": "Camp Heron", "country": "JP"}}\n{line}\n', encoding="utf-8")
    done = kb(root, "add", "bases", "--file", rows)
    assert done.code == 1
    assert f"{rows}:2: " in done.err
    assert words in done.err
    assert not (root / "data" / "kb" / "bases.jsonl").exists()


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("planets", "--name", "Heron"), "no table"),
        (("ships", "--name", "Heron"), "lacks ['country']"),
        (("ships", *HERON, "--set", "colour=red"), "no 'colour'"),
        (("ships", *HERON, "--set", "colour"), "no key=value"),
        (("officials", "--name", "Ann Heron", "--country", "US", "--role", "T | mayor"), "2 parts"),
        (("ships", *HERON, "--set", "aliases=A", "--alias", "B"), "--set aliases"),
        (("ships", *HERON, "--file", "rows.jsonl"), "--file brings whole rows"),
        (("ships", "--file", "nowhere.jsonl"), "cannot be read"),
        (("ships", "--file", os.devnull), "holds no rows"),
    ],
)
def test_wrong_addition_is_refused_in_one_line(
    root: Path, args: tuple[str, ...], words: str
) -> None:
    done = kb(root, "add", *args)
    assert done.code == 1
    assert words in done.err
    assert done.err.count("\n") == 1


def test_commands_load_no_spacy(root: Path) -> None:
    code = (
        "import sys\n"
        "from alliance_nlp.cli.app import app\n"
        f"for args in (['check'], ['find', 'Kishi'], ['add', 'ships', *{HERON}]):\n"
        f"    app(['kb', *args, '-w', {str(root)!r}], standalone_mode=False)\n"
        "print([name for name in ('spacy', 'sklearn') if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.stdout.splitlines()[-1] == "[]", done.stderr
