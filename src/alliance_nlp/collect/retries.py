"""A request that failed for a reason that may pass is tried again, not often and not soon.

Scrapy's own middleware is not used: it does not read ``Retry-After``, does not wait, and tries
timeouts again, which makes a slow host cost its deadline three times.
"""

from __future__ import annotations

import asyncio
from typing import Any

from scrapy.http import Request, Response

from alliance_nlp.collect.addresses import place
from alliance_nlp.collect.gate import ASKS_TO_WAIT
from alliance_nlp.collect.messages import POLITENESS
from alliance_nlp.collect.refusals import Refused, explain
from alliance_nlp.collect.turns import Turns, backoff_s
from alliance_nlp.core.types import Reason

_MAY_PASS = ASKS_TO_WAIT | {408, 500, 502, 504, 522, 524}
_FAILURES_THAT_MAY_PASS = (Reason.UNREACHABLE, Reason.CUT_OFF)


class Retries:
    """Tries again, up to ``Politeness.retries`` times in all hops of a request together."""

    def __init__(self, crawler: Any) -> None:
        self._crawler = crawler
        self._most: int = crawler.settings[POLITENESS].retries

    @classmethod
    def from_crawler(cls, crawler: Any) -> Retries:
        """Build the middleware as Scrapy asks for it."""
        return cls(crawler)

    async def process_response(self, request: Request, response: Response) -> Request | Response:
        """Return the request once more where its answer may pass, the answer where not."""
        status, turns = response.status, self._turns
        closed = turns.refusal(place(request.url))
        asks_to_wait = "Retry-After" in response.headers
        if closed and closed.reason is Reason.RATE_LIMITED:
            if status in ASKS_TO_WAIT or (asks_to_wait and status in _MAY_PASS | {413}):
                raise closed.again()
            return response
        if status in _MAY_PASS or (status == 413 and asks_to_wait):
            outcome = Refused(Reason.HTTP_STATUS, f"answered with status {status}")
            # What asks to wait has paused its whole host already.
            is_paused = status in ASKS_TO_WAIT or asks_to_wait
            return await self._again(request, outcome, is_paused=is_paused) or response
        return response

    async def process_exception(self, request: Request, exception: Exception) -> Request | None:
        """Return the request once more where its failure may pass."""
        outcome = explain(exception)
        if outcome is not exception and outcome.reason in _FAILURES_THAT_MAY_PASS:
            return await self._again(request, outcome, is_paused=False)
        return None

    @property
    def _turns(self) -> Turns:
        turns: Turns = self._crawler.spider.turns
        return turns

    async def _again(
        self, request: Request, outcome: Refused, *, is_paused: bool
    ) -> Request | None:
        n_retries = request.meta.get("n_retries", 0)
        turns, name = self._turns, place(request.url)
        if n_retries >= self._most or turns.is_over or turns.refusal(name):
            return None
        if not is_paused:
            await asyncio.sleep(backoff_s(n_retries))
        again: Request = request.copy()
        again.dont_filter = True
        again.meta["n_retries"] = n_retries + 1
        again.meta["tried"] = (request.url, outcome)
        return again


def last_outcome(request: Request) -> Refused | None:
    """Return what an earlier try of this very request came to."""
    url, outcome = request.meta.get("tried", ("", None))
    return outcome if url == request.url else None
