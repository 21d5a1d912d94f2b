"""Check a data lake on a Ray cluster: JSONL and Parquet files, and Ray datasets."""

import pickle
from collections.abc import Collection, Iterator, Mapping, Sequence
from os import PathLike, fspath
from typing import TYPE_CHECKING, Any

from reqlint.core.records import dataclass

try:
    import ray
    import ray.data
    import ray.exceptions
except ImportError as missing:
    raise ImportError(
        "reqlint.integrations.ray needs Ray Data; install reqlint with its extra: pip install '.[ray]' in the checkout"
    ) from missing

from reqlint.containers.envelope import Kind
from reqlint.core.errors import ReqlintError
from reqlint.core.findings import Severity
from reqlint.core.paths import rooted
from reqlint.integrations._lakes import work
from reqlint.integrations._lakes.paths import LakeInput, find_lake_inputs
from reqlint.integrations._lakes.rows import SCHEMA
from reqlint.integrations._lakes.summary import Duplicate, IdPlace, Summary
from reqlint.integrations._lakes.tables import Columns
from reqlint.integrations._lakes.work import Plan
from reqlint.knowledge.profile_choice import AUTO
from reqlint.run.linter import Linter

if TYPE_CHECKING:
    from ray.data import Dataset

__all__ = ["Duplicate", "IdPlace", "JobFailed", "Result", "Summary", "check"]

_CHUNK = 1 << 24  # bytes of a file that are judged in one go
_TASK = 1 << 25  # bytes of small files in one task, at most
_TASK_FILES = 1000
_SMALLEST_TASK = 1 << 20  # bytes that are worth a task
_TASKS_PER_CPU = 4  # some are done sooner than others
_SUMMARIES = 64  # added up in one task
_IDS = 2_000_000  # compared in one task


class JobFailed(ReqlintError, RuntimeError):
    """A part of the work failed for good. Nothing is known of the requests in it, so there is no result."""


@dataclass(frozen=True, slots=True)
class Result:
    """The result of a check. The rows are on the cluster, the summary is in this process."""

    findings: "Dataset"  #: a row for each finding, with the keys of the JSON output, then the columns named by *keys*
    duplicates: "Dataset"  #: ``custom_id``, ``file`` and ``document`` of each id that occurs more than once
    summary: Summary

    def __str__(self) -> str:
        return str(self.summary)


def check(
    lake: "Dataset | str | PathLike[str] | Sequence[str | PathLike[str]]",
    profile: str = AUTO,
    *,
    column: str | None = "request",
    custom_id: str = "custom_id",
    keys: Collection[str] = (),
    kind: Kind | str | None = None,
    extract: Sequence[str] = (),
    filesystem: Any = None,
    select: Collection[str] = (),
    ignore: Collection[str] = (),
    severity: Mapping[str, Severity | str] | None = None,
    rules: Collection[str | PathLike[str]] = (),
    profiles: Collection[str | PathLike[str]] = (),
    engine: str | None = None,
    show_values: bool = False,
) -> Result:
    """
    Judge every request of a lake on the cluster that this process is connected to; return when all is done.

    Text files are judged as by `reqlint check`. In tables each row of *column* is a text of its own: JSON as string or
    bytes, or a struct, whose nulls are left out. Ray restarts a worker that was killed, with the same result.

    Args:
        lake: paths of files and folders, patterns or URIs; or a dataset with a row for each request.
        profile: a profile's name; ``auto`` decides by the host, then by the model.
        column: of tables and datasets: the column of requests; None if each row is one.
        custom_id: of tables and datasets: the column of ids, if there is one.
        keys: of tables and datasets: columns that are copied to each finding, to join findings with rows.
        kind: what each document is; by default decided by each document.
        extract: pointers to the requests of a document, as in the configuration.
        filesystem: of pyarrow, for the paths; by default the local one, or that of a URI.
        select: as `reqlint.Linter`, and so are the next.
        ignore: rule ids or group names that are off.
        severity: what a rule's findings are instead.
        rules: folders of the project's rules, which the workers must be able to read.
        profiles: folders of the project's profiles; likewise.
        engine: ``"reference"`` for `jsonschema` instead of `jsonschema-rs`.
        show_values: let messages show payload values.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        BadData: a rule or profile of the project is not what it should be.
        ValueError: there is no such column, or a key is already a column of findings.
        CheckFailed: a check raised, which is a bug.
        JobFailed: a part of the work failed for good.
    """
    for key in keys:
        if key in SCHEMA.names:
            raise ValueError(f'"{key}" is a column of findings already; give that column of the lake another name')
    linter = Linter(
        profile,
        select=select,
        ignore=ignore,
        severity=severity,
        rules=[rooted(each) for each in rules],
        profiles=[rooted(each) for each in profiles],
        engine=engine,
        show_values=show_values,
    )
    columns = Columns(column, custom_id, tuple(keys), Kind(kind) if kind else None, tuple(extract))
    if not ray.is_initialized():
        ray.init()
    cpus = max(1, int(ray.cluster_resources().get("CPU", 1)))
    plan = Plan(pickle.dumps(linter), columns, _CHUNK, 2 * cpus)
    try:
        if isinstance(lake, ray.data.Dataset):
            return _result(list(_of_dataset(plan, lake)))
        paths = [lake] if isinstance(lake, str | PathLike) else lake
        return _result(list(_of_paths(plan, [fspath(path) for path in paths], filesystem, cpus)))
    except ray.exceptions.RayError as failed:
        raise _cause_of(failed) from failed


_Parts = tuple[Any, Any, Any]
"""References to the findings, summary and ids of a part."""


def _task(work: Any, *arguments: object, returns: int = 1) -> Any:
    """Start a task on the cluster."""
    return ray.remote(work).options(num_returns=returns, name=f"reqlint {work.__name__}").remote(*arguments)


def _of_paths(plan: Plan, paths: Sequence[str], filesystem: Any, cpus: int) -> Iterator[_Parts]:
    """Start tasks for the files that *paths* stand for."""
    inputs = list(find_lake_inputs(paths, filesystem))
    share = min(_TASK, max(_SMALLEST_TASK, sum(each.stored for each in inputs) // (_TASKS_PER_CPU * cpus)))
    large = [each for each in inputs if each.is_table and each.stored > _TASK]
    parts_of = dict(zip(map(id, large), ray.get([_task(work.row_groups, each, _TASK) for each in large]), strict=True))
    group: list[LakeInput] = []
    size = 0
    for each in inputs:
        alone = each.stored > (_TASK if each.is_table or each.source.compression else 2 * _CHUNK)
        if group and (alone or len(group) >= _TASK_FILES or size >= share):
            yield _task(work.judge_files, plan, group, returns=3)
            group, size = [], 0
        if id(each) in parts_of:
            for numbers, first in parts_of[id(each)]:
                yield _task(work.judge_table, plan, each, numbers, first, returns=3)
        elif alone:
            yield _task(work.judge_long_text, plan, each, returns=3)
        else:
            group.append(each)
            size += each.stored
    if group:
        yield _task(work.judge_files, plan, group, returns=3)


def _of_dataset(plan: Plan, dataset: "Dataset") -> Iterator[_Parts]:
    """Start tasks for the blocks of a dataset."""
    columns = plan.columns
    names = dataset.columns() or []
    missing = [name for name in (columns.column, *columns.keys) if name is not None and name not in names]
    if missing and names:
        raise ValueError(f"the dataset {work.missing_column(missing[0], names)}")
    if "path" in names and columns.column != "path":
        columns = columns._replace(file="path")
    needed = columns.needed(names)
    blocks = _in_order(dataset.select_columns(needed) if needed != names else dataset)
    plan = plan._replace(columns=columns)
    name = getattr(dataset, "name", None) or "dataset"
    before: dict[str, int] = {}
    counted = ray.get([_task(work.count_rows, plan, name, block) for block in blocks])
    for block, counts in zip(blocks, counted, strict=True):
        yield _task(work.judge_block, plan, name, block, {file: before.get(file, 0) for file in counts}, returns=3)
        for file, count in counts.items():
            before[file] = before.get(file, 0) + count


def _in_order(dataset: "Dataset") -> list[Any]:
    """Return the blocks of a dataset in the order of its rows, which Ray keeps only when asked to."""
    options = dataset.context.execution_options
    before, options.preserve_order = options.preserve_order, True
    try:
        blocks: list[Any] = dataset.to_arrow_refs()
    finally:
        options.preserve_order = before
    return blocks


def _result(parts: Sequence[_Parts]) -> Result:
    """Wait for the parts, and merge their results."""
    if not parts:
        findings, duplicates = SCHEMA.empty_table(), work.REPEATED_SCHEMA.empty_table()
        return Result(ray.data.from_arrow(findings), ray.data.from_arrow(duplicates), Summary())
    sums = [part for _, part, _ in parts]
    while len(sums) > 1:
        sums = [_task(work.sum_parts, *group) for group in _groups(sums, _SUMMARIES)]
    summary, count, keys = ray.get(sums[0])
    if not summary.requests and not summary.findings:
        for file, why in summary.skipped:
            if why.startswith(work.MISSING_COLUMN):  # more likely a wrong name than an empty lake
                raise ValueError(f"{file} {why}")
    repeated = _repeated([ids for _, _, ids in parts], count)
    counts = ray.get([first for _, first in repeated])
    first = sorted((duplicate for _, group in counts for duplicate in group), key=_order)
    summary = summary.with_duplicates(sum(number for number, _ in counts), first[: work.DUPLICATES])
    rows = [findings for findings, _, _ in parts]
    if any(len(kinds) > 1 for kinds in keys.values()):
        rows = [_task(work.cast_keys, findings, keys) for findings in rows]
    return Result(ray.data.from_arrow_refs(rows), ray.data.from_arrow_refs([table for table, _ in repeated]), summary)


def _order(duplicate: Duplicate) -> bytes:
    return duplicate.custom_id.encode("utf-8", "surrogatepass")


def _repeated(ids: Sequence[Any], count: int) -> list[tuple[Any, Any]]:
    """Start tasks that compare ids; equal ids are in the same task."""
    parts = 1 + count // _IDS
    shared = [
        _task(work.partition_ids, parts, *some, returns=parts) for some in _groups(ids, max(1, -(-len(ids) // parts)))
    ]
    if parts == 1:
        return [tuple(_task(work.find_repeated, *shared, returns=2))]
    return [tuple(_task(work.find_repeated, *(each[part] for each in shared), returns=2)) for part in range(parts)]


def _groups(items: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [items[at : at + size] for at in range(0, len(items), size)]


def _cause_of(failed: BaseException) -> BaseException:
    """Return the exception to raise for a part of the work that failed."""
    cause: BaseException = failed
    while isinstance(cause, ray.exceptions.RayTaskError) and isinstance(cause.cause, BaseException):
        cause = cause.cause
    if isinstance(cause, ReqlintError):
        return cause  # a bug of ours, with the rule and the file
    why = str(cause).strip().splitlines()
    return JobFailed(
        f"a task on the cluster failed for good, and nothing is known of what it was to judge: "
        f"{type(cause).__name__}{': ' + why[0] if why else ''}"
    )
