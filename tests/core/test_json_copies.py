"""The quick copy of a value as JSON is the thorough one."""

import math
import uuid
from collections import OrderedDict
from enum import Enum, IntEnum
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.core import json_copies
from reqlint.core.json_copies import json_copy
from reqlint.core.json_values import MOST_VALUES, to_json_value
from tests.conftest import own_requests
from tests.support.mutations import mutations


class Plain(Enum):
    """A member of this is written as its value by some, and is no JSON value."""

    ONE = "one"


class Whole(IntEnum):
    """A member of this is a number."""

    ONE = 1


class Text(str):
    """A text of another type."""

    __slots__ = ()


def nested(levels: int, kind: type, innermost: Any = 1) -> Any:
    """Return a value in so many lists or tuples."""
    value = innermost
    for _ in range(levels):
        value = kind([value])
    return value


LEAVES: tuple[Any, ...] = (
    None, True, 0, 1, -1, 2**53, 2**63, 2**64 - 1, 2**64, -(2**63) - 1, 10**4299, 0.0, -0.0, 1.0, 1e16, 0.1, 1e22,
    5e-324, 1.7976931348623157e308, math.nan, math.inf, "", "a", "\u00e9", "\ud800", "null", "\x00", Plain.ONE,
    Whole.ONE, Text("a"), uuid.UUID(int=5), b"a", {1}, 1j, ..., (), ("a", 1), (1, True), [1, True],
    OrderedDict(a=1), range(2),
)  # fmt: skip
KEYS = st.sampled_from(["", "a", "b", "\u00e9", "\ud800", 1, "1", None, True, 1.5, Text("t"), Plain.ONE])
VALUES = st.recursive(
    st.sampled_from(LEAVES),
    lambda inner: (
        st.lists(inner, max_size=3) | st.lists(inner, max_size=2).map(tuple) | st.dictionaries(KEYS, inner, max_size=3)
    ),
    max_leaves=6,
)


def told(copied: tuple[object, list[Any]]) -> str:
    """Return a copy and its hits with all types and the order of keys."""
    return repr(copied)


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let already the first values be copied quickly."""
    monkeypatch.setattr(json_copies, "_FEW", 0)


@pytest.mark.parametrize("leaf", LEAVES, ids=lambda each: repr(each)[:30])
def test_whatever_is_no_json_is_found_wherever_it_is(leaf: Any) -> None:
    """Beside the root, deeper, in a list and among other values."""
    for value in ({"a": leaf}, {"a": [leaf]}, {"a": {"b": [None, leaf]}}, {"a": [{"b": leaf}, 1.5]}):
        assert told(json_copy(value)) == told(to_json_value(value))


@given(st.dictionaries(KEYS, VALUES, max_size=3) | VALUES)
def test_the_quick_copy_is_the_thorough_one(value: object) -> None:
    """Of any value, JSON or not."""
    assert told(json_copy(value)) == told(to_json_value(value))


def test_requests_are_copied_alike_and_quickly(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also those with mistakes; what is JSON takes the quick way, and is another object."""
    requests = [*own_requests(), *mutations(own_requests(), 500)]
    copies = [to_json_value(each) for each in requests]
    assert [told(json_copy(each)) for each in requests] == [told(each) for each in copies]
    of_json = [each for each in own_requests() if type(each) is dict and not to_json_value(each)[1]]
    assert len(of_json) > 50
    monkeypatch.setattr(json_copies, "to_json_value", None)
    for request in of_json:
        copy, _ = json_copy(request)
        assert copy == request
        assert copy is not request


@pytest.mark.parametrize("kind", [list, tuple])
@pytest.mark.parametrize("levels", [6, 7, 8, 252, 253, 254, 255, 300])
def test_limits_are_those_of_the_thorough_copy(kind: type, levels: int) -> None:
    """Levels, and the number of values, of which deep ones count more than once."""
    wide = ["a"] * 30_000
    for value in ({"a": nested(levels, kind)}, {"a": nested(levels, kind, wide)}):
        assert told(json_copy(value)) == told(to_json_value(value))


def test_as_many_values_as_are_copied() -> None:
    """More are refused, however short the text is."""
    for number in (MOST_VALUES // 2, MOST_VALUES - 2, MOST_VALUES + 2):
        value: dict[str, Any] = {"a": [None] * number}
        assert told(json_copy(value)) == told(to_json_value(value))
