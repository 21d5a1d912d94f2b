"""Whether every tool call of a conversation is answered once, and every answer belongs to a call."""

from collections.abc import Iterator, Sequence
from json import JSONDecoder
from typing import Any, NamedTuple

from reqlint.checks import Facts, Request, check, proof
from reqlint.core.findings import Hit, Link

_read = JSONDecoder(parse_int=str).decode  # a number may have more digits than Python converts


class _Turn(NamedTuple):
    """A message of another role than tool, its tool calls, and the tool messages right after it."""

    position: int  #: index of the message; -1 for the tool messages at the start of a conversation
    calls: Sequence[tuple[int, str]]  #: (number in tool_calls, id)
    results: Sequence[tuple[int, str]]  #: (index of the message, tool_call_id)
    end: int  #: index of the message after the last result


@check
def orphan_tool_result(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find every tool message that follows no tool calls, or whose id is none of the calls before it."""
    messages = request["messages"]
    for turn in _turns(messages):
        for index, _ in () if turn.calls else turn.results:
            yield Hit(("messages", index, "role"), facts={"after": _described(messages, turn.position)})
        ids = [call_id for _, call_id in turn.calls]
        for index, _ in _strays(turn):
            calls = ("messages", turn.position, "tool_calls")
            links = tuple(Link((*calls, number, "id"), "a call before it") for number, _ in turn.calls[:3])
            yield Hit(("messages", index, "tool_call_id"), facts={"ids": ids[:5]}, related=links)


@check
def unanswered_tool_call(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find every message with tool calls that the tool messages right after it do not answer."""
    messages = request["messages"]
    for turn in _turns(messages):
        answered = {result_id for _, result_id in turn.results}
        # A tool message with a wrong id was meant for one of these calls, and has its own finding.
        missing = [call for call in turn.calls if call[1] not in answered][len(_strays(turn)) :]
        if missing:
            calls = ("messages", turn.position, "tool_calls")
            links = [Link((*calls, number, "id"), "has no answer") for number, _ in missing[:3]]
            if turn.end < len(messages):
                links.append(Link(("messages", turn.end), "this comes before the answer"))
            facts = {"calls": ", ".join(call_id for _, call_id in missing[:5])}
            yield Hit(("messages", turn.position), facts=facts, related=tuple(links))


@check
def duplicate_tool_result(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find every tool message for a call that the turn has already answered."""
    messages = request["messages"]
    for turn in _turns(messages):
        open_calls = [call_id for _, call_id in turn.calls]
        first: dict[str, int] = {}
        for index, result_id in turn.results:
            if result_id in open_calls:
                open_calls.remove(result_id)
            elif result_id in first:
                link = Link(("messages", first[result_id], "tool_call_id"), "first answered here")
                yield Hit(("messages", index, "tool_call_id"), facts={"call": result_id}, related=(link,))
            first.setdefault(result_id, index)


@check
def tool_arguments_not_json(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find the arguments of every call that are not JSON; an empty string is accepted."""
    messages = request["messages"]
    for index, message in enumerate(messages if isinstance(messages, list) else ()):
        calls = message.get("tool_calls") if isinstance(message, dict) else None
        for number, call in enumerate(calls if isinstance(calls, list) else ()):
            function = call.get("function") if isinstance(call, dict) else None
            arguments = function.get("arguments") if isinstance(function, dict) else None
            if isinstance(arguments, str) and arguments:  # models write an empty string for a call without arguments
                try:
                    _read(arguments)
                except ValueError:
                    yield Hit(("messages", index, "tool_calls", number, "function", "arguments"))
                except RecursionError:  # too deep to read; taken for JSON
                    continue


@proof
def paired_calls(request: Request) -> bool:
    """Return True when every call is answered once and nothing else is; False means that the checks have to run."""
    unanswered: set[str] = set()
    try:
        for message in request["messages"]:
            if message["role"] == "tool":
                unanswered.remove(message["tool_call_id"])
            elif unanswered:
                return False
            elif "tool_calls" in message and (calls := message["tool_calls"]):
                unanswered = {call["id"] for call in calls}
                if len(unanswered) != len(calls) or message["role"] != "assistant":
                    return False
    except (AttributeError, KeyError, TypeError):  # an unusual shape
        return False
    return not unanswered


def _turns(messages: Any) -> Iterator[_Turn]:
    messages = messages if isinstance(messages, list) else []
    start, calls, results = -1, list[tuple[int, str]](), list[tuple[int, str]]()
    for index, message in enumerate(messages):
        message = message if isinstance(message, dict) else {}
        if message.get("role") == "tool":
            result_id = message.get("tool_call_id")
            if isinstance(result_id, str):
                results.append((index, result_id))
            continue
        yield _Turn(start, calls, results, index)
        start, calls, results = index, _calls(message), []
    yield _Turn(start, calls, results, len(messages))


def _calls(message: dict[str, Any]) -> list[tuple[int, str]]:
    calls = message.get("tool_calls") if message.get("role") == "assistant" else None
    return [
        (number, call["id"])
        for number, call in enumerate(calls if isinstance(calls, list) else ())
        if isinstance(call, dict) and isinstance(call.get("id"), str)
    ]


def _strays(turn: _Turn) -> list[tuple[int, str]]:
    ids = {call_id for _, call_id in turn.calls}
    return [result for result in turn.results if result[1] not in ids] if ids else []


def _described(messages: Sequence[Any], index: int) -> str:
    role = messages[index].get("role") if index >= 0 and isinstance(messages[index], dict) else None
    known = isinstance(role, str) and role in ("system", "developer", "user", "assistant", "function")
    if index < 0:
        return "at the start of the conversation"
    return f"right after a message of role {role}" if known else "right after another message"
