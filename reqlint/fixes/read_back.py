"""Whether an edited text, read again, holds the value that its edits were meant to make."""

from collections.abc import Sequence
from json import loads
from marshal import dumps

from reqlint.core.pointer import value_at
from reqlint.fixes.splices import apply_splices, new_scalar
from reqlint.text.changes import Change, Rename, apply_changes
from reqlint.text.documents import Document, YamlDocument, read_documents
from reqlint.text.forms import Form
from reqlint.text.json.edits import Splice
from reqlint.text.sources import BOM, Source

_BOM = BOM.decode()


class ReadBack:
    """Reads the edited texts of one document: of a YAML stream, only that document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._is_yaml = isinstance(document, YamlDocument)
        self._extent = document.extent if isinstance(document, YamlDocument) else (0, len(self._text))

    def swaps_scalars(self, splices: Sequence[Splice], changes: Sequence[Change]) -> bool:
        """Return whether one JSON scalar replaces another, which cannot change the rest of the text."""
        if self._is_yaml or len(splices) != 1 or len(changes) != 1:
            return False
        start, end, text = splices[0]
        new = new_scalar(changes[0])
        if new is None:
            return False
        place = changes[0].place
        old = place[-1] if isinstance(changes[0], Rename) else value_at(self._document.value, place)
        try:
            return (
                not isinstance(old, dict | list)
                and is_same_json(loads(self._text[start:end]), old)
                and is_same_json(loads(text), new[0])
            )
        except ValueError:
            return False

    def holds(self, splices: Sequence[Splice], changes: Sequence[Change]) -> bool:
        """Return whether the text with *splices*, in their order, holds the value that *changes* make."""
        first, last = self._extent
        if any(start < first or end > last for start, end, _ in splices):
            return False
        inside = [(start - first, end - first, text) for start, end, text in splices]
        before = self._text[first:last]
        after = apply_splices(before, inside)
        value = apply_changes(self._document.value, changes)
        if not self._is_yaml:
            source = Source("", None, after.encode("utf-8", "surrogatepass"))
            return is_same_json([document.value for document in read_documents(source, Form.JSON)], [value])
        from reqlint.text.yaml.reader import load

        if last < len(self._text) and not after.endswith("\n"):
            return before == after  # the mark of the next document has to stay at the start of its line
        return is_same_json([loaded.value for loaded in load(after, int(after.startswith(_BOM)))], [value])


def is_same_json(one: object, other: object) -> bool:
    """Return whether two JSON values are equal; 1, 1.0 and true are not, and the order of members does not matter."""
    if type(one) is not type(other):
        return False
    if isinstance(one, dict | list) and isinstance(other, dict | list):
        if len(one) != len(other) or (isinstance(one, dict) and isinstance(other, dict) and one.keys() != other.keys()):
            return False
        if _as_bytes(one) == _as_bytes(other):
            return True  # true for nearly every part of a fixed document
    if isinstance(one, dict) and isinstance(other, dict):
        return all(is_same_json(value, other[key]) for key, value in one.items())
    if isinstance(one, list) and isinstance(other, list):
        return all(map(is_same_json, one, other))
    return one == other or (one != one and other != other)


def _as_bytes(value: object) -> bytes | object:
    try:
        return dumps(value, 2)  # type: ignore[arg-type]  # raises if it cannot; from version 3 on, equal parts become references
    except ValueError:
        return object()
