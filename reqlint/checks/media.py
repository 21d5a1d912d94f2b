"""Whether the model takes the pictures, sound and video of a conversation and can load them."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import fits, is_any
from reqlint.core.findings import Hit, Severity
from reqlint.core.pointer import Place

_PICTURES = ("image_url", "video_url", "video")
_is_address = re.compile(r"\s*(?:https?://|oss://|data:[^,]{0,200}base64,)", re.IGNORECASE).match
# A placeholder that is filled in later: ${video}, {{video}}, <base64>, [VIDEO], VIDEO_URL, ..., …, %s
_is_placeholder = re.compile(r"[{}<>\[\]$…]|\.\.\.|%s|\A[A-Z0-9_]{0,40}\Z").search


@check
def image_for_text_only_model(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find the type of every picture or video when the model reads text only."""
    model = request.get("model")
    named = is_any(model, facts, "text-only")
    if named or is_any(model, facts, "text-only-by-family"):
        for place, part in _parts(request):
            if part.get("type") in _PICTURES:
                severity = None if named else Severity.WARNING
                yield Hit((*place, "type"), facts={"kind": part["type"], "model": model}, severity=severity)


@check
def too_many_video_frames(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find every list of frames that is longer than the model takes."""
    model, lines = request.get("model"), facts.get("frames", {}).get("value", ())
    line = next((each for each in lines if fits(model, each)), None)
    if line is None:
        return
    for place, part in _parts(request):
        frames = part.get("video")
        if isinstance(frames, list) and len(frames) > line["most"]:
            yield Hit((*place, "video"), facts={"count": len(frames), "most": line["most"], "model": model})


@check
def unusable_media_url(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find every address of sound, video or a frame that the API can neither fetch nor decode."""
    for place, address in _addresses(request):
        if place[4] != "image_url" and address and not _is_address(address) and not _is_placeholder(address[:2000]):
            yield Hit(place, facts={"name": str(place[-1] if isinstance(place[-1], str) else place[-2])})


@check
def oversized_data_url(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find every data URL that is longer than the API takes."""
    most = facts.get("data-url-limit", {}).get("value")
    for place, address in _addresses(request) if most else ():
        if len(address) > most and address[:5].lower() == "data:":
            yield Hit(place, facts={"length": len(address), "most": most})


@check
def unresolved_oss_url(request: Request, facts: Facts) -> Iterator[Hit]:
    """Find every temporary address in the vendor's file store."""
    for place, address in _addresses(request):
        if address.startswith("oss://"):
            yield Hit(place)


def _parts(request: Request) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    messages = request.get("messages")
    for index, message in enumerate(messages if isinstance(messages, list) else ()):
        content = message.get("content") if isinstance(message, dict) else None
        for number, part in enumerate(content) if isinstance(content, list) else ():
            if isinstance(part, dict):
                yield ("messages", index, "content", number), part


def _addresses(request: Request) -> Iterator[tuple[Place, str]]:
    """Yield the addresses of pictures, sound and video, with their places."""
    for place, part in _parts(request):
        found: list[tuple[Place, object]] = []
        for key, member in (("image_url", "url"), ("video_url", "url"), ("input_audio", "data")):
            owner = part.get(key)
            found.append(
                ((*place, key, member), owner.get(member)) if isinstance(owner, dict) else ((*place, key), None)
            )
        frames = part.get("video")
        found += [((*place, "video", i), frame) for i, frame in enumerate(frames if isinstance(frames, list) else ())]
        yield from ((at, address) for at, address in found if isinstance(address, str))
