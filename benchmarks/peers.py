"""Who else could do the work: each contender's name, whether it is here, and how it is called."""

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

SCHEMA = HERE.parent / "schemas" / "openai" / "request.json"  #: what the peers are given

Says = Callable[[Any], bool]  #: whether it accepts what it is given

PEERS = (
    "jsonschema", "fastjsonschema", "jsonschema-rs", "openai", "pydantic", "pydantic-core",
    "check-jsonschema", "sourcemeta-jsonschema", "orjson", "jiter",
)  # fmt: skip


def version(distribution: str) -> str:
    """Give the version of an installed distribution, or nothing."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return ""


# Libraries. Each takes a schema and gives a judge of requests, or raises ImportError where it is not installed.


def of_jsonschema(schema: Mapping[str, Any]) -> Says:
    """Judge by `jsonschema`, stopping at the first mistake."""
    from jsonschema import Draft202012Validator

    return Draft202012Validator(schema).is_valid


def of_fastjsonschema(schema: Mapping[str, Any]) -> Says:
    """Judge by the Python code that `fastjsonschema` writes for the schema."""
    fastjsonschema: Any = import_module("fastjsonschema")  # it has no types
    judge = fastjsonschema.compile(schema)

    def accepts(body: object) -> bool:
        try:
            judge(body)
        except fastjsonschema.JsonSchemaException:
            return False
        return True

    return accepts


def of_jsonschema_rs(schema: Mapping[str, Any]) -> Says:
    """Judge by `jsonschema-rs` alone: the schema of the profile, and no rule."""
    import jsonschema_rs

    accepts: Says = jsonschema_rs.validator_for(dict(schema)).is_valid
    return accepts


@cache
def _openai_types(name: str) -> Any:
    """
    Compile a request type of openai so that pydantic looks at all of a request.

    The types say Iterable for messages, parts, tools and calls, and pydantic then looks at an element only when one
    asks for it: a request with a wrong role passes. So each such place of its compiled schema is made a list, which is
    checked and built at once; walking the lazy result in Python instead took longer.
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


def of_pydantic(name: str, *, text: bool = False) -> Says:
    """Judge by making one of openai's own types of a dict or a text, all of it."""
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
    """Give what reads a JSON text: ``json``, ``orjson`` or ``jiter``; raises ImportError where it is not installed."""
    if name == "orjson":
        import orjson

        loads: Callable[[Any], object] = orjson.loads
        return loads
    if name == "jiter":
        import jiter

        return lambda text: jiter.from_json(text.encode())  # it takes bytes only
    return json.loads


# Commands. Each gives what to run on a file or a folder, or None where it is not installed.


def reqlint(*options: str, profile: str = "openai") -> Command:
    """Check with reqlint, by what it ships and no configuration of the place."""
    return lambda path: [PYTHON, "-m", "reqlint", "check", "--isolated", "-p", profile, *options, str(path)]


def reqlints(path: Path, proof: Proof, *options: str, size: int = 0) -> list[Contender]:
    """Give reqlint twice: in one process, and in as many as it starts by itself."""
    return [
        contender("reqlint --jobs 1", reqlint("--jobs", "1", *options), path, proof, size=size),
        contender("reqlint, every core", reqlint(*options), path, proof, size=size),
    ]


def check_jsonschema(schema: Path) -> Command | None:
    """Check with check-jsonschema; a folder is given file by file, as hooks do."""
    if not version("check-jsonschema"):
        return None

    def command(path: Path) -> list[str]:
        paths = sorted(map(str, path.iterdir())) if path.is_dir() else [str(path)]
        return [PYTHON, "-m", "check_jsonschema", "--schemafile", str(schema), *paths]

    return command


def sourcemeta(schema: Path, *options: str) -> Command | None:
    """
    Check with the binary of the Sourcemeta command line.

    Its package installs a script `jsonschema`, as the package `jsonschema` does, and which of them stays is chance; so
    the binary is looked up among the package's files. It also starts faster than the script.
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
    """Read every line in a plain Python loop, by ``json``, ``orjson``, or orjson and then jsonschema-rs."""
    needs = {"json": (), "orjson": ("orjson",), "jsonschema-rs": ("orjson", "jsonschema-rs")}[name]
    if not all(map(version, needs)):
        return None
    return lambda path: [sys.executable, str(HERE / "loops.py"), name, str(schema), str(path)]
