"""Write requests to files: batch files, bare JSON Lines, indented fixtures, and one that is cut off."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path

from benchmarks.making import Json


def batch_line(number: int, body: Json) -> Json:
    """Return a request wrapped as a line of a batch file."""
    return {"custom_id": f"line-{number}", "method": "POST", "url": "/v1/chat/completions", "body": body}


def _write_lines(path: Path, bodies: Iterable[Json], wrap: Callable[[int, Json], Json] | None = None) -> Path:
    with path.open("w", encoding="utf-8") as file:
        for number, body in enumerate(bodies):
            file.write(json.dumps(wrap(number, body) if wrap else body) + "\n")
    return path


# Each of the following functions writes requests in one form. It adds a suffix to *path* and returns the path to check.


def batch_file(path: Path, bodies: Iterable[Json]) -> Path:
    """Write a batch file."""
    return _write_lines(path.with_suffix(".jsonl"), bodies, batch_line)


def bare_file(path: Path, bodies: Iterable[Json]) -> Path:
    """Write a JSON Lines file of bare requests."""
    return _write_lines(path.with_suffix(".jsonl"), bodies)


def json_file(path: Path, bodies: Iterable[Json]) -> Path:
    """Write only the last request, indented as people keep fixtures."""
    *_, last = bodies
    file = path.with_suffix(".json")
    file.write_text(json.dumps(last, indent=2) + "\n", encoding="utf-8")
    return file


def json_folder(path: Path, bodies: Iterable[Json]) -> Path:
    """Write a folder with a file for each request."""
    path.mkdir()
    for number, body in enumerate(bodies):
        json_file(path / f"{number:05}", [body])
    return path


def cut_file(path: Path, bodies: Iterable[Json]) -> Path:
    """Write a batch file that ends in the middle of its last line, which even a reader must refuse."""
    file = batch_file(path, bodies)
    file.write_bytes(file.read_bytes()[:-20])
    return file
