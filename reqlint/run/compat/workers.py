"""The hits of all columns against a list of tools; for long lists in several processes, by some of the columns each."""

import sys
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from reqlint.checks.json_schema import walked_once
from reqlint.core.errors import WorkerLost
from reqlint.core.findings import Hit
from reqlint.core.records import replace
from reqlint.dialects.registry import ToolList
from reqlint.judge.offered import judge_portion, judge_whole, portions
from reqlint.run.compat.columns import Column
from reqlint.run.compat.sending import as_sent
from reqlint.run.parallel import cpu_count, has_one_thread

WORTH = 4_000  #: tools times columns from which starting workers pays off

Told = Callable[[int], object]
"""Called with how many tools were judged by a column."""

_LOOK_SECONDS = 0.25  # between two looks at how far the workers are


class _Work(NamedTuple):
    """What forked workers inherit, so that nothing is sent to them."""

    listed: ToolList
    columns: Sequence[Column]
    judged: "Sequence[int]"  #: the number that each share has told, which all processes see


_work: _Work | None = None


def hits_of_columns(
    listed: ToolList,
    columns: Sequence[Column],
    jobs: int | None = None,
    worth: int = WORTH,
    told: Told = lambda _: None,
) -> Mapping[str, list[Hit]]:
    """
    Return the hits against tools by column; *told* hears again and again how much more was judged.

    Raises:
        WorkerLost: a worker was killed.
    """
    jobs = min(jobs or cpu_count(), len(columns))
    if jobs < 2 or len(listed.tools) * len(columns) < worth or sys.platform != "linux" or not has_one_thread():
        return judge_columns(listed, columns, told)
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor, wait
    from concurrent.futures.process import BrokenProcessPool
    from multiprocessing.sharedctypes import RawArray

    from reqlint.run.worker import start_worker

    global _work
    _work = _Work(listed, columns, RawArray("q", jobs))
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(jobs, context, initializer=start_worker, initargs=(0,)) as pool:
            shares = [pool.submit(_judge_share, share, jobs) for share in range(jobs)]
            before = 0
            while wait(shares, timeout=_LOOK_SECONDS).not_done:
                now = sum(_work.judged)
                told(now - before)
                before = now
            found = {name: hits for share in shares for name, hits in share.result().items()}
            told(sum(_work.judged) - before)
    except BrokenProcessPool:
        raise WorkerLost from None
    finally:
        _work = None
    return {column.name: found[column.name] for column in columns}


def _judge_share(share: int, shares: int) -> Mapping[str, list[Hit]]:
    assert _work is not None  # set before the fork
    judged: Any = _work.judged

    def tell(count: int) -> None:
        judged[share] += count  # no other process writes here

    return judge_columns(_work.listed, _work.columns[share::shares], tell)


def judge_columns(listed: ToolList, columns: Sequence[Column], told: Told = lambda _: None) -> Mapping[str, list[Hit]]:
    """Return the hits against tools by column, found in this process."""
    hits: dict[str, list[Hit]] = {column.name: [] for column in columns}
    # Tools on the outside and columns inside, because checks remember what they made out of the last schemas.
    for some in portions(listed):
        with walked_once():
            for column in columns:
                sent = [*as_sent(some, column.dialect)]
                hits[column.name] += judge_portion(column.judge, listed, sent, column.way)
                told(len(some))
    for column in columns:
        sent_all = replace(listed, tools=tuple(as_sent(listed.tools, column.dialect)))
        hits[column.name] += judge_whole(column.judge, sent_all, column.way, hits[column.name])
    return hits
