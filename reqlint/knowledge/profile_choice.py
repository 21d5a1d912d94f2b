"""
Which profile judges a request when none is named: by its host, then by its model.

The wire shape comes between the two: only profiles of the request's dialect are asked. What is known of neither host
nor model is judged by the project's first contract; a host or model of somebody that no profile is for, by the profile
of what all servers of the shape refuse. Both only stand in: a recording does not contradict them.
"""

import re
from collections.abc import Iterable, Mapping
from fnmatch import fnmatchcase
from typing import NamedTuple
from urllib.parse import urlsplit

from reqlint.dialects.tool_forms import ANTHROPIC, BEDROCK, GEMINI, ToolForm
from reqlint.knowledge.catalog import Catalog, shipped
from reqlint.knowledge.profile import DEFAULT_DIALECT, DEFAULT_PROFILE

AUTO = "auto"
COMPATIBLE = "openai-compatible"
"""The profile of hosts and models that are known, and that no profile is for."""
TRAINING = "openai"
"""The profile of training examples: their form is OpenAI's."""

TOOLS = "openai"
"""The profile of tools whose form says nothing of another API."""
_OF_FORM: Mapping[ToolForm, str] = {ANTHROPIC: "anthropic", BEDROCK: "bedrock-converse", GEMINI: "gemini"}

_QWEN = re.compile(r"(qwen|qwq|qvq)[^/]*$")
_ROUTED = re.compile(r"(?!arn:)[^/\s]+/.+")
"""A vendor before the model, as routers write it: ``openai/o3-mini``, ``bedrock/us.amazon.nova-lite-v1:0``."""


_LOCAL = re.compile(r"(^|\.)localhost$|^[^.]+$|^(127|10|192\.168|0)\.|\.local$|:")
"""Hosts that say nothing of the API behind them: this machine, and names and addresses of a local network."""


class Choice(NamedTuple):
    """A profile, and why it was chosen."""

    profile: str
    why: str
    stands_in: bool = False  #: whether it judges only because no profile is known to be the right one
    has_unlisted_model: bool = False  #: whether the request names a model that no profile lists
    others: tuple[str, ...] = ()  #: further profiles that list the model; one of them may be the right one
    of_tools: bool = False  #: whether tools without a request were judged
    is_borrowed: bool = False
    """Whether the request is for somebody else who took over a vendor's wire shape: what they refuse is not known."""


def count_judged(choices: Mapping[Choice, int]) -> tuple[int, int]:
    """Return how many requests were judged, and how many tools without one."""
    tools = sum(count for choice, count in choices.items() if choice.of_tools)
    return sum(choices.values()) - tools, tools


def choose_for_tools(form: ToolForm) -> Choice:
    """
    Return the profile for tools of a form, and why.

    The vendor's for a form that only one has; otherwise OpenAI's, which refuses more in a schema than most.
    """
    return Choice(_OF_FORM.get(form, TOOLS), f"form of {form.name}", stands_in=True, of_tools=True)


def choose_profile(catalog: Catalog, url: str | None, model: str | None, dialect: str = DEFAULT_DIALECT) -> Choice:
    """
    Return the profile for a request, and why.

    Args:
        catalog: the profiles; those of a project are tried before the shipped ones.
        url: where it was sent, from a recording or batch line; a path alone names no host.
        model: its ``model``.
        dialect: its wire shape.
    """
    names = sorted(
        catalog.profiles_in(dialect), key=lambda name: (name in shipped().profile_names, name == COMPATIBLE)
    )  # a vendor's own profile goes before the one for vendors without
    if dialect != DEFAULT_DIALECT:
        return _choose_in_shape(catalog, names, url, model, dialect)
    lister = _lister(catalog, names, model) if model else None
    host = _host(url)
    if host and not _LOCAL.search(host):
        path = urlsplit(url or "").path
        found = (name for name in names if any(_serves(at, host, path) for at in catalog.summaries[name].endpoints))
        name = next(found, COMPATIBLE)
        return Choice(name, f"host {host}", name == COMPATIBLE, bool(model) and lister is None)
    if lister and model:
        stands_in = lister in (COMPATIBLE, DEFAULT_PROFILE)
        others = tuple(name for name in names if name not in (lister, COMPATIBLE) and _lists(catalog, name, model))
        return Choice(lister, f"model {model}", stands_in, others=others)
    if model and _ROUTED.fullmatch(model):
        return Choice(COMPATIBLE, f"model {model}", stands_in=True, has_unlisted_model=True)
    return Choice(DEFAULT_PROFILE, "neither host nor model is known", stands_in=True, has_unlisted_model=bool(model))


def _choose_in_shape(catalog: Catalog, names: list[str], url: str | None, model: str | None, dialect: str) -> Choice:
    """
    Return the profile of a wire shape that one vendor made: that of the host or model, or the vendor's own.

    The vendor's is only borrowed for another host, and for a model of somebody else or behind a router.
    """
    host = _host(url)
    if host and not _LOCAL.search(host):
        path = urlsplit(url or "").path
        for name in names:
            if any(_serves(at, host, path) for at in catalog.summaries[name].endpoints):
                return Choice(name, f"host {host}")
        return Choice(_vendors(catalog, names), f"host {host}", stands_in=True, is_borrowed=True)
    for name in names:
        if model and _lists(catalog, name, model):
            return Choice(name, f"model {model}")
    is_of_others = model is not None and (
        bool(_ROUTED.fullmatch(model)) or any(_lists(catalog, name, model) for name in catalog.profile_names)
    )
    vendors, unlisted = _vendors(catalog, names), bool(model) and not is_of_others
    return Choice(vendors, f"shape {dialect}", stands_in=True, has_unlisted_model=unlisted, is_borrowed=is_of_others)


def _vendors(catalog: Catalog, names: Iterable[str]) -> str:
    return next(name for name in names if catalog.summaries[name].extends is None)


def _lister(catalog: Catalog, names: Iterable[str], model: str) -> str | None:
    """Return the profile that lists the model; for a Qwen model the first contract, unless a project has its own."""
    folded = model.lower()
    for name in names:
        if name in shipped().profile_names and _ROUTED.fullmatch(model):
            return None
        if name in shipped().profile_names and _QWEN.match(folded):
            return DEFAULT_PROFILE
        if _lists(catalog, name, model):
            return name
    return None


def _lists(catalog: Catalog, name: str, model: str) -> bool:
    return any(fnmatchcase(model.lower(), pattern) for pattern in catalog.summaries[name].models)


def _serves(endpoint: str, host: str, path: str) -> bool:
    """Return whether an *endpoint* of a profile is at a host, and at a path if it has ``*`` in its own."""
    pattern = urlsplit(endpoint)
    if not fnmatchcase(host, (pattern.hostname or "").lower()):
        return False
    return "*" not in pattern.path or fnmatchcase(path, pattern.path)


def _host(url: str | None) -> str | None:
    if not url or "//" not in url:
        return None
    try:
        return (urlsplit(url).hostname or "").lower() or None
    except ValueError:  # a bracket that opens no IPv6 address
        return None
