"""The language server in an editor that people use: Neovim, started without a window."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.outside

_TEXT = """\
{"model": "gpt-4o", "prompt_cache_key": "\U0001f600\u00e9", "n": 500,
 "messages": [{"role": "user", "content": "Hi"}],
 "max_token": 5}
"""
_SCRIPT = """
local said = {}
local function codes()
  local found = {}
  for _, each in ipairs(vim.diagnostic.get(0)) do found[each.code] = { each.lnum, each.col, each.end_col } end
  return found
end
local function wait(what) vim.wait(30000, what, 20) end
vim.cmd("edit request.json")
local config = { name = "reqlint", cmd = COMMAND, root_dir = vim.fn.getcwd() }
if vim.lsp.start then
  vim.lsp.start(config)
else
  vim.lsp.buf_attach_client(0, vim.lsp.start_client(config))
end
wait(function() return codes()["unknown-field"] end)
said.complete = codes()
vim.api.nvim_buf_set_lines(0, 2, 3, false, { ' "max_tok' })
wait(function() return codes()["invalid-json"] end)
said.half = codes()
vim.api.nvim_buf_set_lines(0, 2, 3, false, { ' "max_token": 5}' })
wait(function() return codes()["unknown-field"] end)
local params = vim.lsp.util.make_range_params(0, "utf-16")
params.range = { start = { line = 2, character = 3 }, ["end"] = { line = 2, character = 3 } }
params.context = { diagnostics = {} }
for _, answer in pairs(vim.lsp.buf_request_sync(0, "textDocument/codeAction", params, 30000)) do
  for _, action in ipairs(answer.result) do
    if action.edit then vim.lsp.util.apply_workspace_edit(action.edit, "utf-16") end
  end
end
said.fixed = table.concat(vim.api.nvim_buf_get_lines(0, 0, -1, false), "\\n")
vim.fn.writefile({ vim.fn.json_encode(said) }, "said.json")
vim.cmd("qa!")
"""


def test_neovim_shows_findings_while_typing_and_applies_a_fix(tmp_path: Path) -> None:
    """Columns are those of Neovim's own bytes, and nothing is written but by the editor."""
    nvim = shutil.which("nvim")
    if nvim is None:
        pytest.skip("Neovim is not installed")
    (tmp_path / "request.json").write_text(_TEXT, "utf-8")
    command = json.dumps([sys.executable, "-m", "reqlint", "lsp", "--isolated"])
    script = _SCRIPT.replace("COMMAND", "{" + command[1:-1] + "}")
    (tmp_path / "session.lua").write_text(script, "utf-8")
    arguments = [nvim, "--headless", "-u", "NONE", "-i", "NONE", "-c", "luafile session.lua"]
    ended = subprocess.run(arguments, cwd=tmp_path, capture_output=True, text=True, timeout=150, check=False)
    assert ended.returncode == 0, ended.stderr
    said = json.loads((tmp_path / "said.json").read_text("utf-8"))
    line = _TEXT.split("\n")[0].encode()
    at = line.index(b"500")
    assert said["complete"] == {"out-of-range": [0, at, at + 3], "unknown-field": [2, 1, 12]}
    assert said["half"].keys() == {"out-of-range", "invalid-json"}
    assert said["fixed"] + "\n" == _TEXT.replace("max_token", "max_tokens")
    assert (tmp_path / "request.json").read_text("utf-8") == _TEXT
