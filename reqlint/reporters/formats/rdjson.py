"""reviewdog's diagnostic format, as one object or as one object per line."""

from collections.abc import Iterator
from functools import lru_cache

from reqlint.core.findings import Finding, Region, Report, Severity
from reqlint.core.records import replace
from reqlint.display.cached import mask, sanitize, show_pointer
from reqlint.display.escaping import to_json
from reqlint.display.shown import Json, Shown, fill, join, literal, transform, verbatim
from reqlint.reporters.markdown import code, escape_markdown
from reqlint.reporters.paths import as_given
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.shown_finding import ShownEdit, ShownFinding, ShownFix, shown_fix

_SEVERITY = {Severity.ERROR: literal("ERROR"), Severity.WARNING: literal("WARNING"), Severity.NOTE: literal("INFO")}
_SOURCE: Json = {"name": literal("reqlint")}


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write one result with all findings, one per line."""
    write(fill('{{"source": {}, "diagnostics": [', to_json(_SOURCE)))
    separator = literal("\n")
    for line in _lines(report, rendering):
        write(fill("{}{}", separator, line))
        separator = literal(",\n")
    write(literal("]}\n" if separator == "\n" else "\n]}\n"))


def render_lines(report: Report, rendering: Rendering, write: Write) -> None:
    """Write each finding as a diagnostic on its own line, and nothing else."""
    for line in _lines(report, rendering):
        write(fill("{}\n", line))


def _lines(report: Report, rendering: Rendering) -> Iterator[Shown]:
    for finding in report:
        if not finding.suppressed:
            yield to_json(_diagnostic(finding, rendering), unicode=rendering.unicode)


def _diagnostic(finding: Finding, rendering: Rendering) -> Json:
    url = rendering.docs_url(finding.rule)
    # NOTE: the path is not made relative to the repository: reviewdog does so, from the same working directory.
    location: dict[str, Json] = {"path": as_given(finding.source)}
    if finding.region:
        location["range"] = _range(finding.region)
    diagnostic: dict[str, Json] = {
        "message": _message(finding),
        "location": location,
        "severity": _SEVERITY[finding.severity],
        "source": _SOURCE,
        "code": {"value": verbatim(finding.rule)}
        if url is None
        else {"value": verbatim(finding.rule), "url": mask(url)},
    }
    if (fix := shown_fix(finding)) and (edit := _single_edit(fix, finding.source, rendering)):
        diagnostic["suggestions"] = [{"range": _range(edit.region), "text": edit.replacement}]
    return diagnostic


def _single_edit(fix: ShownFix, source: str | None, rendering: Rendering) -> ShownEdit | None:
    """Return a fix as one edit, because reviewdog offers each suggestion alone; None if it covers several lines."""
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
    masked = mask(text)
    return ShownEdit(region, masked) if masked == text else None


def _range(region: Region) -> Json:
    """Return the range; its columns count UTF-8 bytes and its end is exclusive."""
    return {
        "start": {"line": region.line, "column": region.byte_column},
        "end": {"line": region.end_line, "column": region.byte_end_column},
    }


def _message(finding: Finding) -> Shown:
    """Return the text of a review comment, in Markdown."""
    return _paragraphs(finding.message, finding.pointer, tuple(ShownFinding(finding).remarks()))


@lru_cache(maxsize=1024)
def _paragraphs(message: str, pointer: str, remarks: tuple[tuple[Shown, Shown], ...]) -> Shown:
    first = escape_markdown(sanitize(message))
    if pointer:
        first = fill("{} ({})", first, code(show_pointer(pointer)))
    return join("\n\n", [first, *(_remark(label, text) for label, text in remarks)])


@lru_cache(maxsize=1024)
def _remark(label: Shown, text: Shown) -> Shown:
    return fill("{}: {}", transform(label, str.capitalize), escape_markdown(text))
