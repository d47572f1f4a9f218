"""Write ``docs/reference.md`` from the code: commands, settings, closed lists, versions, weights.

Run ``python docs/make_reference.py`` to write the file, and with ``--check`` to compare: it exits
with 1 when the file is not what the code says. What the code cannot say about itself stands in the
tables of this script; a member that one of them lacks ends it with an error.
"""

from __future__ import annotations

import argparse
import inspect
import re
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import MISSING, fields
from enum import StrEnum
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer.main
from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from alliance_nlp.artifacts import running_versions
from alliance_nlp.cli.app import app
from alliance_nlp.config import Settings
from alliance_nlp.core import enums, errors
from alliance_nlp.core.types import Rights, Source
from alliance_nlp.extract import FLAGS
from alliance_nlp.extract import VERSION as EXTRACT_VERSION
from alliance_nlp.rank import DEFAULT_WEIGHTS, FEATURES
from alliance_nlp.sources import State
from alliance_nlp.tag.inputs import RULES_VERSION

TARGET = Path(__file__).resolve().parent / "reference.md"

EXIT_CODES = {
    0: "done",
    1: "an error of ours, told in one line on standard error (`--debug` adds the traceback); "
    "also when `doctor` finds something wrong",
    2: "wrong usage: an unknown command or option, or a missing argument",
    3: "done, with failures in the ledger of a run, with bad lines in a filter, or with problems "
    "that a check found",
    130: "stopped by Ctrl-C; what was done is kept",
    143: "stopped by SIGTERM; what was done is kept",
}
_NAMES = {
    "str": "text",
    "int": "integer",
    "float": "number",
    "bool": "true or false",
    "dict": "table",
}
# The fields that the docstring of Source takes for granted.
SOURCE_FIELDS = {
    "name": "Name of the outlet, as the digest cites it.",
    "kind": "One of the source kinds below.",
}
MEANINGS: Mapping[type[StrEnum], Mapping[str, str]] = {
    enums.SourceKind: {
        "feed": "an RSS or Atom feed",
        "sitemap": "a sitemap, a news sitemap, or an index of sitemaps",
        "index": "a page whose links to articles match `link_pattern`, on its own host",
        "folder": "saved HTML, text and JSON Lines on disk, gzip or not, read recursively",
        "warc": "an existing archive: a file, a pattern or a folder of WARC files",
    },
    enums.Stage: {
        "collect": "fetch listings and pages, and archive them; subjects are listings and pages",
        "extract": "archived page to article; subjects are pages",
        "tag": "article to mentions; subjects are articles",
        "classify": "article to topics and relevance; subjects are articles",
        "fold": "articles of the window to stories; subjects are articles",
        "rank": "stories to candidates; subjects are stories",
    },
    enums.Reason: {
        "unreachable": "no such host, connection refused, or it broke off",
        "timeout": "no answer within `collect.timeout_s`",
        "tls": "the certificate or TLS is not in order",
        "http-status": "answered with a status that is neither 2xx nor 304",
        "robots-denied": "robots.txt asks us to stay away (rejected), or answered with a server "
        "error, which counts as a refusal for now (failed)",
        "too-large": "more bytes than allowed, as received or unpacked",
        "redirects": "it redirects too often",
        "cut-off": "the answer ended early",
        "bad-url": "no address that can be requested",
        "bad-listing": "a feed is no feed, a sitemap no sitemap, an index no HTML",
        "unreadable": "a local file, a line of one, or an archive cannot be read",
        "address-denied": "the address is inside a network and neither the source's own nor in "
        "`collect.allow_inside`",
        "rate-limited": "the host asks us to wait for longer than `collect.max_wait_s`",
        "put-off": "not tried: its host failed again and again, or the run's time was up; the "
        "next run takes it up",
        "resting": "not due yet: the source has failed for long, or brings little",
        "empty-page": "the body is empty",
        "not-html": "a PDF, an image, an archive, or another type that is not read",
        "error-page": "an error page, also one sent with status 200",
        "wall": "a consent, login or robot check in place of a text",
        "paywall-stub": "only the first words are free",
        "no-main-text": "the page shows pictures, leads elsewhere or holds no text of its own",
        "too-short": "what text there is makes no article",
        "duplicate": "address and content are known already",
        "index-page": "a section, a list of headlines or a page of search results",
        "withdrawn": "its publisher took it back: the address is gone, or its page says so",
        "time-limit": "it took more than `process.time_limit_s`; it waits in quarantine",
        "memory-limit": "it took more than `process.memory_limit_mb`; it waits in quarantine",
        "not-relevant": "below `fold.min_relevance` and not held relevant (fold); "
        "none of the story's articles relevant (rank)",
        "superseded": "a newer version of the same address is used",
        "crashed": "a fault of ours: a page broke a stage, the fetcher ended, or the run was "
        "broken off while the subject was in the stage",
    },
    enums.Verdict: {
        "accept": "drafted first, in order of rank",
        "reject": "never drafted",
        "later": "stays open; drafted by rank",
        "unsure": "stays open; drafted by rank",
        "retopic": "the story has the topics that are given with it",
        "note": "only the note is kept",
        "undo": "an earlier word of the same person no longer counts",
    },
    enums.Label: {
        "OFFICIAL": "a named person in a government, legislative or military office at the time "
        "of the text; the name without title or rank",
        "EXERCISE": "a named military or coast-guard exercise, with its edition or year",
        "SHIP": "a named vessel, with prefix and adjacent hull number; never a class",
        "MINERAL": "a critical mineral or a group of them, as raw material",
        "BASE": "a named base, camp, air station, port or training area that forces use",
    },
    enums.TopicLabel: {
        "trade": "trade, tariffs, investment, supply chains, economic security, export controls, "
        "critical minerals",
        "defense": "operations, exercises, procurement, deterrence, intelligence, security talks",
        "energy": "LNG, oil, nuclear power, renewables, hydrogen, storage, climate policy",
        "base-politics": "US bases in Japan and local politics about bases: Futenma and Henoko, "
        "host-nation support, the status-of-forces agreement, incidents, noise, PFAS",
    },
    enums.Novelty: {
        "new": "no published item is like it",
        "follow-up": "an issue told an earlier part of it",
        "repeat": "an issue told it already",
    },
    enums.Sector: {
        "government": "ministries, agencies and leaders",
        "military": "forces, commands and units",
        "parliament": "legislatures, their committees and services",
        "local-government": "prefectures, states, cities and towns",
        "embassy": "embassies and consulates",
        "press": "general newspapers, broadcasters and wires",
        "trade-press": "press of one field, such as defence or energy",
        "think-tank": "research institutes and foundations",
        "statistics": "offices and releases of figures",
        "industry": "companies and their federations",
        "international": "organisations of several states",
        "other": "anything else",
    },
    enums.Paywall: {
        "none": "read in full",
        "metered": "some articles are free",
        "hard": "for subscribers only",
    },
    enums.EditKind: {
        "merge": "several stories became one",
        "split": "articles of a story became a story of their own",
        "add": "an article belongs to a further story too",
        "undo": "an earlier edit was taken back",
    },
    enums.Outcome: {
        "new": "brought articles that were not known",
        "unchanged": "answered, with nothing new",
        "blocked": "refused us",
        "failed": "could not be had or read",
        "put-off": "was not tried for want of time, or of budget",
        "resting": "was not due",
    },
    State: {
        "ok": "as usual",
        "silent": "nothing new for longer than its history makes plausible",
        "shrunken": "far less than usual",
        "swollen": "far more than usual",
        "stale": "lists only old articles",
        "moved": "its address leads elsewhere for good",
        "blocked": "refuses us",
        "failing": "cannot be had or read",
        "resting": "not visited yet, only passed over",
        "unknown": "not visited yet",
    },
    enums.Role: {
        "robots": "a robots.txt",
        "listing": "a feed, a sitemap or an index page",
        "article": "a page that may hold an article",
        "part": "a further page of an article that goes on over several",
    },
}


def table(heads: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return a Markdown table."""
    lines = [heads, ["---"] * len(heads), *rows]
    return "".join(
        "| " + " | ".join(str(cell).replace("|", "\\|") for cell in line) + " |\n" for line in lines
    )


def code(value: object) -> str:
    """Return a value as Markdown code."""
    return f"`{value}`"


def plain(text: str) -> str:
    """Return reStructuredText as Markdown on one line."""
    return " ".join(text.split()).replace("``", "`")


def commands(command: Any, path: str) -> Iterator[str]:
    """Yield a section for a command and for each below it."""
    below: Mapping[str, Any] = getattr(command, "commands", {})
    paragraphs = [plain(part) for part in inspect.cleandoc(command.help or "").split("\n\n")]
    yield f"### {code(path)}\n\n"
    for paragraph in paragraphs:
        example = re.fullmatch(r"Example: (.+)", paragraph)
        yield f"    {example[1]}\n\n" if example else f"{paragraph}\n\n"
    rows = [_parameter(parameter) for parameter in command.params]
    if rows:
        yield table(["argument or option", "default", "what it does"], rows) + "\n"
    for name, inner in below.items():
        yield from commands(inner, f"{path} {name}")


def _parameter(parameter: Any) -> tuple[str, str, str]:
    names = [*parameter.opts, *parameter.secondary_opts]
    is_option = parameter.opts[0].startswith("-")
    shown = ", ".join(code(name if is_option else name.upper()) for name in names)
    choices = parameter.type_descriptor.annotation
    text = parameter.help or ""
    if isinstance(choices, type) and issubclass(choices, StrEnum):
        text += " One of " + ", ".join(code(member.value) for member in choices) + "."
    if parameter.envvar:
        text += f" Environment: {code(parameter.envvar)}."
    is_silent = parameter.default in (None, "", False)
    default = "required" if parameter.required else "" if is_silent else code(parameter.default)
    return shown, default, plain(text)


def settings() -> Iterator[str]:
    """Yield the sections of ``alliance.toml``."""
    for name, field in Settings.model_fields.items():
        section = field.annotation
        if not (isinstance(section, type) and issubclass(section, BaseModel)):
            continue  # [[sources]] has a section of its own
        yield from _section(name, section)


def _section(name: str, section: type[BaseModel]) -> Iterator[str]:
    yield f"### `[{name}]`\n\n{plain(section.__doc__ or '')}\n\n"
    rows = [
        (code(key), _type(value), _default(value), plain(value.description or ""))
        for key, value in section.model_fields.items()
    ]
    yield table(["key", "type", "default", "meaning"], rows) + "\n"
    for key, value in section.model_fields.items():
        for inner in (value.annotation, *get_args(value.annotation)):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                yield from _section(f"{name}.{key}", inner)


def _type(field: Any) -> str:
    kind = field.annotation
    if get_origin(kind) is dict:
        name = f"table of {_NAMES[get_args(kind)[1].__name__]}s"
    elif get_origin(kind) is tuple:
        name = f"list of {_NAMES[get_args(kind)[0].__name__]}s"
    elif get_origin(kind) is Literal:
        name = " or ".join(code(value) for value in get_args(kind))
    elif get_origin(kind) is not None or issubclass(kind, BaseModel):
        name = "a table, see below"
    else:
        name = _NAMES[kind.__name__]
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    limits = [
        f"{sign} {getattr(limit, attribute)}"
        for limit in field.metadata
        for attribute, sign in signs.items()
        if hasattr(limit, attribute)
    ]
    return ", ".join([name, *limits])


def _default(field: Any) -> str:
    value = field.default_factory() if field.default_factory else field.default
    if value is PydanticUndefined:
        return "required"
    if isinstance(value, bool):
        return code(_toml(value))
    if isinstance(value, BaseModel):
        return "as below"
    return "empty" if value in ("", {}, (), None) else code(value)


def source_fields() -> str:
    """Return the fields of a ``[[sources]]`` entry."""
    told = _attributes(Source)
    rows = []
    for field in fields(Source):
        value = field.default
        empty = ("", (), Rights())
        default = (
            "required" if value is MISSING else "empty" if value in empty else code(_toml(value))
        )
        text = told.get(field.name) or SOURCE_FIELDS[field.name]
        rows.append((code(field.name), default, plain(text)))
    return table(["key", "default", "meaning"], rows)


def _toml(value: object) -> object:
    return list(value) if isinstance(value, tuple) else value


def _attributes(kind: type) -> dict[str, str]:
    """Return the numpydoc attributes of a class, by name."""
    lines = inspect.cleandoc(kind.__doc__ or "").partition("----------\n")[2].splitlines()
    told: dict[str, list[str]] = {}
    name = ""
    for line in lines:
        if line and not line.startswith(" "):
            name = line.strip()
            told[name] = []
        elif name:
            told[name].append(line.strip())
    return {name: " ".join(parts) for name, parts in told.items()}


def members(kind: type[StrEnum]) -> str:
    """Return the members of a closed list with their meanings."""
    meanings = MEANINGS[kind]
    values = [member.value for member in kind]
    if set(values) != set(meanings):
        wrong = sorted(set(values) ^ set(meanings))
        raise SystemExit(f"MEANINGS and {kind.__name__} differ in {wrong}; mend {Path(__file__)}")
    return table(["value", "meaning"], [(code(value), meanings[value]) for value in values])


def versions() -> str:
    """Return the steps and what their version is."""
    rows = [
        ("`extract`", "page", f"{code('alliance_nlp.extract.VERSION')}, now {EXTRACT_VERSION}"),
        (
            "`tag`",
            "article",
            "hash of the rules' version (`alliance_nlp.tag.inputs.RULES_VERSION`, now "
            f"{RULES_VERSION}) and of the knowledge base's content, the workspace's included",
        ),
        (
            "`classify`",
            "article",
            "the id of the model that serves: a hash of the labelled items, the estimator's "
            f"settings and the versions of {', '.join(running_versions())}",
        ),
    ]
    return table(["step", "subject", "version"], rows)


def features() -> str:
    """Return the ranking's features with their default weights."""
    rows = [("`bias`", "1 for every story", DEFAULT_WEIGHTS["bias"])]
    rows += [(code(name), unit, DEFAULT_WEIGHTS[name]) for name, unit in FEATURES.items()]
    return table(["feature", "value and unit", "default weight"], rows)


def error_tree() -> str:
    """Return the tree of errors as its module draws it."""
    drawn = re.search(r"::\n\n((?: {4}.*\n)+)", errors.__doc__ or "")
    assert drawn is not None
    return drawn[1]


def reference() -> str:
    """Return the whole document."""
    exits = table(["code", "meaning"], list(EXIT_CODES.items()))
    parts = [
        "# Reference\n\n",
        "Made from the code by `docs/make_reference.py`; do not edit. `make docs` writes it anew.\n"
        "\n## Commands\n\n",
        *commands(typer.main.get_command(app), "alliance-nlp"),
        "## Exit codes\n\n" + exits,
        "\n## Settings\n\n"
        "They stand in the workspace's `alliance.toml`. An environment variable overrules the "
        "file: `ALLIANCE_COLLECT__DELAY_S=2` is `delay_s` in `[collect]`. An unknown key is an "
        "error.\n\n",
        *settings(),
        "## Source entries\n\nEach `[[sources]]` table names one source.\n\n" + source_fields(),
    ]
    lists = {
        "Source kinds": enums.SourceKind,
        "Stages": enums.Stage,
        "Reasons": enums.Reason,
        "Verdicts": enums.Verdict,
        "Edits of stories": enums.EditKind,
        "Entity labels": enums.Label,
        "Topics": enums.TopicLabel,
        "Novelty": enums.Novelty,
        "Roles of archived pages": enums.Role,
        "Sectors of sources": enums.Sector,
        "Paywalls": enums.Paywall,
        "What a visit to a source came to": enums.Outcome,
        "How a source is doing": State,
    }
    parts += [f"\n## {title}\n\n{members(kind)}" for title, kind in lists.items()]
    flags = table(["flag", "meaning"], [(code(name), text) for name, text in FLAGS.items()])
    parts += [
        "\n## Flags of articles\n\n" + flags,
        "\n## Steps and their versions\n\nA result is settled once for a subject, a step and a "
        "version; another version settles it anew.\n\n" + versions(),
        "\n## Ranking\n\nA story's logit is the sum of weight times value over these features. "
        "Change weights in `[rank.weights]`.\n\n" + features(),
        "\n## Errors\n\n" + error_tree(),
    ]
    return "".join(parts)


def main() -> int:
    """Write the file, or compare it."""
    parser = argparse.ArgumentParser(description="Write docs/reference.md from the code.")
    parser.add_argument("--check", action="store_true", help="compare; 1 when it is stale")
    text = reference()
    if not parser.parse_args().check:
        TARGET.write_text(text, encoding="utf-8")
        return 0
    if TARGET.is_file() and TARGET.read_text(encoding="utf-8") == text:
        return 0
    sys.stderr.write(f"{TARGET.name} is not what the code says; run: make docs\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
