"""The lines of a source that a finding is about, as HTML with marks."""

from collections.abc import Iterator, Mapping, Sequence

from reqlint.core.findings import Finding, Part
from reqlint.display.cached import is_secret
from reqlint.display.excerpt import Look, excerpt
from reqlint.display.shown import Shown, Style, fill, join, literal, transform
from reqlint.reporters.frame import STYLES, Mark
from reqlint.reporters.markup import escape_markup


def marked_lines(finding: Finding, texts: Mapping[int, str], look: Look) -> Shown:
    """Return the marked line and that of the first related place; empty if the line is not in *texts*."""
    if finding.region is None or finding.region.line not in texts:
        return literal("")
    secret = finding.part is Part.VALUE and is_secret(finding.pointer)
    marks = [Mark(finding.region, literal(""), STYLES[finding.severity], secret=secret)]
    related = next(iter(finding.related), None)
    if related and related.region and related.region.line in texts:
        marks.append(Mark(related.region, literal(""), Style.DIM, secret=is_secret(related.pointer)))
    rows = list(_rows(texts, marks, look))
    return fill("<pre>{}</pre>\n", join("\n", rows)) if rows else literal("")


def _rows(texts: Mapping[int, str], marks: Sequence[Mark], look: Look) -> Iterator[Shown]:
    if len(marks) == 2 and marks[0].region.line == marks[1].region.line:
        together = _row(texts[marks[0].region.line], marks, look)
        if together:
            yield together
            return
    before = 0
    for mark in sorted(marks, key=lambda mark: (mark.region.line, mark.region.column)):
        if before and mark.region.line - before > 1:
            yield literal('<span class="n">…</span>')
        before = mark.region.line
        if row := _row(texts[before], [mark], look):
            yield row


def _row(line: str, marks: Sequence[Mark], look: Look) -> Shown | None:
    line = line.removesuffix("\r")
    shown = excerpt(line, [mark.span(line, look.budget) for mark in marks], look, marks[0].secret)
    if shown is None:
        return None
    pieces: list[Shown] = []
    done = 0
    for (begin, end), mark in sorted(zip(shown.spans, marks, strict=True), key=lambda pair: pair[0]):
        start, stop = max(begin, done), max(begin, done, end)
        pieces.append(_cut(shown.text, done, start))
        sign = literal("other" if mark.style is Style.DIM else "mark")
        pieces.append(fill('<mark class="{}">{}</mark>', sign, _cut(shown.text, start, stop)))
        done = stop
    pieces.append(_cut(shown.text, done, len(shown.text)))
    return fill('<span class="n">{}</span>{}', marks[0].region.line, join("", pieces))


def _cut(text: Shown, start: int, end: int) -> Shown:
    return escape_markup(transform(text, lambda whole: whole[start:end]))
