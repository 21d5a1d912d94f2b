"""
Serve the validators of mistral-common on this machine: each request is read and validated, and nothing is answered.

    python validate_mistral.py PORT

They are those of the newest generation of tokenizers, as for serving. It runs in an environment that has the library.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from mistral_common.exceptions import MistralCommonException
from mistral_common.protocol.instruct.request import ChatCompletionRequest
from mistral_common.protocol.instruct.validator import ValidationMode, get_validator
from mistral_common.tokens.tokenizers.base import TokenizerVersion
from pydantic import ValidationError

_VALIDATOR = get_validator(TokenizerVersion.v15, ValidationMode.serving)


def verdict(request: object) -> tuple[int, str, str]:
    """Return the status for *request*, what is said against it, and the place with dots."""
    try:
        _VALIDATOR.validate_request(ChatCompletionRequest.model_validate(request))
    except ValidationError as refused:
        first = refused.errors()[0]
        return 422, first["msg"], ".".join(map(str, first["loc"]))
    except (MistralCommonException, ValueError) as refused:
        return 400, str(refused), ""
    return 200, "", ""


class _Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        """Say that the validators are there."""
        self._answer(200, {})

    def do_POST(self) -> None:
        """Say whether a request is valid."""
        body = self.rfile.read(int(self.headers["content-length"]))
        status, message, place = verdict(json.loads(body))
        self._answer(status, {"error": {"message": message, "param": place or None}} if status >= 400 else {})

    def log_message(self, *_: object) -> None:
        """Write no line for a request."""

    def _answer(self, status: int, value: object) -> None:
        written = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)


if __name__ == "__main__":
    ThreadingHTTPServer(("127.0.0.1", int(sys.argv[1])), _Handler).serve_forever()
