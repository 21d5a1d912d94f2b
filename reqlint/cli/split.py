"""The command that splits a file into good and bad lines."""

import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from errno import EBADF
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, BinaryIO

import click
from click.core import ParameterSource

from reqlint.cli import streams
from reqlint.cli.commands import OneOf, StrictCommand, WholeNumber
from reqlint.cli.options import ignore_option, jobs_option, no_progress_option, profile_option, select_option
from reqlint.cli.terminal import CLEAN, FOUND, NOTHING, end_orderly, progress_bar, write_stderr
from reqlint.core.findings import SEVERITIES
from reqlint.core.paths import is_folder

if TYPE_CHECKING:
    from reqlint.run.splitting.split import Split
    from reqlint.text.sources import Source


_HELP = """\
Split FILE into lines that an API accepts and lines that it refuses; - reads standard input.

Every line goes to exactly one of the two files, byte for byte and in order. Of two lines with the same custom_id
the second is bad. All files are written when all lines are judged; FILE is never changed. A FILE that ends in .gz
or .zst is decompressed. The settings of a configuration apply, but not its suppressions and its baseline, because
an API refuses those lines all the same.

With --chunk, the good lines of a batch go to files that can be submitted: good-001.jsonl and so on, each for one
model and URL, within the lines and bytes that the API takes in one file.

Exit codes: 0 all lines are good, 1 some are bad or FILE could not be read, 2 usage or internal error, 3 nothing to
split."""


@click.command(cls=StrictCommand, help=_HELP)
@click.argument("file", type=click.Path())
@click.option(
    "--good",
    required=True,
    type=click.Path(),
    metavar="FILE",
    help="File for the lines without findings at or above --fail-on.",
)
@click.option("--bad", required=True, type=click.Path(), metavar="FILE", help="File for all other lines.")
@click.option(
    "--chunk",
    is_flag=True,
    help="Write good lines to several files named after --good: one model and URL each, within the API's limits.",
)
@click.option("--chunk-lines", type=WholeNumber(min=1), metavar="N", help="Most lines of such a file; implies --chunk.")
@click.option(
    "--chunk-megabytes",
    type=click.FloatRange(min=0.001),
    metavar="N",
    help="Most megabytes (1,000,000 bytes) of such a file; implies --chunk.",
)
@click.option("--fix", is_flag=True, help="Write good lines with their safe fixes; bad lines stay as they are.")
@profile_option
@select_option
@ignore_option
@click.option(
    "--fail-on",
    type=OneOf(SEVERITIES),
    default="error",
    show_default=True,
    help="Lowest severity that makes a line bad.",
)
@click.option(
    "--as",
    "kind",
    type=OneOf(["auto", "request", "batch", "finetune", "exchange"]),
    default="auto",
    show_default=True,
    help="What each line holds.",
)
@click.option(
    "--config", type=click.Path(), metavar="FILE", help="Configuration file to use instead of the nearest one."
)
@click.option("--isolated", is_flag=True, help="Ignore all configuration files.")
@jobs_option()
@no_progress_option
@click.option("-q", "--quiet", is_flag=True, help="Do not print how many lines were written.")
@click.pass_context
def split(
    ctx: click.Context,
    /,
    file: str,
    good: str,
    bad: str,
    config: str | None,
    isolated: bool,
    chunk: bool,
    chunk_lines: int | None,
    chunk_megabytes: float | None,
    fix: bool,
    jobs: int | None,
    no_progress: bool,
    quiet: bool,
    **_: object,
) -> None:
    """Run ``reqlint split``."""
    from reqlint.core.findings import Severity
    from reqlint.display.escaping import sanitize
    from reqlint.project.project import Project
    from reqlint.run.splitting.parts import Cut
    from reqlint.run.splitting.split import split as split_source
    from reqlint.run.task import pause_gc

    for option, path in (("--good", good), ("--bad", bad)):
        if path == "-":
            raise click.UsageError(f"{option} needs a file; use /dev/stdout for standard output")
    end_orderly(ctx.call_on_close)
    project = Project(_given(ctx), config=Path(config) if config else None, isolated=isolated)
    settings = project.settings_of(file)
    try:
        with Path(file).open("rb") if file != "-" and not _is_pipe(file) else nullcontext():
            pass
    except OSError as unreadable:
        write_stderr(f"error: cannot read {sanitize(file)}: {(unreadable.strerror or '').lower()}")
        sys.exit(FOUND)
    cut = Cut(chunk_lines, round(chunk_megabytes * 1_000_000) if chunk_megabytes else None)
    pause_gc()
    try:
        with _rereadable(file) as source:
            done = split_source(
                project.linter_of(settings),
                source,
                Path(good),
                Path(bad),
                kind=None if settings.kind == "auto" else settings.kind,
                fail_on=Severity(settings.fail_on),
                cut=cut if chunk or chunk_lines or chunk_megabytes else None,
                fix=fix,
                jobs=jobs,
                bar=partial(progress_bar, no_progress or quiet, "auto"),
            )
    except OSError as failed:
        if failed.errno is None:  # not the system's: FILE cannot be decompressed, or is a closed standard input
            write_stderr(f"error: cannot read {sanitize(file)}: {failed}")
            sys.exit(FOUND)
        raise click.ClickException(f"cannot split {sanitize(file)}: {(failed.strerror or '').lower()}") from failed
    if not done.written:
        write_stderr(f"error: no requests found in {sanitize(source.name)}; nothing was written")
        sys.exit(NOTHING)
    if not quiet:
        _print_counts(done, good, bad)
    sys.exit(CLEAN if done.is_clean else FOUND)


def _given(ctx: click.Context) -> dict[str, Any]:
    """Return the settings of the command line, by key of a configuration, without defaults."""
    names = {"profile": "profile", "select": "select", "ignore": "ignore", "fail_on": "fail-on", "kind": "as"}
    return {
        key: ctx.params[name]
        for name, key in names.items()
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
    }


@contextmanager
def _rereadable(file: str) -> "Iterator[Source]":
    """Yield a source that can be read more than once: a pipe is copied to disk."""
    from reqlint.text.compressed import suffix_of
    from reqlint.text.sources import Source

    path = Path(file)
    if file != "-" and not _is_pipe(file):
        yield Source(file, path)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"input{suffix_of(file)}"  # the suffix decides whether it is decompressed
        with copy.open("wb") as out:
            if file == "-":
                _copy_stdin(out)
            else:
                with path.open("rb") as pipe:
                    shutil.copyfileobj(pipe, out)
        yield Source("<stdin>" if file == "-" else file, copy)


def _copy_stdin(out: BinaryIO) -> None:
    try:
        shutil.copyfileobj(streams.read_stdin(), out)
    except OSError as failed:
        if failed.errno != EBADF:
            raise
        raise OSError(streams.why_unread(failed)) from failed


def _is_pipe(file: str) -> bool:
    return os.path.exists(file) and not os.path.isfile(file) and not is_folder(file)  # noqa: PTH110, PTH113 - never raise


def _print_counts(done: "Split", good: str, bad: str) -> None:
    """Print in words what went where, and why, with the numbers of the first lines."""
    from reqlint.display.escaping import counted, sanitize

    into = f"{counted(len(done.parts), 'file')}" if done.parts else sanitize(good)
    lines = [f"{counted(done.good, 'line')} to {into}; {counted(done.bad, 'line')} to {sanitize(bad)}"]
    for part in done.parts:
        label = " ".join(sanitize(each) for each in part.label if each is not None)
        size = f"{part.size / 1e6:,.1f} MB"
        lines.append(
            f"  {sanitize(str(part.path))}: {counted(part.lines, 'line')}, {size}" + (f", {label}" if label else "")
        )
    for rule, count in done.rules.items():
        first = done.examples.get(rule, ())
        more = f" and {count - len(first):,} more" if count > len(first) else ""
        numbers = ", ".join(f"{number:,}" for number in first)
        lines.append(f"  {rule}: line {numbers}{more}" if count == 1 else f"  {rule}: lines {numbers}{more}")
    if done.blank:
        lines.append(f"  {counted(done.blank, 'blank line')} to {sanitize(bad)}")
    if done.fixed:
        lines.append(f"  fixed {counted(done.fixed, 'finding')} in the good lines")
    write_stderr("\n".join(lines))
    for finding in done.whole:
        write_stderr(f"{finding.severity}[{finding.rule}]: {sanitize(good)}: {sanitize(finding.message)}")
