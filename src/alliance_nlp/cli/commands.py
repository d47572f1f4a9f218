"""The commands by name, so that help and start-up load only the one that is asked for.

What stands here of a command is what its own docstring and registration say; a test compares them.
"""

from __future__ import annotations

from dataclasses import dataclass

FIRST_STEPS = "First steps"
NIGHT = "The night"
OPERATIONS = "Operations"
FILTERS = "Filters (JSON Lines in, JSON Lines out)"
DESK = "The desk"
LEARNING = "Learning"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A command: its name, its section of the help, the module it stands in, and what it does."""

    name: str
    panel: str
    module: str
    about: str


def _of(panel: str, module: str, **about: str) -> tuple[Entry, ...]:
    return tuple(
        Entry(name=name.replace("_", "-"), panel=panel, module=module, about=text)
        for name, text in about.items()
    )


COMMANDS: tuple[Entry, ...] = (
    *_of(
        FIRST_STEPS,
        "setup",
        demo="Run the whole chain on a bundled sample news site and print the draft digest.",
        init="Make a workspace: alliance.toml, data/raw, data/labeled, models, issues, an inbox.",
        doctor="Check what is installed, reachable, migrated and trained, and say what to do about "
        "it.",
    ),
    *_of(
        NIGHT,
        "nights",
        nightly="Collect, archive, extract, tag, classify, fold, rank, and report.",
        collect="Fetch what is new from every source into the archive.",
        process="Extract, tag and classify what the archive holds; no network.",
        rank="Fold and rank the workspace's articles, or those given as JSON Lines.",
        report="Print the report of the newest run: the ledger, what was rejected and why.",
    ),
    *_of(
        NIGHT,
        "backfill",
        backfill="Sieve archives of anyone's (CC-NEWS, our own) and keep what bears on the "
        "alliance.",
    ),
    *_of(
        OPERATIONS,
        "data",
        rebuild="Make articles, stories and candidates again from data/raw alone; no network.",
        quarantine="List the pages and articles that a stage failed on, and why.",
        retry_quarantine="Try again what a stage failed on, after a fix or with higher limits.",
        versions="Show how an article was edited: its versions, and what changed from each to the "
        "next.",
    ),
    *_of(
        NIGHT,
        "schedule",
        schedule="Print what to install so that the nightly runs by itself; nothing is installed.",
    ),
    *_of(
        FILTERS,
        "filters",
        extract="Extract main text, title, authors, date and language of pages.",
        tag="Find officials, exercises, ships, minerals and bases in texts.",
        classify="Classify texts by topic and by relevance to the alliance.",
        fold="Fold texts that report the same event into one story.",
    ),
    *_of(
        DESK,
        "desk",
        candidates="Print the ranked candidates of the newest run, or one with all that is behind "
        "its rank.",
        decide="Record a decision on a story; earlier ones stay in the record.",
    ),
    *_of(
        DESK,
        "review",
        review="Open the review page: on this machine for one analyst, or with accounts for many.",
    ),
    *_of(
        LEARNING,
        "learning",
        train="Train a model on the packaged and the workspace's labelled items, and measure it.",
    ),
    *_of(
        LEARNING,
        "labeling",
        simulate="Replay labelled data as a reviewer would read it, a model ranking the rest after "
        "each batch.",
    ),
    *_of(
        LEARNING,
        "backtesting",
        backtest="Replay past issues' pools and tell how high the editors' items rank.",
    ),
    *_of(NIGHT, "sources", sources="The workspace's sources and the catalogue."),
    *_of(
        OPERATIONS,
        "data",
        archive="Look into the archive, check and mend it.",
        db="Back the database up and restore it.",
    ),
    *_of(DESK, "accounts", accounts="Accounts: who may work at the desk, and as what."),
    *_of(
        DESK,
        "digest",
        digest="Issues: draft, check, publish, export, send and the rest of their way.",
    ),
    *_of(DESK, "stories", stories="Stories: look at them, merge, split, undo."),
    *_of(
        LEARNING,
        "learning",
        evaluate="Measure the classifier on held-out stories and list its worst errors.",
        models="Fitted models, their cards, who serves.",
    ),
    *_of(LEARNING, "labeling", label="Labelled items: get, choose and check them."),
    *_of(LEARNING, "knowledge", kb="The knowledge base and the workspace's additions."),
)
