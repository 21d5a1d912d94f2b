"""The package as the laws of the house see it: its folders in levels, its modules, and what each module imports."""

import ast
from collections.abc import Iterator
from functools import cache
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "reqlint"
CONTRIBUTING = PACKAGE.parent / "CONTRIBUTING.md"
BEFORE_THE_MAP = "<!-- Written by `python tests/regenerate.py` from the folders' docstrings. -->"
AFTER_THE_MAP = "<!-- The end of what is generated. -->"

LEVELS = (
    ("display",),
    ("core",),
    ("text", "schema", "dialects"),
    ("checks", "containers", "knowledge"),
    ("judge",),
    ("fixes",),
    ("run",),
    ("project", "reporters", "pages"),
    ("integrations", "lsp"),
    ("cli",),
)
"""The folders of the package, lowest level first."""

LEVEL = {folder: level for level, folders in enumerate(LEVELS) for folder in folders}


@cache
def modules() -> dict[str, ast.Module]:
    """Return every module of the package, parsed, by its full name; a package is named without ``__init__``."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = ast.parse(path.read_text("utf-8"))
    return found


@cache
def imports(module: str) -> tuple[str, ...]:
    """Return what *module* imports anywhere in its text, also inside functions and for types only."""
    return tuple(dict.fromkeys(_imports(modules()[module])))


def _imports(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in modules() else node.module


def folder_of(module: str) -> str:
    """Return the top folder of a module of the package: ``text`` for ``reqlint.text.json.reader``."""
    return module.split(".")[1] if "." in module else ""


def summary(folder: str) -> str:
    """Return the first sentence of a folder's docstring."""
    docstring = ast.get_docstring(modules()[f"reqlint.{folder}"]) or ""
    return docstring.split("\n\n")[0].replace("\n", " ").replace("``", "`")


def contributing() -> str:
    """Return CONTRIBUTING.md with its map of the package as the folders' docstrings have it."""
    rows = [
        f"| {level} | `{folder}/` | {summary(folder)} |"
        for level, folders in reversed(list(enumerate(LEVELS)))
        for folder in folders
        if f"reqlint.{folder}" in modules()
    ]
    written = "\n".join(["| level | folder | |", "|---:|---|---|", *rows])
    head, _, rest = CONTRIBUTING.read_text("utf-8").partition(BEFORE_THE_MAP)
    _, _, tail = rest.partition(AFTER_THE_MAP)
    return f"{head}{BEFORE_THE_MAP}\n\n{written}\n\n{AFTER_THE_MAP}{tail}"
