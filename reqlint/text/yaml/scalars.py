"""Plain scalars of YAML: their values in the core schema of YAML 1.2, and how YAML 1.1 reads them otherwise."""

import re
from collections.abc import Callable, Mapping
from json import dumps
from math import inf, nan
from typing import Any

import yaml
from yaml.constructor import SafeConstructor
from yaml.resolver import Resolver

TAG_PREFIX = "tag:yaml.org,2002:"  #: of the tags that YAML itself defines

LONG = 100
"""Characters of a scalar that is longer than any number a person writes."""

_MAX_DIGITS = 1024  # the bits of the largest double
_INFINITE = 2**1024 - 2**970  # the least integer that no double can hold

_WORDS: Mapping[str, object] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL"), None),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
    **dict.fromkeys((sign + word for sign in ("", "+") for word in (".inf", ".Inf", ".INF")), inf),
    **dict.fromkeys(("-.inf", "-.Inf", "-.INF"), -inf),
    **dict.fromkeys((".nan", ".NaN", ".NAN"), nan),
}
_NUMBERS: tuple[tuple[re.Pattern[str], Callable[[str], object]], ...] = (
    (re.compile(r"[-+]?[0-9]+\Z"), lambda written: _read_integer(written, 10)),
    (re.compile(r"0o[0-7]+\Z"), lambda written: _read_integer(written[2:], 8)),
    (re.compile(r"0x[0-9a-fA-F]+\Z"), lambda written: _read_integer(written[2:], 16)),
    (re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?\Z"), float),
)


def read_scalar(written: str) -> object:
    """Return the value of a plain scalar in the YAML 1.2 core schema (10.3): ~ is null, 010 is 10, no is a string."""
    if written in _WORDS:
        return _WORDS[written]
    if written[0] in "-+.0123456789":
        for pattern, number in _NUMBERS:
            if pattern.match(written):
                return number(written)
    return written


def other_reading(written: str) -> str | None:
    """Return words for the value that a YAML 1.1 reader, such as PyYAML, has for a plain scalar; None if it agrees."""
    candidates = Resolver.yaml_implicit_resolvers.get(written[:1], [])
    tag = next((tag for tag, pattern in candidates if pattern.match(written)), TAG_PREFIX + "str")
    kind = tag.removeprefix(TAG_PREFIX)
    value = read_scalar(written)
    if kind == "str":
        short = f"the string {dumps(written)}" if len(written) <= LONG else "a string"
        return None if isinstance(value, str) else short
    if kind == "timestamp":
        return "a date" if len(written) == 10 else "a date and time"
    if kind in ("merge", "value"):
        return "a merge key" if kind == "merge" else "the default key of a mapping"
    if kind == "null":
        return None if value is None else "null"
    if len(written) > LONG:
        return "a number" if isinstance(value, str) or _is_other_number(kind, written) else None
    other = _construct(tag, written)
    if type(other) is type(value) and (other == value or other != other):
        return None
    return dumps(other)


def _read_integer(written: str, base: int) -> int | float:
    """Read an integer; one too large for a double is infinite, as in every JSON reader but Python's."""
    digits = written.lstrip("+-0") or "0"
    value = int(digits, base) if len(digits) <= _MAX_DIGITS else _INFINITE
    signed = value if value < _INFINITE else inf
    return -signed if written[0] == "-" else signed


def _is_other_number(kind: str, written: str) -> bool:
    """Return whether YAML 1.1 has another value for a number, by its characters; a long one in base 60 takes hours."""
    if "_" in written or ":" in written:
        return True
    digits = written.lstrip("+-")
    return kind == "int" and digits[0] == "0" and digits[1:2] != "x" and len(digits.lstrip("0")) > 1


def _construct(tag: str, written: str) -> object:
    """Return the value that PyYAML constructs."""
    constructor: Any = SafeConstructor()
    try:
        return constructor.construct_object(yaml.ScalarNode(tag, written))
    except (ValueError, IndexError):  # such as `0b_`, which has no digits
        return float("nan")
