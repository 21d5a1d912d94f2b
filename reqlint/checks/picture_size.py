"""How many pixels a picture has, read from the first bytes of its base64 data; nothing is decoded as a whole."""

import binascii
from collections.abc import Callable

_MOST = 1 << 17  # digits that are looked at: a camera's notes come before the size of a JPEG


def picture_size(data: str) -> tuple[int, int] | None:
    """Return width and height of a PNG, GIF, JPEG, WebP or BMP in base64; None if its beginning does not say."""
    digits = "".join(data[:_MOST].split()).partition("=")[0]
    digits = digits[: len(digits) // 4 * 4]
    try:
        first = binascii.a2b_base64(digits)
    except (binascii.Error, ValueError):
        return None
    for magic, read in _READERS:
        if first.startswith(magic):
            size = read(first)
            return size if size and all(size) else None
    return None


def _of_png(first: bytes) -> tuple[int, int] | None:
    return (_big(first, 16, 4), _big(first, 20, 4)) if first[12:16] == b"IHDR" and len(first) >= 24 else None


def _of_gif(first: bytes) -> tuple[int, int] | None:
    return (_little(first, 6, 2), _little(first, 8, 2)) if len(first) >= 10 else None


def _of_jpeg(first: bytes) -> tuple[int, int] | None:
    at = 2
    while at + 9 <= len(first) and first[at] == 0xFF:
        marker = first[at + 1]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):  # a frame: its size
            return _big(first, at + 7, 2), _big(first, at + 5, 2)
        at += 2 + _big(first, at + 2, 2)
    return None


def _of_webp(first: bytes) -> tuple[int, int] | None:
    if first[8:12] != b"WEBP" or len(first) < 30:
        return None
    kind = first[12:16]
    if kind == b"VP8X":
        return _little(first, 24, 3) + 1, _little(first, 27, 3) + 1
    if kind == b"VP8 ":
        return _little(first, 26, 2) & 0x3FFF, _little(first, 28, 2) & 0x3FFF
    bits = _little(first, 21, 4)
    return (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1


def _of_bmp(first: bytes) -> tuple[int, int] | None:
    if len(first) < 26:
        return None
    if _little(first, 14, 4) == 12:  # the oldest form of the second header
        return _little(first, 18, 2), _little(first, 20, 2)
    sides = (int.from_bytes(first[at : at + 4], "little", signed=True) for at in (18, 22))
    width, height = sides
    return abs(width), abs(height)  # a height below 0 means that the rows begin at the top


def _big(data: bytes, at: int, count: int) -> int:
    return int.from_bytes(data[at : at + count], "big")


def _little(data: bytes, at: int, count: int) -> int:
    return int.from_bytes(data[at : at + count], "little")


_READERS: tuple[tuple[bytes, Callable[[bytes], tuple[int, int] | None]], ...] = (
    (b"\x89PNG", _of_png),
    (b"GIF8", _of_gif),
    (b"\xff\xd8", _of_jpeg),
    (b"RIFF", _of_webp),
    (b"BM", _of_bmp),
)
