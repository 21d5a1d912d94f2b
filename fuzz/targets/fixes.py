"""Fixes: each changes nothing outside its edits, and fixing a file ends and adds no error."""

import json
from collections.abc import Iterable

from fuzz import examples
from fuzz.choices import Choices, mutate
from fuzz.laws import fixes_keep_the_rest, fixing_ends
from fuzz.words import words
from reqlint import Linter
from reqlint.text.forms import Form
from reqlint.text.sources import Source

_LINTERS = (Linter("openai"), Linter("gptproto-qwen"), Linter("dashscope"))
_STYLES = ("text", "compact", "indented", "tabs", "crlf", "block", "flow", "items", "lines", "yaml text", "lines text")


def run(data: bytes) -> None:
    """Fix the file that *data* chooses."""
    choices = Choices(data)
    linter, style, unsafe = choices.one_of(_LINTERS), choices.one_of(_STYLES), choices.below(2) == 0
    name, text = _written(choices, style)
    form = Form.JSONL if name.endswith("jsonl") else Form.YAML if name.endswith("yaml") else Form.JSON
    source = Source(name, None, text)
    fixes_keep_the_rest(linter.check_source(source), source, form)
    fixing_ends(source, linter.check_source, unsafe=unsafe)


def _written(choices: Choices, style: str) -> tuple[str, bytes]:
    if style.endswith("text"):
        return {"text": "a.json", "yaml text": "a.yaml", "lines text": "a.jsonl"}[style], choices.rest()
    count = 1 + choices.below(4) if style in ("lines", "items") else 1
    values = [mutate(choices, choices.one_of(examples.values()), words()) for _ in range(count)]
    if style == "lines":
        return "a.jsonl", b"".join(json.dumps(value).encode() + b"\n" for value in values)
    if style == "items":
        return "a.json", json.dumps(values, indent=1).encode()
    if style in ("block", "flow"):
        import yaml

        dumped = yaml.safe_dump(values[0], default_flow_style=style == "flow", allow_unicode=True, sort_keys=False)
        return "a.yaml", dumped.encode("utf-8", "replace")
    layout = {"compact": None, "indented": 2, "tabs": "\t", "crlf": 4}[style]
    separators = (",", ":") if style == "compact" else None
    text = json.dumps(values[0], indent=layout, separators=separators)
    return "a.json", (text.replace("\n", "\r\n") if style == "crlf" else text).encode()


def seeds() -> Iterable[bytes]:
    """Yield choices of files to start from."""
    for i in range(len(examples.values())):
        yield bytes([i % 3, i % 9, 0]) + i.to_bytes(2, "little")
        yield bytes([i % 3, 1 + i % 6, 0]) + i.to_bytes(2, "little") + bytes([2, i % 5, 3, 5, i % 9])
    for i, text in enumerate(examples.texts()):
        yield bytes([i % 3, 0, 0]) + text
    for i, text in enumerate([*examples.files(".yaml"), *examples.yaml()]):
        yield bytes([i % 3, 9, 0]) + text
    for i, text in enumerate(examples.files(".jsonl")):
        yield bytes([i % 3, 10, 0]) + text
