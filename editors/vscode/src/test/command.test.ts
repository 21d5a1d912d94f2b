/** Which command is chosen, without VS Code. */

import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";

import { findCommand, serverArguments, type Surroundings } from "../command";

const NOWHERE: Surroundings = {
  configured: [],
  folders: ["/a", "/b"],
  interpreter: undefined,
  isWindows: false,
  exists: () => false,
};

test("the settings go before everything", () => {
  const found = findCommand({ ...NOWHERE, configured: ["/x/reqlint", "-v"], exists: () => true });
  assert.deepEqual(found, { program: "/x/reqlint", arguments: ["-v"], from: "the settings" });
});

test("then comes the environment of a folder", () => {
  const there = join("/b", ".venv", "bin", "reqlint");
  const found = findCommand({ ...NOWHERE, interpreter: "/py", exists: (path) => path === there });
  assert.equal(found.program, there);
  const windows = findCommand({ ...NOWHERE, isWindows: true, exists: (path) => path.endsWith("reqlint.exe") });
  assert.equal(windows.program, join("/a", ".venv", "Scripts", "reqlint.exe"));
});

test("then the interpreter of the Python extension, then PATH", () => {
  assert.deepEqual(findCommand({ ...NOWHERE, interpreter: "/py" }).arguments, ["-m", "reqlint"]);
  assert.deepEqual(findCommand(NOWHERE), { program: "reqlint", arguments: [], from: "PATH" });
});

test("only settings that are there become arguments", () => {
  assert.deepEqual(serverArguments({ profile: "", config: "", docsUrl: "" }), ["lsp"]);
  assert.deepEqual(serverArguments({ profile: "openai", config: "c.toml", docsUrl: "https://docs.example/{rule}" }), [
    "lsp", "--profile", "openai", "--config", "c.toml", "--docs-url", "https://docs.example/{rule}",
  ]);
});
