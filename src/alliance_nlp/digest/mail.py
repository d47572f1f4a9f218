"""An issue as an e-mail: HTML with inlined styles and the same as text; nothing is fetched."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, parseaddr
from urllib.parse import urlsplit

import css_inline

from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.ids import short_hash
from alliance_nlp.core.text import shorten
from alliance_nlp.core.types import Article, Issue
from alliance_nlp.core.urls import is_web_url
from alliance_nlp.digest.laying_out import Layout, lay_out
from alliance_nlp.digest.plain import text_of
from alliance_nlp.digest.rendering import render_page

# RFC 5322 asks for a sender even of a letter that nobody has put a name to yet.
_NOBODY = "digest@localhost.invalid"
_LONGEST_SUBJECT = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Who sends an issue to whom, and when.

    Attributes
    ----------
    sender, to
        ``desk@example.org`` or ``The Desk <desk@example.org>``; without them the letter is one to
        open in a mail program and send from there.
    at
        Aware time for the letter's date.
    unsubscribe
        https or mailto address for ``List-Unsubscribe``, or ``""``.
    """

    at: datetime
    sender: str = ""
    to: str = ""
    unsubscribe: str = ""


def render_eml(issue: Issue, articles: Mapping[str, Article], *, envelope: Envelope) -> bytes:
    """Return the issue as the bytes of an ``.eml`` file; see :func:`compose`."""
    return compose(issue, articles, envelope=envelope).as_bytes(policy=SMTP)


def compose(issue: Issue, articles: Mapping[str, Article], *, envelope: Envelope) -> EmailMessage:
    """Return the issue as a message to one recipient; the same envelope gives the same message.

    Raises
    ------
    DigestError
        If an address is none, or holds what would end a header.
    """
    page = lay_out(issue, articles)
    sender = checked_address(envelope.sender or f"{_NOBODY}")
    letter = EmailMessage(policy=SMTP)
    letter["Subject"] = shorten(page.name, _LONGEST_SUBJECT)
    letter["From"] = sender
    if envelope.to:
        letter["To"] = checked_address(envelope.to)
    else:
        letter["X-Unsent"] = "1"  # opened, it is a letter to finish and not one that came
    letter["Date"] = format_datetime(envelope.at)
    letter["Message-ID"] = _message_id(page, envelope, sender)
    if envelope.unsubscribe:
        letter["List-Unsubscribe"] = f"<{_unsubscribe(envelope.unsubscribe)}>"
    letter.set_content(text_of(page), cte="quoted-printable")
    letter.add_alternative(_inlined(page), subtype="html", cte="quoted-printable")
    # The boundary between the parts is otherwise drawn by lot.
    letter.set_boundary(f"=_{short_hash('boundary', page.id, envelope.to)}_=")
    return letter


def checked_address(text: str) -> Address:
    """Return a mail address, with the name before it where it has one.

    Raises
    ------
    DigestError
        If it is none, or holds line ends or other controls.
    """
    name, address = parseaddr(text)
    try:
        if not text.isprintable() or not address:
            raise ValueError("it holds no address or a control character")
        found = Address(display_name=name, addr_spec=address)
        if not found.domain or not found.username:
            raise ValueError("it has no @ with a name before and a host after")
        found.addr_spec.encode("ascii")
    except (ValueError, IndexError, MessageError) as error:
        raise DigestError(
            f"{text[:200]!r} is no mail address ({error}); write it like desk@example.org"
        ) from error
    return found


def _message_id(page: Layout, envelope: Envelope, sender: Address) -> str:
    mark = short_hash(page.id, envelope.at.isoformat(), sender.addr_spec, envelope.to)
    return f"<{page.id}.{mark}@{sender.domain}>"


def _unsubscribe(address: str) -> str:
    is_mail = urlsplit(address).scheme == "mailto" and "@" in address
    is_safe = address.isascii() and address.isprintable() and not set("<>, ") & set(address)
    if not is_safe or not (is_mail or is_web_url(address)):
        raise DigestError(
            f"{address[:200]!r} cannot be unsubscribed at; "
            "set digest.email.unsubscribe to an https or mailto address"
        )
    return address


def _inlined(page: Layout) -> str:
    inliner = css_inline.CSSInliner(keep_at_rules=True, load_remote_stylesheets=False)
    try:
        return inliner.inline(render_page("mail.html.j2", page))
    except css_inline.InlineError as error:
        raise DigestError(f"the letter of {page.id} cannot be styled: {error}") from error
