"""The command that compares a profile with recorded answers."""

import sys
from collections.abc import Iterable
from pathlib import Path

import click

from reqlint import __version__
from reqlint.cli import streams
from reqlint.cli.commands import OneOf, StrictCommand
from reqlint.cli.options import human_or_json, no_progress_option, profiles_from
from reqlint.cli.terminal import CLEAN, FOUND, NOTHING, is_unicode, progress_bar, write_stderr

_HELP = """\
Compare what recordings show an API accepted or refused with what its profile says.

Reads VCR cassettes, HAR files and {"request": ..., "response": ...} pairs. Disagreements do not fail the run.

Exit codes: 0 all inputs were read, 1 an input could not be read, 2 usage or internal error, 3 no recorded chat
requests."""


@click.command(cls=StrictCommand, help=_HELP)
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option(
    "-p",
    "--profile",
    default="auto",
    show_default=True,
    shell_complete=profiles_from,
    help="Profile of the API to compare with. auto chooses it by host.",
)
@click.option(
    "--as",
    "kind",
    type=OneOf(("auto", "cassette", "har", "nock", "exchange")),
    default="auto",
    show_default=True,
    help="What the input files hold.",
)
@human_or_json
@no_progress_option
def audit(paths: tuple[str, ...], profile: str, kind: str, form: str, no_progress: bool) -> None:
    """Run ``reqlint audit``."""
    from reqlint.cli.piped import named, standard_input
    from reqlint.containers.envelope import Kind
    from reqlint.display.escaping import sanitize
    from reqlint.project.discovery import find_inputs
    from reqlint.reporters.audit import as_json, as_text
    from reqlint.run.audit import audit as audited
    from reqlint.run.linter import Linter
    from reqlint.text.sources import Source

    inputs = [*find_inputs(paths)]
    sources: Iterable[Source] = [
        standard_input("<stdin>")
        if found.name == "-"
        else named(found.name)
        if found.named
        else Source(found.name, Path(found.name))
        for found in inputs
    ]
    walked = {found.name for found in inputs if not found.named}
    from_keyboard = "-" in paths and streams.stdin_is_terminal()
    with progress_bar(no_progress or from_keyboard, "auto") as counts:
        if counts:
            counts.expect(sources)
            sources = map(counts.watch, sources)
        result = audited(Linter(profile), sources, None if kind == "auto" else Kind(kind), walked)
    if form == "json":
        streams.print_text(as_json(result, __version__) + "\n")
    elif text := as_text(result, is_unicode(streams.stdout())):
        streams.print_text(text)
    for name, reason in result.unread:
        write_stderr(f"error: cannot read {sanitize(name)}: {sanitize(reason)}")
    if not result.counts and not result.unread:
        write_stderr("error: no recorded requests found")
    sys.exit(FOUND if result.unread else CLEAN if result.counts else NOTHING)
