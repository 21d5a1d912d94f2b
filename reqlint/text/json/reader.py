"""JSON text, read fast and strictly; what the fast reader refuses, and where things stand, others say on demand."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cache
from json import JSONDecoder, dumps
from math import isinf
from typing import Final

from reqlint.core.findings import Part
from reqlint.core.pointer import Place

DEPTH = 254  #: levels of nesting; orjson's limit, and far beyond what a server accepts
Span = tuple[int, int]  #: code-point offsets of the first character and one past the last
Spans = dict[Place, tuple[Span | None, Span]]  #: of the key (none in an array and at the root), and of the value


class Unreadable:
    """The value of a document that has none; there is one, `UNREADABLE`."""

    def __repr__(self) -> str:
        return "UNREADABLE"


UNREADABLE: Final = Unreadable()


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in the text itself, by offsets: what a `Hit` of the text layer is made of."""

    rule: str
    span: Span
    facts: Mapping[str, object] = field(default_factory=dict)
    place: Place = ()
    part: Part = Part.VALUE
    related: tuple[tuple[str, Place, Part, Span], ...] = ()  #: label, and where


class Refused(ValueError):
    """The fast reader found something that the strict scanner has to explain."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused
    return members


def _finite(written: str) -> float:
    if isinf(number := float(written)):
        raise Refused
    return number


def _integer(written: str) -> int:
    if len(written) > 308 and isinf(float(written)):
        raise Refused
    return int(written)


def _refuse(_: str) -> float:
    raise Refused


_strict = JSONDecoder(object_pairs_hook=_object, parse_constant=_refuse, parse_float=_finite, parse_int=_integer).decode

_PAYS = 1 << 23  # bytes to read from where on importing the fast reader takes less time than it saves
_left = _PAYS


def read_json(text: bytes) -> object:
    """
    Read one JSON value, and refuse whatever is not plain JSON without saying why: `scan` does that.

    Begins with the standard library, and goes on with a faster reader once so much was read that its import pays. A
    request of 5.4 KB (13 messages, 8 tools; CPython 3.11): 42 µs with the standard library and the hooks that notice
    what it lets pass, 21 µs with msgspec and orjson, 32 µs with jiter and a look for numbers that overflow.

    Raises:
        ValueError: not UTF-8, not JSON, a duplicate key, a number that is not finite, or more than `DEPTH` levels.
    """
    global _left
    if _left < 0 and (fast := _fast_reader()):
        return fast(text)
    _left -= len(text)
    return _read_plainly(text)


def expect_bytes(size: int) -> None:
    """Be told that *size* bytes are to be read, so that the reader which suits is there from the first on."""
    global _left
    if size > _left:
        _left = -1


@cache
def _fast_reader() -> Callable[[bytes], object] | None:
    """Give the reader for much text; None where its wheels are missing, or are not what it was written for."""
    try:
        from msgspec.json import Decoder
        from orjson import dumps as write
    except ImportError:  # no wheel for this platform
        return None
    import re  # at hand already; its search for a literal is half again as fast as `in`

    decode, has_escaped_colon = Decoder().decode, re.compile(rb"\\u003[aA]").search

    def read_fast(text: bytes) -> object:
        try:
            value: object = decode(text)
            written = write(value)  # refuses what has more than `DEPTH` levels, and integers of more than 64 bits
        except (RecursionError, TypeError):
            return _read_plainly(text)
        # Each member is written with a colon. Where one was dropped, because its key came again, a colon is missing;
        # there are as many as before only if none was, or if an escaped one in a string makes up for it.
        if text.count(b":") != written.count(b":") or has_escaped_colon(text):
            return _read_plainly(text)
        return value

    return read_fast if _refuses_depth(write) else None


def _refuses_depth(write: Callable[[object], bytes]) -> bool:
    value: object = None
    for _ in range(DEPTH):
        value = [value]
    try:
        write(value)
    except TypeError:
        return False
    try:
        write([value])
    except TypeError:
        return True
    return False


def _read_plainly(text: bytes) -> object:
    """Read with the standard library, which needs more asking to be as strict."""
    try:
        value: object = _strict(text.decode())
    except RecursionError:
        raise Refused from None
    if text.count(b"[") + text.count(b"{") > DEPTH and _is_deeper(value, DEPTH):
        raise Refused
    if b"\\ud" in text or b"\\uD" in text:
        dumps(value, ensure_ascii=False).encode()  # refuses half a surrogate pair
    return value


def _is_deeper(value: object, limit: int) -> bool:
    level = [value]
    for _ in range(limit):
        level = [inner for outer in level for inner in _inside(outer)]
    return any(True for outer in level for _ in _inside(outer))


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
