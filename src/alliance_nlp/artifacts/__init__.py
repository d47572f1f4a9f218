"""Artifacts: fitted models on disk, each with its card, and which of them serves."""

from alliance_nlp.artifacts.champions import Change, Event, champion_id, read_history
from alliance_nlp.artifacts.models import (
    ModelCard,
    list_cards,
    load_model,
    read_card,
    running_versions,
    save_card,
    save_model,
)

__all__ = [
    "Change",
    "Event",
    "ModelCard",
    "champion_id",
    "list_cards",
    "load_model",
    "read_card",
    "read_history",
    "running_versions",
    "save_card",
    "save_model",
]
