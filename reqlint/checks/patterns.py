"""Regular expressions in schemas: what is wrong with one in every dialect, or in those of the servers known."""

from collections.abc import Iterator

_QUANTIFIERS = "*+?"
_OTHER_WAYS_TO_READ = ("(?#", "(?x", "\\Q")
"""Comments and quoted text, in which brackets need no partner."""


def fault_in(pattern: str) -> str | None:
    """
    Return what a regular expression would need to be read; None where nothing is known to be wrong.

    Engines differ, so this names only what none of them reads: a bracket without its partner, a repetition of nothing,
    a backslash at the end. One thing more is the refusal that was seen: a backslash before 0, by which ECMA-262 means
    the character NUL and which engines without octal escapes refuse.
    """
    if any(form in pattern for form in _OTHER_WAYS_TO_READ):
        return None
    depth, place, can_repeat = 0, 0, False
    while place < len(pattern):
        sign = pattern[place]
        place += 1
        if sign == "\\":
            if place == len(pattern):
                return "a character after the last backslash"
            if pattern[place] == "0":
                return "\\x00 in place of \\0"
            place, can_repeat = place + 1, True
        elif sign == "[":
            end = _end_of_class(pattern, place)
            if end is None:
                return "a ] for each ["
            if "\\0" in _escapes(pattern[place:end]):
                return "\\x00 in place of \\0"
            place, can_repeat = end + 1, True
        elif sign == "(":
            depth, can_repeat = depth + 1, False
            if pattern.startswith("?", place):  # (?: (?= (?<name> and so on
                place += 1
        elif sign == ")":
            depth, can_repeat = depth - 1, True
            if depth < 0:
                return "a ( for each )"
        elif sign in _QUANTIFIERS:
            if not can_repeat:
                return f"something before {sign} to repeat"
        else:
            can_repeat = sign not in "|"
    return "a ) for each (" if depth else None


def looks_around(pattern: str) -> bool:
    """Return whether a regular expression has a look-ahead or look-behind; an escaped one or one in [] is none."""
    if "(?" not in pattern:
        return False
    in_class = is_escaped = False
    for at, letter in enumerate(pattern):
        if is_escaped:
            is_escaped = False
        elif letter == "\\":
            is_escaped = True
        elif in_class:
            in_class = letter != "]"
        elif letter == "[":
            in_class = True
        elif letter == "(" and pattern.startswith(("(?=", "(?!", "(?<=", "(?<!"), at):
            return True
    return False


def _end_of_class(pattern: str, place: int) -> int | None:
    """Return where the ] of a class is that begins at *place*; a ] that comes first may stand for itself."""
    if pattern.startswith("^", place):
        place += 1
    first = place
    while place < len(pattern):
        if pattern[place] == "\\":
            place += 2
        elif pattern[place] == "]" and (place > first or "]" not in pattern[place + 1 :]):
            return place
        else:
            place += 1
    return None


def _escapes(text: str) -> Iterator[str]:
    place = 0
    while place < len(text):
        if text[place] == "\\":
            yield text[place : place + 2]
            place += 1
        place += 1
