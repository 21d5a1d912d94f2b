"""Whether the turns of a conversation with Bedrock's Converse come in an order that the model takes."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import is_any
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect, Turn

_CALL_BLOCKS = ("toolUse", "toolResult")
_WORDS = ("text", "image", "document", "video")


@check
def assistant_turn_first(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a first turn of the assistant; a warning where the model is not known to refuse it."""
    model = request.get("modelId")
    first = next((turn for turn in dialect.turns(request) if turn.role != "system"), None)
    if first is not None and first.role == "assistant" and not is_any(model, facts, "assistant-first-taken-by"):
        yield Hit(first.role_place, severity=_unless(is_any(model, facts, "assistant-first-refused-by")))


@check
def consecutive_turns_of_one_role(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every turn with the role of the turn before it."""
    before: Turn | None = None
    if is_any(request.get("modelId"), facts, "consecutive-turns-taken-by"):
        return
    for turn in dialect.turns(request):
        if before is not None and turn.role == before.role and turn.role is not None:
            yield Hit(turn.role_place, facts={"role": turn.role}, related=(Link(before.role_place, "the turn before"),))
        before = turn


@check
def unconfigured_tool_blocks(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first call or tool result of a request without toolConfig."""
    if request.get("toolConfig") is not None:
        return
    for part in dialect.parts(request):
        for kind in _CALL_BLOCKS:
            if part.value.get(kind) is not None:
                yield Hit((*part.place, kind), Part.KEY, {"kind": kind})
                return


@check
def text_beside_tool_result(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first words in every turn that also has tool results, for models that take only one of the two."""
    if _has_model(request) and not is_any(request["modelId"], facts, "text-beside-tool-result-taken-by"):
        yield from _mixed(request, dialect, "toolResult")


@check
def text_beside_tool_use(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first words in every turn that also has calls, for models that take only one of the two."""
    if is_any(request.get("modelId"), facts, "text-beside-tool-use-refused-by"):
        yield from _mixed(request, dialect, "toolUse")


def _mixed(request: Request, dialect: Dialect, kind: str) -> Iterator[Hit]:
    words: dict[Place, Place] = {}
    calls: set[Place] = set()
    for part in dialect.parts(request):
        turn = part.turn.place
        if part.value.get(kind) is not None:
            calls.add(turn)
        elif any(part.value.get(word) is not None for word in _WORDS):
            words.setdefault(turn, part.place)
    for turn, place in words.items():
        if turn in calls:
            yield Hit(place, facts={"model": request["modelId"]})


def _has_model(request: Mapping[str, Any]) -> bool:
    """Return whether the request says which family its model is of; an ARN of a profile or a prompt does not."""
    model = request.get("modelId")
    return isinstance(model, str) and "." in model and not model.startswith("arn:")


def _unless(known: bool) -> Severity | None:
    return None if known else Severity.WARNING
