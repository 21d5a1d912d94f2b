"""The YAML files of rules and profiles, compared with the schemas that describe their form."""

import json
from collections.abc import Iterator
from pathlib import Path

from reqlint.core.pointer import to_path
from reqlint.knowledge.validation import find_faults
from reqlint.text.trusted_yaml import load_yaml

ROOT = Path(__file__).parents[2]
_SCHEMAS = {
    "schemas/*/profile.yaml": "profile",
    "schemas/*/delta.yaml": "delta",
    "schemas/*/evidence.yaml": "evidence",
    "schemas/*/answers.yaml": "answers",
    "schemas/*/facts.yaml": "facts",
    "rules/*/*.yaml": "rule",
}


def faults_in_data(folder: Path = ROOT) -> Iterator[str]:
    """Yield a sentence for every fault of a rule or profile below *folder*: file, place and what is wrong."""
    for pattern, schema in _SCHEMAS.items():
        for path in sorted(folder.glob(pattern)):
            loaded = json.loads(json.dumps(load_yaml(path), default=str))
            for fault in find_faults(loaded, schema, "the file"):
                yield f"{path.relative_to(folder).as_posix()}: {to_path(fault.place)}: {fault.what}"
