"""Split one line of JSON or YAML into tokens, and find the credentials in it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from reqlint.display.credential_names import is_credential_key
from reqlint.display.credential_search import find_credentials
from reqlint.display.credentials import masked_as
from reqlint.display.shown import Masked

Span = tuple[int, int]
"""Where something begins and ends in a text, in code points from 0; the end is exclusive."""

_SHORT_LINE = 400  # characters; in longer lines the middle of a private key is not looked for


@dataclass(frozen=True, slots=True)
class Token:
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
    plain = _YAML_PLAIN.match(line) if yaml else None
    if plain and plain["value"]:
        yield from _scan(line[: plain.start("value")], _YAML_TOKEN)
        secret = is_credential_key((plain["key"] or "").strip("\"' "))
        yield Token(plain.start("value"), len(line), 0, secret)
    else:
        yield from _scan(line, _YAML_TOKEN if yaml else _JSON_TOKEN)


def _scan(line: str, pattern: re.Pattern[str]) -> Iterator[Token]:
    """Yield the tokens of a line; a value is secret by its key, or by a "name" beside it as HAR files have it."""
    key, name, after_colon, in_secret_list = "", "", False, False
    for found in pattern.finditer(line):
        start, end = found.span()
        if found["filler"]:
            after_colon = found[0].strip(" \t\r\n[") == ":"
            opens_secret_list = after_colon and "[" in found[0] and is_credential_key(key)
            in_secret_list = "]" not in found[0] and (in_secret_list or opens_secret_list)
            if "}" in found[0]:
                name = ""
            yield Token(start, end, 0, False, filler=True)
            continue
        quoted = found[0][0] in "\"'"
        text = found[0].strip("\"'") if end - start < 200 else ""
        secret = in_secret_list or (
            after_colon and (is_credential_key(key) or (key == "value" and is_credential_key(name)))
        )
        if after_colon and key == "name":
            name = text
        key = "" if after_colon else text
        yield Token(start, end, int(quoted), secret)
        after_colon = False


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
