"""Whether the images and documents of a Messages request can be read."""

import binascii
import re
from collections.abc import Iterator, Mapping
from typing import Any

from reqlint.checks import Facts, Request, check
from reqlint.checks.claude import asks_for_format, blocks, blocks_in, listed
from reqlint.checks.picture_size import picture_size
from reqlint.core.findings import Hit, Link
from reqlint.core.pointer import Place
from reqlint.dialects.vocabulary import Dialect

_HEAD = 64  # digits of base64: enough to know every format
_foreign = re.compile(r"[^A-Za-z0-9+/=\s]").search
# A placeholder that is filled in later: ${image}, {{image}}, <base64>, %s, [IMAGE], ..., …, BASE64_DATA
_is_placeholder = re.compile(r"[{}<>\[\]$…]|\.\.\.|%[sd]|\A[A-Z0-9_]{1,40}\Z").search
_MEGABYTE = 1_000_000
_FORMATS: tuple[tuple[bytes, str], ...] = (
    (b"\x89PNG", "image/png"), (b"\xff\xd8\xff", "image/jpeg"), (b"GIF8", "image/gif"), (b"%PDF", "application/pdf"),
)  # fmt: skip


@check
def unusable_base64(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the data of every image or document that is no bare base64."""
    for place, source in _sources(request, dialect):
        data = source.get("data") if source.get("type") == "base64" else None
        if not isinstance(data, str):
            continue
        if data[:5].lower() == "data:":
            yield Hit((*place, "data"), facts={"flaw": "it begins with data:"})
        elif not data.strip():
            yield Hit((*place, "data"), facts={"flaw": "it is empty"})
        elif (odd := _foreign(data)) and not _is_placeholder(data[:2000]):
            yield Hit((*place, "data"), facts={"flaw": f"character {odd.start() + 1} is not base64"})


@check
def mistaken_media_type(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the media type of every image or document whose bytes are those of another type."""
    for place, source in _sources(request, dialect):
        named, data = source.get("media_type"), source.get("data")
        if source.get("type") == "base64" and isinstance(named, str) and isinstance(data, str):
            found = _media_type(data)
            if found and found != named:
                yield Hit((*place, "media_type"), facts={"value": named, "type": found})


def _media_type(data: str) -> str | None:
    """Return the media type that the first bytes show; None if they show none."""
    digits = "".join(data[:_HEAD].split()).partition("=")[0]
    digits = digits[: len(digits) // 4 * 4]
    if not digits or _foreign(digits):
        return None
    first = binascii.a2b_base64(digits)
    if first[:4] == b"RIFF" and first[8:12] == b"WEBP":
        return "image/webp"
    return next((name for magic, name in _FORMATS if first.startswith(magic)), None)


@check
def oversized_image(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the data of every image that is longer than the limit; on Bedrock and Google it is lower."""
    limits = facts.get("image-megabytes", {}).get("value", {})
    limit = limits.get("clouds" if "anthropic_version" in request else "own")
    for place, block in _media(request, dialect) if limit else ():
        source = block.get("source")
        data = source.get("data") if block["type"] == "image" and isinstance(source, dict) else None
        if isinstance(data, str) and len(data) > limit * _MEGABYTE * 1.05:  # whether a megabyte is 2**20 is not said
            size = f"{len(data) / _MEGABYTE:,.1f} MB"
            yield Hit((*place, "source", "data"), facts={"size": size, "limit": f"{limit} MB"})


@check
def too_large_picture(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the data of every image with more pixels on a side than are taken, which are fewer for many images."""
    limits = facts.get("image-pixels", {}).get("value", {})
    images = [(place, block) for place, block in _media(request, dialect) if block["type"] == "image"]
    limit = limits.get("many" if len(images) > limits.get("from", len(images)) else "few")
    for place, block in images if limit else ():
        source = block.get("source")
        data = source.get("data") if isinstance(source, dict) and source.get("type") == "base64" else None
        size = picture_size(data) if isinstance(data, str) else None
        if size and max(size) > limit:
            pixels = f"{size[0]:,} × {size[1]:,} pixels"
            yield Hit((*place, "source", "data"), facts={"size": pixels, "limit": f"{limit:,} on a side"})


@check
def too_many_images(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first image beyond the limit, which is lower for models with a smaller context."""
    limits = facts.get("images-limit", {}).get("value", {})
    limit = limits.get("small" if listed(request, facts, "small-context") else "large")
    places = [place for place, block in _media(request, dialect) if block["type"] == "image"]
    if limit and len(places) > limit:
        yield Hit(places[limit], facts={"count": len(places), "limit": limit})


@check
def unfetchable_source(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every address of an image or document that does not begin with https."""
    for place, source in _sources(request, dialect):
        url = source.get("url") if source.get("type") == "url" else None
        if isinstance(url, str) and url[:8].lower() != "https://" and not _is_placeholder(url[:200]):
            yield Hit((*place, "url"))


@check
def mixed_citations(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the first document without citations beside one with them."""
    documents = [(place, block) for place, block in _media(request, dialect) if block["type"] == "document"]
    cited = [place for place, block in documents if _cites(block)]
    for place, block in documents if cited else ():
        if not _cites(block):
            yield Hit(place, related=(Link((*cited[0], "citations"), "citations here"),))
            return


@check
def citations_with_format(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the citations of the first document that has them when the answer must keep to a schema."""
    for place, block in _media(request, dialect) if asks_for_format(request) else ():
        if block["type"] in ("document", "search_result") and _cites(block):
            yield Hit((*place, "citations"))
            return


def _cites(block: Mapping[str, Any]) -> bool:
    citations = block.get("citations")
    return isinstance(citations, dict) and citations.get("enabled") is True


def _sources(request: Request, dialect: Dialect) -> Iterator[tuple[Place, dict[str, Any]]]:
    for place, block in _media(request, dialect):
        source = block.get("source")
        if isinstance(source, dict):
            yield (*place, "source"), source


def _media(request: Request, dialect: Dialect) -> Iterator[tuple[Place, dict[str, Any]]]:
    """Yield the images, documents and search results of the conversation, those in results of calls as well."""
    for turn in dialect.turns(request):
        for place, block in blocks(turn):
            yield from _media_in(place, block)


def _media_in(place: Place, block: dict[str, Any]) -> Iterator[tuple[Place, dict[str, Any]]]:
    kind = block.get("type")
    if kind in ("image", "document", "search_result"):
        yield place, block
    if kind == "tool_result":
        for inner, part in blocks_in(block.get("content"), (*place, "content")):
            yield from _media_in(inner, part) if part.get("type") != "tool_result" else ()
    if kind == "document" and isinstance(source := block.get("source"), dict):
        for inner, part in blocks_in(source.get("content"), (*place, "source", "content")):
            if part.get("type") == "image":
                yield inner, part
