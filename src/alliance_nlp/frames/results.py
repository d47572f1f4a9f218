"""What the stages made of the pages, and what analysts decided."""

from __future__ import annotations

from datetime import datetime

import pandas as pd

from alliance_nlp.frames.columns import (
    DAY,
    LABEL,
    NOVELTY,
    OPEN,
    TEXT,
    TIME,
    TOPIC,
    TUPLE,
    VERDICT,
    typed,
)
from alliance_nlp.frames.opening import Place, looking
from alliance_nlp.store import (
    Rows,
    article_rows,
    candidate_rows,
    mention_rows,
    table_rows,
)

_ARTICLES = {
    "id": TEXT,
    "source_id": OPEN,
    "url": TEXT,
    "link": TEXT,
    "title": TEXT,
    "text": TEXT,
    "authors": TUPLE,
    "published_at": TIME,
    "published_on": DAY,
    "published_precision": OPEN,
    "published_where": OPEN,
    "published_found": TEXT,
    "language": OPEN,
    "outlet": OPEN,
    "flags": TUPLE,
    "fetch_id": "int64",
    "fetched_at": TIME,
    "dated_at": TIME,
    "is_current": "bool",
    "superseded_by": TEXT,
    "withdrawn_at": TIME,
    "withdrawn_why": TEXT,
}
_MEMBERS = {"story_id": TEXT, "article_id": TEXT, "position": "int64"}


def articles(
    workspace: Place = None,
    *,
    since: datetime | None = None,
    until: datetime | None = None,
    with_text: bool = True,
) -> pd.DataFrame:
    """Return the articles, one row a version, in order of ``dated_at``.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.
    since, until
        First and last ``dated_at``; a naive time is taken to be UTC.
    with_text
        Whether to read the texts, by far the largest column; without, there is no such column.

    Returns
    -------
    pandas.DataFrame
        id : string
        source_id : category
        url : string
        link : string
        title : string
        text : string
        authors : object, tuples of str
        published_at : datetime64[ns, UTC]
        published_on : datetime64[ns], the day in the publisher's own zone
        published_precision : category, time or day
        published_where : category, where on the page the date stood
        published_found : string, the date as it stood there
        language : category
        outlet : category
        flags : object, tuples of str
        fetch_id : int64
        fetched_at : datetime64[ns, UTC]
        dated_at : datetime64[ns, UTC], published, else fetched
        is_current : bool
        superseded_by : string
        withdrawn_at : datetime64[ns, UTC]
        withdrawn_why : string
    """
    with looking(workspace) as tx:
        found = article_rows(tx, since=since, until=until, with_text=with_text)
    columns = {name: kind for name, kind in _ARTICLES.items() if with_text or name != "text"}
    return typed(found, columns)


def mentions(workspace: Place = None) -> pd.DataFrame:
    """Return the mentions of entities, by article and offset.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        article_id : string
        start : int64, in code points of the article's text
        end : int64
        surface : string, ``text[start:end]``
        label : category, every label there is
        entity_id : category, of the knowledge base or empty
        how : category, the rule or table that found it
    """
    columns = {
        "article_id": TEXT,
        "start": "int64",
        "end": "int64",
        "surface": TEXT,
        "label": LABEL,
        "entity_id": OPEN,
        "how": OPEN,
    }
    with looking(workspace) as tx:
        return typed(mention_rows(tx), columns)


def topics(workspace: Place = None) -> pd.DataFrame:
    """Return each article's probability of each topic, one row a pair.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        article_id : string
        label : category, every topic there is
        score : float64, calibrated probability, 0 to 1
        holds : bool, whether it passed the topic's threshold
        model_id : category
    """
    columns = {
        "article_id": TEXT,
        "label": TOPIC,
        "score": "float64",
        "holds": "bool",
        "model_id": OPEN,
    }
    with looking(workspace) as tx:
        return typed(table_rows(tx, "topics"), columns)


def relevance(workspace: Place = None) -> pd.DataFrame:
    """Return each article's probability of bearing on the alliance.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        article_id : string
        score : float64, calibrated probability, 0 to 1
        relevant : bool, whether it passed the threshold
        model_id : category
    """
    columns = {"article_id": TEXT, "score": "float64", "relevant": "bool", "model_id": OPEN}
    with looking(workspace) as tx:
        return typed(table_rows(tx, "relevance"), columns)


def stories(workspace: Place = None) -> pd.DataFrame:
    """Return the stories with their members, oldest last report first, undated ones last.

    A story whose articles all moved to others is empty and left out.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        id : string
        representative_id : string, the article that stands for it
        first_at : datetime64[ns, UTC]
        last_at : datetime64[ns, UTC]
        novelty : category, every kind there is
        n_articles : int64, at least 1
        article_ids : object, tuples of str in order of publication
    """
    columns = {
        "id": TEXT,
        "representative_id": TEXT,
        "first_at": TIME,
        "last_at": TIME,
        "novelty": NOVELTY,
    }
    with looking(workspace) as tx:
        table = typed(table_rows(tx, "stories"), columns)
        held = typed(table_rows(tx, "story_articles"), _MEMBERS)
    held = held.sort_values(["story_id", "position"])
    by_story = {str(key): tuple(part) for key, part in held.groupby("story_id")["article_id"]}
    table = table[table["id"].isin(by_story)]
    table = table.sort_values(["last_at", "id"], ignore_index=True)
    found = [by_story[story_id] for story_id in table["id"]]
    return table.assign(
        n_articles=pd.Series([len(ids) for ids in found], dtype="int64"),
        article_ids=pd.Series(found, dtype=TUPLE),
    )


def members(workspace: Place = None) -> pd.DataFrame:
    """Return which article is in which story, one row an article, in order within a story.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        story_id : string
        article_id : string
        position : int64, from 0, in order of publication
    """
    with looking(workspace) as tx:
        table = typed(table_rows(tx, "story_articles"), _MEMBERS)
    return table.sort_values(["story_id", "position"], ignore_index=True)


def candidates(workspace: Place = None, *, all_runs: bool = False) -> pd.DataFrame:
    """Return the ranked stories of the newest ranking, best first, with their reasons.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.
    all_runs
        The rankings of all runs, oldest run first.

    Returns
    -------
    pandas.DataFrame
        run_id : int64
        story_id : string
        rank : int64, from 1
        score : float64, the logistic of the logit
        logit : float64, the sum of the contributions
        reasons : object, tuples of (feature, value, contribution)
    """
    columns = {
        "run_id": "int64",
        "story_id": TEXT,
        "rank": "int64",
        "score": "float64",
        "logit": "float64",
        "reasons": TUPLE,
    }
    with looking(workspace) as tx:
        return typed(candidate_rows(tx, all_runs=all_runs), columns)


def reasons(workspace: Place = None, *, all_runs: bool = False) -> pd.DataFrame:
    """Return the candidates' reasons, one row a candidate and feature, best candidate first.

    Contributions of one candidate sum to its logit.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.
    all_runs
        The rankings of all runs, oldest run first.

    Returns
    -------
    pandas.DataFrame
        run_id : int64
        story_id : string
        rank : int64, from 1
        feature : category
        value : float64, in the feature's own unit
        contribution : float64, to the logit
    """
    columns = {
        "run_id": "int64",
        "story_id": TEXT,
        "rank": "int64",
        "feature": OPEN,
        "value": "float64",
        "contribution": "float64",
    }
    ranked = candidates(workspace, all_runs=all_runs)
    rows = [
        (run_id, story_id, rank, *reason)
        for run_id, story_id, rank, found in zip(
            *(ranked[name] for name in ("run_id", "story_id", "rank", "reasons")), strict=True
        )
        for reason in found
    ]
    return typed(Rows(tuple(columns), rows), columns)


def decisions(workspace: Place = None) -> pd.DataFrame:
    """Return all decisions of analysts, oldest first; of one subject the newest counts.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        id : int64
        subject : string, the story decided on
        verdict : category, every verdict there is
        reviewer : category
        decided_at : datetime64[ns, UTC]
        note : string
        seen_hash : string, of what the reviewer saw
        topics : object, tuples of str; those of a retopic, else empty
        undoes : Int64, the decision that an undo takes back
        proposed_rank : Int64, place in the ranking that was shown
        proposed_score : float64, of that ranking, 0 to 1
        proposed_novelty : category
        proposed_topics : object, tuples of str
        proposed_models : object, tuples of str, ids of the models that judged
    """
    columns = {
        "id": "int64",
        "subject": TEXT,
        "verdict": VERDICT,
        "reviewer": OPEN,
        "decided_at": TIME,
        "note": TEXT,
        "seen_hash": TEXT,
        "topics": TUPLE,
        "undoes": "Int64",
        "proposed_rank": "Int64",
        "proposed_score": "float64",
        "proposed_novelty": NOVELTY,
        "proposed_topics": TUPLE,
        "proposed_models": TUPLE,
    }
    with looking(workspace) as tx:
        return typed(_with_proposals(table_rows(tx, "decisions")), columns)


def _with_proposals(found: Rows) -> Rows:
    """Return the decisions with a column for each part of what had been proposed."""
    at = {name: place for place, name in enumerate(found.columns)}
    proposed = ("rank", "score", "novelty", "topics", "models")
    rows = []
    for row in found.rows:
        proposal = row[at["proposal"]] or {"topics": (), "models": ()}
        topics = row[at["topics"]] or ()
        rows.append((*row, topics, *(proposal.get(name) for name in proposed)))
    # The stored column of topics is empty for all but a retopic; the later one of a name counts.
    names = (*found.columns, "topics", *(f"proposed_{name}" for name in proposed))
    return Rows(names, rows)
