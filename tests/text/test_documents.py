"""Sources and their documents: forms, streams, line numbers."""

import json
import tracemalloc
from io import BytesIO
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.core.findings import Part
from reqlint.text.documents import Document, read_documents, read_json_lines
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form, detect_form, guess_form
from reqlint.text.sources import Source, why_unreadable

pytestmark = pytest.mark.core


def read(text: str | bytes, form: Form | None = None, name: str = "a.jsonl") -> list[Document]:
    """Read the documents of a text."""
    return list(read_documents(Source(name, None, text.encode() if isinstance(text, str) else text), form))


@pytest.mark.parametrize(
    ("name", "head", "form"),
    [
        ("a.json", b"- x", Form.JSON),
        ("A.JSON", b"", Form.JSON),
        ("a.har", b"", Form.JSON),
        ("a.jsonl", b"[\n", Form.JSONL),
        ("a.ndjson", b"", Form.JSONL),
        ("a.yml", b"{}", Form.YAML),
        ("a.yaml", b"{}", Form.YAML),
        ("-", b'{"a": 1}', Form.JSON),
        ("-", b'{"a": 1}\n', Form.JSON),
        ("-", b' \n{\n"a": 1}', Form.JSON),
        ("-", b"[1,\n2]", Form.JSON),
        ("-", b'{"a": 1}\r\n{"a": 2}', Form.JSONL),
        ("-", b'{"a": 1, "a": 2}\n\n{', Form.JSONL),
        ("-", b'\xef\xbb\xbf{"a": 1}\n{"a": 2}', Form.JSONL),
        ("-", b"model: x\n", Form.YAML),
        ("notes.txt", b"- x\n", Form.YAML),
        ("-", b"", Form.JSON),
    ],
)
def test_the_form_is_detected_by_suffix_then_by_content(name: str, head: bytes, form: Form) -> None:
    """A known suffix decides; without one, the first line does."""
    assert guess_form(name, head) is form
    if not Path(name).suffix:
        assert [d.value for d in read(head, name=name)] == [d.value for d in read(head, form)]


def test_a_file_without_suffix_is_detected_by_its_first_lines(tmp_path: Path) -> None:
    """Blank lines before the first value do not hide the form of a file."""
    path = tmp_path / "requests"
    path.write_bytes(b'\n\n{"a": 1}\n\n{"a": 2}\n')
    assert [d.value for d in read_documents(Source("requests", path))] == [{"a": 1}, {"a": 2}]


LINES = (
    b'{"n": 0}\r\n'
    b"\r\n"
    b'{"n": "\xe2\x80\xa8 \xc2\x85"}\n'
    b'{"n": 3,}\n'
    b'  {"n": 4, "n": 5} \n'
    b'{"n": "\xe9"}\n'
    b"\x0b\n"
    b"[7] [8]\n"
    b" \t\n"
    b'{"n": "\xf0\x9f\x98\x80", "m": NaN}'
)


@pytest.mark.parametrize("in_file", [True, False])
def test_every_line_is_a_document(tmp_path: Path, in_file: bool) -> None:
    """Bad lines do not stop the rest, blank lines count but are no documents, and only a line feed ends a line."""
    path = tmp_path / "a.jsonl"
    path.write_bytes(LINES)
    source = Source("a.jsonl", path) if in_file else Source("a.jsonl", None, LINES)
    found = list(read_documents(source))
    assert [(d.index, d.first_line, d.value is UNREADABLE, [hit.rule for hit in d.flaws]) for d in found] == [
        (0, 1, False, []),
        (2, 3, False, []),
        (3, 4, True, ["invalid-json"]),
        (4, 5, False, ["duplicate-key"]),
        (5, 6, True, ["not-utf8"]),
        (6, 7, True, ["invalid-json"]),
        (7, 8, True, ["invalid-json"]),
        (9, 10, False, ["non-json-value"]),
    ]
    for document in found:
        for hit in document.flaws:
            assert hit.region
            assert (hit.region.line, hit.region.end_line) == (document.first_line, document.first_line)
    last = found[-1].locate([(("m",), Part.KEY)])[("m",), Part.KEY]
    assert (last.line, last.column, last.utf16_column, last.byte_column) == (10, 12, 13, 15)
    assert found[-1].text_at(last) == '"m"'


@settings(max_examples=100, deadline=None)
@given(
    st.lists(st.text(st.sampled_from('a"\r\u2028\u0085é😀 \\'), max_size=6), max_size=8),
    st.sampled_from(["\n", "\r\n"]),
)
def test_line_numbers_are_those_of_the_file(texts: list[str], end: str) -> None:
    """The first line of a document and the lines of regions are those in an editor that splits at line feeds."""
    written = [json.dumps({"a": text}, ensure_ascii=False) if text else "" for text in texts]
    source = Source("a.jsonl", None, end.join(written).encode())
    shown = source.lines(range(1, len(written) + 3))
    found = {document.first_line: document for document in read_documents(source)}
    assert sorted(found) == [number for number, text in enumerate(texts, 1) if text]
    for number, document in found.items():
        region = document.locate([(("a",), Part.VALUE)])[("a",), Part.VALUE]
        assert region.line == region.end_line == number
        assert json.loads(shown[number][region.column - 1 : region.end_column - 1]) == texts[number - 1]


def test_lines_are_read_no_further_than_the_last_wanted() -> None:
    """Lines have no line ends, and U+FFFD for bytes that are not UTF-8; lines that do not exist are omitted."""
    source = Source("a", None, b"one\r\ntwo \xff\n\nfour\xe2\x80\xa8still\n")
    assert source.lines([4, 2, 9, 3]) == {2: "two \ufffd", 3: "", 4: "four\u2028still"}
    assert source.lines([]) == {}


@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_json_over_several_lines_is_not_one_finding_a_line(bom: bytes) -> None:
    """A JSON text in a file named as JSON Lines is one flaw."""
    (document,) = read(bom + b'{\n  "a": 1\n}\n')
    hit = document.flaws[-1]
    assert (document.value, hit.rule) == (UNREADABLE, "invalid-json")
    assert hit.facts == {"expected": "one value per line", "found": "one value over several lines"}


LONG = json.dumps([{"text": "x" * 90, "n": [number, -1.5e-3, True]} for number in range(30_000)], indent=1).encode()


@pytest.mark.parametrize("cut", [0, 2_500_000])
@pytest.mark.parametrize("bom", [b"", b"\xef\xbb\xbf"])
def test_long_json_over_lines_is_detected_by_its_beginning(bom: bytes, cut: int) -> None:
    """Only the beginning of a long text is read, so that neither memory nor time grows with the text."""
    assert len(LONG) > 4_000_000
    source = Source("a.jsonl", None, bom + LONG[: len(LONG) - cut])
    tracemalloc.start()
    (document,) = read_documents(source)
    assert tracemalloc.get_traced_memory()[1] < 12_000_000
    tracemalloc.stop()
    assert document.flaws[-1].facts["found"] == "one value over several lines"


@pytest.mark.parametrize("at", [b"{\n", b"]oops\n", b"{}\n{}\n" * 9, b"[\n" * 1_000])
def test_other_text_is_read_line_by_line(at: bytes) -> None:
    """A broken first line does not make one value of the lines after it."""
    found = read(at + b'{"a": 1}\n' * 200_000)
    assert len(found) == at.count(b"\n") + 200_000
    assert all(document.value == {"a": 1} for document in found[-200_000:])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.sampled_from([b'{"a": 1}\n', b"\n", b"{oops\n", b'{"a": NaN}\r\n', b" \t\n", b"[1]"])), st.data())
def test_parts_of_lines_read_as_the_whole(lines: list[bytes], drawn: st.DataObject) -> None:
    """Wherever the lines are cut in two, both parts together have the documents of the whole."""
    cut = drawn.draw(st.integers(0, len(lines)))
    parts = [*read_json_lines(lines[:cut]), *read_json_lines(lines[cut:], cut)]
    whole = list(read_json_lines(lines))
    for one, other in zip(parts, whole, strict=True):
        assert (one.index, one.first_line, one.text, one.flaws) == (
            other.index,
            other.first_line,
            other.text,
            other.flaws,
        )
        assert json.dumps(one.value, default=repr) == json.dumps(other.value, default=repr)


def test_the_form_is_detected_by_two_lines(tmp_path: Path) -> None:
    """Without a known suffix, no more than two lines are kept in memory, and no blank ones."""
    path = tmp_path / "log"
    for text, form in [
        (b'{"a": "%s"}\n' % (b"x" * 2_000_000) * 40, Form.JSONL),
        (b"\n" * 30_000_000, Form.JSON),
        (b'[{"a": "%s"},\n' % (b"x" * 100) * 100_000, Form.JSON),
    ]:
        path.write_bytes(text)
        assert detect_form(Source("log", None, text)) is form
        tracemalloc.start()
        assert detect_form(Source(str(path), path)) is form
        assert tracemalloc.get_traced_memory()[1] < 40_000_000
        tracemalloc.stop()


def test_another_encoding_is_one_flaw() -> None:
    """A file in UTF-16 is one unreadable document, not one per line."""
    (document,) = read("[1]\n[2]\n[3]\n".encode("utf-16"))
    assert [(hit.rule, hit.facts["guess"]) for hit in document.flaws] == [("not-utf8", "UTF-16")]


def test_json_lines_are_read_as_a_stream(tmp_path: Path) -> None:
    """Memory does not grow with the number of lines."""
    path = tmp_path / "a.jsonl"
    line = json.dumps({"text": "x" * 1000}).encode() + b"\n"
    peaks = []
    for count in (2_000, 20_000):
        path.write_bytes(line * count)
        tracemalloc.start()
        assert sum(1 for _ in read_documents(Source("a.jsonl", path))) == count
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


def test_clean_lines_share_what_they_can() -> None:
    """All clean documents have the same empty tuple of flaws."""
    first, second = read('{"a": 1}\n{"a": 2}\n')
    assert first.flaws is second.flaws
    assert not hasattr(first, "__dict__")


def test_unreadable_files_raise_for_the_caller(tmp_path: Path) -> None:
    """A source that does not exist raises for the caller to report, in every form."""
    for form in Form:
        with pytest.raises(FileNotFoundError):
            list(read_documents(Source("gone", tmp_path / "gone"), form))
    with pytest.raises(FileNotFoundError):
        list(read_documents(Source("gone", tmp_path / "gone")))


def test_a_source_reads_the_same_either_way(tmp_path: Path) -> None:
    """Text from the caller and a file of the same bytes have the same documents."""
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf[1]\n")
    given, file = Source("a.json", None, b"\xef\xbb\xbf[1]\n"), Source("a.json", path)
    assert given.read() == file.read()
    with given.open() as one, file.open() as other:
        assert isinstance(one, BytesIO)
        assert list(one) == list(other)


def test_a_separator_with_nothing_after_it_is_no_document() -> None:
    """A trailing ``---`` adds no document, but a null that is written out is one."""
    for text, count in (("a: 1\n---\n", 1), ("---\na: 1\n---\n---\nb: 2\n", 2), ("a: 1\n---\nnull\n", 2)):
        source = Source("a.yaml", None, text.encode())
        assert len(list(read_documents(source))) == count, text


def test_an_empty_path_is_named_as_such() -> None:
    """What an unset variable leaves on a command line is not taken for the current folder."""
    assert why_unreadable(Source("", Path(), None)) == "its path is empty"
    assert why_unreadable(Source(".", Path(), None)) is None
