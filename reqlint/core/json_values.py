"""What a Python value would be as JSON, and what of it JSON cannot hold."""

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from functools import cache
from itertools import islice
from typing import Any

from reqlint.core.findings import Hit, Part
from reqlint.core.pointer import Place

MAX_DEPTH = 254
"""Levels of nesting that are looked into; common JSON readers refuse more."""

MOST_VALUES = 250_000
"""Values that are looked into where a value is not plain JSON; what its own methods give need not end."""

NON_FINITE = {math.inf: "Infinity", -math.inf: "-Infinity"}
"""What a JSON writer that does not care calls these numbers; NaN, which equals nothing, is the third."""

_KINDS = frozenset({dict, list, str, int, float, bool, type(None)})
_RULE = "non-json-value"
_MOST_HITS = 1000
_MOST_DUMPS = 8  # models that give models in place of what they are
_HUGE = 10**4300  # Python writes no longer number unless it is told to


@cache
def json_predicate() -> Callable[[object], bool]:
    """
    Give what tells that an object is plain JSON; False means only that this is not known.

    It is dicts, lists, text, finite numbers, true, false and null, as they come with Python, in no more than
    `MAX_DEPTH` levels.

    NOTE: where it is there, `orjson` is asked, which looks at everything in a tenth of the time that judging takes.
    Deeper than a member it takes tuples for lists, and members of an `Enum` and a `UUID` for text; `is_json_value` tells
    these as well.
    """
    try:
        import orjson
    except ImportError:  # no wheel for this platform
        return is_json_value
    import re
    from marshal import dumps

    write = orjson.dumps
    options = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME | orjson.OPT_PASSTHROUGH_DATACLASS
    # A double that is not finite has an exponent of ones only; in a text the same bytes merely cost a second look.
    non_finite = re.compile(rb"[g\xe7].{6}[\xf0-\xff][\x7f\xff]", re.S).search

    def has_plain(value: Any) -> bool:
        try:
            if type(value) is not dict or not _KINDS.issuperset(map(type, value.values())):
                return False
            # NaN is written as null, so where nothing is null there is none.
            return b"null" not in write(value, None, options) or not non_finite(dumps(value, 4))
        except MemoryError:
            raise
        except Exception:  # no JSON, or a class that cannot be asked
            return False

    return has_plain


def is_json_value(value: object) -> bool:
    """Tell whether a value is plain JSON, to the very types; takes about as long as Python's own JSON writer."""
    level: list[Any] = [value]
    for _ in range(MAX_DEPTH + 1):
        inside: list[Any] = []
        for each in level:
            kind = type(each)
            if kind is dict:
                members = [*each.items()]
                if not all(type(key) is str and _writes(key) for key, _ in members):
                    return False
                inside += [member for _, member in members]
            elif kind is list:
                inside += each
            elif kind is float:
                if not math.isfinite(each):
                    return False
            elif kind is str:
                if not _writes(each):
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


def _writes(text: Any) -> bool:
    return text.isascii() or text.isprintable() or not any("\ud800" <= character <= "\udfff" for character in text)


def to_json_value(value: object) -> tuple[object, list[Hit]]:
    """
    Give a copy of *value* as dicts, lists, strings, numbers, booleans and None, and a hit for each part that is none.

    What Python's own JSON writer takes becomes what it writes: keys that are numbers, booleans or None become text,
    and a subclass counts for what it holds, whatever its methods say. Other mappings and sequences, and objects with a
    ``model_dump`` method (pydantic models, such as the messages an SDK returns), become what an SDK makes of them.
    What cannot be written becomes null in the result.

    Nothing that the value does can make it raise or run forever, but its own methods that do not return, and what is
    meant to end a program or says that there is no memory left. It is not changed, not even by asking a `defaultdict`.
    """
    copying = _Copying()
    return copying.copied(value), copying.hits


class _Copying:
    def __init__(self) -> None:
        self.hits: list[Hit] = []
        self.left = MOST_VALUES
        self.is_told = False

    def copied(self, value: object) -> object:
        """Copy level by level, since a value may be nested deeper than Python can call."""
        whole: list[object] = [None]
        # Each step: what is to be copied, its place, the values it is in, and where the copy goes.
        pending: list[tuple[object, Place, _Chain, Any, Any]] = [(value, (), None, whole, 0)]
        while pending:
            value, place, around, into, at = pending.pop()
            made, inside = self.made(value, place, around)
            into[at] = made
            if inside is not None:
                chain = (value, around)
                steps = [(each, (*place, step), chain, made, step) for step, each in inside]
                pending += reversed(steps)
        return whole[0]

    def made(
        self, value: Any, place: Place, around: "_Chain"
    ) -> tuple[object, "Iterable[tuple[str | int, object]] | None"]:
        """Give the copy of a value, and what is to go into it."""
        for _ in range(_MOST_DUMPS):
            kind = type(value)
            if value is None or kind is bool:
                return value, None
            if issubclass(kind, str):
                return self.text(str.__str__(value), place, Part.VALUE), None
            if issubclass(kind, int):
                number = int.__int__(value)
                if -_HUGE < number < _HUGE:
                    return number, None
                return self.no_word(place, "a number of more than 4,300 digits"), None
            if issubclass(kind, float):
                real = float.__float__(value)
                if math.isfinite(real):
                    return real, None
                return self.no_word(place, NON_FINITE.get(real, "NaN")), None
            if _is_in(value, around):
                return self.no_word(place, "a value that contains itself"), None
            if len(place) >= MAX_DEPTH:
                self.hits.append(Hit(place, facts={"limit": MAX_DEPTH}, rule="too-deep"))
                return None, None
            if self.left <= 0:
                return self.too_many(place), None
            if kind is list or kind is tuple:  # in one go, whatever other threads do
                return self.array([*value], place)
            try:
                if issubclass(kind, dict) and kind.items is dict.items:  # in one go, as above
                    return self.mapping(list(dict.items(value)), place)
                if issubclass(kind, Mapping):
                    pairs = [(key, member) for key, member in islice(value.items(), self.left + 1)]
                    return self.mapping(pairs, place)
                if issubclass(kind, Sequence) and not issubclass(kind, _BYTES):
                    some = list(islice(value, self.left + 1))
                    return self.array(some, place) if len(some) <= self.left else (self.too_many(place), None)
                dump = getattr(kind, "model_dump", None)
                if not callable(dump):
                    break
                value = dump(value, mode="json", exclude_unset=True)
            except MemoryError:
                raise
            except Exception:
                break
        return self.no_word(place, _named(value)), None

    def mapping(
        self, pairs: Sequence[tuple[object, object]], place: Place
    ) -> tuple[dict[str, object], Iterable[tuple[str | int, object]]]:
        if self.counts(len(pairs), place):
            return {}, ()
        made: dict[str, object] = {}
        inside: dict[str | int, object] = {}
        for key, member in pairs:
            word = _key(key)
            if word is None:
                self.no_word(place, f"a key that is {_named(key)}")
                continue
            name = self.text(word, (*place, encodable(word)), Part.KEY)
            if name in made:  # 1 and "1" are two keys to Python, and a text that has one twice to whoever reads it
                self.hits.append(Hit((*place, name), Part.KEY, {"name": name}, rule="duplicate-key"))
            made[name] = None  # in the order of the keys
            inside[name] = member
        return made, inside.items()

    def array(self, items: list[Any], place: Place) -> tuple[list[object], Iterable[tuple[str | int, object]] | None]:
        if (
            items
            and all(type(each) is int or type(each) is bool for each in items)
            and min(items) > -_HUGE
            and max(items) < _HUGE
        ):
            return items, None
        if self.counts(len(items), place):
            return [], None
        return [None] * len(items), enumerate(items)

    def text(self, text: str, place: Place, part: Part) -> str:
        clean = encodable(text)
        if clean is not text:
            self.hits.append(Hit(place, part, {"name": "a lone surrogate"}, rule="lone-surrogate"))
        return clean

    def no_word(self, place: Place, name: str) -> object:
        """Note a value that JSON has no word for; null stands in for it."""
        self.hits.append(Hit(place, facts={"name": name}, rule=_RULE))
        return None

    def counts(self, number: int, place: Place) -> bool:
        """Count values, the deeper the more, as their places take room; tell whether there are too many by now."""
        self.left -= number * (1 + len(place) // 8)
        if len(self.hits) > _MOST_HITS:
            self.left = -1
        if self.left < 0:
            self.too_many(place)
        return self.left < 0

    def too_many(self, place: Place) -> object:
        if not self.is_told:
            self.is_told = True
            self.no_word(place, "what holds very many values or mistakes")
        return None


_Chain = tuple[object, Any] | None
"""A value that another is in, and what that is in."""
_BYTES = (bytes, bytearray, memoryview)


def _is_in(value: object, around: _Chain) -> bool:
    while around is not None:
        if around[0] is value:
            return True
        around = around[1]
    return False


def encodable(text: str) -> str:
    """Give a text with a sign in place of each half of a character; the very same where there is none."""
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join("\ufffd" if "\ud800" <= c <= "\udfff" else c for c in text)
    return text


def _key(key: Any) -> str | None:
    """Give what Python's JSON writer makes of a key; None where it refuses."""
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
    """Say what kind of Python value it is, whatever it says of itself."""
    kind = type(value)
    name = f"a Python {type.__dict__['__name__'].__get__(kind)[:60]}"
    try:
        if issubclass(kind, Set):
            return "a Python set"
        return f"{name}, which can be read only once" if issubclass(kind, Iterator) else name
    except Exception:  # a class that cannot be asked
        return name
