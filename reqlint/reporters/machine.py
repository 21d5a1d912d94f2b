"""Reports for programs: one JSON object, or a JSON object a line; ``schemas/meta/report.json`` describes both."""

from collections import Counter

from reqlint.findings import Finding, Region, Report, Severity
from reqlint.inert import mask, to_json
from reqlint.reporters import Rendering, Write
from reqlint.reporters._edits import shown_fix


def render_json(report: Report, rendering: Rendering, write: Write) -> None:
    """Write one object; its findings stand one a line, so that a diff or a pager can be used on it."""
    write(f'{{"version": 1,\n"tool": {to_json({"name": "reqlint", "version": rendering.version})},\n')
    write(f'"summary": {to_json(_summary(report, rendering))},\n')
    if rendering.statistics:
        from reqlint.reporters._statistics import as_values  # asked for now and then

        write(f'"statistics": {to_json(as_values(report))},\n')
    write('"findings": [')
    for number, finding in enumerate(report):
        write((",\n" if number else "\n") + to_json(as_dict(finding)))
    write("\n]" if report.findings else "]")
    if rendering.fixed:
        write(',\n"fixed": [\n' + ",\n".join(to_json(as_dict(finding)) for finding in rendering.fixed) + "\n]")
    write("}\n")


def render_jsonl(report: Report, _rendering: Rendering, write: Write) -> None:
    """Write every finding as an object of its own line, and nothing else."""
    for finding in report:
        write(to_json(as_dict(finding)) + "\n")


def as_dict(finding: Finding) -> dict[str, object]:
    """Give *finding* as plain values, keyed as promised to the readers of the JSON output."""
    return {
        "rule": finding.rule,
        "severity": str(finding.severity),
        "message": mask(finding.message),
        "pointer": finding.pointer,
        "path": finding.path,
        "profile": finding.profile,
        "file": finding.source,
        **_extent(finding.region),
        "document": finding.document,
        "custom_id": finding.custom_id,
        "part": str(finding.part),
        "help": finding.help and mask(finding.help),
        "note": finding.note and mask(finding.note),
        "related": [
            {
                "message": mask(related.message),
                "pointer": related.pointer,
                "path": related.path,
                "document": finding.document if related.document is None else related.document,
                **_extent(related.region),
            }
            for related in finding.related
        ],
        "fix": _fix(finding),
        "suppressed": finding.suppressed,
        "suppression": finding.suppression
        and {"kind": finding.suppression.kind, "reason": mask(finding.suppression.reason)},
        "baselined": finding.baselined,
        "fingerprint": finding.fingerprint,
    }


def _fix(finding: Finding) -> dict[str, object] | None:
    fix = shown_fix(finding)
    if fix is None:
        return None
    edits = [{**_extent(edit.region), "replacement": edit.replacement} for edit in fix.edits]
    return {"description": mask(fix.description), "safe": fix.safe, "edits": edits}


def _extent(region: Region | None) -> dict[str, int | None]:
    line, column, end_line, end_column = (
        (region.line, region.column, region.end_line, region.end_column) if region else (None, None, None, None)
    )
    return {"line": line, "column": column, "end_line": end_line, "end_column": end_column}


def _summary(report: Report, rendering: Rendering) -> dict[str, object]:
    fired = Counter(finding.rule for finding in report if not finding.suppressed)
    return {
        "files": report.files,
        "requests": report.requests,
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.NOTE),
        "skipped": len(report.skipped),
        "suppressed": sum(finding.suppressed and not finding.baselined for finding in report),
        "baselined": sum(finding.baselined for finding in report),
        "profiles": list(report.profiles),
        "judged_by": [
            {"profile": profile, "because": mask(why) or None, "requests": count}
            for profile, why, count in report.judged_by
        ],
        "fixable": sum(finding.fix is not None for finding in report if not finding.suppressed),
        "fixed": len(rendering.fixed),
        "by_rule": dict(sorted(fired.items())),
        "skipped_files": [{"file": source, "reason": reason} for source, reason in report.skipped],
        "notifications": [mask(text) for text in rendering.notifications],
    }
