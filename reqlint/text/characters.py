"""Where a document writes each character of a string, through escapes, folded lines and indentation."""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C string reader json itself uses; no stub
from typing import NamedTuple

from reqlint.core.findings import Region
from reqlint.text.documents import Document, YamlDocument
from reqlint.text.flaws import Span

# A long string is read in stretches of hundreds of escapes, each in one call of a reader in C. Only the stretches with
# the places that are asked for are read escape by escape.


class _Piece(NamedTuple):
    """
    Characters of a string, and the start and end of the stretch of the document that writes them.

    If the stretch is as long as the characters, it writes them one by one. Otherwise *split* returns its pieces;
    without *split*, all of it writes each of the characters.
    """

    characters: str
    start: int
    end: int
    split: "Callable[[str, int, int], Iterator[_Piece]] | None" = None


class CharacterOffsets:
    """The offsets in the document where each character of a string starts and ends."""

    def __init__(self, outer: str, pieces: Sequence[_Piece], starts: Sequence[int]) -> None:
        self._outer = outer
        self._pieces = pieces
        self._starts = starts  # of the pieces, in the string
        self._split: dict[int, CharacterOffsets] = {}

    def span(self, first: int, end: int) -> Span:
        """Return the span in the document of the characters from *first* up to *end*; empty after the last of them."""
        start = self._character(first)[0]
        return start, self._character(end - 1)[1] if end > first else start

    def _character(self, index: int) -> Span:
        number = bisect_right(self._starts, index) - 1
        piece = self._pieces[number]
        inside = index - self._starts[number]
        if inside >= len(piece.characters):
            return piece.end, piece.end
        if len(piece.characters) == piece.end - piece.start:
            return piece.start + inside, piece.start + inside + 1
        if piece.split is None:
            return piece.start, piece.end
        if number not in self._split:
            pieces = list(piece.split(self._outer, piece.start, piece.end))
            self._split[number] = CharacterOffsets(self._outer, pieces, _starts_of(pieces))
        return self._split[number]._character(inside)


def _starts_of(pieces: Iterable[_Piece]) -> list[int]:
    starts, length = [], 0
    for piece in pieces:
        starts.append(length)
        length += len(piece.characters)
    return starts


def character_offsets(document: Document, string: Region, text: str) -> CharacterOffsets | None:
    """
    Return where *document* writes each character of *text*, the value of the *string*.

    None if that is not certain: when what is read here is not exactly *text*.
    """
    outer = document.text
    if document.writes_verbatim:
        return _match(outer, [_Piece(outer[string.start : string.end], string.start, string.end)], text)
    if not isinstance(document, YamlDocument):
        return _match(outer, _json_stretches(outer, string.start + 1, string.end - 1), text)
    start = _PROPERTIES.match(outer, string.start, string.end).end()  # type: ignore[union-attr]  # it also matches nothing
    style = outer[start : start + 1]
    if style == '"':
        return _match(outer, _double_quoted_stretches(outer, start + 1, string.end - 1), text)
    if style == "'":
        return _match(outer, _single_quoted_stretches(outer, start + 1, string.end - 1), text)
    if style and style in "|>" and (header := _HEADER.match(outer, start, string.end)):
        lines = [line for line in _LINE.finditer(outer, header.end(), string.end) if line[0]]
        # The header may declare an indentation relative to the parent; the blanks left in the text show its width.
        first = next((line for line in lines if line[2]), None)
        kept = len(_BLANKS.match(text)[1])  # type: ignore[index]  # it also matches nothing
        indent = len(first[1]) - kept if first else 0
        return _match(outer, _block_pieces(lines, indent, folded=style == ">"), text) if indent >= 0 else None
    return None  # NOTE: a plain scalar cannot start with a brace, so none holds an object


_BREAK = r"(?:\r\n|[\r\n])"
_FOLD = rf"{_BREAK}(?P<{{0}}>(?:[ \t]*+{_BREAK})*+)[ \t]*+"
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_JSON = re.compile(rf"{_PAIR}|\\u.{{4}}|\\.|[^\\]+", re.DOTALL)
_DOUBLE = re.compile(
    rf"[ \t]*+{_FOLD.format('folded')}|\\{_FOLD.format('escaped')}|{_PAIR}"
    r"|\\x.{2}|\\u.{4}|\\U.{8}|\\.|[^\\ \t\r\n]+|[ \t]+",
    re.DOTALL,
)
_ESCAPE = rf"{_PAIR}|\\x.{{2}}|\\u.{{4}}|\\U.{{8}}|\\[^\r\n]"
_JSON_STRETCH = re.compile(rf"(?:[^\\]++|{_PAIR}|\\u.{{4}}|\\.){{1,500}}+", re.DOTALL)
_DOUBLE_STRETCH = re.compile(
    rf"[ \t]*+{_FOLD.format('folded')}|\\{_FOLD.format('escaped')}"
    rf"|(?:[^\\ \t\r\n]++|[ \t]++(?![\r\n])|{_ESCAPE}){{1,500}}+",
    re.DOTALL,
)
_SINGLE_STRETCH = re.compile(rf"[ \t]*+{_FOLD.format('folded')}|(?:[^' \t\r\n]++|''|[ \t]++(?![\r\n])){{1,500}}+")
_SINGLE = re.compile(rf"[ \t]*+{_FOLD.format('folded')}|''|[^' \t\r\n]+|[ \t]+")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")  # an anchor and a tag are part of the node before a scalar
_BLANKS = re.compile(r"(?: *\n)*( *)")
_HEADER = re.compile(rf"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?{_BREAK}")
_LINE = re.compile(rf"( *)([^\r\n]*)({_BREAK}|\Z)")
_ESCAPES = dict(zip('0abt\tnvfre "\\/N_LP', '\0\a\b\t\t\n\v\f\r\x1b "\\/\x85\xa0\u2028\u2029', strict=True))


def _match(outer: str, pieces: Iterable[_Piece], text: str) -> CharacterOffsets | None:
    """Return the offsets of the characters in *pieces*; None unless they are those of *text*."""
    kept = len(text.rstrip("\n"))  # the header of a block decides on its last line ends, which mean nothing in JSON
    found: list[_Piece] = []
    starts: list[int] = []
    at = 0
    for piece in pieces:
        characters = piece.characters
        if at + len(characters) <= kept:
            if not text.startswith(characters, at):
                return None
        elif (characters[: max(0, kept - at)] + characters[max(0, kept - at) :].lstrip("\n")) != text[at:kept]:
            return None
        if characters:
            found.append(piece)
            starts.append(at)
        at += len(characters)
    return CharacterOffsets(outer, found, starts) if 0 < kept <= at else None


def _json_stretches(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for match in _JSON_STRETCH.finditer(outer, start, end):
        characters = scanstring(match[0] + '"', 0, False)[0] if "\\" in match[0] else match[0]
        yield _Piece(characters, match.start(), match.end(), _json_pieces)


def _double_quoted_stretches(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for match in _DOUBLE_STRETCH.finditer(outer, start, end):
        written = match[0]
        if match["folded"] is None and match["escaped"] is None:
            characters = written if "\\" not in written else _read_as_json(written)
            if characters is not None:
                yield _Piece(characters, match.start(), match.end(), _double_quoted_pieces)
                continue
        yield from _double_quoted_pieces(outer, match.start(), match.end())


def _read_as_json(written: str) -> str | None:
    """Return the characters that *written* stands for; None if it has escapes that JSON lacks."""
    try:
        characters, end = scanstring(written + '"', 0, False)
    except ValueError:
        return None
    return characters if end == len(written) + 1 else None


def _single_quoted_stretches(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for match in _SINGLE_STRETCH.finditer(outer, start, end):
        if match["folded"] is None:
            yield _Piece(match[0].replace("''", "'"), match.start(), match.end(), _single_quoted_pieces)
        else:
            yield from _single_quoted_pieces(outer, match.start(), match.end())


def _json_pieces(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for match in _JSON.finditer(outer, start, end):
        characters = scanstring(match[0] + '"', 0, True)[0] if match[0][0] == "\\" else match[0]
        yield _Piece(characters, match.start(), match.end())


def _double_quoted_pieces(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for match in _DOUBLE.finditer(outer, start, end):
        piece = match[0]
        if (folded := match["folded"]) is not None:
            characters = "\n" * _count_breaks(folded) or " "
        elif (escaped := match["escaped"]) is not None:
            characters = "\n" * _count_breaks(escaped)
        elif piece[0] != "\\":
            characters = piece
        elif len(piece) == 12:  # both halves of a surrogate pair
            characters = chr(0x10000 + ((int(piece[2:6], 16) & 0x3FF) << 10) + (int(piece[8:], 16) & 0x3FF))
        elif piece[1] in "xuU" and len(piece) > 2:
            characters = chr(int(piece[2:], 16))
        else:
            characters = _ESCAPES.get(piece[1], "")
        yield _Piece(characters, match.start(), match.end())


def _single_quoted_pieces(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for match in _SINGLE.finditer(outer, start, end):
        folded = match["folded"]
        characters = match[0] if folded is None else "\n" * _count_breaks(folded) or " "
        yield _Piece("'" if characters == "''" else characters, match.start(), match.end())


def _count_breaks(blank: str) -> int:
    return len(re.findall(_BREAK, blank))


def _block_pieces(lines: Sequence[re.Match[str]], indent: int, *, folded: bool) -> Iterator[_Piece]:
    """Yield the pieces of a block scalar; YAML 1.2.2, 8.1."""
    last: re.Match[str] | None = None
    empty: list[Span] = []
    for line in lines:
        start = line.start() + min(indent, len(line[1]))
        content = line.string[start : line.start(3)]
        if not content:
            empty.append(line.span(3))
            continue
        if last is not None:
            joined = folded and len(last[1]) <= indent and content[0] not in " \t" and last[2][0] != "\t"
            if not joined:
                yield _Piece("\n", *last.span(3))
            elif not empty:
                yield _Piece(" ", *last.span(3))
        for span in empty:
            yield _Piece("\n", *span)
        empty = []
        yield _Piece(content, start, line.start(3))
        last = line
