"""Whether the turns and ids of a conversation are those that Mistral's servers take."""

import re
from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import is_any
from reqlint.core.findings import Hit, Severity
from reqlint.dialects.vocabulary import Dialect, Turn

_MISPLACED = {"assistant": ("system",), "tool": ("system", "user")}
"""Roles that may not come right after one; a tool message that follows no call is the rule orphan-tool-result."""
_DOUBTFUL = ("tool", "user")
"""Refused until about December 2025, and let pass by the vendor's validators since."""
_is_short_id = re.compile(r"[a-zA-Z0-9]{9}\Z").match


@check
def role_out_of_order(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every message whose role may not follow that of the message before."""
    before: str | None = None
    for turn in dialect.turns(request):
        if before is not None and turn.role in _MISPLACED.get(before, ()):
            severity = Severity.WARNING if (before, turn.role) == _DOUBTFUL else None
            yield Hit(turn.role_place, facts={"role": turn.role, "after": before}, severity=severity)
        before = turn.role


@check
def unanswerable_last_message(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find a last message of the system, or of the assistant without prefix.

    The validators of newer models let one of the system pass, so that it is a warning.
    """
    last: Turn | None = None
    for turn in dialect.turns(request):
        last = turn
    if last is not None and (
        last.role == "system" or (last.role == "assistant" and last.value.get("prefix") is not True)
    ):
        severity = Severity.WARNING if last.role == "system" else None
        yield Hit(last.role_place, facts={"role": last.role}, severity=severity)


@check
def call_id_for_other_models(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every id of a call that is not nine letters and digits, when the model asks for that."""
    model = request.get("model")
    for turn in dialect.turns(request) if is_any(model, facts, "nine-character-ids") else ():
        for call in dialect.calls(turn):
            if call.id is not None and not _is_short_id(call.id):
                yield Hit(call.id_place, facts={"model": model})
