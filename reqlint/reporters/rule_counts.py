"""Count how often each rule fired, on how many documents, and where in them."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping

from reqlint.core.findings import Finding, Severity
from reqlint.core.records import dataclass
from reqlint.display.cached import mask_pointer, sanitize, show_pointer
from reqlint.display.shown import Json, Shown, fill, literal, transform, verbatim

_INDEX = re.compile(r"(?<=/)\d+(?=/|$)")
_WIDEST = 100


@dataclass(frozen=True, slots=True)
class RuleCount:
    """The counts of one rule."""

    rule: str
    severity: Severity  #: the gravest
    findings: int
    documents: int  #: lines of JSON Lines, documents of YAML, or files
    fixable: int
    pointers: dict[str, int]  #: findings by pointer without indices, ``/messages/*/role``; the most frequent first


def rule_counts(findings: Iterable[Finding]) -> list[RuleCount]:
    """Count findings by rule, the most frequent first; suppressed ones are left out."""
    rules: dict[str, list[Finding]] = {}
    for finding in findings:
        if not finding.suppressed:
            rules.setdefault(finding.rule, []).append(finding)
    counts = [
        RuleCount(
            rule,
            min({finding.severity for finding in group}, key=lambda severity: severity.rank),
            len(group),
            len({(finding.source, finding.document) for finding in group}),
            sum(finding.fix is not None for finding in group),
            dict(_without_indices(Counter(finding.pointer for finding in group)).most_common()),
        )
        for rule, group in rules.items()
    ]
    return sorted(counts, key=lambda count: (-count.findings, count.severity.rank, count.rule))


def _without_indices(pointers: Mapping[str, int]) -> Counter[str]:
    counts: Counter[str] = Counter()
    for pointer, count in pointers.items():
        counts[_INDEX.sub("*", pointer)] += count
    return counts


def table(findings: Iterable[Finding], unicode: bool = True) -> Iterator[Shown]:
    """Yield the lines of a table of the counts; none without findings."""
    counted = [finding for finding in findings if not finding.suppressed]
    if not counted:
        return
    all_lines = all((finding.source or "").lower().endswith((".jsonl", ".ndjson")) for finding in counted)
    first = literal("lines" if all_lines else "documents")
    head = (first, literal("count"), literal("severity"), literal("rule"), literal("where"))
    rows = [head, *(_row(count, unicode) for count in rule_counts(counted))]
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    for documents, number, severity, rule, where in rows:
        cells = fill("{:>{}}  {:>{}}  {:<{}}  {:<{}}  {}", documents, widths[0], number, widths[1], severity, widths[2],
                     rule, widths[3], where)  # fmt: skip
        yield transform(cells, str.rstrip)


def _row(count: RuleCount, unicode: bool) -> tuple[Shown, Shown, Shown, Shown, Shown]:
    return (
        fill("{:,}", count.documents),
        fill("{:,}", count.findings),
        fill("{}", count.severity),
        fill("{}{}", sanitize(count.rule), literal(" [*]" if count.fixable else "")),
        _where(count, unicode),
    )


def _where(count: RuleCount, unicode: bool) -> Shown:
    pointer = show_pointer(next(iter(count.pointers)), unicode)
    if len(pointer) > _WIDEST:
        pointer = transform(pointer, lambda text: text[: _WIDEST - 3] + "...")
    others = len(count.pointers) - 1
    if not others:
        return pointer
    return fill("{} and {:,} other{}", pointer, others, literal("s" if others > 1 else ""))


def _masked(pointers: Mapping[str, int]) -> dict[str, Json]:
    """Mask the pointers, and add up the counts of those that are then equal."""
    sums: Counter[str] = Counter()
    for pointer, count in pointers.items():
        sums[mask_pointer(pointer)] += count
    return dict(sums)


def as_values(findings: Iterable[Finding]) -> list[Json]:
    """Return the counts for the JSON report."""
    return [
        {
            "rule": verbatim(count.rule),
            "severity": count.severity,
            "count": count.findings,
            "documents": count.documents,
            "fixable": count.fixable,
            "pointers": _masked(count.pointers),
        }
        for count in rule_counts(findings)
    ]
