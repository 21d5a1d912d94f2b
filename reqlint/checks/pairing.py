"""Whether every tool call of a conversation is answered once, and every answer belongs to a call."""

from collections.abc import Iterator
from json import JSONDecoder

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit, Link
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect, Round, ToolResult

_read = JSONDecoder(parse_int=str).decode  # a number may have more digits than Python converts
_KNOWN_ROLES = ("system", "developer", "user", "assistant", "function")


@check
def orphan_tool_result(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every result that follows no tool calls, or whose id is none of the calls before it."""
    for each in dialect.rounds(request):
        for result in () if each.calls else each.results:
            yield Hit(result.place, facts={"after": _described(each)})
        ids = [call.id for call in each.calls]
        for result in _strays(each):
            links = tuple(Link(call.id_place, "a call before it") for call in each.calls[:3])
            yield Hit(result.id_place, facts={"ids": ids[:5]}, related=links)


@check
def unanswered_tool_call(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every turn with tool calls that the results right after it do not answer."""
    for each in dialect.rounds(request):
        answered = {result.id for result in each.results}
        # A result with a wrong id was meant for one of these calls, and has its own finding.
        missing = [call for call in each.calls if call.id not in answered][len(_strays(each)) :]
        if missing and each.turn is not None:
            links = [Link(call.id_place, "has no answer") for call in missing[:3]]
            if each.next is not None:
                links.append(Link(each.next, "this comes before the answer"))
            calls = ", ".join(str(call.id) for call in missing[:5])
            yield Hit(each.turn.place, facts={"calls": calls}, related=tuple(links))


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
    """Find the arguments of every call that are text and not JSON; an empty string is accepted."""
    for turn in dialect.turns(request):
        for call in dialect.calls(turn):
            if isinstance(call.arguments, str) and call.arguments:  # models write "" for a call without arguments
                try:
                    _read(call.arguments)
                except ValueError:
                    yield Hit(call.arguments_place)
                except RecursionError:  # too deep to read; taken for JSON
                    continue


def _strays(each: Round) -> list[ToolResult]:
    ids = {call.id for call in each.calls}
    return [result for result in each.results if result.id not in ids] if ids else []


def _described(each: Round) -> str:
    if each.turn is None:
        return "at the start of the conversation"
    role = each.turn.role
    return f"right after a message of role {role}" if role in _KNOWN_ROLES else "right after another message"
