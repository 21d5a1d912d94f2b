"""
The words of commands as a POSIX shell or bash reads them, each character with its place. No shell is asked.

Quotes of all kinds, backslashes, continued lines, heredocs and here-strings are read. What only a running shell knows
(variables, output of commands) is kept as it is written, and marked as unknown.
"""

import re
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from reqlint.text.pasted.pieces import Piece, slice_of


class Word(NamedTuple):
    """One word of a command: an argument without its quotes."""

    pieces: tuple[Piece, ...]
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its text; what is unknown stands in it as it is written."""
        return "".join(piece.text for piece in self.pieces)

    @property
    def is_certain(self) -> bool:
        """Whether all of it is known."""
        return not any(piece.unknown for piece in self.pieces)


class Command(NamedTuple):
    """One simple command."""

    words: tuple[Word, ...]
    start: int
    end: int
    given: tuple[Piece, ...] | None = None  #: what a heredoc or here-string hands it
    is_piped: bool = False  #: whether it reads what the command before it writes
    unclosed: int = -1  #: offset of a quote or heredoc that never ends


def read_pipeline(text: str, at: int, *, end: int | None = None) -> list[Command]:
    """Read the commands from *at* to the end of the line, or to what else ends them; those joined by pipes."""
    return _PosixReader(text, len(text) if end is None else end).pipeline(at)


_PLAIN = re.compile(r"[^\s\\'\"$`;&|()<>#]+")
_BLANK = re.compile(r"(?:[ \t]+|\\\r?\n)+")
_CONTINUED = re.compile(r"\\\r?\n")
_REDIRECTION = re.compile(r"(?:[0-9]{1,2}|&)?(?:<<<|<<-?|<>|<&|<|>>|>\||>&|>)")
_IN_DOUBLE = re.compile(r'[^\\"$`]+')
_IN_HEREDOC = re.compile(r"[^\\$`]+")
_VARIABLE = re.compile(r"\$(?:[A-Za-z_][A-Za-z0-9_]*|[0-9@*#?$!-])")
_CAT = re.compile(r"\$\(\s*cat\s*<<(-?)[ \t]*(\\?[A-Za-z_]\w*|'[^'\n]*'|\"[^\"\n]*\")[ \t]*\r?\n")
_ANSI = re.compile(
    r"(?P<bytes>(?:\\x[0-9a-fA-F]{1,2}|\\[0-7]{1,3})+)|\\u(?P<pair>[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2})"
    r"|\\u(?P<short>[0-9a-fA-F]{1,4})|\\U(?P<long>[0-9a-fA-F]{1,8})|\\c(?P<control>.)|\\(?P<one>.)|(?P<plain>[^\\']+)",
    re.DOTALL,
)
_BYTE = re.compile(r"\\x([0-9a-fA-F]{1,2})|\\([0-7]{1,3})")
_LETTERS = {"a": "\a", "b": "\b", "e": "\x1b", "E": "\x1b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_NESTING = re.compile(r"""\\.|'[^']*'|\$\(|[()"]""", re.DOTALL)
_NESTING_IN_DOUBLE = re.compile(r"""\\.|\$\(|\"""", re.DOTALL)
_BRACES = re.compile(r"""\\.|'[^']*'|"(?:[^"\\]|\\.)*"|[{}]""", re.DOTALL)
_MOST_NESTED = 100
_MOST_PIECES = 500_000  # of a word; a longer one counts as not closed
_MOST_WORDS = 100_000


class _Unclosed(Exception):
    """What begins at an offset does not end."""

    def __init__(self, at: int) -> None:
        super().__init__(at)
        self.at = at


class _PosixReader:
    def __init__(self, text: str, end: int) -> None:
        self.text = text
        self.stop = end
        self.heredocs: list[tuple[int, str, bool, bool]] = []  # number of the command, delimiter, quoted, tabs stripped

    def pipeline(self, at: int) -> list[Command]:
        commands: list[Command] = []
        piped = False
        while True:
            command, at = self.command(at, len(commands), is_piped=piped)
            commands.append(command)
            if command.unclosed >= 0 or not self.text.startswith("|", at) or self.text.startswith("||", at):
                break
            at, piped = at + 1 + self.text.startswith("|&", at), True
            at = self.skip(_CONTINUED_PIPE, at)
        if self.heredocs and commands[-1].unclosed < 0:
            self.read_heredocs(commands, at)
        return commands

    def skip(self, pattern: re.Pattern[str], at: int) -> int:
        match = pattern.match(self.text, at, self.stop)
        return match.end() if match else at

    def command(self, at: int, number: int, *, is_piped: bool) -> tuple[Command, int]:
        text = self.text
        words: list[Word] = []
        stdin: tuple[Piece, ...] | None = None
        start = at = self.skip(_BLANK, at)
        try:
            while at < self.stop and text[at] not in "\r\n;|)&#":
                if redirection := _REDIRECTION.match(text, at, self.stop):
                    kind = redirection[0].lstrip("0123456789&")
                    word = self.word(self.skip(_BLANK, redirection.end()))
                    at = word.end
                    if kind in ("<<", "<<-"):
                        quoted = any(text[each] in "'\"\\" for each in range(word.start, word.end))
                        self.heredocs.append((number, word.text, quoted, kind == "<<-"))
                    elif kind == "<<<":
                        stdin = (*word.pieces, Piece("\n", word.end, word.end))
                    elif kind.startswith("<"):
                        stdin = (Piece(text[redirection.start() : at], redirection.start(), at, unknown=True),)
                elif text[at] in "(":
                    break
                else:
                    if len(words) > _MOST_WORDS:
                        raise _Unclosed(start)
                    words.append(self.word(at))
                    at = words[-1].end
                at = self.skip(_BLANK, at)
        except _Unclosed as unclosed:
            return Command(tuple(words), start, self.stop, stdin, is_piped, unclosed.at), self.stop
        return Command(tuple(words), start, at, stdin, is_piped), at

    def word(self, at: int) -> Word:
        """Read the word at *at*, which may be empty."""
        text, start = self.text, at
        pieces: list[Piece] = []
        while at < self.stop:
            self.limit(pieces, start)
            first = text[at]
            if plain := _PLAIN.match(text, at, self.stop):
                pieces.append(slice_of(text, at, plain.end()))
                at = plain.end()
            elif first == "#" and at > start:
                pieces.append(slice_of(text, at, at + 1))
                at += 1
            elif first == "\\":
                if continued := _CONTINUED.match(text, at, self.stop):
                    at = continued.end()
                    continue
                end = min(at + 2, self.stop)
                pieces.append(Piece(text[at + 1 : end] or "\\", at, end))
                at = end
            elif first == "'":
                end = self.find("'", at)
                pieces.append(slice_of(text, at + 1, end))
                at = end + 1
            elif first == '"':
                at = self.double_quoted(at + 1, pieces, at)
            elif first == "$" and text.startswith("$'", at):
                at = self.ansi(at + 2, pieces, at)
            elif first == "$" and text.startswith('$"', at):
                at = self.double_quoted(at + 2, pieces, at)
            elif first in "$`":
                at = self.expansion(at, pieces)
            else:
                break
        return Word(tuple(pieces), start, at)

    def limit(self, pieces: list[Piece], opened: int) -> None:
        if len(pieces) > _MOST_PIECES:
            raise _Unclosed(opened)

    def find(self, what: str, at: int) -> int:
        end = self.text.find(what, at + 1, self.stop)
        if end < 0:
            raise _Unclosed(at)
        return end

    def double_quoted(self, at: int, pieces: list[Piece], opened: int) -> int:
        text = self.text
        while at < self.stop:
            self.limit(pieces, opened)
            if plain := _IN_DOUBLE.match(text, at, self.stop):
                pieces.append(slice_of(text, at, plain.end()))
                at = plain.end()
            elif text[at] == '"':
                return at + 1
            elif text[at] == "\\":
                at = self.escaped(at, pieces, '$`"\\')
            else:
                at = self.expansion(at, pieces)
        raise _Unclosed(opened)

    def escaped(self, at: int, pieces: list[Piece], special: str) -> int:
        """Read a backslash that makes only *special* characters and line ends lose their meaning."""
        if continued := _CONTINUED.match(self.text, at, self.stop):
            return continued.end()
        if self.text[at + 1 : at + 2] in special and at + 1 < self.stop:
            pieces.append(Piece(self.text[at + 1], at, at + 2))
            return at + 2
        pieces.append(slice_of(self.text, at, at + 1))
        return at + 1

    def ansi(self, at: int, pieces: list[Piece], opened: int) -> int:
        text = self.text
        while at < self.stop and text[at] != "'":
            self.limit(pieces, opened)
            match = _ANSI.match(text, at, self.stop)
            if match is None:  # a backslash at the very end
                raise _Unclosed(opened)
            end = match.end()
            if match["plain"]:
                pieces.append(slice_of(text, at, end))
            elif match["bytes"]:
                pieces += _decoded(text, at, end)
            elif match["pair"]:
                high, low = int(match["pair"][:4], 16), int(match["pair"][6:], 16)
                pieces.append(Piece(chr(0x10000 + ((high & 0x3FF) << 10) + (low & 0x3FF)), at, end))
            elif number := match["short"] or match["long"]:
                code = int(number, 16)
                pieces.append(Piece(chr(code) if code < 0x110000 else "\ufffd", at, end))
            elif match["control"]:
                pieces.append(Piece(chr(ord(match["control"]) & 0x1F), at, end))
            else:
                one = match["one"]
                known = _LETTERS.get(one) or (one if one in "\\'\"?" else f"\\{one}")
                pieces.append(Piece(known, at, end))
            at = end
        if at >= self.stop:
            raise _Unclosed(opened)
        return at + 1

    def expansion(self, at: int, pieces: list[Piece]) -> int:
        """Read what begins with a dollar sign or a backquote."""
        text = self.text
        if text[at] == "`":
            end = at + 1
            while (end := text.find("`", end, self.stop)) > 0 and text[end - 1] == "\\":
                end += 1
            if end < 0:
                raise _Unclosed(at)
            end += 1
        elif variable := _VARIABLE.match(text, at, self.stop):
            end = variable.end()
        elif text.startswith("${", at):
            end = self.closed(_BRACES, at + 1, at)
        elif text.startswith("$(", at):
            if written := self.cat(at):
                pieces += written[0]
                return written[1]
            end = self.nested(at + 2, at)
        else:  # a dollar sign that stands for itself
            pieces.append(slice_of(text, at, at + 1))
            return at + 1
        pieces.append(Piece(text[at:end], at, end, unknown=True))
        return end

    def closed(self, pattern: re.Pattern[str], at: int, opened: int) -> int:
        """Return the offset after the brace that closes the one at *at*."""
        depth = 0
        for match in pattern.finditer(self.text, at, self.stop):
            depth += (match[0] == "{") - (match[0] == "}")
            if depth == 0:
                return match.end()
        raise _Unclosed(opened)

    def nested(self, at: int, opened: int) -> int:
        """Return the offset after the parenthesis that closes a substitution, quotes and other ones inside skipped."""
        around = ["("]
        while around and len(around) <= _MOST_NESTED:
            quoted = around[-1] == '"'
            match = (_NESTING_IN_DOUBLE if quoted else _NESTING).search(self.text, at, self.stop)
            if match is None:
                break
            at = match.end()
            if match[0] == ('"' if quoted else ")"):
                around.pop()
            elif match[0] in ('"', "(", "$("):
                around.append(match[0][-1])
        if around:
            raise _Unclosed(opened)
        return at

    def cat(self, at: int) -> tuple[list[Piece], int] | None:
        """Read ``$(cat <<EOF … EOF)``, whose output is known without running it."""
        match = _CAT.match(self.text, at, self.stop)
        if match is None:
            return None
        delimiter = match[2].strip("\\'\"")
        pieces, end = self.heredoc(match.end(), delimiter, match[2] != delimiter, bool(match[1]))
        closing = re.compile(r"\s*\)").match(self.text, end, self.stop)
        if closing is None:
            return None
        while pieces and not pieces[-1].unknown and pieces[-1].text.endswith("\n"):  # as a substitution drops them
            last = pieces.pop()
            kept = last.text.rstrip("\n")
            if kept and len(last.text) == last.end - last.start:
                pieces.append(slice_of(self.text, last.start, last.start + len(kept)))
                break
        return pieces, closing.end()

    def read_heredocs(self, commands: list[Command], at: int) -> None:
        """Read the heredocs of a line that goes on at *at*, one after the other, below it."""
        at = self.text.find("\n", at, self.stop) + 1 or self.stop
        for number, delimiter, quoted, stripped in self.heredocs:
            pieces: list[Piece]
            try:
                pieces, at = self.heredoc(at, delimiter, quoted, stripped)
            except _Unclosed as unclosed:
                commands[number] = commands[number]._replace(unclosed=unclosed.at, end=self.stop)
                return
            commands[number] = commands[number]._replace(given=tuple(pieces))
        commands[-1] = commands[-1]._replace(end=max(at, commands[-1].end))

    def heredoc(self, at: int, delimiter: str, quoted: bool, stripped: bool) -> tuple[list[Piece], int]:
        """Read a heredoc from *at*; return its text, and the offset after the line that ends it."""
        text, pieces, opened = self.text, [], at
        line = re.compile(r"(?P<tabs>\t*)(?P<rest>[^\n]*)(?P<end>\n|\Z)")
        lines: list[tuple[int, int]] = []
        joined = ""
        while True:
            match = line.match(text, at, self.stop)
            if match is None or at >= self.stop:
                raise _Unclosed(max(0, opened - 1))
            begin = match.start("rest") if stripped else at
            at = match.end()
            written = text[begin : match.start("end")].rstrip("\r")
            if joined + written == delimiter:
                break
            lines.append((begin, match.end()))
            # Where backslashes count, one at the end of a line joins it with the next, be that the delimiter.
            goes_on = not quoted and (len(written) - len(written.rstrip("\\"))) % 2 == 1
            joined = (joined + written[:-1])[: len(delimiter) + 1] if goes_on else ""
        for start, end in lines:
            if quoted:
                pieces.append(slice_of(text, start, end))
        if not quoted:
            pieces = list(islice(self.expanded(lines), _MOST_PIECES))
            self.limit([*pieces, *pieces[:1]], opened)
        return pieces, at

    def expanded(self, lines: list[tuple[int, int]]) -> Iterator[Piece]:
        """Yield the text of heredoc lines in which a shell expands what begins with a dollar sign or a backquote."""
        done = 0
        for start, end in lines:
            at = max(start, done)
            while at < end:
                pieces: list[Piece] = []
                if plain := _IN_HEREDOC.match(self.text, at, end):
                    pieces.append(slice_of(self.text, at, plain.end()))
                    at = plain.end()
                elif self.text[at] == "\\":
                    at = self.escaped(at, pieces, "$`\\")
                else:
                    at = self.expansion(at, pieces)
                yield from pieces
            done = at


_CONTINUED_PIPE = re.compile(r"(?:[ \t\r\n]+|\\\r?\n)+")


def _decoded(text: str, at: int, end: int) -> Iterator[Piece]:
    """Yield the characters that a run of escaped bytes writes in UTF-8."""
    stretches: list[tuple[int, int]] = []
    written = bytearray()
    for match in _BYTE.finditer(text, at, end):
        stretches.append(match.span())
        written.append(int(match[1], 16) if match[1] else int(match[2], 8) & 0xFF)
    number = 0
    for character in written.decode("utf-8", "replace"):
        size = len(character.encode()) if written.startswith(character.encode(), number) else 1
        yield Piece(character, stretches[number][0], stretches[min(number + size, len(stretches)) - 1][1])
        number = min(number + size, len(stretches) - 1)
