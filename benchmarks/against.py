"""
Compare the speed of this working tree with that of another revision, on the hot path.

    python benchmarks/against.py REV [--rounds N]

In each round both trees run once, each in a new process. The median of the rounds' ratios is printed, with the smallest
and the largest; all times are processor time. Every pass judges new requests, so that no cache answers, and only the
public API is called.
"""

import argparse
import json
import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).parent.parent
_POOL = 400  # requests in a pass
_WARM_UP = 1_200  # requests judged before timing begins
_PROFILES = ("openai", "gptproto-qwen", "dashscope", "anthropic", "openai-responses")

Json = dict[str, Any]


def measure(work: Path) -> dict[str, float]:
    """Return the seconds that one call of each kind takes with the installed `reqlint`; *work* is a scratch folder."""
    import reqlint

    sys.path.insert(0, str(ROOT))  # the requests come from this tree, whichever reqlint is measured
    from benchmarks.shapes import shaped
    from benchmarks.spoiling import with_note, with_three_mistakes

    def fresh(start: int, profile: str = "openai") -> list[dict[str, object]]:
        return [json.loads(json.dumps(shaped(profile, start + n))) for n in range(_POOL)]

    judged: dict[str, tuple[str, Callable[[Json, int], Json]]] = {
        "one note": ("openai", with_note),
        "three findings": ("openai", with_three_mistakes),
        **{f"clean, {profile}": (profile, lambda body, _: body) for profile in _PROFILES},
    }
    seconds: dict[str, float] = {}
    for name, (profile, spoil) in judged.items():
        linter = reqlint.Linter(profile)
        taken = []
        for start in range(0, _WARM_UP + 7 * _POOL, _POOL):
            bodies = [spoil(body, start + n) for n, body in enumerate(fresh(start, profile))]
            taken.append(_timed(linter.check, bodies))
        seconds[f"Linter.check, {name}"] = statistics.median(taken[_WARM_UP // _POOL :]) / _POOL
    linter = reqlint.Linter("openai")
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
    start = process_time()
    for item in items:
        call(item)  # type: ignore[operator]  # a bound method of a linter
    return process_time() - start


def _run(words: list[str]) -> float:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], capture_output=True, check=True)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


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
