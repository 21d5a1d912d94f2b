"""Whether the model takes the pictures, sound and video of a conversation and can load them."""

import re
from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import fits, is_any
from reqlint.checks.picture_size import picture_size
from reqlint.core.findings import Hit, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_PICTURES = ("image_url", "video_url", "video")
_is_address = re.compile(r"\s*(?:https?://|oss://|data:[^,]{0,200}base64,)", re.IGNORECASE).match
# A placeholder that is filled in later: ${video}, {{video}}, <base64>, [VIDEO], VIDEO_URL, ..., …, %s
_is_placeholder = re.compile(r"[{}<>\[\]$…]|\.\.\.|%s|\A[A-Z0-9_]{0,40}\Z").search


@check
def image_for_text_only_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of every picture or video when the model reads text only."""
    model = request.get("model")
    named = is_any(model, facts, "text-only")
    if named or is_any(model, facts, "text-only-by-family"):
        for part in dialect.parts(request):
            kind = part.value.get("type")
            if kind in _PICTURES:
                severity = None if named else Severity.WARNING
                yield Hit((*part.place, "type"), facts={"kind": kind, "model": model}, severity=severity)


@check
def too_many_video_frames(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every list of frames that is longer than the model takes."""
    model, lines = request.get("model"), facts.get("frames", {}).get("value", ())
    line = next((each for each in lines if fits(model, each)), None)
    if line is None:
        return
    for part in dialect.parts(request):
        frames = part.value.get("video")
        if isinstance(frames, list) and len(frames) > line["most"]:
            yield Hit((*part.place, "video"), facts={"count": len(frames), "most": line["most"], "model": model})


@check
def unusable_media_url(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every address of sound, video or a frame that the API can neither fetch nor decode."""
    for place, key, address in _addresses(request, dialect):
        if key != "image_url" and address and not _is_address(address) and not _is_placeholder(address[:2000]):
            yield Hit(place, facts={"name": str(place[-1] if isinstance(place[-1], str) else place[-2])})


@check
def oversized_data_url(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every data URL that is longer than the API takes."""
    most = facts.get("data-url-limit", {}).get("value")
    for place, _, address in _addresses(request, dialect) if most else ():
        if len(address) > most and address[:5].lower() == "data:":
            yield Hit(place, facts={"length": len(address), "most": most})


@check
def unreadable_picture_size(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every picture in a data URL that is too small on a side, or too long for its width."""
    limits = facts.get("picture-limits", {}).get("value")
    for place, key, address in _addresses(request, dialect) if limits else ():
        head, comma, data = address[: _LONGEST_HEAD + _MOST_DIGITS].partition(",")
        is_picture = comma and key in ("image_url", "video") and re.match(_BASE64_URL, head, re.IGNORECASE)
        size = picture_size(data) if is_picture else None
        if size is None:
            continue
        side, ratio = limits["side"], limits["ratio"]
        shown = {"size": f"{size[0]:,} × {size[1]:,} pixels"}
        if min(size) <= side:
            # Two pages of the vendor disagree on the limit itself.
            severity = Severity.WARNING if min(size) == side else None
            yield Hit(place, facts={**shown, "limit": side}, severity=severity)
        elif max(size) > ratio * min(size):
            yield Hit(place, facts={**shown, "most": ratio})


_BASE64_URL = r"\s*data:[^,]*;base64\Z"
_LONGEST_HEAD, _MOST_DIGITS = 200, 1 << 17


@check
def unresolved_oss_url(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every temporary address in the vendor's file store."""
    for place, _, address in _addresses(request, dialect):
        if address.startswith("oss://"):
            yield Hit(place)


def _addresses(request: Request, dialect: Dialect) -> Iterator[tuple[Place, str, str]]:
    """Yield the addresses of pictures, sound and video: place, key of the part, address."""
    for part in dialect.parts(request):
        for key, member in (("image_url", "url"), ("video_url", "url"), ("input_audio", "data")):
            owner = part.value.get(key)
            address = owner.get(member) if isinstance(owner, dict) else None
            if isinstance(address, str):
                yield (*part.place, key, member), key, address
        frames = part.value.get("video")
        for number, frame in enumerate(frames if isinstance(frames, list) else ()):
            if isinstance(frame, str):
                yield (*part.place, "video", number), "video", frame
