"""JSON text laid out anew, each string and number as it was written."""

import re

_TOKEN = re.compile(r'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\],:]|[^\s{}\[\],:"]+', re.S)
_STEP = "  "


def laid_out(text: str) -> str:
    """Return a JSON text with each member and item on a line of its own; its words stay as they are."""
    parts: list[str] = []
    level = 0
    before = ""
    for found in _TOKEN.finditer(text):
        each = found[0]
        if each in ("}", "]"):
            level -= 1
            parts.append(each if before in ("{", "[") else f"\n{_STEP * level}{each}")
        elif each == ":":
            parts.append(": ")
        elif each == ",":
            parts.append(",\n" + _STEP * level)
        else:
            parts.append(f"\n{_STEP * level}{each}" if before in ("{", "[") else each)
            level += each in ("{", "[")
        before = each
    return "".join(parts)
