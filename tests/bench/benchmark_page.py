"""``docs/benchmark.md`` and ``docs/benchmark.svg``, from the figures in ``docs/benchmark.json``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tests.bench.ratios import MOST_WORSE, OURS, Figures, Row

DOCS = Path(__file__).resolve().parents[2] / "docs"
FIGURES, PAGE, PLOT = (DOCS / f"benchmark.{suffix}" for suffix in ("json", "md", "svg"))
GENERATED, FOLDER = "generated pages", "a folder of real pages"
# Replaced by what the reader's light or dark scheme asks for.
_INK = "#123456"
_SCHEMES = "<style>svg{color:#1f2328}@media (prefers-color-scheme:dark){svg{color:#e6edf3}}</style>"
_OURS_COLOR, _OTHERS_COLOR = "#d9730d", "#5b8def"
_TARGETS = {
    "chain": "whole chain, as a ratio to trafilatura with metadata: at most 0.75",
    "naive": "how many times the CPU of the whole chain the naive chain takes: at least 6",
    "jobs2": "how many times as fast two jobs are as one, by the clock: at least 1.85",
    "backfill": "pages per core-second of the backfill's cascade over the full chain's, 2 % of "
    "the pages relevant: at least 15",
    "recall": "of what the full chain calls relevant, how much the cascade keeps, on held-out "
    "stories: at least 0.99",
}


def write(runs: Mapping[str, Figures]) -> None:
    """Write the page and its plot."""
    PAGE.write_text(render(runs), "utf-8")
    PLOT.write_text(plot(runs), "utf-8")


def render(runs: Mapping[str, Figures]) -> str:
    """Return the page as Markdown."""
    parts = [_INTRODUCTION]
    parts += [_section(kind, figures) for kind, figures in runs.items()]
    return "\n".join([*parts, _weights(runs), _SHORT, _METHOD])


def _section(kind: str, figures: Figures) -> str:
    lines = [
        f"## On {kind}",
        "",
        f"{figures.pages}.",
        "",
        "| way | CPU, as a ratio | least to most | ms a page | pages a round | raised on |",
        "|---|---:|---:|---:|---:|---:|",
        *map(_row, figures.rows),
        "",
        "| figure | measured | what it is, and the target |",
        "|---|---:|---|",
    ]
    cells = (part.split(" ", 1) for part in figures.last_line().split("; "))
    lines += [f"| {name} | {value} | {_TARGETS[name]} |" for name, value in cells]
    return "\n".join([*lines, "", *(f"- {note}" for note in figures.notes), ""])


def _row(row: Row) -> str:
    name = f"**{row.name}**" if row.name == OURS else row.name
    return (
        f"| {name} | {row.ratio:.2f} | {row.low:.2f} to {row.high:.2f} | {row.cpu_ms:.1f} | "
        f"{row.n_pages} | {row.n_failed or ''} |"
    )


def _weights(runs: Mapping[str, Figures]) -> str:
    names = list(next(iter(runs.values())).weights)
    lines = [
        "## How heavy the pages are",
        "",
        "What a quarter, half and three quarters of the pages do not exceed:",
        "",
        "| pages | " + " | ".join(names) + " |",
        "|---|" + "---:|" * len(names),
    ]
    for kind, figures in runs.items():
        # A run of before may not have weighed all of it.
        weights = (figures.weights.get(name, ()) for name in names)
        cells = (" / ".join(f"{value:,.0f}" for value in quarters) for quarters in weights)
        lines.append(f"| {kind} | " + " | ".join(cells) + " |")
    return "\n".join([*lines, ""])


def plot(runs: Mapping[str, Figures]) -> str:
    """Return the plot as SVG: a bar for each way, by kind of pages."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    style = {
        "svg.fonttype": "none",
        "svg.hashsalt": "benchmark",
        "font.family": "DejaVu Sans",  # comes with matplotlib
        "text.color": _INK,
        "axes.labelcolor": _INK,
        "axes.edgecolor": _INK,
        "xtick.color": _INK,
        "ytick.color": _INK,
    }
    with mpl.rc_context(style):
        height = 0.8 + sum(1.1 + 0.34 * len(figures.rows) for figures in runs.values())
        figure = Figure(figsize=(8, height), layout="constrained")
        axes = figure.subplots(len(runs), squeeze=False, sharex=True)
        for ax, (kind, figures) in zip(axes[:, 0], runs.items(), strict=True):
            _bars(ax, figures.rows)
            ax.set_title(f"On {kind}", loc="left", fontsize=10)
        axes[-1, 0].set_xlabel("CPU a page, as a ratio to trafilatura with metadata")
        return _svg(figure)


def _bars(ax: Any, rows: Sequence[Row]) -> None:
    names, ratios = [row.name for row in rows], [row.ratio for row in rows]
    colors = [_OURS_COLOR if name == OURS else _OTHERS_COLOR for name in names]
    spread = [[row.ratio - row.low for row in rows], [row.high - row.ratio for row in rows]]
    bars = ax.barh(names, ratios, color=colors, xerr=spread, error_kw={"ecolor": _INK, "lw": 0.8})
    ax.bar_label(bars, labels=[f"{ratio:.2f}" for ratio in ratios], padding=6, fontsize=8)
    ax.axvline(1, color=_INK, lw=0.8, ls=":", alpha=0.6, zorder=0)
    ax.invert_yaxis()
    ax.spines[["top", "right"]].set_visible(False)
    ax.margins(x=0.08)
    ax.tick_params(labelsize=9)


def _svg(figure: Any) -> str:
    import io

    stream = io.StringIO()
    figure.savefig(stream, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    drawn = stream.getvalue().replace(_INK, "currentColor").replace("'DejaVu Sans'", "sans-serif")
    head, start, rest = drawn.partition("<defs>")
    lines = (head + _SCHEMES + start + rest).split("\n")
    return "\n".join(line.rstrip() for line in lines)


_INTRODUCTION = f"""# What a page costs, beside what one would use instead

Written by `python tests/bench/bench_ratios.py --write`; do not edit. `make bench` measures again,
prints the same table, and fails when a figure on generated pages is more than \
{MOST_WORSE:.0%} worse than here.

![CPU a page of each way, as bars](benchmark.svg)
"""

_SHORT = """## Where a target is missed

- **The chain**: on a page like most, extraction alone takes 0.8 of the baseline, on real pages as
  on generated ones (the median of the pages' own ratios, one process). To that come, a page, 1.5
  to 2 ms for reading its record, 2 to 4 for tagging, 1 to 2 for classifying and 2 to 3 for handing
  out and storing. On the folder of real pages the sum is far better, for there the baseline spends
  three tenths of its time on two pages in 120, of 1.8 and 0.6 s; our extraction took 0.2 s at most
  on any. Of extraction a quarter is trafilatura's, a tenth parsing, and the rest our own reading of
  what a page states, of dates, bylines, kinds and boilerplate: no part of it takes more than 8 % by
  a profile (`flame.svg` is of an earlier commit), so that further gains are many small ones.
  Earlier figures, 0.86 to 0.94, were of pages with articles half as long, in one line, and each
  element with classes of its own; these are fitted to real ones (below).
- **Two jobs**: what does not divide is the start of a worker, some 2.5 s (its imports, the
  knowledge base, the first pages through cold caches), and classifying in one process at the end.
  The process that hands out and stores takes 2 to 3 ms a page of the same two cores. What two
  processes that share nothing reach on this machine stands with the figures above. Classifying in
  the workers was not done: each would load the model.
"""

_METHOD = """## How it is measured

- **Processor time, not the clock** (but for `jobs2`), user and system, of all processes that take
  part; one thread for each numeric library. All ways work on the same pages in the same run, take
  turns on every page, and no one always goes first. A ratio is the median over the rounds of the
  way's time by that of trafilatura's default with metadata on the same pages in the same round.
  What takes several times as long as our chain works on a part of the pages a round, another part
  each time, so that all pages come up.
- **The whole chain** is `process` on a workspace whose archive holds the pages, its store on
  SQLite, with one job: WARC read, parse, extraction, metadata, language, tagging with the full
  knowledge base, classification, fingerprints, store. Both of its processes count, the one that
  works on pages and the one that hands them out and writes. What it costs to start, load models
  and warm up is measured on an archive of the first twenty pages, before and after each run, and
  taken off. It works on up to 320 pages, for its start to be the lesser part.
- **Excluded, of all**: imports, loading models, the first pages, and fetching. Rivals are given
  the bytes (newspaper4k, readability-lxml and goose3 the decoded text), and fetch nothing.
- **The naive chain** takes one page at a time: trafilatura's default with metadata, the entities
  of spaCy's small English model in its default pipeline, TF-IDF with logistic regression for
  relevance. It knows no bases, ships or offices by name, writes nothing and has no archive.
- What trafilatura and its kin keep of pages seen is forgotten before each round, since in a night
  every page is new. A page on which a rival raised is left out of its ratio, on both sides.
- **`jobs2`** is by the clock, on 800 generated pages, start-up included: one job before and after
  two, the median of three rounds. It wants two idle cores.
- **Generated pages** are labelled texts joined to articles of 200 to 6,000 words, one in eight
  Japanese, in the markup of four manners of site (`tests/bench/markup.py`): nested containers,
  menus, cards, pictures with source sets, icons, style sheets, scripts, linked data, comments, half
  of them laid out in lines. Sizes follow log-normal laws fitted to what real news pages weigh, and
  as many elements as there share a class. Real pages are
  any folder in the format that `tests/bench/bench_extract.py` describes:
  `python tests/bench/bench_ratios.py --pages FOLDER` (or `ALLIANCE_BENCH_PAGES=FOLDER`); no such
  folder is part of the project.
- **Memory and disk are not measured here**, nor quality, which `tests/bench/bench_extract.py`
  compares.
"""
