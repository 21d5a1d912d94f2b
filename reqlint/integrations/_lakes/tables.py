"""Tables of a lake: a column of requests, each cell judged as a text of its own."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import pyarrow as pa

from reqlint.containers.envelope import Kind
from reqlint.core.findings import Finding, Report, sum_counts
from reqlint.core.records import replace
from reqlint.integrations._lakes.rows import findings_table, ids_table
from reqlint.integrations._lakes.summary import Summary, summarize
from reqlint.knowledge.profile_choice import Choice
from reqlint.run.linter import Linter
from reqlint.run.source_run import SourceRun
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source


class Columns(NamedTuple):
    """The columns of a table by what they hold."""

    column: str | None  #: of requests; None where each row is one
    custom_id: str
    keys: tuple[str, ...]  #: columns that are copied to each finding
    kind: Kind | None = None
    extract: Sequence[str] = ()
    file: str = ""  #: column with the file that a row is from, if there is one

    def needed(self, names: Iterable[str]) -> list[str]:
        """Return those of the columns *names* that judging needs."""
        names = list(names)
        asked = dict.fromkeys((self.column, self.custom_id, self.file, *self.keys))
        return names if self.column is None else [name for name in asked if name in names]


class RowJudge:
    """
    Judges the rows of tables, one table after the other.

    Args:
        linter: the linter that judges.
        columns: the columns by what they hold.
    """

    def __init__(self, linter: Linter, columns: Columns) -> None:
        linter.compile_now()
        self._linter, self._columns = linter, columns
        self._findings: list[Finding] = []
        self._keys: list[list[pa.Array]] = [[] for _ in columns.keys]
        self._choices: Counter[Choice] = Counter()
        self._ids: list[tuple[str, str, int]] = []
        self._unreadable = self._empty = 0

    def judge(self, table: pa.Table, files: Iterable[str], numbers: Iterable[int]) -> None:
        """Judge the rows of a table; *files* and *numbers* have the file each row is from and its number there."""
        columns = self._columns
        ids = table.column(columns.custom_id).to_pylist() if columns.custom_id in table.column_names else None
        found: list[int] = []
        for row, (cell, file, number) in enumerate(zip(_cells(table, columns), files, numbers, strict=True)):
            custom_id = _id(ids[row]) if ids is not None else None
            findings = self._judge_cell(cell, file, number, custom_id)
            self._findings += findings
            found += [row] * len(findings)
        for name, taken in zip(columns.keys, self._keys, strict=True):
            taken.append(_taken(table, name, found))

    def _judge_cell(self, cell: Any, file: str, number: int, custom_id: str | None) -> list[Finding]:
        if cell is None:
            self._empty += 1
            return []
        exact = isinstance(cell, str | bytes)
        text = (cell.encode("utf-8", "surrogatepass") if isinstance(cell, str) else cell) if exact else _written(cell)
        linter, columns = self._linter, self._columns
        (document,) = read_documents(Source(file, None, text), Form.JSON)
        document.index = number
        self._unreadable += document.value is UNREADABLE
        value = document.value
        if custom_id is None and isinstance(value, dict):
            custom_id = _id(value.get("custom_id"))
        if custom_id is not None:
            self._ids.append((custom_id, file, number))
        run = SourceRun(
            linter.judges,
            file,
            Form.JSON,
            kind=columns.kind,
            extract=columns.extract,
            show_values=linter.show_values,
        )
        run.holds_several = True
        findings = list(run.findings_of(document))
        self._choices.update(run.choices)
        if custom_id:
            findings = [each if each.custom_id else replace(each, custom_id=custom_id) for each in findings]
        return findings if exact else [_without_places(finding) for finding in findings]

    def fail(self, name: str, reason: str) -> None:
        """Add the finding that a file cannot be read."""
        self._findings += unreadable_finding(self._linter, name, reason)
        for taken in self._keys:
            taken.append(pa.nulls(1))

    def result(self, files: int) -> tuple[pa.Table, Summary, pa.Table]:
        """Return findings, summary and ids of all rows; *files* is the number of files they are from."""
        because = sum_counts((choice.profile, choice.why, count) for choice, count in self._choices.items())
        report = Report(tuple(self._findings), files, self._choices.total(), (), because)
        keys = {name: _joined(taken) for name, taken in zip(self._columns.keys, self._keys, strict=True)}
        return (
            findings_table(self._findings, keys),
            summarize(report, self._unreadable, self._empty),
            ids_table(self._ids),
        )


def unreadable_finding(linter: Linter, name: str, reason: str) -> list[Finding]:
    """Return the findings about a file that cannot be read."""
    from reqlint.core.findings import Hit

    return linter.findings_about(name, [Hit(facts={"reason": reason}, rule="unreadable-input")])


def _cells(table: pa.Table, columns: Columns) -> Iterator[Any]:
    """Yield the request of each row as a Python value."""
    if columns.column is None:
        around = {columns.file, *columns.keys}
        table = table.select([name for name in table.column_names if name not in around])
        chunks = [batch.to_struct_array() for batch in table.to_batches()]
    else:
        chunks = table.column(columns.column).chunks
    for chunk in chunks:
        nested = pa.types.is_nested(chunk.type)
        for value in chunk.to_pylist():
            yield _exact(value, chunk.type) if nested else value


def _exact(value: Any, kind: pa.DataType) -> Any:
    """
    Return a value of a nested column as its author most likely wrote it.

    A struct has every key that any row of the column has, null where this row has none: those are left out. Nulls in
    maps and lists were put there by somebody, and stay.
    """
    if value is None:
        return None
    if pa.types.is_struct(kind):
        exact = {field.name: _exact(value[field.name], field.type) for field in kind}
        return {name: each for name, each in exact.items() if each is not None}
    if pa.types.is_map(kind):
        return {key: _exact(each, kind.item_type) for key, each in value}
    if pa.types.is_list(kind) or pa.types.is_large_list(kind) or pa.types.is_fixed_size_list(kind):
        return [_exact(each, kind.value_type) for each in value]
    return value


def _written(value: Any) -> bytes:
    """Return a value that is not text as JSON; what JSON has no form for becomes a string."""
    return json.dumps(value, ensure_ascii=False, default=_plain, skipkeys=True).encode("utf-8", "surrogatepass")


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return value.tolist() if hasattr(value, "tolist") else str(value)  # an array of NumPy


def _id(value: Any) -> str | None:
    return value if isinstance(value, str) else str(value) if type(value) is int else None


def _taken(table: pa.Table, name: str, rows: list[int]) -> pa.Array:
    if name not in table.column_names:
        return pa.nulls(len(rows))
    return table.column(name).take(pa.array(rows, pa.int64())).combine_chunks()


def _joined(taken: Sequence[pa.Array]) -> pa.Array:
    """Return the values of a key in one array; missing ones are null."""
    kind = next((each.type for each in taken if not pa.types.is_null(each.type)), pa.null())
    return pa.concat_arrays([each.cast(kind) for each in taken]) if taken else pa.nulls(0)


_PLACELESS: dict[str, Any] = {"region": None, "fix": None}


def _without_places(finding: Finding) -> Finding:
    """Return a finding without its places in a text that nobody wrote."""
    related = tuple(replace(each, region=None) for each in finding.related)
    return replace(finding, related=related, **_PLACELESS)
