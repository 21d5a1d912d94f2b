"""The hash of a line by which GitHub knows an alert again, as CodeQL's upload action computes it."""

import re
from collections.abc import Callable, Iterable, Mapping

_WINDOW = 100  # UTF-16 code units that count
_END_OF_FILE = 0xFFFF
_NEWLINE = re.compile(r"\r\n?")


def line_hash(text: str) -> str:
    """
    Hash the line that *text* begins with; *text* runs on to the end of the file, or for 100 characters at least.

    Blanks and tabs do not count, and every kind of line end is the same. The number of earlier lines with the same
    hash, which the action appends, is not part of it.
    """
    kept = _NEWLINE.sub("\n", text).replace(" ", "").replace("\t", "")
    coded = kept[:_WINDOW].encode("utf-16-le", "surrogatepass")[: 2 * _WINDOW]
    units = [int.from_bytes(coded[i : i + 2], "little") for i in range(0, len(coded), 2)]
    if len(units) < _WINDOW:
        units.append(_END_OF_FILE)
    units += [0] * (_WINDOW - len(units))
    value = 0
    for unit in units:
        value = (value * 37 + unit) % 2**64
    return f"{value:x}"


def line_hashes(wanted: Iterable[int], lines: Callable[[Iterable[int]], Mapping[int, str]]) -> dict[int, str]:
    """Hash the wanted lines of a source, asking *lines* only for them and, where they are short, what follows them."""
    numbers = sorted(set(wanted))
    first = dict(lines(numbers))
    short = [number for number in numbers if len(first.get(number, "")) < 4 * _WINDOW]
    following = {number + step for number in short for step in range(1, _WINDOW)}
    known = {**first, **lines(sorted(following))} if short else first
    hashes = {}
    for number in numbers:
        if number in first:
            text, after = known[number], number + 1
            while len(text) < 4 * _WINDOW and after in known:
                text, after = f"{text}\n{known[after]}", after + 1
            hashes[number] = line_hash(text)
    return hashes
