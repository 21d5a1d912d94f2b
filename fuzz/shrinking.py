"""Describe how an input fails, and shrink it to a small one that fails in the same way."""

import time
import traceback
from collections.abc import Callable


def failure(run: Callable[[bytes], None], data: bytes) -> str | None:
    """Return the exception that *data* raises, its function and its line or law, or None if it raises nothing."""
    try:
        run(data)
    except Exception as raised:  # every exception is a failure
        last = traceback.extract_tb(raised.__traceback__)[-1]
        ours = [frame for frame in traceback.extract_tb(raised.__traceback__) if "/reqlint/" in frame.filename]
        where = ours[-1] if ours else last
        law = str(raised).partition(":")[0] if type(raised).__name__ == "Broken" else ""
        name = where.filename.rpartition("/")[2]
        return f"{type(raised).__name__} at {name} {where.name}: {law or where.line}"
    return None


def shrink(run: Callable[[bytes], None], data: bytes, seconds: float = 20) -> bytes:
    """Remove pieces of *data*, from halves down to bytes, while it fails in the same way; take at most *seconds*."""
    wanted = failure(run, data)
    end = time.monotonic() + seconds
    size = len(data) // 2
    while size and wanted is not None:
        at, took = 0, False
        while at < len(data) and time.monotonic() < end:
            less = data[:at] + data[at + size :]
            if failure(run, less) == wanted:
                data, took = less, True
            else:
                at += size
        if not (took and size == 1):
            size //= 2
    return data
