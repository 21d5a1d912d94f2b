"""
The cases of JSONTestSuite ("Parsing JSON is a Minefield") and their verdicts, through all readers.

`data/json_suite.json` has one case a line: its name in that suite, the text (or its bytes in base64, or pieces with
their numbers of repetitions), and the rules of its flaws where these do not follow from the name. ``y_`` must be
accepted, ``n_`` refused, and ``i_`` is up to the reader; our choices for those are in the data.
"""

import base64
import json
from collections import Counter
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.json import reader, scanner
from reqlint.text.sources import Source
from tests.support.bounded import bounded

Rules = list[str]
ABOUT_VALUES = {"duplicate-key", "lone-surrogate", "non-json-value", "byte-order-mark"}
"""The rules of flaws in a text that is readable nevertheless."""


def _bytes(written: Any) -> bytes:
    if isinstance(written, str):
        return written.encode()
    if "base64" in written:
        return base64.b64decode(written["base64"])
    return b"".join(piece.encode() * times for piece, times in written["repeat"])


def _cases() -> dict[str, tuple[bytes, Rules]]:
    data = json.loads(Path(__file__).parents[1].joinpath("data").joinpath("json_suite.json").read_text("utf-8"))
    return {
        name: (_bytes(written), stated[0] if stated else [] if name.startswith("y_") else ["invalid-json"])
        for name, written, *stated in data
    }


CASES = _cases()


def rules_and_values(name: str, text: bytes, form: Form) -> tuple[Rules, list[object]]:
    """Return the rules of the flaws of a text, sorted, and the values in it."""
    read = list(read_documents(Source(name, None, text), form))
    return sorted({flaw.rule for document in read for flaw in document.flaws}), [document.value for document in read]


def value_of(text: bytes) -> object:
    """Return the value that the standard library has for a text, without its byte order mark."""
    return json.loads(text.removeprefix(b"\xef\xbb\xbf").decode())


def test_the_suite_is_complete() -> None:
    """All 318 cases are there: 95 to accept, 188 to refuse, 35 to choose."""
    assert Counter(name[0] for name in CASES) == {"y": 95, "n": 188, "i": 35}
    assert [name for name, (_, rules) in CASES.items() if name[0] == "y" and rules] == [
        "y_object_duplicated_key",  # the last one counts, which hardly anybody means: accepted, with a warning
        "y_object_duplicated_key_and_value",
    ]
    assert all(rules for name, (_, rules) in CASES.items() if name[0] == "n")


@pytest.mark.parametrize("form", [Form.JSON, Form.JSONL])
def test_every_case_has_its_verdict(form: Form) -> None:
    """A text to accept has no fatal flaw, a text to refuse has one; as a file and as a line."""
    for name, (text, rules) in CASES.items():
        if form is Form.JSONL and (b"\n" in text.rstrip(b"\n") or not text.strip(b" \n")):
            continue  # several lines, or a blank line, which is no document
        met, values = rules_and_values(name, text, form)
        assert met == rules, name
        if set(met) <= ABOUT_VALUES:
            assert repr(values) == repr([value_of(text)]), name
        else:
            assert values == [UNREADABLE], name


@pytest.mark.parametrize("read", [reader._read_with_stdlib, reader._fast_reader() or reader.read_json])
def test_quick_readers_accept_flawless_texts(read: Callable[[bytes], object]) -> None:
    """Both quick readers return the value of a text without flaws, and refuse every other text."""
    for name, (text, rules) in CASES.items():
        if rules:
            try:
                read(text)
            except ValueError:
                continue
            pytest.fail(name)
        else:
            assert repr(read(text)) == repr(value_of(text)), name


def test_the_scanner_agrees() -> None:
    """The scanner, which explains what the quick readers refuse, has the same value for what they accept."""
    for name, (text, rules) in CASES.items():
        if {"not-utf8", "byte-order-mark"} & set(rules) or text.startswith(b"\xef\xbb\xbf"):
            continue  # a flaw before the scanner starts
        value, flaws = scanner.scan(text.decode())
        assert sorted({flaw.rule for flaw in flaws}) == rules, name
        assert (value is UNREADABLE) == bool(set(rules) - ABOUT_VALUES), name


def test_what_is_json_is_the_same_in_yaml() -> None:
    """
    A JSON array or object has the same value, and no flaws, in a file named as YAML.

    The converse is not true: YAML accepts much that JSON refuses, such as `[a, ]` and `{'a': 1}`.
    """
    for name, (text, rules) in CASES.items():
        if not set(rules) and text.lstrip().startswith((b"[", b"{")):
            assert rules_and_values(name, text, Form.YAML)[0] == [], name
            assert repr(rules_and_values(name, text, Form.YAML)[1]) == repr([value_of(text)]), name
        rules_and_values(name, text, Form.YAML)  # and nothing raises


def test_the_command_reports_the_same(tmp_path: Path) -> None:
    """
    In one run over files of all cases, every file is judged, with the findings of its text.

    One is JSON with comments, without a sign of a request: a file of other programs, which is passed over by name.

    Limits: 20 s of processor time, 200 MB; measured: 1.3 s, 75 MB.
    """
    for number, (text, _) in enumerate(CASES.values()):
        (tmp_path / f"{number:03}.json").write_bytes(text)
    names = [f"{number:03}.json" for number in range(len(CASES))]
    ran = bounded("check", "--isolated", "--output-format", "json", "--jobs", "1", *names, folder=tmp_path)
    assert (ran.code, ran.err) == (1, b"")
    report = json.loads(ran.out)
    assert report["summary"]["files"] + report["summary"]["skipped"] == len(CASES)  # two hold an empty array
    ours = set().union(*(rules for _, rules in CASES.values()))
    met: dict[str, set[str]] = {name: set() for name in names}
    for finding in report["findings"]:
        if finding["rule"] == "unreadable-input":
            assert "it is JSON with comments (JSONC)" in finding["message"], finding
            met[finding["file"]].add("invalid-json")
        elif finding["rule"] in ours and (finding["line"] or finding["rule"] != "non-json-value"):
            met[finding["file"]].add(finding["rule"])
    for file, (name, (_, rules)) in zip(names, CASES.items(), strict=True):
        assert met[file] == set(rules), name
    assert ran.seconds < 20
    assert ran.megabytes < 200


def test_standard_input_reports_the_same() -> None:
    """A text without a name is detected as JSON by its beginning, and has the same findings."""
    for name, (text, rules) in CASES.items():
        if not text.startswith((b"[", b"{")) or b"\n" in text:
            continue
        assert rules_and_values("<stdin>", text, Form.JSON)[0] == rules, name
        read = read_documents(Source("<stdin>", None, text))
        assert sorted({flaw.rule for document in read for flaw in document.flaws}) == rules, name
