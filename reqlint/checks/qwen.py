"""What Qwen's API asks of a request beyond OpenAI's: thinking, streaming, partial answers, translation."""

from collections.abc import Iterator, Sequence
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import first_row, is_among, is_any, severity_of
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_WRONG_OWNERS = ("chat_template_kwargs", "extra_body")
"""Where the switch for thinking is not read: vLLM's place for it, and the name of an argument of OpenAI's client."""
MOST_REPEATS = 2
"""Rounds of the same call that are a warning, not an error; the server says "multiple" and gives no number."""


@check
def thinking_without_stream(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find enable_thinking: true without streaming, unless the model is known to think without it."""
    if request["enable_thinking"] is True and request.get("stream") is not True:
        model = request.get("model")
        if is_any(model, facts, "thinks-only-streamed"):
            yield Hit(("enable_thinking",))
        elif not is_any(model, facts, "thinks-without-stream"):
            yield Hit(("enable_thinking",), severity=Severity.WARNING)


@check
def thinking_by_default_without_stream(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find a request without stream to a model that thinks unless told not to, and then answers only as a stream.

    What is marked is a switch that stands where it is not read, or else the stream that is false.
    """
    model = request["model"]
    if request.get("stream") is True or "enable_thinking" in request:
        return
    if is_any(model, facts, "thinks-by-default-only-streamed"):
        for owner in _WRONG_OWNERS:
            if isinstance(inside := request.get(owner), dict) and "enable_thinking" in inside:
                yield Hit((owner,), Part.KEY, {"model": model, "where": f"inside {owner}"})
                return
        yield Hit(("stream",) if "stream" in request else (), facts={"model": model})


@check
def thinking_budget_above_that_of_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a thinking_budget that is above the longest chain of thought of the model."""
    model, budget = request.get("model"), request["thinking_budget"]
    row = first_row(model, facts, "thinking-budgets") if isinstance(model, str) else None
    if row is not None and type(budget) is int and budget > row["most"] and request.get("enable_thinking") is not False:
        shown = {"value": budget, "model": model, "most": row["most"]}
        yield Hit(("thinking_budget",), facts=shown, severity=severity_of(row))


@check
def late_system_message(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the role of every system message but the first message, unless the model reads documents from them."""
    if is_any(request.get("model"), facts, "several-system-messages-taken-by"):
        return
    for number, turn in enumerate(dialect.turns(request)):
        if number and turn.role == "system":
            yield Hit(turn.role_place)


@check
def disabled_thinking_on_thinking_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find enable_thinking: false when the model always thinks."""
    model = request.get("model")
    if request["enable_thinking"] is False and is_any(model, facts, "thinks-always"):
        yield Hit(("enable_thinking",), facts={"model": model})


@check
def thinking_on_model_without_it(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find enable_thinking: true when the model's family does not think."""
    model = request.get("model")
    if request["enable_thinking"] is True and is_any(model, facts, "thinks-never"):
        yield Hit(("enable_thinking",), facts={"model": model})


@check
def json_mode_while_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of JSON mode when the model is asked to think, or thinks by default."""
    wanted = request["response_format"]
    if isinstance(wanted, dict) and wanted.get("type") == "json_object":
        yield from _while_thinking(("response_format", "type"), request, facts)


@check
def forced_tool_while_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a tool_choice that forces a call when the model is asked to think, or thinks by default."""
    choice = request["tool_choice"]
    if isinstance(choice, dict) or choice == "required":
        yield from _while_thinking(("tool_choice",), request, facts)


def _while_thinking(place: Place, request: Request, facts: Facts) -> Iterator[Hit]:
    if request.get("enable_thinking") is True:
        yield Hit(place, facts={"because": "enable_thinking is true"})
    elif request.get("enable_thinking") is not False and is_any(request.get("model"), facts, "thinks-by-default"):
        because = f"{request['model']} thinks unless enable_thinking is false"
        yield Hit(place, facts={"because": because}, severity=Severity.WARNING)


@check
def stream_only_model_without_stream(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find stream: false, or a model without stream, when the model only streams; requests for audio are left out."""
    model, stream, modalities = request["model"], request.get("stream"), request.get("modalities")
    speaks = isinstance(modalities, list) and "audio" in modalities
    if stream is not True and not speaks and is_any(model, facts, "stream-only"):
        yield Hit(("model",) if stream is None else ("stream",), facts={"model": model})


@check
def unknown_voice(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a voice that an older Omni model does not have."""
    audio, listed = request["audio"], _value(facts, "voices", {})
    voice = audio.get("voice") if isinstance(audio, dict) else None
    model, names = request.get("model"), listed.get("names", ())
    if isinstance(voice, str) and voice not in names and is_any(model, facts, "voices"):
        yield Hit(("audio", "voice"), facts={"value": voice, "allowed": names, "model": model})


@check
def translation_without_target(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a request to a translation model without translation_options; the schema asks for the target in them."""
    if request.get("translation_options") is None and is_any(request["model"], facts, "translation-models"):
        yield Hit(facts={"model": request["model"]})


@check
def unusual_translation_message(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every message to a translation model except the first user message."""
    model = request["model"]
    if not is_any(model, facts, "translation-models"):
        return
    has_user = False  # whether the first user message was met
    for turn in dialect.turns(request):
        shown = {"role": turn.role, "model": model}
        if turn.role in ("system", "tool", "function"):
            yield Hit(turn.role_place, facts=shown)
        elif turn.role == "assistant" or (turn.role == "user" and has_user):
            yield Hit(turn.role_place, facts=shown, severity=Severity.WARNING)
        has_user = has_user or turn.role == "user"


@check
def parameter_of_other_models(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every parameter that is documented for certain models when the model is none of them."""
    listed = _value(facts, "parameters-of-models", {})
    for name in listed:
        if name in request and request[name] not in (None, False):
            model = request["model"]
            if isinstance(model, str) and not is_among(model, listed[name]):
                yield Hit((name,), Part.KEY, {"name": name, "model": model, "models": listed[name]})


@check
def repeated_tool_calls(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the calls of a round with the same names and arguments as those of the round right before it."""
    same: list[tuple[Place, Sequence[object]]] = []  # place and calls of the latest rounds, all with the same calls
    for turn in dialect.turns(request):
        if turn.role == "tool":
            continue
        calls = [(call.name, call.arguments) for call in dialect.calls(turn) if call.value is not None]
        if not (calls and same and same[0][1] == calls):
            same.clear()
        place = (*turn.place, "tool_calls")
        same.append((place, calls))
        rounds = len(same)
        if rounds > 1:
            link = Link(same[0][0], "first called here")
            severity = Severity.WARNING if rounds <= MOST_REPEATS else None
            yield Hit(place, facts={"rounds": rounds}, related=(link,), severity=severity)


@check
def misplaced_partial(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every partial: true that is not on a last message of the assistant."""
    turns = list(dialect.turns(request))
    for turn in turns:
        if turn.value.get("partial") is True:
            if turn.role != "assistant":
                yield Hit((*turn.place, "partial"), Part.KEY, {"where": "a message that is not the assistant's"})
            elif turn is not turns[-1]:
                yield Hit((*turn.place, "partial"), Part.KEY, {"where": "a message that is not the last"})


@check
def partial_without_content(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the empty content of every assistant message that the model is to continue."""
    for turn in dialect.turns(request):
        if turn.role == "assistant" and turn.value.get("partial") is True:
            content = turn.value.get("content")
            if isinstance(content, str | list) and not content:
                yield Hit((*turn.place, "content"))


@check
def assistant_message_last(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the role of a last message that is the assistant's and is not to be continued."""
    last = None
    for last in dialect.turns(request):  # noqa: B007 - only the last one is wanted
        pass
    if (
        last is not None
        and last.role == "assistant"
        and not last.value.get("partial")
        and not last.value.get("tool_calls")
    ):
        yield Hit(last.role_place)


def _value(facts: Facts, name: str, default: Any) -> Any:
    return facts[name]["value"] if name in facts else default
