"""Show part of one line of a source, masked, escaped, shortened and cropped, with its marks still in place."""

import re
from collections import deque
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from reqlint.display.credentials import kept_prefix, masked_as
from reqlint.display.escaping import cell_count, escape, escape_at
from reqlint.display.line_tokens import LineTokens, Span, Token, credential_spans
from reqlint.display.shown import Shown, ellipsis, fill, join, literal, transform

_LONGEST_BODY = 40  # characters; a longer string is shortened without --show-values
_TAB = literal("    ")


class Look(NamedTuple):
    """How to show lines."""

    budget: int  #: terminal columns for the payload
    show_values: bool = False
    unicode: bool = True
    yaml: bool = False


class Excerpt(NamedTuple):
    """The visible part of a line, and where the marked spans are in it."""

    text: Shown
    spans: tuple[Span, ...]


class _Unit(NamedTuple):
    """The text shown for a span of the line; never cut in two."""

    text: Shown
    start: int
    end: int


def excerpt(line: str, spans: Sequence[Span], look: Look, secret: bool = False) -> Excerpt | None:
    """
    Show the surroundings of *spans* in *line*; return None if the spans are too far apart for one line of output.

    A single span always fits: one longer than the line is cut. With *secret* the first span is masked whatever it
    looks like.
    """
    units, first, complete = _units_around(line, spans, look, secret)
    widths = [cell_count(unit.text) for unit in units]
    low, high = first, first + 1
    covered = [index for span in spans for index in _covered(units, span)]
    if len(spans) > 1 and covered:
        low, high = min(covered), max(covered) + 1
        outside = any(not _covered(units, span) and span[0] < len(line) for span in spans)
        if outside or sum(widths[low:high]) > look.budget - 2:
            return None
    room = look.budget if complete and sum(widths) <= look.budget else look.budget - 2
    span_end = max(_covered(units, spans[0]), default=first) + 1
    used = sum(widths[low:high])
    while high < span_end and used + widths[high] <= room:
        used, high = used + widths[high], high + 1
    grown = high >= min(span_end, len(units))
    while grown:
        grown = False
        if low > 0 and used + widths[low - 1] <= room:
            low, used, grown = low - 1, used + widths[low - 1], True
        if high < len(units) and used + widths[high] <= room:
            used, high, grown = used + widths[high], high + 1, True
    return _joined(units[low:high], spans, look, line)


def _joined(units: Sequence[_Unit], spans: Sequence[Span], look: Look, line: str) -> Excerpt:
    pieces = [ellipsis(look.unicode)] if units and units[0].start > 0 else []
    offsets, end = [sum(map(len, pieces))], units[0].start if units else 0
    for unit in units:
        piece = unit.text if unit.start == end else fill("{}{}", ellipsis(look.unicode), unit.text)
        pieces.append(piece)
        offsets.append(offsets[-1] + len(piece))
        end = unit.end
    if units and units[-1].end < len(line):
        pieces.append(ellipsis(look.unicode))
    moved: list[Span] = []
    for span in spans:
        inside = _covered(units, span)
        if inside:
            moved.append((offsets[inside[0]], offsets[inside[-1] + 1] if span[1] > span[0] else offsets[inside[0]]))
        else:
            moved.append((offsets[-1], offsets[-1]))
    return Excerpt(join("", pieces), tuple(moved))


def _covered(units: Sequence[_Unit], span: Span) -> range:
    """Return the indices of the units that overlap *span*; an empty span counts as one character."""
    start, end = span[0], max(span[1], span[0] + 1)
    inside = [index for index, unit in enumerate(units) if unit.end > start and unit.start < end]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def _units_around(line: str, spans: Sequence[Span], look: Look, secret: bool) -> tuple[list[_Unit], int, bool]:
    """
    Return the units around the first span, the index of the unit it begins in, and whether they cover the whole line.

    Every token shows at least one character, so on either side as many tokens as there are columns are enough.
    """
    start, end = spans[0]
    before: deque[Token] = deque(maxlen=look.budget)
    after: list[Token] = []
    complete = True
    for token in _tokens_of(line, look.yaml).around(start):
        if token.end <= start:
            complete = complete and len(before) < look.budget
            before.append(token)
        elif len(after) < look.budget:
            after.append(token)
        else:
            complete = False
            break
    units: list[_Unit] = []
    secret = secret and line[start : start + 1] not in ("{", "[")
    hidden = _credentials_near(line, max(0, start // _NEAR - 1), end // _NEAR + 2)
    nearest_before = [*_nearest(line, reversed(before), start, secret, hidden, look)]
    nearest = [*reversed(nearest_before), *_nearest(line, after, start, secret, hidden, look)]
    complete = complete and len(nearest) == len(before) + len(after)
    for token in nearest:
        is_secret = token.secret or (secret and start < token.end and token.start < end and not token.filler)
        units += _units(line, token, is_secret, hidden, spans, look)
    first = next((index for index, unit in enumerate(units) if unit.end > start), max(len(units) - 1, 0))
    complete = complete and bool(units) and units[0].start == 0 and units[-1].end == len(line)
    return units, first, complete


def _nearest(
    line: str, tokens: Iterable[Token], start: int, secret: bool, hidden: Sequence[Span], look: Look
) -> Iterator[Token]:
    """Yield *tokens*, from the nearest to the offset *start* on, until they certainly fill all columns."""
    columns = 0
    for token in tokens:
        if columns > look.budget:
            return
        yield token
        first, end = max(token.start, start) if token.end > start else token.start, token.end
        is_short = token.filler or look.show_values or token.end - token.start <= _LONGEST_BODY
        is_whole = is_short and not secret and not token.secret and line[first:end].isascii()
        if is_whole and not any(begin < end and stop > first for begin, stop in hidden):
            columns += end - first
        else:  # it may be shown as one character
            columns += 1


@lru_cache(maxsize=2)
def _tokens_of(line: str, yaml: bool) -> LineTokens:
    """Return the tokens of a line, which many findings may be in."""
    return LineTokens(line, yaml=yaml)


@lru_cache(maxsize=8)
def _credentials_near(line: str, first: int, end: int) -> Sequence[Span]:
    """Find the credentials in the blocks of a line from *first* up to *end*; findings in one block share them."""
    return credential_spans(line, first * _NEAR, end * _NEAR)


def _units(
    line: str, token: Token, secret: bool, hidden: Sequence[Span], spans: Sequence[Span], look: Look
) -> Iterator[_Unit]:
    """Show a token: masked, shortened or letter by letter; *hidden* are the credentials near the first span."""
    start, end = token.start + token.quotes, token.end
    if token.quotes and end - start > 0 and line[end - 1] == line[token.start]:
        end -= 1
    if token.quotes:
        yield _Unit(escape_at(line, token.start), token.start, start)
    if secret and end > start:
        masked = masked_as(kept_prefix(line, start, end), look.unicode)
        yield _Unit(escape(masked, look.unicode), start, end)
    else:
        # A mark that begins or ends inside a string (a bad escape, say) must stay visible when the string is shortened.
        cuts = sorted({start, end, *(cut for span in spans for cut in span if start < cut < end)})
        for a, b in pairwise(cuts):
            if token.filler or look.show_values or b - a <= _LONGEST_BODY:
                yield from _unmasked(line, a, b, hidden, spans, look)
            else:
                yield _shortened(line, a, b, hidden, spans, look)
    if end < token.end:
        yield _Unit(escape_at(line, end), end, token.end)


def _unmasked(
    line: str, start: int, end: int, hidden: Sequence[Span], spans: Sequence[Span], look: Look
) -> Iterator[_Unit]:
    """Show everything from *start* to *end* except credentials."""
    for begin, stop in hidden:
        if begin < end and stop > start:
            yield from _letters(line, start, max(start, begin), spans, look)
            yield _Unit(escape(masked_as("", look.unicode)), max(start, begin), min(end, stop))
            start = min(end, stop)
    yield from _letters(line, start, end, spans, look)


def _shortened(line: str, start: int, end: int, hidden: Sequence[Span], spans: Sequence[Span], look: Look) -> _Unit:
    """Show the first letters of a text and its length; of one long word, as API keys are, only the length."""
    head = None if _WORD.match(line, start, end) else _HEAD.match(line, start, end)
    stop = head.end() if head else start
    near = [*hidden, *credential_spans(line, start, min(end, start + _NEAR_HEAD))]
    secret = min((begin for begin, last in near if begin < stop and last > start), default=stop)
    edge = max(end for _, end in spans)
    visible = range(start, max(start, secret))
    letters = join("", (escape_at(line, index, look.unicode, measured=index < edge) for index in visible))
    cut = ellipsis(look.unicode)
    if secret < stop:
        return _Unit(fill("{}{}(masked, {:,} chars)", letters, cut, end - start), start, end)
    return _Unit(fill("{}{}({:,} chars)", transform(letters, str.rstrip), cut, end - start), start, end)


_HEAD = re.compile(r"(?:\\u[0-9a-fA-F]{4}|\\.|[^\\]){0,8}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z0-9+/=_.~-]{24}")
_NEAR = 10_000  # characters; a private key has about 3,000
_NEAR_HEAD = 400


def _letters(line: str, start: int, end: int, spans: Sequence[Span], look: Look) -> Iterator[_Unit]:
    """
    Show text letter by letter, but only letters near enough to the first span to be visible.

    Characters before a mark are escaped where terminals disagree about their width, so that the carets stand below it.
    """
    anchor = spans[0]
    edge = max(end for _, end in spans)
    low = start if start >= anchor[0] else max(start, min(end, anchor[0]) - look.budget)
    high = end if end <= anchor[0] else min(end, max(start, anchor[0]) + look.budget)
    for index in range(low, high):
        shown = _TAB if line[index] == "\t" else escape_at(line, index, look.unicode, measured=index < edge)
        yield _Unit(shown, index, index + 1)
