"""Lists of tools that are huge, deep, cut or odd: each ends in findings or a sentence, within its limits."""

import json
from pathlib import Path
from typing import Any

import pytest

from reqlint import Linter, Severity
from tests.support.bounded import bounded
from tests.support.timing import growth

SCHEMA = {"type": "object", "properties": {"guests": {"type": "array"}}}
TOOL = {"name": "a b", "inputSchema": SCHEMA}
GEMINI = {"name": "a", "parameters": {"type": "OBJECT"}}
WIDE = {"properties": {str(n): {"type": "array"} for n in range(5_000)}}
ODD: list[Any] = [None, True, -1, 10**30, 1.5, "", "x" * 1000, [], {}, [[]], {"name": []}, {"type": "function"}]


def _deep(levels: int) -> str:
    return '{"properties": {"a": ' * levels + "{}" + "}}" * levels


HOSTILE: dict[str, tuple[str, str]] = {
    "many tools": ("a.json", json.dumps({"tools": [{**TOOL, "name": f"a b {n}"} for n in range(2_000)]})),
    "one name": ("a.json", json.dumps([{"name": "a", "inputSchema": {}}] * 5_000)),
    "many properties": ("a.json", json.dumps([{"name": "a", "inputSchema": WIDE}])),
    "many messages": ("a.jsonl", (json.dumps({"jsonrpc": "2.0", "id": 1, "result": {"tools": [TOOL]}}) + "\n") * 3_000),
    "many declarations": ("a.json", json.dumps([{"functionDeclarations": [GEMINI]}] * 5_000)),
    "deep": ("a.json", f'[{{"name": "a", "inputSchema": {_deep(120)}}}]'),
    "too deep": ("a.json", f'[{{"name": "a", "inputSchema": {_deep(100_000)}}}]'),
    "an alias bomb": ("a.yaml", "tools:\n- name: a\n  inputSchema: &a0 {type: object}\n" + "".join(
        f"- name: a\n  inputSchema: &a{n} {{properties: {{x: *a{n - 1}, y: *a{n - 1}}}}}\n" for n in range(1, 40))),
    "doubling": ("a.yaml", "functionDeclarations:\n- name: a\n  parameters: &a0 {type: OBJECT}\n" + "".join(
        f"- name: a\n  parameters: &a{n} {{type: OBJECT, properties: {{x: *a{n - 1}, y: *a{n - 1}}}}}\n"
        for n in range(1, 13))),
    "itself": ("a.yaml", "tools: &a\n- name: a\n  inputSchema: {properties: *a}\n"),
    "not UTF-8": ("a.json", '[{"name": "\udcff", "inputSchema": {}}]'),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_list_is_judged_within_limits(name: str, tmp_path: Path) -> None:
    """Each is reported without a traceback, within 20 CPU seconds and 400 MB."""
    file, text = HOSTILE[name]
    (tmp_path / file).write_bytes(text.encode("utf-8", "surrogateescape"))
    ran = bounded("check", "--isolated", "--as", "tools", "--output-format", "json", file, folder=tmp_path)
    report = json.loads(ran.out)
    assert report["findings"] or report["summary"]["tools"]
    assert b"Traceback" not in ran.err
    assert ran.seconds < 20
    assert ran.megabytes < 400


@pytest.mark.parametrize("kind", [None, "tools", "schema"])
def test_odd_members_raise_nothing(kind: str | None) -> None:
    """Any value in the place of a name, a description, a schema or a tool is judged, and the tool after it."""
    for odd in ODD:
        tools = [
            *({key: odd, "name": "a"} for key in ("description", "strict", "inputSchema", "_meta")),
            {"name": odd},
            TOOL,
        ]
        for value in (
            [*tools, odd],
            {"tools": [*tools]},
            {"jsonrpc": "2.0", "result": {"tools": [*tools, {}]}},
            {"tools": odd},
        ):
            report = Linter().check_text(json.dumps(value), "a.json", kind=kind)
            if isinstance(value, dict) and "result" in value and kind != "schema":
                assert [f.pointer for f in report if f.rule == "array-without-items"] == [
                    "/result/tools/5/inputSchema/properties/guests"
                ]


def test_four_times_the_tools_take_four_times_the_time() -> None:
    """The time to judge thousands of tools, each with findings, grows in line with their number."""
    linter = Linter()

    def judge(text: str) -> None:
        assert len(linter.check_text(text, "a.json").findings) >= 200

    def tools(count: int) -> str:
        return json.dumps(
            {"tools": [{"name": f"a b {n}", "inputSchema": {**SCHEMA, "title": str(n)}} for n in range(count)]}
        )

    assert growth(judge, tools, 200, below=9) < 9


def test_deep_and_wide_declarations_are_bounded() -> None:
    """Types in upper case are read down to 60 levels and in 5,000 objects; the rest stays as it is."""
    deep: dict[str, Any] = {"type": "STRING"}
    for _ in range(100):
        deep = {"type": "OBJECT", "properties": {"a": deep}}
    wide = {"type": "OBJECT", "properties": {f"p{n}": {"type": "STRING"} for n in range(20_000)}}
    for schema in (deep, wide):
        report = Linter().check_text(
            json.dumps({"functionDeclarations": [{"name": "a", "parameters": schema}]}), "a.json"
        )
        assert report.tools == 1
        assert all(finding.severity is not Severity.ERROR for finding in report)
