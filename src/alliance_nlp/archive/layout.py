"""Where the archive's files stand: ``YYYY/MM/alliance-YYYYMMDD-NNN.warc.gz`` below its folder.

Sorted by path, files stand in the order in which they were begun: by day, then by number. The
thousandth file of a day is ``a1000`` (the ten thousandth ``b10000``), so it sorts behind ``999``.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

_NAME = re.compile(r"alliance-(\d{8})-[a-z]?(\d{3,})\.warc\.gz")
_PLAIN_DIGITS = 3


def archive_files(root: Path) -> list[Path]:
    """Return the files of the archive below ``root``, in the order in which they were begun."""
    return sorted(root.glob("*/*/*.warc.gz"))


def next_file(root: Path, on: date) -> Path:
    """Return the path of a day's next file: one above the highest number that is taken."""
    folder = root / f"{on:%Y}" / f"{on:%m}"
    day = f"{on:%Y%m%d}"
    names = [path.name for path in folder.glob(f"alliance-{day}-*")]
    taken = [int(match[2]) for name in names if (match := _NAME.fullmatch(name))]
    return folder / f"alliance-{day}-{_sortable(max(taken, default=0) + 1)}.warc.gz"


def _sortable(number: int) -> str:
    digits = f"{number:0{_PLAIN_DIGITS}}"
    more = len(digits) - _PLAIN_DIGITS
    return digits if more == 0 else chr(ord("a") + more - 1) + digits
