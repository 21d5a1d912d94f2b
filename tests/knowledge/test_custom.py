"""A project's own rules and profiles, end to end."""

import json
import os
import pickle
import re
from pathlib import Path
from typing import Any

import pytest

from reqlint import Linter, check
from reqlint.core.errors import BadData
from reqlint.knowledge.catalog import shipped
from reqlint.knowledge.custom import load_custom
from reqlint.run.examples import broken_examples
from reqlint.schema.keyword_rules import GENERIC_RULES
from tests.conftest import ROOT
from tests.support.scratch import REQUEST, Scratch

pytestmark = pytest.mark.core

PAGE = (ROOT / "docs" / "write-a-rule.md").read_text("utf-8")


@pytest.fixture
def company(scratch: Scratch) -> Scratch:
    """Return the project that docs/write-a-rule.md builds."""
    files = re.findall(r"^`([\w./-]+)`:\n\n```\w+\n(.*?)^```", PAGE, re.M | re.S)
    assert len(files) == 6
    for name, content in files:
        scratch.write(name, content)
    return scratch


def test_the_page_shows_what_happens(company: Scratch) -> None:
    """Every command of the page, run on the files of the page, prints what the page shows."""
    shown = re.findall(r"^```console\n\$ reqlint ([^\n]*)\n(.*?)^```", PAGE, re.M | re.S)
    assert len(shown) == 2
    for command, output in shown:
        assert company.run(*command.split()).out == output


def test_the_reference_knows_own_rules_and_profiles(company: Scratch) -> None:
    """explain, rules, profiles and schema include them where the configuration names them, and nowhere else."""
    page = company.run("explain", "missing-cost-center").out
    assert "acme-gateway   warning  accepts it, but not as it reads (documented, read 2026-08-21)" in page
    assert "openai" not in company.run("explain", "missing-cost-center", "-p", "acme-gateway").out
    page = company.run("explain", "missing-cost-center", "--output-format", "markdown").out
    assert "| acme-gateway | warning | accepts it, but not as it reads | documented: " in page
    assert "\n  missing-cost-center  " in company.run("explain", "cost center").out
    listed = company.run("rules", "-p", "acme-gateway").out
    assert re.search(r"^warning +missing-cost-center ", listed, re.M)
    assert re.search(r"^acme-gateway +2026-08-21 +The gateway", company.run("profiles").out, re.M)
    schema = json.loads(company.run("schema", "acme-gateway").out)["properties"]
    assert "trace_id" in schema
    assert "logit_bias" not in schema
    (company.folder / "reqlint.toml").unlink()
    assert company.run("explain", "missing-cost-center").code == 2
    assert "missing-cost-center" not in shipped().rules
    assert "acme-gateway" not in shipped().profile_names


def test_custom_rules_are_treated_like_shipped_ones(company: Scratch) -> None:
    """They can be selected, ignored, given a severity, accepted by a baseline, and appear in every report."""
    found = [("old.json", "missing-cost-center")]
    assert company.findings("old.json") == found
    assert company.findings("old.json", "--select", "missing-cost-center") == found
    assert company.findings("old.json", "--ignore", "hygiene") == []
    assert company.findings("old.json", "-p", "openai", "--ignore", "metadata-without-store") == []
    sarif = json.loads(company.run("check", "old.json", "--output-format", "sarif").out)
    assert sarif["runs"][0]["tool"]["driver"]["rules"][0]["id"] == "missing-cost-center"
    assert "profile acme-gateway (read 2026-08-21)" in company.run("check", "old.json").out
    text = Path("reqlint.toml").read_text("utf-8")
    company.write("reqlint.toml", text + 'severity = {missing-cost-center = "error"}\n')
    assert company.run("check", "old.json").code == 1
    company.write(
        "reqlint.toml", text + '[[ignore]]\nrules = ["missing-cost-center"]\nreason = "older than the gateway"\n'
    )
    assert company.findings("old.json") == []
    company.write("reqlint.toml", text)
    company.run("baseline", "create")
    assert company.findings("old.json", "--baseline", "reqlint-baseline.json") == []


def test_two_projects_do_not_share_rules(company: Scratch) -> None:
    """In a run over several projects a rule and a profile apply only to the files of the project that has them."""
    company.write("other/reqlint.toml", 'profile = "auto"\n')
    company.write(
        "third/reqlint.toml", 'profile = "auto"\nrules = ["../lint/rules"]\nprofiles = ["../lint/profiles"]\n'
    )
    old = Path("old.json").read_text("utf-8")
    company.write("other/old.json", old)
    company.write("third/old.json", old)
    found = company.findings(".")
    assert [file for file, rule in found if rule == "missing-cost-center"] == ["./old.json", "./third/old.json"]
    assert [rule for file, rule in found if file == "./other/old.json"] == ["unknown-field"]


def test_a_linter_takes_folders(company: Scratch) -> None:
    """From Python the folders are arguments; a linter with them can be pickled, and other linters are not affected."""
    linter = Linter("acme-gateway", rules=["lint/rules"], profiles=["lint/profiles"])
    bad = json.loads(Path("old.json").read_text("utf-8"))
    for each in (linter, pickle.loads(pickle.dumps(linter))):  # noqa: S301 - our own bytes
        assert [finding.rule for finding in each.check(bad)] == ["missing-cost-center"]
    assert "missing-cost-center" not in {finding.rule for finding in check(bad, "openai")}
    assert "missing-cost-center" not in shipped().enabled_rules()
    assert company.folder == Path.cwd()


def test_an_edited_file_is_seen_by_the_next_linter(company: Scratch) -> None:
    """Whichever file of a project changes, the next linter is as the file says, and an earlier one stays as it was."""

    def messages(linter: Linter) -> list[str]:
        found = linter.check({**REQUEST, "metadata": {"team": "x"}, "trace_id": 5})
        return [f"{finding.severity}: {finding.message}" for finding in found]

    def after(name: str, old: str, new: str) -> list[str]:
        path = company.folder / name
        before, text = path.stat(), path.read_text("utf-8")
        assert text.count(old) == 1
        assert len(old) == len(new)
        path.write_text(text.replace(old, new), "utf-8")
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))  # neither size nor time gives it away
        return messages(Linter("acme-gateway", rules=["lint/rules"], profiles=["lint/profiles"]))

    first = Linter("acme-gateway", rules=["lint/rules"], profiles=["lint/profiles"])
    missing = "warning: metadata has no cost_center"
    assert messages(first) == [missing, "error: trace_id is 5; this API takes a string"]
    schema = after("lint/profiles/acme-gateway/delta.yaml", "type: string", "type: 'null'")
    assert schema == [missing, "error: trace_id is 5; this API takes null"]
    severity = after("lint/profiles/acme-gateway/evidence.yaml", "effect: altered", "effect: refused")
    assert severity == ["error: metadata has no cost_center", "error: trace_id is 5; this API takes null"]
    message = after("lint/rules/missing-cost-center.yaml", "message: metadata has no", "message: metadata is out")
    assert message[0] == "error: metadata is out cost_center"
    assert messages(first) == [missing, "error: trace_id is 5; this API takes a string"]
    with pytest.raises(BadData, match='no rule "missing-cost-center"'):
        Linter("acme-gateway", profiles=["lint/profiles"])


def test_equal_folders_share_what_was_compiled(company: Scratch) -> None:
    """Linters of the same folders, unchanged, have the same catalog; the one without folders has what is shipped."""
    one, other = (Linter("acme-gateway", rules=["lint/rules"], profiles=["lint/profiles"]) for _ in range(2))
    assert one.catalog is other.catalog is load_custom([company.folder / "lint/rules"], ["lint/profiles"])
    assert Linter("openai").catalog is load_custom() is shipped()


def test_a_profile_can_extend_another_of_the_project(company: Scratch) -> None:
    """Deltas and rules are inherited over several levels; a profile without a delta has its parent's schema."""
    head = (
        'source: {url: "https://wiki.acme.example", read: 2026-08-21}\nendpoints: ["https://x.example"]\nerrors: []\n'
    )
    company.write(
        "lint/profiles/acme-test/profile.yaml", f"name: acme-test\ntitle: The test\nextends: acme-gateway\n{head}"
    )
    catalog = load_custom(["lint/rules"], ["lint/profiles"])
    child, parent = catalog.profile("acme-test"), catalog.profile("acme-gateway")
    assert child.lineage == ("acme-test", "acme-gateway", "openai")
    assert child.schema["properties"] == parent.schema["properties"]
    assert child.schema["$id"] == "reqlint:acme-test"
    linter = Linter("acme-test", rules=["lint/rules"], profiles=["lint/profiles"])
    assert [f.rule for f in linter.check({**REQUEST, "metadata": {"team": "x"}})] == ["missing-cost-center"]


WRONG = [
    ("reqest:", "request:", "unknown key reqest; did you mean request?"),
    ("", "message: metadata has no cost_center\n", "the rule has no message"),
    ("", "request:\n  properties:\n    metadata: {type: object, required: [cost_center]}\n", "the rule has no request"),
    ("each: tool-name\n", "", "does not go with what stands beside it"),
    ("required: cost_center", "required: [cost_center]", "request.properties.metadata.required: is not JSON Schema"),
    ("id: other", "id: missing-cost-center", 'id: is "other", but the file is named missing-cost-center.yaml'),
    ("subject: hygeine", "subject: hygiene", 'subject is "hygeine"; it takes'),
    ("[", "", "line"),
]


@pytest.mark.parametrize(("new", "old", "sentence"), WRONG, ids=[sentence for _, _, sentence in WRONG])
def test_a_broken_rule_file_ends_the_run(company: Scratch, new: str, old: str, sentence: str) -> None:
    """The exit code is 2, and one sentence names the file, the place and what is wrong."""
    path = Path("lint/rules/missing-cost-center.yaml")
    text = path.read_text("utf-8")
    path.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")
    done = company.run("check", "old.json")
    assert done.code == 2
    assert done.err.startswith("error: lint/rules/missing-cost-center.yaml: "), done.err
    assert sentence in done.err


ENTRY = """effect: discouraged
  status: documented
  read: 2026-08-21
  basis: the gateway's configuration
  says: not for requests through the gateway
"""
EVIDENCE = Path("lint/profiles/acme-gateway/evidence.yaml")
WRONG_EVIDENCE = [
    ("effect: refusd", "effect: altered", 'missing-cost-center.effect: effect is "refusd"; it takes'),
    ("missing-cost-centre:", "missing-cost-center:", 'no rule "missing-cost-centre"; did you mean'),
    ("read: yesterday", "read: 2026-08-21", "missing-cost-center.read: "),
    ("proof:", "basis:", "missing-cost-center.proof: unknown key proof"),
    ("- {}", "", "is not YAML"),
    ("wrong-type: []\n", "", "wrong-type: wrong-type has a length of 0; it takes at least 1 item"),
    ("wrong-type: 5\n", "", "wrong-type is 5; it takes an object or an array"),
    ("wrong-type: [5]\n", "", "wrong-type[0]: wrong-type[0] is 5; it takes an object"),
    ("Wrong-type: {}\n", "", "Wrong-type: Wrong-type has no effect"),
]


@pytest.mark.parametrize(("new", "old", "sentence"), WRONG_EVIDENCE, ids=[new for new, _, _ in WRONG_EVIDENCE])
def test_broken_evidence_ends_the_run(company: Scratch, new: str, old: str, sentence: str) -> None:
    """The exit code is 2, and one sentence names the file, the place and what is wrong."""
    text = EVIDENCE.read_text("utf-8")
    EVIDENCE.write_text(text.replace(old, new, 1) if old else text + new, "utf-8")
    done = company.run("check", "old.json")
    assert done.code == 2
    assert done.err.startswith("error: lint/profiles/acme-gateway/evidence.yaml: "), done.err
    assert sentence in done.err


def test_evidence_may_stand_in_the_rule(company: Scratch) -> None:
    """A rule file whose evidence names profiles is read as before; a name that is no profile ends the run."""
    EVIDENCE.unlink()
    rule = Path("lint/rules/missing-cost-center.yaml")
    text = rule.read_text("utf-8")
    done = company.run("check", "old.json")
    assert (done.code, done.err.partition(": ")[2]) == (
        2,
        "lint/rules/missing-cost-center.yaml: the rule has no evidence, neither here nor in the evidence.yaml of a "
        "profile of the project\n",
    )
    entry = ENTRY.replace("\n  ", ", ").strip()
    rule.write_text(f"{text}evidence:\n  - {{profile: [openai, acme-gateway], {entry}}}\n", "utf-8")
    assert company.findings("old.json", "--select", "missing-cost-center") == [("old.json", "missing-cost-center")]
    under_openai = ("old.json", "-p", "openai", "--select", "missing-cost-center")
    assert company.findings(*under_openai) == [("old.json", "missing-cost-center")]
    rule.write_text(f"{text}evidence:\n  - {{profile: acme-gatewy, {entry}}}\n", "utf-8")
    done = company.run("check", "old.json")
    assert done.code == 2
    assert 'missing-cost-center.yaml: evidence[0].profile: no profile "acme-gatewy"; did you mean' in done.err


def test_a_profile_has_evidence_of_its_own_for_shipped_rules(company: Scratch) -> None:
    """Its entry goes before that of the profile it extends, unless it takes no rules, when there is no other."""
    tool = {"type": "function", "function": {"name": "now"}}
    bad = {**REQUEST, "metadata": {"cost_center": "1"}, "tools": [tool, tool]}

    def found() -> dict[str, str]:
        linter = Linter("acme-gateway", rules=["lint/rules"], profiles=["lint/profiles"])
        return {finding.rule: str(finding.severity) for finding in linter.check(bad)}

    before = found()
    assert before["duplicate-tool-name"] in ("error", "warning")
    EVIDENCE.write_text(EVIDENCE.read_text("utf-8") + f"duplicate-tool-name:\n  {ENTRY}", "utf-8")
    assert found() == {**before, "duplicate-tool-name": "note"}
    profile = Path("lint/profiles/acme-gateway/profile.yaml")
    profile.write_text(profile.read_text("utf-8") + "takes-rules: false\n", "utf-8")
    assert found() == {"duplicate-tool-name": "note"}
    EVIDENCE.write_text(re.sub("^duplicate-tool-name:.*", "", EVIDENCE.read_text("utf-8"), flags=re.M | re.S), "utf-8")
    assert found() == {"duplicate-tool-name": "warning"}  # by the evidence of every profile
    assert company.folder == Path.cwd()


UNKNOWN_FACTS = [
    (
        "message",
        "metadata has no {cost_center}",
        'no fact "cost_center"; known: elsewhere, expected, name, profile, value',
    ),
    ("message", "metadata has no cost_center, says {profle}", 'no fact "profle"; did you mean "profile"?'),
    ("message", "metadata is {value}[; it takes {range}]", 'no fact "range"; known: elsewhere, '),
    ("help", "add {field}", 'no fact "field"; known: elsewhere, '),
]


@pytest.mark.parametrize(("key", "template", "sentence"), UNKNOWN_FACTS)
def test_a_fact_that_a_rule_never_gives_is_refused(company: Scratch, key: str, template: str, sentence: str) -> None:
    """A fact in message or help that no keyword of the rule gives ends the run with its name and those there are."""
    path = Path("lint/rules/missing-cost-center.yaml")
    path.write_text(re.sub(rf"^{key}: .*", f"{key}: {template}", path.read_text("utf-8"), flags=re.M), "utf-8")
    done = company.run("check", "old.json")
    assert done.code == 2
    assert done.err.startswith(f"error: lint/rules/missing-cost-center.yaml: {key}: {sentence}"), done.err


def test_a_message_is_filled_with_the_facts_of_the_failed_keyword(company: Scratch) -> None:
    """Facts of the keyword that failed, in the rule or beside x-rule, are filled in; parts without one are left out."""
    rule = company.folder / "lint/rules/missing-cost-center.yaml"
    message = 'message: "{name} is {value}[, not {expected}][, and {owner} has no {field}]"'
    rule.write_text(re.sub("^message: .*", message, rule.read_text("utf-8"), flags=re.M), "utf-8")
    delta = Path("lint/profiles/acme-gateway/delta.yaml")
    named = "  audit: {required: [who], x-rule: missing-cost-center}\n"
    delta.write_text(delta.read_text("utf-8") + named, "utf-8")
    linter = Linter("acme-gateway", rules=["lint/rules"], profiles=["lint/profiles"])
    found = [f.message for f in linter.check({**REQUEST, "metadata": 5}) if f.rule == "missing-cost-center"]
    assert found == ["metadata is 5, not an object"]
    [missing] = linter.check({**REQUEST, "audit": {"why": "x"}})
    assert missing.message.endswith(", and audit has no who")


def test_a_rule_wakes_at_a_key_in_camel_case(company: Scratch) -> None:
    """Keys such as toolConfig can wake a rule and be read by it; a place below the top level cannot."""
    rule = Path("lint/rules/missing-cost-center.yaml").read_text("utf-8")
    asked = rule.replace("at: /metadata", "at: /toolConfig\nreads: [/generationConfig]").replace(
        "metadata: {type: object, required: [cost_center]}", "toolConfig: {required: [mode]}"
    )
    company.write("lint/camel/missing-cost-center.yaml", asked)
    company.write("lint/wide/acme-gateway/evidence.yaml", EVIDENCE.read_text("utf-8"))
    company.write(
        "lint/wide/acme-gateway/profile.yaml", Path("lint/profiles/acme-gateway/profile.yaml").read_text("utf-8")
    )
    company.write("lint/wide/acme-gateway/delta.yaml", "properties: {toolConfig: {type: object}}\n")
    linter = Linter("acme-gateway", rules=["lint/camel"], profiles=["lint/wide"])
    [finding] = linter.check({**REQUEST, "toolConfig": {}})
    assert (finding.rule, finding.pointer) == ("missing-cost-center", "/toolConfig")
    company.write("lint/deep/missing-cost-center.yaml", rule.replace("at: /metadata", "at: /metadata/team"))
    with pytest.raises(BadData, match="which is not what it takes: a top-level key such as /tools or /toolConfig"):
        load_custom(["lint/deep"], ["lint/profiles"])


def test_shipped_names_are_taken(company: Scratch) -> None:
    """A project cannot replace a shipped rule or profile, nor have one of its own twice, nor extend in a circle."""
    rule = Path("lint/rules/missing-cost-center.yaml").read_text("utf-8")
    company.write("lint/more/hygiene/missing-cost-center.yaml", rule)
    with pytest.raises(BadData, match="has a rule of this id as well"):
        load_custom(["lint/rules", "lint/more"], ["lint/profiles"])
    company.write("lint/ours/wrong-type.yaml", rule.replace("id: missing-cost-center", "id: wrong-type"))
    with pytest.raises(BadData, match='reqlint has a rule "wrong-type"'):
        load_custom(["lint/ours"], ["lint/profiles"])
    profile = Path("lint/profiles/acme-gateway/profile.yaml").read_text("utf-8")
    company.write("lint/taken/openai/profile.yaml", profile.replace("name: acme-gateway", "name: openai"))
    with pytest.raises(BadData, match='reqlint has a profile "openai"; extend it under another name'):
        load_custom([], ["lint/taken"])
    company.write(
        "lint/round/a/profile.yaml", profile.replace("acme-gateway", "a").replace("extends: openai", "extends: b")
    )
    company.write(
        "lint/round/b/profile.yaml", profile.replace("acme-gateway", "b").replace("extends: openai", "extends: a")
    )
    with pytest.raises(BadData, match="a extends b extends a, which never ends"):
        load_custom([], ["lint/round"])


def test_broken_examples_are_reported(company: Scratch) -> None:
    """`reqlint rules --test` reports a missing finding, another one, a wrong mark, and a finding in a good example."""
    path = Path("lint/rules/missing-cost-center.yaml")
    text = path.read_text("utf-8")
    for number, (old, new, sentence) in enumerate(
        [
            ('«{"team": "search"}»}\'', '{"cost_center": "«x»"}}\'', "the bad one does not have its finding"),
            ('"metadata": «{"team": "search"}»}\'', '"metadata": {"team": «"search"»}}\'', "the finding covers «"),
            ('}], "metadata": «', '}], "x": 1, "metadata": «', "the bad one has another finding, unknown-field at x"),
            (
                '"metadata": {"cost_center": "cc-1"}',
                '"metadata": {}',
                "the good one has a finding, missing-cost-center at",
            ),
        ]
    ):
        assert old in text
        folder = company.folder / f"rules{number}"
        company.write(f"rules{number}/missing-cost-center.yaml", text.replace(old, new, 1))
        toml = Path("reqlint.toml").read_text("utf-8")
        company.write("reqlint.toml", re.sub(r"^rules = .*", f'rules = ["{folder.name}"]', toml, flags=re.M))
        done = company.run("rules", "--test")
        assert done.code == 1
        assert f"missing-cost-center, example 1, under acme-gateway: {sentence}" in done.out, done.out


def test_shipped_examples_pass_the_same_test() -> None:
    """The examples of shipped rules pass what the examples of custom rules must pass, unless a profile takes them."""
    rules: list[Any] = [rule for rule in shipped().rules.values() if rule.examples and rule.id not in GENERIC_RULES]
    assert [sentence for rule in rules[::7] for sentence in broken_examples(rule, shipped())] == []
