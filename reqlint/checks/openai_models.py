"""What OpenAI's models take of a parameter: whether they think, search or speak, and which endpoint serves them."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import first_row, severity_of
from reqlint.checks.thinking import never_thinks, thinks
from reqlint.core.findings import Hit, Link, Part
from reqlint.dialects.vocabulary import Dialect

_EFFORTS = {"max_completion_tokens": "reasoning_effort", "max_output_tokens": "reasoning.effort"}
"""The limits that count thoughts as well, with what says how much is thought beside each."""


@check
def effort_on_plain_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find an effort, even none, when the model never thinks and so has no such parameter."""
    model = request.get("model")
    row = never_thinks(model, facts) if request["reasoning_effort"] is not None else None
    if row is not None:
        yield Hit(("reasoning_effort",), Part.KEY, {"model": model}, severity=severity_of(row))


@check
def effort_with_tools(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find an effort beside functions, of a model that thinks with functions in the Responses API only."""
    effort = request["reasoning_effort"]
    row = _row(request, facts, "effort-with-tools-refused-by") if isinstance(effort, str) and effort != "none" else None
    if row is not None and (index := _first_function(request.get("tools"))) is not None:
        link = Link(("tools", index), "the first of the functions")
        shown = {"value": effort, "model": request["model"]}
        yield Hit(("reasoning_effort",), facts=shown, related=(link,), severity=severity_of(row))


@check
def tools_while_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find functions without an effort, for a model that then thinks and takes them in the Responses API only."""
    if request.get("reasoning_effort") is None and _first_function(request["tools"]) is not None:
        row = _row(request, facts, "tools-without-effort-refused-by")
        if row is not None:
            yield Hit(("tools",), Part.KEY, {"model": request["model"]}, severity=severity_of(row))


@check
def search_options_on_plain_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find options of a search, even none of them, for a model that does not search."""
    row = _row(request, facts, "search-options-refused-by") if request["web_search_options"] is not None else None
    if row is not None:
        yield Hit(("web_search_options",), Part.KEY, {"model": request["model"]}, severity=severity_of(row))


@check
def audio_model_without_audio(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a model that listens or speaks, in a request with no sound and for none."""
    row = _row(request, facts, "wants-audio")
    if row is None:
        return
    wanted = request.get("modalities")
    if isinstance(wanted, list) and "audio" in wanted:
        return
    if not any(_is_heard(turn.value) for turn in dialect.turns(request)):
        yield Hit(("model",), facts={"model": request["model"]}, severity=severity_of(row))


@check
def model_of_other_endpoint(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a model that is no chat model: for embeddings, pictures, speech, moderation or plain completions."""
    row = _row(request, facts, "models-of-other-endpoints")
    if row is not None:
        yield Hit(("model",), facts={"model": request["model"], "where": row["endpoint"]}, severity=severity_of(row))


@check
def number_above_that_of_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a number of choices or of likely tokens that is above what the model's family takes."""
    row = _row(request, facts, "most-by-model")
    for name, most in row["most"].items() if row is not None else ():
        value = request.get(name)
        if isinstance(value, int | float) and not isinstance(value, bool) and value > most:
            shown = {"name": name, "value": value, "model": request["model"], "most": most}
            yield Hit((name,), facts=shown, severity=severity_of(row or {}))


@check
def limit_eaten_by_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a limit of tokens that the thoughts of the model are likely to use up before it answers."""
    row = _row(request, facts, "room-for-thoughts")
    for name, parameter in _EFFORTS.items() if row is not None else ():
        value = request.get(name)
        if not isinstance(value, int) or isinstance(value, bool) or value < 1:
            continue
        effort = _effort(request, parameter)
        thinking = thinks(request["model"], effort, facts, parameter)
        least = row["tokens"].get(effort, row["tokens"]["other"]) if row is not None else 0
        if thinking is not None and value < least:
            shown = {"name": name, "value": value, "model": request["model"], "because": thinking.because}
            yield Hit((name,), facts={**shown, "expected": least})


def _row(request: Request, facts: Facts, fact: str) -> Mapping[str, Any] | None:
    """Return the first row of *fact* for the request's model; None when there is none, or no such list."""
    model = request.get("model")
    return first_row(model, facts, fact) if isinstance(model, str) else None


def _first_function(tools: object) -> int | None:
    kinds = [each.get("type") if isinstance(each, dict) else None for each in tools] if isinstance(tools, list) else []
    return kinds.index("function") if "function" in kinds else None


def _is_heard(message: Mapping[str, Any]) -> bool:
    """Return whether a message has sound: of the user, or in an earlier answer."""
    content = message.get("content")
    parts = content if isinstance(content, list) else ()
    return bool(message.get("audio")) or any(
        isinstance(part, dict) and part.get("type") == "input_audio" for part in parts
    )


def _effort(request: Request, parameter: str) -> object:
    value: object = request
    for key in parameter.split("."):
        value = value.get(key) if isinstance(value, dict) else None
    return value
