"""The hash of a line by which GitHub recognises an alert, as CodeQL's upload action computes it."""

import re
from collections.abc import Callable, Iterable, Mapping

from reqlint.display.line_tokens import mask_line

_WINDOW = 100  # UTF-16 code units that are hashed
_FAR = 2000  # characters; longer than what is hashed plus any credential that begins in it
_END_OF_FILE = 0xFFFF
_NEWLINE = re.compile(r"\r\n?")


def line_hash(text: str) -> str:
    """
    Hash the line at the beginning of *text*, which goes on to the end of the file or for at least 100 characters.

    Spaces and tabs are left out, and all kinds of line ends are equal. The action also appends how many earlier lines
    have the same hash; this hash does not include it.
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


def _masked(lines: Mapping[int, str]) -> dict[int, str]:
    return {number: mask_line(line[:_FAR]) for number, line in lines.items()}


def line_hashes(wanted: Iterable[int], lines: Callable[[Iterable[int]], Mapping[int, str]]) -> dict[int, str]:
    """
    Hash the wanted lines of a source; *lines* is asked for them and, after short ones, for the lines that follow.

    Credentials in them are masked, because a hash confirms a guess.
    """
    numbers = sorted(set(wanted))
    first = _masked(lines(numbers))
    short = [number for number in numbers if len(first.get(number, "")) < 4 * _WINDOW]
    following = {number + step for number in short for step in range(1, _WINDOW)}
    known = {**first, **_masked(lines(sorted(following)))} if short else first
    hashes = {}
    for number in numbers:
        if number in first:
            text, after = known[number], number + 1
            while len(text) < 4 * _WINDOW and after in known:
                text, after = f"{text}\n{known[after]}", after + 1
            hashes[number] = line_hash(text)
    return hashes
