"""
The dialects there are, and every question "is this a request, and of which shape" that the program asks.

A URL answers first, then the value itself.
"""

from collections.abc import Collection, Mapping

from reqlint.dialects.endpoints import api_at
from reqlint.dialects.openai_chat import OPENAI_CHAT
from reqlint.dialects.strangers import Stranger, What, stranger_in
from reqlint.dialects.tool_forms import ToolForm, ToolList, schemas_as_told, tools_as_told, tools_in
from reqlint.dialects.vocabulary import Dialect

__all__ = [
    "DIALECTS",
    "SIGNS",
    "Stranger",
    "ToolForm",
    "ToolList",
    "What",
    "api_at",
    "certainly_a_request",
    "dialect_named",
    "has_conversation",
    "has_request_marks",
    "has_turn_list",
    "is_endpoint",
    "looks_like_request",
    "schemas_as_told",
    "stranger_of",
    "tools_as_told",
    "tools_in",
]

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
    """Return whether *value* is meant as a request of some dialect, and is nothing else."""
    return has_request_marks(value) and stranger_of(value) is None


def has_request_marks(value: object) -> bool:
    """Return whether *value* has what requests of some dialect have, even if it is something else."""
    return any(dialect.looks_like(value) for dialect in DIALECTS)


def stranger_of(value: object) -> Stranger | None:
    """Return what *value* is if it is known to be no request of a dialect here: an answer, say, or a transcript."""
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
    Return whether *value* is a request wherever it stands: a model, and turns that each have a role.

    Enough to judge what a log keeps under any name; `certainly_a_request` says what may be edited.
    """
    if not isinstance(value, Mapping):
        return False
    model = value.get("model")
    lists = [turns for key in _TURN_KEYS if isinstance(turns := value.get(key), list)]
    has_roles = any(turns and all(map(_has_role, turns)) for turns in lists)
    is_named = isinstance(model, str) and bool(model)
    return is_named and has_roles and any(_is_own(dialect, value) for dialect in DIALECTS)


def _is_own(dialect: Dialect, value: object) -> bool:
    return dialect.looks_like(value) and not dialect.is_foreign(value) and stranger_of(value) is None


def _has_role(turn: object) -> bool:
    return isinstance(turn, Mapping) and isinstance(turn.get("role"), str)


def has_turn_list(value: Mapping[str, object]) -> bool:
    """Return whether an object has the list of turns of some dialect, which makes it a request without more ado."""
    for key in _TURN_KEYS:  # noqa: SIM110 - half the time of any(), for every request
        if isinstance(value.get(key), list):
            return True
    return False


def has_conversation(value: object) -> bool:
    """Return whether *value* has a key under which some dialect keeps its conversation, whatever stands there."""
    return isinstance(value, Mapping) and any(key in value for key in _TURN_KEYS)
