"""JSON text: both readers, the scanner and the standard library agree, and every region holds its value."""

import json
from collections.abc import Iterable

from fuzz import examples
from fuzz.laws import alike, fixes_keep_the_rest, regions_hold_values, report_is_sound, require
from reqlint import Linter
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.json import reader
from reqlint.text.json.scanner import scan
from reqlint.text.sources import Source

_OPENAI = Linter("openai")


def run(data: bytes) -> None:
    """Read *data* with both readers and the scanner, and judge it."""
    standard = _read(reader._read_with_stdlib, data)
    fast = _read(reader._fast_reader() or reader._read_with_stdlib, data)
    require(alike(standard, fast), "both readers read the same", standard, fast)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        require(standard is UNREADABLE, "a text that is no UTF-8 is refused")
    else:
        value, flaws = scan(text)
        if standard is not UNREADABLE:
            require(alike(value, standard) and not flaws, "a text that a reader accepts has no flaw", value, flaws)
        else:
            require(flaws, "a text that the readers refuse has a flaw", text)
        _agrees_with_standard_library(text, value, {flaw.rule for flaw in flaws})
        for flaw in flaws:
            require(0 <= flaw.span[0] <= flaw.span[1] <= len(text), "a flaw is in the text", flaw)
    source = Source("fuzz.json", None, data)
    regions_hold_values(source)
    report = _OPENAI.check_text(data, "fuzz.json")
    report_is_sound(report, source)
    fixes_keep_the_rest(report, source, Form.JSON)


def _read(reader: object, data: bytes) -> object:
    try:
        return reader(data)  # type: ignore[operator]  # one of the two readers
    except ValueError:
        return UNREADABLE


def _agrees_with_standard_library(text: str, value: object, rules: set[str]) -> None:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        require(rules, "a text that json refuses has a flaw", text)
        return
    if value is not UNREADABLE:
        require(alike(value, read), "the scanner reads the same value as json", value, read)
    else:
        require(
            rules & {"too-deep", "invalid-json", "non-json-value"},
            "a text that json accepts is refused for a known reason",
            rules,
        )


def seeds() -> Iterable[bytes]:
    """Yield texts to start from."""
    yield from examples.texts()
    yield from examples.files(".json", ".har")
    yield from (
        b'{"a": 1, "a": 2}',
        b"[1e400, -1e400, NaN, Infinity]",
        b'"\\ud800"',
        b'{"\\u003a": ":", "\\u003a": 1}',
        b"\xef\xbb\xbf[]",
    )
