"""The benchmark's own parts: pages, ratios, guard, and the page in docs."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from time import perf_counter

import pytest
from tests.bench import benchmark_page as page
from tests.bench.backfill_figures import read_printed
from tests.bench.cpu import Bystanders, machine_cpu_s, tree_cpu_s
from tests.bench.pages import BenchPage, bench_pages, folder_pages
from tests.bench.ratios import Figures, Row, as_row, read, save, worsened
from tests.bench.rivals import MissingRivalsError, load_rivals

from alliance_nlp.extract import Extraction, extract_page

SPIN = "import time\nwhile time.process_time() < 0.5: pass"
ROW = Row(name="goose3", ratio=3.5, low=3.1, high=4.0, cpu_ms=200.0, n_pages=60, n_failed=2)
FIGURES = Figures(
    pages="80 pages",
    weights={"kilobytes": (90, 150, 300)},
    rows=(ROW,),
    headline={"chain": 0.742, "naive": 6.31, "jobs2": 1.866, "backfill": 16.14, "recall": 0.9934},
)


def test_pages_of_a_folder_are_read_with_and_without_a_list(tmp_path: Path) -> None:
    folder = tmp_path / "pages"
    folder.mkdir()
    (folder / "a.html.gz").write_bytes(gzip.compress(b"<p>first"))
    (folder / "b.html").write_bytes(b"<p>second")
    loose = list(folder_pages(folder))
    assert [one.body for one in loose] == [b"<p>first", b"<p>second"]
    rows = [{"file": "pages/b.html", "url": "https://b.example/1", "crawled": "2024-05-01"}]
    (tmp_path / "pages.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    for named in (tmp_path, folder):
        (listed,) = folder_pages(named)
        assert (listed.url, listed.body) == ("https://b.example/1", b"<p>second")
        assert listed.fetched_at.date().isoformat() == "2024-05-01"


def test_folder_without_pages_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="holds no page"):
        list(folder_pages(tmp_path))


def test_last_line_gives_the_ratios_in_order() -> None:
    assert FIGURES.last_line() == "chain 0.74; naive 6.3; jobs2 1.87; backfill 16.1; recall 0.993"


def test_last_line_says_so_when_a_figure_was_not_measured() -> None:
    figures = replace(FIGURES, headline={"chain": 0.7, "jobs2": None})
    assert figures.last_line() == "chain 0.70; jobs2 not measured"


def _now(**headline: float | None) -> Figures:
    return replace(FIGURES, headline=headline)


def test_guard_passes_what_is_a_little_worse() -> None:
    assert worsened(_now(chain=0.742 * 1.14, naive=6.31 * 0.86, recall=0.99), FIGURES) == {}


def test_guard_names_a_chain_that_became_dearer() -> None:
    found = worsened(_now(chain=0.742 * 1.16), FIGURES)
    assert found == {"chain": "0.861, was 0.742: 16% worse"}


@pytest.mark.parametrize("name", ["naive", "jobs2", "backfill", "recall"])
def test_guard_names_a_gain_that_became_less(name: str) -> None:
    before = FIGURES.headline[name]
    assert before is not None
    assert list(worsened(_now(**{name: before * 0.84}), FIGURES)) == [name]


def test_guard_passes_over_what_was_not_measured() -> None:
    assert worsened(_now(jobs2=None), FIGURES) == {}


def test_guard_passes_over_the_clock_when_others_were_at_work() -> None:
    now = replace(_now(jobs2=1.1, chain=0.9), others_cores=0.6)
    assert list(worsened(now, FIGURES)) == ["chain"]


def test_row_takes_the_median_of_the_rounds_own_ratios() -> None:
    row = as_row("way", [(2.0, 1.0, 10), (9.0, 3.0, 10), (50.0, 5.0, 10)])
    assert (row.ratio, row.low, row.high, row.cpu_ms) == (3.0, 2.0, 10.0, 900.0)


def test_figures_are_the_same_when_read_back(tmp_path: Path) -> None:
    save({"generated pages": FIGURES}, tmp_path / "figures.json")
    assert read(tmp_path / "figures.json") == {"generated pages": FIGURES}


def test_processor_time_counts_children_that_ended() -> None:
    before = tree_cpu_s()
    subprocess.run([sys.executable, "-c", SPIN], check=True)
    assert tree_cpu_s() - before >= 0.5


def test_processor_time_counts_children_that_run() -> None:
    before = tree_cpu_s()
    waiting = f"{SPIN}\nprint(flush=True)\nimport sys\nsys.stdin.read()"
    command = [sys.executable, "-c", waiting]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as child:
        assert child.stdout is not None
        child.stdout.readline()
        took = tree_cpu_s() - before
        child.communicate()
    assert took >= 0.45


def test_own_children_are_no_bystanders() -> None:
    began_s, busy_s, bystanders = perf_counter(), machine_cpu_s(), Bystanders()
    subprocess.run([sys.executable, "-c", SPIN], check=True)
    others_s = bystanders.cores() * (perf_counter() - began_s)
    assert others_s <= machine_cpu_s() - busy_s - 0.4


def test_backfill_figures_are_read_from_what_its_benchmark_prints() -> None:
    printed = (
        "\n400 pages: full chain 45.2 ms a page, cascade 1.91, ratio 23.7 (at least 15.0); "
        "8 of 8 kept\n.\nrecall 558 of 561: 0.9947 (Wilson's 0.9844-0.9982); lost ['a']\n."
    )
    found = read_printed(printed)
    assert (found.ratio, found.n_found, found.n_all) == (23.7, 558, 561)
    assert found.note.endswith("558 of 561: 0.9947 (Wilson's 0.9844-0.9982)")


def test_backfill_figures_are_refused_when_its_benchmark_broke_off() -> None:
    with pytest.raises(RuntimeError, match="printed no ratio"):
        read_printed("E   ImportError: no such name")


def test_rivals_that_are_missing_are_named_with_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(MissingRivalsError, match=r"newspaper.*make rivals"):
        load_rivals(tmp_path)


@pytest.fixture(scope="module")
def pages() -> list[BenchPage]:
    return list(bench_pages(9))


def test_pages_are_the_same_when_fewer_are_drawn_again(pages: list[BenchPage]) -> None:
    assert list(bench_pages(3)) == pages[:3]


def test_pages_are_others_when_the_seed_is_another(pages: list[BenchPage]) -> None:
    (other,) = bench_pages(1, seed=1)
    assert other.page.body != pages[0].page.body


def test_pages_hold_articles_that_can_be_extracted(pages: list[BenchPage]) -> None:
    n_found = n_all = 0
    for made in pages:
        found = extract_page(made.page)
        text = found.article.text if isinstance(found, Extraction) else ""
        heads = [line[:40] for item in made.items for line in item.text.split("\n")]
        n_all += len(heads)
        n_found += sum(head in text for head in heads)
    assert n_found >= 0.9 * n_all


def test_page_in_docs_is_what_the_figures_say() -> None:
    assert page.PAGE.read_text("utf-8") == page.render(read(page.FIGURES))


def test_docs_hold_a_baseline_for_the_guard() -> None:
    headline = read(page.FIGURES)[page.GENERATED].headline
    assert list(headline) == list(FIGURES.headline)
    assert None not in headline.values()


def test_plot_has_a_bar_for_every_way_and_both_schemes() -> None:
    drawn = page.plot({page.GENERATED: FIGURES})
    assert "goose3" in drawn
    assert "prefers-color-scheme:dark" in drawn
    assert page.render({page.GENERATED: FIGURES}).count("| goose3 |") == 1
