"""JUnit XML: a test suite a file, a test case a finding, and a passing one for a file without."""

from collections.abc import Iterator, Mapping, Sequence

from reqlint.core.findings import Finding, Report, Severity
from reqlint.reporters import Rendering, Write
from reqlint.reporters._paths import below
from reqlint.reporters._remarks import remarks
from reqlint.reporters._shown import placed, said, visible

_UNREAD = "unreadable-input"


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """
    Write the suites in the order of the report, then those of files without findings.

    Errors and warnings are failures, an input that could not be read is an error, a note is a case that passes and
    says something. A run that an internal error cut short has a suite of its own with an error.
    """
    suites: dict[str | None, list[Finding]] = {}
    for finding in report:
        if not finding.suppressed:
            suites.setdefault(finding.source, []).append(finding)
    for source in rendering.read:
        suites.setdefault(source, [])
    broken = rendering.notifications if rendering.exit_code == 2 else ()
    cases = [max(len(findings), 1) for findings in suites.values()]
    failures, errors = _counts([finding for findings in suites.values() for finding in findings])
    extra = 1 if broken else 0
    whole: dict[str, object] = {"tests": sum(cases) + extra, "failures": failures, "errors": errors + extra}
    if rendering.seconds is not None:
        whole["time"] = f"{rendering.seconds:.3f}"
    put = write if rendering.unicode else _ascii(write)
    put(f'<?xml version="1.0" encoding="UTF-8"?>\n<testsuites{_attributes({"name": "reqlint", **whole})}>\n')
    name = below(rendering.root)
    for file, findings in suites.items():
        for line in _suite(visible(name(file)), findings):
            put(line + "\n")
    if broken:
        put('<testsuite name="reqlint" tests="1" failures="0" errors="1" skipped="0">\n')
        put('<testcase classname="reqlint" name="every check ran">\n')
        put('<error type="internal-error" message="part of the check did not run">')
        put(_escaped("\n".join(said(text) for text in broken)) + "</error>\n</testcase>\n</testsuite>\n")
    put("</testsuites>\n")


def _ascii(write: Write) -> Write:
    def put(text: str) -> object:
        return write(text.encode("ascii", "xmlcharrefreplace").decode("ascii"))

    return put


def _counts(findings: Sequence[Finding]) -> tuple[int, int]:
    """Count failures and errors."""
    errors = sum(finding.rule == _UNREAD for finding in findings)
    return sum(finding.severity is not Severity.NOTE for finding in findings) - errors, errors


def _suite(name: str, findings: Sequence[Finding]) -> Iterator[str]:
    failures, errors = _counts(findings)
    tests = max(len(findings), 1)
    counts = {"name": name, "tests": tests, "failures": failures, "errors": errors, "skipped": 0}
    yield f"<testsuite{_attributes(counts)}>"
    # Readers take what stands before the last full stop of a class name for its package.
    group = f"reqlint.{name.replace('.', '_')}"
    if not findings:
        yield f"<testcase{_attributes({'classname': group, 'name': 'no findings'})}/>"
    for finding in findings:
        yield from _case(finding, name, group)
    yield "</testsuite>"


def _case(finding: Finding, name: str, group: str) -> Iterator[str]:
    yield f"<testcase{_attributes({'classname': group, 'name': _title(finding)})}>"
    text = _escaped("\n".join(_remarks(finding, name)))
    if finding.severity is Severity.NOTE:
        yield f"<system-out>{text}</system-out>"
    else:
        tag = "error" if finding.rule == _UNREAD else "failure"
        yield f"<{tag}{_attributes({'type': finding.rule, 'message': said(finding.message)})}>{text}</{tag}>"
    yield "</testcase>"


def _title(finding: Finding) -> str:
    """Name the case without its line, so that its history goes on when lines move."""
    parts = [finding.rule]
    if finding.pointer:
        parts.append(f"at {placed(finding.pointer)}")
    if finding.custom_id is not None:
        parts.append(f"in the request {said(finding.custom_id)}")
    elif finding.document:
        parts.append(f"in document {finding.document + 1}")
    return " ".join(parts)


def _remarks(finding: Finding, name: str) -> Iterator[str]:
    where = f"{name}:{finding.region.line}:{finding.region.column}" if finding.region else name
    yield f"{where}: {finding.severity}: {said(finding.message)}"
    for kind, text in remarks(finding):
        yield f"{kind}: {text}"


def _attributes(values: Mapping[str, object]) -> str:
    return "".join(f' {key}="{_escaped(str(value))}"' for key, value in values.items())


def _escaped(text: str) -> str:
    """Escape what XML reserves; control characters, which XML 1.0 cannot hold, are visible escapes already."""
    for sign, written in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        text = text.replace(sign, written)
    return text
