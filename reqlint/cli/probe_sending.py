"""
Requests to a server that the user names. Nothing else in reqlint speaks to a network.

The package `httpx` speaks; what it may do is bounded here. It is given no proxy, no credentials of a file and no
redirect to follow, so that a request goes to the named server or nowhere.
"""

import ipaddress
import json
import time
from typing import TYPE_CHECKING, Any, NamedTuple, Self
from urllib.parse import urlsplit

import click

if TYPE_CHECKING:
    import httpx

MOST_BYTES = 262_144
"""What is read of an answer; an error has less than one thousand."""
_LONGEST_MESSAGE = 500
_TELLING = 6  # characters of a key that nobody is shown
_HEADERS = {"content-type": "application/json", "accept-encoding": "identity"}


class NoAnswer(Exception):
    """A server cannot be asked; the message says why, in a sentence without a word of the server's."""


class Answered(NamedTuple):
    """A server's answer to a request."""

    status: int | None  #: None: none came in the time that it had
    body: Any = None  #: JSON; None if the answer has none, or is longer than what is read


class Address(NamedTuple):
    """Where requests go."""

    url: str  #: without a slash at its end
    host: str
    is_here: bool  #: whether it is this machine
    is_secret: bool  #: whether nobody between can read what is sent


def address_of(server: str) -> Address:
    """
    Return where requests to *server* go; no name is looked up.

    Raises:
        click.UsageError: it is no address of a server, or holds a credential.
    """
    wanted = "--server takes the base address of a server, such as http://127.0.0.1:8000/v1"
    try:
        parts = urlsplit(server)
        host, _ = parts.hostname, parts.port
    except ValueError:
        raise click.UsageError(wanted) from None
    if parts.scheme not in ("http", "https") or not host or not server.isascii() or not server.isprintable():
        raise click.UsageError(wanted)
    if parts.username is not None or parts.password is not None:
        raise click.UsageError("--server holds a credential; name a variable that has it with --key-from")
    if parts.query or parts.fragment or " " in server:
        raise click.UsageError(wanted)
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = host.rstrip(".") == "localhost"
    return Address(server.rstrip("/"), host, is_here, is_here or parts.scheme == "https")


def need_httpx() -> None:
    """
    Import the package that sends.

    Raises:
        click.UsageError: it is not installed.
    """
    try:
        import httpx  # noqa: F401
    except ImportError:
        raise click.UsageError('probe needs the package httpx: in the checkout, pip install ".[probe]"') from None


class Connection:
    """
    A connection to a server, to be used in a ``with`` block.

    Args:
        address: where requests go.
        key: sent as a bearer token; none by default.
        seconds: for each answer.
    """

    def __init__(self, address: Address, key: str | None, seconds: float) -> None:
        import httpx

        self._base, self._key, self._seconds = address.url, key, seconds
        self._client = httpx.Client(
            headers={**_HEADERS, **({"authorization": f"Bearer {key}"} if key else {})},
            timeout=seconds,
            trust_env=False,
            follow_redirects=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def first_model(self) -> str:
        """
        Return the name of the first model that the server lists.

        Raises:
            NoAnswer: it lists none.
        """
        answered = self._ask("GET", "/models", None)
        listed = answered.body.get("data") if isinstance(answered.body, dict) else None
        first = listed[0] if isinstance(listed, list) and listed else None
        name = first.get("id") if isinstance(first, dict) else None
        if not isinstance(name, str) or not name or len(name) > _LONGEST_MESSAGE:
            code = f" (status {answered.status})" if answered.status and answered.status != 200 else ""
            raise NoAnswer(f"the server lists no model{code}; name one with --model")
        return name

    def ask(self, request: object) -> Answered:
        """
        Send a chat request, and return the answer.

        Raises:
            NoAnswer: no connection could be made.
        """
        answered = self._ask("POST", "/chat/completions", json.dumps(request).encode())
        if answered.status is None:
            return answered
        if answered.status >= 300:
            return Answered(answered.status, self._fault(answered.body))
        if isinstance(answered.body, dict) and isinstance(told := answered.body.get("error"), dict):
            code = told.get("code")  # a stream that begins with the fault
            is_status = isinstance(code, int) and 400 <= code <= 599
            return Answered(code if is_status else 400, self._fault(answered.body))
        return Answered(answered.status)  # what it answers is nobody's business

    def _ask(self, method: str, path: str, content: bytes | None) -> Answered:
        import httpx

        until = time.monotonic() + self._seconds
        try:
            with self._client.stream(method, self._base + path, content=content) as response:
                return Answered(response.status_code, _read(response, until))
        except httpx.ConnectError:
            raise NoAnswer("nothing answers at that address") from None
        except httpx.ConnectTimeout:
            raise NoAnswer(f"no connection was made in {self._seconds:g} s") from None
        except (httpx.HTTPError, httpx.InvalidURL, ValueError):
            return Answered(None)

    def _fault(self, body: Any) -> Any:
        """Return what an error says that is worth keeping: nothing that looks like a credential, and never the key."""
        from reqlint.display.credentials import mask

        held = body.get("error", body) if isinstance(body, dict) else None
        if not isinstance(held, dict):
            return None
        kept = {}
        for name in ("message", "type", "code", "param", "detail"):
            value = held.get(name)
            if isinstance(value, str) and not self._repeats_key(value):
                kept[name] = str(mask(value[:_LONGEST_MESSAGE]))
            elif isinstance(value, int):
                kept[name] = value  # type: ignore[assignment]  # a code may be a number
        return {"error": kept}

    def _repeats_key(self, text: str) -> bool:
        """Return whether a part of the key stands in *text*, as in an error that shows how it begins."""
        key = self._key or ""
        return any(key[at : at + _TELLING] in text for at in range(max(1, len(key) - _TELLING + 1)) if key)


def _read(response: "httpx.Response", until: float) -> Any:
    """Return the JSON of an answer, or of the first event of a stream; None if there is none."""
    pieces: list[bytes] = []
    size = 0
    for piece in response.iter_raw():
        pieces.append(piece)
        size += len(piece)
        is_stream = response.headers.get("content-type", "").startswith("text/event-stream")
        if size > MOST_BYTES or time.monotonic() > until or (is_stream and b"\n\n" in b"".join(pieces[-2:])):
            break
    if size > MOST_BYTES:
        return None
    text = b"".join(pieces).partition(b"\n\n")[0] if pieces[:1] and pieces[0].startswith(b"data:") else b"".join(pieces)
    try:
        return json.loads(text.removeprefix(b"data:"))
    except (ValueError, RecursionError):
        return None
