"""The table for people, at most 80 columns wide: APIs that answer alike share a column."""

from collections.abc import Iterator, Mapping, Sequence

from reqlint.core.findings import Report
from reqlint.display.cached import sanitize
from reqlint.display.escaping import counted
from reqlint.display.shown import Shown, Style, ellipsis, fill, join, literal, repeat, styled, transform
from reqlint.reporters.compat.wording import Alike, alone, by_source, groups, name_of, noun_of
from reqlint.reporters.formats import human
from reqlint.reporters.rendering import Rendering, Write
from reqlint.run.compat.table import Cell, CompatReport, Row, ToolVerdict

_WIDEST = 80
_LONGEST_NAME = 40
_CELL = 3
_MOST_ROWS = 60  # of a source, unless all are asked for

_SIGNS: Mapping[ToolVerdict, tuple[str, str, Style | None]] = {
    ToolVerdict.TAKEN: ("\N{MIDDLE DOT}", ".", Style.DIM),
    ToolVerdict.CHANGED: ("~", "~", Style.YELLOW),
    ToolVerdict.REFUSED: ("\N{BALLOT X}", "x", Style.RED),
}


def render(report: CompatReport, rendering: Rendering, write: Write) -> None:
    """Write a table for each source, what its columns are, and the findings below."""
    for source, rows in by_source(report.rows).items():
        alike = groups(report.columns, rows)
        for line in _table(source, rows, alike, rendering):
            write(fill("{}\n", transform(line, str.rstrip)))
    if not rendering.quiet:
        findings = Report(tuple(alone(each) for each in report.findings), report.files)
        human.render(findings, _without_closing(rendering), write)
    for line in _closing(report, rendering):
        write(fill("{}\n", line))


def _without_closing(rendering: Rendering) -> Rendering:
    from reqlint.core.records import replace

    return replace(rendering, quiet=True)


def _table(source: str, rows: Sequence[Row], alike: Sequence[Alike], rendering: Rendering) -> Iterator[Shown]:
    unicode = rendering.unicode
    what = counted(len(rows), noun_of(rows))
    names = sum(len(group.names) for group in alike)
    yield fill("{}: {}, {}", sanitize(source, unicode), what, counted(names, "API"))
    yield literal("")
    spoken = [number for number, row in enumerate(rows) if not row.is_taken]
    kept = spoken if rendering.verbose else spoken[:_MOST_ROWS]
    if spoken:
        width = min(_LONGEST_NAME, max(len(_label(rows[number], unicode)) for number in kept))
        fitting = max(1, (_WIDEST - width - 2) // _CELL)
        for start in range(0, len(alike), fitting):
            yield from _block(rows, kept, alike[start : start + fitting], width, rendering)
    left = len(rows) - len(spoken)
    if left:
        yield fill("  {} taken by all", counted(left, noun_of(rows, more=bool(spoken))))
    if len(spoken) > len(kept):
        yield fill("  {} and {:,} more; -v shows all", ellipsis(unicode), len(spoken) - len(kept))
    if left or len(spoken) > len(kept):
        yield literal("")
    for group in alike:
        yield from _legend(group, len(rows))
    yield literal("")


def _block(
    rows: Sequence[Row], kept: Sequence[int], alike: Sequence[Alike], width: int, rendering: Rendering
) -> Iterator[Shown]:
    letters = join("", (transform(sanitize(group.letter), lambda text: text.rjust(_CELL)) for group in alike))
    yield fill("  {}{}", repeat(literal(" "), width), letters)
    for number in kept:
        label = transform(_label(rows[number], rendering.unicode), lambda text: text.ljust(width))
        yield fill("  {}{}", label, join("", (_sign(group.cells[number], rendering) for group in alike)))
    yield literal("")


def _label(row: Row, unicode: bool) -> Shown:
    name = sanitize(name_of(row), unicode)
    if len(name) <= _LONGEST_NAME:
        return name
    return fill("{}{}", transform(name, lambda text: text[: _LONGEST_NAME - 3]), ellipsis(unicode))


def _sign(cell: Cell | None, rendering: Rendering) -> Shown:
    if cell is None:
        return repeat(literal(" "), _CELL)
    unicode, plain, style = _SIGNS[cell.verdict]
    if _is_doubtful(cell):
        unicode = plain = "?"
    sign = transform(sanitize(unicode if rendering.unicode else plain), lambda text: text.rjust(_CELL))
    return styled(sign, style) if rendering.color and style else sign


def _is_doubtful(cell: Cell) -> bool:
    return cell.verdict is ToolVerdict.REFUSED and not cell.is_certain


def _legend(group: Alike, rows: int) -> Iterator[Shown]:
    """Yield the letter of a group, its verdicts in numbers, and its names on as many lines as they need."""
    refused, changed = group.counted(ToolVerdict.REFUSED), group.counted(ToolVerdict.CHANGED)
    certain = sum(cell is not None and cell.verdict is ToolVerdict.REFUSED and cell.is_certain for cell in group.cells)
    told = [fill("{:,} refused", certain)] if certain else []
    told += [fill("{:,} probably refused", refused - certain)] if refused > certain else []
    told += [fill("{:,} changed", changed)] if changed else []
    taken = rows - refused - changed
    if taken:
        told.append(literal("all taken") if taken == rows else fill("{:,} taken", taken))
    yield fill("  {}  {}", transform(sanitize(group.letter), lambda text: text.ljust(2)), join(", ", told))
    line: list[Shown] = []
    length = 0
    for name in group.names:
        shown = sanitize(name)
        if line and length + len(shown) + 2 > _WIDEST - 8:
            yield fill("      {},", join(", ", line))
            line, length = [], 0
        line.append(shown)
        length += len(shown) + 2
    yield fill("      {}", join(", ", line))


def _closing(report: CompatReport, rendering: Rendering) -> Iterator[Shown]:
    """Yield what the signs mean, and what was left out."""
    cells = [cell for row in report.rows for cell in row.cells.values()]
    means = []
    for verdict in (ToolVerdict.REFUSED, ToolVerdict.CHANGED, ToolVerdict.TAKEN):
        if any(cell.verdict is verdict and not _is_doubtful(cell) for cell in cells):
            unicode, plain, _ = _SIGNS[verdict]
            means.append(fill("{} {}", sanitize(unicode if rendering.unicode else plain), verdict))
    if any(map(_is_doubtful, cells)):
        means.append(literal("? refused, by disputed or inferred evidence"))
    if means:
        yield join("   ", means)
    if report.required:
        against = (
            fill("{} ({})", sanitize(name), counted(count, "finding") if count else literal("takes all"))
            for name, count in report.required.items()
        )
        yield fill("required: {}", join(", ", against))
    suppressed = sum(each.finding.suppressed for each in report.findings)
    if suppressed:
        yield fill("{} suppressed", counted(suppressed, "finding"))
    if rendering.verbose:
        for source, why in report.skipped:
            yield fill("skipped: {} {}", sanitize(source, rendering.unicode), sanitize(why, rendering.unicode))
    elif report.skipped and report.rows:
        yield fill("{} skipped (-v lists them)", counted(len(report.skipped), "file"))
