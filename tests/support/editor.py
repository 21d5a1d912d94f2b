"""An editor for tests: a client of the language server over standard input and output, as its library makes one."""

import asyncio
import sys
from collections.abc import AsyncIterator, Coroutine, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from lsprotocol import types
from pygls.lsp.client import BaseLanguageClient

_DEADLINE = 60  # seconds; far above what a test takes
CAPABILITIES = types.ClientCapabilities(
    workspace=types.WorkspaceClientCapabilities(
        workspace_edit=types.WorkspaceEditClientCapabilities(document_changes=True),
        did_change_watched_files=types.DidChangeWatchedFilesClientCapabilities(dynamic_registration=True),
        code_lens=types.CodeLensWorkspaceClientCapabilities(refresh_support=True),
    ),
    general=types.GeneralClientCapabilities(
        position_encodings=[types.PositionEncodingKind.Utf8, types.PositionEncodingKind.Utf16]
    ),
)


class Editor:
    """One session with a server."""

    def __init__(self, client: BaseLanguageClient) -> None:
        self.client = client
        self.started: types.InitializeResult | None = None
        self.logged: list[str] = []
        self.watched: list[str] = []  #: globs that the server asked to be told of
        self.shown: dict[str, types.PublishDiagnosticsParams] = {}
        self.refreshed = 0
        self._news = asyncio.Condition()

        @client.feature(types.TEXT_DOCUMENT_PUBLISH_DIAGNOSTICS)  # type: ignore[untyped-decorator]
        async def _(params: types.PublishDiagnosticsParams) -> None:
            async with self._news:
                self.shown[params.uri] = params
                self._news.notify_all()

        @client.feature(types.WINDOW_LOG_MESSAGE)  # type: ignore[untyped-decorator]
        def _(params: types.LogMessageParams) -> None:
            self.logged.append(params.message)

        @client.feature(types.CLIENT_REGISTER_CAPABILITY)  # type: ignore[untyped-decorator]
        def _(params: types.RegistrationParams) -> None:
            for each in params.registrations:
                self.watched += [watcher["globPattern"] for watcher in each.register_options["watchers"]]

        @client.feature(types.WORKSPACE_CODE_LENS_REFRESH)  # type: ignore[untyped-decorator]
        def _(_: None) -> None:
            self.refreshed += 1

    def open(self, uri: str, text: str, language: str = "json") -> None:
        """Open a document as version 1."""
        item = types.TextDocumentItem(uri, language, 1, text)
        self.client.text_document_did_open(types.DidOpenTextDocumentParams(item))

    def change(self, uri: str, text: str, version: int) -> None:
        """Change the whole text of a document."""
        named = types.VersionedTextDocumentIdentifier(version, uri)
        change = types.TextDocumentContentChangeWholeDocument(text)
        self.client.text_document_did_change(types.DidChangeTextDocumentParams(named, [change]))

    async def diagnostics(self, uri: str, version: int | None = None) -> Sequence[types.Diagnostic]:
        """Wait for the diagnostics of a version of a document; of any with None."""
        async with self._news:
            await self._news.wait_for(
                lambda: uri in self.shown and version in (None, self.shown[uri].version)
            )  # fmt: skip
        return self.shown[uri].diagnostics


@asynccontextmanager
async def editor(*arguments: str, environment: Mapping[str, str] | None = None) -> AsyncIterator[Editor]:
    """Start a server and a session, and end both."""
    client = BaseLanguageClient("tests", "1")
    session = Editor(client)
    await client.start_io(sys.executable, "-m", "reqlint", "lsp", *arguments, env=environment)
    session.started = await client.initialize_async(types.InitializeParams(CAPABILITIES))
    client.initialized(types.InitializedParams())
    try:
        yield session
        await client.shutdown_async(None)
    finally:
        client.exit(None)
        await client.stop()


def run(session: Coroutine[Any, Any, None]) -> None:
    """Run a session to its end."""
    asyncio.run(asyncio.wait_for(session, _DEADLINE))
