"""Where a document writes each character of a string, through escapes, folded lines and indentation."""

import re
from collections.abc import Iterable, Iterator, Sequence
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C string reader json itself uses; no stub
from typing import NamedTuple

from reqlint.core.findings import Region
from reqlint.text.documents import Document, YamlDocument
from reqlint.text.flaws import Span


class CharacterOffsets(NamedTuple):
    """The offsets in the document where each character of a string starts and ends."""

    starts: Sequence[int]
    ends: Sequence[int]


def character_offsets(document: Document, string: Region, text: str) -> CharacterOffsets | None:
    """
    Return where *document* writes each character of *text*, the value of the *string*.

    None if that is not certain: when what is read here is not exactly *text*.
    """
    outer = document.text
    if document.writes_verbatim:
        is_there = outer[string.start : string.end] == text
        starts, ends = range(string.start, string.end), range(string.start + 1, string.end + 1)
        return CharacterOffsets(starts, ends) if is_there and text else None
    if not isinstance(document, YamlDocument):
        return _match(_json_pieces(outer, string.start + 1, string.end - 1), text)
    start = _PROPERTIES.match(outer, string.start, string.end).end()  # type: ignore[union-attr]  # it also matches nothing
    style = outer[start : start + 1]
    if style == '"':
        return _match(_double_quoted_pieces(outer, start + 1, string.end - 1), text)
    if style == "'":
        return _match(_single_quoted_pieces(outer, start + 1, string.end - 1), text)
    if style and style in "|>" and (header := _HEADER.match(outer, start, string.end)):
        lines = [line for line in _LINE.finditer(outer, header.end(), string.end) if line[0]]
        # The header may declare an indentation relative to the parent; the blanks left in the text show its width.
        first = next((line for line in lines if line[2]), None)
        kept = len(_BLANKS.match(text)[1])  # type: ignore[index]  # it also matches nothing
        indent = len(first[1]) - kept if first else 0
        return _match(_block_pieces(lines, indent, folded=style == ">"), text) if indent >= 0 else None
    return None  # NOTE: a plain scalar cannot start with a brace, so none holds an object


_Piece = tuple[str, int, int]
"""
Characters, and the start and end of the stretch that writes them.

If the stretch is as long as the characters, it writes them one by one; otherwise all of it writes each of them.
"""

_BREAK = r"(?:\r\n|[\r\n])"
_FOLD = rf"{_BREAK}(?P<{{0}}>(?:[ \t]*+{_BREAK})*+)[ \t]*+"
_PAIR = r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}"
_JSON = re.compile(rf"{_PAIR}|\\u.{{4}}|\\.|[^\\]+", re.DOTALL)
_DOUBLE = re.compile(
    rf"[ \t]*+{_FOLD.format('folded')}|\\{_FOLD.format('escaped')}|{_PAIR}"
    r"|\\x.{2}|\\u.{4}|\\U.{8}|\\.|[^\\ \t\r\n]+|[ \t]+",
    re.DOTALL,
)
_SINGLE = re.compile(rf"[ \t]*+{_FOLD.format('folded')}|''|[^' \t\r\n]+|[ \t]+")
_PROPERTIES = re.compile(r"(?:[&!]\S*\s+)*")  # an anchor and a tag are part of the node before a scalar
_BLANKS = re.compile(r"(?: *\n)*( *)")
_HEADER = re.compile(rf"[|>][-+0-9]*[ \t]*(?:#[^\r\n]*)?{_BREAK}")
_LINE = re.compile(rf"( *)([^\r\n]*)({_BREAK}|\Z)")
_ESCAPES = dict(zip('0abt\tnvfre "\\/N_LP', '\0\a\b\t\t\n\v\f\r\x1b "\\/\x85\xa0\u2028\u2029', strict=True))


def _match(pieces: Iterable[_Piece], text: str) -> CharacterOffsets | None:
    """Return the offsets of the characters in *pieces*; None unless they are those of *text*."""
    read: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for characters, start, end in pieces:
        read.append(characters)
        if len(characters) == end - start:
            starts += range(start, end)
            ends += range(start + 1, end + 1)
        else:
            starts += [start] * len(characters)
            ends += [end] * len(characters)
    kept = text.rstrip("\n")  # the header of a block decides on its last line ends, which mean nothing in JSON
    if not kept or "".join(read).rstrip("\n") != kept:
        return None
    missing = max(0, len(text) - len(starts))
    return CharacterOffsets(starts + ends[-1:] * missing, ends + ends[-1:] * missing)


def _json_pieces(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for match in _JSON.finditer(outer, start, end):
        characters = scanstring(match[0] + '"', 0, True)[0] if match[0][0] == "\\" else match[0]
        yield characters, match.start(), match.end()


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
        yield characters, match.start(), match.end()


def _single_quoted_pieces(outer: str, start: int, end: int) -> Iterator[_Piece]:
    for match in _SINGLE.finditer(outer, start, end):
        folded = match["folded"]
        characters = match[0] if folded is None else "\n" * _count_breaks(folded) or " "
        yield "'" if characters == "''" else characters, match.start(), match.end()


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
                yield "\n", *last.span(3)
            elif not empty:
                yield " ", *last.span(3)
        for span in empty:
            yield "\n", *span
        empty = []
        yield content, start, line.start(3)
        last = line
