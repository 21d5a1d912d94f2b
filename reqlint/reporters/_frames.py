"""One line of a source as a report may show it: escaped, masked, shortened, cropped, and the marks still in place."""

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from reqlint.display.credentials import ELLIPSIS, credential_pattern, is_credential_key, kept_prefix, masked_as
from reqlint.display.escaping import cell_count, escape_at

Span = tuple[int, int]
"""Where something begins and ends in a text, in code points from 0; the end is not part of it."""

_LONGEST_BODY = 40  # characters of a string that are shown without --show-values
_TAB = "    "


@dataclass(frozen=True, slots=True)
class Look:
    """How lines are to be shown."""

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
    wide = [cell_count(unit.text) for unit in units]
    low, high = first, first + 1
    covered = [index for span in spans for index in _covered(units, span)]
    if len(spans) > 1 and covered:
        low, high = min(covered), max(covered) + 1
        outside = any(not _covered(units, span) and span[0] < len(line) for span in spans)
        if outside or sum(wide[low:high]) > look.budget - 2:
            return None
    room = look.budget if whole and sum(wide) <= look.budget else look.budget - 2
    wanted = max(_covered(units, spans[0]), default=first) + 1
    used = sum(wide[low:high])
    while high < wanted and used + wide[high] <= room:
        used, high = used + wide[high], high + 1
    grown = high >= min(wanted, len(units))
    while grown:
        grown = False
        if low > 0 and used + wide[low - 1] <= room:
            low, used, grown = low - 1, used + wide[low - 1], True
        if high < len(units) and used + wide[high] <= room:
            used, high, grown = used + wide[high], high + 1, True
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
    hidden = _credentials(line, max(0, start - _NEAR), end + _NEAR)
    for token in [*before, *after]:
        named = token.secret or (secret and start < token.end and token.start < end and not token.filler)
        units += _units(line, token, named, hidden, spans, look)
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
    key, named, colon, listed = "", "", False, False
    for found in pattern.finditer(line):
        start, end = found.span()
        if found["filler"]:
            colon = found[0].strip(" \t\r\n[") == ":"
            listed = "]" not in found[0] and (listed or (colon and "[" in found[0] and is_credential_key(key)))
            if "}" in found[0]:
                named = ""
            yield _Token(start, end, 0, False, filler=True)
            continue
        quoted = found[0][0] in "\"'"
        text = found[0].strip("\"'") if end - start < 200 else ""
        secret = listed or (colon and (is_credential_key(key) or (key == "value" and is_credential_key(named))))
        if colon and key == "name":
            named = text
        key = "" if colon else text
        yield _Token(start, end, int(quoted), secret)
        colon = False


def _units(
    line: str, token: _Token, secret: bool, hidden: Sequence[Span], spans: Sequence[Span], look: Look
) -> Iterator[_Unit]:
    """Show a token: hidden, shortened or letter by letter; *hidden* are the credentials near the first span."""
    start, end = token.start + token.quotes, token.end
    if token.quotes and end - start > 0 and line[end - 1] == line[token.start]:
        end -= 1
    if token.quotes:
        yield _Unit(line[token.start], token.start, start)
    if secret and end > start:
        found = credential_pattern().match(line, start, end)
        yield _Unit(masked_as(kept_prefix(found) if found else "", look.unicode), start, end)
    else:
        # A mark that begins or ends inside a string (a bad escape, say) must not vanish into its ellipsis.
        cuts = sorted({start, end, *(cut for span in spans for cut in span if start < cut < end)})
        for a, b in pairwise(cuts):
            if token.filler or look.show_values or b - a <= _LONGEST_BODY:
                yield from _whole(line, a, b, hidden, spans, look)
            else:
                yield _shortened(line, a, b, hidden, spans, look)
    if end < token.end:
        yield _Unit(line[end], end, token.end)


def _whole(
    line: str, start: int, end: int, hidden: Sequence[Span], spans: Sequence[Span], look: Look
) -> Iterator[_Unit]:
    """Show all of a text but the credentials in it."""
    for begin, stop in hidden:
        if begin < end and stop > start:
            yield from _letters(line, start, max(start, begin), spans, look)
            yield _Unit(masked_as("", look.unicode), max(start, begin), min(end, stop))
            start = min(end, stop)
    yield from _letters(line, start, end, spans, look)


def _shortened(line: str, start: int, end: int, hidden: Sequence[Span], spans: Sequence[Span], look: Look) -> _Unit:
    """Show the first letters of a text and its length; of what is one long word, as keys are, only the length."""
    head = None if _WORD.match(line, start, end) else _HEAD.match(line, start, end)
    stop = head.end() if head else start
    near = [*hidden, *_credentials(line, start, min(end, start + _NEAR_HEAD))]
    secret = min((begin for begin, last in near if begin < stop and last > start), default=stop)
    edge = max(end for _, end in spans)
    shown = range(start, max(start, secret))
    letters = "".join(escape_at(line, index, look.unicode, measured=index < edge) for index in shown)
    letters = letters if secret < stop else letters.rstrip()
    what = "masked, " if secret < stop else ""
    return _Unit(f"{letters}{ELLIPSIS if look.unicode else '...'}({what}{end - start:,} chars)", start, end)


_HEAD = re.compile(r"(?:\\u[0-9a-fA-F]{4}|\\.|[^\\]){0,8}", re.DOTALL)
_WORD = re.compile(r"[A-Za-z0-9+/=_.~-]{24}")
_NEAR = 10_000  # characters; a private key has some three thousand
_NEAR_HEAD = 400


# A line out of the middle of a private key, whose beginning stands elsewhere: nothing but base64.
_KEY_LINE = re.compile(r"""\s*["']?((?=\S*[a-z])(?=\S*[A-Z])(?=\S*[0-9])[A-Za-z0-9+/]{40,}={0,2})(?:\\.|["'\s,])*""")


def _credentials(line: str, start: int, end: int) -> list[Span]:
    """Give what is to be hidden of a stretch of a line; the telling beginning of a credential is not part of it."""
    found = [
        (found.end(found.lastindex or 0), found.end()) for found in credential_pattern().finditer(line, start, end)
    ]
    if len(line) <= _NEAR_HEAD and (key := _KEY_LINE.fullmatch(line)):
        found.append(key.span(1))
    return found


def _letters(line: str, start: int, end: int, spans: Sequence[Span], look: Look) -> Iterator[_Unit]:
    """
    Show text as it is, letter by letter, but no more of it towards the first span or around it than can be seen.

    What stands before a mark is shown so that every terminal gives it the same width, for the carets below.
    """
    anchor = spans[0]
    edge = max(end for _, end in spans)
    low = start if start >= anchor[0] else max(start, min(end, anchor[0]) - look.budget)
    high = end if end <= anchor[0] else min(end, max(start, anchor[0]) + look.budget)
    for index in range(low, high):
        shown = _TAB if line[index] == "\t" else escape_at(line, index, look.unicode, measured=index < edge)
        yield _Unit(shown, index, index + 1)


def without_credentials(line: str, *, yaml: bool = False) -> str:
    """Give a whole line with nothing hidden but credentials: by their form, or by the key before them."""
    hidden = _credentials(line, 0, len(line))
    text = ""
    for token in _tokens(line, yaml):
        start, end = token.start + token.quotes, token.end - token.quotes
        if token.secret and end > start:
            text += line[token.start : start] + masked_as("") + line[end : token.end]
            continue
        at = token.start
        for begin, stop in hidden:
            if begin < token.end and stop > at:
                text += line[at : max(at, begin)] + masked_as("")
                at = min(token.end, stop)
        text += line[at : token.end]
    return text
