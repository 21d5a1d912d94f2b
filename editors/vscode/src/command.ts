/** Which command starts reqlint: that of the settings, else of the project's environment, else of `PATH`. */

import { existsSync } from "node:fs";
import { join } from "node:path";

/** What decides on the command. */
export interface Surroundings {
  /** The command of the settings; empty if there is none. */
  readonly configured: readonly string[];
  /** The folders of the workspace. */
  readonly folders: readonly string[];
  /** The interpreter that the Python extension has chosen, if it is there. */
  readonly interpreter: string | undefined;
  readonly isWindows: boolean;
  readonly exists: (path: string) => boolean;
}

/** A program and its first arguments, and in words where it comes from. */
export interface Start {
  readonly program: string;
  readonly arguments: readonly string[];
  readonly from: string;
}

/** Return what starts reqlint; the last resort is the name alone, which the system looks for. */
export function findCommand(around: Surroundings): Start {
  const [program, ...rest] = around.configured;
  if (program !== undefined) {
    return { program, arguments: rest, from: "the settings" };
  }
  for (const folder of around.folders) {
    const found = inEnvironment(join(folder, ".venv"), around);
    if (found !== undefined) {
      return { program: found, arguments: [], from: "the environment of the project" };
    }
  }
  if (around.interpreter !== undefined && around.interpreter !== "") {
    return { program: around.interpreter, arguments: ["-m", "reqlint"], from: "the interpreter of the Python extension" };
  }
  return { program: "reqlint", arguments: [], from: "PATH" };
}

function inEnvironment(environment: string, around: Surroundings): string | undefined {
  const path = around.isWindows
    ? join(environment, "Scripts", "reqlint.exe")
    : join(environment, "bin", "reqlint");
  return around.exists(path) ? path : undefined;
}

/** What of the settings the server is told. */
export interface Options {
  readonly profile: string;
  readonly config: string;
  readonly docsUrl: string;
}

/** Return the arguments of the server. */
export function serverArguments(options: Options): string[] {
  const given = ["lsp"];
  if (options.profile !== "") {
    given.push("--profile", options.profile);
  }
  if (options.config !== "") {
    given.push("--config", options.config);
  }
  if (options.docsUrl !== "") {
    given.push("--docs-url", options.docsUrl);
  }
  return given;
}

export const onDisk = existsSync;
