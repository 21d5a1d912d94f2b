"""Whose a field is that the profile at hand does not know, and what says the same here."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from reqlint.knowledge import catalog
from reqlint.knowledge.profile import load_profile, profile_names


class FieldOwner(NamedTuple):
    """An API that owns a field."""

    owner: str  #: as a message calls it
    equivalent: str | None  #: what says the same under the profile that was asked for


def field_owner(field: str, profile: str, inside: Sequence[str | int] = ()) -> FieldOwner | None:
    """
    Find the API that owns *field*, a top-level field (*inside* is empty) that *profile* does not document.

    Profiles of this project come before the table of other APIs, as they are nearer to what the author may use.
    """
    return None if inside else _neighbour(field, profile)


@lru_cache(maxsize=512)
def _neighbour(field: str, profile: str) -> FieldOwner | None:
    entry: Mapping[str, object] = catalog.knowledge()["neighbours"]["fields"].get(field, {})
    here = entry.get("here")
    equivalent = here.get(profile, here.get("*")) if isinstance(here, Mapping) else None
    takers = [name for name in profile_names() if field in load_profile(name).schema.get("properties", {})]
    if takers:
        names = f"{', '.join(takers[:-1])} and {takers[-1]}" if len(takers) > 1 else takers[0]
        return FieldOwner(f"profile{'s' * (len(takers) > 1)} {names}", equivalent)
    if entry:
        return FieldOwner(str(catalog.knowledge()["neighbours"]["owners"][entry["owner"]]["name"]), equivalent)
    return None
