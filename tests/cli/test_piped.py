"""Standard input can be read again, and a long one is not kept in memory."""

import gzip
import os
import subprocess
import sys
from io import BytesIO, TextIOWrapper
from pathlib import Path

import pytest

from reqlint.cli import piped
from reqlint.core.errors import ReqlintError

TEXT = b'{"messages": []}\n' * 2_000
ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("limit", [1 << 10, 1 << 25])
@pytest.mark.parametrize("name", ["<stdin>", "a.jsonl", "a.jsonl.gz"])
@pytest.mark.parametrize("packed", [True, False])
def test_standard_input_is_read_as_often_as_needed(
    monkeypatch: pytest.MonkeyPatch, limit: int, name: str, packed: bool
) -> None:
    """Long or short, its text is the same each time; it is decompressed if both its bytes and its name say so."""
    given = gzip.compress(TEXT * 200, 1) if packed else TEXT
    monkeypatch.setattr(piped, "_IN_MEMORY", limit)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(given)))
    source = piped.standard_input(name)
    expected = TEXT * 200 if packed and name.endswith(".gz") else given
    assert source.name == name
    assert source.read() == source.read() == expected
    assert (source.path is None) == (limit > len(given))


def test_the_copy_is_private_and_goes_away(tmp_path: Path) -> None:
    """Only its owner may read the copy, which is deleted at the end of the run."""
    code = (
        "import sys; from reqlint.cli.piped import standard_input\n"
        "path = standard_input('a').path; print(oct(path.stat().st_mode & 0o777)); sys.exit(3)"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(tmp_path)}
    command = [sys.executable, "-c", code]
    ran = subprocess.run(command, input=b"x" * (1 << 25), env=environment, capture_output=True, check=False)
    assert (ran.stdout.strip(), ran.returncode) == (b"0o600", 3), ran.stderr
    assert list(tmp_path.iterdir()) == []


def test_a_failed_copy_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    """If there is no space for the copy, the run ends with one sentence."""

    def full(**_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(piped, "_IN_MEMORY", 10)
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(TEXT)))
    monkeypatch.setattr("tempfile.NamedTemporaryFile", full)
    sentence = "cannot copy standard input to a temporary file: no space left on device"
    with pytest.raises(ReqlintError, match=sentence):
        piped.standard_input("<stdin>")
