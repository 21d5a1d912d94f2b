"""What proves, in one dialect, that some checks have nothing to find in a request."""

import json
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, NamedTuple

from reqlint.knowledge.index import home


class ProofEntry(NamedTuple):
    """One entry of ``schemas/shapes/<dialect>.proofs.json``."""

    name: str
    schema: Mapping[str, Any] | None  #: None: the dialect has a function of this name
    otherwise: str | None = None  #: the function of the dialect that is asked where the schema does not hold


@cache
def _read(dialect: str) -> Mapping[str, Any]:
    path = home() / "schemas" / "shapes" / f"{dialect}.proofs.json"
    if not path.is_file():
        return {"proofs": {}}
    read: Mapping[str, Any] = json.loads(path.read_text("utf-8"))  # a file of ours, which needs no bounds
    return read


@cache
def ordinary_members(dialect: str) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Return templates of what nearly every value looks like, by place: ``/messages/*`` for each message."""
    read = _read(dialect)
    named = read.get("templates", {})
    return {place: [_resolved(each, named) for each in several] for place, several in read.get("ordinary", {}).items()}


def _resolved(template: Any, named: Mapping[str, Any]) -> Any:
    """Return a template with each ``{"template": name}`` in it replaced by the one of that name."""
    if isinstance(template, list):
        return [_resolved(each, named) for each in template]
    if not isinstance(template, dict):
        return template
    if template.keys() == {"template"}:
        return _resolved(named[template["template"]], named)
    return {key: _resolved(each, named) for key, each in template.items()}


@cache
def proofs_by_rule(dialect: str) -> Mapping[str, ProofEntry]:
    """Return the proof that silences each check, by rule id; a check without one is always asked."""
    entries = _read(dialect)["proofs"]
    return {
        rule: ProofEntry(name, entry.get("schema"), entry.get("otherwise"))
        for name, entry in entries.items()
        for rule in entry["silences"]
    }
