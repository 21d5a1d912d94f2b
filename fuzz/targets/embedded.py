"""JSON text inside strings: the region of a part, in the outer text, holds the characters of that part."""

import json
from collections.abc import Iterable

from fuzz import examples
from fuzz.choices import Choices
from fuzz.laws import MAX_PLACES, alike, places, require
from reqlint.core.findings import Part
from reqlint.text.documents import read_documents
from reqlint.text.embedded import read_embedded
from reqlint.text.flaws import UNREADABLE
from reqlint.text.sources import Source

_STYLES = ("json", "json ascii", "double", "single", "literal", "folded", "outer text")


def run(data: bytes) -> None:
    """Read a text inside a string, which is written in the style that the first byte chooses."""
    choices = Choices(data)
    style = choices.one_of(_STYLES)
    text = choices.rest().decode("utf-8", "replace")
    outer = _outer(style, text)
    name = "a.json" if style.startswith("json") else "a.yaml"
    for document in read_documents(Source(name, None, outer.encode("utf-8", "surrogatepass"))):
        value = document.value
        if not isinstance(value, dict) or not isinstance(value.get("body"), str):
            continue
        inner = read_embedded(value["body"], ("body",))
        for hit in inner.flaws(document, document.locate([(("body",), Part.VALUE)])):
            region = hit.region
            require(region and 0 <= region.start <= region.end <= len(document.text), "a flaw is in the text", hit)
        if inner.value is UNREADABLE:
            require(inner.text_flaws, "an unreadable text has a flaw")
            continue
        some = [at for at, _ in zip(places(inner.value, ("body",)), range(MAX_PLACES), strict=False)]
        located = inner.locate(
            document, [(at, part) for at in some for part in Part if len(at) > 1 or part is Part.VALUE]
        )
        whole = located[("body",), Part.VALUE]
        for (at, _), region in located.items():
            require(whole.start <= region.start <= region.end <= whole.end, "a part is inside its string", at, region)
        if style != "json ascii":
            continue
        for (at, part), region in located.items():
            if region == whole or len(at) == 1:
                continue
            written = json.loads('"' + document.text_at(region) + '"')
            meant = at[-1] if part is Part.KEY else _at(inner.value, at[1:])
            require(alike(json.loads(written), meant), "a region inside a string holds its value", at, written)


def _at(value: object, place: tuple[str | int, ...]) -> object:
    for step in place:
        value = value[step]  # type: ignore[index]  # a place of this value
    return value


def _outer(style: str, text: str) -> str:
    lines = text.replace("\n", "\n    ")
    return {
        "json": json.dumps({"body": text}, ensure_ascii=False),
        "json ascii": json.dumps({"body": text}, indent=1),
        "double": '&a body: &b !!str "' + json.dumps(text)[1:-1].replace(" ", "\\\n    \\x20") + '"',
        "single": "body: '" + text.replace("'", "''").replace("\n", "\n\n    ") + "'",
        "literal": "body: |+2\n    " + lines,
        "folded": "body: >-\n    " + lines + "\nafter: 1\n",
        "outer text": text,
    }[style]


def seeds() -> Iterable[bytes]:
    """Yield texts to start from."""
    for i, text in enumerate(examples.texts()):
        yield bytes([i % 6]) + text
    for text in examples.files(".yaml", ".har"):
        yield bytes([6]) + text
    yield from (bytes([i]) + '{"a\\ud83d\\ude00": "b\\n\\u00e9", "c": [1,\r\n 2, "😀 x"]}'.encode() for i in range(6))
