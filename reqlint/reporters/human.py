"""The report for people: each finding with its place in the text, and at the end what was covered."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING

from reqlint.core.findings import Finding, Part, Region, Report, Severity
from reqlint.display.credentials import ELLIPSIS
from reqlint.display.escaping import cell_count, counted
from reqlint.reporters import Rendering, Write
from reqlint.reporters._shown import is_secret, placed, said, visible

if TYPE_CHECKING:
    from reqlint.reporters._frames import Excerpt, Look

Line = list[tuple[str, str]]
"""A line of output as stretches of text, each with its style ("" for none)."""

_STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan", "gutter": "dim"}
_MOST_CELLS = 100
_WIDEST_TERMINAL = 120
_MOST_REMARKS = 3
_AT_ONCE = 64  # findings whose lines are held
_DASH = "\N{EN DASH}"


def render(report: Report, rendering: Rendering, write: Write) -> None:
    """Write the findings grouped by source, then what was covered."""
    shown = [finding for finding in report if not finding.suppressed]
    if rendering.statistics:
        from reqlint.reporters._statistics import table  # asked for now and then

        write("".join(f"{row}\n" for row in table(shown, rendering.unicode)))
    elif shown:
        put = _colored(write) if rendering.color else _plain(write)
        for line in _findings(shown, rendering):
            put(line)
    if not rendering.quiet:
        separator = "  ·  " if rendering.unicode else "  -  "
        for parts in _closing(report, shown, rendering):
            write(separator.join(parts) + "\n")


def _plain(write: Write) -> Callable[[Line], None]:
    def put(line: Line) -> None:
        write("".join(text for text, _ in line).rstrip() + "\n")

    return put


def _colored(write: Write) -> Callable[[Line], None]:
    from io import StringIO

    from rich.console import Console
    from rich.text import Text

    def put(line: Line) -> None:
        # NOTE: text comes from payloads; a Text object is never read as markup.
        text = Text.assemble(*((part, _STYLES.get(style, "")) for part, style in line))
        text.rstrip()
        console.file = taken = StringIO()
        console.print(text, soft_wrap=True)
        write(taken.getvalue())

    console = Console(color_system="standard", force_terminal=True, legacy_windows=False, _environ={})
    return put


def _findings(shown: Sequence[Finding], rendering: Rendering) -> Iterator[Line]:
    for source, group in groupby(shown, key=lambda finding: finding.source):
        findings = list(group)
        many = any(finding.document for finding in findings)
        for kept, left_out in _cut(findings, rendering.max_per_rule):
            for number, finding in enumerate(kept):
                if number % _AT_ONCE == 0:
                    texts = _texts(kept[number : number + _AT_ONCE], source, rendering)
                yield from _finding(finding, texts, rendering, many)
                if not (left_out and finding is kept[-1]):
                    yield []
            if left_out:
                yield [(_left_out(left_out, rendering.unicode), "")]
                yield []


def _texts(findings: Sequence[Finding], source: str | None, rendering: Rendering) -> Mapping[int, str]:
    wanted = {region.line for finding in findings for region in _regions(finding)}
    return rendering.lines(source, sorted(wanted)) if source and wanted else {}


def _cut(findings: list[Finding], most: int) -> list[tuple[list[Finding], list[Finding]]]:
    """Keep the first of each rule; put a rule's findings together only where some are left out."""
    by_rule: dict[str, list[Finding]] = {}
    for finding in findings:
        by_rule.setdefault(finding.rule, []).append(finding)
    if most <= 0 or all(len(group) <= most for group in by_rule.values()):
        return [(findings, [])]
    return [(group[:most], group[most:]) for group in by_rule.values()]


def _left_out(findings: Sequence[Finding], unicode: bool) -> str:
    first = findings[0]
    text = f"   {ELLIPSIS if unicode else '...'} and {len(findings):,} more {first.rule}"
    lines = [finding.region.line for finding in findings if finding.region]
    if lines:
        low, high = min(lines), max(lines)
        text += f" on line {low:,}" if low == high else f" on lines {low:,}{_DASH if unicode else '-'}{high:,}"
    if first.pointer and all(finding.pointer == first.pointer for finding in findings):
        text += f", all at {placed(first.pointer, unicode)}"
    return text


def _regions(finding: Finding) -> list[Region]:
    related = [related.region for related in finding.related[:1]]
    return [region for region in [finding.region, *related] if region]


def _finding(finding: Finding, texts: Mapping[int, str], rendering: Rendering, many: bool) -> Iterator[Line]:
    unicode = rendering.unicode
    marked = "  [*]" if finding.fix and finding.fix.safe else ""
    yield [(finding.severity, finding.severity), (f"[{finding.rule}]: {said(finding.message, unicode)}{marked}", "")]
    yield [("  --> ", "gutter"), (_where(finding, unicode, many), "")]
    gutter = max([2, *(len(str(region.line)) for region in _regions(finding))])
    budget = max(20, min(_MOST_CELLS, min(rendering.width, _WIDEST_TERMINAL) - gutter - 3))
    yaml = (finding.source or "").lower().endswith((".yaml", ".yml"))
    from reqlint.reporters._frames import Look  # a clean report has no frames

    look = Look(budget, rendering.show_values, unicode, yaml)
    framed = list(_frame(finding, texts, look, gutter))
    if framed:
        yield [(" " * (gutter + 1) + "|", "gutter")]
        yield from framed
    remarks = _remarks(finding, rendering, with_frame=bool(framed))
    for word, text in remarks if rendering.verbose else remarks[:_MOST_REMARKS]:
        yield [(" " * (gutter + 1), ""), ("= ", "gutter"), (f"{word}: {said(text, unicode)}", "")]


def _where(finding: Finding, unicode: bool, many: bool) -> str:
    where = visible(finding.source or "request", unicode)
    if finding.region:
        where += f":{finding.region.line}:{finding.region.column}"
    parts = [where]
    if finding.custom_id is not None:
        parts.append(f'custom_id "{_short(finding.custom_id, unicode)}"')
    elif many and not (finding.source or "").endswith((".jsonl", ".ndjson")):
        parts.append(f"document {finding.document + 1}")
    if finding.pointer:
        parts.append(_ending(placed(finding.pointer, unicode), unicode))
    return "   ".join(parts)


def _short(text: str, unicode: bool) -> str:
    return _ending(said(text, unicode), unicode)


def _ending(shown: str, unicode: bool) -> str:
    return shown if len(shown) <= _MOST_CELLS else shown[:_MOST_CELLS] + (ELLIPSIS if unicode else "...")


def _remarks(finding: Finding, rendering: Rendering, *, with_frame: bool) -> list[tuple[str, str]]:
    remarks = [(word, text) for word, text in (("help", _help(finding)), ("note", finding.note)) if text]
    unframed = finding.related[1:] if with_frame else finding.related
    for related in unframed:
        at = f"line {related.region.line}, " if related.region else ""
        remarks.append(("note", f"{at}{related.path or 'the request'}: {related.message}"))
    if rendering.verbose:
        if finding.profile:
            remarks.append(("profile", finding.profile))
        card = rendering.rules.get(finding.rule)
        if card and card.why:
            remarks.append(("why", " ".join(card.why.split())))
    return remarks


def _help(finding: Finding) -> str | None:
    if finding.fix is None:
        return finding.help
    from reqlint.reporters._edits import how_to_fix

    return f"{finding.help or finding.fix.description} ({how_to_fix(finding.fix)})"


def _frame(finding: Finding, texts: Mapping[int, str], look: "Look", gutter: int) -> Iterator[Line]:
    """Show the marked line and, where there is one, the line of the related place; nothing if the text is not there."""
    if finding.region is None or finding.region.line not in texts:
        return
    mark = _Mark(
        finding.region, "^", finding.severity, secret=finding.part is Part.VALUE and is_secret(finding.pointer)
    )
    related = next(iter(finding.related), None)
    if related is None or related.region is None or related.region.line not in texts:
        yield from _marked(texts[mark.region.line], [mark], look, gutter)
        return
    other = _Mark(related.region, "-", "gutter", related.message, is_secret(related.pointer))
    if mark.region.line == other.region.line:
        together = list(_marked(texts[mark.region.line], [mark, other], look, gutter))
        if together:
            yield from together
            return
    one, two = sorted([mark, other], key=lambda mark: (mark.region.line, mark.region.column))
    yield from _marked(texts[one.region.line], [one], look, gutter)
    if two.region.line - one.region.line != 1:
        yield [("...", "gutter")]
    yield from _marked(texts[two.region.line], [two], look, gutter)


@dataclass(frozen=True, slots=True)
class _Mark:
    """A region to be marked: with which sign, in which style, with what beside it."""

    region: Region
    sign: str
    style: str
    label: str = ""
    secret: bool = False  #: the value there is hidden whatever it looks like

    def span(self, line: str, budget: int) -> tuple[int, int]:
        """Say what of *line* to mark: of an object or array longer than a line only the bracket."""
        start = min(self.region.column - 1, len(line))
        several = self.region.end_line > self.region.line
        end = len(line) if several else max(start, min(self.region.end_column - 1, len(line)))
        if line[start : start + 1] in ("{", "[") and (several or end - start > budget):
            end = start + 1
        return start, end


def _marked(line: str, marks: Sequence[_Mark], look: "Look", gutter: int) -> Iterator[Line]:
    line = line.removesuffix("\r")
    from reqlint.reporters._frames import excerpt  # as above

    shown = excerpt(line, [mark.span(line, look.budget) for mark in marks], look, marks[0].secret)
    if shown is None:
        return
    yield [(f"{marks[0].region.line:>{gutter}} | ", "gutter"), *_parts(shown, marks[0].style)]
    bars = (" " * (gutter + 1) + "| ", "gutter")
    drawn = sorted(zip(shown.spans, marks, strict=True), key=lambda pair: pair[0])
    row: Line = [bars]
    column = 0
    hanging: list[tuple[int, str]] = []
    for number, (span, mark) in enumerate(drawn):
        begin, end = cell_count(shown.text[: span[0]]), cell_count(shown.text[: span[1]])
        begin, end = max(begin, column), max(end, begin + 1, column + 1)
        row += [(" " * (begin - column), ""), (mark.sign * (end - begin), mark.style)]
        column = end
        label = said(mark.label, look.unicode)
        if label and number == len(drawn) - 1:
            row.append((f" {label}", ""))
        elif label:
            hanging.append((begin, label))
    yield row
    for begin, label in hanging:
        yield [bars, (" " * begin + label, "")]


def _parts(shown: "Excerpt", style: str) -> Line:
    begin, end = shown.spans[0]
    style = "" if style == "gutter" else style
    return [(shown.text[:begin], ""), (shown.text[begin:end], style), (shown.text[end:], "")]


def _closing(report: Report, shown: Sequence[Finding], rendering: Rendering) -> Iterator[list[str]]:
    requests, files = counted(report.requests, "request"), counted(report.files, "file")
    if rendering.fixed:
        from reqlint.reporters._edits import fixed

        yield [fixed(rendering.fixed)]
    if shown:
        counts = Counter(finding.severity for finding in shown)
        kinds = ", ".join(counted(counts[severity], severity) for severity in Severity if counts[severity])
        from reqlint.reporters._edits import fixable

        first = [f"{counted(len(shown), 'finding')} ({kinds}) in {requests}, {files}", fixable(shown)]
        yield list(filter(None, first))
    elif report.requests:
        yield [f"No findings in {requests} ({files})"]
    else:
        yield [f"No requests found in {files}; nothing was checked"]
    rest = list(_coverage(report, shown, rendering))
    if rest:
        yield rest
    if rendering.verbose:
        for source, reason in report.skipped:
            yield [f"skipped {visible(source, rendering.unicode)}: {said(reason, rendering.unicode)}"]


def _coverage(report: Report, shown: Sequence[Finding], rendering: Rendering) -> Iterable[str]:
    baselined = sum(finding.baselined for finding in report)
    suppressed = len(report) - len(shown) - baselined
    if suppressed:
        yield f"{suppressed:,} suppressed"
    if baselined:
        yield f"{baselined:,} in the baseline"
    if report.skipped:
        yield f"{counted(len(report.skipped), 'file')} skipped{'' if rendering.verbose else ' (-v names them)'}"
    if rendering.notifications:
        yield f"{len(rendering.notifications):,} not checked completely"
    read = {card.name: card.read for card in rendering.profiles}
    for name in report.profiles:
        facts = [f"read {read[name]}"] if name in read else []
        facts += [f"{counted(count, 'request')}: {why}" for by, why, count in report.judged_by if by == name and why]
        yield visible(f"profile {name} ({'; '.join(facts)})" if facts else f"profile {name}", rendering.unicode)
    if rendering.seconds is not None:
        yield f"{rendering.seconds:.2f} s"
    if shown:
        gravest = min(shown, key=lambda finding: finding.severity.rank)
        yield f"explain any of these: reqlint explain {gravest.rule}"
