"""JSON merge patches (RFC 7396), of values and of schemas."""

from collections.abc import Mapping

from reqlint.schema.keyword_rules import write_out_rules


def merge_patch(target: object, patch: object) -> object:
    """Apply a JSON merge patch (RFC 7396): objects are merged, null removes a member, anything else replaces."""
    if not isinstance(patch, Mapping):
        return patch
    merged = dict(target) if isinstance(target, Mapping) else {}
    for key, change in patch.items():
        if change is None:
            merged.pop(key, None)
        else:
            merged[key] = merge_patch(merged.get(key), change)
    return merged


def patch_schema(schema: object, patch: object) -> object:
    """Apply a merge patch to a schema; an ``x-rule`` of either still stands for the keywords beside it."""
    return merge_patch(write_out_rules(schema, patch), write_out_rules(patch, schema))
