"""Which pasted documents are requests, and where they would be sent."""

from reqlint.containers.envelope import RECORDINGS, Envelope, Kind
from reqlint.containers.finder import find_requests
from reqlint.dialects.registry import is_endpoint
from reqlint.text.pasted.documents import PastedDocument

_CALLED = (
    ("chat.completions", "/v1/chat/completions"),
    ("responses", "/v1/responses"),
    ("messages", "/v1/messages"),
    ("embeddings", "/v1/embeddings"),
    ("completions", "/v1/completions"),
)
_COMPLETION = ("completion", "acompletion")  # of LiteLLM, which takes messages
_METHODS = ("create", "stream", "parse")


def find_pasted(
    document: PastedDocument, kind: Kind | None = None, *, named: bool = False, dialect: str | None = None
) -> tuple[Envelope, ...]:
    """
    Return the requests in a pasted document; an empty tuple if it goes to another endpoint or is no request.

    Arguments as `find_requests`. A command whose URL is an endpoint is for it whatever its body is.
    """
    if goes_elsewhere(document, dialect):
        return ()
    url = document.url or url_of_call(document.call)
    found = find_requests(document.value, kind, named=named or bool(url), dialect=dialect)
    return tuple(
        envelope
        if envelope.kind in RECORDINGS
        else envelope._replace(kind=Kind.PASTED, url=envelope.url or url, headers=document.headers)
        for envelope in found
    )


def goes_elsewhere(document: PastedDocument, dialect: str | None = None) -> bool:
    """Return whether a pasted request has a URL, or calls a function, that is for no dialect here, or is no POST."""
    url = document.url or url_of_call(document.call)
    return bool(url and not is_endpoint(url, dialect)) or (document.method or "POST").upper() != "POST"


def url_of_call(call: str) -> str | None:
    """Return the path that a call of an SDK, such as ``client.chat.completions.create``, posts to; None if unknown."""
    owner, _, method = call.rpartition(".")
    if method in _COMPLETION:
        return "/v1/chat/completions"
    if method not in _METHODS:
        return None
    return next((path for name, path in _CALLED if owner == name or owner.endswith(f".{name}")), None)
