"""Findings that a report only counts: which of a file's they are, and what it says of them together."""

from collections import Counter
from collections.abc import Iterable, Sequence

from reqlint.containers.envelope import Envelope
from reqlint.core.findings import Finding, Hit, MoreFindings, Severity
from reqlint.core.pointer import Place, to_pointer
from reqlint.fixes.plan import planned_fix
from reqlint.judge.judge import Judge

_Kind = tuple[str, Severity]
"""A rule, and the severity of what it found."""


class Tally:
    """
    Counts the findings of a file of lines, all but the first of each rule and severity, instead of describing them.

    Args:
        source: the name of the file.
        most: how many of each rule and severity are described.
    """

    def __init__(self, source: str | None, most: int) -> None:
        self._source = source
        self._most = most
        self._described: Counter[_Kind] = Counter()
        self._lines: dict[_Kind, tuple[int, int, int]] = {}  # how many there are, and the first and last line
        self._places: dict[_Kind, Place | None] = {}  # where they are; None for several places
        self._fixes: Counter[tuple[_Kind, bool]] = Counter()  # by whether they are safe

    def takes(self, judge: Judge, hits: Sequence[Hit], envelope: Envelope, line: int) -> bool:
        """Count the hits of a request, and return True; or False if one of them must be described."""
        kinds = [(hit.rule, judge.severity(hit) or Severity.NOTE) for hit in hits]
        for kind, hit in zip(kinds, hits, strict=True):
            remedy = planned_fix(judge, envelope.value, hit)
            if remedy is not None:
                self._fixes[kind, remedy.safe] += 1
        described, most = self._described, self._most
        for kind in kinds:
            if described[kind] < most:
                return False
        base = envelope.place
        for kind, hit in zip(kinds, hits, strict=True):
            lines = self._lines.get(kind)
            if lines is None:
                self._lines[kind] = 1, line, line
                self._places[kind] = (*base, *hit.place)
            else:
                self._lines[kind] = lines[0] + 1, lines[1], line
                place = self._places[kind]
                if place is not None and (len(place) != len(base) + len(hit.place) or place[len(base) :] != hit.place):
                    self._places[kind] = None
        return True

    def count_described(self, findings: Iterable[Finding], *, were_offered: bool) -> None:
        """Note which findings were described; *were_offered* says whether `takes` was asked about them."""
        for finding in findings:
            kind = finding.rule, finding.severity
            self._described[kind] += 1
            if were_offered and finding.fix is not None:
                self._fixes[kind, finding.fix.safe] -= 1

    def more(self) -> tuple[MoreFindings, ...]:
        """
        Return what was counted, by rule and severity.

        NOTE: the fixes are all that were planned, without those that were proven for findings that are described. So
        the sum of both is the same wherever a file is cut into chunks, of which each describes its first findings.
        """
        kinds = dict.fromkeys((*self._lines, *(kind for kind, _ in self._fixes)))
        return tuple(
            MoreFindings(
                self._source,
                rule,
                severity,
                *self._lines.get((rule, severity), _NO_LINES),
                None if (place := self._places.get((rule, severity))) is None else to_pointer(place),
                self._fixes[(rule, severity), True],
                self._fixes[(rule, severity), False],
            )
            for rule, severity in kinds
        )


_NO_LINES = (0, 0, 0)


def in_a_report(more: Sequence[MoreFindings], findings: Iterable[Finding], most: int) -> tuple[MoreFindings, ...]:
    """Return what a report says beside *findings*: nothing where there are not more than *most* of any kind."""
    counts = Counter((finding.rule, finding.severity) for finding in findings)
    for each in more:
        counts[each.rule, each.severity] += each.count
    return (*more,) if any(count > most for count in counts.values()) else ()


def add_up(several: Iterable[MoreFindings]) -> tuple[MoreFindings, ...]:
    """Add up what was counted in the parts of one file, in their order."""
    total: dict[_Kind, MoreFindings] = {}
    for each in several:
        known = total.get((each.rule, each.severity))
        total[each.rule, each.severity] = each if known is None else known + each
    return tuple(total.values())
