from __future__ import annotations

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from listing_pages import item, rss

M = 1024 * 1024
# Runs alone and only reads, so that the growth of memory is that of the reading.
PROGRAM = """
import resource, sys, time
from pathlib import Path
sys.path.insert(0, sys.argv[1])
from listing_pages import page, source
from alliance_nlp.core.errors import InputError
from alliance_nlp.sources import Listing, read_listing, read_opml

def read(kind, body):
    if kind == "opml":
        try:
            return len(read_opml(body)), 0
        except InputError:
            return 0, 0
    listing = read_listing(source(kind), page(body))
    return (len(listing.leads), listing.n_dropped) if isinstance(listing, Listing) else (0, 0)

for file in sorted(Path(sys.argv[2]).iterdir()):  # loads what is loaded late
    read(file.stem, b"<html><a href='/news/1'>x</a></html>")
bodies = {file.stem: file.read_bytes() for file in sorted(Path(sys.argv[2]).iterdir())}
before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
for kind, body in bodies.items():
    started = time.process_time()
    n_leads, n_dropped = read(kind, body)
    seconds = time.process_time() - started
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    print(kind, n_leads, n_dropped, f"{seconds:.2f}", f"{grown:.1f}")
"""


def measured(files: Path) -> dict[str, tuple[int, int, float, float]]:
    """Return leads, dropped entries, seconds and MiB grown so far, of each file in its order."""
    command = [sys.executable, "-c", PROGRAM, str(Path(__file__).parent), str(files)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr
    rows = [line.split() for line in done.stdout.splitlines()]
    return {row[0]: (int(row[1]), int(row[2]), float(row[3]), float(row[4])) for row in rows}


TEN = "".join(f'<!ENTITY a{n} "{f"&a{n - 1};" * 10 if n else "ha"}">' for n in range(10))
LONG = f'<!ENTITY a9 "{"x" * 200_000}">'
LISTINGS = {
    "feed": rss(item("&E;"), item(number=2)),
    "sitemap": "<urlset><url><loc>https://fleet.example/news/1</loc></url>"
    "<url a='&E;'><loc>https://fleet.example/&E;</loc></url></urlset>",
    "index": '<html><a href="/news/1">One</a><a href="/news/&E;">&E;</a></html>',
    "opml": '<opml><body><outline text="&E;" xmlUrl="https://a.example/"/></body></opml>',
}
WAYS: dict[str, Callable[[str], str]] = {
    "billion laughs": lambda text: f"<!DOCTYPE x [{TEN}]>" + text.replace("&E;", "&a9;"),
    "quadratic": lambda text: f"<!DOCTYPE x [{LONG}]>" + text.replace("&E;", "&a9;" * 20_000),
    "parameter": lambda text: '<!DOCTYPE x [<!ENTITY % a SYSTEM "file:///dev/zero"> %a;]>' + text,
    "external": lambda text: '<!DOCTYPE x [<!ENTITY E SYSTEM "file:///dev/zero">]>' + text,
    "doctype": lambda text: '<!DOCTYPE x SYSTEM "file:///dev/zero">' + text.replace("&E;", ""),
    "attribute": lambda text: text.replace(">", f' x="{"y" * (7 * M)}">', 1),
    "unclosed": lambda text: text + "<!ENTITY " * 50_000,
}


@pytest.mark.parametrize("way", WAYS)
def test_bomb_costs_little_time_and_memory_in_every_listing(way: str, tmp_path: Path) -> None:
    for kind, text in LISTINGS.items():
        (tmp_path / kind).write_text(WAYS[way](text))
    found = measured(tmp_path)
    assert found.keys() == LISTINGS.keys()
    assert max(seconds for _, _, seconds, _ in found.values()) < 2, found
    assert max(grown for _, _, _, grown in found.values()) < 32, found


def test_over_long_sitemap_costs_bounded_memory(tmp_path: Path) -> None:
    entry = "<url><loc>https://fleet.example/news/{}</loc><lastmod>2026-01-{:02}</lastmod></url>"
    entries = "".join(entry.format(n, n % 28 + 1) for n in range(60_000))
    (tmp_path / "sitemap").write_text(f"<urlset>{entries}</urlset>")
    n_leads, n_dropped, _, grown = measured(tmp_path)["sitemap"]
    assert (n_leads, n_dropped) == (50_000, 10_000)
    assert grown < 120
