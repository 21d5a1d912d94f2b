"""The table of `reqlint compat` in each of its formats; the module of a format is imported when it is asked for."""

from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING

from reqlint.reporters import UnknownFormat
from reqlint.reporters.rendering import Rendering, Write

if TYPE_CHECKING:
    from reqlint.run.compat.table import CompatReport

CompatReporter = Callable[["CompatReport", Rendering, Write], None]
"""Writes a table in one format."""

COMPAT_FORMATS = {"human": "text", "markdown": "pull_request", "json": "values", "sarif": "alerts"}
"""The module of each format; the first is the default."""


def compat_reporter(name: str) -> CompatReporter:
    """
    Return what writes a table in the named format.

    Raises:
        UnknownFormat: there is none of this name.
    """
    if name not in COMPAT_FORMATS:
        raise UnknownFormat(name, COMPAT_FORMATS)
    found: CompatReporter = import_module(f"{__name__}.{COMPAT_FORMATS[name]}").render
    return found
