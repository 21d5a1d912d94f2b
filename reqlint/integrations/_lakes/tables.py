"""Judging a column of requests, cell by cell, each a text of its own."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any, NamedTuple

import pyarrow as pa

from reqlint.containers.envelope import Kind
from reqlint.core.findings import Finding, Report, sum_counts
from reqlint.integrations._lakes.rows import ids_of, table_of
from reqlint.integrations._lakes.summary import Summary, summed
from reqlint.judge.describe import Describer
from reqlint.knowledge.profile_choice import Choice
from reqlint.run.linter import Linter, Scope
from reqlint.text.documents import UNREADABLE, Form, Source, read_documents


class Wanted(NamedTuple):
    """Which columns of a table mean what."""

    column: str | None  #: of requests; None where each row is one
    custom_id: str
    keys: tuple[str, ...]  #: columns that findings take along
    kind: Kind | None = None
    extract: Sequence[str] = ()
    file: str = ""  #: the column of the file that a row is from, if there is one

    def among(self, names: Iterable[str]) -> list[str]:
        """Give those of the columns *names* that are needed."""
        names = list(names)
        asked = dict.fromkeys((self.column, self.custom_id, self.file, *self.keys))
        return names if self.column is None else [name for name in asked if name in names]


class Rows:
    """
    Takes tables one after the other, and gives what their requests came to.

    Args:
        linter: who judges.
        wanted: which columns mean what.
    """

    def __init__(self, linter: Linter, wanted: Wanted) -> None:
        linter.compile_now()
        self._linter, self._wanted = linter, wanted
        self._findings: list[Finding] = []
        self._keys: list[list[pa.Array]] = [[] for _ in wanted.keys]
        self._choices: Counter[Choice] = Counter()
        self._ids: list[tuple[str, str, int]] = []
        self._unreadable = self._empty = 0

    def take(self, table: pa.Table, files: Iterable[str], numbers: Iterable[int]) -> None:
        """Judge the rows of a table, each with the file it is from and its number there."""
        wanted = self._wanted
        ids = table.column(wanted.custom_id).to_pylist() if wanted.custom_id in table.column_names else None
        found: list[int] = []
        for row, (cell, file, number) in enumerate(zip(_cells(table, wanted), files, numbers, strict=True)):
            custom_id = _id(ids[row]) if ids is not None else None
            findings = self._judged(cell, file, number, custom_id)
            self._findings += findings
            found += [row] * len(findings)
        for name, taken in zip(wanted.keys, self._keys, strict=True):
            taken.append(_taken(table, name, found))

    def _judged(self, cell: Any, file: str, number: int, custom_id: str | None) -> list[Finding]:
        if cell is None:
            self._empty += 1
            return []
        exact = isinstance(cell, str | bytes)
        text = (cell.encode("utf-8", "surrogatepass") if isinstance(cell, str) else cell) if exact else _written(cell)
        linter, wanted = self._linter, self._wanted
        (document,) = read_documents(Source(file, None, text), Form.JSON)
        document.index = number
        self._unreadable += document.value is UNREADABLE
        value = document.value
        if custom_id is None and isinstance(value, dict):
            custom_id = _id(value.get("custom_id"))
        if custom_id is not None:
            self._ids.append((custom_id, file, number))
        teller = Describer(file, linter.show_values)
        teller.several = True
        lines = linter.file_lines(Form.JSON, wanted.kind)
        told = linter.of_document(teller, document, lines, wanted.kind, Scope.NAMED, self._choices, wanted.extract)
        findings = [f if f.custom_id else replace(f, custom_id=custom_id) for f in told] if custom_id else list(told)
        return findings if exact else [_without_places(finding) for finding in findings]

    def fail(self, name: str, reason: str) -> None:
        """Say what kept a file from being read."""
        self._findings += unread(self._linter, name, reason)
        for taken in self._keys:
            taken.append(pa.nulls(1))

    def result(self, files: int) -> tuple[pa.Table, Summary, pa.Table]:
        """Give findings, summary and ids of all that was taken; *files* is how many files that were."""
        because = sum_counts((*choice, count) for choice, count in self._choices.items())
        report = Report(tuple(self._findings), files, self._choices.total(), (), because)
        keys = {name: _joined(taken) for name, taken in zip(self._wanted.keys, self._keys, strict=True)}
        return table_of(self._findings, keys), summed(report, self._unreadable, self._empty), ids_of(self._ids)


def unread(linter: Linter, name: str, reason: str) -> list[Finding]:
    """Make the finding of a file that cannot be read."""
    from reqlint.core.findings import Hit

    return linter.tell([Hit(facts={"reason": reason}, rule="unreadable-input")], name)


def _cells(table: pa.Table, wanted: Wanted) -> Iterator[Any]:
    """Give what each row has for a request, as Python values."""
    if wanted.column is None:
        around = {wanted.file, *wanted.keys}
        table = table.select([name for name in table.column_names if name not in around])
        chunks = [batch.to_struct_array() for batch in table.to_batches()]
    else:
        chunks = table.column(wanted.column).chunks
    for chunk in chunks:
        nested = pa.types.is_nested(chunk.type)
        for value in chunk.to_pylist():
            yield _exact(value, chunk.type) if nested else value


def _exact(value: Any, kind: pa.DataType) -> Any:
    """
    Give a value of a nested column as its author is most likely to have written it.

    A struct has all keys that any row of the column has, null where a row has not: those are left out. What a map or a
    list holds is in it because somebody put it there.
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
    """Write a value that is no text as JSON; what JSON has no form for becomes text."""
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
    """Put the values of a key together; those that are missing are null."""
    kind = next((each.type for each in taken if not pa.types.is_null(each.type)), pa.null())
    return pa.concat_arrays([each.cast(kind) for each in taken]) if taken else pa.nulls(0)


_PLACELESS: dict[str, Any] = {"region": None, "fix": None}


def _without_places(finding: Finding) -> Finding:
    """Leave out where a finding stands in a text that nobody wrote."""
    related = tuple(replace(each, region=None) for each in finding.related)
    return replace(finding, related=related, **_PLACELESS)
