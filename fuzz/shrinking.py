"""The smallest input found that fails in the same way: what is kept of a crash."""

import time
import traceback
from collections.abc import Callable


def failure(run: Callable[[bytes], None], data: bytes) -> str | None:
    """Say how *data* fails: the exception, the line that raised it and the law that broke; None when it does not."""
    try:
        run(data)
    except Exception as raised:  # any of them is a finding
        last = traceback.extract_tb(raised.__traceback__)[-1]
        ours = [frame for frame in traceback.extract_tb(raised.__traceback__) if "/reqlint/" in frame.filename]
        where = ours[-1] if ours else last
        law = str(raised).partition(":")[0] if type(raised).__name__ == "Broken" else ""
        name = where.filename.rpartition("/")[2]
        return f"{type(raised).__name__} at {name} {where.name}: {law or where.line}"
    return None


def shrunk(run: Callable[[bytes], None], data: bytes, seconds: float = 20) -> bytes:
    """Take away from *data*, halves first and bytes last, while it fails as it did; for so many *seconds* at most."""
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
