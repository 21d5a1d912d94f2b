"""What an error answer says, without the rest of its body: the words by which rules are looked up."""

import re
from collections.abc import Iterator, Mapping

from reqlint.text.embedded import read_embedded
from reqlint.text.flaws import UNREADABLE

_SAYS = frozenset(
    {
        "body", "code", "description", "detail", "details", "error", "errors", "field", "fieldViolations",
        "innererror", "loc", "message", "metadata", "msg", "param", "raw", "reason", "response", "status", "title",
        "type",
    }
)  # fmt: skip
"""Keys under which an error says what is wrong; others may quote the request."""

_MOST_TEXTS = 100
_DEEPEST = 12
_LONGEST = 20_000  # characters of a text that are looked at
_TAG = re.compile(r"\s*<(?:!doctype\s+html|html|head|body|\?xml)\b", re.IGNORECASE)


def words_in_error(text: str) -> str:
    """
    Return what an error answer says: the texts in a JSON body, one a line, or all of a *text* that is no JSON.

    Never raises: a body that is too deep or cut off is taken as text.
    """
    stripped = text.strip()
    if stripped[:1] in ("{", "["):
        value = read_embedded(stripped, ()).value
        if value is not UNREADABLE:
            return "\n".join(texts_in_error(value))
    return text[:_LONGEST]


def texts_in_error(value: object) -> list[str]:
    """Return the texts in the body of an error that say what is wrong."""
    return [text[:_LONGEST] for _, text in zip(range(_MOST_TEXTS), _texts(value, 0), strict=False)]


def _texts(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        if value.lstrip()[:1] in ("{", "[") and depth:  # what a router was answered, as text
            inner = read_embedded(value.strip(), ()).value
            if inner is not UNREADABLE:
                yield from _texts(inner, depth + 1)
                return
        yield value
    elif depth > _DEEPEST:
        return
    elif isinstance(value, Mapping):
        for key, member in value.items():
            if key in _SAYS:
                yield from _texts(member, depth + 1)
    elif isinstance(value, list):
        for item in value:
            yield from _texts(item, depth + 1)


def is_page(text: str) -> bool:
    """Return whether an answer is a page of HTML, as gateways send in place of the API's own error."""
    return _TAG.match(text) is not None
