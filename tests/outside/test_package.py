"""What is published: exactly the expected files, the same bytes wherever they are built, and a working reqlint."""

import hashlib
import json
import os
import re
import subprocess
import tarfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from reqlint import __version__
from tests.support.packing import PROJECT, Environment, builder, built, copied

pytestmark = pytest.mark.outside

NAME = f"llm_reqlint-{__version__}"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """Return an environment that can build the project."""
    return builder(tmp_path_factory.mktemp("build") / "env")


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Copy the checkout, and add the stray files that a working day leaves in it."""
    folder = copied(tmp_path_factory.mktemp("day") / "checkout")
    for name in (
        ".env",
        "notes.txt",
        ".idea/workspace.xml",
        "requests/secret.json",
        ".venv/pyvenv.cfg",
        "dist/old.whl",
    ):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text("sk-local", "utf-8")
    for name in ("reqlint", "reqlint/cli", "tests"):
        (folder / name / "__pycache__").mkdir(exist_ok=True)
        (folder / name / "__pycache__" / "x.cpython-311.pyc").write_bytes(b"sk-local")
    return folder


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory, build: Environment, checkout: Path) -> Path:
    """Build the wheel."""
    return built(build, tmp_path_factory.mktemp("wheel"), checkout)


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory, build: Environment, checkout: Path) -> Path:
    """Build the source distribution."""
    return built(build, tmp_path_factory.mktemp("sdist"), checkout, "sdist")


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory, wheel: Path) -> Environment:
    """Install the wheel with its dependencies and nothing else."""
    environment = Environment(tmp_path_factory.mktemp("alone") / "env")
    environment.install(wheel)
    return environment


def files(root: Path, *folders: str) -> Iterator[str]:
    """Yield the files in *folders* that belong in a wheel, by their suffixes."""
    for folder in folders:
        for path in (root / folder).rglob("*"):
            if path.is_file() and path.suffix in (".py", ".yaml", ".json", ".jsonl", ".md", ".typed"):
                yield path.relative_to(root).as_posix()


def test_the_wheel_holds_what_it_should_and_nothing_else(wheel: Path, root: Path) -> None:
    """The wheel holds the package, rules, schemas, type marker, metadata and licence, and no other file."""
    named = {
        name if name.startswith("reqlint/") else f"reqlint/{name}"
        for name in files(root, "reqlint", "rules", "schemas")
    }
    about = ("METADATA", "WHEEL", "RECORD", "entry_points.txt", "licenses/LICENSE")
    assert sorted(zipfile.ZipFile(wheel).namelist()) == sorted(named | {f"{NAME}.dist-info/{name}" for name in about})
    assert {"reqlint/py.typed", "reqlint/knowledge/index/rules.jsonl", "reqlint/rules/shape/wrong-type.yaml"} <= named
    assert wheel.name == f"{NAME}-py3-none-any.whl"


def test_the_sdist_holds_no_stray_file(sdist: Path, root: Path) -> None:
    """The sdist holds sources, tests and pages, and no file that git does not know."""
    with tarfile.open(sdist) as packed:
        names = {name.removeprefix(f"{NAME}/") for name in packed.getnames()}
        assert all(each.isfile() or each.issym() for each in packed.getmembers())
    # git's own list of what to leave out is added by the builder, and so is PKG-INFO.
    known = {path.relative_to(root).as_posix() for path in root.rglob("*")} | {"PKG-INFO"}
    assert names <= known
    assert {
        "pyproject.toml",
        "LICENSE",
        "tests/outside/test_package.py",
        "rules/shape/wrong-type.yaml",
        "README.md",
    } <= names
    assert not [
        name for name in names if re.search(r"__pycache__|\.pyc|\.env|notes|secrets/|\.idea|\.venv|dist/|\.ci", name)
    ]


def test_no_file_knows_where_it_was_built(wheel: Path, sdist: Path, checkout: Path) -> None:
    """Neither wheel nor sdist contains a path of this machine or the content of a stray file."""
    homes = [str(checkout), f"{Path.home()}/", "sk-local"] if Path.home() != Path("/") else [str(checkout), "sk-local"]
    with zipfile.ZipFile(wheel) as packed:
        contents = {name: packed.read(name) for name in packed.namelist()}
    with tarfile.open(sdist) as unpacked:
        for member in unpacked.getmembers():
            assert (member.uid, member.gid, member.uname, member.gname) == (0, 0, "", "")
            if member.isfile() and not member.name.startswith(f"{NAME}/tests/"):
                contents[member.name] = unpacked.extractfile(member).read()  # type: ignore[union-attr]  # it is a file
    for name, content in contents.items():
        for home in homes:
            assert home.encode() not in content, (name, home)


def test_the_entry_points_are_the_promised_ones(wheel: Path) -> None:
    """The wheel installs one command and one pytest plugin."""
    told = zipfile.ZipFile(wheel).read(f"{NAME}.dist-info/entry_points.txt").decode().split("\n\n")
    assert [part.strip().splitlines() for part in told] == [
        ["[console_scripts]", "reqlint = reqlint.__main__:main"],
        ["[pytest11]", "reqlint = reqlint.integrations.pytest_plugin"],
    ]
    metadata = zipfile.ZipFile(wheel).read(f"{NAME}.dist-info/METADATA").decode()
    asked = [line for line in metadata.splitlines() if line.startswith("Requires-Dist:") and "extra ==" not in line]
    assert len(asked) == len(PROJECT["project"]["dependencies"])
    assert not [line for line in asked if "@" in line]  # none is fetched from an address of its own


def test_a_build_is_the_same_anywhere(tmp_path: Path, build: Environment, wheel: Path, sdist: Path) -> None:
    """
    Another folder, day, umask, file order, time zone or language changes no byte of the wheel and the sdist.

    A wheel built from the unpacked sdist is the same too, and ``SOURCE_DATE_EPOCH`` changes only dates.
    """

    def digest(path: Path) -> str:
        return hashlib.sha256(path.read_bytes()).hexdigest()

    other = tmp_path / "another place"
    first = copied(tmp_path / "first")
    for path in sorted(first.rglob("*"), reverse=True):  # written in the opposite order, other bits, other times
        if path.is_dir():
            continue
        target = other / path.relative_to(first)
        target.parent.mkdir(parents=True, exist_ok=True)
        if path.is_symlink():
            target.symlink_to(path.readlink())
            continue
        target.write_bytes(path.read_bytes())
        target.chmod(0o600)
        os.utime(target, (1_000_000_000, 1_000_000_000))
    around = {
        "TZ": "Pacific/Kiritimati",
        "LC_ALL": "C",
        "LANG": "tr_TR.UTF-8",
        "PYTHONHASHSEED": "7",
        "HOME": str(tmp_path),
    }
    old = os.umask(0o077)
    try:
        again = {kind: built(build, tmp_path / kind, other, kind, **around) for kind in ("wheel", "sdist")}
        dated = built(build, tmp_path / "dated", other, SOURCE_DATE_EPOCH="1580601600")
        redated = built(build, tmp_path / "redated", other, SOURCE_DATE_EPOCH="1700000000")
    finally:
        os.umask(old)
    assert (digest(again["wheel"]), digest(again["sdist"])) == (digest(wheel), digest(sdist))
    assert digest(dated) == digest(wheel)
    with zipfile.ZipFile(redated) as one, zipfile.ZipFile(wheel) as two:
        assert {each.filename: each.CRC for each in one.infolist()} == {
            each.filename: each.CRC for each in two.infolist()
        }
    with tarfile.open(sdist) as packed:
        packed.extractall(tmp_path / "unpacked", filter="data")
    assert digest(built(build, tmp_path / "of sdist", tmp_path / "unpacked" / NAME)) == digest(wheel)


def test_the_installed_wheel_runs(alone: Environment, tmp_path: Path) -> None:
    """Installed with only its dependencies, every command works from any folder."""

    def reqlint(*arguments: str, code: int = 0) -> str:
        command = [str(alone.scripts / "reqlint"), *arguments]
        run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
        assert run.returncode == code, run.stdout + run.stderr
        assert "Traceback" not in run.stderr
        return run.stdout

    (tmp_path / "a.json").write_text('{"model": "qwen-3.5", "messages": []}', "utf-8")
    assert "empty-messages" in reqlint("check", "--fail-on", "warning", "a.json", code=1)
    assert "What each API does" in reqlint("explain", "unknown-role")
    assert "empty-messages" in reqlint("rules")
    assert "Content policy violation" in reqlint("profiles", "gptproto-qwen")
    assert json.loads(reqlint("schema", "gptproto-qwen"))["required"] == ["model", "messages"]
    assert reqlint("--version").startswith("reqlint 0.")


PLANTED = "raise SystemExit('planted')\n"
TAKEN = (
    "click", "json", "rich", "yaml", "jsonschema", "jsonschema_rs", "referencing", "orjson", "msgspec", "attr", "rpds",
    "sitecustomize", "usercustomize", "encodings", "codecs", "os", "re", "typing", "pathlib", "tomllib", "gzip",
    "reqlint", "multiprocessing", "concurrent", "backports", "conftest", "setup",
)  # fmt: skip


def test_the_command_imports_nothing_from_where_it_runs(alone: Environment, tmp_path: Path) -> None:
    """
    In a folder whose modules have the names of reqlint's imports, the command and its workers import none of them.

    ``python -P -m reqlint`` imports none either; without ``-P``, Python itself puts the folder first.
    """
    for name in TAKEN:
        (tmp_path / f"{name}.py").write_text(PLANTED, "utf-8")
        (tmp_path / name).mkdir()
        (tmp_path / name / "__init__.py").write_text(PLANTED, "utf-8")
    (tmp_path / "pyproject.toml").write_text('[tool.reqlint]\nprofile = "openai"\n', "utf-8")
    for number in range(260):  # enough files for workers
        (tmp_path / f"{number}.json").write_text('{"model": "gpt-4o", "messages": 1}', "utf-8")
    around = {key: value for key, value in os.environ.items() if key != "PYTHONPATH"}
    for command in ([alone.scripts / "reqlint"], [alone.python, "-P", "-m", "reqlint"]):
        for arguments in (["check", "--jobs", "2", "."], ["explain", "wrong-type"], ["check", "--fix", "1.json"]):
            run = subprocess.run(
                [*command, *arguments], cwd=tmp_path, env=around, capture_output=True, encoding="utf-8", check=False
            )
            assert "planted" not in run.stdout + run.stderr
            assert run.returncode == (arguments[0] == "check"), run.stderr
    open_to_it = [alone.python, "-m", "reqlint", "--version"]
    run = subprocess.run(open_to_it, cwd=tmp_path, env=around, capture_output=True, encoding="utf-8", check=False)
    assert "planted" in run.stderr
