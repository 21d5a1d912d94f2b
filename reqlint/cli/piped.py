"""Standard input as a source that can be read more than once, without holding much of it."""

import sys

import click

from reqlint.compressed import is_compressed, suffix_of
from reqlint.documents import Source

_HELD = 1 << 25  # bytes; what is longer goes to a file


def standard_input(name: str) -> Source:
    """
    Read standard input to its end and give it as *name*.

    What is long is kept in a temporary file that only its owner may read and that goes away at exit, so that the source
    then has a path, which is not where it came from.
    """
    held = sys.stdin.buffer.read(_HELD)
    if len(held) < _HELD:
        return Source(name, None, held)
    import atexit
    import shutil
    import tempfile
    from pathlib import Path

    suffix = suffix_of(name)
    suffix = suffix if suffix and is_compressed(held, suffix) else ""  # by the name it is known whether to unpack it
    try:
        with tempfile.NamedTemporaryFile(prefix=".reqlint-", suffix=suffix, delete=False) as copy:
            path = Path(copy.name)
            atexit.register(path.unlink, missing_ok=True)
            copy.write(held)
            del held
            shutil.copyfileobj(sys.stdin.buffer, copy)
    except OSError as failed:
        reason = (failed.strerror or str(failed)).lower()
        raise click.ClickException(f"standard input takes a temporary file: {reason}") from failed
    return Source(name, path)
