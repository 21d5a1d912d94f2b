"""What of a finding may be shown, as `reqlint.display.escaping` says; remembered, as in a large report most is said again."""

from functools import lru_cache

from reqlint.display import credentials, escaping

_LONGEST = 500  # characters of what is remembered
_said = lru_cache(maxsize=4096)(escaping.sanitize)
_mask = lru_cache(maxsize=4096)(credentials.mask)
_mask_pointer = lru_cache(maxsize=4096)(credentials.mask_pointer)
_visible = lru_cache(maxsize=4096)(escaping.escape)


def said(text: str, unicode: bool = True) -> str:
    """Give what `reqlint.display.escaping.sanitize` gives."""
    return _said(text, unicode) if len(text) <= _LONGEST else escaping.sanitize(text, unicode)


def mask(text: str) -> str:
    """Give what `reqlint.display.escaping.mask` gives."""
    return _mask(text) if len(text) <= _LONGEST else credentials.mask(text)


def placed(pointer: str, unicode: bool = True) -> str:
    """Give a JSON Pointer as it may be shown."""
    return visible(mask_pointer(pointer, unicode), unicode)


def mask_pointer(pointer: str, unicode: bool = True) -> str:
    """Give what `reqlint.display.credentials.mask_pointer` gives."""
    return _mask_pointer(pointer, unicode) if len(pointer) <= _LONGEST else credentials.mask_pointer(pointer, unicode)


def visible(text: str, unicode: bool = True) -> str:
    """Give what `reqlint.display.escaping.escape` gives."""
    return _visible(text, unicode) if len(text) <= _LONGEST else escaping.escape(text, unicode)


def is_secret(pointer: str) -> bool:
    """Whether what is at *pointer* is hidden because of a key above it."""
    return credentials.is_under_credential_key(pointer.split("/")[1:])
