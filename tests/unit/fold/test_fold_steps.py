from __future__ import annotations

import pytest

from alliance_nlp.fold.steps import is_summary, n_back, steps


def test_steps_are_found_in_each_form_of_a_word() -> None:
    assert steps("The Diet ratified it; the drill ended.") == {"ratif", "|ended|"}


def test_step_that_is_a_whole_word_is_not_found_within_another() -> None:
    assert steps("The fireworks and the trend") == frozenset()


def test_steps_are_found_in_japanese() -> None:
    assert steps("参院は協定を承認した") == {"承認"}


@pytest.mark.parametrize("text", ["Since last month it flies again.", "昨年以来、再び"])
def test_looking_back_is_counted_in_both_languages(text: str) -> None:
    assert n_back(text) == 3


@pytest.mark.parametrize("title", ["Explainer: the quota", "Why jets circle", "関税を解説"])
def test_title_is_a_summary_when_it_promises_one(title: str) -> None:
    assert is_summary(title)


def test_title_is_no_summary_when_it_tells_an_event() -> None:
    assert not is_summary("Court sentences sailor to seven years")
