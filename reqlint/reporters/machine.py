"""Reports for programs: one JSON object, or a JSON object a line; ``schemas/meta/report.json`` describes both."""

from collections import Counter
from collections.abc import Callable
from functools import lru_cache

from reqlint.core.findings import Finding, Region, Report, Severity, Suppression
from reqlint.display.escaping import to_json
from reqlint.reporters import Rendering, Write
from reqlint.reporters._edits import shown_fix
from reqlint.reporters._shown import mask, mask_pointer


def render_json(report: Report, rendering: Rendering, write: Write) -> None:
    """Write one object; its findings stand one a line, so that a diff or a pager can be used on it."""
    write(f'{{"version": 1,\n"tool": {to_json({"name": "reqlint", "version": rendering.version})},\n')
    write(f'"summary": {to_json(_summary(report, rendering))},\n')
    if rendering.statistics:
        from reqlint.reporters._statistics import as_values  # asked for now and then

        write(f'"statistics": {to_json(as_values(report))},\n')
    write('"findings": [')
    for number, finding in enumerate(report):
        write((",\n" if number else "\n") + _written(finding))
    write("\n]" if report.findings else "]")
    if rendering.fixed:
        write(',\n"fixed": [\n' + ",\n".join(_written(finding) for finding in rendering.fixed) + "\n]")
    write("}\n")


def render_jsonl(report: Report, _rendering: Rendering, write: Write) -> None:
    """Write every finding as an object of its own line, and nothing else."""
    for finding in report:
        write(_written(finding) + "\n")


def as_dict(finding: Finding) -> dict[str, object]:
    """Give *finding* as plain values, keyed as promised to the readers of the JSON output."""
    return {
        **_mistake(*_mistake_of(finding)),
        **_extent(finding.region),
        "document": finding.document,
        "custom_id": finding.custom_id and mask(finding.custom_id),
        **_remarks(str(finding.part), finding.help, finding.note),
        "related": _related(finding),
        "fix": _fix(finding),
        **_standing(finding.suppressed, finding.suppression),
        "fingerprint": finding.fingerprint,
    }


def _written(finding: Finding) -> str:
    """Write `as_dict` as JSON; what is the same in many findings is not written anew for each."""
    custom_id = finding.custom_id
    own = {**_extent(finding.region), "document": finding.document, "custom_id": custom_id and mask(custom_id)}
    return ", ".join(
        [
            f"{{{_mistake_written(*_mistake_of(finding))}",
            to_json(own)[1:-1],
            _remarks_written(str(finding.part), finding.help, finding.note),
            f'"related": {to_json(_related(finding)) if finding.related else "[]"}',
            f'"fix": {to_json(_fix(finding)) if finding.fix else "null"}',
            _standing_written(finding.suppressed, finding.suppression),
            f'"fingerprint": {to_json(finding.fingerprint)}}}',
        ]
    )


def _mistake_of(finding: Finding) -> tuple[str, str, str, str, str, str | None, str | None]:
    severity = str(finding.severity)
    return finding.rule, severity, finding.message, finding.pointer, finding.path, finding.profile, finding.source


def _mistake(
    rule: str, severity: str, message: str, pointer: str, path: str, profile: str | None, file: str | None
) -> dict[str, object]:
    return {
        "rule": rule,
        "severity": severity,
        "message": mask(message),
        "pointer": mask_pointer(pointer),
        "path": mask(path),
        "profile": profile,
        "file": file,
    }


def _remarks(part: str, help_text: str | None, note: str | None) -> dict[str, object]:
    return {"part": part, "help": help_text and mask(help_text), "note": note and mask(note)}


def _standing(suppressed: bool, suppression: Suppression | None) -> dict[str, object]:
    return {
        "suppressed": suppressed,
        "suppression": suppression and {"kind": suppression.kind, "reason": mask(suppression.reason)},
        "baselined": suppression is not None and suppression.kind == "baseline",
    }


def _inside(members: Callable[..., dict[str, object]]) -> Callable[..., str]:
    """Give what writes the members that *members* gives, without the braces."""
    return lru_cache(maxsize=1024)(lambda *given: to_json(members(*given))[1:-1])


_mistake_written = _inside(_mistake)
_remarks_written = _inside(_remarks)
_standing_written = _inside(_standing)


def _related(finding: Finding) -> list[dict[str, object]]:
    return [
        {
            "message": mask(related.message),
            "pointer": mask_pointer(related.pointer),
            "path": mask(related.path),
            "document": finding.document if related.document is None else related.document,
            **_extent(related.region),
        }
        for related in finding.related
    ]


def _fix(finding: Finding) -> dict[str, object] | None:
    fix = shown_fix(finding)
    if fix is None:
        return None
    edits = [{**_extent(edit.region), "replacement": edit.replacement} for edit in fix.edits]
    return {"description": mask(fix.description), "safe": fix.safe, "edits": edits}


def _extent(region: Region | None) -> dict[str, object]:
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
        "skipped_files": [{"file": source, "reason": mask(reason)} for source, reason in report.skipped],
        "notifications": [mask(text) for text in rendering.notifications],
    }
