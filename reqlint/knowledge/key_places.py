"""Where in a request an API takes each key, as its own schema says."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from reqlint.core.pointer import Place, to_path

Pattern = tuple[str, ...]
"""The keys that lead to an object, with ``*`` for the index of an item."""

_MOST_STEPS = 8
_MOST_VISITED = 20_000  # subschemas
_COMMON = frozenset(
    ("content", "data", "description", "detail", "enum", "file", "format", "function", "id", "index", "input", "items",
     "key", "model", "name", "output", "parameters", "properties", "required", "role", "status", "text", "title",
     "tool", "type", "url", "value")
)  # fmt: skip
"""Keys that mean something else at each place, so that where else they are taken says nothing."""


_ITEMS = {"content": "a part", "parts": "a part", "messages": "a message", "contents": "a turn", "tools": "a tool"}
"""What messages call an item, by the key of its list."""


class KeyPlace(NamedTuple):
    """A kind of object that takes a key."""

    owner: Pattern
    having: tuple[str, str] | None = None  #: a member that tells such an object from others at its place: role, tool


def key_places(schema: Mapping[str, Any]) -> Mapping[str, Sequence[KeyPlace]]:
    """Return for each key the objects that *schema* lists it for."""
    found: dict[str, dict[KeyPlace, None]] = {}
    for key, place in _walk(schema):
        if key not in _COMMON:
            found.setdefault(key, {})[place] = None
    return {key: tuple(places) for key, places in found.items()}


def _walk(root: Mapping[str, Any]) -> Iterator[tuple[str, KeyPlace]]:
    definitions = root.get("$defs", {})
    seen: set[tuple[int, KeyPlace]] = set()
    pending: list[tuple[Any, KeyPlace]] = [(root, KeyPlace(()))]
    while pending and len(seen) < _MOST_VISITED:
        schema, place = pending.pop()
        if not isinstance(schema, Mapping) or len(place.owner) > _MOST_STEPS or (id(schema), place) in seen:
            continue
        seen.add((id(schema), place))
        for key, member in schema.get("properties", {}).items():
            if member is not False:
                yield key, place
            pending.append((member, KeyPlace((*place.owner, key))))
        if "items" in schema:
            pending.append((schema["items"], KeyPlace((*place.owner, "*"))))
        reference = schema.get("$ref")
        if isinstance(reference, str) and reference.startswith("#/$defs/"):
            pending.append((definitions.get(reference[8:]), place))
        pending += [(each, place) for keyword in ("allOf", "anyOf", "oneOf") for each in schema.get(keyword, ())]
        if "then" in schema:
            pending.append((schema["then"], place._replace(having=_having(schema.get("if")) or place.having)))
        if "else" in schema:
            pending.append((schema["else"], place))


def _having(condition: object) -> tuple[str, str] | None:
    """Return the member that a condition asks for, if it is one word."""
    members = condition.get("properties", {}) if isinstance(condition, Mapping) else {}
    for key, member in members.items():
        if not isinstance(member, Mapping):
            continue
        words = [member["const"]] if "const" in member else member.get("enum", ())
        if len(words) == 1 and isinstance(words[0], str):
            return key, words[0]
    return None


def place_for(field: str, owner: Place, places: Mapping[str, Sequence[KeyPlace]]) -> str | None:
    """
    Return in words where the API takes *field*, which it does not take in the object at *owner*; None if unclear.

    That may be another kind of the same object, an object inside it, or one around it.
    """
    known = places.get(field)
    if known is None:
        return None
    pattern = tuple("*" if isinstance(step, int) else step for step in owner)
    same = {each.having for each in known if each.owner == pattern and each.having}
    if len(same) == 1:
        [(key, word)] = same
        return f'{_noun(pattern)} with {key} "{word}"'
    inside = [each.owner for each in known if each.owner[: len(pattern)] == pattern != each.owner]
    alike = sorted(inside, key=lambda each: ("_" in "".join(each)) is ("_" in field))  # those written alike come last
    below = _nearest(alike, pattern)
    above = [each.owner for each in known if pattern[: len(each.owner)] == each.owner != pattern]
    if below:
        return _below(owner, below[len(pattern) :])
    if above:
        around = owner[: len(max(above, key=len))]
        return to_path(around) if around else "the top level"
    return None


def _nearest(owners: Sequence[Pattern], pattern: Pattern) -> Pattern | None:
    """Return the one of *owners* that is fewer steps from *pattern* than all others, at most two."""
    least = min(map(len, owners), default=0)
    # Some APIs take each key in two spellings: generationConfig and generation_config are one place.
    nearest = {"/".join(owner).replace("_", "").lower(): owner for owner in owners if len(owner) == least}
    return nearest.popitem()[1] if len(nearest) == 1 and least <= len(pattern) + 2 else None


def _below(owner: Place, steps: Sequence[str]) -> str:
    if "*" not in steps:
        return to_path((*owner, *steps))
    if steps[-1] == "*" and len(steps) == 2:
        word = {"content": "a part", "parts": "a part", "messages": "a message", "tools": "a tool"}.get(
            steps[0], "an item"
        )
        return f"{word} in {to_path((*owner, steps[0]))}"
    return to_path(owner) + ("." if owner else "") + ".".join(steps).replace(".*", "[]")


def _noun(pattern: Pattern) -> str:
    return _ITEMS.get(pattern[-2], "an item") if len(pattern) > 1 and pattern[-1] == "*" else "an object"
