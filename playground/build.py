"""
Build the playground into ``playground/dist``, which the site then carries: ``python playground/build.py [FOLDER]``.

It needs pip, npm and PyPI's and npm's registries; every package is pinned by its hash, and no script of a package runs.
"""

import json
import shutil
import subprocess
import sys
import tempfile
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parent
PYODIDE = ("pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm", "python_stdlib.zip")
PLATFORM = ("--platform", "manylinux2014_x86_64", "--python-version", "3.14", "--implementation", "cp")
NEVER = (".so", ".pyi", ".pyc", "py.typed")
DATE = (2026, 1, 1, 0, 0, 0)  # the same files give the same bytes


def main(arguments: list[str]) -> int:
    """Build, and say how large it is."""
    started = time.monotonic()
    out = Path(*arguments[:1]).absolute() if arguments else HERE / "dist"
    run("npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--silent", cwd=HERE)
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir()
    with tempfile.TemporaryDirectory() as folder:
        sources = Path(folder, "sources.zip")
        pack(wheels(Path(folder)), sources)
        run("node", "compile.mjs", str(sources), str(out / "engine.zip"), cwd=HERE)
    esbuild = HERE / "node_modules" / ".bin" / "esbuild"
    options = (
        "--bundle",
        "--minify",
        "--format=esm",
        "--target=es2022",
        "--external:./pyodide.mjs",
        "--log-level=warning",
    )
    run(str(esbuild), "src/page.js", "src/worker.js", f"--outdir={out}", *options, cwd=HERE)
    for name in ("index.html", "style.css"):
        shutil.copy(HERE / "src" / name, out)
    shutil.copy(ROOT / "docs" / "theme" / "mark.svg", out)
    package = HERE / "node_modules" / "pyodide"
    for name in PYODIDE:
        shutil.copy(package / name, out)
    lock = json.loads((package / "pyodide-lock.json").read_text("utf-8"))
    (out / "pyodide-lock.json").write_text(json.dumps({**lock, "packages": {}}), "utf-8")  # nothing else is loaded
    (out / "licences.txt").write_text(licences(), "utf-8")
    size = sum(path.stat().st_size for path in out.iterdir())
    print(f"{out}: {size / 1e6:.1f} MB in {time.monotonic() - started:.0f} s")
    return 0


def run(*command: str, cwd: Path) -> None:
    """Run a program that must succeed."""
    subprocess.run(command, cwd=cwd, check=True)


def wheels(folder: Path) -> Iterator[Path]:
    """Yield the wheel of this checkout, and those of what it needs."""
    pip = (sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check")
    run(*pip, "wheel", "--no-deps", "--wheel-dir", str(folder), str(ROOT), cwd=folder)
    asked = ("--no-deps", "--require-hashes", "--only-binary", ":all:", "--requirement", str(HERE / "requirements.txt"))
    run(*pip, "download", *asked, *PLATFORM, "--dest", str(folder), cwd=folder)
    yield from sorted(folder.glob("*.whl"))


def pack(found: Iterator[Path], path: Path) -> None:
    """Write one archive of the wheels' Python files and data, with our modules beside them."""
    members: dict[str, bytes] = {}
    for wheel in found:
        with zipfile.ZipFile(wheel) as opened:
            for name in opened.namelist():
                if not (name.endswith(NEVER) or is_left_out(name)):
                    members[name] = opened.read(name)
    members["rpds.py"] = (HERE / "rpds.py").read_bytes()
    members["engine.py"] = (HERE / "engine.py").read_bytes()
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in sorted(members.items()):
            archive.writestr(zipfile.ZipInfo(name, DATE), data, zipfile.ZIP_DEFLATED, 9)


def licences() -> str:
    """Return the licences of what npm brought and the page carries; those of Python packages are in the archive."""
    locked = json.loads((HERE / "package-lock.json").read_text("utf-8"))["packages"]
    parts = []
    for name, entry in locked.items():
        if name and not entry.get("dev"):
            texts = [path.read_text("utf-8") for path in sorted((HERE / name).glob("LICENSE*"))]
            head = f"{name.removeprefix('node_modules/')} {entry['version']}: {entry.get('license', 'see below')}"
            parts.append("\n\n".join([head, *texts]))
    return "\n\n----\n\n".join(parts)


def is_left_out(name: str) -> bool:
    """Whether the browser has no use for a file of a wheel."""
    top, _, rest = name.partition("/")
    if top.endswith(".dist-info"):
        return not rest.startswith("licenses/") and rest != "METADATA"
    if top == "reqlint":
        if rest == "rules/README.md":
            return False  # that the folder is there says that the package is installed, and its index complete
        # Rules and evidence were read into the index; commands and what judges many files are not called.
        return rest.startswith(("cli/", "integrations/", "lsp/", "rules/")) or rest.endswith(
            ("evidence.yaml", "examples.yaml")
        )
    return "/tests/" in name or "/benchmarks/" in name


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
