"""The command that writes the good lines of a file to one file and the bad ones to another."""

import shutil
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from click.core import ParameterSource

from reqlint.cli.terminal import (
    CLEAN,
    FOUND,
    NOTHING,
    end_orderly,
    ignore_option,
    profile_option,
    select_option,
    write_stderr,
)

if TYPE_CHECKING:
    from reqlint.run.split import Split
    from reqlint.text.documents import Source


@click.command()
@click.argument("file", type=click.Path())
@click.option("--good", required=True, type=click.Path(), metavar="FILE", help="Takes the lines without such findings.")
@click.option("--bad", required=True, type=click.Path(), metavar="FILE", help="Takes all other lines.")
@profile_option
@select_option
@ignore_option
@click.option(
    "--fail-on",
    type=click.Choice(["error", "warning", "note"]),
    default="error",
    show_default=True,
    help="A line with a finding from here up is bad.",
)
@click.option(
    "--as",
    "kind",
    type=click.Choice(["auto", "request", "batch", "finetune", "exchange"]),
    default="auto",
    show_default=True,
    help="What each line is.",
)
@click.option("--config", type=click.Path(), metavar="FILE", help="Go by this configuration, not by the nearest.")
@click.option("--isolated", is_flag=True, help="Read no configuration.")
@click.option("-q", "--quiet", is_flag=True, help="Do not say how many lines went where.")
@click.pass_context
def split(
    ctx: click.Context,
    /,
    file: str,
    good: str,
    bad: str,
    config: str | None,
    isolated: bool,
    quiet: bool,
    **_: object,
) -> None:
    """
    Write the lines of FILE that an API takes to one file and the others to another; - reads standard input.

    Every line goes to exactly one of the two, byte for byte and in order. Of two lines with one custom_id the second
    is bad. Both files are replaced at once when all is judged; FILE itself is never touched. Of a FILE that ends in .gz
    or .zst it is the unpacked lines that are written. A configuration's settings apply, but not what it silences or
    accepts: an API refuses such lines all the same.

    Exit codes: 0 all lines are good, 1 some are bad or FILE could not be read, 2 usage or internal error, 3 there is
    nothing to split.
    """
    from reqlint.core.findings import Severity
    from reqlint.display.escaping import sanitize
    from reqlint.project.project import Project
    from reqlint.run.split import split as split_source

    for option, path in (("--good", good), ("--bad", bad)):
        if path == "-":
            raise click.UsageError(f"{option} takes a file; /dev/stdout is one")
    end_orderly(ctx)
    project = Project(_given(ctx), config=Path(config) if config else None, isolated=isolated)
    settings = project.settings_of(file)
    try:
        with Path(file).open("rb") if file != "-" and not _is_pipe(file) else nullcontext():
            pass
    except OSError as unreadable:
        write_stderr(f"error: cannot read {sanitize(file)}: {(unreadable.strerror or '').lower()}")
        sys.exit(FOUND)
    try:
        with _settled(file) as source:
            done = split_source(
                project.linter_of(settings),
                source,
                Path(good),
                Path(bad),
                kind=None if settings.kind == "auto" else settings.kind,
                fail_on=Severity(settings.fail_on),
            )
    except OSError as failed:
        if failed.errno is None:  # not the system's, so FILE is compressed and cannot be unpacked
            write_stderr(f"error: cannot read {sanitize(file)}: {failed}")
            sys.exit(FOUND)
        raise click.ClickException(f"cannot split {sanitize(file)}: {(failed.strerror or '').lower()}") from failed
    if not done.written:
        write_stderr(f"error: no requests found in {sanitize(source.name)}; nothing was written")
        sys.exit(NOTHING)
    if not quiet:
        _say(done, good, bad)
    sys.exit(FOUND if done.bad or done.whole else CLEAN)


def _given(ctx: click.Context) -> dict[str, Any]:
    """Give what the command line says of settings, by the names of a configuration; defaults are not said."""
    names = {"profile": "profile", "select": "select", "ignore": "ignore", "fail_on": "fail-on", "kind": "as"}
    return {
        key: ctx.params[name]
        for name, key in names.items()
        if ctx.get_parameter_source(name) is not ParameterSource.DEFAULT
    }


@contextmanager
def _settled(file: str) -> "Iterator[Source]":
    """Give a source that can be read more than once: of a pipe, a copy on disk."""
    from reqlint.text.compressed import suffix_of
    from reqlint.text.documents import Source

    path = Path(file)
    if file != "-" and not _is_pipe(file):
        yield Source(file, path)
        return
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / f"input{suffix_of(file)}"  # by the name it is known whether to unpack it
        with copy.open("wb") as out:
            if file == "-":
                shutil.copyfileobj(sys.stdin.buffer, out)
            else:
                with path.open("rb") as pipe:
                    shutil.copyfileobj(pipe, out)
        yield Source("<stdin>" if file == "-" else file, copy)


def _is_pipe(file: str) -> bool:
    return Path(file).exists() and not Path(file).is_file() and not Path(file).is_dir()


def _say(done: "Split", good: str, bad: str) -> None:
    from reqlint.display.escaping import counted, sanitize

    because = ", ".join(f"{rule} {count:,}" for rule, count in done.rules.items())
    parts = [
        f"{counted(done.good, 'line')} to {sanitize(good)}",
        f"{counted(done.bad, 'line')} to {sanitize(bad)}" + (f" ({because})" if because else ""),
    ]
    write_stderr("; ".join(parts))
    for finding in done.whole:
        write_stderr(f"{finding.severity}[{finding.rule}]: {sanitize(good)}: {sanitize(finding.message)}")
