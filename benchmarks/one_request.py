"""
How long does one clean request take, against reading its text and `jsonschema` on the same schema.

A request of about 6 KB with 13 messages and 8 tools, judged again and again in one process. Every contender is run in
turn in each round, so that a busy machine slows all of them; the table shows medians, and ratios to `json.loads` and to
`Linter.check`. `jsonschema` is run twice: on the parameter table alone, and on all that the gate is compiled of.
"""

import json
import statistics
import sys
import timeit
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from jsonschema import Draft202012Validator

from reqlint import Linter
from reqlint.profiles import load_profile

ROUNDS = 15


def request(history: bool) -> dict[str, object]:
    """Make the request: plain turns, or with calls and their results where the API has them."""
    ask = "We are planning a weekend for a family of four and would like to spend as little as possible on trains. "
    messages: list[dict[str, object]] = [{"role": "system", "content": "You are a careful travel assistant."}]
    for turn in range(4):
        messages.append({"role": "user", "content": f"{ask}This is part {turn}. {ask[:100]}"})
        if history:
            call = {"name": "find_trains", "arguments": json.dumps({"from": "Oslo", "to": "Bergen", "day": turn})}
            calls = [{"id": f"call_{turn}", "type": "function", "function": call}]
            messages.append({"role": "assistant", "content": "", "tool_calls": calls})
            messages.append(
                {"role": "tool", "tool_call_id": f"call_{turn}", "content": "07:25, 11:59, 15:43; 6 h 50 min"}
            )
        else:
            messages.append({"role": "user", "content": "The trains leave at 07:25, 11:59 and 15:43. " + ask})
            messages.append({"role": "user", "content": "Prices start at 249 crowns. " + ask[:60]})
    tools = [
        {
            "type": "function",
            "function": {
                "name": f"find_{thing}",
                "description": f"Find {thing} for a day and a place; gives at most ten, the cheapest first",
                "parameters": {
                    "type": "object",
                    "properties": {
                        "place": {"type": "string", "description": "Name of the town"},
                        "day": {"type": "string", "description": "ISO date"},
                        "limit": {"type": "integer", "minimum": 1},
                    },
                    "required": ["place", "day"],
                },
            },
        }
        for thing in ("trains", "hotels", "museums", "hikes", "boats", "cafes", "concerts", "ski_lifts")
    ]
    return {"model": "qwen-plus", "messages": messages, "tools": tools, "stream": False}


def main() -> None:
    """Measure and print the table."""
    for profile in ("gptproto-qwen", "openai", "dashscope"):
        body = request(history=profile != "gptproto-qwen")
        text = json.dumps(body)
        linter = Linter(profile)
        assert linter.check(body) == [], [str(finding) for finding in linter.check(body)]
        reference = Draft202012Validator(load_profile(profile).schema)
        # What the gate compiles: the profile's schema and the request schemas of its rules.
        gate = [Draft202012Validator(schema) for schema in linter._judge._shape._engine.resources]
        contenders: dict[str, Callable[[], object]] = {
            "json.loads(text)": lambda text=text: json.loads(text),
            "Linter.check(dict)": lambda linter=linter, body=body: linter.check(body),
            "Linter.check_text(text)": lambda linter=linter, text=text: linter.check_text(text, "request.json"),
            "jsonschema, the table": lambda reference=reference, body=body: reference.is_valid(body),
            "jsonschema, the gate": lambda gate=gate, body=body: all(schema.is_valid(body) for schema in gate),
        }
        times: dict[str, list[float]] = {name: [] for name in contenders}
        for _ in range(ROUNDS):
            for name, run in contenders.items():
                number = 30 if name.startswith("jsonschema") else 1000
                times[name].append(timeit.timeit(run, number=number) / number * 1e6)
        print(f"{profile}, {len(text):,} characters, medians of {ROUNDS} rounds")
        for name, taken in times.items():
            loads, check = (
                statistics.median(t / base for t, base in zip(taken, times[name], strict=True))
                for name in ("json.loads(text)", "Linter.check(dict)")
            )
            print(f"  {name:26} {statistics.median(taken):9.1f} µs   {loads:7.2f} × loads   {check:7.2f} × check")


if __name__ == "__main__":
    main()
