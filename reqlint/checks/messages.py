"""Whether the API can load and read the images of a conversation, and has its kinds of content parts."""

import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]{1,15}):").match
_is_media_type = re.compile(r"[\w.+-]+/[\w.+-]+\Z").match
_foreign = re.compile(r"[^A-Za-z0-9+/]").search
# A placeholder that is filled in later: ${image}, {{image}}, {image}, <base64>, %s, [IMAGE], ..., …
_is_placeholder = re.compile(r"[{}<>\[\]$…]|\.\.\.|%[sd]|\A[A-Z0-9_]{1,40}\Z").search
_DEFAULT_SCHEMES = ("http", "https", "data")


# The first bytes of the formats that the API reads, and of some that are sent by mistake.
_READ = re.compile(rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF....WEBP", re.DOTALL).match
_OTHER_FORMATS = (
    (b"BM", "BMP"), (b"II*\0", "TIFF"), (b"MM\0*", "TIFF"), (b"%PDF", "PDF"), (b"<", "SVG, HTML or XML"),
    (b"\0\0\1\0", "ICO"),
)  # fmt: skip


@check
def unusable_image_url(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every image address with a scheme that the API does not fetch, or without a decodable image in it."""
    for place, url in _image_urls(request, dialect):
        flaw = _flaw(url, facts)
        if flaw:
            yield Hit(place, facts=flaw)


@check
def unsupported_image_format(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every data URL of an image whose first bytes are not those of a format the API reads."""
    for place, url in _image_urls(request, dialect):
        head, comma, payload = url.strip().partition(",")
        if not comma or not head.lower().startswith("data:") or _flaw(url, facts):
            continue
        written = "".join(payload[:200].split())
        digits, _, _ = written.partition("=")
        start = digits[:16]  # the first twelve bytes, enough to recognise every format
        if _is_placeholder(head) or _is_placeholder(written) or _foreign(digits):
            continue
        if not start or len(start) % 4 == 1:  # not a whole byte; what follows is beyond the part that is read
            continue
        first = binascii.a2b_base64(start + "=" * (-len(start) % 4))
        if not _READ(first):
            other = next((name for magic, name in _OTHER_FORMATS if first.startswith(magic)), None)
            other = "HEIC or AVIF" if first[4:8] == b"ftyp" else other
            yield Hit(place, facts={"format": other} if other else {"begins": "of no known format"})


def _image_urls(request: Request, dialect: Dialect) -> Iterator[tuple[Place, str]]:
    for part in dialect.parts(request):
        if part.value.get("type") in ("image_url", "input_image"):
            image = part.value.get("image_url")
            url = image.get("url") if isinstance(image, dict) else image
            if isinstance(url, str) and url:
                place = (*part.place, "image_url")
                yield (*place, "url") if isinstance(image, dict) else place, url


def _flaw(url: str, facts: Facts) -> Mapping[str, object] | None:
    """Return the facts of what keeps an image from being loaded; None when nothing does, or for a placeholder."""
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
    if _is_placeholder(head):
        return None
    if not comma or not head.lower().endswith(";base64"):
        return {"lacks": ";base64"}
    if not _is_media_type(head.split(";")[0]):
        return {"lacks": "media type"}
    # Decoders take out white space, and URL escapes.
    payload = "".join(payload.split())
    digits = payload.rstrip("=")
    odd = _foreign(digits)
    if odd and ("%" in payload or _is_placeholder(payload)):
        return None
    if odd:
        return {"flaw": f"character {odd.start() + 1} is not base64"}
    if not digits:
        return {"flaw": "it is empty"}
    if len(digits) % 4 == 1 or len(payload) - len(digits) > 2:
        return {"flaw": f"{len(payload)} characters are not a whole number of bytes"}
    return None


_PARTS_OF_CHAT = {"input_text": "text", "output_text": "text", "input_image": "image_url", "input_file": "file"}


@check
def responses_content_part(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of every content part of a chat request that is in the form of the Responses API."""
    for part in dialect.parts(request):
        kind = part.value.get("type")
        if isinstance(kind, str) and kind in _PARTS_OF_CHAT:
            yield Hit((*part.place, "type"), facts={"type": kind, "replacement": _PARTS_OF_CHAT[kind]})
