"""Whether the settings in generationConfig, and those beside it, go together and suit the model."""

from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.gemini_models import is_one_of, model_id, written_id
from reqlint.checks.model_lists import fits, is_among
from reqlint.core.findings import Hit, Part, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.gemini_generate import calling_config, declarations
from reqlint.dialects.protobuf_members import child, listed, member, snake_case, spelling
from reqlint.dialects.vocabulary import Dialect

_SCHEMAS = ("responseSchema", "responseJsonSchema")
_JSON = "application/json"
_WITH_SCHEMA = (_JSON, "text/x.enum")
_KNOWN_KEYWORDS = frozenset(
    {
        "$id", "$defs", "$ref", "$anchor", "$schema", "type", "format", "title", "description", "enum", "items",
        "prefixItems", "minItems", "maxItems", "minimum", "maximum", "anyOf", "oneOf", "properties",
        "additionalProperties", "required", "propertyOrdering",
    }
)  # fmt: skip


def _config(request: Request) -> tuple[Mapping[str, Any], Place]:
    return child(request, "generationConfig", ())


def _thinking(request: Request) -> tuple[Mapping[str, Any], Place]:
    config, place = _config(request)
    return child(config, "thinkingConfig", place)


@check
def answer_schema_without_json(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every schema of the answer where the media type does not ask for JSON."""
    config, place = _config(request)
    kind = member(config, "responseMimeType")
    for key in _SCHEMAS:
        if member(config, key) is not None and kind not in _WITH_SCHEMA:
            yield Hit((*place, spelling(config, key)), Part.KEY, {"name": spelling(config, key)})


@check
def two_answer_schemas(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the second of two schemas of the answer."""
    config, place = _config(request)
    if all(member(config, key) is not None for key in _SCHEMAS):
        yield Hit((*place, spelling(config, _SCHEMAS[1])), Part.KEY)


@check
def logprobs_without_response_logprobs(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a number of likely tokens to tell of where nothing asks for likelihoods."""
    config, place = _config(request)
    if config.get("logprobs") is not None and member(config, "responseLogprobs") is not True:
        yield Hit((*place, "logprobs"), Part.KEY)


@check
def several_candidates(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a wish for several answers."""
    config, place = _config(request)
    count = _number(member(config, "candidateCount"))
    if count is not None and count > 1:
        yield Hit((*place, spelling(config, "candidateCount")), facts={"value": count})


@check
def penalty_on_model_without_it(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every penalty other than 0 when the model is known to refuse it."""
    config, place = _config(request)
    for key in ("presencePenalty", "frequencyPenalty"):
        if _number(member(config, key)) and is_one_of(request, facts, "penalty-refused-by"):
            name = spelling(config, key)
            yield Hit((*place, name), Part.KEY, {"name": name, "model": written_id(request)})


@check
def sampling_ignored_by_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every sampling setting that the model takes and does not follow."""
    config, place = _config(request)
    for key in ("temperature", "topP", "topK"):
        if member(config, key) is not None and is_one_of(request, facts, "sampling-ignored-by"):
            name = spelling(config, key)
            yield Hit((*place, name), Part.KEY, {"name": name, "model": written_id(request)})


@check
def both_thinking_settings(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a budget for thoughts beside a level of thinking."""
    config, place = _thinking(request)
    if member(config, "thinkingBudget") is not None and member(config, "thinkingLevel") is not None:
        yield Hit((*place, spelling(config, "thinkingBudget")), Part.KEY)


@check
def thinking_budget_for_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a budget for thoughts that the model does not take; -1 leaves it to the model."""
    config, place = _thinking(request)
    budget, model = _number(member(config, "thinkingBudget")), model_id(request)
    if budget is None or budget == -1 or model is None:
        return
    for entry in facts.get("thinking-budgets", {}).get("value", ()):
        if fits(model, entry):
            if not entry["least"] <= budget <= entry["most"] and not (budget == 0 and entry.get("zero", False)):
                shown = {"value": budget, "first": entry["least"], "most": entry["most"], "model": written_id(request)}
                yield Hit((*place, spelling(config, "thinkingBudget")), facts=shown)
            return


@check
def thinking_turned_off_for_thinking_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a budget of 0 for a model that works only with thoughts."""
    config, place = _thinking(request)
    if _number(member(config, "thinkingBudget")) == 0 and is_one_of(request, facts, "works-only-with-thoughts"):
        yield Hit((*place, spelling(config, "thinkingBudget")), facts={"model": written_id(request)})


@check
def thinking_level_on_older_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a level of thinking for a model that takes only a budget, or nothing."""
    config, place = _thinking(request)
    if member(config, "thinkingLevel") is not None and is_one_of(request, facts, "before-gemini-3"):
        yield Hit((*place, spelling(config, "thinkingLevel")), Part.KEY, {"model": written_id(request)})


@check
def thinking_level_for_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a level of thinking that is none of the model's."""
    config, place = _thinking(request)
    level, model = member(config, "thinkingLevel"), model_id(request)
    if not isinstance(level, str) or model is None:
        return
    for entry in facts.get("thinking-levels", {}).get("value", ()):
        if is_among(model, entry["models"]):
            if level.upper() not in (*entry["levels"], "THINKING_LEVEL_UNSPECIFIED"):
                shown = {"value": level, "allowed": entry["levels"], "model": written_id(request)}
                yield Hit((*place, spelling(config, "thinkingLevel")), facts=shown)
            return


@check
def thinking_config_on_plain_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find a wish for thoughts when the model has none."""
    config, place = _thinking(request)
    wanted = member(config, "includeThoughts") is True or _number(member(config, "thinkingBudget")) not in (None, 0)
    if wanted and is_one_of(request, facts, "thinks-not"):
        yield Hit(place, Part.KEY, {"model": written_id(request)})


@check
def json_answer_with_tools(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the media type JSON beside tools; as a warning where the model is not known, or takes JSON beside others."""
    config, place = _config(request)
    key = spelling(config, "responseMimeType")
    if config.get(key) != _JSON:
        return
    kinds = {
        name for _, tool in listed(request, "tools", ()) for name, value in tool.items() if value not in (None, [])
    }
    never = facts.get("tools-without-json", {}).get("value", ())
    is_refused = any(kind in kinds or snake_case(kind) in kinds for kind in never)
    mode = calling_config(request)[0].get("mode")
    if not kinds or (isinstance(mode, str) and mode.upper() == "NONE"):
        return
    if is_one_of(request, facts, "before-gemini-3"):
        yield Hit((*place, key), facts={"model": written_id(request)})
    elif is_refused or model_id(request) is None:
        yield Hit((*place, key), severity=Severity.WARNING)


@check
def cached_content_with_its_parts(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every member that a cached beginning of the conversation already has."""
    if member(request, "cachedContent") in (None, ""):
        return
    for key in ("systemInstruction", "tools", "toolConfig"):
        name = spelling(request, key)
        if request.get(name) not in (None, [], {}):
            yield Hit((name,), Part.KEY, {"name": name})


@check
def duplicate_safety_setting(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every category of harm that has a setting already."""
    seen: set[str] = set()
    for place, setting in listed(request, "safetySettings", ()):
        category = setting.get("category")
        if isinstance(category, str):
            if category.upper() in seen:
                yield Hit((*place, "category"), facts={"value": category})
            seen.add(category.upper())


@check
def safety_settings_with_model_armor(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find settings of safety beside the templates that take their place."""
    key = spelling(request, "safetySettings")
    if request.get(key) and member(request, "modelArmorConfig"):
        yield Hit((key,), Part.KEY)


@check
def two_voice_settings(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find one voice beside the voices of several speakers."""
    speech, place = child(*_and_place(_config(request), "speechConfig"))
    if all(member(speech, key) is not None for key in ("voiceConfig", "multiSpeakerVoiceConfig")):
        yield Hit((*place, spelling(speech, "voiceConfig")), Part.KEY)


@check
def feature_of_other_models(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find an instruction, functions and JSON for models that were seen to refuse them."""
    if not is_one_of(request, facts, "plain-models"):
        return
    config, place = _config(request)
    key = spelling(request, "systemInstruction")
    if request.get(key):
        yield Hit((key,), Part.KEY, {"name": key, "model": written_id(request)})
    if any(True for _ in declarations(request)):
        yield Hit(("tools",), Part.KEY, {"name": "function calling", "model": written_id(request)})
    if member(config, "responseMimeType") == _JSON:
        mime = (*place, spelling(config, "responseMimeType"))
        yield Hit(mime, facts={"name": "JSON", "model": written_id(request)})


@check
def keyword_ignored_in_answer_schema(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword of the answer's JSON Schema that is not among those that are documented."""
    from reqlint.checks.json_schema import subschemas

    config, place = _config(request)
    key = spelling(config, "responseJsonSchema")
    schema = config.get(key)
    for inside, each in subschemas(schema) if isinstance(schema, dict) else ():
        for keyword in each:
            if keyword not in _KNOWN_KEYWORDS:
                yield Hit((*place, key, *inside, keyword), Part.KEY, {"field": keyword})


def _and_place(found: tuple[Mapping[str, Any], Place], key: str) -> tuple[Mapping[str, Any], str, Place]:
    return found[0], key, found[1]


def _number(value: object) -> float | None:
    """Return a number, also one in a string; None for everything else."""
    if isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    return value if isinstance(value, int | float) and not isinstance(value, bool) else None
