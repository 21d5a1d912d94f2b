"""A light server is installed and asked about mutations that nobody has seen: its profile agrees with it."""

import datetime
import subprocess
from pathlib import Path

import pytest

from benchmarks.oracles.asking import ask_all
from benchmarks.oracles.comparing import compare
from benchmarks.oracles.install import install
from benchmarks.oracles.servers import SERVERS
from benchmarks.oracles.serving import running
from reqlint.run.probing.mutations import mutations

pytestmark = pytest.mark.outside

COUNT = 400


def test_the_profile_of_llama_cpp_agrees_with_its_server(tmp_path: Path) -> None:
    """On a seed of the day, at which nobody has looked; two in a hundred may be of a kind that is not known yet."""
    server = SERVERS["llama.cpp"]
    try:
        at = install(server, tmp_path)
    except (subprocess.SubprocessError, OSError) as failed:
        pytest.skip(f"the server cannot be installed here: {failed}")  # a machine without this platform's wheels
    made = mutations(datetime.datetime.now(tz=datetime.UTC).date().toordinal(), COUNT)
    with running(server, at, tmp_path / "server.log") as started:
        answers = ask_all(server, started, [mutation.request for mutation in made])
    comparison = compare(server.name, made, answers)
    assert comparison.compared > COUNT * 0.9
    assert comparison.agreement >= 0.98, [each.kind for each in comparison.disagreements]
