"""Run one check on one request, with facts that a test makes up."""

from typing import Any

from reqlint.checks import all_checks
from reqlint.core.findings import Hit
from reqlint.dialects.openai_chat import OPENAI_CHAT


def hits(rule: str, request: dict[str, Any], **facts: object) -> list[Hit]:
    """Return the hits of the check of *rule*; the fact ``text-only`` is passed as ``text_only``."""
    by_name = {name.replace("_", "-"): {"value": value} for name, value in facts.items()}
    return list(all_checks()[rule](request, by_name, OPENAI_CHAT))
