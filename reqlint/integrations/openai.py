"""Check what an OpenAI client, sync or async, is about to send."""

from collections.abc import Collection
from functools import lru_cache
from inspect import iscoroutinefunction
from typing import Any, Protocol, Self, TypeVar, cast

from reqlint.integrations._guard import Guard, OnFindings, build_guard
from reqlint.integrations.httpx import judge

__all__ = ["guard"]


class _Copyable(Protocol):
    def copy(self) -> Self: ...


_Client = TypeVar("_Client", bound=_Copyable)


def guard(
    client: _Client,
    profile: str = "auto",
    *,
    on_findings: OnFindings = "raise",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> _Client:
    """
    Return a copy of *client* that checks each chat request, as the bytes to send; the original does not change.

    The copy is made by ``client.copy()`` and shares the connections: closing one closes both. Copies made by
    ``with_options`` are guarded too. Each attempt is checked; a refused one is neither retried nor wrapped.

    Args:
        client: an ``OpenAI``, ``AsyncOpenAI`` or Azure client of the openai package, version 1 or newer.
        profile: a profile's name; ``auto`` decides by the host of the client's base URL, then by the model.
        on_findings: ``"raise"`` for `InvalidRequest` at errors, ``"warn"`` to only log them. Warnings are logged as
            such and notes as information by the logger ``reqlint`` in both cases.
        select: rule ids or group names; only these rules are on. All when empty.
        ignore: rule ids or group names that are off.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        TypeError: *client* is not a client of the openai package.
    """
    kind = type(client)
    if not hasattr(kind, "_prepare_request") or not hasattr(kind, "copy"):
        raise TypeError(f"{kind.__name__} is not a client of the openai package")
    chosen = build_guard(profile, on_findings, select, ignore)
    chosen.prepare(f"{str(getattr(client, 'base_url', '')).rstrip('/')}/chat/completions")
    copied = client.copy()
    copied.__class__ = _guarded(getattr(kind, "_reqlint_unguarded", kind), chosen)
    return copied


@lru_cache(maxsize=64)
def _guarded(kind: type, guard: Guard) -> type:
    """
    Return a subclass of a client class whose requests are checked by *guard*.

    NOTE: ``_prepare_request`` is where the SDK lets a subclass see each request after it is built. Public surfaces are
    too late: versions 1 and 2 of the SDK catch whatever an HTTP client, transport or event hook raises, try again, and
    raise ``APIConnectionError`` in the end. And a client copies itself by calling its class, so the class must check.
    """

    def prepare(self: object, request: object) -> None:
        cast(Any, super(guarded, self))._prepare_request(request)
        judge(guard, request)

    async def prepare_async(self: object, request: object) -> None:
        await cast(Any, super(guarded, self))._prepare_request(request)
        judge(guard, request)

    wanted = prepare_async if iscoroutinefunction(kind._prepare_request) else prepare  # type: ignore[attr-defined]  # asked by guard
    names = {"__module__": kind.__module__, "__doc__": kind.__doc__, "__qualname__": kind.__qualname__}
    guarded: type = type(kind.__name__, (kind,), {**names, "_prepare_request": wanted, "_reqlint_unguarded": kind})
    return guarded
