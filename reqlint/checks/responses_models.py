"""Whether the model of a Responses request takes its parameters and tools; dated lists of the profile say which do."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import fits, is_any, severity_of
from reqlint.checks.thinking import Thinking, never_thinks, thinks
from reqlint.core.findings import Hit, Link, Part, Severity
from reqlint.dialects.vocabulary import Dialect

_SAMPLING = ("temperature", "top_p", "top_logprobs", "presence_penalty", "frequency_penalty")


@check
def sampling_while_reasoning(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every sampling parameter that the model does not take while it thinks."""
    model = request["model"]
    present = [key for key in _SAMPLING if key in request and request[key] is not None]
    found = _thinks(request, model, facts) if present else None
    if found is None:
        return
    for key in present:
        value = request[key]
        if (key == "temperature" and value == 1) or (key.endswith("_penalty") and value == 0):
            continue  # 1 was taken; of penalties without effect nothing is known
        is_sure = key != "top_p" or value != 1 or is_any(model, facts, "top-p-of-1-refused-by")
        severity = found.severity if is_sure else Severity.WARNING
        yield Hit((key,), Part.KEY, {"name": key, "model": model, "because": found.because}, severity=severity)


def _thinks(request: Request, model: object, facts: Facts) -> Thinking | None:
    return thinks(model, _member(request.get("reasoning"), "effort"), facts, "reasoning.effort")


@check
def effort_not_for_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find an effort that the model does not take."""
    model, effort = request.get("model"), _member(request["reasoning"], "effort")
    for each in _entries(facts, "efforts-by-model") if isinstance(effort, str) else ():
        if fits(model, each):
            if effort not in each["takes"]:
                severity = severity_of(each)
                allowed = {"value": effort, "model": model, "allowed": each["takes"]}
                yield Hit(("reasoning", "effort"), facts=allowed, severity=severity)
            return


@check
def reasoning_on_plain_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the effort or summary of a model that does not think."""
    model, reasoning = request.get("model"), request["reasoning"]
    row = never_thinks(model, facts)
    if row is not None:
        for key in ("effort", "summary"):
            value = _member(reasoning, key)
            if value is not None:
                severity = severity_of(row) if key == "effort" else Severity.WARNING
                yield Hit(("reasoning", key), Part.KEY, {"name": key, "model": model}, severity=severity)


@check
def reasoning_option_not_for_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a member of reasoning whose value is for other models."""
    model, reasoning = request.get("model"), request["reasoning"]
    for each in _entries(facts, "reasoning-options-by-model"):
        value = _member(reasoning, each["key"])
        if value == each["value"] and fits(model, each):
            yield Hit(("reasoning", each["key"]), facts={"name": each["key"], "value": value, "model": model})


@check
def encrypted_reasoning_on_plain_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find what asks for encrypted reasoning of a model that does not think."""
    model = request.get("model")
    for index, each in enumerate(request["include"] or ()):
        if each == "reasoning.encrypted_content" and is_any(model, facts, "encrypted-content-refused-by"):
            yield Hit(("include", index), facts={"model": model})


@check
def logprobs_while_reasoning(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find what asks for the chances of tokens of a model that thinks."""
    model = request.get("model")
    for index, each in enumerate(request["include"] or ()):
        if each == "message.output_text.logprobs" and (found := _thinks(request, model, facts)):
            yield Hit(("include", index), facts={"model": model, "because": found.because}, severity=found.severity)


@check
def short_cache_retention(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a short retention of the cached prompt, of a model that has only the long one."""
    model = request.get("model")
    if request["prompt_cache_retention"] == "in_memory" and is_any(model, facts, "long-retention-only"):
        yield Hit(("prompt_cache_retention",), facts={"model": model})


@check
def chat_only_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a model that this API does not serve."""
    model = request["model"]
    named = is_any(model, facts, "chat-only-models")
    if named or is_any(model, facts, "probably-other-models"):
        yield Hit(("model",), facts={"model": model}, severity=None if named else Severity.WARNING)


@check
def tool_not_for_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of every tool that the model does not take."""
    model = request.get("model")
    entries = [each for each in _entries(facts, "tools-by-model") if fits(model, each)]
    for index, tool in enumerate(request["tools"] or ()) if entries else ():
        kind = tool.get("type")
        for each in entries:
            if kind in each["tools"]:
                severity = severity_of(each)
                yield Hit(("tools", index, "type"), facts={"type": kind, "model": model}, severity=severity)
                break


@check
def research_model_without_source(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a model for research that has nothing to search in."""
    model, tools = request["model"], request.get("tools")
    if is_any(model, facts, "research-models") and not request.get("prompt"):
        kinds = {tool.get("type") for tool in tools or () if isinstance(tool, dict)}
        if not any(str(kind).startswith(("web_search", "file_search", "mcp")) for kind in kinds):
            yield Hit(("model",), facts={"model": model})


@check
def hosted_tool_with_minimal_effort(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the minimal effort beside a tool that needs more."""
    if _member(request["reasoning"], "effort") == "minimal":
        for index, tool in enumerate(request.get("tools") or ()):
            kind = tool.get("type")
            if isinstance(kind, str) and kind.startswith(("web_search", "image_generation")):
                link = Link(("tools", index), "this needs more")
                yield Hit(("reasoning", "effort"), facts={"type": kind}, related=(link,))
                return


@check
def web_search_in_json_mode(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find JSON mode beside a search of the web."""
    if _member(_member(request["text"], "format"), "type") == "json_object":
        for index, tool in enumerate(request.get("tools") or ()):
            if str(tool.get("type")).startswith("web_search"):
                link = Link(("tools", index), "the search")
                yield Hit(("text", "format", "type"), related=(link,))
                return


def _entries(facts: Facts, fact: str) -> list[Mapping[str, Any]]:
    listed = facts.get(fact, {}).get("value")
    return listed if isinstance(listed, list) else []


def _member(value: object, key: str) -> object:
    return value.get(key) if isinstance(value, dict) else None
