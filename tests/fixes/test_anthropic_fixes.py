"""What --fix makes of a request to Anthropic's API in the form of another one, and what it leaves alone."""

import json
from pathlib import Path
from typing import Any

import pytest
import yaml

from reqlint import Linter
from reqlint.fixes.apply import apply_fixes
from reqlint.text.sources import Source

BASE: dict[str, Any] = {
    "model": "claude-haiku-4-5",
    "max_tokens": 300,
    "system": "Be brief.",
    "messages": [{"role": "user", "content": "When does the ferry leave?"}],
}
SCHEMA = {"type": "object", "properties": {"day": {"type": "string"}}}
TOOL = {"name": "timetable", "description": "Look up departures", "input_schema": SCHEMA}
FUNCTION = {"name": "timetable", "description": "Look up departures", "parameters": SCHEMA}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII="


def shown(source: dict[str, str]) -> dict[str, Any]:
    return {"messages": [{"role": "user", "content": [{"type": "image", "source": source}]}]}


def image(data: str) -> dict[str, Any]:
    return shown({"type": "base64", "media_type": "image/png", "data": data})


@pytest.mark.parametrize(
    ("wrong", "right"),
    [
        ({"tools": [{"type": "function", "function": FUNCTION}]}, {"tools": [TOOL]}),
        ({"tools": [{"type": "function", **FUNCTION}]}, {"tools": [TOOL]}),
        ({"tools": [FUNCTION]}, {"tools": [TOOL]}),
        ({"tools": [TOOL], "tool_choice": "auto"}, {"tools": [TOOL], "tool_choice": {"type": "auto"}}),
        ({"tools": [TOOL], "tool_choice": "required"}, {"tools": [TOOL], "tool_choice": {"type": "any"}}),
        (
            {"tools": [TOOL], "tool_choice": {"type": "function", "function": {"name": "timetable"}}},
            {"tools": [TOOL], "tool_choice": {"type": "tool", "name": "timetable"}},
        ),
        ({"stop": ["END"]}, {"stop_sequences": ["END"]}),
        (
            {"messages": [{"role": "user", "content": [{"type": "input_text", "text": "Hi"}]}]},
            {"messages": [{"role": "user", "content": [{"type": "text", "text": "Hi"}]}]},
        ),
        (
            {"messages": [*BASE["messages"], {"role": "assistant", "content": "The ferry leaves at \n"}]},
            {"messages": [*BASE["messages"], {"role": "assistant", "content": "The ferry leaves at"}]},
        ),
        (image(f"data:image/png;base64,{PNG}"), image(PNG)),
    ],
    ids=str,
)
@pytest.mark.parametrize("form", ["json", "yaml"])
def test_a_safe_fix_only_renames_or_wraps(wrong: Any, right: Any, form: str, tmp_path: Path) -> None:
    """The one finding has a safe fix, after which nothing is found, and everything else is as it was."""
    path = tmp_path / f"request.{form}"
    path.write_text(json.dumps({**BASE, **wrong}, indent=1) if form == "json" else yaml.safe_dump({**BASE, **wrong}))
    linter = Linter("anthropic")
    [found] = linter.check_file(path)
    assert found.fix is not None
    assert found.fix.safe
    repair = apply_fixes(Source(path.name, None, path.read_bytes()), linter.check_source)
    path.write_bytes(repair.source.read())
    fixed = json.loads(path.read_text()) if form == "json" else yaml.safe_load(path.read_text())
    assert fixed == {**BASE, **right}
    assert list(linter.check_file(path)) == []


def test_max_tokens_gets_its_name() -> None:
    """Without max_tokens, the parameter by its other name is the one finding."""
    request = {key: value for key, value in BASE.items() if key != "max_tokens"} | {"max_completion_tokens": 300}
    [found] = Linter("anthropic").check_text(json.dumps(request), "a.json")
    assert (found.rule, found.fix is not None) == ("max-tokens-by-another-name", True)


@pytest.mark.parametrize(
    "wrong",
    [
        {"tools": [{"type": "function", "function": {"name": "timetable"}}]},  # a schema would have to be made up
        {"tools": [{"name": "other", "function": FUNCTION}]},
        {"stop": "END", "stop_sequences": ["END"]},
        {"messages": [*BASE["messages"], {"role": "assistant", "content": " "}]},
        image(f"data:image/jpeg;base64,{PNG}"),
        image("data:image/png,%89PNG"),
    ],
    ids=str,
)
def test_what_would_need_a_guess_has_no_fix(wrong: Any) -> None:
    """Nothing is made up, and no member is overwritten."""
    found = list(Linter("anthropic").check_text(json.dumps({**BASE, **wrong}), "a.json"))
    assert found
    assert all(each.fix is None for each in found)
