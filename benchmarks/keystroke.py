"""
How long does an editor wait for its diagnostics, from a key stroke on.

The whole of it: the message with the new text to `reqlint lsp`, its moment of waiting for another key, judging, and
the message with the diagnostics.
"""

import json
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import IO, Any

from benchmarks.answers import Answer, Options, Table, duration

_URI = "file:///benchmark/request.json"
_SIZES = ((5_000, 5), (50_000, 100), (150_000, 500))
"""Bytes of the document, and how many findings it has."""


def ask(options: Options) -> Answer:
    """Type into documents of several sizes."""
    keys = 5 if options.quick else 15 * options.rounds
    rows = []
    for size, findings in _SIZES[: 1 if options.quick else None]:
        for half_typed in (False, True):
            times, shown = _type(_document(size, findings), keys, half_typed=half_typed)
            state = "half typed" if half_typed else "complete"
            rows.append([f"{size:,}", state, f"{shown:,}", duration(median(times)), duration(max(times))])
    head = ["bytes", "text", "diagnostics", "median", "worst"]
    caption = f"{keys} key strokes in each document, one after the other; other words are typed with each."
    return Answer([Table(caption, head, rows)], [_NOTE])


_NOTE = (
    "A request of the `openai` profile with as many messages as findings, each with a key that the API does not have. "
    "The half-typed text lacks a value in its last message. 10 ms of each time are the wait for a further key stroke."
)


def _document(size: int, findings: int) -> dict[str, Any]:
    words = max(1, (size // findings - 80) // 6)
    messages = [
        {"role": "user", "content": " ".join(f"w{n}x{word}" for word in range(words)), f"extra_{n}": n}
        for n in range(findings)
    ]
    return {"model": "gpt-4o", "messages": messages}


def _type(document: dict[str, Any], keys: int, *, half_typed: bool) -> tuple[list[float], int]:
    """Return how long each key stroke took, and how many diagnostics came for the last one."""
    command = [sys.executable, "-m", "reqlint", "lsp", "--isolated", "-p", "openai"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[1]
    ) as server:  # fmt: skip
        assert server.stdin is not None
        assert server.stdout is not None
        _send(server.stdin, "initialize", {"capabilities": {}, "processId": None, "rootUri": None}, number=1)
        while "result" not in _receive(server.stdout):
            pass
        _send(server.stdin, "initialized", {})
        item = {"uri": _URI, "languageId": "json", "version": 0, "text": json.dumps(document, indent=1)}
        _send(server.stdin, "textDocument/didOpen", {"textDocument": item})
        _wait(server.stdout, 0)
        times, shown = [], 0
        for version in range(1, keys + 1):
            document["messages"][-1]["content"] = f"typed {version * 7919}"
            text = json.dumps(document, indent=1)
            text = text[: text.rindex(":") + 1] if half_typed else text
            change = {"textDocument": {"uri": _URI, "version": version}, "contentChanges": [{"text": text}]}
            began = perf_counter()
            _send(server.stdin, "textDocument/didChange", change)
            shown = _wait(server.stdout, version)
            times.append(perf_counter() - began)
        server.stdin.close()
        server.wait()
    return times, shown


def _send(out: IO[bytes], method: str, params: Mapping[str, Any], number: int | None = None) -> None:
    message = {"jsonrpc": "2.0", "method": method, "params": params, **({} if number is None else {"id": number})}
    body = json.dumps(message).encode()
    out.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
    out.flush()


def _receive(source: IO[bytes]) -> dict[str, Any]:
    length = 0
    while line := source.readline().strip():
        if line.lower().startswith(b"content-length:"):
            length = int(line.split(b":")[1])
    message: dict[str, Any] = json.loads(source.read(length))
    return message


def _wait(source: IO[bytes], version: int) -> int:
    """Wait for the diagnostics of a version; return how many there are."""
    while True:
        params = _receive(source).get("params") or {}
        if params.get("version") == version and "diagnostics" in params:
            return len(params["diagnostics"])
