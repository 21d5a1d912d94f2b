"""Compressed input is judged as the text in it: read as a stream, recognised by its name, never clean if damaged."""

import gzip
import json
import os
import struct
import subprocess
import sys
import threading
import tracemalloc
from collections.abc import Callable, Iterator
from hashlib import sha512
from io import BytesIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from reqlint import Linter
from reqlint.cli.group import cli
from reqlint.project.discovery import find_inputs
from reqlint.run.splitting.split import NotSplit
from reqlint.text import compressed
from reqlint.text.documents import read_documents as read
from reqlint.text.forms import Form, guess_form
from reqlint.text.sources import Source

pytestmark = pytest.mark.core

if sys.version_info >= (3, 14):
    from compression import zstd
else:
    from backports import zstd

PACKED: dict[str, Callable[[bytes], bytes]] = {".gz": lambda text: gzip.compress(text, 1), ".zst": zstd.compress}
HI = [{"role": "user", "content": "Hi"}]
ROOT = Path(__file__).parents[2]

needs_pipes = pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="there are no named pipes here")
every_way = pytest.mark.parametrize("suffix", compressed.SUFFIXES)


def line(number: int, **changes: object) -> bytes:
    """Return a batch line as bytes, with its line feed."""
    body = {"model": "gpt-4o-mini", "messages": HI, **changes}
    whole = {"custom_id": f"line-{number}", "method": "POST", "url": "/v1/chat/completions", "body": body}
    return json.dumps(whole).encode() + b"\n"


def noisy(number: int) -> bytes:
    """Return a line that compresses badly, so that a file of them is compressed in pieces; every fourth is bad."""
    return line(number, n=3 if number % 4 else 0, user=sha512(b"%d" % number).hexdigest())


LINES = b"".join(map(noisy, range(2_000)))


def unpacked(stored: bytes, suffix: str) -> tuple[bytes, str]:
    """Return the lines of compressed bytes that can be read, and the error after them."""
    text = b""
    try:
        with compressed.unpack_stream(BytesIO(stored), suffix) as lines:
            for each in lines:
                text += each
    except OSError as failed:
        return text, str(failed)
    return text, ""


def run(*arguments: str, text: bytes = b"") -> Result:
    """Run `check` as openai."""
    return CliRunner().invoke(cli, ["check", "-p", "openai", *arguments], input=text)


@every_way
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(pieces=st.lists(st.binary(max_size=50), min_size=1), size=st.integers(1, 20))
def test_members_and_frames_are_one_text(suffix: str, pieces: list[bytes], size: int) -> None:
    """Pieces that were compressed one by one, as by `cat` and appending loggers, are read as one text."""
    stored = b"".join(map(PACKED[suffix], pieces))
    assert unpacked(stored, suffix) == (b"".join(pieces), "")
    with Source(f"a{suffix}", None, stored).open() as stream:
        assert b"".join(iter(lambda: stream.read(size), b"")) == b"".join(pieces)


@every_way
def test_the_position_in_the_compressed_file_is_known(suffix: str) -> None:
    """The stream of a compressed file has the position in that file, up to its end; other streams have none."""
    stored = PACKED[suffix](LINES)
    with compressed.unpack_stream(BytesIO(stored), suffix) as stream:
        before = 0
        for _ in stream:
            now = compressed.stored_position(stream)
            assert now is not None
            assert before <= now <= len(stored)
            before = now
        assert before == len(stored)
    assert compressed.stored_position(BytesIO(stored)) is None


def test_frames_without_text_are_skipped() -> None:
    """The frames in which seekable and parallel zstd keep their tables are not text, even at the beginning."""
    note = struct.pack("<II", 0x184D2A5E, 4) + b"abcd"
    assert unpacked(note + zstd.compress(LINES) + note, ".zst") == (LINES, "")


@every_way
@pytest.mark.parametrize("profile", ["openai", "auto"])
def test_a_compressed_file_is_judged_as_its_text(tmp_path: Path, suffix: str, profile: str) -> None:
    """Every finding is that of the text, with the same lines and columns; only the name differs."""
    (tmp_path / "plain.jsonl").write_bytes(LINES)
    (tmp_path / f"plain.jsonl{suffix}").write_bytes(PACKED[suffix](LINES))
    linter = Linter(profile)
    plain = linter.check_file(tmp_path / "plain.jsonl")
    packed = linter.check_file(tmp_path / f"plain.jsonl{suffix}")
    assert len(plain.findings) >= 500
    assert [(f.rule, f.pointer, f.region, f.message, f.fix) for f in packed.findings] == [
        (f.rule, f.pointer, f.region, f.message, f.fix) for f in plain.findings
    ]
    assert packed.requests == plain.requests


@every_way
def test_reports_quote_the_text(tmp_path: Path, suffix: str) -> None:
    """The human report shows the line of a finding, which is unpacked once more for it."""
    path = tmp_path / f"batch.jsonl{suffix}"
    path.write_bytes(PACKED[suffix](line(1) + line(2, n="many")))
    shown = run(str(path))
    assert shown.exit_code == 1
    assert '"n": "many"' in shown.output


@pytest.mark.parametrize("suffix", ["", *compressed.SUFFIXES, ".GZ", ".Zst"])
def test_the_inner_suffix_decides_the_form(suffix: str) -> None:
    """The suffix of a compression is skipped; without an inner suffix the text decides."""
    assert guess_form(f"a.jsonl{suffix}", b"[") is Form.JSONL
    assert guess_form(f"a.ndjson{suffix}", b"[") is Form.JSONL
    assert guess_form(f"a.JSON{suffix}", b"- x") is Form.JSON
    assert guess_form(f"a.har{suffix}", b"- x") is Form.JSON
    assert guess_form(f"a.yaml{suffix}", b"{}") is Form.YAML
    assert guess_form(f"a{suffix}", b'{"a": 1}\n{"a": 2}') is Form.JSONL


@every_way
@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.json", b'{"messages": [], "n": 0}'),
        ("a.yaml", b"messages: []\nn: 0\n"),
        ("a", b"messages: []\nn: 0\n"),
        ("a", b'{"messages": [], "n": 0}\n{"messages": [], "n": 0}\n'),
        ("a.jsonl", b'\xef\xbb\xbf{"messages": [], "n": 0}\n'),
        ("a.jsonl", '{"messages": []}\n'.encode("utf-16")),
        ("a.jsonl", b'{\n"messages": []\n}\n'),
        ("a.jsonl", b""),
    ],
)
def test_every_form_can_be_compressed(tmp_path: Path, suffix: str, name: str, text: bytes) -> None:
    """Documents and their flaws are those of the text, whatever the form: BOM, encoding and JSON over lines too."""
    path = tmp_path / (name + suffix)
    path.write_bytes(PACKED[suffix](text))
    packed, plain = list(read(Source(str(path), path))), list(read(Source(name, None, text)))
    assert [(d.index, d.value, d.flaws) for d in packed] == [(d.index, d.value, d.flaws) for d in plain]


@every_way
def test_all_lines_before_damage_are_read(suffix: str) -> None:
    """Of a file cut anywhere, the lines before the cut are read; then an error says that the rest is missing."""
    stored = PACKED[suffix](LINES)
    for end in {*range(20), *range(20, len(stored), 9_973), *range(len(stored) - 12, len(stored))}:
        text, stopped = unpacked(stored[:end], suffix)
        assert LINES.startswith(text)
        if compressed.is_compressed(stored[:end], suffix):
            assert stopped == f"its {compressed._COMPRESSIONS[suffix].name} data ends too early; the rest is missing"
        else:
            assert stopped
    assert unpacked(stored[: len(stored) * 9 // 10], suffix)[0].count(b"\n") > 1_000


def damaged(suffix: str) -> Iterator[tuple[bytes, str]]:
    """Yield damaged compressed bytes, and the error for each."""
    name, stored = compressed._COMPRESSIONS[suffix].name, PACKED[suffix](LINES)
    yield b"", "it is empty; a compressed file never is"
    yield LINES, f"it is not {name}, although its name ends in {suffix}"
    yield b"{", f"it is not {name}, although its name ends in {suffix}"
    yield stored[:-1], f"its {name} data ends too early; the rest is missing"
    yield stored + b"and more", f"its {name} data is damaged"
    yield stored[:9] + b"\xff" * 9 + stored[18:], f"its {name} data is damaged"


def test_a_checksum_that_does_not_fit_is_damage() -> None:
    """A text that can be unpacked, but has another checksum, is not clean."""
    stored = bytearray(gzip.compress(LINES))
    stored[-6] ^= 1
    assert unpacked(bytes(stored), ".gz") == (LINES, "its gzip data is damaged")
    stored = bytearray(zstd.compress(LINES, options={zstd.CompressionParameter.checksum_flag: 1}))
    stored[-1] ^= 1
    assert unpacked(bytes(stored), ".zst")[1] == "its zstd data is damaged"


@every_way
@pytest.mark.parametrize("form", ["json", "jsonl", "yaml"])
def test_damage_is_one_finding(tmp_path: Path, suffix: str, form: str) -> None:
    """A file that cannot be unpacked is one finding with exit code 1, and the other files are judged."""
    good, bad = tmp_path / "good.jsonl", tmp_path / f"bad.{form}{suffix}"
    good.write_bytes(line(1))
    for stored, said in damaged(suffix):
        bad.write_bytes(stored)
        shown = run("--select", "unreadable-input", "--output-format", "concise", str(bad), str(good))
        assert shown.exit_code == 1
        assert shown.output.splitlines()[0].endswith(f"unreadable-input error cannot be read: {said}")
        assert shown.output.count("unreadable-input") == 1
        assert "1 file" in shown.output or "2 files" in shown.output


@every_way
def test_lines_before_damage_are_judged(tmp_path: Path, suffix: str) -> None:
    """The findings of the readable lines are reported, and one finding that the rest cannot be read."""
    path = tmp_path / f"cut.jsonl{suffix}"
    stored = PACKED[suffix](LINES)
    path.write_bytes(stored[: len(stored) * 9 // 10])
    report = Linter("openai").check_file(path)
    rules = [finding.rule for finding in report.findings]
    assert rules[-1] == "unreadable-input"
    assert rules.count("unreadable-input") == 1
    assert rules.count("out-of-range") > 250
    assert report.requests > 1_000


def test_a_file_without_the_suffix_is_not_guessed_at(tmp_path: Path) -> None:
    """Compressed bytes in a file without the suffix are a text that is not UTF-8."""
    path = tmp_path / "batch.jsonl"
    path.write_bytes(gzip.compress(line(1)))
    assert {finding.rule for finding in Linter("openai").check_file(path).findings} & {"not-utf8", "invalid-json"}


@every_way
def test_standard_input_is_unpacked_by_its_name(suffix: str) -> None:
    """With --stdin-filename, compressed bytes are unpacked; text that is already unpacked is read as it is."""
    for text in (PACKED[suffix](line(1, n=0)), line(1, n=0)):
        shown = run("-", "--stdin-filename", f"logs/a.jsonl{suffix}", "--output-format", "concise", text=text)
        assert shown.exit_code == 1
        assert shown.output.startswith(f"logs/a.jsonl{suffix}:1:")
        assert "out-of-range" in shown.output


@every_way
def test_text_may_have_the_name_of_a_compressed_file(suffix: str) -> None:
    """`check_text` accepts the text of a file that the caller has unpacked, under the name of that file."""
    text = line(1, n=0)
    for own in (text, text.decode(), PACKED[suffix](text)):
        report = Linter("openai").check_text(own, f"a.jsonl{suffix}")
        assert [finding.rule for finding in report.findings] == ["out-of-range"]


@needs_pipes
def test_a_pipe_is_unpacked(tmp_path: Path) -> None:
    """A named pipe can be compressed, because unpacking needs no seek."""
    path = tmp_path / "pipe.jsonl.gz"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(gzip.compress(LINES),))
    writer.start()
    assert len(list(read(Source(str(path), path)))) == 2_000
    writer.join()


def test_folders_are_searched_for_compressed_lines(tmp_path: Path) -> None:
    """Compressed JSON Lines are found in folders; other compressed files are read only when they are named."""
    for name in ("a.jsonl.gz", "b.ndjson.zst", "c.json.gz", "d.tar.gz", "e.gz"):
        (tmp_path / name).write_bytes(b"")
    assert [Path(found.name).name for found in find_inputs([str(tmp_path)])] == ["a.jsonl.gz", "b.ndjson.zst"]
    assert [found.named for found in find_inputs([str(tmp_path / "c.json.gz")])] == [True]


@every_way
def test_reading_keeps_one_line_in_memory(suffix: str) -> None:
    """Memory does not grow with the text, however small its compressed file is."""
    stored = PACKED[suffix](line(1, user="x" * 3_000) * 20_000)

    def peak() -> int:
        tracemalloc.start()
        count = sum(1 for _ in read(Source(f"a.jsonl{suffix}", None, stored)))
        held = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert count == 20_000
        return held

    assert peak() < 3_000_000 < 20_000 * 3_000


@every_way
def test_a_line_that_unpacks_to_too_much_is_an_error(suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A bomb stops at the limit: the lines before it are read, and memory stays below a few times the limit."""
    monkeypatch.setattr(compressed, "MAX_BYTES", 2_000_000)
    stored = PACKED[suffix](LINES + b"0" * 100_000_000)
    tracemalloc.start()
    text, stopped = unpacked(stored, suffix)
    held = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert (text, stopped) == (LINES, "it has a line of more than 2,000,000 bytes")
    assert held < 8_000_000
    assert len(stored) < 1_000_000
    for form in ("json", "yaml"):
        report = Linter("openai").check_text(PACKED[suffix](b"\n" * 100_000_000), f"a.{form}{suffix}")
        assert [finding.message for finding in report.findings] == [
            "cannot be read: it unpacks to more than 2,000,000 bytes, the limit for JSON and YAML"
        ]


def test_memory_that_zstd_asks_for_is_bounded() -> None:
    """A frame with a window of two gigabytes is refused by the zstd package, and the error says so."""
    frame = b"\x28\xb5\x2f\xfd\x00" + bytes([21 << 3]) + b"\x01\x00\x00"  # RFC 8878: window of 2^(10 + 21) bytes
    assert unpacked(frame, ".zst") == (b"", "its zstd data asks for more memory than is safe to give")


@pytest.mark.skipif(sys.version_info >= (3, 14), reason="zstd is in the standard library")
def test_a_missing_reader_is_one_clear_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a zstd package, a .zst file is a finding that names the missing package; everything else works."""
    monkeypatch.setitem(sys.modules, "backports.zstd", None)
    monkeypatch.delattr("backports.zstd", raising=False)
    (tmp_path / "a.jsonl.zst").write_bytes(zstd.compress(line(1)))
    (tmp_path / "b.jsonl.gz").write_bytes(gzip.compress(line(1)))
    shown = run("--output-format", "concise", str(tmp_path))
    assert shown.exit_code == 1
    assert "reading it needs the package backports.zstd, which is not installed" in shown.output
    assert shown.output.count("a.jsonl.zst") == 1
    assert "b.jsonl.gz" not in shown.output


def test_uncompressed_input_imports_no_compression(tmp_path: Path) -> None:
    """Neither gzip nor zstd is imported before there is a file to unpack."""
    (tmp_path / "a.jsonl").write_bytes(line(1))
    code = (
        "import sys, atexit; from reqlint.__main__ import main\n"
        "atexit.register(lambda: print(sorted({'gzip', 'backports', 'compression.zstd'} & set(sys.modules))))\n"
        "main()"
    )
    command = [sys.executable, "-c", code, "check", "-q", "a.jsonl"]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True, check=False)
    assert ran.stdout == "[]\n", ran.stderr


@every_way
def test_a_compressed_file_is_not_fixed(tmp_path: Path, suffix: str) -> None:
    """--fix refuses a file that it would have to compress again: one sentence, exit code 2, the file unchanged."""
    path = tmp_path / f"batch.jsonl{suffix}"
    path.write_bytes(before := PACKED[suffix](line(1, steam=True)))
    shown = run("--fix", str(path))
    assert shown.exit_code == 2
    assert f"error: cannot write {path}: it is compressed; unpack it and fix what comes out\n" in shown.stderr
    assert "Fixed" not in shown.output
    assert path.read_bytes() == before
    path.write_bytes(PACKED[suffix](line(1)))
    assert run("--fix", str(path)).exit_code == 0  # there is nothing to write


@every_way
@pytest.mark.parametrize("form", ["jsonl", "json"])
def test_a_diff_of_a_compressed_file_is_that_of_its_text(tmp_path: Path, suffix: str, form: str) -> None:
    """--diff writes no file, so it shows the changes of the text."""
    path = tmp_path / f"batch.{form}{suffix}"
    path.write_bytes(PACKED[suffix](line(1, steam=True)))
    shown = run("--diff", str(path))
    assert shown.exit_code == 1
    assert line(1, steam=True).decode() in shown.stdout.replace("\n-", "\n")
    assert line(1, stream=True).decode() in shown.stdout.replace("\n+", "\n")


@every_way
def test_fixed_standard_input_comes_out_unpacked(suffix: str) -> None:
    """The output of --fix on standard input is text, whether there was something to fix or not."""
    name = f"a.jsonl{suffix}"
    for before, after in ((line(1, steam=True), line(1, stream=True)), (line(1), line(1))):
        shown = run("--fix", "-", "--stdin-filename", name, text=PACKED[suffix](before))
        assert shown.stdout_bytes == after
    shown = run("--fix", "-", "--stdin-filename", name, text=PACKED[suffix](LINES)[:-20])
    assert shown.exit_code == 2
    assert f"error: cannot fix {name}: its {compressed._COMPRESSIONS[suffix].name} data ends too early" in shown.stderr


@every_way
def test_split_takes_compressed_lines(tmp_path: Path, suffix: str) -> None:
    """The lines of a compressed file are split as text; the outputs are not compressed, and cannot have such names."""
    path, good, bad = tmp_path / f"in.jsonl{suffix}", tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    path.write_bytes(PACKED[suffix](line(1) + line(2, n=0) + line(3)))

    def split(out: Path) -> Result:
        return CliRunner().invoke(cli, ["split", "-p", "openai", str(path), "--good", str(out), "--bad", str(bad)])

    assert split(good).exit_code == 1
    assert (good.read_bytes(), bad.read_bytes()) == (line(1) + line(3), line(2, n=0))
    bad.unlink()
    refused = split(tmp_path / f"good.jsonl{suffix}").exception
    assert isinstance(refused, NotSplit)
    assert f"would not be compressed, whatever its name says; leave {suffix} out" in str(refused)
    path.write_bytes(PACKED[suffix](LINES)[:-20])
    cut = split(good)
    assert cut.exit_code == 1
    assert f"error: cannot read {path}: its {compressed._COMPRESSIONS[suffix].name} data ends too early" in cut.stderr
    assert good.read_bytes() == line(1) + line(3)
    assert not bad.exists()


@needs_pipes
def test_split_unpacks_a_pipe(tmp_path: Path) -> None:
    """A named pipe is copied before it is split, still compressed."""
    path = tmp_path / "pipe.jsonl.gz"
    os.mkfifo(path)
    writer = threading.Thread(target=path.write_bytes, args=(gzip.compress(line(1) + line(2, n=0)),))
    writer.start()
    options = ["--good", str(tmp_path / "good"), "--bad", str(tmp_path / "bad")]
    assert CliRunner().invoke(cli, ["split", "-p", "openai", str(path), *options]).exit_code == 1
    writer.join()
    assert (tmp_path / "good").read_bytes() == line(1)
