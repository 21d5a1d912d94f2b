"""One line per finding, for editors and grep."""

from functools import lru_cache

from reqlint.core.findings import Finding, Report, Severity
from reqlint.display.cached import escape, show_once
from reqlint.display.escaping import counted
from reqlint.display.shown import Shown, fill, join, literal, verbatim
from reqlint.reporters.coverage import judged
from reqlint.reporters.fix_remarks import fixable, fixed
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.shown_finding import ShownFinding


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write ``file:line:column: rule severity message [/pointer]`` for each finding, or a table, and the total."""
    findings = [finding for finding in report if not finding.suppressed]
    if rendering.statistics:
        from reqlint.reporters.rule_counts import table  # rarely used

        write(join("", (fill("{}\n", row) for row in table(findings, rendering.unicode))))
    else:
        for start in range(0, len(findings), _BATCH):
            write(join("", [_line(finding, rendering.unicode) for finding in findings[start : start + _BATCH]]))
    if rendering.quiet:
        return
    requests, files = judged(report), counted(report.files, "file")
    if rendering.fixed:
        write(fill("{}\n", fixed(rendering.fixed)))
    if report.has_judged or findings:
        number = counted(len(findings), "finding") if findings else literal("No findings")
        total = fill("{} in {}, {}", number, requests, files)
    else:
        total = fill("No requests found in {}", files)
    thin = fill("{} on thinner evidence left out", counted(report.thin, "finding")) if report.thin else None
    write(fill("{}\n", join("; ", filter(None, [total, fixable(findings), thin]))))


_BATCH = 64  # lines that are written together
_COLON = literal(": ")


def _line(finding: Finding, unicode: bool) -> Shown:
    is_safe = finding.fix is not None and finding.fix.safe
    kind = _kind(finding.rule, finding.severity, is_safe, unicode)
    position = ShownFinding(finding, unicode).position
    return join("", (position, _COLON, kind, _what_and_where(finding.message, finding.pointer, unicode)))


@lru_cache(maxsize=1024)
def _kind(rule: str, severity: Severity, is_safe: bool, unicode: bool) -> Shown:
    return fill("{}{} {} ", escape(verbatim(rule), unicode), literal(" [*]" if is_safe else ""), severity)


@lru_cache(maxsize=1024)
def _what_and_where(message: str, pointer: str, unicode: bool) -> Shown:
    shown_message, shown_pointer = show_once(message, pointer, unicode)
    return fill("{} [{}]\n", shown_message, shown_pointer) if pointer else fill("{}\n", shown_message)
