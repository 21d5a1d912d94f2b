"""JSON text, read fast and strictly; what the fast reader refuses, and where things stand, others say on demand."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from json import JSONDecoder, dumps
from math import isinf
from typing import Final

from reqlint.findings import Part
from reqlint.pointer import Place

try:
    import jiter
except ImportError:  # no wheel for this platform: the standard library reads the same, at twice the time
    jiter = None  # type: ignore[assignment]  # tested before use

DEPTH = 200  #: levels of nesting; jiter's limit, and far beyond what a server accepts
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

# A number that overflows a double has a three-digit exponent or two hundred digits in a row. jiter reads it as infinity
# without a word, so text that could hold one goes to the standard library. Every digit and + look like 0 here.
_BLUR = bytes.maketrans(b"123456789+E", b"0000000000e")
_MANY = b"0" * 200


def read(text: bytes) -> object:
    """
    Read one JSON value, and refuse whatever is not plain JSON without saying why: `scan` does that.

    A request of 6.2 KB (13 messages, 8 tools; CPython 3.11): jiter 22 µs and the test for overflow 7 µs; the standard
    library 42 µs with the hooks that notice as much, 24 µs without.

    Raises:
        ValueError: not UTF-8, not JSON, a duplicate key, a number that is not finite, or more than `DEPTH` levels.
    """
    if jiter is not None:
        blurred = text.translate(_BLUR)
        if b"0e000" not in blurred and _MANY not in blurred:
            value: object = jiter.from_json(text, catch_duplicate_keys=True, allow_inf_nan=False, cache_mode="keys")
            return value
    return _read_plainly(text)


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
