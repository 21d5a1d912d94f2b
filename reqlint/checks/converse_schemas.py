"""Whether the model behind Bedrock's Converse reads all of the schema of a tool's arguments, by dated lists."""

from collections.abc import Iterator

from reqlint.checks import Facts, Request, check
from reqlint.checks.model_lists import fits
from reqlint.core.findings import Hit, Part
from reqlint.dialects.vocabulary import Dialect


@check
def root_keyword_of_other_models(request: Request, facts: Facts, dialect: Dialect) -> Iterator[Hit]:
    """Find every keyword at the root of a tool's schema that the model is not known to take there."""
    for line in facts.get("root-keywords-taken-by", {}).get("value", ()):
        model = request.get("modelId")
        for tool in dialect.tools(request) if fits(model, line) else ():
            for keyword in tool.parameters if isinstance(tool.parameters, dict) else ():
                if keyword not in line["takes"]:
                    place = (*tool.parameters_place, keyword)
                    yield Hit(place, Part.KEY, {"keyword": keyword, "model": model})
