"""The pytest plugin, in separate pytest runs."""

import os
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

GOOD = '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hello"}]}'
BAD = '{"model": "qwen-plus", "messages": [{"role": "user"}]}'
WARNED = '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hello"}], "max_token": 5}'
TURNS = (
    '{"model": "qwen-plus", "messages": [{"role": "user", "content": "Hello"}, '
    '{"role": "assistant", "content": "Hi"}, {"role": "user", "content": "How are you?"}]}'
)

Run = Callable[..., pytest.RunResult]


@pytest.fixture
def run(
    pytester: pytest.Pytester,
    monkeypatch: pytest.MonkeyPatch,
    root: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Run:
    """Return a function that runs pytest with the plugin, as the declared entry point loads it."""
    declared = tomllib.loads((root / "pyproject.toml").read_text("utf-8"))["project"]["entry-points"]["pytest11"]
    site = tmp_path_factory.mktemp("site")
    installed = site / "reqlint_under_test-0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: reqlint-under-test\nVersion: 0\n", "utf-8")
    lines = [f"{name} = {module}" for name, module in declared.items()]
    (installed / "entry_points.txt").write_text("\n".join(["[pytest11]", *lines]), "utf-8")
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join([str(root), str(site)]))
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)

    def run(*arguments: str) -> pytest.RunResult:
        unused = ("cacheprovider", "hypothesispytest", "anyio", *(() if "-n" in arguments else ("xdist",)))
        without = [word for name in unused for word in ("-p", f"no:{name}")]
        return pytester.runpytest_subprocess(*without, "-W", "error", *arguments)

    return run


@pytest.fixture
def fixtures(pytester: pytest.Pytester) -> Path:
    """Return a project's folder of good and bad fixtures, beside a test."""
    pytester.makepyfile(test_own="def test_own(): pass")
    folder = pytester.mkdir("fixtures")
    (folder / "good.json").write_text(GOOD, "utf-8")
    (folder / "bad.json").write_text(BAD, "utf-8")
    (folder / "package.json").write_text('{"name": "no request"}', "utf-8")
    (folder / "notes.txt").write_text("not looked at", "utf-8")
    return folder


@pytest.mark.usefixtures("fixtures")
def test_each_request_file_is_a_test(run: Run) -> None:
    """Each file is one test: it passes, fails with its findings, or is skipped if it holds no request."""
    result = run("--reqlint", "fixtures", "-rs")
    result.assert_outcomes(passed=2, failed=1, skipped=1)
    result.stdout.fnmatch_lines(
        [
            "*fixtures/bad.json*",
            "error?missing-field?: *",
            "  --> fixtures/bad.json:1:37   /messages/0",
            "*|*{*",
            "*^^^*",
            "SKIPPED*: fixtures/package.json holds no request",
        ]
    )
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_tool_list_is_a_test(run: Run, fixtures: Path) -> None:
    """A list of tools passes, or fails with its findings, as a request does."""
    tool = '{"name": "seat", "inputSchema": {"type": "object", "properties": {"guests": {"type": "array"%s}}}}'
    (fixtures / "tools.json").write_text('{"tools": [' + tool % ', "items": {}' + "]}", "utf-8")
    run("--reqlint", "fixtures/tools.json").assert_outcomes(passed=2)
    (fixtures / "tools.json").write_text('{"tools": [' + tool % "" + "]}", "utf-8")
    result = run("--reqlint", "fixtures/tools.json")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["error?array-without-items?: *", "*/tools/0/inputSchema/properties/guests"])


def test_requests_of_other_wire_shapes_are_tests(run: Run, pytester: pytest.Pytester) -> None:
    """A request to Anthropic's API or to Gemini's is judged in its own shape."""
    folder = pytester.mkdir("shapes")
    (folder / "a.json").write_text('{"model": "claude-haiku-4-5", "max_tokens": 5, "system": "x", "messages": []}')
    (folder / "g.json").write_text('{"contents": [{"role": "user", "parts": [{"text": "Hi"}]}]}')
    result = run("--reqlint", "shapes")
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*error?empty-messages?*"])


@pytest.mark.usefixtures("fixtures")
def test_without_the_option_nothing_is_collected(run: Run) -> None:
    """Fixture files are tests only when asked for."""
    run().assert_outcomes(passed=1)


def test_paths_may_be_files_and_repeat(run: Run, fixtures: Path) -> None:
    """Files and folders mix; a file is judged whatever its name, and once."""
    (fixtures / "request").write_text(GOOD, "utf-8")
    options = ["--reqlint", "fixtures/request", "--reqlint", "fixtures/good.json", "--reqlint", "fixtures/good.json"]
    run(*options).assert_outcomes(passed=3)


def test_a_path_outside_of_what_pytest_visits_is_visited(
    run: Run, fixtures: Path, pytester: pytest.Pytester, tmp_path: Path
) -> None:
    """A path that ``testpaths`` leaves out, or outside of the project, is collected; Python files in it are not."""
    pytester.makeini("[pytest]\ntestpaths = test_own.py\n")
    (fixtures / "test_stranger.py").write_text("def test_stranger(): assert False", "utf-8")
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "good.json").write_text(GOOD, "utf-8")
    run("--reqlint", "fixtures", "--reqlint", str(outside)).assert_outcomes(passed=3, failed=1, skipped=1)
    workers = run("--reqlint", "fixtures", "--reqlint", str(outside), "-n", "2")
    workers.assert_outcomes(passed=3, failed=1, skipped=1)


@pytest.mark.usefixtures("fixtures")
def test_requests_can_be_selected(run: Run) -> None:
    """Request tests can be selected by marker, by name and by the id of one test."""
    run("--reqlint", "fixtures", "-m", "reqlint").assert_outcomes(passed=1, failed=1, skipped=1, deselected=1)
    run("--reqlint", "fixtures", "-k", "good").assert_outcomes(passed=1, deselected=3)
    run("--reqlint", "fixtures", "fixtures/bad.json::requests").assert_outcomes(failed=1)


def test_the_profile_decides(run: Run, fixtures: Path) -> None:
    """The profile option applies to the files and to the fixture."""
    (fixtures / "turns.json").write_text(TURNS, "utf-8")
    run("--reqlint", "fixtures/turns.json", "-m", "reqlint").assert_outcomes(failed=1, deselected=1)
    chosen = run("--reqlint", "fixtures/turns.json", "-m", "reqlint", "--reqlint-profile", "dashscope")
    chosen.assert_outcomes(passed=1, deselected=1)


def test_warnings_do_not_fail(run: Run, fixtures: Path) -> None:
    """A file with warnings passes; ``-rP`` shows them."""
    (fixtures / "warned.json").write_text(WARNED, "utf-8")
    result = run("--reqlint", "fixtures/warned.json", "-m", "reqlint", "-rP")
    result.assert_outcomes(passed=1, deselected=1)
    result.stdout.fnmatch_lines(["warning?unknown-field?: *"])


@pytest.mark.usefixtures("fixtures")
def test_mistakes_on_the_command_line_are_told(run: Run, pytester: pytest.Pytester) -> None:
    """A missing path, a path without files and an unknown profile stop the run with one sentence."""
    pytester.mkdir(".hidden").joinpath("good.json").write_text(GOOD, "utf-8")
    for arguments, said in [
        (["--reqlint", "fixtuers"], '*--reqlint: no file or folder "fixtuers"*'),
        (["--reqlint", ".hidden"], "*--reqlint: pytest found no request file at or below *.hidden*"),
        (["--reqlint", "fixtures", "--reqlint-profile", "opanai"], '*no profile "opanai"; did you mean "openai"*'),
    ]:
        result = run(*arguments)
        assert result.ret == pytest.ExitCode.USAGE_ERROR
        result.stderr.fnmatch_lines([said])


@pytest.mark.usefixtures("fixtures")
def test_a_path_in_the_settings_is_found_from_any_folder(run: Run, pytester: pytest.Pytester) -> None:
    """A relative path in ``addopts`` means the same from a folder below the root."""
    pytester.makeini("[pytest]\naddopts = --reqlint fixtures\n")
    pytester.chdir()
    below = pytester.mkdir("below")
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(below)
        run("-m", "reqlint").assert_outcomes(passed=1, failed=1, skipped=1)


def test_the_fixture_says_what_is_wrong(run: Run, pytester: pytest.Pytester) -> None:
    """``assert_valid_request`` passes a good request and fails a bad one in readable words, at the caller's line."""
    pytester.makepyfile(
        f"""
        GOOD, BAD, TURNS = {GOOD}, {BAD}, {TURNS!r}

        def test_good(assert_valid_request):
            assert_valid_request(GOOD)
            assert_valid_request(TURNS, profile="dashscope")

        def test_bad(assert_valid_request):
            assert_valid_request(BAD)
        """
    )
    result = run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        [
            ">*assert_valid_request(BAD)",
            "E*not a valid request to gptproto-qwen",
            "E*error?missing-field?: *",
            "E*--> request   /messages/0",
        ]
    )
    run("--reqlint-profile", "dashscope").stdout.fnmatch_lines(["E*not a valid request to dashscope"])


def test_an_unused_plugin_costs_nothing(run: Run, pytester: pytest.Pytester) -> None:
    """A plugin that is loaded but not used imports only reqlint's exceptions, and no library."""
    pytester.makepyfile(
        """
        import sys

        def test_what_is_loaded():
            ours = {name for name in sys.modules if name.startswith("reqlint.")}
            exceptions = {"reqlint.core", "reqlint.core.errors"}
            assert ours == exceptions | {"reqlint.integrations", "reqlint.integrations.pytest_plugin"}
            assert not {"jsonschema_rs", "jsonschema", "msgspec", "orjson", "yaml", "rich", "httpx"} & set(sys.modules)
        """
    )
    run().assert_outcomes(passed=1)


@pytest.mark.usefixtures("fixtures")
def test_it_can_be_left_out(run: Run) -> None:
    """``-p no:reqlint`` removes the plugin and its options."""
    assert run("--reqlint", "fixtures").ret != pytest.ExitCode.USAGE_ERROR
    left_out = run("-p", "no:reqlint", "--reqlint", "fixtures")
    assert left_out.ret == pytest.ExitCode.USAGE_ERROR
    left_out.stderr.fnmatch_lines(["*unrecognized arguments*--reqlint*"])
