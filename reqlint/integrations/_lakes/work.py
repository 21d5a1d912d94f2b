"""What runs on the workers of a Ray cluster for `reqlint.integrations.ray`; large results stay on the cluster."""

import pickle
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache, reduce
from itertools import repeat
from operator import add
from typing import Any, Final, NamedTuple
from zlib import crc32

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import ray

from reqlint.checks.files import EarlierLines
from reqlint.core.findings import Report
from reqlint.integrations._lakes.paths import LakeInput
from reqlint.integrations._lakes.rows import IDS, arrow_text, cast_columns, common_type, findings_table, ids_table
from reqlint.integrations._lakes.summary import Duplicate, IdPlace, Summary, summarize
from reqlint.integrations._lakes.tables import Columns, RowJudge
from reqlint.integrations._lakes.texts import ChunkResult, DocumentNotes, judge_noted_chunk, judge_text
from reqlint.run.chunked import FirstLine
from reqlint.run.linter import Linter
from reqlint.run.scope import Scope
from reqlint.run.task import Task
from reqlint.text.chunks import Chunk

REPEATED_SCHEMA: Final = pa.schema([("custom_id", pa.string()), *(IDS.field(name) for name in ("file", "document"))])
"""Columns of the table of duplicates."""

_BATCH = 512  # rows that are read at a time
_MOST_PLACES = 100  # of an id that a summary names
MISSING_COLUMN: Final = "has no column"
"""How the reason starts why a table without the column of requests was skipped."""
DUPLICATES: Final = 1000
"""Ids that a summary names at most."""


class WorkPart(NamedTuple):
    """The result of a part of the work without its findings and ids; small enough for the driver."""

    summary: Summary
    ids: int  #: number of ids
    keys: dict[str, set[pa.DataType]]  #: types of the further columns of its findings


PartResult = tuple[pa.Table, WorkPart, pa.Table]
"""Findings, summary and ids of a part of the work."""


class Plan(NamedTuple):
    """How to judge; pickled for the workers."""

    linter: bytes  #: pickled
    columns: Columns
    chunk_bytes: int  #: size of a chunk
    ahead: int  #: how many chunks of a file may be under way

    def task(self, given: LakeInput) -> Task:
        """Return how a text file is judged."""
        scope = Scope.NAMED if given.named else Scope.FOUND
        return Task(unpickle_linter(self.linter), given.source, self.columns.kind, scope, self.columns.extract)


@lru_cache(maxsize=8)
def unpickle_linter(pickled: bytes) -> Linter:
    """Return a linter that was pickled by the driver, read once in a process."""
    linter: Linter = pickle.loads(pickled)  # noqa: S301 - written by the driver
    return linter


# ---------------------------------------------------------------------------------------------------------------- texts


def judge_files(plan: Plan, inputs: Sequence[LakeInput]) -> PartResult:
    """Judge some files, one after the other."""
    return _joined([judge_table(plan, each) if each.is_table else _judge_text(plan, each) for each in inputs])


def _judge_text(plan: Plan, each: LakeInput) -> PartResult:
    return _text_result(plan, *judge_text(plan.task(each), plan.chunk_bytes), each.source.name)


def judge_long_text(plan: Plan, each: LakeInput) -> PartResult:
    """Judge a long file, its chunks on any worker that is free."""
    remote_chunk = ray.remote(_judge_chunk)

    def submit(chunk: Chunk, first: FirstLine, earlier: EarlierLines | None) -> Callable[[], ChunkResult]:
        reference = remote_chunk.options(name="reqlint chunk").remote(plan, each, chunk, first, earlier)

        def wait() -> ChunkResult:
            result: ChunkResult = ray.get(reference)
            return result

        return wait

    if each.source.compression:  # reading it cannot start in the middle
        return _judge_text(plan, each)
    return _text_result(plan, *judge_text(plan.task(each), plan.chunk_bytes, submit, plan.ahead), each.source.name)


def _judge_chunk(
    plan: Plan, each: LakeInput, chunk: Chunk, first: FirstLine, earlier: EarlierLines | None
) -> ChunkResult:
    task = plan.task(each)
    task.linter.compile_now()
    return judge_noted_chunk(task, chunk, first, earlier)


def _text_result(plan: Plan, report: Report, notes: DocumentNotes, name: str) -> PartResult:
    ids = [(custom_id, name, document) for custom_id, document in notes.ids.items()]
    keys = {key: pa.nulls(len(report)) for key in plan.columns.keys}
    return _result(findings_table(report, keys), summarize(report, notes.unreadable), ids_table(ids), plan.columns)


# --------------------------------------------------------------------------------------------------------------- tables


def row_groups(each: LakeInput, size: int) -> list[tuple[list[int] | None, int]]:
    """Split a table into row groups of at least *size* stored bytes, each with the number of its first row."""
    try:
        with each.stream() as stream:
            footer = pq.ParquetFile(stream).metadata
    except (OSError, pa.ArrowException):
        return [(None, 0)]  # reading it reports that
    cut: list[tuple[list[int] | None, int]] = []
    numbers: list[int] = []
    first = rows = stored = 0
    for number in range(footer.num_row_groups):
        group = footer.row_group(number)
        numbers.append(number)
        rows += group.num_rows
        stored += sum(group.column(at).total_compressed_size for at in range(group.num_columns))
        if stored >= size or number + 1 == footer.num_row_groups:
            cut.append((numbers, first))
            first, numbers, stored = rows, [], 0
    return cut or [(None, 0)]


def judge_table(plan: Plan, each: LakeInput, groups: list[int] | None = None, first: int = 0) -> PartResult:
    """Judge a table, or some of its row groups whose first row has the number *first*."""
    linter, columns, name = unpickle_linter(plan.linter), plan.columns, each.source.name
    rows = RowJudge(linter, columns)
    try:
        with each.stream() as stream:
            file = pq.ParquetFile(stream)
            names = file.schema_arrow.names
            if columns.column is not None and columns.column not in names:
                return _empty_result(columns, ((name, missing_column(columns.column, names)),))
            if not file.metadata.num_rows:
                return _empty_result(columns, ((name, "holds no row"),))
            number = first
            for batch in file.iter_batches(_BATCH, groups, columns.needed(names)):
                rows.judge(pa.Table.from_batches([batch]), repeat(name, len(batch)), range(number, number + len(batch)))
                number += len(batch)
    except (OSError, pa.ArrowException) as failed:
        rows.fail(name, _reason(failed))
    return _result(*rows.result(int(not first)), columns)


def count_rows(plan: Plan, name: str, block: pa.Table) -> dict[str, int]:
    """Count the rows of a block of a dataset by the file they are from."""
    return Counter(_files(plan, name, block))


def judge_block(plan: Plan, name: str, block: pa.Table, before: Mapping[str, int]) -> PartResult:
    """Judge a block of a dataset; *before* has the number of rows of each of its files in earlier blocks."""
    files = _files(plan, name, block)
    seen = Counter(before)
    numbers = []
    for file in files:
        numbers.append(seen[file])
        seen[file] += 1
    rows = RowJudge(unpickle_linter(plan.linter), plan.columns)
    rows.judge(block, files, numbers)
    return _result(*rows.result(sum(not number for number in before.values())), plan.columns)


def _files(plan: Plan, name: str, block: pa.Table) -> list[str]:
    column = plan.columns.file
    return [str(file) for file in block.column(column).to_pylist()] if column else [name] * len(block)


def _empty_result(columns: Columns, skipped: tuple[tuple[str, str], ...]) -> PartResult:
    keys = {key: pa.nulls(0) for key in columns.keys}
    return _result(findings_table((), keys), Summary(skipped=skipped), ids_table(()), columns)


def _result(findings: pa.Table, summary: Summary, ids: pa.Table, columns: Columns) -> PartResult:
    return findings, WorkPart(summary, len(ids), {key: {findings.column(key).type} for key in columns.keys}), ids


def missing_column(column: str, names: Sequence[str]) -> str:
    """Return the reason why a table was skipped: a column is missing."""
    return f'{MISSING_COLUMN} "{column}"; there is {", ".join(names)}'


def _reason(failed: Exception) -> str:
    reason = getattr(failed, "strerror", None) or str(failed) or type(failed).__name__
    return str(reason).splitlines()[0].rstrip(".").lower()


# ---------------------------------------------------------------------------------------------------- putting together


def _joined(results: Sequence[PartResult]) -> PartResult:
    part = sum_parts(*(part for _, part, _ in results))
    findings = pa.concat_tables([cast_keys(findings, part.keys) for findings, _, _ in results])
    part = part._replace(keys={key: {findings.column(key).type} for key in part.keys})
    return findings, part, pa.concat_tables([ids for _, _, ids in results])


def cast_keys(findings: pa.Table, keys: Mapping[str, set[pa.DataType]]) -> pa.Table:
    """Return findings whose further columns have the one type that all of *keys* can take."""
    return cast_columns(findings, {key: common_type(kinds) for key, kinds in keys.items()})


def sum_parts(*parts: WorkPart) -> WorkPart:
    """Return the sum of parts that follow each other."""
    keys = {key: set().union(*(part.keys[key] for part in parts)) for key in parts[0].keys}
    return WorkPart(reduce(add, [part.summary for part in parts]), sum(part.ids for part in parts), keys)


def partition_ids(parts: int, *tables: pa.Table) -> Any:
    """Split ids into parts, so that equal ids are in the same part."""
    table = pa.concat_tables(tables)
    if parts == 1:
        return table
    places = pa.array([crc32(each.as_py()) % parts for each in table.column("custom_id")], pa.int64())
    return tuple(table.filter(pc.equal(places, part)) for part in range(parts))


def find_repeated(*tables: pa.Table) -> tuple[pa.Table, tuple[int, list[Duplicate]]]:
    """Return the ids that occur more than once with all their places, how many they are, and the first of them."""
    table = pa.concat_tables(tables).combine_chunks()
    times = table.group_by("custom_id").aggregate([("file", "count")])
    times = times.filter(pc.greater(times.column("file_count"), 1)).sort_by("custom_id")
    table = table.filter(pc.is_in(table.column("custom_id"), times.column("custom_id").combine_chunks()))
    table = table.sort_by([(name, "ascending") for name in IDS.names])
    duplicates: list[Duplicate] = []
    at = 0
    for each in times.slice(0, DUPLICATES).to_pylist():
        count = each["file_count"]
        places_of = table.slice(at, min(count, _MOST_PLACES)).to_pylist()
        places = tuple(IdPlace(one["file"], one["document"]) for one in places_of)
        duplicates.append(Duplicate(each["custom_id"].decode("utf-8", "surrogatepass"), count, places))
        at += count
    names = [arrow_text(each.decode("utf-8", "surrogatepass")) for each in table.column("custom_id").to_pylist()]
    columns = [pa.array(names, pa.string()), table.column("file"), table.column("document")]
    return pa.Table.from_arrays(columns, schema=REPEATED_SCHEMA), (len(times), duplicates)
