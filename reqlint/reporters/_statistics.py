"""How often each rule was met, on how many documents, and where in them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from reqlint.core.findings import Finding, Severity
from reqlint.reporters._shown import mask_pointer, placed, visible

_INDEX = re.compile(r"(?<=/)\d+(?=/|$)")
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class Statistic:
    """What is counted of one rule."""

    rule: str
    severity: Severity  #: the gravest
    count: int
    documents: int  #: lines of JSON Lines, documents of YAML, or files
    fixable: int
    pointers: dict[str, int]  #: findings by place, indices left out: ``/messages/*/role``; the most frequent first


def statistics(findings: Iterable[Finding]) -> list[Statistic]:
    """Count findings by rule, the most frequent first; suppressed ones are left out."""
    rules: dict[str, list[Finding]] = {}
    for finding in findings:
        if not finding.suppressed:
            rules.setdefault(finding.rule, []).append(finding)
    counted = [
        Statistic(
            rule,
            min((finding.severity for finding in group), key=lambda severity: severity.rank),
            len(group),
            len({(finding.source, finding.document) for finding in group}),
            sum(finding.fix is not None for finding in group),
            dict(Counter(_INDEX.sub("*", finding.pointer) for finding in group).most_common()),
        )
        for rule, group in rules.items()
    ]
    return sorted(counted, key=lambda each: (-each.count, each.severity.rank, each.rule))


def table(findings: Iterable[Finding], unicode: bool = True) -> Iterator[str]:
    """Write the counts as the lines of a table; none without findings."""
    shown = [finding for finding in findings if not finding.suppressed]
    if not shown:
        return
    all_lines = all((finding.source or "").lower().endswith((".jsonl", ".ndjson")) for finding in shown)
    head = ("lines" if all_lines else "documents", "count", "severity", "rule", "where")
    rows = [
        (
            f"{each.documents:,}",
            f"{each.count:,}",
            str(each.severity),
            each.rule + (" [*]" if each.fixable else ""),
            visible(_where(each, unicode), unicode),
        )
        for each in statistics(shown)
    ]
    widths = [max(len(row[column]) for row in (head, *rows)) for column in range(4)]
    for row in (head, *rows):
        numbers = [cell.rjust(wide) for cell, wide in zip(row[:2], widths[:2], strict=True)]
        words = [cell.ljust(wide) for cell, wide in zip(row[2:4], widths[2:], strict=True)]
        yield "  ".join([*numbers, *words, row[4]]).rstrip()


def _where(each: Statistic, unicode: bool) -> str:
    pointer = placed(next(iter(each.pointers)), unicode)
    cut = pointer if len(pointer) <= _WIDEST else pointer[: _WIDEST - 3] + "..."
    others = len(each.pointers) - 1
    return cut + (f" and {others:,} other{'s' * (others > 1)}" if others else "")


def _masked(pointers: Mapping[str, int]) -> Mapping[str, int]:
    shown: Counter[str] = Counter()
    for pointer, count in pointers.items():
        shown[mask_pointer(pointer)] += count
    return shown


def as_values(findings: Iterable[Finding]) -> list[dict[str, object]]:
    """Give the counts as plain values for the JSON report."""
    return [
        {
            "rule": each.rule,
            "severity": str(each.severity),
            "count": each.count,
            "documents": each.documents,
            "fixable": each.fixable,
            "pointers": dict(_masked(each.pointers)),
        }
        for each in statistics(findings)
    ]
