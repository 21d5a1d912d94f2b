"""
Check fixture files and requests in a pytest run.

pytest loads this module in every run of an environment that has reqlint. So it imports nothing of reqlint and does
nothing until ``--reqlint`` or the fixture is used. ``-p no:reqlint`` leaves it out.
"""

import os
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import pytest

if TYPE_CHECKING:
    from reqlint.core.findings import Report
    from reqlint.text.sources import Source


class AssertValidRequest(Protocol):
    """The type of the fixture ``assert_valid_request``."""

    def __call__(self, request: object, profile: str | None = None) -> None:
        """
        Do nothing when *request*, a dict or JSON text, has no error-level finding.

        Args:
            request: what would be sent.
            profile: the API to judge by; that of ``--reqlint-profile`` when absent.

        Raises:
            AssertionError: it has; the message shows all findings.
        """
        ...


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options."""
    group = parser.getgroup("reqlint", "check LLM requests")
    group.addoption(
        "--reqlint",
        action="append",
        default=[],
        dest="reqlint_paths",
        metavar="PATH",
        help="collect the request files at or below PATH, one test per file; may be repeated",
    )
    group.addoption(
        "--reqlint-profile",
        default=None,
        metavar="PROFILE",
        help="the API to judge by; auto decides by recorded URL, then by model (default: as reqlint check)",
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, and add the paths to those that pytest visits."""
    config.addinivalue_line("markers", "reqlint: a request file that --reqlint collected")
    if not config.getoption("reqlint_paths"):
        return
    from reqlint.core.errors import ReqlintError
    from reqlint.run.linter import Linter

    paths = [_existing(config, path) for path in config.getoption("reqlint_paths")]
    profile = config.getoption("reqlint_profile")
    try:
        linter = Linter(profile) if profile else Linter()
    except ReqlintError as unknown:
        raise pytest.UsageError(f"--reqlint-profile: {unknown}") from None
    # NOTE: workers of pytest-xdist get options and arguments as they are after this hook, and must see the same files.
    added = config.option.reqlint_added = list(getattr(config.option, "reqlint_added", ()))
    given = [_absolute(config, argument) for argument in config.args]
    narrowed = [path for path in paths if any(path in other.parents for other in given)]
    for path in paths:
        if path not in narrowed and not any(path == other or other in path.parents for other in given):
            config.args.append(str(path))
            added.append(str(path))
    collecting = _Collecting(linter, paths, [Path(path) for path in added], narrowed)
    config.pluginmanager.register(collecting, "reqlint-collecting")


def _existing(config: pytest.Config, path: str) -> Path:
    """Find a path from where pytest was called or, as it may stand in ``addopts``, from the root folder."""
    from reqlint.core.paths import real

    for base in (config.invocation_params.dir, config.rootpath):
        if os.path.exists(base / path):  # noqa: PTH110 - `Path.exists` raises for a name that is too long
            return Path(real(base / path))
    raise pytest.UsageError(f'--reqlint: no file or folder "{path}"')


def _absolute(config: pytest.Config, argument: str) -> Path:
    from reqlint.core.paths import real

    return Path(real(config.invocation_params.dir / argument.partition("::")[0]))


class _Collecting:
    """Collects request files at or below some paths."""

    def __init__(self, linter: Any, paths: list[Path], added: list[Path], narrowed: list[Path]) -> None:
        self._linter = linter
        self._paths = paths
        self._added = added  # visited only because of --reqlint: nothing else there is a test
        self._covered = set(narrowed)  # paths that have a request file, or that the command line narrows

    def pytest_collect_file(self, file_path: Path, parent: pytest.Collector) -> pytest.Collector | None:
        """Collect a request file."""
        if not self._is_wanted(file_path):
            return None
        self._covered.update(path for path in self._paths if _is_below(file_path, [path]))
        collected: pytest.Collector = _RequestFile.from_parent(
            parent, path=file_path, linter=self._linter, named=file_path in self._paths
        )
        return collected

    def pytest_ignore_collect(self, collection_path: Path) -> bool | None:
        """Ignore files that are not request files where only ``--reqlint`` sent pytest."""
        if collection_path.is_dir() or not _is_below(collection_path, self._added):
            return None
        return None if self._is_wanted(collection_path) else True

    @pytest.hookimpl(tryfirst=True)
    def pytest_collection_modifyitems(self) -> None:
        """Raise an error for a path below which nothing was collected."""
        for path in self._paths:
            if path not in self._covered:
                raise pytest.UsageError(f"--reqlint: pytest found no request file at or below {path}")

    def _is_wanted(self, path: Path) -> bool:
        from reqlint.project.discovery import has_suffix

        return path in self._paths or (has_suffix(path.name) and _is_below(path, self._paths))


def _is_below(path: Path, folders: Iterable[Path]) -> bool:
    return any(folder == path or folder in path.parents for folder in folders)


class _RequestFile(pytest.File):
    """A request file; it is one test."""

    def __init__(self, *, linter: Any, named: bool, **rest: Any) -> None:
        super().__init__(**rest)
        self.linter = linter
        self.named = named

    def collect(self) -> "Iterable[_RequestItem]":
        """Yield its test."""
        item: _RequestItem = _RequestItem.from_parent(self, name="requests")
        item.add_marker("reqlint")
        yield item


class _RequestItem(pytest.Item):
    """Fails when a request of the file has an error-level finding, and is skipped when there is no request."""

    parent: _RequestFile

    def runtest(self) -> None:
        """Judge the file."""
        from reqlint.run.scope import Scope
        from reqlint.text.sources import Source

        source = Source(self._shown(), self.path, None)
        report = self.parent.linter.check_source(source, scope=Scope.NAMED if self.parent.named else Scope.FOUND)
        if not report.is_valid:
            raise _HasErrors(_readable(report, source))
        if not report.has_judged:
            pytest.skip("; ".join(f"{name} {why}" for name, why in report.skipped))
        if readable := _readable(report, source):
            self.add_report_section("call", "reqlint", readable)

    def repr_failure(self, excinfo: pytest.ExceptionInfo[BaseException], style: Any = None) -> Any:
        """Return the findings; for any other exception what pytest shows."""
        if isinstance(excinfo.value, _HasErrors):
            return str(excinfo.value)
        return super().repr_failure(excinfo, style)

    def reportinfo(self) -> tuple[Path, int | None, str]:
        """Return where the test comes from."""
        return self.path, None, self._shown()

    def _shown(self) -> str:
        try:
            return self.path.relative_to(self.config.rootpath).as_posix()
        except ValueError:  # a path outside the root folder
            return str(self.path)


class _HasErrors(Exception):
    """A request in a file has error-level findings; the message shows them."""


@pytest.fixture
def assert_valid_request(pytestconfig: pytest.Config) -> AssertValidRequest:
    """Return a function that fails the test when a request has an error-level finding, and shows all findings."""

    def assert_valid(request: object, profile: str | None = None) -> None:
        __tracebackhide__ = True
        from reqlint.core.findings import Report
        from reqlint.knowledge.profile_choice import AUTO
        from reqlint.run.one_request import linter_for

        name = profile or pytestconfig.getoption("reqlint_profile") or AUTO
        report = Report(tuple(linter_for(name).check(request)), requests=1)
        if not report.is_valid:
            judged_by = report.findings[0].profile or name
            raise AssertionError(f"not a valid request to {judged_by}\n{_readable(report)}")

    return assert_valid


def _readable(report: "Report", source: "Source | None" = None) -> str:
    """Return findings as ``reqlint check`` shows them to people."""
    from reqlint.core.records import replace
    from reqlint.reporters.formats.human import render
    from reqlint.reporters.rendering import Rendering

    written: list[str] = []
    rendering = Rendering(quiet=True)
    if source is not None:
        rendering = replace(rendering, lines=lambda _, wanted: source.lines(wanted))
    render(report, rendering, written.append)
    return "".join(written).rstrip()
