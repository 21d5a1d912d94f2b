"""
Find credentials in a text: by their form, or by the name beside them.

A text is searched in linear time: what a form takes is bounded or can match in one way only, and a search for the next
credential begins where the last one ended.
"""

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

from reqlint.display.credential_forms import FORMS, CredentialForm, Where
from reqlint.display.credential_names import is_credential_key, is_password_name
from reqlint.display.credential_signs import pattern_of_signs

# The letter of a JSON escape, as in \nsk-…, is not part of the word that follows.
_ESCAPES = r"(?<=\\[bfnrt])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9A-F]{2})"
_BEGINS = {
    Where.WORD: rf"(?:(?<![A-Za-z0-9])|{_ESCAPES})",
    Where.START: rf"(?:(?<![A-Za-z0-9_-])|(?<=--)|{_ESCAPES})",
    Where.SK: rf"(?:(?<![aeiouyrmnAEIOUYRMN0-9])|{_ESCAPES})",
    Where.ANYWHERE: "",
}

_FREE = rf"(?:(?<![A-Za-z0-9-])|(?<=--)|{_ESCAPES})"
"""Where a form without a prefix may begin."""

_OTHERS = (
    *(
        (word, r"(:\\?/\\?/)" + rest + r"(?=@)")  # ://user:password@
        for word in (":/", ":\\")
        for rest in (
            r"[^\s/@:\"'\\<>]{0,256}:[^\s/@\"'\\<>]{1,256}",
            r"(?:[^\s/@:\"'\\<>]{20,256}|(?=[^\s/@:\"'\\<>0-9]{0,60}[0-9])[^\s/@:\"'\\<>]{12,19})",
        )
    ),
    ("hooks.slack.com", r"(hooks\.slack\.com\\?/(?:services|workflows|triggers)\\?/)[\w/\\-]{8,}"),
    ("discord", r"(discord(?:app)?\.com\\?/api\\?/webhooks\\?/)[\w/\\-]{8,}"),
    ("webhook.office.com", r"(webhook\.office\.com\\?/webhookb2\\?/)[\w/\\@-]{8,}"),
    ("-----BEGIN ", r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)[\w+/=\s\\:,-]+"),
    *(
        (
            word,
            _BEGINS[Where.WORD] + r"((?i:bearer)\s++)(?=[^\s\d\"'\\]{0,80}?(?:\d|[a-z][A-Z]))[A-Za-z0-9._~+/=-]{8,}",
        )
        for word in ("Bearer", "bearer", "BEARER")
    ),
    *(
        (word, _BEGINS[Where.WORD] + r"((?i:basic)\s++)(?=[A-Za-z+/]{0,80}?[0-9A-Z+/])[A-Za-z0-9+/]{16,}={0,2}")
        for word in ("Basic", "basic", "BASIC")
    ),
)
"""What is more than one word: how it begins, and its pattern, of which the group stays visible."""


@cache
def _named() -> re.Pattern[str]:
    return re.compile(
        r"""
        (?<![\w.-]) (?P<name> [\w.-]{2,60}+ )
        (?P<sign> (?:\\{0,8}["'])? \s{0,8} [:=] \s{0,8} (?:\\{0,8}["'])? )
        """,
        re.VERBOSE,
    )


@cache
def _value() -> re.Pattern[str]:
    # Not what is called, as in password = getPassword1().
    return re.compile(r"((?i:bearer|basic|token|digest)\s{1,4})?([^\s\"'\\,;&(){}<>\[\]]{4,}+)(?!\()")


_ORDINARY = frozenset(
    {"required", "optional", "missing", "incorrect", "invalid", "string", "hidden", "redacted", "example"}
)


@cache
def _folded() -> re.Pattern[str]:
    """
    Return the pattern of what does not end a credential although it stands in it.

    That are invisible characters, and the escapes of JSON for these and for letters, digits and ASCII signs.
    """
    return re.compile(
        r"\\u00(?P<code>[2-7][0-9a-fA-F])|\\(?=/)"
        r"|\\u(?:00ad|034f|061c|115f|1160|17b4|17b5|180[b-f]|200[b-f]|202[a-e]|206[0-9a-f]|3164|fe0[0-9a-f]|feff|ffa0)"
        r"|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
        r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]",
        re.IGNORECASE,
    )


class FoundCredential(NamedTuple):
    """Where a credential stands in a text."""

    start: int
    secret: int  #: where what stays visible ends: ``sk-``, ``password=``
    end: int


def may_hold_credential(text: str) -> bool:
    """Return False for a text that holds no credential, if that is seen at once, as of nearly every such text."""
    return (
        ":" in text
        or "=" in text
        or "\\" in text
        or not (text.isascii() and text.isprintable())
        or _may_hold_form(text, 0, len(text))
    )


def find_credentials(text: str, start: int = 0, end: int | None = None) -> Iterator[FoundCredential]:
    """Yield the credentials between *start* and *end* in their order; they do not overlap."""
    end = len(text) if end is None else min(end, len(text))
    if not (text.isascii() and text.isprintable() and "\\" not in text) and _folded().search(text, start, end):
        return _find_folded(text, start, end)
    return _find(text, start, end)


def _find_folded(text: str, start: int, end: int) -> Iterator[FoundCredential]:
    """Find credentials as they read without what `_folded` has; a position behind that is that of the text again."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []  # behind each character
    at = start
    for folded in _folded().finditer(text, start, end):
        pieces.append(text[at : folded.start()])
        starts += range(at, folded.start())
        ends += range(at + 1, folded.start() + 1)
        if folded["code"]:
            pieces.append(chr(int(folded["code"], 16)))
            starts.append(folded.start())
            ends.append(folded.end())
        at = folded.end()
    pieces.append(text[at:end])
    starts += range(at, end)
    ends += range(at + 1, end + 1)
    for found in _find("".join(pieces), 0, len(starts)):
        yield FoundCredential(starts[found.start], starts[found.secret], ends[found.end - 1])


def _find(text: str, start: int, end: int) -> Iterator[FoundCredential]:
    formed = _find_formed(text, start, end)
    named = _find_named(text, start, end)
    one, other = next(formed, None), next(named, None)
    reached = start
    while one or other:
        if one and (other is None or (one.secret, -one.end) <= (other.secret, -other.end)):
            found, one = one, next(formed, None)
        elif other:
            found, other = other, next(named, None)
        if found.end > reached:
            yield FoundCredential(max(found.start, reached), max(found.secret, reached), found.end)
            reached = found.end


def _find_formed(text: str, start: int, end: int) -> Iterator[FoundCredential]:
    """Yield the credentials that have a form."""
    if not _may_hold_form(text, start, end):
        return
    at, search = start, _beginnings().search
    while begin := search(text, at, end):
        at = begin.start() + 1
        if found := match_credential(text, begin.start(), end, begin[0]):
            yield found
            at = found.end


def _may_hold_form(text: str, start: int, end: int) -> bool:
    if _allowance.left > 0 and _allowance.covers(end - start):
        return _may_have_form(text[start:end])
    return _signs().search(text, start, end) is not None


class _Allowance:
    """How many characters may still be looked at without the pattern of signs, until compiling it would be quicker."""

    def __init__(self, characters: int) -> None:
        self.left = characters

    def covers(self, characters: int) -> bool:
        """Take what looking at a text of so many *characters* costs, if there is enough left."""
        self.left -= characters + 200  # a short text is looked at for as many beginnings as a long one
        return self.left >= 0


_allowance = _Allowance(100_000)


def _may_have_form(text: str) -> bool:
    """Return whether a text has what a form begins with, or a word as long as a form without that."""
    if ":" in text and "@" in text:  # ://user:password@
        return True
    return any(word in text for word in _words_but_colons()) or max(map(len, text.split()), default=0) >= _SHORTEST_BARE


@cache
def _words_but_colons() -> list[str]:
    return [word for word in _words() if word[0] != ":"]


_SHORTEST_BARE = 34
"""The length of the shortest credential of a form without a prefix."""


def match_credential(text: str, start: int, end: int, beginning: str | None = None) -> FoundCredential | None:
    """Return the credential that begins at *start*, where *beginning* is known to stand; None if there is none."""
    if beginning is None:
        begin = _beginnings().match(text, start, end)
        if begin is None:
            return None
        beginning = begin[0]
    for pattern in _patterns(beginning):
        if found := pattern.match(text, start, end):
            return FoundCredential(start, found.end(found.lastindex) if found.lastindex else start, found.end())
    return None


@cache
def _beginnings() -> re.Pattern[str]:
    """
    Return the pattern of how credentials begin.

    The patterns of what follows are compiled when such a beginning is seen; most texts have none.
    """
    return re.compile(f"{_tree(_words())}|(?={_without_prefix()})", re.ASCII)


@cache
def _signs() -> re.Pattern[str]:
    """Return a pattern that is found, fast, in every text in which that of `_beginnings` is."""
    return pattern_of_signs(_words(), (form.sign for form in FORMS if not form.prefixes))


@cache
def _words() -> list[str]:
    """Return what all forms begin with."""
    return sorted({word for form in FORMS for word in form.prefixes.split()} | {word for word, _ in _OTHERS})


def _tree(words: list[str]) -> str:
    """Return a pattern of the longest of the sorted *words* that stands somewhere, with a branch for each letter."""
    by_letter: dict[str, list[str]] = {}
    for word in words:
        if word:
            by_letter.setdefault(word[0], []).append(word[1:])
    branches = [re.escape(letter) + _tree(rest) for letter, rest in by_letter.items()]
    if "" in words:
        return f"(?:{'|'.join(branches)})?" if branches else ""
    return branches[0] if len(branches) == 1 else f"(?:{'|'.join(branches)})"


@cache
def _patterns(beginning: str) -> tuple[re.Pattern[str], ...]:
    """Return the patterns of what may begin so; the one with the longest prefix first."""
    found = [(word, pattern) for word, pattern in _OTHERS if word == beginning]
    for form in FORMS:
        found += [(word, _pattern(form, word)) for word in form.prefixes.split() if beginning.startswith(word)]
    found.sort(key=lambda each: -len(each[0]))
    found.append(("", _without_prefix()))  # as AC08Q~…, which begins as an account of Twilio does
    return tuple(re.compile(pattern, re.DOTALL | re.ASCII) for _, pattern in found)


def _without_prefix() -> str:
    return f"{_FREE}(?:{'|'.join(form.secret for form in FORMS if not form.prefixes)})"


def _pattern(form: CredentialForm, prefix: str) -> str:
    return f"{_BEGINS[form.where]}({re.escape(prefix)}){form.secret}"


def _find_named(text: str, start: int, end: int) -> Iterator[FoundCredential]:
    """Yield the values that a name says are credentials, and that are no word of a sentence or of code."""
    at = start
    while name := _named().search(text, at, end):
        at = name.end()
        if not (name["name"].lower() in _IN_QUERY or is_credential_key(name["name"])):
            continue  # and what follows is looked at, too: in https://h.example/?key=… is another name
        if value := _value().match(text, at, end):
            if _is_secret(name, value):
                yield FoundCredential(name.start(), value.start(2), value.end())
            at = value.end()


_IN_QUERY = ("key", "code")


def _is_secret(found: re.Match[str], valued: re.Match[str]) -> bool:
    name, sign, value = found["name"], found["sign"], valued[2]
    before = found.string[max(0, found.start() - 12) : found.start()]
    escaped = before[-1:] == "\\" and name[0] in "bfnrt"
    if escaped:
        name = name[1:]
    in_query = before[-1:] in ("?", "&") and sign == "="
    odd = any("0" <= char <= "9" for char in value)
    if in_query and name.lower() in _IN_QUERY:
        return len(value) >= 16 or (len(value) >= 8 and (odd or value.lower() != value))
    if not is_credential_key(name):
        return False
    if (odd and len(value) >= 6) or '"' in sign or "'" in sign:
        return True
    is_word = value.lower().rstrip(".") in _ORDINARY or is_credential_key(value)
    if sign == "=":  # nobody writes a sentence so
        assigned = in_query or name.isupper() or is_password_name(name)
        return not is_word and (assigned or len(value) >= 16)
    if valued[1]:  # Bearer and the like
        return len(value) >= 16
    lines = before.rstrip(" \t-")
    begins = escaped or lines[-1:] in ("\n", "\r") or (not lines and found.start() <= 12)
    ends = found.string[valued.end() : valued.end() + 1] in ("", "\n", "\r", "\\", '"', "'")
    return begins and ends and not is_word and len(value) >= 6 and is_password_name(name)
