"""
Read a file of requests in a simple loop over its lines, as anybody might write it.

Usage: ``python loops.py json|orjson|jsonschema-rs SCHEMA FILE``. The first two only parse the lines, the third also
checks each against the schema. All exit with 1 at the first line they refuse.
"""

import json
import sys
from pathlib import Path


def main() -> int:
    """Read the file, and return the exit code."""
    name, schema, path = sys.argv[1:]
    lines = 0
    with Path(path).open("rb") as file:
        try:
            if name == "json":
                for line in file:
                    json.loads(line)
                    lines += 1
            else:
                import orjson

                if name == "orjson":
                    for line in file:
                        orjson.loads(line)
                        lines += 1
                else:
                    import jsonschema_rs

                    accepts = jsonschema_rs.validator_for(orjson.loads(Path(schema).read_bytes())).is_valid
                    for line in file:
                        value = orjson.loads(line)
                        if not accepts(value.get("body", value)):
                            raise ValueError("refused by the schema")
                        lines += 1
        except ValueError as refused:
            print(f"line {lines + 1}: {refused}")
            return 1
    print(f"{lines} lines")
    return 0


if __name__ == "__main__":
    sys.exit(main())
