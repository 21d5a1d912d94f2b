"""Findings as diagnostics of the protocol."""

from collections.abc import Iterator
from typing import Any

from reqlint.core.findings import Finding, Severity
from reqlint.display.cached import sanitize
from reqlint.lsp.positions import START, Range
from reqlint.lsp.workspace import MAX_CHARACTERS, MOST_FINDINGS, Analysis, Problem
from reqlint.project.docs_urls import docs_url
from reqlint.reporters.shown_finding import ShownFinding

Diagnostic = dict[str, Any]

SOURCE = "reqlint"
_SEVERITIES = {Severity.ERROR: 1, Severity.WARNING: 2, Severity.NOTE: 3}
_INFORMATION = 3
_MOST_RELATED = 5


def diagnostics(analysis: Analysis) -> list[Diagnostic]:
    """Return what an editor shows of a document, in the order of its text."""
    return [*_about(analysis), *(diagnostic(analysis, finding) for finding in analysis.findings)]


def diagnostic(analysis: Analysis, finding: Finding) -> Diagnostic:
    """Return the diagnostic of one finding."""
    shown = ShownFinding(finding)
    message: str = shown.message
    if finding.help:
        message += f"\nhelp: {sanitize(finding.help)}"
    made: Diagnostic = {
        "range": analysis.positions.range(finding.region),
        "severity": _SEVERITIES[finding.severity],
        "code": finding.rule,
        "source": SOURCE,
        "message": message,
    }
    url = docs_url(analysis.settings.docs_url, finding.rule)
    if url:
        made["codeDescription"] = {"href": url}
    related = [
        {
            "location": {"uri": analysis.document.uri, "range": analysis.positions.range(each.region)},
            "message": sanitize(each.message),
        }
        for each in finding.related[:_MOST_RELATED]
        if each.region
    ]
    if related:
        made["relatedInformation"] = related
    return made


def _about(analysis: Analysis) -> Iterator[Diagnostic]:
    """Yield what is to be said of the document as a whole."""
    if analysis.problem is not None and analysis.problem.path is None:
        yield _remark(analysis.problem.message)
    if analysis.too_long:
        yield _remark(f"more than {MAX_CHARACTERS:,} characters are not judged while they are typed")
    if analysis.left_out:
        yield _remark(f"only the first {MOST_FINDINGS} findings are shown")


def _remark(message: str) -> Diagnostic:
    return {"range": START, "severity": _INFORMATION, "source": SOURCE, "message": message}


def problem_diagnostic(problem: Problem) -> Diagnostic:
    """Return the diagnostic in the file that keeps documents from being judged."""
    at = {"line": problem.line - 1, "character": problem.column - 1}
    span: Range = {"start": at, "end": at}
    return {"range": span, "severity": 1, "source": SOURCE, "message": problem.message}
