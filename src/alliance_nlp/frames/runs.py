"""What the runs did: their ledgers, visits, fetches and problems."""

from __future__ import annotations

import pandas as pd

from alliance_nlp.core.types import Stage
from alliance_nlp.frames.columns import OPEN, OUTCOME, ROLE, STAGE, TEXT, TIME, typed
from alliance_nlp.frames.opening import Place, looking
from alliance_nlp.store import table_rows


def runs(workspace: Place = None) -> pd.DataFrame:
    """Return the runs, oldest first.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        id : int64
        command : category
        as_of : datetime64[ns, UTC], the time it took for the present
        started_at : datetime64[ns, UTC]
        finished_at : datetime64[ns, UTC]
        state : category, such as done or done-with-failures
        ranked_at : datetime64[ns, UTC], the end of the window that it ranked
    """
    columns = {
        "id": "int64",
        "command": OPEN,
        "as_of": TIME,
        "started_at": TIME,
        "finished_at": TIME,
        "state": OPEN,
        "ranked_at": TIME,
    }
    with looking(workspace) as tx:
        return typed(table_rows(tx, "runs"), columns)


def ledger(workspace: Place = None) -> pd.DataFrame:
    """Return the runs' counts by stage, oldest run first, stages in their order.

    In each row ``n_in`` is the sum of ``n_out``, ``n_rejected`` and ``n_failed``.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        run_id : int64
        stage : category, every stage in its order
        n_in : int64
        n_out : int64
        n_rejected : int64, refused by a judgement
        n_failed : int64, lost to a fault
        seconds : float64
        n_bytes : int64, taken in
    """
    columns = {
        "run_id": "int64",
        "stage": STAGE,
        "n_in": "int64",
        "n_out": "int64",
        "n_rejected": "int64",
        "n_failed": "int64",
        "seconds": "float64",
        "n_bytes": "int64",
    }
    with looking(workspace) as tx:
        table = typed(table_rows(tx, "ledger"), columns)
    place = {stage.value: i for i, stage in enumerate(Stage)}
    order = table.assign(place=table["stage"].astype(str).map(place))
    table = table.loc[order.sort_values(["run_id", "place"]).index]
    return table.reset_index(drop=True)


def problems(workspace: Place = None) -> pd.DataFrame:
    """Return what the runs refused or failed on, in the order in which it happened.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        id : int64
        run_id : int64
        stage : category, every stage in its order
        subject_id : string, such as an address
        reason : category
        detail : string
        failed : bool, a fault rather than a judgement
    """
    columns = {
        "id": "int64",
        "run_id": "int64",
        "stage": STAGE,
        "subject_id": TEXT,
        "reason": OPEN,
        "detail": TEXT,
        "failed": "bool",
    }
    with looking(workspace) as tx:
        return typed(table_rows(tx, "problems"), columns)


def visits(workspace: Place = None) -> pd.DataFrame:
    """Return what came of each run's visit to each source.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        run_id : int64
        source_id : category
        at : datetime64[ns, UTC]
        outcome : category, every outcome there is
        n_listed : int64, articles that its listings named
        n_new : int64, pages archived for the first time
        n_failed : int64
        n_bytes : int64, received
        seconds : float64, of its requests added up
        newest_at : datetime64[ns, UTC], the newest date listed
        moved_to : string
        detail : string
    """
    columns = {
        "run_id": "int64",
        "source_id": OPEN,
        "at": TIME,
        "outcome": OUTCOME,
        "n_listed": "int64",
        "n_new": "int64",
        "n_failed": "int64",
        "n_bytes": "int64",
        "seconds": "float64",
        "newest_at": TIME,
        "moved_to": TEXT,
        "detail": TEXT,
    }
    with looking(workspace) as tx:
        return typed(table_rows(tx, "visits"), columns)


def fetches(workspace: Place = None) -> pd.DataFrame:
    """Return every archived response and its place in the archive, oldest first.

    Parameters
    ----------
    workspace
        A workspace or its path; ``None`` for the one at or above the working folder.

    Returns
    -------
    pandas.DataFrame
        id : int64
        run_id : int64
        source_id : category
        role : category, every role there is
        asked_url : string
        url : string, after redirects
        lead_key : string
        status : int64, of HTTP
        fetched_at : datetime64[ns, UTC]
        payload_sha256 : string
        n_bytes : int64, of the body as received
        repeats_id : Int64, the fetch whose payload it repeats
        file : category, of the archive
        offset : int64, in bytes
        length : int64, in bytes
        sha256 : string, of the record
    """
    columns = {
        "id": "int64",
        "run_id": "int64",
        "source_id": OPEN,
        "role": ROLE,
        "asked_url": TEXT,
        "url": TEXT,
        "lead_key": TEXT,
        "status": "int64",
        "fetched_at": TIME,
        "payload_sha256": TEXT,
        "n_bytes": "int64",
        "repeats_id": "Int64",
        "file": OPEN,
        "offset": "int64",
        "length": "int64",
        "sha256": TEXT,
    }
    with looking(workspace) as tx:
        return typed(table_rows(tx, "fetches"), columns)
