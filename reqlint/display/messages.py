"""Fill in the message of a rule without showing the payload."""

import json
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

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
    pieces = _pieces(template)
    if len(pieces) == 1 and len(pieces[0].words) == 1:
        return _sanitize(template)  # many help texts are the same whatever the facts
    written: list[str] = []
    quoted: list[tuple[int, str]] = []  # facts that are shown as they are, if they may be
    for words, names, is_optional in pieces:
        if is_optional and _lacks_one(facts, names):
            continue
        written.append(words[0])
        for at, name in enumerate(names, 1):
            fact = facts.get(name)
            if isinstance(fact, str) and name != "value":
                quoted.append((len(written), fact))
                written.append(fact)
            else:
                written.append(_fact(name, fact, vocabulary, show, secret))
            written.append(words[2 * at])
    message = "".join(written)
    if is_harmless(message):
        return message
    for at, fact in quoted:
        written[at] = sanitize(fact)
    return sanitize("".join(written))  # the template of a project's rule may hold anything


_NOTHING: tuple[object, ...] = (None, [], ())


def _lacks_one(facts: Mapping[str, object], names: Iterable[str]) -> bool:
    for name in names:  # noqa: SIM110 - three times as fast as `any`, and asked several times for every finding
        if facts.get(name) in _NOTHING:
            return True
    return False


_sanitize = lru_cache(maxsize=1024)(sanitize)


class _TemplatePiece(NamedTuple):
    """A piece of a template."""

    words: Sequence[str]  #: text and names of facts in turn
    names: Sequence[str]  #: of the facts
    is_optional: bool


@lru_cache(maxsize=1024)
def _pieces(template: str) -> Sequence[_TemplatePiece]:
    """Take a template apart, before it is filled: a fact may contain brackets."""
    pieces: list[_TemplatePiece] = []
    end = 0
    for match in _OPTIONAL.finditer(template):
        pieces.append(_piece(template[end : match.start()], is_optional=False))
        end = match.end()
        is_optional = bool(_FIELD.search(match[1]))  # otherwise it is an array in the text, and no optional part
        pieces.append(_piece(match[1] if is_optional else match[0], is_optional=is_optional))
    return [*pieces, _piece(template[end:], is_optional=False)]


def _piece(text: str, *, is_optional: bool) -> _TemplatePiece:
    words = _FIELD.split(text)
    return _TemplatePiece(words, words[1::2], is_optional)


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
