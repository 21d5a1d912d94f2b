"""The result of a run: one report of all its sources, what went wrong, and the exit code."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from reqlint.cli.judging import Outcome
from reqlint.cli.terminal import CANNOT, CLEAN, FOUND, NOTHING, write_stderr
from reqlint.core.errors import CheckFailed, InputChanged, NotWritten
from reqlint.core.findings import Finding, MoreFindings, Report, sum_counts
from reqlint.core.records import replace
from reqlint.text.sources import Source

if TYPE_CHECKING:
    from reqlint.project.project import Project


class RunResult(NamedTuple):
    """What a run came to."""

    report: Report
    sources: Mapping[str, Source]  #: by name, those with findings
    read: Sequence[str]  #: names of the sources that hold requests
    failures: Sequence[str]  #: bugs and files that could not be written, each a sentence
    changed: Sequence[str] = ()  #: inputs that somebody changed while they were read, each a sentence

    def with_findings(self, findings: Sequence[Finding], sources: Mapping[str, Source]) -> "RunResult":
        """Return this result with more findings, and the sources they are in."""
        report = replace(self.report, findings=(*self.report.findings, *findings))
        return self._replace(report=report, sources={**self.sources, **sources})


def collect(outcomes: Iterable[Outcome], *, traceback: bool) -> RunResult:
    """Merge the outcomes of all sources; a failure does not stop the rest, unless *traceback* asks to see it."""
    sources: dict[str, Source] = {}
    read: list[str] = []
    failures: list[str] = []
    changed: list[str] = []
    findings: list[Finding] = []
    skipped: list[tuple[str, str]] = []
    judged_by: list[tuple[str, str, int]] = []
    passed_over: list[tuple[str, str, int]] = []
    others: dict[str, None] = {}
    more: list[MoreFindings] = []
    files = requests = unlisted = tools = thin = 0
    for source, outcome in outcomes:
        if isinstance(outcome, CheckFailed):
            if traceback:
                raise outcome
            failures.append(f"{outcome}; rerun with --traceback")
            continue
        if isinstance(outcome, InputChanged):
            changed.append(f"error: {outcome}")
            continue
        if isinstance(outcome, NotWritten):
            failures.append(f"error: {outcome}")
            continue
        if outcome.findings:
            sources[source.name] = source
        if outcome.has_judged:
            read.append(source.name)
        findings += outcome.findings
        skipped += outcome.skipped
        judged_by += outcome.judged_by
        passed_over += outcome.passed_over
        unlisted += outcome.unlisted_models
        others.update(dict.fromkeys(outcome.worth_trying))
        files += outcome.files
        requests += outcome.requests
        tools += outcome.tools
        thin += outcome.thin
        more += outcome.more
    counts = sum_counts(judged_by), sum_counts(passed_over)
    report = Report(
        tuple(findings), files, requests, tuple(skipped), *counts, unlisted, (*others,), tools, thin, (*more,)
    )
    return RunResult(report, sources, read, failures, changed)


def exit_code(result: RunResult, project: "Project", *, exit_zero: bool, allow_empty: bool) -> int:
    """Return the exit code of a run."""
    if result.failures:
        return CANNOT
    report = result.report
    if result.changed or any(map(project.fails, report)) or any(map(project.fails, report.more)):
        return CLEAN if exit_zero else FOUND
    if not result.report.has_judged and not allow_empty:
        return NOTHING
    return CLEAN


def say_nothing_found(paths: Sequence[str], report: Report) -> None:
    """Explain on standard error where no requests were found."""
    from reqlint.display.escaping import counted, sanitize
    from reqlint.project.discovery import SUFFIXES

    names = set(paths)
    named = [(name, why) for name, why in report.skipped if name in names]
    if len(named) == len(paths):  # files only, each named by the user
        for name, why in named:
            write_stderr(f"error: {sanitize(name)} {sanitize(why)}")
        kind = "schema" if all("JSON Schema" in why for _, why in named) else "request"
        write_stderr(f"hint: pass --as {kind} to judge it as one, or --allow-empty if that is expected")
        return
    looked = ", ".join(f"*{suffix}" for suffix in SUFFIXES)
    skipped = f"; {counted(len(report.skipped), 'file')} skipped" if report.skipped else ""
    where = sanitize(", ".join(paths))
    write_stderr(f"error: no requests found in {where} (folders are searched for {looked}{skipped})")
    write_stderr("hint: pass --allow-empty if that is expected")
