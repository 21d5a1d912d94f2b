"""The work that a cluster's workers do for `reqlint.integrations.ray`; whatever they give is small or stays there."""

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
from reqlint.integrations._lakes.rows import IDS, agreed, ids_of, table_of, text, with_keys
from reqlint.integrations._lakes.summary import Duplicate, SeenIds, Summary, summed
from reqlint.integrations._lakes.tables import Rows, Wanted
from reqlint.integrations._lakes.texts import Notes, Piece, piece, text_report
from reqlint.run.chunked import FirstLine, Task
from reqlint.run.linter import Linter, Scope
from reqlint.text.chunks import Chunk

REPEATED: Final = pa.schema([("custom_id", pa.string()), *(IDS.field(name) for name in ("file", "document"))])
"""The columns of duplicates."""

_BATCH = 512  # rows that are read at a time
_MOST_MET = 100  # places of an id that a summary names
NO_COLUMN: Final = "has no column"
"""What is said of a table without requests begins with it."""
DUPLICATES: Final = 1000
"""Ids that a summary names."""


class WorkPart(NamedTuple):
    """What is known of a part of the work, but for its findings and ids; small enough for whoever asked."""

    summary: Summary
    ids: int  #: how many there are
    keys: dict[str, set[pa.DataType]]  #: the types of the further columns of its findings


Came = tuple[pa.Table, WorkPart, pa.Table]
"""Findings, what is known of them, and ids."""


class How(NamedTuple):
    """How to judge, as it is handed to workers."""

    linter: bytes  #: pickled
    wanted: Wanted
    stretch: int  #: bytes of a stretch
    ahead: int  #: how many stretches of a file may be under way

    def task(self, each: LakeInput) -> Task:
        """Say how a text is judged."""
        scope = Scope.NAMED if each.named else Scope.FOUND
        return Task(linter_of(self.linter), each.source, self.wanted.kind, scope, self.wanted.extract)


@lru_cache(maxsize=8)
def linter_of(handed: bytes) -> Linter:
    """Give a linter that was handed over, once in a process."""
    linter: Linter = pickle.loads(handed)  # noqa: S301 - written by the process that asked for the work
    return linter


# ---------------------------------------------------------------------------------------------------------------- texts


def files(how: How, inputs: Sequence[LakeInput]) -> Came:
    """Judge some files, one after the other."""
    return _joined([table(how, each) if each.is_table else _text(how, each) for each in inputs])


def _text(how: How, each: LakeInput) -> Came:
    return _came(how, *text_report(how.task(each), how.stretch), each.source.name)


def long_text(how: How, each: LakeInput) -> Came:
    """Judge a long file, its stretches wherever there is room."""
    stretch_of = ray.remote(_stretch)

    def submit(stretch: Chunk, opening: FirstLine, before: EarlierLines | None) -> Callable[[], Piece]:
        reference = stretch_of.options(name="reqlint stretch").remote(how, each, stretch, opening, before)

        def wait() -> Piece:
            done: Piece = ray.get(reference)
            return done

        return wait

    if each.source.compression:  # it has no beginnings in its middle
        return _text(how, each)
    return _came(how, *text_report(how.task(each), how.stretch, submit, how.ahead), each.source.name)


def _stretch(how: How, each: LakeInput, stretch: Chunk, opening: FirstLine, before: EarlierLines | None) -> Piece:
    task = how.task(each)
    task.linter.compile_now()
    return piece(task, stretch, opening, before)


def _came(how: How, report: Report, notes: Notes, name: str) -> Came:
    ids = [(custom_id, name, document) for custom_id, document in notes.ids.items()]
    keys = {key: pa.nulls(len(report)) for key in how.wanted.keys}
    return _known(table_of(report, keys), summed(report, notes.unreadable), ids_of(ids), how.wanted)


# --------------------------------------------------------------------------------------------------------------- tables


def row_groups(each: LakeInput, size: int) -> list[tuple[list[int] | None, int]]:
    """Cut a table into row groups of *size* bytes or more as stored, each with the number of its first row."""
    try:
        with each.stream() as stream:
            footer = pq.ParquetFile(stream).metadata
    except (OSError, pa.ArrowException):
        return [(None, 0)]  # whoever reads it will say
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


def table(how: How, each: LakeInput, groups: list[int] | None = None, first: int = 0) -> Came:
    """Judge a table, or some of its row groups, the first row of which has the number *first*."""
    linter, wanted, name = linter_of(how.linter), how.wanted, each.source.name
    rows = Rows(linter, wanted)
    try:
        with each.stream() as stream:
            file = pq.ParquetFile(stream)
            names = file.schema_arrow.names
            if wanted.column is not None and wanted.column not in names:
                return _nothing(wanted, ((name, no_column(wanted.column, names)),))
            if not file.metadata.num_rows:
                return _nothing(wanted, ((name, "holds no row"),))
            number = first
            for batch in file.iter_batches(_BATCH, groups, wanted.among(names)):
                rows.take(pa.Table.from_batches([batch]), repeat(name, len(batch)), range(number, number + len(batch)))
                number += len(batch)
    except (OSError, pa.ArrowException) as failed:
        rows.fail(name, _reason(failed))
    return _known(*rows.result(int(not first)), wanted)


def counted(how: How, name: str, block: pa.Table) -> dict[str, int]:
    """Count the rows of a block of a dataset by the file they are from."""
    return Counter(_files(how, name, block))


def block(how: How, name: str, block: pa.Table, before: Mapping[str, int]) -> Came:
    """Judge a block of a dataset; *before* says how many rows of each of its files were in the blocks before it."""
    files = _files(how, name, block)
    met = Counter(before)
    numbers = []
    for file in files:
        numbers.append(met[file])
        met[file] += 1
    rows = Rows(linter_of(how.linter), how.wanted)
    rows.take(block, files, numbers)
    return _known(*rows.result(sum(not number for number in before.values())), how.wanted)


def _files(how: How, name: str, block: pa.Table) -> list[str]:
    column = how.wanted.file
    return [str(file) for file in block.column(column).to_pylist()] if column else [name] * len(block)


def _nothing(wanted: Wanted, skipped: tuple[tuple[str, str], ...]) -> Came:
    keys = {key: pa.nulls(0) for key in wanted.keys}
    return _known(table_of((), keys), Summary(skipped=skipped), ids_of(()), wanted)


def _known(findings: pa.Table, summary: Summary, ids: pa.Table, wanted: Wanted) -> Came:
    return findings, WorkPart(summary, len(ids), {key: {findings.column(key).type} for key in wanted.keys}), ids


def no_column(column: str, names: Sequence[str]) -> str:
    """Say that a column is missing."""
    return f'{NO_COLUMN} "{column}"; there is {", ".join(names)}'


def _reason(failed: Exception) -> str:
    said = getattr(failed, "strerror", None) or str(failed) or type(failed).__name__
    return str(said).splitlines()[0].rstrip(".").lower()


# ---------------------------------------------------------------------------------------------------- putting together


def _joined(came: Sequence[Came]) -> Came:
    part = added_up(*(part for _, part, _ in came))
    findings = pa.concat_tables([in_types(findings, part.keys) for findings, _, _ in came])
    part = part._replace(keys={key: {findings.column(key).type} for key in part.keys})
    return findings, part, pa.concat_tables([ids for _, _, ids in came])


def in_types(findings: pa.Table, keys: Mapping[str, set[pa.DataType]]) -> pa.Table:
    """Give findings with further columns of the one type that all of *keys* can take."""
    return with_keys(findings, {key: agreed(kinds) for key, kinds in keys.items()})


def added_up(*parts: WorkPart) -> WorkPart:
    """Add up what is known of parts that follow each other."""
    keys = {key: set().union(*(part.keys[key] for part in parts)) for key in parts[0].keys}
    return WorkPart(reduce(add, [part.summary for part in parts]), sum(part.ids for part in parts), keys)


def shared_out(parts: int, *tables: pa.Table) -> Any:
    """Share ids out by what they are, so that each part has all that are equal."""
    table = pa.concat_tables(tables)
    if parts == 1:
        return table
    places = pa.array([crc32(each.as_py()) % parts for each in table.column("custom_id")], pa.int64())
    return tuple(table.filter(pc.equal(places, part)) for part in range(parts))


def repeated(*tables: pa.Table) -> tuple[pa.Table, tuple[int, list[Duplicate]]]:
    """Find the ids that are there more than once: where each was met, how many they are, and the first of them."""
    table = pa.concat_tables(tables).combine_chunks()
    times = table.group_by("custom_id").aggregate([("file", "count")])
    times = times.filter(pc.greater(times.column("file_count"), 1)).sort_by("custom_id")
    table = table.filter(pc.is_in(table.column("custom_id"), times.column("custom_id").combine_chunks()))
    table = table.sort_by([(name, "ascending") for name in IDS.names])
    duplicates: list[Duplicate] = []
    at = 0
    for each in times.slice(0, DUPLICATES).to_pylist():
        count = each["file_count"]
        met = table.slice(at, min(count, _MOST_MET)).to_pylist()
        places = tuple(SeenIds(one["file"], one["document"]) for one in met)
        duplicates.append(Duplicate(each["custom_id"].decode("utf-8", "surrogatepass"), count, places))
        at += count
    names = [text(each.decode("utf-8", "surrogatepass")) for each in table.column("custom_id").to_pylist()]
    columns = [pa.array(names, pa.string()), table.column("file"), table.column("document")]
    return pa.Table.from_arrays(columns, schema=REPEATED), (len(times), duplicates)
