"""Many of something in an object in place of a text."""

from collections.abc import Callable

from benchmarks.dimensions.kind import Dimension, Json, call, conversation, hello, linter, with_schema
from reqlint import Linter


def _object(name: str, make: Callable[[range], Json], *, size: int = 4000) -> Dimension:
    return Dimension(f"object: {name}", make, lambda made: len(linter().check(made)), size=size)


def _shown(name: str, make: Callable[[range], Json], *, size: int = 4000) -> Dimension:
    shows = Linter("openai", show_values=True)
    return Dimension(f"object, shown: {name}", make, lambda made: len(shows.check(made)), size=size)


DIMENSIONS = (
    _object("messages", lambda numbers: conversation(*({"role": "user", "content": str(n)} for n in numbers))),
    _object("unknown fields", lambda numbers: hello(**{f"field{n}": n for n in numbers})),
    _object(
        "messages with an unknown role",
        lambda numbers: conversation(*({"role": f"r{n}", "content": "Hi"} for n in numbers)),
    ),
    _object(
        "messages with a wrong content",
        lambda numbers: conversation(*({"role": "user", "content": n} for n in numbers)),
    ),
    _object(
        "messages with a half character",
        lambda numbers: conversation(*({"role": "user", "content": f"\ud800{n}"} for n in numbers)),
    ),
    _object(
        "half characters in one string",
        lambda numbers: conversation({"role": "user", "content": "".join(f"\ud800{n}" for n in numbers)}),
    ),
    _object("keys that are numbers", lambda numbers: hello(metadata=dict.fromkeys(numbers, "x"))),
    _object("keys with a half character", lambda numbers: hello(**{f"\ud800{n}": n for n in numbers})),
    _object("values that JSON does not have", lambda numbers: hello(metadata={f"k{n}": {n} for n in numbers})),
    _object("numbers that are not finite", lambda numbers: hello(metadata={f"k{n}": float("nan") for n in numbers})),
    _object("bytes", lambda numbers: conversation(*({"role": "user", "content": str(n).encode()} for n in numbers))),
    _object("tuples", lambda numbers: hello(stop=tuple(map(str, numbers)))),
    _object(
        "calls that nobody answers",
        lambda numbers: conversation(
            *({"role": "assistant", "content": None, "tool_calls": [call(n)]} for n in numbers)
        ),
    ),
    _object(
        "required names that are no property",
        lambda numbers: with_schema({"type": "object", "properties": {}, "required": [f"p{n}" for n in numbers]}),
    ),
    _shown("unknown fields", lambda numbers: hello(**{f"field{n}": f"value {n}" for n in numbers})),
    _shown(
        "messages with an unknown role",
        lambda numbers: conversation(*({"role": f"r{n}", "content": "Hi"} for n in numbers)),
    ),
    _shown("one wrong array", lambda numbers: hello(model=[f"m{n}" for n in numbers]), size=100_000),
    _shown("one wrong object", lambda numbers: hello(model={f"m{n}": n for n in numbers}), size=100_000),
)
