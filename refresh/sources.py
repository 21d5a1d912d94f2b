"""The packages that ship tables of models, and what each says of a model of a profile."""

import re
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from refresh.archives import UnreadableSource, json_in, literal_in, read_member, wheel_of


class Claim(NamedTuple):
    """What one source says of one model, under the name that the profile's API has for it."""

    source: str  #: package and version
    profile: str
    model: str
    output: int | None = None  #: the most tokens of an answer; None where only the context is known
    retires: str | None = None  #: the day, or that it is deprecated
    successor: str | None = None


Table = Callable[[str, Any], Iterator[Claim]]

LITELLM = {
    "openai": ("openai",), "azure": ("azure-openai",), "anthropic": ("anthropic",), "mistral": ("mistral",),
    "bedrock_converse": ("bedrock-converse",), "gemini": ("gemini", "gemini-openai"), "groq": ("groq",),
    "vertex_ai-language-models": ("vertex-gemini",), "deepseek": ("deepseek",), "xai": ("xai",),
    "moonshot": ("moonshot",), "zai": ("zhipu",), "dashscope": ("dashscope",),
}  # fmt: skip
"""Profiles by litellm's names of providers."""
MODELPARAMS = {
    "openai": ("openai",), "anthropic": ("anthropic",), "mistral": ("mistral",), "bedrock": ("bedrock-converse",),
    "google": ("gemini", "gemini-openai"), "vertex": ("vertex-gemini",), "groq": ("groq",), "deepseek": ("deepseek",),
    "xai": ("xai",), "moonshot": ("moonshot",), "z-ai": ("zhipu",), "alibaba": ("dashscope",),
}  # fmt: skip
LANGCHAIN = {
    "langchain-openai": ("openai",), "langchain-anthropic": ("anthropic",), "langchain-mistralai": ("mistral",),
    "langchain-google-genai": ("gemini", "gemini-openai"), "langchain-groq": ("groq",), "langchain-xai": ("xai",),
    "langchain-deepseek": ("deepseek",), "langchain-openrouter": ("openrouter",),
}  # fmt: skip
"""Packages with the tables of models.dev, by provider."""
PACKAGES = ("litellm", "modelparams", *LANGCHAIN)

_PREFIXES = ("gemini/", "vertex_ai/", "mistral/", "groq/", "deepseek/", "xai/", "moonshot/", "zai/", "dashscope/",
             "azure/", "bedrock/", "bedrock_converse/")  # fmt: skip
_REGION = re.compile(r"^(?:(?:us|eu|apac|au|ca|in|jp|us-gov|global)[./]|global-standard/|[a-z]{2}-[a-z-]+-[0-9]/)")
_LIMITS = ("max_tokens", "max_completion_tokens", "max_output_tokens", "maxoutputtokens", "maxtokens")


def claims_in(folder: Path) -> Iterator[Claim]:
    """
    Yield what the wheels in *folder* say of models.

    Raises:
        UnreadableSource: one of them is missing, or holds something else than it did.
    """
    for package in PACKAGES:
        wheel, version = wheel_of(package, folder)
        module, source = package.replace("-", "_"), f"{package} {version}"
        try:
            if package == "litellm":
                text = read_member(wheel, "litellm/model_prices_and_context_window_backup.json")
                yield from _of_litellm(source, json_in(text))
            elif package == "modelparams":
                text = read_member(wheel, "modelparams/_generated/catalog.json")
                yield from _of_modelparams(source, json_in(text))
            else:
                text = read_member(wheel, f"{module}/data/_profiles.py")
                yield from _of_langchain(source, LANGCHAIN[package], literal_in(text, "_PROFILES"))
        except (AttributeError, LookupError, TypeError) as error:
            raise UnreadableSource(f"{wheel.name} has another form than it had: {error!r}") from None


def _of_litellm(source: str, table: Mapping[str, Any]) -> Iterator[Claim]:
    for name, entry in table.items():
        if entry.get("mode") in ("chat", "responses"):
            own = _without_prefix(name)
            for profile in LITELLM.get(entry.get("litellm_provider"), ()):
                output, day = _own_limit(entry), entry.get("deprecation_date")
                successor = entry.get("successor_model")
                yield Claim(source, profile, own, output, day, successor and _without_prefix(successor))


def _of_langchain(source: str, profiles: tuple[str, ...], table: Mapping[str, Any]) -> Iterator[Claim]:
    for name, entry in table.items():
        if entry.get("text_outputs", True):
            state = "deprecated" if entry.get("status") == "deprecated" else None
            for profile in profiles:
                yield Claim(source, profile, name, _own_limit(entry), state)


def _of_modelparams(source: str, table: list[Mapping[str, Any]]) -> Iterator[Claim]:
    for entry in table:
        if entry["authType"] == "api_key":
            most = [
                parameter["range"]["max"]
                for parameter in entry["params"]
                if parameter["path"].split(".")[-1].lower() in _LIMITS and "max" in parameter.get("range", {})
            ]
            for profile in MODELPARAMS.get(entry["provider"], ()):
                yield Claim(source, profile, entry["model"], _number(max(most)) if most else None)


def _own_limit(entry: Mapping[str, Any]) -> int | None:
    """Return the longest answer; None where it is that of the context, which says nothing of the answer."""
    output, context = _number(entry.get("max_output_tokens")), _number(entry.get("max_input_tokens"))
    return None if output is None or (context is not None and output >= context) else output


def _number(value: object) -> int | None:
    return value if type(value) is int and value > 0 else None


def _without_prefix(name: str) -> str:
    """Return a name as the API has it: without the provider, and without the region, where the limits are the same."""
    return _REGION.sub("", next((name.removeprefix(each) for each in _PREFIXES if name.startswith(each)), name))
