"""The command line: reads arguments and the environment, prints, and decides the exit code."""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EBADF, EDQUOT, EFBIG, EIO, ENOSPC
from importlib import import_module
from signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal
from typing import Any

import click

from reqlint import __version__
from reqlint.cli import streams
from reqlint.cli.commands import Group
from reqlint.cli.terminal import CANNOT, CLEAN, write_stderr
from reqlint.core.errors import ReqlintError

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


def main() -> None:
    """Run the command line; a mistake of the caller ends in one sentence and exit code 2."""
    streams.open_all()
    asks = getsignal(SIGINT) is SIG_DFL  # as `reqlint.__main__` leaves it
    try:
        if asks:
            signal(SIGINT, default_int_handler)
        _run()
    finally:
        if asks:
            signal(SIGINT, SIG_DFL)  # there is nothing left to interrupt
        streams.end()


def _run() -> None:
    try:
        code = cli.main(prog_name="reqlint", standalone_mode=False)
        sys.exit(code if isinstance(code, int) else CLEAN)
    except click.exceptions.Abort:
        write_stderr("interrupted")
    except click.UsageError as usage:
        _show(usage)
    except click.ClickException as failed:
        from reqlint.display.escaping import sanitize

        write_stderr(f"error: {sanitize(failed.format_message())}")
    except ReqlintError as error:
        write_stderr(f"error: {error}")
    except KeyboardInterrupt:
        write_stderr("interrupted")
    except streams.OutputLost as lost:
        _tell(lost)
    except MemoryError:
        write_stderr("error: out of memory; --jobs 1 takes less, and JSON Lines less than one large JSON text")
    except OSError as failed:
        from reqlint.display.escaping import sanitize

        reason = (failed.strerror or str(failed)).lower()
        if failed.filename is not None and failed.errno is not None:  # such as a file name that is too long
            write_stderr(f"error: {sanitize(os.fsdecode(failed.filename))}: {reason}")
        elif failed.errno in (ENOSPC, EDQUOT, EIO, EFBIG, EBADF):  # of a help text, which click prints
            _tell(streams.OutputLost(failed))
        else:
            write_stderr(f"error: {reason}")
    except Exception as bug:
        if sys.flags.dev_mode or "--traceback" in sys.argv:
            raise
        kind = type(bug).__name__
        write_stderr(
            f"error: internal error (this is a bug in reqlint): {kind}; python -X dev -m reqlint … shows where"
        )
    sys.exit(CANNOT)


def _tell(lost: streams.OutputLost) -> None:
    if str(lost):
        write_stderr(f"error: {lost}")


def _show(usage: click.UsageError) -> None:
    """Print what is wrong with the arguments, and the usage of the command."""
    from io import StringIO

    from reqlint.cli.mistakes import sentence

    shown = StringIO()
    usage.show(shown)
    write_stderr(shown.getvalue().removesuffix("\n").removesuffix(usage.format_message()) + sentence(usage))
