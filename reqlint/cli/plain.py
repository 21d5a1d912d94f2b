"""
The command lines of ``reqlint check`` that hooks and people give most, read without click.

Importing click, and telling it of all options, takes as long as checking a small file. What is read here has the same
meaning for click, which a law holds, and no mistake: everything else is left to click, which alone explains mistakes.
"""

import os
from collections.abc import Sequence
from typing import Any

from reqlint.cli.checking import CheckOptions
from reqlint.cli.terminal import COLORS
from reqlint.core.findings import SEVERITIES

FLAGS = {
    "--allow-empty": "allow_empty",
    "--exit-zero": "exit_zero",
    "--force-exclude": "force_exclude",
    "--isolated": "isolated",
    "--no-progress": "no_progress",
    "--quiet": "quiet",
    "--requests-only": "requests_only",
    "--show-values": "show_values",
    "--statistics": "statistics",
    "-q": "quiet",
}
"""The field of `CheckOptions` that a flag sets."""
SETTINGS = {"--fail-on": "fail-on", "--profile": "profile", "-p": "profile"}
"""The setting that an option with a value gives, by key of a configuration."""
FIELDS = {"--color": "color", "--config": "config"}
"""The field of `CheckOptions` that an option with a value gives."""
FORMAT = "--output-format"
CHOICES = {"--color": COLORS, "--fail-on": SEVERITIES}
"""The values of an option that takes no others."""
VARIABLES = ("REQLINT_JOBS", "REQLINT_OUTPUT_FORMAT", "_REQLINT_COMPLETE")
"""The variables of the environment that click reads."""
_EXPANDED = frozenset("~$%*?[")  # which click expands on Windows, where no shell does


def read_plain(arguments: Sequence[str]) -> CheckOptions | None:
    """Return what a command line asks for; None if it takes click to say."""
    if arguments[:1] != ["check"] or any(map(os.environ.get, VARIABLES)):
        return None
    paths: list[str] = []
    formats: list[str] = []
    settings: dict[str, str] = {}
    fields: dict[str, Any] = {}
    rest = iter(arguments[1:])
    for argument in rest:
        if not argument or not _EXPANDED.isdisjoint(argument):
            return None
        if argument == "-" or argument[0] != "-":
            paths.append(argument)
            continue
        if argument in FLAGS:
            fields[FLAGS[argument]] = True
            continue
        name, is_set, value = argument.partition("=")
        if is_set and not name.startswith("--"):
            return None
        value = value if is_set else next(rest, "")
        if not value or value[0] == "-" or not _EXPANDED.isdisjoint(value) or value not in CHOICES.get(name, (value,)):
            return None
        if name == FORMAT:
            formats.append(value)
        elif name in SETTINGS and SETTINGS[name] not in settings:
            settings[SETTINGS[name]] = value
        elif name in FIELDS and FIELDS[name] not in fields:
            fields[FIELDS[name]] = value
        else:
            return None
    return CheckOptions(paths=tuple(paths), given=settings, formats=tuple(formats), **fields) if paths else None
