"""Code Quality reports of GitLab: a JSON array that merge requests show."""

import json
from collections import Counter
from collections.abc import Callable

from reqlint.core.findings import Finding, Report, Severity
from reqlint.display.escaping import to_json
from reqlint.reporters import Rendering, Write
from reqlint.reporters._paths import below
from reqlint.reporters._shown import placed, said

# blocker and critical are left to tools that know what a mistake costs.
_SEVERITY = {Severity.ERROR: "major", Severity.WARNING: "minor", Severity.NOTE: "info"}


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write all findings, one a line; columns count code points."""
    dump = to_json if rendering.unicode else json.dumps
    name = below(rendering.root)
    seen: Counter[str] = Counter()
    separator = "["
    for finding in report:
        if not finding.suppressed:
            write(f"{separator}\n{dump(_entry(finding, name, seen))}")
            separator = ","
    write("[]\n" if separator == "[" else "\n]\n")


def _entry(finding: Finding, name: Callable[[str | None], str], seen: Counter[str]) -> dict[str, object]:
    pointer = f" ({placed(finding.pointer)})" if finding.pointer else ""
    return {
        "description": said(finding.message) + pointer,
        "check_name": finding.rule,
        "fingerprint": _fingerprint(finding, seen),
        "severity": _SEVERITY[finding.severity],
        "location": {"path": name(finding.source), **_extent(finding)},
    }


def _extent(finding: Finding) -> dict[str, object]:
    region = finding.region
    if not region:
        return {"lines": {"begin": 1}}  # a line is required
    begin = {"line": region.line, "column": region.column}
    end = {"line": region.end_line, "column": region.end_column}
    return {"positions": {"begin": begin, "end": end}}


def _fingerprint(finding: Finding, seen: Counter[str]) -> str:
    """Give every finding its own fingerprint: of two with the same one GitLab would keep the last."""
    from hashlib import sha256

    mark = finding.fingerprint or repr((finding.rule, finding.source, finding.document, finding.pointer))
    seen[mark] += 1
    if finding.fingerprint and seen[mark] == 1:
        return mark
    return sha256(f"{mark}#{seen[mark]}".encode("utf-8", "surrogatepass")).hexdigest()[:24]
