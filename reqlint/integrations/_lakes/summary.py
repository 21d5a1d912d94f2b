"""The summary of a run over many machines: small enough to send, and exact when parts are added up."""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from reqlint.core.findings import Report, Severity, sum_counts
from reqlint.core.records import dataclass, field, replace
from reqlint.display.credentials import mask
from reqlint.display.escaping import counted, sanitize

_MOST_NAMED = 5  # rules, ids and files that the text of a summary names


class IdPlace(NamedTuple):
    """A place where a ``custom_id`` occurs."""

    file: str
    document: int  #: the line of JSON Lines or the row of a table, from 0


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A ``custom_id`` that occurs more than once."""

    custom_id: str
    times: int
    met: tuple[IdPlace, ...]  #: by file and document; the first hundred


@dataclass(frozen=True, slots=True)
class Summary:
    """What was covered, with counts; ``str()`` returns a few lines for people. Suppressed findings are not counted."""

    files: int = 0  #: files that were read
    requests: int = 0  #: requests that were judged
    errors: int = 0
    warnings: int = 0
    notes: int = 0
    suppressed: int = 0  #: findings that a comment in a YAML text covers, or that explain a recorded refusal
    by_rule: Mapping[str, int] = field(default_factory=dict)  #: findings of each rule, by name
    judged_by: tuple[tuple[str, str, int], ...] = ()  #: (profile, why, requests); why is empty if it was named
    skipped: tuple[tuple[str, str], ...] = ()  #: (file, why) of files without a request
    unreadable: int = 0  #: lines, rows or whole texts that are not JSON or YAML
    empty_rows: int = 0  #: rows of tables that have null for a request
    duplicated: int = 0  #: number of ``custom_id``s that occur more than once; see `reqlint.integrations.ray.check`
    duplicates: tuple[Duplicate, ...] = ()  #: the first thousand of those, in order

    @property
    def findings(self) -> int:
        """Number of findings, without suppressed ones."""
        return self.errors + self.warnings + self.notes

    @property
    def is_valid(self) -> bool:
        """Whether requests were judged, and none has an error-level finding."""
        return self.requests > 0 and not self.errors

    def __add__(self, other: "Summary") -> "Summary":
        """Return the sum, without duplicates, which are known only at the end."""
        return Summary(
            self.files + other.files,
            self.requests + other.requests,
            self.errors + other.errors,
            self.warnings + other.warnings,
            self.notes + other.notes,
            self.suppressed + other.suppressed,
            _sorted(Counter(self.by_rule) + Counter(other.by_rule)),
            sum_counts(self.judged_by + other.judged_by),
            self.skipped + other.skipped,
            self.unreadable + other.unreadable,
            self.empty_rows + other.empty_rows,
        )

    def with_duplicates(self, duplicated: int, duplicates: Sequence[Duplicate]) -> "Summary":
        """Return the summary with its duplicates."""
        return replace(self, duplicated=duplicated, duplicates=tuple(duplicates))

    def __str__(self) -> str:
        severities = [(self.errors, "error"), (self.warnings, "warning"), (self.notes, "note")]
        split = ", ".join(counted(count, name) for count, name in severities if count)
        found = counted(self.findings, "finding") + (f" ({split})" if split else "")
        lines = [f"{found} in {counted(self.requests, 'request')}, {counted(self.files, 'file')}"]
        if self.by_rule:
            often = sorted(self.by_rule.items(), key=lambda each: (-each[1], each[0]))
            lines.append(_some([f"{rule} {count:,}" for rule, count in often], len(often)))
        if self.duplicated:
            ids = [f"{mask(each.custom_id)} ({_places(each)})" for each in self.duplicates]
            lines.append(f"{counted(self.duplicated, 'custom_id')} met more than once: {_some(ids, self.duplicated)}")
        if self.unreadable:
            lines.append(f"{self.unreadable:,} could not be read")
        if self.empty_rows:
            lines.append(f"{counted(self.empty_rows, 'row')} without a request")
        if self.skipped:
            files = [f"{file}: {why}" for file, why in self.skipped]
            lines.append(f"{counted(len(files), 'file')} skipped: {_some(files, len(files), '; ')}")
        if self.suppressed:
            lines.append(f"{self.suppressed:,} suppressed")
        return "\n".join(sanitize(line) for line in lines)


def summarize(report: Report, unreadable: int = 0, empty_rows: int = 0) -> Summary:
    """Return the summary of a report, counted as in the JSON output."""
    return Summary(
        report.files,
        report.requests,
        report.count(Severity.ERROR),
        report.count(Severity.WARNING),
        report.count(Severity.NOTE),
        sum(finding.suppressed for finding in report),
        _sorted(Counter(finding.rule for finding in report if not finding.suppressed)),
        report.judged_by,
        report.skipped,
        unreadable,
        empty_rows,
    )


def _sorted(counts: Mapping[str, int]) -> dict[str, int]:
    return dict(sorted(counts.items()))


def _some(names: Sequence[str], total: int, between: str = ", ") -> str:
    more = total - _MOST_NAMED
    return between.join(names[:_MOST_NAMED]) + (f"{between}and {more:,} more" if more > 0 else "")


def _places(duplicate: Duplicate) -> str:
    first = ", ".join(f"{met.file}:{met.document + 1}" for met in duplicate.met[:2])
    return first + (f" and {duplicate.times - 2:,} more" if duplicate.times > 2 else "")
