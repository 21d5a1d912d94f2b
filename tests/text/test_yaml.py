"""YAML text: the values of the core schema, where they stand, and where readers disagree."""

import json
import math
from collections.abc import Iterator

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.text.documents import Document, read_documents
from reqlint.text.flaws import UNREADABLE
from reqlint.text.forms import Form
from reqlint.text.sources import Source
from reqlint.text.yaml.scalars import read_scalar
from tests.support.timing import Stopwatch

pytestmark = pytest.mark.core

laws = settings(max_examples=100, deadline=None)

words = st.text(st.sampled_from("ab c:#-é中😀\"'\n\t\\,[]{}&*!|>%@`0.~no"), max_size=12)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | words,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(words, inner, max_size=4),
    max_leaves=12,
)


def walk(value: object, place: Place = ()) -> Iterator[tuple[Place, object]]:
    """Give every value inside *value*, with its place."""
    yield place, value
    for step, inner in (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    ):
        yield from walk(inner, (*place, step))


def read(text: str | bytes) -> list[Document]:
    """Read the documents of a YAML text."""
    return list(read_documents(Source("text", None, text.encode() if isinstance(text, str) else text), Form.YAML))


def alone(text: str, column: int) -> object:
    """Parse the text of a region alone, with its indentation."""
    return next((document.value for document in read(" " * (column - 1) + text + "\n")), None)


def flaws(document: Document) -> list[tuple[str, str, str]]:
    """Return rule, marked text and main fact of every flaw of a document."""
    return [
        (hit.rule, document.text_at(hit.region), str(hit.facts.get("reads_as", hit.facts.get("name", ""))))
        for hit in document.flaws
        if hit.region
    ]


def assert_regions_hold(document: Document, *, bom: bool = False) -> None:
    """Assert the law for every value and key of a document."""
    nodes = dict(walk(document.value))
    located = document.locate([(place, part) for place in nodes for part in Part])
    for place, inner in nodes.items():
        region = located[place, Part.VALUE]
        text = document.text_at(region)
        assert not text.endswith("\n") or (isinstance(inner, str) and inner.endswith("\n"))
        assert alone(text, region.column - bom * (region.line == 1)) == inner
        if place and isinstance(place[-1], str):
            key = located[place, Part.KEY]
            assert alone(document.text_at(key), 1) == place[-1]


@laws
@given(values, st.sampled_from([None, '"', "'"]), st.sampled_from([None, True, False]), st.booleans(), st.booleans())
def test_every_region_holds_its_value(
    value: object, style: str | None, flow: bool | None, crlf: bool, bom: bool
) -> None:
    """In text of any style, the text of a region parsed alone is the value at its place; of a key region, the key."""
    text = yaml.safe_dump(
        value, default_style=style, default_flow_style=flow, allow_unicode=True, width=40, sort_keys=False
    )
    if style:  # a quoted number has a tag: !!int "1"
        text = text.replace("!!timestamp", "!!str")
    text = "\ufeff" * bom + (text.replace("\n", "\r\n") if crlf else text)
    (document,) = read(text)
    if isinstance(value, str | dict | list) and not flows_over(value):
        assert json.dumps(document.value) == json.dumps(value)
    assert_regions_hold(document, bom=bom)


def flows_over(value: object) -> bool:
    """Return whether safe_dump, which writes YAML 1.1, leaves out quotes that the core schema needs."""
    texts = [text for place, inner in walk(value) for text in (inner, *place) if isinstance(text, str)]
    return any(read_scalar(text) != text for text in texts)


HAND_WRITTEN = """\
%YAML 1.2
---
# a request
model: qwen-plus   # the model
"messages":
- role: system
  content: |
    Zuerst 😀
      dann

- role: user
  content: >-
     folded
     lines

     end
- {role: 'it''s', "content": [a, {b: "c\\u00e9"}, ], name: }
-   role: user
    content: plain over
      two lines
? stop
: - x
  -
  - - y
    - z
tools: []
empty:
last: "x
  y"
"""


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_hand_written_regions(end: str) -> None:
    """Block scalars, folded lines, explicit keys, empty values and comments: every region holds its value."""
    (document,) = read(HAND_WRITTEN.replace("\n", end))
    assert document.value == {
        "model": "qwen-plus",
        "messages": [
            {"role": "system", "content": "Zuerst 😀\n  dann\n"},
            {"role": "user", "content": "folded lines\nend"},
            {"role": "it's", "content": ["a", {"b": "cé"}], "name": None},
            {"role": "user", "content": "plain over two lines"},
        ],
        "stop": ["x", None, ["y", "z"]],
        "tools": [],
        "empty": None,
        "last": "x y",
    }
    assert document.flaws == ()
    assert_regions_hold(document)


def test_a_block_scalar_ends_with_its_last_line() -> None:
    """The region of a block scalar starts at its indicator and does not run into the next line."""
    (document,) = read("a: |  # why\n  x\n  y\n\n# note\nb: 1\n")
    region = document.locate([(("a",), Part.VALUE)])[("a",), Part.VALUE]
    assert document.text_at(region) == "|  # why\n  x\n  y"


@pytest.mark.parametrize(
    ("scalar", "value", "reads_as"),
    [
        ("no", "no", "false"),
        ("Yes", "Yes", "true"),
        ("on", "on", "true"),
        ("010", 10, "8"),
        ("0o10", 8, 'the string "0o10"'),
        ("0b11", "0b11", "3"),
        ("12:30:45", "12:30:45", "45045"),
        ("2024-01-01", "2024-01-01", "a date"),
        ("2024-01-01 10:00:00", "2024-01-01 10:00:00", "a date and time"),
        ("1_000", "1_000", "1000"),
        ("1e-1", 0.1, 'the string "1e-1"'),
        ("=", "=", "the default key of a mapping"),
        ("<<", "<<", "a merge key"),
        ("08", 8, 'the string "08"'),
        ("~", None, None),
        ("", None, None),
        ("Null", None, None),
        ("TRUE", True, None),
        ("0x1F", 31, None),
        ("+1", 1, None),
        (".5", 0.5, None),
        ("1.5", 1.5, None),
        ("1.0e+2", 100.0, None),
        ("y", "y", None),
        ("nan", "nan", None),
        ("qwen-plus", "qwen-plus", None),
        ("'no'", "no", None),
        ("!!str 010", "010", None),
        ("! 12", "12", None),
        ("!!float 1", 1.0, None),
        ('!!int "3"', 3, None),
    ],
)
def test_scalars_of_the_core_schema(scalar: str, value: object, reads_as: str | None) -> None:
    """A plain scalar has its YAML 1.2 value; it is a flaw if YAML 1.1 has another."""
    (document,) = read(f"- a\n- {scalar}\n")
    assert repr(document.value) == repr(["a", value])
    assert flaws(document) == ([("ambiguous-yaml-scalar", scalar, reads_as)] if reads_as else [])
    assert all(hit.place == (1,) for hit in document.flaws)
    here = "a string" if isinstance(value, str) else json.dumps(value)
    assert all(hit.facts["reads_here"] == here for hit in document.flaws)


@laws
@given(st.text(st.sampled_from("0123456789-+._:eExobn~tT Z=<"), min_size=1, max_size=10))
def test_scalars_that_readers_agree_on_are_not_flawed(scalar: str) -> None:
    """A scalar has no flaw if and only if PyYAML reads the same value; one that JSON does not have has its own."""
    try:
        eleven = yaml.safe_load(f"a: {scalar}\n")
    except (yaml.YAMLError, ValueError):
        return
    (document,) = read(f"a: {scalar}\n")
    if document.value is UNREADABLE:
        return
    same = repr(document.value) == repr(eleven)
    named = {hit.rule for hit in document.flaws}
    assert "non-json-value" in named or same == ("ambiguous-yaml-scalar" not in named)


@pytest.mark.parametrize(
    ("text", "value", "flaw"),
    [
        ("a: .inf", {"a": math.inf}, (".inf", "a number")),
        ("a: 1e400", {"a": math.inf}, ("1e400", "a number")),
        ("a: " + "9" * 5000, {"a": math.inf}, ("999999999999… (5000 characters)", "a number")),
        ("1: a", {"1": "a"}, ("1", "a key")),
        ("null: a", {"null": "a"}, ("null", "a key")),
        ("? [x]\n: a", {"[x]": "a"}, ("a container", "a key")),
        ("a: !Ref b", {"a": "b"}, ("!Ref", "a tag")),
        ("a: !!binary aGk=", {"a": "aGk="}, ("!!binary", "a tag")),
        ("a: !!set {b: }", {"a": {"b": None}}, ("!!set", "a tag")),
        ("a: !!int x", {"a": "x"}, ("!!int", "a tag")),
    ],
)
def test_values_that_json_cannot_write(text: str, value: object, flaw: tuple[str, str]) -> None:
    """Infinite numbers, keys that are not strings, and tags are flaws; the nearest JSON value is judged."""
    (document,) = read(text)
    assert document.value == value
    assert [(h.facts["name"], h.facts["what"]) for h in document.flaws if h.rule == "non-json-value"] == [flaw]


def test_duplicate_keys_link_to_the_first() -> None:
    """A repeated key is a flaw with both places; the last one counts."""
    (document,) = read("a: 1\nb: {c: 1, 'c': [2]}\na: 3\n")
    assert document.value == {"a": 3, "b": {"c": [2]}}
    assert flaws(document) == [("duplicate-key", "'c'", "c"), ("duplicate-key", "a", "a")]
    links = [link.region for hit in document.flaws for link in hit.related]
    assert [(link.line, link.column) for link in links if link] == [(2, 5), (1, 1)]
    located = document.locate([(("a",), Part.VALUE), (("b", "c", 0), Part.VALUE)])
    assert sorted(document.text_at(region) for region in located.values()) == ["2", "3"]


def test_merge_keys_are_merged_and_flawed() -> None:
    """`<<` adds keys that the mapping lacks, from the first source that has them; every `<<` is a flaw."""
    (document,) = read("a: &x {p: 1, q: 1}\nb: {<<: [*x, {p: 2, r: 2}], q: 3}\nc:\n  <<: *x\nd: {'<<': *x}\n")
    assert document.value == {
        "a": {"p": 1, "q": 1},
        "b": {"p": 1, "q": 3, "r": 2},
        "c": {"p": 1, "q": 1},
        "d": {"<<": {"p": 1, "q": 1}},
    }
    assert [(hit.rule, hit.place) for hit in document.flaws] == [("yaml-merge-key", ("b",)), ("yaml-merge-key", ("c",))]
    located = document.locate([(("c", "p"), Part.VALUE), (("b", "r"), Part.KEY), (("b", "q"), Part.VALUE)])
    texts = {place: document.text_at(region) for (place, _), region in located.items()}
    assert texts == {("c", "p"): "*x", ("b", "r"): "{p: 2, r: 2}", ("b", "q"): "3"}


def test_positions_point_at_the_use_of_an_alias() -> None:
    """A value from an alias stands at the alias, not at its anchor."""
    (document,) = read("a: &x {p: [1]}\nb: [*x]\n")
    wanted: list[tuple[Place, Part]] = [
        (("b", 0), Part.VALUE), (("b", 0, "p", 0), Part.VALUE), (("b", 0, "p"), Part.KEY), (("a", "p", 0), Part.VALUE)
    ]  # fmt: skip
    located = document.locate(wanted)
    assert [document.text_at(located[place]) for place in wanted] == ["*x", "*x", "*x", "1"]


WIDE = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 12)
)
TALL = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [*a{i - 1}]\n" for i in range(1, 300))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        (WIDE, "too-many-aliases"),
        (TALL, "too-deep"),
        ("a: &a [*a]", "too-many-aliases"),
        ("a: &a x\nb: &a {c: *a}", "too-many-aliases"),
        ("[" * 100_000, "too-deep"),
        ("{a: " * 100_000 + "}" * 100_000, "too-deep"),
        ("- " * 100_000, "too-deep"),
    ],
    ids=["wide", "tall", "itself", "renamed", "lists", "objects", "blocks"],
)
def test_bombs_are_refused_quickly(text: str, rule: str) -> None:
    """Aliases that multiply, contain themselves or nest, and mere depth, are a flaw that is found quickly."""
    with Stopwatch() as took:
        (document,) = read(text)
    assert [hit.rule for hit in document.flaws] == [rule]
    assert document.value is UNREADABLE
    assert took.seconds < 5


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("a: b«:» c\n", "a second `:`"),
        ("a: 1\n b«:» 2\n", "a key with another indentation"),
        ("a:\n«\t»b: 1\n", "a tab"),
        ("é😀: [1, 2\nb«:» 3\n", "`:`"),
        ("a: 'x«»\n", "the end of the text"),
        ("{a: [1«»", "the end of the text"),
        ("- a\n«b»: 1\n", "`b`"),
        ("a: «@»x\n", "`@`"),
        ('é: "\\«q»"\n', "`q`"),
        ("é: «\x01»\n", "U+0001"),
        ("a: «*x»\n", "`*x`"),
    ],
)
@pytest.mark.parametrize("bom", ["", "\ufeff"])
def test_what_breaks_yaml_is_named_and_marked(text: str, found: str, bom: str) -> None:
    """A text that is not YAML has one flaw, at the wrong character, in our words."""
    plain = bom + text.replace("«", "").replace("»", "")
    (document,) = read(plain)
    hit = document.flaws[-1]
    assert hit.region
    marked = plain[: hit.region.start] + "«" + document.text_at(hit.region) + "»" + plain[hit.region.end :]
    assert (document.value, hit.rule, hit.facts["found"], marked) == (UNREADABLE, "invalid-yaml", found, bom + text)


def test_documents_before_a_broken_one_are_read() -> None:
    """Every document has its index, first line and positions in the file; a broken one is the last."""
    documents = read("a: 1\n---\nb: no\n--- [x]\n...\n---\nc: [\n")
    assert [document.index for document in documents] == [0, 1, 2, 3]
    assert [document.first_line for document in documents][:3] == [1, 2, 4]
    assert [document.value for document in documents] == [{"a": 1}, {"b": "no"}, ["x"], UNREADABLE]
    assert [[hit.rule for hit in document.flaws] for document in documents] == [
        [], ["ambiguous-yaml-scalar"], [], ["invalid-yaml"]
    ]  # fmt: skip
    (hit,) = documents[1].flaws
    assert hit.region
    assert (hit.region.line, hit.region.column) == (3, 4)


def test_json_is_yaml() -> None:
    """A JSON text in a YAML file has its JSON value, with escaped surrogate pairs and tabs."""
    (document,) = read('{"a":\t"\\ud83d\\ude00"}')
    assert document.value == {"a": "😀"}
    (document,) = read('x: "\\ud83d\\ude00 \\ud800"')
    assert document.value == {"x": "😀 \ud800"}
    assert [hit.rule for hit in document.flaws] == ["lone-surrogate"]


def test_python_parser_reads_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where PyYAML has no C parser, values, places and flaws are the same."""
    texts = [HAND_WRITTEN, "a: no\na: 2\n", "a: &x [1]\nb: *x\n", "é😀: [1, 2\nb: 3\n"]

    def everything() -> list[object]:
        return [
            (repr(d.value), d.flaws, sorted(map(repr, d.locate((p, Part.VALUE) for p, _ in walk(d.value)).items())))
            for text in texts
            for d in read(text)
        ]

    fast = everything()
    monkeypatch.delattr(yaml, "CSafeLoader", raising=False)
    assert everything() == fast


def test_bytes_that_are_not_utf8() -> None:
    """A YAML file in another encoding is one unreadable document, and its flaw names the byte."""
    (document,) = read("a: é\n".encode("latin-1"))
    assert (document.value, [hit.rule for hit in document.flaws]) == (UNREADABLE, ["not-utf8"])


def test_nothing_is_no_document() -> None:
    """An empty file and a file of comments have no documents."""
    assert read("") == read("# nothing\n") == []
