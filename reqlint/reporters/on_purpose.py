"""Which files are probably wrong on purpose, and how a project says so."""

import re
from collections.abc import Iterable

from reqlint.core.findings import Finding, Severity
from reqlint.display.cached import escape, mask_path
from reqlint.display.shown import Shown, fill, literal

_OF_TESTS = frozenset(
    {"test", "tests", "testing", "testdata", "fixture", "fixtures", "cassettes", "recordings", "spec"}
)
_WRONG = frozenset({"bad", "broken", "invalid", "malformed", "refused", "rejected", "wrong"})
_BETWEEN_WORDS = re.compile(r"[^a-z]+")


def wrong_on_purpose(findings: Iterable[Finding], unicode: bool) -> Shown:
    """
    Return a remark about files with errors that are probably meant; empty if there are none.

    Meant are the errors that explain a recorded refusal, and those in tests below a folder that is named for them, such
    as ``tests/invalid``.
    """
    explains: dict[str, bool] = {}
    for finding in findings:
        if finding.source and finding.severity is Severity.ERROR:
            explains[finding.source] = explains.get(finding.source, False) or finding.explains is not None
    files = [source for source, explained in explains.items() if explained or _is_named_so(source)]
    if not files:
        return literal("")
    first = escape(mask_path(files[0]), unicode)
    subject = fill("{} seems", first) if len(files) == 1 else fill("{:,} files, {} first, seem", len(files), first)
    return fill("{} wrong on purpose; [[tool.reqlint.expect]] declares findings that a file must have", subject)


def _is_named_so(source: str) -> bool:
    *folders, _ = re.split(r"[/\\]", source.lower())
    words = {word for folder in folders for word in _BETWEEN_WORDS.split(folder)}
    return not words.isdisjoint(_OF_TESTS) and not words.isdisjoint(_WRONG)
