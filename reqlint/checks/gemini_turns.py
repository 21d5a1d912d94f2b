"""Whether the turns of a generateContent request are what the server takes: parts, roles, calls and their responses."""

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.gemini_models import is_one_of
from reqlint.core.findings import Hit, Link, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.gemini_generate import calls_of, parts_of, results_of, runs, turns
from reqlint.dialects.protobuf_members import child, listed, member, spelling
from reqlint.dialects.vocabulary import Dialect, Turn

_KINDS = (
    "text", "inlineData", "fileData", "functionCall", "functionResponse", "executableCode", "codeExecutionResult",
    "toolCall", "toolResponse",
)  # fmt: skip
"""The keys of a part of which it has one."""
_BESIDE = {"videoMetadata": ("inlineData", "fileData"), "speechMetadata": ("text",)}
"""Keys of a part that say something of certain kinds of content."""
_NEUTRAL = ("audioTranscription",)  # of which no page says whether it is content or said of content


@check
def turn_without_parts(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every turn that has no parts, or an empty list of them."""
    for turn in turns(request):
        key = spelling(turn.value, "parts")
        parts = turn.value.get(key)
        if parts is None or parts == []:
            yield Hit((*turn.place, key) if key in turn.value else turn.place)


@check
def empty_part(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every part that has no content, only what is said about some."""
    for place, part in _all_parts(request):
        if not any(member(part, kind) is not None for kind in (*_KINDS, *_NEUTRAL)):
            yield Hit(place)


@check
def several_kinds_in_part(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every part with content of two kinds."""
    for place, part in _all_parts(request):
        kinds = [kind for kind in _KINDS if member(part, kind) is not None]
        if len(kinds) > 1:
            yield Hit(place, facts={"fields": [spelling(part, kind) for kind in kinds]})


@check
def metadata_without_its_content(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find what is said of a video where there is no file, and of speech where there is no text."""
    for place, part in _all_parts(request):
        for key, kinds in _BESIDE.items():
            if member(part, key) is not None and not any(member(part, kind) is not None for kind in kinds):
                written = spelling(part, key)
                yield Hit((*place, written), facts={"name": written, "expected": " or ".join(kinds)})


@check
def empty_text_part(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every text that is empty."""
    for place, part in _all_parts(request):
        if part.get("text") == "":
            yield Hit((*place, "text"))


@check
def assistant_role_for_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every turn whose role is that of the model in other APIs."""
    return _turns_of(request, ("assistant", "ai"))


@check
def system_role_in_contents(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every turn whose role is that of instructions in other APIs."""
    return _turns_of(request, ("system", "developer"))


@check
def tool_role_in_contents(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every turn whose role is that of answers of functions in other APIs."""
    return _turns_of(request, ("tool", "function"))


def _turns_of(request: Request, roles: Collection[str]) -> Iterator[Hit]:
    return (Hit(turn.role_place, facts={"value": turn.role}) for turn in turns(request) if turn.role in roles)


@check
def response_turn_without_role(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every turn with function responses that names no role."""
    for turn in turns(request):
        if turn.value.get("role") is None and any(results_of(turn)):
            yield Hit(turn.place)


@check
def call_before_user_turn(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a function call that the conversation begins with."""
    first = next(runs(request), [])
    call = next((call for turn in first if turn.role == "model" for call in calls_of(turn)), None)
    if call is not None:
        yield Hit(call.place)


@check
def response_without_call(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first function response of every run of turns that comes after no calls."""
    before: list[Turn] = []
    for run in runs(request):
        found = next((place for turn in run if turn.role != "model" for place, _ in results_of(turn)), None)
        if found is not None and not any(any(calls_of(turn)) for turn in before):
            yield Hit(found)
        before = run


@check
def unequal_response_count(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every run of turns whose calls are answered by more or fewer responses in the next one."""
    before: list[Turn] = []
    for run in runs(request):
        calls = [call for turn in before if turn.role == "model" for call in calls_of(turn)]
        results = [place for turn in run for place, _ in results_of(turn)]
        if calls and len(calls) != len(results):
            links = tuple(Link(call.place, "a call before it") for call in calls[:3])
            place = next((turn.place for turn in run if any(results_of(turn))), run[0].place)
            yield Hit(place, facts={"count": len(results), "expected": len(calls)}, related=links)
        before = run


@check
def single_model_turn(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the only turn of a request if it is the model's."""
    several = list(turns(request))
    if len(several) == 1 and several[0].role == "model":
        yield Hit(several[0].role_place)


@check
def call_without_signature(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find the first call of every step since the user last spoke that has no thought signature.

    Only for models that ask for it; without a model, where a setting shows that it is one of them, as a warning.
    """
    severity = None
    if not is_one_of(request, facts, "gemini-3-and-later"):
        config, _ = child(request, "generationConfig", ())
        if request.get("model") is not None or member(child(config, "thinkingConfig", ())[0], "thinkingLevel") is None:
            return
        severity = Severity.WARNING
    for turn in _since_the_user_spoke(request):
        step = [(place, part) for place, part in parts_of(turn) if member(part, "functionCall") is not None]
        for place, part in step[:1]:
            if not member(part, "thoughtSignature"):
                yield Hit(place, severity=severity)


def _since_the_user_spoke(request: Request) -> list[Turn]:
    """Return the model's turns after the last turn of the user that is more than responses of functions."""
    since: list[Turn] = []
    for turn in turns(request):
        if turn.role == "model":
            since.append(turn)
        elif any(member(part, "functionResponse") is None for _, part in parts_of(turn)):
            since = []
    return since


def _all_parts(request: Request) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield every part of the conversation that is an object, and of the instruction."""
    for turn in turns(request):
        yield from parts_of(turn)
    instruction, place = child(request, "systemInstruction", ())
    yield from listed(instruction, "parts", place)
