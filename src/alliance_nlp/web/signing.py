"""Signing in and out, and one's own account."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import quote

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Route

from alliance_nlp.core.errors import InputError
from alliance_nlp.core.text import one_line, shorten
from alliance_nlp.pipeline.accounts import sign_in
from alliance_nlp.pipeline.sessions import (
    change_own_password,
    forget_token,
    sign_out,
    sign_out_everywhere,
)
from alliance_nlp.web.desk import Desk
from alliance_nlp.web.gate import set_key, take_key
from alliance_nlp.web.security import read_cookie, read_form
from alliance_nlp.web.throttle import Throttle
from alliance_nlp.web.who import current

WRONG = "Name and password do not fit. Passwords tell capitals and small letters apart."
# A hash takes 64 MiB for a tenth of a second on purpose; many at once must not take all there is.
_AT_ONCE = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class SigningPages:
    """The sign-in page of a desk with accounts, and the page of whoever is signed in."""

    desk: Desk
    throttle: Throttle = field(default_factory=Throttle)
    hashing: threading.BoundedSemaphore = field(
        default_factory=lambda: threading.BoundedSemaphore(_AT_ONCE)
    )

    def routes(self) -> list[BaseRoute]:
        """Return where they are."""
        return [
            Route("/login", self.show),
            Route("/login", self.enter, methods=["POST"]),
            Route("/logout", self.leave, methods=["POST"]),
            Route("/logout/everywhere", self.leave_everywhere, methods=["POST"]),
            Route("/account", self.own),
            Route("/account/password", self.password, methods=["POST"]),
        ]

    def show(self, request: Request) -> Response:
        """Ask for name and password."""
        if "account" in request.scope:
            return RedirectResponse(own_path(request.query_params.get("next", "")), 303)
        return self._form(request.query_params.get("next", ""))

    async def enter(self, request: Request) -> Response:
        """Sign somebody in."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._enter, request, form)

    def _enter(self, request: Request, form: Mapping[str, str]) -> Response:
        name, after = form.get("name", ""), form.get("next", "")
        address = request.scope["address"]
        wait_s = self.throttle.begin(name, address)
        if wait_s:
            return self._refuse_for(wait_s, name=name, after=after)
        with self.hashing:
            entered = sign_in(self.desk.database, name, password=form.get("password", ""))
        if entered is None:
            return self._form(after, name=name, said=WRONG, status=401)
        self.throttle.forgive(name, address)
        before = read_cookie(request.headers, request.scope["cookie_name"])
        if before:
            forget_token(self.desk.database, before)
        _, token = entered
        response = RedirectResponse(own_path(after), status_code=303)
        # Always a new one: a token that somebody slipped in before signing in opens nothing.
        set_key(response, request.scope, token)
        return response

    def _refuse_for(self, wait_s: int, *, name: str, after: str) -> Response:
        minutes = -(-wait_s // 60)
        plural = "s" if minutes > 1 else ""
        said = f"Too many tries. Wait {minutes} minute{plural}; an admin can set a new password."
        response = self._form(after, name=name, said=said, status=429)
        response.headers["retry-after"] = str(wait_s)
        return response

    def _form(self, after: str, *, name: str = "", said: str = "", status: int = 200) -> Response:
        return self.desk.plain(
            "login.html.j2",
            status=status,
            after=own_path(after) if after else "",
            name=shorten(one_line(name), 80),
            said=said,
        )

    async def leave(self, request: Request) -> Response:
        """End this session."""
        return await run_in_threadpool(self._leave, request)

    def _leave(self, request: Request) -> Response:
        sign_out(self.desk.database, request.scope["key"], by=current(request).name)
        return self._out(request)

    async def leave_everywhere(self, request: Request) -> Response:
        """End all of one's sessions."""
        return await run_in_threadpool(self._leave_everywhere, request)

    def _leave_everywhere(self, request: Request) -> Response:
        name = current(request).name
        sign_out_everywhere(self.desk.database, name, by=name)
        return self._out(request)

    def _out(self, request: Request) -> Response:
        response = RedirectResponse("/login", status_code=303)
        take_key(response, request.scope)
        return response

    def own(self, request: Request) -> Response:
        """Show whoever is signed in what they may do, and let them change their password."""
        return self.desk.page(request, "account.html.j2", said="", refused="")

    async def password(self, request: Request) -> Response:
        """Change one's own password."""
        form = read_form(await request.body())
        return await run_in_threadpool(self._password, request, form)

    def _password(self, request: Request, form: Mapping[str, str]) -> Response:
        account, address = current(request), request.scope["address"]
        new = form.get("new", "")
        if new != form.get("again", ""):
            return self._own(request, "The two new passwords differ; write the same one twice.")
        wait_s = self.throttle.begin(account.name, address)
        if wait_s:
            return self._own(request, f"Too many tries. Wait {-(-wait_s // 60)} minutes.", 429)
        try:
            with self.hashing:
                change_own_password(
                    self.desk.database, account.name, old=form.get("old", ""), new=new
                )
                self.throttle.forgive(account.name, address)
                entered = sign_in(self.desk.database, account.name, password=new)
        except InputError as error:
            return self._own(request, f"{error}.")
        if entered is None:
            return self._out(request)
        response = RedirectResponse("/account?changed=yes", status_code=303)
        set_key(response, request.scope, entered[1])
        return response

    def _own(self, request: Request, refused: str, status: int = 400) -> Response:
        return self.desk.page(
            request,
            "account.html.j2",
            status=status,
            said="",
            refused=refused[:1].upper() + refused[1:],
        )


def own_path(text: str) -> str:
    """Return a path of this desk to go on at; ``/`` for what leads or could lead elsewhere."""
    is_ours = text.startswith("/") and not text.startswith(("//", "/\\", "/login"))
    if not is_ours or any(ord(sign) < 33 or sign == "\\" for sign in text) or len(text) > 2_000:
        return "/"
    return quote(text, safe="/?&=%#+:,;@!$'()*~.-_[]")
