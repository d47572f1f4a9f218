"""The full-text index: FTS5 in SQLite, ``tsvector`` in PostgreSQL; making it and keeping it.

The index holds title and text of each current article under its number in ``search_rows``; it is
written in the transaction that makes an article current or takes that from it. What its words are
is said in :mod:`alliance_nlp.store.search_words`.

PostgreSQL's rows hold two things besides their words. Pairs of English words that follow one
another, ``'prime minist'``: it looks up each word of a phrase in the index, but their order in
every row that has them all, and of common words that is half of the store. And the block of
numbers that a row belongs to, ``'#17'``: then a search among the newest rows is over when they
are, however many older rows have its words. No word of a text has a space or a ``#``.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection, TextClause, delete, insert, select, text

from alliance_nlp.store import schema
from alliance_nlp.store.search_tables import candidate_articles, search_rows
from alliance_nlp.store.search_words import indexed_words

# Numbers to a block: a week or two of nights.
BLOCK = 4_096

_R = search_rows.c
_A = schema.articles.c

_CREATE = {
    # Without its own copy of the texts, which stand in ``articles``.
    "sqlite": (
        "CREATE VIRTUAL TABLE article_search USING fts5(title, text, content='', "
        "tokenize='porter unicode61 remove_diacritics 2')",
    ),
    # English stems, but without its list of stop words: "Will" and "WHO" are names too, and
    # FTS5 knows no such list.
    "postgresql": (
        "CREATE TEXT SEARCH DICTIONARY article_stems (TEMPLATE = snowball, LANGUAGE = english)",
        "CREATE TEXT SEARCH CONFIGURATION article_words (COPY = pg_catalog.english)",
        "ALTER TEXT SEARCH CONFIGURATION article_words "
        "ALTER MAPPING REPLACE english_stem WITH article_stems",
        "CREATE TABLE article_search (number INTEGER PRIMARY KEY, words TSVECTOR NOT NULL)",
        # Beside the row: to find and count rows then reads few pages.
        "ALTER TABLE article_search ALTER COLUMN words SET STORAGE EXTERNAL",
        "ALTER TABLE article_search SET (toast_tuple_target = 128)",
        # A search reads what waits to be sorted into the index, so little may wait.
        "CREATE INDEX ix_article_search_words ON article_search USING gin (words) "
        "WITH (gin_pending_list_limit = 512)",
    ),
}
_DROP = {
    "sqlite": ("DROP TABLE article_search",),
    "postgresql": (
        "DROP TABLE article_search",
        "DROP TEXT SEARCH CONFIGURATION article_words",
        "DROP TEXT SEARCH DICTIONARY article_stems",
    ),
}
# Two words follow one another where their places do. Japanese, Chinese and Korean words are pairs
# of characters as they are.
_PAIRS = (
    "SELECT lexeme || ' ' || lead(lexeme) OVER along AS pair, "
    "lead(place) OVER along - place AS step "
    "FROM unnest(r.words) AS w (lexeme, places, weights), unnest(w.places) AS p (place) "
    "WHERE octet_length(lexeme) = length(lexeme) WINDOW along AS (ORDER BY place)"
)
# What PostgreSQL's index holds of a number and its words; to be selected from an ``r`` of both.
POSTGRES_ROW = (
    "SELECT r.number, r.words || array_to_tsvector("  # noqa: S608 - our own names
    f"ARRAY(SELECT pair FROM ({_PAIRS}) AS pairs WHERE step = 1) "
    f"|| ('#' || CAST(r.number / {BLOCK} AS TEXT))) AS words"
)
_ADD = {
    "sqlite": "INSERT INTO article_search (rowid, title, text) VALUES (:number, :title, :text)",
    "postgresql": (
        f"INSERT INTO article_search (number, words) {POSTGRES_ROW} "
        "FROM (SELECT CAST(:number AS INTEGER) AS number, "
        "setweight(to_tsvector('article_words', :title), 'A') || "
        "to_tsvector('article_words', :text) AS words) AS r ON CONFLICT (number) DO NOTHING"
    ),
}
_TAKE = {
    "sqlite": (
        "INSERT INTO article_search (article_search, rowid, title, text) "
        "VALUES ('delete', :number, :title, :text)"
    ),
    "postgresql": "DELETE FROM article_search WHERE number = :number",
}
_EMPTY = {
    "sqlite": "INSERT INTO article_search (article_search) VALUES ('delete-all')",
    "postgresql": "DELETE FROM article_search",
}


def create_index(tx: Connection) -> None:
    """Make the empty index; for migrations."""
    for statement in _CREATE[tx.dialect.name]:
        tx.exec_driver_sql(statement)


def drop_index(tx: Connection) -> None:
    """Take the index away; for migrations."""
    for statement in _DROP[tx.dialect.name]:
        tx.exec_driver_sql(statement)


def number_articles(tx: Connection, article_ids: Sequence[str]) -> None:
    """Give new articles their numbers, in this order."""
    tx.execute(insert(search_rows), [{"article_id": article_id} for article_id in article_ids])


def add_to_index(tx: Connection, article_ids: Sequence[str]) -> None:
    """Make articles that are not in the index searchable."""
    for rows in _rows(tx, article_ids):
        tx.execute(_of(tx, _ADD), rows)


def take_from_index(tx: Connection, article_ids: Sequence[str]) -> None:
    """Make articles that are in the index unsearchable; call it while they have their texts."""
    for rows in _rows(tx, article_ids):
        tx.execute(_of(tx, _TAKE), rows)


def forget_index(tx: Connection) -> None:
    """Empty the index and forget the articles' numbers."""
    tx.execute(_of(tx, _EMPTY))
    tx.execute(delete(candidate_articles))
    tx.execute(delete(search_rows))


def fill_index(tx: Connection) -> None:
    """Fill an empty index with all current articles, numbering those that have no number yet."""
    unnumbered = (
        select(_A.id)
        .where(_A.id.not_in(select(_R.article_id)))
        .order_by(_A.fetched_at, _A.fetch_id, _A.id)
    )
    tx.execute(insert(search_rows).from_select(["article_id"], unnumbered))
    numbered = select(_R.article_id).join(schema.articles, _A.id == _R.article_id)
    ids = list(tx.execute(numbered.where(_A.is_current).order_by(_R.number)).scalars())
    add_to_index(tx, ids)


def refill_index(tx: Connection) -> None:
    """Fill the index anew; for migrations that change what a row of it holds."""
    tx.execute(_of(tx, _EMPTY))
    fill_index(tx)


def _rows(tx: Connection, article_ids: Sequence[str]) -> Iterator[list[dict[str, Any]]]:
    query = select(_R.number, _A.title, _A.text).join(schema.articles, _A.id == _R.article_id)
    for start in range(0, len(article_ids), 500):
        part = query.where(_A.id.in_(article_ids[start : start + 500])).order_by(_R.number)
        rows = [
            {
                "number": row.number,
                "title": indexed_words(row.title),
                "text": indexed_words(row.text),
            }
            for row in tx.execute(part)
        ]
        if rows:
            yield rows


def _of(tx: Connection, statements: dict[str, str]) -> TextClause:
    return text(statements[tx.dialect.name])
