"""Write text that XML and HTML show as it is: none of its signs opens a tag, ends an attribute or names an entity."""

from collections.abc import Mapping

from reqlint.display.cached import escape
from reqlint.display.shown import Shown, fill, join, transform, verbatim


def escape_markup(text: Shown) -> Shown:
    """Escape the signs that markup reserves; control characters, which XML 1.0 forbids, are visible escapes already."""
    return transform(text, _escape_signs)


def attributes(values: Mapping[str, Shown | int]) -> Shown:
    """Write attributes, each with a space before it."""
    return join(
        "", (fill(' {}="{}"', escape(verbatim(key)), escape_markup(fill("{}", v))) for key, v in values.items())
    )


def in_ascii(text: Shown) -> Shown:
    """Write every character outside ASCII as a character reference."""
    return transform(text, lambda markup: markup.encode("ascii", "xmlcharrefreplace").decode("ascii"))


def _escape_signs(text: str) -> str:
    for sign, escaped in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;"), ('"', "&quot;")):
        if sign in text:
            text = text.replace(sign, escaped)
    return text
