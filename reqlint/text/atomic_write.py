"""Replace a file by a new one: completely, or not at all."""

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

from reqlint.core.errors import InputChanged, NotWritten
from reqlint.core.paths import real, rooted

PREFIX, SUFFIX = ".reqlint-", ".tmp"
"""Parts of the name of the temporary file beside the target; such names are ignored in folders."""


class Stamp(NamedTuple):
    """Identifies a version of a file: a rename, other bytes or another mode change one of these fields."""

    device: int
    number: int
    size: int
    modified: int
    changed: int


def stamp_of(path: Path) -> Stamp | None:
    """Return the stamp of the file at *path*, links followed; None when there is no file."""
    with suppress(OSError):
        status = path.stat()
        return Stamp(status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns, status.st_ctime_ns)
    return None


def is_same_file(one: Path, other: Path) -> bool:
    """Return whether two paths lead to the same file, even before it exists."""
    if real(one) == real(other):
        return True
    with suppress(OSError):  # a file that does not exist is not the same
        return one.samefile(other)
    return False


class Replacement:
    """
    A new file that takes the place of *path* when it is committed, and leaves no trace when it is not.

    To be used in a ``with`` block. It is written beside *path*, readable only by its owner, synced to the disk, and
    renamed: *path* is at any moment the old file or the new one. If *path* is a link, the file it leads to is
    replaced. The new file takes over mode and extended attributes, and owner and group where the system permits;
    group rights are not passed on to another group. A file that did not exist gets the mode of *like*, because
    payloads that few may read must not become readable by all. Anything that is not a file, such as a pipe, and the
    standard output and error of this process are written into instead.

    Args:
        path: the file to replace.
        like: the file whose mode a new file gets.
        expecting: the stamp of *path* when it was read; if somebody else wrote it since, it is not replaced.
        new: *path* must not exist, not even as a link to nowhere, and must not come into being in the meantime.

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
        self._target = rooted(path) if new else Path(real(path))  # a link to nowhere exists, too
        self._is_done = False

    def __enter__(self) -> "Replacement":
        try:
            with _explaining(self.path):
                self._status = _status(self.path)
                self._is_stream = self._status is not None and _is_stream(self.path, self._status)
                if self._status and not self._is_stream:
                    self._refuse(self._status)
                self._mode = stat.S_IMODE(self._like.stat().st_mode) & 0o777 if self._like else 0o666 & ~_umask()
                folder = Path(tempfile.gettempdir()) if self._is_stream else self._target.parent
                self.temporary = folder / f"{PREFIX}{secrets.token_hex(8)}{SUFFIX}"
                self.file = open(self.temporary, "x+b", opener=_open_private)
            return self
        except BaseException:
            self._discard()
            raise

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._discard()

    def _refuse(self, status: os.stat_result) -> None:
        if stat.S_ISDIR(status.st_mode):
            raise NotWritten(f"cannot write {self.path}: it is a folder")
        if self._new:
            raise NotWritten(f"cannot write {self.path}: it exists already")
        if status.st_nlink > 1:
            # NOTE: replacing would separate the names; writing in place would risk half a file under all of them.
            raise NotWritten(
                f"cannot write {self.path}: the file has {status.st_nlink} names (hard links), and the others would "
                "keep the old text; make a copy of it first"
            )
        if not os.access(self._target, os.W_OK):
            raise NotWritten(f"cannot write {self.path}: {_why_not_writable(self._target)}")

    def finish(self) -> None:
        """Do everything that can fail for lack of space, so that `commit` only has to rename."""
        if self.file.closed:
            return
        with _explaining(self.path):
            self.file.flush()
            if self._status and not self._is_stream:
                self._take_over(self._status)
            else:
                self.temporary.chmod(self._mode)
            os.fsync(self.file.fileno())
            self.file.close()

    def _take_over(self, status: os.stat_result) -> None:
        shutil.copystat(self._target, self.temporary)
        os.utime(self.temporary)
        for owner, group in ((-1, status.st_gid), (status.st_uid, -1)):
            with suppress(OSError):  # only root can change owners
                os.chown(self.temporary, owner, group)
        new, mode = self.temporary.stat(), stat.S_IMODE(status.st_mode)
        if new.st_gid != status.st_gid:
            mode &= ~(stat.S_ISGID | stat.S_IRWXG)
        if new.st_uid != status.st_uid:
            mode &= ~stat.S_ISUID
        self.temporary.chmod(mode)  # once more, as a change of the owner clears bits

    def commit(self) -> None:
        """Finish the file, and replace *path* by it."""
        self.finish()
        with _explaining(self.path):
            if self._is_stream:
                self._write_stream()
                return
            if self._expecting and stamp_of(self._target) != self._expecting:
                raise InputChanged(f"cannot write {self.path}: it was changed after it was read; it is left unchanged")
            if self._new:
                os.link(self.temporary, self._target)  # which fails if the target exists
                self.temporary.unlink()
            else:
                self.temporary.replace(self._target)
            self._is_done = True
            _sync_folder(self._target.parent)

    def _write_stream(self) -> None:
        named = str(self.path) != os.devnull  # which may be the device behind a stream, but has no text to go after
        number = next((n for n in (1, 2) if named and self._status and _is_standard(self._status, n)), None)
        # NOTE: a standard stream is duplicated, to write after its text; opened again, it would be truncated.
        into = os.fdopen(os.dup(number), "wb") if number else self.path.open("wb")
        with into, self.temporary.open("rb") as text:
            shutil.copyfileobj(text, into)

    def _discard(self) -> None:
        with suppress(OSError, AttributeError):  # buffered text that does not fit is not needed
            self.file.close()
        if not self._is_done:
            with suppress(OSError, AttributeError):  # it was not created yet
                self.temporary.unlink(missing_ok=True)


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    """Turn an error of the system about *path* into `NotWritten`, with a sentence."""
    try:
        yield
    except BrokenPipeError:
        raise  # the reader went away, which is no mistake
    except FileExistsError:
        raise NotWritten(f"cannot write {path}: it exists already") from None
    except OSError as failed:
        raise NotWritten(f"cannot write {path}: {(failed.strerror or str(failed)).lower()}") from failed


def _why_not_writable(path: Path) -> str:
    if sys.platform != "win32" and os.statvfs(path).f_flag & os.ST_RDONLY:
        return "read-only file system"
    return "permission denied"


def _status(path: Path) -> os.stat_result | None:
    try:
        return path.stat()
    except FileNotFoundError:
        return None


def _is_stream(path: Path, status: os.stat_result) -> bool:
    if not stat.S_ISREG(status.st_mode):
        return not stat.S_ISDIR(status.st_mode)
    is_handle = str(rooted(path)).startswith(("/dev/", "/proc/"))  # /dev/stdout, which may lead to a file
    return is_handle and (_is_standard(status, 1) or _is_standard(status, 2))


def _is_standard(status: os.stat_result, number: int) -> bool:
    with suppress(OSError):  # it is closed
        return os.path.samestat(status, os.fstat(number))
    return False


def _open_private(path: str, flags: int) -> int:
    return os.open(path, flags, 0o600)


def _sync_folder(folder: Path) -> None:
    """Write the new name to the disk as well, where the system can."""
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
