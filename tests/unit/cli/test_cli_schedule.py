"""What schedule prints works where it is to be installed."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from itertools import pairwise
from pathlib import Path

import pytest
import typer
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner, Result

from alliance_nlp.cli import schedule
from alliance_nlp.cli.schedule import PROGRAM, Plan, crontab, find_program, times, units
from alliance_nlp.core.errors import ConfigError, WorkspaceError

ODD_NAMES = [
    "plain",
    "two words",
    "100%h",
    "a'b\"c",
    "$HOME `id`",
    "back\\slash\\n",
    "semi;colon&amp",
    "日米",
    "#hash",
    "-dash",
]


@pytest.fixture
def app() -> typer.Typer:
    made = typer.Typer()
    made.callback()(lambda: None)  # keeps one command a command of its own
    schedule.register(made)
    return made


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    root = tmp_path / "night watch"
    root.mkdir()
    (root / "alliance.toml").write_text("")
    return root


def invoke(app: typer.Typer, *args: str | Path) -> Result:
    return CliRunner().invoke(app, ["schedule", *map(str, args)])


def make_plan(
    folder: Path, *, program: Path = Path("/opt/a/bin") / PROGRAM, user: str = ""
) -> Plan:
    return Plan(program=program, workspace=folder, hours=(2, 14), minute=30, user=user)


def settings_of(text: str, name: str) -> list[str]:
    return re.findall(rf"^{name}=(.*)$", text, re.M)


def unquoted(word: str) -> str:
    """Read a word of a unit as systemd.syntax(7) says."""
    assert word[0] == word[-1] == '"'
    return re.sub(r"\\(.)", r"\1", word[1:-1]).replace("%%", "%")


def cron_runs(line: str, *, has_user: bool) -> str:
    """Return what cron hands to the shell: crontab(5) on fields and percent signs."""
    command = line.split(maxsplit=6 if has_user else 5)[-1]
    assert not re.search(r"(?<!\\)%", command)
    return command.replace(r"\%", "%")


# --- when


@pytest.mark.parametrize(
    ("at", "every", "expected"),
    [
        ("02:30", "24h", ((2,), 30)),
        ("02:30", "12h", ((2, 14), 30)),
        ("23:05", "8h", ((7, 15, 23), 5)),
        ("00:00", "6h", ((0, 6, 12, 18), 0)),
    ],
)
def test_times_of_day(at: str, every: str, expected: tuple[tuple[int, ...], int]) -> None:
    assert times(at, every=every) == expected


@given(st.integers(0, 23), st.sampled_from([1, 2, 3, 4, 6, 8, 12, 24]))
def test_runs_lie_evenly_over_the_day(hour: int, gap: int) -> None:
    hours, _ = times(f"{hour:02d}:00", every=f"{gap}h")
    assert hour in hours
    gaps = {(later - first) % 24 for first, later in pairwise([*hours, hours[0]])}
    assert gaps == {gap % 24}


@pytest.mark.parametrize("at", ["2:30", "24:00", "02:60", "02:30:00", "", "02:3０", "02:30\n"])
def test_a_time_that_is_none_is_refused(at: str) -> None:
    with pytest.raises(typer.BadParameter, match="is no time of day"):
        times(at, every="24h")


@pytest.mark.parametrize("every", ["5h", "0h", "48h", "12", "12m", "-6h", ""])
def test_a_gap_that_does_not_fill_a_day_is_refused(every: str) -> None:
    with pytest.raises(typer.BadParameter, match="does not divide a day"):
        times("02:30", every=every)


# --- the command


def test_cron_prints_a_line_for_the_own_crontab(app: typer.Typer, workspace: Path) -> None:
    result = invoke(app, "--cron", "--at", "04:05", "--workspace", workspace)
    assert result.exit_code == 0
    line = result.output.splitlines()[-1]
    assert line.startswith(f"5 4 * * * {find_program()} nightly --workspace '{workspace}' ")
    assert "# add by: crontab -e" in result.output


def test_cron_for_an_account_prints_a_file_for_cron_d(app: typer.Typer, workspace: Path) -> None:
    result = invoke(app, "--cron", "--user", "newsdesk", "--workspace", workspace)
    assert result.output.splitlines()[-1].startswith("30 2 * * * newsdesk /")
    assert "/etc/cron.d/alliance-nlp" in result.output


def test_systemd_prints_both_units_and_how_to_enable_them(
    app: typer.Typer, workspace: Path
) -> None:
    result = invoke(
        app, "--systemd", "--every", "12h", "--user", "newsdesk", "--workspace", workspace
    )
    assert result.exit_code == 0
    assert "# save as /etc/systemd/system/alliance-nlp.service" in result.output
    assert "# save as /etc/systemd/system/alliance-nlp.timer" in result.output
    assert "systemctl enable --now alliance-nlp.timer" in result.output
    assert settings_of(result.output, "OnCalendar") == ["*-*-* 02,14:30:00"]
    assert settings_of(result.output, "User") == ["newsdesk"]


@pytest.mark.parametrize("options", [[], ["--cron", "--systemd"]])
def test_exactly_one_kind_must_be_chosen(
    app: typer.Typer, workspace: Path, options: list[str]
) -> None:
    result = invoke(app, *options, "--workspace", workspace)
    assert result.exit_code == 2
    assert "choose one" in result.output


@pytest.mark.parametrize("user", ["", "root\nx", "a b", "-x", "%h", "x" * 33])
def test_a_name_that_is_no_account_is_refused(app: typer.Typer, workspace: Path, user: str) -> None:
    result = invoke(app, "--systemd", "--user", user, "--workspace", workspace)
    assert result.exit_code == 2


def test_a_folder_that_is_no_workspace_is_refused(app: typer.Typer, tmp_path: Path) -> None:
    result = invoke(app, "--cron", "--workspace", tmp_path)
    assert isinstance(result.exception, WorkspaceError)


@pytest.mark.parametrize("name", ["line\nbreak", "bell\x07", "end ", "end\\"])
def test_a_folder_that_no_line_can_name_is_refused(
    app: typer.Typer, tmp_path: Path, name: str
) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "alliance.toml").write_text("")
    result = invoke(app, "--cron", "--workspace", tmp_path / name)
    assert isinstance(result.exception, ConfigError)
    assert "rename the folder" in str(result.exception)


def test_the_program_is_named_with_its_whole_path() -> None:
    assert find_program().is_absolute()
    assert find_program().name == PROGRAM


def test_a_folder_of_the_programs_name_is_not_the_program(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / PROGRAM).mkdir()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", [PROGRAM])
    assert find_program().is_file()


# --- cron


def stand_in(folder: Path, *, code: int) -> Path:
    """A program that writes down its arguments and ends with a code."""
    program = folder / "odd 50% bin" / PROGRAM
    program.parent.mkdir()
    program.write_text(
        f'#!/bin/sh\nprintf "%s|" "$@" >"$0.args"\necho out\necho err >&2\nexit {code}\n'
    )
    program.chmod(0o755)
    return program


@pytest.mark.parametrize("user", ["", "newsdesk"])
@pytest.mark.parametrize("name", ODD_NAMES)
def test_cron_starts_the_program_with_the_right_workspace(
    tmp_path: Path, name: str, user: str
) -> None:
    folder = tmp_path / name
    folder.mkdir()
    program = stand_in(tmp_path, code=0)
    line = crontab(make_plan(folder, program=program, user=user)).splitlines()[-1]
    done = subprocess.run(
        ["/bin/sh", "-c", cron_runs(line, has_user=bool(user))],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")
    assert Path(f"{program}.args").read_text() == f"nightly|--workspace|{folder}|"
    assert (folder / "nightly.log").read_text() == "err\n"


@pytest.mark.parametrize(("code", "is_mailed"), [(0, False), (3, False), (1, True), (137, True)])
def test_cron_mails_only_what_broke_a_night(tmp_path: Path, code: int, is_mailed: bool) -> None:
    program = stand_in(tmp_path, code=code)
    line = crontab(make_plan(tmp_path, program=program)).splitlines()[-1]
    done = subprocess.run(
        ["/bin/sh", "-c", cron_runs(line, has_user=False)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.stdout != "") is is_mailed
    assert done.returncode == 0


# --- systemd


@pytest.mark.parametrize("name", ODD_NAMES)
def test_units_name_the_workspace_so_that_systemd_reads_it_back(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    text = units(make_plan(folder, program=folder / PROGRAM, user="newsdesk"))
    [start] = settings_of(text, "ExecStart")
    program, _, argument = start.partition(" nightly --workspace ")
    assert unquoted(program) == str(folder / PROGRAM)
    assert unquoted(argument).replace("$$", "$") == str(folder)
    assert "$" not in argument.replace("$$", "")
    [writable] = settings_of(text, "ReadWritePaths")
    assert unquoted(writable) == str(folder)
    [working] = settings_of(text, "WorkingDirectory")
    assert "%" not in (start + writable + working).replace("%%", "")
    assert working.replace("%%", "%") == str(folder)


def test_units_take_failures_in_the_ledger_for_success() -> None:
    text = units(make_plan(Path("/srv/night"), user="newsdesk"))
    assert settings_of(text, "SuccessExitStatus") == ["3"]


@pytest.mark.parametrize(
    ("every", "limit"), [("24h", "6h"), ("6h", "6h"), ("4h", "4h"), ("1h", "1h")]
)
def test_a_run_is_stopped_before_the_next_begins(every: str, limit: str) -> None:
    hours, minute = times("02:30", every=every)
    plan = Plan(
        program=Path("/opt/bin/x"), workspace=Path("/srv"), hours=hours, minute=minute, user="a"
    )
    assert settings_of(units(plan), "TimeoutStartSec") == [limit]


@pytest.mark.parametrize(("user", "warns"), [("root", True), ("newsdesk", False)])
def test_units_advise_against_root(user: str, warns: bool) -> None:
    assert ("account of its own than root" in units(make_plan(Path("/srv"), user=user))) is warns


@pytest.mark.skipif(not shutil.which("systemd-analyze"), reason="there is no systemd here")
@pytest.mark.parametrize("name", ["plain", "odd 100%h $HOME 'a' \"b\" \\c"])
def test_systemd_finds_no_fault_with_the_units(tmp_path: Path, name: str) -> None:
    folder = tmp_path / name
    folder.mkdir()
    program = stand_in(tmp_path, code=0)
    text = units(make_plan(folder, program=program, user="root"))
    service, timer = text.split("# save as /etc/systemd/system/alliance-nlp.timer\n")
    files = [tmp_path / f"{PROGRAM}.service", tmp_path / f"{PROGRAM}.timer"]
    for file, unit in zip(files, (service, timer), strict=True):
        file.write_text(unit, encoding="utf-8")
    done = subprocess.run(
        ["systemd-analyze", "verify", *map(str, files)], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "")
    assert PROGRAM not in done.stderr
