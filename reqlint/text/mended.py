"""Documents that are still being typed: what could be read of their text, and what of it is not certain."""

from collections.abc import Iterable

from reqlint.core.pointer import Place
from reqlint.text.decoding import decode
from reqlint.text.documents import Document, JsonDocument, YamlDocument
from reqlint.text.flaws import UNREADABLE, Span, Spans
from reqlint.text.half_typed import HalfTypedDocument, Uncertain
from reqlint.text.json.mend import mend
from reqlint.text.json.scanner import read_or_scan
from reqlint.text.json.spans import locate
from reqlint.text.yaml.nodes import Loaded, Node
from reqlint.text.yaml.reader import load

MAX_CHARACTERS = 4_000_000
"""The longest text that is mended."""
_MOST_LINES = 4  # of YAML that are blanked before the text is cut off


def mended(document: Document) -> Document:
    """Return a document that is read as far as it was typed; the given one if it has no value, or is too long."""
    if document.value is not UNREADABLE or len(document.text) > MAX_CHARACTERS:
        return document
    if isinstance(document, JsonDocument):
        return _mended_json(document) or document
    if isinstance(document, YamlDocument) and not any(flaw.rule == "not-utf8" for flaw in document.flaws):
        return _mended_yaml(document) or document
    return document


def _mended_json(document: JsonDocument) -> HalfTypedDocument | None:
    text = document.text
    _, _, start = decode(text.encode("utf-8", "surrogatepass"))
    read = mend(text, max(0, start))
    if read is None:
        return None
    value, flaws = read_or_scan(read.text)
    if value is UNREADABLE:
        return None
    known = {(flaw.rule, flaw.place) for flaw in document.flaws}
    moved = [flaw.moved(read.offsets.span) for flaw in flaws]
    hits = [hit for hit in map(document.lines().hit, moved) if (hit.rule, hit.place) not in known]

    def spans(places: Iterable[Place]) -> Spans:
        found, move = locate(read.text, 0, places), read.offsets.span
        return {place: (move(key) if key else None, move(at)) for place, (key, at) in found.items()}

    return HalfTypedDocument(document, value, hits, read.uncertain, spans)


# ------------------------------------------------------------------------------------------------------------- YAML


def _mended_yaml(document: YamlDocument) -> HalfTypedDocument | None:
    """Read YAML without the lines that nobody can read; of a stream, the first document that had a mistake."""
    text = document.text
    blanked: list[Span] = []
    for _ in range(_MOST_LINES):
        read = _load(text)
        at = _mistake_in(read)
        if at is None:
            found = read[document.index] if document.index < len(read) else None
            around = [_with_blanks(text, span) for span in blanked]
            return None if found is None or found.root is None else _read_yaml(document, found, around)
        here = _line_at(text, at)
        before = _line_before(text, here[0])
        # A key without a colon is noticed at its own line or at the next; a line that has a colon is rarely to blame.
        tried = sorted(
            (line for line in (here, before) if text[slice(*line)].strip()), key=lambda at: ":" in text[slice(*at)]
        )
        if not tried:
            return None
        best = next((line for line in tried if _mistake_in(_load(_without(text, line))) is None), tried[-1])
        if len(blanked) == _MOST_LINES - 2:
            best = (min(best[0], *(span[0] for span in blanked)), len(text))
        blanked.append(best)
        text = _without(text, best)
    return None


def _load(text: str) -> list[Loaded]:
    return list(load(text, int(text.startswith("\ufeff")), explain=False))


def _mistake_in(read: list[Loaded]) -> int | None:
    """Return the offset of the mistake that a text cannot be read for; None if it can."""
    return next((each.flaws[-1].span[0] for each in read if each.value is UNREADABLE), None)


def _read_yaml(document: YamlDocument, loaded: Loaded, blanked: list[Span]) -> HalfTypedDocument:
    uncertain = Uncertain(frozenset(_touching(loaded.root, (), blanked)), frozenset(_empty(loaded.root, (), blanked)))
    return HalfTypedDocument(document, loaded.value, (), uncertain, loaded.locate)


def _touching(node: Node | None, place: Place, blanked: list[Span]) -> Iterable[Place]:
    """Yield the places of the mappings and sequences that go on, or may go on, in what is *blanked*."""
    if node is None or node.members is None or node.is_alias:
        return
    start, end = node.span
    if any(start <= stop and begin <= end for begin, stop in blanked):
        yield place
        inside = node.members.items() if isinstance(node.members, dict) else enumerate(node.members)
        for step, member in inside:
            yield from _touching(member[1] if isinstance(member, tuple) else member, (*place, step), blanked)


def _empty(node: Node | None, place: Place, blanked: list[Span]) -> Iterable[Place]:
    """Yield the places of the scalars that end, or may end, in what is *blanked*."""
    if node is None or node.is_alias:
        return
    start, end = node.span
    if not any(start <= stop and begin <= end for begin, stop in blanked):
        return
    if node.members is None:
        yield place
        return
    inside = node.members.items() if isinstance(node.members, dict) else enumerate(node.members)
    for step, member in inside:
        yield from _empty(member[1] if isinstance(member, tuple) else member, (*place, step), blanked)


def _with_blanks(text: str, span: Span) -> Span:
    """Return a blanked *span* with the blanks around it: what ends or begins there may have gone on."""
    rest = text[span[1] :]
    return len(text[: span[0]].rstrip()), span[1] + len(rest) - len(rest.lstrip())


def _line_at(text: str, at: int) -> Span:
    start = text.rfind("\n", 0, at) + 1
    end = text.find("\n", at)
    return start, end if end >= 0 else len(text)


def _line_before(text: str, at: int) -> Span:
    """Return the last line before the offset *at* that is not blank; an empty span if there is none."""
    while at > 0:
        start, end = _line_at(text, at - 1)
        if text[start:end].strip():
            return start, end
        at = start
    return 0, 0


def _without(text: str, span: Span) -> str:
    """Return *text* with blanks in place of a *span*, lines kept."""
    blank = "".join(character if character == "\n" else " " for character in text[slice(*span)])
    return text[: span[0]] + blank + text[span[1] :]
