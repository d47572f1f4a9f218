"""Time as a value: aware UTC only, and ``--as-of`` read in one place."""

from __future__ import annotations

from datetime import UTC, datetime, time

from alliance_nlp.core.errors import ConfigError


def now() -> datetime:
    """Return the present time, aware UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def utc(at: datetime) -> datetime:
    """Return ``at`` in UTC; a naive time is taken to be UTC already."""
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at.astimezone(UTC)


def parse_as_of(text: str) -> datetime:
    """Read ``--as-of``: ``2024-04-14`` (the day's last second) or an ISO 8601 time.

    Raises
    ------
    ConfigError
        If the text is neither.
    """
    try:
        if len(text) == len("2024-04-14"):
            day = datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
            return datetime.combine(day.date(), time(23, 59, 59), tzinfo=UTC)
        return utc(datetime.fromisoformat(text))
    except (ValueError, OverflowError) as error:
        raise ConfigError(
            f"--as-of {text!r} is no date; write 2024-04-14 or 2024-04-14T06:00:00+00:00"
        ) from error
