"""The headers of a recorded request that change what its body may be."""

from collections.abc import Iterator, Mapping
from types import MappingProxyType

KEPT = frozenset({"anthropic-beta", "anthropic-version"})
"""Names of headers that say by which rules a body is read; all others, credentials among them, are not looked at."""

_KEYS = ("headers", "reqheaders", "requestHeaders")
NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def headers_in(*holders: object) -> Mapping[str, str]:
    """
    Return the headers in a recorded request or exchange, by names in small letters; only those of `KEPT`.

    Recorders keep an object of texts or of lists of texts; HAR has a list of objects with ``name`` and ``value``.
    """
    found = {
        name: value
        for holder in holders
        if isinstance(holder, Mapping)
        for key in _KEYS
        for name, value in _named(holder.get(key))
    }
    return found or NO_HEADERS


def _named(headers: object) -> Iterator[tuple[str, str]]:
    if isinstance(headers, Mapping):
        pairs = list(headers.items())
    elif isinstance(headers, list):
        pairs = [(each.get("name"), each.get("value")) for each in headers if isinstance(each, Mapping)]
    else:
        return
    for name, value in pairs:
        if isinstance(name, str) and name.lower() in KEPT:
            texts = [each for each in value if isinstance(each, str)] if isinstance(value, list) else [value]
            if texts and isinstance(texts[0], str):
                yield name.lower(), ",".join(texts)
