"""The pipeline: the only place where values travel between stages and into the store."""

from __future__ import annotations

from alliance_nlp.pipeline.progress import ProgressCallback, Watch

__all__ = ["ProgressCallback", "Watch"]
