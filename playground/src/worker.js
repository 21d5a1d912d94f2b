// The engine: Python in WebAssembly, with the wheel of reqlint. It answers messages, one after the other.
import { loadPyodide } from "./pyodide.mjs";

const here = new URL(".", import.meta.url).href;
let engine = null;

async function start() {
  const began = performance.now();
  const archive = fetch(here + "engine.zip").then((answer) => answer.arrayBuffer());
  const python = await loadPyodide({ indexURL: here, lockFileURL: here + "pyodide-lock.json" });
  const loaded = performance.now();
  postMessage({ state: "python" });
  python.unpackArchive(await archive, "zip", { extractDir: "/engine" });
  python.runPython("import sys; sys.path.insert(0, '/engine'); sys.dont_write_bytecode = True");
  engine = python.pyimport("engine");
  postMessage({ state: "ready", choices: JSON.parse(engine.choices()), python: loaded - began, rules: performance.now() - loaded });
}

const started = start().catch((error) => postMessage({ state: "failed", error: String(error) }));

onmessage = async ({ data }) => {
  await started;
  if (!engine) return;
  const before = performance.now();
  try {
    const answer = data.kind === "compat" ? engine.compat(data.text, data.name) : engine.judge(data.text, data.name, data.profile);
    postMessage({ id: data.id, kind: data.kind, answer: JSON.parse(answer), took: performance.now() - before });
  } catch (error) {
    postMessage({ id: data.id, kind: data.kind, error: String(error) });
  }
};
