"""What reqlint depends on: both ends of every bound work, what is optional may be missing, licences are known."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from tests.support.dependencies import EXCEPTIONS, FOR, PAGE, PERMISSIVE, canonical, installed, listed, page, parts
from tests.support.packing import PROJECT, ROOT, Environment, builder, built, copied, python_of

CORE = sorted(
    path.relative_to(ROOT).as_posix()
    for path in (ROOT / "tests").rglob("test_*.py")
    if "\npytestmark = pytest.mark.core" in path.read_text("utf-8")
)
"""Test files that need nothing but pytest, hypothesis and what reqlint itself depends on."""

ENDS = [("3.11", "lowest"), ("3.12", "newest"), ("3.13", "newest")]
KNOWN = {  # advisories known on the day of writing: the first release without them
    "click": "8.3.3",  # CVE-2026-7246, of click.edit
    "orjson": "3.11.6",  # CVE-2025-67221 and CVE-2024-27454, of dumps and loads
    "pyyaml": "5.4",  # CVE-2020-14343, of full_load
}


def bounds() -> dict[str, str]:
    """Give the lower bound of each dependency."""
    found = {}
    for text in PROJECT["project"]["dependencies"]:
        requirement = Requirement(text)
        [bound] = requirement.specifier
        assert bound.operator == ">=", text
        found[requirement.name] = bound.version
    return found


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[int, str]]:
    """Run the core tests on the built wheel at both ends, side by side; gives exit code and output by version."""
    folder = tmp_path_factory.mktemp("ends")
    build = builder(folder / "build")
    wheel = built(build, folder / "wheel")
    tests = copied(folder / "tests", "reqlint", ".ci", "benchmarks")  # so that the package is the installed one
    lowest = [f"{name}=={bound}" for name, bound in bounds().items()]
    running = {}
    for version, end in ENDS:
        python = python_of(version)
        if python is None:
            continue
        environment = Environment(folder / version, python)
        environment.install(wheel, "pytest", "hypothesis", *(lowest if end == "lowest" else []))
        running[version] = subprocess.Popen(
            [
                environment.python,
                "-m",
                "pytest",
                "-q",
                "-m",
                "core",
                "-p",
                "no:cacheprovider",
                *CORE,
            ],
            cwd=tests,
            env={**os.environ, "REQLINT_TEST_MUTATIONS": "300", "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
        )
    return {version: (run.communicate()[0], run.returncode)[::-1] for version, run in running.items()}


@pytest.mark.parametrize(("version", "end"), ENDS, ids=[f"{end} on {version}" for version, end in ENDS])
def test_both_ends_of_every_bound_work(ended: dict[str, tuple[int, str]], version: str, end: str) -> None:
    """With every dependency at its lower bound, and with the newest of each, the built wheel passes the core tests."""
    if version not in ended:
        pytest.skip(f"no Python {version} was found on this machine")
    code, out = ended[version]
    assert code == 0, f"{end}\n{out[-6000:]}"
    assert int(re.findall(r"(\d+) passed", out)[-1]) > 500 if " passed" in out else out.count(".") > 500


def test_the_core_is_one() -> None:
    """It covers rules, laws, text, fixes and reports, and none of its files needs another library than those."""
    named = ("knowledge/test_rules", "laws/test_laws", "text/test_json", "text/test_yaml", "fixes/test_fixes")
    assert {f"tests/{name}.py" for name in (*named, "reporters/test_reporters")} <= set(CORE)
    ours = {canonical(Requirement(each).name) for each in PROJECT["project"]["dependencies"]} | {"pytest", "hypothesis"}
    for name in CORE:
        used = set(re.findall(r"^(?:from|import) (\w+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        third = used - set(sys.stdlib_module_names) - {"reqlint", "tests", "fuzz", "yaml", "jsonschema_rs"}
        assert third <= ours, name


def test_bounds_are_above_what_is_known() -> None:
    """Every dependency has a lower bound and no other, and it lies above the advisories that are known."""
    for name, first in KNOWN.items():
        assert Version(bounds()[name]) >= Version(first), name


BARE = (
    "import sys\nfor name in ('jsonschema_rs', 'msgspec', 'orjson', 'backports.zstd'):\n    sys.modules[name] = None\n"
)


def test_without_the_optional_wheels_verdicts_are_the_same(tmp_path: Path) -> None:
    """Without jsonschema-rs, msgspec, orjson and backports.zstd every finding is the same; .zst is one sentence."""
    (tmp_path / "bare").mkdir()
    (tmp_path / "bare" / "sitecustomize.py").write_text(BARE, "utf-8")
    (tmp_path / "long.jsonl").write_bytes((ROOT / "examples/good/support-tickets.jsonl").read_bytes() * 500)
    (tmp_path / "packed.jsonl.zst").write_bytes(bytes.fromhex("28b52ffd0458910000") + b"{}" + bytes(4))

    def reqlint(*arguments: str, bare: bool) -> subprocess.CompletedProcess[str]:
        path = os.pathsep.join([str(tmp_path / "bare")] * bare + [str(ROOT)])
        return subprocess.run(
            [sys.executable, "-m", "reqlint", "check", "--isolated", "--output-format", "json", *arguments],
            cwd=ROOT, env={**os.environ, "PYTHONPATH": path}, capture_output=True, encoding="utf-8", check=False,
        )  # fmt: skip

    for jobs in ("1", "2"):
        told = [
            reqlint("--jobs", jobs, "-p", "auto", "examples", str(tmp_path / "long.jsonl"), bare=bare)
            for bare in (True, False)
        ]
        assert told[0].stdout == told[1].stdout
        assert [each.returncode for each in told] == [1, 1], told[0].stderr
    packed = reqlint(str(tmp_path / "packed.jsonl.zst"), bare=True)
    assert packed.returncode == 1
    [finding] = json.loads(packed.stdout)["findings"]
    assert finding["rule"] == "unreadable-input"
    if sys.version_info < (3, 14):
        assert "backports.zstd" in finding["message"]


def test_every_licence_is_known_and_permissive() -> None:
    """Each distribution that comes along is on the page, with a use, and has a permissive licence or a reason."""
    brought = installed()
    assert {"click", "jsonschema", "attrs", "rpds-py"} <= set(brought)
    for name, licence in brought.items():
        assert name in listed(), (
            f"{name} is new: say what it is for in tests/support/dependencies.py, and run tests/regenerate.py"
        )
        assert name in EXCEPTIONS or set(parts(licence)) <= PERMISSIVE, (name, licence)
    assert listed().keys() == FOR.keys()
    assert all(name in EXCEPTIONS or set(parts(licence)) <= PERMISSIVE for name, licence in listed().items())


def test_the_page_of_licences_is_what_is_written() -> None:
    """Names, licences and uses are as ``python tests/regenerate.py`` writes them; it holds no versions to go stale."""
    assert PAGE.read_text("utf-8") == page(listed()), "stale: run python tests/regenerate.py"


def test_the_action_and_the_hooks_run_nothing_of_others() -> None:
    """
    The action uses no other action, so that there is none to pin, and installs what its own checkout holds.

    The hooks are a fixed command each, whose arguments pre-commit hands over without a shell.
    """
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    steps = action["runs"]["steps"]
    assert [set(step) & {"uses", "run"} for step in steps] == [{"run"}] * len(steps)
    for step in steps:
        assert "${{" not in step["run"]
        assert not re.search(r"\b(curl|wget|eval|npx?|sudo)\b|https?:", step["run"])
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")):
        assert hook["language"] == "python"
        assert re.fullmatch(r"reqlint check( --[a-z-]+)+", hook["entry"])
        assert "additional_dependencies" not in hook
