"""Whether a stream is a terminal that shows links (OSC 8)."""

import os
from typing import TextIO

from reqlint.cli.streams import is_terminal
from reqlint.cli.terminal import wants_color

_PROGRAMS = frozenset({"WezTerm", "ghostty", "iTerm.app", "vscode", "zed", "Hyper", "rio", "Tabby"})
_TERMS = ("alacritty", "contour", "foot", "wezterm", "xterm-ghostty", "xterm-kitty")
_OLDEST_VTE = 5002  # GNOME Terminal and others of its library; 0.50.0 crashed on links
_MULTIPLEXERS = ("screen", "tmux")  # of what they pass on nobody can tell, and variables of the terminal shine through


def wants_links(stream: TextIO, color: str) -> bool:
    """
    Return whether to write links on *stream*.

    FORCE_HYPERLINK decides if it is set: 0 turns them off, anything else on. Otherwise it must be a terminal with
    colour that is known to have links, and no CI may run: what keeps its logs would keep the codes.
    """
    forced = os.environ.get("FORCE_HYPERLINK")
    if forced:
        return forced != "0"
    if os.environ.get("CI") or os.environ.get("TEAMCITY_VERSION"):
        return False
    return is_terminal(stream) and wants_color(stream, color) and _has_links()


def _has_links() -> bool:
    """Return whether the environment names a terminal that is known to have links."""
    term = os.environ.get("TERM", "")
    if term.startswith(_MULTIPLEXERS) or os.environ.get("TMUX"):
        return False
    if os.environ.get("TERM_PROGRAM") in _PROGRAMS or term.startswith(_TERMS):
        return True
    if any(os.environ.get(name) for name in ("WT_SESSION", "KONSOLE_VERSION", "DOMTERM")):
        return True
    version = os.environ.get("VTE_VERSION", "")
    return version.isascii() and version.isdigit() and len(version) < 9 and int(version) >= _OLDEST_VTE
