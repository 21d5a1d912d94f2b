"""What --fix and --diff do with each input."""

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, BinaryIO

import click

from reqlint.cli import streams
from reqlint.cli.terminal import CLEAN, FOUND, is_build_log, is_unicode, write_stderr
from reqlint.core.errors import NotWritten

if TYPE_CHECKING:
    from reqlint.core.findings import Finding, Report
    from reqlint.fixes.apply import Repair
    from reqlint.text.atomic_write import Stamp
    from reqlint.text.sources import Source


def fixing_for(*, fix: bool, diff: bool, unsafe: bool, paths: tuple[str, ...]) -> "Fixing | None":
    """
    Return how to fix, or None without --fix and --diff.

    Raises:
        click.UsageError: the options exclude each other.
    """
    if unsafe and not (fix or diff):
        raise click.UsageError("--unsafe-fixes needs --fix or --diff")
    if fix and not diff and "-" in paths and len(paths) > 1:
        raise click.UsageError("with --fix, - cannot be combined with other paths")
    return Fixing(diff=diff, unsafe=unsafe, takes_stdout=diff or "-" in paths) if fix or diff else None


class Fixing:
    """
    Fixes the inputs of one run, or shows the fixes as a diff.

    Args:
        diff: show a unified diff and write nothing.
        unsafe: also make fixes that may change the meaning of a request.
        takes_stdout: whether a diff or a fixed text goes to standard output, so that the report has to go elsewhere.
    """

    def __init__(self, *, diff: bool, unsafe: bool, takes_stdout: bool) -> None:
        self.diff = diff
        self.takes_stdout = takes_stdout
        self.unsafe = unsafe
        self.left = 0  #: number of findings that were not fixed
        self.fixed: list[Finding] = []
        self.reverted: list[Finding] = []

    def run(self, source: "Source", check: "Callable[[Source], Report]") -> "tuple[Report, Source]":
        """
        Fix one input: the file itself, or standard input to standard output.

        Return the report of the remaining findings, and the source they are in; with a diff, of all findings.

        Raises:
            NotWritten: the file cannot be written, or only a part of it can be read.
        """
        from reqlint.text.atomic_write import stamp_of

        read = stamp_of(source.path) if source.path is not None else None
        try:
            return self._run(source, check, read)
        except ValueError:
            if source.path is None or stamp_of(source.path) == read:
                raise
            # Offsets into a file that has changed can be anywhere, such as inside a character.
            raise NotWritten(f"cannot fix {source.name}: it changed while it was read") from None

    def _run(
        self, source: "Source", check: "Callable[[Source], Report]", read: "Stamp | None"
    ) -> "tuple[Report, Source]":
        from reqlint.fixes.apply import apply_fixes, commit, discard

        try:
            repair = apply_fixes(source, check, unsafe=self.unsafe)
        except OSError as failed:
            raise _cannot_fix(source, failed) from failed
        try:
            if repair.fixed and source.path is not None and not self.diff:
                if source.compression:
                    raise NotWritten(f"cannot write {source.name}: it is compressed; unpack it and fix what comes out")
                commit(repair, source.path, read)
            self.left += sum(not finding.suppressed for finding in repair.left)
            self.fixed += repair.fixed
            self.reverted += repair.reverted
            if self.diff:
                self._show(source, repair)
                return repair.found, source
            return repair.left, self._pass_on(repair) if source.path is None else source
        finally:
            discard(repair, source)

    def _show(self, source: "Source", repair: "Repair") -> None:
        if not repair.fixed:
            return
        from reqlint.display.escaping import escape
        from reqlint.display.line_tokens import mask_line
        from reqlint.text.forms import Form, detect_form

        form, is_read = detect_form(source), streams.is_terminal(streams.stdout()) or is_build_log(streams.stdout())
        by_line, yaml = form is Form.JSONL, form is Form.YAML
        with source.open() as before, repair.source.open() as after:
            for line in unified(before, after, source.name, line_by_line=by_line):
                # A payload must not control a terminal or a runner that reads the log. A patch has to be exact.
                if is_read:
                    hidden = mask_line(line[1:-1].decode("utf-8", "replace"), yaml=yaml)
                    line = line[:1] + escape(hidden, is_unicode(streams.stdout())).encode() + b"\n"
                streams.print_bytes(line)
        streams.flush()

    def _pass_on(self, repair: "Repair") -> "Source":
        """Write the fixed text to standard output, decompressed, and return it as a source that can be read again."""
        from reqlint.text.sources import Source

        if repair.source.compression:  # nothing was fixed
            self._copy(repair.source)
            return repair.source
        try:
            data = repair.source.read()
        except OSError as failed:
            raise _cannot_fix(repair.source, failed) from failed
        streams.print_bytes(data)
        streams.flush()
        return Source(repair.source.name, None, data)

    def _copy(self, source: "Source") -> None:
        with source.open() as text:
            try:
                for line in text:
                    streams.print_bytes(line)
            except OSError as failed:
                raise _cannot_fix(source, failed) from failed
        streams.flush()

    def exit_code(self, code: int, report: "Report", *, exit_zero: bool, tells_fixed: bool) -> int:
        """Return the exit code, given the *code* for the findings in *report*; a diff that is not empty exits 1."""
        if self.diff and code in (CLEAN, FOUND):
            unread = any(finding.rule == "unreadable-input" for finding in report)
            code = FOUND if (self.fixed or unread) and not exit_zero else CLEAN
        return FOUND if tells_fixed and self.fixed and code == CLEAN and not exit_zero else code

    def close(self) -> None:
        """Print on standard error what the fixes of a diff would come to, and which fixes were reverted."""
        from reqlint.display.escaping import counted, sanitize

        if self.diff:
            rest = f"; {self.left:,} would be left" if self.left else ""
            write_stderr(f"Would fix {counted(len(self.fixed), 'finding')}{rest}. Nothing was written.")
        for finding in self.reverted:
            where = sanitize(f"{finding.source}: {finding.rule} at {finding.path or 'the request'}")
            write_stderr(f"not fixed: {where}; the fix leads to another error")


def _cannot_fix(source: "Source", failed: OSError) -> NotWritten:
    return NotWritten(f"cannot fix {source.name}: {(failed.strerror or str(failed)).lower()}")


def unified(before: BinaryIO, after: BinaryIO, name: str, *, line_by_line: bool) -> Iterator[bytes]:
    """Yield the lines of a unified diff; *line_by_line* compares files of equal length without loading them."""
    encoded = name.encode("utf-8", "surrogateescape")
    if line_by_line:
        lines = _line_by_line(before, after, encoded)
    else:
        from difflib import diff_bytes, unified_diff

        lines = diff_bytes(unified_diff, list(before), list(after), encoded, encoded, n=1, lineterm=b"\n")
    for line in lines:
        yield line if line.endswith(b"\n") else line + b"\n\\ No newline at end of file\n"


def _line_by_line(before: BinaryIO, after: BinaryIO, name: bytes) -> Iterator[bytes]:
    yield b"--- %b\n" % name
    yield b"+++ %b\n" % name
    first = 0  # line number of the current hunk
    hunk: list[bytes] = []
    unchanged: list[bytes] = []  # lines after its last change
    previous: list[bytes] = []
    for number, (old, new) in enumerate(zip(before, after, strict=True), 1):
        if old != new:
            if not hunk:
                first, hunk, unchanged = number - len(previous), [b" " + line for line in previous], []
            hunk += [*(b" " + line for line in unchanged), b"-" + old, b"+" + new]
            unchanged = []
        elif hunk:
            unchanged.append(old)
        previous = [old]
        if hunk and (len(unchanged) > 2 or len(hunk) > _LONGEST_HUNK):
            yield from _hunk(first, hunk, unchanged[:1])
            hunk = []
    if hunk:
        yield from _hunk(first, hunk, unchanged[:1])


_LONGEST_HUNK = 10_000  # lines kept in memory


def _hunk(first: int, lines: list[bytes], after: list[bytes]) -> Iterator[bytes]:
    count = sum(not line.startswith(b"+") for line in lines) + len(after)
    yield b"@@ -%d,%d +%d,%d @@\n" % (first, count, first, count)
    yield from lines
    yield from (b" " + line for line in after)
