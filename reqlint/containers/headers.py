"""Where recordings keep the headers of a request."""

from collections.abc import Iterator, Mapping

from reqlint.core.headers import kept_headers

_KEYS = ("headers", "reqheaders", "requestHeaders")


def headers_in(*holders: object) -> Mapping[str, str]:
    """
    Return the headers in a recorded request or exchange that change what its body may be.

    Recorders keep an object of texts or of lists of texts; HAR has a list of objects with ``name`` and ``value``.
    """
    objects = (holder for holder in holders if isinstance(holder, Mapping))
    return kept_headers(pair for each in objects for key in _KEYS for pair in _pairs(each.get(key)))


def _pairs(headers: object) -> Iterator[tuple[object, object]]:
    if isinstance(headers, Mapping):
        for name, value in headers.items():
            is_list = isinstance(value, list) and all(isinstance(each, str) for each in value)
            yield name, ",".join(value) if is_list else value
    elif isinstance(headers, list):
        yield from ((each.get("name"), each.get("value")) for each in headers if isinstance(each, Mapping))
