"""
YAML files that configure reqlint, such as rules and profiles, read within the limits of `trusted_files`.

Their values are those of JSON, and dates as they are written; other tags are refused.
"""

from pathlib import Path
from typing import Any

from reqlint.core.errors import BadData
from reqlint.display.escaping import sanitize
from reqlint.text.trusted_files import (
    MAX_LEVELS,
    MAX_VALUES,
    display_path,
    exceeded_limit,
    quote,
    read_text_file,
    require_utf8,
)


def load_yaml(path: Path, within: Path | None = None) -> dict[str, Any]:
    """
    Read a YAML file that holds a mapping.

    Raises:
        BadData: it cannot be read, is not YAML, has other tags, has a duplicate key, or exceeds a limit.
    """
    return parse_yaml(read_text_file(path, within=within), path)


def parse_yaml(text: str, path: Path) -> dict[str, Any]:
    """Return the mapping in the text of a YAML file; errors name its *path*. Otherwise as `load_yaml`."""
    import yaml  # NOTE: not at the top; a clean run reads the compiled index instead

    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        node = yaml.compose(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        where = f"line {mark.line + 1}" if mark else ""
        message = getattr(error, "problem", None) or str(error).partition("\n")[0]
        raise BadData(display_path(path), where, f"is not YAML: {sanitize(message)}") from None
    except RecursionError:
        raise BadData(display_path(path), "", exceeded_limit(MAX_LEVELS + 1)) from None
    if not isinstance(node, yaml.MappingNode):
        raise BadData(display_path(path), "", "holds no mapping")
    loaded: dict[str, Any] = _Constructor(path).construct(node, 1)[0]
    return loaded


class _Constructor:
    """Turns the nodes of one file into values; an anchor once, but its values count at every alias."""

    def __init__(self, path: Path) -> None:
        from yaml.constructor import SafeConstructor

        self.path = path
        self.scalars = SafeConstructor()
        self.known: dict[int, tuple[Any, int, int]] = {}  # by id of the node
        self.opened: set[int] = set()

    def construct(self, node: Any, level: int) -> tuple[Any, int, int]:
        """Return the value of *node* at *level*, the number of values in it, and the number of its levels."""
        if id(node) in self.opened:
            raise self.error(node, "an anchor contains itself")
        known = self.known.get(id(node))
        if known is None:
            if level > MAX_LEVELS:
                raise self.error(node, exceeded_limit(level))
            self.opened.add(id(node))
            known = self.known[id(node)] = self.construct_new(node, level)
            self.opened.discard(id(node))
        _, size, levels = known
        if level + levels > MAX_LEVELS + 1 or size > MAX_VALUES:
            raise self.error(node, exceeded_limit(level + levels - 1))
        return known

    def construct_new(self, node: Any, level: int) -> tuple[Any, int, int]:
        kind = node.tag.removeprefix("tag:yaml.org,2002:")
        if node.id == "scalar":
            return self.construct_scalar(node, kind), 1, 1
        if kind != {"mapping": "map", "sequence": "seq"}[node.id]:
            raise self.unknown_tag(node)
        return self.construct_list(node, level) if node.id == "sequence" else self.construct_mapping(node, level)

    def construct_list(self, node: Any, level: int) -> tuple[list[Any], int, int]:
        items = []
        size, levels = 1, 0
        for item in node.value:
            value, inside, below = self.construct(item, level + 1)
            items.append(value)
            size, levels = self.limited(node, size + inside), max(levels, below)
        return items, size, levels + 1

    def construct_mapping(self, node: Any, level: int) -> tuple[dict[str, Any], int, int]:
        merged: dict[str, Any] = {}
        members: dict[str, Any] = {}
        size, levels = 1, 0
        for key, member in node.value:
            value, inside, below = self.construct(member, level + 1)
            size, levels = self.limited(node, size + inside), max(levels, below)
            if key.tag == "tag:yaml.org,2002:merge":
                sources = value if isinstance(value, list) else [value]
                if not all(isinstance(source, dict) for source in sources):
                    raise self.error(key, "a merge key takes a mapping, or a list of them")
                for source in sources:
                    merged = {**source, **merged}
                continue
            if key.id != "scalar" or not isinstance(name := self.construct(key, level)[0], str):
                raise self.error(key, "a key is not a string")
            if name in members:
                raise self.error(key, f"duplicate key {quote(name)}")
            members[name] = value
        return {**merged, **members}, size, levels + 1

    def limited(self, node: Any, size: int) -> int:
        if size > MAX_VALUES:
            raise self.error(node, exceeded_limit(0))
        return size

    def construct_scalar(self, node: Any, kind: str) -> object:
        written: str = node.value
        if kind in ("str", "timestamp", "value"):
            require_utf8([written], self.path)
            return written
        try:
            if kind == "null":
                return None
            if kind == "bool":
                return self.scalars.construct_yaml_bool(node)
            if kind == "int":
                return self.scalars.construct_yaml_int(node)
            if kind == "float":
                number = self.scalars.construct_yaml_float(node)
                if number - number == 0:  # neither NaN nor infinite
                    return number
        except (ValueError, LookupError):
            pass
        else:
            if kind != "float":
                raise self.unknown_tag(node)
        raise self.error(node, f"JSON cannot write the number {quote(written)}")

    def unknown_tag(self, node: Any) -> BadData:
        tag = node.tag.replace("tag:yaml.org,2002:", "!!", 1)
        return self.error(node, f"the tag {quote(tag)} has no JSON value")

    def error(self, node: Any, message: str) -> BadData:
        return BadData(display_path(self.path), f"line {node.start_mark.line + 1}", message)
