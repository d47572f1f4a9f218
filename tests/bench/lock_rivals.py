"""Keep of a lock, read from standard input, what another lock does not pin already.

python tests/bench/lock_rivals.py requirements.lock < whole.lock > tests/bench/rivals.lock
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

# A pin and the hashes that belong to it, which stand indented below.
PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)==.*(?:\n[ \t].*)*", re.MULTILINE)


def main(other: str) -> None:
    pinned = {pin["name"] for pin in PIN.finditer(Path(other).read_text(encoding="utf-8"))}
    found = PIN.finditer(sys.stdin.read())
    sys.stdout.writelines(f"{pin[0]}\n" for pin in found if pin["name"] not in pinned)


if __name__ == "__main__":
    main(sys.argv[1])
