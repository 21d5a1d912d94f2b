"""The law of time in proportion to the input, in everything that an input can have many of."""

import json
from collections.abc import Callable
from cProfile import Profile
from typing import Any

import pytest

from benchmarks.dimensions import DIMENSIONS, Dimension
from reqlint import Linter
from reqlint.run.audit import audit
from reqlint.text.sources import Source
from tests.support.timing import growth, growth_in_steps

LINTER = Linter("openai")
URL = "https://api.openai.com/v1/chat/completions"
HI = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}
SIZE = 600
LIMIT = 4.8  #: times the steps that an input four times as large may take
NO_SQUARE = 9  #: times the time; a square takes 16, and what no longer fits into a processor's cache up to 6


def _filler(number: int) -> str:
    """Return a text of 400 characters that no other number has: a square of characters shows with few items."""
    return f"{number:08}" * 50


def _roles(numbers: range, more: str = "") -> dict[str, Any]:
    turns = [{"role": f"r{number}{more}", "content": _filler(number)} for number in numbers]
    return {"model": "gpt-4o", "messages": turns}


def _fields(numbers: range, more: str = "") -> dict[str, Any]:
    return {**HI, **{f"f{number}{more}": _filler(number) for number in numbers}}


def _exchange(body: object, status: int = 200) -> dict[str, Any]:
    return {"request": {"method": "POST", "uri": URL, "body": body}, "response": {"status": {"code": status}}}


def _cassette(*exchanges: dict[str, Any]) -> str:
    return json.dumps({"interactions": exchanges})


def _field(number: int) -> dict[str, Any]:
    return _fields(range(number, number + 1))


def _written(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _names(numbers: range) -> list[str]:
    return [f"p{number}_{_filler(number)}" for number in numbers]


def _tool(schema: object) -> dict[str, Any]:
    return {**HI, "tools": [{"type": "function", "function": {"name": "f", "description": "d", "parameters": schema}}]}


def _twice(numbers: range) -> str:
    """Return a request of which each member stands twice, with a mistake in both."""
    members = ", ".join(f'"f{number // 2}": "{_filler(number)}"' for number in numbers)
    return f'{{"model": "m", "messages": [], {members}}}'


def _arrays_twice(numbers: range) -> str:
    """Return a request with many arrays of messages, the last of which counts and has mistakes."""
    others = ", ".join(f'"messages": [{number}]' for number in numbers)
    last = ", ".join(f'{{"role": "r{number}"}}' for number in numbers)
    return f'{{"model": "m", {others}, "messages": [{last}]}}'


def _duplicate(number: int) -> str:
    return f'{{"model": "m{number}", "messages": [], "stop": "{number:040}", "stop": "a"}}'


def _quoted(body: object) -> str:
    written = json.dumps(body).replace("'", "''")
    return f"interactions:\n- request: {{method: POST, uri: '{URL}', body: '{written}'}}\n  response: {{status: 200}}\n"


LONG_TEXTS: dict[str, tuple[str, Callable[[range], str]]] = {
    "unknown fields": ("a.json", lambda numbers: json.dumps(_fields(numbers))),
    "unknown fields over lines": ("a.json", lambda numbers: json.dumps(_fields(numbers), indent=1)),
    "unknown fields that are not ASCII": ("a.json", lambda numbers: _written(_fields(numbers, "é"))),
    "unknown roles": ("a.json", lambda numbers: json.dumps(_roles(numbers))),
    "unknown roles that are not ASCII": ("a.json", lambda numbers: _written(_roles(numbers, "é"))),
    "unknown roles in YAML": (
        "a.yaml",
        lambda numbers: "messages:\n" + "".join(f"- {{role: r{n}, content: é{_filler(n)}}}\n" for n in numbers),
    ),
    "unknown roles in one line of YAML": (
        "a.yaml",
        lambda numbers: f"messages: [{', '.join(f'{{role: r{n}, content: é{_filler(n)}}}' for n in numbers)}]\n",
    ),
    "JSON in YAML with a word of ours": (
        "a.yaml",
        lambda numbers: json.dumps({**_roles(numbers), "stop": "# reqlint: ignore[x] y"}, indent=1),
    ),
    "members that stand twice": ("a.json", _twice),
    "arrays that stand twice, with mistakes": ("a.json", _arrays_twice),
    "requests in an array with a flaw each": ("a.json", lambda numbers: f"[{', '.join(map(_duplicate, numbers))}]"),
    "mistakes in one recorded body": (
        "a.json", lambda numbers: _cassette(_exchange(json.dumps(_roles(numbers))))
    ),
    "mistakes in one recorded object": ("a.json", lambda numbers: _cassette(_exchange(_roles(numbers)))),
    "mistakes in one body in YAML": ("a.yaml", lambda numbers: _quoted(_roles(numbers))),
    "recorded bodies with a flaw each": (
        "a.json", lambda numbers: _cassette(*(_exchange(_duplicate(n)) for n in numbers))
    ),
    "recorded bodies with a mistake each": (
        "a.json", lambda numbers: _cassette(*(_exchange(json.dumps(_field(n))) for n in numbers))
    ),
    "names in required that are no property": (
        "a.json", lambda numbers: json.dumps(_tool({"type": "object", "properties": {}, "required": _names(numbers)}))
    ),
    "values of unknown types": (
        "a.json",
        lambda numbers: json.dumps(_tool({"type": "object", "properties": {n: {"type": n} for n in _names(numbers)}})),
    ),
    "lines with a mistake each": ("a.jsonl", lambda numbers: "\n".join(json.dumps(_field(n)) for n in numbers)),
}  # fmt: skip


@pytest.mark.parametrize("what", LONG_TEXTS)
def test_four_times_the_text_takes_four_times_the_steps(what: str) -> None:
    """
    Mistakes in a long text, each in its own way, take steps in proportion to their number and to the text.

    Nor is there a square inside a function in C, such as one that cuts a text: that would take 16 times as long.
    """
    file, make = LONG_TEXTS[what]

    def judge(text: bytes) -> None:
        assert LINTER.check_source(Source(file, None, text)).findings

    def made(numbers: range) -> bytes:
        return make(numbers).encode()

    assert growth_in_steps(judge, made, 60, below=LIMIT) < LIMIT
    assert growth(judge, _numbered(made), SIZE, below=NO_SQUARE) < NO_SQUARE


def test_four_times_the_recordings_are_audited_in_four_times_the_steps() -> None:
    """Requests on which a recording and the profile disagree take steps in proportion to their number."""

    def make(numbers: range) -> bytes:
        bodies = [{"model": "gpt-4o", "messages": _filler(number)} for number in numbers]
        return _cassette(*(_exchange(json.dumps(body)) for body in bodies)).encode()

    def judge(text: bytes) -> None:
        assert audit(LINTER, [Source("a.json", None, text)]).cases

    assert growth_in_steps(judge, make, 60, below=LIMIT) < LIMIT
    assert growth(judge, _numbered(make), SIZE, below=NO_SQUARE) < NO_SQUARE


def _numbered(make: Callable[[range], Any]) -> Callable[[int], Any]:
    """Return a function that makes an input with as many items as are asked for, of numbers not used before."""
    used = 10_000

    def made(count: int) -> Any:
        nonlocal used
        used += count
        return make(range(used - count, used))

    return made


BOUNDED = {
    "levels beyond the limit": "there is none until 254 levels",
    "objects in required": "jsonschema compares each with each, and gets at most 1,000 of them",
}
"""Dimensions of which more items take more steps each up to a limit, and why; the benchmark asks them beyond it."""

STEPPED = [dimension for dimension in DIMENSIONS if dimension.name not in BOUNDED]
FEW = 50  #: calls for an item, so few that another way for small inputs shows


@pytest.mark.parametrize("dimension", STEPPED, ids=[dimension.name for dimension in STEPPED])
def test_an_item_takes_as_many_steps_among_four_times_as_many(dimension: Dimension) -> None:
    """The calls of functions for each item do not become more with the items, in anything there can be many of."""
    count = min(60, max(5, dimension.size // 20))
    dimension.judge(dimension.make(range(3)))
    for first in (10_000, 20_000):  # what is imported or compiled once is no step of the second measurement
        few = _steps(dimension, dimension.make(range(first, first + count))) / count
        many = _steps(dimension, dimension.make(range(first + count, first + 5 * count))) / (4 * count)
        if many <= max(1.3 * few, FEW):
            return
    pytest.fail(f"{few:.0f} calls for an item among {count}, {many:.0f} among {4 * count}")


def _steps(dimension: Dimension, made: object) -> int:
    """Return how many functions are called while an input is judged: work that no other program delays."""
    profile = Profile(builtins=True)
    profile.enable()
    try:
        dimension.judge(made)
    finally:
        profile.disable()
    return sum(entry.callcount for entry in profile.getstats())
