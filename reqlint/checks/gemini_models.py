"""The model of a generateContent request, by its bare id, and whether a profile's dated lists have it."""

from reqlint.checks import Facts, Request
from reqlint.checks.model_lists import is_any


def model_id(request: Request) -> str | None:
    """Return the id of the model without the path before it, in small letters; None if nobody names it."""
    model = request.get("model")
    return model.rpartition("/")[2].lower() if isinstance(model, str) and model else None


def written_id(request: Request) -> str | None:
    """Return the id of the model as it is written, for messages: in other letters, a key would not be known as one."""
    model = request.get("model")
    return model.rpartition("/")[2] if isinstance(model, str) and model else None


def is_one_of(request: Request, facts: Facts, fact: str) -> bool:
    """Return whether the model is on the list *fact*; False when it is not known, or the profile has no such list."""
    model = model_id(request)
    return model is not None and is_any(model, facts, fact)
