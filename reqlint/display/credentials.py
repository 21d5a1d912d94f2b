"""
Mask credentials: what has the form of one, or stands beside the name of one.

Masking is broader than the rule ``credential-in-request``: text masked by mistake costs a look into the file, a wrong
finding costs trust. Prose, code, hashes, UUIDs, pictures and names are left alone, and so is a bare word of random
letters, because neither its form nor a name tells it from those.
"""

import re
from collections.abc import Mapping
from functools import cache, lru_cache
from json import JSONEncoder
from json.encoder import encode_basestring_ascii as quoted

from reqlint.display.credential_names import is_credential_key
from reqlint.display.credential_search import find_credentials, match_credential, may_hold_credential
from reqlint.display.shown import Masked, ellipsis


def kept_prefix(text: str, start: int, end: int) -> str:
    """Return what tells the kind of the credential that begins at *start* and is not secret: ``sk-``; often nothing."""
    found = match_credential(text, start, end)
    return text[start : found.secret] if found else ""


def masked_as(prefix: str, unicode: bool = True) -> Masked:
    """Return the text shown in place of a credential that begins with *prefix*."""
    return Masked(f"{prefix}{ellipsis(unicode)}(masked)")


def mask(text: str, unicode: bool = True) -> Masked:
    """Mask everything in *text* that looks like a credential."""
    if not may_hold_credential(text) or _is_hash(text):
        return Masked(text)
    pieces: list[str] = []
    at = 0
    for found in find_credentials(text):
        pieces += [text[at : found.start], masked_as(text[found.start : found.secret], unicode)]
        at = found.end
    return Masked("".join([*pieces, text[at:]])) if pieces else Masked(text)


def _is_hash(text: str) -> bool:
    """Whether a text is only digits as hashes have them, which no form and no name has alone."""
    return len(text) == _HASH and text.isalnum() and not text.strip("0123456789abcdef")


_HASH = 64  # digits of SHA-256


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


def mask_path(path: str) -> Masked:
    """
    Mask credentials in the path of a file; folders, known suffixes and whatever else is no credential stay as they are.

    Masking twice changes nothing more, so that a masked path still tells which file is meant.
    """
    steps = [_suffixes().fullmatch(step) for step in path.split("/")]
    return mask("/".join(mask(step[1]) + step[2] for step in steps if step))


@cache
def _suffixes() -> re.Pattern[str]:
    # Any other suffix may be a part of the credential.
    return re.compile(r"(.*?)((?:\.(?:json|jsonl|ndjson|yaml|yml|har|toml|txt|md|py))?(?:\.(?:gz|zst))?)", re.DOTALL)


def masked_json(value: object) -> Masked:
    """Write a JSON value with credentials masked, the members of objects sorted by their keys."""
    if value.__class__ is int:
        return Masked(repr(value))  # the encoder takes ten times as long
    masked = mask_values(value)
    return Masked(quoted(masked) if isinstance(masked, str) else _encoder().encode(masked))


def masked_strings(texts: tuple[str, ...], number: int, *, is_harmless: bool = False) -> Masked:
    """
    Write *texts* as `masked_json` writes a list of them; all are looked at at once, as nearly all hold none.

    The one with this *number* is a hash, and is written as it is. *is_harmless* says that there was such a look before,
    of which `is_harmless` is the result.
    """
    if is_harmless:
        joined = '", "'.join(texts)
        if joined.count('"') == 2 * len(texts) - 2:  # no sign has an escape but this one
            return Masked(f'["{joined}"]')
        return Masked(f"[{', '.join(map(quoted, texts))}]")
    looked_at = " ".join(texts[:number] + texts[number + 1 :])
    masked = [str(mask_values(text)) for text in texts] if may_hold_credential(looked_at) else texts
    return Masked(f"[{', '.join(map(quoted, masked))}]")


@cache
def _encoder() -> JSONEncoder:
    return JSONEncoder(sort_keys=True, default=str)


_LONGEST_KEPT = 5000  # characters
_mask_again = lru_cache(maxsize=256)(mask)
"""Several findings of a request hash the same text, and those of a file the same rules and places."""


def mask_values(value: object) -> object:
    """Return a copy of a JSON value with credentials masked, by their form or by their key; keys are masked, too."""
    if isinstance(value, str):
        return _mask_again(value) if len(value) <= _LONGEST_KEPT else mask(value)
    if isinstance(value, Mapping):
        return {
            mask(key) if isinstance(key, str) else key: masked_as("")
            if is_credential_key(str(key)) and item is not None and not isinstance(item, bool)
            else mask_values(item)
            for key, item in value.items()
        }
    return [mask_values(item) for item in value] if isinstance(value, list | tuple) else value
