"""Which profile a request is for, when nobody said: the host it was sent to decides, then the model's name."""

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from reqlint.knowledge.catalog import NO_CUSTOM, CustomFolders
from reqlint.knowledge.profile import load_profile, profile_names

AUTO = "auto"
FALLBACK = "openai"
"""Whose format it is, when neither host nor model is known."""


class Choice(NamedTuple):
    """A profile, and what spoke for it."""

    profile: str
    why: str


@lru_cache(maxsize=1024)
def choose_profile(url: str | None, model: str | None, own: CustomFolders = NO_CUSTOM) -> Choice:
    """
    Choose the profile of a request.

    Args:
        url: where it was sent, as a recording or batch line says; a path alone names no host.
        model: its ``model``.
        own: added profiles, which are asked before ours.
    """
    ours = profile_names()
    names = (*(name for name in profile_names(own) if name not in ours), *ours) if own.profiles else ours
    host = _host(url)
    if host:
        for name in names:
            if any(fnmatchcase(host, _host(endpoint) or "") for endpoint in load_profile(name, own).endpoints):
                return Choice(name, f"host {host}")
    if model:
        for name in names:
            if any(fnmatchcase(model.lower(), pattern) for pattern in load_profile(name, own).models):
                return Choice(name, f"model {model}")
    return Choice(FALLBACK, "neither host nor model is known")


def _host(url: str | None) -> str | None:
    if not url or "//" not in url:
        return None
    try:
        return (urlsplit(url).hostname or "").lower() or None
    except ValueError:  # a bracket that opens no IPv6 address
        return None
