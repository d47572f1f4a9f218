"""The SQL that makes a store's rows from their numbers, in SQLite's words and PostgreSQL's."""

from __future__ import annotations

from dataclasses import dataclass

from alliance_nlp.store.search_index import POSTGRES_ROW

# In the order in which they are filled; fewer articles than this draw an entity in a round.
TABLES = (
    "runs",
    "ledger",
    "visits",
    "problems",
    "leads",
    "fetches",
    "articles",
    "versions",
    "search_rows",
    "article_search",
    "mentions",
    "topics",
    "relevance",
    "steps",
    "stories",
    "story_articles",
    "told_before",
    "candidates",
    "decisions",
    "audit",
)
PARTS = 65_521  # a prime number of drawn entities
_STORY = "(1 + (n - 1) * 2 / 5)"
_IS_FIRST = "(n = 1 OR (n - 1) * 2 / 5 <> (n - 2) * 2 / 5)"
_START = 1_672_531_200  # 2023-01-01
_APART_S = 43


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """A database's words for the rows of articles from ``first`` to ``last``."""

    kind: str
    first: int
    last: int
    n_halves: int
    night: int

    @property
    def _is_sqlite(self) -> bool:
        return self.kind == "sqlite"

    def numbers(self) -> str:
        """Return what makes the table of the articles' numbers."""
        made = (
            f"WITH RECURSIVE s (n) AS (SELECT {self.first} UNION ALL "
            f"SELECT n + 1 FROM s WHERE n < {self.last}) SELECT n FROM s"
            if self._is_sqlite
            else f"SELECT CAST(s AS BIGINT) AS n FROM generate_series({self.first}, {self.last}) s"
        )
        return f"CREATE TEMPORARY TABLE numbers AS {made}"

    def insert(self, table: str) -> str:
        """Return what fills a table."""
        return str(getattr(self, f"_{table}")())

    def _id(self, of: str = "n") -> str:
        spread = f"({of} * 2654435761) % 4294967296"
        return f"printf('%08x', {spread})" if self._is_sqlite else f"lpad(to_hex({spread}), 8, '0')"

    def _story_id(self, of: str = _STORY) -> str:
        return f"'s' || {self._id(of)}"

    def _time(self, of: str = "n") -> str:
        seconds = f"{_START} + {_APART_S} * ({of})"
        if self._is_sqlite:
            return f"strftime('%Y-%m-%d %H:%M:%S.000000', {seconds}, 'unixepoch')"
        return f"to_timestamp({seconds})"

    def _json(self, text: str) -> str:
        return f"'{text}'" if self._is_sqlite else f"CAST('{text}' AS JSON)"

    def _half(self, name: str, by: int) -> str:
        n = self.n_halves
        return (
            f"JOIN halves AS {name} ON {name}.n = (numbers.n * {by}) % {n} "
            f"+ CASE WHEN numbers.n % 10 < 7 THEN 0 ELSE {n} END"
        )

    def _texts(self) -> str:
        halves = (("a", 7_919), ("b", 104_729), ("c", 15_485_863))
        return "numbers " + " ".join(self._half(name, by) for name, by in halves)

    def _runs(self) -> str:
        return (
            "INSERT INTO runs (id, command, as_of, started_at, finished_at, state, ranked_at) "
            f"SELECT 1 + (n - 1) / {self.night}, 'nightly', {self._time(f'n + {self.night}')}, "
            f"{self._time(f'n + {self.night}')}, {self._time(f'n + {self.night}')}, 'done', "
            f"{self._time(f'n + {self.night}')} FROM numbers WHERE n % {self.night} = 1"
        )

    def _ledger(self) -> str:
        stages = ("collect", "extract", "tag", "classify", "fold", "rank")
        listed = " UNION ALL ".join(f"SELECT '{stage}' AS stage" for stage in stages)
        return (
            "INSERT INTO ledger (run_id, stage, n_in, n_out, n_rejected, n_failed, seconds, "
            f"reasons) SELECT 1 + (n - 1) / {self.night}, s.stage, 2000, 1990, 10, 0, 12.5, "
            f"{self._json('[]')} FROM numbers CROSS JOIN ({listed}) AS s "
            f"WHERE n % {self.night} = 1"
        )

    def _visits(self) -> str:
        return (
            "INSERT INTO visits (run_id, source_id, at, outcome, n_listed, n_new, n_failed, "
            "n_bytes, seconds, newest_at, moved_to, detail) "
            f"SELECT 1 + (n - 1) / {self.night}, "
            f"'source-' || CAST((n - 1) % {self.night} AS TEXT), "
            f"{self._time()}, 'new', 40, 13, 0, 90000, 1.5, {self._time()}, '', '' "
            f"FROM numbers WHERE (n - 1) % {self.night} < 150"
        )

    def _problems(self) -> str:
        return (
            "INSERT INTO problems (run_id, stage, subject_id, reason, detail, failed) "
            f"SELECT 1 + (n - 1) / {self.night}, 'fold', {self._id()}, 'not-relevant', "
            f"'relevance 0.02', (n < 0) FROM numbers WHERE n % 10 = 0"
        )

    def _leads(self) -> str:
        return (
            "INSERT INTO leads (key, source_id, url, title, published, seen_at, asked_at, state, "
            "n_tries) SELECT 'https://press.example/' || CAST(n AS TEXT), "
            "'source-' || CAST(n * 31 % 150 AS TEXT), 'https://press.example/' || CAST(n AS TEXT), "
            f"'Report ' || CAST(n AS TEXT), '', {self._time()}, {self._time()}, 'fetched', 1 "
            "FROM numbers"
        )

    def _fetches(self) -> str:
        return (
            "INSERT INTO fetches (id, run_id, source_id, role, asked_url, url, lead_key, status, "
            'fetched_at, payload_sha256, n_bytes, file, "offset", length, sha256) '
            f"SELECT n, 1 + (n - 1) / {self.night}, 'source-' || CAST(n * 31 % 150 AS TEXT), "
            "'article', 'https://press.example/' || CAST(n AS TEXT), "
            "'https://press.example/' || CAST(n AS TEXT), "
            "'https://press.example/' || CAST(n AS TEXT), 200, "
            f"{self._time()}, {self._id()} || {self._id('(n * 3)')}, 50000, "
            f"'night-' || CAST((n - 1) / {self.night} AS TEXT) || '.warc.gz', n * 50000, 50000, "
            f"{self._id()} FROM numbers"
        )

    def _articles(self) -> str:
        return (
            "INSERT INTO articles (id, source_id, url, link, title, text, authors, published_at, "
            "published_precision, published_found, published_where, language, outlet, flags, "
            "fetch_id, fetched_at, dated_at, is_current) "
            f"SELECT {self._id('numbers.n')}, 'source-' || CAST(numbers.n * 31 % 150 AS TEXT), "
            "'https://press.example/' || CAST(numbers.n AS TEXT), '', substr(c.text, 1, 60), "
            "a.text || ' ' || b.text || ' case' || CAST(numbers.n AS TEXT), "
            f"{self._json('[]')}, {self._time('numbers.n')}, 'time', '', 'json-ld', "
            "CASE WHEN numbers.n % 10 < 7 THEN 'en' ELSE 'ja' END, '', "
            f"{self._json('[]')}, numbers.n, {self._time('numbers.n')}, {self._time('numbers.n')}, "
            f"(numbers.n > 0) FROM {self._texts()} ORDER BY numbers.n"
        )

    def _versions(self) -> str:
        return (
            "INSERT INTO versions (url, article_id, fetch_id, seen_at) "
            f"SELECT 'https://press.example/' || CAST(n AS TEXT), {self._id()}, n, {self._time()} "
            "FROM numbers"
        )

    def _search_rows(self) -> str:
        return (
            f"INSERT INTO search_rows (number, article_id) SELECT n, {self._id()} "
            "FROM numbers ORDER BY n"
        )

    def _article_search(self) -> str:
        title = "substr(c.words, 1, 60)"
        body = "a.words || ' ' || b.words || ' case' || CAST(numbers.n AS TEXT)"
        if self._is_sqlite:
            return (
                "INSERT INTO article_search (rowid, title, text) "
                f"SELECT numbers.n, {title}, {body} FROM {self._texts()} ORDER BY numbers.n"
            )
        return (
            f"INSERT INTO article_search (number, words) {POSTGRES_ROW} FROM ("
            "SELECT CAST(numbers.n AS INTEGER) AS number, "
            f"setweight(to_tsvector('article_words', {title}), 'A') || "
            f"to_tsvector('article_words', {body}) AS words FROM {self._texts()}) AS r"
        )

    def _mentions(self) -> str:
        places = " UNION ALL ".join(f"SELECT {place} AS place" for place in range(10))
        return (
            'INSERT INTO mentions (article_id, start, "end", label, entity_id, how) '
            f"SELECT {self._id('numbers.n')}, 30 * p.place, 30 * p.place + 12, d.label, d.entity, "
            f"'table' FROM numbers CROSS JOIN ({places}) AS p "
            f"JOIN draws AS d ON d.n = ((numbers.n * 10 + p.place) * 7919) % {PARTS} ORDER BY 1, 2"
        )

    def _topics(self) -> str:
        labels = ("trade", "defense", "energy", "base-politics")
        listed = " UNION ALL ".join(
            f"SELECT '{label}' AS label, {k} AS k" for k, label in enumerate(labels)
        )
        score = "((n * 4 + t.k) * 7919 % 1000)"
        return (
            "INSERT INTO topics (article_id, label, score, holds, model_id) "
            f"SELECT {self._id()}, t.label, {score} / 1000.0, ({score} > 700), 'bench' "
            f"FROM numbers CROSS JOIN ({listed}) AS t ORDER BY 1"
        )

    def _relevance(self) -> str:
        score = "(n * 7919 % 1000)"
        return (
            "INSERT INTO relevance (article_id, score, relevant, model_id) "
            f"SELECT {self._id()}, {score} / 1000.0, ({score} > 900), 'bench' "
            "FROM numbers ORDER BY 1"
        )

    def _steps(self) -> str:
        return (
            "INSERT INTO steps (subject_id, step, version, outcome) "
            f"SELECT {self._id()}, s.step, '1', 'out' FROM numbers CROSS JOIN "
            "(SELECT 'tag' AS step UNION ALL SELECT 'classify') AS s "
            "UNION ALL SELECT 'fetch:' || CAST(n AS TEXT), 'extract', '1', 'out' FROM numbers "
            "ORDER BY 1"
        )

    def _stories(self) -> str:
        return (
            "INSERT INTO stories (id, representative_id, first_at, last_at, novelty) "
            f"SELECT {self._story_id()}, {self._id()}, {self._time()}, {self._time('n + 1')}, "
            f"CASE {_STORY} % 4 WHEN 2 THEN 'follow-up' WHEN 3 THEN 'repeat' ELSE 'new' END "
            f"FROM numbers WHERE {_IS_FIRST}"
        )

    def _story_articles(self) -> str:
        first = f"(1 + (5 * ({_STORY} - 1) + 1) / 2)"
        return (
            "INSERT INTO story_articles (article_id, story_id, position, further) "
            f"SELECT {self._id()}, {self._story_id()}, n - {first}, (n < 0) "
            "FROM numbers ORDER BY 1"
        )

    def _told_before(self) -> str:
        return (
            "INSERT INTO told_before (story_id, issue_id, number, earlier_story_id, affinity, new) "
            f"SELECT {self._story_id()}, '', 0, {self._story_id(f'({_STORY} - 1)')}, 0.5, "
            f"{self._json('[]')} FROM numbers WHERE {_IS_FIRST} AND {_STORY} % 4 = 2"
        )

    def _candidates(self) -> str:
        reasons = "[" + ", ".join(f'["feature-{k}", 0.5, 0.125]' for k in range(16)) + "]"
        return (
            "INSERT INTO candidates (run_id, story_id, rank, score, logit, reasons) "
            f"SELECT 1 + (n - 1) / {self.night}, {self._story_id()}, "
            f"1 + ((n - 1) % {self.night}) * 2 / 5, 0.5, 0.0, {self._json(reasons)} "
            f"FROM numbers WHERE {_IS_FIRST} AND (n - 1) % {self.night} < 500"
        )

    def _decisions(self) -> str:
        return (
            "INSERT INTO decisions (subject, verdict, reviewer, decided_at, note, seen_hash) "
            f"SELECT {self._story_id()}, CASE n % 3 WHEN 0 THEN 'accept' ELSE 'reject' END, "
            f"'analyst-' || CAST(n % 3 AS TEXT), {self._time(f'n + {self.night}')}, '', '' "
            f"FROM numbers WHERE {_IS_FIRST} AND (n - 1) % {self.night} < 100"
        )

    def _audit(self) -> str:
        return (
            "INSERT INTO audit (at, who, action, subject, detail) "
            f"SELECT {self._time()}, 'analyst-' || CAST(n % 3 AS TEXT), 'sign-in', '', '' "
            f"FROM numbers WHERE (n - 1) % {self.night} < 10"
        )
