"""Findings that do not count because the configuration says so."""

from collections.abc import Mapping
from dataclasses import replace
from typing import NamedTuple

from reqlint.core.findings import Finding, Region, Suppression
from reqlint.core.pointer_patterns import matches_pointer


class Ignore(NamedTuple):
    """An entry ``[[ignore]]`` of the configuration."""

    files: tuple[str, ...]
    pointer: str | None
    custom_id: str | None
    rules: Mapping[str, frozenset[str]]  #: each name as it is written, and the rules that it stands for
    reason: str
    expires: str | None  #: the last day on which it holds, ISO
    region: Region | None  #: where the configuration says so

    def covers(self, finding: Finding) -> str | None:
        """Give the name under which a finding in one of its files is meant; None when it is not."""
        if self.pointer is not None and not matches_pointer(self.pointer, finding.pointer):
            return None
        if self.custom_id is not None and self.custom_id != finding.custom_id:
            return None
        return next((name for name, rules in self.rules.items() if finding.rule in rules), None)


class Expect(NamedTuple):
    """An entry ``[[expect]]`` of the configuration."""

    files: tuple[str, ...]
    rules: Mapping[str, frozenset[str]]  #: each name as it is written, and the rules that it stands for
    reason: str
    region: Region | None


def suppress(finding: Finding, reason: str) -> Finding:
    """Give *finding* marked as one that the configuration silences."""
    return replace(finding, suppressed=True, suppression=Suppression("external", reason))
