"""The command that holds a profile against recorded answers."""

import sys
from pathlib import Path

import click

from reqlint import __version__
from reqlint.cli.terminal import CLEAN, FOUND, NOTHING, is_unicode, profiles_from, write_stderr


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@click.option(
    "-p",
    "--profile",
    default="auto",
    show_default=True,
    shell_complete=profiles_from,
    help="The API to judge by; auto goes by the host.",
)
@click.option("--as", "kind", type=click.Choice(("auto", "cassette", "har", "exchange")), default="auto")
@click.option("--output-format", "form", type=click.Choice(["human", "json"]), default="human", show_default=True)
def audit(paths: tuple[str, ...], profile: str, kind: str, form: str) -> None:
    """
    Hold what recordings say was accepted or refused against what a profile says.

    Reads VCR cassettes, HAR files and {"request": ..., "response": ...} pairs. Disagreement is no failure: exit codes
    are 0 when everything was read, 1 when an input could not be, 3 when there is no recorded chat request.
    """
    from reqlint.cli.piped import named, standard_input
    from reqlint.containers.envelope import Kind
    from reqlint.display.escaping import sanitize
    from reqlint.project.discovery import find_inputs
    from reqlint.run.audit import as_json, as_text
    from reqlint.run.audit import audit as audited
    from reqlint.run.linter import Linter
    from reqlint.text.documents import Source

    sources = (
        standard_input("<stdin>")
        if found.name == "-"
        else named(found.name)
        if found.named
        else Source(found.name, Path(found.name))
        for found in find_inputs(paths)
    )
    result = audited(Linter(profile), sources, None if kind == "auto" else Kind(kind))
    if form == "json":
        click.echo(as_json(result, __version__))
    elif result.counts:
        click.echo(as_text(result, is_unicode(sys.stdout)), nl=False)
    for name, reason in result.unread:
        write_stderr(f"error: cannot read {sanitize(name)}: {sanitize(reason)}")
    if not result.counts and not result.unread:
        write_stderr("error: no recorded chat requests found")
    sys.exit(FOUND if result.unread else CLEAN if result.counts else NOTHING)
