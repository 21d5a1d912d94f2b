"""Names of sources as other programs expect them: relative to the repository's root, with slashes."""

from collections.abc import Callable
from functools import cache
from pathlib import Path, PurePath

from reqlint.display.cached import mask_path
from reqlint.display.shown import Masked


def is_file(source: str | None) -> bool:
    """Whether a source is a file, and not standard input or a value."""
    return source is not None and not source.startswith("<")


def as_given(source: str | None) -> Masked:
    """Return the name the user gave, with slashes and without ``./``; ``stdin`` or ``request`` for what is no file."""
    if source is None or source.startswith("<"):
        return mask_path((source or "request").strip("<>"))
    return mask_path(PurePath(source).as_posix())


def relative_to(root: Path | None) -> Callable[[str | None], Masked]:
    """
    Return a function that names sources relative to *root*, by default the working directory; links are followed.

    It returns the absolute path of a file elsewhere, and names what is not a file as `as_given` does.
    """
    top = (root or Path.cwd()).resolve()

    @cache
    def name(source: str | None) -> Masked:
        if source is None or not is_file(source):
            return as_given(source)
        file = Path(source).resolve()
        return mask_path((file.relative_to(top) if file.is_relative_to(top) else file).as_posix())

    return name
