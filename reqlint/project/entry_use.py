"""What the entries of a configuration did in a run, and the findings about those that did nothing."""

from collections.abc import Callable, Collection, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from reqlint.core.findings import Finding, Hit
from reqlint.core.globs import fixed_prefix, matches_file

if TYPE_CHECKING:
    from reqlint.project.config import Config
    from reqlint.project.silence import Expect, Ignore
    from reqlint.run.describe import HitWithFix


class EntryUse:
    """
    Applies the entries ``[[ignore]]`` and ``[[expect]]`` of one configuration, and records which had an effect.

    Args:
        config: the configuration.
        today: the current day, ISO, for entries that expire; None for the clock's.
    """

    def __init__(self, config: "Config", today: str | None = None) -> None:
        self._config = config
        self._given_today = today
        self._used: set[tuple[int, str]] = set()  # number of an [[ignore]], and a name in it that covered a finding
        self._unmet: dict[str, list[tuple[int, str]]] = {}  # by file: the same of [[expect]], without such a finding
        self._matched: set[int] = set()  # numbers of the [[expect]] that matched a file

    def apply(self, file: str, findings: tuple[Finding, ...], enabled: Collection[str]) -> tuple[Finding, ...]:
        """
        Return *findings* with those marked that an entry suppresses.

        Args:
            file: the file they were found in, relative to the configuration's folder.
            findings: all findings of that file.
            enabled: the rules that are on for it.
        """
        ignores = [
            (number, entry)
            for number, entry in enumerate(self._config.ignores)
            if not self._has_expired(entry) and any(matches_file(pattern, file) for pattern in entry.files)
        ]
        self._unmet.pop(file, None)  # a fixed file is judged again
        kept = [self._ignored(f, ignores) if _counts(f) else f for f in findings]
        for number, expect in enumerate(self._config.expects):
            if any(matches_file(pattern, file) for pattern in expect.files):
                self._matched.add(number)
                for name, rules in expect.rules.items():
                    if not rules.isdisjoint(enabled) and not any(finding.rule in rules for finding in findings):
                        self._unmet.setdefault(file, []).append((number, name))
                kept = [_expected(f, expect) if _counts(f) else f for f in kept]
        return tuple(kept)

    def _ignored(self, finding: Finding, entries: "Iterable[tuple[int, Ignore]]") -> Finding:
        from reqlint.project.silence import suppress

        for number, entry in entries:
            if name := entry.name_for(finding):
                self._used.add((number, name))
                return suppress(finding, entry.reason)
        return finding

    def _has_expired(self, entry: "Ignore") -> bool:
        return entry.expires is not None and entry.expires < (self._given_today or _today())

    def hits(self, enabled: Collection[str], was_judged: Callable[[Path], bool]) -> "Iterator[Hit | HitWithFix]":
        """
        Yield the hits about entries that have expired or had no effect.

        Args:
            enabled: the rules that are on; an entry about other rules is not reported.
            was_judged: whether a file, or everything below a folder, was judged; an entry about other files is not
                reported either.
        """

        def all_judged(patterns: Iterable[str]) -> bool:
            return all(was_judged(self._config.folder / fixed_prefix(pattern)) for pattern in patterns)

        for number, entry in enumerate(self._config.ignores):
            if self._has_expired(entry):
                expired = Hit(rule="expired-suppression", facts={"day": entry.expires}, region=entry.region)
                yield expired, self._config.removal("ignore", number)
                continue
            unused = [
                name
                for name, rules in entry.rules.items()
                if (number, name) not in self._used and not rules.isdisjoint(enabled)
            ]
            if unused and all_judged(entry.files):
                fix = self._config.removal("ignore", number) if len(unused) == len(entry.rules) else None
                for name in unused:
                    yield Hit(rule="unused-suppression", facts={"name": name}, region=entry.region), fix
        for file, number, name in ((file, *each) for file, unmet in self._unmet.items() for each in unmet):
            facts = {"found": f"{file} has no {name} any more"}
            yield Hit(rule="unmet-expectation", facts=facts, region=self._config.expects[number].region)
        for number, expect in enumerate(self._config.expects):
            if number not in self._matched and all_judged(expect.files):
                facts = {"found": f"no file is {' or '.join(expect.files)}"}
                yield Hit(rule="unmet-expectation", facts=facts, region=expect.region)


def _counts(finding: Finding) -> bool:
    """Return whether an entry may be about *finding*: it counts, or only its recording keeps it from counting."""
    return not finding.suppressed or finding.explained


def _expected(finding: Finding, expect: "Expect") -> Finding:
    from reqlint.project.silence import suppress

    if any(finding.rule in rules for rules in expect.rules.values()):
        return suppress(finding, expect.reason)
    return finding


def _today() -> str:
    from datetime import date  # few entries expire

    return date.today().isoformat()
