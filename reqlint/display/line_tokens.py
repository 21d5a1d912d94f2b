"""Split one line of JSON or YAML into tokens, and find the credentials in it."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from reqlint.display.credential_names import is_credential_key
from reqlint.display.credential_search import find_credentials
from reqlint.display.credentials import masked_as
from reqlint.display.shown import Masked

Span = tuple[int, int]
"""Where something begins and ends in a text, in code points from 0; the end is exclusive."""

_SHORT_LINE = 400  # characters; in longer lines the middle of a private key is not looked for


class Token(NamedTuple):
    """A string, a bare word, or the blanks and punctuation between them."""

    start: int
    end: int
    quotes: int  #: 1 for a quoted string, 0 for bare text
    secret: bool  #: masked whatever it looks like, because of its key
    filler: bool = False  #: blanks and punctuation


_PIECE = r'"(?:[^"\\]+|\\.)*+(?:"|\\?\Z)|(?P<filler>[\s\[\]{},:]+)|[^\s\[\]{},:"]+'
_JSON_TOKEN = re.compile(_PIECE, re.DOTALL)
_YAML_TOKEN = re.compile(r"(?<![^\s\[{,:])'(?:[^']|'')*+(?:'|\Z)|" + _PIECE, re.DOTALL)
_YAML_PLAIN = re.compile(
    r"""\s*+(?:-\s++)*+(?:(?P<key>[^\s"'\[{#:][^:"']*+|"[^"]*+"\s*+|'[^']*+'\s*+):(?:\s+|$))?"""
    r"""(?P<value>[^\s"'\[{&*|>!].*)?$""",
    re.DOTALL,
)


def tokens(line: str, *, yaml: bool) -> Iterator[Token]:
    """Yield the tokens of *line* in order; a plain scalar of YAML is one token, whatever it contains."""
    return LineTokens(line, yaml=yaml).all()


class LineTokens:
    """
    The tokens of one line, for whoever asks for those around many places in it.

    Where every so many of them begin is remembered, so that no place needs a look at all that stands before it.
    """

    def __init__(self, line: str, *, yaml: bool) -> None:
        plain = _YAML_PLAIN.match(line) if yaml else None
        self._line = line
        self._pattern = _YAML_TOKEN if yaml else _JSON_TOKEN
        self._end, self._plain = len(line), None
        if plain and plain["value"]:
            self._end = plain.start("value")
            self._plain = Token(self._end, len(line), 0, is_credential_key((plain["key"] or "").strip("\"' ")))
        self._marks = [_Scan()]
        self._is_marked = False  # to the end

    def all(self) -> Iterator[Token]:
        """Yield all of them in order."""
        return self._from(_Scan())

    def around(self, start: int) -> Iterator[Token]:
        """Yield `MOST_BEFORE` tokens before *start* or some more, all if there are fewer, and then the others."""
        while self._marks[-1].at <= start and not self._is_marked:
            scan = self._marks[-1].copy()
            read = sum(1 for _ in islice(scan.tokens(self._line, self._pattern, self._end), MOST_BEFORE))
            self._is_marked = read < MOST_BEFORE
            if not self._is_marked:
                self._marks.append(scan)
        number = bisect_right(self._marks, start, key=lambda mark: mark.at)
        return self._from(self._marks[max(0, number - 2)].copy())

    def _from(self, scan: "_Scan") -> Iterator[Token]:
        yield from scan.tokens(self._line, self._pattern, self._end)
        if self._plain:
            yield self._plain


MOST_BEFORE = 128  #: more than a terminal shows


class _Scan:
    """How far a line was read, and what decides whether the next value is secret: its key, or a "name" beside it."""

    __slots__ = ("after_colon", "at", "in_secret_list", "key", "name")

    def __init__(self) -> None:
        self.at = 0
        self.key = ""
        self.name = ""  #: as HAR files have it
        self.after_colon = False
        self.in_secret_list = False

    def copy(self) -> "_Scan":
        """Return one that moves on by itself."""
        scan = _Scan()
        for name in self.__slots__:
            setattr(scan, name, getattr(self, name))
        return scan

    def tokens(self, line: str, pattern: re.Pattern[str], end: int) -> Iterator[Token]:
        """Yield the tokens of *line* from where this stands up to *end*, and move on with each."""
        for found in pattern.finditer(line, self.at, end):
            start, self.at = found.span()
            if found["filler"]:
                self._pass_filler(found[0])
                yield Token(start, self.at, 0, False, filler=True)
                continue
            quoted = found[0][0] in "\"'"
            text = found[0].strip("\"'") if self.at - start < 200 else ""
            secret = self.in_secret_list or (
                self.after_colon
                and (is_credential_key(self.key) or (self.key == "value" and is_credential_key(self.name)))
            )
            if self.after_colon and self.key == "name":
                self.name = text
            self.key = "" if self.after_colon else text
            self.after_colon = False
            yield Token(start, self.at, int(quoted), secret)

    def _pass_filler(self, filler: str) -> None:
        self.after_colon = filler.strip(" \t\r\n[") == ":"
        opens_secret_list = self.after_colon and "[" in filler and is_credential_key(self.key)
        self.in_secret_list = "]" not in filler and (self.in_secret_list or opens_secret_list)
        if "}" in filler:
            self.name = ""


# A line from the middle of a private key, whose beginning is on another line: nothing but base64.
_KEY_LINE = re.compile(r"""\s*["']?((?=\S*[a-z])(?=\S*[A-Z])(?=\S*[0-9])[A-Za-z0-9+/]{40,}={0,2})(?:\\.|["'\s,])*""")


def credential_spans(line: str, start: int, end: int) -> list[Span]:
    """Return the spans to mask between *start* and *end*; the prefix of a credential is not part of its span."""
    spans = [(found.secret, found.end) for found in find_credentials(line, start, end)]
    if len(line) <= _SHORT_LINE and (key := _KEY_LINE.fullmatch(line)):
        spans.append(key.span(1))
    return spans


def mask_line(line: str, *, yaml: bool = False) -> Masked:
    """Mask the credentials in a line of JSON or YAML, by their form or by the key before them."""
    spans = credential_spans(line, 0, len(line))
    masked = ""
    for token in tokens(line, yaml=yaml):
        start, end = token.start + token.quotes, token.end - token.quotes
        if token.secret and end > start:
            masked += line[token.start : start] + masked_as("") + line[end : token.end]
            continue
        position = token.start
        for begin, stop in spans:
            if begin < token.end and stop > position:
                masked += line[position : max(position, begin)] + masked_as("")
                position = min(token.end, stop)
        masked += line[position : token.end]
    return Masked(masked)
