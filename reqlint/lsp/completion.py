"""Keys and words that the judging profile knows at the cursor."""

import re
from typing import Any

from reqlint.core.findings import Part
from reqlint.lsp.parameters import AtCursor, Parameter, at_cursor, documentation
from reqlint.lsp.workspace import Analysis
from reqlint.text.forms import Form
from reqlint.text.json.edits import write_json

_PROPERTY, _VALUE = 10, 12  # kinds of item
_DEPRECATED = 1  # tag
TRIGGERS = ('"', ":", ",", " ")
"""What an editor asks for completions after, besides letters."""
_PLAIN = re.compile(r"[A-Za-z_][A-Za-z0-9_.-]*\Z")
_NOT_PLAIN = frozenset({"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf"})


def completions(analysis: Analysis, offset: int) -> list[dict[str, Any]]:
    """Return the items to choose from at an *offset* of a document."""
    found = at_cursor(analysis, offset)
    if found is None:
        return []
    if found.cursor.part is Part.KEY:
        return [
            _key(analysis, found, parameter) for parameter in found.keys.values() if parameter.key not in found.present
        ]
    return _values(analysis, found)


def _key(analysis: Analysis, found: AtCursor, parameter: Parameter) -> dict[str, Any]:
    cursor = found.cursor
    written = _in_form(parameter.key, cursor.form)
    has_colon = re.match(r"\s*:", analysis.text[cursor.end :]) is not None
    made = _item(analysis, found, parameter.key, written + ("" if has_colon else ": "), written)
    made |= {
        "kind": _PROPERTY,
        "documentation": {"kind": "markdown", "value": documentation(parameter, found.judge)},
        "sortText": f"{2 if parameter.is_deprecated else 0 if parameter.is_required else 1}{parameter.key}",
    }
    if parameter.is_deprecated:
        made["tags"] = [_DEPRECATED]
    return made


def _values(analysis: Analysis, found: AtCursor) -> list[dict[str, Any]]:
    place = found.cursor.place
    parameter = Parameter(str(place[-1]), found.value)
    from_words = _words(parameter)
    items = []
    for number, word in enumerate(from_words):
        label = word if isinstance(word, str) else write_json(word)
        written = _in_form(word, found.cursor.form)
        made = _item(analysis, found, label, written, written)
        made |= {
            "kind": _VALUE,
            "documentation": {"kind": "markdown", "value": documentation(parameter, found.judge)},
            "sortText": f"{number:04}",
        }
        items.append(made)
    return items


def _words(parameter: Parameter) -> list[object]:
    from reqlint.knowledge.known_keys import types_in, words_in

    words = words_in(parameter.schemas)
    types = types_in(parameter.schemas)
    if not words and "boolean" in types:
        words = [True, False]
    return words


def _in_form(value: object, form: Form) -> str:
    """Return *value* as the document writes it: in YAML without quotes where every reader takes it for a string."""
    if form is Form.YAML and isinstance(value, str) and _PLAIN.match(value) and value.lower() not in _NOT_PLAIN:
        return value
    return write_json(value)


def _item(analysis: Analysis, found: AtCursor, label: str, new: str, filtered: str) -> dict[str, Any]:
    cursor = found.cursor
    span = analysis.positions.range_of(cursor.start, cursor.end)
    is_quoted = cursor.token.startswith(('"', "'"))
    return {
        "label": label,
        "detail": found.judge.profile.name,
        "filterText": filtered if is_quoted else label,
        "textEdit": {"range": span, "newText": new},
    }
