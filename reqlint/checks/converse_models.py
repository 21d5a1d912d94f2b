"""Whether the model behind Bedrock's Converse takes what a request asks of it, by dated lists of models."""

from collections.abc import Iterator
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import fits, is_any
from reqlint.core.findings import Hit, Part, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_MORE = "additionalModelRequestFields"
_SAMPLING = (
    (("inferenceConfig", "temperature"), 1),
    (("inferenceConfig", "topP"), 1),
    ((_MORE, "temperature"), 1),
    ((_MORE, "top_p"), 1),
    ((_MORE, "top_k"), None),
)
"""Parameters that newer models refuse, with the value that may pass as it changes nothing."""
_FEWEST_THOUGHTS = 1024
_THINKING = ("thinking", "reasoning_config")


@check
def tools_for_model_without_them(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find toolConfig when the model takes no tools."""
    if request["toolConfig"] is not None and (model := _listed(request, facts, "tools-refused-by")):
        yield Hit(("toolConfig",), Part.KEY, {"model": model})


@check
def tool_choice_of_other_models(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a choice that forces a call when the model takes none."""
    for kind in ("any", "tool"):
        choice = _member(request["toolConfig"], "toolChoice")
        if _member(choice, kind) is not None and (model := _listed(request, facts, f"{kind}-choice-refused-by")):
            yield Hit(("toolConfig", "toolChoice", kind), Part.KEY, {"kind": kind, "model": model})


@check
def two_tool_choices(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find toolChoice beside the vendor's own tool_choice."""
    chosen = _member(request["toolConfig"], "toolChoice")
    if chosen is not None and _member(_member(request.get(_MORE), "tool_choice"), "type") is not None:
        yield Hit((_MORE, "tool_choice"), Part.KEY)


@check
def forced_tool_with_model_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a choice that forces a call while the model is told to think."""
    choice = _member(request["toolConfig"], "toolChoice")
    for kind in ("any", "tool") if _thinks(request) else ():
        if _member(choice, kind) is not None:
            yield Hit(("toolConfig", "toolChoice", kind), Part.KEY, {"kind": kind})


@check
def temperature_with_model_thinking(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a temperature other than 1 while the model is told to think."""
    value = _member(request["inferenceConfig"], "temperature")
    if value is not None and value != 1 and _thinks(request):
        yield Hit(("inferenceConfig", "temperature"), facts={"value": value})


@check
def too_small_model_thinking_budget(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a budget for thoughts below the fewest that Claude takes."""
    for key in _THINKING if _is_claude(request) else ():
        thinking = _member(request[_MORE], key)
        budget = _member(thinking, "budget_tokens")
        if isinstance(budget, int) and _is_on(thinking) and budget < _FEWEST_THOUGHTS:
            yield Hit((_MORE, key, "budget_tokens"), facts={"value": budget, "limit": _FEWEST_THOUGHTS})


@check
def sampling_for_model_without_it(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find temperature, topP and top_k when the model refuses them; a value of 1 may pass."""
    for place, harmless in _SAMPLING if _listed(request, facts, "sampling-refused-by") else ():
        value = _member(request.get(place[0]), place[1])
        if value is not None:
            severity = Severity.WARNING if value == harmless else None
            yield Hit(place, Part.KEY, {"name": place[1], "model": request["modelId"]}, severity=severity)


@check
def effort_of_other_models(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find an effort that the model does not take, or any when it takes none."""
    effort = _member(request[_MORE], "reasoning_effort")
    for line in facts.get("efforts", {}).get("value", ()) if effort is not None else ():
        if fits(request.get("modelId"), line):
            if effort not in line["takes"]:
                named = {"takes": line["takes"]} if line["takes"] else {}
                shown = {"value": effort, "model": request["modelId"], **named}
                yield Hit((_MORE, "reasoning_effort"), facts=shown)
            return


@check
def result_status_for_model_without_it(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the status of every tool result when the model takes none."""
    model = _listed(request, facts, "result-status-refused-by")
    for part in dialect.parts(request) if model else ():
        if _member(part.value.get("toolResult"), "status") is not None:
            yield Hit((*part.place, "toolResult", "status"), Part.KEY, {"model": model})


@check
def file_for_model_without_it(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every picture, document, film and recording of a kind that the model does not take."""
    refused = [
        kind for kind in ("image", "document", "video", "audio") if _listed(request, facts, f"{kind}-refused-by")
    ]
    for part in dialect.parts(request) if refused else ():
        for kind in refused:
            if part.value.get(kind) is not None:
                yield Hit((*part.place, kind), Part.KEY, {"kind": kind, "model": request["modelId"]})


@check
def s3_file_for_model_without_it(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every address in S3 when the model takes none; a warning where only the page of others says so."""
    model = request.get("modelId")
    if not isinstance(model, str) or "." not in model or model.startswith("arn:"):
        return  # an ARN does not say which model it is
    if is_any(model, facts, "s3-taken-by"):
        return
    severity = None if is_any(model, facts, "s3-refused-by") else Severity.WARNING
    for part in dialect.parts(request):
        for kind in ("image", "document", "video", "audio"):
            if _member(_member(part.value.get(kind), "source"), "s3Location") is not None:
                place: Place = (*part.place, kind, "source", "s3Location")
                yield Hit(place, Part.KEY, {"model": model}, severity=severity)


@check
def model_id_without_vendor(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a model that is named as its vendor's own API names it."""
    if model := _listed(request, facts, "names-of-other-apis"):
        yield Hit(("modelId",), facts={"model": model})


def _thinks(request: Request) -> bool:
    """Return whether Claude is told to think before it answers."""
    fields = request.get(_MORE)
    return _is_claude(request) and any(_is_on(_member(fields, key)) for key in _THINKING)


def _is_on(thinking: object) -> bool:
    return bool(_member(thinking, "type") == "enabled")


def _is_claude(request: Request) -> bool:
    model = request.get("modelId")
    return model is None or (isinstance(model, str) and ("anthropic" in model or model.startswith("arn:")))


def _listed(request: Request, facts: Facts, fact: str) -> str | None:
    """Return the model when it is on the list *fact*; None when it is not, or the profile has no such list."""
    model = request.get("modelId")
    return model if isinstance(model, str) and is_any(model, facts, fact) else None


def _member(owner: object, key: str) -> Any:
    """Return a member of an object; None where there is no object."""
    return owner.get(key) if isinstance(owner, dict) else None
