from __future__ import annotations

from dataclasses import replace

import pytest
from store_values import (
    AT,
    fetch_page,
    hours,
    make_lead,
    make_page,
    make_ref,
    make_run,
    rejected,
)

from alliance_nlp.core.errors import StoreError
from alliance_nlp.core.types import Reason, Role
from alliance_nlp.store import (
    Database,
    committed_bytes,
    count_rows,
    fetches_to_extract,
    find_payload,
    known_leads,
    last_good_fetch,
    mark_step,
    note_update,
    pending_leads,
    read_fetch,
    read_fetches,
    read_validators,
    save_fetch,
    save_leads,
    save_validators,
    settle_lead,
    source_yield,
)


def _save_two(database: Database, *, second_offset: int) -> None:
    with database.write() as tx:
        run_id = make_run(tx)
        save_leads(tx, [("a", make_lead("a")), ("b", make_lead("b"))], at=AT)
        for key, offset in (("a", 0), ("b", second_offset)):
            save_fetch(
                tx,
                make_page(),
                make_ref(file="n.warc.gz", offset=offset),
                run_id=run_id,
                payload_sha256=key,
                lead_key=key,
            )


def test_fetch_commits_its_bytes_and_settles_its_lead(database: Database) -> None:
    _save_two(database, second_offset=100)
    with database.read() as tx:
        assert committed_bytes(tx) == {"n.warc.gz": 200}
        assert pending_leads(tx, most_tries=99) == {}
        assert count_rows(tx)["fetches"] == 2


def test_nothing_of_a_transaction_is_kept_when_it_fails(database: Database) -> None:
    with pytest.raises(StoreError, match=r"refused.*running again is safe"):
        _save_two(database, second_offset=0)  # the same place in the same file
    with database.read() as tx:
        assert set(count_rows(tx).values()) == {0}


def test_nothing_is_kept_when_our_own_code_raises(database: Database) -> None:
    with pytest.raises(KeyError), database.write() as tx:
        fetch_page(tx, make_run(tx))
        raise KeyError
    with database.read() as tx:
        assert set(count_rows(tx).values()) == {0}


def test_nothing_is_kept_of_what_a_reader_writes(database: Database) -> None:
    with database.read() as tx:
        make_run(tx)
    with database.read() as tx:
        assert count_rows(tx)["runs"] == 0


def test_writing_goes_on_after_an_error(database: Database) -> None:
    with pytest.raises(StoreError):
        _save_two(database, second_offset=0)
    _save_two(database, second_offset=100)
    with database.read() as tx:
        assert count_rows(tx)["fetches"] == 2


def test_fetch_of_an_unknown_run_is_refused(database: Database) -> None:
    with pytest.raises(StoreError, match=r"(?i)foreign key"), database.write() as tx:
        fetch_page(tx, 12345)


@pytest.mark.parametrize("role", [Role.LISTING, Role.ROBOTS])
def test_only_articles_settle_a_lead(database: Database, role: Role) -> None:
    with database.write() as tx:
        save_leads(tx, [("a", make_lead("a"))], at=AT)
        fetch_page(tx, make_run(tx), lead_key="a", role=role)
        assert list(pending_leads(tx, most_tries=1)) == ["a"]


def test_offsets_beyond_two_gibibytes_are_kept(database: Database) -> None:
    ref = make_ref(file="large.warc.gz", offset=5 * 2**30)
    with database.write() as tx:
        fetch_id = save_fetch(
            tx, make_page(), ref, run_id=make_run(tx), payload_sha256="p", lead_key=None
        )
    with database.read() as tx:
        fetch = read_fetch(tx, fetch_id)
        assert committed_bytes(tx) == {"large.warc.gz": 5 * 2**30 + 100}
    assert fetch is not None
    assert fetch.archived == ref


def test_leads_are_fresh_once_and_in_order(database: Database) -> None:
    first = [(key, make_lead(key)) for key in ("c", "a", "b")]
    second = [(key, make_lead(key)) for key in ("e", "a", "d", "c")]
    with database.write() as tx:
        assert save_leads(tx, first, at=AT) == ["c", "a", "b"]
        assert save_leads(tx, second, at=hours(1)) == ["e", "d"]
        assert save_leads(tx, second, at=hours(2)) == []
        assert save_leads(tx, [], at=hours(2)) == []


def test_lead_keeps_what_its_first_listing_said(database: Database) -> None:
    first, later = make_lead("a"), make_lead("a", title="Another title", source_id="herald")
    with database.write() as tx:
        save_leads(tx, [("a", first)], at=AT)
        save_leads(tx, [("a", later)], at=hours(1))
        assert pending_leads(tx, most_tries=1) == {"a": first}


def test_first_of_two_spellings_counts_when_one_listing_has_both(database: Database) -> None:
    one, other = make_lead("a"), make_lead("a", url="https://gazette.example/a?utm_source=x")
    with database.write() as tx:
        assert save_leads(tx, [("a", one), ("a", other)], at=AT) == ["a"]
        assert pending_leads(tx, most_tries=1) == {"a": one}


def test_leads_come_oldest_first(database: Database) -> None:
    with database.write() as tx:
        save_leads(tx, [("b", make_lead("b")), ("a", make_lead("a"))], at=hours(1))
        save_leads(tx, [("z", make_lead("z"))], at=AT)
    with database.read() as tx:
        assert list(pending_leads(tx, most_tries=1)) == ["z", "a", "b"]


def test_leads_are_given_up_after_their_tries(database: Database) -> None:
    with database.write() as tx:
        save_leads(tx, [("a", make_lead("a")), ("b", make_lead("b"))], at=AT)
        settle_lead(tx, "a", state="pending")
        settle_lead(tx, "a", state="pending")
        assert list(pending_leads(tx, most_tries=2)) == ["b"]
        assert list(pending_leads(tx, most_tries=3)) == ["a", "b"]


@pytest.mark.parametrize("state", ["fetched", "refused"])
def test_settled_leads_wait_no_more(database: Database, state: str) -> None:
    with database.write() as tx:
        save_leads(tx, [("a", make_lead("a"))], at=AT)
        settle_lead(tx, "a", state=state)
        assert pending_leads(tx, most_tries=99) == {}
        assert save_leads(tx, [("a", make_lead("a"))], at=hours(1)) == []


def test_noted_leads_are_not_fetched(database: Database) -> None:
    with database.write() as tx:
        save_leads(tx, [("a", make_lead("a"))], at=AT, state="noted")
        assert pending_leads(tx, most_tries=99) == {}


def test_noted_lead_is_fetched_once_a_listing_names_it(database: Database) -> None:
    noted, listed = make_lead("a", source_id="aggregator"), make_lead("a")
    with database.write() as tx:
        save_leads(tx, [("a", noted)], at=AT, state="noted")
        assert save_leads(tx, [("b", make_lead("b")), ("a", listed)], at=hours(1)) == ["b", "a"]
        assert pending_leads(tx, most_tries=1) == {"a": listed, "b": make_lead("b")}


def test_noting_leaves_a_known_lead_as_it_is(database: Database) -> None:
    with database.write() as tx:
        save_leads(tx, [("a", make_lead("a"))], at=AT)
        assert save_leads(tx, [("a", make_lead("a"))], at=hours(1), state="noted") == []
        assert list(pending_leads(tx, most_tries=1)) == ["a"]


def test_thousands_of_leads_are_known_again(database: Database) -> None:
    leads = [(f"key-{n:05}", make_lead(str(n))) for n in range(2_500)]
    with database.write() as tx:
        assert len(save_leads(tx, leads, at=AT)) == 2_500
        assert save_leads(tx, [*leads, ("new", make_lead("new"))], at=AT) == ["new"]


def test_validators_are_kept_exactly_and_forgotten(database: Database) -> None:
    url = "https://gazette.example/feed"
    with database.write() as tx:
        save_validators(tx, url, etag='W/"x-1"', last_modified="")
        save_validators(tx, url, etag='W/"x-2"', last_modified="Sun, 14 Apr 2024 06:00:00 GMT")
        save_validators(tx, url + "2", etag="unquoted", last_modified="")
        assert read_validators(tx) == {
            url: ('W/"x-2"', "Sun, 14 Apr 2024 06:00:00 GMT"),
            url + "2": ("unquoted", ""),
        }
        save_validators(tx, url, etag="", last_modified="")
        assert list(read_validators(tx)) == [url + "2"]


def test_validators_of_some_addresses_are_read_alone(database: Database) -> None:
    with database.write() as tx:
        for name in "abc":
            save_validators(tx, f"https://gazette.example/{name}", etag=name, last_modified="")
        found = read_validators(tx, ["https://gazette.example/b", "https://gazette.example/x"])
    assert found == {"https://gazette.example/b": ("b", "")}


def test_only_good_article_pages_are_extracted(database: Database) -> None:
    with database.write() as tx:
        run_id = make_run(tx)
        for status in (199, 301, 304, 404, 500):
            fetch_page(tx, run_id, status=status)
        for role in (Role.LISTING, Role.ROBOTS):
            fetch_page(tx, run_id, role=role)
        good = [fetch_page(tx, run_id, status=status) for status in (200, 204, 299)]
        assert fetches_to_extract(tx, version="1") == good
        assert source_yield(tx, run_id) == {"gazette": 3}


def test_fetches_are_extracted_once_a_version(database: Database) -> None:
    with database.write() as tx:
        run_id = make_run(tx)
        ids = [fetch_page(tx, run_id) for _ in range(3)]
        mark_step(tx, "extract", [(f"fetch:{ids[1]}", rejected(Reason.TOO_SHORT))], version="1")
        mark_step(tx, "tag", [(f"fetch:{ids[0]}", None)], version="1")  # another step's word

        def waiting(version: str) -> list[int]:
            return fetches_to_extract(tx, version=version)

        assert waiting("1") == [ids[0], ids[2]]
        assert waiting("2") == ids
        mark_step(tx, "extract", [(f"fetch:{i}", None) for i in ids], version="2")
        assert waiting("2") == []
        assert waiting("1") == ids  # a step remembers its last version only


def test_fetches_are_limited_oldest_first(database: Database) -> None:
    with database.write() as tx:
        run_id = make_run(tx)
        ids = [fetch_page(tx, run_id) for _ in range(12)]
        found = read_fetches(tx, fetches_to_extract(tx, version="1"))
    assert [fetch.id for fetch in found] == ids


def test_fetch_carries_its_lead_and_place(database: Database) -> None:
    with database.write() as tx:
        save_leads(tx, [("a", make_lead("a"))], at=AT)
        fetch_id = fetch_page(tx, make_run(tx), lead_key="a", url="https://gazette.example/z")
        fetch = read_fetch(tx, fetch_id)
        assert fetches_to_extract(tx, version="1") == [fetch.id]
    assert fetch is not None
    assert fetch.lead is not None
    assert (fetch.lead.title, fetch.lead.published) == ("Title of a", make_lead("a").published)
    assert (fetch.url, fetch.role, fetch.fetched_at) == (
        "https://gazette.example/z",
        Role.ARTICLE,
        AT,
    )


def test_fetch_without_lead_has_none(database: Database) -> None:
    with database.write() as tx:
        fetch = read_fetch(tx, fetch_page(tx, make_run(tx)))
        assert read_fetch(tx, 999_999) is None
    assert fetch is not None
    assert fetch.lead is None


def test_yield_counts_a_run_by_source(database: Database) -> None:
    with database.write() as tx:
        earlier, run_id = make_run(tx), make_run(tx)
        fetch_page(tx, earlier)
        for source in ("gazette", "herald", "gazette"):
            fetch_page(tx, run_id, source_id=source)
        assert source_yield(tx, run_id) == {"gazette": 2, "herald": 1}


URL = "https://gazette.example/a"
OTHER = "https://gazette.example/print/a"


def test_payload_is_found_at_its_own_address_before_others(database: Database) -> None:
    with database.write() as tx:
        run_id = make_run(tx)
        other = fetch_page(tx, run_id, payload="same", asked_url=OTHER)
        own = fetch_page(tx, run_id, payload="same", asked_url=URL)
        for url, expected in ((URL, own), (OTHER, other), ("https://new.example/", other)):
            found = find_payload(tx, url=url, payload_sha256="same")
            assert found is not None
            assert found.id == expected
        assert find_payload(tx, url=URL, payload_sha256="unseen") is None


def test_a_repeat_is_not_extracted_again_but_at_another_address_it_is(database: Database) -> None:
    with database.write() as tx:
        run_id = make_run(tx)
        first = fetch_page(tx, run_id, asked_url=URL)
        page = make_page(asked_url=URL)
        for asked_url in (URL, OTHER):
            save_fetch(
                tx,
                replace(page, asked_url=asked_url),
                make_ref(),
                run_id=run_id,
                payload_sha256="p",
                lead_key=None,
                repeats_id=first,
            )
        due = read_fetches(tx, fetches_to_extract(tx, version="1"))
    assert [(fetch.asked_url, fetch.repeats_id) for fetch in due] == [(URL, None), (OTHER, first)]


def test_last_good_fetch_is_the_newest_with_a_body(database: Database) -> None:
    with database.write() as tx:
        run_id = make_run(tx)
        fetch_page(tx, run_id, asked_url=URL)
        newest = fetch_page(tx, run_id, asked_url=URL, payload="q")
        fetch_page(tx, run_id, asked_url=URL, status=304, payload="r")
        found = last_good_fetch(tx, URL)
        assert found is not None
        assert found.id == newest
        assert last_good_fetch(tx, OTHER) is None


def test_known_leads_are_those_that_were_fetched(database: Database) -> None:
    with database.write() as tx:
        save_leads(tx, [(name, make_lead(name, updated="1")) for name in "abc"], at=AT)
        settle_lead(tx, "a", state="fetched", at=hours(1))
        settle_lead(tx, "b", state="refused", at=hours(1))
        note_update(tx, "a", updated="2")
        found = known_leads(tx, ["a", "b", "c", "d"])
    assert list(found) == ["a"]
    known = found["a"]
    assert (known.seen_at, known.asked_at, known.n_tries) == (AT, hours(1), 1)
    assert known.lead.updated == "2"
