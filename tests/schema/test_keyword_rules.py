"""Which rule speaks for a refusal: whatever the gate refuses has a finding, and a named rule keeps to its keywords."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from reqlint import Linter
from reqlint.core.json_values import to_json_value
from reqlint.dialects.tool_forms import tools_in
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.merge_patch import patch_schema
from reqlint.schema.keyword_rules import GENERIC_RULES, named_rules, speaking_rule
from reqlint.schema.shape import Shape
from reqlint.schema.validators import ACCELERATED, REFERENCE
from tests.conftest import own_requests
from tests.support.mutations import concerning, mutations

REQUESTS = [
    request
    for request, *_ in map(to_json_value, [*own_requests(), *mutations(own_requests(), 2000)])
    if tools_in(request) is None  # which is judged for its tools, and no request
]
CALL_ID = "/messages/1/tool_calls/0/id"
HELLO = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}


def call(call_id: str) -> dict[str, Any]:
    """Return a request in which a tool call and its result have this id."""
    function = {"name": "f", "arguments": "{}"}
    return {
        "model": "gpt-4o",
        "messages": [
            {"role": "user", "content": "Hi"},
            {"role": "assistant", "tool_calls": [{"id": call_id, "type": "function", "function": function}]},
            {"role": "tool", "tool_call_id": call_id, "content": "1"},
        ],
    }


def named(name: str) -> dict[str, Any]:
    """Return a request that offers a function of this name."""
    tool = {"type": "function", "function": {"name": name, "parameters": {"type": "object", "properties": {}}}}
    return {**HELLO, "tools": [tool]}


def write_profile(
    folder: Path,
    name: str,
    extends: str | None = None,
    *,
    takes_rules: bool = True,
    delta: Mapping[str, Any] | None = None,
    schema: Mapping[str, Any] | None = None,
    settings: Mapping[str, str] | None = None,
) -> Path:
    """Write the folder of a project's profile; returns the folder of profiles."""
    profile: dict[str, Any] = {
        "name": name,
        "title": name,
        "source": {"url": "https://a.example", "read": "2026-08-21"},
    }
    profile |= {"endpoints": ["https://a.example/v1/chat/completions"], "errors": [], "settings": settings or {}}
    profile |= {"extends": extends, "takes-rules": takes_rules} if extends else {}
    home = folder / name
    home.mkdir(parents=True)
    for file, content in (("profile.yaml", profile), ("delta.yaml", delta), ("request.json", schema)):
        if content is not None:
            (home / file).write_text(json.dumps(content), "utf-8")
    return folder


def rules_of(linter: Linter, request: object) -> list[tuple[str, str]]:
    """Return the rules and pointers of the findings in a request."""
    return [(finding.rule, finding.pointer) for finding in linter.check(request)]


# ------------------------------------------------------------------------------------------- a refusal has a finding


@pytest.mark.parametrize("takes_rules", [None, True, False], ids=["shipped", "takes-rules", "takes-no-rules"])
@pytest.mark.parametrize("profile", shipped().profile_names)
def test_a_refusal_never_vanishes(profile: str, takes_rules: bool | None, tmp_path: Path) -> None:
    """
    Whatever the gate refuses has a finding, under every shipped profile and every profile that extends one.

    Those that extend one are tried with a quarter of the requests.
    """
    linter = Linter(profile)
    if takes_rules is not None:
        linter = Linter("ours", profiles=[write_profile(tmp_path, "ours", profile, takes_rules=takes_rules)])
    shape: Shape = linter.judges.default._shape
    refused = 0
    tried = concerning(REQUESTS, profile)[:: 1 if takes_rules is None else 4]
    for request in tried:
        if not shape.accepts(request):
            refused += 1
            assert linter.check(request), request
    assert refused > len(tried) // 5


BY_GENERIC_RULES: dict[str, tuple[dict[str, Any], str, str, str]] = {
    # rule: a request, the generic rule that stands in for it, the pointer, the message
    "too-long-tool-call-id": (
        call("c" * 41), "wrong-length", CALL_ID,
        "id has a length of 41; this API takes at most 40 characters",
    ),
    "too-many-stop-sequences": (
        {**HELLO, "stop": ["a"] * 5}, "wrong-length", "/stop", "stop has a length of 5; this API takes at most 4 items"
    ),
    "null-content": (
        {**HELLO, "messages": [{"role": "user", "content": None}]}, "null-not-allowed", "/messages/0/content",
        "content is null; this message needs a string or an array",
    ),
    "assistant-without-content": (
        {**HELLO, "messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": None}]},
        "null-not-allowed", "/messages/1/content", "content is null; this API takes another value",
    ),
    "malformed-logit-bias": (
        {**HELLO, "logit_bias": {"the": 1}}, "unknown-value", "/logit_bias/the",
        "the is 1; this API takes no value here",
    ),
    "too-many-metadata-entries": (
        {**HELLO, "store": True, "metadata": {f"key{number}": "" for number in range(17)}}, "wrong-length", "/metadata",
        "metadata has a length of 17; this API takes at most 16 keys",
    ),
}  # fmt: skip


@pytest.mark.parametrize("engine", [ACCELERATED, REFERENCE])
@pytest.mark.parametrize("rule", BY_GENERIC_RULES)
def test_the_generic_rule_speaks_where_the_named_one_has_no_evidence(rule: str, engine: str, tmp_path: Path) -> None:
    """Under a profile without its evidence, a named rule's case is one finding of its keyword's generic rule."""
    request, generic, pointer, message = BY_GENERIC_RULES[rule]
    linter = Linter("ours", engine=engine, profiles=[write_profile(tmp_path, "ours", "openai", takes_rules=False)])
    found = [(each.rule, each.pointer, each.message) for each in linter.check(request) if each.pointer == pointer]
    assert found == [(generic, pointer, message)]
    assert (rule, pointer) in rules_of(Linter("openai", engine=engine), request)


@pytest.mark.parametrize("engine", [ACCELERATED, REFERENCE])
@pytest.mark.parametrize(("schema", "takes"), [
    (False, "no value here"), ({"not": {}}, "no value here"), ({"not": {"type": "string"}}, "another value"),
    ({"anyOf": [{"type": "null"}, {"type": "integer"}]}, "another value"),
])  # fmt: skip
def test_a_keyword_without_words_asks_for_no_value_or_another(
    schema: object, takes: str, engine: str, tmp_path: Path
) -> None:
    """A keyword that says nothing of what is taken asks for another value; a schema that takes nothing, for none."""
    folder = write_profile(tmp_path, "ours", schema={"type": "object", "properties": {"seed": schema}})
    found = Linter("ours", engine=engine, profiles=[folder]).check({**HELLO, "seed": "a"})
    assert [each.message for each in found if each.pointer == "/seed"] == [
        f"seed is a string of 1 character; this API takes {takes}"
    ]


def test_every_named_rule_has_a_generic_one_behind_it() -> None:
    """Without evidence for any named rule, a shape that is refused is explained by generic rules alone."""
    for profile in shipped().profile_names:
        schema = shipped().profile(profile).schema
        unproven = frozenset(named_rules(schema))
        shape, alone = Shape(schema, []), Shape(schema, [], unproven=unproven)
        for request in REQUESTS[::5]:
            if not shape.accepts(request):
                hits = alone.explain(request).hits
                assert hits, request
                assert {hit.rule for hit in hits} <= GENERIC_RULES
                assert {hit.place for hit in shape.explain(request).hits} >= {hit.place for hit in hits}


def test_what_a_user_turned_off_stays_silent(tmp_path: Path) -> None:
    """Ignored, off in the profile, off by a setting, or not selected: no other rule speaks for the named one."""
    rule, request = "too-long-tool-call-id", call("c" * 41)
    openai = [*rules_of(Linter("openai"), request)]
    assert {found for found, _ in openai} == {rule}
    for linter in (
        Linter("openai", ignore=[rule]),
        Linter("openai", select=["wrong-length"]),
        Linter("openai", severity={rule: "off"}),
    ):
        assert rules_of(linter, request) == []
    ours = write_profile(tmp_path / "a", "ours", "openai", takes_rules=False)
    for linter in (
        Linter("ours", profiles=[ours], ignore=[rule]),
        Linter("ours", profiles=[ours], ignore=["wrong-length"]),
        Linter("ours", profiles=[ours], select=[rule]),
        Linter("ours", profiles=[ours], severity={rule: "off"}),
    ):
        assert rules_of(linter, request) == []
    off = write_profile(tmp_path / "b", "ours", "openai", takes_rules=False, settings={rule: "off"})
    assert rules_of(Linter("ours", profiles=[off]), request) == []
    assert rules_of(Linter("ours", profiles=[ours], severity={rule: "error"}), request) != []


# ---------------------------------------------------------------------------------- a named rule keeps to its keywords


def test_a_keyword_that_a_delta_adds_has_its_own_rule(tmp_path: Path) -> None:
    """A pattern beside the limit of OpenAI's call ids is reported as a malformed string, the limit as before."""
    delta = {"$defs": {"call_id": {"pattern": "^call_"}}}
    linter = Linter("ours", profiles=[write_profile(tmp_path, "ours", "openai", delta=delta)])
    assert rules_of(linter, call("id")) == [("malformed-string", CALL_ID)]
    assert rules_of(linter, call("call_" * 9)) == [("too-long-tool-call-id", CALL_ID)]
    assert rules_of(linter, call("call_1")) == []


DELTAS: dict[str, tuple[dict[str, Any], list[str], list[str]]] = {
    # what the delta says beside {maxLength: 40, x-rule: too-long-tool-call-id}, the rules of a long id, of a short one
    "nothing more": ({"maxLength": 39}, ["too-long-tool-call-id"], []),
    "a name for the added keyword": (
        {"minLength": 9, "x-rule": "malformed-tool-name"}, ["too-long-tool-call-id"], ["malformed-tool-name"]
    ),
    "a rule by keyword for the added one": (
        {"minLength": 9, "x-rule": {"minLength": "malformed-tool-name"}},
        ["too-long-tool-call-id"], ["malformed-tool-name"],
    ),
    "another name for what is there": ({"x-rule": "malformed-tool-name"}, ["malformed-tool-name"], []),
    "another rule by keyword": ({"x-rule": {"maxLength": "malformed-tool-name"}}, ["malformed-tool-name"], []),
    "no name": ({"x-rule": None}, ["wrong-length"], []),
    "no name, and one for the added": (
        {"minLength": 9, "x-rule": {"maxLength": None, "minLength": "malformed-tool-name"}},
        ["wrong-length"], ["malformed-tool-name"],
    ),
    "another keyword in its place": ({"maxLength": None, "minLength": 9}, [], ["wrong-length"]),
}  # fmt: skip


@pytest.mark.parametrize("change", DELTAS)
def test_a_delta_names_rules_by_keyword(change: str, tmp_path: Path) -> None:
    """A delta gives the keywords it adds their rules, and takes or replaces the rule of those it inherits."""
    added, long, short = DELTAS[change]
    delta = {"$defs": {"call_id": added}}
    linter = Linter("ours", profiles=[write_profile(tmp_path, "ours", "openai", delta=delta)])
    for rules, request in ((long, call("c" * 41)), (short, call("c"))):
        assert rules_of(linter, request) == [(rule, CALL_ID) for rule in rules]


def test_deltas_of_deltas_keep_rules_apart(tmp_path: Path) -> None:
    """The same holds for a project's own schema, a profile that extends it, and one that extends that."""
    function = {"type": "object", "properties": {"name": {"maxLength": 3, "x-rule": "malformed-tool-name"}}}
    tools = {"items": {"properties": {"function": function}}}
    write_profile(tmp_path, "first", schema={"properties": {"tools": tools}})
    for name, parent, added in (("second", "first", {"pattern": "^a"}), ("third", "second", {"minLength": 2})):
        change = {"properties": {"function": {"properties": {"name": added}}}}
        write_profile(tmp_path, name, parent, delta={"properties": {"tools": {"items": change}}})
    at = "/tools/0/function/name"
    third = Linter("third", profiles=[tmp_path], ignore=["hygiene"])
    assert rules_of(third, named("abcd")) == [("malformed-tool-name", at)]
    assert rules_of(third, named("ba")) == [("malformed-string", at)]
    assert rules_of(third, named("a")) == [("wrong-length", at)]


SUBSCHEMAS: list[dict[str, Any]] = [
    {},
    {"maxLength": 4, "x-rule": "first"},
    {"maxLength": 4, "pattern": "a", "x-rule": "first"},
    {"maxLength": 4, "pattern": "a", "x-rule": {"pattern": "first"}},
    {"type": "string", "enum": ["a"], "required": ["a"]},
]
CHANGES: list[dict[str, Any]] = [
    {},
    {"pattern": "b"},
    {"pattern": "b", "x-rule": "second"},
    {"pattern": "b", "x-rule": {"pattern": "second"}},
    {"maxLength": None, "minLength": 1, "x-rule": "second"},
    {"enum": ["b"], "not": {}, "additionalProperties": False},
]


@pytest.mark.parametrize("change", CHANGES, ids=json.dumps)
@pytest.mark.parametrize("schema", SUBSCHEMAS, ids=json.dumps)
def test_each_keyword_keeps_the_rule_of_the_file_it_is_from(schema: dict[str, Any], change: dict[str, Any]) -> None:
    """A keyword that the delta does not write has the rule it had; one that it adds has the rule the delta gives it."""
    merged = patch_schema({"properties": {"it": schema}}, {"properties": {"it": change}})
    assert isinstance(merged, dict)
    together = merged["properties"]["it"]
    for keyword in together.keys() - {"x-rule"}:
        origin = change if keyword in change.keys() - schema.keys() else schema
        if keyword not in change or keyword not in schema:
            assert speaking_rule(together, keyword, "x", ()) == speaking_rule(origin, keyword, "x", ()), keyword


def test_a_rule_by_keyword_may_speak_for_a_wrong_type_or_key() -> None:
    """An object names a rule even for type and additionalProperties; a name alone leaves those to their own rules."""
    schema = {"type": "object", "properties": {"a": True}, "additionalProperties": False, "required": ["a"]}
    alone = {**schema, "x-rule": "named"}
    each = {**schema, "x-rule": dict.fromkeys(schema, "named")}
    for written, of_type, of_key in ((alone, "wrong-type", "unknown-field"), (each, "named", "named")):
        shape = Shape({"properties": {"it": written}, "$id": "reqlint:tried"}, [])
        assert [(hit.rule, hit.place) for hit in shape.explain({"it": 3}).hits] == [(of_type, ("it",))]
        assert [(hit.rule, hit.place) for hit in shape.explain({"it": {"a": 1, "b": 1}}).hits] == [
            (of_key, ("it", "b"))
        ]
        assert [(hit.rule, hit.place) for hit in shape.explain({"it": {}}).hits] == [("named", ("it",))]


def test_shipped_rules_by_name_are_rules() -> None:
    """Every rule that a shipped schema names, in either form, is a rule that the profile has evidence for."""
    for profile in map(shipped().profile, shipped().profile_names):
        for schema in (profile.schema, *(profile.lines or {}).values()):
            for rule in named_rules(schema):
                assert profile.evidence_for(shipped().rules[rule]), rule
    assert sorted(named_rules([{"x-rule": {"a": "b", "c": "d"}}, {"x-rule": "e", "not": {"x-rule": 3}}])) == [
        "b",
        "d",
        "e",
    ]
