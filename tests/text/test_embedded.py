"""JSON text inside a string: the region of a part is where the document writes it."""

import json
from collections.abc import Iterator
from math import inf
from random import Random
from time import process_time
from typing import Any

import pytest
import yaml
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from reqlint.core.findings import Part, Region
from reqlint.core.pointer import Place, value_at
from reqlint.text import characters
from reqlint.text.documents import Document, YamlDocument, read_documents
from reqlint.text.embedded import Embedded, read_embedded
from reqlint.text.forms import Form
from reqlint.text.json.spans import locate
from reqlint.text.sources import Source

laws = settings(max_examples=60, deadline=None)

texts = st.text(st.sampled_from("ab'\"\\/:#{},-é漢😀\u2028\u0085\x7f\t\n "), max_size=40) | st.sampled_from(
    ["It's", "  two  blanks  ", "a: b # no comment", "\\n is not a line", "word " * 30, "\r\n", "\ufeff", "&x *y !z"]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3),
    max_leaves=12,
)
requests = st.dictionaries(texts, values, max_size=4)
dumps: st.SearchStrategy[dict[str, Any]] = st.builds(
    dict, ensure_ascii=st.booleans(), indent=st.sampled_from([None, 1, 2, "\t"])
)
PLACE: Place = ("request", "body")


def places(value: object, at: Place = ()) -> Iterator[Place]:
    """Yield the place of every value."""
    yield at
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for step, inner in steps:
        yield from places(inner, (*at, step))


def read(text: str, form: Form) -> tuple[Document, Embedded]:
    """Read a document, and the JSON text in its string."""
    document = next(read_documents(Source("x", None, text.encode()), form))
    string = value_at(document.value, PLACE)
    assert isinstance(string, str)
    return document, read_embedded(string, PLACE)


def unwritten(document: Document, region: Region, style: str) -> str:
    """Read a region of a string alone, in the style of that string, between two bars."""
    text = document.text_at(region)
    if style == "json":
        return str(json.loads(f'"{text}"'))
    if style in ("'", '"'):
        return str(yaml.safe_load(f"{style}|{text}|{style}"))[1:-1]
    before = document.text[document.text.rfind("\n", 0, region.start) + 1 : region.start]
    return str(yaml.safe_load(f"{style}4-\n{before}|{text}|\n")).split("|")[1]


def assert_regions_are_exact(document: Document, inner: Embedded, style: str) -> None:
    """Assert that the region of every node, read as part of the string, is the text of the node."""
    depth = len(PLACE)
    wanted = [((*PLACE, *place), part) for place in places(inner.value) for part in Part]
    located = inner.locate(document, wanted)
    whole = document.locate([(PLACE, Part.VALUE)])[PLACE, Part.VALUE]
    spans = locate(inner.text, 0, places(inner.value))
    for (place, part), region in located.items():
        span = spans[place[depth:]][part is Part.VALUE] if len(place) > depth or part is Part.VALUE else None
        if span is None:
            continue
        assert region != whole
        assert unwritten(document, region, style) == inner.text[slice(*span)]
    there = {
        ((*PLACE, *place), part)
        for place, pair in spans.items()
        for part, span in zip((Part.KEY, Part.VALUE), pair, strict=True)
        if span
    }
    assert set(located) == there | ({(PLACE, Part.KEY)} & set(located))


@laws
@given(requests, dumps, st.booleans(), st.sampled_from([None, 2]))
def test_parts_of_json_in_json_are_found_through_escapes(
    request_: dict[str, Any], how: dict[str, Any], ascii_only: bool, indent: int | None
) -> None:
    """Whatever is escaped inside and again outside, a region is the text of its node, escaped once more."""
    outer = {"request": {"body": json.dumps(request_, **how)}}
    document, inner = read(json.dumps(outer, ensure_ascii=ascii_only, indent=indent), Form.JSON)
    assert_regions_are_exact(document, inner, "json")


@laws
@given(
    requests,
    dumps,
    st.sampled_from(["'", '"', None]),
    st.sampled_from([20, 40, 80, 1000]),
    st.booleans(),
    st.booleans(),
)
def test_parts_of_json_in_quoted_yaml_are_found_through_folding(
    request_: dict[str, Any], how: dict[str, Any], style: str | None, width: int, unicode: bool, crlf: bool
) -> None:
    """PyYAML writes a quoted scalar over several lines; a region is the text of its node, folded as the scalar is."""
    outer = {"request": {"body": json.dumps(request_, **how)}}
    text = yaml.safe_dump(outer, default_style=style, width=width, allow_unicode=unicode)
    # PyYAML folds some more-indented lines that it does not read back, and ends lines where YAML 1.2 does not.
    assume(yaml.safe_load(text) == outer and not set(text) & set("\x85\u2028\u2029"))
    document, inner = read(text.replace("\n", "\r\n") if crlf else text, Form.YAML)
    assert isinstance(document, YamlDocument)
    whole = document.locate([(PLACE, Part.VALUE)])[PLACE, Part.VALUE]
    assert_regions_are_exact(document, inner, document.text[whole.start])


@laws
@given(requests, dumps, st.sampled_from("|>"), st.sampled_from([20, 80]), st.booleans())
def test_parts_of_json_in_block_scalars_are_found(
    request_: dict[str, Any], how: dict[str, Any], style: str, width: int, crlf: bool
) -> None:
    """In a block scalar, a region without the indentation of its lines is the text of its node."""
    outer = {"request": {"body": json.dumps(request_, **how) + "\n"}}
    text = yaml.safe_dump(outer, default_style=style, width=width, allow_unicode=True)
    # PyYAML folds some more-indented lines that it does not read back, and ends lines where YAML 1.2 does not.
    assume(yaml.safe_load(text) == outer and not set(text) & set("\x85\u2028\u2029"))
    document, inner = read(text.replace("\n", "\r\n") if crlf else text, Form.YAML)
    assert isinstance(document, YamlDocument)
    whole = document.locate([(PLACE, Part.VALUE)])[PLACE, Part.VALUE]
    written = document.text[whole.start]
    assert_regions_are_exact(document, inner, written)


@pytest.mark.parametrize(
    "text",
    [
        'a: &body \'{"model": "m", "messages": 3}\'\nrequest: {body: *body}\n',
        'request:\n  body: >-\n    {"model": "m",\u2028\n    "messages": 3}\n',
    ],
)
def test_parts_without_certain_characters_are_at_the_string(text: str) -> None:
    """An alias has no characters, and U+2028 may or may not end a line: then the region is that of the whole string."""
    document, inner = read(text, Form.YAML)
    wanted = [((*PLACE, "messages"), Part.VALUE), (PLACE, Part.VALUE)]
    whole = document.locate([(PLACE, Part.VALUE)])[PLACE, Part.VALUE]
    assert inner.locate(document, wanted) == dict.fromkeys(wanted, whole)


@pytest.mark.parametrize(
    ("text", "form", "rule", "covered"),
    [
        ('{"request": {"body": "{\\"n\\": 1, \\"n\\": 2}"}}', Form.JSON, "duplicate-key", '\\"n\\"'),
        ('{"request": {"body": "{\\"caf\\u00e9\\": NaN}"}}', Form.JSON, "non-json-value", "NaN"),
        ('{"request": {"body": "{\\"n\\": 1,}"}}', Form.JSON, "invalid-json", ","),
        ("request:\n  body: '{''n'': 1}'\n", Form.YAML, "invalid-json", "''"),
        ("request:\n  body: |\n    {\n      n: 1\n    }\n", Form.YAML, "invalid-json", "n"),
        ("request: {body: '{\"n\": 1'}\n", Form.YAML, "invalid-json", ""),
        ("request: {body: !!str '{\"n\": tru}'}\n", Form.YAML, "invalid-json", "tru"),
    ],
)
def test_flaws_of_the_inner_text_have_exact_regions(text: str, form: Form, rule: str, covered: str) -> None:
    """A flaw of the inner text covers the characters of the document that write it."""
    document, inner = read(text, form)
    (flaw,) = inner.flaws(document, document.locate([(PLACE, Part.VALUE)]))
    assert flaw.rule == rule
    assert flaw.place[: len(PLACE)] == PLACE
    assert flaw.region is not None
    assert document.text_at(flaw.region) == covered


ATOMS = ("a", "é", "😀", "\n", '"', "\\", "\x07", "\x7f", "\u2028", " ", "'", "/", "\t")
"""What a writer escapes in one way or another: JSON's escapes, those that only YAML has, pairs, and blanks to fold."""


@pytest.mark.parametrize("style", ['"', "'", "json"])
@pytest.mark.parametrize("width", [80, 10**9])
def test_parts_of_long_strings_are_found_on_every_side_of_a_stretch(style: str, width: int) -> None:
    """A long string is read in stretches; wherever one ends, the places before and after it are exact."""
    rng = Random(14)  # noqa: S311 - the same in every run
    atoms = [atom for atom in ATOMS if style != "'" or atom not in "\x07\x7f\u2028"]  # single quotes have no escapes
    items = {str(number): "".join(rng.choices(atoms, k=rng.randint(0, 40))) for number in range(400)}
    outer = {"request": {"body": json.dumps(items, ensure_ascii=False)}}
    if style == "json":
        document, inner = read(json.dumps(outer, ensure_ascii=width == 80), Form.JSON)
    else:
        text = yaml.safe_dump(outer, default_style=style, width=width, allow_unicode=True)
        assert yaml.safe_load(text) == outer
        document, inner = read(text, Form.YAML)
    assert len(inner.text) > 5_000
    located = inner.locate(document, [((*PLACE, key), Part.VALUE) for key in items])
    assert located.pop((PLACE, Part.VALUE))
    assert len(located) == len(items)
    for (place, _), region in located.items():
        assert json.loads(unwritten(document, region, style)) == items[str(place[-1])]


@pytest.mark.parametrize("form", [Form.JSON, Form.YAML])
def test_a_place_in_a_long_string_costs_little(form: Form) -> None:
    """A place in a long string full of escapes costs tens of times what plain JSON does, not hundreds."""
    quoted = '{{"request": {{"body": {}}}}}' if form is Form.JSON else "request:\n  body: {}\n"
    plain = embedded = inf
    for number in range(8):
        body = json.dumps({"text": f'line {number}\n\tquote " and \\ back\n' * 20_000, "n": number})
        alone = next(read_documents(Source("x", None, body.encode()), Form.JSON))
        document, inner = read(quoted.format(json.dumps(body)), form)
        began = process_time()
        alone.locate([(("n",), Part.VALUE)])
        plain = min(plain, process_time() - began)
        began = process_time()
        region = inner.locate(document, [((*PLACE, "n"), Part.VALUE)])[(*PLACE, "n"), Part.VALUE]
        embedded = min(embedded, process_time() - began)
        assert document.text_at(region) == str(number)
        if embedded < 90 * plain:
            break
    assert embedded < 90 * plain


def test_a_place_in_a_long_body_takes_few_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Escapes are read one by one only around the places that are asked for, however many there are elsewhere."""
    pieces: list[object] = []
    one_by_one = characters._double_quoted_pieces

    def counted(outer: str, start: int, end: int) -> Iterator[characters._Piece]:
        for piece in one_by_one(outer, start, end):
            pieces.append(piece)
            yield piece

    monkeypatch.setattr(characters, "_double_quoted_pieces", counted)
    steps = {}
    for lines in (1_000, 8_000):
        body = json.dumps({"text": '\\ "\n' * lines, "n": 1})
        document, inner = read(f"request:\n  body: {json.dumps(body)}\n", Form.YAML)
        pieces.clear()
        assert inner.locate(document, [((*PLACE, "n"), Part.VALUE)])
        steps[lines] = len(pieces)
    assert steps[8_000] < 2 * steps[1_000] + 1000
