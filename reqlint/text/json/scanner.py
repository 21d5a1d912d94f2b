"""JSON text with flaws: one strict pass that finds them, and still reads what it can."""

import re
from collections.abc import Callable, Iterator, Mapping
from json import JSONDecodeError
from json.decoder import scanstring  # type: ignore[attr-defined]  # the C string reader json itself uses; no stub
from math import inf, isinf, nan
from typing import Any

from reqlint.core.findings import Part
from reqlint.core.pointer import Place
from reqlint.core.records import dataclass, field
from reqlint.text.flaws import UNREADABLE, FatalFlaw, Flaw, RepeatedKeys, Span
from reqlint.text.json.reader import MAX_DEPTH, STRICT, read_json

_scan_once = STRICT.scan_once  # type: ignore[attr-defined]  # decodes from an offset; no stub
_BLANK = re.compile(r"[ \t\n\r]*")
_WORD = re.compile(r"[-+.\w$]+")
_NUMBER = re.compile(r"(-?(?:0|[1-9][0-9]*))(\.[0-9]+)?([eE][-+]?[0-9]+)?\Z")
_ESCAPE = re.compile(r"\\(?:u([0-9a-fA-F]{4})|.)", re.DOTALL)
_ESCAPED_SURROGATE = re.compile(r"\\u[dD]")
_SURROGATE = re.compile("[\ud800-\udfff]")
_UNQUOTED_KEY = re.compile(r"[A-Za-z_$][A-Za-z0-9_$-]{0,63}")
_COMMENT = re.compile(r"//[^\n]*|#[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)

_IN_STRING = r'[^"\\\x00-\x1f\ud800-\udfff]*'
_PLAIN_MEMBER = re.compile(
    rf'[ \t\n\r]*,[ \t\n\r]*"({_IN_STRING})"[ \t\n\r]*:[ \t\n\r]*'
    rf'(?:"({_IN_STRING})"|(-?(?:0|[1-9][0-9]{{0,14}})(\.[0-9]{{1,15}})?)|(true|false|null))(?=[ \t\n\r]*[,}}])'
)
"""A member behind another one: a key and a scalar that are written without an escape, and nothing wrong with it."""

_LITERALS: Mapping[str, object] = {"true": True, "false": False, "null": None}
_NOT_FINITE: Mapping[str, float] = {"NaN": nan, "Infinity": inf, "-Infinity": -inf}
_MEANT_LITERALS = {
    "true": "true",
    "false": "false",
    "null": "null",
    "none": "null",
    "nil": "null",
    "undefined": "null",
}
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


@dataclass(slots=True)
class _OpenContainer:
    """An object or array whose end has not been read yet."""

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


def read_or_scan(text: str) -> tuple[object, list[Flaw]]:
    """Return the value of a JSON text and its flaws, as `scan` does; a text without any is read fast."""
    try:
        return read_json(text.encode()), []
    except ValueError:  # also for half a surrogate pair, which UTF-8 does not have
        return scan(text, was_refused=True)


def scan(text: str, start: int = 0, *, line: bool = False, was_refused: bool = False) -> tuple[object, list[Flaw]]:
    """
    Read one JSON value from *start* to the end of *text*, and find its flaws.

    A flaw is what RFC 8259 forbids, and what readers disagree about. The value is that of `json.loads`: the last of
    duplicate keys, infinity for a number that overflows; `UNREADABLE` when the text is not JSON at all. With *line*,
    the text is a line of JSON Lines, and the flaws speak of the end of the line. *was_refused* says that `read_json`
    refused the text, so that it is not read the fast way as a whole once more.
    """
    scanner = _Scanner(text, "the end of the line" if line else "the end of the text", was_refused)
    try:
        return scanner.read_document(start), scanner.flaws
    except FatalFlaw as fatal:
        return UNREADABLE, [*scanner.flaws, fatal.flaw]


class _Scanner:
    """One pass over one text, with a stack in place of recursion, so that no nesting is too deep for Python."""

    def __init__(self, text: str, end_name: str, was_refused: bool) -> None:
        self.text = text
        self.was_refused = was_refused
        self.end_name = end_name
        self.flaws: list[Flaw] = []
        self.stack: list[_OpenContainer] = []
        # Each container around a flaw is tried the fast way in vain, and read as far as the flaw each time.
        self.tries = 16 if len(text) < 1 << 20 else 4

    def read_document(self, start: int) -> object:
        value, end = self.read_value(self.skip_blanks(start))
        at = self.skip_blanks(end)
        if at == len(self.text):
            return value
        found = self.describe(at)
        if self.text[at] in '{["' or ((word := _WORD.match(self.text, at)) and _is_scalar(word[0])):
            found = "a second value"
            if "\n" in self.text[end:at] and "\n" not in self.text[start:end].strip():
                found = "a second value on its own line, as JSON Lines (.jsonl) has"
        raise self.syntax_error(at, f"{self.end_name}, after one value", found)

    def read_value(self, at: int) -> tuple[object, int]:
        stack = self.stack
        while True:  # a value begins here
            if len(stack) > MAX_DEPTH:
                # NOTE: without a place; a pointer of two hundred steps helps nobody.
                raise FatalFlaw(Flaw("too-deep", (stack[-1].at, stack[-1].at + 1), {"limit": MAX_DEPTH}))
            value: object
            first = self.text[at : at + 1]
            if (first == "{" or first == "[") and (read := self.read_flawless(at)):
                value, at = read
            elif first == "{" or first == "[":
                opened = _OpenContainer(at, {} if first == "{" else [])
                stack.append(opened)
                at = self.skip_blanks(at + 1)
                if not self.text.startswith(opened.closer, at):
                    at = self.read_key(at, "a key or `}`") if first == "{" else at
                    continue
                value, at = stack.pop().value, at + 1
            elif first == '"':
                value, at = self.read_string(at)
            else:
                value, at = self.read_scalar(at)
            while stack:  # a value ended here
                stack[-1].put(value)
                at = self.skip_blanks(self.read_plain_members(at))
                if self.text.startswith(stack[-1].closer, at):
                    value, at = stack.pop().value, at + 1
                    continue
                at = self.read_comma(at)
                break
            else:
                return value, at

    def read_flawless(self, at: int) -> tuple[object, int] | None:
        """Read the object or array at *at* the fast way; return None if it may have a flaw."""
        if not self.tries or (self.was_refused and not self.stack):
            return None
        try:
            value, end = _scan_once(self.text, at)
        except (ValueError, StopIteration, RecursionError):
            self.tries -= 1
            return None
        brackets = self.text.count("{", at, end) + self.text.count("[", at, end)
        if brackets > MAX_DEPTH - len(self.stack) or _ESCAPED_SURROGATE.search(self.text, at, end):
            return None
        return value, end

    def read_plain_members(self, at: int) -> int:
        """Read the plain members that follow the one before *at*; return the offset behind them."""
        text, top = self.text, self.stack[-1]
        if not isinstance(top.value, dict):
            return at
        members, keys, again = top.value, top.keys, RepeatedKeys(self.place()[:-1])
        while found := _PLAIN_MEMBER.match(text, at):
            key = found[1]
            span = found.start(1) - 1, found.end(1) + 1
            if first := keys.get(key):
                self.flaws.append(again.flaw(key, span, first))
            else:
                keys[key] = span
            string, number, fraction, literal = found.group(2, 3, 4, 5)
            if number:
                members[key] = float(number) if fraction else int(number)
            else:
                members[key] = _LITERALS[literal] if literal else string
            at = found.end()
        return at

    def read_comma(self, at: int) -> int:
        """Read the comma at *at*, and in an object the next key; return the offset of the next value."""
        top = self.stack[-1]
        if not self.text.startswith(",", at):
            raise self.syntax_error(at, f"`,` or `{top.closer}` after a value")
        after = self.skip_blanks(at + 1)
        if self.text.startswith(top.closer, after):
            raise self.syntax_error(at, f"`{top.closer}` without a comma before it", "a trailing comma")
        return self.read_key(after, "a key") if top.closer == "}" else after

    def read_key(self, at: int, expected: str) -> int:
        """Read the key at *at* and its colon; return the offset of the value."""
        top = self.stack[-1]
        if len(self.stack) > MAX_DEPTH:
            return at  # too deep, as `read_value` finds next
        if not self.text.startswith('"', at):
            if word := _UNQUOTED_KEY.match(self.text, at):
                raise self.syntax_error(at, "a key in double quotes", f"`{word[0]}`", word.end())
            quote = self.text[at : at + 1] in _QUOTES
            raise self.syntax_error(at, "a key in double quotes" if quote or expected == "a key" else expected)
        key, end = self.read_string(at, Part.KEY)
        if first := top.keys.get(key):
            self.flaws.append(RepeatedKeys(self.place()[:-1]).flaw(key, (at, end), first))
        else:
            top.keys[key] = (at, end)
        top.key = key
        at = self.skip_blanks(end)
        if not self.text.startswith(":", at):
            raise self.syntax_error(at, "`:` after a key")
        return self.skip_blanks(at + 1)

    def read_string(self, at: int, part: Part = Part.VALUE) -> tuple[str, int]:
        try:
            value, end = scanstring(self.text, at + 1, True)
        except JSONDecodeError as error:
            raise self.string_error(at, error) from None
        if _SURROGATE.search(value):
            place = (*self.place()[:-1], value) if part is Part.KEY else self.place()
            if span := next(_lone_surrogates(self.text, at, end), None):  # one finding for a string, as in YAML
                facts = {"name": self.text[slice(*span)]}
                self.flaws.append(Flaw("lone-surrogate", span, facts, place, part))
        return value, end

    def string_error(self, start: int, error: JSONDecodeError) -> FatalFlaw:
        """Return the flaw of the string at *start* that `scanstring` refused."""
        opened = ("opened here", self.place(), Part.VALUE, (start, start + 1))
        at = error.pos
        if error.msg.startswith("Unterminated"):
            return self.syntax_error(len(self.text), 'a closing `"`', related=opened)
        if error.msg.startswith("Invalid control"):
            character = self.text[at]
            if character == "\n" or self.text.startswith("\r\n", at):
                return self.syntax_error(at, 'a closing `"`, or `\\n` for a line break', "a line break", at, opened)
            escape = "\\t" if character == "\t" else f"\\u{ord(character):04x}"
            return self.syntax_error(at, f"`{escape}` inside a string")
        at = self.text.rfind("\\", start, at + 1)
        if self.text.startswith("\\u", at):
            return self.syntax_error(at, "four hexadecimal digits after `\\u`", "other characters", at + 2)
        found = f"`{self.text[at : at + 2]}`" if self.text[at : at + 2].isprintable() else "a single backslash"
        return self.syntax_error(at, "a known escape such as `\\n`, or `\\\\` for a backslash", found, at + 2)

    def read_scalar(self, at: int) -> tuple[object, int]:
        word = _WORD.match(self.text, at)
        if word is None:
            raise self.syntax_error(at, "a string in double quotes" if self.text[at : at + 1] in _QUOTES else "a value")
        token, end = word[0], word.end()
        if token in _LITERALS:
            return _LITERALS[token], end
        if number := _NUMBER.match(token):
            return self.read_number(token, at, is_integer=not (number[2] or number[3])), end
        if token in _NOT_FINITE:
            self.flaws.append(Flaw("non-json-value", (at, end), {"name": token}, self.place()))
            return _NOT_FINITE[token], end
        if meant := _MEANT_LITERALS.get(token.lower()):
            raise self.syntax_error(at, f"`{meant}`", f"`{token}`", end)
        if token[0] in "+-.0123456789":
            slip = next((words for words, matches in _NUMBER_SLIPS.items() if matches(token)), "letters in a number")
            raise self.syntax_error(at, "a JSON number", slip, end)
        raise self.syntax_error(at, "a value", "a word without quotes", end)

    def read_number(self, token: str, at: int, *, is_integer: bool) -> object:
        number = float(token)
        if isinf(number):
            name = token if len(token) <= 24 else f"{token[:12]}\u2026 ({len(token)} characters)"
            self.flaws.append(Flaw("non-json-value", (at, at + len(token)), {"name": name}, self.place()))
        # Python reads an integer of up to 4300 digits, and so does json.loads; a longer one is infinity like 1e5000.
        return int(token) if is_integer and len(token) <= 4300 else number

    def skip_blanks(self, at: int) -> int:
        match = _BLANK.match(self.text, at)
        return match.end() if match else at

    def place(self) -> Place:
        """Return the place of the value that is being read."""
        return tuple(opened.step for opened in self.stack)

    def describe(self, at: int) -> str:
        """Return words for what stands at *at*."""
        if at >= len(self.text):
            return self.end_name
        if _COMMENT.match(self.text, at):
            return "a comment; JSON has none"
        character = self.text[at]
        return _CHARACTERS.get(character) or (
            f"`{character}`" if character.isascii() and character.isprintable() else f"U+{ord(character):04X}"
        )

    def syntax_error(
        self,
        at: int,
        expected: str,
        found: str | None = None,
        end: int | None = None,
        related: tuple[str, Place, Part, Span] | None = None,
    ) -> FatalFlaw:
        """
        Return the flaw that *found* stands at *at* in place of *expected*.

        Where the text or a container ends, the flaw also shows the start of the innermost container.
        """
        text = self.text
        around = self.place()[:-1]
        if self.stack and not related and text[at : at + 1] in ("", "]", "}"):
            related = ("opened here", around, Part.VALUE, (self.stack[-1].at, self.stack[-1].at + 1))
        found = found or self.describe(at)
        comment = None
        if at >= len(text):
            at = end = len(
                text.rstrip(" \t\n\r")
            )  # where the text should go on, not the start of a line that does not exist
            if not text.strip(" \t\n\r\ufeff"):
                found = "no text at all"
        elif comment := _COMMENT.match(text, at):
            end = comment.end()
        facts = {"expected": expected, "found": found}
        if variant := _variant_of(expected, found, at_end=at >= len(text.rstrip(" \t\n\r")), is_comment=bool(comment)):
            facts["variant"] = variant
            if variant == "trailing-comma":
                facts["what"] = expected[1]  # the bracket
        return FatalFlaw(
            Flaw(
                "invalid-json",
                (at, at + 1 if end is None else end),
                facts,
                around,
                related=(related,) if related else (),
            )
        )


def _variant_of(expected: str, found: str, *, at_end: bool, is_comment: bool) -> str | None:
    """Return which kind of slip it is, as the rule `invalid-json` names it."""
    if is_comment:
        return "comment"
    if found == "a trailing comma":
        return "trailing-comma"
    if at_end:
        return "cut-off"
    if found.startswith("a second value"):
        return "second-value"
    if "double quotes" in expected:
        return "no-double-quotes"
    if expected in ("`true`", "`false`", "`null`"):
        return "misspelt-literal"
    return "no-comma" if expected.startswith("`,` or") else None


def _lone_surrogates(text: str, start: int, end: int) -> Iterator[Span]:
    """Yield the spans of the escapes between *start* and *end* that write half a surrogate pair."""
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
