"""
The tools that a running MCP server lists. Nothing else in reqlint starts a program, and it is one that the user names.

The package `mcp` leads the conversation: `initialize`, then `tools/list` page by page. What passes between it and the
server is bounded here, and the lists are kept as they were sent: the package would refuse a list for one tool that is
malformed, which is what reqlint looks for.
"""

import json
import logging
import os
import shlex
import signal
import subprocess
import sys
from contextlib import suppress
from typing import Any, NamedTuple

import click

MOST_BYTES = 32_000_000
"""What a server may send; real lists have less than one million."""
MOST_PAGES = 1_000
_GRACE = 2.0  # seconds to end by itself once its input is closed, and again once it is told to
_POLL = 0.01
_PIECE = 65_536
_LONGEST_NAME = 200
_NOT_MCP = "answered something that is not MCP"


class ServerFailed(Exception):
    """A server did not list its tools; the message says why, in a sentence without a word of the server's."""


class ListedTools(NamedTuple):
    """What a server listed."""

    server: str  #: its own name
    text: bytes  #: JSON, ``{"tools": […]}``, each tool as the server wrote it


def words_of(command: str) -> list[str]:
    """
    Return the words of a command, as a shell splits them; none is run.

    Raises:
        click.UsageError: it has none, or a quotation does not end.
    """
    try:
        words = shlex.split(command, posix=os.name != "nt")
    except ValueError as failed:
        raise click.UsageError(f"--mcp-stdio cannot be split into words: {str(failed).lower()}") from None
    if not words or not words[0]:
        raise click.UsageError("--mcp-stdio names no command")
    return words


def need_mcp() -> None:
    """
    Import the package that speaks with servers.

    Raises:
        click.UsageError: it is not installed.
    """
    try:
        import mcp  # noqa: F401
    except ImportError:
        raise click.UsageError('--mcp-stdio needs the package mcp: in the checkout, pip install ".[mcp]"') from None


def listed_tools(words: list[str], seconds: float) -> ListedTools:
    """
    Start a server, ask for its tools, and stop it, with all that it started in its session.

    Raises:
        ServerFailed: it did not list them in that time, or as it should.
    """
    import anyio

    for name in ("mcp", "asyncio", "client"):  # they would print what the server sent
        logger = logging.getLogger(name)
        logger.addHandler(logging.NullHandler())
        logger.propagate = False
    heard = _FromServer()
    try:
        listed: ListedTools = anyio.run(_ask, words, seconds, heard)
        return listed
    finally:
        if heard.pid is not None:
            _signal(heard.pid, "SIGKILL")


class _FromServer:
    """What came from a server so far."""

    def __init__(self) -> None:
        self.pid: int | None = None
        self.size = 0
        self.understood = 0  # messages
        self.is_garbled = False  # something came that is no message
        self.is_endless = False  # there is always another page
        self.is_over = False  # nothing more will come
        self.asked: object = None  # the id of the request for tools that is open
        self.server = ""
        self.cursor: object = None
        self.lists: list[str] = []  # the items of each page, as they were written

    def read(self, line: bytes) -> Any:
        """Return the message of a line; None if it has none. Lists of tools are kept here and left out of it."""
        try:
            text = line.decode()
            message = json.loads(text)
        except (ValueError, RecursionError):
            self.is_garbled = True
            return None
        result = message.get("result") if isinstance(message, dict) else None
        if isinstance(result, dict):
            about = result.get("serverInfo")
            if not self.server and isinstance(about, dict) and isinstance(about.get("name"), str):
                self.server = about["name"][:_LONGEST_NAME]
            if self.asked is not None and message.get("id") == self.asked and isinstance(result.get("tools"), list):
                self.asked = None
                self.keep(text)
                self.cursor = result.get("nextCursor")
                message["result"] = {**result, "tools": []}
        return message

    def keep(self, text: str) -> None:
        """Keep the items of the page in a message."""
        from reqlint.text.json.spans import locate

        place = ("result", "tools")
        start, end = locate(text, 0, [place])[place][1]
        items = text[start + 1 : end - 1].strip()
        if items:
            self.lists.append(items)


async def _ask(words: list[str], seconds: float, heard: _FromServer) -> ListedTools:
    import anyio

    try:
        process = await anyio.open_process(
            words,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # so that it can be ended with all that it starts
        )
    except (OSError, ValueError) as failed:
        why = (getattr(failed, "strerror", None) or "its command cannot be used").lower()
        raise ServerFailed(f"the server could not be started: {why}") from None
    heard.pid = process.pid
    failed_with: Exception | None = None
    is_done = False
    try:
        with anyio.move_on_after(seconds) as limit:
            try:
                await _converse(process, heard)
                is_done = not heard.is_endless
            except Exception as failed:  # of the package, of whatever kind: what was heard says what was wrong
                failed_with = failed
    finally:
        with anyio.CancelScope(shield=True):
            code = await _stop(process, wait=not limit.cancelled_caught)
    if is_done:
        from reqlint.text.json.layout import laid_out

        listed = ",".join(heard.lists)
        return ListedTools(heard.server, laid_out(f'{{"tools": [{listed}]}}').encode())
    raise ServerFailed(f"the server {_why(heard, failed_with, code, None if failed_with else seconds)}")


async def _converse(process: Any, heard: _FromServer) -> None:
    """Ask for all tools; pass messages between the package and the server meanwhile."""
    import anyio
    from mcp import ClientSession
    from mcp.shared.message import SessionMessage
    from mcp.types import Implementation, JSONRPCMessage, PaginatedRequestParams
    from pydantic import TypeAdapter

    from reqlint import __version__

    adapter: Any = TypeAdapter(JSONRPCMessage)
    to_session, from_server = anyio.create_memory_object_stream[Any](0)
    to_server, from_session = anyio.create_memory_object_stream[Any](0)

    async def listen() -> None:
        async with to_session:
            async for line in _lines(process.stdout, heard):
                message = heard.read(line)
                if message is None:
                    continue
                try:
                    understood = SessionMessage(adapter.validate_python(message))
                except ValueError:
                    heard.is_garbled = True
                    continue
                heard.understood += 1
                await to_session.send(understood)

    async def speak() -> None:
        async with from_session:
            async for sent in from_session:
                message = sent.message.model_dump(mode="json", by_alias=True, exclude_unset=True)
                if message.get("method") == "tools/list":
                    heard.asked = message.get("id")
                await process.stdin.send(json.dumps(message).encode() + b"\n")

    async def quietly(talk: Any) -> None:
        with suppress(anyio.BrokenResourceError, anyio.ClosedResourceError, anyio.EndOfStream, OSError):
            await talk()

    async with anyio.create_task_group() as tasks:
        tasks.start_soon(quietly, listen)
        tasks.start_soon(quietly, speak)
        about = Implementation(name="reqlint", version=__version__)
        async with ClientSession(from_server, to_server, client_info=about) as session:
            await session.initialize()
            cursor: Any = None
            for _ in range(MOST_PAGES):
                await session.list_tools(params=PaginatedRequestParams(cursor=cursor) if cursor else None)
                cursor = heard.cursor
                if not cursor:
                    break
            else:
                heard.is_endless = True
        tasks.cancel_scope.cancel()


async def _lines(stdout: Any, heard: _FromServer) -> Any:
    """Yield the lines that a server writes, until it ends or has sent more than it may."""
    import anyio

    pieces: list[bytes] = []
    while heard.size <= MOST_BYTES:
        try:
            piece = await stdout.receive(_PIECE)
        except (anyio.EndOfStream, anyio.ClosedResourceError, anyio.BrokenResourceError):
            break
        heard.size += len(piece)
        first, *others = piece.split(b"\n")
        pieces.append(first)
        for other in others:
            line = b"".join(pieces)
            pieces = [other]
            if line.strip():
                yield line
    if b"".join(pieces).strip():
        heard.is_garbled = True  # a line without an end
    heard.is_over = True


async def _stop(process: Any, *, wait: bool) -> int | None:
    """End a server, and return the exit code that it chose; None if it had to be told."""
    import anyio

    async def has_ended(seconds: float) -> bool:
        # Not process.wait(): that waits for the pipes, too, which a program that it left behind may hold.
        with anyio.move_on_after(seconds):
            while process.returncode is None:
                await anyio.sleep(_POLL)
        return process.returncode is not None

    with suppress(OSError, anyio.BrokenResourceError, anyio.ClosedResourceError):
        await process.stdin.aclose()
    code = process.returncode if await has_ended(_GRACE if wait else 0) else None
    if code is None:
        _signal(process.pid, "SIGTERM")
        await has_ended(_GRACE)
    _signal(process.pid, "SIGKILL")
    await has_ended(_GRACE)
    # What is unread keeps the pipe open, and nothing public closes it: it would be told of when the loop is gone.
    close = getattr(getattr(getattr(process, "_process", None), "_transport", None), "close", None)
    if close is not None:
        with suppress(OSError):
            close()
    await anyio.sleep(_POLL)
    return code


def _signal(pid: int, name: str) -> None:
    """Send a signal to a server and all that it started in its session."""
    number = getattr(signal, name, signal.SIGTERM)
    with suppress(OSError):
        if sys.platform == "win32":
            os.kill(pid, number)
        else:
            os.killpg(pid, number)


def _why(heard: _FromServer, failed: Exception | None, code: int | None, seconds: float | None) -> str:
    """Return what a server did instead of listing its tools."""
    if heard.size > MOST_BYTES:
        return f"sent more than {MOST_BYTES:,} bytes"
    if heard.is_garbled and not heard.understood:
        return _NOT_MCP
    if heard.is_endless:
        return f"named a next page of tools {MOST_PAGES:,} times"
    if seconds is not None:
        return f"did not list its tools in {seconds:g} s"
    if heard.is_over and code is not None:
        ended = f"ended with code {code}" if code >= 0 else f"was ended by signal {-code}"
        return f"{ended} before it listed its tools"
    if heard.is_over:
        return "closed its output before it listed its tools"
    answered = _error_code(failed)
    return _NOT_MCP if answered is None else f"answered with error {answered}"


def _error_code(failed: BaseException | None) -> int | None:
    """Return the code of the error that a server answered with; it may be in a group of exceptions."""
    if isinstance(failed, BaseExceptionGroup):
        return next((code for each in failed.exceptions if (code := _error_code(each)) is not None), None)
    code = getattr(getattr(failed, "error", None), "code", None)
    return code if isinstance(code, int) else None
