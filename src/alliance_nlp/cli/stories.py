"""stories list, show, merge, split, add, undo, edits."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.groups import Group
from alliance_nlp.cli.options import JsonOption, WorkspaceOption, open_workspace

if TYPE_CHECKING:
    from alliance_nlp.core.types import Story, StoryEdit
    from alliance_nlp.pipeline.story_edits import Edited
    from alliance_nlp.pipeline.story_views import Member, StoryView
    from alliance_nlp.store import Database

app = typer.Typer(
    cls=Group, no_args_is_help=True, help="Stories: look at them, merge, split, undo."
)
StoryArgument = Annotated[str, typer.Argument(help="Story id, as candidates prints it.")]
ReviewerOption = Annotated[str, typer.Option(envvar="USER", help="Who decides.")]
NoteOption = Annotated[str, typer.Option(help="Why; it is kept.")]


def register(parent: typer.Typer) -> None:
    """Add this module's commands."""
    parent.add_typer(app, name="stories", rich_help_panel="The desk")


@app.command("list")
def list_stories(
    *,
    workspace: WorkspaceOption = None,
    limit: Annotated[int, typer.Option("--limit", "-n", help="How many, newest first.")] = 50,
    as_json: JsonOption = False,
) -> None:
    """List the stories with the newest reports, ranked or not.

    Example: alliance-nlp stories list --limit 20
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline import story_views
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        lines = story_views.list_stories(database, limit=limit)
    if console.wants_json(as_json):
        for line in lines:
            console.print_line({**_story_json(line.story), "title": line.title})
        return
    if not lines:
        console.out().print("no stories yet; run: alliance-nlp nightly")
        return
    columns = ["last", "#articles", "title", "novelty", "story"]
    rows = [
        (
            line.story.last_at.date() if line.story.last_at else "",
            len(line.story.article_ids),
            line.title,
            line.story.novelty.value,
            line.story.id,
        )
        for line in lines
    ]
    console.out().print(console.table("", columns, rows))


@app.command()
def show(
    story: StoryArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show a story's articles and what was done to it by hand.

    Example: alliance-nlp stories show story-0123456789abcdef
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.pipeline.story_views import view_story

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        view = view_story(database, story, settings.read_sources())
    if console.wants_json(as_json):
        console.print_json(_view_json(view))
        return
    columns = ["published", "outlet", "title", "also in", "article"]
    rows = [
        (
            member.article.published.on if member.article.published else "undated",
            member.article.outlet,
            _title(view, member),
            ", ".join(member.also_in),
            member.article.id,
        )
        for member in view.members
    ]
    console.out().print(console.table(view.story.id, columns, rows))
    for edit in view.edits:
        console.out().print(f"edit {edit.id}: {_what(edit)}, {edit.reviewer}", markup=False)


@app.command()
def merge(
    stories: Annotated[list[str], typer.Argument(help="Story ids; the first takes in the others.")],
    *,
    workspace: WorkspaceOption = None,
    note: NoteOption = "",
    reviewer: ReviewerOption = "analyst",
    as_json: JsonOption = False,
) -> None:
    """Make several stories one, for good.

    Example: alliance-nlp stories merge story-0123456789abcdef story-fedcba9876543210
    """
    from alliance_nlp.pipeline import story_edits

    _edit(
        workspace,
        lambda db: story_edits.merge(db, stories, reviewer=reviewer, note=note),
        as_json=as_json,
    )


@app.command()
def split(
    story: StoryArgument,
    articles: Annotated[list[str], typer.Argument(help="Ids of the articles to split off.")],
    *,
    workspace: WorkspaceOption = None,
    note: NoteOption = "",
    reviewer: ReviewerOption = "analyst",
    as_json: JsonOption = False,
) -> None:
    """Make a story of their own of some articles of a story, for good.

    Example: alliance-nlp stories split story-0123456789abcdef 89abcdef01234567
    """
    from alliance_nlp.pipeline import story_edits

    _edit(
        workspace,
        lambda db: story_edits.split(db, story, articles, reviewer=reviewer, note=note),
        as_json=as_json,
    )


@app.command()
def add(
    story: StoryArgument,
    article: Annotated[str, typer.Argument(help="Id of an article of another story.")],
    *,
    workspace: WorkspaceOption = None,
    note: NoteOption = "",
    reviewer: ReviewerOption = "analyst",
    as_json: JsonOption = False,
) -> None:
    """Let an article that covers several events belong to a further story.

    Example: alliance-nlp stories add story-0123456789abcdef 89abcdef01234567
    """
    from alliance_nlp.pipeline import story_edits

    _edit(
        workspace,
        lambda db: story_edits.add(db, story, article, reviewer=reviewer, note=note),
        as_json=as_json,
    )


@app.command()
def undo(
    edit: Annotated[
        int | None,
        typer.Argument(
            help="Number of the edit; without it, the last that stands.", show_default=False
        ),
    ] = None,
    *,
    workspace: WorkspaceOption = None,
    note: NoteOption = "",
    reviewer: ReviewerOption = "analyst",
    as_json: JsonOption = False,
) -> None:
    """Take back a merge, a split or an added article.

    Example: alliance-nlp stories undo 3
    """
    from alliance_nlp.pipeline import story_edits

    _edit(
        workspace,
        lambda db: story_edits.undo(db, edit, reviewer=reviewer, note=note),
        as_json=as_json,
    )


@app.command()
def edits(*, workspace: WorkspaceOption = None, as_json: JsonOption = False) -> None:
    """List what was done to stories by hand, oldest first.

    Example: alliance-nlp stories edits
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import read_story_edits

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database, database.read() as tx:
        found = read_story_edits(tx)
    undone_by = {edit.undoes: edit.id for edit in found if edit.undoes}
    if console.wants_json(as_json):
        for edit in found:
            console.print_line({**_edit_json(edit), "undone_by": undone_by.get(edit.id)})
        return
    if not found:
        console.out().print("no story was edited by hand")
        return
    rows = [
        (
            edit.id,
            f"{edit.edited_at:%Y-%m-%d %H:%M}",
            _what(edit) + (f" (undone by {undone_by[edit.id]})" if edit.id in undone_by else ""),
            edit.reviewer,
            edit.note,
        )
        for edit in found
    ]
    columns = ["#edit", "made (UTC)", "what", "reviewer", "note"]
    console.out().print(console.table("", columns, rows))


def _edit(workspace: Path | None, make: Callable[[Database], Edited], *, as_json: bool) -> None:
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        made = make(database)
    if console.wants_json(as_json):
        stories = [_story_json(story) for story in made.stories]
        said = {"edit": _edit_json(made.edit), "stories": stories, "emptied": list(made.emptied)}
        console.print_json(said)
        return
    out = console.out()
    out.print(f"edit {made.edit.id}: {_what(made.edit)}", markup=False)
    for story in made.stories:
        out.print(f"  {story.id}: {_articles(len(story.article_ids))}", markup=False)
    for story_id in made.emptied:
        out.print(f"  {story_id}: empty now", markup=False)
    out.print("the ranking follows with the next: alliance-nlp rank", markup=False)


def _articles(n: int) -> str:
    return "1 article" if n == 1 else f"{n} articles"


def _what(edit: StoryEdit) -> str:
    sources, targets = (
        sorted({story for _, story in pairs}) for pairs in (edit.before, edit.moved)
    )
    number = f" {edit.undoes}" if edit.undoes else ""
    moved = f"{_articles(len(edit.moved))} from {', '.join(sources)} to {', '.join(targets)}"
    return f"{edit.kind.value}{number}: {moved}"


def _title(view: StoryView, member: Member) -> str:
    stands = member.article.id == view.story.representative_id
    return member.article.title + (" (stands for the story)" if stands else "")


def _story_json(story: Story) -> dict[str, Any]:
    return {
        "story": story.id,
        "article_ids": list(story.article_ids),
        "representative_id": story.representative_id,
        "first_at": story.first_at.isoformat() if story.first_at else None,
        "last_at": story.last_at.isoformat() if story.last_at else None,
        "novelty": story.novelty.value,
    }


def _edit_json(edit: StoryEdit) -> dict[str, Any]:
    return {
        "edit": edit.id,
        "kind": edit.kind.value,
        "moved": dict(edit.moved),
        "before": dict(edit.before),
        "undoes": edit.undoes,
        "reviewer": edit.reviewer,
        "edited_at": edit.edited_at.isoformat(),
        "note": edit.note,
    }


def _view_json(view: StoryView) -> dict[str, Any]:
    return {
        **_story_json(view.story),
        "articles": [
            {
                "article": member.article.id,
                "title": member.article.title,
                "outlet": member.article.outlet,
                "link": member.article.link or member.article.url,
                "published_on": (
                    member.article.published.on.isoformat() if member.article.published else None
                ),
                "also_in": list(member.also_in),
            }
            for member in view.members
        ],
        "edits": [_edit_json(edit) for edit in view.edits],
    }
