"""The real pre-commit runs the hooks on a real repository."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

pytestmark = [
    pytest.mark.outside,
    pytest.mark.skipif(shutil.which("git") is None, reason="pre-commit works on a git repository, and there is no git"),
]

BAD_JSON = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hi"}], "n": 11}\n'
BAD_LINE = '{"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "messages": 1}}'
FIXABLE = '{"model": "qwen-3.5", "messages": [{"role": "User", "content": "Hi"}], "steam": true, "n": 2}\n'
BAD_YAML = "model: qwen-3.5\nmessages:\n  - role: bot\n    content: Hi\n"


def run(*command: str, cwd: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a program in *cwd*."""
    return subprocess.run(
        command,
        cwd=cwd,
        capture_output=True,
        text=True,
        encoding="utf-8",
        env={**os.environ, **environment},
        check=False,
    )


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """Return a git repository with one bad request in each file format, and files that hold no requests."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    (folder / "request.json").write_text(BAD_JSON, "utf-8")
    (folder / "batch.jsonl").write_text(BAD_LINE, "utf-8")
    (folder / "request.yaml").write_text(BAD_YAML, "utf-8")
    (folder / "package.json").write_text('{"name": "shop", "version": "1.0.0"}\n', "utf-8")
    (folder / "tsconfig.json").write_text('{\n  // comments are allowed here\n  "strict": true\n}\n', "utf-8")
    assert run("git", "init", "-q", cwd=folder).returncode == 0
    assert run("git", "add", "-A", cwd=folder).returncode == 0
    return folder


@pytest.fixture
def hooks(tmp_path: Path, root: Path) -> Path:
    """Return a git repository of the working tree as it is now, which the hook is taken from."""
    clone = tmp_path / "hooks"
    assert run("git", "clone", "-q", str(root), str(clone), cwd=tmp_path).returncode == 0
    listed = run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard", cwd=root).stdout
    for name in filter(None, listed.split("\0")):
        source, target = root / name, clone / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_symlink() or not source.exists():
            continue
        target.write_bytes(source.read_bytes())
    run("git", "add", "-A", cwd=clone)
    author = ("-c", "user.name=test", "-c", "user.email=test@example.com")
    run("git", *author, "commit", "-q", "-m", "as it is", cwd=clone)
    return clone


def test_pre_commit_judges_json_jsonl_and_yaml(repository: Path, hooks: Path, tmp_path: Path) -> None:
    """`pre-commit try-repo` passes all three file formats to the hook; files without requests have no findings."""
    command = (sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "reqlint", "--all-files", "--verbose")
    tried = run(*command, cwd=repository, PRE_COMMIT_HOME=str(tmp_path / "home"), REQLINT_OUTPUT_FORMAT="concise")
    assert tried.returncode == 1, tried.stdout + tried.stderr
    assert "request.json:1:77: out-of-range" in tried.stdout
    assert "batch.jsonl:1:104: wrong-type" in tried.stdout
    assert "request.yaml:3:11: unknown-role" in tried.stdout
    assert "package.json" not in tried.stdout
    assert "tsconfig.json" not in tried.stdout


def test_pre_commit_holds_tools_against_required_apis(repository: Path, hooks: Path, tmp_path: Path) -> None:
    """The hook reads what the configuration requires, passes over files without tools, and shows the table."""
    schema = {"type": "object", "properties": {"at": {"type": ["string", "null"]}}}
    tools = {"tools": [{"name": "look_up", "description": "Look it up", "inputSchema": schema}]}
    (repository / "tools.json").write_text(json.dumps(tools), "utf-8")
    (repository / "reqlint.toml").write_text('require = ["openai", "gemini"]\n', "utf-8")
    assert run("git", "add", "-A", cwd=repository).returncode == 0
    command = (sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "reqlint-compat", "--all-files", "--verbose")
    tried = run(*command, cwd=repository, PRE_COMMIT_HOME=str(tmp_path / "home"))
    assert tried.returncode == 1, tried.stdout + tried.stderr
    assert "required: openai (takes all), gemini (1 finding)" in tried.stdout
    assert "request.json" not in tried.stdout
    (repository / "reqlint.toml").write_text('require = ["openai", "gemini-json"]\n', "utf-8")
    assert run("git", "add", "-A", cwd=repository).returncode == 0
    tried = run(*command, cwd=repository, PRE_COMMIT_HOME=str(tmp_path / "home"))
    assert tried.returncode == 0, tried.stdout + tried.stderr


@pytest.mark.parametrize(
    "filters",
    [{"files": "^fixtures/"}, {"files": "^fixtures/", "exclude": "^fixtures/old/"}],
    ids=["files", "files and exclude"],
)
def test_filters_of_a_project_keep_code_and_prose_out(tmp_path: Path, root: Path, filters: dict[str, str]) -> None:
    """A project that says where its fixtures are still has only data checked there, and code beside it passed over."""
    (hook, *_) = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))
    folder = tmp_path / "scratch"
    (folder / "fixtures" / "old").mkdir(parents=True)
    code = 'def f(messages):\n    return {"model": "m", "messages": messages, "role": 1}\n'
    texts = {
        **dict.fromkeys(
            ("other.json", "fixtures/request.json", "fixtures/old/request.json", "fixtures/a.txt"), BAD_JSON
        ),
        "fixtures/batch.jsonl": BAD_LINE,
        "fixtures/request.yaml": BAD_YAML,
        "fixtures/conftest.py": code,
        "fixtures/NOTES.md": "messages: a\nmodel: b\n- role\n",
        "fixtures/curl.sh": "curl https://api.openai.com/v1/chat/completions -d '{\"messages\": 1}'\n",
    }
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    local = {
        **{key: value for key, value in hook.items() if key != "minimum_pre_commit_version"},
        "language": "system",
        "entry": f"{sys.executable} -m {hook['entry']}",
        **filters,
    }
    (folder / ".pre-commit-config.yaml").write_text(
        yaml.safe_dump({"repos": [{"repo": "local", "hooks": [local]}]}), "utf-8"
    )
    for command in (["git", "init", "-q"], ["git", "add", "-A"]):
        assert run(*command, cwd=folder).returncode == 0
    tried = run(
        sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose", cwd=folder,
        PRE_COMMIT_HOME=str(tmp_path / "home"), PYTHONPATH=str(root), REQLINT_OUTPUT_FORMAT="concise",
    )  # fmt: skip
    assert tried.returncode == 1, tried.stdout + tried.stderr
    reported = {line.split(":")[0] for line in tried.stdout.splitlines() if line.startswith(("fixtures/", "other"))}
    assert reported == {"fixtures/request.json", "fixtures/batch.jsonl", "fixtures/request.yaml"} | (
        set() if "exclude" in filters else {"fixtures/old/request.json"}
    )


@pytest.mark.parametrize("hook", [0, 1])
def test_a_projects_own_files_filter_hands_over_only_data(tmp_path: Path, root: Path, hook: int) -> None:
    """With a `files` of the project in place of the hook's own, pre-commit itself keeps out what is not data."""
    manifest = yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))[hook]
    folder = tmp_path / "scratch"
    folder.mkdir()
    data = {"a.json", "b.jsonl", "c.ndjson", "d.yaml", "e.yml", *(() if hook else ("f.har",))}
    for name in (*data, "g.py", "h.md", "i.sh", "json", "j.json.txt"):
        (folder / name).write_text("{}\n", "utf-8")
    printing = {
        **{key: value for key, value in manifest.items() if key != "minimum_pre_commit_version"},
        "language": "system",
        "entry": f"{sys.executable} -c 'import sys; print(*sys.argv[1:], sep=chr(10))'",
        "files": "^[a-j]",
    }
    config = {"repos": [{"repo": "local", "hooks": [printing]}]}
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    for command in (["git", "init", "-q"], ["git", "add", "-A"]):
        assert run(*command, cwd=folder).returncode == 0
    tried = run(
        sys.executable, "-m", "pre_commit", "run", "--all-files", "--verbose", cwd=folder,
        PRE_COMMIT_HOME=str(tmp_path / "home"),
    )  # fmt: skip
    handed_over = {line for line in tried.stdout.splitlines() if (folder / line).is_file()}
    assert handed_over == data


def test_the_manifest_lists_what_exists(root: Path) -> None:
    """Both names of the manifest are one file, pre-commit accepts it, and every hook runs an existing command."""
    manifest = root / ".pre-commit-hooks.yaml"
    assert (root / "pre-commit-hooks.yaml").resolve() == manifest.resolve()
    checked = run(sys.executable, "-m", "pre_commit", "validate-manifest", str(manifest), cwd=root)
    assert checked.returncode == 0, checked.stdout
    for hook in yaml.safe_load(manifest.read_text("utf-8")):
        words = hook["entry"].split()
        helped = run(sys.executable, "-m", *words[:2], "--help", cwd=root)
        assert helped.returncode == 0
        assert all(word in helped.stdout for word in words[2:])


def test_pre_commit_runs_the_fixing_hook(tmp_path: Path, root: Path) -> None:
    """The hook reqlint-fix fixes the file, exits 1 to stop the commit, and passes the second time."""
    hooks = {hook["id"]: hook for hook in yaml.safe_load((root / ".pre-commit-hooks.yaml").read_text("utf-8"))}
    entry = hooks["reqlint-fix"]["entry"].split()
    assert entry[0] == "reqlint"
    folder = tmp_path / "scratch"
    folder.mkdir()
    (folder / "request.json").write_text(FIXABLE, "utf-8")
    (folder / "tsconfig.json").write_text('{"strict": "true"}\n', "utf-8")
    config = {
        "repos": [{"repo": "local", "hooks": [{
            **{key: value for key, value in hooks["reqlint-fix"].items() if key != "minimum_pre_commit_version"},
            "language": "system", "entry": f"{sys.executable} -m {' '.join(entry)}",
        }]}]
    }  # fmt: skip
    (folder / ".pre-commit-config.yaml").write_text(yaml.safe_dump(config), "utf-8")
    environment = {**os.environ, "PRE_COMMIT_HOME": str(tmp_path / "home"), "PYTHONPATH": str(root)}

    def commit() -> subprocess.CompletedProcess[str]:
        for command in (["git", "init", "-q"], ["git", "add", "-A"]):
            subprocess.run(command, cwd=folder, check=True, env=environment)
        return subprocess.run(
            [sys.executable, "-m", "pre_commit", "run", "--all-files"],
            cwd=folder, capture_output=True, text=True, check=False, env=environment,
        )  # fmt: skip

    first = commit()
    assert first.returncode == 1, first.stdout + first.stderr
    fixed = json.loads((folder / "request.json").read_text("utf-8"))
    assert (fixed["messages"][0]["role"], fixed["stream"]) == ("user", True)
    assert json.loads((folder / "tsconfig.json").read_text("utf-8")) == {"strict": "true"}
    second = commit()
    assert second.returncode == 0, second.stdout + second.stderr
