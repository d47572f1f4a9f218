"""Measure the tagger against bare tokenization of the same texts, and how long it takes to load.

    python -m pytest -q -s -o python_files="bench_*.py" tests/bench/bench_tag.py

Times are of the processor, not of the clock. Tokenization and tagging take turns, so that a busy
machine is as busy for both, and the ratio is the median over the rounds.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from statistics import median
from time import process_time

import pytest
import spacy
from rich.console import Console

from alliance_nlp.learn import read_gold, tag_inputs
from alliance_nlp.tag import Tagger, TagInput
from alliance_nlp.workspace import packaged_labeled

pytestmark = pytest.mark.bench

N_ROUNDS = 9
N_LOADS = 3
MOST_RATIO = 2.5
MOST_LOAD_S = 1.0
LOAD = """
from time import process_time
start = process_time()
import spacy
from rich.console import Console
imported = process_time()
from alliance_nlp.tag import Tagger
Tagger.load()
print(imported - start, process_time() - imported)
"""


def _english() -> list[TagInput]:
    texts = read_gold([packaged_labeled() / "entities"])
    return list(tag_inputs(text for text in texts if text.language == "en"))


def _seconds(work: Callable[[], object]) -> float:
    start = process_time()
    work()
    return process_time() - start


def test_tagging_costs_little_more_than_tokenization() -> None:
    inputs = _english()
    tagger, blank = Tagger.load(), spacy.blank("en")

    def tokenize() -> None:
        for item in inputs:
            blank.make_doc(item.text)

    def tag() -> None:
        for _ in tagger.tag(inputs):
            pass

    tokenize()
    tag()  # caches of both are warm in a night of thousands of texts
    rounds = [(_seconds(tokenize), _seconds(tag)) for _ in range(N_ROUNDS)]
    ratio = median(tagged / bare for bare, tagged in rounds)
    bare_ms, tagged_ms = (
        1000 * median(column) / len(inputs) for column in zip(*rounds, strict=True)
    )
    Console().print(
        f"\n{len(inputs)} texts: tokenization {bare_ms:.2f} ms a text, whole tagging "
        f"{tagged_ms:.2f} ms a text, ratio {ratio:.2f} (at most {MOST_RATIO})"
    )
    assert ratio <= MOST_RATIO


def test_the_tagger_loads_within_a_second() -> None:
    runs = []
    for _ in range(N_LOADS):
        done = subprocess.run([sys.executable, "-c", LOAD], capture_output=True, check=True)
        runs.append([float(seconds) for seconds in done.stdout.split()])
    spacy_s, tagger_s = (median(column) for column in zip(*runs, strict=True))
    Console().print(
        f"\nimport of spaCy {spacy_s:.2f} s, load of the tagger beyond it {tagger_s:.2f} s "
        f"(at most {MOST_LOAD_S:.0f} s)"
    )
    assert tagger_s < MOST_LOAD_S
