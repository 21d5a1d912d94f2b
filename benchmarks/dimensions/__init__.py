"""Everything that an input can have many of, each with a function that makes as many as are asked for."""

from benchmarks.dimensions import (
    commands,
    documents,
    files_of_lines,
    json_texts,
    messages,
    objects,
    recordings,
    reports,
    strings,
    tools,
    yaml_texts,
)
from benchmarks.dimensions.kind import Dimension

DIMENSIONS: tuple[Dimension, ...] = (
    *json_texts.DIMENSIONS,
    *messages.DIMENSIONS,
    *tools.DIMENSIONS,
    *strings.DIMENSIONS,
    *documents.DIMENSIONS,
    *files_of_lines.DIMENSIONS,
    *recordings.DIMENSIONS,
    *yaml_texts.DIMENSIONS,
    *objects.DIMENSIONS,
    *reports.DIMENSIONS,
    *commands.DIMENSIONS,
)
"""All of them, by subject; their names are unique."""

__all__ = ["DIMENSIONS", "Dimension"]
