"""
The dialects there are, and every question "is this a request, and of which shape" that the program asks.

A URL answers first, then the value itself. What is known of both is light: a dialect is imported when it is asked for.
"""

from collections.abc import Collection, Mapping
from importlib import import_module

from reqlint.dialects.apis import CHAT_REQUEST, Stranger, What
from reqlint.dialects.endpoints import UNREADABLE_URL, api_at
from reqlint.dialects.openai_chat import looks_like
from reqlint.dialects.strangers import speaks_chat, stranger_in
from reqlint.dialects.tool_forms import ToolForm, ToolList, is_schema, schemas_as_told, tools_as_told, tools_in
from reqlint.dialects.vocabulary import Dialect

__all__ = [
    "CHAT",
    "DIALECT_NAMES",
    "SIGNS",
    "Stranger",
    "ToolForm",
    "ToolList",
    "What",
    "api_at",
    "certainly_a_request",
    "dialect_named",
    "dialect_of",
    "has_conversation",
    "has_request_marks",
    "has_turn_list",
    "is_endpoint",
    "is_schema",
    "looks_like_request",
    "schemas_as_told",
    "stranger_of",
    "tools_as_told",
    "tools_in",
]

CHAT = "openai-chat"
_MODULES = {
    CHAT: "openai_chat",
    "anthropic-messages": "anthropic_messages",
    "bedrock-converse": "bedrock_converse",
    "gemini-generate": "gemini_generate",
    "openai-responses": "openai_responses",
}
DIALECT_NAMES = tuple(_MODULES)
SIGNS = (b'"messages"', b'"role"', b'"parts"', b"messages:")
"""Bytes that an unreadable text with a request in it is likely to have."""

_BY_NAME: dict[str, Dialect] = {}  # those that were asked for
_TURNS = "messages"
"""Where most dialects have their turns; the keys of the others, `input` and `contents`, mean other things, too."""


def dialect_named(name: str) -> Dialect:
    """
    Return the dialect of a name, as profiles give it.

    Raises:
        LookupError: there is no such dialect.
    """
    found = _BY_NAME.get(name)
    if found is None:
        found = _BY_NAME[name] = import_module(f"reqlint.dialects.{_MODULES[name]}").DIALECT
    return found


# ------------------------------------------------------------------------------------------------------------ by URL


def is_endpoint(url: str, dialect: str | None = None) -> bool | None:
    """
    Return whether requests to *url*, a full URL or the path of a batch line, have the shape of a dialect.

    Of any, unless it is named. None if it cannot be read as a URL.
    """
    api = api_at(url)
    return None if api is UNREADABLE_URL else _is_here(api, dialect)


def _is_here(api: Stranger, dialect: str | None) -> bool:
    return api.dialect in _MODULES and dialect in (None, api.dialect)


# ---------------------------------------------------------------------------------------------------------- by value


def dialect_of(value: object, url: str | None = None) -> str:
    """Return the name of the dialect that a request has, by where it is sent to or by its marks; chat if none shows."""
    if url is not None and (at := api_at(url).dialect) in _MODULES:
        return at or CHAT
    found = _known(value)
    return found.dialect if found is not None and found.dialect in _MODULES and found.dialect else CHAT


def looks_like_request(value: object, dialect: str | None = None) -> bool:
    """Return whether *value* is meant as a request of some dialect, or of that of a name, and is nothing else."""
    return has_request_marks(value) and stranger_of(value, dialect) is None


def has_request_marks(value: object) -> bool:
    """Return whether *value* has what requests of some dialect have, even if it is something else."""
    if looks_like(value):
        return True
    found = _known(value)
    return found is not None and found.dialect in _MODULES


def stranger_of(value: object, dialect: str | None = None) -> Stranger | None:
    """
    Return what *value* is if it is known to be no request of a dialect here: an answer, say, or a transcript.

    If a *dialect* is named, requests of the others are strangers, too.
    """
    found = _known(value)
    if found is not None:
        return None if _is_here(found, dialect) else found
    if dialect is None or dialect == CHAT or not isinstance(value, Mapping) or _TURNS not in value:
        return None
    return CHAT_REQUEST if speaks_chat(value) else None


def _known(value: object) -> Stranger | None:
    if not isinstance(value, Mapping):
        return None
    try:
        return stranger_in(value)
    except Exception:  # an object of the caller's that only looks like a dict
        return None


def certainly_a_request(value: object, dialect: Dialect, keys: Collection[str] = ()) -> bool:
    """
    Return whether *value* is a request of *dialect* beyond doubt, so that it may be edited.

    Much stricter than `looks_like_request`, which is enough to judge a value: an answer, a transcript, a definition or
    the request of another API must never pass. *keys* are further keys that such a request may have: those of a
    profile, and misspelled ones.
    """
    return dialect.is_certain(value, keys)


def is_unmistakable(value: object) -> bool:
    """
    Return whether *value* is a request wherever it stands: for chat, a model, and turns that each have a role.

    Enough to judge what a log keeps under any name; `certainly_a_request` says what may be edited.
    """
    if not isinstance(value, Mapping):
        return False
    dialect = dialect_of(value)
    if dialect != CHAT:
        return certainly_a_request(value, dialect_named(dialect))
    model, turns = value.get("model"), value.get(_TURNS)
    has_roles = isinstance(turns, list) and bool(turns) and all(map(_has_role, turns))
    is_named = isinstance(model, str) and bool(model)
    return is_named and has_roles and not dialect_named(CHAT).is_foreign(value) and stranger_of(value, CHAT) is None


def _has_role(turn: object) -> bool:
    return isinstance(turn, Mapping) and isinstance(turn.get("role"), str)


def has_turn_list(value: Mapping[str, object]) -> bool:
    """Return whether an object has a list of messages, which makes it a request without more ado."""
    return isinstance(value.get(_TURNS), list)


def has_conversation(value: object) -> bool:
    """Return whether *value* has the key of a conversation, whatever stands there."""
    return isinstance(value, Mapping) and _TURNS in value
