"""Source entries as they stand in ``alliance.toml``, checked one by one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from typing import Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.ids import is_slug
from alliance_nlp.core.types import Source, SourceKind
from alliance_nlp.core.urls import is_web_url

_NETWORK = (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.INDEX)
_FIELDS = {field.name: field for field in fields(Source)}
_NEEDED = [name for name, field in _FIELDS.items() if field.default is MISSING]


def read_sources(entries: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """Return the sources of ``[[sources]]`` entries, in order.

    Raises
    ------
    ConfigError
        If an entry lacks or misspells a field, an id stands twice or a URL is none. The message
        names the entry and the remedy.
    """
    sources = tuple(_source(entry, number) for number, entry in enumerate(entries, start=1))
    seen: set[str] = set()
    for source in sources:
        if source.id in seen:
            raise ConfigError(f"two sources have the id {source.id!r}; rename one of them")
        seen.add(source.id)
    return sources


def _source(entry: Mapping[str, Any], number: int) -> Source:
    where = f"source {entry.get('id', f'number {number}')!r}"
    _check_names(entry, where)
    values = dict(entry)
    if not is_slug(str(values["id"])):
        raise ConfigError(f"{where}: id must be lower-case words joined by hyphens, like navy-news")
    values["kind"] = _kind(values["kind"], where)
    values["expected"] = _expected(values.get("expected", (0, 10_000)), where)
    weight = values.get("weight", 0.5)
    if type(weight) not in (int, float) or not 0 <= weight <= 1:
        raise ConfigError(f"{where}: weight must be a number from 0 to 1, not {weight!r}")
    for name in ("id", "name", "url", "language", "country", "rights", "link_pattern", "zone"):
        if not isinstance(values.get(name, ""), str):
            raise ConfigError(f"{where}: {name} must be text in quotes, not {values[name]!r}")
    source = Source(**values)
    _check_url(source, where)
    _check_zone(source, where)
    return source


def _check_names(entry: Mapping[str, Any], where: str) -> None:
    for name in entry:
        if name not in _FIELDS:
            close = difflib.get_close_matches(name, _FIELDS, n=1)
            hint = f"did you mean {close[0]}?" if close else f"known are {', '.join(_FIELDS)}"
            raise ConfigError(f"{where}: unknown key {name!r}; {hint}")
    missing = [name for name in _NEEDED if not entry.get(name)]
    if missing:
        raise ConfigError(f"{where}: {', '.join(missing)} must be given")


def _kind(value: Any, where: str) -> SourceKind:
    try:
        return SourceKind(value)
    except ValueError as error:
        raise ConfigError(
            f"{where}: kind {value!r} is none of {', '.join(kind.value for kind in SourceKind)}"
        ) from error


def _expected(value: Any, where: str) -> tuple[int, int]:
    if isinstance(value, list | tuple) and len(value) == 2 and all(type(n) is int for n in value):
        least, most = value
        if 0 <= least <= most:
            return (least, most)
    raise ConfigError(f"{where}: expected must be [least, most] articles a run, not {value!r}")


def _check_url(source: Source, where: str) -> None:
    if source.kind in _NETWORK and not is_web_url(source.url):
        raise ConfigError(f"{where}: url {source.url!r} is no web address; write https://host/path")
    if source.kind is SourceKind.INDEX:
        if not source.link_pattern:
            raise ConfigError(
                f"{where}: an index needs link_pattern, a regular expression that its articles' "
                "URLs match, such as '/news/20[0-9]{2}/'"
            )
        try:
            re.compile(source.link_pattern)
        except re.error as error:
            raise ConfigError(f"{where}: link_pattern is no regular expression: {error}") from error


def _check_zone(source: Source, where: str) -> None:
    try:
        ZoneInfo(source.zone)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # "Asia" is a folder
        raise ConfigError(
            f"{where}: zone {source.zone!r} is no IANA zone; write one like Asia/Tokyo"
        ) from error
