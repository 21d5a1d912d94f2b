"""The command that judges: files in, reports out, and an exit code."""

import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

import click

from reqlint import __version__
from reqlint.cli.fixing import fixing_for
from reqlint.cli.terminal import (
    CANNOT,
    CLEAN,
    FOUND,
    NOTHING,
    end_orderly,
    formats_from,
    ignore_option,
    is_unicode,
    profile_option,
    progress_bar,
    select_option,
    wants_color,
    width,
    write_stderr,
)
from reqlint.core.errors import CheckFailed, NotWritten

if TYPE_CHECKING:
    from reqlint.cli.fixing import Fixing
    from reqlint.cli.progress import Progress
    from reqlint.core.findings import Finding, Report, Severity
    from reqlint.project.project import Project
    from reqlint.reporters import Rendering
    from reqlint.run.linter import Scope
    from reqlint.text.documents import Source

_SEVERITIES = ("error", "warning", "note")
_KINDS = ("auto", "request", "batch", "finetune", "cassette", "har", "exchange")


@click.command()
@click.argument("paths", nargs=-1, required=True, metavar="PATH...", type=click.Path())
@profile_option
@select_option
@ignore_option
@click.option(
    "--output-format",
    "formats",
    multiple=True,
    envvar="REQLINT_OUTPUT_FORMAT",
    metavar="FORMAT[:FILE]",
    shell_complete=formats_from,
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
@click.option("--fix", is_flag=True, help="Write the fixes that keep what a request means, and report what is left.")
@click.option("--unsafe-fixes", is_flag=True, help="With --fix or --diff: also fixes that may change what it means.")
@click.option("--diff", is_flag=True, help="Show what --fix would change, write nothing; exit 1 if there is anything.")
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit 1 when something was fixed, even if nothing is left.")
@click.option("--stdin-filename", metavar="NAME", help="The name standard input goes by; its suffix tells the form.")
@click.option(
    "--max-per-rule",
    type=click.IntRange(min=0),
    default=3,
    show_default=True,
    help="Findings of a rule shown in full per file; 0 for all.",
)
@click.option(
    "--statistics",
    is_flag=True,
    help="How often each rule was met, in place of the findings; in JSON beside them.",
)
@click.option("--show-values", is_flag=True, help="Let messages show payload values; credentials stay hidden.")
@click.option("--config", metavar="FILE", type=click.Path(), help="Go by this configuration, not by the nearest.")
@click.option("--isolated", is_flag=True, help="Read no configuration.")
@click.option("--baseline", metavar="FILE", type=click.Path(), help="Count only what this file does not accept.")
@click.option("--force-exclude", is_flag=True, help="Leave out excluded files even when they are named.")
@click.option("--show-settings", is_flag=True, help="Say what applies to each file and who says so; check nothing.")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto", show_default=True)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(min=1),
    envvar="REQLINT_JOBS",
    metavar="N",
    help="Processes that judge side by side, lines of a long file among them; by default one a core.",
)
@click.option("--no-progress", is_flag=True, help="Draw no progress bar.")
@click.option("-q", "--quiet", is_flag=True, help="Findings only, without the closing lines.")
@click.option("-v", "--verbose", count=True, help="More help and note lines, and every skipped file.")
@click.option("--traceback", is_flag=True, hidden=True)
def check(
    paths: tuple[str, ...],
    profile: str,  # noqa: ARG001 - as the next two and those with the same note, read by given_settings
    select: tuple[str, ...],  # noqa: ARG001
    ignore: tuple[str, ...],  # noqa: ARG001
    formats: tuple[str, ...],
    fail_on: str,  # noqa: ARG001
    exit_zero: bool,
    allow_empty: bool,
    kind: str,  # noqa: ARG001
    requests_only: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    exit_non_zero_on_fix: bool,
    stdin_filename: str | None,
    max_per_rule: int,
    statistics: bool,
    show_values: bool,
    config: str | None,
    isolated: bool,
    baseline: str | None,
    force_exclude: bool,
    show_settings: bool,
    color: str,
    jobs: int | None,
    no_progress: bool,
    quiet: bool,
    verbose: int,
    traceback: bool,
) -> None:
    """
    Check requests in files and folders; - reads standard input.

    Exit codes: 0 nothing at or above --fail-on, 1 findings or an unreadable input, 2 usage or internal error,
    3 nothing to check.
    """
    from reqlint.cli.settings import given_settings, show
    from reqlint.project.project import Project
    from reqlint.reporters import reporter

    began = perf_counter()
    targets = [_target(text) for text in formats] or [("human", None)]
    for name, _ in targets:
        reporter(name)  # an unknown name should not be noticed only after the work
    fixing = fixing_for(fix=fix, diff=diff, unsafe=unsafe_fixes, paths=paths)
    if fixing or any(file for _, file in targets):
        end_orderly(click.get_current_context())
    project = Project(
        given_settings(click.get_current_context(), baseline),
        config=Path(config) if config else None,
        isolated=isolated,
        show_values=show_values,
        force_exclude=force_exclude or requests_only,
    )
    if show_settings:
        show(project, paths)
        return
    project.settings_of("stdin")  # what the command line says wrongly should not be noticed only with the first file
    sources: dict[str, Source] = {}
    read: list[str] = []
    from_keyboard = "-" in paths and sys.stdin.isatty()
    progress = progress_bar(no_progress or quiet or diff or from_keyboard)
    inputs = _inputs(project, paths, requests_only, stdin_filename, fixes=fixing is not None)
    if fixing:
        outcomes = _fixed(project, inputs, progress, fixing)
    else:
        outcomes = _judged(project, inputs, progress, 1 if traceback else jobs)
    report, bugs = _gathered(outcomes, sources, read, traceback)
    report = replace(report, findings=(*report.findings, *project.closing()))
    sources.update(project.sources)
    code = _exit_code(report, bugs, project, exit_zero, allow_empty or requests_only)
    if fixing:
        code = fixing.exit_code(code, report, exit_zero=exit_zero, tells_fixed=exit_non_zero_on_fix)
    rendering = _rendering(
        report,
        project,
        sources,
        read,
        bugs,
        code,
        perf_counter() - began,
        max_per_rule,
        show_values,
        verbose,
        quiet,
        statistics,
        tuple(fixing.fixed) if fixing else (),
    )
    for name, file in targets:
        if file or not (fixing and fixing.diff):
            _write(name, file, report, rendering, color, err=bool(fixing and fixing.takes_stdout))
    if fixing:
        fixing.close()
    for bug in bugs:
        write_stderr(bug)
    if code == NOTHING:
        _say_nothing_found(paths, report)
    sys.exit(code)


def _target(text: str) -> tuple[str, str | None]:
    name, _, file = text.partition(":")
    return name, file or None


_Outcome = tuple["Source", "Report | CheckFailed | NotWritten"]


def _inputs(
    project: "Project", paths: Iterable[str], requests_only: bool, stdin_filename: str | None, *, fixes: bool
) -> "list[tuple[Source, Scope]]":
    """Give every source with what it means if it holds no request."""
    from reqlint.cli.piped import named, standard_input
    from reqlint.run.linter import Scope
    from reqlint.text.documents import Source

    inputs = []
    for found in project.find_inputs(paths):
        if found.name == "-":
            name = stdin_filename or "<stdin>"
            # What is fixed goes to standard output, by which a source without a path is known.
            source = Source(name, None, sys.stdin.buffer.read()) if fixes else standard_input(name)
        else:
            # A pipe cannot be fixed, which is said of it.
            source = named(found.name) if found.named and not fixes else Source(found.name, Path(found.name), None)
        inputs.append((source, Scope.LIKELY if requests_only else Scope.NAMED if found.named else Scope.FOUND))
    return inputs


def _judged(
    project: "Project",
    inputs: "Sequence[tuple[Source, Scope]]",
    bar: "AbstractContextManager[Progress | None]",
    jobs: int | None,
) -> "Iterator[_Outcome]":
    """Judge sources, side by side where that pays, and give what each came to in their order."""
    from reqlint.run.parallel import WorkerPool, pause_gc

    pause_gc()
    tasks = [project.task(source, scope) for source, scope in inputs]
    with WorkerPool(tasks, jobs) as crew, bar as progress:  # the bar is drawn by a thread, and so comes second
        if progress:
            progress.expect(task.source for task in tasks)
        outcomes = crew.outcomes(progress.watch, progress.advance) if progress else crew.outcomes()
        for task, outcome in zip(tasks, outcomes, strict=True):
            settled = outcome if isinstance(outcome, CheckFailed) else project.settled(outcome, task.source.name)
            yield task.source, settled


def _fixed(
    project: "Project",
    inputs: "Sequence[tuple[Source, Scope]]",
    bar: "AbstractContextManager[Progress | None]",
    fixing: "Fixing",
) -> "Iterator[_Outcome]":
    """Fix sources one by one, and give what is left of each."""
    from reqlint.run.linter import Scope
    from reqlint.text.sources import why_unreadable

    with bar as progress:
        if progress:
            progress.expect(source for source, _ in inputs)
        for source, scope in inputs:
            if scope is Scope.NAMED and (odd := why_unreadable(source)):
                yield source, NotWritten(f"cannot fix {source.name}: {odd}; --fix - fixes standard input")
                continue
            try:
                left, now = fixing.run(
                    progress.watch(source) if progress else source, partial(project.check, scope=scope)
                )
            except (CheckFailed, NotWritten) as failed:
                yield source, failed
            else:
                yield now, left


def _gathered(
    outcomes: "Iterable[_Outcome]", sources: "dict[str, Source]", read: list[str], traceback: bool
) -> "tuple[Report, list[str]]":
    """Put the reports of sources together; bugs of ours are said at the end and stop nothing else."""
    from reqlint.core.findings import Finding, Report, sum_counts

    findings: list[Finding] = []
    skipped: list[tuple[str, str]] = []
    judged_by: list[tuple[str, str, int]] = []
    files = requests = 0
    bugs: list[str] = []
    for source, outcome in outcomes:
        if isinstance(outcome, CheckFailed):
            if traceback:
                raise outcome
            bugs.append(f"{outcome}; rerun with --traceback")
            continue
        if isinstance(outcome, NotWritten):
            bugs.append(f"error: {outcome}")
            continue
        if outcome.findings:
            sources[source.name] = source
        if outcome.requests:
            read.append(source.name)
        findings += outcome.findings
        skipped += outcome.skipped
        judged_by += outcome.judged_by
        files += outcome.files
        requests += outcome.requests
    return Report(tuple(findings), files, requests, tuple(skipped), sum_counts(judged_by)), bugs


def _exit_code(report: "Report", bugs: Sequence[str], project: "Project", exit_zero: bool, allow_empty: bool) -> int:
    if bugs:
        return CANNOT
    if any(project.fails(finding) for finding in report):
        return CLEAN if exit_zero else FOUND
    if not report.requests and not allow_empty:
        return NOTHING
    return CLEAN


def _rendering(
    report: "Report",
    project: "Project",
    sources: "Mapping[str, Source]",
    read: Sequence[str],
    bugs: Sequence[str],
    code: int,
    seconds: float,
    max_per_rule: int,
    show_values: bool,
    verbose: int,
    quiet: bool,
    statistics: bool,
    fixed: "tuple[Finding, ...]",
) -> "Rendering":
    """Gather what reporters need besides the report; what only findings need is left out without any."""
    from reqlint.reporters import ProfileCard, Rendering
    from reqlint.reporters._texts import Texts

    texts = Texts(sources)
    click.get_current_context().call_on_close(texts.close)
    profiles = [project.profile(name) for name in report.profiles]
    unread = [f"{f.source}: {f.message}" for f in report.findings if f.rule == "unreadable-input"]
    summary = os.environ.get("GITHUB_STEP_SUMMARY")
    return Rendering(
        lines=texts,
        say=write_stderr,
        rules=_cards(report, project) if report.findings else {},
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
        statistics=statistics,
        fixed=fixed,
    )


def _cards(report: "Report", project: "Project") -> dict[str, Any]:
    from reqlint.pages.rules import rule_markdown
    from reqlint.reporters import RuleCard

    worst: dict[str, Severity] = {}
    for finding in report.findings:
        known = worst.setdefault(finding.rule, finding.severity)
        worst[finding.rule] = min(known, finding.severity, key=lambda severity: severity.rank)
    cards = {}
    for rule_id, severity in worst.items():
        rule = project.rule(rule_id)
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


def _write(
    name: str, file: str | None, report: "Report", rendering: "Rendering", color: str, *, err: bool = False
) -> None:
    from reqlint.reporters import reporter

    if file is None:
        stream = sys.stderr if err else sys.stdout
        rendering = replace(
            rendering,
            color=wants_color(stream, color),
            unicode=is_unicode(stream),
            width=width(),
        )
        reporter(name)(report, rendering, stream.write)
        stream.flush()
        return
    from reqlint.text.atomic_write import Replacement, is_same_file

    if any(is_same_file(Path(file), Path(read)) for read in rendering.read):
        raise NotWritten(f"cannot write {file}: it holds requests that were checked; name another file")
    with Replacement(Path(file)) as out:
        reporter(name)(
            report,
            replace(rendering, color=color == "always"),
            lambda text: out.file.write(text.encode("utf-8", "backslashreplace")),  # as what is printed
        )
        out.commit()


def _say_nothing_found(paths: Sequence[str], report: "Report") -> None:
    from reqlint.display.escaping import counted, sanitize
    from reqlint.project.discovery import SUFFIXES

    looked = ", ".join(f"*{suffix}" for suffix in SUFFIXES)
    skipped = f"; {counted(len(report.skipped), 'file')} skipped" if report.skipped else ""
    where = sanitize(", ".join(paths))
    write_stderr(f"error: no requests found in {where} (folders are searched for {looked}{skipped})")
    write_stderr("hint: pass --allow-empty if that is expected")
