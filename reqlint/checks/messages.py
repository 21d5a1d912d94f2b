"""Whether the images of a conversation can be loaded from where they are said to be."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.findings import Hit

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,15}):").match
_is_media_type = re.compile(r"[\w.+-]+/[\w.+-]+\Z").match
_foreign = re.compile(r"[^A-Za-z0-9+/]").search
# What stands for something filled in later: ${image}, {{image}}, {image}, <base64>, %s, [IMAGE], ..., …
_is_placeholder = re.compile(r"[{}<>\[\]$…]|\.\.\.|%[sd]|\A[A-Z0-9_]{1,40}\Z").search
_DEFAULT_SCHEMES = ("http", "https", "data")


@check
def unusable_image_url(request: Request, facts: Facts) -> Iterator[Hit]:
    """Every image address of a scheme that is not fetched, or that holds no decodable image."""
    messages = request["messages"]
    for index, message in enumerate(messages if isinstance(messages, list) else ()):
        content = message.get("content") if isinstance(message, dict) else None
        if type(content) is not list:
            continue
        for number, part in enumerate(content):
            if isinstance(part, dict) and part.get("type") == "image_url":
                image = part.get("image_url")
                url = image.get("url") if isinstance(image, dict) else image
                flaw = _flaw(url, facts) if isinstance(url, str) and url else None
                if flaw:
                    place = ("messages", index, "content", number, "image_url")
                    yield Hit((*place, "url") if isinstance(image, dict) else place, facts=flaw)


def _flaw(url: str, facts: Facts) -> Mapping[str, object] | None:
    """Say what keeps an image from being loaded; None when nothing does, or when it is not there yet."""
    url = url.strip()
    known = facts.get("image-url-schemes", {}).get("value", _DEFAULT_SCHEMES)
    match = _SCHEME(url)
    scheme = match[1].lower() if match else None
    if scheme == "data":
        return _flaw_of_data(url)
    if scheme in known or _is_placeholder(url[:2000]):
        return None
    return {"scheme": scheme, "schemes": list(known)} if scheme else {"takes": list(known)}


def _flaw_of_data(url: str) -> Mapping[str, Any] | None:
    head, comma, payload = url[len("data:") :].partition(",")
    if _is_placeholder(head) or (not comma and _is_placeholder(url)):
        return None
    if not comma or not head.lower().endswith(";base64"):
        return {"lacks": ";base64"}
    if not _is_media_type(head.split(";")[0]):
        return {"lacks": "media type"}
    # White space, and escapes of the URL, are taken out by decoders.
    payload = "".join(payload.split())
    digits = payload.rstrip("=")
    odd = _foreign(digits)
    if odd and ("%" in payload or _is_placeholder(payload)):
        return None
    if odd:
        return {"flaw": f"character {odd.start() + 1} is none of its alphabet"}
    if not digits:
        return {"flaw": "it is empty"}
    if len(digits) % 4 == 1 or len(payload) - len(digits) > 2:
        return {"flaw": f"{len(payload)} characters are no whole number of bytes"}
    return None
