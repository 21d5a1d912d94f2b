"""
The functions that reports call for every finding, with a cache.

In a large report the same message, pointer or file name comes again and again.
"""

from functools import lru_cache
from typing import cast

from reqlint.display import credential_names, credential_search, credentials, escaping
from reqlint.display.shown import Masked, Shown

_LONGEST = 500  # characters of a text that is kept
_sanitize = lru_cache(maxsize=4096)(escaping.sanitize)
_mask = lru_cache(maxsize=4096)(credentials.mask)
_mask_pointer = lru_cache(maxsize=4096)(credentials.mask_pointer)
_mask_path = lru_cache(maxsize=4096)(credentials.mask_path)
_escape = lru_cache(maxsize=4096)(escaping.escape)


def sanitize(text: str, unicode: bool = True) -> Shown:
    """Return what `reqlint.display.escaping.sanitize` returns."""
    return _sanitize(text, unicode) if len(text) <= _LONGEST else escaping.sanitize(text, unicode)


def mask(text: str) -> Masked:
    """Return what `reqlint.display.credentials.mask` returns."""
    return _mask(text) if len(text) <= _LONGEST else credentials.mask(text)


def mask_pointer(pointer: str, unicode: bool = True) -> Masked:
    """Return what `reqlint.display.credentials.mask_pointer` returns."""
    return _mask_pointer(pointer, unicode) if len(pointer) <= _LONGEST else credentials.mask_pointer(pointer, unicode)


def mask_path(path: str) -> Masked:
    """Return what `reqlint.display.credentials.mask_path` returns."""
    return _mask_path(path) if len(path) <= _LONGEST else credentials.mask_path(path)


def escape(text: Masked, unicode: bool = True) -> Shown:
    """Return what `reqlint.display.escaping.escape` returns."""
    return _escape(text, unicode) if len(text) <= _LONGEST else escaping.escape(text, unicode)


def mask_together(message: str, pointer: str, path: str) -> tuple[Masked, Masked, Masked]:
    """Return three texts of one finding masked, each by the function of its kind; nearly always one look is enough."""
    if "~" in pointer or credential_search.may_hold_credential(f"{message} {pointer} {path}"):
        return mask(message), mask_pointer(pointer), mask(path)
    return Masked(message), Masked(pointer), Masked(path)


def show_together(message: str, pointer: str, unicode: bool = True) -> tuple[Shown, Shown]:
    """Return what `sanitize` returns for a message, and `show_pointer` for a pointer; mostly one look is enough."""
    if len(message) <= _LONGEST and len(pointer) <= _LONGEST:
        return _show_together(message, pointer, unicode)
    return show_once(message, pointer, unicode)


def show_once(message: str, pointer: str, unicode: bool = True) -> tuple[Shown, Shown]:
    """Return what `show_together` returns, without a cache, for a caller that keeps what it makes of it."""
    if "~" not in pointer and escaping.is_harmless(f"{message} {pointer}"):
        return cast("Shown", message), cast("Shown", pointer)
    return escaping.sanitize(message, unicode), escaping.escape(credentials.mask_pointer(pointer, unicode), unicode)


_show_together = lru_cache(maxsize=4096)(show_once)


def show_path(path: str, unicode: bool = True) -> Shown:
    """Return the path of a file with credentials masked and invisible characters escaped."""
    return _show_path(path, unicode) if len(path) <= _LONGEST else escape(mask_path(path), unicode)


@lru_cache(maxsize=1024)
def _show_path(path: str, unicode: bool) -> Shown:
    return escape(mask_path(path), unicode)


def show_pointer(pointer: str, unicode: bool = True) -> Shown:
    """Return a JSON Pointer with credentials masked and invisible characters escaped."""
    return escape(mask_pointer(pointer, unicode), unicode)


def is_secret(pointer: str) -> bool:
    """Whether the value at a JSON Pointer is masked because of a key above it."""
    return _is_secret(pointer) if len(pointer) <= _LONGEST else _has_credential_key(pointer)


def _has_credential_key(pointer: str) -> bool:
    return credential_names.is_under_credential_key(pointer.split("/")[1:])


_is_secret = lru_cache(maxsize=4096)(_has_credential_key)
