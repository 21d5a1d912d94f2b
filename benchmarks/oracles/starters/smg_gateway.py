"""
Run the smg gateway in front of a worker that answers everything, until it is ended.

    python smg_gateway.py PORT

Its own checks of a request come before it asks a worker, so what is refused is refused by it.
"""

import json
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

HOST = "127.0.0.1"
NAME = "tiny"
_ABOUT = {"object": "list", "data": [{"id": NAME, "object": "model", "owned_by": "vllm", "max_model_len": 131072}]}
_CHOICE = {"index": 0, "message": {"role": "assistant", "content": "ok"}, "finish_reason": "stop"}
_USED = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
_ANSWER = {
    "id": "a",
    "object": "chat.completion",
    "created": 0,
    "model": NAME,
    "choices": [_CHOICE],
    "usage": _USED,
}


class Worker(BaseHTTPRequestHandler):
    """A worker to which every request is right."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        """Say which model there is, and that all is well."""
        self._say("application/json", json.dumps(_ABOUT if self.path.startswith("/v1/models") else {"status": "ok"}))

    def do_POST(self) -> None:
        """Answer a request, as a stream if it wants one."""
        asked = json.loads(self.rfile.read(int(self.headers.get("content-length") or 0)) or "{}")
        if asked.get("stream"):
            self._say("text/event-stream", "data: [DONE]\n\n")
        else:
            self._say("application/json", json.dumps(_ANSWER))

    def log_message(self, format: str, *_: object) -> None:  # noqa: A002 - named by its base
        """Write no line for each request."""

    def _say(self, kind: str, text: str) -> None:
        body = text.encode()
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def free_port() -> int:
    """Return a port of this machine that nothing listens on."""
    with ThreadingHTTPServer((HOST, 0), Worker) as probe:
        return probe.server_port


def main(port: int) -> int:
    """Serve on *port* of this machine alone, and return the gateway's exit code."""
    worker = ThreadingHTTPServer((HOST, 0), Worker)
    threading.Thread(target=worker.serve_forever, daemon=True).start()
    address = f"http://{HOST}:{worker.server_port}"
    options = {
        "--host": HOST, "--port": str(port), "--worker-urls": address, "--backend": "vllm",
        "--prometheus-host": HOST, "--prometheus-port": str(free_port()), "--log-level": "error",
    }  # fmt: skip
    named = [word for option in options.items() for word in option]
    gateway = Path(sys.executable).with_name("smg")
    return subprocess.call([str(gateway), "launch", *named, "--disable-health-check"])


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1])))
