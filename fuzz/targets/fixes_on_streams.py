"""Fixes in YAML streams and in texts with many mistakes: every promise is kept, and each document edited alone."""

import json
from collections.abc import Iterable
from typing import Any

import yaml

from fuzz import examples
from fuzz.choices import Choices, mutate
from fuzz.laws import fixes_keep_the_rest, fixing_ends, promises_are_kept
from fuzz.words import words
from reqlint import Linter
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source

_LINTERS = (Linter("openai"), Linter("gptproto-qwen"), Linter("dashscope"))
_STARTS = ("---\n", "--- # a comment\n", "--- ", "---\n# a comment\n", "%YAML 1.2\n---\n", "\n---\n\n")
_ENDS = ("", "...\n", "# a comment\n", "\n", "...  # a comment\n", "... \n\n")
_MISTAKES: tuple[dict[str, Any], ...] = (
    {"temprature": 0.5}, {"maxTokens": 5, "max_token": 6}, {"user": None}, {"stop": None}, {"n": "2"}, {"n": "400"},
    {"extra_body": {"top_k": 5, "seed": 7}}, {"tools": []}, {"steam": True, "stream": False},
    {"tools": [{"type": "function", "function": {"name": name, "description": "d"}} for name in ("a b", "a.b")]},
)  # fmt: skip


def run(data: bytes) -> None:
    """Fix the stream that *data* chooses; one in four is a JSON array of the same documents."""
    choices = Choices(data)
    linter, unsafe, as_array = choices.one_of(_LINTERS), choices.below(2) == 0, choices.below(4) == 0
    values = [_value(choices) for _ in range(1 + choices.below(6))]
    if as_array:
        name, text = "a.json", json.dumps(values, indent=choices.one_of((None, 1))).encode()
    else:
        name, text = "a.yaml", "".join(_document(choices, value) for value in values).encode("utf-8", "replace")
    form = Form.JSON if as_array else Form.YAML
    source = Source(name, None, text)
    if any(document.value is UNREADABLE for document in read_documents(source, form)):
        return
    fixes_keep_the_rest(linter.check_source(source), source, form)
    fixing_ends(source, linter.check_source, unsafe=unsafe)
    promises_are_kept(source, linter.check_source, unsafe=unsafe)


def _value(choices: Choices) -> Any:
    if choices.below(3) == 0:
        return mutate(choices, choices.one_of(examples.values()), words())
    turns = [
        {"role": choices.one_of(("user", "User", "ASSISTANT")), "content": choices.one_of(("Hi", None, "no", "é\n", 5))}
        for _ in range(1 + choices.below(4))
    ]
    value: dict[str, Any] = {"model": choices.one_of(("gpt-4o", "qwen-plus", "o3-mini")), "messages": turns}
    for _ in range(choices.below(4)):
        value |= choices.one_of(_MISTAKES)
    return value


def _document(choices: Choices, value: Any) -> str:
    style = choices.one_of((True, False, None))
    written = yaml.safe_dump(value, default_flow_style=style, allow_unicode=True, sort_keys=False)
    start, end = choices.one_of(_STARTS), choices.one_of(_ENDS)
    if start.startswith("%"):
        start = "...\n" + start
    if start == "--- " and not written.startswith("{"):
        start = "---\n"
    return start + written.removesuffix("...\n") + end


def seeds() -> Iterable[bytes]:
    """Yield choices of streams to start from."""
    for i in range(240):
        yield bytes((number * (i % 7 + 1)) % 256 for number in range(i, i + 60))
    for i in range(len(examples.values())):
        yield bytes([i % 3, i % 2, 1 + i % 3, i % 6, 0]) + i.to_bytes(2, "little") * 3
