"""Artifacts: fitted models on disk, each with its card."""

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
    "ModelCard",
    "list_cards",
    "load_model",
    "read_card",
    "running_versions",
    "save_card",
    "save_model",
]
