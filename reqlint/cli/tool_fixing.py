"""What --fix and --diff do with the tools of each input."""

from collections.abc import Iterable, Iterator
from functools import partial
from typing import TYPE_CHECKING

import click

from reqlint.cli.terminal import write_stderr
from reqlint.core.errors import NotWritten

if TYPE_CHECKING:
    from reqlint.cli.fixing import Fixing
    from reqlint.fixes.apply import Repair
    from reqlint.project.compat import ProjectCompat
    from reqlint.run.compat.repair_plan import Loss
    from reqlint.run.scope import Scope
    from reqlint.text.sources import Source


class ToolFixing:
    """
    Fixes the tools of inputs, and tells what that came to.

    Args:
        run: the run, which knows the APIs that have to take the tools.
        fixing: what to do with the fixes.
    """

    def __init__(self, run: "ProjectCompat", fixing: "Fixing") -> None:
        self._run = run
        self._fixing = fixing
        self._losses: list[Loss] = []
        self.failures: list[str] = []  #: inputs that could not be fixed, each a sentence

    def fix(self, inputs: "Iterable[tuple[Source, Scope]]") -> "Iterator[tuple[Source, Scope]]":
        """
        Fix inputs one by one, and yield each with its new text.

        Raises:
            click.UsageError: it is not said which APIs have to take the tools of one; nothing is written then.
        """
        from reqlint.text.sources import why_unreadable

        inputs = list(inputs)
        if not all(self._run.has_required(source.name) for source, _ in inputs):
            raise click.UsageError(
                "--fix and --diff need the APIs that have to take the tools: name them with --require, or as require "
                "in the configuration"
            )
        for source, scope in inputs:
            if (reason := why_unreadable(source)) is not None:
                self._fail(f"cannot fix {source.name}: {reason}")
                yield source, scope
                continue
            try:
                _, fixed = self._fixing.run_with(source, partial(self._repair, scope=scope))
            except NotWritten as failed:
                self._fail(str(failed))
                yield source, scope
            else:
                yield fixed, scope

    def _repair(self, source: "Source", scope: "Scope") -> "Repair":
        repaired = self._run.repair(source, scope, unsafe=self._fixing.unsafe)
        self._losses += repaired.losses
        return repaired.repair

    def _fail(self, reason: str) -> None:
        from reqlint.display.escaping import sanitize

        self.failures.append(sanitize(reason))

    def close(self) -> None:
        """Print on standard error what was fixed, what that lost, and what is left and why."""
        from reqlint.display.escaping import counted, sanitize

        fixed = len(self._fixing.fixed)
        if not self._fixing.diff and (fixed or self._fixing.left):
            rest = f"; {self._fixing.left:,} left" if self._fixing.left else ""
            write_stderr(f"Fixed {counted(fixed, 'finding')}{rest}.")
        for loss in self._losses:
            write_stderr(sanitize(f"unsafe: {loss.source}: {loss.path}: {loss.description}"))
        self._fixing.close()
        for failure in self.failures:
            write_stderr(f"error: {failure}")
