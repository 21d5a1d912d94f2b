"""Whether every tool call of a conversation is answered once, and every answer belongs to a call."""

from collections.abc import Iterator, Sequence
from json import JSONDecoder
from typing import NamedTuple

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit, Link
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect, Round, ToolCall, ToolResult

_read = JSONDecoder(parse_int=str).decode  # a number may have more digits than Python converts
_KNOWN_ROLES = ("system", "developer", "user", "assistant", "function")


@check
def orphan_tool_result(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every result that does not come right after its call, or that answers no call."""
    for each in _matched(request, dialect):
        for result, call in each.late:
            link = Link(call.id_place, "the call that it answers")
            facts_of_late = {"call": result.id, "where": _described(each.round)}
            yield Hit(result.place, facts=facts_of_late, related=(link,))
        calls = each.round.calls
        for result in each.strays if not calls else ():
            yield Hit(result.place, facts={"after": _described(each.round)})
        for result in each.strays if calls else ():
            links = tuple(Link(call.id_place, "a call before it") for call in calls[:3])
            yield Hit(result.id_place, facts={"ids": [call.id for call in calls[:5]]}, related=links)


@check
def unanswered_tool_call(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every turn with tool calls that nothing answers; an answer that comes too late has its own finding."""
    for each in _matched(request, dialect):
        # A result with a wrong id was meant for one of these calls, and has its own finding.
        missing = each.unanswered[len(each.strays) :]
        turn, following = each.round.turn, each.round.next
        if missing and turn is not None:
            links = [Link(call.id_place, "has no answer") for call in missing[:3]]
            if following is not None:
                links.append(Link(following, "this comes before the answer"))
            calls = ", ".join(str(call.id) for call in missing[:5])
            yield Hit(turn.place, facts={"calls": calls}, related=tuple(links))


@check
def duplicate_tool_result(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every result for a call that the same round has already answered."""
    for each in dialect.rounds(request):
        open_calls = [call.id for call in each.calls]
        first: dict[str, Place] = {}
        for result in each.results:
            if result.id in open_calls:
                open_calls.remove(result.id)
            elif result.id in first:
                link = Link(first[result.id], "first answered here")
                yield Hit(result.id_place, facts={"call": result.id}, related=(link,))
            first.setdefault(result.id, result.id_place)


@check
def repeated_tool_use_id(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every call with the id of an earlier call of the same turn."""
    for turn in dialect.turns(request):
        first: dict[str, Place] = {}
        for call in dialect.calls(turn):
            if call.id in first:
                yield Hit(call.id_place, related=(Link(first[call.id], "first used here"),))
            elif call.id is not None:
                first[call.id] = call.id_place


@check
def tool_arguments_not_json(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find the arguments of every call that are text and not JSON, or no object where one is wanted.

    An empty string is accepted, but where an object is wanted; there only the calls of the assistant are read.
    """
    wants_object = "arguments-are-objects" in facts
    for turn in dialect.turns(request):
        if wants_object and str(turn.role).lower() != "assistant":
            continue
        for call in dialect.calls(turn):
            text = call.arguments
            if isinstance(text, str) and (text or wants_object):  # models write "" for a call without arguments
                try:
                    value = _read(text)
                except ValueError:
                    yield Hit(call.arguments_place)
                except RecursionError:  # too deep to read; taken for JSON
                    continue
                else:
                    if wants_object and not isinstance(value, dict):
                        yield Hit(call.arguments_place, facts={"value": value, "variant": "no-object"})


class _Match(NamedTuple):
    """A round, and which of its results belong to which calls."""

    round: Round
    late: Sequence[tuple[ToolResult, ToolCall]]  #: results in this round of calls in an earlier one
    strays: Sequence[ToolResult]  #: results of no call that is still open
    unanswered: list[ToolCall]  #: calls of this round that nothing answers, here or later


def _matched(request: Request, dialect: Dialect) -> list[_Match]:
    """Return every round with what its results answer; a call that is answered late is not unanswered."""
    matches: list[_Match] = []
    waiting: dict[str | None, tuple[ToolCall, list[ToolCall]]] = {}
    for each in dialect.rounds(request):
        own = {call.id for call in each.calls}
        late: list[tuple[ToolResult, ToolCall]] = []
        strays: list[ToolResult] = []
        for result in each.results:
            if result.id in own:
                continue
            if result.id in waiting:
                call, unanswered = waiting.pop(result.id)
                unanswered.remove(call)
                late.append((result, call))
            else:
                strays.append(result)
        answered = {result.id for result in each.results}
        missing = [call for call in each.calls if call.id not in answered]
        waiting.update((call.id, (call, missing)) for call in missing)
        matches.append(_Match(each, late, strays, missing))
    return matches


def _described(each: Round) -> str:
    if each.turn is None:
        return "at the start of the conversation"
    role = each.turn.role
    return f"right after a message of role {role}" if role in _KNOWN_ROLES else "right after another message"
