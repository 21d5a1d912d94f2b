"""Real pre-commit runs the hook on a real repository."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

BAD_JSON = '{"model": "qwen-3.5", "messages": [{"role": "user", "content": "Hi"}], "n": 11}\n'
BAD_LINE = '{"custom_id": "a", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "messages": 1}}'
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
    """Make a git repository with one bad fixture of each form, and files that are no business of ours."""
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
    """Give a git repository of the working tree, as it is now, to take the hook from."""
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
    """`pre-commit try-repo` hands all three forms to the hook, and strangers among them are no findings."""
    command = (sys.executable, "-m", "pre_commit", "try-repo", str(hooks), "reqlint", "--all-files", "--verbose")
    tried = run(*command, cwd=repository, PRE_COMMIT_HOME=str(tmp_path / "home"), REQLINT_OUTPUT_FORMAT="concise")
    assert tried.returncode == 1, tried.stdout + tried.stderr
    assert "request.json:1:77: out-of-range" in tried.stdout
    assert "batch.jsonl:1:104: wrong-type" in tried.stdout
    assert "request.yaml:3:11: unknown-role" in tried.stdout
    assert "package.json" not in tried.stdout
    assert "tsconfig.json" not in tried.stdout


def test_the_manifest_lists_what_exists(root: Path) -> None:
    """Both names of the manifest are one file, pre-commit accepts it, and every hook's command is one of ours."""
    manifest = root / ".pre-commit-hooks.yaml"
    assert (root / "pre-commit-hooks.yaml").resolve() == manifest.resolve()
    checked = run(sys.executable, "-m", "pre_commit", "validate-manifest", str(manifest), cwd=root)
    assert checked.returncode == 0, checked.stdout
    for hook in yaml.safe_load(manifest.read_text("utf-8")):
        words = hook["entry"].split()
        helped = run(sys.executable, "-m", *words[:2], "--help", cwd=root)
        assert helped.returncode == 0
        assert all(word in helped.stdout for word in words[2:])
