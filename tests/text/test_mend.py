"""The law of text that is still being typed: it is read as far as it stands, and what is guessed is known as such."""

# ruff: noqa: E501 - tables, read at a glance

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.half_typed import HalfTypedDocument, Uncertain
from reqlint.text.json.mend import mend
from reqlint.text.json.scanner import scan
from reqlint.text.mended import mended
from reqlint.text.sources import Source

REQUEST = {
    "model": "gpt-4o",
    "n": 3,
    "messages": [
        {"role": "user", "content": 'say "hé" \U0001f600'},
        {"role": "assistant", "tool_calls": [{"id": "c1", "function": {"name": "f", "arguments": "{}"}}]},
    ],
    "temperature": 0.25,
    "stream": True,
}
TEXTS = [json.dumps(REQUEST), json.dumps(REQUEST, indent=2, ensure_ascii=False)]


def read(text: str) -> tuple[object, Uncertain]:
    """Return the value of a half-typed text, and what of it is not certain."""
    found = mend(text)
    assert found is not None
    return scan(found.text)[0], found.uncertain


@pytest.mark.parametrize("text", TEXTS)
def test_every_prefix_has_the_values_that_stand_in_it(text: str) -> None:
    """Whatever is certain in a prefix is in the whole as well; only objects and arrays lack their end."""
    for end in range(1, len(text)):
        value, uncertain = read(text[:end])
        assert value is not UNREADABLE
        _compare(value, REQUEST, (), uncertain)


def _compare(part: object, whole: object, place: Place, uncertain: Uncertain) -> None:
    if place in uncertain.unknown:
        return
    if isinstance(part, dict):
        assert isinstance(whole, dict)
        assert place in uncertain.open or part.keys() == whole.keys()
        for key, member in part.items():
            if (*place, key) not in uncertain.half_keys:
                _compare(member, whole[key], (*place, key), uncertain)
    elif isinstance(part, list):
        assert isinstance(whole, list)
        assert place in uncertain.open or len(part) == len(whole)
        for index, item in enumerate(part):
            _compare(item, whole[index], (*place, index), uncertain)
    else:
        assert part == whole


@pytest.mark.parametrize(
    ("text", "value", "unknown", "open_places"),
    [
        ('{"n": 500, "tools": [', {"n": 500, "tools": []}, set(), {(), ("tools",)}),
        ('{"model": "gpt', {"model": ""}, {("model",)}, {()}),
        ('{"a": 1\n "b": 2}', {"a": 1, "b": 2}, set(), set()),
        ('{"a": 1 "b": 2}', {"a": 1, "b": 2}, {("a",)}, set()),
        ('{"a": , "b": 2}', {"a": None, "b": 2}, {("a",)}, set()),
        ('{"te", "b": 2}', {"te": None, "b": 2}, {("te",)}, {()}),
        ('{"te" "b": 2}', {"te": None, "b": 2}, {("te",)}, {()}),
        ('{"a": [1, 2,], "b": 2}', {"a": [1, 2], "b": 2}, set(), {("a",)}),
        ('{"a": tru, "b": 2}', {"a": None, "b": 2}, {("a",)}, set()),
        ('{"a": 5', {"a": 5}, {("a",)}, {()}),
        ('{"a": true', {"a": True}, set(), {()}),
        ('{"a": {"b": 1, "c": 2]', {"a": {"b": 1, "c": 2}}, {("a", "c")}, {(), ("a",)}),
    ],
)
def test_the_slips_of_typing_are_mended(text: str, value: object, unknown: set[Place], open_places: set[Place]) -> None:
    """A missing comma, value, colon or end is put in, and what may be meant otherwise is unknown."""
    mended_value, uncertain = read(text)
    assert mended_value == value
    assert uncertain.unknown == unknown
    assert open_places <= uncertain.open


def test_after_a_quote_too_many_the_rest_of_the_line_is_given_up() -> None:
    """What stood outside of strings seems to be inside of them, and the other way round."""
    value, uncertain = read('{"model": "gpt, "messages": [{"role": "x"}], "n": 1}')
    assert value == {"model": "gpt, "}
    assert uncertain.unknown == {("model",)}
    assert () in uncertain.open


@given(
    st.lists(
        st.sampled_from([*'{}[],:"\\ \n\r\t\0', "1", "e", "-", "null", '"a"', "//", "\x85", "\ud800"]), max_size=40
    )
)
def test_any_text_is_mended_or_has_no_value(pieces: list[str]) -> None:
    """Never an exception; a mended copy is JSON, and each of its offsets leads into the text."""
    text = "".join(pieces)
    found = mend(text)
    if found is None:
        return
    value, _ = scan(found.text)
    assert value is not UNREADABLE
    for at in range(len(found.text)):
        start, end = found.offsets.span((at, at + 1))
        assert 0 <= start <= end <= len(text)


@given(st.integers(0, len(TEXTS[1])), st.sampled_from(['"', "}", "]", ",", "x", "\\", "{", ":"]))
def test_places_of_a_broken_text_lead_to_what_was_typed(at: int, typed: str) -> None:
    """The text at a certain string, before the mistake or after it, is that string."""
    text = TEXTS[1][:at] + typed + TEXTS[1][at:]
    (document,) = read_documents(Source("a.json", None, text.encode()), Form.JSON)
    document = mended(document)
    if not isinstance(document, HalfTypedDocument):
        return
    places: list[Place] = [("model",), ("messages", 0, "role"), ("messages", 1, "tool_calls", 0, "id")]
    for (place, _), region in document.locate([(place, Part.VALUE) for place in places]).items():
        if document.uncertain.is_whole(place):
            value = document.value
            for step in place:
                value = value[step]  # type: ignore[index]  # the place was found in it
            assert json.loads(document.text_at(region)) == value


def test_a_number_of_lines_with_two_mistakes_ends_the_reading() -> None:
    """A text full of mistakes costs a few passes, not one for each of its lines."""
    text = "[" + "\n".join("x y z" for _ in range(20_000))
    value, uncertain = read(text)
    assert isinstance(value, list)
    assert () in uncertain.open


def test_what_nests_too_deeply_is_not_mended() -> None:
    """The limit is that of complete texts."""
    assert mend("[" * 100_000) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("model: gpt-4o\nmessages:\n  - role: user\n    cont\nn: 1\n", {"model": "gpt-4o", "messages": [{"role": "user"}], "n": 1}),
        ("model: gpt-4o\nn: 1\ntemper", {"model": "gpt-4o", "n": 1}),
        ('model: "gpt-4o\nn: 1\n', {"n": 1}),
        ("@x\n", None),
    ],
)  # fmt: skip
def test_yaml_is_read_without_the_lines_that_nobody_can_read(text: str, value: object) -> None:
    """The lines before and after them stand."""
    (document,) = read_documents(Source("a.yaml", None, text.encode()), Form.YAML)
    document = mended(document)
    if value is None:
        assert document.value is UNREADABLE
        return
    assert isinstance(document, HalfTypedDocument)
    assert document.value == value
    assert () in document.uncertain.open
