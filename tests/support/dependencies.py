"""What reqlint brings along when it is installed: each distribution, its licence, and what it is for."""

import re
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageMetadata, PackageNotFoundError, distribution

from packaging.requirements import Requirement

from tests.support.packing import PROJECT, ROOT

PAGE = ROOT / "docs" / "dependencies.md"
NOTICE = "<!-- Written by `python tests/regenerate.py`, of what is installed and tests/support/dependencies.py. -->\n"

# What a distribution that a dependency of ours asks for does there; those that we ask for say it in pyproject.toml.
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
    "rich": "the human report on a terminal",
}
FOR = _DIRECT | _INDIRECT

# Where the metadata has words or only a classifier, the SPDX expression that they stand for.
_WORDS = {"MIT": "MIT", "MIT License": "MIT", "BSD License": "BSD-3-Clause", "Apache Software License": "Apache-2.0"}
PERMISSIVE = {"MIT", "BSD-2-Clause", "BSD-3-Clause", "Apache-2.0", "PSF-2.0", "ISC", "0BSD"}
EXCEPTIONS = {
    "orjson": "MPL-2.0 covers orjson's own files alone, which are installed as they are and not changed",
}


def canonical(name: str) -> str:
    """Give a distribution's name as it is compared."""
    return re.sub(r"[-_.]+", "-", name).lower()


def installed() -> dict[str, str]:
    """Give the licence of each distribution that installing reqlint brings here, those of its dependencies included."""
    found: dict[str, str] = {}
    pending = [Requirement(each) for each in PROJECT["project"]["dependencies"]]
    while pending:
        requirement = pending.pop()
        name = canonical(requirement.name)
        if name in found or (requirement.marker and not requirement.marker.evaluate({"extra": ""})):
            continue
        try:
            held = distribution(name)
        except PackageNotFoundError:
            continue  # left out on this platform
        found[name] = _licence(held.metadata)
        pending += [Requirement(each) for each in held.requires or ()]
    return found


def _licence(metadata: PackageMetadata) -> str:
    if "License-Expression" in metadata:
        return metadata["License-Expression"]
    classified = [each for each in metadata.get_all("Classifier") or [] if each.startswith("License :: ")]
    words = [each.rpartition(" :: ")[2] for each in classified] or [metadata.get("License", "")]
    return " AND ".join(_WORDS.get(word, word) for word in words) or "unknown"


def parts(expression: str) -> Iterator[str]:
    """Give the licences that an SPDX expression names."""
    yield from (word for word in re.findall(r"[\w.+-]+", expression) if word not in ("AND", "OR", "WITH"))


def page(licences: Mapping[str, str]) -> str:
    """Write the page of distributions with their *licences*."""

    def table(uses: Mapping[str, str]) -> str:
        rows = [f"| {name} | {licences[name]} | {uses[name]} |" for name in sorted(uses) if name in licences]
        return "\n".join(["| distribution | licence | what it is for |", "|---|---|---|", *rows])

    exceptions = "\n".join(f"- {name}: {why}." for name, why in EXCEPTIONS.items())
    return (
        "# Dependencies\n\n"
        "What installing reqlint brings along, on every platform it knows, with the licence that each distribution\n"
        "states of itself. All are permissive, save where it says otherwise below. Versions are bounded from below\n"
        "alone, in `pyproject.toml`; the tests run with the lowest and with the newest of them.\n\n"
        f"## Asked for by reqlint\n\n{table(_DIRECT)}\n\n"
        f"## Asked for by those\n\n{table(_INDIRECT)}\n\n"
        f"## Not permissive alone\n\n{exceptions}\n\n"
        "The extra `ray`, which nobody gets who does not ask for it, brings Ray and Arrow (Apache-2.0) and more.\n"
        "reqlint itself is under the MIT licence.\n\n" + NOTICE
    )


def listed() -> dict[str, str]:
    """Give the licences that the page states, as it is."""
    text = PAGE.read_text("utf-8") if PAGE.exists() else ""
    return dict(re.findall(r"^\| ([a-z][\w-]*) \| ([^|]+?) \| (?!what)", text, re.MULTILINE))
