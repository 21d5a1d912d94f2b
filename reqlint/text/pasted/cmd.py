r"""
The words of a command as Windows reads them: first cmd.exe, then the program itself. Neither is asked.

cmd.exe takes carets away, and joins a line that ends in one with the next; the program splits what is left at blanks
outside of double quotes. Browsers write this form as "copy as cURL (cmd)": ``^"…^\^"…^"`` today, ``"…""…"`` before.
"""

import re
from collections.abc import Iterator

from reqlint.text.pasted.pieces import Piece, slice_of
from reqlint.text.pasted.posix import Command, Word


def read_command(text: str, at: int) -> Command:
    """Read the command from *at* to the end of the line, or to what else ends it."""
    reader = _CmdReader(text)
    characters = list(reader.unescaped(at))
    end = characters[-1].end if characters else at
    return Command(tuple(_words(characters)), at, end)


_CONTINUED = re.compile(r"\^[ \t]*\r?\n")
_LINE_END = re.compile(r"\r?\n")
_MOST_CHARACTERS = 1_000_000  # cmd.exe itself takes 8,191; pasted into something else, a command may be longer
_VARIABLE = re.compile(r"%[A-Za-z_][A-Za-z0-9_]*%")


class _CmdReader:
    def __init__(self, text: str) -> None:
        self.text = text

    def unescaped(self, at: int) -> Iterator[Piece]:
        """Yield the characters that cmd.exe hands to the program, one by one."""
        text, quoted = self.text, False
        end_of_all = min(len(text), at + _MOST_CHARACTERS)
        while at < end_of_all:
            first = text[at]
            if variable := _VARIABLE.match(text, at):
                yield Piece(variable[0], at, variable.end(), unknown=True)
                at = variable.end()
            elif first == "^" and not quoted:
                if continued := _CONTINUED.match(text, at):
                    # What follows the line end is taken as it is, so an empty line writes a line end.
                    at = continued.end()
                    if end := _LINE_END.match(text, at):
                        yield Piece("\n", at, end.end())
                        at = end.end()
                    continue
                if at + 1 < len(text):
                    yield Piece(text[at + 1], at, at + 2)
                at += 2
            elif _LINE_END.match(text, at) or (first in "|&<>" and not quoted):
                return
            else:
                quoted ^= first == '"'
                yield slice_of(text, at, at + 1)
                at += 1


def _words(characters: list[Piece]) -> Iterator[Word]:
    """Yield the arguments that a program makes of its command line; backslashes count only before a double quote."""
    pieces: list[Piece] = []
    started = quoted = False
    at = start = 0
    while at < len(characters):
        piece = characters[at]
        if piece.text in (" ", "\t") and not quoted:
            if started:
                yield Word(tuple(_joined(pieces)), start, characters[at - 1].end)
            pieces, started = [], False
            at += 1
            continue
        if not started:
            started, start = True, piece.start
        if piece.text == "\\":
            count = 1
            while at + count < len(characters) and characters[at + count].text == "\\":
                count += 1
            run = characters[at : at + count]
            at += count
            if at < len(characters) and characters[at].text == '"':
                pieces += [Piece("\\", run[i].start, run[i + 1].end) for i in range(0, count - 1, 2)]
                if count % 2:
                    pieces.append(Piece('"', run[-1].start, characters[at].end))
                    at += 1
            else:
                pieces += run
        elif piece.text == '"':
            if quoted and at + 1 < len(characters) and characters[at + 1].text == '"':
                pieces.append(Piece('"', piece.start, characters[at + 1].end))
                at += 2
            else:
                quoted = not quoted
                at += 1
        else:
            pieces.append(piece)
            at += 1
    if started:
        yield Word(tuple(_joined(pieces)), start, characters[-1].end)


def _joined(pieces: list[Piece]) -> Iterator[Piece]:
    """Yield *pieces* with those that stand for themselves side by side made one."""
    texts: list[str] = []
    start = end = 0
    for piece in pieces:
        plain = not piece.unknown and len(piece.text) == piece.end - piece.start
        if texts and not (plain and piece.start == end):
            yield Piece("".join(texts), start, end)
            texts = []
        if not plain:
            yield piece
            continue
        if not texts:
            start = piece.start
        texts.append(piece.text)
        end = piece.end
    if texts:
        yield Piece("".join(texts), start, end)
