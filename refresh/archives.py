"""Members of downloaded wheels, read as data: nothing is unpacked, imported or run, and everything has a size limit."""

import ast
import json
import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

MOST_MEMBERS = 50_000  # of an archive; litellm has some 5,000
MOST_BYTES = 64 * 1024 * 1024  # of the one member that is read, unpacked; the largest has 4 MB
SECONDS = 600  # that the download may take


class UnreadableSource(Exception):
    """A package that could not be downloaded, or does not hold the data that it held when this was written."""


def download(packages: Sequence[str], folder: Path) -> None:
    """
    Download the newest wheels of *packages* into *folder*, without what they depend on.

    Only wheels: pip runs code of a source distribution even to download it.

    Raises:
        UnreadableSource: pip did not find or load one of them.
    """
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
    command += ["--only-binary=:all:", "--dest", str(folder), *packages]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=SECONDS)
    except subprocess.TimeoutExpired:
        raise UnreadableSource(f"pip took more than {SECONDS} seconds") from None
    if done.returncode != 0:
        lines = [line for line in done.stderr.splitlines() if line.strip()]
        raise UnreadableSource(f"pip could not download {', '.join(packages)}: {lines[-1] if lines else 'no reason'}")


def wheel_of(package: str, folder: Path) -> tuple[Path, str]:
    """
    Return the wheel of a package in *folder*, and its version.

    Raises:
        UnreadableSource: there is none, or there are several.
    """
    found = sorted(folder.glob(f"{package.replace('-', '_')}-*.whl"))
    if len(found) != 1:
        raise UnreadableSource(f"{len(found)} wheels of {package} are in {folder}, and one is wanted")
    return found[0], found[0].name.split("-")[1]


def read_member(wheel: Path, name: str) -> str:
    """
    Return the text of one member of a wheel.

    Raises:
        UnreadableSource: the wheel is broken or oversized, or has no such member.
    """
    try:
        with zipfile.ZipFile(wheel) as archive:
            if len(archive.infolist()) > MOST_MEMBERS:
                raise UnreadableSource(f"{wheel.name} has more than {MOST_MEMBERS} members")
            with archive.open(name) as member:
                # What the archive says of the size may be wrong, so that is not asked.
                content = member.read(MOST_BYTES + 1)
    except KeyError:
        raise UnreadableSource(f"{wheel.name} has no {name}") from None
    except (OSError, zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError) as error:
        raise UnreadableSource(f"{wheel.name} cannot be read: {error}") from None
    if len(content) > MOST_BYTES:
        raise UnreadableSource(f"{name} in {wheel.name} has more than {MOST_BYTES} bytes")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError:
        raise UnreadableSource(f"{name} in {wheel.name} is not UTF-8") from None


def json_in(text: str) -> Any:
    """
    Return the value of a JSON text.

    Raises:
        UnreadableSource: it is none.
    """
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(f"not JSON: {error}") from None


def literal_in(text: str, name: str) -> Any:
    """
    Return the value that a Python module gives a name at its top level, if that is a literal; no line of it is run.

    Raises:
        UnreadableSource: there is no such assignment, or its value is more than a literal.
    """
    try:
        for statement in ast.parse(text).body:
            if isinstance(statement, ast.AnnAssign):
                targets: list[ast.expr] = [statement.target]
            elif isinstance(statement, ast.Assign):
                targets = statement.targets
            else:
                continue
            if statement.value and any(isinstance(each, ast.Name) and each.id == name for each in targets):
                return ast.literal_eval(statement.value)
    except (SyntaxError, ValueError, TypeError, RecursionError, MemoryError) as error:
        raise UnreadableSource(f"{name} is no literal: {error}") from None
    raise UnreadableSource(f"nothing is assigned to {name}")
