"""Write the background of folding: in how many labelled items each term stands.

.venv/bin/python docs/make_background.py [--check]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from alliance_nlp.learn import read_items
from alliance_nlp.vectors import count_background, event_terms, write_background

ROOT = Path(__file__).parent.parent
TABLE = ROOT / "src" / "alliance_nlp" / "vectors" / "background.tsv"


def main() -> int:
    """Write the table, or tell whether it is up to date."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="Write nothing; 1 if it is stale.")
    is_check = parser.parse_args().check
    items = read_items([ROOT / "data" / "labeled"])
    table = write_background(
        count_background([f"{item.title}\n{item.text}" for item in items], event_terms())
    )
    if is_check:
        return int(not TABLE.exists() or TABLE.read_text(encoding="utf-8") != table)
    TABLE.write_text(table, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
