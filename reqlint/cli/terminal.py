"""What all commands share: exit codes, common options, and output to the terminal."""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import partial
from typing import TYPE_CHECKING, Any, TextIO, TypeVar

import click

from reqlint.cli import streams
from reqlint.cli.commands import Listing, OneOf, WholeNumber
from reqlint.cli.streams import is_terminal

if TYPE_CHECKING:
    from click.shell_completion import CompletionItem

    from reqlint.cli.counting import Counts
    from reqlint.cli.progress import ShareBar

CLEAN, FOUND, CANNOT, NOTHING = 0, 1, 2, 3
"""Exit codes: no findings at or above --fail-on; findings; usage, configuration or internal error; nothing to check."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def listed(_: click.Context, __: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    """Return the names of an option that can be repeated and takes commas."""
    return tuple(name.strip() for text in given for name in text.split(",") if name.strip())


def address(_: click.Context, __: click.Parameter, given: str | None) -> str | None:
    """Return the address of --docs-url, which reports may show."""
    if given is None:
        return None
    from reqlint.project.docs_urls import fault_in_template  # few runs have one

    if fault := fault_in_template(given):
        raise click.BadParameter(f"it {fault}")
    return given


def profile_option(command: _Command) -> _Command:
    """Add the option --profile."""
    return click.option(
        "-p",
        "--profile",
        cls=Listing,
        names=lambda: profiles_from(None, None, "")[:-1],
        default="auto",
        show_default=True,
        metavar="PROFILE",
        shell_complete=profiles_from,
        help="Profile of the API to check against. auto chooses it for each request. Shipped:",
    )(command)


def human_or_json(command: _Command) -> _Command:
    """Add the option --output-format of a command that prints one result."""
    return click.option(
        "--output-format",
        "form",
        type=OneOf(["human", "json"]),
        default="human",
        show_default=True,
        help="Output format.",
    )(command)


def select_option(command: _Command) -> _Command:
    """Add the option --select."""
    return click.option(
        "--select",
        cls=Listing,
        names=_groups,
        multiple=True,
        callback=listed,
        metavar="RULE",
        shell_complete=rules_from,
        help="Check only these rules or groups. Repeatable, or separated by commas. Groups:",
    )(command)


def ignore_option(command: _Command) -> _Command:
    """Add the option --ignore."""
    return click.option(
        "--ignore",
        multiple=True,
        callback=listed,
        metavar="RULE",
        shell_complete=rules_from,
        help="Skip these rules or groups. Repeatable, or separated by commas.",
    )(command)


def _groups() -> Sequence[str]:
    """Return the groups of rules."""
    from reqlint.knowledge.catalog import shipped

    return list(shipped().subjects)


def profiles_from(_: click.Context | None, __: click.Parameter | None, typed: str) -> list[str]:
    """Return the profile names that start with what was typed."""
    from reqlint.knowledge.catalog import shipped

    return [name for name in (*shipped().profile_names, "auto") if name.startswith(typed)]


def rules_from(_: click.Context, __: click.Parameter, typed: str) -> list[str]:
    """Return the completions of a list of rule ids and group names; only the last one is incomplete."""
    from reqlint.knowledge.catalog import shipped

    before, comma, last = typed.rpartition(",")
    return [before + comma + name for name in (*shipped().subjects, *shipped().rules) if name.startswith(last)]


def formats_from(_: click.Context, __: click.Parameter, typed: str) -> "list[CompletionItem]":
    """Return the output formats that start with what was typed, with their descriptions."""
    from click.shell_completion import CompletionItem

    from reqlint.reporters import FORMATS

    return [CompletionItem(name, help=form.description) for name, form in FORMATS.items() if name.startswith(typed)]


def list_formats() -> str:
    """Return the names of the output formats for a help text."""
    from reqlint.reporters import FORMATS

    first, *others, last = FORMATS
    return f"{', '.join([f'{first} (default)', *others])} or {last}"


def target_of(text: str) -> tuple[str, str | None]:
    """Return the format and the file of ``FORMAT[:FILE]``."""
    name, _, file = text.partition(":")
    return name, file or None


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


def jobs_option(of_what: str = "") -> Callable[[_Command], _Command]:
    """Return what adds the option --jobs; *of_what* ends the first sentence of its help."""
    return click.option(
        "-j",
        "--jobs",
        type=WholeNumber(min=1),
        envvar="REQLINT_JOBS",
        metavar="N",
        help=f"Number of worker processes{of_what}. Default: CPU count.",
    )


def no_progress_option(command: _Command) -> _Command:
    """Add the option --no-progress."""
    return click.option("--no-progress", is_flag=True, help="Hide the progress bar.")(command)


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


def end_orderly(ctx: click.Context) -> None:
    """On SIGTERM and SIGHUP, end a command that writes files as Ctrl-C does, so that no temporary file stays."""
    import signal

    def end(number: int, _: object) -> None:
        sys.exit(128 + number)

    for name in ("SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and signal.getsignal(number) is signal.SIG_DFL:  # nohup ignores SIGHUP, which stays ignored
            signal.signal(number, end)
            ctx.call_on_close(partial(signal.signal, number, signal.SIG_DFL))


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
