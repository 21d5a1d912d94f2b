"""Which profile judges a request when none is named: that of the host it was sent to, then that of its model."""

from fnmatch import fnmatchcase
from functools import lru_cache
from typing import NamedTuple
from urllib.parse import urlsplit

from reqlint.knowledge.custom_folders import NO_CUSTOM, CustomFolders
from reqlint.knowledge.profile import load_profile, profile_names

AUTO = "auto"
FALLBACK = "openai"
"""The profile when neither host nor model is known: the format is OpenAI's."""


class Choice(NamedTuple):
    """A profile, and why it was chosen."""

    profile: str
    why: str


@lru_cache(maxsize=1024)
def choose_profile(url: str | None, model: str | None, own: CustomFolders = NO_CUSTOM) -> Choice:
    """
    Return the profile for a request, and why.

    Args:
        url: where it was sent, from a recording or batch line; a path alone names no host.
        model: its ``model``.
        own: added profiles, which are tried before the shipped ones.
    """
    shipped = profile_names()
    names = (*(name for name in profile_names(own) if name not in shipped), *shipped) if own.profiles else shipped
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
