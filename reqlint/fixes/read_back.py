"""Whether an edited text, read again, holds the value that the edit was meant to make."""

from collections.abc import Sequence
from json import loads
from marshal import dumps

from reqlint.core.pointer import value_at
from reqlint.fixes.splices import apply_splices, new_scalar
from reqlint.text.changes import Change, Rename, apply_changes
from reqlint.text.documents import Document, YamlDocument, read_documents
from reqlint.text.forms import Form
from reqlint.text.json.edits import Splice
from reqlint.text.sources import Source

_MOST_READ = 2_000_000  # characters of one document, over all its fixes


class ReadBack:
    """Reads the edited texts of one document."""

    def __init__(self, document: Document) -> None:
        self._document = document
        self._text = document.text
        self._form = Form.YAML if isinstance(document, YamlDocument) else Form.JSON
        self._left = _MOST_READ
        self._values_before: dict[int, object] | None = None  # of all documents in the text

    def holds(self, splices: Sequence[Splice], changes: Sequence[Change]) -> bool:
        """
        Return whether the text with *splices* holds the value that *changes* make, and its other documents theirs.

        If the text is too long to be read so often, the answer is yes for JSON and no for YAML, which has many ways to
        write a value.
        """
        is_single = self._form is Form.JSON and len(splices) == len(changes) == 1
        if is_single and self._swaps_scalars(splices[0], changes[0]):
            return True
        self._left -= len(self._text)
        if self._left < 0:
            return self._form is Form.JSON
        value = apply_changes(self._document.value, changes)
        values = self._values_in(apply_splices(self._text, splices))
        if self._form is Form.JSON:
            return is_same_json(values, {0: value})
        if self._values_before is None:
            self._values_before = self._values_in(self._text)
        return is_same_json(values, {**self._values_before, self._document.index: value})

    def _swaps_scalars(self, splice: Splice, change: Change) -> bool:
        """Return whether one JSON scalar replaces another, which cannot change the rest of the text."""
        start, end, text = splice
        new = new_scalar(change)
        if new is None:
            return False
        old = change.place[-1] if isinstance(change, Rename) else value_at(self._document.value, change.place)
        try:
            return (
                not isinstance(old, dict | list)
                and is_same_json(loads(self._text[start:end]), old)
                and is_same_json(loads(text), new[0])
            )
        except ValueError:
            return False

    def _values_in(self, text: str) -> dict[int, object]:
        """Return the values in a text by the number of their document; an empty document has none."""
        source = Source("", None, text.encode("utf-8", "surrogatepass"))
        return {document.index: document.value for document in read_documents(source, self._form)}


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
