"""File patterns: each matches the same files as a slow reference matcher, and none raises or hangs."""

from collections.abc import Iterable
from functools import cache

from fuzz.laws import require
from reqlint.core.globs import fixed_prefix, matches_file
from reqlint.project import gitignore


def run(data: bytes) -> None:
    """Match the pattern before the first NUL against the file name after it."""
    pattern, _, file = data.decode("utf-8", "replace").partition("\0")
    matched = matches_file(pattern, file)
    if not set(pattern) & set("[]") and len(pattern) + len(file) < 200:
        require(matched == _matches(pattern, file), "a pattern matches as the reference does", pattern, file, matched)
    prefix = fixed_prefix(pattern)
    below = not prefix or file == prefix or file.startswith(prefix + "/")
    require(not matched or below, "a matched file is below the fixed prefix", prefix, file)
    if "\n" not in pattern and (ignored := gitignore.parse_pattern(pattern, "")):
        gitignore.is_ignored(file, [ignored], is_folder=False)


def _matches(pattern: str, file: str) -> bool:
    """Return what `matches_file` should return, by trying every way to match."""
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
    """Yield patterns and file names to start from."""
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
