"""
Text made to break its reader: every class ends in findings or one clear sentence, within stated limits.

Every text stands between two ordinary files of the same run, both of which are judged. Limits are in seconds of
processor time and megabytes, several times the figures measured on one machine.
"""

import gzip
import json
import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint import Linter
from reqlint.text import documents, sources
from reqlint.text.documents import read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.json import reader, scanner
from reqlint.text.sources import Source
from tests.support.bounded import bounded

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

M = 1_000_000
HI = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}


def request(**more: object) -> bytes:
    """Return an ordinary request as JSON."""
    return json.dumps({**HI, **more}).encode()


def around(text: bytes) -> bytes:
    """Return a request with a text as one more member."""
    return request()[:-1] + b', "store": true, "metadata": ' + text + b"}"


GOOD, BAD = request() + b"\n", request(n=0) + b"\n"


class Case(NamedTuple):
    """A class of hostile text, and its expected findings and limits."""

    name: str  #: of the file
    text: Callable[[], bytes]
    rules: dict[str, int]  #: how often each is met, in this file
    seconds: float = 5
    megabytes: int = 150
    lines: int = 0  #: ordinary requests in the same file that are judged, each with one finding


def deep(opening: str, levels: int, closed: str = "") -> Callable[[], bytes]:
    """Return a function that makes a nested text."""
    return lambda: (opening * levels + "1" * bool(closed) + closed * levels).encode()


def long(before: bytes, after: bytes, filling: bytes = b"x") -> Callable[[], bytes]:
    """Return a function that makes a line of 40 MB."""
    return lambda: before + filling * (40 * M // len(filling)) + after


DEEP, BROKEN, ODD, ENCODED = {"too-deep": 1}, {"invalid-json": 1}, {"non-json-value": 1}, {"not-utf8": 1}
STRANGE = {"missing-field": 2}
CASES = {  # measured: 0.2 s and 40 MB unless it says so
    "arrays, closed": Case("a.json", deep("[", 100_000, "]"), DEEP),
    "arrays, a million": Case("a.json", deep("[", M), DEEP),
    "objects, closed": Case("a.json", deep('{"a":', M, "}"), DEEP),  # 51 MB
    "objects and arrays": Case("a.json", deep('[{"a":', 100_000, "}]"), DEEP),
    "levels in a line": Case("a.jsonl", lambda: BAD + deep("[", M, "]")() + b"\n" + BAD, DEEP, lines=2),
    "levels without a name": Case("a", deep("[", M, "]"), DEEP),
    "levels in a request": Case("a.json", lambda: around(deep("[", 100_000, "]")()), DEEP),
    "a long string": Case("a.json", long(b'"', b'"'), {"wrong-type": 1}, 6, 450),  # 0.5 s, 340 MB
    "a long request": Case("a.json", long(around(b'{"a": "')[:-1], b'"}}'), {"too-long-metadata": 1}, 6, 500),
    "a long line": Case("a.jsonl", lambda: BAD + long(b'{"a": "', b"\n")() + BAD, BROKEN, 6, 280, 2),
    "a long text that is not closed": Case("a.json", long(b'{"a": "', b""), BROKEN, 6, 220),  # 0.4 s, 150 MB
    "a long text of one word": Case("a.json", long(b"", b""), BROKEN, 6, 220),
    "a long text in no encoding": Case("a.json", long(b'"', b'"', b"\xe9"), ENCODED, 6, 280),  # 0.5 s, 190 MB
    "a long text of small values": Case(  # 0.9 s/MB: each is looked at by itself; 25 bytes for one of the text
        "a.json", lambda: b"[" + b'{"a":1},' * 100_000 + b"x]", BROKEN, 15, 150
    ),
    "5,000 digits": Case("a.json", lambda: around(b"9" * 5_000), ODD),
    "a million digits": Case("a.json", lambda: around(b"-" + b"9" * M), ODD),
    "a million digits of a fraction": Case("a.json", lambda: around(b"0." + b"9" * M), {"wrong-type": 1}),
    "numbers that overflow": Case("a.json", lambda: around(b"[1e400, -1e400]"), {"wrong-type": 1, "non-json-value": 2}),
    "a huge exponent": Case("a.json", lambda: around(b"1e" + b"9" * M), ODD),
    "words for numbers": Case(
        "a.json", lambda: around(b"[NaN, Infinity, -Infinity]"), {"wrong-type": 1, "non-json-value": 3}
    ),
    "half a character": Case("a.json", lambda: around(b'{"a": "\\ud83d", "b": "\\ude00"}'), {"lone-surrogate": 2}),
    "half a key": Case("a.json", lambda: around(b'{"\\ud83d": "\\ud83d\\ude00"}'), {"lone-surrogate": 1}),
    "20,000 half characters": Case(  # 0.9 s, 80 MB
        "a.json", lambda: around(b'{"a": "%s"}' % (b"\\ud800" * 20_000)),
        {"lone-surrogate": 1, "too-long-metadata": 1}, 15, 300,
    ),
    "overlong UTF-8": Case("a.json", lambda: around(b'"\xc0\xaf"'), ENCODED),
    "CESU-8": Case("a.json", lambda: around(b'"\xed\xa0\xbd\xed\xb8\x80"'), ENCODED),
    "beyond Unicode": Case("a.json", lambda: around(b'"\xf4\x90\x80\x80"'), ENCODED),
    "UTF-8 that is cut": Case("a.json", lambda: GOOD[:-5] + b"\xf0\x9f\x98", ENCODED),
    "broken UTF-8 in a line": Case("a.jsonl", lambda: BAD + around(b'"\xff"') + b"\n" + BAD, ENCODED, lines=2),
    "UTF-7": Case("a.json", lambda: around(b'"+2D3eAA-"'), {"wrong-type": 1}),  # is ASCII, and says nothing else
    **{
        f"{encoding}, {name}": Case(name, lambda encoding=encoding: GOOD.decode().encode(encoding), ENCODED)
        for encoding in ("utf-16", "utf-32")
        for name in ("a.json", "a.jsonl", "a.yaml", "a")
    },
    "UTF-16 without a mark": Case("a.json", lambda: GOOD.decode().encode("utf-16-le"), BROKEN),
    "UTF-32 without a mark": Case("a.json", lambda: GOOD.decode().encode("utf-32-be"), BROKEN),
    "a NUL": Case("a.json", lambda: GOOD + b"\0", BROKEN),
    "a NUL in a string": Case("a.json", lambda: around(b'"\0"'), BROKEN),
    "an escaped NUL": Case("a.json", lambda: around(b'{"a\\u0000": "\\u0000"}'), {}),
    "a million NULs": Case("a.json", lambda: b"\0" * M, BROKEN),
    "a mark": Case("a.json", lambda: b"\xef\xbb\xbf" + GOOD, {"byte-order-mark": 1}),
    "two marks": Case("a.json", lambda: b"\xef\xbb\xbf" * 2 + GOOD, {"byte-order-mark": 1, "invalid-json": 1}),
    "a mark inside": Case("a.json", lambda: around(b"\xef\xbb\xbf1"), BROKEN),
    "marks of lines": Case("a.jsonl", lambda: b"\xef\xbb\xbf" + GOOD + b"\xef\xbb\xbf" + GOOD, {"byte-order-mark": 2}),
    "ends of lines in strings": Case("a.jsonl", lambda: around('{"a": "\u2028\u2029\x85\x7f"}'.encode()), {}),
    "ends of lines that are none": Case("a.jsonl", lambda: GOOD[:-1] + "\u2028".encode() + GOOD, BROKEN),
    "CRLF": Case("a.jsonl", lambda: BAD.replace(b"\n", b"\r\n") * 3, {}, lines=3),
    "lone CR": Case("a.jsonl", lambda: GOOD.replace(b"\n", b"\r") * 1_000, BROKEN),
    "blank lines": Case("a.jsonl", lambda: b"\n" * (M // 4) + BAD, {}, 4, lines=1),  # 0.7 s
    "8,000 times one key": Case(  # 0.5 s, 55 MB; a million: 34 s, 1,520 MB
        "a.json", lambda: around(b"{%s}" % b",".join([b'"a": "1"'] * 8_000)), {"duplicate-key": 7_999}, 16, 230
    ),
    "keys that are pointers": Case(
        "a.json", lambda: around(b'{"~": "1", "/": "1", "~1": "1", "": "1", "0": "1", "-": 1}'), {"wrong-type": 1}
    ),
    "4,000 unknown fields": Case(  # 0.6 s; the square of them before
        "a.json", lambda: request(**{f"field{n}": 1 for n in range(4_000)}), {"unknown-field": 4_000}, 12, 150
    ),
    "4,000 lines of nothing": Case("a.jsonl", lambda: b"{}\n" * 4_000, {"missing-field": 8_000}, 16, 150),
    "4,000 broken lines": Case("a.jsonl", lambda: b"[1,\n" * 4_000, {"invalid-json": 4_000}, 24, 190),
}  # fmt: skip


@pytest.mark.parametrize("what", CASES)
def test_hostile_text_is_reported_within_limits(tmp_path: Path, what: str) -> None:
    """A text of each class has its expected findings within its limits, and the files around it are judged."""
    case = CASES[what]
    for name, text in (("A.json", BAD), (case.name, case.text()), ("z.json", BAD)):
        (tmp_path / name).write_bytes(text)
    ran = bounded(
        "check", "--isolated", "-p", "openai", "--output-format", "jsonl", "--jobs", "1", "A.json", case.name, "z.json",
        folder=tmp_path, seconds=int(case.seconds * 2),
    )  # fmt: skip
    assert (ran.code, ran.err) == (1, b"")
    told = [json.loads(line) for line in ran.out.decode().split("\n") if line]
    assert [finding["rule"] for finding in told if finding["file"] != case.name] == ["out-of-range"] * 2
    rules = Counter(finding["rule"] for finding in told if finding["file"] == case.name)
    rules.subtract({"out-of-range": case.lines})
    for passing in ("blank-line", "byte-order-mark")[: 1 + ("mark" not in what)]:
        rules.pop(passing, None)
    assert +rules == Counter(case.rules)
    assert ran.seconds < case.seconds
    assert ran.megabytes < case.megabytes


@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.yaml", "a.har", "a"])
def test_every_single_byte_is_read_or_reported(name: str) -> None:
    """A file of one byte, or none, is read or has a finding, whatever the byte and the form; nothing raises."""
    linter = Linter("openai")
    for text in (b"", *(bytes([byte]) for byte in range(256))):
        report = linter.check_text(text, name)
        assert report.findings or report.skipped, text
        if text > b"\x7f":
            assert [finding.rule for finding in report.findings] == ["not-utf8"], text
        for finding in report.findings:
            if finding.region:
                assert finding.region.line in (1, 2), text


pieces = st.sampled_from([
    b"{", b"}", b"[", b"]", b",", b":", b'"', b"\\", b"\\ud83d", b"\\ude00", b"\\u003a", b"1e400", b"-0", b"NaN",
    b"01", b"9" * 310, b'"a":1,', b'"a":', b"\xff", b"\xed\xa0\x80", b"\xef\xbb\xbf", b"\x00", b"\r", b"\n", b"[" * 300,
    b"tru", "\u2028".encode(), "😀".encode(),
])  # fmt: skip
edits = st.lists(
    st.tuples(st.integers(0, 400), st.integers(0, 3), st.one_of(pieces, st.binary(max_size=3))), max_size=4
)


def edited(changes: list[tuple[int, int, bytes]]) -> bytes:
    """Return a request after some edits."""
    text = request(stop=["\\u00e9", "😀", 1.5e-7], logit_bias={"~/": -1, "": 2}, user=None)
    for at, length, piece in changes:
        text = text[:at] + piece + text[at + length :]
    return text


def outcome(read: Callable[[bytes], object], text: bytes) -> object:
    """Return the value that a reader has for a text; `UNREADABLE` when it refuses it."""
    try:
        return read(text)
    except ValueError:
        return UNREADABLE


@settings(max_examples=400, deadline=None)
@given(edits.map(edited) | st.binary(max_size=60))
def test_all_readers_agree(text: bytes) -> None:
    """Both quick readers return the same value for any bytes, or refuse them, and then the scanner has a flaw."""
    plain = outcome(reader._read_with_stdlib, text)
    assert repr(outcome(reader._fast_reader() or reader.read_json, text)) == repr(plain)
    (document,) = read_documents(Source("a.json", None, text), Form.JSON)
    assert (plain is UNREADABLE) == bool(document.flaws)
    if plain is not UNREADABLE:
        assert repr(scanner.scan(text.decode())) == repr((plain, []))


def parts(report: Any) -> Iterator[Any]:
    """Yield everything in a report that has a region."""
    for finding in report.findings:
        yield from (each for each in (finding, *finding.related) if each.region)


@settings(max_examples=300, deadline=None)
@given(edits.map(edited))
def test_every_region_lies_in_the_text(text: bytes) -> None:
    """Whatever is done to a request, a region is a part of the text with the right lines and columns."""
    shown = text.decode("utf-8", "replace")
    for part in parts(Linter("openai").check_text(text, "a.json")):
        region = part.region
        assert 0 <= region.start <= region.end <= len(shown)
        for at, line, column in (
            (region.start, region.line, region.column),
            (region.end, region.end_line, region.end_column),
        ):
            assert line == shown.count("\n", 0, at) + 1
            assert column == at - shown.rfind("\n", 0, at)


# ------------------------------------------------------------------------------------------------------- compression

BOMB = 1_000 * M  #: bytes that unpack from about a megabyte
PACKED: dict[str, Callable[[bytes], bytes]] = {".gz": lambda text: gzip.compress(text, 1), ".zst": zstd.compress}


def bomb(suffix: str, filling: bytes) -> bytes:
    """Return a gigabyte, compressed: one member, repeated, because the members of a file are one text."""
    piece = PACKED[suffix](filling * (10 * M // len(filling)))
    return piece * (BOMB // (10 * M))


@pytest.mark.parametrize("suffix", PACKED)
@pytest.mark.parametrize(
    ("form", "filling", "said"),
    [
        ("json", b" ", "it has a line of more than 128,000,000 bytes"),
        ("json", b"\n", "it unpacks to more than 128,000,000 bytes, the limit for JSON and YAML"),
        ("yaml", b"#\n", "it unpacks to more than 128,000,000 bytes, the limit for JSON and YAML"),
        ("jsonl", b"x", "it has a line of more than 128,000,000 bytes"),
    ],
)
def test_bombs_stop_at_the_limit(tmp_path: Path, suffix: str, form: str, filling: bytes, said: str) -> None:
    """
    A file that unpacks to a gigabyte is one sentence, and the files around it are judged.

    Limits: 10 s of processor time, 600 MB; measured: 0.5 s, 300 MB.
    """
    bad = f"b.{form}{suffix}"
    for name, text in (("a.json", BAD), (bad, bomb(suffix, filling)), ("z.json", BAD)):
        (tmp_path / name).write_bytes(text)
    ran = bounded(
        "check", "--isolated", "-p", "openai", "--output-format", "jsonl", "--jobs", "1", "a.json", bad, "z.json",
        folder=tmp_path,
    )  # fmt: skip
    told = [json.loads(line) for line in ran.out.decode().split("\n") if line]
    assert [(each["file"], each["rule"]) for each in told] == [
        ("a.json", "out-of-range"), (bad, "unreadable-input"), ("z.json", "out-of-range")
    ]  # fmt: skip
    assert told[1]["message"] == f"cannot be read: {said}"
    assert (ran.code, ran.err) == (1, b"")
    assert ran.seconds < 10
    assert ran.megabytes < 600


@pytest.mark.parametrize("suffix", PACKED)
def test_archives_in_archives_are_not_opened(suffix: str) -> None:
    """A text compressed twice is unpacked once, and the result is not UTF-8; an empty member adds nothing."""
    pack, linter = PACKED[suffix], Linter("openai")
    (finding,) = linter.check_text(pack(pack(GOOD)), f"a.json{suffix}").findings
    assert finding.rule == "not-utf8"
    assert not linter.check_text(pack(b"") + pack(GOOD) + pack(b""), f"a.json{suffix}").findings
    (finding,) = linter.check_text(pack(GOOD) + b"trailing", f"a.json{suffix}").findings
    assert finding.rule == "unreadable-input"


def test_a_missing_dictionary_is_one_finding() -> None:
    """A zstd frame that names a dictionary cannot be unpacked without it; the finding is one sentence."""
    frame = b"\x28\xb5\x2f\xfd\x21\x2a\x01\x09\x00\x00x"  # RFC 8878: one segment, dictionary 42, one byte
    (finding,) = Linter("openai").check_text(frame, "a.json.zst").findings
    assert finding.message == "cannot be read: its zstd data is damaged"


# -------------------------------------------------------------------------------------------------- without an end


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="there is no device without an end here")
@pytest.mark.parametrize("form", Form)
def test_endless_input_stops_at_the_limit(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, form: Form) -> None:
    """A pipe that never ends is read up to the limit and reported in one sentence; a device is not read."""
    monkeypatch.setattr(sources, "MAX_BYTES", 50 * M)
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["sh", "-c", "cat /dev/zero > pipe"], cwd=tmp_path, stderr=subprocess.DEVNULL):
        pipe = Source("pipe", tmp_path / "pipe")
        told = [finding.message for finding in Linter("openai").check_source(pipe, form=form).findings]
    assert told == ["cannot be read: it has a line of more than 50,000,000 bytes"]
    told = [finding.message for finding in Linter("openai").check_file("/dev/zero").findings]
    assert told == ["cannot be read: it is a device, which may be endless"]


@pytest.mark.parametrize("name", ["a.json", "a.yaml", "a.jsonl"])
def test_a_file_that_is_too_long_is_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    """A text over the limit is not read; in JSON Lines, the limit is for a line."""
    monkeypatch.setattr(sources, "MAX_BYTES", 1_000)
    path = tmp_path / name
    path.write_bytes(BAD * 20)
    rules = [finding.rule for finding in Linter("openai").check_file(path).findings]
    assert rules == (["out-of-range"] * 20 if name == "a.jsonl" else ["unreadable-input"])
    path.write_bytes(BAD + b" " * 600_000 + BAD)
    (*_, last) = Linter("openai").check_file(path).findings
    assert last.rule == "unreadable-input"


def test_no_memory_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """If memory runs out for a text, that is its finding; the next file is judged."""

    def read(_: bytes) -> object:
        raise MemoryError

    path = tmp_path / "a.json"
    path.write_bytes(BAD)
    linter = Linter("openai")
    with monkeypatch.context() as patch:
        patch.setattr(documents, "read_json", read)
        (finding,) = linter.check_file(path).findings
    assert finding.message == "cannot be read: not enough memory"
    assert [each.rule for each in linter.check_file(path).findings] == ["out-of-range"]
