"""The architecture, held by a test."""

import ast
from pathlib import Path

PACKAGE = Path(__file__).parents[2] / "reqlint"

# Each module's layer, lowest first: imports go down or stay within a module's own family.
LAYERS = {
    "pointer": 0, "findings": 0, "errors": 0, "plain": 0, "inert": 0, "credentials": 0, "globs": 0, "firsts": 0,
    "_reading": 0,
    "sources": 1, "documents": 1, "stretches": 1, "compressed": 1, "_json": 1, "_json_scan": 1, "_json_spans": 1,
    "_yaml": 1, "_toml_keys": 1, "envelopes": 1, "embedded": 1, "recordings": 1, "changes": 1, "_json_edits": 1,
    "_yaml_edits": 1, "_data": 1, "rules": 1, "profiles": 1, "replacing": 1,
    "finite": 1, "fusing": 1, "quick": 2, "engines": 1, "explaining": 1, "shape": 1, "checks": 1,
    "choosing": 2, "neighbours": 2, "wording": 2, "reach": 2, "halves": 2,
    "held": 3, "judge": 3, "own": 4, "suppressions": 4,
    "comparing": 4, "lines": 4, "telling": 4, "toolnames": 2, "nearby": 4, "fixes": 4,
    "linter": 5, "piecewise": 6, "parallel": 7, "repair": 6, "splitting": 6,
    "_gitignore": 5, "audit": 6, "discovery": 6, "pages": 6, "reporters": 6, "config": 6, "baseline": 6, "proving": 6,
    "project": 7,
    "cli": 8, "__main__": 9, "__init__": 9,
}  # fmt: skip
FAMILIES = [
    {"pointer", "findings", "errors", "plain", "inert", "credentials", "globs", "firsts", "_reading"},
    {
        "sources",
        "documents",
        "stretches",
        "compressed",
        "_json",
        "_json_scan",
        "_json_spans",
        "_yaml",
        "envelopes",
        "embedded",
        "recordings",
        "changes",
        "_json_edits",
        "_yaml_edits",
    },
    {"_data", "rules", "profiles"},
    {"fixes", "nearby"},
    {"reach", "halves"},
    {"finite", "fusing", "engines", "explaining", "shape", "checks"},
]
HOMES = {  # third-party import → the modules it may stand in
    "click": {"cli"},
    "rich": {"reporters"},
    "yaml": {"_yaml", "_reading"},
    "jsonschema_rs": {"engines"},
    "jsonschema": {"engines", "checks"},
    "referencing": {"engines"},
    "msgspec": {"_json"},
    "orjson": {"_json", "plain"},
    "backports": {"compressed"},
}


def modules() -> dict[str, list[Path]]:
    """Give the package's files by module name; a subpackage is one module."""
    found: dict[str, list[Path]] = {}
    for path in PACKAGE.rglob("*.py"):
        found.setdefault(path.relative_to(PACKAGE).parts[0].removesuffix(".py"), []).append(path)
    return found


def imports(path: Path) -> set[str]:
    """Give every module a file imports, lazily or not, but not for types only."""
    tree = ast.parse(path.read_text("utf-8"))
    typing_only = {
        id(node)
        for branch in ast.walk(tree)
        if isinstance(branch, ast.If) and "TYPE_CHECKING" in ast.unparse(branch.test)
        for node in ast.walk(branch)
    }
    names: set[str] = set()
    for node in ast.walk(tree):
        if id(node) in typing_only:
            continue
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            names.add(node.module)
            if node.module == "reqlint":
                names |= {f"reqlint.{alias.name}" for alias in node.names}
    return names


def test_imports_point_one_way() -> None:
    """Vocabulary ← text, knowledge, judgement ← engine ← edge; the three in the middle do not know each other."""
    for module, paths in modules().items():
        if module == "integrations":
            continue
        for name in set().union(*map(imports, paths)):
            if not name.startswith("reqlint."):
                continue
            other = name.split(".")[1]
            if other not in LAYERS or other == module:
                continue
            family = next((f for f in FAMILIES if module in f), {module})
            assert LAYERS[other] < LAYERS[module] or other in family, f"{module} imports {other}"


def test_every_module_has_a_layer() -> None:
    """A new module must say where it belongs."""
    assert set(modules()) - {"integrations"} <= set(LAYERS)


def test_third_party_imports_have_one_home() -> None:
    """A library is imported where it belongs and nowhere else."""
    for module, paths in modules().items():
        if module == "integrations":
            continue
        for name in {name.split(".")[0] for name in set().union(*map(imports, paths))} & set(HOMES):
            assert module in HOMES[name], f"{module} imports {name}"


def test_only_the_command_line_prints_or_exits() -> None:
    """Printing, reading the environment and exiting are the edge's business; REQLINT_ENGINE is the named exception."""
    for module, paths in modules().items():
        for path in paths:
            text = path.read_text("utf-8")
            if module not in ("cli", "__main__"):
                assert "sys.exit" not in text
                assert "\nprint(" not in text
            if module not in ("cli", "__main__", "engines"):
                assert "os.environ" not in text, module
