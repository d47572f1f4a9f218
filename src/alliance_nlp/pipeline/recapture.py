"""How many stories nobody told us: two groups of outlets as two catches of one population."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

# With fewer stories told by both, Chapman's estimate is biased (Robson and Regier 1964).
FEWEST_BOTH = 7
_Z90 = 1.645


@dataclass(frozen=True, slots=True, kw_only=True)
class Recapture:
    """Stories told by either of two groups of outlets, by both, and how many by neither.

    Attributes
    ----------
    first, second
        The groups: countries of outlets.
    n_first, n_second, n_both
        Stories that each told, and that both did.
    missed, low, high
        Stories told by neither and a 90% interval; ``None`` where too few were told by both.
    """

    first: str
    second: str
    n_first: int
    n_second: int
    n_both: int
    missed: float | None = None
    low: float | None = None
    high: float | None = None


def recapture(told: Iterable[tuple[str, str]], countries: Mapping[str, str]) -> Recapture | None:
    """Estimate the stories told by neither of the two countries whose outlets told most.

    Parameters
    ----------
    told
        (story id, source id), once or more often.
    countries
        Country by source id.

    Returns
    -------
    Recapture or None
        ``None`` where there are not two countries.

    Notes
    -----
    D. G. Chapman, Some properties of the hypergeometric distribution (1951), with Seber's variance,
    and the interval log-normal in what was missed (A. Chao 1987), so that it never reaches below
    zero. Both groups must choose independently. Where what one country's outlets tell makes the
    other's tell it too, too little is found missing; where each keeps to its own, too much.
    """
    by_country: dict[str, set[str]] = {}
    for story_id, source_id in told:
        if country := countries.get(source_id):
            by_country.setdefault(country, set()).add(story_id)
    sizes = Counter({country: len(stories) for country, stories in by_country.items()})
    if len(sizes) < 2:
        return None
    first, second = sorted(sizes, key=lambda country: (-sizes[country], country))[:2]
    n, m = sizes[first], sizes[second]
    both = len(by_country[first] & by_country[second])
    found = Recapture(first=first, second=second, n_first=n, n_second=m, n_both=both)
    if both < FEWEST_BOTH:
        return found
    seen = n + m - both
    missed = (n + 1) * (m + 1) / (both + 1) - 1 - seen
    variance = (n + 1) * (m + 1) * (n - both) * (m - both) / ((both + 1) ** 2 * (both + 2))
    low, high = _log_normal(max(missed, 0.0), variance)
    return Recapture(
        first=first,
        second=second,
        n_first=n,
        n_second=m,
        n_both=both,
        missed=max(missed, 0.0),
        low=low,
        high=high,
    )


def _log_normal(missed: float, variance: float) -> tuple[float, float]:
    if missed <= 0:
        return 0.0, _Z90 * math.sqrt(variance)
    factor = math.exp(_Z90 * math.sqrt(math.log(1 + variance / missed**2)))
    return missed / factor, missed * factor
