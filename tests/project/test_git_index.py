"""Files that git tracks are found whatever `.gitignore` says; its index is read without git, and within bounds."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reqlint.project import git_index
from reqlint.project.git_index import GitIndex, read_names
from tests.support.scratch import Scratch
from tests.support.timing import growth

needs_git = pytest.mark.skipif(shutil.which("git") is None, reason="git writes the index that is read")
TYPO = '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hi"}], "steam": true}'


def git(folder: Path, *words: str) -> bytes:
    """Run git in *folder*, and return what it prints."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("GIT_")}
    return subprocess.run(["git", "-C", str(folder), *words], check=True, capture_output=True, env=environment).stdout


@needs_git
@pytest.mark.parametrize("hashes", ["sha1", "sha256"])
@pytest.mark.parametrize("version", ["2", "4"])
@pytest.mark.parametrize("intended", [False, True], ids=["", "with an entry of version 3"])
def test_names_are_those_that_git_lists(tmp_path: Path, version: str, hashes: str, intended: bool) -> None:
    """Whatever the version of the index and the length of object names, the names are those of `git ls-files`."""
    git(tmp_path, "init", "-q", f"--object-format={hashes}")
    git(tmp_path, "config", "index.version", version)
    for name in ("a.json", "b/c.json", "b/cc.json", "b/c/d e.json", "é.json", "x" * 150 + ".json", "z" * 7, "z" * 8):
        (tmp_path / name).parent.mkdir(exist_ok=True, parents=True)
        (tmp_path / name).write_text(name)
    git(tmp_path, "add", "-A")
    if intended:
        (tmp_path / "later.json").write_text("")
        git(tmp_path, "add", "-N", "later.json")
    data = (tmp_path / ".git" / "index").read_bytes()
    assert data[4:8] == int(version if version == "4" or not intended else "3").to_bytes(4)
    listed = git(tmp_path, "ls-files", "-z", "--cached").split(b"\0")[:-1]
    assert list(read_names(data)) == listed
    index = GitIndex(str(tmp_path))
    for each in listed:
        path = tmp_path / os.fsdecode(each)
        assert index.tracks(str(path), is_folder=False)
        assert index.tracks(str(path.parent), is_folder=True) == (path.parent != tmp_path)
        assert not index.tracks(f"{path}x", is_folder=False)
    assert not index.tracks(str(tmp_path / "b" / "c" / "d"), is_folder=True)


@needs_git
def test_what_git_tracks_is_searched_whatever_ignores_it(scratch: Scratch) -> None:
    """Files that were added by force are found, in ignored folders too, and nothing else there; not with --isolated."""
    git(scratch.folder, "init", "-q")
    scratch.write(".gitignore", "build/\n*.tmp.json\n")
    tracked = ("build/kept.json", "build/deep/kept.json", "kept.tmp.json")
    for name in (
        *tracked,
        "build/left.json",
        "build/deep/left.json",
        "build/other/left.json",
        "left.tmp.json",
        "a.json",
    ):
        scratch.write(name, TYPO)
    assert [file for file, _ in scratch.findings(".")] == ["./a.json"]
    git(scratch.folder, "add", "-f", *tracked)
    assert sorted(file for file, _ in scratch.findings(".")) == sorted(f"./{name}" for name in (*tracked, "a.json"))
    shutil.rmtree(scratch.folder / ".git" / "objects")  # git itself is not asked
    assert len(scratch.findings(".")) == 4


def entry(name: bytes, version: int = 2) -> bytes:
    """Return an entry of an index."""
    if version == 4:
        return b"\0" * 62 + b"\0" + name + b"\0"
    written = b"\0" * 62 + name
    return written + b"\0" * (8 - len(written) % 8)


def made(names: list[bytes], version: int = 2) -> bytes:
    """Return an index."""
    head = b"DIRC" + version.to_bytes(4) + len(names).to_bytes(4)
    return head + b"".join(entry(name, version) for name in names)


@settings(max_examples=200, deadline=None)
@given(st.lists(st.binary(min_size=1, max_size=20)), st.sampled_from([2, 3, 4, 9]), st.data())
def test_a_damaged_index_tracks_what_can_be_read(names: list[bytes], version: int, data: st.DataObject) -> None:
    """No bytes make it raise or run on; the names before the damage are read."""
    whole = made(names, version)
    cut = data.draw(st.integers(0, len(whole)))
    damaged = whole[:cut] + data.draw(st.binary(max_size=8)) + whole[cut:]
    assert len(list(read_names(damaged))) <= len(names) + 1 or int.from_bytes(damaged[8:12]) > len(names)
    assert len(list(read_names(whole[:cut]))) <= len(names)


def test_names_that_unpack_to_gigabytes_are_not_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """In version 4 each name may repeat the one before it; what all of them come to is limited, and so is each."""
    monkeypatch.setattr(git_index, "MOST_BYTES", 100_000)
    long = made([b"a" * 4000, *[b"b"] * 1000], 4)
    assert sum(map(len, read_names(long))) <= 100_000
    assert list(read_names(made([b"a" * 4097]))) == []


@pytest.mark.parametrize("what", ["link", "folder", "long", "file"])
def test_an_index_that_leads_elsewhere_or_is_too_long_is_not_read(
    tmp_path: Path, what: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A link, a folder, an index beyond the limit and a `.git` that is a file track nothing."""
    there = tmp_path / "there"
    there.write_bytes(made([b"a.json"]))
    folder = tmp_path / "repository"
    folder.mkdir()
    if what == "file":
        (folder / ".git").write_text(f"gitdir: {tmp_path}\n")
    else:
        (folder / ".git").mkdir()
        index = folder / ".git" / "index"
        if what == "link":
            index.symlink_to(there)
        elif what == "folder":
            index.mkdir()
        else:
            index.write_bytes(there.read_bytes())
            assert GitIndex(str(folder)).tracks(str(folder / "a.json"), is_folder=False)
            monkeypatch.setattr(git_index, "MOST_BYTES", 50)
    assert not GitIndex(str(folder)).tracks(str(folder / "a.json"), is_folder=False)


def test_reading_takes_time_in_proportion() -> None:
    """Four times the names take four times the time, in both forms."""
    for version in (2, 4):
        took = growth(
            lambda data: sum(1 for _ in read_names(data)),
            lambda count, version=version: made([b"folder/%d.json" % number for number in range(count)], version),
            2000,
            below=9,
        )
        assert took < 9
