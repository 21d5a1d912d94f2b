"""
The language server itself: the only module that knows `pygls`.

Messages are taken in one thread; another one judges what was changed last, once no further key was struck for a
moment. Nothing is written, nothing is sent but to the editor, and nothing is logged: what this library logs are whole
messages, and with them the text of requests.
"""

import gc
import logging
from collections.abc import Generator
from threading import Condition, Lock, Thread
from time import monotonic
from typing import Any

from lsprotocol import types
from pygls.lsp.server import LanguageServer
from pygls.protocol import LanguageServerProtocol
from pygls.protocol.language_server import lsp_method

from reqlint.lsp.actions import FIX_ALL, QUICK_FIX, actions, resolved
from reqlint.lsp.completion import TRIGGERS, completions
from reqlint.lsp.diagnostics import diagnostics, problem_diagnostic
from reqlint.lsp.hover import hover
from reqlint.lsp.lens import code_lenses
from reqlint.lsp.positions import Position, Range
from reqlint.lsp.workspace import WATCHED, Analysis, EditorWorkspace, Problem
from reqlint.run.task import pause_gc

_QUIET = 0.01  # seconds without a key stroke after which a text is judged
_LONGEST_WAIT = 0.2  # seconds after the first of many key strokes after which it is judged all the same


def serve(workspace: EditorWorkspace, version: str) -> None:
    """Speak with an editor over standard input and output, until it ends the session."""
    logging.disable(logging.CRITICAL)
    pause_gc()
    Server(workspace, version).start_io()


class _Protocol(LanguageServerProtocol):
    """The protocol with positions in UTF-16 only, which every editor knows."""

    @lsp_method(types.INITIALIZE)
    def lsp_initialize(self, params: types.InitializeParams) -> Generator[Any, Any, types.InitializeResult]:
        """Answer with what the server can do."""
        if params.capabilities.general is not None:
            params.capabilities.general.position_encodings = None
        return (yield from super().lsp_initialize(params))


class Server(LanguageServer):
    """The features of the server, and the thread that judges."""

    def __init__(self, workspace: EditorWorkspace, version: str) -> None:
        # NOTE: whole texts instead of changes, because pygls counts lines of which the protocol knows nothing.
        super().__init__("reqlint", version, types.TextDocumentSyncKind.Full, protocol_cls=_Protocol)
        self.editor = workspace
        self._wake = Condition()
        self._showing = Lock()
        self._changed: dict[str, None] = {}  # documents to judge
        self._changes = 0
        self._problems: dict[str, Problem] = {}  # by document
        self._shown: set[str] = set()  # files that problems are shown in
        self._titles: dict[str, str] = {}  # of lenses
        _register(self)

    def report_server_error(self, error: Exception, source: Any) -> None:
        """Write into the editor's log that something failed, without the message, which may be payload."""
        del source
        self.window_log_message(
            types.LogMessageParams(types.MessageType.Error, f"internal error: {type(error).__name__}")
        )

    # ------------------------------------------------------------------------------------------------------- judging

    def start_judging(self) -> None:
        """Start the thread that judges what has changed."""
        Thread(target=self._judge_on, name="reqlint-judge", daemon=True).start()

    def judge_soon(self, *uris: str) -> None:
        """Judge documents once no further key is struck for a moment."""
        with self._wake:
            self._changed.update(dict.fromkeys(uris))
            self._changes += 1
            self._wake.notify()

    def reload(self) -> None:
        """Read the configuration anew, and judge every document by it."""
        self.editor.reload()
        self.judge_soon(*self.editor.uris())

    def _judge_on(self) -> None:
        self.editor.warm_up()
        gc.freeze()  # rules and profiles stay to the end; nobody need look at them with every text
        while True:
            for uri in self._next():
                try:
                    self._publish(uri)
                except Exception as bug:  # the thread must live on, and the editor learns of it
                    self.report_server_error(bug, None)

    def _next(self) -> list[str]:
        """Wait for documents that have changed, and for a moment without further changes; return them."""
        with self._wake:
            while not self._changed:
                self._wake.wait()
            latest = monotonic() + _LONGEST_WAIT
            seen = -1
            while seen != self._changes and monotonic() < latest:
                seen = self._changes
                self._wake.wait(_QUIET)
            uris = list(self._changed)
            self._changed.clear()
        return uris

    def _publish(self, uri: str) -> None:
        analysis = self.editor.analyse(uri)
        if analysis is None:
            return
        found = diagnostics(analysis)
        with self._showing:
            if self.editor.document(uri) is not analysis.document:
                return  # it was closed, or has changed and is judged again
            self.publish(uri, found, analysis.version)
            self._show_problem(uri, analysis)
        lenses = code_lenses(analysis)
        title = lenses[0]["command"]["title"] if lenses else ""
        if title != self._titles.get(uri, ""):
            self._titles[uri] = title
            workspace = self.client_capabilities.workspace
            if workspace and workspace.code_lens and workspace.code_lens.refresh_support:
                self.workspace_code_lens_refresh(None)

    def _show_problem(self, uri: str, analysis: Analysis) -> None:
        """Show in the file to mend why documents cannot be judged as they should; or no longer."""
        if analysis.problem is None:
            self._problems.pop(uri, None)
        else:
            self._problems[uri] = analysis.problem
        by_file: dict[str, Problem] = {}
        for problem in list(self._problems.values()):
            if problem.path is None:
                self.window_log_message(types.LogMessageParams(types.MessageType.Warning, problem.message))
            else:
                by_file[problem.path.as_uri()] = problem
        for file, problem in by_file.items():
            self.publish(file, [problem_diagnostic(problem)], None)
        for file in self._shown - by_file.keys():
            self.publish(file, [], None)
        self._shown = set(by_file)

    def publish(self, uri: str, found: list[dict[str, Any]], version: int | None) -> None:
        """Show diagnostics in a file."""
        params = {"uri": uri, "diagnostics": found, **({} if version is None else {"version": version})}
        # NOTE: as they are, because turning hundreds of them into objects and back takes longer than judging.
        self.protocol._send_data(
            {"jsonrpc": "2.0", "method": types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS, "params": params}
        )

    def forget(self, uri: str) -> None:
        """Show nothing more of a document that was closed."""
        with self._showing:
            self.editor.close(uri)
            self._titles.pop(uri, None)
            self._problems.pop(uri, None)
            self.publish(uri, [], None)

    # ------------------------------------------------------------------------------------------------------ answering

    def as_type(self, value: Any, kind: Any) -> Any:
        """Return a plain value as the type of the protocol's library."""
        return self.protocol._converter.structure(value, kind)

    @property
    def takes_versions(self) -> bool:
        """Whether the editor refuses an edit of an older text."""
        workspace = self.client_capabilities.workspace
        edits = workspace.workspace_edit if workspace else None
        return bool(edits and edits.document_changes)


def _register(server: Server) -> None:
    """Register what the server does with each message."""
    feature = server.feature
    feature(types.INITIALIZED)(_initialized)
    feature(types.TEXT_DOCUMENT_DID_OPEN)(_opened)
    feature(types.TEXT_DOCUMENT_DID_CHANGE)(_changed)
    feature(types.TEXT_DOCUMENT_DID_SAVE)(_saved)
    feature(types.TEXT_DOCUMENT_DID_CLOSE)(_closed)
    feature(types.WORKSPACE_DID_CHANGE_WATCHED_FILES)(_files_changed)
    feature(types.TEXT_DOCUMENT_HOVER)(_hover)
    feature(types.TEXT_DOCUMENT_CODE_LENS)(_lenses)
    feature(types.TEXT_DOCUMENT_COMPLETION, types.CompletionOptions(trigger_characters=list(TRIGGERS)))(_completions)
    kinds = [types.CodeActionKind(QUICK_FIX), FIX_ALL]
    feature(types.TEXT_DOCUMENT_CODE_ACTION, types.CodeActionOptions(kinds, resolve_provider=True))(_actions)
    feature(types.CODE_ACTION_RESOLVE)(_resolve)


def _initialized(server: Server, _: types.InitializedParams) -> None:
    server.start_judging()
    workspace = server.client_capabilities.workspace
    watching = workspace.did_change_watched_files if workspace else None
    if watching and watching.dynamic_registration:
        watchers = [types.FileSystemWatcher(glob) for glob in WATCHED]
        options = types.DidChangeWatchedFilesRegistrationOptions(watchers)
        method = types.WORKSPACE_DID_CHANGE_WATCHED_FILES
        server.client_register_capability(
            types.RegistrationParams([types.Registration("reqlint-watched", method, options)])
        )


def _opened(server: Server, params: types.DidOpenTextDocumentParams) -> None:
    opened = params.text_document
    if server.editor.open(opened.uri, opened.text, opened.version, opened.language_id):
        server.judge_soon(opened.uri)


def _changed(server: Server, params: types.DidChangeTextDocumentParams) -> None:
    whole = [
        change for change in params.content_changes if isinstance(change, types.TextDocumentContentChangeWholeDocument)
    ]
    named = params.text_document
    if whole and server.editor.change(named.uri, whole[-1].text, named.version):
        server.judge_soon(named.uri)


def _saved(server: Server, params: types.DidSaveTextDocumentParams) -> None:
    if server.editor.depends_on(params.text_document.uri):
        server.reload()


def _closed(server: Server, params: types.DidCloseTextDocumentParams) -> None:
    server.forget(params.text_document.uri)


def _files_changed(server: Server, params: types.DidChangeWatchedFilesParams) -> None:
    if any(server.editor.depends_on(change.uri) for change in params.changes):
        server.reload()


def _position(position: types.Position) -> Position:
    return {"line": position.line, "character": position.character}


def _range(span: types.Range) -> Range:
    return {"start": _position(span.start), "end": _position(span.end)}


def _hover(server: Server, params: types.HoverParams) -> types.Hover | None:
    analysis = server.editor.analyse(params.text_document.uri)
    shown = hover(analysis, _position(params.position)) if analysis else None
    made: types.Hover | None = server.as_type(shown, types.Hover) if shown else None
    return made


def _lenses(server: Server, params: types.CodeLensParams) -> list[types.CodeLens]:
    analysis = server.editor.analyse(params.text_document.uri)
    return [server.as_type(lens, types.CodeLens) for lens in (code_lenses(analysis) if analysis else ())]


def _completions(server: Server, params: types.CompletionParams) -> types.CompletionList:
    analysis = server.editor.analyse(params.text_document.uri)
    items = completions(analysis, analysis.positions.offset(_position(params.position))) if analysis else []
    return types.CompletionList(False, [server.as_type(item, types.CompletionItem) for item in items])


def _actions(server: Server, params: types.CodeActionParams) -> list[types.CodeAction]:
    only = params.context.only
    kinds = None if only is None else [str(getattr(kind, "value", kind)) for kind in only]
    uri, span = params.text_document.uri, _range(params.range)
    found = actions(server.editor, uri, span, kinds, versioned=server.takes_versions)
    return [server.as_type(action, types.CodeAction) for action in found]


def _resolve(server: Server, action: types.CodeAction) -> types.CodeAction:
    plain = {"title": action.title, "kind": str(getattr(action.kind, "value", action.kind)), "data": action.data}
    edit = resolved(server.editor, plain).get("edit")
    if edit:
        action.edit = server.as_type(edit, types.WorkspaceEdit)
    return action
