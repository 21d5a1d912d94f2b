"""A hook that writes the index of the site's search: the parts of every page, as a script that a browser loads."""

import json
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

from properdocs.config.defaults import ProperDocsConfig
from properdocs.structure.files import Files
from properdocs.structure.pages import Page

_HEADINGS = {"h1", "h2", "h3"}
_BLOCKS = {"p", "li", "td", "th", "pre", "tr", "div", "br", *_HEADINGS}
_LONGEST = 4_000  # characters of a part that are searched

_rows: list[tuple[int, str, str, str, str]] = []
"""The parts so far: the number of the page, its title, the address, the heading, and the text."""


class Part(NamedTuple):
    """A stretch of a page from one heading to the next."""

    anchor: str
    heading: str  #: empty for what comes before the second heading of a page
    text: str


def on_pre_build(*, config: ProperDocsConfig) -> None:  # noqa: ARG001 - hooks are called by names
    """Begin anew, as `serve` builds more than once."""
    _rows.clear()


def on_page_content(html: str, *, page: Page, config: ProperDocsConfig, files: Files) -> str:  # noqa: ARG001
    """Take the parts of a page."""
    number = len({row[0] for row in _rows})
    for part in parts_of(html):
        address = f"{page.url}#{part.anchor}" if part.anchor else page.url
        _rows.append((number, page.title or "", address, part.heading, part.text[:_LONGEST]))
    return html


def on_post_build(*, config: ProperDocsConfig) -> None:
    """Write the index: JSON is JavaScript, and a browser loads a script from the disk too."""
    rows = ",\n".join(json.dumps(row, ensure_ascii=False) for row in _rows)
    Path(config.site_dir, "search_index.js").write_text(f"window.searchIndex = [\n{rows}\n];\n", "utf-8")


def parts_of(html: str) -> list[Part]:
    """Return the parts of a page's content."""
    reader = _Parts()
    reader.feed(html)
    reader.close()
    reader.end()
    return [part for part in reader.parts if part.text or part.heading]


class _Parts(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.parts: list[Part] = []
        self._anchor = ""
        self._heading: list[str] = []
        self._text: list[str] = []
        self._in_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("h2", "h3"):
            self.end()
            self._anchor = dict(attrs).get("id") or ""
        self._in_heading = self._in_heading or tag in _HEADINGS
        if tag in _BLOCKS:
            self._text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in _HEADINGS:
            self._in_heading = False

    def handle_data(self, data: str) -> None:
        (self._heading if self._in_heading else self._text).append(data)

    def end(self) -> None:
        """Keep the part that was being read; the first heading of a page is its title, which every part has."""
        heading = " ".join("".join(self._heading).split()) if self.parts else ""
        self.parts.append(Part(self._anchor, heading, " ".join("".join(self._text).split())))
        self._heading, self._text = [], []
