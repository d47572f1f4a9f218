"""digest check, override, move, versions, diff, warnings: an issue on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from alliance_nlp.cli.options import JsonOption, WorkspaceOption, open_workspace
from alliance_nlp.core.enums import IssueState
from alliance_nlp.core.errors import DigestError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from alliance_nlp.core.types import IssueVersion
    from alliance_nlp.pipeline.issue_checking import Flagged
    from alliance_nlp.pipeline.issue_warnings import IssueWarning
    from alliance_nlp.pipeline.version_diffs import ItemDiff, Segment, VersionsDiff
    from alliance_nlp.store import Database

IssueArgument = Annotated[str, typer.Argument(help="Volume and number, such as 2.6.")]
EditorOption = Annotated[str, typer.Option(envvar="USER", help="Who does it; the audit tells.")]


def register(digest: typer.Typer) -> None:
    """Add this module's commands to ``digest``."""
    for command in (check, override, move, versions, diff, warnings):
        digest.command()(command)


def check(
    issue: IssueArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show what an issue says that its sources do not; exit code 1 while a flag stands.

    Example: alliance-nlp digest check 2.6
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.issue_checking import check_issue
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.tag import load_knowledge_base

    space, settings = open_workspace(workspace)
    kb = load_knowledge_base(space.knowledge_base)
    with open_database(space, settings) as database:
        last = _newest(database, issue)
        with database.read() as tx:
            found = check_issue(tx, last.issue, overrides=last.overrides, kb=kb)
    if console.wants_json(as_json):
        console.print_json([_flagged_json(one) for one in found])
    else:
        for one in found:
            passed = f"  overridden by {one.override.editor}" if one.override else ""
            line = f"{one.where}: {', '.join(one.told)}{passed}\n  {one.text}"
            console.out().print(line, markup=False)
        if not found:
            console.out().print("nothing is flagged")
    if any(one.override is None for one in found):
        raise typer.Exit(1)


def override(
    issue: IssueArgument,
    number: Annotated[int, typer.Argument(help="The item, from 1.")],
    sentence: Annotated[int, typer.Argument(help="Its sentence, from 1; 0 for the headline.")],
    *,
    reason: Annotated[str, typer.Option(help="Why it may go out all the same; it is kept.")],
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Let a flagged sentence go out as it stands, with a reason.

    Example: alliance-nlp digest override 2.6 1 3 --reason "told by the ministry by phone"
    """
    from alliance_nlp.pipeline.issuing import override_flags
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.tag import load_knowledge_base

    space, settings = open_workspace(workspace)
    kb = load_knowledge_base(space.knowledge_base)
    with open_database(space, settings) as database:
        last = _newest(database, issue)
        text = _text_at(last, number, sentence)
        version = override_flags(
            database, last.issue.id, text=text, reason=reason, editor=editor, kb=kb
        )
    _tell(version, said="overridden", as_json=as_json)


def move(
    issue: IssueArgument,
    to: Annotated[IssueState, typer.Argument(help="Where to; published freezes it.")],
    *,
    why: Annotated[str, typer.Option(help="Why; it is kept.")] = "",
    editor: EditorOption = "editor",
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Move an issue on, or back to draft: draft, in-review, signed-off, published.

    Example: alliance-nlp digest move 2.6 in-review
    """
    from alliance_nlp.pipeline.issuing import move_issue
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.tag import load_knowledge_base

    space, settings = open_workspace(workspace)
    kb = load_knowledge_base(space.knowledge_base)
    with open_database(space, settings) as database:
        version = move_issue(database, settings, _id(issue), to=to, editor=editor, why=why, kb=kb)
    _tell(version, said=version.state.value, as_json=as_json)


def versions(
    issue: IssueArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """List an issue's versions, oldest first.

    Example: alliance-nlp digest versions 2.6
    """
    from alliance_nlp.cli import console

    found = _versions(workspace, issue)
    if console.wants_json(as_json):
        console.print_json([_version_json(version) for version in found])
        return
    rows = [
        (v.number, v.state.value, f"{v.saved_at:%Y-%m-%d %H:%M}", v.editor, v.why) for v in found
    ]
    console.out().print(console.table("", ["#version", "state", "saved", "editor", "why"], rows))


def diff(
    issue: IssueArgument,
    before: Annotated[
        int | None, typer.Argument(help="Else the version before.", show_default=False)
    ] = None,
    after: Annotated[
        int | None, typer.Argument(help="Else the newest version.", show_default=False)
    ] = None,
    *,
    workspace: WorkspaceOption = None,
    as_json: JsonOption = False,
) -> None:
    """Show what changed between two versions: [-gone-] and {+new+}.

    Example: alliance-nlp digest diff 2.6 1 3
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.version_diffs import versions_diff

    found = {version.number: version for version in _versions(workspace, issue)}
    last = after or max(found)
    first = before or max(1, last - 1)
    missing = [number for number in (first, last) if number not in found]
    if missing:
        raise DigestError(f"there is no version {missing[0]} of {issue}; see: digest versions")
    changes = versions_diff(found[first], found[last])
    if console.wants_json(as_json):
        console.print_json(_diff_json(changes))
        return
    for line in _diff_lines(changes):
        console.out().print(line, markup=False)


def warnings(
    issue: IssueArgument, *, workspace: WorkspaceOption = None, as_json: JsonOption = False
) -> None:
    """Show which cited articles were edited or withdrawn since.

    Example: alliance-nlp digest warnings 2.6
    """
    from alliance_nlp.cli import console
    from alliance_nlp.pipeline.issue_warnings import warnings_of
    from alliance_nlp.pipeline.night import open_database

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database:
        found = warnings_of(database, _id(issue))
    if console.wants_json(as_json):
        console.print_json([_warning_json(warning) for warning in found])
        return
    if not found:
        console.out().print("no cited article was edited or withdrawn")
    for warning in found:
        items = ", ".join(map(str, warning.numbers))
        name = warning.title or warning.article_id
        line = f"item {items}: {warning.kind}: {name} {warning.url} {warning.why}"
        console.out().print(line.rstrip(), markup=False)
        for change in warning.changes:
            console.out().print(f"  - {change.before}\n  + {change.after}", markup=False)


def _id(name: str) -> str:
    from alliance_nlp.pipeline.exporting import issue_id_of

    return issue_id_of(name)


def _newest(database: Database, name: str) -> IssueVersion:
    from alliance_nlp.store import newest_version

    with database.read() as tx:
        found = newest_version(tx, _id(name))
    if found is None:
        raise DigestError(f"there is no issue {name!r}; see: alliance-nlp digest list")
    return found


def _versions(workspace: Any, name: str) -> Sequence[IssueVersion]:
    from alliance_nlp.pipeline.night import open_database
    from alliance_nlp.store import read_issue_versions

    space, settings = open_workspace(workspace)
    with open_database(space, settings) as database, database.read() as tx:
        found = read_issue_versions(tx, _id(name))
    if not found:
        raise DigestError(f"there is no issue {name!r}; see: alliance-nlp digest list")
    return found


def _text_at(version: IssueVersion, number: int, sentence: int) -> str:
    items = version.issue.items
    if not 1 <= number <= len(items) or not 0 <= sentence <= len(items[number - 1].sentences):
        raise DigestError(
            f"{version.issue.id} has no item {number} with a sentence {sentence}; see: "
            "alliance-nlp digest check"
        )
    item = items[number - 1]
    return item.sentences[sentence - 1].text if sentence else item.headline


def _tell(version: IssueVersion, *, said: str, as_json: bool) -> None:
    from alliance_nlp.cli import console

    if as_json:
        console.print_json(_version_json(version))
    console.err().print(console.plain(f"{version.issue.id}, version {version.number}: {said}"))


def _version_json(version: IssueVersion) -> dict[str, Any]:
    return {
        "issue": version.issue.id,
        "version": version.number,
        "state": version.state.value,
        "editor": version.editor,
        "saved_at": version.saved_at.isoformat(),
        "why": version.why,
        "overrides": [
            {
                "text": one.text,
                "flags": list(one.flags),
                "reason": one.reason,
                "editor": one.editor,
                "at": one.at.isoformat(),
            }
            for one in version.overrides
        ],
    }


def _flagged_json(one: Flagged) -> dict[str, Any]:
    return {
        "item": one.number,
        "sentence": one.sentence,
        "text": one.text,
        "flags": list(one.told),
        "overridden_by": one.override.editor if one.override else None,
    }


def _warning_json(warning: IssueWarning) -> dict[str, Any]:
    return {
        "kind": warning.kind,
        "items": list(warning.numbers),
        "article": warning.article_id,
        "title": warning.title,
        "url": warning.url,
        "at": warning.at.isoformat() if warning.at else None,
        "why": warning.why,
        "changes": [{"before": c.before, "after": c.after} for c in warning.changes],
        "lost": list(warning.lost),
    }


def _diff_json(changes: VersionsDiff) -> dict[str, Any]:
    from dataclasses import asdict

    return {
        "fields": [asdict(field) for field in changes.fields],
        "items": [{"kind": item.kind, **asdict(item)} for item in changes.items],
    }


def _diff_lines(changes: VersionsDiff) -> list[str]:
    if changes.is_empty:
        return ["nothing changed"]
    lines = [f"{field.name}: [-{field.before}-]{{+{field.after}+}}" for field in changes.fields]
    for item in changes.items:
        lines.append(f"item {_place(item)}: {item.kind}")
        if item.kind not in ("same", "moved"):
            lines += [f"  {_marked(item.headline)}", f"  {_marked(item.bullet)}"]
    return lines


def _place(item: ItemDiff) -> str:
    places = [str(place) for place in (item.before, item.after) if place is not None]
    return " to ".join(dict.fromkeys(places))


def _marked(segments: Sequence[Segment]) -> str:
    marks = {"same": "{}", "removed": "[-{}-]", "added": "{{+{}+}}"}
    return "".join(marks[segment.kind].format(segment.text) for segment in segments)
