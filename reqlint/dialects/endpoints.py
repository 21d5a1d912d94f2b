"""What is sent to a URL: a request of a dialect here, or of another API, known by host and path."""

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from reqlint.dialects.strangers import (
    ANTHROPIC,
    ASSISTANTS,
    COHERE,
    COMPLETIONS,
    CONVERSE,
    DASHSCOPE,
    EMBEDDINGS,
    GEMINI,
    INVOKE,
    OLLAMA,
    RESPONSES,
    Stranger,
    What,
)

_APIS = tuple(
    (re.compile(host), re.compile(path), Stranger(What.REQUEST, name))
    for host, path, name in (
        (r"(.+\.)?cohere\.(com|ai)$", r"/v[12]/chat$", COHERE),
        (r"dashscope.*\.aliyuncs\.com$", r"/api/v1/", DASHSCOPE),
        (r"", r"/responses(/compact|/input_tokens)?$", RESPONSES),
        (r"", r"/messages(/count_tokens|/batches)?$", ANTHROPIC),
        (r"", r":(generateContent|streamGenerateContent|countTokens|batchGenerateContent)$", GEMINI),
        (r"", r":(streamRawPredict|rawPredict)$", ANTHROPIC),
        (r"", r"/model/[^/]+/converse(-stream)?$", CONVERSE),
        (r"", r"/model/[^/]+/invoke(-with-response-stream)?$", INVOKE),
        (r"", r"/embeddings$|/embed$|:(batch)?[eE]mbedContents?$|/api/embed", EMBEDDINGS),
        (r"", r"/api/(chat|generate)$", OLLAMA),
        (r"", r"/(threads|assistants)(/|$)", ASSISTANTS),
        (r"", r"/images/", "an image API"),
        (r"", r"/audio/", "an audio API"),
        (r"", r"/moderations$", "a moderation API"),
        (r"", r"/rerank$", "a rerank API"),
        (r"", r"(?<!chat)/completions?$|/complete$", COMPLETIONS),
    )
)
_OTHER = Stranger(What.REQUEST, "other endpoints")


@lru_cache(maxsize=256)
def api_at(url: str) -> Stranger:
    """Return the API at *url*, a full URL or the path of a batch line, which is known to be no chat endpoint."""
    try:
        split = urlsplit(url)
        host, path = (split.hostname or "").lower(), unquote(split.path).rstrip("/")
    except ValueError:  # a bracket that opens no IPv6 address
        return _OTHER
    return next((api for on_host, at, api in _APIS if on_host.match(host) and at.search(path)), _OTHER)
