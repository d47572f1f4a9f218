"""The optional drafter's sentences, each taken only where it passes; else the extractive one.

The drafter is not trusted, and neither are the sources it has read. A sentence of its is kept if
its form and wording are a digest's, if it rests on passages that were sent, and if the support
check finds in them all that it states. What fails is replaced by the sentence of the extractive
draft that rests on the same passage, so an item never gets worse by asking.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace

from alliance_nlp.config import DrafterSettings, StyleSettings
from alliance_nlp.core.errors import ConfigError, DrafterError
from alliance_nlp.core.types import Article, Issue, IssueItem
from alliance_nlp.digest import check_sentence
from alliance_nlp.drafter import (
    DraftRequest,
    Endpoint,
    ExtractedSentence,
    SourcePassage,
    Trouble,
    ask,
)
from alliance_nlp.pipeline.redrafted import (
    Check,
    Demands,
    Material,
    chosen,
    headline_refusal,
    material_of,
)

# After these the next item would fare no better.
_HOPELESS = frozenset(
    {Trouble.UNREACHABLE, Trouble.TLS, Trouble.DEADLINE, Trouble.REDIRECT, Trouble.DENIED}
)

# What a model does not do by itself; the house's rules mend the rest.
_HOUSE_STYLE = (
    "Write US and UK, without full stops.",
    "The headline is in the present tense.",
    "No Mr., Mrs. or Ms.; a person has the office and the full name at first, then the surname.",
    "Dates are written as March 28, without the year.",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Redrafted:
    """An item after the drafter was asked.

    Attributes
    ----------
    kept
        For each sentence of ``item``, whether it is the drafter's.
    why
        What of the drafter's was not taken and why, in order.
    is_headline_kept
        Whether the headline is the drafter's.
    model
        What answered, as the server names it; ``""`` if nothing did.
    trouble
        Why there was no reply (see :class:`~alliance_nlp.drafter.Trouble`), or ``""``.
    """

    item: IssueItem
    kept: tuple[bool, ...]
    why: tuple[str, ...] = ()
    is_headline_kept: bool = False
    model: str = ""
    trouble: str = ""


def endpoint_of(settings: DrafterSettings) -> Endpoint:
    """Return the configured endpoint, with the key from the environment.

    Raises
    ------
    ConfigError
        If the variable that should hold the key is not set.
    """
    key = os.environ.get(settings.key_env, "").strip() if settings.key_env else ""
    if settings.key_env and not key:
        raise ConfigError(
            f"the environment variable {settings.key_env} is not set, which should hold the "
            "drafter's key; set it or clear digest.drafter.key_env"
        )
    return Endpoint(
        url=settings.url,
        model=settings.model,
        api_key=key,
        timeout_s=settings.timeout_s,
        max_tokens=settings.max_tokens,
        ca_file=settings.ca_file,
        proxy=settings.proxy,
    )


def demands_of(style: StyleSettings) -> Demands:
    """Return what the house style demands of a redrafted item."""
    return Demands(
        bullet_words=style.bullet_words, headline_words=style.headline_words, style=_HOUSE_STYLE
    )


def redraft_issue(
    issue: Issue,
    articles: Mapping[str, Article],
    *,
    endpoint: Endpoint | None,
    check: Check = check_sentence,
    demands: Demands | None = None,
) -> tuple[Issue, tuple[Redrafted, ...]]:
    """Have each item of an issue redrafted; return the issue, and what became of each item.

    Without an endpoint the issue stays as it is, and nothing is told.

    Once the drafter cannot be reached, lets nobody in or finds no end, it is not asked further.
    """
    if endpoint is None:
        return issue, ()
    done: list[Redrafted] = []
    for item in issue.items:
        if done and done[-1].trouble in _HOPELESS:
            done.append(
                replace(
                    _unchanged(item, "not asked, for the same reason"), trouble=done[-1].trouble
                )
            )
        else:
            done.append(redraft(item, articles, endpoint=endpoint, check=check, demands=demands))
    return replace(issue, items=tuple(one.item for one in done)), tuple(done)


def redraft(
    item: IssueItem,
    articles: Mapping[str, Article],
    *,
    endpoint: Endpoint,
    check: Check = check_sentence,
    demands: Demands | None = None,
) -> Redrafted:
    """Have one item redrafted, and keep what passes.

    Parameters
    ----------
    articles
        The cited articles by id; sources of others are not sent.
    check
        Says what a text states that its passages do not; anything is one too many.

    Returns
    -------
    Redrafted
        The item as it was if the drafter gave nothing to use. Sentences stand in the order of the
        extractive draft. Nothing is raised for what the drafter does.
    """
    demands = demands or Demands()
    material = material_of(item, articles)
    if not material.sources:
        return _unchanged(item, "not asked: no source of this item is at hand")
    try:
        reply = ask(endpoint, _request(item, material, demands=demands))
    except DrafterError as error:
        return replace(_unchanged(item, str(error)), trouble=error.trouble)
    placed, why = chosen(reply, material, check=check, demands=demands)
    headline_why = headline_refusal(reply, material, check=check, demands=demands)
    is_headline_kept = not headline_why and reply.headline not in ("", item.headline)
    return Redrafted(
        item=replace(
            item,
            headline=reply.headline if is_headline_kept else item.headline,
            # The drafter's headline is no article's title.
            headline_article_id="" if is_headline_kept else item.headline_article_id,
            sentences=tuple(one.sentence for one in placed),
        ),
        kept=tuple(one.is_drafted for one in placed),
        why=(*why, headline_why) if headline_why else why,
        is_headline_kept=is_headline_kept,
        model=reply.model,
    )


def _unchanged(item: IssueItem, why: str) -> Redrafted:
    return Redrafted(item=item, kept=(False,) * len(item.sentences), why=(why,))


def _request(item: IssueItem, material: Material, *, demands: Demands) -> DraftRequest:
    return DraftRequest(
        headline=item.headline,
        sentences=tuple(
            ExtractedSentence(text=sentence.text, passage_ids=ids)
            for sentence, ids in zip(item.sentences, material.ids, strict=True)
        ),
        passages=tuple(
            SourcePassage(
                id=passage_id,
                text=passage.text,
                outlet=material.outlets[passage_id],
                published_on=passage.published_on,
            )
            for passage_id, passage in material.passages.items()
        ),
        bullet_words=demands.bullet_words,
        headline_words=demands.headline_words,
        style=demands.style,
    )
