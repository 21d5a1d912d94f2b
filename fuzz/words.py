"""The words that requests are made of, from rules/ and schemas/: for changes to requests, and for libFuzzer's dictionary."""

# ruff: noqa: E501 - lists are easier to read in long lines

from collections.abc import Iterator
from functools import cache
from typing import Any

from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.index import home
from reqlint.text.trusted_json import load_json

_COMMON_WORDS = (
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
    """Return the keys, enum values and models in the profiles' schemas and facts, and the common words, sorted."""
    found = set(_COMMON_WORDS)
    for name in shipped().profile_names:
        profile = shipped().profile(name)
        found.update(_names_in(profile.schema))
        found.update(_names_in(profile.facts or {}))
    return tuple(sorted(word for word in found if word.isprintable() and len(word) <= 60))


@cache
def rules() -> tuple[str, ...]:
    """Return the ids of all rules, sorted."""
    return tuple(sorted(shipped().rules))


@cache
def settings() -> tuple[str, ...]:
    """Return the words of configurations, and the common words, sorted."""
    return tuple(sorted({*_names_in(load_json(home() / "schemas/meta/config.json")), *_COMMON_WORDS}))


def _names_in(schema: Any) -> Iterator[str]:
    """Yield the names of properties in a JSON Schema, and the strings that they may be."""
    if isinstance(schema, list):
        for inner in schema:
            yield from [inner] if isinstance(inner, str) else _names_in(inner)
    elif isinstance(schema, dict):
        for key, inner in schema.items():
            if key in ("description", "title", "$comment"):
                continue
            if not key.startswith(("$", "x-")):
                yield key
            yield from [inner] if isinstance(inner, str) and key in ("const", "model") else _names_in(inner)


_SIGNS = (
    "{", "}", "[", "]", ":", ",", '"', "'", "- ", "\n", "\r\n", "\t", "---\n", "...\n", "# ", "&a ", "*a", "<<: *a", "!!str ", "!!python/object:os.system ",
    "|-\n", ">+\n", "|2\n", "? ", "%YAML 1.1\n", "\\u0000", "\\ud83d\\ude00", "\\ud800", "\\u003a", "\\/", "\\\\", "\ufeff", "\u2028", "\x85", "\xa0",
    "NaN", "Infinity", "-Infinity", "1e400", "-0", "0x1F", "1_000", "0o17", "010", "12:30:45", "2026-01-01", "~", "yes", "No", "//", "/*", "*/",
    '"""', "'''", "[[", "]]", "=", "~0", "~1", "/-", "**", "**/", "[!", "[a-", "::error::", "\x1b[", "\u202e",
)  # fmt: skip


def tokens() -> list[bytes]:
    """Return the tokens that a fuzzer inserts: syntax of JSON, YAML and TOML, words with and without quotes, rule ids."""
    quoted = [f'"{word}"' for word in words()]
    return [token.encode() for token in (*_SIGNS, *quoted, *words(), *rules(), *settings()) if token]


def dictionary() -> str:
    """Return the tokens in the format of a libFuzzer dictionary."""
    lines = ('"' + "".join(f"\\x{byte:02X}" for byte in token) + '"' for token in dict.fromkeys(tokens()))
    return "\n".join(lines) + "\n"
