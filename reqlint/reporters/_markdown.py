"""Text that Markdown shows as it is: no link, no mention, no image, no tag comes of it."""

import re
from collections.abc import Iterable

_PLAIN = re.compile(r"(?:[^\W_]|(?<=\w)_(?=\w)|[ .,;:?'\"()/=+%^{}$-])*")
_LINKED = re.compile(r"://|www\.|\bgh-\d", re.IGNORECASE)


def code(text: str) -> str:
    """Write one line of text as a code span, whose fence is longer than any that the text holds."""
    if not text.strip():
        return "` `"
    fence = _fence([text], 1)
    # A space on both sides is taken off again by the reader; it keeps a backtick of the text from the fence.
    padding = " " if "`" in (text[0], text[-1]) or text[0] == text[-1] == " " else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def block(lines: Iterable[str]) -> tuple[str, str]:
    """Give the opening and the closing fence of a code block of these lines."""
    fence = _fence(lines, 3)
    return f"{fence}text", fence


def escape_markdown(text: str) -> str:
    """Write one line of text as it is where Markdown leaves it alone, else as a code span."""
    return text if _PLAIN.fullmatch(text) and not _LINKED.search(text) else code(text)


def _fence(lines: Iterable[str], least: int) -> str:
    longest = max((len(run) for line in lines for run in re.findall("`+", line)), default=0)
    return "`" * max(least, longest + 1)
