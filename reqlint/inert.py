"""What of a payload may be shown: no control characters, no credentials."""

import json
import re
import unicodedata
from functools import cache

ELLIPSIS = "…"
COMMAND = "##["
"""How GitHub's and Azure's runners take commands, wherever in a line of a log it stands."""
DEFUSED = r"\x23#["

_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


# A clean run shows nothing of a payload, so the patterns are compiled when they are first asked for.
@cache
def _suspect() -> re.Pattern[str]:
    return re.compile(r"[^\x20-\x7e\xa1-\xac\xae-\u02ff\u0370-\u058f\u3040-\u9fff\uac00-\ud7a3]")


@cache
def credential() -> re.Pattern[str]:
    """Give the pattern of what looks like a credential; the group that matched is kept when the rest is masked."""
    return re.compile(
        r"""(?<![A-Za-z0-9_-])(?:
            (sk-|rk-|pk-)[A-Za-z0-9_-]{8,}
          | (AKIA|ASIA|LTAI)[A-Za-z0-9]{8,}
          | (gh[pousr]_|github_pat_|glpat-|hf_|gsk_|r8_|npm_|pypi-)[A-Za-z0-9_-]{10,}
          | (xox[abeoprs]-)[A-Za-z0-9-]{8,}
          | (AIza)[A-Za-z0-9_-]{16,}
          | (eyJ)[A-Za-z0-9_-]{8,}+\.[A-Za-z0-9_-]{8,}+(?:\.[A-Za-z0-9_-]*)?
          | ((?i:Bearer)\s+)[A-Za-z0-9._~+/=-]{8,}
          | ((?i:Basic)\s+)(?=[A-Za-z0-9+/]*[0-9A-Z+/])[A-Za-z0-9+/]{16,}={0,2}
        ) | (-----BEGIN\ [A-Z ]{0,40}PRIVATE\ KEY-----).*""",
        re.VERBOSE | re.DOTALL,
    )


@cache
def _credential_key() -> re.Pattern[str]:
    return re.compile(
        r"(?:^|[\W_])(?:api[\W_]?key|access[\W_]?key(?:[\W_]?id)?|private[\W_]?key|(?:proxy-)?authorization|credentials?"
        r"|token|secret|pass(?:word|wd|phrase)|(?:set-)?cookie)$|(?:apikey|accesskey)$",
        re.IGNORECASE,
    )


@cache
def _count_key() -> re.Pattern[str]:
    return re.compile(r"(?:max|min|num|n|total)[\W_]", re.IGNORECASE)  # max_token is a number that lost its s


@cache
def _camel() -> re.Pattern[str]:
    return re.compile(r"(?<=[a-z0-9])(?=[A-Z])")


def is_credential_key(key: str) -> bool:
    """Whether a value is hidden because of its *key*: ``api_key``, ``X-Auth-Token``, ``clientSecret``."""
    return bool(_credential_key().search(_camel().sub("_", key[-80:]))) and not _count_key().match(key)


def masked(prefix: str, unicode: bool = True) -> str:
    """Write what stands for a credential that began with *prefix*."""
    return f"{prefix}{ELLIPSIS if unicode else '...'}(masked)"


def mask(text: str, unicode: bool = True) -> str:
    """Hide whatever in *text* looks like a credential."""
    return credential().sub(lambda found: masked(kept(found), unicode), text)


def kept(found: re.Match[str]) -> str:
    """Give the telling beginning of a credential, which is no secret: ``sk-``."""
    return next((group for group in found.groups() if group), "")


def visible(text: str, unicode: bool = True) -> str:
    r"""
    Write *text* so that a terminal only shows it: what would move, hide or reorder becomes an escape (``\x1b``).

    With *unicode* off everything outside ASCII does. So does what a build log obeys anywhere in a line (`COMMAND`).
    """
    text = text.replace(COMMAND, DEFUSED)
    if text.isascii() and text.isprintable():
        return text
    if unicode:
        return _suspect().sub(_escape_unseen, text)
    return "".join(_ascii(char) for char in text)


def _escape_unseen(found: re.Match[str]) -> str:
    return _escape(found[0]) if _is_unseen(found[0]) else found[0]


def _is_unseen(char: str) -> bool:
    # NOTE: the range holds variation selectors, which are marks by category but can carry hidden text.
    return unicodedata.category(char) in _UNSEEN or "\U000e0100" <= char <= "\U000e01ef"


def _ascii(char: str) -> str:
    return char if " " <= char <= "~" else _escape(char)


def _escape(char: str) -> str:
    code = ord(char)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def said(text: str, unicode: bool = True) -> str:
    """Write a sentence that may quote the payload: credentials hidden, nothing but visible characters."""
    return visible(mask(text, unicode), unicode)


def to_json(value: object) -> str:
    """Write *value* as JSON in one line that any terminal, editor and UTF-8 file can take."""
    written = _written(value)
    return written if written.isascii() and "\x7f" not in written else _suspect().sub(_escape_for_json, written)


_written = json.JSONEncoder(ensure_ascii=False).encode


def _escape_for_json(found: re.Match[str]) -> str:
    char = found[0]
    if not _is_unseen(char):
        return char
    return "\\u007f" if char == "\x7f" else json.dumps(char)[1:-1]  # json itself leaves this one control as it is


def counted(number: int, noun: str) -> str:
    """Write a number with its noun: ``1 finding``, ``1,204 findings``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"
