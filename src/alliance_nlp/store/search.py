"""Full-text search over the current articles: FTS5 in SQLite, ``tsvector`` in PostgreSQL.

The index holds title and text of each current article under its number in ``search_rows``; it is
written in the transaction that makes an article current or takes that from it. What its words are
is said in :mod:`alliance_nlp.store.search_words`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Connection, Text, TextClause, column, delete, insert, select, text

from alliance_nlp.store import schema
from alliance_nlp.store.packing import read_packed
from alliance_nlp.store.search_tables import candidate_articles, search_rows
from alliance_nlp.store.search_words import Term, indexed_words, parse_query

# Of a query that more articles answer, the newest saved are ranked: to weigh every article that
# says "Japan" would take seconds and help nobody.
MOST_RANKED = 1_000

_R = search_rows.c
_A = schema.articles.c
# PostgreSQL looks up a phrase's words in its index, and their order in each row that has them all;
# left to itself it takes the second for as cheap as the first.
_PHRASE = "postgresql phrase"

_FTS5 = {"then": " + ", "quote": '"', "more": " *"}

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
_ADD = {
    "sqlite": "INSERT INTO article_search (rowid, title, text) VALUES (:number, :title, :text)",
    "postgresql": (
        "INSERT INTO article_search (number, words) VALUES (:number, "
        "setweight(to_tsvector('article_words', :title), 'A') || "
        "to_tsvector('article_words', :text)) ON CONFLICT (number) DO NOTHING"
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
# A headline that says it is worth four texts that do.
_RANKED = {
    "sqlite": (
        "SELECT r.article_id FROM (SELECT rowid AS number, "
        "bm25(article_search, 4.0, 1.0) AS badness FROM article_search "
        "WHERE article_search MATCH :asked ORDER BY rowid DESC LIMIT :most) AS found "
        "JOIN search_rows AS r ON r.number = found.number "
        "ORDER BY found.badness, r.article_id LIMIT :n"
    ),
    "postgresql": (
        "SELECT r.article_id FROM (SELECT number, words FROM article_search "
        "WHERE words @@ to_tsquery('article_words', :asked) ORDER BY number DESC LIMIT :most"
        ") AS found JOIN search_rows AS r USING (number) "
        "ORDER BY ts_rank('{0.1, 0.1, 0.1, 0.4}', found.words, "
        "to_tsquery('article_words', :asked), 1) DESC, r.article_id LIMIT :n"
    ),
    _PHRASE: (
        "WITH held AS MATERIALIZED (SELECT number, words FROM article_search "
        "WHERE words @@ to_tsquery('article_words', :words)) "
        "SELECT r.article_id FROM (SELECT number, words FROM held "
        "WHERE words @@ to_tsquery('article_words', :asked) ORDER BY number DESC LIMIT :most"
        ") AS found JOIN search_rows AS r USING (number) "
        "ORDER BY ts_rank('{0.1, 0.1, 0.1, 0.4}', found.words, "
        "to_tsquery('article_words', :asked), 1) DESC, r.article_id LIMIT :n"
    ),
}
_TOLD = {
    # CROSS JOIN keeps the order: from the index to the ranking's articles.
    "sqlite": (
        "SELECT DISTINCT c.story_id FROM article_search CROSS JOIN candidate_articles AS c "
        "ON c.number = article_search.rowid WHERE article_search MATCH :asked "
        "AND article_search.rowid >= (SELECT min(number) FROM candidate_articles)"
    ),
    "postgresql": (
        "SELECT DISTINCT c.story_id FROM article_search AS a JOIN candidate_articles AS c "
        "USING (number) WHERE a.words @@ to_tsquery('article_words', :asked)"
    ),
    _PHRASE: (
        "WITH held AS MATERIALIZED (SELECT c.story_id, a.words FROM article_search AS a "
        "JOIN candidate_articles AS c USING (number) "
        "WHERE a.words @@ to_tsquery('article_words', :words)) "
        "SELECT DISTINCT story_id FROM held WHERE words @@ to_tsquery('article_words', :asked)"
    ),
}


def search_articles(tx: Connection, query: str, *, limit: int) -> list[str]:
    """Return the ids of current articles that answer a query, best first, ties by id.

    All words must occur, in title or text; ``"words in quotes"`` one after the other; ``-word``
    must not; ``word*`` may go on. English words are found in their other forms, Chinese, Japanese
    and Korean ones anywhere in a run of characters. Any text is a query; one without a word that
    must occur finds nothing.
    """
    terms = parse_query(query)
    if not terms or limit < 1:
        return []
    with _by_index(tx):
        found = tx.execute(
            text(_RANKED[_kind(tx, terms)]), _values(tx, terms) | {"most": MOST_RANKED, "n": limit}
        )
        return list(found.scalars())


def stories_that_say(tx: Connection, terms: Sequence[Term]) -> set[str]:
    """Return the newest ranking's stories of which a current article answers the terms."""
    with _by_index(tx):
        told = text(_TOLD[_kind(tx, terms)]).bindparams(**_values(tx, terms))
        return set(*read_packed(tx, told.columns(column("story_id", Text))))


def _kind(tx: Connection, terms: Sequence[Term]) -> str:
    has_phrase = any(len(term.words) > 1 for term in terms)
    return _PHRASE if has_phrase and tx.dialect.name == "postgresql" else tx.dialect.name


def _values(tx: Connection, terms: Sequence[Term]) -> dict[str, Any]:
    values = {"asked": _asked(tx, terms)}
    if _kind(tx, terms) == _PHRASE:
        # What must hold wherever the phrases do; an excluded one's words may stand apart.
        loose = [term for term in terms if not (term.is_excluded and len(term.words) > 1)]
        values["words"] = _asked(tx, loose, " & ")
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


def _asked(tx: Connection, terms: Sequence[Term], then: str = " <-> ") -> str:
    """Return terms in the database's own query language; ``then`` joins a phrase in PostgreSQL."""
    if tx.dialect.name == "sqlite":
        found = [
            _phrase(term, then=" + ", quote='"', more=" *")
            for term in terms
            if not term.is_excluded
        ]
        never = [
            _phrase(term, then=" + ", quote='"', more=" *") for term in terms if term.is_excluded
        ]
        return " NOT ".join(["(" + " AND ".join(found) + ")", *never])
    return " & ".join(
        f"{'!' if term.is_excluded else ''}({_phrase(term, then=then, quote=chr(39), more=':*')})"
        for term in terms
    )


def _phrase(term: Term, *, then: str, quote: str, more: str) -> str:
    # Words are letters and digits alone, so nothing in them can end the quotes.
    words = then.join(f"{quote}{word}{quote}" for word in term.words)
    return f"{words}{more if term.is_prefix else ''}"


def create_index(tx: Connection) -> None:
    """Make the empty index; for migrations."""
    for statement in _CREATE[tx.dialect.name]:
        tx.exec_driver_sql(statement)


def drop_index(tx: Connection) -> None:
    """Take the index away; for migrations."""
    for statement in _DROP[tx.dialect.name]:
        tx.exec_driver_sql(statement)


def number_article(tx: Connection, article_id: str) -> None:
    """Give a new article its number."""
    tx.execute(insert(search_rows).values(article_id=article_id))


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
