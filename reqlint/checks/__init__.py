"""
The checks: one function for each rule that a JSON Schema cannot express.

A check gets a request whose keys under its ``at`` and ``reads`` have the right shape, and yields a `Hit` for every
place where its rule applies. It finds tools, turns, calls and results by the views of the request's dialect, so that
one function serves every wire shape. It knows no severity, wording or position, and never raises.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from typing import Any

from reqlint.core.findings import Hit
from reqlint.dialects.vocabulary import Dialect, Request

__all__ = ["SUBJECTS", "Check", "Facts", "Request", "all_checks", "check", "checks_of"]

Facts = Mapping[str, Any]
"""A profile's facts beyond its schema: limits, and dated lists of models."""
Check = Callable[[Request, Facts, Dialect], Iterator[Hit]]

SUBJECTS_OF_DIALECT = {
    "anthropic-messages": (
        "anthropic_turns", "anthropic_calls", "anthropic_thinking", "anthropic_cache", "anthropic_models",
        "anthropic_tools", "anthropic_media", "claude_strict", "grammars",
    ),
    "bedrock-converse": (
        "converse_blocks", "converse_foreign", "converse_turns", "converse_models", "converse_schemas", "claude_strict",
    ),
    "gemini-generate": (
        "gemini_foreign", "gemini_media", "gemini_output", "gemini_schemas", "gemini_tools", "gemini_turns"
    ),
    "openai-chat": ("grammars", "openai_models"),
    "openai-responses": ("grammars", "openai_models", "responses_forms", "responses_items", "responses_models"),
}  # fmt: skip
"""Modules that look at the keys of one wire shape, or of few; they are imported only to judge requests of that."""
SUBJECTS = (
    "messages", "pairing", "tools", "parameters", "strict", "models", "output", "qwen", "media", "deepseek", "mistral",
    "vendors", "model_facts", "vendor_schemas", "claude_schemas", "openai_schemas", "answer_schemas", "attachments",
    "addresses", "local_servers",
    *dict.fromkeys(subject for subjects in SUBJECTS_OF_DIALECT.values() for subject in subjects),
)  # fmt: skip

_checks: dict[str, Check] = {}


def check(function: Check) -> Check:
    """Register *function* as the check of the rule it is named after: ``empty_tools`` is rule ``empty-tools``."""
    _checks[function.__name__.replace("_", "-")] = function
    return function


@cache
def checks_of(dialect: str) -> Mapping[str, Check]:
    """Return the checks for requests of a dialect, by rule id; those of other dialects may be among them."""
    others = {each for name, subjects in SUBJECTS_OF_DIALECT.items() if name != dialect for each in subjects}
    own = SUBJECTS_OF_DIALECT.get(dialect, ())
    return _loaded(subject for subject in SUBJECTS if subject not in others or subject in own)


@cache
def all_checks() -> Mapping[str, Check]:
    """Return every check by rule id."""
    return _loaded(SUBJECTS)


def _loaded(subjects: Iterable[str]) -> Mapping[str, Check]:
    from importlib import import_module

    for subject in subjects:
        import_module(f"{__name__}.{subject}")
    return _checks
