"""Check what a session of requests is about to send."""

from collections.abc import Collection
from typing import Any, TypeVar

from requests import PreparedRequest, Response, Session
from requests.adapters import BaseAdapter

from reqlint.integrations._guard import Guard, OnFindings, build_guard

__all__ = ["GuardedAdapter", "guard"]

_Session = TypeVar("_Session", bound=Session)


def guard(
    session: _Session,
    profile: str = "auto",
    *,
    on_findings: OnFindings = "raise",
    select: Collection[str] = (),
    ignore: Collection[str] = (),
) -> _Session:
    """
    Let *session* check each request to an LLM API before it is sent; return the same session.

    Every adapter mounted so far is wrapped, and keeps its retries, pools and certificates; one mounted later is not
    guarded. Guarding again replaces the guard. A body that is a stream is not checked, which is logged at level debug.

    Args:
        session: a ``requests.Session``.
        profile: a profile's name; ``auto`` decides by the host of each request, then by the model.
        on_findings: ``"raise"`` for `InvalidRequest` at errors, ``"warn"`` to only log them. Warnings are logged as
            such and notes as information by the logger ``reqlint`` in both cases.
        select: rule ids or group names; only these rules are on. All when empty.
        ignore: rule ids or group names that are off.

    Raises:
        UnknownProfile, UnknownRule: no such name; the message has a suggestion.
        TypeError: *session* is not a session of requests.
    """
    if not isinstance(session, Session):
        raise TypeError(f"{type(session).__name__} is not a session of requests")
    chosen = build_guard(profile, on_findings, select, ignore)
    for prefix, adapter in list(session.adapters.items()):
        inner = adapter.inner if isinstance(adapter, GuardedAdapter) else adapter
        session.mount(prefix, GuardedAdapter(inner, chosen))
    return session


class GuardedAdapter(BaseAdapter):
    """An adapter that checks requests and sends them through another one."""

    def __init__(self, inner: BaseAdapter, guard: Guard) -> None:
        super().__init__()
        self.inner = inner  #: the adapter that sends
        self._guard = guard

    def send(self, request: PreparedRequest, *args: Any, **options: Any) -> Response:
        """
        Send a request that has no errors.

        Raises:
            InvalidRequest: it has errors.
        """
        body = request.body
        if isinstance(body, str):
            body = body.encode("utf-8", "surrogatepass")
        known = body if isinstance(body, bytes) else b"" if body is None else None
        self._guard.check_outgoing(request.method or "", request.url or "", request.headers, known)
        return self.inner.send(request, *args, **options)

    def close(self) -> None:
        """Close the adapter that sends."""
        self.inner.close()
