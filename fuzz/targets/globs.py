"""Patterns of files: they take what they take when matched step by step, and none raises or hangs."""

from collections.abc import Iterable
from functools import cache

from fuzz.laws import hold
from reqlint.core.globs import fixed_prefix, matches_file
from reqlint.project import gitignore


def run(data: bytes) -> None:
    """Match a pattern, which ends at the first NUL, against the file name after it."""
    pattern, _, file = data.decode("utf-8", "replace").partition("\0")
    takes = matches_file(pattern, file)
    if not set(pattern) & set("[]") and len(pattern) + len(file) < 200:
        hold(takes == _takes(pattern, file), "a pattern takes what it says", pattern, file, takes)
    stem = fixed_prefix(pattern)
    hold(not takes or not stem or file == stem or file.startswith(stem + "/"), "a file is below its stem", stem, file)
    if "\n" not in pattern and (ignored := gitignore.parse_pattern(pattern, "")):
        gitignore.is_ignored(file, [ignored], is_folder=False)


def _takes(pattern: str, file: str) -> bool:
    """Match as `matches_file` does, by trying every way."""
    anchored = "/" in pattern.strip("/") or pattern.startswith("/")
    pattern = pattern.strip("/") if anchored else "**/" + pattern.strip("/")

    @cache
    def matches(p: int, f: int) -> bool:
        if p == len(pattern):
            return f == len(file) or file[f] == "/"
        if pattern.startswith("**/", p) and (p == 0 or pattern[p - 1] == "/"):
            return matches(p + 3, f) or any(matches(p + 3, i + 1) for i in range(f, len(file)) if file[i] == "/")
        if pattern.startswith("**", p):
            return any(matches(p + 2, i) for i in range(f, len(file) + 1))
        if pattern[p] == "*":
            end = file.find("/", f)
            return any(matches(p + 1, i) for i in range(f, (end if end >= 0 else len(file)) + 1))
        if f == len(file):
            return False
        fits = file[f] != "/" if pattern[p] == "?" else file[f] == pattern[p]
        return fits and matches(p + 1, f + 1)

    return matches(0, 0)


def seeds() -> Iterable[bytes]:
    """Give patterns and names to begin with."""
    patterns = (
        "*.json",
        "tests/**",
        "**/a/*.yaml",
        "/a",
        "a/",
        "[a-c]?.json",
        "[!a].b",
        "**",
        "a**b",
        "!a",
        "\\#a",
        "a//b",
        "[z-a]",
        "***/x",
        "",
    )
    yield from (
        f"{pattern}\0{file}".encode() for pattern in patterns for file in ("a.json", "tests/a/b.yaml", "a/b", "")
    )
