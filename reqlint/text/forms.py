"""The form in which a source writes its documents, by its name or by its content."""

from enum import StrEnum

from reqlint.text import compressed
from reqlint.text.flaws import UNREADABLE
from reqlint.text.json.reader import read_json
from reqlint.text.sources import BOM, Source

_READ_AHEAD = 1 << 20  # bytes of a source that are read to see whether it is one JSON text over several lines
_HTTPRR = b"httprr trace v1"
_MAX_LINE = 1 << 24  # bytes of a line that are read to detect a form


class Form(StrEnum):
    """How a source writes its documents."""

    JSON = "json"
    JSONL = "jsonl"
    YAML = "yaml"
    HTTPRR = "httprr"  #: exchanges as Go's httprr records them


_FORMS = {
    ".json": Form.JSON,
    ".har": Form.JSON,
    ".jsonl": Form.JSONL,
    ".ndjson": Form.JSONL,
    ".yaml": Form.YAML,
    ".yml": Form.YAML,
}


def detect_form(source: Source) -> Form:
    """
    Return the form of *source*, by its name or else by its content.

    Raises:
        OSError: the source cannot be read.
    """
    return form_by_name(source.name) or guess_form(source.name, _first_lines(source))


def guess_form(name: str, head: bytes) -> Form:
    """
    Return the form by the suffix of *name*, or else by *head*: at least the first two lines of the content.

    The suffix of a compression, as in ``.jsonl.gz``, is skipped.
    """
    if form := form_by_name(name):
        return form
    head = head.removeprefix(BOM).lstrip(b" \t\r\n")
    if head.startswith(_HTTPRR):
        return Form.HTTPRR
    if not head.startswith((b"{", b"[")):
        return Form.YAML if head else Form.JSON
    first, _, rest = head.partition(b"\n")
    if not rest.strip():
        return Form.JSON
    if is_json(first):
        return Form.JSONL
    from reqlint.text.json.scanner import scan  # only text with flaws needs it

    value, _ = scan(first.decode("utf-8", "replace"))
    return Form.JSON if value is UNREADABLE else Form.JSONL


def is_json_over_lines(source: Source) -> bool:
    """Return whether *source* is one JSON text over several lines; of a long one, whether it begins as one."""
    with source.open() as stream:
        head = stream.read(_READ_AHEAD)
        head += stream.readline(_MAX_LINE)
        if not stream.read(1):
            return is_json(head.removeprefix(BOM))
    from json import JSONDecodeError, JSONDecoder  # its errors have the position

    # No JSON token spans a line end, so a decoder that fails at the end of whole lines only lacks the rest.
    text = head[: head.rfind(b"\n") + 1].removeprefix(BOM).decode("utf-8", "replace").strip(" \t\r\n")
    try:
        JSONDecoder().raw_decode(text)
    except JSONDecodeError as error:
        return error.pos >= len(text) > 0
    except (RecursionError, ValueError):  # too deep, or a number of too many digits
        pass
    return False


def is_json(data: bytes) -> bool:
    """Return whether *data* is one JSON value without flaws."""
    try:
        read_json(data)
    except ValueError:
        return False
    return True


def form_by_name(name: str) -> Form | None:
    """Return the form that the suffix of *name* says; None if it says nothing. That of a compression is skipped."""
    suffix = _suffix(name)
    if suffix in compressed.SUFFIXES:
        suffix = _suffix(name[: -len(suffix)])
    return _FORMS.get(suffix)


def _suffix(name: str) -> str:
    # NOTE: not pathlib, which would take a tenth of the time of a clean check.
    return "." + name.rpartition(".")[2].lower()


def _first_lines(source: Source) -> bytes:
    """Return the first two lines that are not blank."""
    lines: list[bytes] = []
    with source.open() as stream:
        while len(lines) < 2 and (line := stream.readline(_MAX_LINE)):
            if line.strip():
                lines.append(line)
    return b"".join(lines)
