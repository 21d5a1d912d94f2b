"""The words that schemas of APIs document, which messages may show because they are no secret of a payload."""

from collections.abc import Iterator, Mapping


def words_by_property(schema: object) -> dict[str, list[str]]:
    """Return the words that a *schema* lists, by the name of the property that takes them."""
    words: dict[str, list[str]] = {}
    for key, word in _words(schema):
        known = words.setdefault(key, [])
        if word not in known:
            known.append(word)
    return words


def words_of_schema(schema: object) -> tuple[object, ...]:
    """Return the values that a subschema lists, itself or in a branch for one of several types."""
    if not isinstance(schema, Mapping):
        return ()
    if "enum" in schema or "const" in schema:
        return tuple(schema.get("enum", (schema.get("const"),)))
    conditional = [schema.get("then"), schema.get("else")]
    branches = [*conditional, *(branch.get("then", branch) for branch in schema.get("allOf", ()))]
    return next((words for words in map(words_of_schema, branches) if words), ())


def _words(schema: object) -> Iterator[tuple[str, str]]:
    if isinstance(schema, Mapping):
        for key, subschema in schema.get("properties", {}).items():
            for word in words_of_schema(subschema):
                if isinstance(word, str):
                    yield key, word
        for subschema in schema.values():
            yield from _words(subschema)
    elif isinstance(schema, list):
        for subschema in schema:
            yield from _words(subschema)
