"""Writing the report of a run in the formats that were asked for, to the terminal and to files."""

import os
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

from reqlint import __version__
from reqlint.cli import streams
from reqlint.cli.terminal import is_unicode, wants_color, width, write_stderr
from reqlint.core.errors import NotWritten
from reqlint.core.paths import working_directory
from reqlint.core.records import replace

if TYPE_CHECKING:
    from collections.abc import Callable

    from reqlint.cli.result import RunResult
    from reqlint.cli.terminal import AtEnd
    from reqlint.core.findings import Report, Severity
    from reqlint.knowledge.rule import Rule
    from reqlint.project.project import Project
    from reqlint.reporters.rendering import Rendering, RuleCard, Write


def make_rendering(result: "RunResult", project: "Project", at_end: "AtEnd", **options: Any) -> "Rendering":
    """
    Return what reporters need besides the report; what describes findings is left out if there are none.

    Args:
        result: the result of the run.
        project: the project, which knows the rules and profiles.
        at_end: takes what is to be called at the end of the command.
        options: fields of `Rendering` that the command line decides.
    """
    from reqlint.reporters.rendering import ProfileCard, Rendering
    from reqlint.reporters.source_lines import SourceLines

    report = result.report
    lines = SourceLines(result.sources)
    at_end(lines.close)
    profiles = [project.profile(name) for name in report.profiles]
    unread = [f"{f.source}: {f.message}" for f in report.findings if f.rule == "unreadable-input"]
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    return Rendering(
        lines=lines,
        say=write_stderr,
        rules=_rule_cards(report, project) if report.findings else {},
        profiles=tuple(ProfileCard(profile.name, profile.read, profile.title) for profile in profiles),
        version=__version__,
        root=_project_root(),
        notifications=(*unread, *result.changed, *result.failures),
        read=tuple(result.read),
        step_summary=Path(summary) if summary else None,
        **options,
    )


def _rule_cards(report: "Report", project: "Project") -> "dict[str, RuleCard]":
    """Return a card for each rule with findings, with the gravest severity among these."""
    from reqlint.project.docs_urls import docs_url
    from reqlint.reporters.rendering import RuleCard

    gravest: dict[str, Severity] = {}
    sources: dict[str, str] = {}
    for finding in report.findings:
        known = gravest.get(finding.rule)
        if known is finding.severity:
            continue
        if known is None:
            sources[finding.rule] = finding.source or ""
        if known is None or finding.severity.rank < known.rank:
            gravest[finding.rule] = finding.severity
    cards = {}
    for rule_id, severity in gravest.items():
        rule = project.rule(rule_id)
        cards[rule_id] = RuleCard(
            id=rule.id,
            summary=rule.summary,
            why=rule.why,
            severity=severity,
            subject=rule.subject,
            help_markdown=partial(_rule_page, rule),
            tags=(rule.subject, *rule.tags),
            docs_url=docs_url(project.settings_of(sources[rule_id]).docs_url, rule.id),
        )
    return cards


def _rule_page(rule: "Rule") -> str:
    """Write the page about a rule, which only some formats ask for."""
    from reqlint.knowledge.catalog import shipped
    from reqlint.pages.rules import rule_markdown

    return rule_markdown(rule, shipped())


def _project_root() -> Path:
    """Return the top of the repository around the working directory, or the working directory outside of one."""
    here = Path(working_directory())
    return next((folder for folder in (here, *here.parents) if os.path.exists(folder / ".git")), here)  # noqa: PTH110 - never raises


def write_report(
    name: str, file: str | None, report: "Report", rendering: "Rendering", color: str, *, err: bool
) -> None:
    """
    Write a report in one format.

    Args:
        name: the format.
        file: the file to write, or None for standard output.
        report: the report.
        rendering: what the reporter needs besides.
        color: ``auto``, ``always`` or ``never``.
        err: whether standard error takes the place of standard output.

    Raises:
        NotWritten: the file cannot be written, or is one of those that were checked.
        OutputLost: standard output cannot be written.
    """
    from reqlint.reporters import reporter

    write_with(partial(reporter(name), report), file, rendering, color, err=err)


def write_with(
    write: "Callable[[Rendering, Write], object]",
    file: str | None,
    rendering: "Rendering",
    color: str,
    *,
    err: bool = False,
) -> None:
    """Let *write* write a report, to where and as `write_report` says."""
    if file is None:
        stream = streams.stderr() if err else streams.stdout()
        rendering = replace(
            rendering,
            color=wants_color(stream, color),
            links=_wants_links(rendering, stream, color),
            unicode=is_unicode(stream),
            width=width(),
        )
        write(rendering, streams.printer(err=err))
        streams.flush()
        return
    from reqlint.text.atomic_write import Replacement, is_same_file

    if any(is_same_file(Path(file), Path(read)) for read in rendering.read):
        raise NotWritten(f"cannot write {file}: it holds requests that were checked; name another file")
    with Replacement(Path(file)) as out:
        write(
            replace(rendering, color=color == "always"),
            lambda text: out.file.write(text.encode("utf-8", "backslashreplace")),  # like standard output
        )
        out.commit()


def _wants_links(rendering: "Rendering", stream: TextIO, color: str) -> bool:
    """Return whether to write links on *stream*, where there is an address to link to."""
    if not any(card.docs_url for card in rendering.rules.values()):
        return False
    from reqlint.cli.hyperlinks import wants_links  # few projects have pages about rules

    return wants_links(stream, color)
