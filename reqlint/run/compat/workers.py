"""The hits of all columns against a list of tools; for long lists in several processes, by some of the columns each."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace

from reqlint.checks.json_schema import walked_once
from reqlint.core.errors import WorkerLost
from reqlint.core.findings import Hit
from reqlint.dialects.registry import ToolList
from reqlint.judge.offered import judge_portion, judge_whole, portions
from reqlint.run.compat.columns import Column
from reqlint.run.compat.sending import as_sent
from reqlint.run.parallel import cpu_count, has_one_thread

WORTH = 4_000  #: tools times columns from which starting workers pays off

_work: tuple[ToolList, Sequence[Column]] | None = None  # inherited by forked workers, so that nothing is sent to them


def hits_of_columns(
    listed: ToolList, columns: Sequence[Column], jobs: int | None = None, worth: int = WORTH
) -> Mapping[str, list[Hit]]:
    """
    Return the hits against tools by column.

    Raises:
        WorkerLost: a worker was killed.
    """
    jobs = min(jobs or cpu_count(), len(columns))
    if jobs < 2 or len(listed.tools) * len(columns) < worth or sys.platform != "linux" or not has_one_thread():
        return judge_columns(listed, columns)
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor
    from concurrent.futures.process import BrokenProcessPool

    from reqlint.run.worker import start_worker

    global _work
    _work = (listed, columns)
    try:
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(jobs, context, initializer=start_worker, initargs=(0,)) as pool:
            shares = [range(number, len(columns), jobs) for number in range(jobs)]
            found = {name: hits for share in pool.map(_judge_share, shares) for name, hits in share.items()}
    except BrokenProcessPool:
        raise WorkerLost from None
    finally:
        _work = None
    return {column.name: found[column.name] for column in columns}


def _judge_share(numbers: Sequence[int]) -> Mapping[str, list[Hit]]:
    assert _work is not None  # set before the fork
    listed, columns = _work
    return judge_columns(listed, [columns[number] for number in numbers])


def judge_columns(listed: ToolList, columns: Sequence[Column]) -> Mapping[str, list[Hit]]:
    """Return the hits against tools by column, found in this process."""
    hits: dict[str, list[Hit]] = {column.name: [] for column in columns}
    # Tools on the outside and columns inside, because checks remember what they made out of the last schemas.
    for some in portions(listed):
        with walked_once():
            for column in columns:
                sent = [*as_sent(some, column.dialect)]
                hits[column.name] += judge_portion(column.judge, listed, sent, column.way)
    for column in columns:
        sent_all = replace(listed, tools=tuple(as_sent(listed.tools, column.dialect)))
        hits[column.name] += judge_whole(column.judge, sent_all, column.way, hits[column.name])
    return hits
