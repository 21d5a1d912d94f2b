"""Which name replaces the name of a function that the API refuses."""

import re

_FORBIDDEN = re.compile(r"[^A-Za-z0-9_-]+")
_LONGEST = 64


def allowed_name(name: str) -> str | None:
    """Return the allowed form of *name*; None if nothing is left of it."""
    new = _FORBIDDEN.sub("_", name)[:_LONGEST]
    return new if new.strip("_-") else None
