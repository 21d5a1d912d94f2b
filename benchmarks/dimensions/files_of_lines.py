"""Many lines of batch and training files."""

import json

from benchmarks.dimensions.kind import Json, hello, text


def _batch(numbers: range, one: str = "r{}", **more: object) -> str:
    return "\n".join(
        json.dumps(
            {"custom_id": one.format(n), "method": "POST", "url": "/v1/chat/completions", "body": hello(n, **more)}
        )
        for n in numbers
    )


def _changed(numbers: range, **more: object) -> str:
    """Return batch lines with members that ``{}`` in *more* names differently in each."""
    lines = []
    for n in numbers:
        line = {"custom_id": f"r{n}", "method": "POST", "url": "/v1/chat/completions", "body": hello(n)}
        line |= {key.format(n): value.format(n) if isinstance(value, str) else value for key, value in more.items()}
        lines.append(json.dumps(line))
    return "\n".join(lines)


def _training(numbers: range, **more: object) -> str:
    return "\n".join(json.dumps(_example(n, **more)) for n in numbers)


def _example(number: int, **more: object) -> Json:
    return {"messages": [{"role": "user", "content": f"Hi {number}"}, {"role": "assistant", "content": "x", **more}]}


def _preference(number: int) -> Json:
    output = [{"role": "assistant", "content": f"x{number}"}]
    return {
        "input": {"messages": [{"role": "user", "content": "Hi"}]},
        "preferred_output": output,
        "non_preferred_output": output,
    }


DIMENSIONS = (
    text("batch lines", _batch, file="a.jsonl"),
    text("batch lines of one id", lambda numbers: _batch(numbers, "r"), file="a.jsonl"),
    text(
        "batch lines of ids that each stand twice",
        lambda numbers: _batch(numbers) + "\n" + _batch(numbers),
        file="a.jsonl",
        size=4000,
    ),
    text(
        "batch lines with another model each",
        lambda numbers: "\n".join(_batch(range(n, n + 1), model=f"gpt-{n}") for n in numbers),
        file="a.jsonl",
    ),
    text("batch lines with a wrong body", lambda numbers: _batch(numbers, n=0), file="a.jsonl"),
    text(
        "batch lines with a body wrong in its way",
        lambda numbers: "\n".join(_batch(range(n, n + 1), **{f"f{n}": 1}) for n in numbers),
        file="a.jsonl",
    ),
    text("batch lines with an unknown field each", lambda numbers: _changed(numbers, **{"f{}": 1}), file="a.jsonl"),
    text(
        "batch lines to another endpoint each",
        lambda numbers: _changed(numbers, url="/v1/embeddings{}"),
        file="a.jsonl",
    ),
    text(
        "batch lines without a body",
        lambda numbers: "\n".join(
            json.dumps({"custom_id": f"r{n}", "method": "POST", "url": "/v1/chat/completions"}) for n in numbers
        ),
        file="a.jsonl",
    ),
    text("batch lines in an array", lambda numbers: f"[{_batch(numbers, n=0)}]".replace("\n", ","), size=4000),
    text(
        "batch lines in YAML",
        lambda numbers: "".join(f"---\n{line}\n" for line in _batch(numbers, n=0).split("\n")),
        file="a.yaml",
        size=1000,
    ),
    text("training lines", _training, file="a.jsonl"),
    text("training lines with a wrong weight", lambda numbers: _training(numbers, weight=3), file="a.jsonl"),
    text(
        "training lines wrong in their way",
        lambda numbers: "\n".join(json.dumps(_example(n, **{f"f{n}": 1})) for n in numbers),
        file="a.jsonl",
    ),
    text(
        "training lines that are the same",
        lambda numbers: "\n".join([json.dumps(_example(numbers.start))] * len(numbers)),
        file="a.jsonl",
    ),
    text(
        "training lines without an answer",
        lambda numbers: "\n".join(
            json.dumps({"messages": [{"role": "user", "content": str(n)}]}) for n in (numbers.start, *numbers)
        ),
        file="a.jsonl",
    ),
    text(
        "training lines with two outputs",
        lambda numbers: "\n".join(json.dumps(_preference(n)) for n in numbers),
        file="a.jsonl",
    ),
)
