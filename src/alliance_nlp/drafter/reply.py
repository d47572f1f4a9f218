"""A server's answer read as a draft: lenient about the wrapping, strict about what is inside."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from alliance_nlp.core.errors import DrafterError
from alliance_nlp.core.text import one_line, shorten
from alliance_nlp.drafter.troubles import Trouble, trouble

MOST_SENTENCES = 12
SENTENCE_CHARS = 600
_HEADLINE_CHARS = 200
_MOST_BRACES = 8  # words in front may hold a few
# Models that reason aloud do so before their answer, between these.
_THOUGHT = re.compile(r"\A\s*<(think|thinking|reasoning)>.*?</\1>", re.DOTALL)


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftedSentence:
    """A sentence as the drafter wrote it, on one line and without control characters.

    Attributes
    ----------
    passage_ids
        What it says it rests on, of the passages that were sent; each once.
    problem
        What is wrong with its form, or ``""``. One with a problem is there for the record only.
    """

    text: str
    passage_ids: tuple[str, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DraftReply:
    """What the drafter made of an item; nothing in it has been checked against the sources.

    ``headline`` is ``""`` where none came, ``model`` what the server says has answered.
    """

    headline: str
    sentences: tuple[DraftedSentence, ...]
    model: str = ""


def read_reply(body: bytes, *, known: Collection[str], site: str) -> DraftReply:
    """Read the body of a chat completion.

    Parameters
    ----------
    known
        Ids of the passages that were sent.
    site
        Who answered, for messages.

    Raises
    ------
    DrafterError
        If it is no JSON or of another shape, a refusal, empty or cut short.
    """
    whole = _object(body, site=site)
    text = _content(whole, site=site)
    draft = _first_object(text, site=site)
    headline, listed = draft.get("headline"), draft.get("sentences")
    if not isinstance(headline, str | None) or not isinstance(listed, list):
        raise _misshapen(site, "no headline and list of sentences")
    if not listed:
        raise trouble(Trouble.EMPTY, f"the drafter at {site} wrote no sentence; try another model")
    if len(listed) > MOST_SENTENCES:
        raise _misshapen(site, f"{len(listed)} sentences")
    sentences = tuple(_sentence(one, known=known, site=site) for one in listed)
    model = whole.get("model")
    return DraftReply(
        headline=shorten(one_line(headline or ""), _HEADLINE_CHARS),
        sentences=sentences,
        model=shorten(one_line(model), 100) if isinstance(model, str) else "",
    )


def error_message(body: bytes, *, secret: str) -> str:
    """Return what an error's body says of its cause on one line, or ``""``; never the secret."""
    try:
        whole = json.loads(body)
    except (ValueError, RecursionError):
        return ""
    error = whole.get("error", whole.get("detail")) if isinstance(whole, dict) else None
    said = error.get("message") if isinstance(error, dict) else error
    if not isinstance(said, str):
        return ""
    said = one_line(said)
    # Before it is shortened, which could leave half of it.
    return shorten(said.replace(secret, "…") if secret else said, 200)


def _object(body: bytes, *, site: str) -> dict[str, Any]:
    try:
        whole = json.loads(body.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:  # a wrong byte is a ValueError as well
        raise trouble(
            Trouble.NOT_JSON,
            f"the drafter at {site} answered with something other than JSON; "
            "look whether an OpenAI-compatible server answers at digest.drafter.url",
        ) from error
    if not isinstance(whole, dict):
        raise _misshapen(site, f"a JSON {type(whole).__name__}")
    return whole


def _content(whole: dict[str, Any], *, site: str) -> str:
    choices = whole.get("choices")
    choice = choices[0] if isinstance(choices, list) and choices else None
    message = choice.get("message") if isinstance(choice, dict) else None
    if not isinstance(choice, dict) or not isinstance(message, dict):
        raise _misshapen(site, "no choice with a message")
    finish = choice.get("finish_reason")
    if message.get("refusal") or finish == "content_filter":
        raise trouble(Trouble.REFUSAL, f"the drafter at {site} refused to write; try another model")
    if finish == "length":
        raise trouble(
            Trouble.TRUNCATED,
            f"the drafter at {site} was cut short; raise digest.drafter.max_tokens",
        )
    text = _joined(message.get("content"))
    if text is None:
        raise _misshapen(site, "a message without text")
    if not text.strip():
        raise trouble(Trouble.EMPTY, f"the drafter at {site} wrote nothing; try another model")
    return text


def _joined(content: object) -> str | None:
    """Return a message's text; some servers hand it over in parts."""
    if isinstance(content, list):
        parts = [part.get("text") for part in content if isinstance(part, dict)]
        return "".join(part for part in parts if isinstance(part, str))
    return "" if content is None else content if isinstance(content, str) else None


def _first_object(text: str, *, site: str) -> dict[str, Any]:
    """Return the JSON object in a message; fences, thoughts and words around it are left out."""
    text = _THOUGHT.sub("", text)
    start = -1
    for _ in range(_MOST_BRACES):
        start = text.find("{", start + 1)
        if start < 0:
            break
        try:
            found, _ = json.JSONDecoder().raw_decode(text, start)
        except (ValueError, RecursionError):
            continue
        if isinstance(found, dict) and "sentences" in found:
            return found
    raise trouble(
        Trouble.WRONG_SHAPE,
        f"the drafter at {site} wrote no JSON object with sentences; try a model that can",
    )


def _sentence(one: object, *, known: Collection[str], site: str) -> DraftedSentence:
    text = one.get("text") if isinstance(one, dict) else None
    ids = one.get("passages") if isinstance(one, dict) else None
    if not isinstance(text, str) or not isinstance(ids, list):
        raise _misshapen(site, "a sentence without text and passages")
    if not all(isinstance(i, str) for i in ids):
        raise _misshapen(site, "passages that are no strings")
    unknown = next((i for i in ids if i not in known), None)
    problem = ""
    if len(text) > SENTENCE_CHARS:
        problem = f"longer than {SENTENCE_CHARS} characters"
    elif unknown is not None:
        problem = f"rests on {shorten(one_line(unknown), 40)!r}, which is no passage"
    elif not ids:
        problem = "rests on no passage"
    elif not one_line(text):
        problem = "empty"
    return DraftedSentence(
        text=shorten(one_line(text[: 2 * SENTENCE_CHARS]), SENTENCE_CHARS),
        passage_ids=tuple(dict.fromkeys(i for i in ids if i in known)),
        problem=problem,
    )


def _misshapen(site: str, found: str) -> DrafterError:
    return trouble(
        Trouble.WRONG_SHAPE,
        f"the drafter at {site} answered in another shape than was asked for ({found}); "
        "try another model",
    )
