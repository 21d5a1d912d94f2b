"""What can be read but once as a source that can be read more often, without holding much of it."""

import stat
import sys
from pathlib import Path
from typing import BinaryIO

import click

from reqlint.text.compressed import is_compressed, suffix_of
from reqlint.text.documents import Source

_HELD = 1 << 25  # bytes; what is longer goes to a file


def standard_input(name: str) -> Source:
    """
    Read standard input to its end and give it as *name*.

    What is long is kept in a temporary file that only its owner may read and that goes away at exit, so that the source
    then has a path, which is not where it came from.
    """
    return _kept(sys.stdin.buffer, name, "standard input")


def named(name: str) -> Source:
    """Give what *name* leads to: a file as it is; of a pipe, what came through it, as of standard input."""
    path = Path(name)
    if not is_pipe(path):
        return Source(name, path)
    try:
        with path.open("rb") as pipe:
            return _kept(pipe, name, name)
    except OSError:  # said by whoever reads it
        return Source(name, path)


def is_pipe(path: Path) -> bool:
    """Tell whether *path* leads to a pipe, as ``<(command)`` in a shell and ``/dev/stdin`` do."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode)


def _kept(stream: BinaryIO, name: str, what: str) -> Source:
    held = stream.read(_HELD)
    if len(held) < _HELD:
        return Source(name, None, held)
    import atexit
    import shutil
    import tempfile

    suffix = suffix_of(name)
    suffix = suffix if suffix and is_compressed(held, suffix) else ""  # by the name it is known whether to unpack it
    try:
        with tempfile.NamedTemporaryFile(prefix=".reqlint-", suffix=suffix, delete=False) as copy:
            path = Path(copy.name)
            atexit.register(path.unlink, missing_ok=True)
            copy.write(held)
            del held
            shutil.copyfileobj(stream, copy)
    except OSError as failed:
        reason = (failed.strerror or str(failed)).lower()
        raise click.ClickException(f"{what} takes a temporary file: {reason}") from failed
    return Source(name, path)
