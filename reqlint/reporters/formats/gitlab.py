"""Code Quality reports for GitLab: a JSON array that merge requests show."""

from collections import Counter
from collections.abc import Callable

from reqlint.core.findings import Finding, Report, Severity
from reqlint.display.credentials import mask
from reqlint.display.escaping import to_json
from reqlint.display.shown import Json, Masked, fill, literal, verbatim
from reqlint.reporters.paths import relative_to
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.shown_finding import ShownFinding

# "blocker" and "critical" are left to tools that know what a mistake costs.
_SEVERITY = {Severity.ERROR: literal("major"), Severity.WARNING: literal("minor"), Severity.NOTE: literal("info")}


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write all findings, one per line; columns count code points."""
    path_of = relative_to(rendering.root)
    seen: Counter[str] = Counter()
    separator = literal("[")
    for finding in report:
        if not finding.suppressed:
            write(
                fill(
                    "{}\n{}",
                    separator,
                    to_json(
                        _entry(finding, path_of, seen, rendering.docs_url(finding.rule)), unicode=rendering.unicode
                    ),
                )
            )
            separator = literal(",")
    write(literal("[]\n" if separator == "[" else "\n]\n"))


def _entry(finding: Finding, path_of: Callable[[str | None], Masked], seen: Counter[str], docs_url: str | None) -> Json:
    shown = ShownFinding(finding)
    content: dict[str, Json] = {} if docs_url is None else {"content": {"body": mask(docs_url)}}
    return {
        **content,
        "description": fill("{} ({})", shown.message, shown.pointer) if finding.pointer else shown.message,
        "check_name": verbatim(finding.rule),
        "fingerprint": _fingerprint(finding, seen),
        "severity": _SEVERITY[finding.severity],
        "location": {"path": path_of(finding.source), **_extent(finding)},
    }


def _extent(finding: Finding) -> dict[str, Json]:
    region = finding.region
    if not region:
        return {"lines": {"begin": 1}}  # GitLab requires a line
    begin: Json = {"line": region.line, "column": region.column}
    end: Json = {"line": region.end_line, "column": region.end_column}
    return {"positions": {"begin": begin, "end": end}}


def _fingerprint(finding: Finding, seen: Counter[str]) -> Masked:
    """Return a fingerprint that no other finding has: of two with the same one GitLab would keep the last."""
    from hashlib import sha256  # a clean report needs none

    base = finding.fingerprint or repr((finding.rule, finding.source, finding.document, finding.pointer))
    seen[base] += 1
    if finding.fingerprint and seen[base] == 1:
        return verbatim(base)
    return verbatim(sha256(f"{base}#{seen[base]}".encode("utf-8", "surrogatepass")).hexdigest()[:24])
