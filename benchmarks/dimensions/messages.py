"""Many messages, parts, calls and results in one request."""

from benchmarks.dimensions.kind import Json, call, conversation, hello, in_json, text

_USER = {"role": "user", "content": "Hi"}


def _parts(*parts: Json) -> Json:
    return conversation({"role": "user", "content": [*parts]})


def _one_turn(calls: list[Json], results: list[Json], names: list[str]) -> Json:
    """Return a request in which one message makes *calls*, and *results* follow."""
    tools = [{"type": "function", "function": {"name": name, "description": "d"}} for name in names]
    return {**conversation({"role": "assistant", "content": None, "tool_calls": calls}, *results), "tools": tools}


def _result(number: int) -> Json:
    return {"role": "tool", "tool_call_id": f"c{number}", "content": f"r{number}"}


DIMENSIONS = (
    in_json("messages", lambda numbers: conversation(*({"role": "user", "content": f"Hi {n}"} for n in numbers))),
    in_json(
        "messages with an unknown role",
        lambda numbers: conversation(*({"role": f"r{n}", "content": "Hi"} for n in numbers)),
    ),
    in_json(
        "messages with the same unknown role",
        lambda numbers: conversation(*({"role": "usr", "content": f"Hi {n}"} for n in numbers)),
    ),
    in_json(
        "messages with a wrong content",
        lambda numbers: conversation(*({"role": "user", "content": n} for n in numbers)),
    ),
    in_json(
        "messages without anything", lambda numbers: {"model": f"m{numbers.start}", "messages": [{}] * len(numbers)}
    ),
    in_json("messages that are no objects", lambda numbers: {"model": "gpt-4o", "messages": [*numbers]}),
    in_json("messages with an unknown field", lambda numbers: conversation(*({**_USER, f"f{n}": 1} for n in numbers))),
    in_json(
        "messages with the same unknown field", lambda numbers: conversation(*({**_USER, "f": n} for n in numbers))
    ),
    in_json(
        "messages with a role in capitals",
        lambda numbers: conversation(*({"role": "User", "content": f"Hi {n}"} for n in numbers)),
        size=2500,
    ),
    in_json(
        "messages with an empty name", lambda numbers: conversation(*({**_USER, "name": f"a b{n}"} for n in numbers))
    ),
    text(
        "messages with a wrong role that is not ASCII, in one line",
        lambda numbers: (
            '{"model": "gpt-4o", "messages": ['
            + ", ".join(f'{{"role": "usér{n}", "content": "Hi"}}' for n in numbers)
            + "]}"
        ),
    ),
    text(
        "messages with a wrong role, not ASCII, over lines",
        lambda numbers: (
            '{"model": "gpt-4o", "messages": ['
            + ",\n".join(f'{{"role": "usér{n}", "content": "Hi"}}' for n in numbers)
            + "]}"
        ),
    ),
    in_json("parts", lambda numbers: _parts(*({"type": "text", "text": f"{n}"} for n in numbers))),
    in_json("parts of an unknown type", lambda numbers: _parts(*({"type": f"t{n}"} for n in numbers))),
    in_json("parts without a type", lambda numbers: _parts(*({"text": f"{n}"} for n in numbers))),
    in_json(
        "pictures at an address",
        lambda numbers: _parts(
            *({"type": "image_url", "image_url": {"url": f"https://example.com/{n}.png"}} for n in numbers)
        ),
    ),
    in_json(
        "pictures that are bare strings",
        lambda numbers: _parts(*({"type": "image_url", "image_url": f"https://example.com/{n}.png"} for n in numbers)),
        size=2500,
    ),
    in_json(
        "pictures with odd data",
        lambda numbers: _parts(
            *({"type": "image_url", "image_url": {"url": f"data:image/tiff;base64,{n}"}} for n in numbers)
        ),
    ),
    in_json(
        "tool calls of one message, answered",
        lambda numbers: _one_turn([call(n) for n in numbers], [_result(n) for n in numbers], ["f"]),
    ),
    in_json(
        "tool calls of one message, answered in reverse",
        lambda numbers: _one_turn([call(n) for n in numbers], [_result(n) for n in reversed(numbers)], ["f"]),
    ),
    in_json(
        "tool calls of many messages, answered",
        lambda numbers: {
            **conversation(
                *(
                    turn
                    for n in numbers
                    for turn in ({"role": "assistant", "content": None, "tool_calls": [call(n)]}, _result(n))
                )
            ),
            "tools": [{"type": "function", "function": {"name": "f", "description": "d"}}],
        },
    ),
    in_json("tool calls that nobody answers", lambda numbers: _one_turn([call(n) for n in numbers], [], ["f"])),
    in_json(
        "messages with a call that nobody answers",
        lambda numbers: conversation(
            *({"role": "assistant", "content": None, "tool_calls": [call(n)]} for n in numbers)
        ),
    ),
    in_json("results that nobody called for", lambda numbers: conversation(*(_result(n) for n in numbers))),
    in_json(
        "results that are far from their call",
        lambda numbers: conversation(
            *({"role": "assistant", "content": None, "tool_calls": [call(n)]} for n in numbers),
            *(_result(n) for n in numbers),
        ),
    ),
    in_json(
        "results of one call",
        lambda numbers: _one_turn([call(numbers.start)], [_result(numbers.start)] * len(numbers), ["f"]),
    ),
    in_json(
        "tool calls of one id",
        lambda numbers: _one_turn([call(numbers.start)] * len(numbers), [_result(numbers.start)], ["f"]),
    ),
    in_json(
        "tool calls of undeclared names",
        lambda numbers: _one_turn(
            [call(n, f"g{n}") for n in numbers], [_result(n) for n in numbers], [f"h{n}" for n in numbers]
        ),
    ),
    in_json(
        "tool calls of misspelt names",
        lambda numbers: _one_turn(
            [call(n, f"find_{n}_") for n in numbers], [_result(n) for n in numbers], [f"find_{n}" for n in numbers]
        ),
        size=2500,
    ),
    in_json(
        "tool calls with broken arguments",
        lambda numbers: _one_turn(
            [call(n, arguments=f'{{"a": {n}') for n in numbers], [_result(n) for n in numbers], ["f"]
        ),
    ),
    in_json(
        "tool calls with duplicate arguments",
        lambda numbers: _one_turn(
            [call(n, arguments=f'{{"a": {n}, "a": 1}}') for n in numbers], [_result(n) for n in numbers], ["f"]
        ),
    ),
    in_json(
        "legacy functions",
        lambda numbers: hello(functions=[{"name": f"f{n}", "description": "d"} for n in numbers], function_call="auto"),
        size=4000,
    ),
    in_json(
        "legacy calls",
        lambda numbers: conversation(
            *(
                {"role": "assistant", "content": None, "function_call": {"name": f"f{n}", "arguments": "{}"}}
                for n in numbers
            )
        ),
    ),
)
