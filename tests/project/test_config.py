"""Configuration: where it is found, what it says, and how mistakes in it are reported."""

import json
import os
import re
import shutil
import subprocess
import sys
import tomllib
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from reqlint import Linter, Severity
from reqlint.core.globs import fixed_prefix, matches_file
from reqlint.core.pointer_patterns import find_places, matches_pointer
from reqlint.project import gitignore
from reqlint.project.settings import FIELDS, Settings
from reqlint.project.toml_places import find_entries
from tests.conftest import ROOT
from tests.support.scratch import REQUEST, Scratch

SCHEMA: dict[str, Any] = json.loads((ROOT / "schemas/meta/config.json").read_text("utf-8"))
TYPO = {**REQUEST, "temprature": 1}
QWEN_ONLY = {**REQUEST, "enable_search": True}


# -------------------------------------------------------------------------------------------------------- where it is


def test_the_nearest_configuration_goes_for_a_file(scratch: Scratch) -> None:
    """The configuration nearest to a file applies, up to the top of the repository; they are not merged."""
    scratch.write("pyproject.toml", '[tool.reqlint]\nignore = ["unknown-field"]\n')
    scratch.write("inner/reqlint.toml", 'profile = "openai"\n')
    scratch.write("inner/deep/pyproject.toml", '[project]\nname = "not-about-reqlint"\n')
    for name in ("a.json", "inner/b.json", "inner/deep/c.json"):
        scratch.write(name, TYPO)
    found = scratch.findings(".")
    assert found == [("./inner/b.json", "unknown-field"), ("./inner/deep/c.json", "unknown-field")]
    assert scratch.findings(".", "--isolated", "-p", "openai")[0] == ("./a.json", "unknown-field")
    assert scratch.findings(".", "--config", "pyproject.toml") == []


def test_a_configuration_of_reqlint_goes_before_a_pyproject(scratch: Scratch) -> None:
    """In the same folder reqlint.toml applies, and pyproject.toml is not read."""
    scratch.write("pyproject.toml", "[tool.reqlint]\nnonsense = 1\n")
    scratch.write("reqlint.toml", 'ignore = ["unknown-field"]\n')
    scratch.write("a.json", TYPO)
    assert scratch.findings("a.json") == []


def test_nothing_above_the_repository_is_read(scratch: Scratch) -> None:
    """A configuration above the folder that holds .git does not apply."""
    scratch.write("reqlint.toml", 'ignore = ["unknown-field"]\n')
    scratch.write("repo/.git/HEAD", "")
    scratch.write("repo/a.json", TYPO)
    assert scratch.findings("repo") == [("repo/a.json", "unknown-field")]


def test_without_a_configuration_no_toml_is_read(scratch: Scratch, root: Path) -> None:
    """A run without a configuration imports neither tomllib nor what checks configurations."""
    scratch.write("pyproject.toml", '[project]\nname = "about-reqlint-only-by-name"\n')
    scratch.write("a.json", REQUEST)
    code = (
        "import sys; sys.argv = ['reqlint', 'check', 'a.json', '-q']\n"
        "from reqlint.cli import main\n"
        "try: main()\nexcept SystemExit as ended: assert not ended.code\n"
        "parts = ['project.baseline', 'project.config_check', 'project.entry_use', 'project.silence']\n"
        "parts += ['knowledge.validation']\n"
        "print({'tomllib', 'yaml', *(f'reqlint.{part}' for part in parts)} & set(sys.modules))"
    )
    environment = {**os.environ, "PYTHONPATH": str(root)}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment, check=True)
    assert done.stdout == "set()\n"


# ------------------------------------------------------------------------------------------------------- what it says


def test_what_the_command_line_says_goes_before_the_file(scratch: Scratch) -> None:
    """An option overrides the same setting of the file, even if it gives the default."""
    scratch.write("reqlint.toml", 'profile = "dashscope"\nselect = ["shape"]\nfail-on = "warning"\nas = "batch"\n')
    scratch.write("a.json", TYPO)
    assert scratch.run("check", "a.json", "--as", "auto").code == 1
    assert scratch.run("check", "a.json", "--as", "auto", "--fail-on", "error").code == 0
    assert scratch.run("check", "a.json", "--as", "auto", "-p", "openai", "--fail-on", "error").code == 1
    assert scratch.findings("a.json", "--as", "auto", "--select", "tools") == []


def test_some_files_have_settings_of_their_own(scratch: Scratch) -> None:
    """A later per-file table overrides an earlier one, except that ignored rules and severities add up."""
    scratch.write(
        "reqlint.toml",
        'profile = "openai"\nignore = ["empty-tools"]\nseverity = {unknown-field = "note", empty-messages = "note"}\n'
        '[[per-file]]\nfiles = ["qwen/**"]\nprofile = "dashscope"\nignore = ["empty-messages"]\n'
        '[[per-file]]\nfiles = ["*.old.json"]\nseverity = {unknown-field = "warning"}\n',
    )
    both = {**QWEN_ONLY, "messages": [], "tools": []}
    for name in ("a.json", "qwen/a.json", "qwen/b.old.json"):
        scratch.write(name, {**both, "temprature": 1})
    found = {
        (f["file"], f["rule"]): f["severity"]
        for f in scratch.report(".")["findings"]
        if f["rule"] != "unused-suppression"
    }
    assert found == {
        ("./a.json", "unknown-field"): "note",
        ("./a.json", "empty-messages"): "note",
        ("./qwen/a.json", "unknown-field"): "note",
        ("./qwen/b.old.json", "unknown-field"): "warning",
    }


def test_a_severity_is_the_projects_own() -> None:
    """A project can raise, lower or turn off a rule or a group; the rule overrides its group, and both the schema."""
    assert [f.severity for f in Linter("gptproto-qwen", severity={"unknown-field": "error"}).check(TYPO)] == ["error"]
    assert Linter("openai", severity={"shape": "off"}).check(TYPO) == []
    both = {"unknown-field": Severity.NOTE, "shape": "off"}
    assert [f.severity for f in Linter("openai", severity=both).check(TYPO)] == ["note"]


def test_a_severity_turns_nothing_on_that_the_profile_knows_nothing_of() -> None:
    """A severity for a rule of one API does not turn the rule on for another."""
    plain, set_up = Linter("openai"), Linter("openai", severity=dict.fromkeys(Linter("dashscope").enabled, "error"))
    known = {rule for rule in set_up.enabled if set_up.judges.default.evidence[rule]}
    assert plain.enabled <= set_up.enabled <= known


def test_excluded_files_are_not_searched_and_named_ones_are_judged(scratch: Scratch) -> None:
    """Excluded files are left out of folders but checked by name, unless --force-exclude or the hook says otherwise."""
    scratch.write("reqlint.toml", 'exclude = ["generated", "*.golden.json", "fx/**/old"]\n')
    names = ["a.json", "generated/b.json", "x/generated/c.json", "d.golden.json", "fx/1/2/old/e.json", "fx/old.json"]
    for name in names:
        scratch.write(name, TYPO)
    assert [file for file, _ in scratch.findings(".")] == ["./a.json", "./fx/old.json"]
    assert [file for file, _ in scratch.findings("d.golden.json")] == ["d.golden.json"]
    for option in ("--force-exclude", "--requests-only"):
        assert [file for file, _ in scratch.findings("a.json", "d.golden.json", option)] == ["a.json"]


def test_requests_are_found_in_shapes_of_ones_own(scratch: Scratch) -> None:
    """Findings in extracted requests have the document's pointers; an array is several requests, a string is parsed."""
    scratch.write("reqlint.toml", '[[per-file]]\nfiles = ["*.suite.*"]\nextract = ["/cases/*/payload", "/one"]\n')
    cases = [{"payload": TYPO}, {"other": TYPO}, {"payload": [REQUEST, TYPO]}, {"payload": json.dumps(TYPO)}]
    scratch.write("a.suite.json", {"model": 1, "cases": cases, "one": {"model": "x"}})
    scratch.write("b.suite.yaml", "cases:\n  - payload: {model: m, messages: [], steam: 1}\n")
    scratch.write("c.suite.json", TYPO)
    report = scratch.report(".")
    assert [(f["file"], f["pointer"], f["line"]) for f in report["findings"]] == [
        ("./a.suite.json", "/cases/0/payload/temprature", 1),
        ("./a.suite.json", "/cases/2/payload/1/temprature", 1),
        ("./a.suite.json", "/cases/3/payload/temprature", 1),
        ("./a.suite.json", "/one", 1),
        ("./b.suite.yaml", "/cases/0/payload/messages", 2),
        ("./b.suite.yaml", "/cases/0/payload/steam", 2),
        ("./c.suite.json", "/temprature", 1),
    ]
    assert report["summary"]["requests"] == 7


def test_show_settings_says_what_applies_and_who_says_so(scratch: Scratch) -> None:
    """Each setting has a line with its value and origin: the default, a file and line, or the command line."""
    scratch.write(
        "pyproject.toml",
        '[tool.reqlint]\n\nprofile = "openai"\nbaseline = "b.json"\n[[tool.reqlint.per-file]]\nfiles = ["fx/*"]\n'
        'as = "batch"\n[[tool.reqlint.ignore]]\nrules = ["shape"]\nreason = "later"\n',
    )
    done = scratch.run("check", "--show-settings", "fx/a.json", "--fail-on", "note")
    rows = {line.split()[0]: re.split(r"\s{2,}", line.strip())[1:] for line in done.out.splitlines()[1:]}
    assert (done.code, done.out.splitlines()[0]) == (0, "fx/a.json")
    assert rows == {
        "profile": ["openai", "pyproject.toml:3"],
        "select": ["-", "default"],
        "ignore": ["-", "default"],
        "severity": ["-", "default"],
        "models": ["-", "default"],
        "as": ["batch", "pyproject.toml:7"],
        "extract": ["-", "default"],
        "fail-on": ["note", "command line"],
        "fail-on-refusals": ["false", "default"],
        "baseline": ["b.json", "pyproject.toml:4"],
        "rules": ["-", "default"],
        "profiles": ["-", "default"],
        "require": ["-", "default"],
        "prefix": ["-", "default"],
        "evidence": ["disputed", "default"],
        "docs-url": ["-", "default"],
        "[[ignore]]": ["shape: later", "pyproject.toml:8"],
    }


# ------------------------------------------------------------------------------------------------------ what is wrong

WRONG = [
    ("profil = 'openai'", "1:1: unknown key profil; did you mean profile?"),
    ("\nprofile = 'opnai'", '2:1: no profile "opnai"; did you mean "openai"?'),
    ("profile = 1", "1:1: profile is 1; it takes a string"),
    ("select = [\n  'shape',\n  'unknwn-field',\n]", '3:3: no rule "unknwn-field"; did you mean "unknown-field"?'),
    ("severity = {unknown-field = 'warn'}", '1:13: unknown-field is "warn"; it takes "error", "warning", "note" or'),
    ("[severity]\nunknwn-field = 'off'", '2:1: no rule "unknwn-field"; did you mean "unknown-field"?'),
    ("fail-on = 'eror'", '1:1: fail-on is "eror"; it takes "error", "warning" or "note"; did you mean error?'),
    ("evidence = 'firm'", '1:1: evidence is "firm"; it takes "measured", "documented", "observed", "inferred" or'),
    ("docs-url = 'javascript:x{rule}'", "1:1: docs-url is no http or https address"),
    ("require = ['openai', 'gemini-jsn']", '1:22: no API "gemini-jsn"; did you mean "gemini-json"?'),
    ("[[per-file]]\nfiles = ['a']\nbaseline = 'b'", "3:1: unknown key baseline"),
    ("[[per-file]]\nprofile = 'openai'", "1:1: per-file[0] has no files"),
    ("[[ignore]]\nrules = ['shape']", "1:1: ignore[0] has no reason"),
    ("[[ignore]]\nrules = ['shap']\nreason = 'x'", '2:10: no rule "shap"; did you mean "shape"?'),
    ("[[ignore]]\nrules = ['shape']\nreason = 'x'\nexpires = 'soon'", "4:1: expires is"),
    ("extract = ['cases']", "1:12: extract[0] is"),
    ("profile = ", "1:11: is not TOML"),
    ("ignore = ['shape']\n[[ignore]]", "2:9: is not TOML"),
    ("rules = ['nowhere']", "nowhere: is not a folder"),
]


@pytest.mark.parametrize(("text", "said"), WRONG, ids=[said for _, said in WRONG])
def test_what_means_nothing_ends_the_run_with_its_place(scratch: Scratch, text: str, said: str) -> None:
    """A mistake is exit code 2 and one sentence with file, line and column, and a suggestion where one is likely."""
    scratch.write("reqlint.toml", text + "\n")
    scratch.write("a.json", REQUEST)
    done = scratch.run("check", "a.json")
    assert (done.code, done.out) == (2, "")
    where = "" if said.startswith("nowhere") else "reqlint.toml:"
    assert done.err.startswith(f"error: {where}{said}"), done.err


def test_all_that_is_wrong_is_told_at_once(scratch: Scratch) -> None:
    """All mistakes are listed, in the order of the file, each with its line in pyproject.toml."""
    scratch.write("pyproject.toml", "[tool.other]\nx = 1\n[tool.reqlint]\nas = 'batsch'\nselct = []\n")
    scratch.write("a.json", REQUEST)
    assert [line.partition(": ")[0] for line in scratch.run("check", "a.json").err.splitlines()] == [
        "error",
        "pyproject.toml:5:1",
    ]
    assert scratch.run("check", "--config", "missing.toml", "a.json").err == (
        "error: missing.toml: cannot be read: no such file or directory\n"
    )


def test_the_schema_is_one_and_says_what_each_key_is() -> None:
    """schemas/meta/config.json is a JSON Schema that has every setting and describes every key."""
    Draft202012Validator.check_schema(SCHEMA)
    described = [*SCHEMA["properties"].values()]
    described += [
        each for name in ("per-file", "ignore", "expect") for each in SCHEMA["$defs"][name]["properties"].values()
    ]
    assert all(each.get("description") for each in described)
    assert set(FIELDS) <= set(SCHEMA["properties"])
    assert set(FIELDS.values()) | {"origins"} == set(Settings._fields)


def test_the_reference_has_every_key_and_its_examples_hold(scratch: Scratch) -> None:
    """docs/configuration.md and docs/silence.md name every key of the schema, and their examples are valid."""
    pages = [(ROOT / "docs" / name).read_text("utf-8") for name in ("configuration.md", "silence.md")]
    for key in SCHEMA["properties"]:
        assert f"| `{key}` |" in pages[0], key
    for key in SCHEMA["$defs"]["ignore"]["properties"]:
        assert f"| `{key}` |" in pages[1], key
    for key in {*SCHEMA["$defs"]["per-file"]["properties"], *SCHEMA["$defs"]["expect"]["properties"]}:
        assert f"`{key}`" in pages[0] + pages[1] or f"\n{key} = " in pages[1], key
    blocks = [block for page in pages for block in re.findall(r"^```toml\n(.*?)^```", page, re.M | re.S)]
    assert len(blocks) >= 3
    scratch.write("a.json", REQUEST)
    for number, block in enumerate(blocks):
        block = re.sub(r"^baseline = .*\n", "", block, flags=re.M)
        scratch.write(f"{number}.toml", block)
        done = scratch.run("check", "a.json", "--config", f"{number}.toml")
        assert done.code == 0, done.err
    for number, block in enumerate(re.findall(r"^```yaml\n(.*?)^```", pages[1], re.M | re.S)):
        scratch.write(f"{number}.yaml", block)
        findings = scratch.report(f"{number}.yaml", "--isolated")["findings"]
        assert findings
        assert all(each["suppressed"] for each in findings), "each comment of the example silences something"


# -------------------------------------------------------------------------------------------------------- the pieces


TOML = """
# [not.a.table]
title = 'a # b'  # c
"quoted key" = "x]"
[tool.reqlint]
select = [
  "a",  # one
  'b', # = two
]
severity = { unknown-field = "off", "x" = "note" }
multi = '''
[tool.no]
key = 1
'''
dotted.key.deep = [{ a = 1 }, { a = [1, 2], b = "}" }]
more = \"\"\"a \\\"\"\" [x]
y = 2\"\"\"
[[tool.reqlint.per-file]]
files = ["a"]
[tool.reqlint.per-file.severity]
s = "off"
[[ tool . reqlint . per-file ]]
files = ["b"]
when = 2026-08-21T10:00:00Z
"""


def test_every_key_of_a_toml_text_is_found() -> None:
    """Every key and array element has a place with its text, and nothing else has one."""
    loaded = tomllib.loads(TOML)
    found = find_entries(TOML)

    def walk(value: object, path: tuple[str | int, ...]) -> None:
        if path and not (len(path) > 1 and path in {("dotted",), ("dotted", "key")}):
            assert path in found or isinstance(value, dict | list), path
        for key, member in (
            value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        ):
            walk(member, (*path, key))

    walk(loaded, ())
    for path, entry in found.items():
        value: Any = loaded
        for step in path:
            value = value[step]
        if not isinstance(value, dict | list):
            written = TOML[slice(*entry.value)]
            assert tomllib.loads(f"x = {written}")["x"] == value
        if isinstance(path[-1], str) and not TOML[slice(*entry.key)].startswith("["):
            assert path[-1] in TOML[slice(*entry.key)]
    assert TOML[found["tool", "reqlint", "per-file", 1, "files"].key[0] :].startswith('files = ["b"]')


def test_file_patterns() -> None:
    """* stays in a name, ** spans folders, a bare name matches in any folder, and a folder matches what is in it."""
    takes = [("a.json", "x/a.json"), ("fx", "fx/a.json"), ("fx/*.json", "fx/a.json"), ("fx/**/a.json", "fx/a.json")]
    takes += [("fx/**", "fx/1/2"), ("**/b/*.j?on", "a/b/c.json"), ("[ab].json", "b.json"), ("/a.json", "a.json")]
    leaves = [
        ("fx/*.json", "fx/1/a.json"),
        ("/a.json", "x/a.json"),
        ("fx/*.json", "y/fx/a.json"),
        ("[!ab].json", "b.json"),
    ]
    assert all(matches_file(pattern, file) for pattern, file in takes)
    assert not any(matches_file(pattern, file) for pattern, file in leaves)
    assert [fixed_prefix(p) for p in ("fx/a/*.json", "fx/a.json", "*.json", "a.json", "/a.json")] == [
        "fx/a",
        "fx/a.json",
        "",
        "",
        "a.json",
    ]


def test_pointer_patterns() -> None:
    """* is one step and ** any number; a pattern matches a place and what is inside, and finds places in a value."""
    assert matches_pointer("/messages/*/content", "/messages/3/content/0")
    assert matches_pointer("/**/content", "/body/messages/3/content")
    assert matches_pointer("", "/a")
    assert not matches_pointer("/messages/*", "/messages")
    assert not matches_pointer("/a", "/b")
    value = {"a": [{"x": 1}, {"y": {"x": 2}}], "x/y": 3}
    assert [place for place, _ in find_places("/a/*/x", value)] == [("a", 0, "x")]
    assert [place for place, _ in find_places("/**/x", value)] == [("a", 0, "x"), ("a", 1, "y", "x")]
    assert [found for _, found in find_places("/x~1y", value)] == [3]


NAMES = ["a.json", "b.json", "ab", "build", ".x", "a b.json"]
PATTERNS = st.lists(
    st.sampled_from(
        ["*.json", "!a.json", "build/", "/build", "ab/*", "**/b.json", "ab/**", "a?", "[ab].json", "[!a].json",
         "ab/build", "!ab/", "# x", "", "\\!a", "a b.json ", "**", "ab/**/b.json", "/*", "!/ab", "*b*",
         "build/*", "!build/a.json"]
    ),
    max_size=5,
)  # fmt: skip


@pytest.mark.skipif(shutil.which("git") is None, reason="git is what it is held against")
@settings(max_examples=60, deadline=None)
@given(top=PATTERNS, inner=PATTERNS)
def test_git_ignores_the_same_files(tmp_path_factory: pytest.TempPathFactory, top: list[str], inner: list[str]) -> None:
    """For any two .gitignore files, git and reqlint ignore the same files and folders."""
    folder = tmp_path_factory.mktemp("repo")
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    (folder / ".gitignore").write_text("\n".join(top) + "\n")
    (folder / "ab").mkdir()
    (folder / "ab" / ".gitignore").write_text("\n".join(inner) + "\n")
    (folder / "ab" / "build").mkdir()
    (folder / "build").mkdir()
    files = ["a.json", "b.json", "a b.json"]
    paths = [
        *files,
        "ab",
        "build",
        "ab/build",
        *(f"{each[0]}/{each[1]}" for each in product(["ab", "build", "ab/build"], files)),
    ]
    for path in paths:
        if path.endswith(".json"):
            (folder / path).write_text("{}")
    asked = subprocess.run(
        ["git", "-C", str(folder), "-c", "core.excludesFile=", "check-ignore", "--stdin", "-z"],
        input="\0".join(paths), capture_output=True, text=True, check=False,
    )  # fmt: skip
    ignored = {path for path in asked.stdout.split("\0") if path}

    def left_out(path: str) -> bool:
        names = path.split("/")
        known = [*gitignore.patterns_above(str(folder)), *gitignore.read_patterns(folder / ".gitignore", str(folder))]
        for end in range(1, len(names) + 1):
            if end == 2 and names[0] == "ab":
                known += gitignore.read_patterns(folder / "ab" / ".gitignore", str(folder / "ab"))
            is_folder = end < len(names) or not path.endswith(".json")
            if gitignore.is_ignored(str(folder.joinpath(*names[:end])), known, is_folder=is_folder):
                return True
        return False

    assert {path for path in paths if left_out(path)} == ignored


def test_ignored_files_are_not_searched(scratch: Scratch) -> None:
    """Files that git ignores are not searched, but checked by name; outside of a repository nothing is ignored."""
    scratch.write(".gitignore", "build/\n*.tmp.json\n")
    scratch.write("fx/.gitignore", "!keep.tmp.json\n/own.json\n")
    scratch.write(".git/info/exclude", "mine.json\n")
    for name in (
        "a.json",
        "build/b.json",
        "c.tmp.json",
        "fx/keep.tmp.json",
        "fx/own.json",
        "fx/fx/own.json",
        "mine.json",
    ):
        scratch.write(name, TYPO)
    assert [file for file, _ in scratch.findings(".")] == ["./a.json", "./fx/keep.tmp.json", "./fx/fx/own.json"]
    assert [file for file, _ in scratch.findings("fx")] == ["fx/keep.tmp.json", "fx/fx/own.json"]
    assert [file for file, _ in scratch.findings("build", "c.tmp.json")] == ["build/b.json", "c.tmp.json"]
    shutil.rmtree(scratch.folder / ".git")
    assert len(scratch.findings(".")) == 7
