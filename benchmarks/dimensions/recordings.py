"""Many recorded exchanges, and many mistakes in one recorded body."""

import json
from collections.abc import Callable

from benchmarks.dimensions.kind import Dimension, Json, conversation, hello, linter, text
from reqlint.run.audit import audit
from reqlint.text.sources import Source

URL = "https://api.openai.com/v1/chat/completions"


def _wrong_roles(numbers: range) -> Json:
    return conversation(*({"role": f"r{n}", "content": "Hi"} for n in numbers))


def _unknown_fields(numbers: range) -> Json:
    return hello(**{f"field{n}": n for n in numbers})


def _exchange(body: object, status: int = 200) -> Json:
    return {"request": {"method": "POST", "uri": URL, "body": body}, "response": {"status": {"code": status}}}


def _entry(body: str) -> Json:
    return {"request": {"method": "POST", "url": URL, "postData": {"text": body}}, "response": {"status": 200}}


def _pair(body: object, status: int = 200) -> Json:
    return {"request": {"method": "POST", "url": URL, "body": body}, "response": {"status": status}}


def _cassette(*exchanges: Json) -> str:
    return json.dumps({"interactions": exchanges})


def _har(*entries: Json) -> str:
    return json.dumps({"log": {"entries": entries}})


def _yaml(*bodies: str) -> str:
    """Return a cassette whose bodies are written as they are given."""
    return "interactions:\n" + "".join(
        f"- request:\n    method: POST\n    uri: {URL}\n    body: {body}\n  response: {{status: {{code: 200}}}}\n"
        for body in bodies
    )


def _block(body: object) -> str:
    lines = json.dumps(body, indent=1, ensure_ascii=False).split("\n")
    return "|\n" + "\n".join(f"      {line}" for line in lines)


def _single(body: object) -> str:
    return "'" + json.dumps(body).replace("'", "''") + "'"


def _double(body: object) -> str:
    return json.dumps(json.dumps(body))


def _audited(name: str, make: Callable[[range], str], *, file: str = "a.json", size: int = 4000) -> Dimension:
    def judge(made: str) -> int:
        return len(audit(linter(), [Source(file, None, made.encode())]).cases)

    return Dimension(f"audit: {name}", make, judge, size=size)


DIMENSIONS = (
    text("exchanges of a cassette", lambda numbers: _cassette(*(_exchange(json.dumps(hello(n))) for n in numbers))),
    text(
        "exchanges of a cassette with a wrong body",
        lambda numbers: _cassette(*(_exchange(json.dumps(hello(n, **{f"f{n}": 0}))) for n in numbers)),
        size=2500,
    ),
    text(
        "exchanges of a cassette with a broken body",
        lambda numbers: _cassette(*(_exchange(f'{{"model": {n},') for n in numbers)),
        size=1000,
    ),
    text(
        "exchanges of a cassette with a duplicate key",
        lambda numbers: _cassette(*(_exchange(f'{{"messages": [], "model": "a{n}", "model": "b"}}') for n in numbers)),
        size=1000,
    ),
    text(
        "exchanges of a cassette with an object, wrong",
        lambda numbers: _cassette(*(_exchange(hello(n, n=0)) for n in numbers)),
        size=2500,
    ),
    text(
        "exchanges of a cassette with a contradiction",
        lambda numbers: _cassette(*(_exchange(json.dumps(hello(n)), 400) for n in numbers)),
        size=2500,
    ),
    text(
        "exchanges of a cassette to elsewhere",
        lambda numbers: _cassette(
            *({"request": {"method": "GET", "uri": f"https://example.com/{n}"}, "response": {}} for n in numbers)
        ),
    ),
    text(
        "exchanges of a YAML cassette",
        lambda numbers: _yaml(*(_single(hello(n, n=0)) for n in numbers)),
        file="a.yaml",
        size=500,
    ),
    text(
        "exchanges of a YAML cassette with a broken body",
        lambda numbers: _yaml(*(f"'{{\"model\": {n},'" for n in numbers)),
        file="a.yaml",
        size=500,
    ),
    text(
        "entries of a HAR file",
        lambda numbers: _har(*(_entry(json.dumps(hello(n, n=0))) for n in numbers)),
        file="a.har",
        size=2500,
    ),
    text(
        "entries of a HAR file with a half character",
        lambda numbers: _har(
            *(
                _entry(f'{{"model": "gpt-4o", "messages": [{{"role": "user", "content": "\\ud800 {n}"}}]}}')
                for n in numbers
            )
        ),
        file="a.har",
        size=1000,
    ),
    text(
        "pairs, one in each line",
        lambda numbers: "\n".join(json.dumps(_pair(json.dumps(hello(n, n=0)))) for n in numbers),
        file="a.jsonl",
        size=2500,
    ),
    text(
        "pairs in an array", lambda numbers: json.dumps([_pair(json.dumps(hello(n, n=0))) for n in numbers]), size=2500
    ),
    text(
        "mistakes in one body of a cassette",
        lambda numbers: _cassette(_exchange(json.dumps(_wrong_roles(numbers)))),
        size=4000,
    ),
    text(
        "unknown fields in one body of a cassette",
        lambda numbers: _cassette(_exchange(json.dumps(_unknown_fields(numbers)))),
        size=4000,
    ),
    text(
        "mistakes in one object of a cassette", lambda numbers: _cassette(_exchange(_wrong_roles(numbers))), size=4000
    ),
    text(
        "mistakes in one body of a HAR file",
        lambda numbers: _har(_entry(json.dumps(_wrong_roles(numbers)))),
        file="a.har",
        size=4000,
    ),
    text(
        "mistakes in one body of a pair",
        lambda numbers: json.dumps(_pair(json.dumps(_wrong_roles(numbers)))),
        size=4000,
    ),
    text(
        "mistakes in one body that is not ASCII",
        lambda numbers: json.dumps(
            {"interactions": [_exchange("{" + f'"é": 1, {json.dumps(_wrong_roles(numbers))[1:]}')]}, ensure_ascii=False
        ),
        size=4000,
    ),
    text(
        "duplicate keys in one body",
        lambda numbers: _cassette(
            _exchange(
                '{"model": "m", "messages": [], "metadata": {'
                + ", ".join(f'"a{n}": "1", "a{n}": "2"' for n in numbers)
                + "}}"
            )
        ),
        size=2500,
    ),
    text(
        "half characters in one body",
        lambda numbers: _cassette(
            _exchange(
                '{"model": "m", "messages": [{"role": "user", "content": "'
                + "".join(rf"\ud800{n}" for n in numbers)
                + '"}]}'
            )
        ),
        size=2500,
    ),
    text(
        "mistakes in a body in single quotes",
        lambda numbers: _yaml(_single(_wrong_roles(numbers))),
        file="a.yaml",
        size=4000,
    ),
    text(
        "mistakes in a body in double quotes",
        lambda numbers: _yaml(_double(_wrong_roles(numbers))),
        file="a.yaml",
        size=2500,
    ),
    text(
        "mistakes in a body in a block", lambda numbers: _yaml(_block(_wrong_roles(numbers))), file="a.yaml", size=2500
    ),
    text(
        "mistakes in a block that is not ASCII",
        lambda numbers: _yaml(_block({**_wrong_roles(numbers), "é": 1})),
        file="a.yaml",
        size=2500,
    ),
    _audited(
        "exchanges with a wrong body",
        lambda numbers: _cassette(*(_exchange(json.dumps(hello(n, n=0))) for n in numbers)),
        size=2500,
    ),
    _audited(
        "exchanges that were refused",
        lambda numbers: _cassette(*(_exchange(json.dumps(hello(n)), 400) for n in numbers)),
    ),
    _audited(
        "entries of a HAR file",
        lambda numbers: _har(*(_entry(json.dumps(hello(n, n=0))) for n in numbers)),
        file="a.har",
        size=2500,
    ),
    _audited("pairs in an array", lambda numbers: json.dumps([_pair(hello(n, n=0)) for n in numbers])),
    _audited(
        "pairs, one in each line",
        lambda numbers: "\n".join(json.dumps(_pair(hello(n, n=0))) for n in numbers),
        file="a.jsonl",
    ),
    _audited(
        "exchanges of a YAML cassette",
        lambda numbers: _yaml(*(_single(hello(n, n=0)) for n in numbers)),
        file="a.yaml",
        size=500,
    ),
    _audited("mistakes in one body", lambda numbers: _cassette(_exchange(json.dumps(_wrong_roles(numbers))))),
)
