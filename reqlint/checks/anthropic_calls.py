"""Whether calls and results stand where Anthropic's API wants them, beyond being paired."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.claude import blocks, blocks_in, joined_turns
from reqlint.core.findings import Hit, Link, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_SERVER_ID = "srvtoolu_"
_RESULT_OF_SERVER = "_tool_result"


@check
def duplicate_tool_use_id(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the id of every call that an earlier call has; a warning where that was in another turn."""
    first: dict[str, tuple[int, Place]] = {}
    for number, turns in enumerate(joined_turns(request, dialect)):
        for turn in turns:
            for call in dialect.calls(turn):
                if call.id is None:
                    continue
                earlier, place = first.setdefault(call.id, (number, call.id_place))
                if place != call.id_place:
                    severity = None if earlier == number else Severity.WARNING
                    link = Link(place, "first used here")
                    yield Hit(call.id_place, facts={"call": call.id}, related=(link,), severity=severity)


@check
def tool_result_after_text(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every result that answers a call of the turn before and stands behind something else.

    A warning where that is in a message of its own: the server joins the two.
    """
    called: set[str] = set()
    for turns in joined_turns(request, dialect):
        if turns[0].role == "user" and called:
            other: Place | None = None
            for turn in turns:
                content = turn.value.get("content")
                if isinstance(content, str) and content:
                    other = other or (*turn.place, "content")
                for place, block in blocks(turn):
                    if block.get("type") != "tool_result":
                        other = other or place
                    elif other is not None and block.get("tool_use_id") in called:
                        severity = None if other[:2] == place[:2] else Severity.WARNING
                        yield Hit(place, related=(Link(other, "this comes first"),), severity=severity)
        called = {call.id for turn in turns for call in dialect.calls(turn) if call.id is not None}


@check
def server_call_as_tool_use(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the id of every call that the server made for itself, in a block for calls that the author answers."""
    for turn in dialect.turns(request):
        for call in dialect.calls(turn) if turn.role == "assistant" else ():
            if call.id is not None and call.id.startswith(_SERVER_ID):
                yield Hit(call.id_place)


@check
def unanswered_server_call(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every call for the server to answer, in a turn that is over, without a result behind it."""
    joined = list(joined_turns(request, dialect))
    for number, turns in enumerate(joined[:-1]):
        if turns[0].role != "assistant" or any([*dialect.calls(turn)] for turn in turns):
            continue  # the author's own tools are called from code that the server still runs
        answered = {
            block.get("tool_use_id")
            for later in joined[number:]
            for turn in later
            for _, block in blocks(turn)
            if str(block.get("type")).endswith(_RESULT_OF_SERVER)
        }
        for turn in turns:
            for place, block in blocks(turn):
                if block.get("type") == "server_tool_use" and block.get("id") not in answered:
                    yield Hit(place, facts={"call": block.get("id")})


@check
def orphan_server_result(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every result of the server's without the call that it answers before it."""
    called: set[object] = set()
    for turn in dialect.turns(request):
        for place, block in blocks(turn):
            kind = block.get("type")
            if kind == "server_tool_use":
                called.add(block.get("id"))
            elif _is_server_result(kind) and block.get("tool_use_id") not in called:
                yield Hit((*place, "tool_use_id"), facts={"call": block.get("tool_use_id")})


def _is_server_result(kind: object) -> bool:
    return isinstance(kind, str) and kind.endswith(_RESULT_OF_SERVER) and not kind.startswith(("mcp", "advisor"))


@check
def error_result_with_other_content(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of everything that is no text in a result that reports an error."""
    for place, result in _results(request, dialect):
        if result.get("is_error") is True:
            for inner, block in blocks_in(result.get("content"), (*place, "content")):
                if block.get("type") != "text":
                    yield Hit((*inner, "type"), facts={"kind": block.get("type")})


@check
def unknown_tool_reference(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the name in every reference to a tool that the request does not offer."""
    declared = dialect.declared(request)
    for place, result in _results(request, dialect) if declared is not None else ():
        for inner, block in blocks_in(result.get("content"), (*place, "content")):
            name = block.get("tool_name") if block.get("type") == "tool_reference" else None
            if isinstance(name, str) and ("tool", name) not in (declared or ()):
                yield Hit((*inner, "tool_name"), facts={"name": name})


@check
def mixed_search_results(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of everything that is no search result in a result of a call that has some."""
    for place, result in _results(request, dialect):
        found = [*blocks_in(result.get("content"), (*place, "content"))]
        if any(block.get("type") == "search_result" for _, block in found):
            for inner, block in found:
                if block.get("type") != "search_result":
                    yield Hit((*inner, "type"), facts={"kind": block.get("type")})
                    break


def _results(request: Request, dialect: Dialect) -> Iterator[tuple[Place, dict[str, object]]]:
    for turn in dialect.turns(request):
        for place, block in blocks(turn):
            if block.get("type") == "tool_result":
                yield place, block
