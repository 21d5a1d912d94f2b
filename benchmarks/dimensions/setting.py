"""A command with the files it finds, run in this process."""

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import chdir
from dataclasses import dataclass, field
from pathlib import Path

from click.testing import CliRunner

from reqlint.cli.group import cli


class Failed(Exception):
    """A command did not end as it should, so its time means nothing."""


@dataclass(slots=True)
class Setting:
    """
    A folder of files, and the command that runs there.

    *first* is a command that has to run before, such as the one that writes the baseline.
    """

    files: Mapping[str, str | bytes]
    arguments: Sequence[str]
    first: Sequence[str] = ()
    folder: tempfile.TemporaryDirectory[str] = field(init=False)

    def __post_init__(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="reqlint-benchmark-scale-")
        root = Path(self.folder.name)
        (root / ".git").mkdir()
        for name, content in self.files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode() if isinstance(content, str) else content)
        if self.first:
            _call(self.first, root)


def run(setting: Setting) -> int:
    """Run the command of *setting* once, return how many lines it printed, and delete its folder."""
    with setting.folder as folder:
        return len(_call(setting.arguments, Path(folder)).splitlines())


def _call(arguments: Sequence[str], folder: Path) -> str:
    with chdir(folder):
        ran = CliRunner().invoke(cli, [*arguments])
    if ran.exit_code not in (0, 1):
        printed = re.sub(re.escape(os.fspath(folder)), ".", ran.output)
        raise Failed(f"reqlint {' '.join(arguments)} ended with {ran.exit_code}: {printed[-500:]} {ran.exception!r}")
    return ran.output
