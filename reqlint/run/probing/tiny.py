"""Requests of mutations that ask a server for little, whoever pays for the answer."""

from collections.abc import Mapping
from typing import Any

from reqlint.run.probing.mutations import Mutation

LIMITS = ("max_tokens", "max_completion_tokens")
"""The two keys that limit the length of an answer."""
MOST_TOKENS = 16
MOST_CHOICES = 2


def asking(mutation: Mutation, model: str, limit: str, *, bounded: bool) -> dict[str, Any] | None:
    """
    Return the request of a mutation for a server's *model*.

    A request that names no limit asks for one token.

    Args:
        mutation: what is asked; a name of a model in it stands for any model.
        model: the name of the server's model.
        limit: the key for a limit where there is none.
        bounded: leave out a request that asks for more than `MOST_TOKENS` tokens or `MOST_CHOICES` answers, or whose
            limit is no number, so that the server may take it to be none. Return None for those.
    """
    request = dict(mutation.request)
    if isinstance(request.get("model"), str) and request["model"]:
        request["model"] = model
    if not any(key in request for key in LIMITS):
        request[limit] = 1
    return request if not bounded or _is_little(request) else None


def _is_little(request: Mapping[str, Any]) -> bool:
    limits = [request[key] for key in LIMITS if key in request]
    return all(_is_number(each) and 0 <= each <= MOST_TOKENS for each in limits) and (
        "n" not in request or (_is_number(request["n"]) and request["n"] <= MOST_CHOICES)
    )


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)
