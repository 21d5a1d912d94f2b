"""What all commands share: exit codes, and output to the terminal."""

import os
import sys
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, TextIO

from reqlint.cli import streams
from reqlint.cli.streams import is_terminal

if TYPE_CHECKING:
    from reqlint.cli.counting import Counts
    from reqlint.cli.progress import ShareBar

CLEAN, FOUND, CANNOT, NOTHING = 0, 1, 2, 3
"""Exit codes: no findings at or above --fail-on; findings; usage, configuration or internal error; nothing to check."""

COLORS = ("auto", "always", "never")
"""The values of --color."""


def target_of(text: str) -> tuple[str, str | None]:
    """Return the format and the file of ``FORMAT[:FILE]``."""
    name, _, file = text.partition(":")
    return name, file or None


AtEnd = Callable[[Callable[[], object]], object]
"""Takes a function that is called at the end of the command."""


def wants_color(stream: TextIO, color: str) -> bool:
    """
    Return whether to colour *stream*: by --color, else by NO_COLOR, then FORCE_COLOR, then whether it is a terminal.

    Either variable counts with any value that is not empty (no-color.org, force-color.org).
    """
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    if os.environ.get("FORCE_COLOR"):
        return True
    return is_terminal(stream) and os.environ.get("TERM") != "dumb"


def progress_bar(off: bool, color: str) -> "AbstractContextManager[Counts | None]":
    """Return a progress bar on standard error if a person can see it there; a context without counts otherwise."""
    if off or not _shows_bars():
        return nullcontext()
    from reqlint.cli.progress import ProgressBar

    return ProgressBar(streams.stderr(), color=wants_color(streams.stderr(), color))


def share_bar(off: bool, color: str, noun: str) -> "AbstractContextManager[ShareBar | None]":
    """Return a progress bar that counts things called *noun*, likewise."""
    if off or not _shows_bars():
        return nullcontext()
    from reqlint.cli.progress import ShareBar

    return ShareBar(streams.stderr(), noun, color=wants_color(streams.stderr(), color))


def _shows_bars() -> bool:
    return is_terminal(streams.stderr()) and os.environ.get("TERM") != "dumb"


def width() -> int:
    """Return the number of columns for a report, at most 120."""
    # not shutil.get_terminal_size: shutil imports every archive format
    try:
        columns = int(os.environ.get("COLUMNS", "")) or os.get_terminal_size().columns
    except (OSError, ValueError):
        try:
            columns = os.get_terminal_size().columns
        except OSError:
            columns = 100
    return min(columns or 100, 120)


def end_orderly(at_end: "AtEnd") -> None:
    """
    On SIGTERM and SIGHUP, end a command that writes files as Ctrl-C does, so that no temporary file stays.

    *at_end* takes what is to be called at the end of the command.
    """
    import signal

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores SIGHUP, which stays ignored
            signal.signal(number, end)
            at_end(partial(signal.signal, number, signal.SIG_DFL))


def echo_json(value: object) -> None:
    """Print *value* as indented JSON."""
    from reqlint.display.escaping import to_json

    streams.print_text(to_json(value, 2) + "\n")


def write_stderr(text: str) -> None:
    """
    Print *text* on standard error, with control characters escaped; it is dropped if nobody can read it.

    Line ends are kept, so a name or value that may hold one has to be sanitized before it is put in *text*.
    """
    from reqlint.display.escaping import sanitize_lines

    streams.tell(sanitize_lines(text, is_unicode(streams.stderr())))


def write_page(text: str) -> None:
    """Print *text*, a page of several lines, with control characters escaped and without another line end."""
    from reqlint.display.escaping import sanitize_lines

    streams.print_text(sanitize_lines(text, is_unicode(streams.stdout())))


def is_build_log(stream: TextIO) -> bool:
    """Return whether a CI runner (GitHub, Azure, TeamCity) takes commands from *stream*, which then is not a file."""
    if not any(os.environ.get(name) for name in ("GITHUB_ACTIONS", "TF_BUILD", "TEAMCITY_VERSION")):
        return False
    import stat

    try:
        return not stat.S_ISREG(os.fstat(stream.fileno()).st_mode)
    except (OSError, ValueError):  # not a stream of the operating system
        return True


def is_unicode(stream: TextIO) -> bool:
    """Return whether the encoding of *stream* has every character."""
    return "utf" in (stream.encoding or "").lower()
