"""What the commands share: exit codes, common options, and how the terminal is spoken to."""

import json
import os
from collections.abc import Callable, Sequence
from typing import IO, Any, TypeVar

import click

CLEAN, FOUND, CANNOT, NOTHING = 0, 1, 2, 3
"""Exit codes: nothing at or above --fail-on; findings; usage, configuration or internal error; nothing to check."""

_Command = TypeVar("_Command", bound=Callable[..., Any])


def listed(_: click.Context, __: click.Parameter, given: Sequence[str]) -> tuple[str, ...]:
    """Read names that were given one by one or with commas."""
    return tuple(name.strip() for text in given for name in text.split(",") if name.strip())


def profile_option(command: _Command) -> _Command:
    """Add the option that names the API."""
    return click.option("-p", "--profile", default="gptproto-qwen", show_default=True, help="The API to judge by.")(
        command
    )


def wants_color(stream: IO[str], color: str) -> bool:
    """Tell whether colour is wanted on *stream*: as asked, else by NO_COLOR, FORCE_COLOR and what it is."""
    if color != "auto":
        return color == "always"
    if os.environ.get("NO_COLOR"):
        return False
    return bool(os.environ.get("FORCE_COLOR")) or stream.isatty()


def width() -> int:
    """Give the columns that a report may use, at most 120."""
    # shutil's function for this imports every archive format there is
    try:
        columns = int(os.environ.get("COLUMNS", "")) or os.get_terminal_size().columns
    except (OSError, ValueError):
        try:
            columns = os.get_terminal_size().columns
        except OSError:
            columns = 100
    return min(columns or 100, 120)


def echo_json(value: object) -> None:
    """Print *value* as JSON for people."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2))
