"""Cassettes and HAR files, with the request inside a string that is written in one of several styles."""

# ruff: noqa: E501 - lists are easier to read in long lines

import json
from base64 import b64encode
from collections.abc import Iterable

from fuzz import examples
from fuzz.choices import Choices
from fuzz.laws import fixes_keep_the_rest, report_is_sound
from reqlint import Linter
from reqlint.containers.envelope import Kind
from reqlint.text.forms import Form
from reqlint.text.sources import Source

_LINTERS = (Linter("openai"), Linter("auto"))
_STYLES = (
    "as it is", "har", "cassette json", "double quotes", "single quotes", "literal", "folded", "indented", "base64", "inner json"
)  # fmt: skip


def run(data: bytes) -> None:
    """Judge a recording; the first bytes choose the style in which it holds the rest as a body."""
    choices = Choices(data)
    linter, style = choices.one_of(_LINTERS), choices.one_of(_STYLES)
    kind = choices.one_of((None, Kind.CASSETTE, Kind.HAR))
    body = choices.rest()
    name, text = _written(style, body)
    form = Form.JSON if name.endswith((".har", ".json")) else Form.YAML
    source = Source(name, None, text)
    report = linter.check_source(source, kind=kind)
    report_is_sound(report, source)
    fixes_keep_the_rest(report, source, form)


def _written(style: str, body: bytes) -> tuple[str, bytes]:
    """Return the name and the text of a file that holds *body* in the *style*."""
    text = body.decode("utf-8", "replace")
    request = {"method": "POST", "uri": "https://api.openai.com/v1/chat/completions", "body": text}
    if style == "as it is":
        return "fuzz.yaml", body
    if style == "har":
        sent = {"method": "POST", "url": request["uri"], "postData": {"mimeType": "application/json", "text": text}}
        return "fuzz.har", json.dumps({"log": {"entries": [{"request": sent, "response": {"status": 400}}]}}).encode()
    if style == "cassette json":
        return "fuzz.json", json.dumps({"interactions": [{"request": request}]}, ensure_ascii=False).encode()
    if style == "base64":
        request["body"] = {"base64_string": b64encode(body).decode()}  # type: ignore[assignment]  # as VCR for Ruby has it
        return "fuzz.json", json.dumps({"http_interactions": [{"request": request}]}).encode()
    if style == "inner json":
        request["body"] = {"encoding": "UTF-8", "string": text}  # type: ignore[assignment]  # as VCR for Ruby has it
        return "fuzz.json", json.dumps({"http_interactions": [{"request": request}]}, indent=1).encode()
    lines = text.replace("\n", "\n      ")
    written = {
        "double quotes": json.dumps(text, ensure_ascii=False).replace(" ", "\n        "),
        "single quotes": "'" + text.replace("'", "''").replace("\n", "\n\n      ") + "'",
        "literal": "|-\n      " + lines,
        "folded": ">\n      " + lines,
        "indented": "|2+\n     " + text.replace("\n", "\r\n     "),
    }[style]
    around = (
        "interactions:\n- request:\n    method: POST\n    uri: https://api.openai.com/v1/chat/completions\n    body: "
    )
    return "fuzz.yaml", f"{around}{written}\n  response:\n    status: {{code: 400, message: Bad Request}}\n".encode()


def seeds() -> Iterable[bytes]:
    """Yield recordings to start from, and how they are judged."""
    for text in examples.files(".yaml", ".har"):
        yield b"\0\0\0" + text
    for i, text in enumerate(examples.texts()):
        yield bytes([i % 2, 1 + i % (len(_STYLES) - 1), 0]) + text
