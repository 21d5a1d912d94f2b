"""The words that requests are made of, as rules/ and schemas/ know them: for changes to requests, and a dictionary."""

# ruff: noqa: E501 - lists, read at a glance

from collections.abc import Iterator
from functools import cache
from typing import Any

from reqlint.knowledge.index import home
from reqlint.knowledge.profile import load_profile, profile_names
from reqlint.knowledge.rule import all_rules
from reqlint.text.trusted_json import load_json

_AROUND = (
    "custom_id", "method", "url", "body", "interactions", "http_interactions", "log", "entries", "request", "response", "postData",
    "text", "content", "string", "base64_string", "encoding", "status", "code", "headers", "version", "recorded_with", "uri",
    "POST", "/v1/chat/completions", "https://api.openai.com/v1/chat/completions", "application/json", "base64", "error", "message",
    "$ref", "$defs", "$id", "$schema", "$anchor", "$dynamicRef", "definitions", "allOf", "anyOf", "oneOf", "not", "if", "then", "else",
    "properties", "patternProperties", "additionalProperties", "required", "items", "prefixItems", "enum", "const", "pattern", "format",
    "minimum", "maximum", "minLength", "maxLength", "object", "string", "array", "integer", "number", "boolean", "null", "nullable",
    "preferred_output", "non_preferred_output", "weight", "reqlint: ignore[", "city", "get_weather", "call_1", "#/$defs/a", "#",
)  # fmt: skip


@cache
def words() -> tuple[str, ...]:
    """Give every key, enum value and model that a profile's schema or facts name, sorted, and those around requests."""
    found = set(_AROUND)
    for name in profile_names():
        profile = load_profile(name)
        found.update(_named(profile.schema))
        found.update(_named(profile.facts or {}))
    return tuple(sorted(word for word in found if word.isprintable() and len(word) <= 60))


@cache
def rules() -> tuple[str, ...]:
    """Give the id of every rule."""
    return tuple(sorted(all_rules()))


@cache
def settings() -> tuple[str, ...]:
    """Give the words of configurations and rule files."""
    return tuple(sorted({*_named(load_json(home() / "schemas/meta/config.json")), *_AROUND}))


def _named(schema: Any) -> Iterator[str]:
    """Yield the names in a JSON Schema: of properties, and what they may be."""
    if isinstance(schema, list):
        for each in schema:
            yield from [each] if isinstance(each, str) else _named(each)
    elif isinstance(schema, dict):
        for key, inner in schema.items():
            if key in ("description", "title", "$comment"):
                continue
            if not key.startswith(("$", "x-")):
                yield key
            yield from [inner] if isinstance(inner, str) and key in ("const", "model") else _named(inner)


_SIGNS = (
    "{", "}", "[", "]", ":", ",", '"', "'", "- ", "\n", "\r\n", "\t", "---\n", "...\n", "# ", "&a ", "*a", "<<: *a", "!!str ", "!!python/object:os.system ",
    "|-\n", ">+\n", "|2\n", "? ", "%YAML 1.1\n", "\\u0000", "\\ud83d\\ude00", "\\ud800", "\\u003a", "\\/", "\\\\", "\ufeff", "\u2028", "\x85", "\xa0",
    "NaN", "Infinity", "-Infinity", "1e400", "-0", "0x1F", "1_000", "0o17", "010", "12:30:45", "2026-01-01", "~", "yes", "No", "//", "/*", "*/",
    '"""', "'''", "[[", "]]", "=", "~0", "~1", "/-", "**", "**/", "[!", "[a-", "::error::", "\x1b[", "\u202e",
)  # fmt: skip


def tokens() -> list[bytes]:
    """Give what a fuzzer puts into texts: signs of JSON, YAML and TOML, words with and without quotes, ids of rules."""
    quoted = [f'"{word}"' for word in words()]
    return [token.encode() for token in (*_SIGNS, *quoted, *words(), *rules(), *settings()) if token]


def dictionary() -> str:
    """Write the tokens as libFuzzer reads them."""
    lines = ('"' + "".join(f"\\x{byte:02X}" for byte in token) + '"' for token in dict.fromkeys(tokens()))
    return "\n".join(lines) + "\n"
