"""Whatever happens while a file is written, the old file or the complete new one is there, and no edit is lost."""

import json
import os
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from reqlint.core.errors import NotWritten
from reqlint.project.discovery import find_inputs
from reqlint.text.atomic_write import PREFIX, SUFFIX, Replacement, stamp_of
from tests.support.faults import EDIT, FIXED, LINE, PLAIN, SCENARIOS, Struck
from tests.support.generated import ROOT
from tests.support.scratch import Scratch

IS_ROOT = hasattr(os, "geteuid") and os.geteuid() == 0
FULL = Path("/dev/full")
WRITES = ("atomic_write.py", "baseline.py")
RAISED = {"full": "no space left on device", "interrupt": "interrupted", "memory": "out of memory"}


@cache
def struck(scenario: str, stroke: str, *modules: str) -> tuple[Struck, ...]:
    """Interrupt a scenario at each of its steps, or at those in some modules."""
    swift = {"TMPDIR": "/dev/shm"} if Path("/dev/shm").is_dir() else {}  # noqa: S108 - a disk in memory syncs at once
    run = subprocess.run(
        [sys.executable, "-m", "tests.support.faults", scenario, stroke, *modules],
        cwd=ROOT, env={**os.environ, **swift}, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=True,
    )  # fmt: skip
    found = tuple(Struck(**json.loads(line)) for line in run.stdout.splitlines())
    assert len(found) > 30, "the interrupted code was moved to other modules"
    assert not found[-1].where
    return found


def mixed(scenario: str, outcomes: tuple[Struck, ...]) -> list[Struck]:
    """Return the outcomes that left anything but the old file or the complete new one."""
    before, wanted, whole = SCENARIOS[scenario].before, SCENARIOS[scenario].after, outcomes[-1].files
    assert all(text in ("...", whole[name]) for name, text in wanted.items())
    return [
        each
        for each in outcomes
        if any(each.files.get(name) not in (before.get(name), whole[name]) for name in wanted)
        or any(each.files[name] != text for name, text in before.items() if name not in wanted)
    ]


@pytest.mark.parametrize("scenario", SCENARIOS)
def test_a_kill_at_any_step_leaves_the_old_file_or_the_new(scenario: str) -> None:
    """SIGKILL before any writing line leaves no mixture, and at most one temporary file, recognisable by its name."""
    outcomes = struck(scenario, "kill", *(() if scenario in ("fix-jsonl", "split", "init-pyproject") else WRITES))
    assert mixed(scenario, outcomes) == []
    assert {each.code for each in outcomes[:-1]} == {-9}
    for each in outcomes:
        strange = set(each.files) - set(SCENARIOS[scenario].before) - set(SCENARIOS[scenario].after)
        assert len(strange) <= {"split": 2, "split-chunk": 4}.get(scenario, 1)
        assert all(name.startswith(PREFIX) and name.endswith(SUFFIX) for name in strange)


@pytest.mark.parametrize("stroke", ["end", *RAISED])
@pytest.mark.parametrize("scenario", ["fix-jsonl", "split", "split-chunk", "init"])
def test_a_failure_at_any_step_leaves_nothing_behind(scenario: str, stroke: str) -> None:
    """A full disk, Ctrl-C, SIGTERM or lack of memory leaves the old file or the new, and no temporary file."""
    outcomes = struck(scenario, stroke, "atomic_write.py")
    assert mixed(scenario, outcomes) == []
    for each in outcomes:
        assert set(each.files) <= set(SCENARIOS[scenario].before) | set(SCENARIOS[scenario].after), each
        assert "Traceback" not in each.err, each
        if each.where and each.code not in (0, 1):  # an optional step, such as keeping the owner, may fail
            assert each.code == {"end": 143}.get(stroke, 2), each
            assert stroke == "end" or RAISED[stroke] in each.err or " changed " in each.err, each


@pytest.mark.parametrize("scenario", ["fix-json", "fix-jsonl", "fix-yaml", "baseline-force", "init-pyproject"])
def test_an_edit_by_somebody_else_survives(scenario: str) -> None:
    """An edit made while the file is being fixed survives, except between the last look and the rename."""
    outcomes = struck(scenario, "edit", *(() if scenario == "fix-jsonl" else ("atomic_write.py",)))
    [name] = SCENARIOS[scenario].after
    lost = [each.where for each in outcomes[:-1] if EDIT not in each.files[name]]
    assert len(lost) <= 4, "the window is one look and one rename"
    assert {where.rpartition(":")[2] for where in lost} <= {"stamp_of", "commit"}
    # An edit before the file is read makes findings, which have the exit code of an input that changed, too.
    is_fix = scenario.startswith("fix")
    refused = [each for each in outcomes if (each.code == 1 and "changed" in each.err if is_fix else each.code == 2)]
    assert refused
    reasons = ("changed after it was read", "changed while it was read", "TOML", "baseline")
    assert all(any(reason in each.err for reason in reasons) for each in refused)
    assert not any("Traceback" in each.err for each in outcomes)


# ------------------------------------------------------------------------------------------------------ one replacement


def put(path: Path, text: bytes = b"new", **how: object) -> None:
    """Replace a file by a text."""
    with Replacement(path, **how) as made:  # type: ignore[arg-type]  # each test gives what it is about
        made.file.write(text)
        made.commit()


def test_nobody_sees_half_a_file(tmp_path: Path) -> None:
    """The old file is there until the commit; a replacement that is not committed leaves no trace."""
    path = tmp_path / "a"
    path.write_text("old")
    with Replacement(path) as made:
        made.file.write(b"n" * 100_000)
        made.finish()
        assert path.read_text() == "old"
        assert stat.S_IMODE(made.temporary.stat().st_mode) & 0o077 <= stat.S_IMODE(path.stat().st_mode)
    assert [each.name for each in tmp_path.iterdir()] == ["a"]
    put(path)
    assert path.read_text() == "new"
    assert [each.name for each in tmp_path.iterdir()] == ["a"]


def test_a_symbolic_link_stays_one(tmp_path: Path) -> None:
    """The target of a link is replaced, through several links, even if it does not exist; a circle is an error."""
    (tmp_path / "far").mkdir()
    (tmp_path / "far" / "real").write_text("old")
    (tmp_path / "one").symlink_to("far/real")
    (tmp_path / "two").symlink_to("one")
    put(tmp_path / "two")
    assert (tmp_path / "two").readlink() == Path("one")
    assert (tmp_path / "far" / "real").read_text() == "new"
    (tmp_path / "nowhere").symlink_to("far/fresh")
    put(tmp_path / "nowhere")
    assert (tmp_path / "far" / "fresh").read_text() == "new"
    (tmp_path / "round").symlink_to("round")
    with pytest.raises(NotWritten, match=r"cannot write .*round: too many levels"):
        put(tmp_path / "round")


def test_hard_links_are_not_separated(scratch: Scratch) -> None:
    """A file with two names is not written, which is an error and exit code 2; other files are fixed."""
    scratch.write("a.json", json.loads(LINE))
    os.link("a.json", "b.json")
    scratch.write("c.json", LINE)
    done = scratch.run("check", "--fix", "a.json", "c.json")
    assert done.code == 2
    assert "cannot write a.json: the file has 2 names (hard links)" in done.err
    assert Path("a.json").samefile("b.json")
    assert json.loads(Path("a.json").read_text()) == json.loads(LINE)
    assert Path("c.json").read_text() == FIXED


def test_mode_and_attributes_are_kept(tmp_path: Path) -> None:
    """The new file has the old one's mode, special bits included, and extended attributes; its times are new."""
    path = tmp_path / "a"
    path.write_text("old")
    os.utime(path, (1, 1))
    for mode in (0o600, 0o640, 0o644, 0o755, 0o2750, 0o4755, 0o1644):
        path.chmod(mode)
        put(path)
        assert stat.S_IMODE(path.stat().st_mode) == mode
    assert path.stat().st_mtime > 1
    try:
        os.setxattr(path, "user.note", b"kept")
    except (AttributeError, OSError):
        pytest.skip("this file system takes no extended attributes")
    put(path)
    assert os.getxattr(path, "user.note") == b"kept"


@pytest.mark.skipif(not IS_ROOT, reason="only root can give a file away")
def test_owner_and_group_are_kept(tmp_path: Path) -> None:
    """A file fixed by root keeps its owner, group and set-user-id bit."""
    path = tmp_path / "a"
    path.write_text("old")
    os.chown(path, 1234, 2345)
    path.chmod(0o6755)
    put(path)
    status = path.stat()
    assert (status.st_uid, status.st_gid, stat.S_IMODE(status.st_mode)) == (1234, 2345, 0o6755)


def test_a_new_file_has_the_mode_of_its_origin(tmp_path: Path) -> None:
    """A file made from a private file is private; a report has the usual mode of new files."""
    (tmp_path / "secret").write_text("{}")
    (tmp_path / "secret").chmod(0o600)
    put(tmp_path / "good", like=tmp_path / "secret")
    assert stat.S_IMODE((tmp_path / "good").stat().st_mode) == 0o600
    put(tmp_path / "report")
    (tmp_path / "plain").touch()
    assert (tmp_path / "report").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_new_file_never_replaces_another(tmp_path: Path) -> None:
    """With `new`, neither a file, a dangling link, nor a file created in the meantime is replaced."""
    (tmp_path / "there").write_text("old")
    (tmp_path / "link").symlink_to("nowhere")
    for name in ("there", "link"):
        with pytest.raises(NotWritten, match="it exists already"):
            put(tmp_path / name, new=True)
    with Replacement(tmp_path / "late", new=True) as made:
        (tmp_path / "late").write_text("theirs")
        with pytest.raises(NotWritten, match="it exists already"):
            made.commit()
    assert (tmp_path / "late").read_text() == "theirs"
    assert not (tmp_path / "nowhere").exists()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["late", "link", "there"]


def _rewritten(path: Path) -> None:
    status = path.stat()
    path.write_text("OLD")  # the same length and, below, the same time
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def _swapped(path: Path) -> None:
    path.with_name("b").write_text("old")
    path.with_name("b").replace(path)


EDITS: list[Callable[[Path], object]] = [_rewritten, _swapped, Path.unlink, lambda path: path.write_text("longer")]


@pytest.mark.parametrize("edit", EDITS)
def test_every_kind_of_change_is_noticed(tmp_path: Path, edit: Callable[[Path], object]) -> None:
    """A file is not overwritten if it was edited with the same length and time, replaced, lengthened or deleted."""
    path = tmp_path / "a"
    path.write_text("old")
    stamp = stamp_of(path)
    edit(path)
    left = path.read_text() if path.exists() else None
    with pytest.raises(NotWritten, match="it was changed after it was read"):
        put(path, expecting=stamp)
    assert (path.read_text() if path.exists() else None) == left


def test_devices_and_pipes_are_written_into(tmp_path: Path) -> None:
    """/dev/null stays a device, a pipe receives the text, and redirected standard output is continued."""
    put(Path(os.devnull))
    assert stat.S_ISCHR(Path(os.devnull).stat().st_mode)
    os.mkfifo(tmp_path / "pipe")
    with subprocess.Popen(["cat", tmp_path / "pipe"], stdout=subprocess.PIPE) as reader:
        put(tmp_path / "pipe")
        assert reader.communicate()[0] == b"new"
    script = (
        "import sys; from pathlib import Path; from tests.fixes.test_no_lost_data import put;"
        "print('before', flush=True); put(Path('/dev/stdout')); print(' after')"
    )
    with (tmp_path / "out").open("wb") as out:
        subprocess.run([sys.executable, "-c", script], cwd=ROOT, stdout=out, check=True)
    assert (tmp_path / "out").read_text() == "before\nnew after\n"


@pytest.mark.skipif(not FULL.exists(), reason="this system has no disk that is always full")
def test_a_full_device_is_one_error(scratch: Scratch) -> None:
    """A report that does not fit on the device is one error message and exit code 2."""
    scratch.write("a.json", LINE)
    done = scratch.run("check", "a.json", "--output-format", f"json:{FULL}")
    assert (done.code, done.err.strip()) == (2, f"error: cannot write {FULL}: no space left on device")


def test_a_limit_on_file_sizes_acts_as_a_full_disk(tmp_path: Path) -> None:
    """If files may not grow, the old file stays, no other file is left, and an error says why."""
    resource = pytest.importorskip("resource")
    path = tmp_path / "a.jsonl"
    path.write_text(f"{PLAIN}\n" * 2000 + LINE)
    before = path.read_bytes()

    def limit() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (4096, 4096))

    # NOTE: Python does not notice that bytecode is cut off by the limit, and later processes would read it.
    around = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"}
    for arguments in (["check", "--fix", "a.jsonl"], ["split", "a.jsonl", "--good", "a", "--bad", "b"]):
        run = subprocess.run(
            [sys.executable, "-m", "reqlint", *arguments],
            cwd=tmp_path, env=around, capture_output=True, text=True, check=False, preexec_fn=limit,
        )  # fmt: skip
        assert run.returncode == 2, run
        assert run.stderr.count("\n") <= 2
        assert "file too large" in run.stderr
        assert path.read_bytes() == before
        assert [each.name for each in tmp_path.iterdir()] == ["a.jsonl"]


def test_concurrent_runs_leave_a_complete_file(scratch: Scratch) -> None:
    """Of twenty runs that fix one file at once, each ends cleanly or reports the others' change; the file is fixed."""
    lines = [json.loads(LINE), json.loads(PLAIN)] * 50
    scratch.write("a.jsonl", lines)
    fixed = Path("a.jsonl").read_text().replace("max_token", "max_tokens")
    command = [sys.executable, "-m", "reqlint", "check", "--fix", "-q", "a.jsonl"]
    around = {**os.environ, "PYTHONPATH": str(ROOT)}
    runs = [subprocess.Popen(command, env=around, stderr=subprocess.PIPE, text=True) for _ in range(20)]
    ends = [(run.communicate()[1], run.returncode) for run in runs]
    assert Path("a.jsonl").read_text() == fixed
    changed = re.compile("it (was )?changed (after|while) it was read")
    assert all(code == 0 or (code == 1 and changed.search(err)) for err, code in ends), ends
    assert ("", 0) in ends
    assert sorted(each.name for each in scratch.folder.iterdir()) == [".git", "a.jsonl"]


def test_a_report_never_replaces_requests(scratch: Scratch) -> None:
    """A report is not written over a file whose requests were just checked, whatever name it is given."""
    scratch.write("a.json", LINE)
    Path("link").symlink_to("a.json")
    for name in ("a.json", "./a.json", "link"):
        done = scratch.run("check", "a.json", "--output-format", f"json:{name}")
        assert done.code == 2
        assert f"cannot write {name}: it holds requests" in done.err
        assert json.loads(Path("a.json").read_text()) == json.loads(LINE)


def test_a_baseline_replaces_only_baselines(scratch: Scratch) -> None:
    """--force replaces an old baseline, and no other file that was named by mistake."""
    scratch.write("a.json", LINE)
    scratch.write("b.json", PLAIN)
    done = scratch.run("baseline", "create", "--force", "--baseline", "b.json", "a.json")
    assert (done.code, done.err) == (2, "error: b.json: is not a baseline of reqlint\n")
    assert json.loads(Path("b.json").read_text()) == json.loads(PLAIN)


def test_temporary_files_are_not_checked(tmp_path: Path) -> None:
    """A temporary file that a killed run left behind is skipped in its folder."""
    with Replacement(tmp_path / "a.json") as made:
        assert list(find_inputs([str(tmp_path)])) == []
        assert made.temporary.exists()


def test_pipes_and_devices_in_a_folder_are_skipped(scratch: Scratch) -> None:
    """A pipe without a writer does not block a run: pipes and devices count as skipped, and the files are judged."""
    scratch.write("b.json", PLAIN)
    os.mkfifo("a.json")
    os.mkfifo("c.jsonl")
    Path("z.yaml").symlink_to("/dev/zero")
    for arguments in (["check"], ["check", "--fix"], ["check", "--diff"], ["check", "--jobs", "2"]):
        done = scratch.run(*arguments, "-v", ".")
        assert done.code == 0, done
        if "--diff" not in arguments:
            assert "a.json: it is a pipe" in done.out + done.err
            assert "z.yaml: it is a device" in done.out + done.err
    assert scratch.run("baseline", "create", ".").code == 0
    assert "cannot read ./a.json: it is a pipe" in scratch.run("audit", ".").err


def test_a_pipe_that_is_named_is_read_once(scratch: Scratch) -> None:
    """A pipe, as ``<(command)`` passes it, is judged like a file with positions, and cannot be fixed."""
    os.mkfifo("pipe.jsonl")
    text = f"{PLAIN}\n{LINE}\n"
    for options in ([], ["--diff"], ["--fix"]):
        with subprocess.Popen(["sh", "-c", "cat > pipe.jsonl"], stdin=subprocess.PIPE) as writer:
            writer.stdin.write(text.encode())  # type: ignore[union-attr]  # it was asked for
            writer.stdin.close()  # type: ignore[union-attr]
            done = scratch.run("check", "--output-format", "concise", *options, "pipe.jsonl")
            if options:
                assert (done.code, "cannot fix pipe.jsonl: it is a pipe" in done.err) == (2, True)
                Path("pipe.jsonl").read_bytes()
                continue
            assert done.code == 0
            assert "pipe.jsonl:2:" in done.out
    assert scratch.run("check", "/dev/zero").code == 1


def test_an_unlistable_folder_is_a_finding(scratch: Scratch, monkeypatch: pytest.MonkeyPatch) -> None:
    """A subfolder that cannot be listed is a finding, and the other folders are judged."""
    scratch.write("closed/a.json", LINE)
    scratch.write("open/b.json", LINE)
    scandir = os.scandir

    def guarded(path: str) -> object:
        if str(path).endswith("closed"):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    findings = scratch.report(".")["findings"]
    assert [(f["file"], f["rule"]) for f in findings] == [
        ("./closed", "unreadable-input"), ("./open/b.json", "unknown-field")
    ]  # fmt: skip
    assert findings[0]["message"] == "cannot be read: it is a folder that cannot be listed: permission denied"
    assert scratch.run("audit", ".").code == 1


DISKS = {
    "full": ("mount -t tmpfs -o size=256k none .", "true", "no space left on device"),
    "read-only": ("mount -t tmpfs -o size=4m none .", "mount -o remount,ro .", "read-only file system"),
}


@pytest.mark.parametrize("disk", DISKS)
def test_an_unwritable_disk_changes_nothing(tmp_path: Path, disk: str) -> None:
    """On a full or read-only disk, every command that writes reports that, and no file changes."""
    mount, before, says = DISKS[disk]
    (tmp_path / "disk").mkdir()
    script = f"""
        cd {tmp_path}/disk && {mount} && cd . && cd {tmp_path}/disk || exit 77
        for n in $(seq 2000); do echo '{PLAIN}'; done > a.jsonl; echo '{LINE}' >> a.jsonl
        cp a.jsonl {tmp_path}/before; {before}
        for command in 'check --fix a.jsonl' 'split a.jsonl --good good --bad bad' 'baseline create a.jsonl' \\
            'init -q' 'check a.jsonl --output-format json:out.json'; do
            [ {disk} = full ] && dd if=/dev/zero of=ballast bs=1k 2>/dev/null
            "$@" $command 2>> {tmp_path}/err; echo $? >> {tmp_path}/codes
        done
        cmp a.jsonl {tmp_path}/before && ls -A > {tmp_path}/left
    """
    space = ["unshare", "--mount", *([] if IS_ROOT else ["--user", "--map-root-user"]), "sh", "-c", script, "sh"]
    try:
        run = subprocess.run(
            [*space, sys.executable, "-m", "reqlint"],
            env={**os.environ, "PYTHONPATH": str(ROOT)}, capture_output=True, text=True, check=False,
        )  # fmt: skip
    except FileNotFoundError:
        pytest.skip("this system has no way to mount a disk for one process")
    if run.returncode == 77 or "unshare" in run.stderr:
        pytest.skip("this system does not let a process mount a disk of its own")
    assert run.returncode == 0, run
    errors = (tmp_path / "err").read_text().splitlines()
    assert (tmp_path / "codes").read_text().split() == ["2"] * 5, errors
    assert len([line for line in errors if line.startswith("error: cannot ") and says in line]) == 5, errors
    assert set((tmp_path / "left").read_text().split()) <= {"a.jsonl", "ballast"}


def test_a_file_name_that_is_not_utf8_works(scratch: Scratch) -> None:
    """A file whose name is not UTF-8 is judged and fixed, and a baseline recognises it."""
    name = os.fsdecode(b"d\xff/a\xfe.json")
    try:
        scratch.write(name, LINE)
    except OSError:
        pytest.skip("this file system takes no such names")
    assert scratch.run("baseline", "create", ".").code == 0
    assert scratch.run("check", "--baseline", "reqlint-baseline.json", "--fail-on", "note", ".").code == 0
    assert scratch.run("baseline", "audit", ".").code == 0
    assert scratch.run("check", "--fix", "--isolated", ".").code == 0  # otherwise the baseline there accepts it
    assert Path(name).read_text() == FIXED
    assert "1 entry removed" in scratch.run("baseline", "prune", ".").out
