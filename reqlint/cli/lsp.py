"""The command that speaks with editors."""

import sys

import click

from reqlint import __version__
from reqlint.cli import streams
from reqlint.cli.commands import StrictCommand
from reqlint.cli.options import address, ignore_option, profile_option, select_option
from reqlint.cli.settings import given_settings
from reqlint.cli.terminal import CLEAN
from reqlint.core.paths import rooted

_HELP = """\
Run a language server for editors, over standard input and output.

It judges what is typed: findings as you type, pages of rules, fixes, keys and words of the API. It reads
configurations and baselines, and writes nothing: fixes are edits that the editor makes.

Exit codes: 0 the editor ended the session, 2 usage or internal error."""


@click.command(cls=StrictCommand, help=_HELP)
@profile_option
@select_option
@ignore_option
@click.option(
    "--docs-url",
    metavar="URL",
    callback=address,
    help="Address of your own page about a rule, with {rule} for its name, for the editor to link to.",
)
@click.option(
    "--config", metavar="FILE", type=click.Path(), help="Configuration file to use instead of the nearest one."
)
@click.option("--isolated", is_flag=True, help="Ignore all configuration files.")
@click.option("--stdio", is_flag=True, hidden=True, help="What some editors pass; it is always so.")
def lsp(
    profile: str,  # noqa: ARG001 - like the next ones with this code, read by given_settings
    select: tuple[str, ...],  # noqa: ARG001
    ignore: tuple[str, ...],  # noqa: ARG001
    docs_url: str | None,  # noqa: ARG001
    config: str | None,
    isolated: bool,
    stdio: bool,  # noqa: ARG001
) -> None:
    """Run ``reqlint lsp``."""
    try:
        from reqlint.lsp.server import serve
    except ModuleNotFoundError as missing:
        if (missing.name or "").startswith("reqlint"):
            raise
        raise click.UsageError('lsp needs the package pygls: in the checkout, pip install ".[lsp]"') from None
    from reqlint.lsp.workspace import EditorWorkspace

    if streams.stdin_is_terminal():
        raise click.UsageError("an editor starts this and speaks with it; docs/editors.md shows how to set it up")
    given = given_settings(click.get_current_context())
    only = rooted(config) if config else None
    serve(EditorWorkspace(given, config=only, isolated=isolated), __version__)
    sys.exit(CLEAN)
