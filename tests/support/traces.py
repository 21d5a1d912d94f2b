"""Traces as Go's httprr writes them."""

import json
from typing import Any

Answer = tuple[int, Any] | tuple[int, Any, bytes]


def http(
    method: str, target: str, body: Any, *, host: str = "h.example", ascii_only: bool = True, **headers: str
) -> bytes:
    """Return a request as it goes over the wire."""
    written = json.dumps(body, ensure_ascii=ascii_only).encode()
    lines = [f"{method} {target} HTTP/1.1", f"Host: {host}", f"Content-Length: {len(written)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + written


def trace(*exchanges: tuple[bytes, Answer]) -> bytes:
    """Return a trace of requests and their answers: a status, what was said, and bytes that are not text after it."""
    written = b"httprr trace v1\n"
    for request, (status, said, *noise) in exchanges:
        body = json.dumps(said).encode() + b"".join(noise)
        answer = f"HTTP/2.0 {status} X\r\nContent-Length: {len(body)}\r\n\r\n".encode() + body
        written += b"%d %d\n" % (len(request), len(answer)) + request + answer
    return written
