"""The command line: reads arguments and the environment, prints, and decides the exit code."""

import os
import sys
from errno import EDQUOT, EFBIG, EIO, ENOSPC
from importlib import import_module

import click

from reqlint import __version__
from reqlint.cli.terminal import CANNOT, CLEAN, write_stderr
from reqlint.core.errors import ReqlintError, UnknownName

COMMANDS = {
    "check": "check",
    "baseline": "baseline",
    "audit": "audit",
    "explain": "reference",
    "rules": "reference",
    "profiles": "reference",
    "schema": "reference",
    "split": "split",
    "init": "init",
    "completion": "completion",
}
"""The module of each command in this folder; only the called one is imported."""


class _Commands(click.Group):
    """A group that imports its commands on demand and suggests one for a misspelled name."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"reqlint.cli.{COMMANDS[cmd_name]}"), cmd_name)
        return command

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        # A shell that asks for completions gets no error.
        is_name = bool(args) and not args[0].startswith("-") and not ctx.resilient_parsing
        if is_name and self.get_command(ctx, args[0]) is None:
            unknown = UnknownName(args[0], self.list_commands(ctx))
            unknown.kind = "command"
            raise click.UsageError(str(unknown), ctx)
        return super().resolve_command(ctx, args)


@click.group(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="reqlint", message="%(prog)s %(version)s")
def cli() -> None:
    """Check LLM chat requests before they are sent: offline, and honest about where each claim comes from."""


def main() -> None:
    """Run the command line; a mistake of the caller ends in one sentence and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        # A payload may hold characters that the terminal's encoding lacks; that must not end the report.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")
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
    except BrokenPipeError:
        # The reader of a pipe closed it, as `head` does.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except MemoryError:
        write_stderr("error: out of memory; --jobs 1 takes less, and JSON Lines less than one large JSON text")
    except OSError as failed:
        from reqlint.display.escaping import sanitize

        reason = (failed.strerror or str(failed)).lower()
        if failed.filename is not None and failed.errno is not None:  # such as a file name that is too long
            write_stderr(f"error: {sanitize(os.fsdecode(failed.filename))}: {reason}")
        elif failed.errno in (ENOSPC, EDQUOT, EIO, EFBIG):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # discard the rest of the output
            write_stderr(f"error: cannot write the output: {reason}")
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


def _show(usage: click.UsageError) -> None:
    """Print what is wrong with the arguments, and the usage of the command."""
    from io import StringIO

    from reqlint.display.escaping import sanitize

    shown, message = StringIO(), usage.format_message()
    usage.show(shown)
    text = shown.getvalue().removesuffix("\n")
    if not isinstance(
        usage, click.MissingParameter | click.exceptions.NoArgsIsHelpError
    ):  # their messages quote no argument
        text = text.removesuffix(message) + sanitize(message)
    write_stderr(text)
