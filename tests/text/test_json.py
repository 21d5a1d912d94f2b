"""JSON text: what the strict reader accepts and refuses, and where values stand."""

import json
import math
from collections.abc import Callable, Iterator
from random import Random
from unittest.mock import patch

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.core.findings import Part, Region
from reqlint.core.pointer import Place
from reqlint.text import documents
from reqlint.text.documents import Document, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.json import reader, scanner
from reqlint.text.json.reader import MAX_DEPTH
from reqlint.text.sources import Source

pytestmark = pytest.mark.core

laws = settings(max_examples=100, deadline=None)

words = st.text(
    st.one_of(st.sampled_from('aé中😀"\\/\u2028\u0085\n\r\t\x00\x7f{}[]:,#'), st.characters(codec="utf-8")), max_size=8
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def written(value: object, random: Random) -> str:
    """Write *value* as JSON in one of many ways: odd blanks, CRLF, needless escapes."""

    def gap() -> str:
        return random.choice(["", "", "", " ", "\n", "\r\n", "\t \n  "])

    def text(words: str) -> str:
        written = (json.dumps(c, ensure_ascii=random.random() < 0.3)[1:-1] for c in words)
        return '"' + "".join("\\u0061" if c == "a" and random.random() < 0.3 else c for c in written) + '"'

    def write(value: object) -> str:
        if isinstance(value, str):
            return text(value)
        if isinstance(value, dict):
            members = (gap() + text(k) + gap() + ":" + gap() + write(v) + gap() for k, v in value.items())
            return "{" + (",".join(members) or gap()) + "}"
        if isinstance(value, list):
            return "[" + (",".join(gap() + write(v) + gap() for v in value) or gap()) + "]"
        return json.dumps(value)

    return gap() + write(value) + gap()


def walk(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Yield every value inside *value*, with its place."""
    yield place, value
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from walk(inner, (*place, step))


READERS = [reader._read_with_stdlib, reader._fast_reader() or reader.read_json]


def only(text: str | bytes, form: Form = Form.JSON) -> Document:
    """Read a text that is one document."""
    data = text.encode() if isinstance(text, str) else text
    (document,) = read_documents(Source("text", None, data), form)
    return document


def refused(text: str) -> bool:
    """Return whether both readers refuse a text."""
    refusals = 0
    for read in READERS:
        try:
            read(text.encode())
        except ValueError:
            refusals += 1
    assert refusals in (0, 2)
    return bool(refusals)


def flaws(text: str | bytes) -> list[tuple[str, str, str]]:
    """Return rule, marked text, and name (or what was found) of every flaw of a text."""
    document = only(text)
    return [
        (hit.rule, document.text_at(hit.region), str(hit.facts.get("name", hit.facts.get("found", ""))))
        for hit in document.flaws
        if hit.region
    ]


def counted(text: str, region: Region) -> Region:
    """Count the lines and columns of a region the slow and obvious way."""

    def position(at: int) -> tuple[int, int, int, int]:
        line = text[:at].split("\n")[-1]
        utf16 = len(line.encode("utf-16-le")) // 2
        return text[:at].count("\n") + 1, len(line) + 1, utf16 + 1, len(line.encode()) + 1

    (line, column, utf16, utf8), (end_line, end, end16, end8) = position(region.start), position(region.end)
    return Region(region.start, region.end, line, column, end_line, end, utf16, end16, utf8, end8)


@laws
@given(values, st.randoms(use_true_random=False), st.booleans())
def test_every_region_holds_its_value(value: object, random: Random, bom: bool) -> None:
    """The text of a region, parsed alone, is the value at its place; of a key region, the key."""
    text = "\ufeff" * bom + written(value, random)
    document = only(text)
    assert [hit.rule for hit in document.flaws] == ["byte-order-mark"] * bom
    assert document.value == value
    nodes = dict(walk(value))
    located = document.locate([(place, part) for place in nodes for part in Part])
    for place, inner in nodes.items():
        region = located[place, Part.VALUE]
        assert json.loads(document.text_at(region)) == inner
        assert region == counted(text, region)
        if place and isinstance(place[-1], str):
            assert json.loads(document.text_at(located[place, Part.KEY])) == place[-1]
        else:
            assert (place, Part.KEY) not in located


@laws
@given(values, st.randoms(use_true_random=False))
def test_fast_reader_and_strict_scanner_agree(value: object, random: Random) -> None:
    """A JSON text has the same value for the fast reader, its fallback, the scanner and json.loads."""
    text = written(value, random)
    expected = json.dumps(json.loads(text))
    scanned, found = scanner.scan(text)
    readings = [reader.read_json(text.encode()), reader._read_with_stdlib(text.encode()), scanned]
    assert [json.dumps(reading) for reading in readings] == [expected] * 3
    assert not found


def _stdlib(text: str) -> object:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return UNREADABLE


@laws
@given(values, st.randoms(use_true_random=False), st.data())
def test_scanner_refuses_what_the_standard_library_refuses(value: object, random: Random, data: st.DataObject) -> None:
    """Whatever is done to a text, the scanner reads it if and only if json.loads does, and never raises."""
    text = written(value, random)
    for _ in range(data.draw(st.integers(1, 3))):
        at, length = random.randint(0, len(text)), random.choice([0, 0, 1, 2])
        piece = random.choice(
            ["", ",", "]", "}", "{", "[", '"', "\\", ":", "0", "-", "1e5", "tru", "NaN", "\\udc00", "'", " ", "\n"]
        )
        text = text[:at] + piece + text[at + length :]
    scanned, found = scanner.scan(text)
    expected = _stdlib(text)
    assert repr(scanned) == repr(expected)
    assert any(flaw.rule == "invalid-json" for flaw in found) == (expected is UNREADABLE)
    assert sum(flaw.rule == "invalid-json" for flaw in found) <= 1
    for flaw in found:
        assert 0 <= flaw.span[0] <= flaw.span[1] <= len(text)
    if not found:
        assert repr(reader.read_json(text.encode())) == repr(reader._read_with_stdlib(text.encode())) == repr(expected)
    else:
        assert refused(text)


@laws
@given(st.binary(max_size=40) | words.map(str.encode))
def test_no_bytes_raise(data: bytes) -> None:
    """Any bytes are documents, in every form."""
    for form in Form:
        for document in read_documents(Source("bytes", None, data), form):
            assert document.value is not UNREADABLE or document.flaws
            document.locate([((), Part.VALUE)])


MEMBERS = st.tuples(
    st.sampled_from(['"a"', '"b"', '"b\\u0061"', '"é"', '""', '"\ud800"', "a"]),
    st.sampled_from([":", " : ", "", "::"]),
    st.sampled_from(
        ["1", "-0", "2.50", "1e5", "1e999", "123456789012345678", "00", "true", "null", "nul", '"x"', '"x\\n"', '"\t"',
         "{}", '{"a": 1, "a": 2}', "[1, {}]", '"\ud800"', "NaN"]
    ),
    st.sampled_from([",", " ,", ",\n", " , ", "", ",,"]),
)  # fmt: skip


@laws
@given(st.lists(MEMBERS, min_size=2, max_size=8), st.sampled_from(["}", ",}", "", "]"]))
def test_plain_members_are_read_as_all_others(members: list[tuple[str, ...]], end: str) -> None:
    """The quick way through members without escapes gives the value and the flaws that the long way gives."""
    text = '{"k": 0, ' + "".join(map("".join, members)) + end
    quick = scanner.scan(text)
    with patch.object(scanner._Scanner, "read_plain_members", lambda _, at: at):
        assert repr(scanner.scan(text)) == repr(quick)


@laws
@given(st.lists(st.tuples(st.sampled_from("ab"), st.integers(0, 9)), min_size=1, max_size=6))
def test_duplicate_keys_mean_the_last(pairs: list[tuple[str, int]]) -> None:
    """A repeated key is a flaw that links to the first; value and place are those of the last."""
    text = '{"o": {' + ", ".join(f'"{key}": [{number}]' for key, number in pairs) + "}}"
    document = only(text)
    assert document.value == json.loads(text)
    assert [hit.facts["name"] for hit in document.flaws] == [
        key for i, (key, _) in enumerate(pairs) if key in [earlier for earlier, _ in pairs[:i]]
    ]
    for hit in document.flaws:
        (link,) = hit.related
        assert link.region
        assert hit.rule == "duplicate-key"
        assert (hit.place, hit.part) == (("o", hit.facts["name"]), Part.KEY)
        assert link.region.start == text.index(f'"{hit.facts["name"]}"')
    for place, value in walk(document.value):
        assert json.loads(document.text_at(document.locate([(place, Part.VALUE)])[place, Part.VALUE])) == value


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1«,»}', "a trailing comma"),
        ('["a"«,» ]', "a trailing comma"),
        ("{«'»a': 1}", "a single quote"),
        ("[«“»a”]", "a curly quote"),
        ("{«model»: 1}", "`model`"),
        ("[«True»]", "`True`"),
        ('{"a": «None»}', "`None`"),
        ("[«undefined»]", "`undefined`"),
        ('{"a": 1 «// one»\n}', "a comment; JSON has none"),
        ('{«/* one\n */»"a": 1}', "a comment; JSON has none"),
        ("[1]«#»", "a comment; JSON has none"),
        ("[1 «2»]", "`2`"),
        ('{"a" «1»}', "`1`"),
        ("[1«}»", "`}`"),
        ("[1, «,»2]", "`,`"),
        ('{"a":«\u00a0»1}', "a no-break space"),
        ("[«01»]", "a leading zero"),
        ("[«.5», 1]", "a point without digits on both sides"),
        ("[«+1»]", "a leading `+`"),
        ("[«0x1F»]", "a hexadecimal number"),
        ("[«1_000»]", "a `_` between digits"),
        ("[«-»]", "a `-` without digits"),
        ("[«hello» there]", "a word without quotes"),
        ('["«\\q»"]', "`\\q`"),
        ('["«\\u»12x"]', "other characters"),
        ('["a«\t»b"]', "a tab"),
        ('["a«»\nb"]', "a line break"),
        ('["a«»\r\nb"]', "a line break"),
        ('{"a": "b«»', "the end of the text"),
        ('{"a": [1, 2«»\n', "the end of the text"),
        ("[1] «[»2]", "a second value"),
        ('{"a": 1}\n«{»"a": 2}\n', "a second value on its own line, as JSON Lines (.jsonl) has"),
        ("[1]«]»", "`]`"),
        ("«»", "no text at all"),
        ("«» \n", "no text at all"),
    ],
)
def test_what_breaks_json_is_named_and_marked(text: str, found: str) -> None:
    """A text that is not JSON has one flaw, at the wrong characters, in words that name the mistake."""
    plain = text.replace("«", "").replace("»", "")
    document = only(plain)
    (hit,) = document.flaws
    assert hit.region
    marked = plain[: hit.region.start] + "«" + document.text_at(hit.region) + "»" + plain[hit.region.end :]
    assert (document.value, hit.rule, hit.facts["found"], marked) == (UNREADABLE, "invalid-json", found, text)


def test_an_unclosed_container_links_to_its_start() -> None:
    """When the text ends too early, the flaw stands after the last character and links to the open container."""
    document = only('{"messages": [{"role": "user"\n')
    (hit,) = document.flaws
    (link,) = hit.related
    assert link.region
    assert (hit.place, link.place, link.label) == (("messages", 0), ("messages", 0), "opened here")
    assert (link.region.start, link.region.end) == (14, 15)
    assert hit.facts["expected"] == "`,` or `}` after a value"


def test_numbers_that_json_cannot_write() -> None:
    """NaN, infinities and numbers that overflow a double are flaws; their values are those of json.loads."""
    text = '{"a": NaN, "b": [Infinity, -Infinity, 1e400, -1e999], "c": 1e308}'
    document = only(text)
    assert repr(document.value) == repr(json.loads(text))
    assert flaws(text) == [
        ("non-json-value", name, name) for name in ("NaN", "Infinity", "-Infinity", "1e400", "-1e999")
    ]
    assert [hit.place for hit in document.flaws] == [("a",), ("b", 0), ("b", 1), ("b", 2), ("b", 3)]


@pytest.mark.parametrize("digits", [308, 309, 4300, 4301, 5000, 100_000])
def test_integers_that_no_double_holds(digits: int) -> None:
    """An integer of any length is read; one too large for a double is a flaw, and shortened in it."""
    document = only(f"[{'9' * digits}]")
    assert [hit.rule for hit in document.flaws] == ["non-json-value"] * (digits > 308)
    assert document.value == [int("9" * digits) if digits <= 4300 else math.inf]
    assert all(len(str(hit.facts["name"])) < 40 for hit in document.flaws)


@pytest.mark.parametrize("text", ["1e400", "1E400", "1e+400", "1.5e0400", "-12.0E+999", "1" + "0" * 400, "100000e306"])
def test_overflow_is_noticed_by_the_fast_reader(text: str) -> None:
    """The fast reader refuses a number too large for a double, however it is written."""
    assert refused(f"[{text}]")


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('["\\ud83d\\ude00"]', []),
        ('["«\\ud83d»"]', ["\\ud83d"]),
        ('["«\\ude00»\\ud83d\\ude00"]', ["\\ude00"]),
        ('["a«\\ud83d»b\\ud83dc\\ude00"]', ["\\ud83d"]),  # one for a string
        ('{"«\\uD83D»x": 1}', ["\\uD83D"]),
        ('["\\\\ud83d"]', []),
    ],
)
def test_half_characters_are_marked(text: str, rules: list[str]) -> None:
    """An escape of half a surrogate pair is a flaw at the escape; the value is that of json.loads."""
    plain = text.replace("«", "").replace("»", "")
    document = only(plain)
    assert document.value == json.loads(plain)
    assert flaws(plain) == [("lone-surrogate", name, name) for name in rules]
    for hit in document.flaws:
        assert hit.region
        assert hit.region.start == text.index("«")


@pytest.mark.parametrize("opening", ["[", '{"a":', '[{"a":'])
@pytest.mark.parametrize("closed", [True, False])
def test_no_depth_exhausts_the_reader(opening: str, closed: bool) -> None:
    """A hundred thousand levels are one flaw, found quickly, closed or not."""
    text = opening * 100_000 + ("1" + "]" * 100_000) * closed
    assert [rule for rule, _, _ in flaws(text)] == ["too-deep"]
    assert only(text).value is UNREADABLE


@pytest.mark.parametrize("read", READERS)
def test_depth_has_one_limit(read: Callable[[bytes], object], monkeypatch: pytest.MonkeyPatch) -> None:
    """Values inside 254 containers are read and located, with either reader; one level more is refused."""
    monkeypatch.setattr(documents, "read_json", read)
    for levels in (MAX_DEPTH, MAX_DEPTH + 1):
        for text in ("[" * levels + "1" + "]" * levels, '{"a":' * levels + "[]" + "}" * levels):
            document = only(text)
            assert (document.value is UNREADABLE) == (levels > MAX_DEPTH)
            if levels == MAX_DEPTH:
                deepest = max((place for place, _ in walk(document.value)), key=len)
                assert document.text_at(document.locate([(deepest, Part.VALUE)])[deepest, Part.VALUE]) in ("1", "[]")


TRICKY = [
    '{"a":1,"a":2}',
    '{"a":1,"\\u0061":2}',
    '{"a":1,"a":"\\u003a"}',
    '{"a":"b:c","b":"\\u003A"}',
    "[NaN]",
    "[1e400]",
    "[-1e400]",
    "[18446744073709551616, -9223372036854775809, 1e308]",
    "9" * 308,
    "9" * 309,
    "9" * 5000,
    "[" * 300 + "]" * 300,
    "[1,]",
    '{"a": [1, "x"]}',
    '"\\ud83d"',
    '"\\ud83d\\ude00"',
    '"a:b"',
    " 1 \r\n",
    "",
]


@pytest.mark.parametrize("text", TRICKY)
def test_both_readers_are_one(text: str) -> None:
    """Both readers return the same value, down to the types of numbers, or both refuse the text."""
    assert_both_readers_agree(text)


def assert_both_readers_agree(text: str) -> None:
    """Assert that both readers return or refuse the same."""

    def said(read: Callable[[bytes], object]) -> str:
        try:
            return repr(read(text.encode()))
        except ValueError:
            return "refused"

    assert len({said(read) for read in READERS}) == 1


@settings(max_examples=300, deadline=None)
@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.just("x:y"),
        lambda inner: st.lists(inner, max_size=3) | st.lists(st.tuples(st.sampled_from("a:b"), inner), max_size=3),
        max_leaves=12,
    ),
    st.booleans(),
)
def test_both_readers_are_one_on_any_text(value: object, escaped: bool) -> None:
    """Both readers agree on any text, with duplicate keys, NaN and colons in strings."""

    def written(value: object) -> str:
        if isinstance(value, list) and value and all(isinstance(each, tuple) for each in value):
            return "{" + ", ".join(f"{json.dumps(key)}: {written(inner)}" for key, inner in value) + "}"
        if isinstance(value, list):
            return "[" + ",".join(map(written, value)) + "]"
        text = json.dumps(value, ensure_ascii=escaped)
        return text.replace("x:y", "x\\u003ay") if escaped else text

    assert_both_readers_agree(written(value))


def test_the_fast_reader_starts_when_it_pays(monkeypatch: pytest.MonkeyPatch) -> None:
    """The fast reader is used after enough bytes, or when many bytes are announced."""
    used = []
    monkeypatch.setattr(reader, "_fast_reader", lambda: used.append)
    monkeypatch.setattr(reader, "_left", 10)
    assert reader.read_json(b"[1, 2, 3, 4]") == [1, 2, 3, 4]
    assert used == []
    reader.read_json(b"[5]")
    assert used == [b"[5]"]
    monkeypatch.setattr(reader, "_left", 1000)
    reader.expect_bytes(100)
    reader.read_json(b"[6]")
    reader.expect_bytes(10_000)
    reader.read_json(b"[7]")
    assert used == [b"[5]", b"[7]"]


@pytest.mark.parametrize(
    ("data", "facts"),
    [
        ('{"a": "caf\u00e9"}'.encode("latin-1"), {"byte": "0xE9", "offset": 10, "guess": "Latin-1"}),
        ('{"é": "café"}'.encode("cp1252")[:-3], {"byte": "0xE9", "offset": 2, "guess": "Latin-1"}),
        ('["“a”"]'.encode("cp1252"), {"byte": "0x93", "offset": 2, "guess": "Windows-1252"}),
        ('["你好"]'.encode("gbk"), {"byte": "0xC4", "offset": 2, "guess": "GBK"}),
        ('["é😀'.encode()[:-1], {"byte": "0xF0", "offset": 4}),
        ('["é'.encode() + b'\xff"]', {"byte": "0xFF", "offset": 4}),
        ('{"a": 1}'.encode("utf-16"), {"byte": "0xFF", "offset": 0, "guess": "UTF-16", "encoding": "UTF-16"}),
        ('{"a": 1}'.encode("utf-32"), {"byte": "0xFF", "offset": 0, "guess": "UTF-32", "encoding": "UTF-32"}),
    ],
)
def test_text_that_is_not_utf8(data: bytes, facts: dict[str, object]) -> None:
    """The first byte that is not UTF-8 has its value, its place, and a guess at the encoding where one is likely."""
    document = only(data)
    (hit,) = document.flaws
    assert hit.region
    assert (document.value, hit.rule, dict(hit.facts)) == (UNREADABLE, "not-utf8", facts)
    assert hit.region.byte_column == int(str(hit.facts["offset"])) + 1
    assert hit.region.byte_end_column == hit.region.byte_column + 1


def test_a_byte_order_mark_does_not_hide_the_rest() -> None:
    """A byte order mark is one flaw of one column; the text after it is read and counted as usual."""
    document = only('\ufeff{"a": 1, "a": 2}')
    assert [hit.rule for hit in document.flaws] == ["byte-order-mark", "duplicate-key"]
    mark, key = (hit.region for hit in document.flaws)
    assert mark
    assert key
    assert (mark.column, mark.end_column, mark.byte_end_column, key.column) == (1, 2, 4, 11)


def test_places_that_do_not_exist_are_omitted() -> None:
    """Places that do not exist are not in the result, and do not disturb those that do."""
    document = only('{"a": [1, {"b": 2}]}')
    wanted: list[tuple[Place, Part]] = [
        (("a", 2), Part.VALUE), (("a", "0"), Part.VALUE), (("x",), Part.KEY), (("a", 0, "b"), Part.VALUE),
        ((), Part.KEY), (("a", 1), Part.KEY), (("a", 1, "b"), Part.KEY),
    ]  # fmt: skip
    assert set(document.locate(wanted)) == {(("a", 1, "b"), Part.KEY)}
    assert only("[1,").locate(wanted) == {}
