"""
What the URL and the headers of a Messages request say that its body need not.

Three things decide how a body is judged and may stand outside of it: the version of the API and the beta features, in
headers; and in the path, whether tokens are only counted, and on Bedrock and Google the model.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any
from urllib.parse import unquote, urlsplit

VERSION = ":anthropic-version"
BETAS = ":anthropic-beta"
PATH = ":path"
MODEL = ":model"

_MODEL_IN_PATH = re.compile(r"/models?/([^/]+?)(?:/invoke(?:-with-response-stream)?|:(?:rawPredict|streamRawPredict))$")


def stated(url: str | None, headers: Mapping[str, str]) -> Mapping[str, Any]:
    """Return what *url* and *headers*, with names in lower case, say, under keys that no body has."""
    said: dict[str, Any] = dict(_of_url(url)) if url else {}
    if version := headers.get("anthropic-version"):
        said[VERSION] = version.strip()
    if betas := headers.get("anthropic-beta"):
        said[BETAS] = [beta.strip() for beta in betas.split(",") if beta.strip()]
    return said


@lru_cache(maxsize=64)
def _of_url(url: str) -> Mapping[str, Any]:
    try:
        path = unquote(urlsplit(url).path).rstrip("/")
    except ValueError:  # a bracket that opens no IPv6 address
        return {}
    said: dict[str, Any] = {}
    if path.endswith(("/messages/count_tokens", "/messages/batches")):
        said[PATH] = path[path.rindex("/") + 1 :]
    if model := _MODEL_IN_PATH.search(path):
        said[MODEL] = model[1]
    return said
