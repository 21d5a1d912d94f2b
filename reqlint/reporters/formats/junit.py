"""JUnit XML: one test suite per file with one test case per finding; a file without findings has a passing case."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from reqlint.core.findings import Finding, Report, Severity
from reqlint.display.cached import escape, sanitize, show_once
from reqlint.display.shown import Shown, fill, join, literal, transform, verbatim
from reqlint.reporters.markup import attributes, escape_markup, in_ascii
from reqlint.reporters.paths import relative_to
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.shown_finding import ShownFinding

_UNREADABLE = "unreadable-input"


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """
    Write the suites in the order of the report, then those of files without findings.

    Errors and warnings are failures and an unreadable input is an error. A note is a passing case with output. If an
    internal error cut the run short, it is an error in a suite of its own.
    """
    suites: dict[str | None, list[Finding]] = {}
    for finding in report:
        if not finding.suppressed:
            suites.setdefault(finding.source, []).append(finding)
    for source in rendering.read:
        suites.setdefault(source, [])
    bugs = rendering.notifications if rendering.exit_code == 2 else ()
    extra = 1 if bugs else 0
    tests = sum(max(len(findings), 1) for findings in suites.values()) + extra
    failures, errors = _counts([finding for findings in suites.values() for finding in findings])
    totals: dict[str, Shown | int] = {"name": literal("reqlint")}
    totals |= {"tests": tests, "failures": failures, "errors": errors + extra}
    if rendering.seconds is not None:
        totals["time"] = fill("{:.3f}", rendering.seconds)
    put = write if rendering.unicode else _ascii(write)
    put(fill('<?xml version="1.0" encoding="UTF-8"?>\n<testsuites{}>\n', attributes(totals)))
    path_of = relative_to(rendering.root)
    for file, findings in suites.items():
        for lines in _suite(escape(path_of(file)), findings):
            put(fill("{}\n", lines))
    if bugs:
        put(literal('<testsuite name="reqlint" tests="1" failures="0" errors="1" skipped="0">\n'))
        put(literal('<testcase classname="reqlint" name="every check ran">\n'))
        put(literal('<error type="internal-error" message="some checks did not run">'))
        put(escape_markup(join("\n", map(sanitize, bugs))))
        put(literal("</error>\n</testcase>\n</testsuite>\n"))
    put(literal("</testsuites>\n"))


def _ascii(write: Write) -> Write:
    def put(text: Shown) -> object:
        return write(in_ascii(text))

    return put


def _counts(findings: Sequence[Finding]) -> tuple[int, int]:
    """Count failures and errors."""
    errors = [finding.rule for finding in findings].count(_UNREADABLE)
    notes = [finding.severity for finding in findings].count(Severity.NOTE)
    return len(findings) - notes - errors, errors


def _suite(name: Shown, findings: Sequence[Finding]) -> Iterator[Shown]:
    failures, errors = _counts(findings)
    tests = max(len(findings), 1)
    counts = {"tests": tests, "failures": failures, "errors": errors, "skipped": 0}
    yield fill("<testsuite{}>", attributes({"name": name, **counts}))
    # Readers take the part of a class name before its last full stop for the package.
    group = fill("reqlint.{}", transform(name, lambda text: text.replace(".", "_")))
    if not findings:
        yield fill("<testcase{}/>", attributes({"classname": group, "name": literal("no findings")}))
    file = escape_markup(name)
    head = fill('<testcase classname="{}" name="', escape_markup(group))
    for start in range(0, len(findings), _BATCH):
        yield join("\n", [_case(finding, head, file) for finding in findings[start : start + _BATCH]])
    yield literal("</testsuite>")


_BATCH = 64  # cases that are written together


def _case(finding: Finding, head: Shown, file: Shown) -> Shown:
    """Write the lines of a finding in a *file*; *head* is how cases begin, up to their name."""
    message, pointer = _marked(finding.message, finding.pointer)
    opening, again, closing = _tags(finding.rule, finding.severity)
    region = finding.region
    return join(
        "",
        (
            head,
            *_title(finding, pointer),
            opening,
            *((message, again) if finding.severity is not Severity.NOTE else ()),
            fill("{}:{}:{}", file, region.line, region.column) if region else file,
            _SEVERITY[finding.severity],
            message,
            _remarks(ShownFinding(finding).remarks()),
            closing,
        ),
    )


_SEVERITY = {severity: fill(": {}: ", severity) for severity in Severity}


@lru_cache(maxsize=1024)
def _marked(message: str, pointer: str) -> tuple[Shown, Shown]:
    """Return a message and a pointer as markup."""
    shown = show_once(message, pointer)
    return escape_markup(shown[0]), escape_markup(shown[1])


@lru_cache(maxsize=256)
def _tags(rule: str, severity: Severity) -> tuple[Shown, Shown, Shown]:
    """Return what a case has behind its name, between the message as an attribute and the text, and behind the text."""
    end = literal("</testcase>")
    if severity is Severity.NOTE:
        return literal('">\n<system-out>'), literal(""), fill("</system-out>\n{}", end)
    tag = literal("error" if rule == _UNREADABLE else "failure")
    opening = fill('">\n<{} type="{}" message="', tag, _rule(rule))
    return opening, literal('">'), fill("</{}>\n{}", tag, end)


@lru_cache(maxsize=256)
def _rule(rule: str) -> Shown:
    return escape_markup(escape(verbatim(rule)))


@lru_cache(maxsize=1024)
def _remarks(remarks: Sequence[tuple[Shown, Shown]]) -> Shown:
    return escape_markup(join("", (fill("\n{}: {}", label, remark) for label, remark in remarks)))


def _title(finding: Finding, pointer: Shown) -> Sequence[Shown]:
    """
    Name the test case without a line number, so that its history goes on when lines move; *pointer* is markup.

    Return the parts of the name.
    """
    rule = _rule(finding.rule)
    parts = [rule, _AT, pointer] if finding.pointer else [rule]
    if finding.custom_id is not None:
        parts.append(fill(" in the request {}", escape_markup(sanitize(finding.custom_id))))
    elif finding.document:
        parts.append(fill(" in document {}", finding.document + 1))
    return parts


_AT = literal(" at ")
