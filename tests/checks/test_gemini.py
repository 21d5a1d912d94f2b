"""What Google's two APIs refuse in a generateContent request, beyond the examples of the rules."""

from typing import Any

import pytest

from reqlint import Linter
from reqlint.run.one_request import linter_for

USER = {"role": "user", "parts": [{"text": "Hi"}]}
CALL = {"role": "model", "parts": [{"functionCall": {"name": "now", "args": {}}}]}
RESPONSE = {"role": "user", "parts": [{"functionResponse": {"name": "now", "response": {"time": "12:00"}}}]}
FUNCTION = {"name": "now", "description": "Tell the time"}


def config(**members: Any) -> dict[str, Any]:
    """Return a request with these members of generationConfig."""
    return {"contents": [USER], "generationConfig": members}


def thinking(model: str, **members: Any) -> dict[str, Any]:
    """Return a request to a model with these members of thinkingConfig."""
    return {"model": model, **config(thinkingConfig=members)}


def function(**members: Any) -> dict[str, Any]:
    """Return a request with a function that has these members."""
    return {"contents": [USER], "tools": [{"functionDeclarations": [{**FUNCTION, **members}]}]}


def nested(levels: int) -> dict[str, Any]:
    """Return a schema of objects inside one another, with a text in the last one."""
    return {"type": "OBJECT", "properties": {"in": nested(levels - 1)}} if levels > 1 else {"type": "STRING"}


def parameters(**properties: Any) -> dict[str, Any]:
    """Return a request with a function that has these parameters, in the API's own form."""
    return function(parameters={"type": "OBJECT", "properties": properties})


def part(**members: Any) -> dict[str, Any]:
    """Return a request of one part."""
    return {"contents": [{"role": "user", "parts": [members]}]}


def found(request: Any, profile: str = "gemini") -> list[tuple[str, str, str]]:
    """Return severity, rule and pointer of each finding."""
    return [(f.severity.value, f.rule, f.pointer) for f in linter_for(profile).check(request)]


SCHEMA = "/tools/0/functionDeclarations/0/parameters"
A = f"{SCHEMA}/properties/a"
REFUSED: list[tuple[dict[str, Any], str, str, str]] = [
    # the whole request
    ({"contents": []}, "error", "empty-messages", "/contents"),
    ({"generationConfig": {}}, "error", "missing-field", ""),
    ({"contents": [USER], "stream": True}, "error", "unknown-field", "/stream"),
    # turns and parts
    ({"contents": [{"role": "user"}]}, "error", "turn-without-parts", "/contents/0"),
    ({"contents": [{"role": "user", "parts": None}]}, "error", "turn-without-parts", "/contents/0/parts"),
    (part(thought=True), "error", "empty-part", "/contents/0/parts/0"),
    (part(inlineData={"data": "aGk="}), "error", "missing-field", "/contents/0/parts/0/inlineData"),
    (part(fileData={"mimeType": "image/png"}), "error", "missing-field", "/contents/0/parts/0/fileData"),
    (part(functionResponse={"name": "now", "response": "12:00"}), "error", "wrong-type",
     "/contents/0/parts/0/functionResponse/response"),
    (part(inline_data={"mime_type": "jpeg", "data": "aGk="}), "error", "malformed-media-type",
     "/contents/0/parts/0/inline_data/mime_type"),
    (part(inlineData={"mimeType": "image/gif", "data": "aGk="}), "warning", "unsupported-image-type",
     "/contents/0/parts/0/inlineData/mimeType"),
    (part(inlineData={"mimeType": "image/png", "data": "https://example.com/a.png"}), "error", "undecodable-bytes",
     "/contents/0/parts/0/inlineData/data"),
    (part(text="Hi", speechMetadata={}, fileData={"fileUri": "gs://b/a", "mimeType": "audio/wav"}), "error",
     "several-kinds-in-part", "/contents/0/parts/0"),
    # calls and responses
    ({"contents": [CALL, RESPONSE]}, "error", "call-before-user-turn", "/contents/0/parts/0/functionCall"),
    ({"contents": [USER, RESPONSE]}, "error", "response-without-call", "/contents/1/parts/0/functionResponse"),
    ({"contents": [USER, CALL, USER]}, "error", "unequal-response-count", "/contents/2"),
    ({"contents": [USER, CALL, {"role": "user", "parts": RESPONSE["parts"] * 2}]}, "error", "unequal-response-count",
     "/contents/2"),
    # settings
    (config(temperature=2.5), "error", "out-of-range", "/generationConfig/temperature"),
    (config(temperature="hot"), "error", "wrong-type", "/generationConfig/temperature"),
    (config(topP=1.5), "warning", "out-of-range", "/generationConfig/topP"),
    (config(maxOutputTokens=-1), "error", "out-of-range", "/generationConfig/maxOutputTokens"),
    (config(seed=2**31), "error", "out-of-range", "/generationConfig/seed"),
    (config(responseMimeType="json"), "error", "unknown-value", "/generationConfig/responseMimeType"),
    (config(responseSchema={"type": "STRING", "const": "a"}, responseMimeType="application/json"), "error",
     "unsupported-schema-keyword", "/generationConfig/responseSchema/const"),
    (config(responseJsonSchema={}), "error", "answer-schema-without-json", "/generationConfig/responseJsonSchema"),
    (config(mediaResolution="LOW"), "error", "unknown-value", "/generationConfig/mediaResolution"),
    (config(audioTimestamp=True), "error", "key-of-the-other-google-api", "/generationConfig/audioTimestamp"),
    (part(inlineData={"mimeType": "image/png", "data": "iVBORw0KGgo=", "displayName": "a"}), "error",
     "key-of-the-other-google-api", "/contents/0/parts/0/inlineData/displayName"),
    (thinking("gemini-2.5-flash-lite", thinkingBudget=100), "error", "thinking-budget-for-model",
     "/generationConfig/thinkingConfig/thinkingBudget"),
    (thinking("models/gemini-2.5-pro", thinkingBudget=0), "error", "thinking-budget-for-model",
     "/generationConfig/thinkingConfig/thinkingBudget"),
    (thinking("gemini-3-pro-preview", thinkingLevel="MEDIUM"), "error", "thinking-level-for-model",
     "/generationConfig/thinkingConfig/thinkingLevel"),
    (thinking("gemini-2.5-flash", thinkingLevel="LOW"), "error", "thinking-level-on-older-model",
     "/generationConfig/thinkingConfig/thinkingLevel"),
    (thinking("gemini-2.0-flash", includeThoughts=True), "error", "thinking-config-on-plain-model",
     "/generationConfig/thinkingConfig"),
    ({"contents": [USER], "safetySettings": [{"category": "HARM_CATEGORY_HARASSMENT", "threshold": "NONE"}]}, "error",
     "unknown-value", "/safetySettings/0/threshold"),
    # tools
    ({"contents": [USER], "tools": [{}]}, "error", "tool-without-kind", "/tools/0"),
    ({"contents": [USER], "tools": [{"name": "now", "input_schema": {"type": "object"}}]}, "error",
     "tool-of-another-api", "/tools/0"),
    ({**function(), "toolConfig": {"functionCallingConfig": {"mode": "REQUIRED"}}}, "error", "unknown-value",
     "/toolConfig/functionCallingConfig/mode"),
    ({**function(), "tool_config": {"function_calling_config": {"mode": "ANY", "allowed_function_names": ["then"]}}},
     "error", "undeclared-tool-choice", "/tool_config/function_calling_config/allowed_function_names/0"),
    ({"contents": [USER], "tool_config": {"function_calling_config": {"mode": "NONE"}}}, "error",
     "calling-config-without-functions", "/tool_config/function_calling_config"),
    (function(name="n" * 129), "error", "malformed-tool-name", "/tools/0/functionDeclarations/0/name"),
    (function(name="n" * 65), "warning", "malformed-tool-name", "/tools/0/functionDeclarations/0/name"),
    # schemas in the API's own form
    (parameters(a={"type": "STRING", "$ref": "#"}), "error", "unsupported-schema-keyword", f"{A}/$ref"),
    (parameters(a={"type": "text"}), "error", "malformed-schema-value", f"{A}/type"),
    (parameters(a=True), "error", "malformed-schema-value", A),
    (parameters(a={"type": "INTEGER", "enum": [1]}), "error", "malformed-schema-value", f"{A}/enum/0"),
    (parameters(a={"type": "OBJECT", "enum": ["x"]}), "error", "keyword-of-another-type", f"{A}/enum"),
    (parameters(a={"anyOf": [{"type": "STRING"}, {"required": ["b"]}]}), "error", "keyword-of-another-type",
     f"{A}/anyOf/1/required"),
    (function(parametersJsonSchema={"type": "object", "properties": {"a": {"$ref": "#/$defs/x"}}}), "error",
     "unresolved-json-schema-reference", "/tools/0/functionDeclarations/0/parametersJsonSchema/properties/a/$ref"),
    (function(parameters={}), "warning", "non-object-schema-of-function", SCHEMA),
    (parameters(a={"description": "A"}), "warning", "untyped-schema", A),
    (parameters(a={"type": "STRING", "readOnly": True}), "error", "unsupported-schema-keyword", f"{A}/readOnly"),
    (parameters(a=nested(8)), "warning", "too-deep-parameters", A + "/properties/in" * 7),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "severity", "rule", "pointer"), REFUSED)
def test_what_is_refused_is_found_at_its_place(request_: Any, severity: str, rule: str, pointer: str) -> None:
    """Each of these has a finding of its rule and severity at the place that the server names, and no other error."""
    got = found(request_)
    assert (severity, rule, pointer) in got
    assert [each for each in got if each[0] == "error" and each[1] != rule] == []


VERTEX: list[tuple[dict[str, Any], str, str, str]] = [
    ({"contents": [{"parts": [{"text": "Hi"}]}]}, "error", "missing-field", "/contents/0"),
    (part(text=""), "warning", "empty-text-part", "/contents/0/parts/0/text"),
    (part(fileData={"fileUri": "gs://b/a.png"}), "error", "missing-field", "/contents/0/parts/0/fileData"),
    ({"contents": [USER], "serviceTier": "flex"}, "error", "key-of-the-other-google-api", "/serviceTier"),
    ({"contents": [USER], "tools": [{"fileSearch": {}}]}, "error", "key-of-the-other-google-api",
     "/tools/0/fileSearch"),
    ({"contents": [USER], "labels": {"Team": "a"}}, "error", "malformed-string", "/labels"),
    ({"contents": [USER], "outputConfig": {"outputUriPrefix": "s3://b"}}, "error", "malformed-string",
     "/outputConfig/outputUriPrefix"),
    ({"model": "gemini-2.5-pro", **config(maxOutputTokens=100_000)}, "error", "token-limit-above-that-of-model",
     "/generationConfig/maxOutputTokens"),
    (function(parameters={"anyOf": [{"type": "OBJECT"}]}), "error", "non-object-schema-of-function", SCHEMA),
    (parameters(a={"description": "A"}), "warning", "untyped-schema", A),
    (function(parameters={}), "warning", "non-object-schema-of-function", SCHEMA),
    (parameters(a={"type": "STRING", "readOnly": True}), "warning", "unsupported-schema-keyword", f"{A}/readOnly"),
    (parameters(a={"type": "STRING", "const": "x"}), "error", "unsupported-schema-keyword", f"{A}/const"),
    ({"contents": [USER], "tools": [{"googleSearch": {}, "codeExecution": {}}]}, "error", "several-kinds-in-tool",
     "/tools/0"),
]  # fmt: skip


@pytest.mark.parametrize(("request_", "severity", "rule", "pointer"), VERTEX)
def test_vertex_refuses_more(request_: Any, severity: str, rule: str, pointer: str) -> None:
    """What only Vertex AI refuses is found under its profile."""
    assert (severity, rule, pointer) in found(request_, "vertex-gemini")


def test_a_schema_at_the_limits_is_taken() -> None:
    """Seven levels below the root have no finding, nor has a reference that another rule refuses one for its type."""
    assert found(parameters(a=nested(7))) == []
    assert found(parameters(a=nested(30)), "vertex-gemini") == []
    for profile in ("gemini", "vertex-gemini"):
        rules = {rule for _, rule, _ in found(parameters(a={"$ref": "#/$defs/x"}), profile)}
        assert rules == {"unsupported-schema-keyword"}


def test_json_beside_a_search_or_a_map_depends_on_the_api() -> None:
    """A model of Gemini 3 gives JSON beside functions, and may refuse it beside a map or, at Vertex AI, a search."""

    def warned(profile: str, **tool: Any) -> bool:
        request = {"model": "gemini-3-flash-preview", **config(responseMimeType="application/json"), "tools": [tool]}
        return found(request, profile) == [("warning", "json-answer-with-tools", "/generationConfig/responseMimeType")]

    assert warned("gemini", googleMaps={})
    assert warned("vertex-gemini", google_search={})
    assert not warned("gemini", googleSearch={})
    assert not warned("gemini", functionDeclarations=[FUNCTION])


def test_the_name_of_a_cache_depends_on_the_api() -> None:
    """The Gemini API names a cache by its id, Vertex AI by the full name."""
    short, full = "cachedContents/a1", "projects/p/locations/l/cachedContents/a1"
    for profile, right, wrong in (("gemini", short, full), ("vertex-gemini", full, short)):
        assert found({"contents": [USER], "cachedContent": right}, profile) == []
        expected = ("warning", "malformed-string", "/cachedContent")
        assert found({"contents": [USER], "cachedContent": wrong}, profile) == [expected]


def test_vertex_takes_keys_of_its_own() -> None:
    """Keys that only Vertex AI has are unknown to the Gemini API alone."""
    request = {
        **config(audioTimestamp=True),
        "safetySettings": [{"category": "HARM_CATEGORY_IMAGE_HATE", "threshold": "OFF", "method": "SEVERITY"}],
        "labels": {"team": "a"},
        "tools": [{"retrieval": {"vertexRagStore": {"ragResources": [{"ragCorpus": "c"}]}}}],
    }
    assert found(request, "vertex-gemini") == []
    assert {rule for _, rule, _ in found(request)} == {"key-of-the-other-google-api", "unknown-value"}


def test_functions_of_all_tools_count_together() -> None:
    """512 functions are taken, one more is refused; at Vertex AI a warning begins at 129."""

    def functions(count: int) -> dict[str, Any]:
        each = [{"name": f"f{number}"} for number in range(count)]
        return {
            "contents": [USER],
            "tools": [{"functionDeclarations": each[:100]}, {"functionDeclarations": each[100:]}],
        }

    assert found(functions(512)) == []
    place = "/tools/1/functionDeclarations/412"
    assert found(functions(513)) == [("error", "too-many-declarations", place)]
    assert found(functions(513), "vertex-gemini")[0][0] == "error"
    [(severity, rule, _)] = found(functions(129), "vertex-gemini")
    assert (severity, rule) == ("warning", "too-many-declarations")


def test_the_signature_is_asked_for_since_the_user_spoke() -> None:
    """Only the first call of each step after the user's last words needs a signature."""
    signed = {"role": "model", "parts": [{**CALL["parts"][0], "thoughtSignature": "c2ln"}, CALL["parts"][0]]}
    answers = {"role": "user", "parts": RESPONSE["parts"] * 2}
    for contents, missing in (
        ([USER, CALL, RESPONSE, USER], []),
        ([USER, signed, answers], []),
        ([USER, signed, answers, CALL, RESPONSE], ["/contents/3/parts/0"]),
    ):
        request = {"model": "gemini-3.1-pro-preview", "contents": contents}
        assert [pointer for _, rule, pointer in found(request) if rule == "call-without-signature"] == missing


@pytest.mark.parametrize(
    ("model", "severity"),
    [
        ("gemini-2.5-flash-lite", "error"),
        ("gemini-3.5-flash", "error"),
        ("gemini-3-flash-preview", "warning"),
        (None, "warning"),
    ],
)
def test_a_search_beside_functions_depends_on_the_model(model: str | None, severity: str) -> None:
    """The mixture is an error for models that were seen to refuse it, and a warning for others."""
    request = {"contents": [USER], "tools": [{"functionDeclarations": [FUNCTION]}, {"google_search": {}}]}
    request |= {"model": model} if model else {}
    assert found(request) == [(severity, "functions-with-built-in-tool", "/tools/1/google_search")]


@pytest.mark.parametrize(
    "request_",
    [
        {"model": "gemini-3.8-flash", "messages": [{"role": "user", "content": "Hi"}], "max_tokens": 5},
        {"contents": [{"role": "system", "content": "Be brief."}, {"role": "assistant", "content": "Hello"}]},
        part(type="image_url", image_url={"url": "https://example.com/a.png"}),
        {"contents": [USER], "tools": [{"type": "function", "function": {"name": "now", "parameters": {}}}]},
        {"contents": [USER], "system": [{"type": "text", "text": "Be brief."}]},
        {"contents": [USER], "systemInstruction": "Be brief."},
        {"contents": [USER], "max_tokens": 5},
        config(max_tokens=5),
    ],
)
def test_the_form_of_another_api_is_one_finding(request_: Any) -> None:
    """What has the form of another API is told once, whatever else is wrong because of it."""
    assert len(found(request_)) == 1


def test_a_check_is_asked_once_in_a_request_with_both_spellings() -> None:
    """Keys that wake the same check have its findings once."""
    both = {"contents": [USER], "generationConfig": {"logprobs": 2}, "generation_config": {"logprobs": 2}}
    assert len([rule for _, rule, _ in found(both) if rule == "logprobs-without-response-logprobs"]) == 1


def test_the_address_decides_on_profile_and_model() -> None:
    """A request that is sent to an address is judged by its API, with the model that the address names."""
    linter = Linter()
    request = config(thinkingConfig={"thinkingLevel": "LOW"})
    for host, profile in (
        ("generativelanguage.googleapis.com/v1beta", "gemini"),
        (
            "europe-west4-aiplatform.googleapis.com/v1/projects/p/locations/europe-west4/publishers/google",
            "vertex-gemini",
        ),
    ):
        [finding] = linter.check_sent(
            request, f"https://{host}/models/gemini-2.5-flash-preview-09-2025:generateContent"
        )
        assert (finding.rule, finding.profile) == ("thinking-level-on-older-model", profile)
