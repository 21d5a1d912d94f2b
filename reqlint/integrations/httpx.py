"""Check what an httpx or httpx2 client, sync or async, is about to send."""

from collections.abc import Callable, Collection
from inspect import iscoroutinefunction
from typing import Any, Protocol, TypeVar

from reqlint.core.records import dataclass
from reqlint.integrations._guard import Guard, OnFindings, build_guard

__all__ = ["guard", "judge"]


class _Hooked(Protocol):
    @property
    def event_hooks(self) -> dict[str, list[Callable[..., Any]]]: ...
    @event_hooks.setter
    def event_hooks(self, event_hooks: dict[str, list[Callable[..., Any]]], /) -> None: ...


_Client = TypeVar("_Client", bound=_Hooked)


def guard(
    client: _Client,
    profile: str = "auto",
    *,
    on_findings: OnFindings = "raise",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> _Client:
    """
    Let *client* check each request to an LLM API before it is sent; return the same client.

    The client gets a request hook, the last of its ``event_hooks``; guarding it again replaces that hook. A body that
    is a stream is not checked, which is logged at level debug.

    Args:
        client: a ``Client`` or ``AsyncClient`` of httpx or httpx2.
        profile: a profile's name; ``auto`` decides by the host of each request, then by the model.
        on_findings: ``"raise"`` for `InvalidRequest` at errors, ``"warn"`` to only log them. Warnings are logged as
            such and notes as information by the logger ``reqlint`` in both cases.
        select: rule ids or group names; only these rules are on. All when empty.
        ignore: rule ids or group names that are off.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        TypeError: *client* is not a client of httpx or httpx2.
    """
    if not hasattr(client, "event_hooks"):
        raise TypeError(f"{type(client).__name__} is not a client of httpx or httpx2")
    chosen = build_guard(profile, on_findings, select, ignore)
    chosen.prepare(str(getattr(client, "base_url", "")))
    hook = _AsyncHook(chosen) if iscoroutinefunction(type(client).send) else _Hook(chosen)  # type: ignore[attr-defined]  # every client has it
    others = [other for other in client.event_hooks.get("request", ()) if not isinstance(other, _Hook | _AsyncHook)]
    client.event_hooks = {**client.event_hooks, "request": [*others, hook]}
    return client


def judge(guard: Guard, request: Any) -> None:
    """
    Do nothing when a request of httpx or httpx2 may be sent.

    Raises:
        InvalidRequest: it has errors.
    """
    try:
        body = request.content
    except RuntimeError:  # RequestNotRead, of either library: the body is a stream
        body = None
    guard.check_outgoing(request.method, str(request.url), request.headers, body)


@dataclass(frozen=True, slots=True)
class _Hook:
    guard: Guard

    def __call__(self, request: Any) -> None:
        judge(self.guard, request)


@dataclass(frozen=True, slots=True)
class _AsyncHook:
    guard: Guard

    async def __call__(self, request: Any) -> None:
        judge(self.guard, request)
