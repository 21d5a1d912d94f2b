"""The entries of a configuration that suppress findings."""

from collections.abc import Mapping
from typing import NamedTuple

from reqlint.core.findings import Finding, Region, Suppression
from reqlint.core.pointer_patterns import matches_pointer
from reqlint.core.records import replace


class Ignore(NamedTuple):
    """An entry ``[[ignore]]`` of the configuration."""

    files: tuple[str, ...]
    pointer: str | None
    custom_id: str | None
    rules: Mapping[str, frozenset[str]]  #: the rules that each name in the entry stands for
    reason: str
    expires: str | None  #: the last day on which the entry applies, ISO
    region: Region | None  #: of the entry in the configuration

    def name_for(self, finding: Finding) -> str | None:
        """Return the name in this entry that covers *finding*, found in one of its files; None if it does not."""
        if self.pointer is not None and not matches_pointer(self.pointer, finding.pointer):
            return None
        if self.custom_id is not None and self.custom_id != finding.custom_id:
            return None
        return next((name for name, rules in self.rules.items() if finding.rule in rules), None)


class Expect(NamedTuple):
    """An entry ``[[expect]]`` of the configuration."""

    files: tuple[str, ...]
    rules: Mapping[str, frozenset[str]]  #: the rules that each name in the entry stands for
    reason: str
    region: Region | None


def suppress(finding: Finding, reason: str) -> Finding:
    """Return *finding* marked as suppressed by the configuration."""
    return replace(finding, suppressed=True, suppression=Suppression("external", reason))
