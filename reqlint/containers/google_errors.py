"""
The code and the place in an error object of Google's APIs, which has neither under a key of its own.

``{"code": 400, "message": …, "status": "INVALID_ARGUMENT", "details": [{"fieldViolations": [{"field": …}]}]}``
"""

import re
from collections.abc import Iterator, Mapping

_NAMED = re.compile(r"(?:\* )?GenerateContentRequest\.([A-Za-z0-9_.\[\]]{1,200}?): ")
_AT = re.compile(r" at '([A-Za-z0-9_.\[\]]{1,200})'")


def google_code(error: Mapping[str, object]) -> str | None:
    """Return the status of an error in words, which says more than its code, the HTTP status once more."""
    status = error.get("status")
    return status if isinstance(status, str) and isinstance(error.get("code"), int) else None


def google_place(error: Mapping[str, object]) -> str | None:
    """Return the first field that an error names in its details or its message: ``contents[0].parts``."""
    if google_code(error) is None:
        return None
    for field in _fields(error.get("details")):
        return field.removeprefix("GenerateContentRequest.")
    message = error.get("message")
    found = (_NAMED.match(message) or _AT.search(message)) if isinstance(message, str) else None
    return found[1] if found else None


def _fields(details: object) -> Iterator[str]:
    for detail in details if isinstance(details, list) else ():
        violations = detail.get("fieldViolations") if isinstance(detail, Mapping) else None
        for violation in violations if isinstance(violations, list) else ():
            if isinstance(violation, Mapping) and isinstance(field := violation.get("field"), str) and field:
                yield field
