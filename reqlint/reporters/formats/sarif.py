"""SARIF 2.1.0, as GitHub code scanning reads it."""

import hashlib
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reqlint.core.findings import Finding, Region, Related, Report, Severity
from reqlint.core.paths import real, working_directory
from reqlint.display.cached import mask, mask_pointer, sanitize
from reqlint.display.escaping import counted, to_json
from reqlint.display.shown import Json, Shown, fill, join, literal, transform, verbatim
from reqlint.reporters.line_hash import line_hashes
from reqlint.reporters.paths import absolute_uri, as_given, is_file, locator, relative_uri
from reqlint.reporters.rendering import Rendering, RuleCard, Write
from reqlint.reporters.shown_finding import ShownFinding, ShownFix, shown_fix

_MOST_RESULTS = 5_000  # GitHub drops any more, without saying which
_OF_EVERY_RULE = 10  # results of a rule that come before graver ones of other rules
_MOST_RELATED = 100  # locations of a result that are kept
_MOST_TAGS = 20
_LONGEST = 1_024  # characters of a rule's descriptions
_ROOT = literal("%SRCROOT%")
_RECOMMENDATION = {
    Severity.ERROR: literal("error"),
    Severity.WARNING: literal("warning"),
    Severity.NOTE: literal("recommendation"),
}
_SECURITY_SEVERITY = {Severity.ERROR: literal("8.0"), Severity.WARNING: literal("5.0"), Severity.NOTE: literal("3.0")}


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write one run with all findings, suppressed ones marked; of more than 5,000 the gravest, with a remark."""
    root = real(rendering.root or working_directory())
    findings, cut = _gravest(report.findings)
    if cut and not rendering.quiet:
        count, most = cut.total(), _MOST_RESULTS
        rendering.say(fill("note: {:,} findings are left out of the SARIF report; GitHub keeps {:,}", count, most))
    ids = sorted({finding.rule for finding in findings})
    driver: Json = {
        "name": literal("reqlint"),
        "semanticVersion": verbatim(rendering.version),
        "rules": [_rule(rendering.rules.get(name) or _unknown(name, findings)) for name in ids],
    }
    invocation: Json = {
        "executionSuccessful": rendering.exit_code != 2,
        "exitCode": rendering.exit_code,
        "toolExecutionNotifications": list(_notifications(rendering.notifications, cut, report.thin)),
    }
    run: Mapping[str, Json] = {
        "automationDetails": {
            "id": verbatim("/".join(["reqlint", *filter(None, ["+".join(sorted(report.profiles))]), ""]))
        },
        "columnKind": literal("utf16CodeUnits"),
        "originalUriBaseIds": {_ROOT: {"uri": transform(absolute_uri(root), lambda uri: uri.rstrip("/") + "/")}},
        "tool": {"driver": driver},
        "invocations": [invocation],
    }
    write(literal('{"$schema": "https://json.schemastore.org/sarif-2.1.0.json", "version": "2.1.0", "runs": [{'))
    for key, value in run.items():
        write(fill("\n{},", transform(to_json({key: value}), lambda member: member[1:-1])))
    write(literal('\n"results": ['))
    places = _Places(rendering)
    extra = _line_fingerprints(findings, rendering)
    any_suppressed = any(finding.suppressed for finding in findings)
    for number, finding in enumerate(findings):
        result = _result(finding, ids.index(finding.rule), places, extra.get(number), any_suppressed=any_suppressed)
        write(fill("{}{}", literal(",\n" if number else "\n"), to_json(result)))
    write(literal("\n]}]}\n" if findings else "]}]}\n"))


def _gravest(findings: Sequence[Finding]) -> tuple[Sequence[Finding], Counter[str]]:
    """Keep the gravest findings and some of every rule, in their order; also return a count of the rest by rule."""
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


def _notifications(texts: Sequence[str], cut: Counter[str], thin: int) -> Iterator[Json]:
    if thin:
        message = fill("{} on thinner evidence left out, as --evidence asks.", counted(thin, "finding"))
        yield {"level": literal("note"), "message": {"text": message}}
    for text in texts:
        yield {"level": literal("error"), "message": {"text": _sentence(text)}}
    if cut:
        rules = join(", ", (fill("'{}' {:,}", sanitize(rule), number) for rule, number in sorted(cut.items())))
        message = fill(
            "{:,} findings are left out, the gravest {:,} and some of every rule are kept. By rule: {}.",
            cut.total(), _MOST_RESULTS, rules,
        )  # fmt: skip
        yield {"level": literal("warning"), "message": {"text": message}}


def _unknown(name: str, findings: Sequence[Finding]) -> RuleCard:
    first = next(finding for finding in findings if finding.rule == name)
    return RuleCard(name, name.replace("-", " ").capitalize(), "", first.severity, "")


def _rule(card: RuleCard) -> Json:
    why = card.why or card.summary
    tags: list[Json] = [verbatim(tag) for tag in dict.fromkeys([*card.tags, *filter(None, [card.subject])])]
    properties: dict[str, Json] = {
        "tags": tags[:_MOST_TAGS],
        "precision": literal("very-high"),
        "problem.severity": _RECOMMENDATION[card.severity],
    }
    link: dict[str, Json] = {} if card.docs_url is None else {"helpUri": mask(card.docs_url)}
    if "security" in card.tags:
        properties["security-severity"] = _SECURITY_SEVERITY[card.severity]
    return {
        "id": verbatim(card.id),
        "name": verbatim("".join(word.capitalize() for word in card.id.split("-"))[:255]),
        "shortDescription": {"text": _sentence(card.summary)},
        "fullDescription": {"text": _sentence(" ".join(why.split()))},
        "help": {"text": verbatim(why), "markdown": verbatim(card.help_markdown() or why)},
        **link,
        "defaultConfiguration": {"level": card.severity},
        "properties": properties,
    }


def _sentence(text: str) -> Shown:
    shown = sanitize(text)
    if len(shown) >= _LONGEST:
        shown = transform(shown, lambda long: long[: _LONGEST - 2] + "…")
    return shown if shown.endswith((".", "!")) else fill("{}.", shown)


def _result(
    finding: Finding, index: int, places: "_Places", line_fingerprint: str | None, *, any_suppressed: bool
) -> Json:
    related: list[Json] = [
        {"id": number, "message": {"text": sanitize(link.message)}, **places.location(finding, link)}
        for number, link in enumerate(finding.related[:_MOST_RELATED], 1)
    ]
    fingerprints: dict[str, Json] = {"reqlint/v1": verbatim(finding.fingerprint)}
    if line_fingerprint:
        fingerprints["primaryLocationLineHash"] = verbatim(line_fingerprint)
    profile = None if finding.profile is None else verbatim(finding.profile)
    result: dict[str, Json] = {
        "ruleId": verbatim(finding.rule),
        "ruleIndex": index,
        "level": finding.severity,
        "message": {"text": _message(finding)},
        "locations": [places.location(finding, finding)],
        "partialFingerprints": fingerprints,
        "properties": {"document": finding.document, "path": mask(finding.path), "profile": profile},
    }
    if related:
        result["relatedLocations"] = related
    if fix := shown_fix(finding):
        result["fixes"] = [places.fix(finding, fix)]
    if any_suppressed:
        # If one result says that it is suppressed, results without the property count as "not known".
        result["suppressions"] = [_suppression(finding)] if finding.suppressed else []
    return result


def _suppression(finding: Finding) -> Json:
    """Return the kind of suppression and its reason; a baseline is outside of the file, so it is "external"."""
    why = finding.suppression
    result: dict[str, Json] = {
        "kind": literal("inSource" if why and why.kind == "inSource" else "external"),
        "status": literal("accepted"),
    }
    if why and why.reason:
        result["justification"] = sanitize(why.reason)
    return result


def _message(finding: Finding) -> Shown:
    """Write the finding in sentences: the message (the title of an alert), where, what it relates to, help."""
    shown = ShownFinding(finding)
    what = transform(shown.message, _in_single_quotes)
    parts = [what if what.endswith(("?", ".")) else fill("{}.", what)]
    if finding.pointer:
        parts.append(fill("At '{}'.", transform(shown.pointer, _without_links)))
    else:
        parts.append(literal("At the top level."))
    if shown.custom_id is not None:
        parts.append(fill("In the request '{}'.", transform(shown.custom_id, _without_links)))
    for number, link in enumerate(finding.related[:_MOST_RELATED], 1):
        parts.append(fill("See [{}]({}).", transform(sanitize(link.message), _escape_brackets), number))
    if finding.help:
        help_text = transform(sanitize(finding.help), _in_single_quotes)
        parts.append(fill("Help: {}.", transform(help_text, lambda text: text.removesuffix("."))))
    return join(" ", parts)


_QUOTED = re.compile(r"\"([^\"']*)\"")


def _in_single_quotes(text: str) -> str:
    return _QUOTED.sub(r"'\1'", _without_links(text))


def _without_links(text: str) -> str:
    """Keep a payload from making a link: in SARIF messages ``[text](1)`` is one."""
    return text.replace("](", "] (")


def _escape_brackets(text: str) -> str:
    return text.replace("\\", "\\\\").replace("[", "\\[").replace("]", "\\]")


class _Places:
    """Locations of findings: URIs, relative to the root for files below it, and regions in UTF-16 code units."""

    def __init__(self, rendering: Rendering) -> None:
        self._find = locator(rendering.root)  # GitHub cannot show a file behind a symbolic link
        self._known: dict[str | None, Json] = {}

    def location(self, finding: Finding, at: Finding | Related) -> dict[str, Json]:
        physical: dict[str, Json] = {"artifactLocation": self._artifact(finding.source)}
        if at.region:
            physical["region"] = _region(at.region)
        location: dict[str, Json] = {"physicalLocation": physical}
        if at.pointer:
            name = at.pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
            kind = literal("value" if name.isdecimal() else "property")
            location["logicalLocations"] = [
                {"fullyQualifiedName": mask_pointer(at.pointer), "name": mask(name), "kind": kind}
            ]
        return location

    def fix(self, finding: Finding, fix: ShownFix) -> Json:
        replacements: list[Json] = [
            {"deletedRegion": _region(edit.region), "insertedContent": {"text": edit.replacement}} for edit in fix.edits
        ]
        change: Json = {"artifactLocation": self._artifact(finding.source), "replacements": replacements}
        return {"description": {"text": _sentence(fix.description)}, "artifactChanges": [change]}

    def _artifact(self, source: str | None) -> Json:
        if source not in self._known:
            self._known[source] = self._located(source)
        return self._known[source]

    def _located(self, source: str | None) -> Json:
        if source is None or not is_file(source):
            name = as_given(source)
            return {"uri": relative_uri(name), "description": {"text": fill("Not a file: {}.", sanitize(name))}}
        path, inside = self._find(source)
        return {"uri": relative_uri(path), "uriBaseId": _ROOT} if inside else {"uri": absolute_uri(path)}


def _region(region: Region) -> Json:
    return {
        "startLine": region.line,
        "startColumn": region.utf16_column,
        "endLine": region.end_line,
        "endColumn": region.utf16_end_column,
    }


def _line_fingerprints(findings: Sequence[Finding], rendering: Rendering) -> Mapping[int, str]:
    """
    Return fingerprints, by index, for findings of one rule on one line, which GitHub would merge into one alert.

    The first of them gets none: the upload action computes its own and warns if another differs from it. The others
    get one made of the line's hash and the pointer.
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
