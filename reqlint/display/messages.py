"""Fill in the message of a rule without showing the payload."""

import json
import re
from collections.abc import Collection, Mapping, Sequence

from reqlint.display.credentials import mask
from reqlint.display.escaping import counted, escape, sanitize
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

    def filled(text: str) -> str:
        return _FIELD.sub(lambda match: _fact(match[1], facts, vocabulary, show, secret), text)

    def optional(match: re.Match[str]) -> str:
        names = _FIELD.findall(match[1])
        if not names:
            return match[0]  # an array in the text, not an optional part
        return filled(match[1]) if all(facts.get(name) not in (None, [], ()) for name in names) else ""

    # A fact may contain brackets, so optional parts are found in the template before it is filled.
    parts: list[str] = []
    end = 0
    for match in _OPTIONAL.finditer(template):
        parts += [filled(template[end : match.start()]), optional(match)]
        end = match.end()
    return sanitize("".join([*parts, filled(template[end:])]))  # the template of a project's rule may hold anything


def _fact(name: str, facts: Mapping[str, object], vocabulary: Collection[str], show: bool, secret: bool) -> str:
    fact = facts.get(name)
    if name == "value":
        return describe_value(fact, () if secret else vocabulary, show and not secret, secret=secret)
    if isinstance(fact, str):
        return sanitize(fact)
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
