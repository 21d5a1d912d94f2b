"""Whether the items of a Responses input fit together: their ids, their order, and what reasoning led to."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.openai_responses_proofs import ID_PREFIXES
from reqlint.dialects.vocabulary import Dialect, Turn

_ELSEWHERE = ("previous_response_id", "conversation", "prompt")
"""Parameters with which the server has something to answer that the request does not show."""


@check
def request_without_input(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a request without anything to answer; a warning where the server may have something."""
    moved = facts.get("moved-parameters", {}).get("value", {})
    if "input" not in request and not any(moved.get(key) == "input" for key in request):
        may_have = any(request.get(key) is not None for key in _ELSEWHERE)
        yield Hit((), severity=Severity.WARNING if may_have else None)


@check
def request_without_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a request that names no model, where no stored prompt may."""
    if "model" not in request and not request.get("prompt"):
        yield Hit(())


@check
def empty_input(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find an input that is an empty text or list, where nothing else is to be answered."""
    if not dialect.has_turns(request) and not any(request.get(key) for key in _ELSEWHERE):
        yield Hit(("input",))


@check
def stranded_reasoning(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every reasoning item of the server's that what it led to does not follow."""
    turns = list(dialect.turns(request))
    for turn, following in zip(turns, (*turns[1:], None), strict=False):
        item = turn.value
        if item.get("type") != "reasoning" or not item.get("id") or item.get("encrypted_content"):
            continue
        found = _follower(following)
        if found:
            words, severity = found
            severity = Severity.WARNING if any(request.get(key) for key in _ELSEWHERE[:2]) else severity
            links = (Link(following.place, "this follows"),) if following else ()
            yield Hit(turn.place, facts={"what": words}, related=links, severity=severity)


def _follower(turn: Turn | None) -> tuple[str, Severity | None] | None:
    """Return in words what follows where it cannot be what the reasoning led to; it only may be with a severity."""
    if turn is None:
        return "nothing", None
    kind = turn.value.get("type")
    if isinstance(kind, str) and kind.endswith("_output"):
        return "an output", None
    if kind not in (None, "message"):
        return None
    if turn.role == "user":
        return "a user message", None
    if turn.role in ("system", "developer"):
        return f"a {turn.role} message", Severity.WARNING
    if turn.role == "assistant" and not turn.value.get("id"):
        return "an assistant message without id", Severity.WARNING
    return None


@check
def item_id_of_another_type(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the id of every item that does not begin as the ids of its type do."""
    for turn in dialect.turns(request):
        kind, item_id = turn.value.get("type"), turn.value.get("id")
        kind = "message" if kind is None and turn.role else kind
        prefix = ID_PREFIXES.get(kind) if isinstance(kind, str) else None
        if prefix and isinstance(item_id, str) and not item_id.startswith(prefix):
            is_input = kind == "message" and turn.role != "assistant"  # reported for messages of the assistant
            severity = Severity.WARNING if is_input else None
            yield Hit((*turn.place, "id"), facts={"type": kind, "begins": prefix}, severity=severity)


@check
def duplicate_item_id(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the id of every item that an earlier one has."""
    first: dict[str, Place] = {}
    for turn in dialect.turns(request):
        item_id = turn.value.get("id")
        if isinstance(item_id, str) and item_id:
            place = (*turn.place, "id")
            if item_id in first:
                severity = Severity.WARNING if turn.value.get("type") == "item_reference" else None
                link = Link(first[item_id], "first used here")
                yield Hit(place, facts={"value": item_id}, related=(link,), severity=severity)
            first.setdefault(item_id, place)


@check
def unstored_reasoning(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every reasoning item that only its id stands for, where answers are not stored."""
    for turn in dialect.turns(request) if request["store"] is False else ():
        item = turn.value
        if item.get("type") == "reasoning" and item.get("id") and not item.get("encrypted_content"):
            yield Hit((*turn.place, "id"))


@check
def early_compaction_trigger(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every compaction_trigger that another item follows."""
    turns = list(dialect.turns(request))
    for turn in turns[:-1]:
        if turn.value.get("type") == "compaction_trigger":
            yield Hit(turn.place)


# ------------------------------------------------------------------------------------------- forms of other wire shapes

_PARTS_OF_USER = {
    "text": "input_text",
    "image_url": "input_image",
    "image": "input_image",
    "file": "input_file",
    "document": "input_file",
    "tool_result": "an item function_call_output",
    "tool_use": "an item function_call",
}
_PARTS_OF_MODEL = {
    "text": "output_text",
    "tool_use": "an item function_call",
    "tool_result": "an item function_call_output",
    "thinking": "an item reasoning",
    "redacted_thinking": "an item reasoning",
}


def _expected_part(turn: Turn, kind: str, own: Sequence[str]) -> str | None:
    """Return what a content part of another wire shape is here; None for one of this shape, or of none known."""
    if kind in own:
        return None
    return (_PARTS_OF_MODEL if turn.role == "assistant" else _PARTS_OF_USER).get(kind)


@check
def chat_part_in_responses(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of every content part that Chat Completions or Anthropic's API has and this one names otherwise."""
    for part in dialect.parts(request):
        kind = part.value.get("type")
        expected = _expected_part(part.turn, kind, _OWN_PARTS) if isinstance(kind, str) else None
        if expected:
            yield Hit((*part.place, "type"), facts={"type": kind, "replacement": expected})


_OWN_PARTS = ("input_text", "input_image", "input_file", "input_audio", "output_text", "refusal")


@check
def part_of_other_speaker(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of every text part that is named as if the other side had said it."""
    for part in dialect.parts(request):
        kind, is_model = part.value.get("type"), part.turn.role == "assistant"
        if is_model and part.place[2] == "content" and kind == "input_text":
            yield Hit((*part.place, "type"), facts={"type": kind, "role": "assistant", "replacement": "output_text"})
        elif not is_model and kind == "output_text" and part.turn.value.get("type") in (None, "message", *_RESULTS):
            who = part.turn.role or "tool"
            yield Hit((*part.place, "type"), facts={"type": kind, "role": who, "replacement": "input_text"})


_RESULTS = ("function_call_output", "custom_tool_call_output")


@check
def chat_tool_message_in_responses(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the role of every message that is a tool's answer in the form of Chat Completions."""
    for turn in dialect.turns(request):
        if turn.role in ("tool", "function") and turn.value.get("type") in (None, "message"):
            yield Hit(turn.role_place, facts={"role": turn.role})


@check
def chat_calls_in_responses(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the calls inside of every message, as Chat Completions has them."""
    for turn in dialect.turns(request):
        for key in facts.get("moved-message-members", {}).get("value", ()):
            if turn.value.get("type") in (None, "message") and turn.value.get(key):
                yield Hit((*turn.place, key), Part.KEY, {"name": key})


@check
def anthropic_cache_mark(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every cache_control in messages, content parts and tools."""
    owners: list[tuple[Place, Mapping[str, Any]]] = [(turn.place, turn.value) for turn in dialect.turns(request)]
    owners += [(part.place, part.value) for part in dialect.parts(request)]
    owners += [(tool.place, tool.value) for tool in dialect.tools(request)]
    for place, owner in owners:
        if "cache_control" in owner:
            yield Hit((*place, "cache_control"), Part.KEY)
