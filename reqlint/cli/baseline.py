"""The commands for the file of accepted findings."""

import sys
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import click

from reqlint.cli.commands import Group
from reqlint.cli.options import ignore_option, no_progress_option, profile_option, select_option
from reqlint.cli.terminal import CLEAN, FOUND, NOTHING, end_orderly, progress_bar, write_page, write_stderr
from reqlint.core.errors import BadData
from reqlint.core.paths import absolute
from reqlint.core.records import replace

if TYPE_CHECKING:
    from reqlint.core.findings import Finding, Report
    from reqlint.project.project import Project

_PATHS = click.argument("paths", nargs=-1, metavar="[PATH]...", type=click.Path())
_FILE = click.option(
    "--baseline",
    "file",
    metavar="FILE",
    type=click.Path(),
    help="Baseline file. Default: the one in the configuration.",
)
_CONFIG = click.option(
    "--config", metavar="FILE", type=click.Path(), help="Configuration file to use instead of the nearest one."
)


_HELP = """\
Manage a file of accepted findings, so that only new ones count.

A finding is matched by its rule and request, not by its line."""


@click.group(cls=Group, help=_HELP)
def baseline() -> None:
    """Run ``reqlint baseline``."""


@baseline.command(help="Accept all current findings.")
@_PATHS
@_FILE
@_CONFIG
@profile_option
@select_option
@ignore_option
@no_progress_option
@click.option("--force", is_flag=True, help="Overwrite an existing baseline.")
@click.pass_context
def create(
    ctx: click.Context,
    /,
    paths: tuple[str, ...],
    file: str | None,
    config: str | None,
    no_progress: bool,
    force: bool,
    **_: object,
) -> None:
    """Run ``reqlint baseline create``."""
    from reqlint.display.escaping import counted
    from reqlint.project.baseline import Baseline, read_baseline
    from reqlint.reporters.coverage import judged
    from reqlint.text.trusted_files import display_path

    end_orderly(ctx.call_on_close)
    project, path = _project(ctx, file, config, without_baseline=True)
    if path.exists() and not force:
        raise click.ClickException(
            f"{display_path(path)} already exists; --force overwrites it, prune only removes entries"
        )
    before = read_baseline(path).stamp if path.exists() else None  # raises for a file that is no baseline
    findings, covered = _judge(project, paths or (".",), no_progress)
    if not covered.has_judged:
        write_stderr("error: no requests found; nothing was written")
        sys.exit(NOTHING)
    empty = Baseline(path)
    new = Baseline(path, tuple(empty.entry(finding) for finding in findings if not finding.suppressed), before)
    new.write(new=before is None)
    files = len({entry.file for entry in new.entries})
    accepted = f"{counted(len(new.entries), 'finding')} in {counted(files, 'file')}"
    write_page(f"{display_path(path)} accepts {accepted}; {judged(covered)} judged" + "\n")
    if any(absolute(path) == absolute(used) for used in _used_by_default(config)):
        write_page("From now on reqlint check leaves them out. Commit the file, so that all runs do.\n")
    else:
        named = display_path(path)
        write_page(f'Next: reqlint check --baseline {named}, or baseline = "{named}" in the configuration\n')


@baseline.command(help="Remove entries that are no longer found.")
@_PATHS
@_FILE
@_CONFIG
@no_progress_option
@click.pass_context
def prune(
    ctx: click.Context, /, paths: tuple[str, ...], file: str | None, config: str | None, no_progress: bool
) -> None:
    """Run ``reqlint baseline prune``."""
    from reqlint.text.trusted_files import display_path

    end_orderly(ctx.call_on_close)
    project, path = _project(ctx, file, config)
    matcher = project.use_baseline(path)
    _judge(project, paths or (".",), no_progress)
    stale = set(project.stale_entries(matcher))
    kept = tuple(entry for entry in matcher.baseline.entries if entry not in stale)
    if stale:
        replace(matcher.baseline, entries=kept).write()
    write_page(f"{display_path(path)}: {_entries(len(stale))} removed, {len(kept):,} left" + "\n")


@baseline.command(
    help="Show the accepted findings by rule, and entries that are no longer found. Exit with code 1 if there are any."
)
@_PATHS
@_FILE
@_CONFIG
@no_progress_option
@click.pass_context
def audit(
    ctx: click.Context, /, paths: tuple[str, ...], file: str | None, config: str | None, no_progress: bool
) -> None:
    """Run ``reqlint baseline audit``."""
    from reqlint.display.escaping import counted, sanitize
    from reqlint.text.trusted_files import display_path

    project, path = _project(ctx, file, config)
    matcher = project.use_baseline(path)
    _judge(project, paths or (".",), no_progress)
    stale = project.stale_entries(matcher)
    by_rule = Counter(entry.rule for entry in matcher.baseline.entries)
    width = max([len(f"{count:,}") for count in by_rule.values()], default=1)
    write_page(f"{display_path(path)} accepts {counted(by_rule.total(), 'finding')}" + "\n")
    for rule, count in sorted(by_rule.items(), key=lambda item: (-item[1], item[0])):
        write_page(f"  {count:>{width},}  {sanitize(rule)}" + "\n")
    if stale:
        write_page(f"\n{_entries(len(stale))} no longer found; reqlint baseline prune removes them" + "\n")
        for entry in sorted(stale):
            write_page(
                f"  {sanitize(entry.file)}: {sanitize(entry.rule)} at {sanitize(entry.at) or 'the request'}" + "\n"
            )
    sys.exit(FOUND if stale else CLEAN)


def _project(
    ctx: click.Context, file: str | None, config: str | None, *, without_baseline: bool = False
) -> "tuple[Project, Path]":
    """Return the project, and the path of its baseline: from the command line, else from the configuration here."""
    from reqlint.cli.settings import given_settings
    from reqlint.project.project import Project
    from reqlint.project.settings import BASELINE_NAME

    given = given_settings(ctx)
    only = Path(config) if config else None
    path = Path(file) if file else Project(given, config=only).settings_of("here").baseline or Path(BASELINE_NAME)
    return Project({**given, "baseline": None if without_baseline else path}, config=only), path


def _used_by_default(config: str | None) -> list[Path]:
    """Return the baseline that a check uses here without being told."""
    from reqlint.project.project import Project

    found = Project({}, config=Path(config) if config else None).settings_of("here").baseline
    return [found] if found else []


def _entries(number: int) -> str:
    return f"{number:,} {'entry' if number == 1 else 'entries'}"


def _judge(project: "Project", paths: tuple[str, ...], no_progress: bool) -> "tuple[list[Finding], Report]":
    """Judge all files; return the findings, and a report with the numbers of what was judged."""
    from reqlint.core.findings import Report
    from reqlint.run.scope import Scope
    from reqlint.text.sources import Source

    inputs = []
    for found in project.find_inputs(paths):
        if found.name == "-":
            raise click.UsageError("a baseline needs files; standard input cannot be used")
        inputs.append((Source(found.name, Path(found.name)), Scope.NAMED if found.named else Scope.FOUND))
    findings: list[Finding] = []
    covered = Report()
    with progress_bar(no_progress, "auto") as counts:
        if counts:
            counts.expect(source for source, _ in inputs)
        for source, scope in inputs:
            report = project.check(counts.watch(source) if counts else source, scope)
            unread = next((finding for finding in report if finding.rule == "unreadable-input"), None)
            if unread:
                raise BadData(source.name, "", unread.message)
            findings += report.findings
            covered += replace(report, findings=())
    return findings, covered
