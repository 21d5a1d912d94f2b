"""
Compare the speed of this working tree with that of another revision, on the hot path.

    python benchmarks/against.py REV [--rounds N]

In each round both trees run once, each in a new process. The median of the rounds' ratios is printed, with the smallest
and the largest. Every pass judges new requests, so that no cache answers, and only the public API is called.
"""

import argparse
import json
import os
import runpy
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
_POOL = 400  # requests in a pass
_WARM_UP = 1_200  # requests judged before timing begins


def measure(work: Path) -> dict[str, float]:
    """Return the seconds that one call of each kind takes with the installed `reqlint`; *work* is a scratch folder."""
    import reqlint

    # The requests come from this tree, whichever reqlint is measured.
    making = runpy.run_path(str(ROOT / "benchmarks" / "making.py"))
    request, with_mistakes = making["request"], making["with_mistakes"]

    def fresh(start: int) -> list[dict[str, object]]:
        made = [request(start + n, history=True, own_tools=False, model="gpt-4o-mini") for n in range(_POOL)]
        return [json.loads(json.dumps(body)) for body in made]

    linter = reqlint.Linter("openai")
    for at in range(0, _WARM_UP, _POOL):
        for body in fresh(at):
            linter.check(body)
    linter_of_wrong = reqlint.Linter("openai")
    seconds: dict[str, float] = {}
    clean, dirty = [], []
    for number in range(7):
        bodies = fresh(10_000 + number * _POOL)
        clean.append(_timed(linter.check, bodies))
        dirty.append(_timed(linter_of_wrong.check, [with_mistakes(body) for body in bodies]))
    seconds["Linter.check, clean dict"] = statistics.median(clean) / _POOL
    seconds["Linter.check, two findings"] = statistics.median(dirty) / _POOL
    texts = [json.dumps(body).encode() for body in fresh(50_000)]
    seconds["Linter.check_text, clean"] = _timed(linter.check_text, texts) / _POOL
    path = work / "request.json"
    path.write_text(json.dumps(fresh(90_000)[0], indent=1), "utf-8")
    commands = {
        "start: check of one clean file": ["-m", "reqlint", "check", "--isolated", "-p", "openai", str(path)],
        "start: import reqlint, check a dict": ["-c", "import reqlint; reqlint.check({'model': 'm', 'messages': []})"],
    }
    for name, words in commands.items():
        seconds[name] = statistics.median(_run(words) for _ in range(7))
    return seconds


def _timed(call: object, items: Sequence[object]) -> float:
    start = perf_counter()
    for item in items:
        call(item)  # type: ignore[operator]  # a bound method of a linter
    return perf_counter() - start


def _run(words: list[str]) -> float:
    start = perf_counter()
    subprocess.run([sys.executable, *words], capture_output=True, check=True)
    return perf_counter() - start


def main() -> None:
    """Run the comparison that the command line asks for, and print it."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision", metavar="REV", nargs="?", default="HEAD")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure)))
        return
    with tempfile.TemporaryDirectory() as scratch:
        other = Path(scratch, "tree")
        subprocess.run(["git", "clone", "-q", "--shared", ROOT, other], check=True)
        subprocess.run(["git", "checkout", "-q", given.revision], cwd=other, check=True)
        rounds = [{tree: _measured(tree, Path(scratch)) for tree in (ROOT, other)} for _ in range(given.rounds)]
    for name in rounds[0][ROOT]:
        ratios = sorted(times[ROOT][name] / times[other][name] for times in rounds)
        now = statistics.median(times[ROOT][name] for times in rounds)
        spread = f"{statistics.median(ratios):.3f} × ({ratios[0]:.3f}–{ratios[-1]:.3f})"
        print(f"{name:40} {now * 1e6:10,.1f} µs   {spread}")


def _measured(tree: Path, work: Path) -> dict[str, float]:
    environment = {**os.environ, "PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0"}
    run = subprocess.run(
        [sys.executable, __file__, "--measure", work], env=environment, check=True, capture_output=True, text=True
    )
    seconds: dict[str, float] = json.loads(run.stdout)
    return seconds


if __name__ == "__main__":
    main()
