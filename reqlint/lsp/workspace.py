"""The documents that are open in an editor, and what is known of each: its findings, and who judged it."""

import re
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from threading import RLock
from typing import Any
from urllib.parse import unquote, urlsplit

from reqlint.containers.envelope import Kind
from reqlint.core.errors import BadData, ReqlintError
from reqlint.core.findings import Finding, Report
from reqlint.core.paths import absolute, below, rooted
from reqlint.core.records import dataclass, field, replace
from reqlint.display.escaping import sanitize
from reqlint.lsp.positions import TextPositions, without_half_pairs
from reqlint.project.config_search import NAMES, find_config
from reqlint.project.config_toml import BadConfig
from reqlint.project.project import Project
from reqlint.project.settings import BASELINE_NAME, Settings
from reqlint.run.linter import Linter
from reqlint.run.scope import Scope
from reqlint.run.source_run import judge_source
from reqlint.text.compressed import SUFFIXES
from reqlint.text.forms import Form, form_by_name
from reqlint.text.mended import mended
from reqlint.text.sources import Source

MOST_FINDINGS = 500
"""Findings that are shown in one document; the rest is judged when there are fewer."""
MAX_CHARACTERS = 4_000_000
"""The longest document that is judged while it is typed."""
_FORM_OF_LANGUAGE = {
    "json": Form.JSON,
    "jsonc": Form.JSON,
    "jsonl": Form.JSONL,
    "jsonlines": Form.JSONL,
    "ndjson": Form.JSONL,
    "yaml": Form.YAML,
}
_WITH_A_MISTAKE = '{"model": "gpt-4o", "messages": [{"role": "usr", "content": "Hi"}], "max_token": 5}'
_PLACE = re.compile(r"(\d+):(\d+)")


@dataclass(frozen=True)
class Problem:
    """Why a document cannot be judged as its configuration wants it."""

    message: str
    path: Path | None  #: the file to mend
    line: int = 1  #: from 1, as are columns
    column: int = 1


@dataclass(frozen=True)
class OpenDocument:
    """A text in an editor."""

    uri: str
    name: str  #: its path, or a name whose suffix says how it is written
    path: Path | None
    text: str
    form: Form  #: how it is written
    version: int | None = None


@dataclass(frozen=True)
class Analysis:
    """What is known of one version of a document."""

    document: OpenDocument
    text: str  #: of that version
    version: int | None
    positions: TextPositions
    report: Report
    findings: tuple[Finding, ...]  #: those that count
    linter: Linter | None = None  #: None where nothing judged
    settings: Settings = field(default_factory=Settings)
    left_out: bool = False  #: whether the text has more findings
    too_long: bool = False
    problem: Problem | None = None


class EditorWorkspace:
    """
    The open documents, judged by the settings of their files.

    May be used from several threads: one of them judges at a time. What is judged is the text in the editor; only
    configurations, baselines and the project's own rules are read from disk.

    Args:
        given: settings of the command line, as `Project` takes them.
        config: the only configuration to use.
        isolated: read no configuration.
    """

    def __init__(
        self, given: Mapping[str, Any] | None = None, *, config: Path | None = None, isolated: bool = False
    ) -> None:
        self._given, self._config, self._isolated = dict(given or {}), config, isolated
        self._documents: dict[str, OpenDocument] = {}
        self._analyses: dict[str, Analysis] = {}
        self._lock = RLock()
        self._project: Project | None = None
        self._folders: set[str] = set()  # of the project's own rules and profiles; and single files that decide
        self._last_good: dict[str, Project] = {}  # by document: what judged it before its configuration broke

    # ----------------------------------------------------------------------------------------------------- documents

    def open(self, uri: str, text: str, version: int | None = None, language: str = "") -> OpenDocument | None:
        """Remember the text of a document; None if it is none that can hold requests."""
        path = path_of(uri)
        name = str(path) if path is not None else "untitled" if uri.startswith("untitled:") else None
        if name is None or name.lower().endswith(tuple(SUFFIXES)):
            return None
        form = form_by_name(name) or _FORM_OF_LANGUAGE.get(language)
        if form is None:
            return None
        self._documents[uri] = OpenDocument(uri, name, path, without_half_pairs(text), form, version)
        return self._documents[uri]

    def change(self, uri: str, text: str, version: int | None = None) -> bool:
        """Remember the new text of a document; False for one that is not open, and for an older version."""
        document = self._documents.get(uri)
        if document is None:
            return False
        if version is not None and document.version is not None and version < document.version:
            return False
        # NOTE: a new object, because another thread may be judging the old one.
        self._documents[uri] = replace(document, text=without_half_pairs(text), version=version)
        return True

    def close(self, uri: str) -> None:
        """Forget a document."""
        self._documents.pop(uri, None)
        self._analyses.pop(uri, None)
        self._last_good.pop(uri, None)

    def document(self, uri: str) -> OpenDocument | None:
        """Return an open document."""
        return self._documents.get(uri)

    def uris(self) -> list[str]:
        """Return the open documents."""
        return list(self._documents)

    def depends_on(self, uri: str) -> bool:
        """Return whether a change of a file on disk may change how documents are judged."""
        path = path_of(uri)
        if path is None:
            return False
        if path.name in (*NAMES, BASELINE_NAME) or (self._config is not None and absolute(path) == str(self._config)):
            return True
        return any(below(path, folder) is not None for folder in list(self._folders))

    def reload(self) -> None:
        """Read configurations, baselines and the project's rules anew when they are needed next."""
        with self._lock:
            self._project = None
            self._analyses.clear()

    # ------------------------------------------------------------------------------------------------------- judging

    def warm_up(self) -> None:
        """Load what judging needs, so that the first key stroke does not wait for it."""
        document = OpenDocument("", "untitled", None, _WITH_A_MISTAKE, Form.JSON)
        with self._lock, suppress(ReqlintError, OSError):
            check_text(Project(isolated=True), document, document.text)

    def analyse(self, uri: str) -> Analysis | None:
        """Return what is known of the present text of a document, judging it if need be; None if it is not open."""
        document = self._documents.get(uri)
        if document is None:
            return None
        with self._lock:
            known = self._analyses.get(uri)
            if known is not None and known.document is document:
                return known
            analysis = self._judge(document)
            if self._documents.get(uri) is document:
                self._analyses[uri] = analysis
            return analysis

    def _judge(self, document: OpenDocument) -> Analysis:
        problem = None
        try:
            if self._project is None:
                self._project = Project(self._given, config=self._config, isolated=self._isolated)
            settings = self._project.settings_of(document.name)
            self._folders.update(map(absolute, (*settings.rules, *settings.profiles)))
            if settings.baseline:
                self._folders.add(absolute(settings.baseline))
            self._project.linter_of(settings)
            self._last_good[document.uri] = self._project
        except ReqlintError as failed:
            problem = self._problem(document, failed)
        except OSError as failed:
            problem = Problem((failed.strerror or "cannot be read").lower(), None)
        project = self._last_good.get(document.uri)
        if project is None:
            return self._nothing(document, problem=problem)
        if len(document.text) > MAX_CHARACTERS:
            return self._nothing(document, too_long=True)
        return self._judge_by(project, document, problem)

    def _judge_by(self, project: Project, document: OpenDocument, problem: Problem | None) -> Analysis:
        settings = project.settings_of(document.name)
        linter = project.linter_of(settings)
        if project.excludes(document.name):
            return self._nothing(document, problem=problem)
        try:
            report = check_text(project, document, document.text, MOST_FINDINGS)
        except ReqlintError as failed:
            return self._nothing(document, problem=self._problem(document, failed))
        shown = tuple(finding for finding in report.findings if not finding.suppressed)
        return Analysis(
            document,
            document.text,
            document.version,
            TextPositions(document.text),
            report,
            shown[:MOST_FINDINGS],
            linter,
            settings,
            len(report.findings) > MOST_FINDINGS or len(shown) > MOST_FINDINGS,
            problem=problem,
        )

    @staticmethod
    def _nothing(document: OpenDocument, *, problem: Problem | None = None, too_long: bool = False) -> Analysis:
        positions = TextPositions(document.text)
        empty = Report()
        return Analysis(
            document, document.text, document.version, positions, empty, (), problem=problem, too_long=too_long
        )

    def _problem(self, document: OpenDocument, failed: ReqlintError) -> Problem:
        """Return what is wrong, and where: in a file of the configuration, unless the command line names it."""
        path: Path | None = None
        if isinstance(failed, BadConfig):
            path = self._config or _config_of(document)
        elif isinstance(failed, BadData):
            path = rooted(failed.file)  # of a rule, a profile or a baseline
            path = path if path.is_file() else _config_of(document)
        place = _PLACE.match(failed.where) if isinstance(failed, BadData) else None
        at = (int(place[1]), int(place[2])) if place else (1, 1)
        if path is not None:
            self._folders.add(absolute(path))
        return Problem(sanitize(str(failed)), path, *at)

    def judged_by(self, uri: str) -> Project | None:
        """Return the project whose settings judge a document."""
        return self._last_good.get(uri)


def check_text(project: Project, document: OpenDocument, text: str, most_findings: int | None = None) -> Report:
    """
    Judge a text in the place of a document, as far as it can be read.

    A file is judged like one that is found in a folder: it is passed over if it holds no request, unless its settings
    say what it holds.
    """
    settings = project.settings_of(document.name)
    is_meant = settings.kind != "auto"
    report = judge_source(
        project.linter_of(settings).judges,
        Source(document.name, document.path, text.encode("utf-8", "replace")),
        document.name,
        form=document.form,
        kind=Kind(settings.kind) if is_meant else None,
        scope=Scope.NAMED if is_meant else Scope.FOUND,
        extract=settings.extract,
        mend=mended,
        most_findings=most_findings,
    )
    return project.mark(report, document.name)


WATCHED = (*(f"**/{name}" for name in (*NAMES, BASELINE_NAME)), "**/*.{yaml,yml}")
"""The files that the editor is asked to watch, as globs; rules and profiles of a project are YAML."""


def _config_of(document: OpenDocument) -> Path | None:
    """Return the configuration of a document, also one that cannot be parsed."""
    folder = Path(absolute(document.name)).parent
    try:
        return find_config(folder)
    except ReqlintError:
        return next(
            (each / name for each in (folder, *folder.parents) for name in NAMES if (each / name).is_file()), None
        )


_DRIVE = re.compile(r"/[A-Za-z]:")


def path_of(uri: str) -> Path | None:
    """Return the path of a file's URI; None for anything else."""
    try:
        parts = urlsplit(uri)
    except ValueError:
        return None
    if parts.scheme != "file" or "\0" in (path := unquote(parts.path, errors="surrogateescape")):
        return None
    if parts.netloc and parts.netloc != "localhost":
        return Path(f"//{parts.netloc}{path}")
    return Path(path[1:] if _DRIVE.match(path) else path)
