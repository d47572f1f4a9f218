"""backtest: past issues replayed, and a trial of models by it."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption, model_loader, open_workspace
from alliance_nlp.core.errors import DigestError, InputError

if TYPE_CHECKING:
    from alliance_nlp.config import Settings
    from alliance_nlp.core.types import Issue
    from alliance_nlp.learn import Recipe, Result
    from alliance_nlp.pipeline.backtesting import Backtest, Found
    from alliance_nlp.pipeline.pools import Pool

IssuesOption = Annotated[
    Path | None,
    typer.Option(
        help="Folder of published issues (text or Markdown); the packaged six without it.",
        show_default=False,
    ),
]
ArticlesOption = Annotated[
    Path | None,
    typer.Option(
        help="JSON Lines of dated articles; the packaged ones without it and a workspace.",
        show_default=False,
    ),
]
MatchesOption = Annotated[
    Path | None,
    typer.Option(
        help="CSV with issue, item, article: matches made by hand; an empty article is none.",
        show_default=False,
    ),
]
_SUFFIXES = (".md", ".txt", ".html")


def register(app: typer.Typer) -> None:
    """Add this module's commands."""
    app.command(rich_help_panel="Learning")(backtest)


def backtest(
    *,
    issues: IssuesOption = None,
    articles: ArticlesOption = None,
    matches: MatchesOption = None,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Replay past issues' pools and tell how high the editors' items rank.

    Nothing later than an issue's date is seen. Without options six packaged issues are replayed;
    with --workspace its articles, and its published issues unless --issues names others.

    Example: alliance-nlp backtest --issues past/ --workspace ~/alliance
    """
    from alliance_nlp.cli import console
    from alliance_nlp.config import load_settings
    from alliance_nlp.pipeline import backtesting
    from alliance_nlp.workspace import packaged_backtest

    if workspace is None:
        model, model_id = model_loader(None)()
        settings = load_settings(None)
        pool = _file_pool(articles or packaged_backtest() / "articles.jsonl", model, model_id)
        past = read_issues(issues or packaged_backtest() / "issues")
    else:
        if articles is not None:
            raise InputError("--articles and --workspace name two pools; give one of them")
        space, settings = open_workspace(workspace)
        model, _ = model_loader(space)()
        pool, published = _workspace_pool(space, settings)
        past = published if issues is None else read_issues(issues)
    decided = read_matches(matches) if matches else None
    result = backtesting.backtest(pool, past, settings, model=model, decided=decided)
    if console.wants_json(as_json):
        console.print_json(result.to_json())
    else:
        _show(result)


def _file_pool(path: Path, model: Any, model_id: str) -> Pool:
    from alliance_nlp.pipeline.pools import read_pool
    from alliance_nlp.tag import Tagger

    return read_pool(path, model=model, model_id=model_id, tagger=Tagger.load())


def _workspace_pool(space: Any, settings: Settings) -> tuple[Pool, list[Issue]]:
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.pipeline.pools import workspace_pool
    from alliance_nlp.store import read_issues as stored_issues

    with open_database(space, settings) as database:
        pool = workspace_pool(database, settings.read_sources())
        with database.read() as tx:
            return pool, [issue for issue, state in stored_issues(tx) if state == "published"]


def read_issues(folder: Path) -> list[Issue]:
    """Return the published issues of a folder.

    Raises
    ------
    InputError
        If there is no such folder, or a file cannot be read.
    DigestError
        If a file is no issue; the file is named.
    """
    from alliance_nlp.digest import parse_issue

    if not folder.is_dir():
        raise InputError(f"{folder} is no folder of published issues")
    issues = []
    for file in sorted(path for path in folder.iterdir() if path.suffix in _SUFFIXES):
        try:
            issues.append(parse_issue(file.read_text(encoding="utf-8-sig")))
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file} cannot be read as UTF-8 text: {error}") from error
        except DigestError as error:
            raise DigestError(f"{file}: {error}") from error
    return issues


def read_matches(file: Path) -> dict[tuple[str, int], str]:
    """Return the article by issue and item that a CSV of hand-made matches names.

    Raises
    ------
    InputError
        If the file cannot be read, a column is missing, or an item is no number.
    """
    found = {}
    try:
        with file.open(encoding="utf-8-sig", newline="") as lines:
            for number, row in enumerate(csv.DictReader(lines), start=2):
                try:
                    found[row["issue"].strip(), int(row["item"])] = row["article"].strip()
                except (KeyError, ValueError, AttributeError) as error:
                    raise InputError(
                        f"{file}, line {number}: needs columns issue, item (a number), article"
                    ) from error
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(f"{file} cannot be read: {error}") from error
    return found


def _show(result: Backtest) -> None:
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.backtesting import CUTS

    out = console.out()
    out.print(
        console.table(
            "Items of past issues, and the articles they were matched to",
            ["issue", "#item", "#rank", "miss", "#likeness", "headline", "matched article"],
            [_row(item) for item in result.items],
        )
    )
    rows = [("all", str(len(result.items)), *(f"{result.recall(cut):.3f}" for cut in CUTS))]
    for topic in sorted({topic for item in result.items for topic in item.topics}):
        n = sum(topic in item.topics for item in result.items)
        rows.append((topic, str(n), *(f"{result.recall(cut, topic):.3f}" for cut in CUTS)))
    columns = ["topic", "#items", *(f"#recall at {cut}" for cut in CUTS)]
    out.print(console.table(f"{len(result.pools)} issues", columns, rows))
    low, high = result.interval(CUTS[1])
    out.print(
        f"recall at {CUTS[1]}: {result.recall(CUTS[1]):.3f} (95 % interval {low:.3f} to "
        f"{high:.3f}); mean reciprocal rank {result.mean_reciprocal_rank():.3f}"
    )


def _row(item: Found) -> tuple[str, ...]:
    return (
        item.issue,
        str(item.number),
        str(item.rank or ""),
        item.miss.value if item.miss else "",
        f"{item.likeness:.2f}",
        item.headline,
        item.title,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class BackTestTrial:
    """The packaged back-test as a trial of models: same articles, same issues, two classifiers.

    No labelled item is of its stories, so both sides are fitted on all of their items. What is
    compared is the ranking: recall at 10 and the mean reciprocal rank, by bootstrap over items.
    """

    settings: Settings

    def compare(self, champion: Recipe, challenger: Recipe) -> Result:
        """Return both sides' figures on the back-test."""
        from alliance_nlp.learn import Result, paired_difference
        from alliance_nlp.pipeline.backtesting import CUTS

        before, after = (self._items(side) for side in (champion, challenger))
        figures: Mapping[str, Any] = {
            "recall_at_10": lambda item: float(item.rank is not None and item.rank <= CUTS[1]),
            "mean_reciprocal_rank": lambda item: 1 / item.rank if item.rank else 0.0,
        }
        return Result(
            trial="back-test",
            n_items=len(before),
            n_stories=len(before),
            differences=tuple(
                paired_difference(name, [merit(i) for i in before], [merit(i) for i in after])
                for name, merit in figures.items()
            ),
        )

    def _items(self, side: Recipe) -> tuple[Found, ...]:
        from alliance_nlp.pipeline.backtesting import backtest as replayed
        from alliance_nlp.workspace import packaged_backtest

        model = side.fit_without(frozenset())
        pool = _file_pool(packaged_backtest() / "articles.jsonl", model, side.model_id)
        past = read_issues(packaged_backtest() / "issues")
        return replayed(pool, past, self.settings, model=model).items
