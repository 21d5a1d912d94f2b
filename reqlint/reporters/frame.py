"""The lines of a source that a finding is about, with carets under what is wrong."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from reqlint.core.findings import Finding, Part, Region, Severity
from reqlint.core.records import dataclass
from reqlint.display.cached import is_secret, sanitize
from reqlint.display.escaping import cell_count
from reqlint.display.excerpt import Excerpt, Look, excerpt
from reqlint.display.shown import Shown, Style, fill, literal, repeat, transform

Line = list[tuple[Shown, Style | None]]
"""A line of output as pieces of text, each with its style."""

STYLES = {Severity.ERROR: Style.RED, Severity.WARNING: Style.YELLOW, Severity.NOTE: Style.CYAN}
_SPACE = literal(" ")


@dataclass(frozen=True, slots=True)
class Mark:
    """A region to mark: with which sign and style, and the label beside it."""

    region: Region
    sign: Shown
    style: Style
    label: str = ""
    secret: bool = False  #: the value there is masked whatever it looks like

    def span(self, line: str, budget: int) -> tuple[int, int]:
        """Return what to mark in *line*; of an object or array that is longer than a line only the bracket."""
        start = min(self.region.column - 1, len(line))
        continues = self.region.end_line > self.region.line
        end = len(line) if continues else max(start, min(self.region.end_column - 1, len(line)))
        if line[start : start + 1] in ("{", "[") and (continues or end - start > budget):
            end = start + 1
        return start, end


class Frame(NamedTuple):
    """The lines around a finding."""

    lines: list[Line]
    has_label: bool = False  #: whether what was wanted stands beside the mark


def frame(finding: Finding, texts: Mapping[int, str], look: Look, gutter: int, wanted: Shown | None = None) -> Frame:
    """
    Return the marked line and the line of the first related place; no line if the marked one is not in *texts*.

    *texts* are lines by number; *gutter* is the width of the line numbers. What was *wanted* is written beside the mark
    if it is short and there is room.
    """
    if finding.region is None or finding.region.line not in texts:
        return Frame([])
    secret = finding.part is Part.VALUE and is_secret(finding.pointer)
    mark = Mark(finding.region, literal("^"), STYLES[finding.severity], secret=secret)
    related = next(iter(finding.related), None)
    if related is None or related.region is None or related.region.line not in texts:
        return _labelled(list(_marked(texts[mark.region.line], [mark], look, gutter)), wanted, look, gutter)
    other = Mark(related.region, literal("-"), Style.DIM, related.message, is_secret(related.pointer))
    if mark.region.line == other.region.line:
        together = list(_marked(texts[mark.region.line], [mark, other], look, gutter))
        if together:
            return Frame(together)
    lines, has_label = _labelled(list(_marked(texts[mark.region.line], [mark], look, gutter)), wanted, look, gutter)
    others = list(_marked(texts[other.region.line], [other], look, gutter))
    before, after = sorted([(mark, lines), (other, others)], key=lambda each: _position(each[0]))
    apart = after[0].region.line - before[0].region.line != 1
    gap: list[Line] = [[(literal("..."), Style.DIM)]] if apart else []
    return Frame([*before[1], *gap, *after[1]], has_label)


_LONGEST_LABEL = 60  # columns


def _labelled(lines: list[Line], wanted: Shown | None, look: Look, gutter: int) -> Frame:
    """Write what was *wanted* beside the mark, in the last of *lines*."""
    if not lines or wanted is None or cell_count(wanted) > _LONGEST_LABEL:
        return Frame(lines)
    label = fill(" {}", wanted)
    used = sum(cell_count(text) for text, _ in lines[-1])
    if used + cell_count(label) > look.budget + gutter + 3:
        return Frame(lines)
    return Frame([*lines[:-1], [*lines[-1], (label, None)]], True)


def _position(mark: Mark) -> tuple[int, int]:
    return mark.region.line, mark.region.column


def _marked(line: str, marks: Sequence[Mark], look: Look, gutter: int) -> Iterator[Line]:
    line = line.removesuffix("\r")
    shown = excerpt(line, [mark.span(line, look.budget) for mark in marks], look, marks[0].secret)
    if shown is None:
        return
    yield [(fill("{:>{}} | ", marks[0].region.line, gutter), Style.DIM), *marked_parts(shown, marks[0].style)]
    bar = (fill("{}| ", repeat(_SPACE, gutter + 1)), Style.DIM)
    row: Line = [bar]
    column = 0
    hanging: list[tuple[int, Shown]] = []
    drawn = sorted(zip(shown.spans, marks, strict=True), key=lambda pair: pair[0])
    for number, (span, mark) in enumerate(drawn):
        begin, end = cell_count(shown.text[: span[0]]), cell_count(shown.text[: span[1]])
        begin, end = max(begin, column), max(end, begin + 1, column + 1)
        row += [(repeat(_SPACE, begin - column), None), (repeat(mark.sign, end - begin), mark.style)]
        column = end
        label = sanitize(mark.label, look.unicode)
        if label and number == len(drawn) - 1:
            row.append((fill(" {}", label), None))
        elif label:
            hanging.append((begin, label))
    yield row
    for begin, label in hanging:
        yield [bar, (fill("{}{}", repeat(_SPACE, begin), label), None)]


def marked_parts(shown: Excerpt, style: Style) -> Line:
    """Return an excerpt in three pieces, the marked one in a style."""
    begin, end = shown.spans[0]
    return [
        (transform(shown.text, lambda text: text[:begin]), None),
        (transform(shown.text, lambda text: text[begin:end]), None if style is Style.DIM else style),
        (transform(shown.text, lambda text: text[end:]), None),
    ]
