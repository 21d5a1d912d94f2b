"""One target under atheris, in a process of its own; `run.py` starts it. Needs atheris, which nothing else does."""

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
            import_module(module.name)  # what is imported later is not watched

from fuzz.shrinking import failure  # noqa: E402 - after what it leads to was instrumented
from fuzz.targets import target  # noqa: E402 - as the line above

_MOST = 20  # ways to fail, of one target, that are written down in one run


def main() -> None:
    """Fuzz; an input that fails in a way not met before is written to *folder*, and fuzzing goes on."""
    run = target(name).run
    met: set[str] = set()

    def once(data: bytes) -> None:
        how = failure(run, data)
        if how is not None and how not in met and len(met) < _MOST:
            met.add(how)
            Path(folder, f"failed-{len(met)}").write_bytes(data)
            print(f"FAILED {how}", file=sys.stderr, flush=True)

    atheris.Setup([sys.argv[0], *flags], once)
    atheris.Fuzz()


main()
