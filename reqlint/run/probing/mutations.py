"""
Seeded mutations of requests: the same for a seed on every machine and in every version of Python.

Committed verdicts hold only the server's answers; the requests are made again from the seed. So whatever changes what
a seed makes, in this file or in the material, raises `GENERATOR`, and the servers are asked anew.
"""

import copy
import hashlib
import json
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any

from reqlint.core.records import dataclass
from reqlint.run.probing.bases import BASES
from reqlint.run.probing.material import Material
from reqlint.run.probing.pools import KEYWORDS, NUMBERS, PARAMETERS, RETYPED, SCHEMAS, STRINGS, TURNS, UNKNOWN, WORDS

GENERATOR = 1
"""The number of this version; a seed means a list of requests only together with it."""

CHAT = Material(bases=BASES, words=WORDS, unknown=UNKNOWN, parameters=PARAMETERS, turns=TURNS)
"""Requests of OpenAI's chat format."""

Place = tuple[str | int, ...]
Picked = Callable[[Sequence[Any]], Any]


@dataclass(frozen=True, slots=True)
class Mutation:
    """A request that is one or two changes away from one that servers answer."""

    seed: int
    index: int
    base: int  #: the number of the request that it was made from
    changes: tuple[str, ...]  #: what was done and where, such as ``drop /messages/0/role``
    request: dict[str, Any]

    @property
    def case(self) -> str:
        """The seed and the index, by which the request is made again."""
        return f"{self.seed}:{self.index}"


def mutations(seed: int, count: int, of: Material = CHAT) -> list[Mutation]:
    """Return the first *count* mutations of *seed*."""
    return list(islice(_endless(seed, of), count))


def digest(made: Sequence[Mutation]) -> str:
    """Return a digest of the requests, by which a change of the generator is noticed."""
    text = "\n".join(json.dumps(mutation.request) for mutation in made)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _endless(seed: int, of: Material) -> Iterator[Mutation]:
    rng = random.Random(f"{GENERATOR}:{of.name}{seed}")  # noqa: S311 - repeatable on purpose
    index = 0
    while True:
        base = _below(rng, len(of.bases))
        request = copy.deepcopy(of.bases[base])
        changes = [_change(request, of, rng) for _ in range(1 if rng.random() < 0.8 else 2)]
        if all(changes) and request != of.bases[base]:
            yield Mutation(seed, index, base, tuple(changes), request)
            index += 1


def _below(rng: random.Random, limit: int) -> int:
    """Return a whole number below *limit*; only `random()` is promised to stay the same between versions."""
    return int(rng.random() * limit)


def _pick(rng: random.Random, values: Sequence[Any]) -> Any:
    return copy.deepcopy(values[_below(rng, len(values))])


def _change(request: dict[str, Any], of: Material, rng: random.Random) -> str:
    """Change *request* in one place, and return what was done; an empty text if nothing could be."""
    name = _pick(rng, _OFTEN)
    done = _KINDS[name](request, lambda values: _pick(rng, values), of)
    return f"{name} {done}" if done else ""


def _places(value: Any, place: Place = ()) -> Iterator[tuple[Place, Any]]:
    yield place, value
    if isinstance(value, dict | list):
        for step, member in value.items() if isinstance(value, dict) else enumerate(value):
            yield from _places(member, (*place, step))


def _spots(request: Any, of: Material, wanted: Callable[[Place, Any], bool]) -> list[tuple[Place, Any]]:
    """Return the places below the root that are *wanted*; those in schemas, which are many, once in four."""
    found = [(place, value) for place, value in _places(request) if place and wanted(place, value)]
    outside = [spot for spot in found if not of.schemas.intersection(spot[0][:-1])]
    return outside * 3 + found if outside else found


def _pointer(place: Place) -> str:
    return "".join(f"/{str(step).replace('~', '~0').replace('/', '~1')}" for step in place)


def _holder(request: Any, place: Place) -> Any:
    for step in place[:-1]:
        request = request[step]
    return request


def _put(request: Any, place: Place, value: Any) -> str:
    _holder(request, place)[place[-1]] = value
    return _pointer(place)


def _drop(request: Any, pick: Picked, of: Material) -> str:
    spots = _spots(request, of, lambda *_: True)
    if not spots:
        return ""
    place, _ = pick(spots)
    del _holder(request, place)[place[-1]]
    return _pointer(place)


def _retype(request: Any, pick: Picked, of: Material) -> str:
    spots = _spots(request, of, lambda *_: True)
    if not spots:
        return ""
    place, old = pick(spots)
    return _put(request, place, pick([value for value in RETYPED if type(value) is not type(old)]))


def _null(request: Any, pick: Picked, of: Material) -> str:
    spots = _spots(request, of, lambda _, value: value is not None)
    return _put(request, pick(spots)[0], None) if spots else ""


def _number(request: Any, pick: Picked, of: Material) -> str:
    spots = _spots(request, of, lambda _, value: isinstance(value, int | float) and not isinstance(value, bool))
    return _put(request, pick(spots)[0], pick(NUMBERS)) if spots else ""


def _word(request: Any, pick: Picked, of: Material) -> str:
    spots = _spots(request, of, lambda place, value: isinstance(value, str) and place[-1] in of.words)
    if not spots:
        return ""
    key = pick(list(dict.fromkeys(place[-1] for place, _ in spots)))  # so that rare keys are not drowned
    place = pick([place for place, _ in spots if place[-1] == key])
    return _put(request, place, pick(of.words[key]))


def _string(request: Any, pick: Picked, of: Material) -> str:
    spots = _spots(request, of, lambda _, value: isinstance(value, str))
    if not spots:
        return ""
    place, old = pick(spots)
    return _put(request, place, pick([*STRINGS, f"{old}x", old.upper()]))


def _unknown(request: Any, pick: Picked, of: Material) -> str:
    objects = [((), request), *_spots(request, of, lambda _, value: isinstance(value, dict))]
    place, _ = pick(objects)
    key, value = pick(of.unknown)
    return _put(request, (*place, key), value)


def _parameter(request: Any, pick: Picked, of: Material) -> str:
    name = pick(list(of.parameters))
    return _put(request, (name,), pick(of.parameters[name]))


def _reorder(request: Any, pick: Picked, of: Material) -> str:
    spots = _spots(request, of, lambda _, value: isinstance(value, list))
    if not spots:
        return ""
    place, old = pick(spots)
    turned = [old[::-1], old[1:] + old[:1], [], old + old[-1:], [*old, None], [None, *old], [*old, "x"], old[:1], [old]]
    return _put(request, place, pick(turned))


def _turn(request: Any, pick: Picked, of: Material) -> str:
    turns = request.get(of.conversation)
    if not isinstance(turns, list):
        return ""
    at = pick(range(len(turns) + 1))
    turns.insert(at, pick(of.turns))
    return f"/{of.conversation}/{at}"


def _keyword(request: Any, pick: Picked, of: Material) -> str:
    spots = [(place, value) for place, value in _places(request) if isinstance(value, dict) and _is_schema(place, of)]
    if not spots:
        return ""
    place, _ = pick(spots)
    keyword, value = pick(KEYWORDS)
    return _put(request, (*place, keyword), value)


def _schema(request: Any, pick: Picked, of: Material) -> str:
    spots = [place for place, _ in _places(request) if _is_schema(place, of)]
    return _put(request, pick(spots), pick(SCHEMAS)) if spots else ""


def _is_schema(place: Place, of: Material) -> bool:
    """Return whether a schema stands at *place*."""
    if not place or not of.schemas.intersection(place):
        return False
    return place[-1] == "items" or place[-1] in of.schemas or place[-2] in ("properties", "$defs", "anyOf")


_KINDS: Mapping[str, Callable[[Any, Picked, Material], str]] = {
    "drop": _drop, "retype": _retype, "null": _null, "number": _number, "word": _word, "string": _string,
    "unknown": _unknown, "parameter": _parameter, "reorder": _reorder, "turn": _turn, "keyword": _keyword,
    "schema": _schema,
}  # fmt: skip
_OFTEN = (*_KINDS, "retype", "retype", "drop", "null", "parameter", "parameter", "keyword", "word")
