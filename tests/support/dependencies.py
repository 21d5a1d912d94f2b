"""What reqlint brings along when it is installed: each distribution, its licence, and what it is for."""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution

from packaging.requirements import Requirement

from tests.support.packing import PROJECT, ROOT

PAGE = ROOT / "docs" / "dependencies.md"
NOTICE = "<!-- Written by `python tests/regenerate.py`, of what is installed and tests/support/dependencies.py. -->\n"

# What each distribution is for that a dependency brings along; pyproject.toml says it of those that we ask for.
_INDIRECT = {
    "attrs": "data classes of jsonschema and referencing",
    "jsonschema-specifications": "the metaschemas of JSON Schema's drafts, so that none is fetched",
    "markdown-it-py": "Markdown in rich; not loaded by reqlint",
    "mdurl": "addresses in Markdown; not loaded by reqlint",
    "pygments": "colours of source text in rich; no lexer is loaded by reqlint",
    "rpds-py": "the persistent maps of referencing",
    "typing-extensions": "newer types for referencing, before Python 3.13",
}
_DIRECT = {
    "backports-zstd": "reads `.zst`, before Python 3.14",
    "click": "the command line",
    "jsonschema": "the reference engine, and the judge of tool schemas",
    "jsonschema-rs": "the accelerated engine",
    "msgspec": "reads much JSON quickly",
    "orjson": "notices a duplicate key in much JSON quickly",
    "pyyaml": "YAML fixtures, and rule files",
    "referencing": "references in schemas, none of which it fetches",
    "rich": "colour in the human report, and the progress bar of a long run",
}
FOR = _DIRECT | _INDIRECT

# The SPDX expressions of what metadata and classifiers call licences.
_WORDS = {"MIT": "MIT", "MIT License": "MIT", "BSD License": "BSD-3-Clause", "Apache Software License": "Apache-2.0"}
PERMISSIVE = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ISC", "0BSD"}
EXCEPTIONS = {
    "orjson": "MPL-2.0 covers orjson's own files alone, which are installed as they are and not changed",
}


# What a library could do, and why it is written here: the subject, its modules, the library, and what was measured.
KEPT = (
    (
        "`.gitignore`",
        "`project/gitignore.py`",
        "pathspec 1.1.1",
        "A repository is not trusted (see [security](security.md)), and pathspec matches with backtracking regular "
        "expressions: `*a*a*a*a*a*ab` against a name of 100 characters takes it 15 s, `a/**/` six times against 60 "
        "folders 1.8 s, eight times more than 15 s. Ours takes 0.02 ms for any of them. With 20 usual patterns: 3.6 µs "
        "a path, pathspec 5.0 µs and 13 ms to import.",
    ),
    (
        "file patterns",
        "`core/globs.py`",
        "wcmatch 12.0",
        "The same reason: six times `**/a` against 40 folders takes wcmatch 710 ms, ours 0.005 ms.",
    ),
    (
        "places in JSON",
        "`text/json/`",
        "json-source-map 1.0.5",
        "It finds all places of a text of 114 KB in 19 ms; ours finds the last of 400 messages in 0.8 ms. It keeps one "
        "of two equal keys, and no place of broken JSON.",
    ),
    (
        "places in TOML",
        "`project/toml_places.py`",
        "tomlkit 0.15",
        "It keeps no offsets, so an error could not name its line. It takes 10 ms for 40 `[[ignore]]` tables and 9 ms "
        "to import; tomllib and our places take 2.4 ms.",
    ),
    (
        "edits in YAML",
        "`text/yaml/edits.py`",
        "ruamel.yaml 0.19",
        "A fix may change nothing else. ruamel writes the file anew: of our 173 YAML files 171 come back byte for byte "
        "with one setting of its indentation, and none with the other. It takes 13 ms to import.",
    ),
    (
        "writing a file at once",
        "`text/atomic_write.py`",
        "atomicwrites 1.4.1",
        "It replaces a link by a file, and a mode of 640 by 600; it does not notice that somebody changed the file "
        "meanwhile. It has had no release since 2022.",
    ),
    (
        "a diff of JSON Lines",
        "`cli/fixing.py`",
        "difflib",
        "For 20,000 lines of which 1,000 change, difflib takes 4 s and holds all of them; ours takes 6 ms and holds "
        "one hunk.",
    ),
    (
        "counting lines for the bar",
        "`cli/counting.py`",
        "rich.progress.open",
        "1.1 µs a line against 0.1 µs, and rich takes 34 ms to import, also in a run that ends before there is a bar.",
    ),
    (
        "data classes",
        "`core/records.py`",
        "dataclasses",
        "A definition takes 0.02 ms instead of 0.46 ms, as no method is compiled before it is needed, and nothing "
        "imports `inspect`: with forty classes 30 ms less of a start. A test holds them equal to those of the standard "
        "library, whose functions take them.",
    ),
    (
        "the usual command lines of `check`",
        "`cli/plain.py`",
        "click",
        "Importing click takes 30 ms, about what checking a small file takes. What is read without it click reads "
        "alike, which a test holds; the rest, and every mistake, is left to click.",
    ),
    (
        "the first requests of a run",
        "`schema/plain.py`, `schema/plain_failures.py`",
        "jsonschema-rs",
        "Importing it and compiling a profile takes 20 ms; proving one request right without it takes 3 ms. What is "
        "said is certain, which a test holds, and the rest is left to an engine.",
    ),
)


def canonical(name: str) -> str:
    """Return a distribution's name in the form in which names are compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, str]:
    """Return the licence of each distribution that is installed with reqlint, dependencies of dependencies included."""
    found: dict[str, str] = {}
    pending = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
    while pending:
        requirement = pending.pop()
        name = canonical(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            installed_one = distribution(name)
        except PackageNotFoundError:
            continue  # left out on this platform
        found[name] = _licence(installed_one.metadata)
        pending += [Requirement(each) for each in installed_one.requires or ()]
    return found


def _licence(metadata: PackageMetadata) -> str:
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classified = [each for each in metadata.get_all("Classifier") or [] if each.startswith("License :: ")]
    words = [each.rpartition(" :: ")[2] for each in classified] or [metadata.get("License", "")]
    return " AND ".join(_WORDS.get(word, word) for word in words) or "unknown"


def parts(expression: str) -> Iterator[str]:
    """Yield the licences that an SPDX expression names."""
    yield from (word for word in re.findall(r"[\w.+-]+", expression) if word not in ("AND", "OR", "WITH"))


def page(licences: Mapping[str, str]) -> str:
    """Return the page of dependencies, given the licence of each distribution."""

    def table(uses: Mapping[str, str]) -> str:
        rows = [f"| {name} | {licences[name]} | {uses[name]} |" for name in sorted(uses) if name in licences]
        return "\n".join(["| distribution | licence | what it is for |", "|---|---|---|", *rows])

    kept = "\n".join(f"| {what} | {where} | {library} | {why} |" for what, where, library, why in KEPT)
    exceptions = "\n".join(f"- {name}: {why}." for name, why in EXCEPTIONS.items())
    return (
        "# Dependencies\n\n"
        "What installing reqlint brings along, on every platform it knows, with the licence that each distribution\n"
        "states of itself. All are permissive, save where it says otherwise below. Versions are bounded from below\n"
        "alone, in `pyproject.toml`; the tests run with the lowest and with the newest of them.\n\n"
        f"## Asked for by reqlint\n\n{table(_DIRECT)}\n\n"
        f"## Asked for by those\n\n{table(_INDIRECT)}\n\n"
        f"## Not permissive alone\n\n{exceptions}\n\n"
        "## Written here, not borrowed\n\n"
        "What a library does too, and the figure that decided against it. Times are of the processor, the best of\n"
        "several, with Python 3.11 on one machine in November 2026.\n\n"
        f"| what | where in `reqlint/` | looked at | why it is written here |\n|---|---|---|---|\n{kept}\n\n"
        "## Beside these\n\n"
        "The extra `ray`, which nobody gets who does not ask for it, brings Ray and Arrow (Apache-2.0) and more.\n"
        "The extra `lsp`, which only `reqlint lsp` needs, brings pygls and lsprotocol (Apache-2.0 and MIT), and more.\n"
        "The extra `mcp`, which only `reqlint compat --mcp-stdio` needs, brings the SDK of the Model Context\n"
        "Protocol and pydantic (MIT), and more.\n"
        "The playground, which the package does not contain, carries Pyodide (MPL-2.0), CPython (PSF-2.0) and\n"
        "CodeMirror (MIT); `playground/dist/licences.txt` has the licences of what npm brings.\n"
        "reqlint itself is under the MIT licence.\n\n" + NOTICE
    )


def listed() -> dict[str, str]:
    """Return the licences that the page states now."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    return dict(re.findall(r"^\| ([a-z][\w-]*) \| ([^|]+?) \| (?!what)[^|]+ \|$", text, re.MULTILINE))
