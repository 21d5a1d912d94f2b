"""Profiles list their own parameters over a wire shape, and get nothing that another profile gains."""

import json
import re
import shutil
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from reqlint import Linter
from reqlint.core.errors import BadData
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.custom import load_custom
from reqlint.knowledge.delta import generated_schemas, request_schema
from reqlint.knowledge.index import home
from reqlint.knowledge.parameter_list import lists_parameters
from reqlint.knowledge.protobuf_json import SAME_AS
from reqlint.knowledge.validation import find_faults
from reqlint.schema.keyword_rules import RULE_OF_KEYWORD
from reqlint.schema.limits import subschemas
from reqlint.schema.untrusted import schema_fault
from reqlint.text.trusted_yaml import load_yaml

pytestmark = pytest.mark.core

SCHEMAS = home() / "schemas"
LISTS = sorted(path.parent.name for path in SCHEMAS.glob("*/delta.yaml"))
SHAPES = sorted(path for path in (SCHEMAS / "shapes").glob("*.json") if "." not in path.stem)
FILE = Path("delta.yaml")
LIMITS = {
    "default",
    "deprecated",
    "pattern",
    "format",
    *(word for word in RULE_OF_KEYWORD if word[:3] in ("min", "max")),
}
PARENT: dict[str, Any] = {
    "properties": {
        "model": {"type": "string"},
        "limit": {"type": "integer", "minimum": 1, "x-rule": {"minimum": "out-of-range"}},
        "options": {"type": "object", "$ref": "#/$defs/options"},
        "tools": {"type": "array", "items": {"$ref": "#/$defs/tool"}},
    },
    "$defs": {
        "options": {"properties": {"inner": {"$ref": "#/$defs/inner"}}},
        "inner": {"type": "boolean"},
        "tool": {"type": "object", "maxProperties": 9},
    },
}


as_generated = cache(generated_schemas)


def built(delta: Mapping[str, Any], parent: Mapping[str, Any] | None = PARENT) -> dict[str, Any]:
    """Return the request schema of a profile of the name ours, which extends base unless *parent* is None."""
    profile = {"name": "ours", "title": "Ours", **({"extends": "base"} if parent else {})}
    return request_schema(profile, {"required": [], **delta}, parent or {}, FILE)


@pytest.fixture
def copied(tmp_path: Path) -> Path:
    """Return a copy of reqlint's folder of schemas."""
    return Path(shutil.copytree(SCHEMAS, tmp_path / "schemas"))


@pytest.mark.parametrize("name", LISTS)
def test_a_shipped_list_has_the_form_that_its_meta_schema_describes(name: str) -> None:
    """Every delta.yaml of reqlint is a list of parameters without a fault."""
    delta = load_yaml(SCHEMAS / name / "delta.yaml")
    assert lists_parameters(delta)
    assert list(find_faults(delta, "delta", "the list")) == []


@pytest.mark.parametrize("name", LISTS)
def test_a_profile_has_the_parameters_that_its_file_lists(name: str) -> None:
    """The parameters of a profile are those that its file lists, in the same order, and no others."""
    parameters = shipped().profile(name).schema["properties"]
    own = [key for key, each in parameters.items() if not (isinstance(each, dict) and SAME_AS in each)]
    assert own == list(load_yaml(SCHEMAS / name / "delta.yaml")["parameters"])


@pytest.mark.parametrize("name", LISTS)
def test_every_null_in_a_shipped_list_removes_something(name: str) -> None:
    """A patch without one of its nulls has another result, so that no null is left from an older state."""
    file = SCHEMAS / name / "delta.yaml"
    expected = as_generated()[file.with_name("request.json")]
    profile, delta = load_yaml(file.with_name("profile.yaml")), load_yaml(file)
    extended = profile.get("extends")
    parent = json.loads((SCHEMAS / extended / "request.json").read_text("utf-8")) if extended else {}
    for holder, key in list(_nulls(delta)):
        del holder[key]
        schema = request_schema(profile, delta, parent, file)
        assert json.dumps(schema, ensure_ascii=False, indent=2) + "\n" != expected, key
        holder[key] = None


def _nulls(value: object) -> list[tuple[dict[str, Any], str]]:
    if isinstance(value, dict):
        here = [(value, key) for key, member in value.items() if member is None]
        return here + [found for member in value.values() for found in _nulls(member)]
    return []


@pytest.mark.parametrize("file", SHAPES, ids=lambda file: file.stem)
def test_a_shape_has_nobodys_parameters_and_limits(file: Path) -> None:
    """A shape is definitions alone, which refer to each other, without keywords that state one API's limits."""
    shape = json.loads(file.read_text("utf-8"))
    assert shape["$id"] == f"reqlint:shapes/{file.stem}"
    assert shape.keys() - {"x-encoding"} == {"$schema", "$id", "title", "description", "$defs"}
    assert schema_fault(shape) is None
    keywords = {keyword for _, each in subschemas(shape) for keyword in each}
    assert keywords.isdisjoint(LIMITS)


def _add_parameter(delta: dict[str, Any]) -> None:
    delta["parameters"]["tomorrow"] = {"type": "string"}


def _add_members(delta: dict[str, Any]) -> None:
    shape = json.loads((SCHEMAS / "shapes" / f"{delta['shape']}.json").read_text("utf-8"))["$defs"]
    for name in {*shape, *delta["$defs"]}:
        members = delta["$defs"].setdefault(name, {}).setdefault("properties", {})
        members["tomorrow"] = {"$ref": "#/$defs/tomorrow"}
    delta["$defs"]["tomorrow"] = {"type": "string"}


def _add_kinds(delta: dict[str, Any]) -> None:
    delta["$defs"]["message"]["properties"]["role"]["enum"].append("tomorrow")
    delta["$defs"]["user_part"]["properties"]["type"]["enum"].append("tomorrow")
    delta["$defs"]["tool"]["properties"]["type"]["enum"].append("tomorrow")


def _require(delta: dict[str, Any]) -> None:
    delta["required"].append("n")
    delta["additionalProperties"] = True


@pytest.mark.parametrize("change", [_add_parameter, _add_members, _add_kinds, _require])
def test_what_openai_gains_is_documented_for_no_other_profile(
    copied: Path, change: Callable[[dict[str, Any]], None]
) -> None:
    """
    A new parameter, member, role, part, tool or requirement in openai's file changes openai's schema alone.

    Only members and kinds reach the profiles that take over its definitions, and say so.
    """
    before = generated_schemas(copied)
    file = copied / "openai" / "delta.yaml"
    delta = yaml.safe_load(file.read_text("utf-8"))
    change(delta)
    file.write_text(yaml.safe_dump(delta, sort_keys=False), "utf-8")
    after = generated_schemas(copied)
    changed = {path.parent.name for path in before if before[path] != after[path]}
    following = {name for name in LISTS if "defs-from" in load_yaml(copied / name / "delta.yaml")}
    assert changed - (following if change in (_add_members, _add_kinds) else set()) == {"openai"}


def test_an_entry_is_the_parents_parameter_with_a_patch() -> None:
    """{} is the parent's parameter, an object a merge patch of it, and what the parent does not have stands whole."""
    schema = built(
        {
            "parameters": {
                "model": {},
                "limit": {"minimum": None, "maximum": 5},
                "own": {"type": ["string", "null"], "default": None},
                "any": True,
            }
        }
    )
    assert schema["properties"] == {
        "model": {"type": "string"},
        "limit": {"type": "integer", "maximum": 5, "x-rule": {"minimum": "out-of-range"}},
        "own": {"type": ["string", "null"], "default": None},
        "any": True,
    }
    assert schema["$id"] == "reqlint:ours"
    assert schema["title"] == "Ours"
    assert schema["additionalProperties"] is False
    assert "$defs" not in schema


def test_definitions_are_those_of_the_shape_and_of_the_list() -> None:
    """A definition is the shape's with the list's own patch, whatever the parent made of it; the rest is left out."""
    shape = json.loads((SCHEMAS / "shapes" / "openai-chat.json").read_text("utf-8"))["$defs"]
    schema = built({"shape": "openai-chat", "parameters": {"tools": {}}})
    used = ["tool", "function_tool", "function", "function_name", "function_description", "function_parameters"]
    assert schema["$defs"] == {name: shape[name] for name in shape if name in used}
    patched = built({"shape": "openai-chat", "parameters": {"tools": {}}, "$defs": {"function_name": {"maxLength": 4}}})
    assert patched["$defs"] == {
        **schema["$defs"],
        "function_name": {**shape["function_name"], "maxLength": 4},
    }


def test_definitions_of_the_parent_are_taken_only_where_the_file_says_so() -> None:
    """defs-from names definitions of the parent, which bring those they refer to, or all of them."""
    parameters: dict[str, Any] = {"options": {}, "tools": {}}
    named = built({"shape": "openai-chat", "parameters": parameters, "defs-from": ["options"]})["$defs"]
    assert {"options", "inner", "function_name"} < named.keys()
    assert "maxProperties" not in named["tool"]
    of_parent = built({"parameters": parameters, "defs-from": "parent", "$defs": {"inner": {"type": "string"}}})
    assert of_parent["$defs"] == {**PARENT["$defs"], "inner": {"type": "string"}}


REFUSED: list[tuple[dict[str, Any], str]] = [
    (
        {"parameters": {"limt": {"maximum": 5}}},
        'parameters.limt: base has no parameter "limt"; did you mean "limit"?',
    ),
    ({"parameters": {"limt": {}}}, 'parameters.limt: base has no parameter "limt"; did you mean "limit"?'),
    (
        {"parameters": {"xyz": {"maximum": 5}}},
        'parameters.xyz: base has no parameter "xyz"; known: limit, model, options, tools; '
        "a parameter of the profile's own has a type",
    ),
    (
        {"parameters": {"limit": None}},
        "parameters.limit: is null; leave it out, as a parameter that is not listed is not documented",
    ),
    (
        {"parameters": {"model": {}}, "required": ["model", "modle"]},
        'required[1]: no parameter "modle"; did you mean "model"?',
    ),
    (
        {"shape": "openai-chatt", "parameters": {"model": {}}},
        'shape: no shape "openai-chatt"; did you mean "openai-chat"?',
    ),
    (
        {"shape": "openai-chat", "parameters": {"options": {}}},
        "parameters.options: refers to the definition options of base; "
        "write it under $defs, or take it over with defs-from: [options]",
    ),
    (
        {"parameters": {"tools": {}}},
        "parameters.tools: refers to the definition tool of base; "
        "name a shape that has it, write it under $defs, or take it over with defs-from: [tool]",
    ),
    (
        {"shape": "openai-chat", "parameters": {"own": {"$ref": "#/$defs/tol"}}},
        'parameters.own: refers to #/$defs/tol, but there is no definition "tol"; did you mean "tool"?',
    ),
    (
        {"shape": "openai-chat", "parameters": {"tools": {}}, "$defs": {"tol": {"type": "object"}}},
        '$defs.tol: no parameter refers to the definition tol; did you mean "tool"?',
    ),
    (
        {"shape": "openai-chat", "parameters": {"tools": {}}, "$defs": {"message": {"x-severity": "note"}}},
        "$defs.message: no parameter refers to the definition message",
    ),
    (
        {"shape": "openai-chat", "parameters": {"tools": {}}, "$defs": {"tool": None}},
        "$defs.tool: is null; a definition that nothing refers to is left out anyway",
    ),
    (
        {"parameters": {"options": {}}, "defs-from": ["option"]},
        'defs-from[0]: base has no definition "option"; did you mean "options"?',
    ),
    (
        {"parameters": {"options": {}}, "defs-from": ["options", "tool"]},
        "defs-from[1]: no parameter refers to the definition tool",
    ),
]


@pytest.mark.parametrize(("delta", "sentence"), REFUSED, ids=[sentence for _, sentence in REFUSED])
def test_a_name_that_does_not_exist_is_refused(delta: dict[str, Any], sentence: str) -> None:
    """One sentence names the file, the place, and the name that was probably meant."""
    with pytest.raises(BadData, match=f"^{re.escape(f'delta.yaml: {sentence}')}$"):
        built(delta)


def test_a_list_without_a_parent_has_nothing_to_change() -> None:
    """In a profile that extends none, each parameter is written whole and no definition is taken over."""
    with pytest.raises(BadData, match="limit: has no type; the profile extends none whose parameter it could change"):
        built({"parameters": {"limit": {"maximum": 5}}}, None)
    with pytest.raises(BadData, match="defs-from: the profile extends none whose definitions it could take"):
        built({"parameters": {"limit": {"type": "integer"}}, "defs-from": "parent"}, None)


def write_profile(folder: Path, name: str, delta: str, extends: str | None = "openai") -> Path:
    """Write a profile, and return the folder of profiles."""
    (folder / name).mkdir(parents=True)
    head = 'source: {url: "https://a.example", read: 2026-11-27}\nendpoints: ["https://a.example"]\nerrors: []\n'
    parent = f"extends: {extends}\n" if extends else ""
    (folder / name / "profile.yaml").write_text(f"name: {name}\ntitle: Ours\n{parent}{head}", "utf-8")
    (folder / name / "delta.yaml").write_text(delta, "utf-8")
    return folder


def found(name: str, folder: Path, request: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Return the rule and the place of each finding under a profile in *folder*."""
    return [(finding.rule, finding.pointer) for finding in Linter(name, profiles=[folder]).check(request)]


REQUEST: dict[str, Any] = {"model": "m", "messages": [{"role": "user", "content": "Hi"}]}
LIST = "shape: openai-chat\nrequired: [model, messages]\nparameters:\n  model: {}\n  messages: {}\n"


def test_a_project_can_still_patch_a_whole_schema(tmp_path: Path) -> None:
    """A delta.yaml of the older form has the parent's parameters and definitions, with its changes."""
    folder = write_profile(tmp_path, "old", "properties: {own: {type: string}, logit_bias: null}\n")
    openai = shipped().profile("openai").schema
    schema = load_custom([], [folder]).profile("old").schema
    assert schema["properties"].keys() == {*openai["properties"], "own"} - {"logit_bias"}
    assert schema["$defs"] == openai["$defs"]
    assert found("old", folder, {**REQUEST, "own": "x", "seed": 1, "logit_bias": {}}) == [
        ("deprecated-field", "/seed"),
        ("unknown-field", "/logit_bias"),
    ]


def test_forms_can_extend_each_other(tmp_path: Path) -> None:
    """A list can extend a patch, which can extend a list; a list needs no parent."""
    write_profile(tmp_path, "root", LIST.replace("{}", "{type: [string, array]}"), None)
    write_profile(tmp_path, "patch", "properties: {own: {type: string, maxLength: 3}}\n", "root")
    folder = write_profile(tmp_path, "leaf", f"{LIST}  own: {{maxLength: 2}}\n", "patch")
    assert found("root", folder, {**REQUEST, "own": "abc"}) == [("unknown-field", "/own")]
    assert found("patch", folder, {**REQUEST, "own": "abc"}) == []
    assert found("leaf", folder, {**REQUEST, "own": "abc"}) == [("wrong-length", "/own")]


@pytest.mark.parametrize(
    ("delta", "sentence"),
    [
        (f"{LIST}  own: {{type: nothing}}\n", "parameters.own.type: is not JSON Schema: "),
        (f"{LIST}  own: {{type: string, x-rule: wrong-tpe}}\n", 'parameters.own.x-rule: no rule "wrong-tpe"; did you'),
        (LIST.replace("parameters:", "properties:"), "properties: unknown key properties"),
        (LIST.replace("required:", "requires:"), "requires: unknown key requires; did you mean required?"),
        (LIST.replace("required: [model, messages]\n", ""), "the list of parameters has no required"),
        (LIST.replace("openai-chat", "../openai/request"), 'shape: shape is "../openai/request", which is not what'),
        ("shape: openai-chat\n", "the list of parameters has no "),
        (f"{LIST}  own: {{$ref: 'https://a.example/b'}}\n", "parameters.own.$ref: a reference is #/$defs/ and a name"),
        (f"{LIST}$defs: {{speaker: {{not: {{$ref: '#/$defs/speaker'}}}}}}\n", "$defs.speaker: a reference leads back"),
        (f"{LIST}defs-from: openai\n", 'defs-from: defs-from is "openai"; it takes "parent"'),
        (f"{LIST}$defs: {{message: {{properties: 1}}}}\n", "$defs.message.properties: is not JSON Schema"),
    ],
)  # fmt: skip
def test_a_broken_list_of_a_project_is_refused(tmp_path: Path, delta: str, sentence: str) -> None:
    """What is wrong with a list is said with the file and the place in it, not in the schema that comes of it."""
    folder = write_profile(tmp_path, "ours", delta)
    with pytest.raises(BadData) as refused:
        load_custom([], [folder])
    assert str(refused.value).startswith(f"{folder}/ours/delta.yaml: {sentence}"), str(refused.value)


def test_a_list_over_a_broken_parent_names_the_parents_file(tmp_path: Path) -> None:
    """A list that extends a malformed schema ends in a sentence as well."""
    write_profile(tmp_path, "bad", "properties: 1\n$defs: 2\n")
    folder = write_profile(tmp_path, "ours", LIST, "bad")
    with pytest.raises(BadData, match=r"bad/delta\.yaml: |ours/delta\.yaml: parameters\.model: bad has no parameter"):
        load_custom([], [folder])
