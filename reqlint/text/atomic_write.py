"""A file put in the place of another: the whole of it at once, or nothing."""

import os
import secrets
import shutil
import stat
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import NamedTuple

from reqlint.core.errors import NotWritten

PREFIX, SUFFIX = ".reqlint-", ".tmp"
"""What the file in the making is called while it stands beside the other; no name that is looked at in a folder."""


class Stamp(NamedTuple):
    """By what a file is known to be as it was: another name, other bytes or another mode change one of these."""

    device: int
    number: int
    size: int
    modified: int
    changed: int


def stamp_of(path: Path) -> Stamp | None:
    """Give the stamp of the file that *path* leads to; None when there is none."""
    with suppress(OSError):
        told = path.stat()
        return Stamp(told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns, told.st_ctime_ns)
    return None


def is_same_file(one: Path, other: Path) -> bool:
    """Tell whether two paths lead to one file, also when it is not there yet."""
    if os.path.realpath(one) == os.path.realpath(other):
        return True
    with suppress(OSError):  # one that is not there yet is no other
        return one.samefile(other)
    return False


class Replacement:
    """
    A new file in the making: it takes the place of *path* when it is committed, and leaves no trace when it is not.

    It lives in a ``with`` block. It is written beside *path*, readable by its owner alone, reaches the disk, and is
    renamed: whoever looks at *path* at any moment meets the old file or the new one. A link stays one, and what it
    leads to is replaced. The new file takes over mode, extended attributes, and owner and group as far as the system
    lets it; group rights are not handed to another group. A file that is new has the mode of *like*, because payloads
    that few may read should not become readable by all. What is no file, such as a pipe, and what this process has as
    its standard output or error, is written into.

    Args:
        path: the place to take.
        like: what a file that is new takes its mode from.
        expecting: what *path* was when it was read; when it is no longer, somebody else wrote it, and it stays.
        new: *path* must not be there, not even as a link to nowhere, nor since a moment ago.

    Raises:
        NotWritten: on entering, finishing and committing; then *path* is as it was.
    """

    def __init__(
        self, path: Path, *, like: Path | None = None, expecting: Stamp | None = None, new: bool = False
    ) -> None:
        self.path = path
        self._like = like
        self._expecting = expecting
        self._new = new
        self._target = path.absolute() if new else Path(os.path.realpath(path))  # a link to nowhere is there, too
        self._is_done = False

    def __enter__(self) -> "Replacement":
        try:
            with _told(self.path):
                self._known = _known(self.path)
                self._into = self._known is not None and _is_stream(self.path, self._known)
                if self._known and not self._into:
                    self._refuse(self._known)
                self._mode = stat.S_IMODE(self._like.stat().st_mode) & 0o777 if self._like else 0o666 & ~_umask()
                folder = Path(tempfile.gettempdir()) if self._into else self._target.parent
                self.temporary = folder / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"
                self.file = open(self.temporary, "x+b", opener=_for_owner)
            return self
        except BaseException:
            self._discard()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()

    def _refuse(self, known: os.stat_result) -> None:
        if stat.S_ISDIR(known.st_mode):
            raise NotWritten(f"cannot write {self.path}: it is a folder")
        if self._new:
            raise NotWritten(f"cannot write {self.path}: it is there already")
        if known.st_nlink > 1:
            # NOTE: replacing would part the names; writing in place would risk half a file under all of them.
            raise NotWritten(
                f"cannot write {self.path}: the file has {known.st_nlink} names (hard links), and the others would "
                "keep the old text; make a copy of it first"
            )
        if not os.access(self._target, os.W_OK):
            raise NotWritten(f"cannot write {self.path}: {_why_not(self._target)}")

    def finish(self) -> None:
        """Do everything that can fail for want of space, so that `commit` only renames."""
        if self.file.closed:
            return
        with _told(self.path):
            self.file.flush()
            if self._known and not self._into:
                self._take_over(self._known)
            else:
                self.temporary.chmod(self._mode)
            os.fsync(self.file.fileno())
            self.file.close()

    def _take_over(self, known: os.stat_result) -> None:
        shutil.copystat(self._target, self.temporary)
        os.utime(self.temporary)
        for owner, group in ((-1, known.st_gid), (known.st_uid, -1)):
            with suppress(OSError):  # only root gives files away
                os.chown(self.temporary, owner, group)
        made, mode = self.temporary.stat(), stat.S_IMODE(known.st_mode)
        if made.st_gid != known.st_gid:
            mode &= ~(stat.S_ISGID | stat.S_IRWXG)
        if made.st_uid != known.st_uid:
            mode &= ~stat.S_ISUID
        self.temporary.chmod(mode)  # once more, as a change of the owner takes bits away

    def commit(self) -> None:
        """Take the place, after `finish`."""
        self.finish()
        with _told(self.path):
            if self._into:
                self._pour()
                return
            if self._expecting and stamp_of(self._target) != self._expecting:
                raise NotWritten(
                    f"cannot write {self.path}: somebody else changed it since it was read; it is left as it is now"
                )
            if self._new:
                os.link(self.temporary, self._target)  # which never takes the place of another
                self.temporary.unlink()
            else:
                self.temporary.replace(self._target)
            self._is_done = True
            _settle(self._target.parent)

    def _pour(self) -> None:
        number = next((number for number in (1, 2) if self._known and _is_standard(self._known, number)), None)
        # What this process prints to goes on where that stands; opened once more, it would be cut off.
        into = os.fdopen(os.dup(number), "wb") if number else self.path.open("wb")
        with into, self.temporary.open("rb") as text:
            shutil.copyfileobj(text, into)

    def _discard(self) -> None:
        with suppress(OSError, AttributeError):  # what is left in a buffer may not fit, and goes away anyhow
            self.file.close()
        if not self._is_done:
            with suppress(OSError, AttributeError):  # what was not made yet
                self.temporary.unlink(missing_ok=True)


@contextmanager
def _told(path: Path) -> Iterator[None]:
    """Say in a sentence what the system has against writing *path*."""
    try:
        yield
    except BrokenPipeError:
        raise  # its reader went away, which is nobody's mistake
    except FileExistsError:
        raise NotWritten(f"cannot write {path}: it is there already") from None
    except OSError as failed:
        raise NotWritten(f"cannot write {path}: {(failed.strerror or str(failed)).lower()}") from failed


def _why_not(path: Path) -> str:
    if sys.platform != "win32" and os.statvfs(path).f_flag & os.ST_RDONLY:
        return "read-only file system"
    return "permission denied"


def _known(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_stream(path: Path, known: os.stat_result) -> bool:
    if not stat.S_ISREG(known.st_mode):
        return not stat.S_ISDIR(known.st_mode)
    is_handle = str(path.absolute()).startswith(("/dev/", "/proc/"))  # /dev/stdout, which may lead to a file
    return is_handle and (_is_standard(known, 1) or _is_standard(known, 2))


def _is_standard(known: os.stat_result, number: int) -> bool:
    with suppress(OSError):  # a closed one is nothing
        return os.path.samestat(known, os.fstat(number))
    return False


def _for_owner(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _settle(folder: Path) -> None:
    """Let the disk know of the new name as well, where it can be told."""
    with suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _umask() -> int:
    mask = os.umask(0o077)
    os.umask(mask)
    return mask
