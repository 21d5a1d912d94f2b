"""What proves, in one dialect, that some checks have nothing to find in a request."""

import json
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

from reqlint.knowledge.index import home


class ProofEntry(NamedTuple):
    """One entry of ``schemas/shapes/<dialect>.proofs.json``."""

    name: str
    schema: Mapping[str, Any] | None  #: None: the dialect has a function of this name


@cache
def proofs_by_rule(dialect: str) -> Mapping[str, ProofEntry]:
    """Return the proof that silences each check, by rule id; a check without one is always asked."""
    path = home() / "schemas" / "shapes" / f"{dialect}.proofs.json"
    if not path.is_file():
        return {}
    entries = json.loads(path.read_text("utf-8"))["proofs"]  # a file of ours, which needs no bounds
    return {
        rule: ProofEntry(name, entry.get("schema")) for name, entry in entries.items() for rule in entry["silences"]
    }
