"""From bytes to text: UTF-8 with or without a byte order mark, and a guess at the encoding of anything else."""

import re

from reqlint.text.flaws import Flaw

_WIDE = {b"\xff\xfe\x00\x00": "UTF-32", b"\x00\x00\xfe\xff": "UTF-32", b"\xff\xfe": "UTF-16", b"\xfe\xff": "UTF-16"}


def decode(data: bytes) -> tuple[str, list[Flaw], int]:
    """
    Decode *data*; return the text, its flaws, and the offset after the byte order mark.

    The offset is -1 when *data* is not UTF-8; the text then has U+FFFD for every wrong byte.
    """
    try:
        text = data.decode()
    except UnicodeDecodeError as error:
        encoding = next((name for mark, name in _WIDE.items() if data.startswith(mark)), None)
        at = len(data[: error.start].decode())
        facts: dict[str, object] = {"byte": f"0x{data[error.start]:02X}", "offset": error.start}
        if encoding:
            facts["encoding"] = facts["guess"] = encoding
        elif guess := _guess_encoding(data, error):
            facts["guess"] = guess
        return data.decode("utf-8", "replace"), [Flaw("not-utf8", (at, at + 1), facts)], -1
    if text.startswith("\ufeff"):
        return text, [Flaw("byte-order-mark", (0, 1))], 1
    return text, [], 0


def _guess_encoding(data: bytes, error: UnicodeDecodeError) -> str | None:
    """Return the name of the likely encoding, or None when the bytes do not show one."""
    if error.reason == "unexpected end of data" or not data.decode("utf-8", "ignore").isascii():
        return None  # UTF-8 that was cut or damaged
    try:
        data.decode("gbk")
        if all(len(run) % 2 == 0 for run in re.findall(rb"[\x80-\xff]+", data)):
            return "GBK"
    except UnicodeDecodeError:
        pass
    return "Windows-1252" if re.search(rb"[\x80-\x9f]", data) else "Latin-1"
