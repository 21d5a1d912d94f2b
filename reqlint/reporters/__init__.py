"""The forms in which a report can be written, by name; each has a module that is imported when it is asked for."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path

from reqlint.core.errors import UnknownName
from reqlint.core.findings import Finding, Report, Severity

Write = Callable[[str], object]
"""Takes the next stretch of output; what reporters write to."""


class UnknownFormat(UnknownName):
    """There is no output format of this name."""

    kind = "format"


@dataclass(frozen=True, slots=True)
class RuleCard:
    """What a report says of a rule besides its findings."""

    id: str
    summary: str  #: a noun phrase without a full stop
    why: str  #: plain text, a few sentences
    severity: Severity  #: of the rule by default; a finding has its own
    subject: str
    help_text: str = ""
    help_markdown: str = ""
    tags: tuple[str, ...] = ()  #: "security" among them makes a security alert of it where alerts are known


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """What a report says of a profile."""

    name: str
    read: str  #: the day its source was read: "2026-08-21"
    title: str = ""


def _no_lines(_source: str, _wanted: Iterable[int]) -> Mapping[int, str]:
    return {}


def _unheard(_remark: str) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Rendering:
    """Everything a reporter needs besides the report: the texts behind it, and how it is to look."""

    lines: Callable[[str, Iterable[int]], Mapping[int, str]] = _no_lines
    """Gives the wanted lines of a source, counted from 1, without newline; those that are not there are left out."""
    rules: Mapping[str, RuleCard] = field(default_factory=dict)
    profiles: tuple[ProfileCard, ...] = ()
    version: str = "0"
    root: Path | None = None  #: what relative URIs are relative to; the working directory when absent
    exit_code: int = 0
    notifications: tuple[str, ...] = ()  #: what could not be done: unreadable inputs, internal errors
    read: tuple[str, ...] = ()  #: sources that hold requests, in the order they were read
    fixed: tuple[Finding, ...] = ()  #: findings that --fix settled, as they were found
    step_summary: Path | None = None  #: where GitHub takes Markdown from that it shows with the step; appended to
    seconds: float | None = None
    show_values: bool = False
    color: bool = False
    unicode: bool = True
    width: int = 100
    max_per_rule: int = 3  #: findings of a rule shown in full per source; 0 for all
    verbose: int = 0
    quiet: bool = False
    say: Callable[[str], object] = _unheard  #: takes what the user should hear of the report, beside it
    statistics: bool = False  #: how often each rule was met, in place of every finding where people read


Reporter = Callable[[Report, Rendering, Write], None]


def _of(module: str, function: str = "render") -> Reporter:
    def report(report: Report, rendering: Rendering, write: Write) -> None:
        getattr(import_module(f"{__name__}.{module}"), function)(report, rendering, write)

    return report


FORMATS: dict[str, Reporter] = {
    "human": _of("human"),
    "concise": _of("concise"),
    "json": _of("machine", "render_json"),
    "jsonl": _of("machine", "render_jsonl"),
    "sarif": _of("sarif"),
    "github": _of("github"),
    "gitlab": _of("gitlab"),
    "junit": _of("junit"),
    "rdjson": _of("rdjson"),
    "rdjsonl": _of("rdjson", "render_lines"),
}


def reporter(name: str) -> Reporter:
    """
    Give the reporter that writes the named format.

    Raises:
        UnknownFormat: there is none of this name.
    """
    try:
        return FORMATS[name]
    except KeyError:
        raise UnknownFormat(name, FORMATS) from None
