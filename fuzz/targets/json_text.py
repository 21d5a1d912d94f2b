"""JSON text: two readers, the scanner and the standard library agree; every region holds its value."""

import json
from collections.abc import Iterable

from fuzz import seeds as known
from fuzz.laws import alike, fixes_keep_the_rest, hold, regions_hold_values, sound
from reqlint import Linter
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.json import reader
from reqlint.text.json.scanner import scan
from reqlint.text.sources import Source

_OPENAI = Linter("openai")


def run(data: bytes) -> None:
    """Read *data* in every way, and judge it."""
    standard = _read(reader._read_with_stdlib, data)
    fast = _read(reader._fast_reader() or reader._read_with_stdlib, data)
    hold(alike(standard, fast), "both readers read the same", standard, fast)
    try:
        text = data.decode()
    except UnicodeDecodeError:
        hold(standard is UNREADABLE, "what is not UTF-8 is refused")
    else:
        value, flaws = scan(text)
        if standard is not UNREADABLE:
            hold(alike(value, standard) and not flaws, "what is read fast has no flaw", value, flaws)
        else:
            hold(flaws, "what is refused has a flaw", text)
        _as_the_standard_library(text, value, {flaw.rule for flaw in flaws})
        for flaw in flaws:
            hold(0 <= flaw.span[0] <= flaw.span[1] <= len(text), "a flaw is in the text", flaw)
    source = Source("fuzz.json", None, data)
    regions_hold_values(source)
    report = _OPENAI.check_text(data, "fuzz.json")
    sound(report, source)
    fixes_keep_the_rest(report, source, Form.JSON)


def _read(reader: object, data: bytes) -> object:
    try:
        return reader(data)  # type: ignore[operator]  # one of the two
    except ValueError:
        return UNREADABLE


def _as_the_standard_library(text: str, value: object, rules: set[str]) -> None:
    try:
        read = json.loads(text)
    except (ValueError, RecursionError):
        hold(rules, "what json refuses has a flaw", text)
        return
    if value is not UNREADABLE:
        hold(alike(value, read), "what is read is what json reads", value, read)
    else:
        hold(rules & {"too-deep", "invalid-json", "non-json-value"}, "what json accepts is refused for a reason", rules)


def seeds() -> Iterable[bytes]:
    """Give texts to begin with."""
    yield from known.texts()
    yield from known.files(".json", ".har")
    yield from (
        b'{"a": 1, "a": 2}',
        b"[1e400, -1e400, NaN, Infinity]",
        b'"\\ud800"',
        b'{"\\u003a": ":", "\\u003a": 1}',
        b"\xef\xbb\xbf[]",
    )
