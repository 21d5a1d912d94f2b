"""The output formats by name; the module of a format is imported only when the format is asked for."""

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from reqlint.core.errors import UnknownName

if TYPE_CHECKING:
    from reqlint.reporters.rendering import Reporter


class UnknownFormat(UnknownName):
    """There is no output format of this name."""

    kind = "format"


class OutputFormat(NamedTuple):
    """One way to write a report."""

    description: str  #: in one line
    module: str  #: in ``reqlint.reporters.formats``
    function: str = "render"


FORMATS: dict[str, OutputFormat] = {
    "human": OutputFormat("findings with the lines they are in, for people", "human"),
    "concise": OutputFormat("one line per finding, for editors and grep", "concise"),
    "json": OutputFormat("one JSON object, for programs", "json_report", "render_json"),
    "jsonl": OutputFormat("one JSON object per finding", "json_report", "render_jsonl"),
    "sarif": OutputFormat("SARIF 2.1.0, for GitHub code scanning", "sarif"),
    "github": OutputFormat("workflow commands and a step summary, for GitHub Actions", "github"),
    "gitlab": OutputFormat("Code Quality report, for GitLab", "gitlab"),
    "html": OutputFormat("one page for a browser, with filters, that needs nothing else", "html_page"),
    "junit": OutputFormat("JUnit XML, for test result views", "junit"),
    "rdjson": OutputFormat("one diagnostic result, for reviewdog", "rdjson"),
    "rdjsonl": OutputFormat("one diagnostic per line, for reviewdog", "rdjson", "render_lines"),
}
"""Every output format; the first is the default."""


def reporter(name: str) -> "Reporter":
    """
    Return the reporter that writes the named format.

    Raises:
        UnknownFormat: there is none of this name.
    """
    if name not in FORMATS:
        raise UnknownFormat(name, FORMATS)
    chosen = FORMATS[name]
    found: Reporter = getattr(import_module(f"{__name__}.formats.{chosen.module}"), chosen.function)
    return found
