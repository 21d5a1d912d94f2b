"""Check what a client of google-genai, sync or async, is about to send to the Gemini API or to Vertex AI."""

import json
from collections.abc import Collection
from functools import lru_cache
from typing import Any, TypeVar, cast

from reqlint.integrations._guard import Guard, OnFindings, build_guard

__all__ = ["guard"]

_Client = TypeVar("_Client")
_ONCE = ("_request_once", "_async_request_once")


def guard(
    client: _Client,
    profile: str = "auto",
    *,
    on_findings: OnFindings = "raise",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> _Client:
    """
    Let *client* check each request for content before it is sent; return the same client.

    ``client.models``, ``client.chats``, their streams and ``client.aio`` are guarded together. Each attempt is checked;
    a refused one is neither retried nor wrapped. Guarding again replaces the guard.

    Args:
        client: a ``Client`` of google-genai.
        profile: a profile's name; ``auto`` decides by the host of each request.
        on_findings: ``"raise"`` for `InvalidRequest` at errors, ``"warn"`` to only log them. Warnings are logged as
            such and notes as information by the logger ``reqlint`` in both cases.
        select: rule ids or group names; only these rules are on. All when empty.
        ignore: rule ids or group names that are off.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        TypeError: *client* is not a client of google-genai.
    """
    sender = getattr(client, "_api_client", None)
    if not all(hasattr(sender, name) for name in _ONCE):
        raise TypeError(f"{type(client).__name__} is not a client of google-genai")
    chosen = build_guard(profile, on_findings, select, ignore)
    kind: Any = type(sender)
    cast(Any, sender).__class__ = _guarded(getattr(kind, "_reqlint_unguarded", kind), chosen)
    return client


@lru_cache(maxsize=64)
def _guarded(kind: type, guard: Guard) -> type:
    """
    Return a subclass of the class that sends for a client, whose requests are checked by *guard*.

    NOTE: it sends through httpx, httpx2, aiohttp or requests, whichever is there; these two methods see a request
    before that is decided, with its URL, its headers and the object that will be written as JSON.
    """

    def request_once(self: object, request: Any, *rest: Any, **options: Any) -> Any:
        _judge(guard, request)
        return cast(Any, super(guarded, self))._request_once(request, *rest, **options)

    async def request_once_async(self: object, request: Any, *rest: Any, **options: Any) -> Any:
        _judge(guard, request)
        return await cast(Any, super(guarded, self))._async_request_once(request, *rest, **options)

    names = {"__module__": kind.__module__, "__doc__": kind.__doc__, "__qualname__": kind.__qualname__}
    methods = dict(zip(_ONCE, (request_once, request_once_async), strict=True))
    guarded: type = type(kind.__name__, (kind,), {**names, **methods, "_reqlint_unguarded": kind})
    return guarded


def _judge(guard: Guard, request: Any) -> None:
    data = request.data
    if isinstance(data, dict | list):
        try:
            data = json.dumps(data).encode()  # as the client writes it
        except (TypeError, ValueError):
            return  # the client will say so
    headers = {str(name).lower(): value for name, value in dict(request.headers or {}).items()}
    guard.check_outgoing(str(request.method).upper(), str(request.url), headers, data if data else b"")
