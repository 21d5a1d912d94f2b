"""`reqlint init` writes settings that can be used, and never overwrites anything."""

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result
from jsonschema import Draft202012Validator

from reqlint.cli.group import cli
from reqlint.cli.init import settings
from reqlint.knowledge.catalog import shipped
from reqlint.project.config import load_config


@pytest.fixture(autouse=True)
def _inside(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def init(*arguments: str) -> Result:
    """Run `reqlint init` in the scratch folder."""
    return CliRunner().invoke(cli, ["init", *arguments])


def everything(text: str) -> str:
    """Return the settings with all examples uncommented."""
    return re.sub(r"^# (?=[a-z-]+ = |\[|\]|  )", "", text, flags=re.MULTILINE)


def configuration(root: Path) -> Draft202012Validator:
    """Return a validator of configurations."""
    return Draft202012Validator(json.loads((root / "schemas" / "meta" / "config.json").read_text("utf-8")))


def plain(value: Any) -> Any:
    """Return values of TOML as values of JSON."""
    return json.loads(json.dumps(value, default=str))


@pytest.mark.parametrize("profile", [*shipped().profile_names, "auto"])
def test_what_is_written_is_accepted(root: Path, profile: str) -> None:
    """The file as written only sets the profile; with all examples uncommented it is a valid configuration too."""
    assert init("--profile", profile).exit_code == 0
    text = Path("reqlint.toml").read_text("utf-8")
    assert tomllib.loads(text) == {"profile": profile}
    assert load_config(Path("reqlint.toml").absolute()).settings("a.json")["profile"].value == profile
    Path("taken").mkdir()
    Path("taken/reqlint.toml").write_text(everything(text))
    assert load_config(Path("taken/reqlint.toml").absolute()).expects  # it raises for what it does not take
    taken = plain(tomllib.loads(everything(text)))
    assert list(configuration(root).iter_errors(taken)) == []
    assert set(taken) >= {
        "profile",
        "select",
        "ignore",
        "severity",
        "exclude",
        "fail-on",
        "baseline",
        "per-file",
        "expect",
    }
    names = [*taken["select"], taken["ignore"][0], *taken["ignore"][1]["rules"], *taken["severity"]]
    assert {*names, *taken["expect"][0]["rules"]} <= {*shipped().rules, *shipped().subjects}
    assert taken["per-file"][0]["profile"] in shipped().profile_names


def test_a_pyproject_is_added_to(root: Path) -> None:
    """A pyproject.toml keeps every byte, and the same settings follow as [tool.reqlint]."""
    for old in (b"", b"[project]\nname = 'x'\n", b"[tool.other]\r\nx = 1\r\n", b"[tool.other]\nx = 1"):
        path = Path("pyproject.toml")
        path.write_bytes(old)
        assert init("--pyproject", "-p", "openai").exit_code == 0
        new = path.read_bytes()
        assert new.startswith(old)
        assert tomllib.loads(new.decode())["tool"]["reqlint"] == {"profile": "openai"}
        assert (b"\r\n" in new) == (b"\r\n" in old)
        taken = tomllib.loads(everything(new.decode().replace("\r\n", "\n")))["tool"]["reqlint"]
        assert taken == tomllib.loads(everything(settings("openai")))
        assert list(configuration(root).iter_errors(plain(taken))) == []
        again = init("--pyproject")
        assert again.exit_code != 0
        assert path.read_bytes() == new


@pytest.mark.parametrize(
    ("there", "arguments", "says"),
    [
        ({"reqlint.toml": ""}, [], "reqlint.toml already exists"),
        ({"reqlint.toml": ""}, ["--pyproject"], "reqlint.toml already exists"),
        ({"pyproject.toml": "[tool.reqlint]\n"}, [], "pyproject.toml has [tool.reqlint] already"),
        ({"pyproject.toml": "tool.reqlint.profile = 'openai'\n"}, ["--pyproject"], "has [tool.reqlint] already"),
        ({"pyproject.toml": "tool = {}\n"}, ["--pyproject"], "no [tool.reqlint] table can be added"),
        ({"pyproject.toml": "= 1\n"}, ["--pyproject"], "pyproject.toml is not TOML"),
        ({"pyproject.toml": "= 1\n"}, [], "pyproject.toml is not TOML"),
        ({}, ["--pyproject"], "there is no pyproject.toml here"),
    ],
)
def test_what_is_there_stays(there: dict[str, str], arguments: list[str], says: str) -> None:
    """Nothing is overwritten; one sentence names the file that exists."""
    for name, text in there.items():
        Path(name).write_text(text)
    ended = init(*arguments)
    assert ended.exit_code != 0
    assert says in ended.stderr
    assert {path.name: path.read_text() for path in Path().iterdir()} == there


def test_a_link_to_nowhere_is_not_followed() -> None:
    """A dangling link called reqlint.toml counts as existing and is not written through."""
    Path("reqlint.toml").symlink_to("elsewhere")
    assert "already exists" in init().stderr
    assert not Path("elsewhere").exists()


def test_an_unknown_profile_writes_nothing() -> None:
    """A misspelled profile is an error before a file is written."""
    assert init("-p", "opnai").exit_code != 0
    assert list(Path().iterdir()) == []


def test_the_hook_is_what_pre_commit_reads(root: Path) -> None:
    """Standard output is a complete .pre-commit-config.yaml with the same hook as reqlint's own manifest."""
    from pre_commit.clientlib import load_config

    Path(".pre-commit-config.yaml").write_text(init().stdout)
    hook = load_config(".pre-commit-config.yaml")["repos"][0]["hooks"][0]
    hooks = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))
    own = next(each for each in hooks if each["id"] == hook["id"])
    for key in ("id", "name", "entry", "files", "types", "require_serial"):
        assert hook[key] == own[key]
    Path("reqlint.toml").unlink()
    assert init("-q").output == "wrote reqlint.toml\n"
