"""Reports for programs: one JSON object, or one object per line; ``schemas/meta/report.json`` describes both."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache

from reqlint.core.findings import Finding, Part, Region, Related, Report, Severity, Suppression
from reqlint.display.cached import mask, mask_path, mask_together
from reqlint.display.escaping import to_json
from reqlint.display.shown import Json, Shown, fill, join, literal, transform, verbatim
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.shown_finding import shown_fix


def render_json(report: Report, rendering: Rendering, write: Write) -> None:
    """Write one object; each finding is on its own line, so that a diff or a pager can be used."""
    tool: Json = {"name": literal("reqlint"), "version": verbatim(rendering.version)}
    write(fill('{{"version": 1,\n"tool": {},\n', to_json(tool)))
    write(fill('"summary": {},\n', to_json(_summary(report, rendering))))
    if rendering.statistics:
        from reqlint.reporters.rule_counts import as_values  # rarely used

        write(fill('"statistics": {},\n', to_json(as_values(report))))
    write(literal('"findings": ['))
    for number, findings in enumerate(_in_batches(report.findings)):
        write(literal(",\n" if number else "\n"))
        write(join(",\n", [_written(finding, rendering.docs_url(finding.rule)) for finding in findings]))
    write(literal("\n]" if report.findings else "]"))
    if rendering.fixed:
        write(
            fill(
                ',\n"fixed": [\n{}\n]',
                join(",\n", (_written(each, rendering.docs_url(each.rule)) for each in rendering.fixed)),
            )
        )
    write(literal("}\n"))


def render_jsonl(report: Report, rendering: Rendering, write: Write) -> None:
    """Write each finding as an object on its own line, and nothing else."""
    newline = literal("\n")
    for findings in _in_batches(report.findings):
        write(join("\n", [_written(finding, rendering.docs_url(finding.rule)) for finding in findings]))
        write(newline)


_BATCH = 64  # findings that are written together


def _in_batches(findings: Sequence[Finding]) -> Iterator[Sequence[Finding]]:
    for start in range(0, len(findings), _BATCH):
        yield findings[start : start + _BATCH]


def as_dict(finding: Finding) -> dict[str, object]:
    """Return the members of *finding* in the JSON output."""
    return {
        **_kind(finding.rule, str(finding.severity)),
        **_texts(finding.message, finding.pointer, finding.path),
        **_origin(finding.profile, finding.source),
        **_place(finding),
        **_remarks(str(finding.part), finding.help, finding.note, finding.evidence),
        "related": _related(finding.related, finding.document),
        "fix": _fix(finding),
        **_suppression(finding.suppressed, finding.suppression),
        "fingerprint": verbatim(finding.fingerprint),
    }


def _written(finding: Finding, docs_url: str | None) -> Shown:
    """Write `as_dict` as JSON; members that many findings share are written once."""
    # NOTE: join is three times as fast as fill here, which counts for 100,000 findings.
    return join(
        "",
        (
            _kind_written(finding.rule, str(finding.severity)),
            _texts_written(finding.message, finding.pointer, finding.path),
            _origin_written(finding.profile, finding.source, docs_url),
            _place_written(finding),
            _remarks_written(str(finding.part), finding.help, finding.note, finding.evidence),
            _related_written(finding.related, finding.document) if finding.related else _NOTHING_RELATED,
            fill(', "fix": {}', to_json(_fix(finding))) if finding.fix else _NO_FIX,
            _suppression_written(finding.suppressed, finding.suppression),
            _FINGERPRINT,
            to_json(verbatim(finding.fingerprint)),
            _END,
        ),
    )


_NOTHING_RELATED, _NO_FIX = literal(', "related": []'), literal(', "fix": null')
_FINGERPRINT, _END = literal(', "fingerprint": '), literal("}")


def _kind(rule: str, severity: str) -> dict[str, Json]:
    return {"rule": verbatim(rule), "severity": Severity(severity)}


def _texts(message: str, pointer: str, path: str) -> dict[str, Json]:
    masked = mask_together(message, pointer, path)
    return {"message": masked[0], "pointer": masked[1], "path": masked[2]}


def _origin(profile: str | None, file: str | None, docs_url: str | None = None) -> dict[str, Json]:
    return {
        "profile": None if profile is None else verbatim(profile),
        "file": None if file is None else mask_path(file),
        "docs_url": None if docs_url is None else mask(docs_url),
    }


def _place_written(finding: Finding) -> Shown:
    region, custom_id = finding.region, finding.custom_id
    if region is None or custom_id is not None:
        return fill(", {}", transform(to_json(_place(finding)), _without_braces))
    return fill(
        ', "line": {}, "column": {}, "end_line": {}, "end_column": {}, "document": {}, "custom_id": null',
        region.line, region.column, region.end_line, region.end_column, finding.document,
    )  # fmt: skip


def _place(finding: Finding) -> dict[str, Json]:
    custom_id = finding.custom_id
    return {
        **_extent(finding.region),
        "document": finding.document,
        "custom_id": None if custom_id is None else mask(custom_id),
    }


def _remarks(part: str, help_text: str | None, note: str | None, evidence: str | None) -> dict[str, Json]:
    return {
        "part": Part(part),
        "help": None if help_text is None else mask(help_text),
        "note": None if note is None else mask(note),
        "evidence": None if evidence is None else mask(evidence),
    }


def _suppression(suppressed: bool, why: Suppression | None) -> dict[str, Json]:
    return {
        "suppressed": suppressed,
        "suppression": None if why is None else {"kind": verbatim(why.kind), "reason": mask(why.reason)},
        "baselined": why is not None and why.kind == "baseline",
        "explained": why is not None and why.kind == "recording",
    }


def _without_braces(text: str) -> str:
    return text[1:-1]


def _without_last_brace(text: str) -> str:
    return text[:-1]


def _after_others(text: str) -> str:
    return f", {text[1:-1]}"


def _written_once(
    members: Callable[..., dict[str, Json]], cut: Callable[[str], str] = _after_others
) -> Callable[..., Shown]:
    """Return a function that writes what *members* returns as JSON, to follow other members, and caches it."""
    return lru_cache(maxsize=1024)(lambda *arguments: transform(to_json(members(*arguments)), cut))


_kind_written = _written_once(_kind, _without_last_brace)


@lru_cache(maxsize=1024)
def _texts_written(message: str, pointer: str, path: str) -> Shown:
    masked = mask_together(message, pointer, path)
    parts = (_MESSAGE, to_json(masked[0]), _POINTER, to_json(masked[1]), _PATH, to_json(masked[2]))
    return join("", parts)


_MESSAGE, _POINTER, _PATH = literal(', "message": '), literal(', "pointer": '), literal(', "path": ')
_origin_written = _written_once(_origin)
_remarks_written = _written_once(_remarks)
_suppression_written = _written_once(_suppression)


def _related(related: Sequence[Related], document: int) -> list[Json]:
    return [
        {
            **_texts(each.message, each.pointer, each.path),
            "document": document if each.document is None else each.document,
            **_extent(each.region),
        }
        for each in related
    ]


@lru_cache(maxsize=256)
def _related_written(related: Sequence[Related], document: int) -> Shown:
    return fill(', "related": {}', to_json(_related(related, document)))


def _fix(finding: Finding) -> Json:
    fix = shown_fix(finding)
    if fix is None:
        return None
    edits: list[Json] = [{**_extent(edit.region), "replacement": edit.replacement} for edit in fix.edits]
    return {"description": fix.description, "safe": fix.safe, "edits": edits}


def _extent(region: Region | None) -> dict[str, Json]:
    if region is None:
        return {"line": None, "column": None, "end_line": None, "end_column": None}
    return {
        "line": region.line,
        "column": region.column,
        "end_line": region.end_line,
        "end_column": region.end_column,
    }


def _summary(report: Report, rendering: Rendering) -> Json:
    fired = Counter(finding.rule for finding in report if not finding.suppressed)
    return {
        "files": report.files,
        "requests": report.requests,
        "tools": report.tools,
        "errors": report.count(Severity.ERROR),
        "warnings": report.count(Severity.WARNING),
        "notes": report.count(Severity.NOTE),
        "skipped": len(report.skipped),
        "suppressed": sum(finding.suppressed and not finding.baselined and not finding.explained for finding in report),
        "baselined": sum(finding.baselined for finding in report),
        "explained_refusals": report.explained_refusals,
        "thin_evidence": report.thin,
        "profiles": [verbatim(profile) for profile in report.profiles],
        "judged_by": [
            {"profile": verbatim(profile), "because": mask(why) or None, "requests": count}
            for profile, why, count in report.judged_by
        ],
        "passed_over": [
            {"what": verbatim(what), "of": verbatim(of), "count": count} for what, of, count in report.passed_over
        ],
        "fixable": sum(finding.fix is not None for finding in report if not finding.suppressed),
        "fixed": len(rendering.fixed),
        "by_rule": dict(sorted(fired.items())),
        "skipped_files": [{"file": mask_path(source), "reason": mask(reason)} for source, reason in report.skipped],
        "notifications": [mask(text) for text in rendering.notifications],
    }
