"""Issues out of the store, into every format they go out in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time
from enum import StrEnum
from pathlib import Path

from alliance_nlp import digest  # by name: each format loads its library when it is asked for
from alliance_nlp.config import Settings
from alliance_nlp.core.errors import DigestError
from alliance_nlp.core.text import shorten
from alliance_nlp.core.types import Article, Issue, IssueState
from alliance_nlp.pipeline.candidates import with_outlets
from alliance_nlp.pipeline.issue_checking import Flagged, check_issue
from alliance_nlp.pipeline.issue_citing import cited_ids
from alliance_nlp.store import Database, newest_version, read_articles, read_issue, read_issues
from alliance_nlp.tag import KnowledgeBase


class Format(StrEnum):
    """What an issue goes out as."""

    MARKDOWN = "markdown"
    HTML = "html"
    DOCX = "docx"
    PDF = "pdf"
    EML = "eml"
    TEXT = "text"
    JSON = "json"

    @property
    def suffix(self) -> str:
        """The file name's ending."""
        return {"markdown": ".md", "text": ".txt"}.get(self.value, f".{self.value}")

    @property
    def is_binary(self) -> bool:
        """Whether a terminal shows nothing but noise of it."""
        return self in (Format.DOCX, Format.PDF)


@dataclass(frozen=True, slots=True, kw_only=True)
class CitedIssue:
    """An issue with the articles that it cites, by id; those that are gone are missing."""

    issue: Issue
    state: IssueState
    articles: Mapping[str, Article]


def issue_id_of(name: str) -> str:
    """Return ``vol-2.6`` for ``2.6``, ``Vol 2.6`` or ``vol-2.6``."""
    return "vol-" + name.strip().lower().removeprefix("vol").strip(" .-")


def read_cited(database: Database, settings: Settings, name: str) -> CitedIssue:
    """Return an issue and what it cites.

    Raises
    ------
    DigestError
        If there is no such issue.
    """
    with database.read() as tx:
        found = read_issue(tx, issue_id_of(name))
        if found is None:
            raise DigestError(
                f"there is no issue {shorten(name, 60)!r}; see: alliance-nlp digest list"
            )
        issue, state = found
        articles = read_articles(tx, cited_ids(issue))
    return CitedIssue(
        issue=issue,
        state=IssueState(state),
        articles=with_outlets(articles, settings.read_sources()),
    )


def flags_of(
    database: Database, issue_id: str, *, kb: KnowledgeBase | None = None
) -> tuple[Flagged, ...]:
    """Return what an issue on its way says that its sources do not.

    Published ones were checked before, or are others' and have no sources here.

    Raises
    ------
    DigestError
        If there is no such issue.
    """
    with database.read() as tx:
        version = newest_version(tx, issue_id)
        if version is None:
            raise DigestError(f"there is no issue {issue_id}; see: alliance-nlp digest list")
        if version.state is IssueState.PUBLISHED:
            return ()
        return check_issue(tx, version.issue, overrides=version.overrides, kb=kb)


def refuse_if_flagged(
    database: Database, issue_id: str, *, kb: KnowledgeBase | None = None
) -> None:
    """Refuse an issue on its way in which something stands that its sources do not say.

    Raises
    ------
    DigestError
        If a flag stands that no editor has overridden; the message names the sentences.
    """
    stand = [one for one in flags_of(database, issue_id, kb=kb) if one.override is None]
    if stand:
        shown = "; ".join(f"{one.where} ({', '.join(one.told)})" for one in stand[:3])
        more = f" and {len(stand) - 3} more" if len(stand) > 3 else ""
        raise DigestError(
            f"{issue_id} says what its sources do not: {shown}{more}; mend these sentences, or "
            "give a reason with: alliance-nlp digest override"
        )


def render(
    cited: CitedIssue, form: Format, *, settings: Settings, at: datetime | None = None
) -> bytes:
    """Return an issue in one of its formats; texts are UTF-8.

    Parameters
    ----------
    at
        Aware time for the date of a letter; midnight UTC of the issue's day unless stated.

    Raises
    ------
    DigestError
        If it cannot be rendered, such as with a sender that is no mail address.
    """
    issue, articles = cited.issue, cited.articles
    if form is Format.DOCX:
        return digest.render_docx(issue, articles)
    if form is Format.PDF:
        return digest.render_pdf(issue, articles)
    if form is Format.EML:
        return digest.render_eml(issue, articles, envelope=_envelope(issue, settings, at))
    if form is Format.JSON:
        text = json.dumps(digest.issue_json(issue, articles), indent=2, ensure_ascii=False) + "\n"
    elif form is Format.HTML:
        text = digest.render_html(issue, articles)
    elif form is Format.TEXT:
        text = digest.render_text(issue, articles)
    else:
        text = digest.render_markdown(issue, articles)
    # A lone surrogate has no bytes; written so, JSON still reads it.
    return text.encode("utf-8", "backslashreplace")


def _envelope(issue: Issue, settings: Settings, at: datetime | None) -> digest.Envelope:
    mailing = settings.digest.email
    return digest.Envelope(
        at=at or _day_of(issue),
        sender=mailing.sender if mailing else "",
        unsubscribe=mailing.unsubscribe if mailing else "",
    )


def _day_of(issue: Issue) -> datetime:
    day = issue.published_on or issue.until_on or datetime(2000, 1, 1, tzinfo=UTC).date()
    return datetime.combine(day, time(), tzinfo=UTC)


def render_feed(database: Database, settings: Settings) -> tuple[bytes, tuple[str, ...]]:
    """Return the feed of published issues, and the ids of those left out for want of a date.

    Raises
    ------
    DigestError
        If ``digest.feed.authority`` cannot name a feed.
    """
    with database.read() as tx:
        issues = [issue for issue, state in read_issues(tx) if state == IssueState.PUBLISHED]
        ids = sorted({i for issue in issues for i in cited_ids(issue)})
        articles = with_outlets(read_articles(tx, ids), settings.read_sources())
    wanted = settings.digest
    head = digest.FeedHead(
        title=wanted.title,
        author=wanted.feed.author or wanted.title,
        authority=wanted.feed.authority,
        link=wanted.feed.link,
    )
    undated = tuple(issue.id for issue in issues if issue.published_on is None)
    return digest.render_atom(issues, articles, head=head), undated


def write_new(path: Path, data: bytes, *, force: bool = False) -> bool:
    """Write a file whole or not at all; tell whether anything changed.

    Raises
    ------
    DigestError
        If another file stands there and ``force`` is not set, or it cannot be written.
    """
    try:
        if path.is_file() and path.read_bytes() == data:
            return False
        if (path.exists() or path.is_symlink()) and not force:
            raise DigestError(f"{path} is there already and differs; --force writes over it")
        if path.exists() and not path.is_file():
            raise DigestError(f"{path} is no file that can be written over; name another")
        part = path.with_name(f".{path.name}.part")
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_bytes(data)
        part.replace(path)
    except OSError as error:
        raise DigestError(f"cannot write {path}: {error.strerror or error}") from error
    return True


def files_of(output: Path, issue: Issue, forms: Sequence[Format]) -> dict[Format, Path]:
    """Return where exports go: into a folder under the issue's own name, or to that file.

    A path that is no folder yet is made one when several formats go there.

    Raises
    ------
    DigestError
        If several formats would go into one file.
    """
    if output.is_file() and len(forms) > 1:
        raise DigestError(
            f"{output} is one file and {len(forms)} formats are wanted; name a folder"
        )
    if output.is_dir() or len(forms) > 1:
        return {form: output / f"{issue.id}{form.suffix}" for form in forms}
    return {forms[0]: output}


def write_feed(path: Path, data: bytes) -> bool:
    """Write the feed over an earlier one; tell whether anything changed.

    Raises
    ------
    DigestError
        If something other than a feed stands there, or it cannot be written.
    """
    try:
        is_feed = path.is_file() and b"http://www.w3.org/2005/Atom" in path.read_bytes()[:500]
    except OSError as error:
        raise DigestError(f"cannot read {path}: {error.strerror or error}") from error
    if path.exists() and not is_feed:
        raise DigestError(f"{path} is there already and is no feed; name another file")
    return write_new(path, data, force=True)


def formats_of(names: Sequence[str]) -> tuple[Format, ...]:
    """Return the formats of their names, ``all`` being each of them, in the order given.

    Raises
    ------
    DigestError
        If there is no such format.
    """
    known = ", ".join([*Format, "all"])
    found: list[Format] = []
    for name in names:
        if name != "all" and name not in [*Format]:
            raise DigestError(f"there is no format {shorten(name, 40)!r}; there are {known}")
        found += [*Format] if name == "all" else [Format(name)]
    return tuple(dict.fromkeys(found))
