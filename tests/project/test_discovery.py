"""Which files a folder stands for: those with a suffix that reqlint reads, in whatever case it is written."""

import re
from collections.abc import Callable
from itertools import product
from pathlib import Path

import pytest
import yaml

from reqlint.cli.init import _HOOK
from reqlint.project.discovery import SUFFIXES, find_inputs, has_suffix
from tests.support.scratch import Scratch

ROOT = Path(__file__).parents[2]
PLAIN = tuple(suffix for suffix in SUFFIXES if suffix.count(".") == 1)
RECORDED = (".har", ".httprr")
CASES: tuple[Callable[[str], str], ...] = (str.lower, str.upper, str.title, str.swapcase)


@pytest.mark.parametrize(("suffix", "case"), list(product(SUFFIXES, CASES)))
def test_the_case_of_a_suffix_does_not_matter(tmp_path: Path, suffix: str, case: Callable[[str], str]) -> None:
    """UPPER.JSON in a folder is looked at as upper.json is, and a name that only ends alike is not."""
    for name in (f"A{case(suffix)}", f"b{case(suffix)}x", f"c{case(suffix)[1:]}"):
        (tmp_path / name).touch()
    found = [Path(each.name).name for each in find_inputs([str(tmp_path)])]
    assert found == [f"A{case(suffix)}"]


def test_requests_are_read_whatever_the_case_of_their_suffix(scratch: Scratch) -> None:
    """The form follows from the suffix in any case, so that the findings are the same."""
    wrong = '{"model": "m", "messages": [{"role": "user", "content": "Hi"}], "max_token": 1}'
    texts = {
        "JSON": wrong,
        "JsonL": f"{wrong}\n{wrong}\n",
        "NDJSON": f"{wrong}\n",
        "YML": wrong,
        "Yaml": f"# x\n{wrong}\n",
    }
    for suffix, text in texts.items():
        scratch.write(f"UPPER.{suffix}", text)
        scratch.write(f"lower/UPPER.{suffix.lower()}", text)
    findings = scratch.report("-p", "openai", ".")["findings"]
    places = [(each["file"].lower().replace("lower/", ""), each["line"], each["rule"]) for each in findings]
    assert len(places) == 12
    assert sorted(places) == sorted(places[:6] * 2)


def test_the_hooks_pass_the_files_that_a_folder_has() -> None:
    """Each hook's filter takes the suffixes of a folder in any case, and no other; `--fix` leaves recordings alone."""
    hooks = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))
    local = yaml.safe_load(_HOOK)["repos"][0]["hooks"]
    for hook in (*hooks, *local):
        wanted, unwanted = re.compile(hook["files"]), re.compile(hook.get("exclude", r"(?!)"))
        for suffix, case in product(PLAIN, CASES):
            name = f"a/B{case(suffix)}"
            passed = bool(wanted.search(name)) and not unwanted.search(name)
            assert has_suffix(name)
            assert passed == (hook["id"] == "reqlint" or suffix not in RECORDED), (hook["id"], name)
        assert not any(wanted.search(name) for name in ("json", "a.jsonc", "a.json.txt", "a.yamlx", "a.toml"))


def test_rules_of_a_project_are_read_whatever_the_case_of_their_suffix(scratch: Scratch) -> None:
    """A rule in MINE.YAML is not passed over in silence."""
    scratch.write("rules/MINE.YAML", "no: rule\n")
    scratch.write("reqlint.toml", 'rules = ["rules"]\n')
    scratch.write("a.json", {"messages": []})
    done = scratch.run("check", "a.json")
    assert done.code == 2
    assert "MINE.YAML" in done.err
