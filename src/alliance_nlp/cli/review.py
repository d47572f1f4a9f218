"""review: the desk in the browser, for one analyst or for all who have an account."""

from __future__ import annotations

from typing import Annotated

import typer

from alliance_nlp.cli.options import WorkspaceOption, open_workspace


def register(app: typer.Typer) -> None:
    """Add this module's command."""
    app.command(rich_help_panel="The desk")(review)


AccountsOption = Annotated[
    bool, typer.Option("--accounts", help="Let people sign in; see: alliance-nlp accounts.")
]
HostOption = Annotated[
    str, typer.Option(help="Address to listen on; beyond loopback with --accounts only.")
]
PublicHostOption = Annotated[
    list[str] | None,
    typer.Option(
        help="A name by which browsers ask for the desk, such as desk.example.org; repeat it.",
        show_default=False,
    ),
]
ProxyOption = Annotated[
    bool,
    typer.Option(
        "--behind-proxy", help="A proxy of ours ends TLS and sends X-Forwarded-Proto and -For."
    ),
]
_LOOPBACK = ("127.0.0.1", "localhost", "::1")


def review(
    *,
    workspace: WorkspaceOption = None,
    port: Annotated[int, typer.Option(help="0 takes a free one.")] = 8765,
    browser: Annotated[bool, typer.Option(help="Open the page in a browser.")] = True,
    reviewer: Annotated[
        str, typer.Option(envvar="USER", help="Who decides, where nobody signs in.")
    ] = "analyst",
    accounts: AccountsOption = False,
    host: HostOption = "127.0.0.1",
    public_host: PublicHostOption = None,
    behind_proxy: ProxyOption = False,
) -> None:
    """Open the review page: on this machine for one analyst, or with accounts for many.

    Example: alliance-nlp review --accounts --public-host desk.example.org --behind-proxy
    """
    from alliance_nlp.cli import console
    from alliance_nlp.web import Listening, serve

    space, settings = open_workspace(workspace)
    at = Listening(
        host=host,
        with_accounts=accounts,
        public_hosts=tuple(public_host or ()),
        behind_proxy=behind_proxy,
    )

    def announce(url: str) -> None:
        if accounts and not behind_proxy and host not in _LOOPBACK:
            console.err().print(
                "passwords cross the network unencrypted: put a proxy with TLS before the desk, "
                "and start it with --behind-proxy"
            )
        console.out().print(f"review at {console.plain(url)}  (Ctrl-C ends)")

    serve(
        space,
        settings,
        port=port,
        open_browser=browser and not accounts,
        reviewer=reviewer,
        at=at,
        on_ready=announce,
    )
