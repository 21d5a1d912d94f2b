"""Whether a Python value is JSON, and the JSON that it would be sent as."""

import marshal
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import count, islice
from typing import Any

from reqlint.core.findings import Hit, Part
from reqlint.core.pointer import Place

MAX_DEPTH = 254
"""Levels of nesting that are read; common JSON readers refuse more."""

MOST_VALUES = 250_000
"""Values that are copied from a request that is not JSON; the methods of its objects could yield values forever."""

NON_FINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}
"""How lenient JSON writers write these numbers; NaN, which equals nothing and so is no key here, is the third."""

KINDS = frozenset({dict, list, str, int, float, bool, type(None)})
"""The types that JSON values have in Python."""
_RULE = "non-json-value"
_MOST_HITS = 1000
_MOST_LOOKED_AT = 1000  # bytes that end a number that is not finite, or mean something else
_MOST_DUMPS = 8  # calls of model_dump for one value, each of which may return another model
_HUGE = 10**4300  # Python does not write longer numbers by default


@cache
def json_predicate() -> Callable[[object], bool]:
    """
    Return a fast predicate that is True for objects of JSON values only; False means that this is not known.

    JSON values are dicts, lists, strings, finite numbers, true, false and null of exactly Python's own types, in at
    most `MAX_DEPTH` levels.

    NOTE: where `orjson` is installed, the predicate uses it, which takes a tenth of the time that judging takes. Below
    the members of the object it accepts tuples as lists, and Enum members and UUIDs as strings, unlike `is_json_value`.
    """
    try:
        import orjson
    except ImportError:  # no wheel for this platform
        return is_json_value
    write = orjson.dumps
    options = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS

    def is_json_object(value: Any) -> bool:
        try:
            if type(value) is not dict or not KINDS.issuperset(map(type, value.values())):
                return False
            # orjson writes NaN as null, so without null there is no NaN.
            return b"null" not in write(value, None, options) or not may_have_non_finite(value)
        except MemoryError:
            raise
        except Exception:  # not JSON, or a class that raises when it is inspected
            return False

    return is_json_object


def is_sendable(request: Any, repeated: Sequence[str]) -> bool:
    """
    Return whether an object holds only JSON values; the same answer as the judge's shortcut, without its memory.

    *repeated* are the keys of members in which no enumerations and the like are taken for texts. The first objects of a
    process are looked at without `orjson`, which takes longer to import than a small request to judge.
    """
    try:
        if next(_asked) < _FEW:
            return type(request) is dict and is_json_value(request)
        # Nothing of a value is asked before it is known to be Python's own dict: others may answer for ever.
        return json_predicate()(request) and bool(
            marshal.dumps({key: request[key] for key in repeated if key in request}, 4)
        )
    except MemoryError:
        raise
    except Exception:  # a value that only orjson writes; or another thread changes the request
        return False


_FEW = 3
_asked = count()


@cache
def json_writer() -> Callable[[dict[str, Any]], bytes]:
    """
    Return what writes an object as JSON in one step, or raises an exception if the object has what is no JSON value.

    What it writes is a fingerprint, not what is sent. NOTE: where `orjson` is installed, it accepts below the members
    of the object what `json_predicate` accepts, and writes NaN as null, too; `may_have_non_finite` tells them apart.
    """
    try:
        import orjson
    except ImportError:  # no wheel for this platform
        return _write_slowly
    write = orjson.dumps
    options = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
    return lambda value: write(value, None, options)


@cache
def json_reader() -> Callable[[bytes], object]:
    """Return what reads what `json_writer` has written."""
    try:
        import orjson
    except ImportError:  # no wheel for this platform
        import json

        return json.loads
    return orjson.loads


def _write_slowly(value: dict[str, Any]) -> bytes:
    import json

    if not is_json_value(value):
        raise ValueError("not a JSON value")
    return json.dumps(value, ensure_ascii=False).encode()


def may_have_non_finite(value: Any) -> bool:
    """Return False when no number in a value that could be written as JSON is NaN or infinite."""
    written = marshal.dumps(value, 4)
    # The exponent of a double that is not finite is all ones, and marshal writes that byte last. A text with the same
    # bytes merely gets True.
    for last in (b"\x7f", b"\xff"):
        at = written.find(last)
        for _ in range(_MOST_LOOKED_AT):
            if at < 0:
                break
            if at >= 8 and written[at - 1] >= 0xF0 and written[at - 8] in b"g\xe7":
                return True
            at = written.find(last, at + 1)
        else:
            return True
    return False


def is_deeper(value: object, limit: int) -> bool:
    """Return whether a JSON value has more than *limit* levels of lists and objects, or more than anyone nests."""
    level = [value] if isinstance(value, dict | list) else []
    for _ in range(limit):
        level = [
            member
            for each in level
            for member in (each.values() if isinstance(each, dict) else each)
            if isinstance(member, dict | list)
        ]
        if not level:
            return False
        if len(level) > _WIDEST:
            return True
    return True


_WIDEST = 100_000  # values in one level: aliases of aliases


def is_json_value(value: object) -> bool:
    """Return whether a value is JSON, of exactly Python's own types; takes about as long as `json.dumps`."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH + 1):
        inside: list[Any] = []
        for each in level:
            kind = type(each)
            if kind is dict:
                members = [*each.items()]
                if not all(type(key) is str and _is_encodable(key) for key, _ in members):
                    return False
                inside += [member for _, member in members]
            elif kind is list:
                inside += each
            elif kind is float:
                if not math.isfinite(each):
                    return False
            elif kind is str:
                if not _is_encodable(each):
                    return False
            elif kind is int:
                if not -_HUGE < each < _HUGE:
                    return False
            elif kind is not bool and each is not None:
                return False
        if not inside:
            return True
        level = inside
    return False


def _is_encodable(text: Any) -> bool:
    return text.isascii() or text.isprintable() or not any("\ud800" <= character <= "\udfff" for character in text)


def to_json_value(value: object) -> tuple[object, list[Hit]]:
    """
    Return a copy of *value* as dicts, lists, strings, numbers, booleans and None, and a hit for each part that is none.

    Whatever `json.dumps` accepts is copied as it would write it: keys that are numbers, booleans or None become
    strings, and instances of subclasses are copied by their content, whatever their methods return. Other mappings and
    sequences, and objects with a ``model_dump`` method (pydantic models, such as the messages an SDK returns), are
    copied as an SDK would send them. Anything else becomes null.

    No value makes this raise or run forever, unless its own methods never return, raise `MemoryError`, or raise what
    ends a program, such as `KeyboardInterrupt`. *value* is not changed, not even a `defaultdict`.
    """
    copier = _Copier()
    return copier.copy(value), copier.hits


class _Copier:
    def __init__(self) -> None:
        self.hits: list[Hit] = []
        self.left = MOST_VALUES
        self.reported_too_many = False

    def copy(self, value: object) -> object:
        """Copy a value without recursion, since it may be nested deeper than Python can call."""
        result: list[object] = [None]
        # Each entry: a value, its place, the values around it, and the container and key that its copy goes to.
        pending: list[tuple[object, Place, _Parents, Any, Any]] = [(value, (), None, result, 0)]
        while pending:
            value, place, parents, container, key = pending.pop()
            copied, members = self.convert(value, place, parents)
            container[key] = copied
            if members is not None:
                inner = (value, parents)
                pending += reversed([(member, (*place, step), inner, copied, step) for step, member in members])
        return result[0]

    def convert(
        self, value: Any, place: Place, parents: "_Parents"
    ) -> tuple[object, "Iterable[tuple[str | int, object]] | None"]:
        """Return the copy of one value, an object or array with null in place of its members, and those members."""
        for _ in range(_MOST_DUMPS):
            kind = type(value)
            if value is None or kind is bool:
                return value, None
            if issubclass(kind, str):
                return self.convert_text(str.__str__(value), place, Part.VALUE), None
            if issubclass(kind, int):
                number = int.__int__(value)
                if -_HUGE < number < _HUGE:
                    return number, None
                return self.reject(place, "a number of more than 4,300 digits"), None
            if issubclass(kind, float):
                real = float.__float__(value)
                if math.isfinite(real):
                    return real, None
                return self.reject(place, NON_FINITE.get(real, "NaN")), None
            if _is_among(value, parents):
                return self.reject(place, "a value that contains itself"), None
            if len(place) >= MAX_DEPTH:
                self.hits.append(Hit(place, facts={"limit": MAX_DEPTH}, rule="too-deep"))
                return None, None
            if self.left <= 0:
                return self.too_many(place), None
            if kind is list or kind is tuple:  # copied in one step, as other threads may change it
                return self.convert_array([*value], place)
            try:
                if issubclass(kind, dict) and kind.items is dict.items:  # in one step, as above
                    return self.convert_mapping(list(dict.items(value)), place)
                if issubclass(kind, Mapping):
                    pairs = [(key, member) for key, member in islice(value.items(), self.left + 1)]
                    return self.convert_mapping(pairs, place)
                if issubclass(kind, Sequence) and not issubclass(kind, _BYTES):
                    items = list(islice(value, self.left + 1))
                    return self.convert_array(items, place) if len(items) <= self.left else (self.too_many(place), None)
                dump = getattr(kind, "model_dump", None)
                if not callable(dump):
                    break
                value = dump(value, mode="json", exclude_unset=True)
            except MemoryError:
                raise
            except Exception:
                break
        return self.reject(place, _named(value)), None

    def convert_mapping(
        self, pairs: Sequence[tuple[object, object]], place: Place
    ) -> tuple[dict[str, object], Iterable[tuple[str | int, object]]]:
        if self.exceeds(len(pairs), place):
            return {}, ()
        copied: dict[str, object] = {}
        members: dict[str | int, object] = {}
        for key, member in pairs:
            word = _key(key)
            if word is None:
                self.reject(place, f"a key that is {_named(key)}")
                continue
            name = self.convert_text(word, (*place, encodable(word)), Part.KEY)
            if name in copied:  # Python has both keys 1 and "1", which JSON writes the same
                self.hits.append(Hit((*place, name), Part.KEY, {"name": name}, rule="duplicate-key"))
            copied[name] = None  # keeps the order of the keys
            members[name] = member
        return copied, members.items()

    def convert_array(
        self, items: list[Any], place: Place
    ) -> tuple[list[object], Iterable[tuple[str | int, object]] | None]:
        if (
            items
            and all(type(each) is int or type(each) is bool for each in items)
            and min(items) > -_HUGE
            and max(items) < _HUGE
        ):
            return items, None
        if self.exceeds(len(items), place):
            return [], None
        return [None] * len(items), enumerate(items)

    def convert_text(self, text: str, place: Place, part: Part) -> str:
        clean = encodable(text)
        if clean is not text:
            self.hits.append(Hit(place, part, {"name": "a lone surrogate"}, rule="lone-surrogate"))
        return clean

    def reject(self, place: Place, name: str) -> object:
        """Report a value that JSON cannot write, and return null, which stands in for it."""
        self.hits.append(Hit(place, facts={"name": name}, rule=_RULE))
        return None

    def exceeds(self, number: int, place: Place) -> bool:
        """Count *number* values, more for deep ones whose places take memory; return whether there are too many now."""
        self.left -= number * (1 + len(place) // 8)
        if len(self.hits) > _MOST_HITS:
            self.left = -1
        if self.left < 0:
            self.too_many(place)
        return self.left < 0

    def too_many(self, place: Place) -> object:
        if not self.reported_too_many:
            self.reported_too_many = True
            self.reject(place, "a value with too many members or mistakes")
        return None


_Parents = tuple[object, Any] | None
"""The value that contains another, and the parents of that value."""
_BYTES = (bytes, bytearray, memoryview)


def _is_among(value: object, parents: _Parents) -> bool:
    while parents is not None:
        if parents[0] is value:
            return True
        parents = parents[1]
    return False


def encodable(text: str) -> str:
    """Return *text* with U+FFFD in place of each lone surrogate; the same object if it has none."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def _key(key: Any) -> str | None:
    """Return what `json.dumps` writes for a key; None if it refuses the key."""
    kind = type(key)
    if issubclass(kind, str):
        return str.__str__(key)
    if key is True or key is False or key is None:
        return {True: "true", False: "false", None: "null"}[key]
    if issubclass(kind, float) and math.isfinite(real := float.__float__(key)):
        return float.__repr__(real)
    if issubclass(kind, int) and -_HUGE < (number := int.__int__(key)) < _HUGE:
        return int.__repr__(number)
    return None


def _named(value: object) -> str:
    """Return the kind of a Python value in words, without calling any of its methods."""
    kind = type(value)
    name = f"a Python {type.__dict__['__name__'].__get__(kind)[:60]}"
    try:
        if issubclass(kind, Set):
            return "a Python set"
        return f"{name}, which can be read only once" if issubclass(kind, Iterator) else name
    except Exception:  # a class that raises when it is inspected
        return name
