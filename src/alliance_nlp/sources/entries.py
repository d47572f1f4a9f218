"""Source entries as they stand in ``alliance.toml``, checked one by one."""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, fields
from enum import StrEnum
from typing import Any, TypeVar
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from alliance_nlp.core.errors import ConfigError
from alliance_nlp.core.ids import is_slug
from alliance_nlp.core.types import Paywall, Rights, Sector, Source, SourceKind, TopicLabel
from alliance_nlp.core.urls import is_web_url
from alliance_nlp.sources.catalogue import catalogue_entry

_NETWORK = (SourceKind.FEED, SourceKind.SITEMAP, SourceKind.INDEX)
_FIELDS = {field.name: field for field in fields(Source)}
_NEEDED = [name for name, field in _FIELDS.items() if field.default is MISSING]
_TEXTS = ("id", "name", "url", "language", "country", "link_pattern", "zone", "home")
_RIGHTS = {field.name: field for field in fields(Rights)}
_E = TypeVar("_E", bound=StrEnum)


def read_sources(entries: Sequence[Mapping[str, Any]]) -> tuple[Source, ...]:
    """Return the sources of ``[[sources]]`` entries, in order.

    An entry that lacks name, kind or url takes from the catalogue whatever it does not say itself,
    so an ``id`` of the catalogue alone will do.

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
    is_whole = all(entry.get(name) for name in _NEEDED)
    values = {**({} if is_whole else catalogue_entry(str(entry.get("id")))), **entry}
    _check_names(values, where)
    if not is_slug(str(values["id"])):
        raise ConfigError(f"{where}: id must be lower-case words joined by hyphens, like navy-news")
    for name in _TEXTS:
        if not isinstance(values.get(name, ""), str):
            raise ConfigError(f"{where}: {name} must be text in quotes, not {values[name]!r}")
    values["kind"] = _member(SourceKind, values["kind"], f"{where}: kind")
    values["sector"] = _member(Sector, values.get("sector", Sector.OTHER), f"{where}: sector")
    values["topics"] = _topics(values.get("topics", ()), where)
    values["rights"] = _rights(values.get("rights", {}), where)
    values["expected"] = _expected(values.get("expected", (0, 10_000)), where)
    weight = values.get("weight", 0.5)
    if type(weight) not in (int, float) or not 0 <= weight <= 1:
        raise ConfigError(f"{where}: weight must be a number from 0 to 1, not {weight!r}")
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


def _member(kind: type[_E], value: Any, what: str) -> _E:
    try:
        return kind(value)
    except ValueError as error:
        names = ", ".join(member.value for member in kind)
        raise ConfigError(f"{what} {value!r} is none of {names}") from error


def _topics(value: Any, where: str) -> tuple[TopicLabel, ...]:
    if not isinstance(value, list | tuple):
        raise ConfigError(f'{where}: topics must be a list like ["trade", "energy"], not {value!r}')
    return tuple(_member(TopicLabel, name, f"{where}: topic") for name in value)


def _rights(value: Any, where: str) -> Rights:
    if isinstance(value, str):
        return Rights(note=value)
    if not isinstance(value, Mapping):
        raise ConfigError(f"{where}: rights must be text or a table, not {value!r}")
    for name in value:
        if name not in _RIGHTS:
            known = ", ".join(_RIGHTS)
            raise ConfigError(f"{where}: unknown key 'rights.{name}'; known are {known}")
    words, opt_out = value.get("quote_words"), value.get("ai_opt_out", False)
    if words is not None and (type(words) is not int or words < 0):
        raise ConfigError(f"{where}: rights.quote_words must be a whole number, not {words!r}")
    if type(opt_out) is not bool:
        raise ConfigError(f"{where}: rights.ai_opt_out must be true or false, not {opt_out!r}")
    return Rights(
        quote_words=words,
        paywall=_member(Paywall, value.get("paywall", "none"), f"{where}: rights.paywall"),
        ai_opt_out=opt_out,
        note=str(value.get("note", "")),
    )


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
