"""What ``reqlint check`` does once its command line is read, by click or by `reqlint.cli.plain`."""

from collections.abc import Iterable, Mapping
from contextlib import ExitStack
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from reqlint.cli import streams
from reqlint.cli.terminal import CANNOT, CLEAN, NOTHING, end_orderly, progress_bar, target_of, write_stderr
from reqlint.core.errors import NotWritten
from reqlint.core.records import dataclass

if TYPE_CHECKING:
    from reqlint.cli.fixing import Fixing

_TELLING = ("human", "concise", "json", "sarif", "html")
"""The formats that say how many findings are left out; with others standard error does."""


@dataclass(frozen=True, slots=True)
class CheckOptions:
    """What a command line asks for. Each option is described where click is told of it, in `reqlint.cli.check`."""

    paths: tuple[str, ...]
    given: Mapping[str, Any]  #: the settings among the options that were given, by key of a configuration
    formats: tuple[str, ...] = ()
    exit_zero: bool = False
    allow_empty: bool = False
    requests_only: bool = False
    fix: bool = False
    unsafe_fixes: bool = False
    diff: bool = False
    show_fixes: bool = False
    exit_non_zero_on_fix: bool = False
    stdin_filename: str | None = None
    max_per_rule: int = 3
    statistics: bool = False
    show_values: bool = False
    config: str | None = None
    isolated: bool = False
    force_exclude: bool = False
    show_settings: bool = False
    color: str = "auto"
    jobs: int | None = None
    no_progress: bool = False
    quiet: bool = False
    verbose: int = 0
    traceback: bool = False


def run(asked: CheckOptions) -> int:
    """Check what the command line names, print the report, and return the exit code."""
    with ExitStack() as at_end:
        return _run(asked, at_end)


def _run(asked: CheckOptions, at_end: ExitStack) -> int:
    from reqlint.cli.judging import fix_all, judge_all, open_inputs
    from reqlint.cli.output import make_rendering, write_report
    from reqlint.cli.result import collect, exit_code, say_nothing_found
    from reqlint.project.project import Project
    from reqlint.reporters import reporter

    began = perf_counter()
    targets = [target_of(text) for text in asked.formats] or [("human", None)]
    for name, _ in targets:
        reporter(name)  # raises for an unknown name before any work is done
    fixing = _fixing_of(asked)
    if fixing or any(file for _, file in targets):
        end_orderly(at_end.callback)
    project = Project(
        asked.given,
        config=Path(asked.config) if asked.config else None,
        isolated=asked.isolated,
        show_values=asked.show_values,
        force_exclude=asked.force_exclude or asked.requests_only,
        most_described=(asked.max_per_rule or None)
        if _counts_the_rest(targets, asked.statistics, fixing is not None)
        else None,
    )
    if asked.show_settings:
        from reqlint.cli.settings import show

        show(project, asked.paths)
        return CLEAN
    project.settings_of("stdin")  # raises for wrong options before any work is done
    from_keyboard = "-" in asked.paths and streams.stdin_is_terminal()
    bar = progress_bar(asked.no_progress or asked.quiet or asked.diff or from_keyboard, asked.color)
    inputs = open_inputs(project, asked.paths, asked.requests_only, asked.stdin_filename, fixes=fixing is not None)
    if fixing:
        outcomes = fix_all(project, inputs, bar, fixing)
    else:
        outcomes = judge_all(project, inputs, bar, 1 if asked.traceback else asked.jobs)
    result = collect(outcomes, traceback=asked.traceback)
    result = result.with_findings(project.closing_findings(), project.sources)
    allows_empty = asked.allow_empty or asked.requests_only
    code = exit_code(result, project, exit_zero=asked.exit_zero, allow_empty=allows_empty)
    if fixing:
        code = fixing.exit_code(code, result.report, exit_zero=asked.exit_zero, tells_fixed=asked.exit_non_zero_on_fix)
    rendering = make_rendering(
        result,
        project,
        at_end.callback,
        exit_code=code,
        seconds=perf_counter() - began,
        max_per_rule=asked.max_per_rule,
        show_values=asked.show_values,
        verbose=asked.verbose,
        quiet=asked.quiet,
        statistics=asked.statistics,
        show_fixes=asked.show_fixes,
        unsafe_fixes=asked.unsafe_fixes,
        fixed=tuple(fixing.fixed) if fixing else (),
    )
    if result.report.thin and not any(name in _TELLING for name, file in targets if not file) and not asked.quiet:
        from reqlint.display.escaping import counted

        write_stderr(f"note: {counted(result.report.thin, 'finding')} on thinner evidence left out (--evidence)")
    unwritten: list[str] = []
    for name, file in targets:
        if file or not (fixing and fixing.diff):
            try:
                write_report(
                    name, file, result.report, rendering, asked.color, err=bool(fixing and fixing.takes_stdout)
                )
            except (NotWritten, streams.OutputLost) as lost:  # the other reports have all the findings
                code = CANNOT
                unwritten.append(str(lost))
    if fixing:
        fixing.close()
    for failure in (*result.changed, *result.failures, *(f"error: {reason}" for reason in unwritten if reason)):
        write_stderr(failure)
    if code == NOTHING:
        say_nothing_found(asked.paths, result.report)
    return code


def _fixing_of(asked: CheckOptions) -> "Fixing | None":
    """Return how to fix, if that is asked for."""
    if not (asked.fix or asked.diff or asked.unsafe_fixes):
        return None
    from click import UsageError

    from reqlint.cli.fixing import fixing_for

    if asked.show_fixes and (asked.fix or asked.diff):
        left_out = "--diff" if asked.diff else "--fix"
        raise UsageError(f"--show-fixes shows what is not fixed; leave out {left_out}")
    unsafe = asked.unsafe_fixes and not asked.show_fixes
    return fixing_for(fix=asked.fix, diff=asked.diff, unsafe=unsafe, paths=asked.paths)


def _counts_the_rest(targets: Iterable[tuple[str, str | None]], statistics: bool, fixes: bool) -> bool:
    """Return whether the reports say only how many findings there are beyond the first of each rule."""
    return not (statistics or fixes) and all(name == "human" for name, _ in targets)
