"""Places and their two written forms."""

from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.core.pointer import Place, from_pointer, to_path, to_pointer, value_at

pytestmark = pytest.mark.core

KEYS = st.text(max_size=3) | st.sampled_from(["", "/", "~", "~1", "0", "-1", "a b", 'a"b', "a\\", "é"])
VALUES = st.recursive(
    st.none(), lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3), max_leaves=8
)


def places(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Yield every place in a JSON value with the value there."""
    yield place, value
    for step, member in (
        value.items() if isinstance(value, dict) else enumerate(value if isinstance(value, list) else ())
    ):
        yield from places(member, (*place, step))


@given(VALUES)
def test_a_pointer_leads_back_to_its_place(root: object) -> None:
    """A place that is written as a pointer and parsed again is the same place, with the same value."""
    for place, value in places(root):
        assert from_pointer(to_pointer(place), root) == place
        assert value_at(root, place) is value


@given(VALUES)
def test_no_two_places_are_written_the_same(root: object) -> None:
    """Different places of one value have different pointers and different paths."""
    every = [place for place, _ in places(root)]
    assert len({to_pointer(place) for place in every}) == len({to_path(place) for place in every}) == len(every)


@pytest.mark.parametrize(
    ("place", "path"),
    [
        ((), ""),
        (("messages", 0, "role"), "messages[0].role"),
        ((0, "a"), "[0].a"),
        (("a b", 'say "x"'), '["a b"]["say \\"x\\""]'),
        (("$defs", "x-y"), "$defs.x-y"),
    ],
)
def test_a_path_is_what_people_write(place: Place, path: str) -> None:
    """Keys that are names follow a dot, other keys are quoted in brackets, and indices are in brackets."""
    assert to_path(place) == path


@pytest.mark.parametrize("pointer", ["/a/1", "/a/-1", "/a/x", "/b", "/a/0/0", f"/a/{'9' * 30}"])
def test_a_pointer_to_nowhere_is_an_error(pointer: str) -> None:
    """A missing key, an index out of range, and a step into a string raise LookupError."""
    with pytest.raises(LookupError):
        from_pointer(pointer, {"a": ["text"]})
