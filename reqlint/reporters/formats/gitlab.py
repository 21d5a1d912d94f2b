"""Code Quality reports for GitLab: a JSON array that merge requests show."""

from collections.abc import Callable
from functools import lru_cache

from reqlint.core.findings import Finding, Report, Severity
from reqlint.display.cached import show_once
from reqlint.display.credentials import mask
from reqlint.display.escaping import to_json
from reqlint.display.shown import Masked, Shown, fill, join, literal, verbatim
from reqlint.reporters.paths import relative_to
from reqlint.reporters.rendering import Rendering, Write

# "blocker" and "critical" are left to tools that know what a mistake costs.
_SEVERITY = {Severity.ERROR: literal("major"), Severity.WARNING: literal("minor"), Severity.NOTE: literal("info")}


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write all findings, one per line; columns count code points."""
    path_of = relative_to(rendering.root)
    seen: dict[str, int] = {}
    findings = [finding for finding in report if not finding.suppressed]
    for start in range(0, len(findings), _BATCH):
        entries = [_entry(finding, path_of, seen, rendering) for finding in findings[start : start + _BATCH]]
        write(fill("{}\n{}", literal("," if start else "["), join(",\n", entries)))
    write(literal("\n]\n" if findings else "[]\n"))


_BATCH = 64  # entries that are written together


def _entry(
    finding: Finding, path_of: Callable[[str | None], Masked], seen: dict[str, int], rendering: Rendering
) -> Shown:
    """Write an object; what many findings have alike in it is written once."""
    # NOTE: join takes a third of the time of the encoder here, which counts for 100,000 findings.
    unicode = rendering.unicode
    return join(
        "",
        (
            _content(rendering.docs_url(finding.rule), unicode),
            _description(finding.message, finding.pointer, unicode),
            _check_name(finding.rule, unicode),
            to_json(_fingerprint(finding, seen), unicode=unicode),
            _severity_and_path(finding.severity, path_of(finding.source), unicode),
            _extent(finding),
        ),
    )


@lru_cache(maxsize=256)
def _content(docs_url: str | None, unicode: bool) -> Shown:
    if docs_url is None:
        return literal('{"description": ')
    return fill('{{"content": {}, "description": ', to_json({"body": mask(docs_url)}, unicode=unicode))


@lru_cache(maxsize=1024)
def _description(message: str, pointer: str, unicode: bool) -> Shown:
    shown_message, shown_pointer = show_once(message, pointer)
    return to_json(fill("{} ({})", shown_message, shown_pointer) if pointer else shown_message, unicode=unicode)


@lru_cache(maxsize=256)
def _check_name(rule: str, unicode: bool) -> Shown:
    return fill(', "check_name": {}, "fingerprint": ', to_json(verbatim(rule), unicode=unicode))


@lru_cache(maxsize=1024)
def _severity_and_path(severity: Severity, path: Masked, unicode: bool) -> Shown:
    return fill(
        ', "severity": {}, "location": {{"path": {}, ',
        to_json(_SEVERITY[severity], unicode=unicode),
        to_json(path, unicode=unicode),
    )


def _extent(finding: Finding) -> Shown:
    region = finding.region
    if not region:
        return literal('"lines": {"begin": 1}}}')  # GitLab requires a line
    return fill(
        '"positions": {{"begin": {{"line": {}, "column": {}}}, "end": {{"line": {}, "column": {}}}}}}}}}',
        region.line, region.column, region.end_line, region.end_column,
    )  # fmt: skip


def _fingerprint(finding: Finding, seen: dict[str, int]) -> Masked:
    """Return a fingerprint that no other finding has: of two with the same one GitLab would keep the last."""
    base = finding.fingerprint or repr((finding.rule, finding.source, finding.document, finding.pointer))
    seen[base] = seen.get(base, 0) + 1
    if finding.fingerprint and seen[base] == 1:
        return verbatim(base)
    from hashlib import sha256  # few reports need it

    return verbatim(sha256(f"{base}#{seen[base]}".encode("utf-8", "surrogatepass")).hexdigest()[:24])
