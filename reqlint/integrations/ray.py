"""Check a data lake on a Ray cluster: JSON Lines, Parquet and Ray datasets, judged where Ray has room."""

import pickle
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from os import PathLike, fspath
from pathlib import Path
from typing import TYPE_CHECKING, Any

try:
    import ray
    import ray.data
    import ray.exceptions
except ImportError as missing:
    raise ImportError("reqlint.integrations.ray needs Ray Data: pip install 'llm-reqlint[ray]'") from missing

from reqlint.containers.envelope import Kind
from reqlint.core.errors import ReqlintError
from reqlint.core.findings import Severity
from reqlint.integrations._lakes import work
from reqlint.integrations._lakes.paths import LakeInput, find_lake_inputs
from reqlint.integrations._lakes.rows import SCHEMA
from reqlint.integrations._lakes.summary import Duplicate, SeenIds, Summary
from reqlint.integrations._lakes.tables import Wanted
from reqlint.integrations._lakes.work import How
from reqlint.knowledge.profile_choice import AUTO
from reqlint.run.linter import Linter

if TYPE_CHECKING:
    from ray.data import Dataset

__all__ = ["Duplicate", "JobFailed", "Result", "SeenIds", "Summary", "check"]

_STRETCH = 1 << 24  # bytes of a file that are judged in one go
_TASK = 1 << 25  # bytes of small files in one task, at most
_TASK_FILES = 1000
_LEAST = 1 << 20  # bytes that are worth a task
_TASKS_A_CORE = 4  # as some are done sooner than others
_SUMMARIES = 64  # are added up in one task
_IDS = 2_000_000  # are compared in one task


class JobFailed(ReqlintError, RuntimeError):
    """A part of the work failed for good; nothing is known of what it was to judge, so there is no result."""


@dataclass(frozen=True, slots=True)
class Result:
    """What a lake came to. The rows are on the cluster, the summary is here."""

    findings: "Dataset"  #: a row for each finding, keyed like the JSON output; then the columns asked for as *keys*
    duplicates: "Dataset"  #: ``custom_id``, ``file`` and ``document`` of each that was met more than once
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
    Judge every request of a lake on the cluster that this process is connected to, and wait for the end.

    Texts are judged as `reqlint check` judges them. Of tables each row of *column* is a text of its own: JSON as string
    or bytes, or a struct, whose nulls are left out. Ray starts a worker that was killed again, with the same result.

    Args:
        lake: paths of files and folders, patterns or URIs; or a dataset with a row for each request.
        profile: a profile's name; ``auto`` goes by the host, then by the model.
        column: of tables and datasets: where the request is; None if each row is one.
        custom_id: of tables and datasets: the column of ids, if there is one.
        keys: of tables and datasets: columns that each finding takes along, to be joined back.
        kind: what each document is; by default told by each document.
        extract: pointers to the requests of a document, as in the configuration.
        filesystem: of pyarrow, on which the paths are; by default this machine's, or what a URI says.
        select: as `reqlint.Linter`, and so are the next.
        ignore: rule ids or group names that are off.
        severity: what a rule's findings are instead.
        rules: folders of own rules, which must be where the workers are, too.
        profiles: folders of own profiles, as before.
        engine: ``"reference"`` for `jsonschema` instead of `jsonschema-rs`.
        show_values: let messages show payload values.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        BadData: an own rule or profile is not what it should be.
        ValueError: there is no such column, or a key would stand twice in the rows of findings.
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
        rules=[Path(each).absolute() for each in rules],
        profiles=[Path(each).absolute() for each in profiles],
        engine=engine,
        show_values=show_values,
    )
    wanted = Wanted(column, custom_id, tuple(keys), Kind(kind) if kind else None, tuple(extract))
    if not ray.is_initialized():
        ray.init()
    cores = max(1, int(ray.cluster_resources().get("CPU", 1)))
    how = How(pickle.dumps(linter), wanted, _STRETCH, 2 * cores)
    try:
        if isinstance(lake, ray.data.Dataset):
            return _result(list(_of_dataset(how, lake)))
        paths = [lake] if isinstance(lake, str | PathLike) else lake
        return _result(list(_of_paths(how, [fspath(path) for path in paths], filesystem, cores)))
    except ray.exceptions.RayError as failed:
        raise _said(failed) from failed


_Parts = tuple[Any, Any, Any]
"""References to findings, to what is known of them, and to ids."""


def _task(done: Any, *handed: object, returns: int = 1) -> Any:
    """Have some work done somewhere."""
    return ray.remote(done).options(num_returns=returns, name=f"reqlint {done.__name__}").remote(*handed)


def _of_paths(how: How, paths: Sequence[str], filesystem: Any, cores: int) -> Iterator[_Parts]:
    """Hand out the files that paths stand for."""
    inputs = list(find_lake_inputs(paths, filesystem))
    share = min(_TASK, max(_LEAST, sum(each.stored for each in inputs) // (_TASKS_A_CORE * cores)))
    large = [each for each in inputs if each.is_table and each.stored > _TASK]
    parts_of = dict(zip(map(id, large), ray.get([_task(work.row_groups, each, _TASK) for each in large]), strict=True))
    group: list[LakeInput] = []
    size = 0
    for each in inputs:
        alone = each.stored > (_TASK if each.is_table or each.source.compression else 2 * _STRETCH)
        if group and (alone or len(group) >= _TASK_FILES or size >= share):
            yield _task(work.files, how, group, returns=3)
            group, size = [], 0
        if id(each) in parts_of:
            for numbers, first in parts_of[id(each)]:
                yield _task(work.table, how, each, numbers, first, returns=3)
        elif alone:
            yield _task(work.long_text, how, each, returns=3)
        else:
            group.append(each)
            size += each.stored
    if group:
        yield _task(work.files, how, group, returns=3)


def _of_dataset(how: How, dataset: "Dataset") -> Iterator[_Parts]:
    """Hand out the blocks of a dataset."""
    wanted = how.wanted
    names = dataset.columns() or []
    missing = [name for name in (wanted.column, *wanted.keys) if name is not None and name not in names]
    if missing and names:
        raise ValueError(f"the dataset {work.no_column(missing[0], names)}")
    if "path" in names and wanted.column != "path":
        wanted = wanted._replace(file="path")
    needed = wanted.among(names)
    blocks = _in_order(dataset.select_columns(needed) if needed != names else dataset)
    how = how._replace(wanted=wanted)
    name = getattr(dataset, "name", None) or "dataset"
    before: dict[str, int] = {}
    counted = ray.get([_task(work.counted, how, name, block) for block in blocks])
    for block, counts in zip(blocks, counted, strict=True):
        yield _task(work.block, how, name, block, {file: before.get(file, 0) for file in counts}, returns=3)
        for file, count in counts.items():
            before[file] = before.get(file, 0) + count


def _in_order(dataset: "Dataset") -> list[Any]:
    """Give the blocks of a dataset, in the order of its rows, which Ray keeps to when it is asked to."""
    options = dataset.context.execution_options
    before, options.preserve_order = options.preserve_order, True
    try:
        blocks: list[Any] = dataset.to_arrow_refs()
    finally:
        options.preserve_order = before
    return blocks


def _result(parts: Sequence[_Parts]) -> Result:
    """Wait for the parts, and put together what they came to."""
    if not parts:
        nothing, none = SCHEMA.empty_table(), work.REPEATED.empty_table()
        return Result(ray.data.from_arrow(nothing), ray.data.from_arrow(none), Summary())
    known = [part for _, part, _ in parts]
    while len(known) > 1:
        known = [_task(work.added_up, *some) for some in _groups(known, _SUMMARIES)]
    summary, count, keys = ray.get(known[0])
    if not summary.requests and not summary.findings:
        for file, why in summary.skipped:
            if why.startswith(work.NO_COLUMN):  # it is more likely that the name is wrong than that nothing was to do
                raise ValueError(f"{file} {why}")
    repeated = _repeated([ids for _, _, ids in parts], count)
    told = ray.get([few for _, few in repeated])
    first = sorted((each for _, some in told for each in some), key=_order)
    summary = summary.with_duplicates(sum(number for number, _ in told), first[: work.DUPLICATES])
    rows = [findings for findings, _, _ in parts]
    if any(len(kinds) > 1 for kinds in keys.values()):
        rows = [_task(work.in_types, findings, keys) for findings in rows]
    return Result(ray.data.from_arrow_refs(rows), ray.data.from_arrow_refs([table for table, _ in repeated]), summary)


def _order(duplicate: Duplicate) -> bytes:
    return duplicate.custom_id.encode("utf-8", "surrogatepass")


def _repeated(ids: Sequence[Any], count: int) -> list[tuple[Any, Any]]:
    """Have ids compared by several tasks, each of which has all those that may be equal."""
    parts = 1 + count // _IDS
    shared = [
        _task(work.shared_out, parts, *some, returns=parts) for some in _groups(ids, max(1, -(-len(ids) // parts)))
    ]
    if parts == 1:
        return [tuple(_task(work.repeated, *shared, returns=2))]
    return [tuple(_task(work.repeated, *(each[part] for each in shared), returns=2)) for part in range(parts)]


def _groups(some: Sequence[Any], size: int) -> list[Sequence[Any]]:
    return [some[at : at + size] for at in range(0, len(some), size)]


def _said(failed: BaseException) -> BaseException:
    """Say what kept a part of the work from being done."""
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
