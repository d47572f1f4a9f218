"""How often somebody may try to sign in: guessing has to be slow."""

from __future__ import annotations

import math
import threading
import time
import unicodedata
from collections import OrderedDict
from collections.abc import Callable

WINDOW_S = 15 * 60
MOST_BY_NAME = 5
MOST_BY_ADDRESS = 20
# Whoever tries ever new names must not fill our memory; the oldest are forgotten first.
_MOST_KEPT = 20_000


class Throttle:
    """Failures of the last quarter of an hour, by name and by address, while the server runs.

    A try counts as a failure from its beginning, so that many at once get no further than one
    after the other; one that succeeds is taken back.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._tries: OrderedDict[tuple[str, str], list[float]] = OrderedDict()

    def begin(self, name: str, address: str) -> int:
        """Count a try; return 0, or in how many seconds the next is allowed, if this one is not."""
        now = self._clock()
        with self._lock:
            limits = ((_by_name(name), MOST_BY_NAME), (("address", address), MOST_BY_ADDRESS))
            waits = [self._wait(key, most, now) for key, most in limits]
            if not any(waits):
                for key, _ in limits:
                    self._tries.setdefault(key, []).append(now)
                    self._tries.move_to_end(key)
                while len(self._tries) > _MOST_KEPT:
                    self._tries.popitem(last=False)
            return max(waits)

    def forgive(self, name: str, address: str) -> None:
        """Take back what was counted for somebody who has signed in now.

        The address keeps its other failures: one right password must not pay for guessing others.
        """
        with self._lock:
            self._tries.pop(_by_name(name), None)
            tries = self._tries.get(("address", address))
            if tries:
                tries.pop()

    def _wait(self, key: tuple[str, str], most: int, now: float) -> int:
        tries = [at for at in self._tries.get(key, ()) if now - at < WINDOW_S]
        if not tries:
            self._tries.pop(key, None)
            return 0
        self._tries[key] = tries
        return math.ceil(WINDOW_S - (now - tries[-most])) if len(tries) >= most else 0


def _by_name(name: str) -> tuple[str, str]:
    return "name", unicodedata.normalize("NFKC", name).strip().casefold()[:100]
