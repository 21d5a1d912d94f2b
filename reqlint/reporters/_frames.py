"""One line of a source as a report may show it: escaped, masked, shortened, cropped, and the marks still in place."""

import re
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reqlint.inert import COMMAND, DEFUSED, ELLIPSIS, credential, is_credential_key, kept, masked, visible

Span = tuple[int, int]
"""Where something begins and ends in a text, in code points from 0; the end is not part of it."""

_LONGEST_BODY = 40  # characters of a string that are shown without --show-values
_TAB = "    "


@dataclass(frozen=True, slots=True)
class Look:
    """How lines are to be shown."""

    width: Callable[[str], int]  #: terminal cells of a text
    budget: int  #: most cells of payload in a line
    show_values: bool = False
    unicode: bool = True
    yaml: bool = False


@dataclass(frozen=True, slots=True)
class Excerpt:
    """The part of a line that is shown, and where the marked spans are in it."""

    text: str
    spans: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class _Unit:
    """What is shown for a stretch of the line; never cut in two."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _Token:
    start: int
    end: int
    quotes: int  #: 1 for a quoted string, 0 for bare text
    secret: bool  #: hidden whatever it looks like, because of its key
    filler: bool = False  #: blanks and punctuation


def excerpt(line: str, spans: Sequence[Span], look: Look, secret: bool = False) -> Excerpt | None:
    """
    Show the surroundings of *spans* in *line*; None if they are too far apart for one line of output.

    A single span always fits: it is cut where it is longer than the line may be. With *secret* the first span is
    masked whatever it looks like.
    """
    units, first, whole = _around(line, spans, look, secret)
    cells = [look.width(unit.text) for unit in units]
    low, high = first, first + 1
    covered = [index for span in spans for index in _covered(units, span)]
    if len(spans) > 1 and covered:
        low, high = min(covered), max(covered) + 1
        outside = any(not _covered(units, span) and span[0] < len(line) for span in spans)
        if outside or sum(cells[low:high]) > look.budget - 2:
            return None
    room = look.budget if whole and sum(cells) <= look.budget else look.budget - 2
    wanted = max(_covered(units, spans[0]), default=first) + 1
    used = sum(cells[low:high])
    while high < wanted and used + cells[high] <= room:
        used, high = used + cells[high], high + 1
    grown = high >= min(wanted, len(units))
    while grown:
        grown = False
        if low > 0 and used + cells[low - 1] <= room:
            low, used, grown = low - 1, used + cells[low - 1], True
        if high < len(units) and used + cells[high] <= room:
            used, high, grown = used + cells[high], high + 1, True
    return _joined(units[low:high], spans, look, line)


def _joined(units: Sequence[_Unit], spans: Sequence[Span], look: Look, line: str) -> Excerpt:
    ellipsis = ELLIPSIS if look.unicode else "..."
    left = ellipsis if units and units[0].start > 0 else ""
    right = ellipsis if units and units[-1].end < len(line) else ""
    text, offsets, end = left, [len(left)], units[0].start if units else 0
    for unit in units:
        text += unit.text if unit.start == end else ellipsis + unit.text
        offsets.append(len(text))
        end = unit.end
    placed: list[Span] = []
    for span in spans:
        inside = _covered(units, span)
        if inside:
            placed.append((offsets[inside[0]], offsets[inside[-1] + 1] if span[1] > span[0] else offsets[inside[0]]))
        else:
            placed.append((offsets[-1], offsets[-1]))
    return Excerpt(text + right, tuple(placed))


def _covered(units: Sequence[_Unit], span: Span) -> range:
    """Give the indices of the units that show something of *span*, or the one where an empty span stands."""
    start, end = span[0], max(span[1], span[0] + 1)
    inside = [index for index, unit in enumerate(units) if unit.end > start and unit.start < end]
    return range(inside[0], inside[-1] + 1) if inside else range(0)


def _around(line: str, spans: Sequence[Span], look: Look, secret: bool) -> tuple[list[_Unit], int, bool]:
    """
    Cut into units what may be seen around the first span; tell which unit it begins in and if the line is all there.

    Every token shows at least one character, so as many tokens as there are cells are enough on either side.
    """
    start, end = spans[0]
    before: deque[_Token] = deque(maxlen=look.budget)
    after: list[_Token] = []
    whole = True
    for token in _tokens(line, look.yaml):
        if token.end <= start:
            whole = whole and len(before) < look.budget
            before.append(token)
        elif len(after) < look.budget:
            after.append(token)
        else:
            whole = False
            break
    units: list[_Unit] = []
    secret = secret and line[start : start + 1] not in ("{", "[")
    for token in [*before, *after]:
        hidden = token.secret or (secret and start < token.end and token.start < end and not token.filler)
        units += _units(line, token, hidden, spans, look)
    first = next((index for index, unit in enumerate(units) if unit.end > start), max(len(units) - 1, 0))
    whole = whole and bool(units) and units[0].start == 0 and units[-1].end == len(line)
    return units, first, whole


_PIECE = r'"(?:[^"\\]+|\\.)*+(?:"|\\?\Z)|(?P<filler>[\s\[\]{},:]+)|[^\s\[\]{},:"]+'
_JSON_TOKEN = re.compile(_PIECE, re.DOTALL)
_YAML_TOKEN = re.compile(r"(?<![^\s\[{,:])'(?:[^']|'')*+(?:'|\Z)|" + _PIECE, re.DOTALL)
_YAML_PLAIN = re.compile(
    r"""\s*+(?:-\s++)*+(?:(?P<key>[^\s"'\[{#:][^:"']*+|"[^"]*+"\s*+|'[^']*+'\s*+):(?:\s+|$))?"""
    r"""(?P<value>[^\s"'\[{&*|>!].*)?$""",
    re.DOTALL,
)


def _tokens(line: str, yaml: bool) -> Iterator[_Token]:
    plain = _YAML_PLAIN.match(line) if yaml else None
    if plain and plain["value"]:
        yield from _scan(line[: plain.start("value")], _YAML_TOKEN)
        secret = is_credential_key((plain["key"] or "").strip("\"' "))
        yield _Token(plain.start("value"), len(line), 0, secret)
    else:
        yield from _scan(line, _YAML_TOKEN if yaml else _JSON_TOKEN)


def _scan(line: str, pattern: re.Pattern[str]) -> Iterator[_Token]:
    """Yield the tokens of a line; a value is secret by its key, or by the "name" beside it as recordings have it."""
    key, named, colon = "", "", False
    for found in pattern.finditer(line):
        start, end = found.span()
        if found["filler"]:
            colon = found[0].strip(" \t\r\n[") == ":"
            if "}" in found[0]:
                named = ""
            yield _Token(start, end, 0, False, filler=True)
            continue
        quoted = found[0][0] in "\"'"
        text = found[0].strip("\"'") if end - start < 200 else ""
        secret = colon and (is_credential_key(key) or (key == "value" and is_credential_key(named)))
        if colon and key == "name":
            named = text
        key = "" if colon else text
        yield _Token(start, end, int(quoted), secret)
        colon = False


def _units(line: str, token: _Token, secret: bool, spans: Sequence[Span], look: Look) -> Iterator[_Unit]:
    """Show a token: hidden, shortened or letter by letter."""
    if token.filler:
        yield from _letters(line, token.start, token.end, spans[0], look)
        return
    start, end = token.start + token.quotes, token.end
    if token.quotes and end - start > 0 and line[end - 1] == line[token.start]:
        end -= 1
    if token.quotes:
        yield _Unit(line[token.start], token.start, start)
    if secret and end > start:
        found = credential().match(line, start, end)
        yield _Unit(masked(kept(found) if found else "", look.unicode), start, end)
    else:
        # A mark that begins or ends inside a string (a bad escape, say) must not vanish into its ellipsis.
        cuts = sorted({start, end, *(cut for span in spans for cut in span if start < cut < end)})
        hidden = list(credential().finditer(line, start, end))
        for a, b in pairwise(cuts):
            yield from _body(line, a, b, hidden, spans[0], look)
    if end < token.end:
        yield _Unit(line[end], end, token.end)


def _body(
    line: str, start: int, end: int, hidden: Sequence[re.Match[str]], anchor: Span, look: Look
) -> Iterator[_Unit]:
    """Show the inside of a string or of bare text: its first letters and its length where it is long."""
    inside = [found for found in hidden if found.start() < end and found.end() > start]
    if look.show_values or end - start <= _LONGEST_BODY:
        for found in inside:
            yield from _letters(line, start, max(start, found.start()), anchor, look)
            start, stop = max(start, found.start()), min(end, found.end())
            yield _Unit(masked(kept(found), look.unicode), start, stop)
            start = stop
        yield from _letters(line, start, end, anchor, look)
        return
    head = _HEAD.match(line, start, end)
    stop = head.end() if head else start
    ellipsis = ELLIPSIS if look.unicode else "..."
    size = f"{end - start:,} chars)"
    if inside and inside[0].start() < stop:
        letters = visible(line[start : max(start, inside[0].start())], look.unicode)
        yield _Unit(f"{letters}{kept(inside[0])}{ellipsis}(masked, {size}", start, end)
    else:
        yield _Unit(f"{visible(line[start:stop].rstrip(), look.unicode)}{ellipsis}({size}", start, end)


_HEAD = re.compile(r"(?:\\u[0-9a-fA-F]{4}|\\.|[^\\]){0,8}", re.DOTALL)


def _letters(line: str, start: int, end: int, anchor: Span, look: Look) -> Iterator[_Unit]:
    """Show text as it is, letter by letter, but no more of it towards the anchor or around it than can be seen."""
    low = start if start >= anchor[0] else max(start, min(end, anchor[0]) - look.budget)
    high = end if end <= anchor[0] else min(end, max(start, anchor[0]) + look.budget)
    for index in range(low, high):
        shown = DEFUSED[:-2] if line.startswith(COMMAND, index) else visible(line[index], look.unicode)
        yield _Unit(_TAB if line[index] == "\t" else shown, index, index + 1)
