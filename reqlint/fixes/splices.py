"""Replacements in a text."""

from collections.abc import Iterable, Sequence

from reqlint.core.findings import Part
from reqlint.judge.origin import Located
from reqlint.text.changes import Change, Rename, Replace
from reqlint.text.json.edits import Splice, write_json


def apply_splices(text: str, splices: Iterable[Splice]) -> str:
    """Return *text* with *splices* applied; they are in the order of the text and do not overlap."""
    parts, at = [], 0
    for start, end, replacement in splices:
        parts += [text[at:start], replacement]
        at = end
    return "".join([*parts, text[at:]])


def scalar_splice(changes: Sequence[Change], located: Located) -> list[Splice] | None:
    """Return the splice of a single change that replaces one JSON scalar by another; None for all other changes."""
    if len(changes) != 1:
        return None
    change = changes[0]
    new = new_scalar(change)
    if new is None:
        return None
    region = located.get((change.place, Part.KEY if isinstance(change, Rename) else Part.VALUE))
    return [(region.start, region.end, write_json(new[0]))] if region is not None else None


def new_scalar(change: Change) -> tuple[object] | None:
    """Return, in a tuple, the scalar that replaces a key or value; None if the change does something else."""
    if isinstance(change, Rename):
        return (change.key,)
    if isinstance(change, Replace) and not isinstance(change.value, dict | list):
        return (change.value,)
    return None
