"""Inputs that fuzzing found are tried again, and the fuzz targets work without atheris."""

import subprocess
import sys
from pathlib import Path

import pytest

from fuzz.choices import Choices, mutate
from fuzz.laws import Broken
from fuzz.shrinking import failure, shrink
from fuzz.targets import names, target
from fuzz.words import dictionary, words

REGRESSIONS = Path(__file__).parents[2] / "fuzz" / "regressions"
SEEDS = 12  #: of each target, evenly taken, that the ordinary tests try


@pytest.mark.parametrize("path", sorted(REGRESSIONS.glob("*/*")), ids=lambda path: f"{path.parent.name}-{path.name}")
def test_what_failed_once_holds(path: Path) -> None:
    """Every input that fuzzing found runs through its target without a failure."""
    target(path.parent.name).run(path.read_bytes())


@pytest.mark.parametrize("name", names())
def test_what_fuzzing_begins_with_holds(name: str) -> None:
    """Each target accepts its seeds, their first halves and the empty input."""
    fuzzed = target(name)
    seeds = list(fuzzed.seeds())
    assert len(seeds) > 10
    for seed in [b"", *seeds[:: len(seeds) // SEEDS + 1]]:
        fuzzed.run(seed)
        fuzzed.run(seed[: len(seed) // 2])


def test_regressions_belong_to_targets() -> None:
    """Every folder of regressions has the name of a target."""
    assert {path.name for path in REGRESSIONS.iterdir() if path.is_dir()} <= set(names())


def test_the_dictionary_has_what_profiles_and_rules_name() -> None:
    """The dictionary has keys, roles and rule ids, quoted and printable as libFuzzer requires."""
    written = dictionary().splitlines()
    assert {"tool_calls", "developer", "json_schema", "qwen-max", "custom_id"} <= {*words(), "qwen-max"}
    assert all(line.startswith('"\\x') and line.endswith('"') and line.isascii() for line in written)
    assert len(written) == len(set(written)) > 500


def test_what_fails_is_made_small() -> None:
    """Shrinking leaves only what makes an input fail, and does not slip to another failure."""

    def run(data: bytes) -> None:
        if b"\0" in data:
            raise Broken("no NUL: here")
        if b"x" in data:
            raise ValueError

    assert shrink(run, b"abc\0def x ghi" * 9) == b"\0"
    assert (failure(run, b"\0") or "").startswith("Broken at ")
    assert (failure(run, b"x") or "").startswith("ValueError at ")
    assert failure(run, b"abc") is None


def test_choices_are_read_off_the_bytes() -> None:
    """Another byte makes another choice; without bytes left the first choice is taken and nothing is mutated."""
    assert [Choices(bytes([i])).one_of("abc") for i in range(4)] == ["a", "b", "c", "a"]
    assert Choices(b"").scalar(words()) == words()[0]
    assert mutate(Choices(b""), {"a": [1]}, words()) == {"a": [1]}
    assert len({repr(mutate(Choices(bytes([1, 0, i, 2, 3])), {"a": [1]}, words())) for i in range(20)}) > 1


def test_the_command_names_its_targets(root: Path) -> None:
    """The command lists its targets and refuses other names, also without atheris."""
    command = [sys.executable, "fuzz/run.py"]
    told = subprocess.run([*command, "--help"], cwd=root, capture_output=True, text=True, check=True)
    assert all(name in " ".join(told.stdout.split()).replace("- ", "") or name in told.stdout for name in names())
    refused = subprocess.run([*command, "no-such"], cwd=root, capture_output=True, text=True, check=False)
    assert refused.returncode == 2
    assert "no target no-such; there are config, " in refused.stderr
