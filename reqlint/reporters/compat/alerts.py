"""The findings behind the table as SARIF 2.1.0, each with the APIs it concerns in its message."""

from reqlint.core.findings import Report
from reqlint.core.records import replace
from reqlint.reporters.compat.wording import said_by
from reqlint.reporters.formats import sarif
from reqlint.reporters.rendering import Rendering, Write
from reqlint.run.compat.table import CompatReport


def render(report: CompatReport, rendering: Rendering, write: Write) -> None:
    """Write one run with all findings."""
    findings = [
        replace(each.finding, message=f"{each.finding.message} ({said_by(each)})") if each.columns else each.finding
        for each in report.findings
    ]
    sarif.render(Report(tuple(findings), report.files), rendering, write)
