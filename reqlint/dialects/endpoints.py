"""What is sent to a URL: a request of a dialect here, or of another API, known by host and path."""

import re
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from reqlint.dialects.apis import (
    ANTHROPIC_REQUEST,
    ASSISTANTS,
    CHAT_REQUEST,
    COHERE,
    COMPLETIONS,
    CONVERSE_REQUEST,
    DASHSCOPE,
    EMBEDDINGS,
    GEMINI,
    GEMINI_REQUEST,
    INVOKE,
    OLLAMA,
    RESPONSES,
    RESPONSES_REQUEST,
    Stranger,
    What,
)

_APIS: tuple[tuple[str, str, Stranger | str], ...] = (
    (r"(.+\.)?cohere\.(com|ai)$", r"/v[12]/chat$", COHERE),
    (r"dashscope.*\.aliyuncs\.com$", r"/api/v1/", DASHSCOPE),
    (r"", r"/(threads|assistants)(/|$)", ASSISTANTS),
    (r"", r"/responses$", RESPONSES_REQUEST),
    (r"", r"/responses/(compact|input_tokens)$", RESPONSES),
    (r"", r"/messages(/count_tokens|/batches)?$", ANTHROPIC_REQUEST),
    (r"", r":(generateContent|streamGenerateContent)$", GEMINI_REQUEST),
    (r"", r":(countTokens|batchGenerateContent)$", GEMINI),
    (r"", r"/publishers/anthropic/models/[^/]+:(streamRawPredict|rawPredict)$", ANTHROPIC_REQUEST),
    (r"", r":(streamRawPredict|rawPredict)$", "Vertex AI's raw predictions"),
    (r"", r"/model/.+/converse(-stream)?$", CONVERSE_REQUEST),
    (r"", r"/model/([^/]+\.)?anthropic\.[^/]+/invoke(-with-response-stream)?$", ANTHROPIC_REQUEST),
    (r"", r"/model/.+/invoke(-with-response-stream)?$", INVOKE),
    (r"", r"/embeddings$|/embed$|:(batch)?[eE]mbedContents?$|/api/embed", EMBEDDINGS),
    (r"", r"/api/(chat|generate)$", OLLAMA),
    (r"", r"/images/", "an image API"),
    (r"", r"/audio/", "an audio API"),
    (r"", r"/moderations$", "a moderation API"),
    (r"", r"/rerank$", "a rerank API"),
    (r"", r"(?<!chat)/completions?$|/complete$", COMPLETIONS),
)
"""The patterns of a host and of a path, and the API there; a word stands for requests of an API without a dialect."""
_OTHER = Stranger(What.REQUEST, "other endpoints")
UNREADABLE_URL = Stranger(What.REQUEST, "an address that cannot be read")


@lru_cache(maxsize=256)
def api_at(url: str) -> Stranger:
    """
    Return the API at *url*, a full URL or the path of a batch line.

    A batch line has the path alone, and its API has no other endpoint with chat in it: there, a misspelled one counts.
    """
    try:
        split = urlsplit(url)
        host, path = (split.hostname or "").lower(), unquote(split.path).rstrip("/")
    except ValueError:  # a bracket that opens no IPv6 address
        return UNREADABLE_URL
    if path.endswith("chat/completions") or (not split.netloc and (not url.strip("/") or "chat" in path.split("/"))):
        return CHAT_REQUEST
    # NOTE: `re` keeps what it compiled; most runs see no URL, and importing this module compiles nothing.
    found = next((api for on_host, at, api in _APIS if re.match(on_host, host) and re.search(at, path)), _OTHER)
    return found if isinstance(found, Stranger) else Stranger(What.REQUEST, found)
