"""The report for people: each finding with its place in the text, and at the end what was covered."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import groupby
from typing import TYPE_CHECKING

from reqlint.core.findings import Finding, MoreFindings, Region, Report
from reqlint.display.cached import sanitize, show_pointer
from reqlint.display.shown import (
    Shown,
    Style,
    ellipsis,
    fill,
    join,
    linked,
    literal,
    repeat,
    styled,
    transform,
    wrap,
)
from reqlint.reporters.rendering import Rendering, Write
from reqlint.reporters.shown_finding import ShownFinding

if TYPE_CHECKING:
    from reqlint.reporters.frame import Line

_MOST_CELLS = 100
_WIDEST_TERMINAL = 120
_NARROWEST = 40  # columns that text is wrapped at
_MOST_REMARKS = 3
_BATCH = 64  # findings whose lines are read together


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write the findings grouped by source, then what was covered."""
    findings = [finding for finding in report if not finding.suppressed]
    if rendering.statistics:
        from reqlint.reporters.rule_counts import table  # rarely used

        write(join("", (fill("{}\n", row) for row in table(findings, rendering.unicode))))
    elif shown := [each for each in report if each.explained or not each.suppressed] if rendering.verbose else findings:
        put = _colored(write) if rendering.color else _uncolored(write)
        for line in _findings(shown, report.more, rendering):
            put(line)
    if not rendering.quiet:
        from reqlint.reporters.coverage import closing

        for parts in closing(report, findings, rendering):
            for row in _in_lines(parts, rendering):
                write(fill("{}\n", row))


def _in_lines(parts: Sequence[Shown], rendering: Rendering) -> Iterator[Shown]:
    """Yield *parts* with dots between them, on as few lines as they fit on; of one line, each part is whole."""
    line = parts[0]
    for part in parts[1:]:
        if len(line) + 5 + len(part) > rendering.width:
            yield line
            line = part
        else:
            line = fill("{}  ·  {}" if rendering.unicode else "{}  -  {}", line, part)
    yield line


def _uncolored(write: Write) -> Callable[["Line"], None]:
    def put(line: "Line") -> None:
        write(fill("{}\n", transform(join("", (text for text, _ in line)), str.rstrip)))

    return put


def _colored(write: Write) -> Callable[["Line"], None]:
    def put(line: "Line") -> None:
        while line and not (last := transform(line[-1][0], str.rstrip)):
            line.pop()
        if line:
            line[-1] = last, line[-1][1]
        write(fill("{}\n", join("", (styled(text, style) if style and text else text for text, style in line))))

    return put


def _findings(findings: Sequence[Finding], more: Sequence[MoreFindings], rendering: Rendering) -> "Iterator[Line]":
    linked: set[str] = set()  # rules whose page was named; once is enough
    for source, of_source in groupby(findings, key=lambda finding: finding.source):
        group = list(of_source)
        several = any(finding.document for finding in group)
        counted = [each for each in more if each.source == source]
        for kept, left_out in _cut(group, counted, rendering.max_per_rule):
            for number, finding in enumerate(kept):
                url = rendering.docs_url(finding.rule)
                link = None if finding.rule in linked else url
                linked.add(finding.rule)
                if number % _BATCH == 0:
                    texts = _texts(kept[number : number + _BATCH], source, rendering)
                yield from _finding(finding, texts, rendering, several)
                if link:
                    yield _link(finding, link, rendering.unicode)
                if not (left_out and finding is kept[-1]):
                    yield []
            if left_out:
                yield [(_left_out(kept[0], left_out, rendering.unicode), None)]
                yield []


def _texts(findings: Sequence[Finding], source: str | None, rendering: Rendering) -> Mapping[int, str]:
    wanted = {region.line for finding in findings for region in _regions(finding)}
    if rendering.show_fixes:
        from reqlint.reporters.fix_diff import lines_of

        wanted.update(line for finding in findings for line in lines_of(finding, unsafe=rendering.unsafe_fixes))
    return rendering.lines(source, sorted(wanted)) if source and wanted else {}


def _cut(
    findings: list[Finding], more: Sequence[MoreFindings], most: int
) -> list[tuple[list[Finding], list[Finding | MoreFindings]]]:
    """
    Keep the first findings of each rule, its gravest before the others.

    Only if some are left out, findings are grouped by rule, the gravest first.
    """
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    if most <= 0 or (not more and all(len(group) <= most for group in by_rule.values())):
        return [(findings, [])]
    groups = [_gravest_first(group) for group in by_rule.values()]
    return [
        (group[:most], [*group[most:], *(each for each in more if each.count and each.rule == group[0].rule)])
        for group in sorted(groups, key=lambda group: group[0].severity.rank)
    ]


def _gravest_first(findings: list[Finding]) -> list[Finding]:
    if len({finding.severity for finding in findings}) == 1:
        return findings
    return sorted(findings, key=lambda each: each.severity.rank)


def _left_out(shown: Finding, left_out: Sequence[Finding | MoreFindings], unicode: bool) -> Shown:
    """Return how many findings of the rule of the one *shown* are left out, and where they are."""
    count = sum(each.count if isinstance(each, MoreFindings) else 1 for each in left_out)
    parts = [fill("   {} and {:,} more {}", ellipsis(unicode), count, ShownFinding(shown, unicode).rule)]
    lines = [line for each in left_out for line in _lines_of(each)]
    if lines:
        low, high = min(lines), max(lines)
        dash = literal("\N{EN DASH}" if unicode else "-")
        parts.append(fill(" on line {:,}", low) if low == high else fill(" on lines {:,}{}{:,}", low, dash, high))
    pointer = left_out[0].pointer
    if pointer and all(each.pointer == pointer for each in left_out):
        parts.append(fill(", all at {}", show_pointer(pointer, unicode)))
    return join("", parts)


def _lines_of(left_out: Finding | MoreFindings) -> Sequence[int]:
    if isinstance(left_out, MoreFindings):
        return left_out.first_line, left_out.last_line
    return [left_out.region.line] if left_out.region else []


def _regions(finding: Finding) -> list[Region]:
    related = [related.region for related in finding.related[:1]]
    return [region for region in [finding.region, *related] if region]


def _finding(finding: Finding, texts: Mapping[int, str], rendering: Rendering, several: bool) -> "Iterator[Line]":
    from reqlint.display.excerpt import Look
    from reqlint.reporters.frame import STYLES, frame  # a clean report has no frames

    shown = ShownFinding(finding, rendering.unicode)
    mark = literal("  [*]" if finding.fix and finding.fix.safe else "")
    title = fill("[{}]: {}{}", shown.rule, shown.message, mark)
    width = max(_NARROWEST, rendering.width)
    first, *more = wrap(title, width - len(finding.severity), width - 2)
    if rendering.links and (url := rendering.docs_url(finding.rule)):
        first = fill("[{}{}", linked(shown.rule, url), transform(first, lambda text: text[len(shown.rule) + 1 :]))
    yield [(fill("{}", finding.severity), STYLES[finding.severity]), (first, None)]
    for line in more:
        yield [(literal("  "), None), (line, None)]
    yield [(literal("  --> "), Style.DIM), (_where(finding, shown, rendering.unicode, several), None)]
    gutter = max([2, *(len(str(region.line)) for region in _regions(finding))])
    budget = max(20, min(_MOST_CELLS, min(rendering.width, _WIDEST_TERMINAL) - gutter - 3))
    yaml = (finding.source or "").lower().endswith((".yaml", ".yml"))
    look = Look(budget, rendering.show_values, rendering.unicode, yaml)
    margin = repeat(literal(" "), gutter + 1)
    help_text = _help(finding)
    wanted = sanitize(help_text, rendering.unicode) if help_text else None
    framed = frame(finding, texts, look, gutter, wanted)
    if framed.lines:
        yield [(fill("{}|", margin), Style.DIM)]
        yield from framed.lines
    remarks = _remarks(finding, rendering, with_frame=bool(framed.lines))
    if wanted is not None and not framed.has_label:
        remarks.insert(0, (literal("help"), wanted))
    for label, text in remarks if rendering.verbose else remarks[:_MOST_REMARKS]:
        indent = gutter + len(label) + 5
        first, *more = wrap(text, width - indent, width - indent)
        yield [(margin, None), (literal("= "), Style.DIM), (fill("{}: {}", label, first), None)]
        for line in more:
            yield [(repeat(literal(" "), indent), None), (line, None)]
    if rendering.show_fixes:
        from reqlint.reporters.fix_diff import fix_diff  # rarely asked for

        yield from fix_diff(finding, texts, look, gutter, unsafe=rendering.unsafe_fixes)


def _link(finding: Finding, url: str, unicode: bool) -> "Line":
    gutter = max([2, *(len(str(region.line)) for region in _regions(finding))])
    margin = repeat(literal(" "), gutter + 1)
    return [(margin, None), (literal("= "), Style.DIM), (fill("docs: {}", sanitize(url, unicode)), None)]


def _where(finding: Finding, shown: ShownFinding, unicode: bool, several: bool) -> Shown:
    parts = [shown.position]
    if shown.custom_id is not None:
        parts.append(fill('custom_id "{}"', _cropped(shown.custom_id, unicode)))
    elif several and not (finding.source or "").lower().endswith((".jsonl", ".ndjson")):
        parts.append(fill("document {}", finding.document + 1))
    if finding.pointer:
        parts.append(_cropped(shown.pointer, unicode))
    return join("   ", parts)


def _cropped(text: Shown, unicode: bool) -> Shown:
    if len(text) <= _MOST_CELLS:
        return text
    return fill("{}{}", transform(text, lambda shown: shown[:_MOST_CELLS]), ellipsis(unicode))


def _remarks(finding: Finding, rendering: Rendering, *, with_frame: bool) -> list[tuple[Shown, Shown]]:
    unicode = rendering.unicode
    remarks: list[tuple[Shown, Shown]] = []
    if finding.explained and finding.suppression:
        remarks.append((literal("note"), sanitize(f"does not count: {finding.suppression.reason}", unicode)))
    if finding.note:
        remarks.append((literal("note"), sanitize(finding.note, unicode)))
    for related in finding.related[1:] if with_frame else finding.related:
        line = f"line {related.region.line}, " if related.region else ""
        text = f"{line}{related.path or 'the request'}: {related.message}"
        remarks.append((literal("note"), sanitize(text, unicode)))
    if rendering.verbose:
        if finding.profile:
            remarks.append((literal("profile"), sanitize(finding.profile, unicode)))
        card = rendering.rules.get(finding.rule)
        if card and card.why:
            remarks.append((literal("why"), sanitize(" ".join(card.why.split()), unicode)))
    return remarks


def _help(finding: Finding) -> str | None:
    if finding.fix is None:
        return finding.help
    from reqlint.reporters.fix_remarks import option_of

    return f"{finding.help or finding.fix.description} ({option_of(finding.fix)})"
