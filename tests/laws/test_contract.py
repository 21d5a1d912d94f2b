"""The documented table of `gptproto-qwen`, row by row: an accepted value, a refused one, its rule and its place."""

import copy
from typing import Any

import pytest

from reqlint import Severity, check

BASE: dict[str, Any] = {
    "model": "qwen-3.5",
    "messages": [
        {"role": "system", "content": "Answer as JSON."},
        {"role": "user", "name": "ada", "content": [{"type": "text", "text": "Where is Bergen?"}]},
    ],
    "max_tokens": 400,
    "n": 1,
    "response_format": {"type": "text"},
    "tools": [
        {
            "type": "function",
            "function": {
                "name": "find_town",
                "description": "Find a town by name",
                "parameters": {"type": "object", "properties": {"name": {"type": "string"}}},
            },
        }
    ],
    "stream": False,
}
GONE = object()

# pointer of the row, a value it accepts, a value that breaks it, the rule, and where the finding stands
ROWS: list[tuple[str, object, object, str, str]] = [
    ("/model", "qwen-turbo", 35, "wrong-type", "/model"),
    ("/model", "qwen-turbo", GONE, "missing-field", ""),
    ("/messages", [{"role": "user", "content": "Hi"}], "Hi", "wrong-type", "/messages"),
    ("/messages", [{"role": "user", "content": "Hi"}], GONE, "missing-field", ""),
    ("/messages/0/role", "system", "assistant", "unknown-role", "/messages/0/role"),
    ("/messages/0/role", "user", GONE, "missing-field", "/messages/0"),
    ("/messages/1/name", "grace", None, "null-not-allowed", "/messages/1/name"),
    ("/messages/1/content", "Where is Bergen?", None, "null-not-allowed", "/messages/1/content"),
    ("/messages/1/content", [{"type": "text", "text": "Hi"}], 7, "wrong-type", "/messages/1/content"),
    ("/messages/1/content", "Hi", GONE, "missing-field", "/messages/1"),
    ("/messages/1/content/0/type", "text", "video", "unknown-content-type", "/messages/1/content/0/type"),
    ("/messages/1/content/0/text", "Hi", ["Hi"], "wrong-type", "/messages/1/content/0/text"),
    ("/max_tokens", None, 4.5, "wrong-type", "/max_tokens"),
    ("/max_tokens", 1, "400", "wrong-type", "/max_tokens"),
    ("/n", None, 0, "out-of-range", "/n"),
    ("/n", 1, 11, "out-of-range", "/n"),
    ("/n", 1, True, "wrong-type", "/n"),
    ("/n", 1, "2", "wrong-type", "/n"),
    ("/response_format", {"type": "text"}, "json_object", "wrong-type", "/response_format"),
    ("/response_format/type", "json_object", "json_schema", "unknown-response-format", "/response_format/type"),
    ("/response_format/type", "text", GONE, "missing-field", "/response_format"),
    ("/tools", BASE["tools"], None, "null-not-allowed", "/tools"),
    ("/tools/0/type", "function", "tool", "unknown-value", "/tools/0/type"),
    ("/tools/0/type", "function", GONE, "missing-field", "/tools/0"),
    ("/tools/0/function", BASE["tools"][0]["function"], GONE, "missing-field", "/tools/0"),
    ("/tools/0/function/name", "Find-Town_2", "find town", "malformed-tool-name", "/tools/0/function/name"),
    ("/tools/0/function/name", "a" * 64, "a" * 65, "malformed-tool-name", "/tools/0/function/name"),
    ("/tools/0/function/name", "a", GONE, "missing-field", "/tools/0/function"),
    ("/tools/0/function/description", "Find it", 1, "wrong-type", "/tools/0/function/description"),
    ("/tools/0/function/parameters", {"type": "object"}, "{}", "wrong-type", "/tools/0/function/parameters"),
    ("/stream", True, "true", "wrong-type", "/stream"),
    ("/stream", False, 1, "wrong-type", "/stream"),
]


def changed(pointer: str, value: object) -> dict[str, Any]:
    """Return the base request with *value* at *pointer*; GONE removes the member."""
    request = copy.deepcopy(BASE)
    *steps, last = pointer.split("/")[1:]
    owner: Any = request
    for step in steps:
        owner = owner[int(step) if isinstance(owner, list) else step]
    if value is GONE:
        del owner[last]
    else:
        owner[last] = copy.deepcopy(value)
    return request


def test_the_base_request_is_clean() -> None:
    """The request that every row changes has no finding itself."""
    assert check(BASE) == []


@pytest.mark.parametrize(("pointer", "accepted", "refused", "rule", "place"), ROWS)
def test_a_row_of_the_table(pointer: str, accepted: object, refused: object, rule: str, place: str) -> None:
    """A documented value has no error; a value that breaks the row has one error, of that rule at that place."""
    assert [str(f) for f in check(changed(pointer, accepted)) if f.severity is Severity.ERROR] == []
    errors = [f for f in check(changed(pointer, refused)) if f.severity is Severity.ERROR]
    assert [(f.rule, f.pointer) for f in errors] == [(rule, place)]


@pytest.mark.parametrize("pointer", ["/top_k", "/messages/0/weight", "/messages/1/content/0/cache", "/tools/0/strict",
                                     "/tools/0/function/strict", "/response_format/json_schema"])  # fmt: skip
def test_an_undocumented_key_is_a_warning_at_the_key(pointer: str) -> None:
    """Undocumented is not forbidden: the finding marks the key and does not make the request invalid."""
    [found] = check(changed(pointer, 1))
    assert (found.rule, found.severity, found.pointer, found.part) == ("unknown-field", "warning", pointer, "key")
