"""JSON text, read fast and strictly; `scan` explains what this reader refuses."""

from collections.abc import Callable, Iterable
from functools import cache
from json import JSONDecoder, dumps
from math import isinf

from reqlint.text.json.plain_text import look_at

MAX_DEPTH = 254  #: levels of nesting; orjson's limit, and far beyond what a server accepts


class Refused(ValueError):
    """The text is not JSON, or has a flaw; carries no explanation."""


def _object(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise Refused
    return members


def _finite_float(written: str) -> float:
    if isinf(number := float(written)):
        raise Refused
    return number


def _finite_int(written: str) -> int:
    if len(written) > 308 and isinf(float(written)):
        raise Refused
    return int(written)


def _refuse(_: str) -> float:
    raise Refused


STRICT = JSONDecoder(
    object_pairs_hook=_object, parse_constant=_refuse, parse_float=_finite_float, parse_int=_finite_int
)
"""Decodes as `json.loads` does, but refuses duplicate keys and numbers that are not finite."""

_decode_strictly = STRICT.decode

_PAYS = 1 << 23  # bytes to read before importing the fast reader takes less time than it saves
_left = _PAYS


def read_json(text: bytes) -> object:
    """
    Read one JSON value; refuse any text with a flaw, without an explanation, which `scan` has.

    Starts with the standard library, and changes to a faster reader after so many bytes that its import pays. A
    request of 5.4 KB (13 messages, 8 tools; CPython 3.11): 42 µs with the standard library and the hooks that refuse
    what it would accept, 21 µs with msgspec and orjson, 32 µs with jiter and a search for numbers that overflow.

    Raises:
        ValueError: not UTF-8, not JSON, a duplicate key, a number that is not finite, or more than `MAX_DEPTH` levels.
    """
    global _left
    if _left < 0 and (fast := _fast_reader()):
        return fast(text)
    _left -= len(text)
    return _read_with_stdlib(text)


def expect_bytes(size: int) -> None:
    """Announce that *size* bytes will be read, so that `read_json` starts with the reader that suits."""
    global _left
    if size > _left:
        _left = -1


@cache
def _fast_reader() -> Callable[[bytes], object] | None:
    """Return the reader for many bytes; None where its wheels are missing, or orjson has another depth limit."""
    try:
        from msgspec.json import Decoder
        from orjson import dumps as write
    except ImportError:  # no wheel for this platform
        return None
    import re  # imported already; its search for a literal takes two thirds of the time of `in`

    decode, has_escaped_colon = Decoder().decode, re.compile(rb"\\u003[aA]").search

    def read_fast(text: bytes) -> object:
        try:
            value: object = decode(text)
            written = write(value)  # refuses more than `MAX_DEPTH` levels, and integers of more than 64 bits
        except (RecursionError, TypeError):
            return _read_with_stdlib(text)
        # Each member is written with a colon, so every member dropped for a duplicate key leaves one colon fewer.
        # Equal counts mean that none was dropped, unless an escaped colon in a string makes up for it.
        if text.count(b":") == written.count(b":") and (look_at(text, value) or not has_escaped_colon(text)):
            return value
        return _read_with_stdlib(text)

    return read_fast if _limits_depth(write) else None


def _limits_depth(write: Callable[[object], bytes]) -> bool:
    """Return whether *write* refuses values of more than `MAX_DEPTH` levels, and only those."""
    value: object = None
    for _ in range(MAX_DEPTH):
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


def _read_with_stdlib(text: bytes) -> object:
    """Read with the standard library, which needs more checks to be as strict."""
    try:
        value: object = _decode_strictly(text.decode())
    except RecursionError:
        raise Refused from None
    if text.count(b"[") + text.count(b"{") > MAX_DEPTH and is_deeper(value, MAX_DEPTH):
        raise Refused
    if b"\\ud" in text or b"\\uD" in text:
        dumps(value, ensure_ascii=False).encode()  # refuses half a surrogate pair
    return value


def is_deeper(value: object, limit: int) -> bool:
    """Return whether arrays and objects of *value* lie in each other in more than *limit* levels."""
    level = [value]
    for _ in range(limit):
        level = [inner for outer in level for inner in _inside(outer)]
    return any(True for outer in level for _ in _inside(outer))


def _inside(value: object) -> Iterable[object]:
    if isinstance(value, dict):
        return value.values()
    return value if isinstance(value, list) else ()
