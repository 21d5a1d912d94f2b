"""The kinds of remedies that write the data of a file, picture or recording in the form that the API decodes."""

import binascii
import re
from collections.abc import Mapping

from reqlint.fixes.case import FixCase, FixPlan
from reqlint.text.changes import Replace

_NAMES: Mapping[str, tuple[str, ...]] = {"mp3": ("mp3", "mpeg"), "wav": ("x-wav", "wave", "vnd.wave", "wav")}
"""The media types of recordings, without ``audio/``, by what ``format`` calls them."""
_BEGINNINGS = (
    (rb"RIFF....WAVE", "audio/wav"), (rb"ID3|\xff[\xfb\xf3]", "audio/mpeg"), (rb"%PDF-", "application/pdf"),
    (rb"\x89PNG", "image/png"), (rb"\xff\xd8\xff", "image/jpeg"), (rb"GIF8", "image/gif"),
    (rb"RIFF....WEBP", "image/webp"),
)  # fmt: skip


def strip_data_url(case: FixCase) -> FixPlan | None:
    """Leave only the digits of a data URL whose media type is the one that stands beside it."""
    data, owner = case.value, case.parent
    if not isinstance(data, str) or not isinstance(owner, Mapping):
        return None
    head, comma, digits = data.partition(",")
    kind = head[len("data:") :].lower().removesuffix(";base64")
    if not comma or not head.lower().endswith(";base64") or not _is_said(kind, owner):
        return None
    return FixPlan("leave only the base64 digits", [Replace(case.hit.place, digits)])


def _is_said(kind: str, owner: Mapping[str, object]) -> bool:
    """Return whether the object around the data names the media type *kind*, so that nothing is lost with it."""
    if kind in (owner.get("media_type"), owner.get("mimeType"), owner.get("mime_type")):
        return True
    name = owner.get("format")
    return isinstance(name, str) and (not kind or kind.removeprefix("audio/") in _NAMES.get(name, (name,)))


def to_data_url(case: FixCase) -> FixPlan | None:
    """Put the beginning of a data URL before base64, if its first bytes or the ``format`` beside it say what it is."""
    data, owner = case.value, case.parent
    if not isinstance(data, str) or not isinstance(owner, Mapping):
        return None
    try:
        first = binascii.a2b_base64(data.strip()[:16], strict_mode=True)
    except (binascii.Error, ValueError):
        return None
    named = owner.get("format")
    said = f"audio/{_NAMES.get(named, (named,))[-1]}" if isinstance(named, str) and named.isalnum() else None
    kind = next((kind for beginning, kind in _BEGINNINGS if re.match(beginning, first, re.DOTALL)), said)
    if kind is None:
        return None
    return FixPlan(f"write it as a data URL of {kind}", [Replace(case.hit.place, f"data:{kind};base64,{data.strip()}")])
