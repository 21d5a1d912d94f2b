"""
The dialects there are, and every question "is this a request, and of which shape" that the program asks.

A URL answers first, then the value itself.
"""

from collections.abc import Mapping

from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.dialects.vocabulary import Dialect

DIALECTS = (OPENAI_CHAT,)
SIGNS = (b'"messages"', b'"role"', b"messages:")
"""Bytes that an unreadable text with a request in it is likely to have."""

_BY_NAME = {dialect.name: dialect for dialect in DIALECTS}
_TURN_KEYS = tuple(dialect.keys["turns"] for dialect in DIALECTS)


def dialect_named(name: str) -> Dialect:
    """
    Return the dialect of a name, as profiles give it.

    Raises:
        LookupError: there is no such dialect.
    """
    return _BY_NAME[name]


def is_endpoint(url: str) -> bool | None:
    """
    Return whether requests to *url*, a full URL or the path of a batch line, have the shape of some dialect.

    None if it cannot be read as a URL.
    """
    answers = [dialect.speaks(url) for dialect in DIALECTS]
    return any(answers) or (None if None in answers else False)


def looks_like_request(value: object) -> bool:
    """Return whether *value* is meant as a request of some dialect."""
    return any(dialect.looks_like(value) for dialect in DIALECTS)


def is_certain_request(value: object) -> bool:
    """Return whether *value* is a request beyond doubt: a model, and turns that each have a role."""
    if not looks_like_request(value) or not isinstance(value, Mapping) or "choices" in value or "object" in value:
        return False
    model = value.get("model")
    lists = [turns for key in _TURN_KEYS if isinstance(turns := value.get(key), list)]
    has_roles = any(turns and all(map(_has_role, turns)) for turns in lists)
    return isinstance(model, str) and bool(model) and has_roles


def _has_role(turn: object) -> bool:
    return isinstance(turn, Mapping) and isinstance(turn.get("role"), str)


def has_turn_list(value: Mapping[str, object]) -> bool:
    """Return whether an object has the list of turns of some dialect, which makes it a request without more ado."""
    return any(isinstance(value.get(key), list) for key in _TURN_KEYS)


def has_conversation(value: object) -> bool:
    """Return whether *value* has a key under which some dialect keeps its conversation, whatever stands there."""
    return isinstance(value, Mapping) and any(key in value for key in _TURN_KEYS)
