"""Gzip members read as one: the bytes, where each begins, and what is wrong with them."""

from __future__ import annotations

import gzip
import io
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from alliance_nlp.archive.inflating import Inflated

_LONG = b"A line of a page that says the same again.\n" * 40_000


def _all(inflated: Inflated, size: int = -1) -> bytes:
    return b"".join(iter(lambda: inflated.read(size), b""))


@given(st.lists(st.binary(max_size=200), max_size=6), st.integers(1, 400))
def test_members_are_read_as_one_whatever_is_asked_for(parts: list[bytes], size: int) -> None:
    file = io.BytesIO(b"".join(map(gzip.compress, parts)))
    assert _all(Inflated(file), size) == b"".join(parts)


@given(st.lists(st.binary(min_size=1, max_size=200), min_size=1, max_size=6))
def test_a_place_is_told_as_its_members_beginning(parts: list[bytes]) -> None:
    members = [gzip.compress(part) for part in parts]
    inflated = Inflated(io.BytesIO(b"".join(members)))
    _all(inflated)
    begins = [0, *accumulate(map(len, members))]
    places = [0, *accumulate(map(len, parts))]
    for begin, place, part in zip(begins, places, parts, strict=False):
        assert inflated.packed_at(place) == begin
        assert inflated.packed_at(place + len(part) - 1) == begin


def test_reading_begins_where_the_file_stands() -> None:
    first, second = gzip.compress(b"one"), gzip.compress(b"two")
    file = io.BytesIO(first + second)
    file.seek(len(first))
    inflated = Inflated(file)
    assert (inflated.tell(), _all(inflated), inflated.tell()) == (0, b"two", 3)
    assert inflated.packed_at(0) == len(first)


def test_a_member_that_unpacks_to_much_is_read_a_piece_at_a_time() -> None:
    inflated = Inflated(io.BytesIO(gzip.compress(_LONG) + gzip.compress(b"end")))
    pieces = list(iter(inflated.read, b""))
    assert b"".join(pieces) == _LONG + b"end"
    assert max(map(len, pieces)) < len(_LONG) / 4


def test_a_member_that_is_cut_off_ends_where_the_file_does() -> None:
    whole = gzip.compress(_LONG)
    found = _all(Inflated(io.BytesIO(whole[: len(whole) // 2])))
    assert 0 < len(found) < len(_LONG)
    assert _LONG.startswith(found)


@pytest.mark.parametrize("place", [0, 40, -6], ids=["no gzip", "data", "checksum"])
def test_damage_is_an_error_without_a_number(place: int) -> None:
    damaged = bytearray(gzip.compress(bytes(range(256)) * 40))
    damaged[place] ^= 0xFF
    inflated = Inflated(io.BytesIO(gzip.compress(b"sound") + damaged))
    with pytest.raises(OSError, match="no sound gzip member") as caught:
        _all(inflated)
    assert caught.value.errno is None


def test_nothing_is_read_of_an_empty_file() -> None:
    assert Inflated(io.BytesIO(b"")).read() == b""
