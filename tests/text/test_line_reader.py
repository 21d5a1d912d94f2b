"""Lines that share tools are read as each line by itself is."""

import json
from random import Random
from typing import Any

import pytest

from reqlint.text.json import line_reader
from reqlint.text.json.line_reader import LineReader, is_shared
from reqlint.text.json.reader import expect_bytes, read_json


@pytest.fixture(autouse=True, params=[1, 1 << 30], ids=["stdlib", "fast"])
def reading(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """Read with either reader, and remember tools from the first line on."""
    monkeypatch.setattr("reqlint.text.json.reader._left", 1 << 23)
    expect_bytes(request.param)
    monkeypatch.setattr(line_reader, "_LINES_BEFORE", 0)


def tools(number: int) -> list[dict[str, Any]]:
    """Return one of several lists of tools, which begin alike."""
    described = {"type": "function", "function": {"name": "trains", "description": "Finds trains. " * 20, "n": number}}
    return [
        described,
        {
            "type": "function",
            "function": {"name": f"tool_{number}", "parameters": {"tools": [3] if number == 3 else 0}},
        },
    ]


def outcome(read: Any, line: bytes) -> object:
    """Return what is read, as Python writes it, which keeps the order and the types; or that it is refused."""
    try:
        return repr(read(line))
    except ValueError:
        return "refused"


SAID = (
    "plain", 'it says "tools": [', '\\"tools\\": [', "\\", '"tools": [1]', "é \ud83d\ude00", "\\u003a", "a:b", "",
)  # fmt: skip


def made_line(dice: Random) -> bytes:
    """Return a line with tools at one place or another, and with texts that look like them."""
    listed: Any = dice.choice((tools(dice.randrange(4)), tools(dice.randrange(4)), [], [1], 0, "tools", None))
    body: Any = {"model": "m", "tools": listed, "messages": [{"role": "user", "content": dice.choice(SAID)}]}
    if dice.random() < 0.3:
        body = {"messages": [{"content": dice.choice(SAID), "tools": tools(1)}], "tools": listed, "n": 10**25}
    if dice.random() < 0.1:
        body = {'x"tools': tools(2), "tools": dice.choice((listed, tools(3)))}
    line: Any = dice.choice(
        (body, {"custom_id": "a", "body": body}, {"toolConfig": body}, [body], {"a": [body], "body": {"tools": 1}})
    )
    separators = dice.choice(((", ", ": "), (", ", ": "), (",", ":")))
    text = json.dumps(line, separators=separators, ensure_ascii=dice.random() < 0.5)
    if dice.random() < 0.2:
        at = dice.randrange(len(text))
        text = text[:at] + dice.choice(('"', "]", '"tools": 1,', "\\u003a", ",", "{", "NaN")) + text[at:]
    if dice.random() < 0.1:
        text = text.replace('"model": "m"', dice.choice(('"tools": [], "model": "m"', '"model": 1, "model": 2')))
    return text.encode("utf-8", "surrogatepass") + dice.choice((b"\n", b"\r\n", b""))


def test_lines_are_read_as_each_by_itself() -> None:
    """Whatever lines come after each other, each has its own value, or is refused, as if there were no others."""
    dice = Random(24)  # noqa: S311 - test data
    reader = LineReader()
    shared = 0
    for _ in range(3000):
        line = made_line(dice)
        assert outcome(reader.read, line) == outcome(read_json, line), line
        shared += bool(reader._known)
    assert shared > 1000


def test_tools_that_come_again_are_not_read_again() -> None:
    """The second line with the same tools gets the first one's; one with others does not."""
    reader = LineReader()
    first, again, other = ({"custom_id": str(n), "body": {"tools": tools(n // 2), "n": n}} for n in range(3))
    for each in (first, again, other):
        assert reader.read(json.dumps(each).encode()) == each
    read = [reader.read(json.dumps(each).encode()) for each in (first, again, other)]
    assert read == [first, again, other]
    assert not any(is_shared(each) for each in (None, tools(0), "tools"))
    found = [each["body"]["tools"] for each in read]  # type: ignore[index]  # objects, as the line above says
    assert found[0] is found[1]
    assert found[0] is not found[2]


def test_a_duplicate_beside_known_tools_is_refused() -> None:
    """Tools that are known hide no second member of the same name, whichever comes first."""
    reader = LineReader()
    known = json.dumps(tools(1))
    for _ in range(2):
        reader.read(b'{"tools": %s, "model": "m"}' % known.encode())
    for text in ('{"tools": %s, "tools": []}', '{"tools": [], "tools": %s}', '{"tools": %s, "a": 1, "a": 2}'):
        with pytest.raises(ValueError):  # noqa: PT011 - which one does not matter
            reader.read((text % known).encode())


def test_what_is_remembered_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tools that are new in each line do not pile up, and are looked for no longer after a while."""
    monkeypatch.setattr(line_reader, "_MOST_BYTES", 5_000)
    reader = LineReader()
    for number in range(400):
        reader.read(json.dumps({"tools": tools(number)}).encode())
        assert reader._bytes <= 5_000
        assert sum(map(len, reader._known.values())) <= 8
    assert reader._waits > 0
