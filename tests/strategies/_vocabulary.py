"""Values that a profile's schema accepts, made from the words in its schema and facts."""

import random
from collections.abc import Mapping
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator

from reqlint.knowledge.catalog import shipped

PIXEL = "data:image/png;base64,iVBORw0KGgo="
_TEXTS = ("Hello", "What is the weather in Bergen?", "Answer in JSON.", "Søk etter 天气 😀", "", "a\nb", "x" * 70)
_STRINGS: Mapping[str, tuple[str, ...]] = {
    "url": (
        "https://example.com/cat.png",
        PIXEL,
        "http://example.com/a",
        "oss://bucket/a.png",
        "file:///a.png",
        "cat.png",
    ),
    "image_url": ("https://example.com/cat.png",),
    "data": ("UklGRg==", "data:audio/wav;base64,UklGRg==", "https://example.com/a.wav"),
    "file_data": ("data:application/pdf;base64,JVBERi0=",),
    "arguments": ("{}", '{"city": "Bergen"}', '{"city": "Bergen", "days": 3}'),
    "name": ("get_weather", "book_train", "find_hotel"),
    "id": ("call_1", "call_2", "call_3"),
    "tool_call_id": ("call_1", "call_2", "call_3"),
    "content": _TEXTS,
    "text": _TEXTS,
    "stop": ("\n", "END"),
    "country": ("NO", "CN"),
}


@cache
def models() -> tuple[str, ...]:
    """Return a model for every family that any profile mentions, sorted."""
    found: set[str] = {
        "gpt-4o",
        "gpt-4o-mini",
        "gpt-4o-audio-preview",
        "qwen-plus",
        "qwen-vl-plus",
        "qwen-omni-turbo",
        "qwen-plus-latest",
    }
    for name in ("openai", "dashscope", "gptproto-qwen"):
        profile = shipped().profile(name)
        for fact in (profile.facts or {}).values():
            found.update(_models_in(fact["value"]))
    return tuple(sorted(found))


def _models_in(value: Any) -> set[str]:
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    found = set().union(*(_models_in(each) for each in inside)) if inside else set()
    patterns = value.get("models", ()) if isinstance(value, dict) else ()
    return found | {pattern.replace("*-", "3-").replace("*", "") for pattern in patterns}


@cache
def _validator(profile: str) -> Draft202012Validator:
    return Draft202012Validator(shipped().profile(profile).schema)


@cache
def properties(profile: str) -> Mapping[str, Any]:
    """Return the schema of each parameter of a profile."""
    found: Mapping[str, Any] = shipped().profile(profile).schema["properties"]
    return found


def parameter(rng: random.Random, profile: str, name: str) -> Any:
    """Return a value for a parameter that the profile's schema accepts, or nearly accepts."""
    return made(rng, profile, properties(profile)[name], name)


def definition(rng: random.Random, profile: str, name: str) -> Any:
    """Return a value that a definition of the profile's schema accepts, such as ``user_part``."""
    return made(rng, profile, {"$ref": f"#/$defs/{name}"}, name)


def made(rng: random.Random, profile: str, schema: Any, key: str = "", depth: int = 6) -> Any:
    """Return a value that *schema*, a part of the profile's, accepts; *key* is the member it is for."""
    flat = _flat(profile, schema, {})
    if "const" in flat:
        return flat["const"]
    if flat.get("enum"):
        return rng.choice(flat["enum"])
    kinds = flat.get("type", "object" if "properties" in flat else "string")
    kinds = [kinds] if isinstance(kinds, str) else [kind for kind in kinds if kind != "null" or rng.random() < 0.1]
    kind = rng.choice(kinds or ["null"])
    if kind == "object":
        return _object(rng, profile, schema, flat, depth)
    if kind == "array":
        least, most = flat.get("minItems", 0), min(flat.get("maxItems", 3), 4)
        return [
            made(rng, profile, flat.get("items", {}), key, depth - 1)
            for _ in range(rng.randint(max(least, 1), max(least, most)))
        ]
    if kind in ("integer", "number"):
        return _number(rng, flat, whole=kind == "integer")
    if kind == "boolean":
        return rng.random() < 0.5
    return (
        None
        if kind == "null"
        else rng.choice(models())
        if key == "model"
        else rng.choice(_STRINGS.get(key, ("a", "b1", "a-b")))
    )


def _number(rng: random.Random, flat: Mapping[str, Any], *, whole: bool) -> int | float:
    least = flat.get("minimum", flat.get("exclusiveMinimum", 0))
    most = flat.get("maximum", flat.get("exclusiveMaximum", least + 100))
    if whole:
        return rng.choice([int(least), int(most), int(least) + 1, rng.randint(int(least), int(most))])
    return rng.choice([least, most, (least + most) / 2])


def _object(rng: random.Random, profile: str, schema: Any, flat: Mapping[str, Any], depth: int) -> dict[str, Any]:
    value: dict[str, Any] = {}
    decides = flat.get("x-discriminator")
    if decides:
        value[decides] = made(rng, profile, flat["properties"][decides], decides)
        flat = _flat(profile, schema, value)
    wanted = [*flat.get("required", ())]
    for name in flat.get("properties", {}):
        if name not in wanted and depth > 0 and rng.random() < (0.6 if len(flat["properties"]) < 4 else 0.3):
            wanted.append(name)
    for name in wanted:
        inner = flat.get("properties", {}).get(name, {})
        if name not in value and inner is not False:
            value[name] = made(rng, profile, inner, name, depth - 1)
    return value


def _flat(profile: str, schema: Any, value: Any, depth: int = 12) -> dict[str, Any]:
    """Return the keywords that apply to *value*, through references and conditions."""
    if not isinstance(schema, dict) or not depth:
        return {}
    whole: dict[str, Any] = {}
    parts = [schema, *schema.get("allOf", ())]
    if "$ref" in schema:
        parts.insert(0, shipped().profile(profile).schema["$defs"][schema["$ref"].rpartition("/")[2]])
    if "if" in schema:
        chosen = "then" if _validator(profile).evolve(schema=schema["if"]).is_valid(value) else "else"
        parts.append(schema.get(chosen, {}))
    for part in parts:
        flat = part if part is schema else _flat(profile, part, value, depth - 1)
        for key, said in flat.items() if isinstance(flat, dict) else ():
            if key == "properties":
                known = whole.setdefault("properties", {})
                for name, inner in said.items():
                    if inner is not True or name not in known:
                        known[name] = inner
            elif key == "required":
                whole["required"] = [*dict.fromkeys([*whole.get("required", ()), *said])]
            elif key not in ("$ref", "allOf", "if", "then", "else"):
                whole[key] = said
    return whole
