"""Annotations of GitHub Actions: one workflow command a finding, and a summary of the step in Markdown."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from reqlint.core.findings import Finding, Report, Severity
from reqlint.display.escaping import counted
from reqlint.reporters import Rendering, Write
from reqlint.reporters._markdown import block, code
from reqlint.reporters._paths import below, is_file
from reqlint.reporters._remarks import remarks
from reqlint.reporters._shown import placed, said, visible

_COMMAND = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "notice"}
_MOST = 10  # annotations of a level that the runner keeps of a step; it drops the others without a word
_MOST_BYTES = 1024 * 1024  # a longer summary is not shown at all
_ROOM_FOR_THE_END = 200  # bytes


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """
    Write the gravest findings as annotations and say how many are left out; append all to the step summary.

    Columns count UTF-16 code units, as in the SARIF report. GitHub's pages name no unit; browsers count so.
    """
    shown = _ordered([finding for finding in report if not finding.suppressed])
    name = below(rendering.root)
    kept = _kept(shown)
    for finding in kept:
        write(_annotation(finding, name, rendering.unicode))
    if len(kept) < len(shown):
        write(_closing(Counter(f.rule for f in shown) - Counter(f.rule for f in kept), rendering))
    if rendering.step_summary:
        try:
            _append(rendering.step_summary, report, shown, rendering, name)
        except OSError as failed:
            write(_command("warning", f"the step summary cannot be written: {failed.strerror}", title="reqlint"))


def _ordered(findings: Sequence[Finding]) -> list[Finding]:
    """Sort by severity, then by rule in the order of first appearance."""
    first: dict[str, int] = {}
    for finding in findings:
        first.setdefault(finding.rule, len(first))
    return sorted(findings, key=lambda finding: (finding.severity.rank, first[finding.rule]))


def _kept(shown: Sequence[Finding]) -> list[Finding]:
    """Choose what is shown of each level: something of every rule before the second finding of any."""
    by_level = Counter(finding.severity for finding in shown)
    cut = any(number > _MOST for number in by_level.values())
    kept: set[int] = set()
    for severity in Severity:
        turns: list[tuple[int, int]] = []
        seen: Counter[str] = Counter()
        for index, finding in enumerate(shown):
            if finding.severity is severity:
                turns.append((seen[finding.rule], index))
                seen[finding.rule] += 1
        # The closing notice is a notice itself, and has to be among those that are kept.
        room = _MOST - 1 if cut and severity is Severity.NOTE else _MOST
        kept.update(index for _, index in sorted(turns)[:room])
    return [shown[index] for index in sorted(kept)]


def _annotation(finding: Finding, name: Callable[[str | None], str], unicode: bool) -> str:
    place: dict[str, object] = {}
    if is_file(finding.source):
        place["file"] = visible(name(finding.source))
        if region := finding.region:
            place |= {"line": region.line, "endLine": region.end_line}
            if region.line == region.end_line:  # the runner takes no columns of more than one line
                place |= {"col": region.utf16_column, "endColumn": region.utf16_end_column}
    return _command(_COMMAND[finding.severity], "\n".join(_remarks(finding, unicode)), **place, title=finding.rule)


def _remarks(finding: Finding, unicode: bool) -> Iterator[str]:
    yield said(finding.message, unicode)
    if finding.pointer:
        yield f"at {placed(finding.pointer, unicode)}"
    if finding.custom_id is not None:
        yield f"in the request {said(finding.custom_id, unicode)}"
    for kind, text in remarks(finding, unicode):
        yield f"{kind}: {text}"


def _closing(left_out: Counter[str], rendering: Rendering) -> str:
    rules = ", ".join(f"{rule} {number:,}" for rule, number in left_out.most_common())
    where = "; the summary of this step goes on" if rendering.step_summary else ""
    more = f"{left_out.total():,} more {'finding' if left_out.total() == 1 else 'findings'}"
    return _command("notice", f"{more}, as GitHub keeps {_MOST} of a level: {rules}{where}", title="reqlint")


def _command(name: str, message: str, **properties: object) -> str:
    given = ",".join(f"{key}={_escaped(str(value), _OF_PROPERTIES)}" for key, value in properties.items())
    return f"::{name} {given}::{_escaped(message, _OF_MESSAGES)}\n"


# The order counts: what the others are written with must not be escaped again.
_OF_MESSAGES = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_OF_PROPERTIES = (*_OF_MESSAGES, (":", "%3A"), (",", "%2C"))


def _escaped(text: str, signs: Sequence[tuple[str, str]]) -> str:
    for sign, written in signs:
        text = text.replace(sign, written)
    return text


def _append(
    summary: Path, report: Report, shown: Sequence[Finding], rendering: Rendering, name: Callable[[str | None], str]
) -> None:
    """Append the summary, cut where the file, with what other programs have written to it, would be too long."""
    already = summary.stat().st_size if summary.exists() else 0
    room = _MOST_BYTES - already - _ROOM_FOR_THE_END
    text = "".join(_summary(report, shown, rendering)).encode("utf-8")
    if len(text) > room:
        return
    lines = [_line(finding, name) for finding in shown]
    opening, closing = block(lines)
    room -= len(text) + 2 * len(closing)
    taken: list[bytes] = []
    for line in lines:
        written = f"{line}\n".encode()
        if len(written) > room:
            break
        taken.append(written)
        room -= len(written)
    with summary.open("ab") as out:
        out.write((b"\n" if already else b"") + text)
        if taken:
            out.write(b"".join([f"\n{opening}\n".encode(), *taken, f"{closing}\n".encode()]))
        if len(taken) < len(lines):
            out.write(f"\n… and {len(lines) - len(taken):,} more\n".encode())


def _summary(report: Report, shown: Sequence[Finding], rendering: Rendering) -> Iterator[str]:
    requests, files = counted(report.requests, "request"), counted(report.files, "file")
    if shown:
        yield f"### reqlint: {counted(len(shown), 'finding')} in {requests}, {files}\n\n"
        yield "| severity | rule | findings |\n|---|---|---:|\n"
        for (severity, rule), number in Counter((finding.severity, finding.rule) for finding in shown).items():
            yield f"| {severity} | `{rule}` | {number:,} |\n"
    elif report.requests:
        yield f"### reqlint: no findings in {requests}, {files}\n"
    else:
        yield f"### reqlint: no requests found in {files}; nothing was checked\n"
    for profile in rendering.profiles:
        yield f"\nprofile {code(profile.name)} (read {profile.read})\n"


def _line(finding: Finding, name: Callable[[str | None], str]) -> str:
    where = visible(name(finding.source))
    if finding.region:
        where += f":{finding.region.line}:{finding.region.column}"
    pointer = f" [{placed(finding.pointer)}]" if finding.pointer else ""
    return f"{where}: {finding.severity} {finding.rule}: {said(finding.message)}{pointer}"
