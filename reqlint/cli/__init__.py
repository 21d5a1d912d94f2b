"""The command line: reads arguments and the environment, prints, and decides the exit code."""

import os
import sys
from collections.abc import Callable
from errno import EBADF, EDQUOT, EFBIG, EIO, ENOSPC
from functools import partial
from signal import SIG_DFL, SIGINT, default_int_handler, getsignal, signal

from reqlint.cli import streams
from reqlint.cli.checking import CheckOptions, run
from reqlint.cli.plain import read_plain
from reqlint.cli.terminal import CANNOT, write_stderr
from reqlint.core.errors import ReqlintError


def main() -> None:
    """Run the command line; a mistake of the caller ends in one sentence and exit code 2."""
    streams.open_all()
    asks = getsignal(SIGINT) is SIG_DFL  # as `reqlint.__main__` leaves it
    try:
        command = _command()
        if asks:
            signal(SIGINT, default_int_handler)
        _run(command)
    finally:
        if asks:
            signal(SIGINT, SIG_DFL)  # there is nothing left to interrupt
        streams.end()


def _command() -> Callable[[], int]:
    """Return what runs the command that the command line names, and returns the exit code."""
    asked = read_plain(sys.argv[1:])
    if asked:
        return partial(_check, asked)
    from reqlint.cli.group import run_command  # click takes as long as checking a small file

    return run_command


def _run(command: Callable[[], int]) -> None:
    try:
        sys.exit(command())
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


def _check(asked: CheckOptions) -> int:
    """Run ``reqlint check`` as click does."""
    try:
        return run(asked)
    except BrokenPipeError as gone:
        raise streams.OutputLost(gone) from gone
    except (EOFError, KeyboardInterrupt):
        write_stderr("\ninterrupted")
        return CANNOT


def _tell(lost: streams.OutputLost) -> None:
    if str(lost):
        write_stderr(f"error: {lost}")
