"""The application: its commands, and what becomes of errors."""

from __future__ import annotations

import os
import signal
import sys
from typing import Annotated, NoReturn

import typer

from alliance_nlp import __version__
from alliance_nlp.cli.groups import Root
from alliance_nlp.core.errors import AllianceError

EXIT_ERROR = 1
EXIT_FAILURES = 3

app = typer.Typer(
    name="alliance-nlp",
    cls=Root,
    help="From thousands of news pages to a draft US-Japan Alliance Digest.",
    epilog="Start with: alliance-nlp demo",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # rich alone takes longer to load than all the rest of the help
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"alliance-nlp {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    *,
    version: Annotated[  # noqa: ARG001 - its callback does the work
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version.")
    ] = False,
    debug: Annotated[
        bool,
        typer.Option("--debug", envvar="ALLIANCE_DEBUG", help="Show tracebacks of our errors."),
    ] = False,
) -> None:
    """From thousands of news pages to a draft US-Japan Alliance Digest."""
    if debug:
        os.environ["ALLIANCE_DEBUG"] = "1"


def _stop(number: int, _frame: object) -> NoReturn:
    sys.stderr.write("stopped; what was done is kept, run again to go on\n")
    sys.exit(128 + number)


def main() -> None:
    """Run the command line; our own errors become one line and exit code 1.

    Ctrl-C and SIGTERM unwind in order, so a transaction or an archive record is whole or absent,
    and exit with 130 and 143.
    """
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, _stop)
    try:
        app()
    except AllianceError as error:
        if os.environ.get("ALLIANCE_DEBUG"):
            raise
        sys.stderr.write(f"error: {error}\n")
        sys.exit(EXIT_ERROR)
    except BrokenPipeError:
        # Whoever read our output has had enough, such as head(1).
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
