"""Tool schemas that are written to exhaust a linter: nothing in them is fetched, unfolded or matched."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reqlint import Linter
from reqlint.knowledge.catalog import shipped
from tests.support.bounded import bounded
from tests.support.timing import Stopwatch

TEXT = {"type": "string"}


def _object(properties: Mapping[str, object], **more: object) -> dict[str, object]:
    named = {"type": "object", "properties": properties, "required": list(properties)}
    return {**named, "additionalProperties": False, **more}


def _nested(keyword: str, levels: int) -> object:
    schema: object = {"type": 3}
    for _ in range(levels):
        schema = {"type": "object", keyword: {"a": schema} if keyword == "properties" else schema}
    return schema


def _twice(levels: int) -> dict[str, object]:
    """Return definitions that each refer to the next one twice, so that they unfold to 2 to the power of *levels*."""
    refer = [{"$ref": f"#/$defs/d{level}"} for level in range(levels + 1)]
    defs: dict[str, object] = {f"d{i}": _object({"a": refer[i + 1], "b": refer[i + 1]}) for i in range(levels)}
    return _object({"x": refer[0]}, **{"$defs": {**defs, f"d{levels}": TEXT}})


# By description: the schema, and one of the rules it breaks under the profile openai (None for no finding at all).
SCHEMAS: dict[str, tuple[object, str | None]] = {
    "catastrophic patterns": (
        _object({"a": {**TEXT, "pattern": "(a+)+$"}, "b": {**TEXT, "pattern": "(a{1000}){1000}"}}), None
    ),
    "patterns that are none": (
        _object({"a": {**TEXT, "pattern": "(["}, "b": {**TEXT, "pattern": "(?<=a)\\p{L}"}}), None
    ),
    "a pattern of 1 MB": (_object({"a": {**TEXT, "pattern": "(a|b)*" * 170_000}}), None),
    "patterns read thoroughly": (
        {"multipleOf": 0, "patternProperties": {"(a+)+$": {}, "([": {}}, "properties": {"a" * 60 + "!": {}}},
        "malformed-parameters-schema",
    ),
    "a reference to itself": ({"$ref": "#"}, "non-object-strict-schema"),
    "references in a circle": (
        _object({"a": {"$ref": "#/$defs/x"}}, **{"$defs": {"x": {"$ref": "#/$defs/y"}, "y": {"$ref": "#/$defs/x"}}}),
        None,
    ),
    "dynamic references": (_object({"a": {"$dynamicRef": "#x"}}, **{"$dynamicAnchor": "x"}), "untyped-strict-schema"),
    "recursive references": (
        _object(
            {"a": {"$recursiveRef": "#"}},
            **{"$recursiveAnchor": True, "$schema": "https://json-schema.org/draft/2019-09/schema"},
        ),
        "untyped-strict-schema",
    ),
    "remote references": (
        _object({word: {"$ref": word} for word in ("http://127.0.0.1:9/x", "file:///etc/passwd", "b.json", "http://[")}),
        "unresolved-strict-reference",
    ),
    "a remote base": (_object({"a": {"$ref": "x"}}, **{"$id": "http://127.0.0.1:9/"}), "unresolved-strict-reference"),
    "a remote metaschema": (_object({"a": TEXT}, **{"$schema": "http://127.0.0.1:9/meta"}), None),
    "a number for a metaschema": (_object({"a": TEXT}, **{"$schema": 3}), "malformed-parameters-schema"),
    "definitions that double": (_twice(300), "oversized-strict-schema"),
    "definitions that double, read thoroughly": ({**_twice(60), "multipleOf": 0}, "malformed-parameters-schema"),
    "keys of languages": (_object(dict.fromkeys(("__proto__", "$ref", "constructor", "", "~", "/"), TEXT)), None),
    "references that are no text": (
        _object({"a": {"$ref": 3}, "b": {"$ref": None}, "c": {"$ref": ["#"]}}), "malformed-parameters-schema"
    ),
    "an index of 5,000 digits": (
        _object({"a": {"$ref": "#/required/" + "9" * 5000}}), "unresolved-strict-reference"
    ),
    "true, false and null for schemas": (
        {"properties": {"a": True, "b": False, "c": None}, "items": False, "anyOf": [True, None]},
        "malformed-parameters-schema",
    ),
    "100,000 properties": (_object({f"p{i}": TEXT for i in range(100_000)}), "oversized-strict-schema"),
    "10,000 properties of no type": (
        {"type": "object", "properties": {f"p{i}": {"type": "str"} for i in range(10_000)}},
        "malformed-parameters-schema",
    ),
    "10,000 names that are not declared": (
        {"type": "object", "properties": {}, "required": [f"p{i}" for i in range(10_000)]}, "undeclared-strict-property"
    ),
    "10,000 objects for names": (
        {"type": "object", "required": [{"a": i} for i in range(10_000)]}, "malformed-parameters-schema"
    ),
    "100,000 values": (_object({"a": {**TEXT, "enum": [str(i) for i in range(100_000)]}}), "oversized-strict-schema"),
    "20,000 members of allOf": ({"type": "object", "allOf": [TEXT] * 20_000}, "unsupported-strict-keyword"),
    "20,000 numbers in anyOf": ({"type": "object", "anyOf": [3] * 20_000}, "malformed-parameters-schema"),
    "110 levels of objects": (_nested("properties", 110), "oversized-strict-schema"),
    "200 levels of items": (_nested("items", 200), "open-strict-schema"),
}  # fmt: skip


def _request(schema: object) -> dict[str, Any]:
    function = {"name": "f", "strict": True, "parameters": schema}
    return {
        "model": "gpt-4o-mini",
        "messages": [{"role": "user", "content": "Hi"}],
        "tools": [{"type": "function", "function": function}],
    }


@pytest.mark.parametrize("name", SCHEMAS)
def test_every_schema_is_judged_in_bounded_time(name: str) -> None:
    """A hostile schema has the finding of its rule, or none where nothing is wrong, within 20 CPU seconds."""
    schema, rule = SCHEMAS[name]
    with Stopwatch() as took:
        rules = {finding.rule for finding in Linter("openai").check(_request(schema))}
    assert took.seconds < 20
    assert (rule in rules) if rule else not rules


SMALL = [name for name, (schema, _) in SCHEMAS.items() if len(repr(schema)) < 20_000 and "levels" not in name]


@pytest.mark.parametrize("profile", shipped().profile_names)
def test_every_profile_and_engine_says_the_same(profile: str) -> None:
    """Under no profile does a hostile schema raise, and both engines have the same findings in it."""
    fast, reference = Linter(profile), Linter(profile, engine="reference")
    for name in SMALL:
        request = _request(SCHEMAS[name][0])
        assert fast.check(request) == reference.check(request), name


@pytest.mark.parametrize("option", [(), ("--diff",), ("--fix", "--unsafe-fixes")], ids=["check", "diff", "fix"])
def test_the_command_judges_hostile_files_and_their_neighbours(option: tuple[str, ...], tmp_path: Path) -> None:
    """The command ends within 10 CPU seconds and 100 MB, judges the files around, and every file stays JSON."""
    (tmp_path / ".git").mkdir()
    for file in ("a.json", "z.json"):
        (tmp_path / file).write_text('{"model": "gpt-4o-mini", "messages": 3}')
    lines = [json.dumps(_request(SCHEMAS[name][0])) for name in SMALL]
    (tmp_path / "hostile.jsonl").write_text("\n".join(lines) + "\n")
    ran = bounded("check", "-p", "openai", "--output-format", "json", *option, ".", folder=tmp_path)
    assert ran.code == 1
    assert ran.err == (b"" if option != ("--diff",) else ran.err)
    assert b"Traceback" not in ran.err
    assert ran.seconds < 10
    assert ran.megabytes < 100
    if option != ("--diff",):
        files = {finding["file"] for finding in json.loads(ran.out)["findings"]}
        assert files == {"./a.json", "./hostile.jsonl", "./z.json"}
    assert len([json.loads(line) for line in (tmp_path / "hostile.jsonl").read_text().splitlines()]) == len(SMALL)
