"""Where a request names its functions, and which name replaces one that the API refuses."""

import re
from collections.abc import Mapping

from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 64


def allowed_name(name: str, request: object, dialect: Dialect) -> str | None:
    """Return the allowed form of *name*; None if nothing is left of it, or if the request already uses that name."""
    new = _FORBIDDEN.sub("_", name)[:_LONGEST]
    taken = isinstance(request, Mapping) and any(other == new for _, other in dialect.names(request))
    return None if taken or not new.strip("_-") else new


def places_of_name(name: str, request: object, dialect: Dialect) -> list[Place]:
    """Return every place in the request at which the function *name* is named."""
    return [place for place, other in dialect.names(request) if other == name] if isinstance(request, Mapping) else []
