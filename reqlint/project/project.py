"""One run over the files of a project: the settings of each file, and which of its findings count."""

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reqlint.containers.envelope import Kind
from reqlint.core.findings import Finding, Hit, MoreFindings, Report, Severity
from reqlint.core.globs import matches_file
from reqlint.core.paths import absolute, is_folder, relative, rooted
from reqlint.core.records import replace
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.evidence import STATUSES, is_thinner
from reqlint.knowledge.profile import Profile
from reqlint.knowledge.rule import Rule
from reqlint.project.config import Config, load_config
from reqlint.project.config_search import find_config
from reqlint.project.discovery import InputFile, find_inputs
from reqlint.project.settings import BASELINE_NAME, Settings, SettingValue, make_settings
from reqlint.run.linter import Linter
from reqlint.run.scope import Scope
from reqlint.run.task import Task
from reqlint.text.sources import Source
from reqlint.text.trusted_files import display_path

if TYPE_CHECKING:
    from reqlint.project.baseline import AcceptedFinding, BaselineMatcher
    from reqlint.project.entry_use import EntryUse
    from reqlint.run.describe import HitWithFix


class Project:
    """
    The configurations and baselines of one run, and what they did so far.

    Args:
        given: settings of the command line, by key of a configuration; they override what a file says.
        config: the only configuration to use, instead of the one nearest to each file.
        isolated: read no configuration.
        show_values: let messages show payload values.
        force_exclude: leave out excluded files even when they are named.
        today: the current day, ISO, for suppressions that expire; by default the clock's.
        most_described: how many findings of each rule and severity the report needs of a file of lines; None for all.
    """

    def __init__(
        self,
        given: Mapping[str, Any] | None = None,
        *,
        config: Path | None = None,
        isolated: bool = False,
        show_values: bool = False,
        force_exclude: bool = False,
        today: str | None = None,
        most_described: int | None = None,
    ) -> None:
        self.given = dict(given or {})
        self.sources: dict[str, Source] = {}  #: configurations and baselines that have findings, by name
        self._only = load_config(rooted(config)) if config else None
        self._isolated = isolated
        self._show_values = show_values
        self._force_exclude = force_exclude
        self._today = today
        self._most_described = most_described
        self._nearest: dict[str, Path | None] = {}  # configuration by folder
        self._configs: dict[Path, Config] = {}
        self._beside: dict[Path, Path | None] = {}  # baselines of the default name, by folder
        self._fail_ranks: dict[str, int] = {}  # of the severities that make a run fail, by source
        self._linters: dict[tuple[object, ...], Linter] = {}
        self._baselines: dict[Path, BaselineMatcher] = {}
        self._uses: dict[Path, EntryUse] = {}
        self._walked: list[str] = []  # folders
        self._judged: set[str] = set()  # files

    # ---------------------------------------------------------------------------------------------- settings of a file

    def config_of(self, name: str) -> Config | None:
        """Return the configuration of a file: the one given for the run, else the nearest."""
        if self._only or self._isolated:
            return self._only
        path = find_config(Path(name).parent, self._nearest)
        if path is None:
            return None
        if path not in self._configs:
            self._configs[path] = load_config(path)
        return self._configs[path]

    def settings_of(self, name: str) -> Settings:
        """Return the settings of a file."""
        config = self.config_of(name)
        configured = config.settings(_relative(config, name)) if config else {}
        if not self._isolated and "baseline" not in configured and "baseline" not in self.given:
            beside = self._baseline_beside(config)
            if beside is not None:
                configured = {**configured, "baseline": SettingValue(beside, "found there")}
        return make_settings(configured, self.given)

    def _baseline_beside(self, config: Config | None) -> Path | None:
        """Return the baseline of the default name beside a configuration or in the working folder, if there is one."""
        folder = config.folder if config else Path()
        if folder not in self._beside:
            path = folder / BASELINE_NAME
            self._beside[folder] = path if path.is_file() else None
        return self._beside[folder]

    def linter_of(self, settings: Settings) -> Linter:
        """Return the linter for these settings; equal settings share one."""
        key = settings._replace(require=(), prefix="", evidence="", docs_url="", origins={})[
            :-1
        ]  # what is nothing to a linter
        if key not in self._linters:
            self._linters[key] = Linter(
                settings.profile,
                select=settings.select,
                ignore=settings.ignore,
                severity=dict(settings.severity),
                rules=settings.rules,
                profiles=settings.profiles,
                show_values=self._show_values,
                models=dict(settings.models),
            )
        return self._linters[key]

    def rule(self, rule_id: str) -> Rule:
        """Return the rule of a finding of this run, which may be a custom one."""
        catalogs = (linter.catalog for linter in self._linters.values())
        return next((catalog for catalog in catalogs if rule_id in catalog.rules), shipped()).rule(rule_id)

    def profile(self, name: str) -> Profile:
        """Return a profile that judged in this run, which may be a custom one."""
        catalogs = (linter.catalog for linter in self._linters.values())
        return next((catalog for catalog in catalogs if name in catalog.profile_names), shipped()).profile(name)

    def fails(self, finding: Finding | MoreFindings) -> bool:
        """Return whether a finding makes the run fail under the ``fail-on`` of its file."""
        if isinstance(finding, Finding) and finding.suppressed:
            return False
        source = finding.source or ""
        least = self._fail_ranks.get(source)
        if least is None:
            least = self._fail_ranks[source] = Severity(self.settings_of(source).fail_on).rank
        return finding.severity.rank <= least or finding.rule == "unreadable-input"

    # ----------------------------------------------------------------------------------------------------------- files

    def find_inputs(self, paths: Iterable[str]) -> Iterator[InputFile]:
        """Yield the files that *paths* stand for, without excluded ones."""
        paths = list(paths)
        self._walked += [absolute(path) for path in paths if path != "-" and is_folder(path)]
        for found in find_inputs(paths, self.excludes, isolated=self._isolated):
            if not (found.named and self._force_exclude and found.name != "-" and self.excludes(found.name)):
                yield found

    def excludes(self, name: str) -> bool:
        """Return whether the configuration of a file or folder excludes it."""
        config = self.config_of(name)
        return config is not None and config.excludes(_relative(config, name))

    @staticmethod
    def matches(config: Config, patterns: Iterable[str], name: str) -> bool:
        """Return whether one of the file patterns in *config* matches a file."""
        file = _relative(config, name)
        return any(matches_file(pattern, file) for pattern in patterns)

    # --------------------------------------------------------------------------------------------------------- judging

    def check(self, source: Source, scope: Scope = Scope.NAMED) -> Report:
        """Judge one source by its settings; suppressed and accepted findings are marked."""
        return self.mark(self.task(source, scope).run(), source.name)

    def task(self, source: Source, scope: Scope = Scope.NAMED) -> Task:
        """Return the task of judging a source by its settings."""
        settings = self.settings_of(source.name)
        kind = None if settings.kind == "auto" else Kind(settings.kind)
        most = self._most_described if self._takes_all(settings, source.name) else None
        return Task(self.linter_of(settings), source, kind, scope, settings.extract, most)

    def _takes_all(self, settings: Settings, name: str) -> bool:
        """Return whether `mark` takes the findings of a source as they are, so that it need not see them."""
        config = self.config_of(name)
        silences = config is not None and (config.ignores or config.expects)
        return not silences and settings.baseline is None and settings.evidence == STATUSES[-1]

    def mark(self, report: Report, name: str) -> Report:
        """
        Return the report of a source with the findings marked that its configuration or baseline silences.

        Findings on thinner evidence than its settings ask for are left out and counted, once all entries had their use.
        """
        settings = self.settings_of(name)
        linter = self.linter_of(settings)
        path = absolute(name)
        self._judged.add(path)
        config = self.config_of(name)
        findings = report.findings
        if settings.fail_on_refusals and any(finding.explained for finding in findings):
            findings = tuple(
                replace(each, suppressed=False, suppression=None) if each.explained else each for each in findings
            )
        if config is not None and (config.ignores or config.expects):
            findings = self._use_of(config).apply(_relative(config, name), findings, linter.enabled)
        matcher = self._matcher(settings.baseline)  # also for a clean file, whose entries may be stale
        if matcher:
            self._judged.add(_as_in_baselines(path))
        if findings and matcher:
            findings = tuple(matcher.mark(f) if f.explained or not f.suppressed else f for f in findings)
        if settings.evidence != STATUSES[-1]:
            kept = tuple(
                f for f in findings if f.suppressed or not f.evidence or not is_thinner(f.evidence, settings.evidence)
            )
            return replace(report, findings=kept, thin=report.thin + len(findings) - len(kept))
        if findings is report.findings:
            return report
        return replace(report, findings=findings)

    def _use_of(self, config: Config) -> "EntryUse":
        if config.path not in self._uses:
            from reqlint.project.entry_use import EntryUse

            self._uses[config.path] = EntryUse(config, self._today)
        return self._uses[config.path]

    def _matcher(self, path: Path | None) -> "BaselineMatcher | None":
        return None if path is None else self.use_baseline(path)

    def use_baseline(self, path: Path) -> "BaselineMatcher":
        """Return the baseline at *path* for this run; it is read once."""
        if path not in self._baselines:
            from reqlint.project.baseline import BaselineMatcher, read_baseline

            self._baselines[path] = BaselineMatcher(read_baseline(path))
        return self._baselines[path]

    # ------------------------------------------------------------------------------------------ after judging all files

    def closing_findings(self) -> list[Finding]:
        """Return the findings about the configurations and baselines themselves."""
        findings: list[Finding] = []
        configs = [self._only] if self._only else [self._configs[path] for path in sorted(self._configs)]
        for config in configs:
            linter = self.linter_of(make_settings(config.settings(""), self.given))
            if config.ignores or config.expects:
                hits = self._use_of(config).hits(linter.enabled, self._was_judged)
                findings += self._about(config.path, linter, hits)
        for path, matcher in sorted(self._baselines.items()):
            from reqlint.project.baseline import stale_hits

            stale = stale_hits(matcher.baseline, matcher.stale(self._was_judged))
            findings += self._about(path, self.linter_of(self.settings_of(str(path))), stale)
        return findings

    def _about(self, path: Path, linter: Linter, hits: "Iterable[Hit | HitWithFix]") -> list[Finding]:
        name = display_path(path)
        findings = linter.findings_about(name, hits)
        if findings:
            self.sources[name] = Source(name, path)
        return findings

    def stale_entries(self, matcher: "BaselineMatcher") -> "list[AcceptedFinding]":
        """Return the entries of a baseline in use that matched nothing, of files and rules that were judged."""
        return matcher.stale(self._was_judged)

    def _was_judged(self, path: Path, rule: str | None = None) -> bool:
        """Return whether a file, or everything below a folder, was judged, and by *rule* if one is given."""
        name = absolute(path)
        if self._judged.isdisjoint((name, _as_in_baselines(name))) and not any(
            name == top or name.startswith(top + os.sep) for top in self._walked
        ):
            return False  # without a look for a configuration there: the name may come from a baseline
        return rule is None or rule in self.linter_of(self.settings_of(name)).enabled


def _as_in_baselines(path: str) -> str:
    """Return the path by which a baseline knows a file: without what must not be written down."""
    from reqlint.display.cached import mask_path

    return mask_path(path)


def _relative(config: Config, name: str) -> str:
    """Return a file's path relative to the folder of its configuration, with slashes."""
    return relative(name, config.folder)
