"""JSON text that is not plain JSON: one strict pass that says what keeps it from being so, and reads what it can."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C string reader json itself uses; no stub
from math import inf, isinf, nan
from typing import Any

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.text.json.reader import DEPTH, UNREADABLE, Flaw, Span, _strict

_read_part = _strict.__self__.scan_once  # type: ignore[attr-defined]  # the strict decoder, from an offset; no stub
_BLANK = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[-+.\w$]+")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_ESCAPED_SURROGATE = re.compile(r"\\u[dD]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_PLAIN_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]{0,63}")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)

_LITERALS: Mapping[str, object] = {"true": True, "false": False, "null": None}
_NOT_FINITE: Mapping[str, float] = {"NaN": nan, "Infinity": inf, "-Infinity": -inf}
_MEANT = {"true": "true", "false": "false", "null": "null", "none": "null", "nil": "null", "undefined": "null"}
_QUOTES = ("'", *"\u201c\u201d\u201e\u2018\u2019\uff02")
_CHARACTERS = {
    "\n": "a line break",
    "\t": "a tab",
    "\u00a0": "a no-break space",
    "\ufeff": "a byte order mark",
    **dict.fromkeys(_QUOTES, "a curly quote"),
    "'": "a single quote",
}
_NUMBER_SLIPS: Mapping[str, Callable[[str], Any]] = {
    "a `-` without digits": re.compile(r"-(?![0-9.])").match,
    "a leading `+`": re.compile(r"\+").match,
    "a hexadecimal number": re.compile(r"-?0[xX]").match,
    "a leading zero": re.compile(r"-?0[0-9]").match,
    "a `_` between digits": re.compile(r".*_").match,
    "a point without digits on both sides": re.compile(r"-?\.|.*\.(?![0-9])").match,
}


def _is_scalar(token: str) -> bool:
    return token in _LITERALS or bool(_NUMBER.match(token))


class _Broken(Exception):
    """Reading cannot go on; carries the flaw."""

    def __init__(self, flaw: Flaw) -> None:
        super().__init__(flaw)
        self.flaw = flaw


@dataclass(slots=True)
class _Open:
    """A container whose end was not read yet."""

    at: int
    value: dict[str, object] | list[object]
    key: str = ""
    keys: dict[str, Span] = field(default_factory=dict)

    @property
    def step(self) -> str | int:
        return self.key if isinstance(self.value, dict) else len(self.value)

    @property
    def closer(self) -> str:
        return "}" if isinstance(self.value, dict) else "]"

    def put(self, value: object) -> None:
        if isinstance(self.value, dict):
            self.value[self.key] = value
        else:
            self.value.append(value)


def scan(text: str, start: int = 0, *, line: bool = False) -> tuple[object, list[Flaw]]:
    """
    Read one JSON value from *start* to the end of *text*, and say all that RFC 8259 or plain sense holds against it.

    Values are those `json.loads` gives: the last of duplicate keys, infinity for a number that overflows. What cannot
    be read as JSON at all is `UNREADABLE`. With *line*, the text is one record of JSON Lines, and the words say so.
    """
    scanner = _Scanner(text, "the end of the line" if line else "the end of the text")
    try:
        return scanner.document(start), scanner.flaws
    except _Broken as broken:
        return UNREADABLE, [*scanner.flaws, broken.flaw]


class _Scanner:
    """One pass over one text. Keeps its own stack, so that no nesting exhausts Python's."""

    def __init__(self, text: str, end: str) -> None:
        self.text = text
        self.end = end
        self.flaws: list[Flaw] = []
        self.stack: list[_Open] = []
        # Around what is wrong the fast way is tried in vain, and each time as far as there.
        self.tries = 16 if len(text) < 1 << 20 else 4

    def document(self, start: int) -> object:
        value, end = self.value(self.blank(start))
        at = self.blank(end)
        if at == len(self.text):
            return value
        found = self.found(at)
        if self.text[at] in '{["' or ((word := _WORD.match(self.text, at)) and _is_scalar(word[0])):
            found = "a second value"
            if "\n" in self.text[end:at] and "\n" not in self.text[start:end].strip():
                found = "a second value on its own line, as JSON Lines (.jsonl) has"
        raise self.broken(at, f"{self.end}, after one value", found)

    def value(self, at: int) -> tuple[object, int]:
        stack = self.stack
        while True:  # a value begins here
            if len(stack) > DEPTH:
                # NOTE: no place; two hundred steps help nobody.
                raise _Broken(Flaw("too-deep", (stack[-1].at, stack[-1].at + 1), {"limit": DEPTH}))
            value: object
            first = self.text[at : at + 1]
            if (first == "{" or first == "[") and (known := self.flawless(at)):
                value, at = known
            elif first == "{" or first == "[":
                opened = _Open(at, {} if first == "{" else [])
                stack.append(opened)
                at = self.blank(at + 1)
                if not self.text.startswith(opened.closer, at):
                    at = self.member(at, "a key or `}`") if first == "{" else at
                    continue
                value, at = stack.pop().value, at + 1
            elif first == '"':
                value, at = self.string(at)
            else:
                value, at = self.scalar(at)
            while stack:  # a value ended here
                stack[-1].put(value)
                at = self.blank(at)
                if self.text.startswith(stack[-1].closer, at):
                    value, at = stack.pop().value, at + 1
                    continue
                at = self.comma(at)
                break
            else:
                return value, at

    def flawless(self, at: int) -> tuple[object, int] | None:
        """Read the object or array at *at* the fast way; None where something in it has to be looked at."""
        if not self.tries:
            return None
        try:
            value, end = _read_part(self.text, at)
        except (ValueError, StopIteration, RecursionError):
            self.tries -= 1
            return None
        brackets = self.text.count("{", at, end) + self.text.count("[", at, end)
        if brackets > DEPTH - len(self.stack) or _ESCAPED_SURROGATE.search(self.text, at, end):
            return None
        return value, end

    def comma(self, at: int) -> int:
        top = self.stack[-1]
        if not self.text.startswith(",", at):
            raise self.broken(at, f"`,` or `{top.closer}` after a value")
        after = self.blank(at + 1)
        if self.text.startswith(top.closer, after):
            raise self.broken(at, f"another value, or `{top.closer}` without a comma before it", "a trailing comma")
        return self.member(after, "a key") if top.closer == "}" else after

    def member(self, at: int, expected: str) -> int:
        top = self.stack[-1]
        if len(self.stack) > DEPTH:
            return at  # too deep, which the value that follows will say
        if not self.text.startswith('"', at):
            if word := _PLAIN_KEY.match(self.text, at):
                raise self.broken(at, "a key in double quotes", f"`{word[0]}`", word.end())
            quote = self.text[at : at + 1] in _QUOTES
            raise self.broken(at, "a key in double quotes" if quote or expected == "a key" else expected)
        key, end = self.string(at, Part.KEY)
        if first := top.keys.get(key):
            here = (*self.place()[:-1], key)
            related = ("first here", here, Part.KEY, first)
            self.flaws.append(Flaw("duplicate-key", (at, end), {"name": key}, here, Part.KEY, (related,)))
        else:
            top.keys[key] = (at, end)
        top.key = key
        at = self.blank(end)
        if not self.text.startswith(":", at):
            raise self.broken(at, "`:` after a key")
        return self.blank(at + 1)

    def string(self, at: int, part: Part = Part.VALUE) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise self.broken_string(at, error) from None
        if _SURROGATE.search(value):
            place = (*self.place()[:-1], value) if part is Part.KEY else self.place()
            for span in _lone_surrogates(self.text, at, end):
                facts = {"name": self.text[slice(*span)]}
                self.flaws.append(Flaw("lone-surrogate", span, facts, place, part))
        return value, end

    def broken_string(self, start: int, error: JSONDecodeError) -> _Broken:
        opened = ("opened here", self.place(), Part.VALUE, (start, start + 1))
        at = error.pos
        if error.msg.startswith("Unterminated"):
            return self.broken(len(self.text), 'a closing `"`', related=opened)
        if error.msg.startswith("Invalid control"):
            character = self.text[at]
            if character == "\n" or self.text.startswith("\r\n", at):
                return self.broken(at, 'a closing `"`, or `\\n` for a line break', "a line break", at, opened)
            escape = "\\t" if character == "\t" else f"\\u{ord(character):04x}"
            return self.broken(at, f"`{escape}` inside a string")
        at = self.text.rfind("\\", start, at + 1)
        if self.text.startswith("\\u", at):
            return self.broken(at, "four hexadecimal digits after `\\u`", "other characters", at + 2)
        found = f"`{self.text[at : at + 2]}`" if self.text[at : at + 2].isprintable() else "a single backslash"
        return self.broken(at, "a known escape such as `\\n`, or `\\\\` for a backslash", found, at + 2)

    def scalar(self, at: int) -> tuple[object, int]:
        word = _WORD.match(self.text, at)
        if word is None:
            raise self.broken(at, "a string in double quotes" if self.text[at : at + 1] in _QUOTES else "a value")
        token, end = word[0], word.end()
        if token in _LITERALS:
            return _LITERALS[token], end
        if number := _NUMBER.match(token):
            return self.number(token, at, whole=not (number[2] or number[3])), end
        if token in _NOT_FINITE:
            self.flaws.append(Flaw("non-json-value", (at, end), {"name": token}, self.place()))
            return _NOT_FINITE[token], end
        if meant := _MEANT.get(token.lower()):
            raise self.broken(at, f"`{meant}`", f"`{token}`", end)
        if token[0] in "+-.0123456789":
            slip = next((words for words, matches in _NUMBER_SLIPS.items() if matches(token)), "letters in a number")
            raise self.broken(at, "a number as JSON writes it", slip, end)
        raise self.broken(at, "a value", "a word without quotes", end)

    def number(self, token: str, at: int, *, whole: bool) -> object:
        number = float(token)
        if isinf(number):
            name = token if len(token) <= 24 else f"{token[:12]}\u2026 ({len(token)} characters)"
            self.flaws.append(Flaw("non-json-value", (at, at + len(token)), {"name": name}, self.place()))
        # Python reads an integer of up to 4300 digits, and so does json.loads; a longer one is infinity like 1e5000.
        return int(token) if whole and len(token) <= 4300 else number

    def blank(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def place(self) -> Place:
        """Where the value that is being read will stand."""
        return tuple(opened.step for opened in self.stack)

    def found(self, at: int) -> str:
        if at >= len(self.text):
            return self.end
        if _COMMENT.match(self.text, at):
            return "a comment, which JSON does not have"
        character = self.text[at]
        return _CHARACTERS.get(character) or (
            f"`{character}`" if character.isascii() and character.isprintable() else f"U+{ord(character):04X}"
        )

    def broken(
        self,
        at: int,
        expected: str,
        found: str | None = None,
        end: int | None = None,
        related: tuple[str, Place, Part, Span] | None = None,
    ) -> _Broken:
        """Say what would have been right at *at*, in the innermost container; and where that opened, if that helps."""
        text = self.text
        around = self.place()[:-1]
        if self.stack and not related and text[at : at + 1] in ("", "]", "}"):
            related = ("opened here", around, Part.VALUE, (self.stack[-1].at, self.stack[-1].at + 1))
        found = found or self.found(at)
        if at >= len(text):
            at = end = len(text.rstrip(" \t\n\r"))  # the insertion point, not the start of a line that is not there
            if not text.strip(" \t\n\r\ufeff"):
                found = "no text at all"
        elif comment := _COMMENT.match(text, at):
            end = comment.end()
        facts = {"expected": expected, "found": found}
        return _Broken(
            Flaw(
                "invalid-json",
                (at, at + 1 if end is None else end),
                facts,
                around,
                related=(related,) if related else (),
            )
        )


def _lone_surrogates(text: str, start: int, end: int) -> Iterable[Span]:
    """Find the escapes between *start* and *end* that write half a character."""
    high: re.Match[str] | None = None
    for escape in _ESCAPE.finditer(text, start, end):
        unit = int(escape[1], 16) if escape[1] else 0
        if high and 0xDC00 <= unit < 0xE000 and high.end() == escape.start():
            high = None
            continue
        if high:
            yield high.span()
        high = escape if 0xD800 <= unit < 0xDC00 else None
        if 0xDC00 <= unit < 0xE000:
            yield escape.span()
    if high:
        yield high.span()
