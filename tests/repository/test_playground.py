"""The playground's Python: what stands in for rpds is like it, and the engine finds what the command finds."""

import importlib.util
import json
import os
import subprocess
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Any

import pytest
import rpds as real
from hypothesis import given
from hypothesis import strategies as st

from tests.support.generated import ROOT

HERE = ROOT / "playground"


def shim() -> ModuleType:
    """Load ``playground/rpds.py`` under another name."""
    spec = importlib.util.spec_from_file_location("playground_rpds", HERE / "rpds.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


OURS = shim()
KEYS = st.sampled_from(["a", "b", "https://a.example/c", "", "#d"])


Step = Callable[[Any, Any], Any]

STEPS: dict[str, tuple[Step, ...]] = {
    "HashTrieMap": (
        lambda held, key: held.insert(key, 7),
        lambda held, key: held.remove(key),
        lambda held, key: held.discard(key),
        lambda held, key: held.update({key: 8}),
        lambda held, key: held.update(type(held)([(key, 9)]), more=1),
        lambda held, key: type(held).convert(held if key else {key: 3}),
        lambda held, key: held.insert("got", held[key]),
        lambda held, key: held.insert("got", held.get(key, "none")),
    ),
    "HashTrieSet": (
        lambda held, key: held.insert(key),
        lambda held, key: held.remove(key),
        lambda held, key: held.discard(key),
        lambda held, key: held.update([key, "z"], type(held)([key])),
        lambda held, key: held.insert(str(key in held)),
    ),
    "List": (
        lambda held, key: held.push_front(key),
        lambda held, key: held.drop_first() if key else held.rest,
        lambda held, key: type(held)([held.first, key]),
    ),
}
"""What can be done with a thing and a key, each giving a new thing."""


def done(step: Step, held: Any, key: object) -> Any:
    """Return what a step gives, or the kind of its exception."""
    try:
        return step(held, key)
    except (KeyError, IndexError) as failed:
        return type(failed)


def seen(held: Any) -> object:
    """Return what a thing holds, whatever its class."""
    if isinstance(held, type):
        return held
    members = list(held.items()) if hasattr(held, "items") else list(held)
    return members if hasattr(held, "push_front") else sorted(map(repr, members)), len(held)


@pytest.mark.parametrize("name", STEPS)
@given(st.lists(st.tuples(st.integers(0, 7), KEYS), max_size=8))
def test_what_stands_in_for_rpds_is_like_it(name: str, steps: list[tuple[int, Any]]) -> None:
    """After any steps both hold the same, or fail alike; what a step was taken from is as it was, and can be hashed."""
    ours, theirs = getattr(OURS, name)(), getattr(real, name)()
    for number, key in steps:
        step = STEPS[name][number % len(STEPS[name])]
        before = seen(ours)
        after, wanted = done(step, ours, key), done(step, theirs, key)
        assert seen(after) == seen(wanted)
        assert seen(ours) == before
        if not isinstance(after, type):
            ours, theirs = after, wanted
            assert hash(ours) == hash(type(ours)(ours))


JUDGE = """
import json, sys
from pathlib import Path
import rpds
assert rpds.__file__.startswith(sys.argv[1]), rpds.__file__
import engine
found = []
for name in sys.argv[2:]:
    answer = json.loads(engine.judge(Path(name).read_text("utf-8"), name, "auto"))
    found += [[name, each["rule"], each["severity"], *each["place"]] for each in answer["findings"]]
known = json.loads(engine.choices())
table = json.loads(engine.compat(Path("examples/tools/restaurant-server.json").read_text("utf-8"), ""))
half = json.loads(engine.judge('{"model": "gpt-4o", "messages": [], "n": 500, "tools": [', "", "openai"))["findings"]
assert {"out-of-range", "invalid-json"} <= {each["rule"] for each in half}, half
print(json.dumps([found, len(known["profiles"]), len(table["tools"]), len(table["profiles"])]))
"""


def test_the_engine_finds_what_the_command_finds() -> None:
    """With the reference engine and what stands in for rpds, findings and places are those of the command."""
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "examples" / "bad").iterdir())
    variables = {**os.environ, "PYTHONPATH": os.pathsep.join([str(HERE), str(ROOT)])}
    ran = subprocess.run(
        [sys.executable, "-c", JUDGE, str(HERE), *files],
        cwd=ROOT,
        env=variables,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    found, profiles, tools, columns = json.loads(ran.stdout)
    command = [
        sys.executable,
        "-m",
        "reqlint",
        "check",
        "--isolated",
        "--exit-zero",
        "--output-format",
        "sarif",
        *files,
    ]
    results = json.loads(subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout)["runs"][0][
        "results"
    ]
    wanted = []
    for each in results:
        place = each["locations"][0]["physicalLocation"]
        region = place["region"]
        where = [
            region[key] for key in ("startLine", "startColumn", "endLine", "endColumn")
        ]  # in UTF-16, as in the page
        wanted.append([place["artifactLocation"]["uri"], each["ruleId"], each["level"], *where])
    assert len(wanted) > 10
    assert sorted(found) == sorted(wanted)
    assert profiles > 20
    assert (tools > 1, columns > 20) == (True, True)


def test_every_package_of_the_playground_is_pinned_by_its_hash() -> None:
    """What npm and pip bring is named with its exact version and its hash."""
    locked = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    for name, entry in locked.items():
        if name:
            assert entry["integrity"].startswith("sha512-"), name
            assert "resolved" not in entry, name  # from the registry that npm is set to use, and from nowhere else
    asked = json.loads((HERE / "package.json").read_text("utf-8"))
    assert all(version[0].isdigit() for kind in ("dependencies", "devDependencies") for version in asked[kind].values())
    lines = [line for line in (HERE / "requirements.txt").read_text("utf-8").splitlines() if not line.startswith("#")]
    assert all("==" in line and " --hash=sha256:" in line for line in lines)
