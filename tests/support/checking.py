"""What one check finds in one request, with facts that a test makes up."""

from typing import Any

from reqlint.checks import all_checks
from reqlint.core.findings import Hit


def hits(rule: str, request: dict[str, Any], **facts: object) -> list[Hit]:
    """Give the hits of a rule's check; the fact ``text-only`` is given as ``text_only``."""
    known = {name.replace("_", "-"): {"value": value} for name, value in facts.items()}
    return list(all_checks()[rule](request, known))
