"""Splices that write changes of a value into a YAML text: whole lines in block style, parts of lines in flow style."""

import re
from collections.abc import Iterable

from reqlint.core.pointer import Place
from reqlint.text.changes import Add, Change, Quote, Remove, Replace, Unwrap, Wrap
from reqlint.text.flaws import Span, Spans
from reqlint.text.json.edits import Flow, Splice, Unwritable, children, write_json

_STEP = "  "
_REST = re.compile(r"[ \t]*(?:#[^\r\n]*)?(?=\r?\n|\Z)")  # nothing, or a comment
_LINE_START = re.compile(r"\n(?=[ ]*[^ \r\n])")
_LEAD = re.compile(r"[ ]*(?:-[ ]+)*\Z")  # what may stand before the first key of a block


def yaml_splices(text: str, spans: Spans, root: object, changes: Iterable[Change]) -> list[Splice]:
    """
    Return the splices that make *changes* in a YAML text.

    They are right for the ways that people usually write YAML. Anchors, tags and comments inside a line allow other
    ways, so the caller must read the result back and drop changes that did not have the intended effect.

    Raises:
        Unwritable: a place is written in a way that is not supported here.
    """
    block = _Block(text, spans, root)
    return [splice for change in changes for splice in block.splices(change)]


class _Block(Flow):
    """Writes changes into blocks; `Flow` writes those between braces and brackets."""

    def __init__(self, text: str, spans: Spans, root: object) -> None:
        super().__init__(text, spans, root, is_yaml=True)
        first = text.find("\n")
        self.newline = "\r\n" if first > 0 and text[first - 1] == "\r" else "\n"

    def splices(self, change: Change) -> list[Splice]:
        """Return the splices that make *change*, in the order of the text; raise `Unwritable` if that fails."""
        if isinstance(change, Quote):
            start, end = self.key_span(change.place) if change.key else self.span(change.place)
            return [(start, end, write_json(self.text[start:end]))]
        if isinstance(change, Replace) and self.span(change.place)[0] == self.span(change.place)[1]:
            raise Unwritable
        if isinstance(change, Remove) and not self.is_flow(change.place[:-1]):
            return [self._remove_lines(change.place)]
        if isinstance(change, Add) and not self.is_flow(change.place):
            return [self._add_line(change)]
        if isinstance(change, Wrap):
            return self._wrap_block(change) if self._is_block(change.place) else self._wrap_flow(change)
        if isinstance(change, Unwrap) and not self.is_flow(change.place[:-1]):
            return self._unwrap_lines(change.place)
        return super().splices(change)

    def is_flow(self, place: Place) -> bool:
        """Return whether the value at *place* stands between braces or brackets."""
        start, end = self.span(place)
        return start < end and self.text[start] in "{["

    def _is_block(self, place: Place) -> bool:
        return bool(children(self.root, place)) and not self.is_flow(place)

    def _column(self, at: int) -> str:
        """Return blanks as wide as the text before *at* in its line, which may only be dashes and blanks."""
        before = self.text[self.text.rfind("\n", 0, at) + 1 : at].removeprefix("\ufeff")
        if not _LEAD.match(before):
            raise Unwritable
        return " " * len(before)

    def _line_end(self, at: int) -> int:
        """Return the end of the line of *at*, where only a comment may follow."""
        rest = _REST.match(self.text, at)
        if not rest:
            raise Unwritable
        return rest.end()

    def _remove_lines(self, place: Place) -> Splice:
        (start, _), (value_start, value_end) = self.key_span(place), self.span(place)
        around = children(self.root, place[:-1])
        if len(around) == 1:
            return start, self.span(place[:-1])[1] if value_start < value_end else self._line_end(value_end), "{}"
        end = self._line_end(value_end)
        if self.indent(start) is None:  # the first key of an item stands after its dash
            self._column(start)
            following = around.index(place) + 1
            after = self.key_span(around[following])[0] if following < len(around) else -1
            if after < 0 or self.text[end:after].strip():
                raise Unwritable
            return start, after, ""
        first = start - len(self.indent(start) or "")
        after_break = self.text.find("\n", end) + 1
        if after_break:
            return first, after_break, ""
        return max(first - len(self.newline), 0), end, ""

    def _add_line(self, change: Add) -> Splice:
        inside = children(self.root, change.place)
        if not inside:
            raise Unwritable
        value = self.word(change.value, "") if isinstance(change.value, str) else write_json(change.value)
        if change.key is None:
            item = self.span(inside[0])[0]
            dash = self._last_before(item)
            if self.text[dash] != "-":
                raise Unwritable
            at = self._line_end(self.span(change.place)[1])
            return at, at, f"{self.newline}{self._column(dash)}- {value}"
        start = self.key_span(inside[0])[0]
        new, column = f"{self.word(change.key, '')}: {value}", self._column(start)
        if change.first:
            return start, start, f"{new}{self.newline}{column}"
        at = self._line_end(self.span(change.place)[1])
        return at, at, f"{self.newline}{column}{new}"

    def _wrap_flow(self, change: Wrap) -> list[Splice]:
        start, end = self.span(change.place)
        here = self.text[start:end]
        if not here or here[0] in "*&!|>" or "\n" in here:
            raise Unwritable
        quote = '"' if here[0] not in "\"'{[" else ""
        if quote and ('"' in here or "\\" in here):
            raise Unwritable
        before = "".join(f"{self.word(key, '')}: {self.word(value, '')}, " for key, value in change.before)
        return [(start, start, f"{{{before}{self.word(change.key, '')}: {quote}"), (end, end, quote + "}")]

    def _wrap_block(self, change: Wrap) -> list[Splice]:
        start, end = self.span(change.place)
        column = self._column(start)
        lines = [f"{self.word(key, '')}: {self.word(value, '')}" for key, value in change.before]
        head = f"{self.newline}{column}".join([*lines, f"{self.word(change.key, '')}:"])
        more = [(at, at, _STEP) for at in self._line_starts((start, end))]
        return [(start, start, f"{head}{self.newline}{column}{_STEP}"), *more]

    def _line_starts(self, span: Span) -> list[int]:
        """Return the offsets where lines in *span* start, but for blank lines."""
        return [found.end() for found in _LINE_START.finditer(self.text, *span)]

    def _unwrap_lines(self, place: Place) -> list[Splice]:
        inside = children(self.root, place)
        if not inside:
            return [self._remove_lines(place)]
        start, (value_start, end) = self.key_span(place)[0], self.span(place)
        first = self.key_span(inside[0])[0]
        outer = self._column(start)
        if self.is_flow(place):
            splices: list[Splice] = [(start, first, "")]
            ends = [self.span(child)[1] for child in inside]
            starts = [self.key_span(child)[0] for child in inside[1:]]
            splices += [(a, b, self.newline + outer) for a, b in zip(ends, starts, strict=False)]
            if any(self.text[a:b].strip() != "," for a, b, _ in splices[1:]):
                raise Unwritable
            return [*splices, (ends[-1], end, "")]
        if first != value_start or self.text[self.key_span(place)[1] : first].strip() != ":":
            raise Unwritable
        more = len(self._column(first)) - len(outer)
        starts = self._line_starts((first, end))
        if any(self.text[at : at + more].strip(" ") for at in starts):
            raise Unwritable
        return [(start, first, ""), *((at, at + more, "") for at in starts)]
