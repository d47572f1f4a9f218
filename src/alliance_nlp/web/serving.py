"""The server that an analyst or an office starts: on loopback for one, with accounts for many."""

from __future__ import annotations

import contextlib
import ipaddress
import secrets
import socket
import threading
import webbrowser
from collections.abc import Callable
from dataclasses import dataclass

import uvicorn

from alliance_nlp.config import Settings
from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.types import Right
from alliance_nlp.review import may
from alliance_nlp.store import Database, read_accounts
from alliance_nlp.web.app import create_app, server_config
from alliance_nlp.web.warming import warm_for_good
from alliance_nlp.workspace import Workspace

LOOPBACK = "127.0.0.1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Listening:
    """Where the desk listens, and by which names it is asked for.

    Attributes
    ----------
    host
        Address to listen on.
    with_accounts
        Whether people sign in; without, the desk is one person's and on loopback.
    public_hosts
        Names, each with its port unless that is 80 or 443, under which browsers ask for the desk.
    behind_proxy
        Whether a proxy stands before the desk that ends TLS and says so.
    """

    host: str = LOOPBACK
    with_accounts: bool = False
    public_hosts: tuple[str, ...] = ()
    behind_proxy: bool = False


ALONE = Listening()


def serve(
    workspace: Workspace,
    settings: Settings,
    *,
    port: int,
    open_browser: bool,
    reviewer: str = "analyst",
    at: Listening = ALONE,
    on_ready: Callable[[str], None] = lambda _url: None,
) -> None:
    """Serve the desk until interrupted.

    Parameters
    ----------
    port
        Port to listen on; 0 takes a free one.
    reviewer
        Whose decisions these are on a desk without accounts.
    at
        Where to listen, and who may come; one person on 127.0.0.1 unless stated.
    on_ready
        Called with the URL to open, token included, once connections are accepted.

    Raises
    ------
    ConfigError
        If the address cannot be had, is open to others without accounts, or nobody could sign in.
    """
    _check(at)
    if at.with_accounts:
        _check_accounts(workspace, settings)
    with _listen(at.host, port) as listener:
        port = listener.getsockname()[1]
        token = "" if at.with_accounts else secrets.token_urlsafe(32)
        hosts = served_hosts(at, port)
        app = create_app(
            workspace,
            settings,
            token=token,
            hosts=hosts,
            reviewer=reviewer,
            behind_proxy=at.behind_proxy,
        )
        url = _url(at, hosts, token)
        on_ready(url)
        threading.Thread(target=warm_for_good, args=(app,), daemon=True).start()
        if open_browser:
            _open(url)
        with contextlib.suppress(KeyboardInterrupt):
            uvicorn.Server(server_config(app)).run(sockets=[listener])


def _open(url: str) -> None:
    # A browser that lives in the terminal keeps its caller waiting until it is closed.
    threading.Thread(target=webbrowser.open, args=(url,), daemon=True).start()


def served_hosts(at: Listening, port: int) -> tuple[str, ...]:
    """Return the values of ``Host`` that a desk answers to."""
    names: list[str] = []
    if _is_loopback(at.host):
        names = [LOOPBACK, "localhost", *(["[::1]"] if ":" in at.host else [])]
    elif not _is_any(at.host):
        names = [f"[{at.host}]" if ":" in at.host else at.host]
    own = [f"{name}:{port}" for name in names]
    public = [name.lower() for name in at.public_hosts]
    # Straight from a browser a name comes with our port, through a proxy with that one's.
    with_port = [f"{name}:{port}" for name in public if not _has_port(name)]
    return tuple(dict.fromkeys([*own, *public, *with_port]))


def _check(at: Listening) -> None:
    if not at.with_accounts and not _is_loopback(at.host):
        raise ConfigError(
            f"without accounts the desk does not listen on {at.host}, where others could reach it; "
            "leave --host out, or let people sign in with --accounts"
        )
    if not at.with_accounts and (at.public_hosts or at.behind_proxy):
        raise ConfigError(
            "--public-host and --behind-proxy open the desk to others; add --accounts, so that "
            "they sign in"
        )
    if _is_any(at.host) and not at.public_hosts:
        raise ConfigError(
            f"{at.host} means every address of this machine, and the desk answers to known names "
            "only; name those that browsers use with --public-host, or one address with --host"
        )


def _check_accounts(workspace: Workspace, settings: Settings) -> None:
    database = Database.open(settings.store.url or workspace.database_url)
    with database, database.read() as tx:
        accounts = read_accounts(tx)
    if not any(may(account, Right.ADMIN) for account in accounts):
        raise ConfigError(
            "there is no admin's account yet, so nobody could let others in; add one with: "
            "alliance-nlp accounts add NAME --right admin"
        )


def _url(at: Listening, hosts: tuple[str, ...], token: str) -> str:
    if token:
        return f"http://{hosts[0]}/?token={token}"
    public = at.public_hosts[0].lower() if at.public_hosts else hosts[0]
    if at.public_hosts and not at.behind_proxy and not _has_port(public):
        public = next(host for host in hosts if host.startswith(f"{public}:"))
    return f"{'https' if at.behind_proxy and at.public_hosts else 'http'}://{public}/"


def _has_port(name: str) -> bool:
    return name.rpartition(":")[2].isdecimal() and not name.endswith("]")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_any(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_unspecified
    except ValueError:
        return not host


def _listen(host: str, port: int) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        return socket.create_server((host, port), family=family)
    except (OSError, OverflowError) as error:
        raise ConfigError(
            f"port {port} on {host} cannot be had: {error}; name another with --port, "
            "or 0 for any free one"
        ) from error
