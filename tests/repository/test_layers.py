"""The laws of the house: which folder imports which, where libraries are imported, sizes and names."""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator
from graphlib import TopologicalSorter

from tests.support.house import LEVEL, PACKAGE, folder_of, imports, modules

HOMES = {
    "click": {"reqlint.cli"},
    "rich": {"reqlint.cli", "reqlint.reporters"},
    "yaml": {"reqlint.text"},
    "jsonschema_rs": {"reqlint.schema"},
    "jsonschema": {"reqlint.schema", "reqlint.checks"},
    "referencing": {"reqlint.schema"},
    "msgspec": {"reqlint.text"},
    "orjson": {"reqlint.text", "reqlint.core.json_values"},
    "backports": {"reqlint.text.compressed"},
    "compression": {"reqlint.text.compressed"},  # the standard library from 3.14 on
    "mcp": {"reqlint.cli.mcp_server"},
    "anyio": {"reqlint.cli.mcp_server"},  # what mcp runs on
    "pygls": {"reqlint.lsp.server"},
    "lsprotocol": {"reqlint.lsp.server"},
    "httpx": {"reqlint.cli.probe_sending", "reqlint.integrations"},
    "pydantic": {"reqlint.cli.mcp_server"},  # what mcp reads messages with
    "_typeshed": {"reqlint.text"},  # types only
    "dataclasses": {"reqlint.core.records"},  # which has what the others use of it, at a tenth of its cost
}
"""The folders and modules in which a library may be imported; any other library has its home in integrations."""

EDGE = {
    "prints": ("", {"print", "input", "sys.stdin", "sys.stdout", "sys.stderr"}),
    "reads the environment": ("reqlint.schema.validators", {"os.environ", "os.getenv", "sys.argv"}),
    "exits": ("reqlint.run.worker", {"exit", "quit", "sys.exit", "SystemExit", "os._exit"}),
}
"""What only the command line does, the one other module that may, and the names it is done with."""

ONE_PLACE = {
    "reqlint.core.paths": {"resolve", "absolute", "cwd", "getcwd", "realpath", "abspath", "relpath"},
    "reqlint.cli.streams": {"stdin", "stdout", "stderr", "isatty", "echo"},
}
"""Attributes that only one module uses: elsewhere an odd path or a closed stream would end the run."""

SUFFIX = re.compile(r"\.[a-z0-9]+")


def test_a_folder_imports_only_folders_of_a_lower_level() -> None:
    """Folders of one level do not know each other; imports inside functions and for types count."""
    upward = [
        f"{module} imports {other}"
        for module in modules()
        for other in imports(module)
        if module not in ("reqlint", "reqlint.__main__") and other in modules() and other != "reqlint"
        if (folder := folder_of(module)) != (below := folder_of(other)) and LEVEL[below] >= LEVEL[folder]
    ]
    assert upward == []


def test_no_imports_go_in_a_circle() -> None:
    """The modules of the package can be put in an order in which each imports only those before it."""
    TopologicalSorter(
        {module: [each for each in imports(module) if each in modules()] for module in modules()}
    ).prepare()


def test_only_the_command_line_asks_the_package_for_its_version() -> None:
    """Only the command line imports from `reqlint` itself; anything else would be an import upward."""
    assert {folder_of(module) for module in modules() if "reqlint" in imports(module)} <= {"cli", "__main__"}


def test_the_top_of_the_package_has_only_the_folders_of_the_levels() -> None:
    """Every folder has a level, and there are no modules beside the folders."""
    names = {path.name for path in PACKAGE.iterdir()} - {"__pycache__"}
    assert names - {"__init__.py", "__main__.py", "py.typed"} <= LEVEL.keys()


def test_libraries_have_one_home() -> None:
    """A library is imported in the folder that needs it and nowhere else; so is what has a cheaper stand-in here."""
    elsewhere = sys.stdlib_module_names - HOMES.keys() | {"reqlint"}
    strays = [
        f"{module} imports {library}"
        for module in modules()
        for library in {name.split(".")[0] for name in imports(module)} - elsewhere
        if not any(f"{module}.".startswith(f"{home}.") for home in HOMES.get(library, {"reqlint.integrations"}))
    ]
    assert strays == []


def test_only_the_command_line_prints_reads_the_environment_or_exits() -> None:
    """The named exceptions: a variable chooses the engine, and a worker process ends itself."""
    found = [
        f"{module} {does}: {name}"
        for module, tree in modules().items()
        for does, (exception, names) in EDGE.items()
        for name in _names(tree) & names
        if folder_of(module) not in ("cli", "lsp", "__main__") and module != exception
    ]
    assert found == []


def _names(tree: ast.Module) -> set[str]:
    """Return all names and dotted names that are used: ``sys``, ``sys.exit``."""
    return {ast.unparse(node) for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute)}


def test_one_module_starts_programs() -> None:
    """What could start a program is named only where the server of `--mcp-stdio` is started."""
    starts = re.compile(
        r"subprocess|pty|os\.(system|popen|startfile|posix_spawnp?|(exec|spawn)[lv]p?e?)|.*open_process"
    )
    found = {
        module
        for module, tree in modules().items()
        for name in {*_names(tree), *imports(module)}
        if starts.fullmatch(name)
    }
    assert found == {"reqlint.cli.mcp_server"}


def test_one_module_speaks_to_a_network() -> None:
    """What could open a connection is imported only where the server of `probe` is asked; guards are given theirs."""
    speaks = re.compile(
        r"(socket|ssl|http\.client|urllib\.request|ftplib|smtplib|asyncio|httpx2?|requests|urllib3|aiohttp)(\..*)?"
    )
    found = {
        module
        for module in modules()
        for name in imports(module)
        if speaks.fullmatch(name) and folder_of(module) != "integrations"
    }
    assert found == {"reqlint.cli.probe_sending"}


def test_where_paths_lead_and_the_streams_are_asked_in_one_place() -> None:
    """`Path.resolve` raises for a link to itself, and `sys.stdout` may be None; one module knows each."""
    found = [
        f"{module}: {ast.unparse(node)}"
        for module, tree in modules().items()
        for home, names in ONE_PLACE.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Attribute) and node.attr in names and module != home
        if ast.unparse(node) not in ("streams.stdout", "streams.stderr", "process.stdin", "process.stdout")
    ]
    assert found == ["reqlint.__main__: sys.stdout", "reqlint.__main__: sys.stdout"]


def test_the_case_of_a_suffix_does_not_matter() -> None:
    """A suffix is compared with a name in lower case, because UPPER.JSON is JSON."""
    found = [
        f"{module}: {ast.unparse(node)}"
        for module, tree in modules().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "endswith"
        if any(_is_suffix(each) for argument in node.args for each in ast.walk(argument))
        if ".lower()" not in ast.unparse(node.func.value)
    ]
    # The last four characters are lower case there, and the shortcut leaves the rest to the long way.
    assert found == ["reqlint.run.one_value: source.endswith('.json')", "reqlint.text.compressed: last.endswith('.gz')"]


def _is_suffix(node: ast.AST) -> bool:
    named = isinstance(node, ast.Name) and node.id in ("SUFFIXES", "TABLE")
    return named or (isinstance(node, ast.Constant) and bool(SUFFIX.fullmatch(str(node.value))))


def test_no_text_is_taken_from_a_docstring() -> None:
    """`python -OO` has no docstrings; a guard only passes on that of a class it imitates."""
    found = [
        module
        for module, tree in modules().items()
        if any(isinstance(node, ast.Attribute) and node.attr == "__doc__" for node in ast.walk(tree))
    ]
    assert found == ["reqlint.integrations._sdk", "reqlint.integrations.google_genai"]


def test_no_module_is_longer_than_400_lines() -> None:
    """A longer module answers more than one question, and is to be split by subject."""
    lengths = {path.relative_to(PACKAGE): path.read_text("utf-8").count("\n") for path in PACKAGE.rglob("*.py")}
    assert {path: lines for path, lines in lengths.items() if lines > 400} == {}


def test_no_two_classes_have_the_same_name() -> None:
    """One name, one thing, in the whole package."""
    classes = Counter(
        node.name for tree in modules().values() for node in ast.walk(tree) if isinstance(node, ast.ClassDef)
    )
    assert [name for name, times in classes.items() if times > 1] == []


def test_docstrings_say_what_is_returned() -> None:
    """A function returns, yields or raises; none "gives", "says" or "tells"."""
    assert [text for text in _docstrings() if re.match(r"(Give|Say|Tell)s?\b", text)] == []


def _docstrings() -> Iterator[str]:
    kinds = ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef
    for tree in modules().values():
        yield from (ast.get_docstring(node) or "" for node in ast.walk(tree) if isinstance(node, kinds))
