"""A picture of where in a long file the mistakes stand: one strip for each rule, from the first line to the last."""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from reqlint.core.findings import Finding, Report, Severity
from reqlint.core.records import dataclass, field
from reqlint.display.cached import escape, mask_path
from reqlint.display.escaping import counted
from reqlint.display.shown import Shown, fill, join, literal, verbatim
from reqlint.reporters.markup import escape_markup

_BINS = 100  # ranges of lines in a strip
_FEWEST_LINES = 20  # fewer are easily looked at without a picture
_MOST_FILES = 6
_MOST_RULES = 24  # strips of a file


@dataclass(slots=True)
class _File:
    last: int = 0  #: line, as far as the findings say
    documents: int = 0  #: number of the last one, from 0
    rules: Counter[str] = field(default_factory=Counter)


def pictures(
    report: Report, findings: Sequence[Finding], anchors: Mapping[str, Shown], gravest: Mapping[str, Severity]
) -> Iterator[Shown]:
    """
    Yield a figure for each file of several requests, those with the most findings first.

    *anchors* are the addresses of the rules' sections on the page, *gravest* the colours of the strips.
    """
    files: dict[str, _File] = {}
    for finding in findings:
        if finding.source is not None and finding.region is not None:
            file = files.get(finding.source)
            if file is None:
                file = files[finding.source] = _File()
            file.last = max(file.last, finding.region.end_line)
            file.documents = max(file.documents, finding.document)
    for (source, rule), count in Counter((each.source, each.rule) for each in findings if each.region).items():
        if source is not None:
            files[source].rules[rule] = count
    for name, file in files.items():
        if report.files == 1 and name.lower().endswith((".jsonl", ".ndjson")):
            file.last = max(file.last, report.requests)  # good lines after the last finding
            file.documents = max(file.documents, report.requests - 1)
    long = [name for name, file in files.items() if file.documents and file.last >= _FEWEST_LINES]
    shown = sorted(long, key=lambda name: -files[name].rules.total())[:_MOST_FILES]
    bins = _count(findings, {name: files[name] for name in shown})
    for name in shown:
        yield from _figure(name, files[name], bins[name], anchors, gravest)
    if len(long) > len(shown):
        yield fill("<p>{} without a picture.</p>\n", counted(len(long) - len(shown), "more file"))


def _count(findings: Sequence[Finding], files: Mapping[str, _File]) -> dict[str, dict[str, Counter[int]]]:
    """Count the findings of each rule in each range of lines of each file."""
    counts: dict[str, dict[str, Counter[int]]] = {name: {} for name in files}
    for finding in findings:
        file = files.get(finding.source or "")
        if file is not None and finding.region is not None:
            ranges = min(_BINS, file.last)
            number = (finding.region.line - 1) * ranges // file.last
            counts[finding.source or ""].setdefault(finding.rule, Counter())[number] += 1
    return counts


def _figure(
    name: str,
    file: _File,
    bins: Mapping[str, Counter[int]],
    anchors: Mapping[str, Shown],
    gravest: Mapping[str, Severity],
) -> Iterator[Shown]:
    shown = file.rules.most_common(_MOST_RULES)
    title = escape_markup(escape(mask_path(name)))
    yield fill("<figure>\n<figcaption>{}</figcaption>\n", title)
    for rule, count in shown:
        label = escape_markup(escape(verbatim(rule)))
        yield fill(
            '<div class="strip"><a href="#{}">{}</a> <span class="count">{:,}</span>{}</div>\n',
            anchors[rule], label, count, _strip(file.last, bins[rule], gravest[rule], label),
        )  # fmt: skip
    yield fill('<div class="axis"><span>line 1</span><span>line {:,}</span></div>\n', file.last)
    if rest := len(file.rules) - len(shown):
        yield fill("<p>{} not drawn.</p>\n", counted(rest, "rarer rule"))
    yield literal("</figure>\n")


def _strip(last: int, bins: Counter[int], severity: Severity, label: Shown) -> Shown:
    ranges, most = min(_BINS, last), max(bins.values())
    cells = []
    for number, count in sorted(bins.items()):
        low, high = -(-number * last // ranges) + 1, -(-(number + 1) * last // ranges)
        strength = 0.35 + 0.65 * math.log1p(count) / math.log1p(most)
        lines = fill("line {:,}", low) if low >= high else fill("lines {:,} to {:,}", low, high)
        cells.append(
            fill(
                '<rect x="{}" width="1" height="1" fill-opacity="{:.2f}"><title>{}: {}</title></rect>',
                number,
                strength,
                lines,
                counted(count, "finding"),
            )
        )
    return fill(
        '<svg class="{}" viewBox="0 0 {} 1" preserveAspectRatio="none" role="img" aria-label="where {} stands">'
        "{}</svg>",
        severity, ranges, label, join("", cells),
    )  # fmt: skip
