"""What a file is that holds no request, in words for people: by its name, and by what its text begins with."""

# ruff: noqa: E501 - tables, read at a glance

import re

from reqlint.text import compressed

_CODE = {
    ".bash": "a shell script", ".c": "C source code", ".cc": "C++ source code", ".cfg": "a configuration file",
    ".cjs": "JavaScript source code", ".cpp": "C++ source code", ".cs": "C# source code", ".css": "a style sheet",
    ".csv": "a table (CSV)", ".curl": "a file for curl commands", ".dart": "Dart source code", ".env": "a list of variables",
    ".ex": "Elixir source code", ".go": "Go source code", ".h": "C source code", ".html": "HTML", ".htm": "HTML",
    ".ini": "a configuration file", ".ipynb": "a Jupyter notebook", ".java": "Java source code",
    ".js": "JavaScript source code", ".jsx": "JavaScript source code", ".kt": "Kotlin source code", ".log": "a log",
    ".lua": "Lua source code", ".markdown": "Markdown", ".md": "Markdown", ".mdx": "Markdown",
    ".mjs": "JavaScript source code", ".mts": "TypeScript source code", ".php": "PHP source code", ".pl": "Perl source code",
    ".ps1": "a PowerShell script", ".py": "Python source code", ".pyi": "Python source code", ".r": "R source code",
    ".rb": "Ruby source code", ".rs": "Rust source code", ".rst": "reStructuredText", ".scala": "Scala source code",
    ".sh": "a shell script", ".sql": "SQL", ".swift": "Swift source code", ".toml": "TOML", ".ts": "TypeScript source code",
    ".tsv": "a table (TSV)", ".tsx": "TypeScript source code", ".txt": "plain text", ".vue": "a Vue component",
    ".xml": "XML", ".zsh": "a shell script",
}  # fmt: skip
_BINARY = (
    (b"\x89PNG", "a PNG image"), (b"\xff\xd8\xff", "a JPEG image"), (b"GIF8", "a GIF image"), (b"PK\x03\x04", "a ZIP archive"),
    (b"%PDF", "a PDF document"), (b"\x1f\x8b", "a gzip archive"), (b"SQLite format 3", "a SQLite database"),
    (b"PAR1", "a Parquet file"), (b"\x7fELF", "a program"), (b"RIFF", "a sound or picture (RIFF)"),
)  # fmt: skip
_COMMENT = re.compile(r"(?:\s|[{\[,]|\"(?:[^\"\\\n]|\\.)*+\"\s*+:?|[-+.\w]++)*+(?://|/\*)")


def kind_by_name(name: str) -> str | None:
    """Return what a file is by its name, if that says that it is neither JSON nor YAML; also for a packed one."""
    suffix = _suffix(name)
    if suffix in compressed.SUFFIXES:
        suffix = _suffix(name[: -len(suffix)])
    return _CODE.get(suffix)


def kind_by_content(data: bytes) -> str | None:
    """Return what a file is by its first bytes; None if they do not say."""
    if not data.strip(b" \t\r\n\xef\xbb\xbf"):
        return "an empty file"
    for mark, kind in _BINARY:
        if data.startswith(mark):
            return kind
    head = data[:4096]
    if b"\0" in head and not head.startswith((b"\xff\xfe", b"\xfe\xff", b"\0\0\xfe\xff")):
        return "a binary file"
    if head.startswith(b"#!"):
        return "a script"
    return None


def has_json_comments(data: bytes) -> bool:
    """Return whether a text is written like JSON up to a comment, as JSON with comments (JSONC) is."""
    text = data[: 1 << 20].decode("utf-8", "replace").removeprefix("\ufeff").lstrip()
    return text.startswith(("{", "[", "//", "/*")) and _COMMENT.match(text) is not None


def _suffix(name: str) -> str:
    return "." + name.rpartition(".")[2].lower()
