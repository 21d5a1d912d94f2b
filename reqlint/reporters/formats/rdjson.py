"""reviewdog's diagnostic format, as one object or as one object per line."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from reqlint.core.findings import Finding, Region, Report, Severity
from reqlint.core.records import replace
from reqlint.display.cached import mask, show_once
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
    for lines in _batches(report, rendering):
        write(fill("{}{}", separator, join(",\n", lines)))
        separator = literal(",\n")
    write(literal("]}\n" if separator == "\n" else "\n]}\n"))


def render_lines(report: Report, rendering: Rendering, write: Write) -> None:
    """Write each finding as a diagnostic on its own line, and nothing else."""
    for lines in _batches(report, rendering):
        write(fill("{}\n", join("\n", lines)))


_BATCH = 64  # diagnostics that are written together


def _batches(report: Report, rendering: Rendering) -> Iterator[list[Shown]]:
    findings = [finding for finding in report if not finding.suppressed]
    for start in range(0, len(findings), _BATCH):
        yield [_diagnostic(finding, rendering) for finding in findings[start : start + _BATCH]]


def _diagnostic(finding: Finding, rendering: Rendering) -> Shown:
    """Write a diagnostic; what many findings have alike in it is written once."""
    # NOTE: join takes a third of the time of the encoder here, which counts for 100,000 findings.
    unicode = rendering.unicode
    return join(
        "",
        (
            _message(finding.message, finding.pointer, unicode),
            _remarks(ShownFinding(finding).remarks(), unicode),
            _path(finding.source, unicode),
            fill(', "range": {}', _range(finding.region)) if finding.region else _NOTHING,
            _kind(finding.rule, finding.severity, rendering.docs_url(finding.rule), unicode),
            _suggestions(finding, rendering) if finding.fix else _NOTHING,
            _END,
        ),
    )


_NOTHING, _END = literal(""), literal("}")


@lru_cache(maxsize=1024)
def _path(source: str | None, unicode: bool) -> Shown:
    # NOTE: the path is not made relative to the repository: reviewdog does so, from the same working directory.
    return fill(', "location": {{"path": {}', to_json(as_given(source), unicode=unicode))


@lru_cache(maxsize=256)
def _kind(rule: str, severity: Severity, docs_url: str | None, unicode: bool) -> Shown:
    code: dict[str, Json] = {"value": verbatim(rule)}
    if docs_url is not None:
        code["url"] = mask(docs_url)
    kind: Json = {"severity": _SEVERITY[severity], "source": _SOURCE, "code": code}
    return fill("}}, {}", transform(to_json(kind, unicode=unicode), lambda members: members[1:-1]))


def _suggestions(finding: Finding, rendering: Rendering) -> Shown:
    fix = shown_fix(finding)
    edit = _single_edit(fix, finding.source, rendering) if fix else None
    if edit is None:
        return _NOTHING
    text = to_json(edit.replacement, unicode=rendering.unicode)
    return fill(', "suggestions": [{{"range": {}, "text": {}}}]', _range(edit.region), text)


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


def _range(region: Region) -> Shown:
    """Write a range; its columns count UTF-8 bytes and its end is exclusive."""
    return fill(
        '{{"start": {{"line": {}, "column": {}}}, "end": {{"line": {}, "column": {}}}}}',
        region.line, region.byte_column, region.end_line, region.byte_end_column,
    )  # fmt: skip


@lru_cache(maxsize=1024)
def _message(message: str, pointer: str, unicode: bool) -> Shown:
    """Write the text of a review comment, in Markdown, up to its remarks."""
    shown_message, shown_pointer = show_once(message, pointer)
    first = escape_markdown(shown_message)
    if pointer:
        first = fill("{} ({})", first, code(shown_pointer))
    return fill('{{"message": {}', transform(to_json(first, unicode=unicode), lambda text: text[:-1]))


@lru_cache(maxsize=1024)
def _remarks(remarks: Sequence[tuple[Shown, Shown]], unicode: bool) -> Shown:
    """Write the rest of the comment."""
    named = ((transform(label, str.capitalize), escape_markdown(text)) for label, text in remarks)
    rest = join("", (fill("\n\n{}: {}", label, text) for label, text in named))
    return transform(to_json(rest, unicode=unicode), lambda text: text[1:])
