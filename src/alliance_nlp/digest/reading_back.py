"""Our own Markdown read back: exactly what was written, with the sources of every sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime

from alliance_nlp.core.text import normal_text
from alliance_nlp.core.types import Issue, IssueItem, Sentence, SentenceSource
from alliance_nlp.digest.sentences import sentence_spans
from alliance_nlp.digest.unmarking import plain

# The head that the template writes; a published page has menus, links or bare words there.
_HEAD = re.compile(
    r"# ?(?P<title>.*)\n+Vol: (?P<volume>\d{1,6})\.(?P<number>\d{1,6})\n+"
    r"(?:(?P<date>[A-Z][a-z]+ \d{1,2}, \d{4})\n+)?## Headlines\n+"
)
_DETAILS = re.compile(r"^## Details$\n*", re.MULTILINE)
# An escaped sign is passed by: a mark behind a written backslash is told from an escaped mark.
_MARK = re.compile(r"\\.|\[\^(?P<name>\w{1,12})\]")
_NOTE = re.compile(r"\[\^(?P<name>\w{1,12})\]: .*\bcharacters (?P<start>\d+) to (?P<end>\d+)\..*")
_NOTE_ARTICLE = re.compile(r" Article (?P<id>\S+)\.$")


def read_back(text: str) -> Issue | None:
    """Return the issue that our Markdown holds; ``None`` when the text is of another form."""
    body = "\n".join(normal_text(line) for line in text.splitlines()).strip("\n")
    head = _HEAD.match(body)
    if head is None:
        return None
    headlines, *rest = _DETAILS.split(body[head.end() :])
    if len(rest) != 1:
        return None
    titles, after_titles = _items(headlines.split("\n"))
    bullets, tail = _items(rest[0].split("\n"))
    published_on = _day(head["date"])
    is_ours = not any(after_titles) and len(titles) == len(bullets)
    if not is_ours or (head["date"] and published_on is None):
        return None
    sources = _sources(tail)
    return Issue(
        volume=int(head["volume"]),
        number=int(head["number"]),
        title=plain(head["title"]),
        published_on=published_on,
        items=tuple(
            IssueItem(headline=plain(title), sentences=_sentences(bullet, sources))
            for title, bullet in zip(titles, bullets, strict=True)
        ),
        footer=plain(next((line for line in tail if line and not _NOTE.match(line)), "")),
    )


def _items(lines: Sequence[str]) -> tuple[list[str], list[str]]:
    """Return the list's items, wrapped lines joined, and the lines after the list."""
    items: list[str] = []
    for at, line in enumerate(lines):
        if line == "-" or line.startswith("- "):
            items.append(line[2:])
        elif not line:
            return items, list(lines[at:])
        elif items:
            items[-1] += f" {line}"
        else:
            return items, list(lines[at:])
    return items, []


def _day(text: str | None) -> date | None:
    try:
        return datetime.strptime(text, "%B %d, %Y").date() if text else None  # noqa: DTZ007 - a day
    except ValueError:
        return None


def _sources(lines: Sequence[str]) -> dict[str, SentenceSource]:
    sources = {}
    for line in lines:
        note, article = _NOTE.match(line), _NOTE_ARTICLE.search(line)
        if note and article:
            sources[note["name"]] = SentenceSource(
                article_id=plain(article["id"]), start=int(note["start"]), end=int(note["end"])
            )
    return sources


def _sentences(bullet: str, sources: Mapping[str, SentenceSource]) -> tuple[Sentence, ...]:
    sentences: list[Sentence] = []
    for text, name in _marked(bullet):
        sentences += split_sentences(plain(text))
        if name in sources and sentences:
            last = sentences[-1]
            sentences[-1] = Sentence(text=last.text, sources=(*last.sources, sources[name]))
    return tuple(sentences)


def _marked(bullet: str) -> Iterator[tuple[str, str]]:
    """Yield each stretch of text with the mark behind it; text between two marks may be empty."""
    start = 0
    for found in _MARK.finditer(bullet):
        if found["name"]:
            yield bullet[start : found.start()], found["name"]
            start = found.end()
    yield bullet[start:], ""


def split_sentences(text: str) -> list[Sentence]:
    """Return the sentences of a bullet, which joined by spaces give the same text again."""
    starts: list[int] = []
    for start, _ in sentence_spans(text):
        # Japanese sentences follow one another without a space; none may come between them.
        if not starts or text[start - 1].isspace():
            starts.append(start)
    ends = [*starts[1:], len(text)] if starts else []
    return [Sentence(text=text[start:end].strip()) for start, end in zip(starts, ends, strict=True)]
