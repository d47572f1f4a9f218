"""Full-text search over the current articles, from the newest back.

Numbers rise with time, so both searches here look at stretches of numbers: that for articles at the
newest first and further back until it has enough, that for stories where the ranking's articles
are. What they cost then hangs on what they find, and not on how large the store is.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Connection, Text, column, func, select, text

from alliance_nlp.store import schema
from alliance_nlp.store.packing import read_packed
from alliance_nlp.store.search_asking import Asked, ask
from alliance_nlp.store.search_index import BLOCK
from alliance_nlp.store.search_scores import MOST_TEXT, scores, title_hits
from alliance_nlp.store.search_tables import search_rows
from alliance_nlp.store.search_words import Term, parse_query

# Of a query that more articles answer, the newest saved are ranked: to weigh every article that
# says "Japan" would take seconds and help nobody.
MOST_RANKED = 1_000
# Of these, so many are weighed by their texts: those that say it in their titles, then the newest.
_MOST_WEIGHED = 100
# A search begins with so many of the newest blocks, and goes on with four times as many.
_FIRST_BLOCKS = 2
_MORE = 4
# More blocks than this are no longer named to PostgreSQL; so far apart no ranking's articles lie.
_MOST_BLOCKS = 512
# Blocks with less than this between them are one stretch.
_NEAR = 4

_A = schema.articles.c
_R = search_rows.c

_WORDS = "to_tsquery('article_words', :words) && CAST(:exact AS TSQUERY)"
_ORDER = "words @@ to_tsquery('article_words', :phrases)"

# All statements are of our own text alone; what somebody asks for comes as values.
_NEWEST = {
    "sqlite": (
        "SELECT rowid FROM article_search WHERE article_search MATCH :words "
        "AND rowid BETWEEN :low AND :high ORDER BY rowid DESC LIMIT :most"
    ),
    # What is found is set down first: PostgreSQL would rather read back through all rows, and
    # takes looking at a row's words for cheap.
    "postgresql": (
        f"WITH held AS MATERIALIZED (SELECT number FROM article_search WHERE words @@ ({_WORDS})) "  # noqa: S608
        "SELECT number FROM held WHERE number BETWEEN :low AND :high "
        "ORDER BY number DESC LIMIT :most"
    ),
    "order": (
        "WITH held AS MATERIALIZED (SELECT number, words FROM article_search "  # noqa: S608
        f"WHERE words @@ ({_WORDS})) SELECT number FROM held "
        f"WHERE number BETWEEN :low AND :high AND {_ORDER} ORDER BY number DESC LIMIT :most"
    ),
}
_TOLD = {
    # CROSS JOIN keeps the order: from the index to the ranking's articles.
    "sqlite": (
        "SELECT DISTINCT c.story_id FROM article_search CROSS JOIN candidate_articles AS c "
        "ON c.number = article_search.rowid WHERE article_search MATCH :words "
        "AND article_search.rowid BETWEEN :low AND :high"
    ),
    "postgresql": (
        f"WITH held AS MATERIALIZED (SELECT number FROM article_search WHERE words @@ ({_WORDS})) "  # noqa: S608
        "SELECT DISTINCT c.story_id FROM held JOIN candidate_articles AS c USING (number) "
        "WHERE c.number BETWEEN :low AND :high"
    ),
    "order": (
        "WITH held AS MATERIALIZED (SELECT c.story_id, a.words FROM article_search AS a "  # noqa: S608
        f"JOIN candidate_articles AS c USING (number) WHERE a.words @@ ({_WORDS}) "
        "AND c.number BETWEEN :low AND :high) "
        f"SELECT DISTINCT story_id FROM held WHERE {_ORDER}"
    ),
}
# From one block that holds an article of the ranking to the next, and past all within.
_BLOCKS = text(
    "WITH RECURSIVE found (block) AS ("  # noqa: S608 - our own names
    f"SELECT (SELECT min(number) FROM candidate_articles) / {BLOCK} UNION ALL "
    f"SELECT (SELECT min(number) FROM candidate_articles WHERE number >= (block + 1) * {BLOCK}) "
    f"/ {BLOCK} FROM found WHERE block IS NOT NULL) SELECT block FROM found WHERE block IS NOT NULL"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Stretch:
    """Numbers from ``low`` to ``high``, both of them in, and the blocks that they are in."""

    low: int
    high: int
    blocks: tuple[int, ...]


def search_articles(tx: Connection, query: str, *, limit: int) -> list[str]:
    """Return the ids of current articles that answer a query, best first, ties by id.

    All words must occur, in title or text; ``"words in quotes"`` one after the other; ``-word``
    must not; ``word*`` may go on. English words are found in their other forms, Chinese, Japanese
    and Korean ones anywhere in a run of characters. Any text is a query; one without a word that
    must occur finds nothing. Of a query that more articles answer, the 1,000 newest are ranked.
    """
    terms = parse_query(query)
    if not terms or limit < 1:
        return []
    numbers = _newest(tx, ask(tx, terms), most=MOST_RANKED)
    wanted = [term for term in terms if not term.is_excluded]
    titles = _read(tx, numbers, _A.title)
    # Newest first, as they came, where as much of what is asked stands in their titles.
    ids = sorted(titles, key=lambda article_id: -title_hits(titles[article_id], wanted))
    head = ids[:_MOST_WEIGHED]
    texts = _read_texts(tx, head)
    weighed = scores({i: (titles[i], texts[i]) for i in head}, wanted)
    head.sort(key=lambda article_id: (-weighed[article_id], article_id))
    return [*head, *ids[_MOST_WEIGHED:]][:limit]


def _read(tx: Connection, numbers: Sequence[int], what: Column[str]) -> dict[str, str]:
    """Return a column by article id, in the order of the articles' numbers here."""
    found: dict[int, tuple[str, str]] = {}
    for start in range(0, len(numbers), 500):
        query = select(_R.number, _R.article_id, what).join(schema.articles, _A.id == _R.article_id)
        for number, article_id, value in tx.execute(
            query.where(_R.number.in_(numbers[start : start + 500]))
        ):
            found[number] = (article_id, value)
    return dict(found[number] for number in numbers)


def _read_texts(tx: Connection, ids: Sequence[str]) -> dict[str, str]:
    query = select(_A.id, func.substr(_A.text, 1, MOST_TEXT)).where(_A.id.in_(ids))
    return {row.id: row[1] for row in tx.execute(query)}


def stories_that_say(tx: Connection, terms: Sequence[Term]) -> set[str]:
    """Return the newest ranking's stories of which a current article answers the terms."""
    asked = ask(tx, terms)
    found: set[str] = set()
    for stretch in _stretches(tx):
        told = text(_TOLD[_kind(tx, asked)]).bindparams(**_values(tx, asked, stretch))
        with _by_index(tx):
            found.update(*read_packed(tx, told.columns(column("story_id", Text))))
    return found


def _newest(tx: Connection, asked: Asked, *, most: int) -> list[int]:
    """Return the numbers of the newest rows that are as asked, newest first."""
    newest = tx.execute(select(func.max(_R.number))).scalar()
    found: list[int] = []
    block, n_blocks = -1 if newest is None else newest // BLOCK, _FIRST_BLOCKS
    while block >= 0 and len(found) < most:
        first = max(0, block - n_blocks + 1)
        values = _values(tx, asked, _stretch(range(first, block + 1)))
        with _by_index(tx):
            part = tx.execute(text(_NEWEST[_kind(tx, asked)]), values | {"most": most - len(found)})
            found += part.scalars()
        block, n_blocks = first - 1, n_blocks * _MORE
    return found


def _stretches(tx: Connection) -> Iterator[_Stretch]:
    """Yield where the ranking's articles are."""
    blocks = [int(block) for block in tx.execute(_BLOCKS).scalars()]
    if tx.dialect.name == "postgresql":
        # One query: it can name blocks that lie apart.
        if blocks:
            yield _stretch(blocks)
        return
    while blocks:
        end = next(
            (n for n in range(1, len(blocks)) if blocks[n] - blocks[n - 1] > _NEAR), len(blocks)
        )
        yield _stretch(blocks[:end])
        blocks = blocks[end:]


def _stretch(blocks: Sequence[int]) -> _Stretch:
    return _Stretch(
        low=blocks[0] * BLOCK, high=blocks[-1] * BLOCK + BLOCK - 1, blocks=tuple(blocks)
    )


def _kind(tx: Connection, asked: Asked) -> str:
    return "order" if asked.order else tx.dialect.name


def _values(tx: Connection, asked: Asked, stretch: _Stretch) -> dict[str, Any]:
    values: dict[str, Any] = {"words": asked.words, "low": stretch.low, "high": stretch.high}
    if tx.dialect.name == "sqlite":
        return values
    exact = [asked.exact] if asked.exact else []
    if len(stretch.blocks) <= _MOST_BLOCKS:
        exact.append("(" + " | ".join(f"'#{block}'" for block in stretch.blocks) + ")")
    values["exact"] = " & ".join(exact)
    if asked.order:
        values["phrases"] = asked.order
    return values


@contextmanager
def _by_index(tx: Connection) -> Iterator[None]:
    """Let PostgreSQL not read all rows: it takes their words for cheap, though they lie apart."""
    if tx.dialect.name != "postgresql":
        yield
        return
    tx.execute(text("SET LOCAL enable_seqscan = off"))
    yield
    tx.execute(text("SET LOCAL enable_seqscan = on"))
