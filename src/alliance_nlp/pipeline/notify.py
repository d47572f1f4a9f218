"""Tell somebody how a run went: a webhook, an e-mail. What cannot be sent becomes a note."""

from __future__ import annotations

import json
import os
import smtplib
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from email.message import EmailMessage
from http.client import HTTPException
from typing import Any, Literal
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.text import one_line, shorten
from alliance_nlp.core.urls import is_web_url
from alliance_nlp.pipeline.figures import (
    Report,
    duration,
    plural,
    reason_counts,
    source_lines,
    totals,
)
from alliance_nlp.pipeline.report import report_json

When = Literal["failure", "always"]

_SOCKET_S = 10.0
# Mail servers make those they do not know wait, to tell programs from spammers.
_PATIENCE = 3
_TLS_PORT = 465  # where TLS begins before the first word
_MOST_LINES = 5
_LONGEST_LINE = 300
_LOOPBACK = ("localhost", "127.0.0.1", "::1")
# What Slack's format and its kin take for markup, links and calls to everybody.
_PLAIN = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "@": "＠"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Email:
    """Where and how an e-mail is handed over.

    Attributes
    ----------
    host, port
        The mail server; port 465 speaks TLS from the start, others by STARTTLS where offered.
    sender, to
        Addresses.
    user
        Account at the mail server, or ``""`` for none.
    password_env
        Name of the environment variable that holds its password.
    """

    host: str
    sender: str
    to: tuple[str, ...]
    port: int = 25
    user: str = ""
    password_env: str = ""


def notify(
    report: Report, *, webhook: str, email: Email | None, when: When, limit_s: float = 10.0
) -> list[str]:
    """Send the report's gist; return a note for each way that did not work.

    Parameters
    ----------
    webhook
        http(s) URL that takes JSON with a ``text``, as Slack, Mattermost and Teams do; ``""`` for
        none. Its path is often a secret, so no note repeats it.
    when
        ``"failure"``: only if the run was broken off, does not add up, or anything in it failed.
    limit_s
        Seconds that the webhook may take in all; the e-mail may take three times as long.

    Returns
    -------
    list of str
        Empty if all was sent or there was nothing to send. Nothing is raised: a message that does
        not get through is no reason for a night to fail.
    """
    if when == "failure" and not report.is_failure:
        return []
    notes = []
    if webhook:
        notes += _attempt(
            f"the webhook at {_site(webhook)}", lambda: _post(webhook, report), limit_s=limit_s
        )
    if email is not None:
        notes += _attempt(
            f"the e-mail by {email.host}:{email.port}",
            lambda: _mail(email, report),
            limit_s=limit_s * _PATIENCE,
        )
    return notes


def subject(report: Report) -> str:
    """Return the message in one line."""
    return one_line(f"alliance-nlp run {report.run.id} ({report.run.command}): {report.headline}")


def message(report: Report) -> str:
    """Return what happened, what failed and what to do, in a few lines of plain text."""
    took = f", took {duration(report.seconds)}" if report.seconds is not None else ""
    lines = [f"Run {report.run.id} ({report.run.command}) on {socket.gethostname()}{took}."]
    lines.append(f"{report.headline}.")
    if report.has_collected:
        sums = totals(report)
        tried = f" from {plural(sums.n_tried, 'source')} tried" if report.visits else ""
        lines.append(f"{plural(sums.n_new_articles, 'new article')}{tried}.")
    lines += _listed("What failed:", _failures(report))
    lines += _listed("Sources that want somebody's hand:", _wanting(report))
    lines += ["", f"What to do: {_advice(report)}"]
    return "\n".join(lines) + "\n"


def _listed(title: str, lines: list[str]) -> list[str]:
    if not lines:
        return []
    shown = [f"- {shorten(one_line(line), _LONGEST_LINE)}" for line in lines[:_MOST_LINES]]
    n_more = len(lines) - len(shown)
    return ["", title, *shown, *([f"- and {n_more} more"] if n_more else [])]


def _failures(report: Report) -> list[str]:
    examples = {(p.stage, p.reason): p for p in reversed(report.problems) if p.failed}
    lines = []
    for count in reason_counts(report):
        if count.n_failed:
            first = examples[count.stage, count.reason]
            lines.append(
                f"{count.stage.value}: {count.reason.value} {count.n_failed}, "
                f"such as {first.subject_id}: {first.detail}"
            )
    return lines


def _wanting(report: Report) -> list[str]:
    return [
        f"{line.source_id}: {line.state.value}; {line.health.do or line.health.why}"
        for line in source_lines(report)
        if line.health and line.wants_hand
    ]


def _advice(report: Report) -> str:
    page = f"reports/run-{report.run.id}.html in the workspace"
    if not report.adds_up:
        return f"the counts do not add up, which is a fault of ours; report it with {page}."
    if not report.reached_its_end:
        return "run it again; what was done is kept and it goes on from there."
    if report.n_failed:
        return f"most failures pass by themselves and are tried again; read {page}."
    return f"nothing; the details are in {page}."


def _attempt(what: str, send: Callable[[], None], *, limit_s: float) -> list[str]:
    """Run ``send`` for at most ``limit_s`` seconds; return what kept it from working.

    A timeout of the socket alone starts anew with every byte.
    """
    notes = [f"{what} was not sent: no end within {limit_s:g} s; check the address"]

    def work() -> None:
        try:
            send()
        except (OSError, HTTPException, smtplib.SMTPException, ValueError, ConfigError) as error:
            notes[0] = f"{what} was not sent: {_cause(error)}"
        else:
            notes.clear()

    # A daemon: what hangs does not keep the program from ending.
    worker = threading.Thread(target=work, name="notify", daemon=True)
    worker.start()
    worker.join(limit_s)
    return list(notes)


def _cause(error: Exception) -> str:
    """Return why it failed, without the address, which a library's message may repeat."""
    if isinstance(error, ConfigError):
        return str(error)
    if isinstance(error, HTTPError):
        error.close()
        if 300 <= error.code < 400:
            return f"it answered with a redirect ({error.code}); name the final address"
        return f"it answered with status {error.code}; check the address with its service"
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return f"every recipient was refused: {', '.join(error.recipients)}; check the addresses"
    if isinstance(error, smtplib.SMTPResponseException):
        said = error.smtp_error
        text = said.decode(errors="replace") if isinstance(said, bytes) else str(said)
        return f"the mail server answered {error.smtp_code} {shorten(one_line(text), 200)}"
    if isinstance(error, URLError) and isinstance(error.reason, OSError):
        return _cause(error.reason)
    if isinstance(error, TimeoutError):
        return "no answer in time; check that it can be reached from here"
    if isinstance(error, smtplib.SMTPException):
        return f"{type(error).__name__}: {shorten(one_line(str(error)), 200)}"
    if isinstance(error, OSError):
        return f"{error.strerror or type(error).__name__}; check that it can be reached from here"
    return f"{type(error).__name__}; check how it is written in alliance.toml"


class _NoRedirects(HTTPRedirectHandler):
    """A webhook answers itself; a redirect would carry the report to who knows where."""

    def redirect_request(self, *_: Any) -> None:
        """Follow nothing; the status then counts as an error."""


def _post(webhook: str, report: Report) -> None:
    if not is_web_url(webhook):
        raise ConfigError("its address is no http or https URL; mend alliance.toml")
    whole = report_json(report)
    kept = ("run", "command", "state", "headline", "adds_up", "seconds", "totals")
    text = f"{subject(report)}\n{message(report)}".translate(_PLAIN)
    body = {"text": text, **{key: whole[key] for key in kept}}
    request = Request(  # noqa: S310 - the scheme was checked above
        webhook,
        data=json.dumps(body).encode(),
        headers={"Content-Type": "application/json", "User-Agent": "alliance-nlp"},
        method="POST",
    )
    with build_opener(_NoRedirects).open(request, timeout=_SOCKET_S):
        pass


def _site(url: str) -> str:
    try:
        return urlsplit(url).hostname or "an unnamed host"
    except ValueError:
        return "an unnamed host"


def _mail(email: Email, report: Report) -> None:
    letter = _letter(email, report)
    secret = _password(email)
    is_local = email.host in _LOOPBACK
    context = ssl.create_default_context()
    if is_local:
        # A mail server on this machine signs for itself, and nothing leaves the machine.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    with _connect(email, context) as server:
        server.ehlo()
        is_private = is_local or email.port == _TLS_PORT
        if email.port != _TLS_PORT and server.has_extn("starttls"):
            server.starttls(context=context)
            server.ehlo()
            is_private = True
        if email.user:
            if not is_private:
                raise ConfigError(
                    "the mail server offers no encryption, so the password was kept back; "
                    "use its port for TLS, or leave user empty"
                )
            server.login(email.user, secret)
        if refused := server.send_message(letter):
            raise ConfigError(
                f"{', '.join(refused)} was refused, the others have it; check the address"
            )


def _connect(email: Email, context: ssl.SSLContext) -> smtplib.SMTP:
    if email.port == _TLS_PORT:
        return smtplib.SMTP_SSL(email.host, email.port, timeout=_SOCKET_S, context=context)
    return smtplib.SMTP(email.host, email.port, timeout=_SOCKET_S)


def _password(email: Email) -> str:
    if not email.user:
        return ""
    secret = os.environ.get(email.password_env, "")
    if not secret:
        raise ConfigError(
            f"the environment variable {email.password_env!r} with the password of "
            f"{email.user} is not set; set it where the night is started"
        )
    return secret


def _letter(email: Email, report: Report) -> EmailMessage:
    letter = EmailMessage()
    letter["Subject"] = subject(report)
    try:
        letter["From"] = email.sender
        letter["To"] = ", ".join(email.to)
    except (ValueError, IndexError) as error:
        # The header's parser refuses line ends, and trips over some torn addresses.
        raise ConfigError("an address of the e-mail cannot be read; mend alliance.toml") from error
    letter["Auto-Submitted"] = "auto-generated"
    letter.set_content(message(report))
    return letter
