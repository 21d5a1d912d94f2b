"""What a reporter is given besides the report, and where it writes."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from reqlint.core.findings import Finding, Report, Severity
from reqlint.core.records import dataclass, field
from reqlint.display.shown import Shown

Write = Callable[[Shown], object]
"""Takes the next piece of output."""


def _no_page() -> str:
    return ""


@dataclass(frozen=True, slots=True)
class RuleCard:
    """A rule as reports describe it."""

    id: str
    summary: str  #: a noun phrase without a full stop
    why: str  #: plain text, a few sentences
    severity: Severity  #: the gravest among its findings
    subject: str
    help_markdown: Callable[[], str] = _no_page  #: writes the page about the rule, which takes long
    docs_url: str | None = None  #: the project's own page about it
    tags: tuple[str, ...] = ()  #: with "security" among them, GitHub shows a security alert


@dataclass(frozen=True, slots=True)
class ProfileCard:
    """A profile as reports describe it."""

    name: str
    read: str  #: the day its source was read: "2026-08-21"
    title: str = ""


def _no_lines(_source: str, _wanted: Iterable[int]) -> Mapping[int, str]:
    return {}


def _ignore(_remark: Shown) -> None:
    pass


@dataclass(frozen=True, slots=True)
class Rendering:
    """Everything a reporter needs besides the report: the lines of the sources, and how the output should look."""

    lines: Callable[[str, Iterable[int]], Mapping[int, str]] = _no_lines
    """Returns the wanted lines of a source by number, from 1, without line ends; missing lines are left out."""
    rules: Mapping[str, RuleCard] = field(default_factory=dict)
    profiles: tuple[ProfileCard, ...] = ()
    version: str = "0"
    root: Path | None = None  #: what relative URIs are relative to; by default the working directory
    exit_code: int = 0
    notifications: tuple[str, ...] = ()  #: what could not be done: unreadable inputs, internal errors
    read: tuple[str, ...] = ()  #: sources that hold requests, in the order they were read
    fixed: tuple[Finding, ...] = ()  #: findings that --fix removed, as they were found
    step_summary: Path | None = None  #: the file to which Markdown for GitHub's step summary is appended
    seconds: float | None = None
    show_values: bool = False
    color: bool = False
    links: bool = False  #: whether the terminal has links
    unicode: bool = True
    width: int = 100
    show_fixes: bool = False  #: the human format shows each safe fix as a diff
    unsafe_fixes: bool = False  #: and each unsafe one
    max_per_rule: int = 3  #: findings of a rule shown in full per source; 0 for all
    verbose: int = 0
    quiet: bool = False
    say: Callable[[Shown], object] = _ignore  #: prints a remark about the report, outside of it
    statistics: bool = False  #: counts by rule; formats for people show them in place of the findings

    def docs_url(self, rule: str) -> str | None:
        """Return the address of the project's own page about a rule, if it has one."""
        card = self.rules.get(rule)
        return card.docs_url if card else None


Reporter = Callable[[Report, Rendering, Write], None]
"""Writes a report in one format."""
