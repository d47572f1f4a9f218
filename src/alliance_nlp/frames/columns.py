"""The types of the columns, and the making of a frame that keeps them however few its rows."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any, Final

import pandas as pd

from alliance_nlp.core.types import Label, Novelty, Outcome, Role, Stage, TopicLabel, Verdict
from alliance_nlp.store import Rows

TIME: Final = "datetime64[ns, UTC]"
DAY: Final = "datetime64[ns]"
TEXT: Final = "string"
OPEN: Final = "category"  # of the values that occur
TUPLE: Final = "object"

Columns = Mapping[str, Any]


def closed(values: type[StrEnum]) -> pd.CategoricalDtype:
    """Return the category type of a closed list: all its values, in its order."""
    return pd.CategoricalDtype([value.value for value in values], ordered=False)


LABEL, TOPIC, NOVELTY = closed(Label), closed(TopicLabel), closed(Novelty)
OUTCOME, ROLE, STAGE, VERDICT = closed(Outcome), closed(Role), closed(Stage), closed(Verdict)


def typed(found: Rows, columns: Columns) -> pd.DataFrame:
    """Return rows as a frame with these columns, in this order, of these types."""
    values: list[Any] = [list(column) for column in zip(*found.rows, strict=True)]
    by_name = dict(zip(found.columns, values or [[] for _ in found.columns], strict=True))
    return pd.DataFrame({name: column(by_name[name], kind) for name, kind in columns.items()})


def column(values: list[Any], kind: Any) -> Any:
    """Return one typed column; lists become tuples, which cannot be changed by accident."""
    if isinstance(kind, pd.CategoricalDtype):  # first: it equals the word "category"
        return pd.Series(values, dtype=kind)
    if kind == TUPLE:
        return pd.Series([_frozen(value) for value in values], dtype=object)
    if kind in (TIME, DAY):
        times: Any = pd.to_datetime(pd.Series(values, dtype=object), utc=kind == TIME)
        return times.astype(kind)
    if kind == OPEN:
        # Through text, so that the categories of an empty column are text as well.
        return pd.Series(values, dtype=TEXT).astype(OPEN)
    return pd.Series(values, dtype=kind)


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list | tuple) else value
