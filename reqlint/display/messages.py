"""Fill in the message of a rule without showing the payload."""

import json
import re
from collections.abc import Collection, Mapping, Sequence
from functools import lru_cache

from reqlint.display.credentials import mask
from reqlint.display.escaping import counted, escape, is_harmless, sanitize
from reqlint.display.shown import ELLIPSIS, Masked, Shown

_FIELD = re.compile(r"\{(\w+)\}")
_OPTIONAL = re.compile(r"\[([^\[\]]*)\]")


def render_message(
    template: str,
    facts: Mapping[str, object],
    vocabulary: Collection[str] = (),
    show: bool = False,
    *,
    secret: bool = False,
) -> Shown:
    """
    Fill a message template; the result is one line.

    ``{name}`` is a fact; ``[…]`` is left out when one of the facts in it is absent or empty. The fact ``value`` is
    payload: a string is described by its length unless it is in *vocabulary* or *show* is set. Of a *secret* value only
    the kind is named, whatever the other arguments allow.
    """
    parts = _taken_apart(template)
    if not parts.names:
        return _sanitize(template)  # many help texts are the same whatever the facts
    written = [*parts.filled(parts.lacking(facts))]
    quoted: list[tuple[int, str]] = []  # facts that are shown as they are, if they may be
    for at in range(1, len(written), 2):
        name = written[at]
        fact = facts.get(name)
        if isinstance(fact, str) and name != "value":
            quoted.append((at, fact))
            written[at] = fact
        else:
            written[at] = _fact(name, fact, vocabulary, show, secret)
    message = "".join(written)
    if is_harmless(message):
        return message
    for at, fact in quoted:
        written[at] = sanitize(fact)
    return sanitize("".join(written))  # the template of a project's rule may hold anything


def pieces_around(template: str, facts: Mapping[str, object], name: str) -> tuple[str, ...]:
    """
    Return what stands before, between and behind the places of the text *name* in a message; one piece if it has none.

    ``fact.join(pieces)`` is the message that `render_message` makes with another such text, if that is harmless, and if
    none of *facts* is a payload.
    """
    parts = _taken_apart(template)
    written = parts.filled(parts.lacking(facts))
    pieces = [""]
    for at, text in enumerate(written):
        if at % 2 and text == name:
            pieces.append("")
        elif at % 2:
            fact = facts.get(text)
            pieces[-1] += fact if isinstance(fact, str) else _fact(text, fact, (), False, False)
        else:
            pieces[-1] += text
    return tuple(pieces)


_NOTHING: tuple[object, ...] = (None, [], ())
_sanitize = lru_cache(maxsize=1024)(sanitize)


class _Template:
    """A template, taken apart before it is filled: a fact may contain brackets."""

    __slots__ = ("_filled", "_pieces", "names")

    def __init__(self, template: str) -> None:
        self._pieces: list[tuple[str, bool]] = []  # and whether each is optional
        end = 0
        for match in _OPTIONAL.finditer(template):
            self._pieces.append((template[end : match.start()], False))
            end = match.end()
            is_optional = bool(_FIELD.search(match[1]))  # otherwise it is an array in the text, and no optional part
            self._pieces.append((match[1] if is_optional else match[0], is_optional))
        self._pieces.append((template[end:], False))
        self.names = tuple(dict.fromkeys(_FIELD.findall(template)))  #: of the facts
        self._filled: dict[Sequence[str], Sequence[str]] = {}

    def lacking(self, facts: Mapping[str, object]) -> tuple[str, ...]:
        """Return the names that *facts* have nothing for."""
        return tuple([name for name in self.names if facts.get(name) in _NOTHING])

    def filled(self, lacking: tuple[str, ...]) -> Sequence[str]:
        """Return text and names of facts in turn, without the optional pieces that name one of those *lacking*."""
        found = self._filled.get(lacking)
        if found is None:
            absent = frozenset(lacking)
            kept = [text for text, is_optional in self._pieces if not is_optional or absent.isdisjoint(_names_in(text))]
            found = self._filled[lacking] = _FIELD.split("".join(kept))
        return found


def _names_in(text: str) -> Sequence[str]:
    return _FIELD.findall(text)


_taken_apart = lru_cache(maxsize=1024)(_Template)


def _fact(name: str, fact: object, vocabulary: Collection[str], show: bool, secret: bool) -> str:
    if name == "value":
        return describe_value(fact, () if secret else vocabulary, show and not secret, secret=secret)
    if isinstance(fact, Sequence):
        return join_words([json.dumps(item, ensure_ascii=False) for item in fact], "or")
    return str(json.dumps(fact))


def describe_value(value: object, vocabulary: Collection[str] = (), show: bool = False, *, secret: bool = False) -> str:
    """Describe a payload value: numbers, booleans, null and documented words as they are, the rest by kind."""
    if isinstance(value, str):
        if value in vocabulary or (show and mask(value) == value):
            written = json.dumps(value, ensure_ascii=False)
            return escape(Masked(written if len(written) <= 80 else f'{written[:77]}{ELLIPSIS}"'))
        return f"a string of {counted(len(value), 'character')}" if value else "an empty string"
    if isinstance(value, list):
        return f"an array of {counted(len(value), 'item')}" if value else "an empty array"
    if isinstance(value, dict):
        return "an object" if value else "an empty object"
    if secret and value is not None and not isinstance(value, bool):
        return "a number"
    try:
        written = json.dumps(value)
    except (TypeError, ValueError):
        return f"a Python {type(value).__name__}"
    return written if len(written) <= 40 else f"a number of {counted(len(written), 'digit')}"


def join_words(items: Sequence[str], word: str = "and") -> str:
    """Write a list as in a sentence: ``a, b or c``."""
    return f"{', '.join(items[:-1])} {word} {items[-1]}" if len(items) > 1 else "".join(items)
