"""Schemas that become grammars: each is looked at once, by itself, however deep and wide they are."""

import sys
from types import FrameType
from typing import Any

import pytest

from reqlint import Finding, Linter

SERVERS = ("llama.cpp", "sglang", "vllm")


def judged(profile: str, schema: object) -> list[Finding]:
    """Return the findings in the schema of an answer."""
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": schema}}
    request = {"model": "m", "messages": [{"role": "user", "content": "Hi"}], "response_format": form}
    return Linter(profile).check(request)


def nested(levels: int, leaf: object) -> Any:
    """Return a schema with *leaf* below so many schemas."""
    for _ in range(levels):
        leaf = {"type": "array", "items": leaf}
    return leaf


def wide(count: int) -> dict[str, Any]:
    """Return a schema with so many properties, each a mistake of its own."""
    return {"type": "object", "properties": {f"p{number}": {"type": f"t{number}"} for number in range(count)}}


@pytest.mark.parametrize("profile", SERVERS)
def test_a_mistake_is_found_at_any_depth(profile: str) -> None:
    """Below 120 schemas as below one, at its own place."""
    for levels in (1, 10, 120):
        (finding,) = judged(profile, nested(levels, {"type": "any"}))
        assert finding.rule == "schema-beyond-grammar"
        assert finding.pointer == f"/response_format/json_schema/schema{'/items' * levels}/type"
    assert judged(profile, nested(120, {"type": "string"})) == []


@pytest.mark.parametrize("profile", SERVERS)
def test_a_schema_is_looked_at_once(profile: str) -> None:
    """Four times as many schemas, or levels, take at most five times the steps."""
    for make in (wide, lambda count: nested(count, {"type": "any"})):
        few, many = (_steps(profile, make(count)) for count in (25, 100))
        assert many < 5 * few


def _steps(profile: str, schema: object) -> int:
    judged(profile, schema)
    steps = 0

    def count(_frame: FrameType, _event: str, _argument: object) -> None:
        nonlocal steps
        steps += 1

    sys.setprofile(count)
    try:
        judged(profile, schema)
    finally:
        sys.setprofile(None)
    return steps


def test_of_two_ways_to_say_what_is_taken_the_first_counts() -> None:
    """What stands beside a reference, a union or an enum is not read, and neither are its members."""
    bad = {"a": {"type": "any"}}
    for way in ({"$ref": "#/$defs/x", "$defs": {"x": {}}}, {"anyOf": [{"type": "string"}]}, {"enum": ["b"]}):
        for profile in SERVERS:
            assert judged(profile, {**way, "properties": bad}) == []
            assert judged(profile, {"properties": bad})


@pytest.mark.parametrize("profile", SERVERS)
def test_a_definition_is_read_where_something_refers_to_it(profile: str) -> None:
    """However often, and in circles too; one that nothing refers to is left alone."""
    bad = {"$defs": {"x": {"type": "any"}, "y": {"$ref": "#/$defs/z"}, "z": {"anyOf": [{"$ref": "#/$defs/y"}]}}}
    members = {"a": {"$ref": "#/$defs/x"}, "b": {"$ref": "#/$defs/x"}, "c": {"$ref": "#/$defs/y"}}
    (finding,) = judged(profile, {"type": "object", "properties": members, **bad})
    assert finding.pointer == "/response_format/json_schema/schema/$defs/x/type"
    assert judged(profile, {"type": "object", "properties": {"c": members["c"]}, **bad}) == []


@pytest.mark.parametrize("profile", SERVERS)
def test_a_reference_that_leads_nowhere_is_found_where_it_is_read(profile: str) -> None:
    """In the schema of an answer as in a function; beside a union, which counts, it is not read."""
    lost = {"$ref": "#/$defs/x"}
    (finding,) = judged(profile, {"type": "object", "properties": {"a": lost}})
    assert (finding.rule, str(finding.severity)) == ("dangling-reference", "error")
    assert judged(profile, {"anyOf": [{"type": "string"}], "properties": {"a": lost}}) == []


def test_a_format_is_one_that_the_server_knows() -> None:
    """In the schema of an answer, where the type is a string."""
    for schema, rules in (
        ({"type": "string", "format": "int32"}, ["schema-beyond-grammar"]),
        ({"format": "int32"}, []),
    ):
        assert [finding.rule for finding in judged("vllm", schema)] == rules
    assert judged("vllm", {"type": ["string", "null"], "format": "date"}) == []


def test_an_own_profile_may_extend_a_measured_one(tmp_path: Any) -> None:
    """Its schema is bounded, so that a delta of it is taken, with the grammars of the server."""
    folder = tmp_path / "ours"
    folder.mkdir()
    (folder / "profile.yaml").write_text(
        "name: ours\ntitle: Our server\nextends: llama.cpp\nsource: {url: 'https://example.com', read: 2026-11-28}\n"
        "endpoints: ['https://example.com/v1/chat/completions']\nmodels: []\nerrors: []\n"
    )
    linter = Linter("ours", profiles=[tmp_path])
    form = {"type": "json_schema", "json_schema": {"name": "a", "schema": {"type": "any"}}}
    request = {"messages": [{"role": "user", "content": "Hi"}], "response_format": form}
    assert [finding.rule for finding in linter.check(request)] == ["schema-beyond-grammar"]


def test_a_schema_as_a_whole_has_a_name_and_nothing_is_said_twice() -> None:
    """The name is its last two steps; a keyword that is not taken at all has one reason."""
    false, unread = judged("sglang", {"type": "object", "properties": {"pier": False, "day": {"not": {}}}})
    assert false.message == "no grammar can be made of properties.pier false; this server takes an object"
    assert unread.message == "no grammar can be made of not an empty object; this server takes no value here"
