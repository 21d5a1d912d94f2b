"""What --fix and --diff do with each input."""

from collections.abc import Callable
from functools import partial
from typing import IO, TYPE_CHECKING

import click

from reqlint.cli import streams
from reqlint.cli.terminal import CLEAN, FOUND, is_build_log, is_unicode, write_stderr
from reqlint.core.errors import InputChanged, NotWritten

if TYPE_CHECKING:
    from reqlint.core.findings import Finding, Report
    from reqlint.fixes.apply import Repair
    from reqlint.text.sources import Source


_BLOCK = 1 << 20  # bytes
_IN_MEMORY = 1 << 24  # bytes; a longer diff is kept in a file until it is shown


def fixing_for(*, fix: bool, diff: bool, unsafe: bool, paths: tuple[str, ...]) -> "Fixing | None":
    """
    Return how to fix, or None without --fix and --diff.

    Raises:
        click.UsageError: the options exclude each other.
    """
    if unsafe and not (fix or diff):
        raise click.UsageError("--unsafe-fixes needs --fix, --diff or, for check, --show-fixes")
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
        self.unfixed: list[tuple[Finding, str]] = []
        self._input_changed = False

    def run(self, source: "Source", check: "Callable[[Source], Report]") -> "tuple[Report, Source]":
        """
        Fix one input: the file itself, or standard input to standard output.

        Return the report of the remaining findings, and the source they are in; with a diff, of all findings.

        Raises:
            InputChanged: somebody else changed the file meanwhile; nothing is said about it then, and nothing counts.
            NotWritten: the file cannot be written, or only a part of it can be read.
        """
        from reqlint.fixes.apply import apply_fixes

        return self.run_with(source, partial(apply_fixes, check=check, unsafe=self.unsafe))

    def run_with(self, source: "Source", make: "Callable[[Source], Repair]") -> "tuple[Report, Source]":
        """Fix one input as `run` does, in a way that *make* knows."""
        try:
            return self._run(source, make)
        except InputChanged:
            self._input_changed = True
            raise

    def _run(self, source: "Source", make: "Callable[[Source], Repair]") -> "tuple[Report, Source]":
        from tempfile import SpooledTemporaryFile

        from reqlint.fixes.apply import commit, discard, unchanged

        try:
            repair = make(source)
        except OSError as failed:
            raise _cannot_fix(source, failed) from failed
        try:
            if self.diff:
                with SpooledTemporaryFile(_IN_MEMORY) as diff:
                    with unchanged(source, repair.read):
                        self._write_diff(source, repair, diff)
                    diff.seek(0)
                    while block := diff.read(_BLOCK):
                        streams.print_bytes(block)
                streams.flush()
            elif repair.fixed and source.path is not None:
                if source.compression:
                    raise NotWritten(f"cannot write {source.name}: it is compressed; unpack it and fix what comes out")
                commit(repair, source.path)
            self.left += sum(not finding.suppressed for finding in repair.left)
            self.fixed += repair.fixed
            self.reverted += repair.reverted
            self.unfixed += repair.unfixed
            if self.diff:
                return repair.found, source
            return repair.left, self._pass_on(repair) if source.path is None else source
        finally:
            discard(repair, source)

    def _write_diff(self, source: "Source", repair: "Repair", file: "IO[bytes]") -> None:
        """Write the diff into *file* first: if its source changes meanwhile, none of it is shown."""
        if not repair.fixed:
            return
        from reqlint.display.escaping import escape
        from reqlint.display.line_tokens import mask_line
        from reqlint.text.forms import Form, detect_form
        from reqlint.text.unified import unified

        form, is_read = detect_form(source), streams.is_terminal(streams.stdout()) or is_build_log(streams.stdout())
        by_line, yaml = form is Form.JSONL, form is Form.YAML
        with source.open() as before, repair.source.open() as after:
            for line in unified(before, after, source.name, line_by_line=by_line):
                # A payload must not control a terminal or a runner that reads the log. A patch has to be exact.
                if is_read:
                    hidden = mask_line(line[1:-1].decode("utf-8", "replace"), yaml=yaml)
                    line = line[:1] + escape(hidden, is_unicode(streams.stdout())).encode() + b"\n"
                file.write(line)

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
            code = FOUND if (self.fixed or unread or self._input_changed) and not exit_zero else CLEAN
        return FOUND if tells_fixed and self.fixed and code == CLEAN and not exit_zero else code

    def close(self) -> None:
        """Print on standard error what the fixes of a diff would come to, and what was not fixed and why."""
        from collections import Counter

        from reqlint.display.escaping import counted, sanitize

        if self.diff:
            rest = f"; {self.left:,} would be left" if self.left else ""
            write_stderr(f"Would fix {counted(len(self.fixed), 'finding')}{rest}. Nothing was written.")
        for finding in self.reverted:
            where = sanitize(f"{finding.source}: {finding.rule} at {finding.path or 'the request'}")
            write_stderr(f"not fixed: {where}; the fix leads to another error")
        sources: dict[str, Counter[str | None]] = {}
        for finding, reason in self.unfixed:
            sources.setdefault(reason, Counter())[finding.source] += 1
        for reason, counts in sorted(sources.items()):
            [*names] = counts
            where = sanitize(str(names[0])) if len(names) == 1 else counted(len(names), "file")
            write_stderr(f"not fixed: {counted(counts.total(), 'finding')} in {where}: {reason}")


def _cannot_fix(source: "Source", failed: OSError) -> NotWritten:
    return NotWritten(f"cannot fix {source.name}: {(failed.strerror or str(failed)).lower()}")
