"""What a generateContent request has in the form of another API, with what means the same here."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit, Part
from reqlint.core.pointer import Place
from reqlint.dialects.gemini_generate import parts_of, turns
from reqlint.dialects.protobuf_members import child, listed, member, snake_case, spelling
from reqlint.dialects.vocabulary import Dialect

_SETTINGS = (
    "temperature", "topP", "topK", "candidateCount", "maxOutputTokens", "stopSequences", "seed", "presencePenalty",
    "frequencyPenalty", "responseMimeType", "responseSchema", "responseJsonSchema", "responseModalities",
    "thinkingConfig", "speechConfig", "imageConfig",
)  # fmt: skip
PLACE_OF_SETTING: Mapping[str, str] = {
    **{written: written for key in _SETTINGS for written in (key, snake_case(key))},
    "max_tokens": "maxOutputTokens",
    "maxTokens": "maxOutputTokens",
    "max_completion_tokens": "maxOutputTokens",
    "max_tokens_to_sample": "maxOutputTokens",
    "stop": "stopSequences",
    "n": "candidateCount",
}
"""Keys at the top level that are settings, here or in another API, with their name in generationConfig."""
_NAMES_ELSEWHERE = (
    frozenset(PLACE_OF_SETTING) - frozenset(PLACE_OF_SETTING.values()) - frozenset(snake_case(key) for key in _SETTINGS)
)
_INSTRUCTIONS = ("system", "system_prompt", "systemPrompt", "system_message", "instructions")
_SCHEMAS = ("parameters", "input_schema", "inputSchema")
_CONTENT_OF_TYPE = {
    "text": "text", "input_text": "text", "output_text": "text", "image_url": "inlineData or fileData",
    "input_image": "inlineData or fileData", "image": "inlineData or fileData", "file": "fileData",
    "document": "inlineData or fileData", "input_audio": "inlineData", "tool_use": "functionCall",
    "tool_result": "functionResponse", "function_call": "functionCall",
}  # fmt: skip


def _known_as(key: str) -> Mapping[str, object]:
    """Return the facts by which a fix takes a request with another API's *key* for one all the same."""
    return {"field": key, "close": 1}


@check
def messages_in_place_of_contents(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a conversation under the key that other APIs have it at."""
    if "contents" not in request:
        yield Hit(())


@check
def setting_outside_generation_config(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every setting of the answer, by its name here or in another API, that is at the top level."""
    for key in request:
        name = PLACE_OF_SETTING.get(key)
        if name is not None and request[key] is not None:
            yield Hit((key,), Part.KEY, {"name": key, "replacement": f"generationConfig.{name}", **_known_as(key)})


@check
def setting_by_another_name(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every setting in generationConfig that has its name in another API."""
    config, place = child(request, "generationConfig", ())
    for key in config:
        if key in _NAMES_ELSEWHERE and config[key] is not None:
            name = PLACE_OF_SETTING[key]
            yield Hit((*place, key), Part.KEY, {"name": key, "suggestion": name, **_known_as(key)})


@check
def instruction_under_another_key(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find what the model is told to do under the key of another API."""
    for key in _INSTRUCTIONS:
        if request.get(key) is not None:
            yield Hit((key,), Part.KEY, {"name": key, **_known_as(key)})


@check
def content_in_place_of_parts(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the contents when a turn has a content, as messages of other APIs have, and no parts."""
    for turn in turns(request):
        if "content" in turn.value and "parts" not in turn.value:
            yield Hit(("contents",), Part.KEY, _known_as("content"))
            return


@check
def part_with_type(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every part that says by a type what it is, as parts of other APIs do."""
    for turn in turns(request):
        for place, part in parts_of(turn):
            if "type" in part:
                kind = part["type"]
                name = _CONTENT_OF_TYPE.get(kind) if isinstance(kind, str) else None
                expected = name or "text, inlineData, functionCall and so on"
                yield Hit(place, facts={"expected": expected, **_known_as("type")})


@check
def tool_of_another_api(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every function that is a tool of its own, as in other APIs."""
    for place, tool in listed(request, "tools", ()):
        if declaration_of(tool) is not None:
            yield Hit(place)


def declaration_of(tool: Mapping[str, Any]) -> dict[str, Any] | None:
    """Return the declaration that a function of another API comes to; None if *tool* is none of those."""
    function = tool.get("function")
    holder: Mapping[str, Any] = function if isinstance(function, dict) else tool
    name = holder.get("name")
    if not isinstance(name, str) or member(tool, "functionDeclarations") is not None:
        return None
    key = next((key for key in _SCHEMAS if key in holder), None)
    declaration: dict[str, Any] = {"name": name}
    if isinstance(holder.get("description"), str):
        declaration["description"] = holder["description"]
    if key is not None:
        declaration["parametersJsonSchema"] = holder[key]
    return declaration


@check
def key_of_the_other_google_api(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every key that only the other one of Google's two APIs has."""
    listed_keys = facts.get("keys-of-the-other-api", {}).get("value", {})
    for holder, place, kind in _holders(request):
        for key in listed_keys.get(kind, ()):
            written = spelling(holder, key)
            if holder.get(written) is not None:
                yield Hit((*place, written), Part.KEY, {"name": written})


def _holders(request: Request) -> Iterator[tuple[Mapping[str, Any], Place, str]]:
    """Yield the objects of a request that the two APIs have different keys for, with what they are."""
    yield request, (), "request"
    config, place = child(request, "generationConfig", ())
    yield config, place, "generationConfig"
    yield *child(config, "imageConfig", place), "imageConfig"
    tool_config, place = child(request, "toolConfig", ())
    yield tool_config, place, "toolConfig"
    yield *child(tool_config, "functionCallingConfig", place), "functionCallingConfig"
    for place, setting in listed(request, "safetySettings", ()):
        yield setting, place, "safetySetting"
    for place, tool in listed(request, "tools", ()):
        yield tool, place, "tool"
        yield *child(tool, "googleSearch", place), "googleSearch"
    for turn in turns(request):
        for place, part in parts_of(turn):
            yield part, place, "part"
            for key in ("inlineData", "fileData", "functionCall"):
                yield *child(part, key, place), key
