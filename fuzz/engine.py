"""Run one target under atheris, in a process that `run.py` starts. Only this module needs atheris."""

import sys
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import atheris

name, folder, *flags = sys.argv[1:]

with atheris.instrument_imports(include=["reqlint", "yaml"]):
    import reqlint

    for module in walk_packages(reqlint.__path__, "reqlint."):
        if not module.name.startswith(("reqlint.integrations", "reqlint.__main__", "reqlint.cli")):
            import_module(module.name)  # modules that are imported later are not instrumented

from fuzz.shrinking import failure  # noqa: E402 - reqlint must be instrumented first
from fuzz.targets import target  # noqa: E402 - as the line above

_MAX_FAILURES = 20  # different failures that are written in one run


def main() -> None:
    """Fuzz, and write the first input of each different failure to *folder*; a failure does not end fuzzing."""
    run = target(name).run
    seen: set[str] = set()

    def run_input(data: bytes) -> None:
        description = failure(run, data)
        if description is not None and description not in seen and len(seen) < _MAX_FAILURES:
            seen.add(description)
            Path(folder, f"failed-{len(seen)}").write_bytes(data)
            print(f"FAILED {description}", file=sys.stderr, flush=True)

    atheris.Setup([sys.argv[0], *flags], run_input)
    atheris.Fuzz()


main()
