"""The optional drafter: an item rewritten by a model behind an OpenAI-compatible endpoint.

Nothing that comes back from here is to be trusted; ``pipeline.redrafting`` checks it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from alliance_nlp.core.lazily import lazily
from alliance_nlp.drafter.endpoint import Endpoint, proxy_problem, url_problem
from alliance_nlp.drafter.reply import DraftedSentence, DraftReply
from alliance_nlp.drafter.request import DraftRequest, ExtractedSentence, SourcePassage
from alliance_nlp.drafter.screening import (
    headline_problem,
    resting_on,
    sentence_problem,
    tells_the_same,
    wording_problem,
)
from alliance_nlp.drafter.troubles import Trouble

if TYPE_CHECKING:
    from alliance_nlp.drafter.asking import ask

__all__ = [
    "DraftReply",
    "DraftRequest",
    "DraftedSentence",
    "Endpoint",
    "ExtractedSentence",
    "SourcePassage",
    "Trouble",
    "ask",
    "headline_problem",
    "proxy_problem",
    "resting_on",
    "sentence_problem",
    "tells_the_same",
    "url_problem",
    "wording_problem",
]

# The HTTP library is loaded when somebody asks.
__getattr__ = lazily(__name__, {"ask": "asking"})
