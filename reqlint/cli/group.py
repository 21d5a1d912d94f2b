"""All commands of the command line, as click knows them, and what becomes of click's exceptions."""

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from typing import Any

import click

from reqlint import __version__
from reqlint.cli import streams
from reqlint.cli.commands import Group
from reqlint.cli.terminal import CANNOT, CLEAN, write_stderr

COMMANDS = {
    "check": "check",
    "baseline": "baseline",
    "audit": "audit",
    "compat": "compat",
    "probe": "probe",
    "explain": "reference",
    "why": "why",
    "rules": "reference",
    "profiles": "reference",
    "schema": "reference",
    "split": "split",
    "lsp": "lsp",
    "init": "init",
    "completion": "completion",
}
"""The module of each command in this folder; only the called one is imported."""


class _Commands(Group):
    """A group that imports its commands on demand."""

    def make_context(self, *arguments: Any, **options: Any) -> click.Context:
        with _reader_may_go():
            return super().make_context(*arguments, **options)

    def invoke(self, ctx: click.Context) -> Any:
        with _reader_may_go():
            return super().invoke(ctx)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"reqlint.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return command


@contextmanager
def _reader_may_go() -> Iterator[None]:
    """Keep click from ending with 1, the code for findings, if the reader of a help text goes away."""
    try:
        yield
    except BrokenPipeError as gone:
        raise streams.OutputLost(gone) from gone


@click.group(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    help="Check LLM requests before they are sent: offline, and honest about where each claim comes from.",
)
@click.version_option(__version__, prog_name="reqlint", message="%(prog)s %(version)s")
def cli() -> None:
    """Run the command that is named."""


def run_command() -> int:
    """Run the command that the command line names, and return the exit code; a mistake of the caller is explained."""
    try:
        code = cli.main(prog_name="reqlint", standalone_mode=False)
    except click.exceptions.Abort:
        write_stderr("interrupted")
    except click.UsageError as usage:
        _show(usage)
    except click.ClickException as failed:
        from reqlint.display.escaping import sanitize

        write_stderr(f"error: {sanitize(failed.format_message())}")
    else:
        return code if isinstance(code, int) else CLEAN
    return CANNOT


def _show(usage: click.UsageError) -> None:
    """Print what is wrong with the arguments, and the usage of the command."""
    from io import StringIO

    from reqlint.cli.mistakes import sentence

    shown = StringIO()
    usage.show(shown)
    write_stderr(shown.getvalue().removesuffix("\n").removesuffix(usage.format_message()) + sentence(usage))
