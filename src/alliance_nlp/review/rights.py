"""Who may do what."""

from __future__ import annotations

from alliance_nlp.core.types import Account, Right


def may(account: Account, right: Right) -> bool:
    """Tell whether an account has a right; each right includes those before it.

    A disabled account has none.
    """
    order = list(Right)
    return account.disabled_at is None and order.index(account.right) >= order.index(right)
