"""init, demo, doctor: from nothing to a first digest, and what to do when something is amiss."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption

if TYPE_CHECKING:
    from alliance_nlp.config import Settings
    from alliance_nlp.pipeline.drafting import Draft
    from alliance_nlp.pipeline.report import Report
    from alliance_nlp.workspace import Workspace


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    for command in (demo, init, doctor):
        app.command(rich_help_panel="First steps")(command)


def init(
    directory: Annotated[Path, typer.Argument(help="The folder to make.", show_default=False)],
) -> None:
    """Make a workspace: alliance.toml, data/raw, data/labeled, models, issues, an inbox.

    Example: alliance-nlp init /srv/alliance
    """
    from alliance_nlp.cli import console
    from alliance_nlp.cli.template import TEMPLATE
    from alliance_nlp.workspace import make_workspace

    workspace = make_workspace(directory, config=TEMPLATE)
    (workspace.root / "inbox").mkdir(exist_ok=True)
    console.out().print(
        f"made the workspace {console.plain(workspace.root)}\n"
        f"next: add sources to {console.plain(workspace.config_file)}, or put saved pages into "
        f"inbox/, then run: alliance-nlp nightly"
    )


def demo(
    directory: Annotated[
        Path, typer.Option("--dir", help="Where the demo's workspace is kept.")
    ] = Path("alliance-demo"),
) -> None:
    """Run the whole chain on a bundled sample news site and print the draft digest.

    The site runs on loopback; nothing leaves this machine.

    Example: alliance-nlp demo
    """
    from alliance_nlp.cli import console, nights
    from alliance_nlp.config import load_settings
    from alliance_nlp.core.clock import parse_as_of
    from alliance_nlp.pipeline.drafting import draft
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.sample import AS_OF, serve

    workspace = _demo_workspace(directory)
    with serve() as site:
        console.err().print(f"sample news site on {site.proxy}, as of {AS_OF}")
        settings = _through(load_settings(workspace.config_file), site.proxy)
        report = nights.run_here("nightly", workspace, settings, as_of=AS_OF)
    with open_database(workspace, settings) as database:
        drafted = draft(workspace, database, settings, on=parse_as_of(AS_OF).date())
    _show_demo(report, drafted)


def _demo_workspace(directory: Path) -> Workspace:
    from alliance_nlp.cli.template import demo_config
    from alliance_nlp.sample import NUMBER, VOLUME, sources_toml
    from alliance_nlp.workspace import CONFIG_NAME, find_workspace, make_workspace

    if (directory / CONFIG_NAME).is_file():
        return find_workspace(directory)
    config = demo_config(volume=VOLUME, number=NUMBER, sources=sources_toml())
    return make_workspace(directory, config=config)


def _through(settings: Settings, proxy: str) -> Settings:
    collect = settings.collect.model_copy(update={"proxy": proxy})
    return settings.model_copy(update={"collect": collect})


def _show_demo(report: Report, drafted: Draft) -> None:
    from rich.rule import Rule

    from alliance_nlp.cli import console
    from alliance_nlp.cli.report_tables import show_report
    from alliance_nlp.digest import render_markdown

    out = console.out()
    text = render_markdown(drafted.issue, drafted.articles)
    if out.is_terminal:
        out.print(Rule("Draft digest"))
        console.print_markdown(out, text)
        out.print(Rule("The night"))
    else:
        out.print(text, markup=False)
    show_report(report)
    if report.n_new == 0:
        out.print("Nothing new: every page was known already, so the draft is unchanged.")
    out.print("The draft is in:")
    for file in drafted.files:
        out.print(f"  {console.plain(file)}")
    root = drafted.files[0].parent.parent
    out.print(f"Look around: alliance-nlp candidates --workspace {console.plain(root)}")


def doctor(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """Check what is installed, reachable, migrated and trained, and say what to do about it.

    Example: alliance-nlp doctor
    """
    from alliance_nlp.cli import console
    from alliance_nlp.cli.checks import examine

    findings = examine(workspace)
    if console.wants_json(as_json):
        console.print_json(
            [{"check": f.check, "state": f.state, "found": f.found, "do": f.do} for f in findings]
        )
    else:
        rows = [(f.state, f.check, f.found, f.do) for f in findings]
        console.out().print(console.table("", ["", "check", "found", "what to do"], rows))
    if any(finding.state == "wrong" for finding in findings):
        raise typer.Exit(1)
