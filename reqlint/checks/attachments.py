"""Whether the files and recordings of a conversation are there, and in the form that the API decodes."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit, Severity
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

# Patterns are compiled where they are first needed, which most requests never do.
_BASE64 = r"[A-Za-z0-9+/_-]{16,}"
# A placeholder that is filled in later: ${file}, {{file}}, {file}, <base64>, %s, [FILE], ..., …, FILE_DATA
_PLACEHOLDER = r"[{}<>\[\]$…]|\.\.\.|%[sd]|\A[A-Z0-9_]{0,40}\Z"
_ADDRESSES = ("http://", "https://", "file://", "gs://", "s3://", "oss://")
_LEGIBLE = "application/pdf"
"""The one type of a file as data that Chat Completions is known to read."""


@check
def unusable_file_part(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """
    Find every file without id, address or data, and data or addresses in a form that the server cannot read.

    What the Responses API does is known for a missing file name only, so the rest is a warning there.
    """
    for place, file, is_chat in _files(request, dialect):
        refused = None if is_chat else Severity.WARNING
        data, url = file.get("file_data"), file.get("file_url")
        if not any(file.get(key) for key in _SOURCES[is_chat]):
            yield Hit(place, facts={"lacks": _named(_SOURCES[is_chat])}, severity=refused)
        elif isinstance(url, str) and not is_chat and url[:5].lower() == "data:":
            yield Hit((*place, "file_url"), facts={"found": "a data URL"}, severity=refused)
        elif isinstance(data, str) and data and not file.get("file_id") and not re.search(_PLACEHOLDER, data[:2000]):
            flaw = _flaw(data)
            if flaw:
                yield Hit((*place, "file_data"), facts={"flaw": flaw}, severity=refused)
            elif not file.get("filename"):
                yield Hit(place, facts={"field": "filename"})
            elif is_chat and (kind := data[len("data:") :].partition(";")[0].lower()) != _LEGIBLE:
                # Of other documents, such as those of word processors, no refusal is known.
                severity = Severity.WARNING if kind.startswith("application/") else None
                yield Hit((*place, "file_data"), facts={"type": kind}, severity=severity)


_SOURCES = {True: ("file_id", "file_data"), False: ("file_id", "file_url", "file_data")}


@check
def unusable_sound_data(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the data of every recording that is a data URL or an address, where bare base64 is decoded."""
    for part in dialect.parts(request):
        sound = part.value.get("input_audio")
        data = sound.get("data") if isinstance(sound, dict) else None
        if isinstance(data, str) and not re.search(_PLACEHOLDER, data[:2000]):
            start = data[:8].lower()
            found = "a data URL" if start.startswith("data:") else "an address" if start.startswith(_ADDRESSES) else ""
            if found:
                yield Hit((*part.place, "input_audio", "data"), facts={"found": found})


def _files(request: Request, dialect: Dialect) -> Iterator[tuple[Place, Mapping[str, Any], bool]]:
    """Yield the place of every object that says where a file is, the object, and whether it is Chat Completions'."""
    for part in dialect.parts(request):
        kind, file = part.value.get("type"), part.value.get("file")
        if kind == "input_file":
            yield part.place, part.value, False
        elif kind == "file" and isinstance(file, dict):
            yield (*part.place, "file"), file, True


def _flaw(data: str) -> str | None:
    """Return what is wrong with the form of a file's data, in words; None if it is a data URL with base64."""
    head = data[:2000].lower()
    if head.startswith("data:"):
        return None if ";base64," in head else "a data URL without ;base64"
    if head.startswith(_ADDRESSES):
        return "an address"
    return "base64 without the beginning of a data URL" if re.match(_BASE64, data) else "no data URL"


def _named(keys: tuple[str, ...]) -> str:
    return f"{', '.join(keys[:-1])} and {keys[-1]}"
