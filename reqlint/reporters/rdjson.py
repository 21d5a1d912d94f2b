"""The diagnostic format of reviewdog, as one object or as an object a line."""

import json
from collections.abc import Iterator

from reqlint.findings import Finding, Region, Report, Severity
from reqlint.inert import said, to_json
from reqlint.reporters import Rendering, Write
from reqlint.reporters._markdown import code, inert
from reqlint.reporters._paths import as_given
from reqlint.reporters._remarks import remarks

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
            yield dump(_diagnostic(finding))


def _diagnostic(finding: Finding) -> dict[str, object]:
    # NOTE: the path is not made relative to the repository, reviewdog does it from the same working directory.
    location: dict[str, object] = {"path": as_given(finding.source)}
    if finding.region:
        location["range"] = _range(finding.region)
    return {
        "message": "\n\n".join(_paragraphs(finding)),
        "location": location,
        "severity": _SEVERITY[finding.severity],
        "source": _SOURCE,
        "code": {"value": finding.rule},
    }


def _range(region: Region) -> dict[str, object]:
    """Give the range, whose columns count UTF-8 bytes and whose end is no part of it."""
    return {
        "start": {"line": region.line, "column": region.byte_column},
        "end": {"line": region.end_line, "column": region.byte_end_column},
    }


def _paragraphs(finding: Finding) -> Iterator[str]:
    """Write what reviewdog puts into review comments, where it is read as Markdown."""
    yield inert(said(finding.message)) + (f" ({code(said(finding.pointer))})" if finding.pointer else "")
    for kind, text in remarks(finding):
        yield f"{kind.capitalize()}: {inert(text)}"
