"""``docs-url``: reports link to the project's own page about a rule, and to nothing else."""

import json

import pytest

from reqlint.project.docs_urls import docs_url, fault_in_template
from tests.support.durations import untimed
from tests.support.scratch import Scratch

URL = "https://docs.example/lint/{rule}.html?v=1#why"
WRONG = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "temprature": 1, "tools": []}
FILE = [WRONG, WRONG]


@pytest.fixture
def checked(scratch: Scratch) -> Scratch:
    """Return a project with a file of two requests that have the same two mistakes."""
    scratch.write("a.jsonl", FILE)
    return scratch


def run(scratch: Scratch, form: str, *options: str) -> str:
    """Return the report of the file in a format."""
    return scratch.run("check", "-p", "openai", "--output-format", form, "a.jsonl", *options).out


@pytest.mark.parametrize("form", ["human", "json", "jsonl", "sarif", "github", "gitlab", "html", "rdjson", "rdjsonl"])
def test_reports_link_to_the_page_of_each_rule(checked: Scratch, form: str) -> None:
    """Each format has the address for each rule, by the option as by the configuration; without one there is none."""
    assert "docs.example" not in run(checked, form)
    by_option = run(checked, form, "--docs-url", URL)
    for rule in ("unknown-field", "empty-tools"):
        assert str(docs_url(URL, rule)) in by_option.replace("%3A", ":")
    checked.write("reqlint.toml", f'docs-url = "{URL}"\n')
    assert untimed(run(checked, form)) == untimed(by_option)


def test_the_terminal_names_a_page_once(checked: Scratch) -> None:
    """However many findings a rule has, people see its address once."""
    out = run(checked, "human", "--docs-url", URL)
    assert out.count("= docs: https://docs.example/lint/unknown-field.html?v=1#why\n") == 1
    assert out.count("error[unknown-field]") == 2


def test_programs_get_it_where_they_look_for_it(checked: Scratch) -> None:
    """JSON has it with each finding, SARIF as the rule's helpUri, rdjson as the url of the code."""
    page = docs_url(URL, "unknown-field")
    findings = json.loads(run(checked, "json", "--docs-url", URL))["findings"]
    assert {f["docs_url"] for f in findings if f["rule"] == "unknown-field"} == {page}
    [driver] = [run["tool"]["driver"] for run in json.loads(run(checked, "sarif", "--docs-url", URL))["runs"]]
    assert page in [rule.get("helpUri") for rule in driver["rules"]]
    codes = [each["code"] for each in json.loads(run(checked, "rdjson", "--docs-url", URL))["diagnostics"]]
    assert {"value": "unknown-field", "url": page} in codes
    assert all(finding["docs_url"] is None for finding in json.loads(run(checked, "json"))["findings"])


HOSTILE = [
    "javascript:alert(1)//{rule}", "data:text/html,{rule}", "file:///etc/{rule}", "//h.example/{rule}", "{rule}", "",
    "https://{rule}.example/", "https://h.example{rule}/", "https://user:word@h.example/{rule}", "https:///{rule}",
    "https://h.example/{rule}\n", "https://h.example/\x1b[31m{rule}", "https://h.example/ {rule}", "https://h.example/",
    "https://h.example/{rule}\u202e", "https://h.example/\u00e9{rule}", "https://h.example/{rule}){x", "https://h.example/<{rule}>",
    "https://h.example/{rule}/{other}", 'https://h.example/"{rule}', "https://h.example/`{rule}`", "https://h.example:999999/{rule}",
    "https://h.example/[{rule}](x)", "https://h.example/" + "a" * 500 + "{rule}", "ftp://h.example/{rule}",
]  # fmt: skip


@pytest.mark.parametrize("template", HOSTILE)
def test_an_address_that_could_act_is_refused(checked: Scratch, template: str) -> None:
    """By the command line, and by the configuration with the line; nothing of it is printed."""
    assert fault_in_template(template)
    done = checked.run("check", "--docs-url", template, "a.jsonl")
    assert (done.code, done.out) == (2, "")
    checked.write("reqlint.toml", f"\ndocs-url = {json.dumps(template)}\n")
    done = checked.run("check", "a.jsonl")
    assert (done.code, done.out) == (2, "")
    assert "reqlint.toml:2:1: docs-url " in done.err
    assert len(template) < 3 or template.strip() not in done.err.replace("https://docs.example/rules/{rule}", "")


@pytest.mark.parametrize(
    "template",
    ["https://docs.example/{rule}", "http://localhost:8000/r?id={rule}", "HTTPS://a-b.example/x/{rule}/{rule}#{rule}"],
)
def test_an_ordinary_address_is_taken(template: str) -> None:
    """Host, port, path, query and fragment are as they are in any address."""
    assert fault_in_template(template) is None
    assert docs_url(template, "empty-tools") == template.replace("{rule}", "empty-tools")
    assert docs_url("", "empty-tools") is None
