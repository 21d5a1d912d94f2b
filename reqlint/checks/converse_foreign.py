"""What belongs to another API in a request to Bedrock's Converse: settings at the top level, parts with a type."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.core.findings import Hit, Part
from reqlint.dialects.bedrock_converse_marks import BLOCKS, MEMBER_OF_SETTING
from reqlint.dialects.vocabulary import Dialect


@check
def setting_outside_inference_config(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every setting at the top level that belongs in inferenceConfig."""
    for key in request:
        if key in MEMBER_OF_SETTING:
            yield Hit((key,), Part.KEY, {"name": key, "replacement": f"inferenceConfig.{MEMBER_OF_SETTING[key]}"})


@check
def typed_block_in_converse(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find the type of every block that is otherwise one."""
    for part in dialect.parts(request):
        if isinstance(part.value.get("type"), str) and not BLOCKS.isdisjoint(part.value):
            yield Hit((*part.place, "type"), Part.KEY)


@check
def foreign_block_in_converse(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every part with a type and without any member of a block."""
    for part in dialect.parts(request):
        if isinstance(part.value.get("type"), str) and BLOCKS.isdisjoint(part.value):
            yield Hit(part.place)
