"""One run of `reqlint compat` over the files of a project: each by its settings, with what the project accepts."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from pathlib import PurePath

from reqlint.containers.envelope import Kind
from reqlint.core.findings import Report, Severity
from reqlint.core.records import replace
from reqlint.project.project import Project
from reqlint.run.compat.columns import columns
from reqlint.run.compat.judging import Compat
from reqlint.run.compat.repair import ToolRepair, repair_tools
from reqlint.run.compat.table import CompatReport, SharedFinding
from reqlint.run.compat.writing import FoundTools
from reqlint.run.linter import Linter
from reqlint.run.scope import Scope
from reqlint.text.sources import Source


class ProjectCompat:
    """
    The tools of a project's files, and which APIs take them.

    Args:
        project: whose settings hold.
        names: the APIs to show; all if there are none.
        together: whether the tools of all files are offered in one request.
        kind: what each document holds; ``auto`` if it shows.
        show_values: let messages show payload values.
        jobs: number of processes for long lists; None for the number of CPUs.
    """

    def __init__(
        self, project: Project, names: Sequence[str], *, together: bool, kind: str, show_values: bool, jobs: int | None
    ) -> None:
        self.sources: dict[str, Source] = {}  #: by name, those that were read
        self._project = project
        self._names = names
        self._together = together
        self._kind = None if kind == "auto" else Kind(kind)
        self._show_values = show_values
        self._jobs = jobs
        self._runs: dict[int, tuple[Linter, Compat]] = {}
        self._servers: dict[str, str] = {}  # the names of servers, by those of the sources that they sent

    def read(self, source: Source, scope: Scope) -> None:
        """Find the tools and requests of a source."""
        self.sources[source.name] = source
        self._run_of(source.name).read(source, scope, self._kind)

    def read_listed(self, source: Source, server: str) -> None:
        """Find the tools that a server of this name listed."""
        self.sources[source.name] = source
        self._servers[source.name] = server
        self._run_of(source.name).read(source, Scope.NAMED, Kind.TOOLS)

    def _run_of(self, name: str) -> Compat:
        """Return the run of the linter that is for a file."""
        linter = self._project.linter_of(self._project.settings_of(name))
        if id(linter) not in self._runs:
            required = self._project.settings_of(name).require
            shown = columns(linter.judges, (*self._names, *required) if self._names else ())
            run = Compat(
                linter.judges,
                shown,
                prefix=self.prefix_of,
                together=self._together,
                show_values=self._show_values,
                jobs=self._jobs,
            )
            self._runs[id(linter)] = (linter, run)
        return self._runs[id(linter)][1]

    def prefix_of(self, name: str) -> str:
        """Return what a client puts before the names of the tools of a source."""
        return self._project.settings_of(name).prefix.replace("{file}", self._servers.get(name, PurePath(name).stem))

    def found(self) -> list[FoundTools]:
        """Return the lists of tools that were found, in the order of reading."""
        order = {name: number for number, name in enumerate(self.sources)}
        found = [each for _, run in self._runs.values() for each in run.found()]
        return sorted(found, key=lambda each: (order[each.source], each.document.index))

    def passed_over(self) -> list[tuple[str, str]]:
        """Return the sources that hold neither tools nor a request, each with that said of it."""
        return [each for _, run in self._runs.values() for each in run.passed_over]

    def unwritable(self) -> list[tuple[str, str]]:
        """Return the sources that have something else than lists of tools, and why that cannot be written as tools."""
        return [each for _, run in self._runs.values() for each in run.unwritable()]

    def finish(self, told: Callable[[int, int], object] | None = None) -> CompatReport:
        """
        Judge what was found; findings that the project accepts are marked as suppressed.

        *told* is called again and again with how much is done, and of how much.
        """
        if not self._runs:
            self._run_of("stdin")
        work, done = sum(run.work for _, run in self._runs.values()), 0

        def add(more: int) -> None:
            nonlocal done
            done += more
            if told is not None:
                told(done, work)

        reports = [run.finish(add) for _, run in self._runs.values()]
        for name in self.sources:
            columns(self._linter_of(name).judges, self._project.settings_of(name).require)  # raises for an unknown one
        findings = self._marked([each for report in reports for each in report.findings])
        return CompatReport(
            tuple(dict.fromkeys(name for report in reports for name in report.columns)),
            tuple(row for report in reports for row in report.rows),
            tuple(findings),
            sum(report.files for report in reports),
            tuple(each for report in reports for each in report.skipped),
            tuple(each for report in reports for each in report.unread),
            self._counted(findings),
        )

    def has_required(self, name: str) -> bool:
        """Return whether it is said which APIs have to take the tools of a file."""
        return bool(self._project.settings_of(name).require)

    def repair(self, source: Source, scope: Scope, *, unsafe: bool) -> ToolRepair:
        """Edit the tools of a source so that all APIs take them that are required for it; the source is not written."""
        judges = self._linter_of(source.name).judges
        required = columns(judges, self._project.settings_of(source.name).require)

        def judge(text: Source) -> list[SharedFinding]:
            run = Compat(judges, required, prefix=self.prefix_of, show_values=self._show_values)
            run.read(text, scope, self._kind)
            return self._marked(run.finish().findings)

        return repair_tools(source, judge, required, unsafe=unsafe, kind=self._kind)

    def _linter_of(self, name: str) -> Linter:
        return self._project.linter_of(self._project.settings_of(name))

    def _marked(self, findings: Sequence[SharedFinding]) -> list[SharedFinding]:
        marked: list[SharedFinding] = []
        by_source: dict[str, list[SharedFinding]] = {}
        for each in findings:
            by_source.setdefault(each.finding.source or "", []).append(each)
        for name, shared in by_source.items():
            report = self._project.mark(Report(tuple(each.finding for each in shared)), name)
            marked += (replace(each, finding=found) for each, found in zip(shared, report.findings, strict=True))
        return marked

    def _counted(self, findings: Sequence[SharedFinding]) -> Mapping[str, int]:
        """Return how many findings count against each API that is required for their file."""
        counted = Counter({name: 0 for source in self.sources for name in self._project.settings_of(source).require})
        for each in findings:
            settings = self._project.settings_of(each.finding.source or "")
            if not each.finding.suppressed:
                counted.update(each.counts_for(settings.require, Severity(settings.fail_on)))
        return counted
