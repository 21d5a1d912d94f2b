/** The extension: starts the language server of reqlint, and starts it again when asked to. */

import * as vscode from "vscode";
import { LanguageClient, type LanguageClientOptions, type ServerOptions, TransportKind } from "vscode-languageclient/node";

import { findCommand, onDisk, serverArguments } from "./command";

const LANGUAGES = ["json", "jsonc", "jsonl", "yaml"];

let client: LanguageClient | undefined;
let output: vscode.OutputChannel | undefined;
let work: Promise<void> = Promise.resolve();

export function activate(context: vscode.ExtensionContext): Promise<void> {
  output = vscode.window.createOutputChannel("reqlint");
  context.subscriptions.push(
    output,
    vscode.commands.registerCommand("reqlint.restart", () => restart()),
    vscode.workspace.onDidChangeConfiguration((change) => {
      if (change.affectsConfiguration("reqlint")) {
        void restart();
      }
    }),
    vscode.workspace.onDidChangeWorkspaceFolders(() => void restart()),
  );
  return restart();
}

export function deactivate(): Promise<void> {
  return after(stop);
}

/** Stop the server if it runs, and start it if it is wanted. */
function restart(): Promise<void> {
  return after(async () => {
    await stop();
    await start();
  });
}

/** Do one thing after the other, whatever became of the one before. */
function after(next: () => Promise<void>): Promise<void> {
  work = work.then(next, next);
  return work;
}

async function stop(): Promise<void> {
  const running = client;
  client = undefined;
  if (running !== undefined) {
    await running.dispose().catch((failed: unknown) => output?.appendLine(`could not be stopped: ${String(failed)}`));
  }
}

async function start(): Promise<void> {
  const settings = vscode.workspace.getConfiguration("reqlint");
  if (!settings.get("enable", true)) {
    return;
  }
  const folders = (vscode.workspace.workspaceFolders ?? []).map((folder) => folder.uri.fsPath);
  const found = findCommand({
    configured: settings.get<string[]>("command", []),
    folders,
    interpreter: await chosenInterpreter(),
    isWindows: process.platform === "win32",
    exists: onDisk,
  });
  const given = serverArguments({
    profile: settings.get("profile", ""),
    config: settings.get("config", ""),
    docsUrl: settings.get("docsUrl", ""),
  });
  output?.appendLine(`starting ${found.program}, from ${found.from}`);
  const cwd = folders[0];
  const server: ServerOptions = {
    command: found.program,
    args: [...found.arguments, ...given],
    transport: TransportKind.stdio,
    ...(cwd === undefined ? {} : { options: { cwd } }),
  };
  const options: LanguageClientOptions = {
    documentSelector: LANGUAGES.flatMap((language) => [
      { scheme: "file", language },
      { scheme: "untitled", language },
    ]),
    ...(output === undefined ? {} : { outputChannel: output }),
  };
  client = new LanguageClient("reqlint", "reqlint", server, options);
  try {
    await client.start();
  } catch (failed: unknown) {
    client = undefined;
    output?.appendLine(`could not be started: ${String(failed)}`);
    void vscode.window.showWarningMessage(
      `reqlint could not be started from ${found.from}. Install reqlint with its extra lsp in the project's environment, or set reqlint.command.`,
    );
  }
}

/** The part of the Python extension that is used here. */
interface PythonExtension {
  readonly environments?: {
    getActiveEnvironmentPath(resource?: vscode.Uri): { readonly path: string };
    resolveEnvironment(path: { readonly path: string }): Promise<
      { readonly executable: { readonly uri: vscode.Uri | undefined } } | undefined
    >;
  };
}

/** Return the interpreter that the Python extension has chosen; nothing if it is not installed, or has chosen none. */
async function chosenInterpreter(): Promise<string | undefined> {
  const extension = vscode.extensions.getExtension<PythonExtension>("ms-python.python");
  if (extension === undefined) {
    return undefined;
  }
  try {
    const python = extension.isActive ? extension.exports : await extension.activate();
    const environments = python.environments;
    if (environments === undefined) {
      return undefined;
    }
    const path = environments.getActiveEnvironmentPath(vscode.workspace.workspaceFolders?.[0]?.uri);
    return (await environments.resolveEnvironment(path))?.executable.uri?.fsPath;
  } catch (failed: unknown) {
    output?.appendLine(`the Python extension names no interpreter: ${String(failed)}`);
    return undefined;
  }
}
