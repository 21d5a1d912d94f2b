"""JUnit XML: one test suite per file with one test case per finding; a file without findings has a passing case."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from reqlint.core.findings import Finding, Report, Severity
from reqlint.display.cached import escape, sanitize
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
    errors = sum(finding.rule == _UNREADABLE for finding in findings)
    return sum(finding.severity is not Severity.NOTE for finding in findings) - errors, errors


def _suite(name: Shown, findings: Sequence[Finding]) -> Iterator[Shown]:
    failures, errors = _counts(findings)
    tests = max(len(findings), 1)
    counts = {"tests": tests, "failures": failures, "errors": errors, "skipped": 0}
    yield fill("<testsuite{}>", attributes({"name": name, **counts}))
    # Readers take the part of a class name before its last full stop for the package.
    group = fill("reqlint.{}", transform(name, lambda text: text.replace(".", "_")))
    if not findings:
        yield fill("<testcase{}/>", attributes({"classname": group, "name": literal("no findings")}))
    group = escape_markup(group)
    for start in range(0, len(findings), _BATCH):
        yield join("\n", [_case(finding, name, group) for finding in findings[start : start + _BATCH]])
    yield literal("</testsuite>")


_BATCH = 64  # cases that are written together


def _case(finding: Finding, name: Shown, group: Shown) -> Shown:
    """Write the lines of a finding in the file *name*; *group* is markup."""
    shown = ShownFinding(finding)
    message = escape_markup(shown.message)
    rule = _rule(finding.rule)
    place = escape_markup(shown.position_in(name))
    text = join("", (place, _SEVERITY[finding.severity], message, _remarks(shown.remarks())))
    if finding.severity is Severity.NOTE:
        said = fill("<system-out>{}</system-out>", text)
    else:
        tag = literal("error" if finding.rule == _UNREADABLE else "failure")
        said = fill('<{0} type="{1}" message="{2}">{3}</{0}>', tag, rule, message, text)
    title = _title(finding, shown, rule)
    return fill('<testcase classname="{}" name="{}">\n{}\n</testcase>', group, title, said)


_SEVERITY = {severity: fill(": {}: ", severity) for severity in Severity}


@lru_cache(maxsize=1024)
def _remarks(remarks: Sequence[tuple[Shown, Shown]]) -> Shown:
    return escape_markup(join("", (fill("\n{}: {}", label, remark) for label, remark in remarks)))


@lru_cache(maxsize=256)
def _rule(rule: str) -> Shown:
    return escape_markup(escape(verbatim(rule)))


def _title(finding: Finding, shown: ShownFinding, rule: Shown) -> Shown:
    """Name the test case without a line number, so that its history goes on when lines move; *rule* is markup."""
    parts = [rule]
    if finding.pointer:
        parts.append(fill("at {}", escape_markup(shown.pointer)))
    if shown.custom_id is not None:
        parts.append(fill("in the request {}", escape_markup(shown.custom_id)))
    elif finding.document:
        parts.append(fill("in document {}", finding.document + 1))
    return join(" ", parts)
