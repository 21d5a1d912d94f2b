"""The other tools that could do the work: their names, whether they are installed, and how to call them."""

import json
import platform
import sys
from collections.abc import Callable, Mapping
from functools import cache
from importlib import import_module, metadata
from pathlib import Path
from typing import Any

from benchmarks.commands import HERE, PYTHON, Command, Proof, contender
from benchmarks.rounds import Contender

SCHEMA = HERE.parent / "schemas" / "openai" / "request.json"  #: the schema that the peers check against

Accepts = Callable[[Any], bool]  #: returns whether a request, or its text, is accepted

PEERS = (
    "jsonschema", "fastjsonschema", "jsonschema-rs", "openai", "pydantic", "pydantic-core",
    "check-jsonschema", "sourcemeta-jsonschema", "orjson", "jiter",
)  # fmt: skip


def version(distribution: str) -> str:
    """Return the version of an installed distribution, or an empty string."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


# Libraries. Each function takes a schema and returns a judge of requests; it raises ImportError if it is not installed.


def of_jsonschema(schema: Mapping[str, Any]) -> Accepts:
    """Return a judge that uses `jsonschema` and stops at the first mistake."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema).is_valid


def of_fastjsonschema(schema: Mapping[str, Any]) -> Accepts:
    """Return a judge that runs the Python code which `fastjsonschema` generates from the schema."""
    fastjsonschema: Any = import_module("fastjsonschema")  # it has no types
    judge = fastjsonschema.compile(schema)

    def accepts(body: object) -> bool:
        try:
            judge(body)
        except fastjsonschema.JsonSchemaException:
            return False
        return True

    return accepts


def of_jsonschema_rs(schema: Mapping[str, Any]) -> Accepts:
    """Return a judge that uses `jsonschema-rs` with the schema of the profile, and no rules."""
    import jsonschema_rs

    accepts: Accepts = jsonschema_rs.validator_for(dict(schema)).is_valid
    return accepts


@cache
def _openai_types(name: str) -> Any:
    """
    Compile a request type of openai so that pydantic checks all of a request.

    The types declare messages, parts, tools and calls as Iterable, and pydantic checks an element of an Iterable only
    when it is iterated, so a request with a wrong role passes. Each Iterable in the compiled schema is therefore turned
    into a list, which is checked and built at once. Iterating over the lazy result in Python took longer.
    """
    from openai.types.chat import completion_create_params
    from pydantic import TypeAdapter
    from pydantic_core import SchemaValidator

    def eager(schema: object) -> object:
        if isinstance(schema, dict):
            made = {key: eager(value) for key, value in schema.items()}
            return {**made, "type": "list"} if made.get("type") == "generator" else made
        if isinstance(schema, list | tuple):
            return type(schema)(map(eager, schema))
        return schema

    lazy: Any = TypeAdapter(getattr(completion_create_params, name))
    return SchemaValidator(eager(lazy.core_schema))  # type: ignore[arg-type]  # a schema of the same form


def of_pydantic(name: str, *, text: bool = False) -> Accepts:
    """Return a judge that builds the openai type *name* from a dict, or from a *text*."""
    types = _openai_types(name)
    from pydantic_core import ValidationError

    make = types.validate_json if text else types.validate_python

    def accepts(given: Any) -> bool:
        try:
            make(given)
        except ValidationError:
            return False
        return True

    return accepts


def reader(name: str) -> Callable[[Any], object]:
    """Return the parser of ``json``, ``orjson`` or ``jiter``; raise ImportError if it is not installed."""
    if name == "orjson":
        import orjson

        loads: Callable[[Any], object] = orjson.loads
        return loads
    if name == "jiter":
        import jiter

        return lambda text: jiter.from_json(text.encode())  # it takes bytes only
    return json.loads


# Commands. Each function returns the command to run on a file or a folder, or None if it is not installed.


def reqlint(*options: str, profile: str = "openai") -> Command:
    """Return a command that checks with reqlint and ignores configuration files."""
    return lambda path: [PYTHON, "-m", "reqlint", "check", "--isolated", "-p", profile, *options, str(path)]


def reqlints(path: Path, proof: Proof, *options: str, size: int = 0, profile: str = "openai") -> list[Contender]:
    """Return two contenders: reqlint in one process, and with its default number of processes."""
    one, every = reqlint("--jobs", "1", *options, profile=profile), reqlint(*options, profile=profile)
    return [
        contender("reqlint --jobs 1", one, path, proof, size=size),
        contender("reqlint, every core", every, path, proof, size=size),
    ]


def check_jsonschema(schema: Path) -> Command | None:
    """Return a command that checks with check-jsonschema; it gets the files of a folder by name, as from a hook."""
    if not version("check-jsonschema"):
        return None

    def command(path: Path) -> list[str]:
        paths = sorted(map(str, path.iterdir())) if path.is_dir() else [str(path)]
        return [PYTHON, "-m", "check_jsonschema", "--schemafile", str(schema), *paths]

    return command


def sourcemeta(schema: Path, *options: str) -> Command | None:
    """
    Return a command that checks with the binary of the Sourcemeta CLI.

    Its package installs a script `jsonschema`, and so does the package `jsonschema`; which one is left depends on the
    order of installation. So the binary is looked up among the package's files. It also starts faster than the script.
    """
    binary = _sourcemeta_binary()
    return None if binary is None else lambda path: [str(binary), "validate", str(schema), str(path), *options]


def _sourcemeta_binary() -> Path | None:
    machine = {"amd64": "x86_64", "aarch64": "arm64"}.get(platform.machine().lower(), platform.machine().lower())
    wanted = f"jsonschema-{platform.system().lower()}-{machine}"
    try:
        files = metadata.files("sourcemeta-jsonschema") or []
    except metadata.PackageNotFoundError:
        return None
    return next((Path(str(file.locate())) for file in files if file.name in (wanted, f"{wanted}.exe")), None)


def loop(name: str, schema: Path) -> Command | None:
    """Return a command that runs `loops.py` with ``json``, ``orjson`` or ``jsonschema-rs``."""
    needs = {"json": (), "orjson": ("orjson",), "jsonschema-rs": ("orjson", "jsonschema-rs")}[name]
    if not all(map(version, needs)):
        return None
    return lambda path: [sys.executable, str(HERE / "loops.py"), name, str(schema), str(path)]
