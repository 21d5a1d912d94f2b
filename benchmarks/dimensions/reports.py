"""Many findings in each output format."""

import json
from collections.abc import Callable

from benchmarks.dimensions.kind import Dimension, conversation, hello
from benchmarks.dimensions.setting import Setting, run
from reqlint.reporters import FORMATS


def _lines(numbers: range) -> str:
    return "\n".join(json.dumps(hello(n, **{f"field{n}": n})) for n in numbers)


def _one_line(numbers: range) -> str:
    return json.dumps(
        {"é": 1, **conversation(*({"role": f"r{n}", "content": "Hi"} for n in numbers))}, ensure_ascii=False
    )


def _one_text(numbers: range) -> str:
    return json.dumps(hello(**{f"field{n}": n for n in numbers}), indent=2)


def _written(
    form: str, what: str, file: str, make: Callable[[range], str], *, size: int, more: tuple[str, ...] = ()
) -> Dimension:
    arguments = ("check", "--isolated", "-p", "openai", "--jobs", "1", "--output-format", form, *more, file)
    return Dimension(
        f"{' '.join((form, *more))}: {what}", lambda numbers: Setting({file: make(numbers)}, arguments), run, size=size
    )


DIMENSIONS = (
    *(_written(form, "lines with a finding", "a.jsonl", _lines, size=2500) for form in FORMATS),
    *(_written(form, "findings in one line", "a.json", _one_line, size=2500) for form in FORMATS),
    _written("human", "lines with a finding", "a.jsonl", _lines, size=2500, more=("--max-per-rule", "0")),
    _written("human", "findings in one line", "a.json", _one_line, size=2500, more=("--max-per-rule", "0")),
    _written("human", "findings over lines", "a.json", _one_text, size=2500, more=("--max-per-rule", "0", "-v")),
    _written(
        "human", "findings over lines", "a.json", _one_text, size=2500, more=("--show-values", "--max-per-rule", "0")
    ),
    _written("human", "lines with a finding", "a.jsonl", _lines, size=2500, more=("--statistics",)),
    _written("json", "lines with a finding", "a.jsonl", _lines, size=2500, more=("--statistics",)),
)
