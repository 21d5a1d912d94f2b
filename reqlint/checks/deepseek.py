"""What DeepSeek's chat asks of a request while the model thinks, and where a prefix may stand."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import is_any
from reqlint.core.findings import Hit, Part, Severity
from reqlint.dialects.vocabulary import Dialect


@check
def forced_call_while_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a tool_choice that forces a call, unless the model is told not to think."""
    choice, model = request["tool_choice"], request.get("model")
    is_forced = isinstance(choice, dict) or choice == "required"
    if is_forced and is_any(model, facts, "forced-call-refused-by") and not _is_told_not_to_think(request):
        yield Hit(("tool_choice",), facts={"model": model})


@check
def unreturned_reasoning(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find the assistant message before the last tool answers if it lacks its chain of thought, while the model thinks.

    Those before it since the user's last message are warnings, as accounts differ on how far back the server looks.
    """
    if not is_any(request.get("model"), facts, "thinks-unless-told-not-to") or _is_told_not_to_think(request):
        return
    turns = [*dialect.turns(request)]
    if not turns or turns[-1].role != "tool":
        return
    is_nearest = True
    for turn in reversed(turns):
        if turn.role == "user":
            return
        if turn.role == "assistant":
            if turn.value.get("reasoning_content") is None:
                yield Hit(turn.place, severity=None if is_nearest else Severity.WARNING)
            is_nearest = False


@check
def misplaced_prefix(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find prefix on every message but a last one of the assistant."""
    turns = [*dialect.turns(request)]
    for turn in turns:
        if turn.value.get("prefix") is True and (turn is not turns[-1] or turn.role != "assistant"):
            yield Hit((*turn.place, "prefix"), Part.KEY)


def _is_told_not_to_think(request: Request) -> bool:
    thinking = request.get("thinking")
    is_disabled = isinstance(thinking, dict) and thinking.get("type") == "disabled"
    return is_disabled or request.get("reasoning_effort") == "none"
