"""Whether the turns of a Messages request are as Anthropic's API takes them: who speaks, and with which words."""

from collections.abc import Iterator, Sequence

from reqlint.checks import Facts, Request, check
from reqlint.checks.claude import (
    asks_for_format,
    blocks,
    blocks_in,
    is_latest_version,
    is_paused,
    joined_turns,
    listed,
    thinking_type,
)
from reqlint.core.findings import Hit, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect, Turn

_IN_USER_TURNS = ("tool_result", "search_result", "image", "container_upload")
_REFUSED_OF_ASSISTANT = ("tool_result", "search_result")
_IN_ASSISTANT_TURNS = ("tool_use", "thinking", "redacted_thinking", "server_tool_use")
_RESULT_OF_SERVER = "_tool_result"


# ------------------------------------------------------------------------------------------------------------- empty


@check
def empty_user_turn(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the content of a user's turn in which no message has any."""
    for turns in joined_turns(request, dialect):
        if turns[0].role == "user" and all(turn.value.get("content") in ("", []) for turn in turns):
            yield Hit((*turns[0].place, "content"))


@check
def empty_assistant_turn(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the content of an assistant's turn, other than the last turn, in which no message has any."""
    joined = list(joined_turns(request, dialect))
    for turns in joined[:-1]:
        if turns[0].role == "assistant" and all(turn.value.get("content") in ("", []) for turn in turns):
            yield Hit((*turns[0].place, "content"))


@check
def empty_text_block(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every text block that is empty or blank.

    In the last turn of the user it is refused; elsewhere the server of one model took it.
    """
    joined = list(joined_turns(request, dialect))
    users = [number for number, turns in enumerate(joined) if turns[0].role == "user"]
    for number, turns in enumerate(joined):
        severity = None if users[-1:] == [number] else Severity.WARNING
        for turn in turns:
            for place, said in _said(turn):
                yield from _blank(place, said, severity)
    for place, block in blocks_in(request.get("system"), ("system",)):
        text = block.get("text") if block.get("type") == "text" else None
        if isinstance(text, str) and _is_unmarked(block):
            yield from _blank((*place, "text"), text, Severity.WARNING)


def _said(turn: Turn) -> Iterator[tuple[Place, str]]:
    content = turn.value.get("content")
    if isinstance(content, str) and content:
        yield (*turn.place, "content"), content
    for place, block in blocks(turn):
        if block.get("type") == "text" and isinstance(text := block.get("text"), str) and _is_unmarked(block):
            yield (*place, "text"), text


def _is_unmarked(block: dict[str, object]) -> bool:
    """Return whether cache-mark-on-empty-text has nothing to say of an empty text."""
    return not isinstance(block.get("cache_control"), dict)


def _blank(place: Place, said: str, severity: Severity | None) -> Iterator[Hit]:
    if not said or said.isspace():
        yield Hit(place, facts={"lacks": "any text" if not said else "anything but white space"}, severity=severity)


# ---------------------------------------------------------------------------------------------------------- who speaks


@check
def assistant_message_first(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the role of the first message when it is the assistant's."""
    for turn in dialect.turns(request):
        if turn.role == "assistant":
            yield Hit(turn.role_place)
        return


@check
def system_role_message(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every system message after the start for a model that takes none, or at a place where none may stand.

    Lists of models differ in their latest ones, so that for these it is a warning.
    """
    joined = list(joined_turns(request, dialect))
    model = listed(request, facts, "system-messages-refused-by")
    doubtful = listed(request, facts, "system-messages-doubtful-for")
    for number, turns in enumerate(joined):
        if turns[0].role != "system" or number == 0:
            continue
        if model:
            yield from (Hit(turn.role_place, facts={"model": model}) for turn in turns)
        elif doubtful:
            yield from (Hit(turn.role_place, facts={"model": doubtful}, severity=Severity.WARNING) for turn in turns)
        elif where := _misplaced(joined, number):
            yield Hit(turns[0].role_place, facts={"where": where})


def _misplaced(joined: Sequence[Sequence[Turn]], number: int) -> str | None:
    before = joined[number - 1]
    if before[0].role == "assistant" and not _ends_in_result(before[-1]):
        return "after an answer"
    if number + 1 < len(joined) and joined[number + 1][0].role == "user":
        return "before a user message"
    return None


def _ends_in_result(turn: Turn) -> bool:
    last = [block for _, block in blocks(turn)][-1:]
    return bool(last) and str(last[0].get("type")).endswith(_RESULT_OF_SERVER)


@check
def misplaced_block(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every block that only the other side may say.

    Refusals are known of results of either kind, and since 2026-10-21 of documents, in messages of the assistant.
    """
    for turn in dialect.turns(request):
        for place, block in blocks(turn):
            kind = block.get("type")
            if turn.role == "assistant" and kind == "document" and is_latest_version(request):
                yield Hit((*place, "type"), facts={"kind": kind, "role": turn.role}, severity=Severity.ERROR)
            elif turn.role == "assistant" and kind in _IN_USER_TURNS:
                severity = Severity.ERROR if kind in _REFUSED_OF_ASSISTANT else None
                yield Hit((*place, "type"), facts={"kind": kind, "role": turn.role}, severity=severity)
            elif turn.role == "user" and kind in _IN_ASSISTANT_TURNS:
                yield Hit((*place, "type"), facts={"kind": kind, "role": turn.role})


@check
def citations_of_user(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the citations of every text that the user says, which are refused since 2026-10-21."""
    for turn in dialect.turns(request) if is_latest_version(request) else ():
        for place, block in blocks(turn) if turn.role == "user" else ():
            if block.get("type") == "text" and block.get("citations"):
                yield Hit((*place, "citations"))


# ------------------------------------------------------------------------------------------------------------ prefills


@check
def unsupported_prefill(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the last message when it is the beginning of an answer, and the model or a setting allows none."""
    last = _prefill(request, dialect)
    if last is None:
        return
    if model := listed(request, facts, "prefill-refused-by"):
        yield Hit(last.place, facts={"model": model})
    elif asks_for_format(request):
        yield Hit(last.place, facts={"because": "the answer must keep to a schema"})
    elif thinking_type(request) in ("enabled", "adaptive"):
        yield Hit(last.place, facts={"because": "the model thinks first"})


@check
def trailing_space_in_prefill(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the text at the end of the conversation when it is the assistant's and ends in white space."""
    last = _prefill(request, dialect)
    if last is None:
        return
    content = last.value.get("content")
    if isinstance(content, str):
        if content and content[-1].isspace():
            yield Hit((*last.place, "content"))
        return
    for place, block in list(blocks(last))[-1:]:
        text = block.get("text") if block.get("type") == "text" else None
        if isinstance(text, str) and text and text[-1].isspace():
            yield Hit((*place, "text"))


def _prefill(request: Request, dialect: Dialect) -> Turn | None:
    """Return the last message when it is the beginning of an answer; None where the server is to go on itself."""
    joined = list(joined_turns(request, dialect))
    if not joined or joined[-1][0].role != "assistant" or is_paused(joined[-1]):
        return None
    calls = any(block.get("type") == "tool_use" for turn in joined[-1] for _, block in blocks(turn))
    return None if calls else joined[-1][-1]  # an unanswered call is said to be that
