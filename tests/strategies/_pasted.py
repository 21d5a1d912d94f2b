"""Requests as people paste them: curl commands in every way of quoting, Python literals and calls, lines of logs."""

import json
import random
from typing import Any, NamedTuple

from tests.strategies._requests import request

URL = "https://api.openai.com/v1/chat/completions"


_SDK_ONLY = ("extra_body", "extra_headers", "extra_query", "timeout")


class PastedText(NamedTuple):
    """A text with one request in it, and how it was written."""

    name: str
    text: str
    request: Any
    body: str = ""  #: of a command: what it sends
    places: tuple[tuple[int, int], ...] = ()  #: of a command: the stretch that writes each character of the body


def pasted(rng: random.Random) -> PastedText:
    """Return a pasted text that is whole."""
    sent = json.loads(json.dumps(request(rng)))
    if not isinstance(sent, dict):
        sent = {"model": "gpt-4o", "messages": sent}
    kind = rng.choice(("curl", "curl", "curl", "python", "call", "log"))
    if kind == "curl":
        return curl(rng, sent)
    if kind == "python":
        return PastedText(rng.choice(("<stdin>", "a.txt", "a.py")), _assigned(rng, python(rng, sent)), sent)
    if kind == "call":
        sent = {key: value for key, value in sent.items() if key.isidentifier() and key not in _SDK_ONLY}
        members = ",\n    ".join(f"{key}={python(rng, value)}" for key, value in sent.items())
        return PastedText("a.py", f"client.chat.completions.create(\n    {members}\n)\n", sent)
    written = json.dumps(sent, ensure_ascii=False) if rng.random() < 0.5 else python(rng, sent, on_one_line=True)
    before = rng.choice(("2026-08-20 11:02:03 INFO request: ", "[debug] body=", "→ "))
    noise = "2026-08-20 11:02:02 INFO start {}\n" * rng.randint(0, 2)
    return PastedText(rng.choice(("app.log", "<stdin>")), f"{noise}{before}{written}\nno object here: {{x}}\n", sent)


def _assigned(rng: random.Random, written: str) -> str:
    return rng.choice(("", "# what was sent\n", "kwargs = ", "payload: dict = ")) + written + rng.choice(("", "\n"))


def curl(rng: random.Random, sent: Any) -> PastedText:
    """Return a command that sends a request, with the place of every character."""
    body = json.dumps(sent, ensure_ascii=rng.random() < 0.3, indent=rng.choice((None, None, 2)))
    head = rng.choice(("curl", "$ curl -s", "sudo curl", "curl -sS -X POST", "I'm getting a 400:\n\ncurl"))
    join = rng.choice((" ", " \\\n  ", " \\\r\n  "))
    flag = rng.choice(("-d", "--data", "--data-raw", "--data-binary", "--json"))
    parts = [head, rng.choice((URL, f"'{URL}'", f'--url "{URL}"')), "-H 'Content-Type: application/json'"]
    before = join.join(parts) + join
    style = rng.choice(("single", "double", "ansi", "heredoc", "quoted heredoc", "mixed"))
    if flag in ("-d", "--data") and "heredoc" in style:
        flag = "--data-binary"  # the others drop line ends
    if style in ("heredoc", "quoted heredoc"):
        if flag == "--data-raw":
            flag = "--json"
        delimiter = "EOF" if style == "heredoc" else "'EOF'"
        before += f"{flag} @- <<{delimiter} | jq .\n"
        writer = _Writer(before)
        for character in body + "\n":
            writer.write(f"\\{character}" if style == "heredoc" and character in "$`\\" else character)
        return PastedText("<stdin>", writer.text + "EOF\n", sent, body + "\n", tuple(writer.places))
    writer = _Writer(before + flag + " ")
    if style != "mixed":
        _quote(writer, body, style)
    else:
        at = 0
        while at < len(body):
            end = at + rng.randint(1, 40)
            _quote(writer, body[at:end], rng.choice(("single", "double", "ansi")))
            at = end
    return PastedText(rng.choice(("<stdin>", "a.sh", "a.md")), writer.text + "\n", sent, body, tuple(writer.places))


class _Writer:
    def __init__(self, text: str) -> None:
        self.text = text
        self.places: list[tuple[int, int]] = []

    def write(self, written: str) -> None:
        """Write one character of the body as *written*."""
        self.places.append((len(self.text), len(self.text) + len(written)))
        self.text += written


def _quote(writer: _Writer, body: str, style: str) -> None:
    writer.text += {"single": "'", "double": '"', "ansi": "$'"}[style]
    for character in body:
        if style == "single":
            if character == "'":
                writer.text += "'"
                writer.write("\\'")
                writer.text += "'"
            else:
                writer.write(character)
        elif style == "double":
            writer.write(f"\\{character}" if character in '"$`\\' else character)
        elif character in "\\'":
            writer.write(f"\\{character}")
        elif character == "\n":
            writer.write("\\n")
        elif not character.isascii() and ord(character) < 0x10000:
            writer.write(f"\\u{ord(character):04x}")
        else:
            writer.write(character)
    writer.text += '"' if style == "double" else "'"


def python(rng: random.Random, value: Any, *, on_one_line: bool = False) -> str:
    """Return *value* as Python writes it, or as people do."""
    if isinstance(value, dict):
        members = [
            f"{_string(rng, key)}: {python(rng, inner, on_one_line=on_one_line)}" for key, inner in value.items()
        ]
        return "{" + _listed(rng, members, on_one_line) + "}"
    if isinstance(value, list):
        items = [python(rng, inner, on_one_line=on_one_line) for inner in value]
        if items and rng.random() < 0.2:
            return "(" + ", ".join(items) + ",)"
        return "[" + _listed(rng, items, on_one_line) + "]"
    if isinstance(value, str):
        if value and not on_one_line and rng.random() < 0.1:
            middle = rng.randint(0, len(value))
            return f"({_string(rng, value[:middle])}\n {_string(rng, value[middle:])})"
        return _string(rng, value)
    return repr(value)


def _listed(rng: random.Random, parts: list[str], on_one_line: bool) -> str:
    if on_one_line or not parts or rng.random() < 0.6:
        return ", ".join(parts)
    comment = rng.choice(("", "  # as it was"))
    return "\n" + "".join(f"    {part},{comment}\n" for part in parts)


def _string(rng: random.Random, text: str) -> str:
    kind = rng.randrange(8)
    if kind == 0 and text.isprintable() and "\\" not in text and "'" not in text:
        return f"r'{text}'"
    if kind == 1:
        return "u" + repr(text)
    if kind == 2:
        return ascii(text)
    if kind == 3 and '"' not in text and text.isprintable() and "\\" not in text and text:
        return f'"""{text}"""'
    return repr(text)
