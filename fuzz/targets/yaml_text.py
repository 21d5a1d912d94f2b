"""YAML text: every text has a report, and a JSON text read as YAML is the same value."""

from collections.abc import Iterable

from fuzz import examples
from fuzz.laws import alike, fixes_keep_the_rest, regions_hold_values, report_is_sound, require
from reqlint import Linter
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.json import reader
from reqlint.text.sources import Source

_OPENAI = Linter("openai")


def run(data: bytes) -> None:
    """Read *data* as YAML, and judge it."""
    source = Source("fuzz.yaml", None, data)
    regions_hold_values(source)
    report = _OPENAI.check_text(data, "fuzz.yaml")
    report_is_sound(report, source)
    fixes_keep_the_rest(report, source, Form.YAML)
    try:
        value = reader.read_json(data)
    except ValueError:
        return
    read = list(read_documents(source))
    if isinstance(value, dict | list) and not any(document.flaws for document in read):
        require(
            len(read) == 1 and read[0].value is not UNREADABLE and alike(read[0].value, value),
            "JSON read as YAML is the same value",
            value,
        )


def seeds() -> Iterable[bytes]:
    """Yield texts to start from."""
    yield from examples.files(".yaml", ".yml")
    yield from examples.yaml()
    yield from examples.texts()
