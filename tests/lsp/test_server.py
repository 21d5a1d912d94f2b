"""The server as an editor meets it: a process that speaks the protocol over standard input and output."""

# ruff: noqa: E501 - long lines of what an editor gets

import json
import subprocess
import sys
from pathlib import Path
from random import Random

import pytest
from lsprotocol import types

from reqlint.cli.group import cli
from reqlint.lsp.workspace import WATCHED
from tests.support.editor import Editor, editor, run
from tests.support.planted import find_leaks, of_form

BAD = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}], "max_token": 5, "n": 500}
URI = "file:///x/a.json"
NAMED = types.TextDocumentIdentifier(URI)


def test_a_session_from_the_first_key_stroke_to_the_last(tmp_path: Path) -> None:
    """Diagnostics while typing, hover, completion, fixes and the lens; the configuration is read again when it changes."""
    (tmp_path / ".git").mkdir()
    config = tmp_path / "reqlint.toml"
    config.write_text('profile = "openai"\n')
    uri = (tmp_path / "a.json").as_uri()
    named = types.TextDocumentIdentifier(uri)

    async def session() -> None:
        async with editor() as window:
            capabilities = window.started.capabilities  # type: ignore[union-attr]  # it has started
            assert capabilities.position_encoding == types.PositionEncodingKind.Utf16
            window.open(uri, '{"prompt_cache_key": "\U0001f600", ' + json.dumps(BAD)[1:])
            first, second = await window.diagnostics(uri, 1)
            assert (first.code, first.severity, first.source) == (
                "unknown-field",
                types.DiagnosticSeverity.Error,
                "reqlint",
            )
            assert (second.code, second.range.start.character) == ("out-of-range", json.dumps(BAD).index("500") + 26)
            shown = await window.client.text_document_hover_async(types.HoverParams(named, second.range.start))
            assert isinstance(shown, types.Hover)
            assert isinstance(shown.contents, types.MarkupContent)
            assert shown.contents.value.startswith("**out-of-range** (error): n is 500")
            context = types.CodeActionContext([])
            asked = types.CodeActionParams(named, first.range, context)
            fix, every = await window.client.text_document_code_action_async(asked)  # type: ignore[misc]  # there are two
            assert isinstance(fix, types.CodeAction)
            assert isinstance(every, types.CodeAction)
            assert (fix.title, fix.kind) == ("reqlint: rename the key to max_tokens", "quickfix")
            assert fix.edit is not None
            assert every.edit is None
            resolved = await window.client.code_action_resolve_async(every)
            assert resolved.edit is not None
            lenses = await window.client.text_document_code_lens_async(types.CodeLensParams(named))
            assert [lens.command.title for lens in lenses or () if lens.command] == [
                "reqlint: judged by openai (named in the settings)"
            ]
            window.change(uri, '{"model": "gpt-4o", "messages": [], "te', 2)
            assert [each.code for each in await window.diagnostics(uri, 2)] == ["empty-messages", "invalid-json"]
            where = types.CompletionParams(named, types.Position(0, 39))
            found = await window.client.text_document_completion_async(where)
            assert isinstance(found, types.CompletionList)
            assert "temperature" in [item.label for item in found.items]
            config.write_text("profile = 5\n")
            change = types.FileEvent(config.as_uri(), types.FileChangeType.Changed)
            window.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
            [said] = await window.diagnostics(config.as_uri())
            assert said.range.start.line == 0
            config.write_text('select = ["unknown-field"]\n')
            window.client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([change]))
            window.change(uri, json.dumps(BAD), 3)
            assert [each.code for each in await window.diagnostics(uri, 3)] == ["unknown-field"]
            assert window.watched == list(WATCHED)
            window.client.text_document_did_close(types.DidCloseTextDocumentParams(named))
            await window.diagnostics(uri, None)
            assert await window.client.text_document_hover_async(types.HoverParams(named, types.Position(0, 0))) is None

    run(session())
    assert sorted(path.name for path in tmp_path.iterdir()) == [".git", "reqlint.toml"]


async def _odd_messages(window: Editor) -> None:
    """Send what no editor should."""
    client = window.client
    window.change(URI, "{}", 7)
    client.text_document_did_close(types.DidCloseTextDocumentParams(NAMED))
    client.protocol.notify("textDocument/didOpen", {"textDocument": 5})
    client.protocol.notify("workspace/unheardOf", {"text": "x"})
    client.workspace_did_change_watched_files(types.DidChangeWatchedFilesParams([]))
    client.text_document_did_save(types.DidSaveTextDocumentParams(types.TextDocumentIdentifier("file:///x/%00.toml")))


def test_neither_odd_messages_nor_odd_texts_end_the_session_or_show_a_secret() -> None:
    """After each of them the next document is judged; nothing that is sent or written holds a credential whole."""
    secret = of_form("OpenAI project", Random(20))  # noqa: S311 - no secret
    planted = {
        "model": "gpt-4o",
        "messages": [{"role": secret.text, "content": secret.text, secret.text: 1}],
        "max_token": secret.text,
        "user": "[x](command:evil)",
        "api_key": secret.text,
    }
    odd = [
        json.dumps(planted),
        json.dumps(planted)[:-3],
        "[" * 50_000,
        '{"a":' * 5_000,
        "\0" * 100,
        '{"messages": [' + '{"role": "usr"},' * 3_000,
        '"' + "x" * 300_000,
        "\ud83d{\udc00",
        "\ufeff{}",
        "",
    ]

    async def session() -> None:
        async with editor("--isolated", "-p", "openai") as window:
            await _odd_messages(window)
            for number, text in enumerate(odd):
                uri = f"file:///x/{number}.json"
                window.open(uri, text)
                named = types.TextDocumentIdentifier(uri)
                seen = [
                    await window.diagnostics(uri, 1),
                    await window.client.text_document_hover_async(types.HoverParams(named, types.Position(0, 40))),
                    await window.client.text_document_completion_async(
                        types.CompletionParams(named, types.Position(0, min(40, len(text))))
                    ),
                ]
                assert not find_leaks([secret], repr(seen))
            window.open(URI, json.dumps(BAD))
            assert len(await window.diagnostics(URI, 1)) == 2
            assert not find_leaks([secret], repr(window.logged))

    run(session())


def test_nothing_but_the_protocol_is_written(tmp_path: Path) -> None:
    """A message that is no JSON, or not the protocol's, leaves no trace; the end of input ends the run."""
    secret = of_form("OpenAI", Random(21))  # noqa: S311 - no secret
    bodies = [f'{{"jsonrpc": "2.0", "method": "{secret.text}", "params": ["{secret.text}"]}}', f"{{{secret.text}"]
    given = "".join(f"Content-Length: {len(body)}\r\n\r\n{body}" for body in bodies).encode()
    ended = subprocess.run(
        [sys.executable, "-m", "reqlint", "lsp"],
        input=given,
        capture_output=True,
        cwd=tmp_path,
        timeout=60,
        check=False,
    )
    assert (ended.returncode, ended.stderr) == (0, b"")
    assert not find_leaks([secret], ended.stdout.decode())


def test_without_the_library_one_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """As with the other extras."""
    from click.testing import CliRunner

    monkeypatch.setitem(sys.modules, "pygls", None)
    monkeypatch.setitem(sys.modules, "pygls.lsp.server", None)
    monkeypatch.delitem(sys.modules, "reqlint.lsp.server", raising=False)
    ended = CliRunner().invoke(cli, ["lsp"])
    assert ended.exit_code == 2
    assert 'lsp needs the package pygls: in the checkout, pip install ".[lsp]"' in ended.output


def test_the_pure_part_needs_no_library() -> None:
    """What the playground uses is imported without `pygls`."""
    code = (
        "import sys, reqlint.lsp.completion, reqlint.lsp.hover, reqlint.lsp.actions, reqlint.lsp.lens\n"
        "assert 'pygls' not in sys.modules and 'lsprotocol' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
