"""The size of a picture is read from its first bytes, whatever the format, and never raises."""

import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.checks.picture_size import picture_size

SIZE = (1234, 567)
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + (1234).to_bytes(4, "big") + (567).to_bytes(4, "big") + b"\x08\x06"
GIF = b"GIF89a" + (1234).to_bytes(2, "little") + (567).to_bytes(2, "little")
FRAME = b"\xff\xc2\0\x11\x08" + (567).to_bytes(2, "big") + (1234).to_bytes(2, "big") + b"\x03"
JPEG = b"\xff\xd8\xff\xe1" + (5002).to_bytes(2, "big") + bytes(5000) + b"\xff\xc4\0\x04\0\0" + FRAME
RIFF = b"RIFF\0\0\0\0WEBP"
VP8X = RIFF + b"VP8X\x0a" + bytes(7) + (1233).to_bytes(3, "little") + (566).to_bytes(3, "little")
VP8 = RIFF + b"VP8 \0\0\0\0\0\0\0\x9d\x01\x2a" + (1234).to_bytes(2, "little") + (567).to_bytes(2, "little")
BMP = (
    b"BM"
    + bytes(12)
    + (40).to_bytes(4, "little")
    + (1234).to_bytes(4, "little")
    + (-567).to_bytes(4, "little", signed=True)
)
OLD_BMP = (
    b"BM"
    + bytes(12)
    + (12).to_bytes(4, "little")
    + (1234).to_bytes(2, "little")
    + (567).to_bytes(2, "little")
    + bytes(4)
)
VP8L = RIFF + b"VP8L\0\0\0\0\x2f" + (1233 | 566 << 14).to_bytes(4, "little") + bytes(8)


@pytest.mark.parametrize(
    "picture",
    [PNG, GIF, JPEG, VP8X, VP8, VP8L, BMP, OLD_BMP],
    ids=["PNG", "GIF", "JPEG", "VP8X", "VP8", "VP8L", "BMP", "old BMP"],
)
def test_every_format_says_its_size(picture: bytes) -> None:
    """Width and height, also where lines of base64 are broken."""
    data = base64.b64encode(picture + bytes(9)).decode()
    assert picture_size(data) == SIZE
    assert picture_size("\n".join(data[i : i + 76] for i in range(0, len(data), 76))) == SIZE


@given(st.sampled_from([PNG, GIF, JPEG, VP8X, VP8L, BMP, b""]), st.integers(0, 60), st.binary(max_size=40))
def test_a_broken_picture_has_no_size_or_some_size(picture: bytes, length: int, rest: bytes) -> None:
    """What is cut off or garbled never raises."""
    size = picture_size(base64.b64encode(picture[:length] + rest).decode())
    assert size is None or all(side > 0 for side in size)


@pytest.mark.parametrize("data", ["", "é", "data:image/png;base64,AAAA", "A", "====", "\ud83d"])
def test_what_is_no_base64_has_no_size(data: str) -> None:
    """A text of another kind says nothing."""
    assert picture_size(data) is None
