"""The gate before the wire: every request waits there for its turn, and every answer teaches."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

from scrapy.http import Request, Response

from alliance_nlp.collect.addresses import place
from alliance_nlp.collect.refusals import explain
from alliance_nlp.collect.turns import Turn, Turns
from alliance_nlp.core.types import Reason

# RFC 9110, section 10.2.3, names 503 and 3xx, section 15.5.14 names 413; RFC 6585 names 429.
ASKS_TO_WAIT = frozenset({429, 503})
_MAY_ASK_TO_WAIT = ASKS_TO_WAIT | {301, 302, 303, 307, 308, 408, 413, 500, 502, 504}
_FOR_EVER_S = 1e12


def retry_after(value: str, *, at: datetime) -> float | None:
    """Return the seconds that a ``Retry-After`` header asks for.

    Parameters
    ----------
    value
        Seconds or a date in any of the three forms of RFC 9110, section 5.6.7.
    at
        The present time, aware.

    Returns
    -------
    float or None
        More than 0; ``None`` where it asks for nothing that can be done: garbage, 0, the past.
    """
    text = value.strip()
    if re.fullmatch(r"[0-9]+", text):
        digits = text.lstrip("0")
        seconds = float(digits or 0) if len(digits) < 12 else _FOR_EVER_S
    else:
        try:
            until = parsedate_to_datetime(text)
        except (ValueError, OverflowError):
            return None
        until = until if until.tzinfo else until.replace(tzinfo=UTC)
        seconds = (until - at).total_seconds()
    return seconds if seconds > 0 else None


class Gate:
    """Takes a turn for each request, gives it back, and tells the turns what came of it."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler

    @classmethod
    def from_crawler(cls, crawler: Any) -> Gate:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    @property
    def _turns(self) -> Turns:
        turns: Turns = self._crawler.spider.turns
        return turns

    async def process_request(self, request: Request) -> None:
        """Wait until the request may begin."""
        meta = request.meta
        turn = await self._turns.take(
            place(request.url),
            priority=request.priority,
            is_hop="redirect_times" in meta and meta.get("tried", ("",))[0] != request.url,
        )
        meta["turn"] = turn
        meta["on_sent"] = turn.sent

    def process_response(self, request: Request, response: Response) -> Response:
        """Learn how fast the host is and whether it asks us to wait."""
        turns, name = self._turns, place(request.url)
        turns.answered(
            name,
            latency_s=request.meta.get("download_latency", 0.0),
            is_good=response.status == 200,
        )
        asked = (response.headers.get("Retry-After") or b"").decode("latin-1")
        wait_s = retry_after(asked, at=datetime.now(UTC))
        if response.status in ASKS_TO_WAIT or (wait_s and response.status in _MAY_ASK_TO_WAIT):
            turns.pause(name, wait_s)
        else:
            turns.recovered(name)
        self._give_back(request)
        return response

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Learn that the host is slow or away."""
        if "turn" not in request.meta:
            return  # it never began
        name, reason = place(request.url), explain(exception).reason
        if reason is Reason.TIMEOUT:
            self._turns.timed_out(name)
        elif reason is Reason.UNREACHABLE:
            self._turns.failed(name)
        self._give_back(request)

    def _give_back(self, request: Request) -> None:
        turn: Turn = request.meta.pop("turn")
        request.meta.pop("on_sent", None)
        turn.give_back()
