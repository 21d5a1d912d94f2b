"""A local server in place of an API: it answers every request as the API at its path would, and counts what arrives."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

ANSWER = {
    "id": "1", "object": "chat.completion", "created": 1, "model": "gpt-4.1",
    "choices": [{"index": 0, "finish_reason": "stop", "message": {"role": "assistant", "content": '{"word": "Hi"}'}}],
}  # fmt: skip
CHUNK = {
    "id": "1", "object": "chat.completion.chunk", "created": 1, "model": "gpt-4.1",
    "choices": [{"index": 0, "finish_reason": "stop", "delta": {"role": "assistant", "content": "Hi"}}],
}  # fmt: skip


MESSAGE = {
    "id": "msg_1", "type": "message", "role": "assistant", "model": "claude-sonnet-4-5", "stop_reason": "end_turn",
    "stop_sequence": None, "content": [{"type": "text", "text": "Hi"}],
    "usage": {"input_tokens": 1, "output_tokens": 1},
}  # fmt: skip
CONTENT = {
    "candidates": [{"content": {"role": "model", "parts": [{"text": "Hi"}]}, "finishReason": "STOP", "index": 0}],
    "modelVersion": "gemini-2.5-flash",
    "usageMetadata": {"promptTokenCount": 1, "candidatesTokenCount": 1, "totalTokenCount": 2},
}  # fmt: skip
RESPONSE = {
    "id": "resp_1", "object": "response", "created_at": 1, "model": "gpt-4.1", "status": "completed", "tools": [],
    "parallel_tool_calls": True, "tool_choice": "auto", "error": None, "incomplete_details": None, "instructions": None,
    "metadata": {}, "temperature": 1.0, "top_p": 1.0,
    "output": [{
        "id": "msg_1", "type": "message", "role": "assistant", "status": "completed",
        "content": [{"type": "output_text", "text": "Hi", "annotations": []}],
    }],
}  # fmt: skip
BATCH = {
    "id": "msgbatch_1", "type": "message_batch", "processing_status": "in_progress", "results_url": None,
    "created_at": "2026-11-28T00:00:00Z", "expires_at": "2026-11-29T00:00:00Z", "ended_at": None, "archived_at": None,
    "cancel_initiated_at": None,
    "request_counts": {"processing": 1, "succeeded": 0, "errored": 0, "canceled": 0, "expired": 0},
}  # fmt: skip
EVENTS: list[dict[str, Any]] = [
    {"type": "message_start", "message": {**MESSAGE, "content": [], "stop_reason": None}},
    {"type": "content_block_start", "index": 0, "content_block": {"type": "text", "text": ""}},
    {"type": "content_block_delta", "index": 0, "delta": {"type": "text_delta", "text": "Hi"}},
    {"type": "content_block_stop", "index": 0},
    {
        "type": "message_delta",
        "delta": {"stop_reason": "end_turn", "stop_sequence": None},
        "usage": {"output_tokens": 1},
    },
    {"type": "message_stop"},
]


def _answer(path: str, body: bytes) -> tuple[str, str]:
    """Return the media type and the text of an answer."""
    path = path.partition("?")[0]
    is_stream = b'"stream":true' in body or b'"stream": true' in body or path.endswith("streamGenerateContent")
    if not is_stream:
        by_path = {
            "/messages": MESSAGE, "/responses": RESPONSE, "/batches": BATCH, ":generateContent": CONTENT,
            "/count_tokens": {"input_tokens": 1},
        }  # fmt: skip
        value = next((value for end, value in by_path.items() if path.endswith(end)), ANSWER)
        return "application/json", json.dumps(value)
    if path.endswith("/messages"):
        events = [f"event: {event['type']}\ndata: {json.dumps(event)}\n\n" for event in EVENTS]
    elif path.endswith("/responses"):
        done = {"type": "response.completed", "sequence_number": 1, "response": RESPONSE}
        events = [f"event: response.completed\ndata: {json.dumps(done)}\n\n"]
    elif path.endswith("streamGenerateContent"):
        events = [f"data: {json.dumps(CONTENT)}\n\n"]
    else:
        events = [f"data: {json.dumps(CHUNK)}\n\n", "data: [DONE]\n\n"]
    return "text/event-stream", "".join(events)


class Server(ThreadingHTTPServer):
    """Answers every request, and records connections, paths and bodies."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Answering)
        self.connections = 0
        self.bodies: list[bytes] = []
        self.paths: list[str] = []
        self.busy = 0  #: how many requests to put off first, with a status that asks for another attempt

    @property
    def root(self) -> str:
        """The URL of the server, without a path."""
        return f"http://127.0.0.1:{self.server_port}"

    @property
    def url(self) -> str:
        """The URL below which OpenAI's clients find the endpoints."""
        return f"{self.root}/v1"

    def verify_request(self, *_: object) -> bool:
        """Count a connection."""
        self.connections += 1
        return True


class Answering(BaseHTTPRequestHandler):
    """What answers."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # or each answer waits 40 ms for its first part to be acknowledged
    server: Server

    def do_POST(self) -> None:
        """Answer in one piece, or with a stream when that is asked for."""
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.bodies.append(body)
        self.server.paths.append(self.path)
        kind, text = _answer(self.path, body)
        answer = text.encode()
        self.send_response(503 if self.server.busy else 200)
        self.server.busy = max(0, self.server.busy - 1)
        self.send_header("Content-Type", kind)
        self.send_header("Retry-After-Ms", "1")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_: object) -> None:
        """Write no log."""


@pytest.fixture
def server() -> Iterator[Server]:
    """Return a server that runs for one test."""
    with Server() as server:
        thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield server
        server.shutdown()
        thread.join()
