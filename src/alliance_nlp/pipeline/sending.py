"""An issue by SMTP: to each recipient a letter of their own, and word of who refused."""

from __future__ import annotations

import os
import smtplib
import ssl
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage

from alliance_nlp.config import MailingSettings, Settings
from alliance_nlp.core.clock import now
from alliance_nlp.core.errors import ConfigError, DigestError
from alliance_nlp.core.text import one_line, shorten
from alliance_nlp.digest import Envelope, checked_address, compose
from alliance_nlp.pipeline.exporting import CitedIssue

_PATIENCE_S = 30.0
_TLS_PORT = 465  # where TLS begins before the first word
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """What became of a sending.

    Attributes
    ----------
    to
        Addresses whose letters the mail server took; of a trial, those it would go to.
    refused
        (address, what the server said) of the others.
    letters
        The letters, in the order of the addresses asked for.
    """

    to: tuple[str, ...]
    refused: tuple[tuple[str, str], ...] = ()
    letters: tuple[EmailMessage, ...] = ()


def send_issue(
    cited: CitedIssue,
    settings: Settings,
    *,
    to: Sequence[str] = (),
    dry_run: bool = False,
    at: datetime | None = None,
) -> Sent:
    """Send an issue to each address alone, so that none sees the others.

    Parameters
    ----------
    to
        Recipients; without them those of ``digest.email.to``.
    dry_run
        Compose the letters and send none; no server is asked.

    Raises
    ------
    ConfigError
        If ``digest.email`` is missing, or the password is not set.
    DigestError
        If there is nobody to send to, an address is none, or the server cannot be reached, refuses
        us or breaks off; the message says who has the letter already.
    """
    mailing = settings.digest.email
    if mailing is None:
        raise ConfigError(
            "no mail server is known; give [digest.email] with host and sender in alliance.toml"
        )
    addresses = _addresses(to or mailing.to)
    letters = tuple(_letter(cited, mailing, address, at=at or now()) for address in addresses)
    if dry_run:
        return Sent(to=addresses, letters=letters)
    taken: list[str] = []
    refused: list[tuple[str, str]] = []
    try:
        with _server(mailing) as server:
            for address, letter in zip(addresses, letters, strict=True):
                if said := _send(server, letter):
                    refused.append((address, said))
                else:
                    taken.append(address)
    except (smtplib.SMTPException, OSError) as error:
        raise DigestError(_told(error, mailing, cited.issue.id, taken=taken)) from error
    return Sent(to=tuple(taken), refused=tuple(refused), letters=letters)


def _addresses(to: Sequence[str]) -> tuple[str, ...]:
    if not to:
        raise DigestError("there is nobody to send to; give --to or set digest.email.to")
    known: dict[str, str] = {}
    for address in to:
        known.setdefault(checked_address(address).addr_spec.lower(), address)
    return tuple(known.values())


def _letter(
    cited: CitedIssue, mailing: MailingSettings, address: str, *, at: datetime
) -> EmailMessage:
    envelope = Envelope(at=at, sender=mailing.sender, to=address, unsubscribe=mailing.unsubscribe)
    return compose(cited.issue, cited.articles, envelope=envelope)


def _send(server: smtplib.SMTP, letter: EmailMessage) -> str:
    """Return what the server said against this recipient, or ``""`` when it took the letter."""
    try:
        server.send_message(letter)
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        return f"{code} {_said(text)}"
    return ""


@contextmanager
def _server(mailing: MailingSettings) -> Iterator[smtplib.SMTP]:
    secret = _password(mailing)
    is_local = mailing.host in _LOOPBACK
    context = ssl.create_default_context()
    if is_local:
        # A mail server on this machine signs for itself, and nothing leaves the machine.
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    is_private = mailing.port == _TLS_PORT
    with _connected(mailing, context) as server:
        server.ehlo()
        if mailing.starttls and not is_private:
            is_private = _encrypted(server, context)
            if not (is_private or is_local):
                raise DigestError(
                    f"{mailing.host} offers no encryption (STARTTLS); use its port for TLS, or "
                    "set digest.email.starttls = false to send in the clear"
                )
        if mailing.user:
            if not (is_private or is_local):
                raise DigestError(
                    f"{mailing.host} is not spoken to in private, so the password was kept back; "
                    "set digest.email.starttls, or leave user empty"
                )
            server.login(mailing.user, secret)
        yield server


def _connected(mailing: MailingSettings, context: ssl.SSLContext) -> smtplib.SMTP:
    if mailing.port == _TLS_PORT:
        return smtplib.SMTP_SSL(mailing.host, mailing.port, timeout=_PATIENCE_S, context=context)
    return smtplib.SMTP(mailing.host, mailing.port, timeout=_PATIENCE_S)


def _encrypted(server: smtplib.SMTP, context: ssl.SSLContext) -> bool:
    if not server.has_extn("starttls"):
        return False
    server.starttls(context=context)
    server.ehlo()
    return True


def _password(mailing: MailingSettings) -> str:
    if not mailing.user:
        return ""
    secret = os.environ.get(mailing.password_env, "") if mailing.password_env else ""
    if not secret:
        raise ConfigError(
            f"the environment variable {mailing.password_env!r} with the password of "
            f"{mailing.user} is not set; set it, or leave digest.email.user empty"
        )
    return secret


def _told(
    error: Exception, mailing: MailingSettings, issue_id: str, *, taken: Sequence[str]
) -> str:
    have = f"; these have it already: {', '.join(taken)}" if taken else "; nobody has it"
    return (
        f"{issue_id} was not sent by {mailing.host}:{mailing.port}: {_cause(error)}{have}; "
        "mend [digest.email] or try the others again with --to"
    )


def _cause(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPSenderRefused):
        return f"the sender was refused: {error.smtp_code} {_said(error.smtp_error)}"
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return f"user or password was refused ({error.smtp_code})"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"the server answered {error.smtp_code} {_said(error.smtp_error)}"
    if isinstance(error, ssl.SSLError):
        return f"no encrypted connection: {error.reason or error}"
    if isinstance(error, TimeoutError):
        return f"no answer within {_PATIENCE_S:g} s"
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "the server broke off"
    if isinstance(error, OSError) and error.strerror:
        return error.strerror
    return shorten(one_line(str(error)), 200) or type(error).__name__


def _said(text: bytes | str) -> str:
    said = text.decode(errors="replace") if isinstance(text, bytes) else text
    return shorten(one_line(said), 200)
