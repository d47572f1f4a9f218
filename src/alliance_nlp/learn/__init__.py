"""Learning: the labelled corpus, training, evaluation, the champion."""

from alliance_nlp.learn.corpus import LabeledItem, data_sha256, frame, read_items
from alliance_nlp.learn.evaluate import errors_frame, held_out, metrics, metrics_frame
from alliance_nlp.learn.train import (
    champion_id,
    ensure_default_model,
    ensure_model,
    fit,
    make_model,
    promote,
    train,
)

__all__ = [
    "LabeledItem",
    "champion_id",
    "data_sha256",
    "ensure_default_model",
    "ensure_model",
    "errors_frame",
    "fit",
    "frame",
    "held_out",
    "make_model",
    "metrics",
    "metrics_frame",
    "promote",
    "read_items",
    "train",
]
