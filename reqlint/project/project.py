"""One run over the files of a project: what applies to each of them, and which findings count."""

import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from reqlint.containers.envelope import Kind
from reqlint.core.findings import Finding, Hit, Report, Severity
from reqlint.core.globs import fixed_prefix, matches_file
from reqlint.knowledge.custom_folders import NO_CUSTOM
from reqlint.knowledge.profile import Profile, load_profile, profile_names
from reqlint.knowledge.rule import Rule, all_rules
from reqlint.project.config import Config, Settings, find_config, load_config, settings_of
from reqlint.project.discovery import Input, find_inputs
from reqlint.run.chunked import Task
from reqlint.run.linter import HitWithFix, Linter, Scope
from reqlint.text.documents import Source
from reqlint.text.trusted_files import display_path

if TYPE_CHECKING:
    from reqlint.project.baseline import BaselineMatcher
    from reqlint.project.silence import Expect, Ignore

OF_THE_PROJECT = frozenset({"unused-suppression", "expired-suppression", "unmet-expectation", "stale-baseline-entry"})
"""Rules about the configuration and the baseline, which no baseline accepts."""


class _Use:
    """What a configuration's entries met in this run."""

    def __init__(self) -> None:
        self.silenced: set[tuple[int, str]] = set()  #: entry and name
        self.unmet: dict[str, list[tuple[int, str]]] = {}  #: by file, entry and name
        self.expected: set[int] = set()  #: entries that speak of a file that was met


class Project:
    """
    The configurations of one run, and what was met of them so far.

    Args:
        given: settings of the command line, by the names of a configuration; they go before what a file says.
        config: the one configuration to go by, instead of the one nearest to each file.
        isolated: read no configuration.
        show_values: let messages show payload values.
        force_exclude: leave out excluded files even when they are named, as a tool that passes every file needs.
        today: the day that it is, ISO, for suppressions that end.
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
    ) -> None:
        self.given = dict(given or {})
        self.sources: dict[str, Source] = {}  #: configurations and baselines that have findings, by name
        self._only = load_config(config.absolute()) if config else None
        self._isolated = isolated
        self._show_values = show_values
        self._force_exclude = force_exclude
        self._given_today = today
        self._near: dict[str, Path | None] = {}
        self._configs: dict[Path, Config] = {}
        self._linters: dict[tuple[object, ...], Linter] = {}
        self._baselines: dict[Path, BaselineMatcher] = {}
        self._uses: dict[Path, _Use] = {}
        self._walked: list[str] = []
        self._looked_at: set[str] = set()

    # ------------------------------------------------------------------------------------------- what applies to a file

    def config_of(self, name: str) -> Config | None:
        """Give the configuration of a file: the one that was named, else the nearest."""
        if self._only or self._isolated:
            return self._only
        path = find_config(Path(name).parent, self._near)
        if path is None:
            return None
        if path not in self._configs:
            self._configs[path] = load_config(path)
        return self._configs[path]

    def settings_of(self, name: str) -> Settings:
        """Say what applies to a file."""
        config = self.config_of(name)
        return settings_of(config, _from(config, name) if config else "", self.given)

    def linter_of(self, settings: Settings) -> Linter:
        """Give the linter for some settings, built once."""
        key = settings[:-1]  # whoever said so
        if key not in self._linters:
            self._linters[key] = Linter(
                settings.profile,
                select=settings.select,
                ignore=settings.ignore,
                severity=dict(settings.severity),
                rules=settings.rules,
                profiles=settings.profiles,
                show_values=self._show_values,
            )
        return self._linters[key]

    def rule(self, rule_id: str) -> Rule:
        """Give a rule that a finding of this run names, one of the project's own among them."""
        for linter in self._linters.values():
            if rule_id in (known := all_rules(linter.own)):
                return known[rule_id]
        return all_rules()[rule_id]

    def profile(self, name: str) -> Profile:
        """Give a profile that judged in this run, one of the project's own among them."""
        own = next((each.own for each in self._linters.values() if name in profile_names(each.own)), NO_CUSTOM)
        return load_profile(name, own)

    def fails(self, finding: Finding) -> bool:
        """Tell whether a finding makes the run fail, by what its file's configuration says."""
        if finding.suppressed:
            return False
        fail_on = self.settings_of(finding.source or "").fail_on
        return finding.severity.rank <= Severity(fail_on).rank or finding.rule == "unreadable-input"

    # ------------------------------------------------------------------------------------------------------ files

    def find_inputs(self, paths: Iterable[str]) -> Iterator[Input]:
        """Give the files that *paths* stand for, without those that are excluded."""
        paths = list(paths)
        self._walked += [os.path.abspath(path) for path in paths if path != "-" and Path(path).is_dir()]  # noqa: PTH100
        for found in find_inputs(paths, self.excludes, isolated=self._isolated):
            if not (found.named and self._force_exclude and found.name != "-" and self.excludes(found.name)):
                yield found

    def excludes(self, name: str) -> bool:
        """Tell whether a file or folder is excluded by its configuration."""
        config = self.config_of(name)
        return config is not None and config.excludes(_from(config, name))

    @staticmethod
    def speaks_of(config: Config, patterns: Iterable[str], name: str) -> bool:
        """Tell whether one of the file patterns of a configuration stands for a file."""
        file = _from(config, name)
        return any(matches_file(pattern, file) for pattern in patterns)

    # ------------------------------------------------------------------------------------------------------ judging

    def check(self, source: Source, scope: Scope = Scope.NAMED) -> Report:
        """Judge one source by what applies to it; findings that do not count are marked."""
        return self.settled(self.task(source, scope).run(), source.name)

    def task(self, source: Source, scope: Scope = Scope.NAMED) -> Task:
        """Say how a source is to be judged."""
        settings = self.settings_of(source.name)
        kind = None if settings.kind == "auto" else Kind(settings.kind)
        return Task(self.linter_of(settings), source, kind, scope, settings.extract)

    def settled(self, report: Report, name: str) -> Report:
        """Mark the findings of a source that do not count, by what applies to it."""
        settings = self.settings_of(name)
        linter = self.linter_of(settings)
        self._looked_at.add(os.path.abspath(name))  # noqa: PTH100 - for every file of a run
        config = self.config_of(name)
        findings = report.findings
        if config is not None and (config.ignores or config.expects):
            findings = self._silenced(config, findings, _from(config, name), linter.enabled)
        accepting = self._accepting(settings)  # also for a clean file, whose entries may be stale
        if findings and accepting:
            findings = tuple(f if f.suppressed else accepting.marked(f) for f in findings)
        if findings is report.findings:
            return report
        return Report(findings, report.files, report.requests, report.skipped, report.judged_by)

    def _accepting(self, settings: Settings) -> "BaselineMatcher | None":
        path = settings.baseline
        if path is None:
            return None
        if path not in self._baselines:
            from reqlint.project.baseline import BaselineMatcher, read_baseline

            self._baselines[path] = BaselineMatcher(read_baseline(path))
        return self._baselines[path]

    def _silenced(
        self, config: Config, findings: tuple[Finding, ...], file: str, on: Collection[str]
    ) -> tuple[Finding, ...]:
        use = self._uses.setdefault(config.path, _Use())
        ignores = [
            (number, entry)
            for number, entry in enumerate(config.ignores)
            if not self._is_over(entry) and any(matches_file(pattern, file) for pattern in entry.files)
        ]
        use.unmet.pop(file, None)  # a file is looked at again when it was fixed
        kept = [f if f.suppressed else _ignored(f, ignores, use) for f in findings]
        for number, expect in enumerate(config.expects):
            if any(matches_file(pattern, file) for pattern in expect.files):
                use.expected.add(number)
                for name, rules in expect.rules.items():
                    if not rules.isdisjoint(on) and not any(finding.rule in rules for finding in findings):
                        use.unmet.setdefault(file, []).append((number, name))
                kept = [f if f.suppressed else _expected(f, expect) for f in kept]
        return tuple(kept)

    def _is_over(self, entry: "Ignore") -> bool:
        return entry.expires is not None and entry.expires < (self._given_today or _today())

    # ------------------------------------------------------------------------------------------------------ at the end

    def closing(self) -> list[Finding]:
        """Say what the configurations and baselines of the run have against themselves, once all files were judged."""
        told: list[Finding] = []
        configs = [self._only] if self._only else [self._configs[path] for path in sorted(self._configs)]
        for config in configs:
            linter = self.linter_of(settings_of(config, "", self.given))
            told += self._told(linter, self._of_config(config, linter.enabled), config.path)
        for path, accepting in sorted(self._baselines.items()):
            from reqlint.project.baseline import stale_hits

            hits = stale_hits(accepting.baseline, accepting.stale(self._was_looked_at))
            told += self._told(self.linter_of(self.settings_of(str(path))), hits, path)
        return told

    def _told(self, linter: Linter, hits: Iterable[Hit | HitWithFix], path: Path) -> list[Finding]:
        name = display_path(path)
        told = linter.tell(hits, name)
        if told:
            self.sources[name] = Source(name, path)
        return told

    def stale(self) -> list[tuple["BaselineMatcher", list[Any]]]:
        """Give each baseline in use with its entries that met nothing, of files and rules that were looked at."""
        return [(accepting, accepting.stale(self._was_looked_at)) for _, accepting in sorted(self._baselines.items())]

    def use_baseline(self, path: Path) -> "BaselineMatcher":
        """Read a baseline for this run although nothing was found yet."""
        from reqlint.project.baseline import BaselineMatcher, read_baseline

        return self._baselines.setdefault(path, BaselineMatcher(read_baseline(path)))

    def _of_config(self, config: Config, on: Collection[str]) -> Iterator[Hit | HitWithFix]:
        use = self._uses.get(config.path, _Use())
        for number, entry in enumerate(config.ignores):
            if self._is_over(entry):
                yield (
                    Hit(rule="expired-suppression", facts={"day": entry.expires}, region=entry.region),
                    config.without("ignore", number),
                )
                continue
            unused = [
                name
                for name, rules in entry.rules.items()
                if (number, name) not in use.silenced and not rules.isdisjoint(on)
            ]
            if unused and self._covers(config, entry.files):
                fix = config.without("ignore", number) if len(unused) == len(entry.rules) else None
                for name in unused:
                    yield Hit(rule="unused-suppression", facts={"name": name}, region=entry.region), fix
        for file, number, name in ((file, *each) for file, unmet in use.unmet.items() for each in unmet):
            facts = {"found": f"{file} has no {name} any more"}
            yield Hit(rule="unmet-expectation", facts=facts, region=config.expects[number].region)
        for number, expect in enumerate(config.expects):
            if number not in use.expected and self._covers(config, expect.files):
                facts = {"found": f"no file is {' or '.join(expect.files)}"}
                yield Hit(rule="unmet-expectation", facts=facts, region=expect.region)

    def _covers(self, config: Config, patterns: Iterable[str]) -> bool:
        """Tell whether everything that file patterns can stand for was looked at."""
        return all(self._was_looked_at(config.folder / fixed_prefix(pattern)) for pattern in patterns)

    def _was_looked_at(self, path: Path, rule: str | None = None) -> bool:
        name = os.path.abspath(path)  # noqa: PTH100 - with .. resolved, and no links
        if name not in self._looked_at and not any(
            name == top or name.startswith(top + os.sep) for top in self._walked
        ):
            return False  # and no configuration is looked for there: the name may be a baseline's
        return rule is None or rule in self.linter_of(self.settings_of(name)).enabled


def _today() -> str:
    from datetime import date  # few suppressions end

    return date.today().isoformat()


def _from(config: Config, name: str) -> str:
    """Give a file's path from the folder of its configuration, with slashes."""
    try:
        return Path(os.path.relpath(name, config.folder)).as_posix()
    except ValueError:  # on another drive
        return Path(name).as_posix()


def _ignored(finding: Finding, entries: "Iterable[tuple[int, Ignore]]", use: _Use) -> Finding:
    from reqlint.project.silence import suppress

    for number, entry in entries:
        if name := entry.covers(finding):
            use.silenced.add((number, name))
            return suppress(finding, entry.reason)
    return finding


def _expected(finding: Finding, expect: "Expect") -> Finding:
    from reqlint.project.silence import suppress

    if any(finding.rule in rules for rules in expect.rules.values()):
        return suppress(finding, expect.reason)
    return finding
