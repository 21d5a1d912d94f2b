"""Many requests in one text: arrays, lines and YAML streams."""

import json

from benchmarks.dimensions.kind import hello, text


def _array(numbers: range, **more: object) -> str:
    return json.dumps([hello(n, **more) for n in numbers])


def _lines(numbers: range, **more: object) -> str:
    return "\n".join(json.dumps(hello(n, **more)) for n in numbers)


def _stream(numbers: range, line: str) -> str:
    return "".join(
        f"---\nmodel: gpt-4o\nmessages: [{{role: user, content: Hi {n}}}]\n{line.replace('%d', str(n))}"
        for n in numbers
    )


_IGNORED = "# reqlint: ignore[unknown-field] on purpose\n"

DIMENSIONS = (
    text("an array of requests", _array),
    text("an array of wrong requests", lambda numbers: _array(numbers, n=0), size=4000),
    text(
        "an array of requests, not ASCII, in one line",
        lambda numbers: _array(numbers, é=0).replace("\\u00e9", "é"),
        size=4000,
    ),
    text("an array of requests with a fix", lambda numbers: _array(numbers, max_token=5), size=1000),
    text("an array of anything else", lambda numbers: json.dumps([{"a": n} for n in numbers])),
    text("lines", _lines, file="a.jsonl"),
    text("wrong lines", lambda numbers: _lines(numbers, n=0), file="a.jsonl"),
    text("lines with a fix", lambda numbers: _lines(numbers, max_token=5), file="a.jsonl"),
    text(
        "wrong lines, each in its way",
        lambda numbers: "\n".join(json.dumps(hello(n, **{f"f{n}": 1})) for n in numbers),
        file="a.jsonl",
    ),
    text("lines with CRLF", lambda numbers: _lines(numbers, n=0).replace("\n", "\r\n"), file="a.jsonl"),
    text("blank lines", lambda numbers: _lines(range(3)) + "\n" * len(numbers) + "{}", file="a.jsonl", size=1_000_000),
    text("broken lines", lambda numbers: "".join(f'{{"model": {n},\n' for n in numbers), file="a.jsonl"),
    text(
        "lines that are not UTF-8",
        lambda numbers: "".join(f'{{"model": "é{n}"}}\n' for n in numbers).encode("latin-1"),
        file="a.jsonl",
    ),
    text(
        "lines with a duplicate key",
        lambda numbers: "".join(f'{{"model": "a{n}", "messages": [], "messages": []}}\n' for n in numbers),
        file="a.jsonl",
    ),
    text("lines of strangers", lambda numbers: "".join(f'{{"a": {n}}}\n' for n in numbers), file="a.jsonl"),
    text("documents", lambda numbers: _stream(numbers, ""), file="a.yaml", size=2000),
    text("wrong documents", lambda numbers: _stream(numbers, "n: 0\n"), file="a.yaml", size=2000),
    text("wrong documents, each in its way", lambda numbers: _stream(numbers, "f%d: 0\n"), file="a.yaml", size=2000),
    text(
        "wrong documents, each with a comment",
        lambda numbers: _stream(numbers, f"{_IGNORED}f%d: 0\n"),
        file="a.yaml",
        size=2000,
    ),
    text(
        "documents with a comment that silences nothing",
        lambda numbers: _stream(numbers, f"{_IGNORED}n: 1\n"),
        file="a.yaml",
        size=2000,
    ),
    text("documents with a fix", lambda numbers: _stream(numbers, "max_token: 5\n"), file="a.yaml", size=250),
    text(
        "documents with a fix and a comment",
        lambda numbers: _stream(numbers, f"{_IGNORED}max_token: 5\n"),
        file="a.yaml",
        size=250,
    ),
    text("empty documents", lambda numbers: _stream(range(1), "") + "---\n" * len(numbers), file="a.yaml", size=10_000),
)
