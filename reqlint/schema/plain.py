"""
Whether a value satisfies schemas, worked out in plain Python for the first few values of a process.

Importing the accelerated engine and compiling schemas takes longer than all else that one small file needs. What is
said here is only ever a proof: where it is not certain that a value satisfies, the engine is asked.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from math import isfinite
from typing import Any

from reqlint.schema.engine import resolve_reference

_MOST_STEPS = 20_000  # subschemas that are applied to a value and what is in it; the engine takes larger values
_DEEPEST = 60
_LONGEST_TEXT = 4_096  # that a pattern is held against; the engine's patterns take linear time, Python's may not
_MOST_UNIQUE = 64
_ANNOTATIONS = frozenset(
    {
        "$id", "$schema", "$defs", "$comment", "title", "description", "default", "deprecated", "examples", "format",
        "then", "else", "minContains", "maxContains",
    }
)  # fmt: skip
"""Keywords that decide nothing, or are read with another one."""
_JSON = (dict, list, str, int, float, bool, type(None))


class Unsure(Exception):
    """The answer has to be left to an engine."""


def judge_plainly(resources: Sequence[Mapping[str, Any]], value: object) -> bool | None:
    """Return whether *value* satisfies every schema; None if that takes an engine to say."""
    try:
        return all(Proof(resource).holds(resource, value, 0) for resource in resources)
    except (Unsure, RecursionError, LookupError):
        return None


class Proof:
    """The steps that are left for one schema."""

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._left = _MOST_STEPS
        self._known: dict[int, Sequence[tuple[str, Any]]] = {}  # demands by the id of their schema

    def holds(self, schema: Any, value: Any, depth: int) -> bool:
        """
        Return whether *value* satisfies *schema*.

        Raises:
            Unsure: that takes an engine to say.
        """
        if schema is True or schema is False:
            return bool(schema)
        depth += 1
        for keyword, wanted in self.demands(schema, value, depth):
            if not _KEYWORDS[keyword](self, schema, wanted, value, depth):
                return False
        return True

    def demands(self, schema: Mapping[str, Any], value: Any, depth: int) -> Sequence[tuple[str, Any]]:
        """Return the keywords of a schema that decide something, all of which are known here; raise `Unsure` else."""
        self._left -= 1
        if self._left < 0 or depth > _DEEPEST or value.__class__ not in _JSON:
            raise Unsure
        if value.__class__ is float and not isfinite(value):
            raise Unsure
        demands = self._known.get(id(schema))
        if demands is None:
            demands = [each for each in schema.items() if each[0] not in _ANNOTATIONS and not each[0].startswith("x-")]
            if not all(keyword in _KEYWORDS for keyword, _ in demands):
                raise Unsure
            self._known[id(schema)] = demands
        return demands

    def satisfies(self, keyword: str, schema: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """Return whether *value* satisfies one keyword."""
        return _KEYWORDS[keyword](self, schema, wanted, value, depth)

    def target(self, reference: str) -> Any:
        """Return what a reference leads to."""
        return resolve_reference(self._root, reference)

    def refer(self, _: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``$ref``."""
        return self.holds(self.target(wanted), value, depth)

    def all_of(self, _: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``allOf``."""
        return all(self.holds(each, value, depth) for each in wanted)

    def any_of(self, _: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``anyOf``."""
        return any(self.holds(each, value, depth) for each in wanted)

    def one_of(self, _: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``oneOf``."""
        return sum(self.holds(each, value, depth) for each in wanted) == 1

    def negate(self, _: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``not``."""
        return not self.holds(wanted, value, depth)

    def choose(self, schema: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``if``."""
        branch = "then" if self.holds(wanted, value, depth) else "else"
        return self.holds(schema.get(branch, True), value, depth)

    def properties(self, _: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``properties``."""
        if value.__class__ is not dict:
            return True
        return all(self.holds(each, value[name], depth) for name, each in wanted.items() if name in value)

    def others(self, schema: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``additionalProperties``."""
        if value.__class__ is not dict or wanted is True:
            return True
        if "patternProperties" in schema:
            raise Unsure
        named = schema.get("properties", ())
        return all(self.holds(wanted, member, depth) for name, member in value.items() if name not in named)

    def names(self, _: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``propertyNames``."""
        return value.__class__ is not dict or all(self.holds(wanted, name, depth) for name in value)

    def items(self, schema: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``items``."""
        if value.__class__ is not list:
            return True
        return all(self.holds(wanted, each, depth) for each in value[len(schema.get("prefixItems", ())) :])

    def first_items(self, _: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``prefixItems``."""
        if value.__class__ is not list:
            return True
        return all(self.holds(schema, each, depth) for schema, each in zip(wanted, value, strict=False))

    def contains(self, schema: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``contains``."""
        if value.__class__ is not list:
            return True
        found = sum(self.holds(wanted, each, depth) for each in value)
        return bool(schema.get("minContains", 1) <= found <= schema.get("maxContains", found))

    def dependents(self, _: Mapping[str, Any], wanted: Any, value: Any, depth: int) -> bool:
        """``dependentSchemas``."""
        if value.__class__ is not dict:
            return True
        return all(self.holds(each, value, depth) for name, each in wanted.items() if name in value)


def _has_type(wanted: Any, value: Any) -> bool:
    kinds = (wanted,) if isinstance(wanted, str) else wanted
    return any(_is_a(value, kind) for kind in kinds)


def _is_a(value: Any, kind: str) -> bool:
    if kind == "integer":
        return value.__class__ is int or (value.__class__ is float and value.is_integer())
    if kind == "number":
        return value.__class__ is int or value.__class__ is float
    return bool(value.__class__ is _TYPES[kind])


_TYPES = {"object": dict, "array": list, "string": str, "boolean": bool, "null": type(None)}


def _equals(one: Any, other: Any) -> bool:
    """Return whether two values are the same JSON: 1 and 1.0 are, 1 and true are not."""
    if one.__class__ is bool or other.__class__ is bool:
        return one is other
    if isinstance(one, dict) and isinstance(other, dict):
        return one.keys() == other.keys() and all(_equals(each, other[key]) for key, each in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(map(_equals, one, other))
    return bool(one == other)


def _are_unique(value: Any) -> bool:
    if len(value) > _MOST_UNIQUE:
        raise Unsure
    return not any(_equals(each, other) for number, each in enumerate(value) for other in value[:number])


def _matches(pattern: str, text: str) -> bool:
    """Return whether *pattern* is found in *text*, or raise `Unsure` where engines may differ."""
    if len(text) > _LONGEST_TEXT:
        raise Unsure
    try:
        text.encode()
    except UnicodeEncodeError:  # half a character, which an engine may refuse to look at
        raise Unsure from None
    loose = _loosened(pattern)
    search = None if loose is None else _compiled(loose)
    if search and search(text) is None:
        return False
    if not (search and loose == pattern):
        if not text.isascii() or not _CONTROLS.isdisjoint(text):
            raise Unsure
        search = _compiled(pattern)
    if search is None:
        raise Unsure
    return search(text) is not None


_CONTROLS = frozenset("\x1c\x1d\x1e\x1f")  # white space for Python alone


@cache
def _compiled(pattern: str) -> Callable[[str], object] | None:
    """Compile *pattern*; None if Python may take long to hold it against a text, or reads it differently."""
    bare = re.sub(_CLASS, "x", pattern).replace("(?:", "(")
    if "(?" in bare or _repeats_group(bare):
        return None
    # JSON Schema patterns are ECMA-262's, where $ is the very end; Python's also matches before a last newline.
    translated = re.sub(_PIECE, lambda token: r"\Z" if token[0] == "$" else token[0], pattern)
    try:
        return re.compile(translated).search
    except re.error:
        return None


@cache
def _loosened(pattern: str) -> str | None:
    """
    Return a pattern that is found wherever an engine may find *pattern*; None if that takes more than is known here.

    Which letters beyond ASCII belong to a word, and what is white space, differs between engines. Without the edges of
    words, and with all that may be white space, a pattern is found more often, so what it is not found in is certain.
    It is unchanged where nothing in it can be read in two ways.
    """

    def loosen(token: re.Match[str]) -> str:
        piece = token[0]
        if piece.startswith("["):
            return piece.replace(r"\s", r"\s\ufeff")
        return {".": r"[\s\S]", r"\b": "(?:)", r"\s": r"[\s\ufeff]"}.get(piece, piece)

    for piece in re.findall(_PIECE, pattern):
        if re.search(r"\\[BdDpPSwW]", piece) or (piece.startswith("[^") and r"\s" in piece):
            return None
    return re.sub(_PIECE, loosen, pattern)


_repeats_group = re.compile(r"\)(?:[*+]|\{\d+,\}|\{\d*,?\d{2,}\})").search
_CLASS = r"\\.|\[\^?\]?(?:\\.|[^\]\\])*\]"  # an escape, or a class of characters
_PIECE = _CLASS + r"|[\s\S]"

_Check = Callable[[Proof, Mapping[str, Any], Any, Any, int], bool]


def _of_text(holds: Callable[[Any, Any], bool]) -> _Check:
    return lambda _, __, wanted, value, ___: value.__class__ is not str or holds(wanted, value)


def _of_list(holds: Callable[[Any, Any], bool]) -> _Check:
    return lambda _, __, wanted, value, ___: value.__class__ is not list or holds(wanted, value)


def _of_object(holds: Callable[[Any, Any], bool]) -> _Check:
    return lambda _, __, wanted, value, ___: value.__class__ is not dict or holds(wanted, value)


def _of_number(holds: Callable[[Any, Any], bool]) -> _Check:
    return lambda _, __, wanted, value, ___: (
        (value.__class__ is not int and value.__class__ is not float) or holds(wanted, value)
    )


_KEYWORDS: Mapping[str, _Check] = {
    "$ref": Proof.refer,
    "additionalProperties": Proof.others,
    "allOf": Proof.all_of,
    "anyOf": Proof.any_of,
    "const": lambda _, __, wanted, value, ___: _equals(wanted, value),
    "contains": Proof.contains,
    "dependentRequired": _of_object(
        lambda wanted, value: all(value.keys() >= {*each} for name, each in wanted.items() if name in value)
    ),
    "dependentSchemas": Proof.dependents,
    "enum": lambda _, __, wanted, value, ___: any(_equals(each, value) for each in wanted),
    "exclusiveMaximum": _of_number(lambda wanted, value: value < wanted),
    "exclusiveMinimum": _of_number(lambda wanted, value: value > wanted),
    "if": Proof.choose,
    "items": Proof.items,
    "maxItems": _of_list(lambda wanted, value: len(value) <= wanted),
    "maxLength": _of_text(lambda wanted, value: len(value) <= wanted),
    "maxProperties": _of_object(lambda wanted, value: len(value) <= wanted),
    "maximum": _of_number(lambda wanted, value: value <= wanted),
    "minItems": _of_list(lambda wanted, value: len(value) >= wanted),
    "minLength": _of_text(lambda wanted, value: len(value) >= wanted),
    "minProperties": _of_object(lambda wanted, value: len(value) >= wanted),
    "minimum": _of_number(lambda wanted, value: value >= wanted),
    "not": Proof.negate,
    "oneOf": Proof.one_of,
    "pattern": _of_text(_matches),
    "prefixItems": Proof.first_items,
    "properties": Proof.properties,
    "propertyNames": Proof.names,
    "required": _of_object(lambda wanted, value: all(name in value for name in wanted)),
    "type": lambda _, __, wanted, value, ___: _has_type(wanted, value),
    "uniqueItems": _of_list(lambda wanted, value: not wanted or _are_unique(value)),
}
