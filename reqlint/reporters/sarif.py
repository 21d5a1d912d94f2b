"""SARIF 2.1.0, as GitHub code scanning wants it."""

import hashlib
import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from urllib.parse import quote

from reqlint.core.findings import Finding, Fix, Region, Related, Report, Severity
from reqlint.display.escaping import ELLIPSIS, to_json
from reqlint.reporters import Rendering, RuleCard, Write
from reqlint.reporters._edits import shown_fix
from reqlint.reporters._lines import line_hashes
from reqlint.reporters._shown import mask, mask_pointer, placed, said

_MOST_RESULTS = 5_000  # more are dropped by GitHub, which does not say which ones
_OF_EVERY_RULE = 10  # results that a rule has before graver ones of others
_MOST_RELATED = 100  # locations of a result that are kept
_MOST_TAGS = 20
_LONGEST = 1_024  # characters of a rule's descriptions
_ROOT = "%SRCROOT%"
_RECOMMENDATION = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.NOTE: "recommendation"}
_SECURITY_SEVERITY = {Severity.ERROR: "8.0", Severity.WARNING: "5.0", Severity.NOTE: "3.0"}


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write one run with all findings, suppressed ones marked as such; of more than 5,000 the gravest, and say so."""
    root = (rendering.root or Path.cwd()).resolve()
    findings, cut = _gravest(report.findings)
    if cut and not rendering.quiet:
        rendering.say(f"note: the SARIF report leaves {cut.total():,} findings out, as GitHub keeps {_MOST_RESULTS:,}")
    ids = sorted({finding.rule for finding in findings})
    driver = {
        "name": "reqlint",
        "semanticVersion": rendering.version,
        "rules": [_rule(rendering.rules.get(name) or _unknown(name, findings)) for name in ids],
    }
    invocation = {
        "executionSuccessful": rendering.exit_code != 2,
        "exitCode": rendering.exit_code,
        "toolExecutionNotifications": list(_notifications(rendering.notifications, cut)),
    }
    run = {
        "automationDetails": {"id": "/".join(["reqlint", *filter(None, ["+".join(sorted(report.profiles))]), ""])},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {_ROOT: {"uri": root.as_uri().rstrip("/") + "/"}},
        "tool": {"driver": driver},
        "invocations": [invocation],
    }
    write('{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{')
    write("".join(f"\n{to_json(key)}: {to_json(value)}," for key, value in run.items()) + '\n"results": [')
    places = _Places(root)
    extra = _line_fingerprints(findings, rendering)
    marked = any(finding.suppressed for finding in findings)
    for number, finding in enumerate(findings):
        result = _result(finding, ids.index(finding.rule), places, extra.get(number), marked=marked)
        write((",\n" if number else "\n") + to_json(result))
    write("\n]}]}\n" if findings else "]}]}\n")


def _gravest(findings: Sequence[Finding]) -> tuple[Sequence[Finding], Counter[str]]:
    """Keep the findings that matter most and some of every rule, in their order, and count the others by rule."""
    if len(findings) <= _MOST_RESULTS:
        return findings, Counter()
    seen: Counter[str] = Counter()
    ranks = []
    for index, finding in enumerate(findings):
        seen[finding.rule] += not finding.suppressed
        ranks.append((finding.suppressed, seen[finding.rule] > _OF_EVERY_RULE, finding.severity.rank, index))
    ranked = [index for *_, index in sorted(ranks)]
    kept, cut = sorted(ranked[:_MOST_RESULTS]), ranked[_MOST_RESULTS:]
    return [findings[i] for i in kept], Counter(findings[i].rule for i in cut)


def _notifications(texts: Sequence[str], cut: Counter[str]) -> Iterator[dict[str, object]]:
    for text in texts:
        yield {"level": "error", "message": {"text": _sentence(text)}}
    if cut:
        rules = ", ".join(f"'{rule}' {number:,}" for rule, number in sorted(cut.items()))
        kept = f"the gravest {_MOST_RESULTS:,} and some of every rule are kept"
        text = f"{cut.total():,} findings are left out, {kept}. By rule: {rules}."
        yield {"level": "warning", "message": {"text": text}}


def _unknown(name: str, findings: Sequence[Finding]) -> RuleCard:
    first = next(finding for finding in findings if finding.rule == name)
    return RuleCard(name, name.replace("-", " ").capitalize(), "", first.severity, "")


def _rule(card: RuleCard) -> dict[str, object]:
    why = card.why or card.summary
    text = card.help_text or why
    properties: dict[str, object] = {
        "tags": list(dict.fromkeys([*card.tags, *filter(None, [card.subject])]))[:_MOST_TAGS],
        "precision": "very-high",
        "problem.severity": _RECOMMENDATION[card.severity],
    }
    if "security" in card.tags:
        properties["security-severity"] = _SECURITY_SEVERITY[card.severity]
    return {
        "id": card.id,
        "name": "".join(word.capitalize() for word in card.id.split("-"))[:255],
        "shortDescription": {"text": _sentence(card.summary)},
        "fullDescription": {"text": _sentence(" ".join(why.split()))},
        "help": {"text": text, "markdown": card.help_markdown or text},
        "defaultConfiguration": {"level": str(card.severity)},
        "properties": properties,
    }


def _sentence(text: str) -> str:
    written = said(text)
    if len(written) >= _LONGEST:
        written = written[: _LONGEST - 2] + ELLIPSIS
    return written if written.endswith((".", "!")) else written + "."


def _result(
    finding: Finding, index: int, places: "_Places", line_fingerprint: str | None, *, marked: bool
) -> dict[str, object]:
    related = [
        {"id": number, "message": {"text": said(link.message)}, **places.location(finding, link)}
        for number, link in enumerate(finding.related[:_MOST_RELATED], 1)
    ]
    result: dict[str, object] = {
        "ruleId": finding.rule,
        "ruleIndex": index,
        "level": str(finding.severity),
        "message": {"text": _message(finding)},
        "locations": [places.location(finding, finding)],
        "partialFingerprints": {"reqlint/v1": finding.fingerprint},
        "properties": {"document": finding.document, "path": mask(finding.path), "profile": finding.profile},
    }
    if related:
        result["relatedLocations"] = related
    if fix := shown_fix(finding):
        result["fixes"] = [places.fix(finding, fix)]
    if line_fingerprint:
        result["partialFingerprints"] = {"reqlint/v1": finding.fingerprint, "primaryLocationLineHash": line_fingerprint}
    if marked:
        # Where one result tells that it is suppressed, one without the property would count as "not known".
        result["suppressions"] = [_suppression(finding)] if finding.suppressed else []
    return result


def _suppression(finding: Finding) -> dict[str, object]:
    """Say where it is suppressed, and why; what a baseline accepts is suppressed outside of the file as well."""
    why = finding.suppression
    kind = "inSource" if why and why.kind == "inSource" else "external"
    justification = {"justification": said(why.reason)} if why and why.reason else {}
    return {"kind": kind, "status": "accepted", **justification}


def _message(finding: Finding) -> str:
    """Write the finding in sentences: what it is (which is the title of an alert), where, what it relates to, help."""
    what = _QUOTED.sub(r"'\1'", _unlinked(said(finding.message)))
    parts = [what if what.endswith(("?", ".")) else f"{what}."]
    parts.append(f"At '{_unlinked(placed(finding.pointer))}'." if finding.pointer else "At the top level.")
    if finding.custom_id is not None:
        parts.append(f"In the request '{_unlinked(said(finding.custom_id))}'.")
    for number, link in enumerate(finding.related[:_MOST_RELATED], 1):
        label = said(link.message).replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")
        parts.append(f"See [{label}]({number}).")
    if finding.help:
        parts.append(_QUOTED.sub(r"'\1'", f"Help: {_unlinked(said(finding.help)).removesuffix('.')}."))
    return " ".join(parts)


_QUOTED = re.compile(r"\"([^\"']*)\"")


def _unlinked(text: str) -> str:
    """Keep what a payload says from becoming a link: in SARIF messages ``[text](1)`` is one."""
    return text.replace("](", "] (")


class _Places:
    """Where findings are: files as URIs under the root where they are under it, and regions in UTF-16 code units."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._known: dict[str | None, dict[str, object]] = {}

    def location(self, finding: Finding, at: Finding | Related) -> dict[str, object]:
        source = finding.source
        if source not in self._known:
            self._known[source] = self._artifact(source)
        physical: dict[str, object] = {"artifactLocation": self._known[source]}
        if at.region:
            physical["region"] = _region(at.region)
        location: dict[str, object] = {"physicalLocation": physical}
        if at.pointer:
            name = at.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            kind = "value" if name.isdecimal() else "property"
            location["logicalLocations"] = [
                {"fullyQualifiedName": mask_pointer(at.pointer), "name": mask(name), "kind": kind}
            ]
        return location

    def fix(self, finding: Finding, fix: Fix) -> dict[str, object]:
        if finding.source not in self._known:
            self._known[finding.source] = self._artifact(finding.source)
        replacements = [
            {"deletedRegion": _region(edit.region), "insertedContent": {"text": edit.replacement}} for edit in fix.edits
        ]
        change = {"artifactLocation": self._known[finding.source], "replacements": replacements}
        return {"description": {"text": _sentence(fix.description)}, "artifactChanges": [change]}

    def _artifact(self, source: str | None) -> dict[str, object]:
        if source is None or source.startswith("<"):
            name = (source or "request").strip("<>")
            return {"uri": _escaped(name), "description": {"text": f"Not a file: {said(name)}."}}
        file = Path(source).resolve()  # GitHub cannot show what is behind a symbolic link
        if file.is_relative_to(self._root):
            return {"uri": _escaped(file.relative_to(self._root).as_posix()), "uriBaseId": _ROOT}
        return {"uri": file.as_uri()}


def _escaped(path: str) -> str:
    return quote(os.fsencode(path), safe="/")


def _region(region: Region) -> dict[str, object]:
    return {
        "startLine": region.line,
        "startColumn": region.utf16_column,
        "endLine": region.end_line,
        "endColumn": region.utf16_end_column,
    }


def _line_fingerprints(findings: Sequence[Finding], rendering: Rendering) -> Mapping[int, str]:
    """
    Tell apart the findings of one rule on one line, which GitHub would take for one alert.

    The first of them has no fingerprint here: the upload action computes it, and warns of every one that differs
    from its own. So only the others get one, made of the line's hash and the pointer.
    """
    seen: set[tuple[str, str | None, int]] = set()
    others: list[tuple[int, str, int]] = []
    for number, finding in enumerate(findings):
        if finding.source and finding.region:
            key = (finding.rule, finding.source, finding.region.line)
            if key in seen:
                others.append((number, finding.source, finding.region.line))
            seen.add(key)
    wanted: dict[str, set[int]] = {}
    for _, source, line in others:
        wanted.setdefault(source, set()).add(line)
    prefixes: dict[tuple[str, int], str] = {}
    for source, lines in wanted.items():
        hashes = line_hashes(lines, lambda numbers, source=source: rendering.lines(source, numbers))  # type: ignore[misc]  # mypy cannot type a lambda's default
        times: Counter[str] = Counter()
        for line in sorted(lines):
            hashed = hashes.get(line, f"line-{line}")
            times[hashed] += 1
            prefixes[source, line] = f"{hashed}:{times[hashed]}"
    used: Counter[tuple[str, str, int, str]] = Counter()
    fingerprints = {}
    for number, source, line in others:
        finding = findings[number]
        used[finding.rule, source, line, finding.pointer] += 1
        again = used[finding.rule, source, line, finding.pointer]
        digest = hashlib.sha256(f"{finding.pointer}#{again}".encode("utf-8", "surrogatepass")).hexdigest()[:8]
        fingerprints[number] = f"{prefixes[source, line]}-{digest}"
    return fingerprints
