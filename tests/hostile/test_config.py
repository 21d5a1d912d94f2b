"""A cloned repository in which an attacker wrote the configuration, rules, profiles, ignore files and baselines."""

# ruff: noqa: E501 - a row of a table is a line

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.core.errors import BadData
from reqlint.core.globs import matches_file
from reqlint.core.pointer_patterns import find_places, matches_pointer
from reqlint.knowledge.catalog import shipped
from reqlint.project import gitignore
from reqlint.schema.accelerated import compile_linear
from reqlint.schema.limits import find_endless, subschemas
from reqlint.schema.reference import compile_pattern
from reqlint.schema.untrusted import schema_fault
from reqlint.text.trusted_yaml import load_yaml
from tests.conftest import ROOT
from tests.support.bounded import bounded
from tests.support.scratch import Scratch

REQUEST = {"model": "qwen-plus", "messages": [{"role": "user", "content": "a" * 5000 + "!"}]}
RULE = """id: my-rule
summary: A thing
subject: hygiene
message: the request is not ours
why: Whatever is not ours is booked on the platform team, and nobody reads that.
evidence:
  - {profile: "*", effect: altered, status: documented, read: 2026-08-21, basis: the gateway itself, says: it is so}
examples:
  - {bad: '«{}»', good: '{}'}
"""
PROFILE = """name: mine
title: Mine
extends: openai
source: {url: "https://wiki.acme.example/gateway", read: 2026-08-21}
endpoints: ["https://llm.acme.example/v1/chat/completions"]
errors: []
"""
WITH_RULES = 'rules = ["lint/rules"]\n'
WITH_PROFILES = 'profile = "mine"\nprofiles = ["lint/profiles"]\n'
WITH_BASELINE = 'baseline = "accepted.json"\n'
AT_RULE, AT_PROFILE = "lint/rules/my-rule.yaml", "lint/profiles/mine"
BOMB = "a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1]\n" + "".join(
    f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 9)}]\n" for i in range(1, 12)
)

Files = Mapping[str, str | bytes | Callable[[Path], object]]


class Case(NamedTuple):
    """A hostile repository, and what the run says about it."""

    name: str
    files: Files
    said: str  #: part of the one sentence; "" where the run goes on as if nothing were there
    code: int = 2
    seconds: float = 5  #: of the processor, at least five times what was measured: 0.15 to 0.9
    megabytes: int = 150  #: measured: 20 to 60


def rule(request: object) -> Files:
    """Return a project with one custom rule."""
    written = request if isinstance(request, str) else json.dumps(request)
    return {"reqlint.toml": WITH_RULES, AT_RULE: f"{RULE}request: {written}\n"}


def profile(text: str = PROFILE, **files: str | bytes | Callable[[Path], object]) -> Files:
    """Return a project with one custom profile."""
    beside = {f"{AT_PROFILE}/{name.replace('_', '.')}": content for name, content in files.items()}
    return {"reqlint.toml": WITH_PROFILES, f"{AT_PROFILE}/profile.yaml": text, **beside}


def config(text: str | bytes) -> Files:
    """Return a project with a configuration."""
    return {"reqlint.toml": text}


def baseline(content: str | bytes | Callable[[Path], object]) -> Files:
    """Return a project with a baseline."""
    return {"reqlint.toml": WITH_BASELINE, "accepted.json": content}


def link(to: str) -> Callable[[Path], object]:
    """Return a function that makes a symbolic link."""
    return lambda path: path.symlink_to(to)


def pipe(path: Path) -> None:
    """Make a named pipe, which blocks a reader for ever."""
    os.mkfifo(path)


def many(path: Path) -> None:
    """Write two thousand rules."""
    for number in range(2000):
        (path.parent / f"r{number}.yaml").write_text(
            RULE.replace("my-rule", f"r{number}") + "request: {required: [a]}\n"
        )


def chained(count: int, keyword: str) -> dict[str, Any]:
    """Return a schema whose references double at each step."""
    steps = {f"d{i}": {keyword: [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(count)}
    return {"$ref": "#/$defs/d0", "$defs": {**steps, f"d{count}": {"required": ["zzz"]}}}


NOT_LOCAL = "a reference is #/$defs/ and a name; nothing else is read, and nothing is fetched"
OUT = " is outside the repository"
NO_PATTERN = "the pattern needs lookaround or a backreference, or is too large"
DEEP = "nest"

CASES = [
    # a schema that refers to what is elsewhere, or to itself
    *(
        Case(f"$ref {to}", rule({"$ref": to}), NOT_LOCAL)
        for to in ("file:///etc/passwd", "http://127.0.0.1:9/a", "other.json", "/etc/passwd", "#", "#a", "reqlint:openai",
                   "../../schemas/openai/request.json", "https://json-schema.org/draft/2020-12/schema", "#/$defs/%61")
    ),
    Case("$ref in a profile", profile(request_json='{"$ref": "file:///etc/passwd"}'), NOT_LOCAL),
    Case("$ref in a delta", profile(delta_yaml="properties: {model: {$ref: 'https://a.example/b'}}\n"), NOT_LOCAL),
    Case("$ref to nothing", rule({"$ref": "#/$defs/a"}), "request.$ref: the reference leads to no schema"),
    Case("$ref to no schema", rule({"$ref": "#/$defs/a/const", "$defs": {"a": {"const": {}}}}), "leads to no schema"),
    Case("$ref to itself", rule({"$ref": "#/$defs/a", "$defs": {"a": {"$ref": "#/$defs/a"}}}), "leads back to itself"),
    Case("$ref in a ring", rule({"$ref": "#/$defs/a", "$defs": {"a": {"items": {"$ref": "#/$defs/b"}},
                                                               "b": {"not": {"$ref": "#/$defs/a"}}}}), "leads back to"),
    Case("doubled by allOf", rule(chained(16, "allOf")), "comes to more than 20,000 subschemas"),
    Case("doubled by anyOf", rule(chained(60, "anyOf")), "is reached through more than 50 subschemas"),
    Case("$dynamicRef", rule({"$dynamicRef": "#meta"}), "$dynamicRef is not supported here"),
    Case("$id inside", rule({"items": {"$id": "http://a.example"}}), "only the whole schema has an $id"),
    # a schema that is none
    Case("200 levels", rule('{"not": ' * 200 + "{}" + "}" * 200), DEEP),
    Case("60 levels", rule('{"not": ' * 60 + "{}" + "}" * 60), "is nested in more than 50 levels"),
    Case("100,000 levels", rule('{"not": ' * 100_000 + "{}" + "}" * 100_000), DEEP),
    Case("100,000 levels of JSON", profile(request_json='{"not": ' * 100_000 + "{}" + "}" * 100_000), DEEP),
    Case("no type", rule({"properties": {"a": {"type": "strng"}}}), "request.properties.a.type: is not JSON Schema"),
    Case("no schema in a delta", profile(delta_yaml="properties: 1\n"), "mine/delta.yaml: properties: is not JSON Schema"),
    Case("x-rule", profile(request_json='{"x-rule": "nope"}'), 'x-rule: no rule "nope"'),
    Case("an x-rule of a keyword", profile(request_json='{"x-rule": {"enum": "nope"}}'), 'x-rule.enum: no rule "nope"'),
    Case("an x-rule of a keyword that is none", profile(request_json='{"x-rule": {"enum": 1}}'), "x-rule.enum: is no rule"),
    Case("an x-rule that is none", profile(request_json='{"x-rule": 1}'), "x-rule: is no rule"),
    Case("x-severity", profile(request_json='{"x-severity": []}'), "x-severity: takes"),
    Case("x-discriminator", profile(request_json='{"x-discriminator": []}'), "x-discriminator: names none"),
    Case("a fact of another kind", profile(PROFILE + "facts: {unlisted-in-openai: {value: 1, read: 2026-08-21, url: "
                                           "'https://a.example'}}\n"), "", 0),
    Case("a fact of models", profile(facts_yaml="reasoning-models: {value: {models: [a], except: []}, read: 2026-11-28, url: "
                                                "'https://a.example'}\n"), "", 0),
    *(
        Case(f"{what} in facts.yaml", profile(facts_yaml=f"{fact}: {{value: {value}, read: 2026-11-28, url: 'https://a.example'}}\n"), said)
        for what, fact, value, said in [
            ("a number for models", "mine", "{models: 1}", "mine/facts.yaml: mine.value.models: "),
            ("a number for a name", "mine", "[{models: [a, 1]}]", "mine/facts.yaml: mine.value[0].models[1]: "),
            ("an unknown status", "mine", "[{models: [a], status: sure}]", 'status is "sure"; it takes "documented", "observed"'),
            ("a number for an exception", "temperature-refused-by", "{models: [a], except: [1]}", "value.except[0]: "),
            ("a list of another form", "reasoning-models", "[1]", "reasoning-models.value: is not built like that of"),
            ("a row without models", "parameters-refused-by", "[{parameters: [stop]}]", "parameters-refused-by.value: is not built like"),
            ("a row of another form", "parameters-refused-by", "[{models: [a], parameters: 1}]", "parameters-refused-by.value: is not built"),
        ]
    ),
    Case("a fact without a day", profile(facts_yaml="mine: {value: 1, url: 'https://a.example'}\n"), "mine/facts.yaml: mine: mine has no read"),
    Case("facts that are none", profile(facts_yaml="mine: 1\n"), "mine/facts.yaml: mine: mine is "),
    Case("facts that are a list", profile(facts_yaml="[1]\n"), "mine/facts.yaml: "),
    Case("a fact twice", profile(PROFILE + "facts: {a: {value: 1, read: 2026-11-28, url: 'https://a.example'}}\n",
                                 facts_yaml="a: {value: 1, read: 2026-11-28, url: 'https://a.example'}\n"),
         "mine/facts.yaml: a: stands in profile.yaml as well"),
    Case("aliases in facts", profile(facts_yaml=BOMB), "has more than 50,000 values"),
    Case("a pipe as facts", profile(facts_yaml=pipe), "facts.yaml: cannot be read: it is a named pipe"),
    Case("an unknown dialect", profile(PROFILE + "dialect: opnai-chat\n"),
         'mine/profile.yaml: dialect: dialect is "opnai-chat"; it takes "openai-chat", "openai-responses", "anthropic-messages", "gemini-generate" or "bedrock-converse"; did you mean openai-chat?'),
    Case("a dialect that is none", profile(PROFILE + "dialect: [openai-chat]\n"), 'it takes "openai-chat"'),
    Case("a known dialect", profile(PROFILE + "dialect: openai-chat\n"), "", 0),
    # patterns
    Case("a lookahead", rule({"properties": {"model": {"pattern": "^(?=q)"}}}), NO_PATTERN),
    Case("a backreference", rule({"properties": {"model": {"pattern": "(a)\\1"}}}), NO_PATTERN),
    Case("a pattern too large", rule({"properties": {"model": {"pattern": "(((a{999}){999}){999}){999}"}}}), NO_PATTERN),
    Case("many patterns", rule({"allOf": [{"properties": {"model": {"pattern": "q"}}}] * 300}), "more than 200 patterns"),
    # YAML that is more than it seems
    Case("aliases in a rule", {"reqlint.toml": WITH_RULES, AT_RULE: BOMB}, "has more than 50,000 values"),
    Case("aliases in a profile", profile(BOMB), "has more than 50,000 values"),
    Case("merged aliases", profile("".join(f"a{i}: &a{i} {{<<: [{', '.join([f'*a{i - 1}'] * 9) if i else ''}]}}\n"
                                           for i in range(12))), "has more than 50,000 values"),
    Case("an anchor in itself", rule("&a {properties: {a: *a}}"), "an anchor contains itself"),
    *(
        Case(tag, rule(f"{{const: {tag} {value}}}"), "has no JSON value")
        for tag, value in [("!!python/object/apply:os.system", "['touch ran']"), ("!!python/name:os.system", "''"),
                           ("!!binary", "aGk="), ("!!set", "{a}"), ("!!omap", "[a: 1]"), ("!mine", "1")]
    ),
    Case("NaN", rule("{minimum: .nan}"), 'line 10: JSON cannot write the number ".nan"'),
    Case("5,000 digits", rule("{minimum: " + "9" * 5000 + "}"), "JSON cannot write the number"),
    Case("keys of numbers", rule("{1: 2}"), "line 10: a key is not a string"),
    Case("keys twice", rule("{}\nrequest: {required: [a]}"), 'line 11: duplicate key "request"'),
    Case("half a character", rule('{const: "\\ud800"}'), "lint/rules/my-rule.yaml: "),
    Case("two documents", rule("{}\n---\na: 1"), "is not YAML"),
    Case("a NUL", rule("{const: '\0'}"), "is not YAML"),
    Case("no such day", {"reqlint.toml": WITH_RULES, AT_RULE: RULE.replace("08-21", "13-41") + "request: {not: {}}\n"}, "a date such as"),
    # files that are none
    Case("a pipe", {"reqlint.toml": WITH_RULES, AT_RULE: pipe}, "my-rule.yaml: cannot be read: it is a named pipe"),
    Case("a device", {"reqlint.toml": WITH_RULES, AT_RULE: link("/dev/zero")}, "leads out of lint/rules"),
    Case("a folder", {"reqlint.toml": WITH_RULES, AT_RULE + "/a": ""}, "cannot be read: it is a folder"),
    Case("a link out", {"reqlint.toml": WITH_RULES, AT_RULE: link("../../reqlint.toml")}, "leads out of lint/rules"),
    Case("a link to nothing", {"reqlint.toml": WITH_RULES, AT_RULE: link("nothing.yaml")}, "no such file"),
    Case("a link to itself", {"reqlint.toml": WITH_RULES, AT_RULE: link("my-rule.yaml")}, "cannot be read"),
    Case("a folder that is a link out", {"reqlint.toml": WITH_RULES, "lint/rules": link("/etc")}, OUT),
    Case("a pipe as schema", profile(request_json=pipe), "request.json: cannot be read: it is a named pipe"),
    Case("a pipe as evidence", profile(evidence_yaml=pipe), "evidence.yaml: cannot be read: it is a named pipe"),
    Case("evidence elsewhere", profile(evidence_yaml=link("../../../reqlint.toml")), "leads out of lint/profiles"),
    Case("a pipe as delta", profile(delta_yaml=pipe), "delta.yaml: cannot be read: it is a named pipe"),
    Case("Latin-1", {"reqlint.toml": WITH_RULES, AT_RULE: b"a: \xff\n"}, "line 1: is not UTF-8"),
    Case("UTF-16", {"reqlint.toml": WITH_RULES, AT_RULE: RULE.encode("utf-16")}, "is not UTF-8"),
    Case("100 MB", rule(f"{{description: '{'x' * 100_000_000}'}}"), "holds more than 1,000 files or 4 MB"),
    Case("2 MB", rule(f"{{description: '{'x' * 2_000_000}'}}"), "has more than 1 MB"),
    Case("2,000 rules", {"reqlint.toml": WITH_RULES, "lint/rules/a.yaml": many}, "holds more than 1,000 files or 4 MB"),
    # names that lead elsewhere
    *(Case(f"rules in {name}", config(f"rules = ['{name}']\n"), OUT) for name in ("..", "../../..", "/etc", "/proc/self/fd", "a/../../b")),
    Case("rules in a NUL", config('rules = ["a\\u0000"]\n'), OUT),
    Case("a baseline elsewhere", config("baseline = '../../../etc/passwd'\n"), OUT),
    Case("a baseline that is a link out", baseline(link("/etc/passwd")), OUT),
    Case("extends a path", profile(PROFILE.replace("openai", "../../mine")), "extends is"),
    Case("extends itself", profile(PROFILE.replace("openai", "mine")), "mine extends mine, which never ends"),
    Case("extends in a ring", {
        "reqlint.toml": 'profile = "mine"\nprofiles = ["lint/profiles", "lint/more"]\n',
        f"{AT_PROFILE}/profile.yaml": PROFILE.replace("openai", "other"),
        "lint/more/other/profile.yaml": PROFILE.replace("openai", "mine").replace("name: mine", "name: other"),
    }, "mine extends other extends mine, which never ends"),
    # configurations
    *(Case(f"{key} in a configuration", config(f"{key} = 'json:/tmp/out'\n"), f"unknown key {key}")
      for key in ("output-format", "output", "checks", "plugins", "extends", "python", "command")),
    Case("deep arrays", config(f"x = {'[' * 100_000}{']' * 100_000}\n"), "nested too deeply to be read"),
    Case("deep tables", config(f"x = {'{a = ' * 100_000}1{'}' * 100_000}\n"), "nested too deeply to be read"),
    Case("long keys", config(f"{'a.' * 100_000}a = 1\n"), "has a key of more than 32 names"),
    Case("long headers", config(f"[{'a.' * 100_000}a]\n"), "has a key of more than 32 names"),
    Case("2 MB of configuration", config("#" * 2_000_000), "has more than 1 MB"),
    Case("many keys", config("".join(f"a{i} = 1\n" for i in range(60_000))), "has more than 10,000 values"),
    Case("many unknown keys", config("".join(f"a{i} = 1\n" for i in range(9000))), "and 8,950 more like these"),
    Case("many unknown rules", config(f"select = {[f'a{i}' for i in range(9000)]}"), 'no rule "a0"'),
    Case("many tables", config('[[per-file]]\nfiles = ["a"]\n' * 3000), "more than 1,000 patterns and tables"),
    Case("a long number", config(f"x = {'9' * 5000}\n"), "is not TOML: "),
    Case("numbers that are none", config("profile = nan\nselect = [inf]\n"), "reqlint.toml:1:1: "),
    Case("tables twice", config("[severity]\na = 1\n[severity]\n"), "is not TOML: "),
    Case("a NUL in TOML", config("x = '\0'\n"), "is not TOML: "),
    Case("Latin-1 in TOML", config(b"x = '\xff'\n"), "is not UTF-8"),
    Case("UTF-16 in TOML", config("x = 1\n".encode("utf-16")), "is not UTF-8"),
    Case("a BOM in TOML", config(b"\xef\xbb\xbfprofile = 'openai'\n"), "", 0),
    Case("no table", {"pyproject.toml": "[tool]\nreqlint = [1]\n"}, "[tool.reqlint] is not a table"),
    Case("a tool that is no table", {"pyproject.toml": "tool = 1\n[reqlint]\n"}, "", 0),
    Case("a folder as configuration", {"reqlint.toml/a": ""}, "", 0),
    Case("a pipe as configuration", {"reqlint.toml": pipe}, "", 0),
    Case("a link to itself as configuration", {"reqlint.toml": link("reqlint.toml")}, "", 0),
    # patterns of files and places
    *(Case(f"exclude {name}", {**config(f"exclude = ['{pattern}']\n"), "/".join(["aa"] * 60) + "/x.txt": ""}, "", 0)
      for name, pattern in [("spans", "**/" * 50 + "x"), ("stars", "*a" * 50 + "b"), ("brackets", "[" * 1000),
                            ("empty classes", "[!" * 99 + "]"), ("braces", "{a,b}" * 1000), ("marks", "?" * 5000)]),
    *(Case(f".gitignore {name}", {".gitignore": text, "/".join(["aa"] * 60) + "/x.txt": ""}, "", 0)
      for name, text in [("spans", "**/" * 50 + "x\n"), ("stars", "*a" * 50 + "b\n"), ("blanks", f"a{' ' * 500_000}b\n"),
                         ("brackets", "[" * 5000)]),
    Case(".gitignore lines", {".gitignore": "".join(f"a{i}*\n" for i in range(100_000))}, "more than 10,000 patterns"),
    Case(".gitignore pipe", {".gitignore": pipe}, "", 0),
    Case(".gitignore device", {".gitignore": link("/dev/zero")}, "", 0),
    Case("extract spans", {**config(f"extract = ['{'/**/*' * 20}/x']\n"), "d.txt": ""}, "", 0),
    # baselines
    Case("a deep baseline", baseline("[" * 100_000), "accepted.json: is nested too deeply to be read"),
    Case("a baseline of numbers", baseline('{"tool": "reqlint", "version": 1, "findings": [1]}'), "findings[0]: is not an entry"),
    Case("a baseline of no list", baseline('{"tool": "reqlint", "version": 1, "findings": {"a": 1}}'), "findings"),
    Case("keys twice in a baseline", baseline('{"tool": 1, "tool": "reqlint"}'), 'duplicate key "tool"'),
    Case("a baseline of Latin-1", baseline(b"\xff"), "line 1: is not UTF-8"),
    Case("a baseline of digits", baseline("9" * 5000), "is not JSON"),
    Case("a baseline of 70 MB", baseline(b"[" + b" " * 70_000_000), "has more than 64 MB"),
    Case("a pipe as baseline", baseline(pipe), "cannot be read: it is a named pipe"),
    # what goes through
    Case("a slow pattern", rule({"properties": {"messages": {"items": {"properties": {"content": {"pattern": "^(a+)+$"}}}}}}), "", 0),
    Case("a template", {"reqlint.toml": WITH_RULES, AT_RULE: RULE.replace("the request is not ours", "'{value.__class__} {value:>9}'")
                        + "request: {required: [zzz]}\n"}, "", 0),
    Case("a template of no fact", {"reqlint.toml": WITH_RULES, AT_RULE: RULE.replace("the request is not ours", "'{0}'")
                                   + "request: {required: [zzz]}\n"}, 'message: no fact "0"'),
]  # fmt: skip


def built(folder: Path, files: Files) -> None:
    """Write a repository with a request."""
    (folder / ".git").mkdir()
    (folder / "r.json").write_text(json.dumps(REQUEST))
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if callable(content):
            content(path)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())


@pytest.mark.parametrize("case", CASES, ids=[case.name for case in CASES])
def test_a_hostile_repository_is_refused_in_a_sentence(scratch: Scratch, case: Case) -> None:
    """A run ends with exit code 2 and names the file, or goes on; there is no traceback, and nothing is executed."""
    (scratch.folder / ".git").rmdir()
    built(scratch.folder, case.files)
    done = scratch.run("check", "r.json" if "baseline" in case.name else ".", "--jobs", "1")
    assert done.code == case.code, done.err
    assert case.said in done.err
    assert len(done.err) < 10_000
    assert not (scratch.folder / "ran").exists()
    if case.code == 2:
        assert done.err.startswith("error: "), done.err


BOUNDED = [
    "doubled by allOf", "100,000 levels", "aliases in a rule", "merged aliases", "a pipe", "100 MB", "2,000 rules", "long keys",
    "many unknown keys", "exclude spans", ".gitignore lines", ".gitignore blanks", "a slow pattern",
]  # fmt: skip
ASKED_OF_BOTH = ["a slow pattern", "doubled by allOf"]  # the others are refused before an engine is asked


@pytest.mark.parametrize(
    ("name", "engine"), [*((name, "") for name in BOUNDED), *((name, "reference") for name in ASKED_OF_BOTH)]
)
def test_a_hostile_repository_is_refused_within_bounds(tmp_path: Path, name: str, engine: str) -> None:
    """What could take for ever takes a few seconds of processor time and little memory, with either engine."""
    case = next(case for case in CASES if case.name == name)
    built(tmp_path, case.files)
    done = bounded(
        "check",
        "r.json" if name == "100 MB" else ".",
        "--jobs",
        "1",
        folder=tmp_path,
        environment={"REQLINT_ENGINE": engine},
        in_new_process=bool(engine),  # which engine there is, is asked once
    )
    assert done.code == case.code, done.err
    assert b"Traceback" not in done.err
    assert done.seconds < case.seconds
    assert done.megabytes < case.megabytes


AUDITED = """
import os, sys
opened = []
def note(event, arguments):
    if event in ("open", "os.listdir", "os.scandir", "socket.connect", "subprocess.Popen", "os.system", "os.exec"):
        opened.append(event + " " + os.path.realpath(str(arguments[0] or ".")))
sys.addaudithook(note)
from reqlint.cli import main
try:
    main()
finally:
    with open(sys.argv.pop(), "w") as file:
        file.write("\\n".join(opened))
"""


def opened_by(folder: Path, tmp_path: Path, *arguments: str) -> list[str]:
    """Run the command, and return what it opened that is neither reqlint's nor Python's."""
    noted = tmp_path / "noted.txt"
    script = AUDITED.replace("sys.argv.pop()", repr(str(noted)))
    inherited = {key: value for key, value in os.environ.items() if key != "PYTHONPYCACHEPREFIX"}
    subprocess.run(
        [sys.executable, "-c", script, *arguments], cwd=folder, check=False, capture_output=True,
        env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}, timeout=600,
    )  # fmt: skip
    known = {os.path.realpath(each) for each in (ROOT, sys.prefix, sys.base_prefix, *filter(None, sys.path))}
    told = sorted(set(noted.read_text().split("\n")) - {f"open {os.path.realpath(noted)}"})
    return [each for each in told if not each.partition(" ")[2].startswith(tuple(f"{one}{os.sep}" for one in known))]


HOSTILE: Files = {
    "reqlint.toml": f'{WITH_RULES}{WITH_PROFILES}{WITH_BASELINE}[[ignore]]\nrules = ["shape"]\nreason = "x"\n',
    "accepted.json": json.dumps({"tool": "reqlint", "version": 1, "findings": [
        {"file": "../../../../other/x.json", "rule": "unknown-field", "at": "", "fingerprint": "0" * 16}]}),
    AT_RULE: f"{RULE}request: {{required: [zzz]}}\n",
    f"{AT_PROFILE}/profile.yaml": PROFILE,
    f"{AT_PROFILE}/delta.yaml": "properties: {trace_id: {type: string}}\n",
    ".gitignore": "*.tmp.json\n!/../x\n",
    "deep/.gitignore": "../../*\n",
    "deep/pyproject.toml": "[tool.reqlint]\nprofile = 'openai'\n",
    "deep/r.yaml": "# reqlint: ignore[shape] x\nmodel: m\nmessages: [{role: user, content: Hi}]\n",
}  # fmt: skip


def test_nothing_is_opened_outside_of_the_repository(tmp_path: Path) -> None:
    """A run opens only files of reqlint, of Python, and below the given folder."""
    folder = tmp_path / "repository"
    (tmp_path / "reqlint.toml").write_text("profile = 'nope'\n")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "reqlint.toml").write_text("profile = 'nope'\n")
    folder.mkdir()
    built(folder, HOSTILE)
    opened = opened_by(folder, tmp_path, "check", ".", "--jobs", "1")
    outside = [
        each
        for each in opened
        if not f"{each}{os.sep}".split(" ", 1)[1].startswith(f"{os.path.realpath(folder)}{os.sep}")
    ]
    assert [each for each in outside if " /dev/" not in each and " /proc/" not in each and " /sys/" not in each] == []
    inside = {each.rpartition(os.sep)[2] for each in opened}
    assert {"my-rule.yaml", "accepted.json", "reqlint.toml", ".gitignore", "delta.yaml"} <= inside


def test_isolated_opens_no_configuration(tmp_path: Path) -> None:
    """With --isolated no configuration, rule, profile, baseline or ignore file of the project is opened."""
    folder = tmp_path / "repository"
    folder.mkdir()
    built(folder, {**HOSTILE, "lint/rules/my-rule.txt": ""})
    opened = opened_by(folder, tmp_path, "check", "r.json", "deep", "--isolated", "--jobs", "1")
    files = {
        os.path.relpath(each.split(" ", 1)[1], os.path.realpath(folder)) for each in opened if each.startswith("open ")
    }
    assert {each for each in files if not each.startswith("..")} == {"r.json", "deep/r.yaml"}


PIECES = st.sampled_from(["**/", "**", "*", "?", "a", "b", "/", "[ab]", "[!a]", ".", "ab"])
NAMES = st.lists(st.sampled_from(["a", "b", "ab", "/", ".", "c"]), max_size=10).map("".join)


def slowly(pattern: str, at: int, file: str, place: int) -> bool:
    """Match a file pattern as documented, by trying everything."""
    if at == len(pattern):
        return place == len(file) or file[place] == "/"
    if pattern.startswith("**/", at) and (at == 0 or pattern[at - 1] == "/"):
        ends = [place, *(end + 1 for end in range(place, len(file)) if file[end] == "/")]
        return any(slowly(pattern, at + 3, file, end) for end in ends)
    if pattern.startswith("**", at):
        return any(slowly(pattern, at + 2, file, end) for end in range(place, len(file) + 1))
    if pattern[at] == "*":
        slash = file.find("/", place)
        return any(slowly(pattern, at + 1, file, end) for end in range(place, (slash if slash >= 0 else len(file)) + 1))
    if place == len(file):
        return False
    if pattern[at] == "[":
        end = pattern.index("]", at)
        inside = pattern[at + 1 : end]
        taken = file[place] != "/" and (file[place] in inside.lstrip("!")) is not inside.startswith("!")
        return taken and slowly(pattern, end + 1, file, place + 1)
    return (file[place] == pattern[at] or (pattern[at] == "?" and file[place] != "/")) and slowly(
        pattern, at + 1, file, place + 1
    )


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, min_size=1, max_size=6).map("".join), NAMES)
def test_a_file_pattern_takes_what_trying_everything_takes(pattern: str, file: str) -> None:
    """Following all ways through a pattern at once gives the same answer as trying each."""
    whole = pattern.strip("/")
    whole = whole if "/" in whole or pattern.startswith("/") else f"**/{whole}"
    assert matches_file(pattern, file) is slowly(whole, 0, file, 0)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(["**", "*", "a", "b", "0"]), max_size=5), st.recursive(
    st.none(), lambda inner: st.dictionaries(st.sampled_from("ab"), inner) | st.lists(inner, max_size=2), max_leaves=8))  # fmt: skip
def test_a_pointer_pattern_finds_each_place_once(steps: list[str], root: object) -> None:
    """A pattern finds exactly the places whose steps it matches, in the order of the document."""

    def takes(pattern: list[str], place: tuple[str | int, ...]) -> bool:
        if not pattern:
            return not place
        if pattern[0] == "**":
            return any(takes(pattern[1:], place[end:]) for end in range(len(place) + 1))
        return bool(place) and pattern[0] in ("*", str(place[0])) and takes(pattern[1:], place[1:])

    def places(value: object, place: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
        yield place
        inside = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
        for step, each in inside:
            yield from places(each, (*place, step))

    pattern = "".join(f"/{step}" for step in steps)
    found = [place for place, _ in find_places(pattern, root)]
    assert found == [place for place in places(root) if takes(steps, place)]
    for place in found:
        assert matches_pointer(pattern, "".join(f"/{step}" for step in place))


def test_our_own_schemas_are_far_from_the_bounds() -> None:
    """Every profile and rule of reqlint keeps the limits for custom ones, so that a delta of one can be used."""
    schemas = [
        *(shipped().profile(name).schema for name in shipped().profile_names),
        *(r.request for r in shipped().rules.values() if r.request),
    ]
    for schema in schemas:
        assert find_endless(schema) is None
        assert schema_fault(schema) is None


@settings(max_examples=100, deadline=None)
@given(st.data())
def test_both_ways_to_match_agree_on_our_patterns(data: st.DataObject) -> None:
    """The linear matcher and Python's `re` agree on all our patterns, so that either engine can use them."""
    import re

    schemas = [
        *(shipped().profile(name).schema for name in shipped().profile_names),
        *(r.request for r in shipped().rules.values() if r.request),
    ]
    patterns = sorted({each["pattern"] for schema in schemas for _, each in subschemas(schema) if "pattern" in each})
    pattern = data.draw(st.sampled_from(patterns))
    # What is a space or a digit outside of ASCII is another matter to ECMA-262 than to Python, and the matcher is right.
    text = data.draw(
        st.text("".join(map(chr, range(32, 127))), max_size=12) | st.sampled_from(["qwen-plus", "Qwen/x", "a b"])
    )
    assert compile_linear(pattern) is not None
    assert bool(compile_pattern(pattern)(text)) is bool(re.search(re.sub(r"(?<!\\)\$", r"\\Z", pattern), text))


YAML_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-99, 99) | st.text("ab: é", max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text("abc", min_size=1, max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)


@settings(max_examples=100, deadline=None)
@given(st.dictionaries(st.text("abc", min_size=1, max_size=3), YAML_VALUES, max_size=4))
def test_our_yaml_is_read_as_it_is_written(tmp_path_factory: pytest.TempPathFactory, value: dict[str, Any]) -> None:
    """Any JSON value that PyYAML writes as YAML is read back unchanged."""
    import yaml

    path = tmp_path_factory.mktemp("yaml") / "a.yaml"
    path.write_text(yaml.safe_dump(value, allow_unicode=True), "utf-8")
    assert load_yaml(path) == value


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=60) | st.text("{}[]:,&*!<|>-#'\"a1 \n\t.~", max_size=60).map(str.encode))
def test_no_yaml_makes_the_reader_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    """Any YAML file is read, or refused with an error that names it."""
    path = tmp_path_factory.mktemp("yaml") / "a.yaml"
    path.write_bytes(content)
    try:
        json.dumps(load_yaml(path), allow_nan=False)
    except BadData as refused:
        assert "a.yaml" in str(refused)  # noqa: PT017 - whether it raises is the file's affair


def test_a_baseline_is_written_into_the_repository_only(scratch: Scratch) -> None:
    """A baseline outside of the repository is neither read nor written, not even through a link."""
    outside = scratch.folder.parent / f"{scratch.folder.name}-outside.json"
    outside.write_text("precious")
    scratch.write("r.json", {**REQUEST, "zzz": 1})
    for name in (f"../{outside.name}", str(outside)):
        scratch.write("reqlint.toml", f"baseline = '{name}'\n")
        assert scratch.run("baseline", "create", "--force").code == 2
    (scratch.folder / "accepted.json").symlink_to(outside)
    scratch.write("reqlint.toml", WITH_BASELINE)
    assert scratch.run("baseline", "create", "--force").code == 2
    assert outside.read_text() == "precious"


def test_many_comments_take_no_time(tmp_path: Path) -> None:
    """Thousands of suppression comments, of known and unknown rules, are read in linear time."""
    request = "model: qwen-plus\nmessages:\n- {role: user, content: Hi}\n"
    texts = ["# reqlint: ignore[unknown-field] x\n" * 8000, "".join(f"# reqlint: ignore[a{i}] x\n" for i in range(1000)),
             f"# reqlint: ignore[{'a,' * 20_000}] x\n", "# " * 100_000 + "\n", "# reqlint: ignore[" * 5000 + "\n"]  # fmt: skip
    for text in texts:
        (tmp_path / "r.yaml").write_text(text + request)
        done = bounded("check", "r.yaml", "--isolated", "--jobs", "1", "--output-format", "concise", folder=tmp_path)
        assert done.code in (0, 1), done.err
        assert done.seconds < 20  # measured: 0.3 to 2


def test_a_pattern_of_git_is_bounded() -> None:
    """A line longer than any path is not a pattern."""
    assert gitignore.parse_pattern("a" * 5000, "/") is None
    assert gitignore.parse_pattern("a" * 4000, "/") is not None
