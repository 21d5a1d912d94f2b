"""Whether the requested model takes a parameter, by the profile's dated lists of models."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import is_any
from reqlint.core.findings import Hit, Part
from reqlint.dialects.vocabulary import Dialect

_SAMPLING = {"top_p": 1, "frequency_penalty": 0, "presence_penalty": 0}
"""Parameters that some models fix, with the only value those models take."""


@check
def max_tokens_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find max_tokens when the model takes only its successor."""
    if request["max_tokens"] is not None and (model := _listed(request, facts, "max-tokens-refused-by")):
        yield Hit(("max_tokens",), Part.KEY, {"model": model})


@check
def temperature_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a temperature other than 1 when the model takes only 1."""
    value = request["temperature"]
    if value is not None and value != 1 and (model := _listed(request, facts, "temperature-refused-by")):
        yield Hit(("temperature",), facts={"value": value, "model": model})


@check
def sampling_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every other sampling parameter whose value is not the only one that the model takes."""
    for name, only in _SAMPLING.items():
        if name in request:
            value = request[name]
            if value is not None and value != only and (model := _listed(request, facts, "sampling-refused-by")):
                yield Hit((name,), facts={"name": name, "value": value, "model": model, "only": only})


@check
def stop_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a stop that is not empty when the model takes none."""
    if request["stop"] and (model := _listed(request, facts, "stop-refused-by")):
        yield Hit(("stop",), Part.KEY, {"model": model})


@check
def logprobs_on_reasoning_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find logprobs when the model returns none."""
    if request["logprobs"] is True and (model := _listed(request, facts, "logprobs-refused-by")):
        yield Hit(("logprobs",), Part.KEY, {"model": model})


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
def effort_with_tools(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find an effort beside functions, of a model that thinks with functions in the Responses API only."""
    effort = request["reasoning_effort"]
    is_both = isinstance(effort, str) and effort != "none" and bool(request.get("tools"))
    if is_both and (model := _listed(request, facts, "effort-with-tools-refused-by")):
        yield Hit(("reasoning_effort",), facts={"value": effort, "model": model})


@check
def responses_only_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a model that is not offered to chat requests."""
    if model := _listed(request, facts, "responses-only-models"):
        yield Hit(("model",), facts={"model": model})


def _listed(request: Request, facts: Facts, fact: str) -> str | None:
    """Return the model when it is on the list *fact*; None when it is not, or the profile has no such list."""
    model = request.get("model")
    return model if isinstance(model, str) and is_any(model, facts, fact) else None
