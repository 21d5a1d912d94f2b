"""What a vendor's server asks beyond its schema: by the profile's dated lists of models, and between keys."""

from collections.abc import Iterator, Sequence
from typing import TypeGuard

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import is_any, rows_for, severity_of
from reqlint.core.findings import Hit, Part, Severity
from reqlint.core.pointer import value_at
from reqlint.dialects.vocabulary import Dialect, Turn

_LOW_TEMPERATURE = 0.3
"""Below this, a gateway to Moonshot asks for one choice only; the vendor's page says "close to 0"."""


@check
def parameter_refused_by_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every parameter that the model does not take, whatever its value."""
    model = request["model"]
    for listed in rows_for(model, facts, "parameters-refused-by"):
        for name in listed["parameters"]:
            value = request.get(name)
            if value is not None and value != []:
                # That 0, which changes nothing, is refused as well is likely, and known of few models.
                is_sure = bool(value) or listed.get("any-value", False)
                severity = severity_of(listed) if is_sure else Severity.WARNING
                yield Hit((name,), Part.KEY, {"name": name, "model": model}, severity=severity)


@check
def value_of_other_models(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every parameter, or member of one, whose value the model does not take, by the first list of its name."""
    model = request["model"]
    seen: set[str] = set()
    for listed in rows_for(model, facts, "values-of-models"):
        if any(_member(request, name) == value for name, value in listed.get("unless", {}).items()):
            continue
        for name, allowed in listed["values"].items():
            value = _member(request, name)
            if name in seen or value is None:
                continue
            seen.add(name)
            if not isinstance(value, list | dict) and not any(_is_same(value, each) for each in allowed):
                shown = {"name": name, "value": value, "model": model, "allowed": allowed}
                yield Hit(tuple(name.split(".")), facts=shown, severity=severity_of(listed))


@check
def max_tokens_below_that_of_providers(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a max_tokens that is smaller than some providers of the model take."""
    model, value = request.get("model"), request["max_tokens"]
    for listed in rows_for(model, facts, "least-tokens"):
        if _is_number(value) and 1 <= value < listed["least"]:
            yield Hit(("max_tokens",), facts={"value": value, "limit": listed["least"]})
            return


@check
def differing_efforts(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a reasoning_effort that is another word than the effort of reasoning."""
    value, other = request["reasoning_effort"], _member(request, "reasoning.effort")
    if isinstance(value, str) and isinstance(other, str) and value != other:
        yield Hit(("reasoning_effort",), facts={"value": value})


@check
def response_format_with_tools(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a form of JSON answer that the model does not give while it has tools, or while it has to call one."""
    wanted, tools = request["response_format"], request.get("tools")
    kind = wanted.get("type") if isinstance(wanted, dict) else None
    choice = request.get("tool_choice")
    is_forced = choice == "required" or isinstance(choice, dict)
    if is_forced and kind in facts.get("forms-without-forced-call", {}).get("value", ()):
        yield Hit(("response_format", "type"), facts={"type": kind, "variant": "forced"})
    elif isinstance(tools, list) and tools:
        for listed in rows_for(request.get("model"), facts, "json-with-tools-refused-by"):
            if kind in listed["types"]:
                yield Hit(("response_format", "type"), facts={"type": kind}, severity=severity_of(listed))
                return


@check
def named_tool_while_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the choice of a named function when the model thinks: always, or unless it is told not to."""
    model = request.get("model")
    if isinstance(request["tool_choice"], dict):
        if is_any(model, facts, "thinks-always"):
            yield Hit(("tool_choice",), facts={"model": model, "because": "always thinks"})
        elif is_any(model, facts, "thinks-unless-disabled") and not _has_disabled_thinking(request):
            because = "thinks unless thinking.type is disabled"
            yield Hit(("tool_choice",), facts={"model": model, "because": because}, severity=Severity.WARNING)


@check
def call_without_reasoning(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every assistant message that calls tools and lacks the chain of thought, when the model thinks."""
    model = request.get("model")
    thinks = is_any(model, facts, "thinks-always") or (
        is_any(model, facts, "thinks-unless-disabled") and not _has_disabled_thinking(request)
    )
    for turn, is_current in _calling(request, dialect) if thinks else ():
        if turn.value.get("reasoning_content") is None:
            # The server speaks of any message; that it looks beyond the user's last one is not said.
            yield Hit(turn.place, facts={"model": model}, severity=None if is_current else Severity.WARNING)


@check
def call_without_thought_signature(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first call of every assistant message since the user's last one, if it lacks its signature."""
    model = request.get("model")
    for turn, is_current in _calling(request, dialect) if is_any(model, facts, "signs-calls") else ():
        first = next(iter(dialect.calls(turn)))
        extra = value_at(request, first.place).get("extra_content")  # type: ignore[attr-defined]  # every call is an object
        google = extra.get("google") if isinstance(extra, dict) else None
        if is_current and not (isinstance(google, dict) and google.get("thought_signature")):
            yield Hit(first.place, facts={"model": model})


@check
def tool_result_without_name(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every tool message that does not name its function, when the model may ask for the name."""
    model = request.get("model")
    for turn in dialect.turns(request) if is_any(model, facts, "names-results") else ():
        if turn.role == "tool" and turn.value.get("name") is None:
            yield Hit(turn.place, facts={"model": model})


@check
def several_choices_at_low_temperature(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find n above 1 beside a temperature at which all choices are the same."""
    n, temperature = request["n"], request.get("temperature")
    if _is_number(n) and n > 1 and _is_number(temperature) and temperature < _LOW_TEMPERATURE:
        severity = None if temperature == 0 else Severity.WARNING
        yield Hit(("n",), facts={"value": n, "limit": temperature}, severity=severity)


@check
def list_content_for_text_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every content that is a list when the model takes a string only."""
    model = request.get("model")
    for turn in dialect.turns(request) if is_any(model, facts, "string-content") else ():
        if isinstance(turn.value.get("content"), list):
            yield Hit((*turn.place, "content"), facts={"model": model})


def _member(request: Request, name: str) -> object:
    """Return what stands at a dotted name; None if there is nothing."""
    value: object = request
    for key in name.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value


def _is_same(value: object, other: object) -> bool:
    return value == other and isinstance(value, bool) is isinstance(other, bool)


def _is_number(value: object) -> TypeGuard[int | float]:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _has_disabled_thinking(request: Request) -> bool:
    return _member(request, "thinking.type") == "disabled"


def _calling(request: Request, dialect: Dialect) -> Iterator[tuple[Turn, bool]]:
    """Yield the assistant's turns with calls, and whether they are after the last turn of the user."""
    turns: Sequence[Turn] = list(dialect.turns(request))
    last = max((index for index, turn in enumerate(turns) if turn.role == "user"), default=-1)
    for index, turn in enumerate(turns):
        if turn.role == "assistant" and any(True for _ in dialect.calls(turn)):
            yield turn, index > last
