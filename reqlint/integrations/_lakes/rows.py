"""Findings as rows of an Arrow table with the keys of the JSON output, and a table of ``custom_id``s."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

import pyarrow as pa

from reqlint.core.findings import Finding
from reqlint.reporters.formats.json_report import as_dict

_ROWS = 2000  # findings that become rows at a time
_EXTENT: Final = [(name, pa.int64()) for name in ("line", "column", "end_line", "end_column")]
_TEXTS: Final = ("rule", "severity", "message", "pointer", "path", "profile", "file", "docs_url")
_RELATED: Final = pa.struct(
    [*((name, pa.string()) for name in ("message", "pointer", "path")), ("document", pa.int64()), *_EXTENT]
)
_EDIT: Final = pa.struct([*_EXTENT, ("replacement", pa.string())])
SCHEMA: Final = pa.schema(
    [
        *((name, pa.string()) for name in _TEXTS),
        *_EXTENT,
        ("document", pa.int64()),
        ("custom_id", pa.string()),
        *((name, pa.string()) for name in ("part", "help", "note", "evidence")),
        ("related", pa.list_(_RELATED)),
        ("fix", pa.struct([("description", pa.string()), ("safe", pa.bool_()), ("edits", pa.list_(_EDIT))])),
        ("suppressed", pa.bool_()),
        ("suppression", pa.struct([("kind", pa.string()), ("reason", pa.string())])),
        ("baselined", pa.bool_()),
        ("explained", pa.bool_()),
        ("fingerprint", pa.string()),
    ]
)
"""The columns of findings, in the order of the JSON output's keys."""

IDS: Final = pa.schema([("custom_id", pa.binary()), ("file", pa.string()), ("document", pa.int64())])
"""The places of ids; ids are bytes here, since not every string that JSON can write is Unicode text."""


def findings_table(findings: Sequence[Finding], keys: Mapping[str, pa.Array] | None = None) -> pa.Table:
    """Return findings as a table; *keys* are further columns, with one value for each finding."""
    table = SCHEMA.empty_table()
    if findings:  # in parts: rows of Python values take far more memory than Arrow columns
        parts = [findings[at : at + _ROWS] for at in range(0, len(findings), _ROWS)]
        table = pa.concat_tables([_part_of_table(part) for part in parts])
    for name, values in (keys or {}).items():
        table = table.append_column(name, values)
    return table


def _part_of_table(findings: Sequence[Finding]) -> pa.Table:
    rows = [as_dict(finding) for finding in findings]
    try:
        return pa.Table.from_pylist(rows, SCHEMA)
    except UnicodeEncodeError:
        return pa.Table.from_pylist([_without_surrogates(row) for row in rows], SCHEMA)


def common_type(kinds: Iterable[pa.DataType]) -> pa.DataType:
    """Return the type that all of some columns can take; text if there is no other."""
    known = [kind for kind in dict.fromkeys(kinds) if not pa.types.is_null(kind)]
    if not known:
        return pa.null()
    try:
        schemas = [pa.schema([("key", kind)]) for kind in known]
        return pa.unify_schemas(schemas, promote_options="permissive").field("key").type
    except pa.ArrowException:
        return pa.string()


def cast_columns(table: pa.Table, kinds: Mapping[str, pa.DataType]) -> pa.Table:
    """Return findings with their further columns cast to *kinds*."""
    for name, kind in kinds.items():
        column = table.column(name)
        if column.type == kind:
            continue
        if kind == pa.string():
            texts = [None if value is None else str(value) for value in column.to_pylist()]
            column = pa.array(texts, kind)
        table = table.set_column(table.column_names.index(name), name, column.cast(kind))
    return table


def ids_table(places: Sequence[tuple[str, str, int]]) -> pa.Table:
    """Return a table of ids, each with its file and the document there."""
    ids, files, documents = zip(*places, strict=True) if places else ((), (), ())
    columns = [
        pa.array([each.encode("utf-8", "surrogatepass") for each in ids], pa.binary()),
        pa.array([arrow_text(each) for each in files], pa.string()),
        pa.array(documents, pa.int64()),
    ]
    return pa.Table.from_arrays(columns, schema=IDS)


def _without_surrogates(value: Any) -> Any:
    if isinstance(value, str):
        return arrow_text(value)
    if isinstance(value, dict):
        return {key: _without_surrogates(each) for key, each in value.items()}
    return [_without_surrogates(each) for each in value] if isinstance(value, list) else value


def arrow_text(given: str) -> str:
    """Return *given* as Arrow can hold it; half of a surrogate pair becomes a question mark."""
    return given if given.isascii() else given.encode("utf-8", "replace").decode("utf-8")
