"""One line a finding, for editors, grep and people in a hurry."""

from reqlint.core.findings import Finding, Report
from reqlint.display.escaping import counted
from reqlint.reporters import Rendering, Write
from reqlint.reporters._edits import fixable, fixed
from reqlint.reporters._shown import placed, said, visible


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write ``file:line:column: rule severity message [/pointer]`` a finding, or a table, and how many."""
    shown = [finding for finding in report if not finding.suppressed]
    if rendering.statistics:
        from reqlint.reporters._statistics import table  # asked for now and then

        write("".join(f"{row}\n" for row in table(shown, rendering.unicode)))
    else:
        for finding in shown:
            write(_line(finding, rendering.unicode) + "\n")
    if not rendering.quiet:
        what = counted(len(shown), "finding") if shown else "No findings"
        requests, files = counted(report.requests, "request"), counted(report.files, "file")
        if rendering.fixed:
            write(fixed(rendering.fixed) + "\n")
        what = f"{what} in {requests}, {files}" if report.requests or shown else f"No requests found in {files}"
        write("; ".join(filter(None, [what, fixable(shown)])) + "\n")


def _line(finding: Finding, unicode: bool) -> str:
    where = visible(finding.source or "request", unicode)
    if finding.region:
        where += f":{finding.region.line}:{finding.region.column}"
    marked = " [*]" if finding.fix and finding.fix.safe else ""
    pointer = f" [{placed(finding.pointer, unicode)}]" if finding.pointer else ""
    return f"{where}: {finding.rule}{marked} {finding.severity} {said(finding.message, unicode)}{pointer}"
