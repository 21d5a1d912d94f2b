"""
Check LLM requests before they are sent.

``check``, ``is_valid`` and ``ensure_valid`` judge one request; ``Linter`` is built once and judges many.
"""

from typing import TYPE_CHECKING

from reqlint.core.errors import InvalidRequest, ReqlintError, UnknownProfile, UnknownRule

if TYPE_CHECKING:
    from reqlint.core.findings import Finding, Part, Region, Related, Report, Severity
    from reqlint.run.linter import Linter
    from reqlint.run.one_request import check, ensure_valid, is_valid

__version__ = "0.1.0"

__all__ = [
    "Finding",
    "InvalidRequest",
    "Linter",
    "Part",
    "Region",
    "Related",
    "Report",
    "ReqlintError",
    "Severity",
    "UnknownProfile",
    "UnknownRule",
    "__version__",
    "check",
    "ensure_valid",
    "is_valid",
]

_HOMES = {
    **dict.fromkeys(("Finding", "Part", "Region", "Related", "Report", "Severity"), "reqlint.core.findings"),
    **dict.fromkeys(("check", "ensure_valid", "is_valid"), "reqlint.run.one_request"),
    "Linter": "reqlint.run.linter",
}


def __getattr__(name: str) -> object:
    # NOTE: every command imports this package, and few need the engine: it is imported with the first name that does.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from importlib import import_module

    found: object = getattr(import_module(_HOMES[name]), name)
    globals()[name] = found
    return found
