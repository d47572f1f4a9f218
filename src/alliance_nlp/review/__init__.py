"""Review: decisions of analysts, append-only, what follows from them, and who may make them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance_nlp.core.lazily import lazily
from alliance_nlp.review.agreeing import Agreement, PairAgreement, agreement, to_adjudicate
from alliance_nlp.review.decisions import (
    is_open,
    latest,
    notes,
    order,
    seen_hash,
    standing,
    standing_topics,
)
from alliance_nlp.review.rights import may
from alliance_nlp.review.told import place_of

if TYPE_CHECKING:
    from alliance_nlp.review.passwords import (
        check_account_name,
        check_password,
        hash_password,
        needs_rehash,
        new_token,
        password_fits,
        token_hash,
    )

__all__ = [
    "Agreement",
    "PairAgreement",
    "agreement",
    "check_account_name",
    "check_password",
    "hash_password",
    "is_open",
    "latest",
    "may",
    "needs_rehash",
    "new_token",
    "notes",
    "order",
    "password_fits",
    "place_of",
    "seen_hash",
    "standing",
    "standing_topics",
    "to_adjudicate",
    "token_hash",
]

# argon2 is for those who open the desk to others; a night ranks without it.
__getattr__ = lazily(
    __name__,
    dict.fromkeys(
        (
            "check_account_name",
            "check_password",
            "hash_password",
            "needs_rehash",
            "new_token",
            "password_fits",
            "token_hash",
        ),
        "passwords",
    ),
)
