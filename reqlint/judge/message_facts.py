"""What the message of a hit may say: its facts, those that are looked up for it, and the payload words it may show."""

from collections.abc import Collection, Mapping

from reqlint.core.findings import Hit
from reqlint.core.pointer import Place
from reqlint.display.identifiers import is_identifier
from reqlint.judge.judge import Judge
from reqlint.knowledge.field_owners import field_owner, fields_with_owner
from reqlint.knowledge.foreign_words import foreign_word
from reqlint.knowledge.key_places import place_for

_MOST_PROFILES = 2
_NAMES = frozenset(
    {"role", "type", "id", "tool_call_id", "tool_use_id", "toolUseId", "call_id", "$ref", "format", "name"}
)
"""Keys whose values are names that somebody chose: words of an API, names of tools, ids of calls."""


def message_facts(judge: Judge, hit: Hit, base: int) -> tuple[Mapping[str, object], Collection[str]]:
    """
    Return the facts a message may use, and the payload words it may show.

    These are documented by an API, or stand where a name does and read like one. *base* is how many steps of the hit's
    place lead to the request.
    """
    place = hit.place[base:]
    profile = judge.profile.name
    facts: dict[str, object] = {**hit.facts, "profile": profile, "elsewhere": ()}
    if hit.rule == "unknown-field":
        facts |= _of_unknown_field(judge, str(facts["field"]), place[:-1], hit)
        return facts, ()
    value = facts.get("value")
    if not isinstance(value, str):
        return facts, ()
    key = next((step for step in reversed(place) if isinstance(step, str)), "")
    documented = judge.catalog.documented_words(judge.profile.dialect).get(key, {})
    words: Collection[str] = documented
    if value not in documented and _holds_name(hit, place, judge) and is_identifier(value):
        words = (value,)
    facts["elsewhere"] = [name for name in documented.get(value, ()) if name != profile][:_MOST_PROFILES]
    if key == "$ref":
        facts |= _of_reference(value) if value in words else {}
    elif isinstance(allowed := facts.get("allowed"), list):
        misspelt = {"variant": "misspelt"} if facts.get("suggestion") else {}
        facts |= _of_word(value, place, profile, allowed) or misspelt
    return facts, words


def _holds_name(hit: Hit, place: Place, judge: Judge) -> bool:
    """Return whether the value at *place* is a word of a closed list or a name; a speaker's name may be a person's."""
    if isinstance(hit.facts.get("allowed"), list) or hit.facts.get("variant") == "bare-type":
        return True
    if not place or place[-1] not in _NAMES:
        return False
    pattern = "/".join("*" if isinstance(step, int) else step for step in place)
    return place[-1] != "name" or f"/{pattern}" != judge.dialect.places.get("turn-name")


def _of_word(word: str, place: Place, profile: str, allowed: object) -> Mapping[str, object]:
    """Return what is known of a word of another API."""
    known = foreign_word(word, place, profile, allowed if isinstance(allowed, list) else ())
    if known is None:
        return {}
    variant = "word-of-another-api" if known.equivalent else "nothing-of-another-api"
    return {
        "neighbour": known.owner,
        "equivalent": known.equivalent,
        "advice": known.advice,
        "suggestion": None,
        "elsewhere": None,
        "variant": variant,
    }


def _of_reference(reference: str) -> Mapping[str, object]:
    """Return the name of the definition that a reference asks for."""
    steps = reference.split("/")
    is_definition = len(steps) == 3 and steps[0] == "#" and steps[1] in ("$defs", "definitions")
    return {"variant": "missing-definition", "definition": "/".join(steps[1:])} if is_definition else {}


def fields_known_of(judge: Judge, owner: Place) -> Collection[str]:
    """Return the keys of which a message may say where they belong, if the object at *owner* does not take them."""
    return judge.key_places.keys() | fields_with_owner(judge.profile.name, owner)


def _of_unknown_field(judge: Judge, field: str, owner: Place, hit: Hit) -> Mapping[str, object]:
    """Return what is known of a key that the API does not take at its place, and how it came there."""
    neighbour = field_owner(field, judge.profile.name, owner)
    if neighbour and neighbour.equivalent:
        known = {"neighbour": neighbour.owner, "equivalent": neighbour.equivalent, "variant": "field-of-another-api"}
        return {**known, "suggestion": None}
    belongs = place_for(field, owner, judge.key_places)
    if neighbour:
        variant = "misplaced" if belongs else "nothing-of-another-api"
        return {"neighbour": neighbour.owner, "belongs": belongs, "variant": variant, "suggestion": None}
    if belongs:
        return {"suggestion": None, "belongs": belongs, "variant": "misplaced"}
    return {"variant": "misspelt"} if hit.facts.get("suggestion") else {}
