"""Which profile judges a request when none is named: that of the host it was sent to, then that of its model."""

from fnmatch import fnmatchcase
from typing import NamedTuple
from urllib.parse import urlsplit

from reqlint.knowledge.catalog import Catalog, shipped

AUTO = "auto"
FALLBACK = "openai"
"""The profile when neither host nor model is known: the format is OpenAI's."""


class Choice(NamedTuple):
    """A profile, and why it was chosen."""

    profile: str
    why: str


def choose_profile(catalog: Catalog, url: str | None, model: str | None) -> Choice:
    """
    Return the profile for a request, and why.

    Args:
        catalog: the profiles; those of a project are tried before the shipped ones.
        url: where it was sent, from a recording or batch line; a path alone names no host.
        model: its ``model``.
    """
    names = sorted(catalog.profile_names, key=lambda name: name in shipped().profile_names)
    host = _host(url)
    if host:
        for name in names:
            if any(fnmatchcase(host, _host(endpoint) or "") for endpoint in catalog.summaries[name].endpoints):
                return Choice(name, f"host {host}")
    if model:
        for name in names:
            if any(fnmatchcase(model.lower(), pattern) for pattern in catalog.summaries[name].models):
                return Choice(name, f"model {model}")
    return Choice(FALLBACK, "neither host nor model is known")


def _host(url: str | None) -> str | None:
    if not url or "//" not in url:
        return None
    try:
        return (urlsplit(url).hostname or "").lower() or None
    except ValueError:  # a bracket that opens no IPv6 address
        return None
