"""
Which key or value of a document the cursor is at, whatever state its text is in.

The token at the cursor is replaced by one that nobody writes, the text is read as far as it can be, and that token is
looked for in what was read.
"""

import re
from collections.abc import Iterator

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.core.records import dataclass
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.json.mend import mend
from reqlint.text.json.scanner import scan
from reqlint.text.yaml.reader import load

_SIGN = "\ue0f0reqlint\ue0f0"
_TOKEN = re.compile(r'"(?:[^"\\\n]|\\[^\n])*+"?|[{}\[\],:]|[^\s{}\[\],:"]+')
_WORD = re.compile(r"[\w.$/-]*")
_MOST_CHARACTERS = 500_000  # of a text, or a line of JSON Lines, in which a place is looked for


@dataclass(frozen=True)
class Cursor:
    """A key or a value, and the text that writes it."""

    place: Place  #: of the value; for a key, that of its value
    part: Part
    root: object  #: the value of the document, in which the token at the cursor is left out
    start: int  #: offset at which the token begins
    end: int
    token: str  #: as it is written, with its quotes
    form: Form

    @property
    def owner(self) -> Place:
        """The place of the object or array that the key or value is in."""
        return self.place[:-1]


def cursors_at(text: str, form: Form, offset: int) -> Iterator[Cursor]:
    """Yield what may be at an *offset* of a text, the likeliest first; nothing where nobody can tell."""
    if form is Form.HTTPRR:
        return
    base = 0
    if form is Form.JSONL:
        base = text.rfind("\n", 0, offset) + 1
        end = text.find("\n", offset)
        text, offset = text[base : end if end >= 0 else len(text)], offset - base
    if len(text) > _MOST_CHARACTERS:
        return
    is_yaml = form is Form.YAML and not text.lstrip("\ufeff \t\r\n").startswith(("{", "["))
    start, stop = _yaml_token(text, offset) if is_yaml else _json_token(text, offset)
    written = Form.YAML if is_yaml else Form.JSON
    for place, part, root in (_in_yaml if is_yaml else _in_json)(text, start, stop):
        yield Cursor(place, part, root, base + start, base + stop, text[start:stop], written)


# ------------------------------------------------------------------------------------------------------------- JSON


def _json_token(text: str, offset: int) -> tuple[int, int]:
    """Return the span of the string or word that the cursor is in or behind; an empty one between two of them."""
    for token in _TOKEN.finditer(text, text.rfind("\n", 0, offset) + 1):
        if token.start() > offset or (token.start() == offset and token[0] in "{}[],:"):
            break
        is_closed = token[0].startswith('"') and len(token[0]) > 1 and token[0].endswith('"')
        inside = offset < token.end() if is_closed else offset <= token.end()
        if inside and token[0] not in "{}[],:":
            return token.span()
    return offset, offset


def _in_json(text: str, start: int, stop: int) -> Iterator[tuple[Place, Part, object]]:
    best: tuple[int, tuple[Place, Part, object]] | None = None
    for before, after in (("", ""), ("", ": null"), ("", ": null,"), (",", ": null"), ("", ","), (",", "")):
        edited = f'{text[:start]}{before}"{_SIGN}"{after}{text[stop:]}'
        read = mend(edited, int(text.startswith("\ufeff")))
        if read is None:
            continue
        value, _ = scan(read.text)
        at = next(_find(value, ()), None) if value is not UNREADABLE else None
        if at is None:
            continue
        doubts = len(read.uncertain.unknown) + len(read.uncertain.open)
        if best is None or doubts < best[0]:
            best = doubts, (*at, value)
        if not doubts:
            break
    if best is not None:
        yield best[1]


def _find(value: object, place: Place) -> Iterator[tuple[Place, Part]]:
    """Yield where the sign stands in *value*."""
    pending: list[tuple[object, Place]] = [(value, place)]
    while pending:
        value, place = pending.pop()
        if isinstance(value, dict):
            if _SIGN in value:
                yield (*place, _SIGN), Part.KEY
            pending += [(member, (*place, key)) for key, member in value.items()]
        elif isinstance(value, list):
            pending += [(item, (*place, index)) for index, item in enumerate(value)]
        elif isinstance(value, str) and value == _SIGN:
            yield place, Part.VALUE


# ------------------------------------------------------------------------------------------------------------- YAML


def _yaml_token(text: str, offset: int) -> tuple[int, int]:
    """Return the span of the word around an *offset*, with its quotes."""
    start = offset
    while start > 0 and _WORD.fullmatch(text[start - 1]):
        start -= 1
    word = _WORD.match(text, offset)
    stop = word.end() if word else offset
    if text[start - 1 : start] in ("'", '"') and start:
        start -= 1
        stop += text[stop : stop + 1] == text[start]
    return start, stop


def _in_yaml(text: str, start: int, stop: int) -> Iterator[tuple[Place, Part, object]]:
    line = text[text.rfind("\n", 0, start) + 1 : start]
    is_value = re.search(r":\s+\S*$", line) is not None
    has_colon = re.match(r"[ \t]*:(?:\s|$)", text[stop:]) is not None
    tails = ("", ": null") if is_value or has_colon else (": null", "")
    for tail in tails:
        edited = f"{text[:start]}{_SIGN}{tail}{text[stop:]}"
        for loaded in load(edited, int(text.startswith("\ufeff"))):
            if loaded.value is UNREADABLE:
                break
            at = next(_find(loaded.value, ()), None)
            if at is not None:
                yield (*at, loaded.value)
                break
