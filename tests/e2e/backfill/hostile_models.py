"""A prefilter that does what a broken library does, to texts that ask for it."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence


class HostilePrefilter:
    """Let all texts pass; a text with one of these words hangs, swells, raises or ends it all."""

    def predict(self, texts: Sequence[str]) -> list[int]:
        for text in texts:
            if "hangs-here" in text:
                time.sleep(3600)
            if "swells-here" in text:
                self.swollen = [bytearray(50_000_000) for _ in range(1000)]
            if "raises-here" in text:
                raise RuntimeError("no such thing")
            if "ends-here" in text:
                os._exit(7)
        return [1] * len(texts)
