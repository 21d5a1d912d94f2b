"""The command that checks requests, and its options."""

import sys
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING

import click

from reqlint.cli import streams
from reqlint.cli.commands import OneOf, StrictCommand, WholeNumber
from reqlint.cli.terminal import (
    CANNOT,
    NOTHING,
    address,
    end_orderly,
    formats_from,
    ignore_option,
    jobs_option,
    list_formats,
    no_progress_option,
    profile_option,
    progress_bar,
    select_option,
    target_of,
    write_stderr,
)
from reqlint.core.errors import NotWritten
from reqlint.knowledge.evidence import STATUSES

if TYPE_CHECKING:
    from collections.abc import Iterable

_SEVERITIES = ("error", "warning", "note")
_KINDS = ("auto", "request", "batch", "finetune", "cassette", "har", "nock", "exchange", "tools", "schema")


_TELLING = ("human", "concise", "json", "sarif", "html")
"""The formats that say how many findings are left out; with others standard error does."""

_HELP = """\
Check requests in files and folders; - reads standard input.

Standard input and named files may also hold curl commands, Python literals or lines of a log. These are not edited.

Exit codes: 0 no findings at or above --fail-on, 1 findings or an unreadable input, 2 usage or internal error,
3 nothing to check."""


@click.command(cls=StrictCommand, help=_HELP)
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
    help=f"Output format: {list_formats()}. Can be repeated, with a file for each.",
)
@click.option(
    "--fail-on",
    type=OneOf(_SEVERITIES),
    default="error",
    show_default=True,
    help="Lowest severity that makes the exit code 1.",
)
@click.option(
    "--fail-on-refusals",
    is_flag=True,
    help="Count errors in recorded requests that were refused. By default they explain the refusal.",
)
@click.option(
    "--evidence",
    type=OneOf(STATUSES),
    default=STATUSES[-1],
    show_default=True,
    help="Leave out findings whose evidence is thinner than this, and count them.",
)
@click.option(
    "--docs-url",
    metavar="URL",
    callback=address,
    help="Address of your own page about a rule, with {rule} for its name, for reports to link to.",
)
@click.option("--exit-zero", is_flag=True, help="Exit with code 0 even if there are findings.")
@click.option("--allow-empty", is_flag=True, help="Exit with code 0 if there is nothing to check.")
@click.option(
    "--as",
    "kind",
    type=OneOf(_KINDS),
    default="auto",
    show_default=True,
    help="What the input files hold.",
)
@click.option(
    "--requests-only",
    is_flag=True,
    help="Skip named files that hold no request, for commit hooks. Implies --allow-empty and --force-exclude.",
)
@click.option("--fix", is_flag=True, help="Apply safe fixes and report the remaining findings.")
@click.option(
    "--unsafe-fixes",
    is_flag=True,
    help="With --fix, --diff or --show-fixes, include fixes that may change the meaning of a request.",
)
@click.option(
    "--diff",
    is_flag=True,
    help="Show the changes of --fix as a diff without writing them. Exit with code 1 if there are any.",
)
@click.option(
    "--show-fixes", is_flag=True, help="Show each safe fix below its finding, as a diff. For human output; see --diff."
)
@click.option("--exit-non-zero-on-fix", is_flag=True, help="Exit with code 1 if anything was fixed.")
@click.option("--stdin-filename", metavar="NAME", help="File name for standard input. Its suffix sets the format.")
@click.option(
    "--max-per-rule",
    type=WholeNumber(min=0),
    default=3,
    show_default=True,
    help="Number of findings shown in full per rule and file. 0 shows all.",
)
@click.option(
    "--statistics",
    is_flag=True,
    help="Show the number of findings per rule instead of the findings. JSON output has both.",
)
@click.option("--show-values", is_flag=True, help="Show payload values in messages. Credentials stay hidden.")
@click.option(
    "--config", metavar="FILE", type=click.Path(), help="Configuration file to use instead of the nearest one."
)
@click.option("--isolated", is_flag=True, help="Ignore all configuration files and .gitignore files.")
@click.option("--baseline", metavar="FILE", type=click.Path(), help="Baseline file. Only findings not in it count.")
@click.option("--force-exclude", is_flag=True, help="Apply excludes to files named on the command line too.")
@click.option(
    "--show-settings", is_flag=True, help="Show the settings of each file and where they come from. Check nothing."
)
@click.option(
    "--color",
    type=OneOf(["auto", "always", "never"]),
    default="auto",
    show_default=True,
    help="When to use color in the output.",
)
@jobs_option(". Long JSONL files are split too")
@no_progress_option
@click.option("-q", "--quiet", is_flag=True, help="Show only findings, without the summary.")
@click.option("-v", "--verbose", count=True, help="Show more help and notes, and list skipped files.")
@click.option("--traceback", is_flag=True, hidden=True)
def check(
    paths: tuple[str, ...],
    profile: str,  # noqa: ARG001 - like the next two and others with this code, read by given_settings
    select: tuple[str, ...],  # noqa: ARG001
    ignore: tuple[str, ...],  # noqa: ARG001
    formats: tuple[str, ...],
    fail_on: str,  # noqa: ARG001
    fail_on_refusals: bool,  # noqa: ARG001
    evidence: str,  # noqa: ARG001
    docs_url: str | None,  # noqa: ARG001
    exit_zero: bool,
    allow_empty: bool,
    kind: str,  # noqa: ARG001
    requests_only: bool,
    fix: bool,
    unsafe_fixes: bool,
    diff: bool,
    show_fixes: bool,
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
    """Run ``reqlint check``."""
    from reqlint.cli.fixing import fixing_for
    from reqlint.cli.judging import fix_all, judge_all, open_inputs
    from reqlint.cli.output import make_rendering, write_report
    from reqlint.cli.result import collect, exit_code, say_nothing_found
    from reqlint.cli.settings import given_settings, show
    from reqlint.display.escaping import counted
    from reqlint.project.project import Project
    from reqlint.reporters import reporter

    began = perf_counter()
    targets = [target_of(text) for text in formats] or [("human", None)]
    for name, _ in targets:
        reporter(name)  # raises for an unknown name before any work is done
    if show_fixes and (fix or diff):
        raise click.UsageError(f"--show-fixes shows what is not fixed; leave out {'--diff' if diff else '--fix'}")
    fixing = fixing_for(fix=fix, diff=diff, unsafe=unsafe_fixes and not show_fixes, paths=paths)
    if fixing or any(file for _, file in targets):
        end_orderly(click.get_current_context())
    project = Project(
        given_settings(click.get_current_context(), baseline),
        config=Path(config) if config else None,
        isolated=isolated,
        show_values=show_values,
        force_exclude=force_exclude or requests_only,
        most_described=(max_per_rule or None) if _counts_the_rest(targets, statistics, fixing is not None) else None,
    )
    if show_settings:
        show(project, paths)
        return
    project.settings_of("stdin")  # raises for wrong options before any work is done
    from_keyboard = "-" in paths and streams.stdin_is_terminal()
    bar = progress_bar(no_progress or quiet or diff or from_keyboard, color)
    inputs = open_inputs(project, paths, requests_only, stdin_filename, fixes=fixing is not None)
    if fixing:
        outcomes = fix_all(project, inputs, bar, fixing)
    else:
        outcomes = judge_all(project, inputs, bar, 1 if traceback else jobs)
    result = collect(outcomes, traceback=traceback).with_findings(project.closing_findings(), project.sources)
    code = exit_code(result, project, exit_zero=exit_zero, allow_empty=allow_empty or requests_only)
    if fixing:
        code = fixing.exit_code(code, result.report, exit_zero=exit_zero, tells_fixed=exit_non_zero_on_fix)
    rendering = make_rendering(
        result,
        project,
        exit_code=code,
        seconds=perf_counter() - began,
        max_per_rule=max_per_rule,
        show_values=show_values,
        verbose=verbose,
        quiet=quiet,
        statistics=statistics,
        show_fixes=show_fixes,
        unsafe_fixes=unsafe_fixes,
        fixed=tuple(fixing.fixed) if fixing else (),
    )
    if result.report.thin and not any(name in _TELLING for name, file in targets if not file) and not quiet:
        write_stderr(f"note: {counted(result.report.thin, 'finding')} on thinner evidence left out (--evidence)")
    unwritten: list[str] = []
    for name, file in targets:
        if file or not (fixing and fixing.diff):
            try:
                write_report(name, file, result.report, rendering, color, err=bool(fixing and fixing.takes_stdout))
            except (NotWritten, streams.OutputLost) as lost:  # the other reports have all the findings
                code = CANNOT
                unwritten.append(str(lost))
    if fixing:
        fixing.close()
    for failure in (*result.changed, *result.failures, *(f"error: {reason}" for reason in unwritten if reason)):
        write_stderr(failure)
    if code == NOTHING:
        say_nothing_found(paths, result.report)
    sys.exit(code)


def _counts_the_rest(targets: "Iterable[tuple[str, str | None]]", statistics: bool, fixes: bool) -> bool:
    """Return whether the reports say only how many findings there are beyond the first of each rule."""
    return not (statistics or fixes) and all(name == "human" for name, _ in targets)
