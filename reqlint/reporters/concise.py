"""One line a finding, for editors, grep and people in a hurry."""

from reqlint.findings import Finding, Report
from reqlint.inert import counted, said, visible
from reqlint.reporters import Rendering, Write


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write ``file:line:column: rule severity message [/pointer]`` for every finding, and how many there are."""
    shown = [finding for finding in report if not finding.suppressed]
    for finding in shown:
        write(_line(finding, rendering.unicode) + "\n")
    if not rendering.quiet:
        what = counted(len(shown), "finding") if shown else "No findings"
        requests, files = counted(report.requests, "request"), counted(report.files, "file")
        write(f"{what} in {requests}, {files}\n" if report.requests or shown else f"No requests found in {files}\n")


def _line(finding: Finding, unicode: bool) -> str:
    where = visible(finding.source or "request", unicode)
    if finding.region:
        where += f":{finding.region.line}:{finding.region.column}"
    fixable = " [*]" if finding.fix is not None else ""
    pointer = f" [{said(finding.pointer, unicode)}]" if finding.pointer else ""
    return f"{where}: {finding.rule}{fixable} {finding.severity} {said(finding.message, unicode)}{pointer}"
