"""
Compare the output of reqlint before and after a change, byte for byte.

    python tests/golden.py REV          the working tree against a commit, such as HEAD~1
    python tests/golden.py --write DIR  only write the output of the working tree

The output under each profile is compared: reports of `reqlint check` for the examples, for the examples of every rule
and for 5,000 seeded mutations of them, and the findings of `Linter.check` for the same requests as values. Both
revisions read the inputs of REV. Only the public API is called, so modules may move in between.
"""

import argparse
import difflib
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parent.parent
COUNT = 5_000
PROFILES = ("gptproto-qwen", "openai", "dashscope", "auto")
_SHOWN = 12  # differences that are printed for each file


def write_inputs(tree: Path, folder: Path) -> None:
    """Write the inputs of both revisions to *folder*: the examples in *tree*, and mutations of them."""
    sys.path.insert(0, str(ROOT))
    from tests.support.mutations import mutations

    requests: list[object] = []
    for path in sorted((tree / "rules").glob("*/*.yaml")):
        for number, example in enumerate(yaml.safe_load(path.read_text("utf-8")).get("examples", ())):
            for side in ("bad", "good"):
                text = example[side].replace("«", "").replace("»", "")
                at = (
                    folder
                    / "rules"
                    / example.get("as", "auto")
                    / f"{path.stem}-{number}-{side}.{example.get('form', 'json')}"
                )
                at.parent.mkdir(parents=True, exist_ok=True)
                at.write_bytes(text.encode(example.get("encoding", "utf-8"), "surrogatepass"))
                requests += _parsed(text)
    for path in sorted((tree / "examples").rglob("*")):
        if path.is_file():
            at = folder / "examples" / path.relative_to(tree / "examples")
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(path.read_bytes())
            requests += _parsed(path.read_text("utf-8")) if path.suffix == ".json" else []
    changed = list(mutations(requests, COUNT))
    values = folder / "mutations.jsonl"
    values.write_text(
        "".join(json.dumps(request, ensure_ascii=False) + "\n" for request in changed), "utf-8", "surrogatepass"
    )
    (folder / "batch.jsonl").write_text(
        "".join(
            json.dumps({"custom_id": f"id-{n % 900}", "method": "POST", "url": "/v1/chat/completions", "body": request})
            + "\n"
            for n, request in enumerate(changed[:1000])
        ),
        "utf-8",
    )
    for number, request in enumerate(changed[:300]):
        at = folder / "yaml" / f"{number:03}.yaml"
        at.parent.mkdir(exist_ok=True)
        at.write_text(yaml.safe_dump(request, allow_unicode=True, sort_keys=False), "utf-8", "surrogatepass")


def _parsed(text: str) -> list[object]:
    try:
        return [json.loads(text)]
    except ValueError:
        return []


def dump(folder: Path, out: Path) -> None:
    """Write to *out* the reports of the installed `reqlint` on the inputs in *folder*."""
    out.mkdir(parents=True, exist_ok=True)
    os.chdir(folder)
    for profile in PROFILES:
        for name, words in _calls(folder):
            command = [sys.executable, "-m", "reqlint", "check", "--isolated", "-p", profile, *words]
            run = subprocess.run(command, capture_output=True, encoding="utf-8", check=False)
            text = run.stdout.replace('}, {"', '},\n{"').replace('", "', '",\n"')
            (out / f"{profile}-{name}.txt").write_text(f"exit {run.returncode}\n{text}{run.stderr}", "utf-8")
    import reqlint

    for profile in PROFILES:
        linter = reqlint.Linter(profile)
        lines = (folder / "mutations.jsonl").read_text("utf-8", "surrogatepass").splitlines()
        with (out / f"{profile}-values.txt").open("w", encoding="utf-8") as file:
            for line in lines:
                for finding in linter.check(json.loads(line)):
                    file.write(json.dumps(asdict(finding), default=str) + "\n")
                file.write("--\n")


def _calls(folder: Path) -> Iterator[tuple[str, list[str]]]:
    yield "examples", ["--output-format", "json", "examples"]
    for kind in sorted(path.name for path in (folder / "rules").iterdir()):
        yield f"rules-{kind}", ["--output-format", "json", "--as", kind, f"rules/{kind}"]
    yield "mutations", ["--output-format", "json", "mutations.jsonl"]
    yield "batch", ["--output-format", "json", "batch.jsonl"]
    yield "yaml", ["--output-format", "json", "yaml"]
    yield "diff", ["--diff", "--unsafe-fixes", "rules/auto"]
    yield "sarif", ["--output-format", "sarif", "examples", "rules/auto"]


def compare(before: Path, after: Path) -> int:
    """Print where two dumps differ, and return the number of files that differ."""
    names = sorted({path.name for folder in (before, after) for path in folder.iterdir()})
    different = 0
    for name in names:
        one, other = ((folder / name).read_bytes() if (folder / name).exists() else b"" for folder in (before, after))
        if one == other:
            continue
        different += 1
        print(f"{name} differs:")
        lines = difflib.unified_diff(_lines(one), _lines(other), "before", "after", n=0, lineterm="")
        for number, line in enumerate(lines):
            if number > 3 * _SHOWN:
                break
            print("   ", line[:300])
    print(f"{len(names) - different} of {len(names)} dumps are equal")
    return different


def _lines(text: bytes) -> list[str]:
    return text.decode("utf-8", "replace").splitlines()[:60_000]  # difflib is slow on longer texts


def main() -> None:
    """Do what the command line asks for, and exit with 1 if the outputs differ."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("revision", nargs="?", metavar="REV")
    parser.add_argument(
        "--write", type=Path, metavar="DIR", help="write the output of the working tree there, and compare nothing"
    )
    parser.add_argument(
        "--before", type=Path, metavar="DIR", help="keep the inputs and the output of REV there for the next run"
    )
    parser.add_argument("--dump", nargs=2, type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.dump:
        dump(*(path.absolute() for path in given.dump))
        return
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        kept = (given.before or folder / "before").absolute()
        if given.revision and not (kept / "said").exists():
            tree = folder / "tree"
            subprocess.run(["git", "clone", "-q", "--shared", "--no-checkout", ROOT, tree], check=True)
            revision = subprocess.run(
                ["git", "rev-parse", given.revision], cwd=ROOT, check=True, capture_output=True, text=True
            ).stdout.strip()
            subprocess.run(["git", "checkout", "-q", revision], cwd=tree, check=True)
            write_inputs(tree, kept / "inputs")
            _dumped(tree, kept / "inputs", kept / "said")
        if not given.revision:
            write_inputs(ROOT, kept / "inputs")
        after = (given.write or folder / "after").absolute()
        _dumped(ROOT, kept / "inputs", after)
        if given.revision:
            sys.exit(bool(compare(kept / "said", after)))


def _dumped(tree: Path, inputs: Path, out: Path) -> None:
    environment: dict[str, Any] = {**os.environ, "PYTHONPATH": str(tree), "PYTHONHASHSEED": "0", "PYTHONSAFEPATH": "1"}
    subprocess.run([sys.executable, __file__, "--dump", inputs, out], env=environment, check=True)


if __name__ == "__main__":
    main()
