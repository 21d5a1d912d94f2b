"""A source with its findings fixed: round by round, until nothing is left to fix or a fix would do harm."""

import os
import shutil
import tempfile
from bisect import bisect_left
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from reqlint.core.findings import Finding, Report, Severity
from reqlint.fixes.plan import apply_splices
from reqlint.text.atomic_write import PREFIX, SUFFIX, Replacement, Stamp
from reqlint.text.documents import Form, Source, detect_form

MOST_ROUNDS = 50
"""How often a source is changed and judged again; nearly all need one round."""

Check = Callable[[Source], Report]
_Name = tuple[int, str, str]
_Batch = dict[int, list[Finding]]  # by document of JSON Lines; of other forms, whose text is one, all together


@dataclass(frozen=True, slots=True)
class Repair:
    """What became of a source."""

    found: Report  #: what was found before anything was changed
    left: Report  #: what is found in the changed text
    fixed: tuple[Finding, ...]  #: as they were found, so that their regions are those of the round they were fixed in
    reverted: tuple[Finding, ...]  #: whose fix was taken back, as it made an error that was not there
    source: Source  #: the changed text; the source itself when nothing was changed


def apply_fixes(source: Source, check: Check, *, unsafe: bool = False) -> Repair:
    """
    Fix what *check* finds in *source*, which itself stays as it is.

    Each round makes the fixes that do not touch one another and judges the whole text again. Where an error appears
    that was not there, the round is taken back and tried with fewer fixes. JSON Lines are written as a stream, into a
    temporary file that belongs to the caller: hand the result to `commit` or `discard`.
    """
    found = report = check(source)
    current = source
    fixed: list[Finding] = []
    reverted: list[Finding] = []
    banned: set[_Name] = set()
    most: dict[int, int] = {}
    try:
        for _ in range(MOST_ROUNDS):
            batch = _batch(source, report, unsafe, banned, most)
            if not batch:
                break
            changed = _changed(current, batch)
            after = check(changed)
            harmed = _harmed(report, after, batch)
            if harmed:
                _forget(changed, source)
                for document in harmed:
                    tried = batch[document]
                    if len(tried) == 1:
                        banned.add(_name(tried[0]))
                        reverted += tried
                    else:
                        most[document] = len(tried) // 2
                continue
            _forget(current, source)
            current, report = changed, after
            fixed += [finding for document in sorted(batch) for finding in batch[document]]
            most.clear()
    except BaseException:
        _forget(current, source)
        raise
    return Repair(found, report, tuple(fixed), tuple(reverted), current)


def commit(repair: Repair, path: Path, read: Stamp | None) -> None:
    """
    Put the changed text in the place of *path*, which was *read* when it had this stamp.

    Raises:
        NotWritten: it cannot be written, or was changed since; then *path* is as it was.
    """
    with Replacement(path, expecting=read) as new, repair.source.open() as text:
        shutil.copyfileobj(text, new.file)
        new.commit()


def discard(repair: Repair, source: Source) -> None:
    """Remove the temporary file that holds the changed text of *source*, if there is one."""
    _forget(repair.source, source)


def _forget(changed: Source, source: Source) -> None:
    if changed is not source and changed.data is None and changed.path is not None:
        changed.path.unlink(missing_ok=True)


def _form(source: Source) -> Form | None:
    with suppress(OSError):
        return detect_form(source)
    return None


def _name(finding: Finding) -> _Name:
    return finding.document, finding.rule, finding.pointer


def _group(finding: Finding, form: Form | None) -> int:
    return finding.document if form is Form.JSONL else 0


def _batch(source: Source, report: Report, unsafe: bool, banned: set[_Name], most: Mapping[int, int]) -> _Batch:
    """Choose fixes that leave one another alone: safe ones first, then in the order of the text."""
    form = _form(source)
    wanted: _Batch = {}
    for finding in report.findings:
        fix = finding.fix
        if fix and not finding.suppressed and (unsafe or fix.safe) and _name(finding) not in banned:
            wanted.setdefault(_group(finding, form), []).append(finding)
    return {document: list(_apart(findings))[: most.get(document)] for document, findings in wanted.items()}


def _apart(findings: Iterable[Finding]) -> Iterator[Finding]:
    """
    Yield the findings whose fixes do not touch those before.

    All from the first edit of a fix to its last is its own, as one may indent what stands between.
    """
    taken: list[tuple[int, int]] = []
    for finding in sorted(findings, key=lambda finding: (not (finding.fix and finding.fix.safe), _extent(finding))):
        start, end = _extent(finding)
        at = bisect_left(taken, (start, end))
        if (at and taken[at - 1][1] >= start) or (at < len(taken) and taken[at][0] <= end):
            continue
        taken.insert(at, (start, end))
        yield finding


def _extent(finding: Finding) -> tuple[int, int]:
    edits = finding.fix.edits if finding.fix else ()
    return edits[0].region.start, max(edit.region.end for edit in edits)


def _changed(source: Source, batch: _Batch) -> Source:
    """Write *source* with the fixes of *batch*: JSON Lines into a temporary file, other forms in memory."""
    if _form(source) is not Form.JSONL:
        return Source(source.name, source.path, _edited(source.read(), batch[0]))
    handle, name = tempfile.mkstemp(SUFFIX, PREFIX)
    try:
        with os.fdopen(handle, "wb") as file, source.open() as lines:
            for index, line in enumerate(lines):
                file.write(_edited(line, batch[index]) if index in batch else line)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Source(source.name, Path(name), None)


def _edited(text: bytes, findings: Sequence[Finding]) -> bytes:
    edits = sorted(
        (edit.region.start, edit.region.end, edit.replacement)
        for finding in findings
        if finding.fix
        for edit in finding.fix.edits
    )
    return apply_splices(text.decode(), edits).encode()


def _harmed(before: Report, after: Report, batch: _Batch) -> set[int]:
    """Give the documents of *batch* to blame for errors that were not there; all of them where none can be told."""
    known = set(_errors(before))
    new = [name for name in _errors(after) if name not in known]
    if after.requests >= before.requests and not new:
        return set()
    documents = {name[0] if len(batch) > 1 or name[0] in batch else 0 for name in new}
    return documents if after.requests >= before.requests and documents <= batch.keys() else set(batch)


def _errors(report: Report) -> Iterator[_Name]:
    for finding in report.findings:
        if finding.severity is Severity.ERROR and not finding.suppressed:
            yield _name(finding)
