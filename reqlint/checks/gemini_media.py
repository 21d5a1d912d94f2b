"""Whether the files in a generateContent request can be read: media types, bytes and addresses."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.gemini_models import is_one_of, written_id
from reqlint.core.findings import Hit
from reqlint.core.pointer import Place
from reqlint.dialects.gemini_generate import parts_of, results_of, turns
from reqlint.dialects.protobuf_members import child, listed, member, spelling
from reqlint.dialects.vocabulary import Dialect

_is_media_type = re.compile(r"[\w.+*-]+/[\w.+*-]+\s*(;.*)?\Z", re.DOTALL).match
_foreign = re.compile(r"[^A-Za-z0-9+/_-]").search  # characters of neither alphabet of base64
# A placeholder that is filled in later: ${image}, {{image}}, <base64>, %s, [IMAGE], ..., …
_is_placeholder = re.compile(r"[{}<>\[\]$…]|\.\.\.|%[sd]|\A[A-Z0-9_]{1,40}\Z").search
_has_own_files = re.compile(
    r"https://generativelanguage\.googleapis\.com/|https?://(www\.|m\.)?(youtube\.com|youtu\.be)/|files/|gs://"
).match


@check
def malformed_media_type(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every media type that is not a type and a subtype, such as a file extension."""
    for place, kind in _media_types(request):
        if kind and not _is_media_type(kind) and not _is_placeholder(kind):
            known = facts.get("image-types", {}).get("value", ())
            wanted = f"image/{kind.lower().lstrip('.')}"
            wanted = "image/jpeg" if wanted == "image/jpg" else wanted
            yield Hit(place, facts={"value": kind, **({"suggestion": wanted} if wanted in known else {})})


@check
def unsupported_image_type(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every media type of an image that is not on the profile's list."""
    known = facts.get("image-types", {}).get("value", ())
    for place, kind in _media_types(request):
        bare = kind.partition(";")[0].strip().lower()
        if known and bare.startswith("image/") and bare not in known and "*" not in bare:
            yield Hit(place, facts={"value": kind, "allowed": list(known)})


@check
def undecodable_bytes(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the bytes of every file that have a character of neither alphabet of base64."""
    for place, blob in _blobs(request):
        data = blob.get("data")
        if not isinstance(data, str):
            continue
        odd = _foreign("".join(data[:256].split()).rstrip("="))
        if data.lower().startswith("data:"):
            yield Hit((*place, "data"), facts={"flaw": "it begins as a data URL"})
        elif odd and not _is_placeholder(data[:256]):
            flaw = "it is an address" if "://" in data[:16] else f"character {odd.start() + 1} is not base64"
            yield Hit((*place, "data"), facts={"flaw": flaw})


@check
def file_from_elsewhere(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the address of every file that is neither with this API nor a video that it reads."""
    for turn in turns(request):
        for place, part in parts_of(turn):
            file, at = child(part, "fileData", place)
            address = member(file, "fileUri")
            if isinstance(address, str) and address and not _has_own_files(address) and not _is_placeholder(address):
                yield Hit((*at, spelling(file, "fileUri")))


@check
def response_files_on_older_model(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the files in function responses when the model takes none there."""
    if not is_one_of(request, facts, "before-gemini-3"):
        return
    for turn in turns(request):
        for place, result in results_of(turn):
            if result.get("parts"):
                yield Hit((*place, "parts"), facts={"model": written_id(request)})


def _blobs(request: Request) -> Iterator[tuple[Place, Mapping[str, Any]]]:
    """Yield every object with bytes and their media type."""
    for turn in turns(request):
        for place, part in parts_of(turn):
            blob, at = child(part, "inlineData", place)
            if blob:
                yield at, blob
        for place, result in results_of(turn):
            for inside, part in listed(result, "parts", place):
                blob, at = child(part, "inlineData", inside)
                if blob:
                    yield at, blob


def _media_types(request: Request) -> Iterator[tuple[Place, str]]:
    """Yield the media type of every file."""
    for place, blob in _blobs(request):
        yield from _media_type(blob, place)
    for turn in turns(request):
        for place, part in parts_of(turn):
            yield from _media_type(*child(part, "fileData", place))


def _media_type(file: Mapping[str, Any], place: Place) -> Iterator[tuple[Place, str]]:
    kind = member(file, "mimeType")
    if isinstance(kind, str):
        yield (*place, spelling(file, "mimeType")), kind
