"""Light servers are installed and asked about mutations: one agrees with its profile, one votes as it did."""

import datetime
import subprocess
from pathlib import Path

import pytest

from benchmarks.oracles.asking import ask_all
from benchmarks.oracles.comparing import compare
from benchmarks.oracles.install import install
from benchmarks.oracles.servers import SERVERS
from benchmarks.oracles.serving import running
from benchmarks.oracles.verdicts import read
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


def test_the_gateway_smg_votes_as_it_did(tmp_path: Path) -> None:
    """On the first of the requests whose verdicts are kept: the pinned version starts, is asked, and says the same."""
    server, committed = SERVERS["smg"], read("smg")
    try:
        at = install(server, tmp_path)
    except (subprocess.SubprocessError, OSError) as failed:
        pytest.skip(f"the server cannot be installed here: {failed}")  # a machine without this platform's wheels
    with running(server, at, tmp_path / "server.log") as started:
        answers = ask_all(server, started, [mutation.request for mutation in committed.made[:COUNT]])
    assert [each.outcome for each in answers] == [each.outcome for each in committed.verdicts[:COUNT]]
