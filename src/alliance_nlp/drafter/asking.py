"""Ask the drafter for one item of the digest."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from alliance_nlp.core.errors import DrafterError
from alliance_nlp.drafter.endpoint import Endpoint
from alliance_nlp.drafter.exchange import Answer, late, post
from alliance_nlp.drafter.reply import DraftReply, error_message, read_reply
from alliance_nlp.drafter.request import DraftRequest, messages
from alliance_nlp.drafter.troubles import Trouble, trouble

# Longest a busy server may make us wait before the one further try.
MOST_WAIT_S = 20.0
_WAIT_S = 1.0  # where it names no time


def ask(endpoint: Endpoint, draft: DraftRequest) -> DraftReply:
    """Have an item rewritten; what comes back is unchecked (see :class:`DraftReply`).

    A busy or failing server (429, 5xx) is asked once more after the time it names. A server that
    does not know one of the optional parameters is asked again without it.

    Raises
    ------
    DrafterError
        If there is no reply to use within ``endpoint.timeout_s``; ``trouble`` tells of what kind.
    """
    until = time.monotonic() + endpoint.timeout_s
    wish = _wish(endpoint, draft)
    may_retry = True
    while True:
        answer = post(endpoint, wish, limit_s=_left_s(endpoint, until))
        if answer.status == 200:
            known = {passage.id for passage in draft.sent}
            return read_reply(answer.body, known=known, site=endpoint.site)
        if may_retry and _may_pass(answer.status):
            may_retry = False
            _wait(endpoint, answer, until=until)
        elif (adapted := _adapted(wish, answer)) is not None:
            wish = adapted
        else:
            raise _refused(endpoint, answer)


def _wish(endpoint: Endpoint, draft: DraftRequest) -> dict[str, Any]:
    return {
        "model": endpoint.model,
        "messages": messages(draft),
        "temperature": endpoint.temperature,
        "max_tokens": endpoint.max_tokens,
        "response_format": {"type": "json_object"},
        "stream": False,
    }


def _left_s(endpoint: Endpoint, until: float) -> float:
    left = until - time.monotonic()
    if left <= 0:
        raise late(endpoint)
    return left


def _may_pass(status: int) -> bool:
    return status == 429 or 500 <= status < 600


def _wait(endpoint: Endpoint, answer: Answer, *, until: float) -> None:
    wait_s = _retry_after_s(answer.retry_after)
    if wait_s > MOST_WAIT_S or wait_s >= until - time.monotonic():
        raise _refused(endpoint, answer)
    time.sleep(wait_s)


def _retry_after_s(value: str) -> float:
    """Return the seconds a Retry-After asks for (RFC 9110, 10.2.3), a number or a date."""
    value = value.strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        at = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return _WAIT_S
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return max(0.0, (at - datetime.now(UTC)).total_seconds())


def _adapted(wish: Mapping[str, Any], answer: Answer) -> dict[str, Any] | None:
    """Return the wish without what the server says it does not take; ``None`` if that is not it.

    Each step takes an optional parameter away, so there are at most three.
    """
    if answer.status not in (400, 422):
        return None
    said = answer.body[:10_000].decode("utf-8", errors="replace")
    changed = dict(wish)
    if "response_format" in said and "response_format" in wish:
        del changed["response_format"]
    elif "max_completion_tokens" in said and "max_tokens" in wish:
        changed["max_completion_tokens"] = changed.pop("max_tokens")
    elif "temperature" in said and "temperature" in wish:
        del changed["temperature"]
    else:
        return None
    return changed


def _refused(endpoint: Endpoint, answer: Answer) -> DrafterError:
    status, site = answer.status, f"the drafter at {endpoint.site}"
    if 300 <= status < 400:
        return trouble(
            Trouble.REDIRECT,
            f"{site} answered with a redirect ({status}), which is not followed; "
            "name the final address in digest.drafter.url",
        )
    if status in (401, 403):
        # What it says here may repeat parts of the key.
        return trouble(
            Trouble.DENIED,
            f"{site} did not let us in ({status}); look at the key in the variable that "
            "digest.drafter.key_env names",
        )
    said = error_message(answer.body, secret=endpoint.api_key)
    said = f": {said}" if said else ""
    if _may_pass(status):
        return trouble(
            Trouble.BUSY, f"{site} is busy or failing (status {status}{said}); try again later"
        )
    return trouble(
        Trouble.STATUS,
        f"{site} answered with status {status}{said}; look at digest.drafter.url and model",
    )
