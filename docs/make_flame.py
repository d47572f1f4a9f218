"""Draw ``docs/flame.svg``: where a page's processor time goes, from the archive to the store.

Run ``python docs/make_flame.py [--pages FOLDER]`` after ``make rivals``, which installs py-spy.
It samples ``process`` on an archive of generated pages, or of those of a folder that
``tests/bench/bench_extract.py`` reads, with all its processes. Loading counts, waiting does not.
"""

from __future__ import annotations

import argparse
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from html import escape
from itertools import islice
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PICTURE = ROOT / "docs" / "flame.svg"
SPY = ROOT / ".rivals" / "bin" / "py-spy"
N_PAGES, RATE = 100, 100
_LINE = re.compile(r"(?P<frames>.*) (?P<n>\d+)")
_FRAME = re.compile(r"(?P<name>.*) \((?P<file>.*?)(?::\d+)?\)")
_FILE = re.compile(r"(?:.*/)?(?:site-packages|src|lib/python3\.\d+)/(?P<file>.*)")
# Where the work of a worker and of a stage begins; what calls them only hands it on.
_ROOTS = frozenset(("extract_pages", "tag_texts", "extract", "tag", "classify_articles"))
_WIDTH, _ROW, _LETTER, _TOP = 1200, 17, 6.2, 40
_LEAST = 0.002  # of the width; what is narrower is left out
_COLOURS = (
    ("trafilatura/", "#e8a35a"),
    ("lxml/", "#d9c35c"),
    ("alliance_nlp/extract/", "#7fb3d5"),
    ("alliance_nlp/tag/", "#82c99a"),
    ("alliance_nlp/classify/", "#c39bd3"),
    ("alliance_nlp/vectors/", "#c39bd3"),
    ("alliance_nlp/store/", "#e59a9a"),
    ("sqlalchemy/", "#e59a9a"),
    ("alliance_nlp/", "#a9bccb"),
)
_OTHER = "#c8c8c8"


@dataclass
class Node:
    """A function on a stack, its samples, and what it called."""

    n: int = 0
    calls: dict[str, Node] = field(default_factory=dict)


def main() -> int:
    """Sample a run and draw it."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--pages", type=Path, help="a folder of saved pages")
    parser.add_argument("--chain", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.chain:
        _run(options.chain)
        return 0
    if not SPY.exists():
        sys.exit(f"{SPY.relative_to(ROOT)} is missing; run: make rivals")
    with tempfile.TemporaryDirectory() as folder:
        archive, samples = Path(folder) / "workspace", Path(folder) / "samples"
        _make(archive, options.pages)
        spying = [SPY, "record", "--subprocesses", "--format", "raw", "--rate", str(RATE)]
        child = [sys.executable, Path(__file__), "--chain", archive]
        subprocess.run([*spying, "--output", samples, "--", *child], check=True, cwd=ROOT)
        whole = tree_of(samples.read_text("utf-8").splitlines())
    PICTURE.write_text("\n".join(picture(whole)) + "\n", encoding="utf-8")
    return 0


def _make(root: Path, folder: Path | None) -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]
    from tests.bench.own_chain import archived, model_loader
    from tests.bench.pages import bench_pages, folder_pages

    pages = folder_pages(folder) if folder else (one.page for one in bench_pages(N_PAGES))
    archived(root, list(islice(pages, N_PAGES)), model_loader())


def _run(root: Path) -> None:
    sys.path[:0] = [str(ROOT), str(ROOT / "tests" / "bench")]
    from tests.bench.own_chain import model_loader, processed

    from alliance_nlp.workspace import Workspace

    processed(Workspace(root), model_loader())


def tree_of(lines: Iterable[str]) -> Node:
    """Return the samples of all processes as one tree of functions."""
    whole = Node()
    for line in lines:
        found = _LINE.fullmatch(line)
        frames = [_named(frame) for frame in found["frames"].split(";")] if found else []
        frames = list(_from_work(frames))
        if not found or not frames:
            continue
        node, n = whole, int(found["n"])
        node.n += n
        for frame in frames:
            node = node.calls.setdefault(frame, Node())
            node.n += n
    return whole


def _named(frame: str) -> str:
    """Return a frame as its function and its file, without the line and the machine's folders."""
    parts = _FRAME.fullmatch(frame)
    if parts is None:
        return frame
    found = _FILE.fullmatch(parts["file"])
    file = found["file"] if found else parts["file"]
    return f"{parts['name']} ({Path(file).name if file.startswith('/') else file})"


def _from_work(frames: list[str]) -> Iterator[str]:
    """Yield the frames from where our work begins; none for what only waits or starts up."""
    starts = (
        place
        for place, frame in enumerate(frames)
        if "(alliance_nlp/pipeline/" in frame and frame.split(" (")[0] in _ROOTS
    )
    start = next(starts, None)
    if start is not None:
        yield from frames[start:]


def picture(whole: Node) -> Iterator[str]:
    """Yield the lines of the drawing: the callers on top, each as wide as its share."""
    depth = _depth(whole)
    height = _TOP + _ROW * depth + 8
    yield (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" '
        'font-family="ui-monospace, monospace" font-size="10.5">'
    )
    yield (
        "<style>rect{stroke:#fff;stroke-width:.5}text{fill:#111}.head{fill:#555;font-size:13px}"
        "@media(prefers-color-scheme:dark){.head{fill:#bbb}rect{stroke:#222}}</style>"
    )
    yield (
        f'<text class="head" x="6" y="22">From the archive to the store: {whole.n} samples of '
        "processor time; hover for shares</text>"
    )
    yield from _drawn(whole, left=0.0, row=0, scale=_WIDTH / max(1, whole.n), total=whole.n)
    yield "</svg>"


def _depth(node: Node, *, total: int = 0) -> int:
    total = total or node.n
    shown = [one for one in node.calls.values() if one.n >= _LEAST * total]
    return max((1 + _depth(one, total=total) for one in shown), default=0)


def _drawn(node: Node, *, left: float, row: int, scale: float, total: int) -> Iterator[str]:
    for name, one in sorted(node.calls.items(), key=lambda pair: (-pair[1].n, pair[0])):
        width = one.n * scale
        if one.n >= _LEAST * total:
            y = _TOP + row * _ROW
            share = f"{name}: {one.n / total:.1%}"
            yield (
                f'<g><title>{escape(share)}</title><rect x="{left:.1f}" y="{y}" '
                f'width="{width:.1f}" height="{_ROW - 1}" fill="{_colour(name)}"/>'
            )
            fitting = name.split(" (")[0][: max(0, int((width - 6) / _LETTER))]
            if len(fitting) > 2:
                yield f'<text x="{left + 3:.1f}" y="{y + 12}">{escape(fitting)}</text>'
            yield "</g>"
            yield from _drawn(one, left=left, row=row + 1, scale=scale, total=total)
        left += width


def _colour(name: str) -> str:
    return next((colour for part, colour in _COLOURS if part in name), _OTHER)


if __name__ == "__main__":
    sys.exit(main())
