"""What a Responses request has that belongs to another API, or that two of its parameters say differently."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit, Link, Part
from reqlint.dialects.vocabulary import Dialect


@check
def chat_parameter(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every parameter of Chat Completions that this API has under another name, or inside of another parameter."""
    moved = facts.get("moved-parameters", {}).get("value", {})
    for key in moved:
        if key in request:
            yield Hit((key,), Part.KEY, {"name": key, "replacement": moved[key]})


@check
def two_conversations(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find an earlier answer that is to be continued beside a stored conversation."""
    if request["previous_response_id"] and request.get("conversation"):
        yield Hit(("previous_response_id",), Part.KEY, related=(Link(("conversation",), "the other", Part.KEY),))


@check
def forced_choice_without_tools(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a choice that forces a call where there is no tool."""
    choice = request["tool_choice"]
    is_forced = choice == "required" or (isinstance(choice, dict) and choice.get("type") != "allowed_tools")
    if is_forced and not request.get("tools") and not request.get("prompt"):
        has_others = any("tools" in turn.value for turn in dialect.turns(request))
        if not has_others:
            yield Hit(("tool_choice",))
