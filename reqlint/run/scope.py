"""What it means when a source holds no request, and when to pass over one that cannot be read."""

from enum import Enum

from reqlint.core.findings import Report
from reqlint.dialects.registry import SIGNS
from reqlint.text.sources import Source


class Scope(Enum):
    """How a source came to be looked at, which decides what happens when it holds no request."""

    NAMED = "named"  #: named by the user: whatever it holds is judged
    FOUND = "found"  #: found in a folder: skipped with a reason, unless it cannot be read and has a sign of a request
    LIKELY = "likely"  #: passed by a tool that passes every file, as pre-commit does: also skipped by its name


_BLOCK = 1 << 20  # bytes
_OVERLAP = 16  # bytes; longer than any sign


def has_request_sign(source: Source) -> bool:
    """
    Return whether the bytes of an unreadable source contain a key that requests have.

    Raises:
        OSError: the source cannot be read.
    """
    end = b""
    with source.open() as stream:
        while block := stream.read(_BLOCK):
            if any(sign in end + block for sign in SIGNS):
                return True
            end = block[-_OVERLAP:]
    return False


def skipped_without_sign(source: Source) -> Report:
    """Return the report of a source that was skipped: it cannot be read, and has no sign of a request."""
    return Report(skipped=((source.name, "not readable, and no sign of a request"),))


def skipped_by_name(source: Source) -> Report | None:
    """Return the report of a source whose name says that it holds code or prose; None for other names."""
    from reqlint.text.pasted.kinds_of_files import kind_by_name  # names of data do not come here

    kind = kind_by_name(source.name)
    return Report(skipped=((source.name, f"is {kind}"),)) if kind else None
