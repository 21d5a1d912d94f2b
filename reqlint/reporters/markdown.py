"""Write text that Markdown shows as it is: it makes no link, mention, image or tag of it."""

import re
from collections.abc import Iterable

from reqlint.display.shown import Shown, fill, literal, repeat

_PLAIN = re.compile(r"(?:[A-Za-z0-9 .,;:?'\"()/=+%^{}$-]++|[^\W_]|(?<=\w)_(?=\w))*")
_LINKED = re.compile(r"://|www\.|\bgh-\d", re.IGNORECASE)


def code(text: Shown) -> Shown:
    """Write one line of text as a code span; its fence is longer than any run of backticks in the text."""
    if not text.strip():
        return literal("` `")
    if "`" not in text and not text[0] == text[-1] == " ":
        return fill("`{}`", text)
    fence = _fence([text], 1)
    # Readers strip one space from both sides; it separates a backtick in the text from the fence.
    needs_padding = "`" in (text[0], text[-1]) or text[0] == text[-1] == " "
    return fill("{0} {1} {0}" if needs_padding else "{0}{1}{0}", fence, text)


def block(lines: Iterable[Shown]) -> tuple[Shown, Shown]:
    """Return the opening and the closing fence of a code block of these lines."""
    fence = _fence(lines, 3)
    return fill("{}text", fence), fence


def escape_markdown(text: Shown) -> Shown:
    """Return one line of text unchanged if Markdown has no use for any of its signs, else as a code span."""
    if not _PLAIN.fullmatch(text):
        return code(text)
    small = text.lower()  # the search below takes ten times as long
    may_link = "://" in small or "www." in small or "gh-" in small
    return code(text) if may_link and _LINKED.search(text) else text


def _fence(lines: Iterable[str], least: int) -> Shown:
    longest = max((len(run) for line in lines if "`" in line for run in re.findall("`+", line)), default=0)
    return repeat(literal("`"), max(least, longest + 1))
