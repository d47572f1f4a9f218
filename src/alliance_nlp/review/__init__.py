"""Review: decisions of analysts, append-only, and what follows from them."""

from alliance_nlp.review.decisions import is_open, latest, order, seen_hash
from alliance_nlp.review.told import place_of

__all__ = ["is_open", "latest", "order", "place_of", "seen_hash"]
