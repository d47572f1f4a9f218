from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from worker_tasks import process_id, treat

from alliance_nlp.core.types import Reason
from alliance_nlp.pipeline.workers import Broken, Workers


def _workers(*, jobs: int = 1, time_limit_s: float = 2.0) -> Workers:
    return Workers(jobs=jobs, time_limit_s=time_limit_s, memory_limit_bytes=500_000_000)


@pytest.mark.parametrize("jobs", [1, 2])
def test_results_come_in_the_order_of_the_batches(jobs: int) -> None:
    batches = [[f"{n}-{m}" for m in range(3)] for n in range(7)]
    with _workers(jobs=jobs, time_limit_s=30) as workers:
        done = list(workers.map(treat, batches))
    assert [items for items, _ in done] == batches
    assert [results for _, results in done] == batches


@pytest.mark.parametrize(
    ("poison", "reason", "said"),
    [
        ("sleep", Reason.TIME_LIMIT, "more than 2 s"),
        ("hold the interpreter", Reason.TIME_LIMIT, "more than 2 s"),
        ("swell", Reason.MEMORY_LIMIT, "more than 500 MB"),
        ("die", Reason.CRASHED, "code 7"),
        ("raise", Reason.CRASHED, "RuntimeError: no such thing"),
        ("refuse", Reason.CRASHED, "this page breaks the reader"),
    ],
)
def test_only_the_item_at_fault_is_lost(poison: str, reason: Reason, said: str) -> None:
    with _workers() as workers:
        done = dict(
            pair
            for items, results in workers.map(treat, [["a", poison, "b"], ["c"]])
            for pair in zip(items, results, strict=True)
        )
    broken = done.pop(poison)
    assert done == {"a": "A", "b": "B", "c": "C"}
    assert isinstance(broken, Broken)
    assert broken.reason is reason
    assert said in broken.detail


def test_no_process_is_started_when_there_is_nothing_to_do() -> None:
    with _workers() as workers:
        assert list(workers.map(treat, [])) == []
        assert workers._pool is None


def test_workers_are_gone_when_the_block_is_left_early() -> None:
    with pytest.raises(KeyboardInterrupt), _workers(time_limit_s=60) as workers:
        for _ in workers.map(treat, [["a"], ["sleep"]]):
            raise KeyboardInterrupt
    assert not any(process.is_alive() for process in _children())


def _children() -> list[object]:
    import multiprocessing

    return list(multiprocessing.active_children())


def test_worker_whose_parent_was_killed_ends_by_itself() -> None:
    script = (
        "import sys; sys.path.insert(0, sys.argv[1])\n"
        "from worker_tasks import treat, process_id\n"
        "from alliance_nlp.pipeline.workers import Workers\n"
        "if __name__ == '__main__':\n"
        "    with Workers(jobs=1, time_limit_s=0.7, memory_limit_bytes=10**9) as workers:\n"
        "        for _, [pid] in workers.map(process_id, [[1]]):\n"
        "            print(pid, flush=True)\n"
        "        list(workers.map(treat, [['hold the interpreter']]))\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", script, str(Path(__file__).parent)], stdout=subprocess.PIPE
    ) as parent:
        assert parent.stdout is not None
        worker = int(parent.stdout.readline())
        time.sleep(0.3)
        parent.send_signal(signal.SIGKILL)
        parent.wait()
        deadline = time.monotonic() + 15
        while _is_alive(worker) and time.monotonic() < deadline:
            time.sleep(0.1)
    assert not _is_alive(worker)


def _is_alive(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "State:\tZ" not in Path(f"/proc/{pid}/status").read_text()


def test_work_is_not_done_in_this_process() -> None:
    with _workers(time_limit_s=30) as workers:
        [(_, [worker])] = list(workers.map(process_id, [[1]]))
    assert worker != os.getpid()


def test_batches_hold_all_items_in_order() -> None:
    for jobs, n in ((1, 0), (1, 45), (2, 45), (4, 3), (3, 400)):
        batches = list(_workers(jobs=jobs).batches(range(n), size=20))
        assert [item for batch in batches for item in batch] == list(range(n))
        assert all(1 <= len(batch) <= 20 for batch in batches)


def test_last_batches_are_small_when_several_work() -> None:
    sizes = [len(batch) for batch in _workers(jobs=2).batches(range(400), size=20)]
    assert sizes[0] == 20
    assert max(sizes[-2:]) <= 4


def test_batches_of_one_job_are_full() -> None:
    sizes = [len(batch) for batch in _workers(jobs=1).batches(range(50), size=20)]
    assert sizes == [20, 20, 10]


def _noting(notes: list[str], *, jobs: int = 1) -> Workers:
    return Workers(
        jobs=jobs,
        time_limit_s=30,
        memory_limit_bytes=500_000_000,
        meanwhile=lambda: notes.append("meanwhile"),
    )


def test_the_wait_for_the_first_batch_is_used_once() -> None:
    notes: list[str] = []
    with _noting(notes) as workers:
        for items, _ in workers.map(treat, [["a"], ["b"], ["c"]]):
            notes.extend(items)
        list(workers.map(treat, [["d"]]))
    assert notes == ["meanwhile", "a", "b", "c"]


def test_nothing_is_done_meanwhile_when_there_is_nothing_to_wait_for() -> None:
    notes: list[str] = []
    with _noting(notes) as workers:
        assert list(workers.map(treat, [])) == []
    assert notes == []
