from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st
from store_values import keep_article, keep_articles, make_article, make_run, make_story

from alliance_nlp.core.types import Candidate
from alliance_nlp.store import (
    CandidateFilter,
    Connection,
    Database,
    backup,
    count_on,
    forget_derived,
    read_candidate_page,
    restore,
    save_candidates,
    save_stories,
    schema,
    search_articles,
)
from alliance_nlp.store.database import migration_config
from alliance_nlp.store.search import MOST_RANKED
from alliance_nlp.store.search_index import BLOCK

FAR = 40 * BLOCK  # further back than a search's first look

_TEXTS = {
    "base": "Okinawa's governor opposed the relocation of the base to Henoko, a U.S. plan.",
    "ships": "Two destroyers of the US Navy sailed from Yokosuka with F-35 fighters above them.",
    "trade": "Negotiators in Washington discussed tariffs on cars. Minister Café Ōno left early.",
    "ja-ship": "海上自衛隊の護衛艦が第7艦隊と共同訓練を実施した。",
    "ja-trade": "日米両政府は関税をめぐる閣僚協議を開き、佐々木氏が出席した。",
}


def _keep(tx: Connection, texts: dict[str, str] = _TEXTS) -> None:
    for name, words in texts.items():
        keep_article(tx, make_article(name, title=f"Report {name.upper()}X", text=words))


@pytest.fixture
def filled(database: Database) -> Database:
    with database.write() as tx:
        _keep(tx)
    return database


@pytest.fixture(scope="module")
def library(make_database_url: Callable[..., str]) -> Iterator[Database]:
    """A filled store that tests only look at."""
    with Database.open(make_database_url(migrated=True)) as opened:
        with opened.write() as tx:
            _keep(tx)
        yield opened


def _found(database: Database, query: str, *, limit: int = 10) -> set[str]:
    with database.read() as tx:
        return set(search_articles(tx, query, limit=limit))


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("governor", {"base"}),
        ("destroyer", {"ships"}),
        ("SAILING", {"ships"}),
        ("relocated base", {"base"}),
        ("governor destroyer", set()),
        ("US", {"base", "ships"}),
        ("U.S.", {"base", "ships"}),
        ("cafe ono", {"trade"}),
        ("Café", {"trade"}),
        ("the", {"base", "ships"}),
        ("F-35", {"ships"}),
        ("Ｆ－３５", {"ships"}),
        ('"US Navy"', {"ships"}),
        ('"Navy US"', set()),
        ('"two destroyers" sailed', {"ships"}),
        ("U.S. -navy", {"base"}),
        ('US -"two destroyers"', {"base"}),
        ('"sails from Yokosuka"', {"ships"}),
        ('"sails Yokosuka"', set()),
        ('"two destroyers of"', {"ships"}),
        ('"two of destroyers"', set()),
        ('"the governor"', set()),
        ('"F-35 fighters above"', {"ships"}),
        ('US -"two destroyers of the"', {"base"}),
        ('US -"two destroyers the"', {"base", "ships"}),
        ('"Minister Café Ōno left"', {"trade"}),
        ('"Café Minister"', set()),
        ("-navy", set()),
        ("negot*", {"trade"}),
        ("negot", set()),
        ("ne*", set()),
        ('"two destroyers" -"us army"', {"ships"}),
        ('"two destroyers" -"us navy"', set()),
        ("日", {"ja-trade"}),
        ("を", {"ja-ship", "ja-trade"}),
        ("0日", set()),
        ("okinawa", {"base"}),
        ("shipsx", {"ships"}),
        ("護衛艦", {"ja-ship"}),
        ("護衛", {"ja-ship"}),
        ("衛艦", {"ja-ship"}),
        ("艦", {"ja-ship"}),
        ("隊と", {"ja-ship"}),
        ("第7艦隊", {"ja-ship"}),
        ("第７艦", {"ja-ship"}),
        ("艦護", set()),
        ("佐々木", {"ja-trade"}),
        ("日米 協議", {"ja-trade"}),
        ("日米 訓練", set()),
        ("の -訓練", set()),
        ("訓練。", {"ja-ship"}),
        ("", set()),
        ("  \t\n", set()),
        ("?! …", set()),
    ],
)
def test_query_finds_the_articles_that_answer_it(
    library: Database, query: str, names: set[str]
) -> None:
    assert _found(library, query) == names


@pytest.mark.parametrize(
    "query",
    [
        '"',
        '"""',
        "NEAR(governor base, 2)",
        "title:governor",
        "governor AND",
        "OR",
        "governor:*",
        "^governor",
        "((((governor",
        "{governor} + '",
        "governor\x00",
        "';DROP TABLE articles;--",
        "a & | ! <-> b",
        "*",
        "- - -",
        "\\",
        "%s %(x)s :asked ?",
        "x" * 10_000,
        "governor " * 2_000,
        '"' * 10_000,
        "日" * 10_000,
        "( NEAR " * 1_000,
        "\ud800 \u202e \ufffe",
        "-" * 9_999 + "a",
    ],
)
def test_hostile_query_is_no_error(library: Database, query: str) -> None:
    assert _found(library, query) <= {"base"}
    assert _found(library, "governor") == {"base"}


@given(query=st.text(max_size=60))
@settings(max_examples=60, deadline=None)
def test_any_text_is_a_query(library: Database, query: str) -> None:
    assert _found(library, query) <= set(_TEXTS)


def test_title_counts_more_than_text(database: Database) -> None:
    filler = "Much else was said on that day by many people. " * 3
    with database.write() as tx:
        keep_article(tx, make_article("a", title="A quiet day", text=f"{filler} Henoko."))
        keep_article(tx, make_article("b", title="Henoko votes", text=f"{filler} A vote."))
    with database.read() as tx:
        assert search_articles(tx, "henoko", limit=5) == ["b", "a"]


def test_ties_come_by_id_within_the_limit(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, "c", "a", "d", "b")
    with database.read() as tx:
        assert search_articles(tx, "sentence", limit=10) == ["a", "b", "c", "d"]
        assert search_articles(tx, "sentence", limit=2) == ["a", "b"]
        assert search_articles(tx, "sentence", limit=0) == []


def test_newest_saved_are_ranked_when_too_many_answer(database: Database) -> None:
    with database.write() as tx:
        keep_articles(tx, *(f"a{n:04}" for n in range(MOST_RANKED + 3)))
    with database.read() as tx:
        found = search_articles(tx, "sentence", limit=2 * MOST_RANKED)
    assert len(found) == MOST_RANKED
    assert {"a0000", "a0001", "a0002"}.isdisjoint(found)


@pytest.fixture
def far_apart(database: Database) -> Database:
    """A store with two articles, of one story each, that many others lie between."""
    with database.write() as tx:
        keep_article(tx, make_article("old", text="A destroyer sailed long ago."))
        keep_article(tx, make_article("gap", text="Nothing."))
        tx.execute(
            sa.update(schema.search_rows).where(schema.search_rows.c.number == 2).values(number=FAR)
        )
        count_on(tx)
        keep_article(tx, make_article("new", text="A destroyer sails."))
        save_stories(tx, [make_story("s-old", "old"), make_story("s-new", "new")])
        ranked = [
            Candidate(story_id=i, rank=n, score=0.5, logit=0.0, reasons=())
            for n, i in enumerate(("s-old", "s-new"), 1)
        ]
        save_candidates(tx, make_run(tx), ranked)
    return database


def test_search_goes_back_as_far_as_there_are_articles(far_apart: Database) -> None:
    assert _found(far_apart, "destroyer") == {"old", "new"}
    assert _found(far_apart, '"a destroyer"') == {"old", "new"}
    assert _found(far_apart, '"a destroyer sailed long"') == {"old"}


@pytest.mark.parametrize("query", ["destroyer", '"a destroyer"', '"a destroyer sail"'])
def test_list_is_searched_wherever_its_articles_are(far_apart: Database, query: str) -> None:
    with far_apart.read() as tx:
        page = read_candidate_page(tx, CandidateFilter(query=query))
    assert [candidate.story_id for candidate in page.candidates] == ["s-old", "s-new"]


def test_only_the_current_version_is_found(database: Database) -> None:
    with database.write() as tx:
        keep_article(tx, make_article("v1", url="https://x.example/a", text="A destroyer sailed."))
        keep_article(tx, make_article("v2", url="https://x.example/a", text="A frigate sailed."))
    assert _found(database, "destroyer") == set()
    assert _found(database, "frigate") == {"v2"}


def test_version_that_comes_back_is_found_again(database: Database) -> None:
    first = make_article("v1", url="https://x.example/a", text="A destroyer sailed.")
    with database.write() as tx:
        for article in (first, make_article("v2", url=first.url, text="A frigate sailed."), first):
            keep_article(tx, article)
    assert _found(database, "destroyer") == {"v1"}
    assert _found(database, "frigate") == set()


def test_article_of_a_broken_transaction_is_not_found(database: Database) -> None:
    with pytest.raises(RuntimeError), database.write() as tx:
        _keep(tx)
        raise RuntimeError
    assert _found(database, "governor") == set()


def test_forgotten_articles_are_not_found_and_may_come_again(filled: Database) -> None:
    with filled.write() as tx:
        forget_derived(tx)
        assert search_articles(tx, "governor", limit=5) == []
        _keep(tx, {"base": _TEXTS["base"]})
    assert _found(filled, "governor destroyer") == set()
    assert _found(filled, "governor") == {"base"}


def test_restored_store_finds_what_the_old_one_found(
    filled: Database, empty_url: str, tmp_path: Path
) -> None:
    backup(filled, tmp_path / "kept.backup")
    with Database.open(empty_url) as fresh:
        restore(tmp_path / "kept.backup", fresh)
        assert _found(fresh, "destroyer") == {"ships"}
        with fresh.write() as tx:  # numbers go on after those restored
            keep_article(tx, make_article("more", text="A further destroyer."))
        assert _found(fresh, "destroyer") == {"ships", "more"}


def test_store_of_an_earlier_release_is_searched_once_migrated(
    filled: Database, database_url: str
) -> None:
    engine = sa.create_engine(database_url, poolclass=sa.NullPool)
    with engine.begin() as connection:
        command.downgrade(migration_config(connection), "0005")
    with Database.open(database_url) as migrated:
        assert _found(migrated, "destroyer") == {"ships"}
        assert _found(migrated, "護衛艦") == {"ja-ship"}


@pytest.mark.parametrize(
    "words",
    [
        "x" * 1_000_000,
        " ".join(f"w{n}" for n in range(60_000)),
        "".join(chr(0x4E00 + n % 20_000) for n in range(300_000)),
        "".join(chr(0x20000 + n % 42_000) for n in range(20_000)),
        "a. " * 40_000,
        "\u0301" * 100_000,
        "日 " * 40_000,
    ],
    ids=["one", "many", "han", "rare-han", "letters", "marks", "same"],
)
def test_strange_article_is_saved_and_found_by_its_title(database: Database, words: str) -> None:
    with database.write() as tx:
        keep_article(tx, make_article("odd", title="An odd marmalade", text=words))
    assert _found(database, "marmalade") == {"odd"}
