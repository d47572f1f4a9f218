"""schedule: what to install so that the nightly runs by itself."""

from __future__ import annotations

import getpass
import os
import re
import shlex
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import typer

from alliance_nlp.cli.options import WorkspaceOption
from alliance_nlp.core.errors import ConfigError

PROGRAM = "alliance-nlp"
_AT = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])")
_EVERY = re.compile(r"([0-9]{1,2})h")
_USER = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]{0,31}")
# A unit or a crontab is read line by line, and trims its lines.
_UNWRITABLE = re.compile(r"[\x00-\x1f\x7f\ud800-\udfff]|^\s|\s$|\\$")
# A night that takes longer hangs; it is stopped in order, and the next goes on from there.
_MOST_HOURS = 6


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What runs when, where and as whom."""

    program: Path
    workspace: Path
    hours: tuple[int, ...]
    minute: int
    user: str

    @property
    def most_hours(self) -> int:
        """Hours after which a run is stopped: before the one after it begins."""
        return min(_MOST_HOURS, 24 // len(self.hours))


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel="The night")(schedule)


def schedule(
    *,
    cron: Annotated[bool, typer.Option("--cron", help="Print lines for a crontab.")] = False,
    systemd: Annotated[
        bool, typer.Option("--systemd", help="Print a service and a timer for systemd.")
    ] = False,
    at: Annotated[str, typer.Option(help="Time of day, in this machine's zone.")] = "02:30",
    every: Annotated[str, typer.Option(help="Hours between two runs, such as 12h.")] = "24h",
    user: Annotated[
        str | None,
        typer.Option(help="Account to run as; without it, your own.", show_default=False),
    ] = None,
    workspace: WorkspaceOption = None,
) -> None:
    """Print what to install so that the nightly runs by itself; nothing is installed.

    Example: alliance-nlp schedule --systemd --at 02:30 --workspace /srv/alliance
    """
    from alliance_nlp.workspace import find_workspace

    if cron == systemd:
        raise typer.BadParameter("choose one of them", param_hint="--cron / --systemd")
    hours, minute = times(at, every=every)
    plan = Plan(
        program=_writable(find_program()),
        workspace=_writable(find_workspace(workspace).root),
        hours=hours,
        minute=minute,
        user=_account(user, needed=systemd),
    )
    typer.echo(crontab(plan) if cron else units(plan), nl=False)


def times(at: str, *, every: str) -> tuple[tuple[int, ...], int]:
    """Return the hours and the minute of the day at which to run.

    Raises
    ------
    typer.BadParameter
        If ``at`` is no time of day, or the hours of ``every`` do not fill a day evenly.
    """
    day = _AT.fullmatch(at)
    if day is None:
        raise typer.BadParameter(f"{at!r} is no time of day; write 02:30", param_hint="--at")
    gap = _EVERY.fullmatch(every)
    n_hours = int(gap[1]) if gap else 0
    if n_hours == 0 or 24 % n_hours:
        raise typer.BadParameter(
            f"{every!r} does not divide a day; write 1h, 2h, 3h, 4h, 6h, 8h, 12h or 24h",
            param_hint="--every",
        )
    first = int(day[1])
    hours = sorted((first + start) % 24 for start in range(0, 24, n_hours))
    return tuple(hours), int(day[2])


def find_program() -> Path:
    """Return the absolute path of the program that is running, else of the one on the PATH.

    Raises
    ------
    ConfigError
        If there is none to be found.
    """
    beside = Path(sys.executable).parent / PROGRAM
    for found in (sys.argv[0], shutil.which(PROGRAM), str(beside)):
        path = Path(found or "")
        if path.name == PROGRAM and path.is_file() and os.access(path, os.X_OK):
            return path.absolute()
    raise ConfigError(
        f"cannot find the program {PROGRAM}; put its folder on the PATH and try again"
    )


def _writable(path: Path) -> Path:
    if _UNWRITABLE.search(str(path)):
        raise ConfigError(
            f"the path {str(path)!r} holds control characters or stray bytes, or ends in a "
            "space or a backslash, which neither cron nor systemd can read; rename the folder"
        )
    return path


def _account(user: str | None, *, needed: bool) -> str:
    if user is None:
        return getpass.getuser() if needed else ""
    if not _USER.fullmatch(user):
        raise typer.BadParameter(f"{user!r} is no name of an account", param_hint="--user")
    return user


def crontab(plan: Plan) -> str:
    """Return lines for the user's own crontab, or with ``plan.user`` for a file in /etc/cron.d."""
    log = plan.workspace / "nightly.log"
    command = (
        f"{_shell(plan.program)} nightly --workspace {_shell(plan.workspace)} "
        f">/dev/null 2>>{_shell(log)} || [ $? -eq 3 ] || "
        f"echo {_shell(f'{PROGRAM} nightly failed, see {log}')}"
    )
    when = f"{plan.minute} {','.join(map(str, plan.hours))} * * *"
    place = (
        f"# save as /etc/cron.d/{PROGRAM}, owned by root, mode 0644"
        if plan.user
        else "# add by: crontab -e"
    )
    account = f"{plan.user} " if plan.user else ""
    return f"""\
{place}
# Times are in this machine's zone. Two runs cannot overlap: the second says so and leaves.
# Exit code 3 means that the night is done, with failures of single pages or sources in its
# report; that is daily business, so only other codes print the line that cron mails to you.
# The report is in reports/latest.html of the workspace, messages are in nightly.log.
SHELL=/bin/sh
PATH=/usr/local/bin:/usr/bin:/bin
{when} {account}{command}
"""


def _shell(path: Path | str) -> str:
    # Cron takes a bare percent sign for the end of the command.
    return shlex.quote(str(path)).replace("%", r"\%")


def units(plan: Plan) -> str:
    """Return a systemd service, its timer, and how to install them."""
    root = f"# Better an account of its own than root: {PROGRAM} schedule --systemd --user NAME\n"
    return f"""\
{root if plan.user == "root" else ""}{_service(plan)}

{_timer(plan)}

# then:
#   sudo systemctl daemon-reload
#   sudo systemctl enable --now {PROGRAM}.timer
# to try it at once, and to read what it said:
#   sudo systemctl start {PROGRAM}.service
#   journalctl --unit {PROGRAM}.service
# The report is in reports/latest.html of the workspace.
"""


def _service(plan: Plan) -> str:
    return f"""\
# save as /etc/systemd/system/{PROGRAM}.service
[Unit]
Description=The nightly of {_specified(plan.workspace)}
Wants=network-online.target
After=network-online.target
# What to start when a night fails, such as a unit that writes to you:
# OnFailure=your-alarm@%n.service

[Service]
Type=oneshot
User={plan.user}
WorkingDirectory={_specified(plan.workspace)}
ExecStart={_command_word(plan.program)} nightly --workspace {_argument(plan.workspace)}
# Exit code 3 means that the night is done, with failures of single pages or sources in its
# report. That is daily business: it counts as success here, or an alarm would ring every night.
SuccessExitStatus=3
TimeoutStartSec={plan.most_hours}h
Nice=10
# The report goes to the workspace; the journal keeps what is said on the way.
StandardOutput=null
StandardError=journal
NoNewPrivileges=yes
PrivateTmp=yes
ProtectSystem=strict
ProtectHome=read-only
ProtectKernelTunables=yes
ProtectControlGroups=yes
RestrictSUIDSGID=yes
# All it writes is in the workspace; name the folder of a metrics file here as well.
ReadWritePaths={_quoted(_specified(plan.workspace))}"""


def _timer(plan: Plan) -> str:
    hours = ",".join(f"{hour:02d}" for hour in plan.hours)
    return f"""\
# save as /etc/systemd/system/{PROGRAM}.timer
[Unit]
Description=When the nightly of {_specified(plan.workspace)} runs

[Timer]
# In this machine's zone. A night missed while the machine was off is made up for.
OnCalendar=*-*-* {hours}:{plan.minute:02d}:00
Persistent=true
# Not every crawler of the world should begin at the same second.
RandomizedDelaySec=10min

[Install]
WantedBy=timers.target"""


def _specified(path: Path) -> str:
    """Return a path for a unit, where a percent sign begins a specifier."""
    return str(path).replace("%", "%%")


def _quoted(word: str) -> str:
    escaped = word.replace("\\", r"\\").replace('"', r"\"")
    return f'"{escaped}"'


def _command_word(path: Path) -> str:
    # The first word of a command knows specifiers, but no variables.
    return _quoted(_specified(path))


def _argument(path: Path) -> str:
    return _quoted(_specified(path).replace("$", "$$"))
