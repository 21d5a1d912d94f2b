"""The command that judges: files in, reports out, and an exit code."""

import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from reqlint import __version__
from reqlint.cli.terminal import CANNOT, CLEAN, FOUND, NOTHING, listed, profile_option, wants_color, width
from reqlint.errors import CheckFailed

if TYPE_CHECKING:
    from reqlint.documents import Source
    from reqlint.findings import Report, Severity
    from reqlint.linter import Linter
    from reqlint.reporters import Rendering

_SEVERITIES = ("error", "warning", "note")
_KINDS = ("auto", "request", "batch", "finetune", "cassette", "har", "exchange")


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...")
@profile_option
@click.option("--select", multiple=True, callback=listed, metavar="RULE", help="Only these rules or groups.")
@click.option("--ignore", multiple=True, callback=listed, metavar="RULE", help="Not these rules or groups.")
@click.option(
    "--output-format",
    "formats",
    multiple=True,
    envvar="REQLINT_OUTPUT_FORMAT",
    metavar="FORMAT[:FILE]",
    help="human (default), concise, json, jsonl, sarif, github, gitlab, junit, rdjson or rdjsonl; "
    "repeat it to write several, each to its file.",
)
@click.option(
    "--fail-on", type=click.Choice(_SEVERITIES), default="error", show_default=True, help="Exit 1 from here up."
)
@click.option("--exit-zero", is_flag=True, help="Exit 0 even with findings.")
@click.option("--allow-empty", is_flag=True, help="Exit 0 when there was nothing to check.")
@click.option(
    "--as", "kind", type=click.Choice(_KINDS), default="auto", show_default=True, help="What each document is."
)
@click.option(
    "--requests-only",
    is_flag=True,
    help="Skip named files that hold no request, as a hook needs; implies --allow-empty.",
)
@click.option("--stdin-filename", metavar="NAME", help="The name standard input goes by; its suffix tells the form.")
@click.option(
    "--max-per-rule",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Findings of a rule shown in full per file; 0 for all.",
)
@click.option("--show-values", is_flag=True, help="Let messages show payload values; credentials stay hidden.")
@click.option("--isolated", is_flag=True, help="Read no configuration.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option("--no-progress", is_flag=True, help="Draw no progress bar.")
@click.option("-q", "--quiet", is_flag=True, help="Findings only, without the closing lines.")
@click.option("-v", "--verbose", count=True, help="More help and note lines, and every skipped file.")
@click.option("--traceback", is_flag=True, hidden=True)
def check(
    paths: tuple[str, ...],
    profile: str,
    select: tuple[str, ...],
    ignore: tuple[str, ...],
    formats: tuple[str, ...],
    fail_on: str,
    exit_zero: bool,
    allow_empty: bool,
    kind: str,
    requests_only: bool,
    stdin_filename: str | None,
    max_per_rule: int,
    show_values: bool,
    isolated: bool,  # noqa: ARG001 - there is no configuration to read yet; scripts may already ask for none
    color: str,
    no_progress: bool,  # noqa: ARG001 - as above, for the progress bar
    quiet: bool,
    verbose: int,
    traceback: bool,
) -> None:
    """
    Check requests in files and folders; - reads standard input.

    Exit codes: 0 nothing at or above --fail-on, 1 findings or an unreadable input, 2 usage or internal error,
    3 nothing to check.
    """
    from reqlint.findings import Severity
    from reqlint.linter import Linter
    from reqlint.reporters import reporter

    began = perf_counter()
    targets = [_target(text) for text in formats] or [("human", None)]
    for name, _ in targets:
        reporter(name)  # an unknown name should not be noticed only after the work
    linter = Linter(profile, select=select, ignore=ignore, show_values=show_values)
    sources: dict[str, Source] = {}
    read: list[str] = []
    report, bugs = _run(linter, paths, kind, requests_only, stdin_filename, sources, read, traceback)
    code = _exit_code(report, bugs, Severity(fail_on), exit_zero, allow_empty or requests_only)
    rendering = _rendering(
        report, sources, read, bugs, code, perf_counter() - began, max_per_rule, show_values, verbose, quiet
    )
    for name, file in targets:
        _write(name, file, report, rendering, color)
    for bug in bugs:
        click.echo(bug, err=True)
    if code == NOTHING:
        _say_nothing_found(paths, report)
    sys.exit(code)


def _target(text: str) -> tuple[str, str | None]:
    name, _, file = text.partition(":")
    return name, file or None


def _run(
    linter: "Linter",
    paths: Iterable[str],
    kind: str,
    requests_only: bool,
    stdin_filename: str | None,
    sources: "dict[str, Source]",
    read: list[str],
    traceback: bool,
) -> "tuple[Report, list[str]]":
    """Judge every input; bugs of ours are said at the end and stop nothing else."""
    from reqlint.discovery import inputs
    from reqlint.documents import Source
    from reqlint.findings import Finding, Report, added
    from reqlint.linter import Scope

    findings: list[Finding] = []
    skipped: list[tuple[str, str]] = []
    judged_by: list[tuple[str, str, int]] = []
    files = requests = 0
    bugs: list[str] = []
    for found in inputs(paths):
        if found.name == "-":
            source = Source(stdin_filename or "<stdin>", None, sys.stdin.buffer.read())
        else:
            source = Source(found.name, Path(found.name), None)
        scope = Scope.LIKELY if requests_only else Scope.NAMED if found.named else Scope.FOUND
        try:
            one = linter.check_source(source, kind=None if kind == "auto" else kind, scope=scope)
        except CheckFailed as bug:
            if traceback:
                raise
            bugs.append(f"{bug}; rerun with --traceback")
            continue
        if one.findings:
            sources[source.name] = source
        if one.requests:
            read.append(source.name)
        findings += one.findings
        skipped += one.skipped
        judged_by += one.judged_by
        files += one.files
        requests += one.requests
    return Report(tuple(findings), files, requests, tuple(skipped), added(judged_by)), bugs


def _exit_code(report: "Report", bugs: Sequence[str], fail_on: Any, exit_zero: bool, allow_empty: bool) -> int:
    if bugs:
        return CANNOT
    worst = report.worst()
    unread = any(finding.rule == "unreadable-input" for finding in report.findings)
    if (worst is not None and worst.rank <= fail_on.rank) or unread:
        return CLEAN if exit_zero else FOUND
    if not report.requests and not allow_empty:
        return NOTHING
    return CLEAN


def _rendering(
    report: "Report",
    sources: "Mapping[str, Source]",
    read: Sequence[str],
    bugs: Sequence[str],
    code: int,
    seconds: float,
    max_per_rule: int,
    show_values: bool,
    verbose: int,
    quiet: bool,
) -> "Rendering":
    """Gather what reporters need besides the report; what only findings need is left out without any."""
    from reqlint.profiles import load_profile
    from reqlint.reporters import ProfileCard, Rendering

    def lines(name: str, wanted: Iterable[int]) -> Mapping[int, str]:
        return sources[name].lines(wanted) if name in sources else {}

    profiles = [load_profile(name) for name in report.profiles]
    unread = [f"{f.source}: {f.message}" for f in report.findings if f.rule == "unreadable-input"]
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    return Rendering(
        lines=lines,
        rules=_cards(report) if report.findings else {},
        profiles=tuple(ProfileCard(profile.name, profile.read, profile.title) for profile in profiles),
        version=__version__,
        root=_project_root(),
        exit_code=code,
        notifications=(*unread, *bugs),
        read=tuple(read),
        step_summary=Path(summary) if summary else None,
        seconds=seconds,
        show_values=show_values,
        max_per_rule=max_per_rule,
        verbose=verbose,
        quiet=quiet,
    )


def _cards(report: "Report") -> dict[str, Any]:
    from reqlint.pages import rule_markdown
    from reqlint.reporters import RuleCard
    from reqlint.rules import all_rules

    worst: dict[str, Severity] = {}
    for finding in report.findings:
        known = worst.setdefault(finding.rule, finding.severity)
        worst[finding.rule] = min(known, finding.severity, key=lambda severity: severity.rank)
    cards = {}
    for rule_id, severity in worst.items():
        rule = all_rules()[rule_id]
        cards[rule_id] = RuleCard(
            id=rule.id,
            summary=rule.summary,
            why=rule.why,
            severity=severity,
            subject=rule.subject,
            help_text=rule.why,
            help_markdown=rule_markdown(rule),
            tags=(rule.subject, *rule.tags),
        )
    return cards


def _project_root() -> Path:
    """Give the top of the repository around the working directory, else the working directory."""
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".git").exists()), here)


def _write(name: str, file: str | None, report: "Report", rendering: "Rendering", color: str) -> None:
    from dataclasses import replace

    from reqlint.reporters import reporter

    if file is None:
        stream = sys.stdout
        rendering = replace(
            rendering,
            color=wants_color(stream, color),
            unicode="utf" in (stream.encoding or "").lower(),
            width=width(),
        )
        reporter(name)(report, rendering, stream.write)
        stream.flush()
        return
    try:
        with Path(file).open("w", encoding="utf-8", newline="\n") as out:
            reporter(name)(report, replace(rendering, color=color == "always"), out.write)
    except OSError as failed:
        raise click.ClickException(f"cannot write {file}: {failed.strerror}") from failed


def _say_nothing_found(paths: Sequence[str], report: "Report") -> None:
    from reqlint.discovery import SUFFIXES
    from reqlint.inert import counted, visible

    looked = ", ".join(f"*{suffix}" for suffix in SUFFIXES)
    skipped = f"; {counted(len(report.skipped), 'file')} skipped" if report.skipped else ""
    where = visible(", ".join(paths))
    click.echo(f"error: no requests found in {where} (folders are searched for {looked}{skipped})", err=True)
    click.echo("hint: pass --allow-empty if that is expected", err=True)
