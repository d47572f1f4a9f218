"""Model files and their cards: a model is read only after its card vouches for its bytes."""

from __future__ import annotations

import io
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from importlib import metadata
from pathlib import Path
from typing import Any

from alliance_nlp.core.errors import ModelError
from alliance_nlp.core.ids import is_slug, sha256_hex


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelCard:
    """What there is to know of a fitted model.

    Attributes
    ----------
    id
        Slug, also the stem of both files.
    task
        What it decides.
    data_sha256
        Hash of the labelled items it was fitted on.
    n_items
        Their number.
    seed
        The seed of everything random.
    versions
        Library versions that must agree when it is read.
    metrics
        Held-out figures by name: ``{"value", "low", "high"}``, a 95 % interval.
    parameters
        The estimator's settings.
    sha256
        Of the model file.
    split
        How the stories were held out for ``metrics`` and ``calibration``, in words.
    calibration
        By target, on held-out stories: ``{"ece", "brier"}``, the expected calibration error and
        the Brier score, both 0 at best and 1 at worst.
    items
        A short hash of each labelled item it was fitted on, sorted.
    reference
        What its decisions look like on held-out labelled items; nights are compared with it.
    verdict
        What its last trial against the champion said.
    """

    id: str
    task: str
    trained_at: str
    data_sha256: str
    n_items: int
    seed: int
    versions: Mapping[str, str]
    metrics: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)
    sha256: str = ""
    split: str = ""
    calibration: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    items: Sequence[str] = ()
    reference: Mapping[str, Any] = field(default_factory=dict)
    verdict: Mapping[str, Any] = field(default_factory=dict)


def running_versions() -> dict[str, str]:
    """Return the versions a model depends on, of what is installed here."""
    libraries = ("scikit-learn", "numpy", "joblib")
    return {
        "python": ".".join(platform.python_version_tuple()[:2]),
        **{name: metadata.version(name) for name in libraries},
    }


def save_model(folder: Path, model: Any, card: ModelCard) -> ModelCard:
    """Write ``ID.joblib`` and ``ID.json``, each whole or not at all; return the card with sha256.

    Raises
    ------
    ModelError
        If the folder cannot be written.
    """
    _check_id(card.id)
    buffer = io.BytesIO()
    import joblib  # with numpy; who only reads cards needs neither

    joblib.dump(model, buffer, compress=("zlib", 3))
    data = buffer.getvalue()
    full = replace(card, sha256=sha256_hex(data), items=tuple(card.items))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _replace(folder / f"{card.id}.joblib", data)
        _replace(folder / f"{card.id}.json", _card_text(full))
    except OSError as error:
        raise ModelError(
            f"cannot write the model into {folder}: {error.strerror or error}"
        ) from error
    return full


def save_card(folder: Path, card: ModelCard) -> None:
    """Write a saved model's card again, whole or not at all, with what was learned of it since.

    Raises
    ------
    ModelError
        If the folder cannot be written.
    """
    _check_id(card.id)
    try:
        _replace(folder / f"{card.id}.json", _card_text(card))
    except OSError as error:
        raise ModelError(
            f"cannot write the card of {card.id} into {folder}: {error.strerror or error}"
        ) from error


def _card_text(card: ModelCard) -> bytes:
    return (json.dumps(asdict(card), indent=2, sort_keys=True) + "\n").encode()


def _check_id(model_id: str) -> None:
    if not is_slug(model_id):
        raise ModelError(f"the model id {model_id!r} must be lower-case words joined by hyphens")


def _replace(path: Path, data: bytes) -> None:
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        with draft.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)


def read_card(folder: Path, model_id: str) -> ModelCard:
    """Return a model's card.

    Raises
    ------
    ModelError
        If there is none, or it is not a card.
    """
    _check_id(model_id)
    path = folder / f"{model_id}.json"
    try:
        card = ModelCard(**json.loads(path.read_text(encoding="utf-8")))
        card = replace(card, items=tuple(card.items))
        if not isinstance(card.versions, dict):
            raise TypeError("versions must be names with versions")
        return card
    except FileNotFoundError as error:
        raise ModelError(
            f"there is no model {model_id!r} in {folder}; run: alliance-nlp train"
        ) from error
    except (OSError, ValueError, TypeError) as error:
        raise ModelError(
            f"{path} is no model card ({error}); retrain with: alliance-nlp train"
        ) from error


def list_cards(folder: Path) -> tuple[ModelCard, ...]:
    """Return the cards in a folder, oldest first; files that are none are left out."""
    cards = []
    for path in sorted(folder.glob("*.json")):
        try:
            cards.append(read_card(folder, path.stem))
        except ModelError:
            continue
    return tuple(sorted(cards, key=lambda card: (card.trained_at, card.id)))


def load_model(folder: Path, model_id: str) -> tuple[Any, ModelCard]:
    """Return a model and its card, after the file's hash and the libraries' versions agreed.

    Raises
    ------
    ModelError
        If the file is missing or altered, or other versions are installed: nothing of the file
        was read as code.
    """
    card = read_card(folder, model_id)
    path = folder / f"{model_id}.joblib"
    try:
        data = path.read_bytes()
    except OSError as error:
        raise ModelError(
            f"{path} cannot be read ({error.strerror}); run: alliance-nlp train"
        ) from error
    if sha256_hex(data) != card.sha256:
        raise ModelError(
            f"{path} is not the file its card vouches for and was not opened; "
            "restore it, or retrain with: alliance-nlp train"
        )
    here = running_versions()
    differing = [
        f"{name} {version} (here {here.get(name, 'none')})"
        for name, version in sorted(card.versions.items())
        if here.get(name) != version
    ]
    if differing:
        raise ModelError(
            f"the model {model_id} was made with {', '.join(differing)}; "
            "retrain with: alliance-nlp train"
        )
    import joblib

    return joblib.load(io.BytesIO(data)), card
