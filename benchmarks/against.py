"""
Is this working tree as fast as another revision on the hot path.

    python benchmarks/against.py REV [--rounds N]

Both trees take turns within each round, in processes of their own; what is printed is the median of the rounds'
ratios. The requests are new in every pass, so that nothing is answered from memory, and only promised names are used.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path
from time import perf_counter

ROOT = Path(__file__).parent.parent
_POOL = 400  # requests of a pass
_WARM = 1_200  # requests judged before anything is timed


def measure(work: Path) -> dict[str, float]:
    """Return the seconds of one call of each kind, by the `reqlint` that can be imported."""
    sys.path.append(str(ROOT))  # behind PYTHONPATH: the benchmarks of this tree, the reqlint of the other
    import reqlint
    from benchmarks.making import request, spoiled

    def fresh(start: int) -> list[dict[str, object]]:
        made = [request(start + n, history=True, own_tools=False, model="gpt-4o-mini") for n in range(_POOL)]
        return [json.loads(json.dumps(body)) for body in made]

    linter = reqlint.Linter("openai")
    for at in range(0, _WARM, _POOL):
        for body in fresh(at):
            linter.check(body)
    wrong = reqlint.Linter("openai")
    found: dict[str, float] = {}
    clean, dirty = [], []
    for number in range(7):
        bodies = fresh(10_000 + number * _POOL)
        clean.append(_timed(linter.check, bodies))
        dirty.append(_timed(wrong.check, [spoiled(body) for body in bodies]))
    found["Linter.check, clean dict"] = statistics.median(clean) / _POOL
    found["Linter.check, two findings"] = statistics.median(dirty) / _POOL
    texts = [json.dumps(body).encode() for body in fresh(50_000)]
    found["Linter.check_text, clean"] = _timed(linter.check_text, texts) / _POOL
    path = work / "request.json"
    path.write_text(json.dumps(fresh(90_000)[0], indent=1), "utf-8")
    commands = {
        "start: check of one clean file": ["-m", "reqlint", "check", "--isolated", "-p", "openai", str(path)],
        "start: import reqlint, check a dict": ["-c", "import reqlint; reqlint.check({'model': 'm', 'messages': []})"],
    }
    for name, words in commands.items():
        found[name] = statistics.median(_run(words) for _ in range(7))
    return found


def _timed(call: object, items: list[object]) -> float:
    start = perf_counter()
    for item in items:
        call(item)  # type: ignore[operator]  # a method of a linter
    return perf_counter() - start


def _run(words: list[str]) -> float:
    start = perf_counter()
    subprocess.run([sys.executable, *words], capture_output=True, check=True)
    return perf_counter() - start


def main() -> None:
    """Run from the command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision", metavar="REV", nargs="?", default="HEAD")
    parser.add_argument("--rounds", type=int, default=5, metavar="N")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        print(json.dumps(measure(given.measure)))
        return
    with tempfile.TemporaryDirectory() as name:
        other = Path(name, "tree")
        subprocess.run(["git", "clone", "-q", "--shared", ROOT, other], check=True)
        subprocess.run(["git", "checkout", "-q", given.revision], cwd=other, check=True)
        rounds = [{tree: _measured(tree, Path(name)) for tree in (ROOT, other)} for _ in range(given.rounds)]
    for what in rounds[0][ROOT]:
        ratios = sorted(each[ROOT][what] / each[other][what] for each in rounds)
        now = statistics.median(each[ROOT][what] for each in rounds)
        spread = f"{statistics.median(ratios):.3f} × ({ratios[0]:.3f}–{ratios[-1]:.3f})"
        print(f"{what:40} {now * 1e6:10,.1f} µs   {spread}")


def _measured(tree: Path, work: Path) -> dict[str, float]:
    around = {**os.environ, "PYTHONPATH": str(tree), "PYTHONSAFEPATH": "1", "PYTHONHASHSEED": "0"}
    run = subprocess.run(
        [sys.executable, __file__, "--measure", work], env=around, check=True, capture_output=True, text=True
    )
    found: dict[str, float] = json.loads(run.stdout)
    return found


if __name__ == "__main__":
    main()
