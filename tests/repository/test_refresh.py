"""What packages say of models is read as data and compared with the facts; made-up packages stand for real ones."""

import json
import subprocess
import zipfile
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from refresh import archives
from refresh.archives import UnreadableSource, download, json_in, literal_in, read_member
from refresh.comparison import differences
from refresh.run import main, report
from refresh.sources import LANGCHAIN, PACKAGES, Claim, claims_in

LITELLM = "litellm/model_prices_and_context_window_backup.json"
MODELPARAMS = "modelparams/_generated/catalog.json"


def wheel(folder: Path, package: str, **members: str) -> None:
    """Write a wheel of a package, with members by name; a name has __ for a slash."""
    with zipfile.ZipFile(folder / f"{package.replace('-', '_')}-1.2.3-py3-none-any.whl", "w") as archive:
        for name, content in members.items():
            archive.writestr(name, content)


def packages(folder: Path, litellm: Any = (), modelparams: Any = (), **profiles: Any) -> Path:
    """Write a wheel of every package that is read; each table is empty unless it is given."""
    wheel(folder, "litellm", **{LITELLM: json.dumps(litellm or {})})
    wheel(folder, "modelparams", **{MODELPARAMS: json.dumps(modelparams or [])})
    for package in LANGCHAIN:
        module = package.replace("-", "_")
        text = f"from typing import Any\n\n_PROFILES: dict[str, dict[str, Any]] = {profiles.get(module, {})!r}\n"
        wheel(folder, package, **{f"{module}/data/_profiles.py": text})
    return folder


def test_every_table_is_read_under_the_names_of_the_profiles(tmp_path: Path) -> None:
    """Providers and regions go, a limit as large as the context is none, and other models are left out."""
    folder = packages(
        tmp_path,
        {
            "mistral/m-1": {
                "litellm_provider": "mistral", "mode": "chat", "max_output_tokens": 9, "max_input_tokens": 99,
            },
            "azure/eu/m-2": {
                "litellm_provider": "azure", "mode": "responses", "max_output_tokens": 99, "max_input_tokens": 99,
                "deprecation_date": "2027-01-01", "successor_model": "azure/eu/m-3",
            },
            "us.vendor.m-4": {"litellm_provider": "bedrock_converse", "mode": "chat", "max_output_tokens": 8},
            "mistral/embed": {"litellm_provider": "mistral", "mode": "embedding", "max_output_tokens": 7},
            "elsewhere/m-5": {"litellm_provider": "elsewhere", "mode": "chat", "max_output_tokens": 6},
        },
        [
            {"provider": "google", "authType": "api_key", "model": "g-1",
             "params": [{"path": "top_p"}, {"path": "generationConfig.maxOutputTokens", "range": {"max": 5}}]},
            {"provider": "google", "authType": "subscription", "model": "g-2", "params": []},
        ],
        langchain_groq={"q-1": {"max_output_tokens": 4, "status": "deprecated"}, "speech": {"text_outputs": False}},
    )  # fmt: skip
    assert list(claims_in(folder)) == [
        Claim("litellm 1.2.3", "mistral", "m-1", 9),
        Claim("litellm 1.2.3", "azure-openai", "m-2", None, "2027-01-01", "m-3"),
        Claim("litellm 1.2.3", "bedrock-converse", "vendor.m-4", 8),
        Claim("modelparams 1.2.3", "gemini", "g-1", 5),
        Claim("modelparams 1.2.3", "gemini-openai", "g-1", 5),
        Claim("langchain-groq 1.2.3", "groq", "q-1", 4, "deprecated"),
    ]


FACTS = {
    "output-limits": {"value": [{"models": ["a-*"], "most": 10}, {"models": ["b"], "most": 10, "status": "inferred"}]},
    "retired-models": {"value": [{"models": ["a-old"], "day": "2026-12-01"}, {"models": ["c-old"]}]},
}


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ([("x", "a-1", 10), ("y", "a-1", 10)], []),
        ([("x", "a-1", 11)], ["limit: listed with 10; 11 (x): a-1"]),
        ([("x", "a-1", 11), ("x", "a-2", 11)], ["limit: listed with 10; 11 (x): a-1, a-2"]),
        ([("x", "a-1", 10), ("y", "a-1", 9)],
         ["limit: listed with 10 and as certain; sources differ: 9 (y); 10 (x): a-1"]),
        ([("x", "b", 10), ("y", "b", 9)], []),
        ([("x", "d", 10), ("y", "d", 10)], ["limit: not listed; sources agree on 10 (x, y): d"]),
        ([("x", "d", 10)], []),
        ([("x", "d", 10), ("y", "d", 9)], []),
        ([("x", "a-old", 10, "2026-12-01")], []),
        ([("x", "a-old", 10, "2027-01-01")], ["retirement: listed with 2026-12-01; 2027-01-01 (x): a-old"]),
        ([("x", "a-old", 10, "deprecated")], []),
        ([("x", "c-old", None, "2027-01-01")], []),
        ([("x", "d", None, "2027-01-01", "e")], ["retirement: not listed; 2027-01-01, then e (x): d"]),
        ([("x", "d", None, "2027-01-02")], []),
        ([("x", "d", None, "deprecated")], ["retirement: not listed; deprecated (x): d"]),
    ],
)  # fmt: skip
def test_what_the_sources_say_otherwise_is_told(said: list[tuple[Any, ...]], expected: list[str]) -> None:
    """Models of which the same is said are one line; one source alone, and a day far off, are not told."""
    claims = [Claim(source, "p", *rest) for source, *rest in said]
    known = [Claim("z", "p", name) for name in ("b", "a-old", "c-old")]
    assert list(differences(FACTS, [*claims, *known], "2027-01-01")) == expected


def test_a_listed_name_that_no_source_has_is_told() -> None:
    """It may be misspelled, or long gone; a name with * stands for several, and is not looked for."""
    assert list(differences(FACTS, [], "2027-01-01")) == ["listed, and no source knows it: b, a-old, c-old"]


def test_the_command_prints_by_profile_and_edits_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Sources and versions come first; profiles without a difference are left out; the exit code says which it is."""
    table = {"xai/x-9": {"litellm_provider": "xai", "mode": "chat", "deprecation_date": "2020-01-01"}}
    folder = packages(tmp_path, table)
    before = sorted(path.name for path in folder.iterdir())
    assert main(["--from", str(folder), "xai"]) == 1
    printed = capsys.readouterr().out.splitlines()
    assert printed[:3] == ["read: litellm 1.2.3", "", "xai: 2 differences"]
    assert "  retirement: not listed; 2020-01-01 (litellm 1.2.3): x-9" in printed
    assert main(["--from", str(folder), "mistral"]) == 0
    assert sorted(path.name for path in folder.iterdir()) == before
    assert report([], date(2026, 11, 28)) == ["read: "]


def test_no_code_of_a_package_is_run(tmp_path: Path) -> None:
    """A module is parsed: what stands beside the literal does nothing, and a value that is no literal is refused."""
    touched = tmp_path / "touched"
    effect = f"__import__('pathlib').Path({str(touched)!r}).touch()"
    assert literal_in(f"{effect}\n_PROFILES = {{'a': 1}}\n", "_PROFILES") == {"a": 1}
    for text in (f"_PROFILES = {effect}", f"_PROFILES = {{'a': {effect}}}", f"def f():\n _PROFILES = {{}}\n{effect}"):
        with pytest.raises(UnreadableSource):
            literal_in(text, "_PROFILES")
    assert not touched.exists()


@pytest.mark.parametrize(
    "text", ["_PROFILES = (", "\0", "_PROFILES = " + "-" * 100_000 + "1", "_PROFILES = " + "[" * 5000]
)
def test_a_module_that_cannot_be_parsed_is_refused(text: str) -> None:
    """Nesting without end is no way in, either."""
    with pytest.raises(UnreadableSource):
        literal_in(text, "_PROFILES")


def test_text_that_is_no_json_is_refused() -> None:
    """Nor is JSON of a hundred thousand levels."""
    for text in ("{", "[" * 100_000):
        with pytest.raises(UnreadableSource):
            json_in(text)


def test_archives_have_limits_and_are_not_unpacked(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A member may not be larger than any real one, whatever the archive says, and a name leads nowhere."""
    wheel(tmp_path, "p", **{"big": "x" * 101, "fits": "x" * 100, "../outside": "x", "latin": "x"})
    path = tmp_path / "p-1.2.3-py3-none-any.whl"
    monkeypatch.setattr(archives, "MOST_BYTES", 100)
    assert read_member(path, "fits") == "x" * 100
    for name in ("big", "missing"):
        with pytest.raises(UnreadableSource, match=name):
            read_member(path, name)
    assert read_member(path, "../outside") == "x"
    assert [each.name for each in tmp_path.iterdir()] == [path.name]
    monkeypatch.setattr(archives, "MOST_MEMBERS", 3)
    with pytest.raises(UnreadableSource, match="more than 3 members"):
        read_member(path, "fits")
    path.write_bytes(b"no archive")
    with pytest.raises(UnreadableSource, match="cannot be read"):
        read_member(path, "fits")


@pytest.mark.parametrize(
    ("package", "name", "content"),
    [
        ("litellm", LITELLM, "[]"),
        ("litellm", LITELLM, '{"a": 1}'),
        ("modelparams", MODELPARAMS, "[{}]"),
        ("langchain-xai", "langchain_xai/data/_profiles.py", "_PROFILES = [1]"),
        ("langchain-xai", "langchain_xai/data/_profiles.py", "OTHER = {}"),
        ("langchain-xai", "langchain_xai/data/moved.py", ""),
    ],
)
def test_a_package_of_another_form_ends_the_run_with_a_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], package: str, name: str, content: str
) -> None:
    """Tables change their form; then nothing is compared, and the name of the package is told."""
    packages(tmp_path)
    wheel(tmp_path, package, **{name: content})
    assert main(["--from", str(tmp_path)]) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "1.2.3" in captured.err or "_PROFILES" in captured.err


def test_a_missing_package_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """An empty folder has no wheel of the first."""
    assert main(["--from", str(tmp_path)]) == 2
    assert PACKAGES[0] in capsys.readouterr().err


def test_only_wheels_are_downloaded_and_nothing_that_they_need(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a source distribution, pip would run code; what a package depends on is not wanted."""
    asked: list[list[str]] = []

    def run(command: list[str], **_: object) -> subprocess.CompletedProcess[str]:
        asked.append(command)
        return subprocess.CompletedProcess(command, len(asked) - 1, "", "a note\nno such package\n")

    monkeypatch.setattr(subprocess, "run", run)
    download(["a", "b"], tmp_path)
    assert {"--no-deps", "--only-binary=:all:"} < {*asked[0]}
    assert asked[0][-3:] == [str(tmp_path), "a", "b"]
    with pytest.raises(UnreadableSource, match="a, b: no such package"):
        download(["a", "b"], tmp_path)
