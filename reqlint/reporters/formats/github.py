"""GitHub Actions: one workflow command per finding, and a step summary in Markdown."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reqlint.core.findings import Finding, Report, Severity
from reqlint.display.cached import escape, sanitize
from reqlint.display.escaping import counted
from reqlint.display.shown import Masked, Shown, fill, join, literal, transform, verbatim
from reqlint.reporters.coverage import judged
from reqlint.reporters.markdown import block, code
from reqlint.reporters.paths import is_file, relative_to
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.shown_finding import ShownFinding

_COMMAND = {Severity.ERROR: literal("error"), Severity.WARNING: literal("warning"), Severity.NOTE: literal("notice")}
_MOST = 10  # annotations per level that the runner keeps of a step; it drops the others silently
_MOST_BYTES = 1024 * 1024  # a longer summary is not shown at all
_ROOM_FOR_THE_END = 200  # bytes

_PathOf = Callable[[str | None], Masked]


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """
    Write the gravest findings as annotations and say how many are left out; append all to the step summary.

    Columns count UTF-16 code units, as in the SARIF report: GitHub's pages name no unit, but browsers count so.
    """
    findings = _ordered([finding for finding in report if not finding.suppressed])
    path_of = relative_to(rendering.root)
    kept = _kept(findings)
    for finding in kept:
        write(_annotation(finding, path_of, rendering))
    if len(kept) < len(findings):
        write(_rest(Counter(f.rule for f in findings) - Counter(f.rule for f in kept), rendering))
    if rendering.step_summary:
        try:
            _append(rendering.step_summary, report, findings, rendering, path_of)
        except OSError as failed:
            text = fill("the step summary cannot be written: {}", sanitize(str(failed.strerror)))
            write(_command(literal("warning"), text, title=literal("reqlint")))


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Sort by severity, then by rule in the order of first appearance."""
    first: dict[str, int] = {}
    for finding in findings:
        first.setdefault(finding.rule, len(first))
    return sorted(findings, key=lambda finding: (finding.severity.rank, first[finding.rule]))


def _kept(findings: Sequence[Finding]) -> list[Finding]:
    """Choose the annotations of each level: one of every rule before the second of any rule."""
    by_level = Counter(finding.severity for finding in findings)
    cut = any(number > _MOST for number in by_level.values())
    kept: set[int] = set()
    for severity in Severity:
        ranked: list[tuple[int, int]] = []
        seen: Counter[str] = Counter()
        for index, finding in enumerate(findings):
            if finding.severity is severity:
                ranked.append((seen[finding.rule], index))
                seen[finding.rule] += 1
        # The closing remark is a notice too, and needs room among them.
        room = _MOST - 1 if cut and severity is Severity.NOTE else _MOST
        kept.update(index for _, index in sorted(ranked)[:room])
    return [findings[index] for index in sorted(kept)]


def _annotation(finding: Finding, path_of: _PathOf, rendering: Rendering) -> Shown:
    place: dict[str, Shown | int] = {}
    if is_file(finding.source):
        place["file"] = escape(path_of(finding.source))
        if region := finding.region:
            place |= {"line": region.line, "endLine": region.end_line}
            if region.line == region.end_line:  # the runner takes columns of a single line only
                place |= {"col": region.utf16_column, "endColumn": region.utf16_end_column}
    shown = ShownFinding(finding, rendering.unicode)
    lines = [*_lines_of(finding, shown)]
    if url := rendering.docs_url(finding.rule):
        lines.append(fill("docs: {}", sanitize(url)))
    text = join("\n", lines)
    return _command(_COMMAND[finding.severity], text, **place, title=shown.rule)


def _lines_of(finding: Finding, shown: ShownFinding) -> Iterator[Shown]:
    yield shown.message
    if finding.pointer:
        yield fill("at {}", shown.pointer)
    if shown.custom_id is not None:
        yield fill("in the request {}", shown.custom_id)
    for label, text in shown.remarks():
        yield fill("{}: {}", label, text)


def _rest(left_out: Counter[str], rendering: Rendering) -> Shown:
    rules = join(", ", (fill("{} {:,}", sanitize(rule), number) for rule, number in left_out.most_common()))
    where = literal("; more are in the step summary" if rendering.step_summary else "")
    noun = literal("finding" if left_out.total() == 1 else "findings")
    text = fill("{:,} more {} (GitHub keeps {} per level): {}{}", left_out.total(), noun, _MOST, rules, where)
    return _command(literal("notice"), text, title=literal("reqlint"))


def _command(name: Shown, message: Shown, **properties: Shown | int) -> Shown:
    written = (
        fill("{}={}", escape(verbatim(key)), transform(fill("{}", value), _escape_property))
        for key, value in properties.items()
    )
    return fill("::{} {}::{}\n", name, join(",", written), transform(message, _escape_message))


# NOTE: "%" comes first, because the other escapes contain it.
_OF_MESSAGES = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_OF_PROPERTIES = (*_OF_MESSAGES, (":", "%3A"), (",", "%2C"))


def _escape_message(text: str) -> str:
    for sign, escaped in _OF_MESSAGES:
        text = text.replace(sign, escaped)
    return text


def _escape_property(text: str) -> str:
    for sign, escaped in _OF_PROPERTIES:
        text = text.replace(sign, escaped)
    return text


def _append(summary: Path, report: Report, findings: Sequence[Finding], rendering: Rendering, path_of: _PathOf) -> None:
    """Append the summary; cut it where the file, with what other programs wrote to it, would be too long."""
    size = summary.stat().st_size if summary.exists() else 0
    room = _MOST_BYTES - size - _ROOM_FOR_THE_END
    head = join("", _summary(report, findings, rendering)).encode("utf-8")
    if len(head) > room:
        return
    lines = [_line(finding, path_of) for finding in findings]
    opening, closing = block(lines)
    room -= len(head) + 2 * len(closing)
    kept: list[Shown] = []
    for line in lines:
        length = len(line.encode()) + 1
        if length > room:
            break
        kept.append(line)
        room -= length
    pieces = [fill("\n{}\n{}\n{}\n", opening, join("\n", kept), closing)] if kept else []
    if len(kept) < len(lines):
        pieces.append(fill("\n… and {:,} more\n", len(lines) - len(kept)))
    with summary.open("ab") as out:
        out.write((b"\n" if size else b"") + head + join("", pieces).encode())


def _summary(report: Report, findings: Sequence[Finding], rendering: Rendering) -> Iterator[Shown]:
    requests, files = judged(report), counted(report.files, "file")
    if findings:
        yield fill("### reqlint: {} in {}, {}\n\n", counted(len(findings), "finding"), requests, files)
        yield literal("| severity | rule | findings |\n|---|---|---:|\n")
        for (severity, rule), number in Counter((finding.severity, finding.rule) for finding in findings).items():
            url = rendering.docs_url(rule)
            name = fill("[`{}`]({})", sanitize(rule), sanitize(url)) if url else fill("`{}`", sanitize(rule))
            yield fill("| {} | {} | {:,} |\n", severity, name, number)
    elif report.has_judged:
        yield fill("### reqlint: no findings in {}, {}\n", requests, files)
    else:
        yield fill("### reqlint: no requests found in {}; nothing was checked\n", files)
    if report.thin:
        yield fill("\n{} on thinner evidence left out\n", counted(report.thin, "finding"))
    for profile in rendering.profiles:
        yield fill("\nprofile {} (read {})\n", code(sanitize(profile.name)), sanitize(profile.read))


def _line(finding: Finding, path_of: _PathOf) -> Shown:
    shown = ShownFinding(finding)
    position = shown.position_in(escape(path_of(finding.source)))
    pointer = fill(" [{}]", shown.pointer) if finding.pointer else literal("")
    return fill("{}: {} {}: {}{}", position, finding.severity, shown.rule, shown.message, pointer)
