"""The accounts, for admins: who may work here, and as what."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.types import Account, Right
from alliance_nlp.pipeline.accounts import (
    add_account,
    disable_account,
    enable_account,
    set_password,
    set_right,
)
from alliance_nlp.store import read_accounts
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.security import read_form
from alliance_nlp.web.who import current

SAID = {
    "added": "Added",
    "right": "Right changed",
    "password": "New password set; its sessions have ended",
    "disable": "Disabled; its sessions have ended",
    "enable": "Enabled",
}
_Form = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountPages:
    """The list of accounts, and what changes them."""

    desk: Desk

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/accounts", self.show),
            Route("/accounts", self.add, methods=["POST"]),
            Route("/accounts/{name}/right", self.right, methods=["POST"]),
            Route("/accounts/{name}/password", self.password, methods=["POST"]),
            Route("/accounts/{name}/disable", self.disable, methods=["POST"]),
            Route("/accounts/{name}/enable", self.enable, methods=["POST"]),
        ]

    def show(self, request: Request) -> Response:
        """List the accounts."""
        done, name = request.query_params.get("done", ""), request.query_params.get("name", "")
        said = f"{name}: {SAID[done]}." if done in SAID and name else ""
        return self._page(request, said=said)

    async def add(self, request: Request) -> Response:
        """Add an account."""

        def change(form: _Form, by: str) -> Account:
            _check_twice(form)
            return add_account(
                self.desk.database,
                form.get("name", ""),
                right=_right(form),
                password=form.get("password", ""),
                by=by,
            )

        return await self._change(request, "added", change)

    async def right(self, request: Request) -> Response:
        """Change what an account may do."""
        name = self._other(request, "change your own right")
        return await self._change(
            request,
            "right",
            lambda form, by: set_right(self.desk.database, name, right=_right(form), by=by),
        )

    async def password(self, request: Request) -> Response:
        """Set a new password for somebody who lost theirs."""
        name = self._other(request, "reset your own password here; your account's page does")

        def change(form: _Form, by: str) -> Account:
            _check_twice(form)
            given = form.get("password", "")
            return set_password(self.desk.database, name, password=given, by=by)

        return await self._change(request, "password", change)

    async def disable(self, request: Request) -> Response:
        """Shut an account out."""
        name = self._other(request, "disable yourself")
        return await self._change(
            request, "disable", lambda _, by: disable_account(self.desk.database, name, by=by)
        )

    async def enable(self, request: Request) -> Response:
        """Let an account in again."""
        name = request.path_params["name"]
        return await self._change(
            request, "enable", lambda _, by: enable_account(self.desk.database, name, by=by)
        )

    def _other(self, request: Request, what: str) -> str:
        """Return whom a request is about; nobody can lock out the admin who asks, so one is left.

        Raises
        ------
        HTTPException
            400 if it is whoever asks.
        """
        name = str(request.path_params["name"])
        if name == current(request).name:
            raise HTTPException(400, f"You cannot {what}. Another admin can.")
        return name

    async def _change(
        self, request: Request, done: str, change: Callable[[_Form, str], Account]
    ) -> Response:
        form, by = read_form(await request.body()), current(request).name

        def make() -> Response:
            try:
                account = change(form, by)
            except InputError as error:
                text = str(error)
                return self._page(request, refused=f"{text[:1].upper()}{text[1:]}.", status=400)
            url = request.url.include_query_params(done=done, name=account.name)
            return RedirectResponse(f"/accounts?{url.query}", status_code=303)

        return await run_in_threadpool(make)

    def _page(
        self, request: Request, *, said: str = "", refused: str = "", status: int = 200
    ) -> Response:
        with self.desk.database.read() as tx:
            accounts = read_accounts(tx)
        values: dict[str, Any] = {"accounts": accounts, "rights": list(Right)}
        return self.desk.page(
            request, "accounts.html.j2", status=status, said=said, refused=refused, **values
        )


def _right(form: _Form) -> Right:
    try:
        return Right(form.get("right", ""))
    except ValueError as error:
        raise InputError(f"a right is one of {', '.join(Right)}; choose one") from error


def _check_twice(form: _Form) -> None:
    if form.get("password", "") != form.get("again", ""):
        raise InputError("the two passwords differ; write the same one twice")
