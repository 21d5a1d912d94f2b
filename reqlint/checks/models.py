"""Whether the requested model takes a parameter, by the profile's dated lists of models."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import first_row, is_any, severity_of
from reqlint.checks.thinking import Thinking, thinks
from reqlint.core.findings import Hit, Part, Severity
from reqlint.dialects.vocabulary import Dialect

_SAMPLING = {"top_p": 1, "frequency_penalty": 0, "presence_penalty": 0}
"""Parameters that models fix while they think, with the only value that they then take."""


@check
def max_tokens_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find max_tokens when the model takes only its successor."""
    if request["max_tokens"] is not None and (model := _listed(request, facts, "max-tokens-refused-by")):
        yield Hit(("max_tokens",), Part.KEY, {"model": model})


@check
def temperature_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a temperature other than 1 when the model thinks."""
    value = request["temperature"]
    if value is not None and value != 1 and (thinking := _thinks(request, facts)):
        yield Hit(("temperature",), facts={"value": value, **_shown(request, thinking)}, severity=thinking.severity)


@check
def sampling_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every other sampling parameter whose value is not its default, when the model thinks."""
    for name, only in _SAMPLING.items():
        value = request.get(name)
        if value is None or value == only:
            continue
        if thinking := _thinks(request, facts):
            is_sure = name == "top_p" or is_any(request["model"], facts, "penalties-refused-by")
            shown = {"name": name, "value": value, "only": only, **_shown(request, thinking)}
            yield Hit((name,), facts=shown, severity=thinking.severity if is_sure else Severity.WARNING)


@check
def stop_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a stop that is not empty when the model takes none."""
    model = request.get("model")
    row = first_row(model, facts, "stop-refused-by") if request["stop"] and isinstance(model, str) else None
    if row is not None:
        yield Hit(("stop",), Part.KEY, {"model": model}, severity=severity_of(row))


@check
def logprobs_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find logprobs when the model thinks, and so returns none."""
    if request["logprobs"] is True and (thinking := _thinks(request, facts)):
        yield Hit(("logprobs",), Part.KEY, _shown(request, thinking), severity=thinking.severity)


@check
def parallel_tool_calls_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find parallel_tool_calls, whatever its value, when the model refuses it."""
    setting = request["parallel_tool_calls"]
    if setting is not None and (model := _listed(request, facts, "parallel-tool-calls-refused-by")):
        yield Hit(("parallel_tool_calls",), Part.KEY, {"model": model})


@check
def system_role_on_o1(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the role of every system message when the model takes none."""
    model = _listed(request, facts, "system-role-refused-by")
    for turn in dialect.turns(request) if model else ():
        if turn.role == "system":
            yield Hit(turn.role_place, facts={"model": model})


@check
def deprecated_field(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every parameter in use that the profile lists as deprecated."""
    successors = facts.get("deprecated-parameters", {}).get("value", {})
    for name in successors:
        if name in request and request[name] is not None:
            replacement = " or ".join(successors[name])
            yield Hit((name,), Part.KEY, {"name": name, "replacement": replacement} if replacement else {"name": name})


@check
def responses_only_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a model that is not offered to chat requests."""
    if model := _listed(request, facts, "responses-only-models"):
        yield Hit(("model",), facts={"model": model})


def _thinks(request: Request, facts: Facts) -> Thinking | None:
    return thinks(request.get("model"), request.get("reasoning_effort"), facts, "reasoning_effort")


def _shown(request: Request, thinking: Thinking) -> dict[str, object]:
    shown = {"model": request["model"], "because": thinking.because}
    return {**shown, "param": thinking.switch} if thinking.switch else shown


def _listed(request: Request, facts: Facts, fact: str) -> str | None:
    """Return the model when it is on the list *fact*; None when it is not, or the profile has no such list."""
    model = request.get("model")
    return model if isinstance(model, str) and is_any(model, facts, fact) else None
