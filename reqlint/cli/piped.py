"""Pipes and standard input as sources that can be read more than once."""

import stat
from pathlib import Path
from typing import BinaryIO, NoReturn

from reqlint.cli import streams
from reqlint.core.errors import ReqlintError
from reqlint.core.records import dataclass
from reqlint.text.compressed import is_compressed, suffix_of
from reqlint.text.sources import Source

_IN_MEMORY = 1 << 25  # bytes; longer input is kept in a file


@dataclass(frozen=True)
class _Unread(Source):
    """A source that could not be read when it was there to be read."""

    reason: str = ""

    def open(self) -> NoReturn:
        """Raise OSError."""
        raise OSError(self.reason)

    def read(self) -> NoReturn:
        """Raise OSError."""
        raise OSError(self.reason)


def standard_input(name: str, *, whole: bool = False) -> Source:
    """
    Read standard input to its end and return it as a source called *name*.

    Long input is kept in a temporary file, which only its owner may read and which is deleted at exit. The path of the
    source is then that of the temporary file. With *whole* it is kept in memory, and the source has no path. A source
    whose reading raises OSError is returned if standard input cannot be read, as when it is closed.
    """
    stream = streams.read_stdin()
    try:
        return Source(name, None, stream.read()) if whole else _read_to_end(stream, name, "standard input")
    except OSError as failed:
        return _Unread(name, None, b"", streams.why_unread(failed))


def named(name: str) -> Source:
    """Return the source of a file; a pipe is read to its end, like standard input."""
    path = Path(name)
    if not is_pipe(path):
        return Source(name, path)
    try:
        with path.open("rb") as pipe:
            return _read_to_end(pipe, name, name)
    except OSError:  # reported when it is read
        return Source(name, path)


def is_pipe(path: Path) -> bool:
    """Return whether *path* is a pipe, such as ``<(command)`` in a shell or ``/dev/stdin``."""
    try:
        mode = path.stat().st_mode
    except (OSError, ValueError):
        return False
    return stat.S_ISFIFO(mode)


def _read_to_end(stream: BinaryIO, name: str, what: str) -> Source:
    content = stream.read(_IN_MEMORY)
    if len(content) < _IN_MEMORY:
        return Source(name, None, content)
    import atexit
    import shutil
    import tempfile

    suffix = suffix_of(name)
    suffix = (
        suffix if suffix and is_compressed(content, suffix) else ""
    )  # the suffix decides whether it is decompressed
    try:
        with tempfile.NamedTemporaryFile(prefix=".reqlint-", suffix=suffix, delete=False) as copy:
            path = Path(copy.name)
            atexit.register(path.unlink, missing_ok=True)
            copy.write(content)
            del content
            shutil.copyfileobj(stream, copy)
    except OSError as failed:
        from reqlint.display.escaping import sanitize

        reason = (failed.strerror or str(failed)).lower()
        raise ReqlintError(sanitize(f"cannot copy {what} to a temporary file: {reason}")) from failed
    return Source(name, path)
