from __future__ import annotations

import json
import random
import re
from datetime import date
from pathlib import Path

from hypothesis import example, given, settings
from hypothesis import strategies as st

from alliance_nlp.digest.sentences import sentence_spans
from alliance_nlp.digest.style import check_style, fix_all
from alliance_nlp.digest.support import Passage, check_sentence

PIECES = st.sampled_from(
    [
        *"The U.S. US United States Japan Mr. Ito Adm. Gov. 3 12 ships five year plan".split(),
        *"March 午後3時 「 」".split(),
        *"28th 28 2023 , . ; : -- — – - ' \" “ ” ‘ ’ ( ) % percent $5bn USD 5 twelve".split(),
        *"on Tuesday May 3 MDA (MDA) 12億ドル 二十八日 米国 not never sign signed".split(),
        *("  ", "\n", "\t", "Missile Defense Agency (MDA)", "a five year plan", "the 3rd of May"),
    ]
)
TEXTISH = st.one_of(
    st.lists(PIECES, max_size=14).map(" ".join),
    st.lists(PIECES, max_size=10).map("".join),
    st.text(max_size=40),
)
ARTICLES = Path(__file__).parents[2] / "data" / "backtest" / "articles.jsonl"


@given(TEXTISH)
@example("U.S. U.S.")
@example("'\" \"'")
@settings(max_examples=150, deadline=None)
def test_fixing_twice_is_fixing_once(text: str) -> None:
    once = fix_all(text)
    assert fix_all(once) == once


@given(TEXTISH)
@settings(max_examples=100, deadline=None)
def test_findings_point_at_what_they_name(text: str) -> None:
    for finding in check_style(text, kind="bullet"):
        assert text[finding.start : finding.end] == finding.found


@given(TEXTISH)
@example("二十〇年")
@example("February 30, 0/0/2020, 99時99分")
@settings(max_examples=150, deadline=None)
def test_text_supports_itself_whatever_it_is(text: str) -> None:
    passage = Passage(text=text, published_on=date(2024, 2, 29), context=text)
    claims = check_sentence(text, [passage])
    # An open quotation mark may pair with another one in the running text; nothing else is flagged.
    assert [flag for flag in claims if flag.claim not in ("quote", "negation")] == []


@given(TEXTISH, TEXTISH)
@settings(max_examples=150, deadline=None)
def test_flags_point_at_their_text_and_never_raise(text: str, source: str) -> None:
    for flag in check_sentence(text, [Passage(text=source, published_on=date(2024, 2, 29))]):
        assert text[flag.start : flag.end] == flag.text


def _sentences(n: int) -> list[Passage]:
    passages = []
    for line in ARTICLES.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        on = date.fromisoformat(row["published_at"][:10])
        for start, end in sentence_spans(row["text"]):
            text = row["text"][start:end]
            passages.append(Passage(text=text, published_on=on, context=row["text"]))
    return random.Random(20).sample(passages, n)


def test_sentences_of_articles_support_themselves_in_light_rewritings() -> None:
    rewritings = (
        lambda text: text,
        lambda text: re.sub(r"\bUS\b", "U.S.", text),
        lambda text: text.replace(" percent", "%"),
        lambda text: re.sub(r"\$([\d.]+) billion", r"\1 bn dollars", text),
        lambda text: text.replace("Admiral", "Adm.").replace("Governor", "Gov."),
        lambda text: re.sub(r"\b(April|May|March) (\d{1,2})\b", r"\2 \1", text),
        lambda text: re.sub(r"\btwo\b", "2", text),
    )
    flagged = [
        (rewrite(passage.text), flags)
        for passage in _sentences(100)
        for rewrite in rewritings
        if (flags := check_sentence(rewrite(passage.text), [passage]))
    ]
    assert flagged == []


def test_swapped_claims_are_flagged_nearly_always() -> None:
    swaps = (
        (r"\b(April|May|June) (\d{1,2})\b", lambda m: f"{m[1]} {int(m[2]) % 27 + 2}"),
        (r"(?<![\w.,$-])(\d{2,3})(?= [a-z])", lambda m: str(int(m[1]) + 7)),
        (r"\bin (Japan|Tokyo|Okinawa|Washington|China)\b", lambda m: "in Chile"),
        (r"(?<=[a-z] )([A-Z][a-z]{4,})(?= said)", lambda m: "Lindqvist"),
    )
    results = []
    for passage in _sentences(600):
        for pattern, swap in swaps:
            text, n_swapped = re.subn(pattern, swap, passage.text, count=1)
            if n_swapped:
                results.append(bool(check_sentence(text, [passage])))
    assert len(results) > 80
    assert sum(results) >= 0.97 * len(results)
