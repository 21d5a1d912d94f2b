"""The diagnostic format of reviewdog, as one object or as an object a line."""

import json
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from reqlint.core.findings import Edit, Finding, Fix, Region, Report, Severity
from reqlint.display.escaping import to_json
from reqlint.reporters import Rendering, Write
from reqlint.reporters._edits import shown_fix
from reqlint.reporters._markdown import code, escape_markdown
from reqlint.reporters._paths import as_given
from reqlint.reporters._remarks import remarks
from reqlint.reporters._shown import mask, placed, said

_SEVERITY = {Severity.ERROR: "ERROR", Severity.WARNING: "WARNING", Severity.NOTE: "INFO"}
_SOURCE = {"name": "reqlint"}


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write one result with all findings, one a line."""
    write(f'{{"source": {json.dumps(_SOURCE)}, "diagnostics": [')
    separator = "\n"
    for line in _lines(report, rendering):
        write(separator + line)
        separator = ",\n"
    write("]}\n" if separator == "\n" else "\n]}\n")


def render_lines(report: Report, rendering: Rendering, write: Write) -> None:
    """Write every finding as a diagnostic of its own line, and nothing else."""
    for line in _lines(report, rendering):
        write(line + "\n")


def _lines(report: Report, rendering: Rendering) -> Iterator[str]:
    dump = to_json if rendering.unicode else json.dumps
    for finding in report:
        if not finding.suppressed:
            yield dump(_diagnostic(finding, rendering))


def _diagnostic(finding: Finding, rendering: Rendering) -> dict[str, object]:
    # NOTE: the path is not made relative to the repository, reviewdog does it from the same working directory.
    location: dict[str, object] = {"path": as_given(finding.source)}
    if finding.region:
        location["range"] = _range(finding.region)
    diagnostic: dict[str, object] = {
        "message": _message(finding),
        "location": location,
        "severity": _SEVERITY[finding.severity],
        "source": _SOURCE,
        "code": {"value": finding.rule},
    }
    if (fix := shown_fix(finding)) and (edit := _in_one(fix, finding.source, rendering)):
        diagnostic["suggestions"] = [{"range": _range(edit.region), "text": edit.replacement}]
    return diagnostic


def _in_one(fix: Fix, source: str | None, rendering: Rendering) -> Edit | None:
    """Give a fix as one edit, because each suggestion is offered alone; None when it goes over several lines."""
    first, last = fix.edits[0].region, fix.edits[-1].region
    if len(fix.edits) == 1:
        return fix.edits[0]
    line = rendering.lines(source or "", [first.line]).get(first.line) if first.line == last.end_line else None
    if line is None:
        return None
    text, column = "", first.column
    for edit in fix.edits:
        text += line[column - 1 : edit.region.column - 1] + edit.replacement
        column = edit.region.end_column
    region = replace(
        first, end=last.end, end_column=last.end_column,
        utf16_end_column=last.utf16_end_column, byte_end_column=last.byte_end_column,
    )  # fmt: skip
    return Edit(region, text) if mask(text) == text else None


def _range(region: Region) -> dict[str, object]:
    """Give the range, whose columns count UTF-8 bytes and whose end is no part of it."""
    return {
        "start": {"line": region.line, "column": region.byte_column},
        "end": {"line": region.end_line, "column": region.byte_end_column},
    }


def _message(finding: Finding) -> str:
    """Write what reviewdog puts into review comments, where it is read as Markdown."""
    return _paragraphs(finding.message, finding.pointer, tuple(remarks(finding)))


@lru_cache(maxsize=1024)
def _paragraphs(message: str, pointer: str, remarks: tuple[tuple[str, str], ...]) -> str:
    first = escape_markdown(said(message)) + (f" ({code(placed(pointer))})" if pointer else "")
    return "\n\n".join([first, *(f"{kind.capitalize()}: {escape_markdown(text)}" for kind, text in remarks)])
