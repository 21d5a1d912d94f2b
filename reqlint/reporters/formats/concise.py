"""One line per finding, for editors and grep."""

from reqlint.core.findings import Finding, Report
from reqlint.display.escaping import counted
from reqlint.display.shown import Shown, fill, join, literal
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
        for finding in findings:
            write(_line(finding, rendering.unicode))
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


def _line(finding: Finding, unicode: bool) -> Shown:
    shown = ShownFinding(finding, unicode)
    mark = literal(" [*]" if finding.fix and finding.fix.safe else "")
    pointer = fill(" [{}]", shown.pointer) if finding.pointer else literal("")
    return fill("{}: {}{} {} {}{}\n", shown.position, shown.rule, mark, finding.severity, shown.message, pointer)
