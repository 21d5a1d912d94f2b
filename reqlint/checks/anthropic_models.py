"""Whether the model takes a parameter, or a value of it, by the profile's dated lists."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.claude import betas, blocks_in, effort_of, forced_choice, is_latest_version, listed, model_name
from reqlint.checks.model_lists import fits
from reqlint.core.findings import Hit, Link, Part
from reqlint.dialects.vocabulary import Dialect

_DEFAULTS = {"temperature": (1,), "top_p": (1, -1), "top_k": (-1,)}
"""The values that count as no value for a model without the parameter."""
_CLOUDS = {"bedrock-": "Bedrock", "vertex-": "Google's cloud"}


@check
def sampling_on_claude(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every sampling parameter with another value than the default when the model takes none."""
    model = None if is_latest_version(request) else listed(request, facts, "sampling-refused-by")
    for name, defaults in _DEFAULTS.items() if model else ():
        value = request.get(name)
        if isinstance(value, int | float) and value not in defaults:
            yield Hit((name,), Part.KEY, {"name": name, "value": value, "model": model})


@check
def temperature_with_top_p(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find top_p beside temperature when the model takes one of them."""
    temperature, top_p = request["temperature"], request.get("top_p")
    if temperature is None or top_p is None or top_p == -1 or is_latest_version(request):
        return
    if model := listed(request, facts, "one-sampling-parameter-taken-by"):
        yield Hit(("top_p",), Part.KEY, {"model": model}, (Link(("temperature",), "temperature is set"),))


@check
def unsupported_effort(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the effort when the model does not take it, or none at all."""
    effort, model = effort_of(request), model_name(request)
    for entry in facts.get("effort-levels", {}).get("value", ()) if effort else ():
        if fits(model, entry) and effort not in entry["levels"]:
            takes = ", ".join(entry["levels"]) or "no effort"
            yield Hit(("output_config", "effort"), facts={"value": effort, "model": model, "takes": takes})


@check
def forced_tool_on_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of a choice that forces a call when the model takes none."""
    if (kind := forced_choice(request)) and (model := listed(request, facts, "forced-choice-refused-by")):
        yield Hit(("tool_choice", "type"), facts={"value": kind, "model": model})


@check
def inference_geo_on_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find inference_geo when the model cannot be told where to run."""
    if request["inference_geo"] is not None and (model := listed(request, facts, "inference-geo-refused-by")):
        yield Hit(("inference_geo",), Part.KEY, {"model": model})


@check
def output_config_on_cloud(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find output_config where Bedrock or Google may not know it yet."""
    version = request["anthropic_version"]
    if "output_config" not in request:
        return
    for prefix, cloud in _CLOUDS.items():
        is_recent = prefix == "bedrock-" and listed(request, facts, "output-config-on-bedrock-taken-by")
        if isinstance(version, str) and version.startswith(prefix) and not is_recent:
            yield Hit(("output_config",), Part.KEY, {"what": cloud})


@check
def refused_bedrock_beta(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every beta feature that Bedrock was seen to refuse."""
    refused = facts.get("betas-refused-by-bedrock", {}).get("value", ())
    version = request.get("anthropic_version")
    if isinstance(version, str) and version.startswith("bedrock-"):
        for number, beta in enumerate(request["anthropic_beta"]):
            if beta in refused:
                yield Hit(("anthropic_beta", number), facts={"name": beta})


@check
def beta_field_without_beta(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every parameter or tool of a beta feature where the header is known and names no such feature."""
    named = betas(request)
    if named is None:
        return
    for name, prefixes in facts.get("betas-by-parameter", {}).get("value", {}).items():
        if request.get(name) is not None and not any(beta.startswith(tuple(prefixes)) for beta in named):
            yield Hit((name,), Part.KEY, {"name": name, "expected": f"{prefixes[0]}…"})
    by_tool = facts.get("betas-by-tool", {}).get("value", {})
    for place, tool in blocks_in(request.get("tools"), ("tools",)):
        for name, prefix in by_tool.items():
            if str(tool.get("type")).startswith(name) and not any(beta.startswith(prefix) for beta in named):
                yield Hit((*place, "type"), facts={"name": "this tool", "expected": f"{prefix}…"})
