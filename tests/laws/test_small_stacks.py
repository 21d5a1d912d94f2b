"""A thread with a small stack, as the C library of Alpine Linux makes them, takes every value that any other takes."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
STACK = 128  # KB; musl's default, and less than half of every other system's

_SCRIPT = """
import json, sys, threading
from reqlint import Linter

deepest, profiles = int(sys.argv[1]), sys.argv[2:]
url = "https://api.openai.com/v1/chat/completions"
chat = {"model": "gpt-4o", "messages": [{"role": "user", "content": "Hi"}]}

def objects(levels):
    value = 1
    for _ in range(levels):
        value = {"a": value}
    return value

def lists(levels):
    value = 1
    for _ in range(levels):
        value = [value]
    return value

def schemas(levels):
    value = {"type": "object"}
    for _ in range(levels // 2):
        value = {"type": "object", "properties": {"a": value}}
    return value

def tool(parameters):
    return {"type": "function", "function": {"name": "f", "parameters": parameters}}

requests = [
    {**chat, "metadata": objects(deepest - 2)},
    {**chat, "max_token": lists(deepest - 2)},
    {**chat, "messages": [{"role": "user", "content": objects(deepest - 5)}]},
    {**chat, "messages": lists(deepest - 2)},
    {**chat, "tools": [tool(schemas(deepest - 8))]},
    {**chat, "tools": [tool({"type": objects(deepest - 8)})]},
    {**chat, "response_format": {"type": "json_schema", "json_schema": {"name": "a", "schema": schemas(deepest - 8)}}},
    {"contents": [{"role": "user", "parts": [objects(deepest - 6)]}], "tools": lists(deepest - 2)},
    {"model": "m", "input": [{"type": "message", "role": "user", "content": objects(deepest - 5)}]},
    {"request": {"method": "POST", "url": url, "body": {**chat, "n": objects(deepest - 5)}}},
]
results = []

def judge():
    for profile in profiles:
        linter = Linter(profile)
        for request in requests:
            findings = [linter.check(request)]
            text = json.dumps(request)
            for name in ("a.json", "a.jsonl", "a.yaml", "a.har"):
                findings.append(linter.check_text(text, source=name).findings)
            results.append([[(f.rule, f.pointer, f.message) for f in each] for each in findings])

threading.stack_size(int(sys.stdin.read()) << 10)
thread = threading.Thread(target=judge)
thread.start()
thread.join()
print(json.dumps(results))
"""


def judged(stack: int, deepest: int, *profiles: str) -> str:
    """Judge deep requests in a thread with a stack of so many KB, and return their findings."""
    done = subprocess.run(
        [sys.executable, "-c", _SCRIPT, str(deepest), *profiles],
        env={**os.environ, "PYTHONPATH": str(ROOT)}, input=str(stack), capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, (done.returncode, done.stderr)
    return done.stdout


@pytest.mark.parametrize("deepest", [100, 101, 200, 254, 255])
def test_a_small_stack_takes_the_deepest_values(deepest: int) -> None:
    """At any depth that is read, and beyond, the findings are those in a thread with a large stack."""
    profiles = ("openai", "gptproto-qwen", "auto")
    assert judged(STACK, deepest, *profiles) == judged(16 << 10, deepest, *profiles)


def test_a_small_stack_compiles_every_profile() -> None:
    """Every profile is compiled and judges there."""
    from reqlint.knowledge.catalog import shipped

    assert judged(STACK, 254, *shipped().profile_names)
