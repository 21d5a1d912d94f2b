"""The headers of a request that change what its body may be."""

from collections.abc import Iterable, Mapping
from types import MappingProxyType

KEPT = frozenset({"anthropic-beta", "anthropic-version"})
"""Names of headers that say by which rules a body is read; all others, credentials among them, are not looked at."""

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


def kept_headers(headers: Iterable[tuple[object, object]]) -> Mapping[str, str]:
    """Return the headers of `KEPT`, by their names in small letters; of several of one name, the last."""
    found = {
        name.lower(): value
        for name, value in headers
        if isinstance(name, str) and isinstance(value, str) and name.lower() in KEPT
    }
    return found or NO_HEADERS
