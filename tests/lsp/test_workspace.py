"""What an editor is shown of a document: its findings, by its own configuration, in its own positions."""

# ruff: noqa: E501 - tables, read at a glance

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reqlint.lsp.actions import actions, fix_all, resolved
from reqlint.lsp.diagnostics import diagnostics
from reqlint.lsp.lens import code_lenses
from reqlint.lsp.positions import TextPositions, without_half_pairs
from reqlint.lsp.workspace import MOST_FINDINGS, EditorWorkspace, path_of
from reqlint.project.project import Project
from reqlint.text.lines import Lines

BAD = {"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}], "max_token": 5}
ALL = {"start": {"line": 0, "character": 0}, "end": {"line": 9999, "character": 0}}


def opened(text: str, name: str = "/x/a.json", **options: Any) -> tuple[EditorWorkspace, str]:
    """Return a workspace with one open document, and its URI."""
    workspace, uri = EditorWorkspace(options.pop("given", {}), **options), Path(name).as_uri()
    assert workspace.open(uri, text, 1, "")
    return workspace, uri


def shown(workspace: EditorWorkspace, uri: str) -> list[tuple[str, str]]:
    """Return the rule of each diagnostic, and the text that it marks."""
    analysis = workspace.analyse(uri)
    assert analysis is not None
    at = analysis.positions.offset
    return [
        (each.get("code", ""), analysis.text[at(each["range"]["start"]) : at(each["range"]["end"])])
        for each in diagnostics(analysis)
    ]


@pytest.mark.parametrize(
    ("name", "text", "expected"),
    [
        ("a.json", json.dumps(BAD), [("unknown-role", '"usr"'), ("unknown-field", '"max_token"')]),
        ("a.json", json.dumps({**BAD, "prompt_cache_key": "\U0001f600é"}, ensure_ascii=False, indent=1).replace("\n", "\r\n"),
         [("unknown-role", '"usr"'), ("unknown-field", '"max_token"')]),
        ("a.json", '\r{"prompt_cache_key": "\U0001f600",\r "messages": [\r\n{"role": "usr", "content": ""}],\r"model": "gpt-4o"}', [("unknown-role", '"usr"')]),
        ("a.jsonl", '\n{"a": "\U0001f600"}\n' + json.dumps(BAD) + "\n", [("unknown-role", '"usr"'), ("unknown-field", '"max_token"')]),
        ("a.yaml", "# é\U0001f600\nmodel: gpt-4o\nmessages:\n  - {role: usr, content: \U0001f600}\n---\nmodel: gpt-4o\nmessages: [{role: user, content: Hi}]\nmax_token: 5\n",
         [("unknown-role", "usr"), ("unknown-field", "max_token")]),
        ("a.yaml", "interactions:\n- request:\n    method: POST\n    uri: https://api.openai.com/v1/chat/completions\n    body: '" + json.dumps(BAD) + "'\n  response: {status: {code: 401}, body: {string: '{}'}}\n",
         [("unknown-role", '"usr"'), ("unknown-field", '"max_token"')]),
        ("a.har", json.dumps({"log": {"entries": [{"request": {"method": "POST", "url": "https://api.openai.com/v1/chat/completions",
            "postData": {"text": json.dumps(BAD)}}, "response": {"status": 401, "content": {}}}]}}), [("unknown-role", '\\"usr\\"'), ("unknown-field", '\\"max_token\\"')]),
        ("package.json", '{"name": "x", "version": "1.0.0"}', []),
        ("broken.json", '{"name": "x", "version": ', []),
    ],
)  # fmt: skip
def test_every_form_has_its_findings_where_they_stand(name: str, text: str, expected: list[tuple[str, str]]) -> None:
    """Ranges count UTF-16 units and the line ends of the protocol; what is no request has no diagnostics."""
    assert shown(*opened(text, f"/x/{name}", isolated=True)) == expected


@given(st.text(st.sampled_from("a\n\ré\U0001f600\u2028\x85\t"), max_size=30))
def test_positions_and_offsets_are_inverse(text: str) -> None:
    """Every offset that is not inside of a line end has a position, which leads back; regions agree with that."""
    positions = TextPositions(text)
    for offset in range(len(text) + 1):
        if text[offset - 1 : offset + 1] != "\r\n":
            assert positions.offset(positions.position(offset)) == offset
    region = Lines(text, 1).region((len(text) // 3, len(text)))
    assert positions.span(region) == (len(text) // 3, len(text))
    assert positions.range(region) == positions.range_of(len(text) // 3, len(text))


def test_half_a_pair_stays_one_unit() -> None:
    """A text from an editor may hold half a surrogate pair; nothing behind it moves."""
    workspace, uri = opened('{"user": "\ud83d", ' + json.dumps(BAD)[1:], isolated=True)
    assert shown(workspace, uri)[-1] == ("unknown-field", '"max_token"')
    assert len(without_half_pairs("a\ud83d\ud83d")) == 3


# ------------------------------------------------------------------------------------------------------ configuration


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a folder that is the top of a repository."""
    (tmp_path / ".git").mkdir()
    return tmp_path


def test_the_files_own_configuration_and_baseline_count(project: Path) -> None:
    """Suppressed, accepted and excluded findings are not shown; a changed configuration is read when told so."""
    (project / "reqlint.toml").write_text('[[ignore]]\nrules = ["unknown-role"]\nreason = "on purpose"\n')
    workspace, uri = opened(json.dumps(BAD), str(project / "a.json"))
    assert shown(workspace, uri) == [("unknown-field", '"max_token"')]
    (project / "a.json").write_text(json.dumps(BAD))
    from click.testing import CliRunner

    from reqlint.cli.group import cli

    made = CliRunner().invoke(cli, ["baseline", "create", str(project / "a.json"), "--baseline", str(project / "reqlint-baseline.json")])  # fmt: skip
    assert made.exit_code == 0, made.output
    workspace.reload()
    assert shown(workspace, uri) == []
    (project / "reqlint-baseline.json").unlink()
    (project / "reqlint.toml").write_text('exclude = ["a.json"]\n')
    workspace.reload()
    assert shown(workspace, uri) == []
    (project / "reqlint.toml").write_text('profile = "anthropic"\n')
    workspace.reload()
    assert "unknown-role" not in dict(shown(workspace, uri)) or "anthropic" in json.dumps(
        code_lenses(workspace.analyse(uri))  # type: ignore[arg-type]  # it is open
    )


def test_a_suppression_comment_counts(project: Path) -> None:
    """A comment in YAML silences its finding in the editor as well."""
    text = "model: gpt-4o\nmessages: [{role: user, content: Hi}]\nmax_token: 5  # reqlint: ignore[unknown-field] on purpose\n"
    assert shown(*opened(text, str(project / "a.yaml"))) == []


def test_a_configuration_that_breaks_leaves_the_last_good_one(project: Path) -> None:
    """While it is typed the documents keep their findings, and the mistake is told with its place."""
    config = project / "reqlint.toml"
    config.write_text('[[ignore]]\nrules = ["unknown-role"]\nreason = "on purpose"\n')
    workspace, uri = opened(json.dumps(BAD), str(project / "a.json"))
    assert shown(workspace, uri) == [("unknown-field", '"max_token"')]
    config.write_text('profile = "openai"\n[[ignore]\nrules = [')
    workspace.reload()
    workspace.change(uri, json.dumps({**BAD, "n": 1}), 2)
    assert shown(workspace, uri) == [("unknown-field", '"max_token"')]
    problem = workspace.analyse(uri).problem  # type: ignore[union-attr]  # it is open
    assert problem is not None
    assert (problem.path, problem.line) == (config, 2)
    config.write_text("")
    workspace.reload()
    assert [rule for rule, _ in shown(workspace, uri)] == ["unknown-role", "unknown-field"]
    assert workspace.analyse(uri).problem is None  # type: ignore[union-attr]  # it is open


def test_the_files_that_decide_are_watched_and_no_others(project: Path) -> None:
    """Configurations, baselines, and the folders of rules and profiles that a configuration names."""
    (project / "mine").mkdir()
    rule = project / "mine" / "x.yaml"
    rule.write_text("id: [\n")
    (project / "reqlint.toml").write_text('rules = ["mine"]\n')
    workspace, uri = opened(json.dumps(BAD), str(project / "a.json"))
    assert shown(workspace, uri) == []
    problem = workspace.analyse(uri).problem  # type: ignore[union-attr]  # it is open
    assert problem is not None
    assert problem.path == rule
    for name, counts in {"reqlint.toml": True, "x/pyproject.toml": True, "mine/x.yaml": True, "a.yaml": False}.items():
        assert workspace.depends_on((project / name).as_uri()) == counts, name
    assert not workspace.depends_on("untitled:reqlint.toml")


def test_with_a_configuration_broken_from_the_start_nothing_is_judged(project: Path) -> None:
    """Findings that the project has silenced would be wrong; only the mistake is told."""
    (project / "reqlint.toml").write_text("profile = 5\n")
    workspace, uri = opened(json.dumps(BAD), str(project / "a.json"))
    assert shown(workspace, uri) == []
    assert workspace.analyse(uri).problem is not None  # type: ignore[union-attr]  # it is open


def test_an_unknown_profile_is_said_in_the_document() -> None:
    """There is no file to mend when the command line names it."""
    workspace, uri = opened(json.dumps(BAD), isolated=True, given={"profile": "opnai"})
    [said] = diagnostics(workspace.analyse(uri))  # type: ignore[arg-type]  # it is open
    assert 'no profile "opnai"' in said["message"]


def test_what_the_settings_say_a_file_holds_is_judged_as_that(project: Path) -> None:
    """With ``as``, a request is judged before it looks like one."""
    (project / "reqlint.toml").write_text('[[per-file]]\nfiles = ["a.json"]\nas = "request"\nprofile = "openai"\n')
    workspace, uri = opened('{"n": 500, ', str(project / "a.json"))
    assert shown(workspace, uri) == [("out-of-range", "500"), ("invalid-json", "")]


def test_a_page_of_the_project_is_linked_only_where_there_is_one() -> None:
    """There is no address of ours to link to."""
    workspace, uri = opened(json.dumps(BAD), isolated=True)
    assert all("codeDescription" not in each for each in diagnostics(workspace.analyse(uri)))  # type: ignore[arg-type]
    template = "https://docs.example/rules/{rule}"
    workspace, uri = opened(json.dumps(BAD), isolated=True, given={"docs-url": template})
    [first, _] = diagnostics(workspace.analyse(uri))  # type: ignore[arg-type]  # it is open
    assert first["codeDescription"] == {"href": "https://docs.example/rules/unknown-role"}


@pytest.mark.parametrize(
    ("uri", "language", "is_known"),
    [
        ("file:///x/a.txt", "json", True),
        ("untitled:Untitled-1", "yaml", True),
        ("untitled:Untitled-1", "plaintext", False),
        ("file:///x/a.txt", "plaintext", False),
        ("file:///x/a.json.gz", "json", False),
        ("git:/x/a.json", "json", False),
        ("vscode-vfs://host/a.json", "json", False),
        ("file:///x/a%00.json", "json", False),
        ("file://[/a.json", "json", False),
    ],
)
def test_only_files_and_unsaved_texts_are_judged(uri: str, language: str, is_known: bool) -> None:
    """A document elsewhere, or without a form, is left alone."""
    workspace = EditorWorkspace(isolated=True)
    assert bool(workspace.open(uri, json.dumps(BAD), 1, language)) == is_known
    assert (workspace.analyse(uri) is not None) == is_known


def test_paths_of_uris() -> None:
    """As editors write them, on a drive of Windows and on another machine, too."""
    assert path_of("file:///a%20b/c.json") == Path("/a b/c.json")
    assert path_of("file:///c%3A/x/a.json") == Path("c:/x/a.json")
    assert path_of("https://example.com/a.json") is None


# ------------------------------------------------------------------------------------------------- while being changed


def test_messages_out_of_order_do_no_harm() -> None:
    """A change of what is not open, an older version, a second closing: the newest text that is known counts."""
    workspace = EditorWorkspace(isolated=True)
    uri = "file:///x/a.json"
    assert not workspace.change(uri, "{}", 3)
    assert workspace.analyse(uri) is None
    workspace.close(uri)
    workspace.open(uri, json.dumps(BAD), 5, "json")
    assert not workspace.change(uri, "{}", 4)
    assert len(shown(workspace, uri)) == 2
    workspace.close(uri)
    assert workspace.analyse(uri) is None


def test_a_text_that_changes_while_it_is_judged_is_judged_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """The findings of the older text are never taken for those of the newer one."""
    workspace, uri = opened(json.dumps(BAD), isolated=True)
    mark = Project.mark

    def change_meanwhile(*arguments: Any) -> Any:
        monkeypatch.setattr(Project, "mark", mark)
        workspace.change(uri, json.dumps({**BAD, "max_token": 6, "n": 500}), 2)
        return mark(*arguments)

    monkeypatch.setattr(Project, "mark", change_meanwhile)
    first = workspace.analyse(uri)
    assert first is not None
    assert first.version == 1
    assert [rule for rule, _ in shown(workspace, uri)] == ["unknown-role", "unknown-field", "out-of-range"]


def test_the_first_findings_are_shown_of_many() -> None:
    """And one remark that there are more; a long file is not judged to its end for them."""
    workspace, uri = opened((json.dumps(BAD) + "\n") * 2000, "/x/a.jsonl", isolated=True)
    found = diagnostics(workspace.analyse(uri))  # type: ignore[arg-type]  # it is open
    assert len(found) == MOST_FINDINGS + 1
    assert found[0]["message"] == "only the first 500 findings are shown"


def test_a_text_that_is_too_long_is_not_judged() -> None:
    """One remark says so."""
    workspace, uri = opened('{"a": "' + "x" * 4_000_000, isolated=True)
    [said] = diagnostics(workspace.analyse(uri))  # type: ignore[arg-type]  # it is open
    assert said["message"] == "more than 4,000,000 characters are not judged while they are typed"


# -------------------------------------------------------------------------------------------------------------- fixes


def applied(text: str, edit: dict[str, Any]) -> str:
    """Return *text* after the edits of a workspace edit."""
    [change] = edit["documentChanges"]
    at = TextPositions(text).offset
    for each in sorted(change["edits"], key=lambda each: at(each["range"]["start"]), reverse=True):
        text = text[: at(each["range"]["start"])] + each["newText"] + text[at(each["range"]["end"]) :]
    return text


def test_fixes_are_edits_and_unsafe_ones_say_so() -> None:
    """Each fix of a finding at the range is offered, and makes what `check --fix` makes."""
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "\U0001f600"}], "max_token": 5, "top_p": "1"}
    text = json.dumps(request, ensure_ascii=False)
    workspace, uri = opened(text, isolated=True)
    offered = [each for each in actions(workspace, uri, ALL) if each["kind"] == "quickfix"]
    assert offered
    for each in offered:
        assert each["isPreferred"] == (not each["title"].endswith(" (may change the meaning)"))
        [diagnostic] = each["diagnostics"]
        workspace.change(uri, applied(text, each["edit"]), None)
        assert diagnostic["code"] not in [rule for rule, _ in shown(workspace, uri)]
        workspace.change(uri, text, None)
    here = {"start": {"line": 0, "character": 1}, "end": {"line": 0, "character": 1}}
    assert [each["kind"] for each in actions(workspace, uri, here)] == ["source.fixAll.reqlint"]


@pytest.mark.parametrize("name", ["a.json", "a.jsonl"])
def test_all_safe_fixes_are_one_edit_made_in_memory(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """JSON Lines, too, are fixed without a file; the edit touches only what changes, and is for this version."""
    monkeypatch.setattr("tempfile.mkstemp", None)
    request = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "max_token": 5, "temprature": 1}
    line = json.dumps(request)
    text = f"{line}\n{line}\n" if name == "a.jsonl" else line
    workspace, uri = opened(text, f"/x/{name}", isolated=True)
    edit = fix_all(workspace, uri)
    assert edit is not None
    assert edit["documentChanges"][0]["textDocument"] == {"uri": uri, "version": 1}
    assert applied(text, edit) == text.replace("max_token", "max_tokens").replace("temprature", "temperature")
    [offered] = [each for each in actions(workspace, uri, ALL) if each["kind"] == "source.fixAll.reqlint"]
    assert resolved(workspace, offered)["edit"] == edit
    assert actions(workspace, uri, ALL, ["source.fixAll"])[0]["edit"] == edit
    workspace.change(uri, text + " ", 2)
    assert "edit" not in resolved(workspace, offered)
    assert fix_all(workspace, uri, versioned=False)["changes"][uri]  # type: ignore[index]  # there are fixes


def test_the_lens_says_who_judges_and_why() -> None:
    """One line above the document, for one request or many."""
    workspace, uri = opened(json.dumps(BAD), isolated=True)
    [lens] = code_lenses(workspace.analyse(uri))  # type: ignore[arg-type]  # it is open
    assert lens["command"]["title"] == "reqlint: judged by openai (model gpt-4o)"
    both: list[dict[str, Any]] = [{"model": model, "messages": []} for model in ("gpt-4o", "deepseek-chat")]
    workspace, uri = opened("".join(json.dumps(each) + "\n" for each in both), "/x/a.jsonl", isolated=True)
    [lens] = code_lenses(workspace.analyse(uri))  # type: ignore[arg-type]  # it is open
    title = lens["command"]["title"]
    assert title == "reqlint: judged by openai × 1 (model gpt-4o), deepseek × 1 (model deepseek-chat)"
    workspace, uri = opened('{"name": "x"}', "/x/package.json", isolated=True)
    assert code_lenses(workspace.analyse(uri)) == []  # type: ignore[arg-type]  # it is open
