"""
The standard streams, in the one place that touches them: a program may be started without any of the three.

What cannot be written to standard output ends the run with `OutputLost`, because the output is what the run was for.
What cannot be written to standard error is dropped, because the exit code says what came of the run without it.
"""

import os
import sys
from collections.abc import Callable
from contextlib import suppress
from errno import EBADF, EPIPE
from typing import BinaryIO, TextIO

_NAMES = ("stdin", "stdout", "stderr")


class OutputLost(Exception):
    """Standard output cannot be written; the message says why, and is empty if its reader wants no more of it."""

    def __init__(self, failed: OSError) -> None:
        gone = failed.errno == EPIPE
        super().__init__("" if gone else f"cannot write the output: {_reason(failed, 'standard output')}")


def open_all() -> None:
    """
    Put a stream in the place of each that was closed when the program started; using it fails as using a closed one.

    Without it the next file that is opened takes the number of the closed stream, and what is written there goes into
    that file.
    """
    for number, name in enumerate(_NAMES):
        if getattr(sys, name) is None:
            # The device is opened the wrong way round, so that reading or writing it is an error of the system.
            opened = os.open(os.devnull, os.O_WRONLY if number == 0 else os.O_RDONLY)
            if opened != number and not _is_open(number):
                os.dup2(opened, number)
                os.close(opened)
                opened = number
            setattr(sys, name, open(opened, "w" if number else "r", encoding="utf-8", closefd=False))  # noqa: SIM115 - to the end of the process
    for stream in (sys.stdout, sys.stderr):
        # A payload may hold characters that the terminal's encoding lacks; that must not end the report.
        getattr(stream, "reconfigure", lambda **_: None)(errors="backslashreplace")


def _is_open(number: int) -> bool:
    try:
        os.fstat(number)
    except OSError:
        return False
    return True


def stdout() -> TextIO:
    """Return standard output, to learn what it is; it is written with the functions below."""
    return sys.stdout


def stderr() -> TextIO:
    """Return standard error, to learn what it is or to draw on it."""
    return sys.stderr


def is_terminal(stream: TextIO) -> bool:
    """Return whether a person sees *stream*."""
    try:
        return stream.isatty()
    except ValueError:  # it was closed
        return False


def stdin_is_terminal() -> bool:
    """Return whether standard input is typed by a person."""
    return is_terminal(sys.stdin)


def read_stdin() -> BinaryIO:
    """
    Return standard input, as bytes.

    Raises:
        OSError: on reading, if it is closed; see `why_unread`.
    """
    return sys.stdin.buffer


def why_unread(failed: OSError) -> str:
    """Return why standard input could not be read."""
    return _reason(failed, "standard input")


def print_text(text: str) -> None:
    """Print *text* on standard output, at once; raise `OutputLost` if that is impossible."""
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as failed:
        raise OutputLost(failed) from failed


def print_bytes(pieces: bytes) -> None:
    """Write bytes to standard output, as they are; raise `OutputLost` if that is impossible."""
    try:
        sys.stdout.buffer.write(pieces)
    except OSError as failed:
        raise OutputLost(failed) from failed


def flush() -> None:
    """Write the rest of `print_bytes` and `printer` to standard output; raise `OutputLost` if that is impossible."""
    try:
        sys.stdout.flush()
        sys.stdout.buffer.flush()
    except OSError as failed:
        raise OutputLost(failed) from failed


def printer(*, err: bool) -> Callable[[str], object]:
    """Return a function that prints the pieces of a report on standard output or standard error; `flush` ends it."""
    if err:
        return _write_stderr

    write = sys.stdout.write

    def put(text: str) -> None:
        try:
            write(text)
        except OSError as failed:
            raise OutputLost(failed) from failed

    return put


def tell(text: str) -> None:
    """Print *text* and a line end on standard error; it is dropped where nobody can read it."""
    _write_stderr(text + "\n")
    with suppress(OSError, ValueError):
        sys.stderr.flush()


def _write_stderr(text: str) -> None:
    with suppress(OSError, ValueError):
        sys.stderr.write(text)


def end() -> None:
    """Discard what could not be written, so that Python does not try again, and fail, when it ends."""
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except (OSError, ValueError):
            with suppress(OSError, ValueError):
                os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


def _reason(failed: OSError, stream: str) -> str:
    if failed.errno == EBADF:
        return f"{stream} is closed"
    return (failed.strerror or str(failed)).lower()
