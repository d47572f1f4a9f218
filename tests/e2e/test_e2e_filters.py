"""The filters' contract: other programs rely on these shapes."""
# ruff: noqa: E501 - texts read better unbroken

from __future__ import annotations

import gzip
import json
import math
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.conftest import Run

PAGE = """<!doctype html><html lang="en"><head><title>Carrier calls at Yokosuka | Bay Herald</title>
<meta property="og:title" content="Carrier calls at Yokosuka">
<script type="application/ld+json">{"@type":"NewsArticle","headline":"Carrier calls at Yokosuka",
"datePublished":"2024-05-22T09:00:00+09:00","author":{"@type":"Person","name":"Mina Hart"}}</script>
</head><body><nav>Home News Sport</nav><article><h1>Carrier calls at Yokosuka</h1>
<p>The aircraft carrier that the U.S. Navy keeps in Japan returned to its pier on Wednesday after
two months of flying in the Philippine Sea, the command said.</p>
<p>Tugs met the ship outside the breakwater shortly after dawn. Families of the crew had waited
since before sunrise, and the band of the Maritime Self-Defense Force played at the gate.</p>
<p>The city was told of the arrival a day earlier, as the agreement between the base and the mayor's
office asks. Officials said that radiation readings in the harbor stayed normal.</p>
</article><footer>Contact us</footer></body></html>"""

TEXTS = [
    {
        "id": 1,
        "title": "Destroyers drill with JS Atago in Sea of Japan",
        "text": "YOKOSUKA — The guided-missile destroyer USS Milius trained with JS Atago in the Sea of "
        "Japan on Tuesday to practice missile defense, the U.S. Seventh Fleet said. Vice Adm. Karl "
        "Thomas said the allies share warning data faster than before.",
        "published_on": "2023-03-21",
    },
    {
        "id": "two",
        "title": "U.S. and Japanese destroyers practice missile defense",
        "text": "The USS Milius and the Japanese destroyer JS Atago practiced missile defense in the Sea "
        "of Japan on Tuesday, the Seventh Fleet said, sharing warning data to track a target.",
        "published_on": "2023-03-22",
    },
    {
        "id": "three",
        "title": "Orchard growers hope for a mild May",
        "text": "Apple growers in the valley are pruning late this year. A frost in the first week of "
        "May ruined half of the blossoms two years ago, and the cooperative has bought wind machines.",
        "published_on": "2023-03-21",
    },
]


def jsonl(records: list[Any]) -> str:
    return "".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records)


def test_extract_reads_html_and_files_and_keeps_the_order(run: Run, tmp_path: Path) -> None:
    saved = tmp_path / "saved.html.gz"
    saved.write_bytes(gzip.compress(PAGE.encode()))
    records = [
        {"id": "b", "url": "https://herald.example/b", "html": PAGE},
        {"id": "a", "url": "https://herald.example/a", "file": str(saved)},
        {"id": "c", "url": "https://herald.example/c", "html": ""},
    ]
    result = run("extract", stdin=jsonl(records))
    assert result.code == 0, result.err
    first, second, third = result.lines
    assert [first["id"], second["id"], third["id"]] == ["b", "a", "c"]
    assert list(first) == ["id", "title", "text", "published_on", "authors", "language", "rejected"]
    assert first["title"] == second["title"] == "Carrier calls at Yokosuka"
    assert first["published_on"] == "2024-05-22"
    assert first["authors"] == ["Mina Hart"]
    assert first["language"] == "en"
    assert first["rejected"] is None
    assert first["text"] == second["text"]
    assert first["text"].startswith("The aircraft carrier that the U.S. Navy keeps in Japan")
    assert "Contact us" not in first["text"]
    assert third["rejected"] == "empty-page"


def test_tag_gives_exact_spans(run: Run) -> None:
    result = run("tag", stdin=jsonl(TEXTS))
    assert result.code == 0, result.err
    for record, line in zip(TEXTS, result.lines, strict=True):
        assert line["id"] == record["id"]
        for mention in line["mentions"]:
            assert list(mention) == ["start", "end", "label", "text", "entity_id"]
            assert record["text"][mention["start"] : mention["end"]] == mention["text"]
    found = {(m["label"], m["text"]) for m in result.lines[0]["mentions"]}
    assert {("SHIP", "USS Milius"), ("SHIP", "JS Atago"), ("OFFICIAL", "Karl Thomas")} <= found
    assert result.lines[2]["mentions"] == []


def test_tag_offsets_count_code_points_of_the_text_as_given(run: Run) -> None:
    text = "🚢  \u200bA  JS Kongo (DDG 173) sailed 🇯🇵 with USS Howard."
    [line] = run("tag", stdin=jsonl([{"id": 1, "text": text}])).lines
    assert line["mentions"]
    for mention in line["mentions"]:
        assert text[mention["start"] : mention["end"]] == mention["text"]


def test_classify_gives_scores_labels_and_relevance(run: Run) -> None:
    result = run("classify", stdin=jsonl(TEXTS))
    assert result.code == 0, result.err
    first, _, third = result.lines
    assert list(first) == ["id", "topics", "labels", "relevance", "relevant"]
    assert set(first["topics"]) == {"trade", "defense", "energy", "base-politics"}
    assert all(0 <= score <= 1 for score in first["topics"].values())
    assert first["labels"][0] == "defense" == max(first["topics"], key=first["topics"].get)
    assert first["relevant"] is True
    assert third["relevant"] is False
    assert first["relevance"] > third["relevance"]


def test_fold_puts_one_event_into_one_story(run: Run) -> None:
    result = run("fold", stdin=jsonl(TEXTS))
    assert result.code == 0, result.err
    assert [line["id"] for line in result.lines] == [1, "two", "three"]
    one, two, three = (line["story"] for line in result.lines)
    assert one == two != three


def test_fold_does_not_depend_on_the_order(run: Run) -> None:
    forward = {str(line["id"]): line["story"] for line in run("fold", stdin=jsonl(TEXTS)).lines}
    backward = run("fold", stdin=jsonl(TEXTS[::-1])).lines
    assert {str(line["id"]): line["story"] for line in backward} == forward


def test_rank_sums_its_contributions_and_puts_the_best_first(run: Run) -> None:
    result = run("rank", as_process=True, stdin=jsonl(TEXTS))
    assert result.code == 0, result.err
    assert [line["rank"] for line in result.lines] == [1, 2]
    best = result.lines[0]
    assert sorted(map(str, best["article_ids"])) == ["1", "two"]
    for line in result.lines:
        assert {"rank", "story", "article_ids", "score", "logit", "reasons"} <= set(line)
        assert "bias" in {reason["feature"] for reason in line["reasons"]}
        assert math.fsum(r["contribution"] for r in line["reasons"]) == line["logit"]
        assert line["score"] == pytest.approx(1 / (1 + math.exp(-line["logit"])))


@pytest.mark.parametrize("command", ["extract", "tag", "classify", "fold"])
def test_a_bad_line_stands_in_its_place_and_the_rest_goes_on(run: Run, command: str) -> None:
    good = {"id": "good", "url": "https://a.example/x", "html": PAGE, **TEXTS[0]}
    lines = [json.dumps({**good, "id": 1}), "{not json", '{"title": "no id"}', json.dumps([1])]
    lines += [json.dumps({"id": 2, "text": 7, "html": 7}), json.dumps({**good, "id": 3})]
    result = run(command, stdin="\n".join(lines) + "\n")
    assert result.code == 3
    assert [line["id"] for line in result.lines] == [1, None, None, None, 2, 3]
    assert ["error" in line for line in result.lines] == [False, True, True, True, True, False]
    assert "Traceback" not in result.err


@pytest.mark.parametrize("command", ["extract", "tag", "classify", "fold", "rank"])
def test_no_input_gives_no_output(run: Run, command: str, tmp_path: Path) -> None:
    empty = tmp_path / "empty.jsonl"
    empty.write_text("")
    result = run(command, "--file", empty)
    assert (result.code, result.out) == (0, "")


@pytest.mark.long
@pytest.mark.parametrize("command", ["fold", "rank"])
def test_texts_without_words_are_no_trouble(run: Run, command: str) -> None:
    records = [{"id": 1, "title": "", "text": ""}, {"id": 2, "title": "the", "text": "of the"}]
    result = run(command, as_process=True, stdin=jsonl(records))
    assert result.code == 0, result.err
    assert len(result.lines) == 2


def test_a_missing_file_is_one_clear_line(run: Run, tmp_path: Path) -> None:
    result = run("tag", "--file", tmp_path / "absent.jsonl")
    assert result.code == 1
    assert result.err.startswith("error: ")
    assert "absent.jsonl" in result.err
    assert len(result.err.splitlines()) == 1


def test_a_line_that_failed_up_the_pipe_keeps_its_first_word(run: Run) -> None:
    [line] = run("tag", stdin=jsonl([{"id": 7, "error": "the file is gone"}])).lines
    assert line == {"id": 7, "error": "the file is gone"}


def test_rank_in_a_pipe_is_a_filter_also_where_the_environment_names_a_workspace(
    run: Run, tmp_path: Path
) -> None:
    result = run("rank", as_process=True, stdin=jsonl(TEXTS), ALLIANCE_WORKSPACE=str(tmp_path))
    assert result.code == 0, result.err
    assert result.lines[0]["rank"] == 1


@pytest.mark.long
def test_rank_counts_equal_lines_each(run: Run) -> None:
    [best, *_] = run("rank", as_process=True, stdin=jsonl([TEXTS[0], TEXTS[0], TEXTS[2]])).lines
    assert best["article_ids"] == [1, 1]
