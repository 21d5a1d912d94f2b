"""Clients of SDKs that are generated alike, openai's and anthropic's: seeing their requests before they are sent."""

from functools import lru_cache
from inspect import iscoroutinefunction
from typing import Any, Protocol, Self, TypeVar, cast

from reqlint.integrations._guard import Guard
from reqlint.integrations.httpx import judge


class Copyable(Protocol):
    """A client that can copy itself."""

    def copy(self) -> Self:
        """Return a client with the same settings and connections."""
        ...


Client = TypeVar("Client", bound=Copyable)


def is_client_of(client: object, package: str) -> bool:
    """Return whether *client* is a client of *package*, or of a subclass of one."""
    kind = type(client)
    is_of_package = any(each.__module__.partition(".")[0] == package for each in kind.__mro__)
    return is_of_package and hasattr(kind, "_prepare_request") and hasattr(kind, "copy")


def guarded_copy(client: Client, guard: Guard) -> Client:
    """Return a copy of *client* whose requests are checked by *guard*."""
    kind = type(client)
    copied = client.copy()
    copied.__class__ = _guarded(getattr(kind, "_reqlint_unguarded", kind), guard)
    return copied


@lru_cache(maxsize=64)
def _guarded(kind: type, guard: Guard) -> type:
    """
    Return a subclass of a client class whose requests are checked by *guard*.

    NOTE: ``_prepare_request`` is where the SDK lets a subclass see each request after it is built. Public surfaces are
    too late: versions 1 and 2 of openai's catch whatever an HTTP client, transport or event hook raises, try again, and
    raise ``APIConnectionError`` in the end. And a client copies itself by calling its class, so the class must check.
    """

    def prepare(self: object, request: object) -> None:
        cast(Any, super(guarded, self))._prepare_request(request)
        judge(guard, request)

    async def prepare_async(self: object, request: object) -> None:
        await cast(Any, super(guarded, self))._prepare_request(request)
        judge(guard, request)

    wanted = prepare_async if iscoroutinefunction(kind._prepare_request) else prepare  # type: ignore[attr-defined]  # asked by `is_client_of`
    names = {"__module__": kind.__module__, "__doc__": kind.__doc__, "__qualname__": kind.__qualname__}
    guarded: type = type(kind.__name__, (kind,), {**names, "_prepare_request": wanted, "_reqlint_unguarded": kind})
    return guarded
