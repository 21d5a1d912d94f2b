"""
Find credentials, by their form or by the name beside them, and mask them.

Masking is broader than the rule ``credential-in-request``: text masked by mistake costs a look into the file, a wrong
finding costs trust. Prose, code, hashes, UUIDs, pictures and names are left alone, and so is a bare word of random
letters, because neither its form nor a name tells it from those.
"""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from typing import NamedTuple

from reqlint.display.credential_forms import FORMS, CredentialForm, Where
from reqlint.display.credential_names import is_credential_key, is_password_name
from reqlint.display.shown import Masked, ellipsis

# The letter of a JSON escape, as in \nsk-…, is not part of the word that follows. The dot is the first character.
_ESCAPES = r"(?<=\\[bfnrt].)|(?<=\\u[0-9a-fA-F]{4}.)|(?<=%[0-9A-F]{2}.)"
_BEGINS = {
    Where.WORD: rf"(?:(?<![A-Za-z0-9].)|{_ESCAPES})",
    Where.START: rf"(?:(?<![\w-].)|{_ESCAPES})",
    Where.SK: rf"(?:(?<![aeiouyrmnAEIOUYRMN0-9].)|{_ESCAPES})",
    Where.ANYWHERE: "",
}

_BEGIN = r"(?:(?<![A-Za-z0-9-])|(?<=--)|(?<=\\[bfnrt])|(?<=\\u[0-9a-fA-F]{4})|(?<=%[0-9A-F]{2}))"
"""Where a form without a prefix may begin."""

_OTHERS = (
    r"(:\\?/\\?/)[^\s/@:\"'\\<>]{0,256}:[^\s/@\"'\\<>]{1,256}(?=@)",  # ://user:password@
    r"(:\\?/\\?/)(?:[^\s/@:\"'\\<>]{20,256}|(?=[^\s/@:\"'\\<>0-9]{0,60}[0-9])[^\s/@:\"'\\<>]{12,19})(?=@)",  # ://token@
    r"(hooks\.slack\.com\\?/(?:services|workflows|triggers)\\?/)[\w/\\-]{8,}",
    r"(discord(?:app)?\.com\\?/api\\?/webhooks\\?/)[\w/\\-]{8,}",
    r"(webhook\.office\.com\\?/webhookb2\\?/)[\w/\\@-]{8,}",
    r"(-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----)[\w+/=\s\\:,-]+",
    r"((?<![A-Za-z0-9])[Bb](?i:earer)\s++)(?=[^\s\d\"'\\]{0,80}?(?:[0-9]|[a-z][A-Z]))[A-Za-z0-9._~+/=-]{8,}",
    r"((?<![A-Za-z0-9])[Bb](?i:asic)\s++)(?=[A-Za-z+/]{0,80}?[0-9A-Z+/])[A-Za-z0-9+/]{16,}={0,2}",
)
"""What is more than one word; the group stays visible."""

_NAMED = re.compile(
    r"""
    (?<![\w.-]) (?P<name> [\w.-]{2,60}+ )
    (?P<sign> (?:\\{0,8}["'])? \s{0,8} [:=] \s{0,8} (?:\\{0,8}["'])? )
    """,
    re.VERBOSE,
)
_VALUE = re.compile(
    r"((?i:bearer|basic|token|digest)\s{1,4})?([^\s\"'\\,;&(){}<>\[\]]{4,}+)(?!\()"
)  # getToken1() is code
_ORDINARY = frozenset("required optional missing incorrect invalid string hidden redacted masked example false".split())

_FOLDED = re.compile(
    r"\\u00(?P<code>[2-7][0-9a-fA-F])|\\(?=/)"
    r"|\\u(?:00ad|034f|061c|115f|1160|17b4|17b5|180[b-f]|200[b-f]|202[a-e]|206[0-9a-f]|3164|fe0[0-9a-f]|feff|ffa0)"
    r"|[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U000e0000-\U000e0fff]",
    re.IGNORECASE,
)
"""What does not end a credential although it stands in it: invisible characters, and a letter as an escape of JSON."""


class FoundCredential(NamedTuple):
    """Where a credential stands in a text."""

    start: int
    secret: int  #: where what stays visible ends: ``sk-``, ``password=``
    end: int


@cache
def credential_pattern() -> re.Pattern[str]:
    """
    Return the pattern of the credentials that have a form.

    Matching takes linear time: every repetition is bounded or can match in one way only.
    """
    by_letter: dict[str, list[str]] = {}
    without: list[str] = []
    for form in FORMS:
        if not form.prefixes:
            without.append(f"{_BEGIN}{form.secret}")
        for letter in dict.fromkeys(prefix[0] for prefix in form.prefixes):
            by_letter.setdefault(letter, []).append(_after_letter(form, letter))
    forms = [f"{re.escape(letter)}(?:{'|'.join(rest)})" for letter, rest in by_letter.items()]
    return re.compile("|".join([*forms, *_OTHERS, *without]), re.DOTALL | re.ASCII)


def _after_letter(form: CredentialForm, letter: str) -> str:
    rest = "|".join(re.escape(prefix[1:]) for prefix in form.prefixes if prefix[0] == letter)
    return f"{_BEGINS[form.where]}(?:{rest}){form.secret}"


@cache
def _prefixes() -> re.Pattern[str]:
    longest_first = sorted({prefix for form in FORMS for prefix in form.prefixes}, key=len, reverse=True)
    return re.compile("|".join(map(re.escape, longest_first)))


def find_credentials(text: str, start: int = 0, end: int | None = None) -> Iterator[FoundCredential]:
    """Yield the credentials between *start* and *end* in their order; they do not overlap."""
    end = len(text) if end is None else min(end, len(text))
    if not (text.isascii() and text.isprintable() and "\\" not in text) and _FOLDED.search(text, start, end):
        return _find_folded(text, start, end)
    return _find(text, start, end)


def _find_folded(text: str, start: int, end: int) -> Iterator[FoundCredential]:
    """Find credentials as they read without what `_FOLDED` has; a position behind that is that of the text again."""
    pieces: list[str] = []
    starts: list[int] = []
    ends: list[int] = []  # behind each character
    at = start
    for folded in _FOLDED.finditer(text, start, end):
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
    formed = (_formed(found) for found in credential_pattern().finditer(text, start, end))
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


def _formed(found: re.Match[str]) -> FoundCredential:
    if found.lastindex:
        return FoundCredential(found.start(), found.end(found.lastindex), found.end())
    prefix = _prefixes().match(found.string, found.start(), found.end())
    return FoundCredential(found.start(), prefix.end() if prefix else found.start(), found.end())


def _find_named(text: str, start: int, end: int) -> Iterator[FoundCredential]:
    """Yield the values that a name says are credentials, and that are no word of a sentence or of code."""
    at = start
    while name := _NAMED.search(text, at, end):
        at = name.end()
        if not (name["name"].lower() in _IN_QUERY or is_credential_key(name["name"])):
            continue  # and what follows is looked at, too: in https://h.example/?key=… is another name
        if value := _VALUE.match(text, at, end):
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


def kept_prefix(text: str, start: int, end: int) -> str:
    """Return what tells the kind of the credential that begins at *start* and is not secret: ``sk-``; often nothing."""
    found = credential_pattern().match(text, start, end)
    return text[start : _formed(found).secret] if found else ""


def masked_as(prefix: str, unicode: bool = True) -> Masked:
    """Return the text shown in place of a credential that begins with *prefix*."""
    return Masked(f"{prefix}{ellipsis(unicode)}(masked)")


def mask(text: str, unicode: bool = True) -> Masked:
    """Mask everything in *text* that looks like a credential."""
    pieces: list[str] = []
    at = 0
    for found in find_credentials(text):
        pieces += [text[at : found.start], masked_as(text[found.start : found.secret], unicode)]
        at = found.end
    return Masked("".join([*pieces, text[at:]])) if pieces else Masked(text)


def shorten(text: str, most: int = 24, shown: int = 12) -> str:
    """
    Return *text* masked, for a message; of text longer than *most* characters only the first *shown*.

    It is masked before it is cut, because half of a credential would not be recognised.
    """
    masked = mask(text[:_FAR])
    if len(masked) <= most and len(text) <= _FAR:
        return masked
    return f"{masked[:shown]}… ({len(text)} characters)"


_FAR = 2000  # characters; longer than what is shown plus any credential that begins in it


def mask_pointer(pointer: str, unicode: bool = True) -> Masked:
    """Mask credentials in the keys of a JSON Pointer, in which ``~`` and ``/`` are escaped (RFC 6901 section 3)."""
    if "~" not in pointer:
        return mask(pointer, unicode)
    return Masked("/".join(_mask_step(step, unicode) for step in pointer.split("/")))


def _mask_step(step: str, unicode: bool) -> str:
    key = step.replace("~1", "/").replace("~0", "~")
    masked = mask(key, unicode)
    return step if masked == key else masked.replace("~", "~0").replace("/", "~1")


def mask_values(value: object) -> object:
    """Return a copy of a JSON value with credentials masked, by their form or by their key; keys are masked, too."""
    if isinstance(value, str):
        return mask(value)
    if isinstance(value, Mapping):
        return {
            mask(key) if isinstance(key, str) else key: masked_as("")
            if is_credential_key(str(key)) and item is not None and not isinstance(item, bool)
            else mask_values(item)
            for key, item in value.items()
        }
    return [mask_values(item) for item in value] if isinstance(value, list) else value
