"""JSON text laid out anew, each string and number as it was written."""

import re

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.S)
_STEP = "  "


def laid_out(text: str) -> str:
    """Return a JSON text with each member and item on a line of its own; its tokens stay as they are."""
    parts: list[str] = []
    level = 0
    before = ""
    for found in _TOKEN.finditer(text):
        token = found[0]
        if token in ("}", "]"):
            level -= 1
            parts.append(token if before in ("{", "[") else f"\n{_STEP * level}{token}")
        elif token == ":":
            parts.append(": ")
        elif token == ",":
            parts.append(",\n" + _STEP * level)
        else:
            parts.append(f"\n{_STEP * level}{token}" if before in ("{", "[") else token)
            level += token in ("{", "[")
        before = token
    return "".join(parts)
