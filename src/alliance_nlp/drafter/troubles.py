"""The ways in which asking the drafter goes wrong."""

from __future__ import annotations

from enum import StrEnum

from alliance_nlp.core.errors import DrafterError


class Trouble(StrEnum):
    """Why there is no reply to use; a :class:`DrafterError` carries it as ``trouble``."""

    UNREACHABLE = "unreachable"
    TLS = "tls"
    DEADLINE = "deadline"
    BROKEN_OFF = "broken-off"
    TOO_LARGE = "too-large"
    REDIRECT = "redirect"
    DENIED = "denied"
    BUSY = "busy"
    STATUS = "status"
    NOT_JSON = "not-json"
    WRONG_SHAPE = "wrong-shape"
    REFUSAL = "refusal"
    EMPTY = "empty"
    TRUNCATED = "truncated"


def trouble(kind: Trouble, message: str) -> DrafterError:
    """Return the error for a trouble, to be raised."""
    return DrafterError(message, trouble=kind.value)
