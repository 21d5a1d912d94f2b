"""Writing fixes into a source, round by round, until nothing is left to fix or a fix would cause an error."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

from reqlint.core.errors import InputChanged
from reqlint.core.findings import Finding, Report, Severity, Unfixed
from reqlint.core.records import dataclass
from reqlint.fixes.splices import apply_splices
from reqlint.fixes.together import choose_together
from reqlint.text.atomic_write import PREFIX, SUFFIX, Replacement, Stamp, stamp_of
from reqlint.text.forms import Form, detect_form
from reqlint.text.json.edits import Splice
from reqlint.text.sources import Source

MOST_ROUNDS = 50
"""How often a source is edited and judged again; nearly all sources need one round."""

Check = Callable[[Source], Report]
_Name = tuple[int, str, str]
_Batch = dict[int, list[Finding]]  # by line of JSON Lines; under 0 for other forms, which are one text


@dataclass(frozen=True, slots=True)
class Repair:
    """A source before and after its fixes."""

    found: Report  #: the findings before any edit
    left: Report  #: the findings in the edited text
    fixed: tuple[Finding, ...]  #: with the regions of the round that fixed them
    reverted: tuple[Finding, ...]  #: whose fix was taken back because it caused a new error
    source: Source  #: the edited text; the given source if nothing was edited
    unfixed: tuple[tuple[Finding, str], ...] = ()  #: other findings that were not fixed, and why
    read: Stamp | None = None  #: of the file when it was read


def apply_fixes(source: Source, check: Check, *, unsafe: bool = False) -> Repair:
    """
    Apply the fixes of the findings that *check* returns; *source* itself is not written.

    Each round applies the fixes that do not touch each other and judges the edited text. If that has a new error, the
    round is taken back and repeated with fewer fixes. JSON Lines are streamed into a temporary file that belongs to
    the caller: pass the result to `commit` or `discard`.

    Raises:
        InputChanged: somebody else changed the file while it was read.
    """
    with unchanged(source) as (stamp, look):
        return _apply(source, check, unsafe, stamp, look)


@contextmanager
def unchanged(source: Source, stamp: Stamp | None = None) -> Iterator[tuple[Stamp | None, Callable[[], None]]]:
    """
    Refuse whatever comes of reading a file that changes meanwhile, errors included.

    Return the *stamp* of the file, by default that of now, and a function that looks at the file again.

    Raises:
        InputChanged: the file is another one than at the start.
    """
    is_file = source.path is not None and source.data is None
    before = stamp if stamp or not is_file or source.path is None else stamp_of(source.path)

    def look() -> None:
        if is_file and source.path is not None and stamp_of(source.path) != before:
            raise InputChanged(f"cannot fix {source.name}: it was changed while it was read; it is left as it is")

    try:
        yield before, look
    except InputChanged:
        raise
    except Exception:  # what was read of several versions can be wrong in any way
        look()
        raise
    look()


def _apply(source: Source, check: Check, unsafe: bool, stamp: Stamp | None, look: Callable[[], None]) -> Repair:
    found = report = check(source)
    look()
    current = source
    fixed: list[Finding] = []
    reverted: list[Finding] = []
    refused: set[_Name] = set()
    limits: dict[int, int] = {}
    try:
        for _ in range(MOST_ROUNDS):
            batch = _batch(source, report, unsafe, refused, limits)
            if not batch:
                break
            edited = edit_source(current, batch)
            try:
                look()
                after = check(edited)
            except BaseException:
                remove_temporary(edited, source)
                raise
            harmed = _documents_with_new_errors(report, after, batch)
            if harmed:
                remove_temporary(edited, source)
                for document in harmed:
                    tried = batch[document]
                    if len(tried) == 1:
                        refused.add(_name(tried[0]))
                        reverted += tried
                    else:
                        limits[document] = len(tried) // 2
                continue
            remove_temporary(current, source)
            current, report = edited, after
            fixed += [finding for document in sorted(batch) for finding in batch[document]]
            limits.clear()
        look()
    except BaseException:
        remove_temporary(current, source)
        raise
    unfixed = tuple(_unfixed(report, unsafe, refused))
    return Repair(found, report, tuple(fixed), tuple(reverted), current, unfixed, stamp)


def _unfixed(report: Report, unsafe: bool, refused: set[_Name]) -> Iterator[tuple[Finding, Unfixed]]:
    """Yield the findings that were not fixed although their rule has a fix, and why."""
    for finding in report.findings:
        if finding.suppressed or _name(finding) in refused:
            continue
        if finding.unfixed is not None:
            yield finding, finding.unfixed
        elif finding.fix and (unsafe or finding.fix.safe):
            yield finding, Unfixed.ROUNDS


def commit(repair: Repair, path: Path) -> None:
    """
    Replace the content of *path* by the edited text, if it is still the file that was read.

    Raises:
        NotWritten: it cannot be written, or it was changed since then; *path* is untouched.
    """
    with Replacement(path, expecting=repair.read) as new, repair.source.open() as text:
        shutil.copyfileobj(text, new.file)
        new.commit()


def discard(repair: Repair, source: Source) -> None:
    """Remove the temporary file with the edited text of *source*, if there is one."""
    remove_temporary(repair.source, source)


def remove_temporary(edited: Source, source: Source) -> None:
    """Remove the temporary file of an *edited* source, if it has one that *source* has not."""
    if edited is not source and edited.data is None and edited.path is not None:
        edited.path.unlink(missing_ok=True)


def _form(source: Source) -> Form | None:
    with suppress(OSError):
        return detect_form(source)
    return None


def _name(finding: Finding) -> _Name:
    return finding.document, finding.rule, finding.pointer


def _group(finding: Finding, form: Form | None) -> int:
    return finding.document if form is Form.JSONL else 0


def _batch(source: Source, report: Report, unsafe: bool, refused: set[_Name], limits: Mapping[int, int]) -> _Batch:
    """Choose the fixes of a round, which do not touch each other: safe ones first, then in the order of the text."""
    form = _form(source)
    candidates: _Batch = {}
    for finding in report.findings:
        fix = finding.fix
        if fix and not finding.suppressed and (unsafe or fix.safe) and _name(finding) not in refused:
            candidates.setdefault(_group(finding, form), []).append(finding)
    may_touch = form is not Form.YAML
    return {
        document: _together(findings, may_touch=may_touch)[: limits.get(document)]
        for document, findings in candidates.items()
    }


def _together(findings: Sequence[Finding], *, may_touch: bool) -> list[Finding]:
    """Return the findings whose fixes can be made at once, in the order of preference."""
    splices = list(map(_splices, findings))
    order = sorted(range(len(findings)), key=lambda i: (not (fix := findings[i].fix) or not fix.safe, splices[i][:1]))
    return [findings[i] for i in choose_together(((i, splices[i]) for i in order), may_touch=may_touch)]


def _splices(finding: Finding) -> list[Splice]:
    edits = finding.fix.edits if finding.fix else ()
    return [(edit.region.start, edit.region.end, edit.replacement) for edit in edits]


def edit_source(source: Source, batch: _Batch) -> Source:
    """Return *source* with the fixes of *batch* applied: JSON Lines of a file in a temporary file, else in memory."""
    if _form(source) is not Form.JSONL:
        return Source(source.name, source.path, _edit_text(source.read(), batch[0]))
    if source.data is not None and not source.compression:
        with source.open() as lines:
            edited = [_edit_text(line, batch[index]) if index in batch else line for index, line in enumerate(lines)]
        return Source(source.name, source.path, b"".join(edited))
    handle, name = tempfile.mkstemp(SUFFIX, PREFIX)
    try:
        with os.fdopen(handle, "wb") as file, source.open() as lines:
            for index, line in enumerate(lines):
                file.write(_edit_text(line, batch[index]) if index in batch else line)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
    return Source(source.name, Path(name), None)


def _edit_text(text: bytes, findings: Sequence[Finding]) -> bytes:
    edits = {splice for finding in findings for splice in _splices(finding)}  # equal fixes are made once
    return apply_splices(text.decode(), sorted(edits)).encode()


def _documents_with_new_errors(before: Report, after: Report, batch: _Batch) -> set[int]:
    """Return the documents of *batch* that have new errors; all of them if the new errors are elsewhere."""
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
