"""What reqlint depends on: bounds above known advisories, optional wheels that may be missing, known licences."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import yaml
from packaging.requirements import Requirement
from packaging.version import Version

from tests.support.dependencies import EXCEPTIONS, FOR, PAGE, PERMISSIVE, canonical, installed, listed, page, parts
from tests.support.packing import CORE, PROJECT, ROOT, bounds

KNOWN = {  # advisories known on the day of writing: the first release without them
    "click": "8.3.3",  # CVE-2026-7246, of click.edit
    "orjson": "3.11.6",  # CVE-2025-67221 and CVE-2024-27454, of dumps and loads
    "pyyaml": "5.4",  # CVE-2020-14343, of full_load
}


def test_the_core_tests_need_no_other_library() -> None:
    """They cover rules, laws, text, fixes and reports, and import only what reqlint itself needs, and pytest."""
    named = ("knowledge/test_rules", "laws/test_laws", "text/test_json", "text/test_yaml", "fixes/test_fixes")
    assert {f"tests/{name}.py" for name in (*named, "reporters/test_reporters")} <= set(CORE)
    ours = {canonical(Requirement(each).name) for each in PROJECT["project"]["dependencies"]} | {"pytest", "hypothesis"}
    for name in CORE:
        used = set(re.findall(r"^(?:from|import) (\w+)", (ROOT / name).read_text("utf-8"), re.MULTILINE))
        third = used - set(sys.stdlib_module_names) - {"reqlint", "tests", "fuzz", "yaml", "jsonschema_rs"}
        assert third <= ours, name


def test_bounds_are_above_what_is_known() -> None:
    """Every dependency has only a lower bound, and it is a release without the advisories that are known."""
    for name, first in KNOWN.items():
        assert Version(bounds()[name]) >= Version(first), name


BARE = (
    "import sys\nfor name in ('jsonschema_rs', 'msgspec', 'orjson', 'backports.zstd'):\n    sys.modules[name] = None\n"
)


def test_without_the_optional_wheels_verdicts_are_the_same(tmp_path: Path) -> None:
    """Without jsonschema-rs, msgspec, orjson and backports.zstd findings are the same; .zst files are unreadable."""
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
    """Each installed distribution is on the page with its purpose, and has a permissive licence or an exception."""
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
    """The page is what ``python tests/regenerate.py`` writes; it names no versions, which would go stale."""
    assert PAGE.read_text("utf-8") == page(listed()), "stale: run python tests/regenerate.py"


def test_the_action_and_the_hooks_run_nothing_of_others() -> None:
    """
    The action uses no other action, so there is none to pin, and installs from its own checkout.

    Each hook is a fixed command; pre-commit passes the file names without a shell.
    """
    action = yaml.safe_load((ROOT / "action.yml").read_text("utf-8"))
    steps = action["runs"]["steps"]
    assert [set(step) & {"uses", "run"} for step in steps] == [{"run"}] * len(steps)
    for step in steps:
        assert "${{" not in step["run"]
        assert not re.search(r"\b(curl|wget|eval|npx?|sudo)\b|https?:", step["run"])
    for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8")):
        assert hook["language"] == "python"
        assert re.fullmatch(r"reqlint (check|compat)( --[a-z-]+)+", hook["entry"])
        assert "additional_dependencies" not in hook
