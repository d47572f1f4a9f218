"""A backfill in a process of its own, for tests that kill it: archive, output and its models.

It prints the most memory that one of its processes held, in kilobytes.
"""

from __future__ import annotations

import resource
import sys
from dataclasses import replace
from pathlib import Path

from alliance_nlp.pipeline.backfilling.children import close_children
from tests.e2e.backfill.backfills import make_plan, run

if __name__ == "__main__":
    archive, output, model_id, prefilter_id, task_bytes, time_limit_s = sys.argv[1:]
    plan = make_plan(Path(output), (Path(output) / "models", model_id, prefilter_id))
    run(replace(plan, time_limit_s=float(time_limit_s)), Path(archive), task_bytes=int(task_bytes))
    close_children()
    who = (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    sys.stdout.write(f"{max(resource.getrusage(one).ru_maxrss for one in who)}\n")
